//! What a close takes, and who waits after it.

use crate::insight::findings::Kind as Found;
use crate::scenario::Scenario;
use crate::simulation::{Act, UserCall, When};
use crate::tcp::{Call, Reply, Role, Side, State};
use crate::time::Instant;
use crate::trace::{Departure, Event, EventKind, Fate, Trace};

use super::saying::{Saying, Value, choice_of};
use super::{Because, Body, Case, Distractor, Draft, MOST_STEPS, Mistake, world};

/// The section on closing.
const CLOSING: &str = "RFC 9293 §3.6";

/// How a close in order can go.
const WAYS: [Found; 3] = [Found::ClosedInFour, Found::ClosedInThree, Found::ClosedSimultaneously];

/// A close in order that begins in a step: both sides call CLOSE, and nothing but FINs and their acknowledgments leaves from then on.
pub(super) struct Close {
    /// Who closes first.
    pub first: Side,
    /// When.
    pub at: Instant,
    /// When the other one closes.
    pub later: Instant,
    /// How many segments it takes.
    pub segments: u64,
    /// How it goes.
    pub how: Found,
    /// Which sides keep TIME-WAIT.
    pub waits: [bool; 2],
}

impl Close {
    /// The one that begins in the step, by a CLOSE.
    pub fn of(case: &Case<'_>) -> Option<Self> {
        let trace = case.trace;
        let first = closes(trace, case.step)?;
        if !case.has_one_each() || trace.steps() >= MOST_STEPS {
            return None;
        }
        if (1..case.step).any(|step| closes(trace, step).is_some()) {
            return None;
        }
        let other = (case.step + 1..=trace.steps()).find(|step| closes(trace, *step) == Some(first.other()))?;
        let leaving: Vec<Departure<'_>> = trace.departures().filter(|it| it.step as usize >= case.step).collect();
        let is_of_close = |it: &Departure<'_>| {
            let segment = &it.datagram.segment;
            let is_plain = segment.payload.is_empty() && !segment.flags.rst && !segment.flags.syn;
            it.from.is_some() && is_plain && it.role != Some(Role::Retransmission)
        };
        let is_on_time = |event: &Event| match event.kind {
            EventKind::Routed { copy, fate, .. } => copy == 0 && matches!(fate, Fate::Due(_)),
            _ => true,
        };
        let mut later = trace.events().iter().filter(|event| event.step as usize >= case.step);
        if !leaving.iter().all(is_of_close) || !later.all(is_on_time) || has_intruders(trace) {
            return None;
        }
        // What was on its way before the close began has nothing to do with it.
        if !case.account(case.step - 1).flights().is_empty() {
            return None;
        }
        let mut found = case.quiz.found.iter().filter(|it| WAYS.contains(&it.kind));
        let how = found.next()?.kind;
        if found.next().is_some() {
            return None;
        }
        let at = |step: usize| trace.step(step).first().map(|event| event.at);
        let segments = leaving.len() as u64;
        Some(Self { first, at: at(case.step)?, later: at(other)?, segments, how, waits: who_waits(trace) })
    }

    /// What is said of it before it happens.
    pub fn values(&self) -> [(&'static str, Value); 4] {
        [
            ("side", Value::Side(self.first)),
            ("at", Value::at(self.at)),
            ("other", Value::Side(self.first.other())),
            ("later", Value::at(self.later)),
        ]
    }
}

/// Whose application calls CLOSE in a step.
fn closes(trace: &Trace, step: usize) -> Option<Side> {
    match &trace.step(step).first()?.kind {
        EventKind::Called { side, call, result: Ok(Reply::Ok | Reply::Queued), .. } if **call == Call::Close => {
            Some(*side)
        }
        _ => None,
    }
}

/// Which sides keep TIME-WAIT in a run.
fn who_waits(trace: &Trace) -> [bool; 2] {
    Side::BOTH.map(|whose| {
        let waits =
            |kind: &EventKind| matches!(kind, EventKind::Entered { side, to: State::TimeWait, .. } if *side == whose);
        trace.events().iter().any(|event| waits(&event.kind))
    })
}

fn has_intruders(trace: &Trace) -> bool {
    trace.events().iter().any(|event| matches!(event.kind, EventKind::Intruded { .. } | EventKind::Crashed { .. }))
}

/// How many segments the close takes, and why.
pub(super) fn close_count(case: &Case<'_>) -> Option<Draft> {
    let close = Close::of(case)?;
    let (count, right) = (Value::Number(close.segments), close.how);
    let says = |how: Found| {
        let code = match how {
            Found::ClosedInThree => "choice.close-together",
            Found::ClosedSimultaneously => "choice.close-crossing",
            _ => "choice.close-apart",
        };
        let count =
            if how == right { count.clone() } else { Value::Number(if how == Found::ClosedInThree { 3 } else { 4 }) };
        Saying::new(code, [("count", count)])
    };
    let mistake = |wrong: Found| match (right, wrong) {
        (_, Found::ClosedInThree) => Mistake::CloseIsNoOpening,
        (Found::ClosedInThree, Found::ClosedInFour) => Mistake::CloseNotAlwaysFour,
        (_, _) => Mistake::CrossingOrNot,
    };
    let mut wrong: Vec<Distractor> =
        WAYS.into_iter().filter(|how| *how != right).map(|how| Distractor::new(says(how), mistake(how))).collect();
    let one_fin = Saying::new("choice.close-one-fin", [("count", Value::Number(2))]);
    wrong.push(Distractor::new(one_fin, Mistake::OneFinEndsBoth));
    Some(Draft {
        shown: case.before(),
        prompt: Saying::new("prompt.close-count", close.values()),
        body: Body::Choice { right: says(right), wrong },
        because: vec![Because::Says(Saying::plain("because.each-direction"), CLOSING)],
    })
}

/// Which end keeps TIME-WAIT.
pub(super) fn time_wait(case: &Case<'_>) -> Option<Draft> {
    let close = Close::of(case)?;
    let says = |waits: [bool; 2]| match waits {
        [true, true] => Saying::plain("choice.both"),
        [false, false] => Saying::plain("choice.neither"),
        [is_client, _] => {
            let side = if is_client { Side::Client } else { Side::Server };
            Saying::plain(choice_of(side))
        }
    };
    let only = |side: Side| Side::BOTH.map(|it| it == side);
    let right = close.waits;
    let all = [
        ([true, true], Mistake::BothKeepTimeWait),
        (only(close.first.other()), Mistake::SecondCloserKeepsTimeWait),
        (only(close.first), Mistake::CrossingOrNot),
        ([false, false], Mistake::NoTimeWait),
    ];
    let wrong = all.into_iter().filter(|(waits, _)| *waits != right).map(|(waits, mistake)| {
        let world = (mistake == Mistake::BothKeepTimeWait).then(|| both_at_once(case, &close)).flatten();
        Distractor { says: says(waits), mistake, world }
    });
    let code = if right == [true, true] { "because.both-wait" } else { "because.first-waits" };
    Some(Draft {
        shown: case.before(),
        prompt: Saying::new("prompt.time-wait", close.values()),
        body: Body::Choice { right: says(right), wrong: wrong.collect() },
        because: vec![Because::Says(Saying::plain(code), "RFC 9293 §3.6.1")],
    })
}

/// The world in which the other side closes at the same moment: then both wait.
fn both_at_once(case: &Case<'_>, close: &Close) -> Option<Box<Scenario>> {
    let act = Act::user(When::At(close.at), close.first.other(), UserCall::Close);
    let (story, trace) = world::with_act(case.quiz, case.step, act)?;
    (who_waits(&trace) == [true, true]).then_some(story)
}
