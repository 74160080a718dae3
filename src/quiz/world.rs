//! Runs that were not: what would follow if nobody did anything more, if a segment were lost, or if another one had left. And the
//! scripts of them, so that they can be seen.

use crate::compare::Counterfactual;
use crate::network::{Chance, Fault, Which};
use crate::scenario::Scenario;
use crate::segment::{Datagram, Segment};
use crate::simulation::{Act, Deed, Simulation, When};
use crate::tcp::{Action, SegmentId, Side};
use crate::time::{Duration, Instant};
use crate::trace::{EventKind, Trace};

use super::{Fields, MOST_STEPS, Quiz};

/// A run that goes on from a step of another one.
pub(super) struct World {
    pub simulation: Simulation,
    pub trace: Trace,
}

/// The settings of a story: both hosts and the link, as far as it is seen before something happens.
pub(super) fn settings(story: &Scenario) -> Scenario {
    Scenario {
        client: story.client.clone(),
        server: story.server.clone(),
        delay: story.delay,
        chance: story.chance,
        middlebox: story.middlebox.clone(),
        ..Scenario::default()
    }
}

impl World {
    /// The world in which after this step nobody does anything, and nothing is lost.
    pub fn left_alone(quiz: &Quiz, step: usize) -> Self {
        let mut run = quiz.run.clone();
        run.seek(step);
        let mut simulation = run.simulation().clone();
        simulation.leave_alone();
        Self { simulation, trace: run.trace().clone() }
    }

    /// The run of a story, as far as questions go.
    fn of(story: &Scenario) -> Self {
        Self { simulation: story.simulation(), trace: Trace::default() }.gone_on()
    }

    /// Takes the next step. Says whether there was one.
    pub fn step(&mut self) -> bool {
        self.trace.steps() < MOST_STEPS && self.simulation.step(&mut Some(&mut self.trace))
    }

    /// The same at its end.
    pub fn gone_on(mut self) -> Self {
        while self.step() {}
        self
    }

    /// Whether it has come to its end.
    pub fn is_over(&self) -> bool {
        self.trace.steps() < MOST_STEPS
    }

    /// Does something to a segment. Says whether that was possible.
    pub fn interfere(&mut self, segment: SegmentId, action: Action) -> bool {
        self.simulation.apply(Deed::Interfere(segment, action), &mut Some(&mut self.trace)).is_ok()
    }
}

/// The script of the world in which nobody does anything after this step and something happens to a segment that left until then;
/// `None` if no script tells it.
pub(super) fn with_fault(
    quiz: &Quiz,
    step: usize,
    segment: SegmentId,
    action: Action,
    world: &Trace,
) -> Option<Box<Scenario>> {
    let mut story = smallest(quiz, step)?;
    story.faults.push(fault(quiz.trace(), segment, action)?);
    is_told(&story, world).then(|| Box::new(story))
}

/// The script of the world in which a segment that leaves at the end of a story is replaced by another one; `None` if no script
/// tells it.
pub(super) fn with_other_segment(
    quiz: &Quiz,
    so_far: &Scenario,
    id: SegmentId,
    other: Segment,
) -> Option<Box<Scenario>> {
    let trace = quiz.trace();
    let departure = trace.departure(id)?;
    let mut story = so_far.clone();
    story.faults.push(fault(trace, id, Action::Drop)?);
    let Datagram { source, destination, .. } = departure.datagram.clone();
    let datagram = Datagram { source, destination, segment: other };
    story.acts.push(Act { when: When::At(departure.at), deed: Deed::forge(departure.to, datagram.clone()) });
    // It leaves when the other one would have, and behind the same ones.
    let world = World::of(&story).trace;
    let is_same = departures(&world).take(id.index()).eq(departures(trace).take(id.index()));
    let mut later = departures(&world).skip(id.index());
    let is_forged = later.any(|(at, from, it)| from.is_none() && at == departure.at && *it == datagram);
    (is_same && is_forged).then(|| Box::new(story))
}

/// What happens to a segment, as a fault that waits for it.
fn fault(trace: &Trace, segment: SegmentId, action: Action) -> Option<Fault> {
    let from = trace.departure(segment)?.from?;
    let nth = (0..=segment.index())
        .map(SegmentId::after)
        .filter(|id| trace.departure(*id).is_some_and(|it| it.from == Some(from)));
    Some(Fault { from, which: Which::nth(u32::try_from(nth.count()).ok()?), action })
}

/// Whether a story tells this run: the same segments leave at the same times.
fn is_told(story: &Scenario, world: &Trace) -> bool {
    departures(&World::of(story).trace).eq(departures(world))
}

/// What left, when, and who sent it.
fn departures(trace: &Trace) -> impl Iterator<Item = (Instant, Option<Side>, &Datagram)> {
    trace.departures().map(|it| (it.at, it.from, it.datagram))
}

/// The smallest story that has this run until this step: what had happened by then is in it, and nothing else. `None` if no story
/// has it.
pub(super) fn smallest(quiz: &Quiz, step: usize) -> Option<Scenario> {
    let told = Told::until(quiz, step);
    let mut run = quiz.run.clone();
    run.seek(step);
    let (simulation, now) = (run.simulation(), run.simulation().now());
    let original = quiz.story();
    let mut story = settings(original);
    story.faults.clone_from(&original.faults);
    let is_due = |when: &When| match when {
        When::At(at) => *at <= now,
        When::Enters { .. } | When::Receives { .. } | When::Segment { .. } => !simulation.waits_for(*when),
    };
    story.acts.extend(original.acts.iter().filter(|act| is_due(&act.when)).cloned());
    for given in run.deeds_of(run.current()).ok()? {
        let at = quiz.trace().step(given.step).first().filter(|_| given.step <= step).map(|event| event.at);
        match (at, given.deed) {
            (None, _) | (Some(_), Deed::Wait(_)) => {}
            (Some(at), deed) => story.acts.push(Act { when: When::At(at), deed }),
        }
    }
    if !told.is_told_by(&story) {
        return None;
    }
    // What waits for nothing any more is done, or will be at a time that is known.
    let may_come = |act: &Act| {
        let is_timed = matches!(act.when, When::At(_));
        !is_timed && (matches!(act.deed, Deed::Intrude(_)) || simulation.has_scheduled(&act.deed))
    };
    let candidates: Vec<usize> = (0..story.acts.len()).filter(|index| may_come(&story.acts[*index])).collect();
    for index in candidates.into_iter().rev() {
        let mut less = story.clone();
        less.acts.remove(index);
        if told.is_told_by(&less) {
            story = less;
        }
    }
    for index in (0..story.faults.len()).rev() {
        let mut less = story.clone();
        less.faults.remove(index);
        if told.is_told_by(&less) {
            story = less;
        } else {
            let until = &mut story.faults[index].which.until;
            let after_now = now + Duration::from_us(1);
            *until = Some(until.map_or(after_now, |it| it.min(after_now)));
        }
    }
    let less = Scenario { chance: Chance::default(), ..story.clone() };
    Some(if told.is_told_by(&less) { less } else { story })
}

/// What happened until a step.
struct Told<'a>(Vec<(Instant, &'a EventKind)>);

impl<'a> Told<'a> {
    fn until(quiz: &'a Quiz, step: usize) -> Self {
        let events = quiz.trace().events().iter().filter(|event| event.step as usize <= step);
        Self(events.filter(|event| event.kind != EventKind::Waited).map(|event| (event.at, &event.kind)).collect())
    }

    /// Whether a story's run begins with it.
    fn is_told_by(&self, story: &Scenario) -> bool {
        let mut world = World { simulation: story.simulation(), trace: Trace::default() };
        while world.trace.events().len() < self.0.len() && world.step() {}
        let happened = world.trace.events().iter().map(|event| (event.at, &event.kind));
        happened.len() >= self.0.len() && happened.zip(&self.0).all(|(found, expected)| found == *expected)
    }
}

/// A story with one setting otherwise; nothing else is changed.
pub(super) fn counterfactual(quiz: &Quiz, change: Counterfactual) -> (Box<Scenario>, Trace) {
    let mut story = Scenario { title: None, notes: Vec::new(), expectations: Vec::new(), ..quiz.story().clone() };
    change.apply(&mut story);
    let trace = World::of(&story).trace;
    (Box::new(story), trace)
}

/// The segment with other fields, as whoever sent it would have sent that.
pub(super) fn with_fields(segment: &Segment, fields: Fields) -> Segment {
    let mut other = segment.clone();
    (other.flags.syn, other.flags.fin, other.flags.rst) = (fields.flags.syn, fields.flags.fin, fields.flags.rst);
    (other.seq, other.ack) = (fields.seq.unwrap_or(segment.seq), fields.ack);
    other
}

/// The story in which nobody does anything after this step but this, and its run; `None` if no script tells it.
pub(super) fn with_act(quiz: &Quiz, step: usize, act: Act) -> Option<(Box<Scenario>, Trace)> {
    let mut story = smallest(quiz, step)?;
    story.acts.push(act);
    let trace = World::of(&story).trace;
    Some((Box::new(story), trace))
}
