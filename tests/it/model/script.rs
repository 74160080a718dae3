//! A path that the checker found, told as a script: what happened in which order becomes what happens when.

use std::collections::BTreeSet;
use std::fmt;

use stateright::Model;
use synfin::network::{Fault, Which};
use synfin::scenario::Scenario;
use synfin::simulation::{Act, Deed, Intruder, Simulation, UserCall, When};
use synfin::tcp::{Action as Interference, Intrusion, Side, Timer};
use synfin::time::{Duration, Instant};
use synfin::trace::Record;

use super::world::{Action, Flight, Setting, World};

/// Between two actions that need no time of their own.
const A_MOMENT: Duration = Duration::from_ms(1);

/// No path that chance chooses is longer.
const LONGEST: usize = 24;

/// A script, and where it leads.
#[derive(Clone)]
pub struct Told {
    /// The world after the path, with the times of the script.
    pub end: World,
    /// The script.
    pub story: Scenario,
    /// What it tells of.
    pub deeds: BTreeSet<&'static str>,
}

/// A copy of a segment in the network.
#[derive(Clone)]
struct Copy {
    flight: Flight,
    /// Who sent it, and which of its segments it is; nobody of the story sent what is stale.
    sent: Option<(Side, u32)>,
    /// Of two that arrive at one instant, the one that left first is first.
    rank: u32,
    /// When it arrives if nothing is done about it.
    due: Instant,
    /// When the first copy of it arrived, if this is another one.
    first_copy: Option<Instant>,
}

/// Tells a path. `None` if real time does not allow it: another timer would have expired before, or a second has passed
/// and challenge ACKs are allowed again.
pub fn tell(setting: &Setting, title: &str, path: &[Action]) -> Option<Told> {
    let mut teller = Teller::new(setting, title)?;
    for action in path {
        teller.tell(action)?;
    }
    teller.finish()
}

/// Tells a path that chance chooses among those that real time allows.
pub fn wander(setting: &Setting, title: &str, chance: &mut u64) -> Option<Told> {
    let mut teller = Teller::new(setting, title)?;
    for _ in 0..LONGEST {
        let mut actions = Vec::new();
        setting.actions(&teller.timeless, &mut actions);
        // A linear congruential generator after Knuth; its low bits are not random.
        *chance = chance.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let first = usize::try_from(*chance >> 33).expect("31 bits").checked_rem(actions.len()).unwrap_or(0);
        actions.rotate_left(first);
        let next = actions.iter().find_map(|action| {
            let mut next = teller.clone();
            next.tell(action).map(|()| next)
        });
        match next {
            Some(next) => teller = next,
            None => break,
        }
    }
    teller.finish()
}

/// Somebody who tells a path, action by action.
#[derive(Clone)]
struct Teller<'a> {
    setting: &'a Setting,
    told: Told,
    /// The world as the checker sees it.
    timeless: World,
    /// What is in the network.
    copies: Vec<Copy>,
    /// How many segments each side has sent.
    counts: [u32; 2],
    /// What arrives at this instant with a higher rank than this still can.
    latest: (Instant, u32),
}

impl<'a> Teller<'a> {
    fn new(setting: &'a Setting, title: &str) -> Option<Self> {
        let end = setting.init_states().pop()?;
        let story = Scenario { title: Some(title.to_owned()), ..setting.story.clone() };
        // It leaves when nothing else does, and comes after everything that arrives at the same time.
        let stale = |flight: &Flight| Copy {
            flight: flight.clone(),
            sent: None,
            rank: u32::MAX,
            due: Instant::ZERO,
            first_copy: None,
        };
        let copies = end.network.iter().map(stale).collect();
        let timeless = end.clone();
        let told = Told { end, story, deeds: BTreeSet::new() };
        Some(Self { setting, told, timeless, copies, counts: [0; 2], latest: (Instant::ZERO, 0) })
    }

    /// Tells what happens next. `None` if real time does not allow it.
    fn tell(&mut self, action: &Action) -> Option<()> {
        let now = self.told.end.now;
        let at = match action {
            Action::Call(side, deed) => {
                self.act(now + A_MOMENT, |at| Act::user(When::At(at), *side, deed.clone()));
                now + A_MOMENT
            }
            Action::Crash(side) => {
                let at = now + A_MOMENT;
                for deed in [Deed::Crash(*side), Deed::Reboot(*side)] {
                    self.act(at, |at| Act { when: When::At(at), deed });
                }
                // A host that comes up again listens only if its user says so.
                for port in self.setting.story.host(*side).listen.clone() {
                    self.act(at, |at| {
                        Act::user(When::At(at), *side, UserCall::Listen { port, from: None, timeout: None })
                    });
                }
                at
            }
            Action::Deliver(place) | Action::DeliverAndKeep(place) => {
                let copy = self.take(*place);
                let at = self.arrival(now, &copy);
                self.latest = (at, copy.rank);
                if matches!(action, Action::DeliverAndKeep(_)) {
                    let flight = Flight { is_late: true, ..copy.flight };
                    self.copies.push(Copy { flight, first_copy: Some(at), ..copy });
                }
                at
            }
            Action::Lose(place) => {
                let copy = self.take(*place);
                self.interfere(&copy, Interference::Drop);
                now
            }
            Action::Expire(side, timer) => {
                let deadline = self.told.end.present(*side)?.timers.deadline(*timer)?;
                self.latest = (deadline, u32::MAX);
                deadline
            }
            // It would take all the repetitions until then.
            Action::GiveUp(_) => return None,
        };
        // At one instant timers come last, the client's before the server's.
        let first_timer = self.told.first_timer();
        let is_in_time = match action {
            Action::Expire(side, timer) => at >= now && first_timer == Some((at, *side, *timer)),
            Action::Call(..)
            | Action::Deliver(_)
            | Action::DeliverAndKeep(_)
            | Action::Lose(_)
            | Action::GiveUp(_)
            | Action::Crash(_) => first_timer.is_none_or(|(deadline, ..)| deadline >= at),
        };
        if !is_in_time {
            return None;
        }
        self.told.end.now = at;
        self.told.deeds.insert(action.name());
        for flight in self.told.end.step(self.setting, action).ok()? {
            let from = flight.to.other();
            self.counts[from as usize] += 1;
            let (sent, rank) = (Some((from, self.counts[from as usize])), self.counts[0] + self.counts[1]);
            self.copies.push(Copy { flight, sent, rank, due: at + self.told.story.delay, first_copy: None });
        }
        self.timeless.step(self.setting, action).ok()?;
        let is_same = |(one, other): (&Flight, &Flight)| without_timestamps(one) == without_timestamps(other);
        let (timeless, timed) = (&self.timeless.network, &self.told.end.network);
        (timeless.len() == timed.len() && timeless.iter().zip(timed).all(is_same)).then_some(())
    }

    /// The whole story. `None` if a timer expires at its very end.
    fn finish(mut self) -> Option<Told> {
        // What should have arrived by now and has not never does.
        let now = self.told.end.now;
        let overdue: Vec<Copy> =
            self.copies.iter().filter(|copy| !copy.flight.is_late && copy.due <= now).cloned().collect();
        for copy in overdue {
            self.interfere(&copy, Interference::Hold);
        }
        let mut told = self.told;
        told.story.acts.sort_by_key(|act| match act.when {
            When::At(at) => at,
            When::Enters { .. } | When::Receives { .. } | When::Segment { .. } => {
                unreachable!("everything is told with its time")
            }
        });
        told.first_timer().is_none_or(|(deadline, ..)| deadline > told.end.now).then_some(told)
    }

    fn act(&mut self, at: Instant, act: impl FnOnce(Instant) -> Act) {
        self.told.story.acts.push(act(at));
    }

    /// Takes what is at this place in the network.
    fn take(&mut self, place: usize) -> Copy {
        let flight = &self.told.end.network[place];
        let place = self.copies.iter().position(|copy| copy.flight == *flight);
        self.copies.remove(place.expect("what is in the network was put there"))
    }

    /// When a copy arrives, as soon as possible from `now` on, and what makes it arrive then.
    fn arrival(&mut self, now: Instant, copy: &Copy) -> Instant {
        let delay = self.told.story.delay;
        let soon = now + A_MOMENT;
        let may_follow = self.latest.0 == now && self.latest.1 < copy.rank;
        match (copy.first_copy, copy.sent) {
            (Some(first), _) => {
                self.told.deeds.insert("an old duplicate arrives");
                self.interfere(copy, Interference::Duplicate(soon.since(first)));
                soon
            }
            (None, None) => {
                self.told.deeds.insert("a stale segment arrives");
                let leaves = Instant::ZERO + (soon.since(Instant::ZERO) - delay);
                let Flight { to, datagram, .. } = copy.flight.clone();
                let usual = self.setting.story.port_of(to.other());
                let intruder = Intruder {
                    intrusion: Intrusion::Old,
                    to,
                    segment: datagram.segment,
                    seq_from: None,
                    ack_from: None,
                    has_usual_window: false,
                    address: None,
                    from_port: Some(datagram.source.port()).filter(|it| *it != usual),
                    to_port: None,
                    times: 1,
                    every: Duration::ZERO,
                };
                self.act(leaves, |at| Act { when: When::At(at), deed: Deed::Intrude(intruder.into()) });
                leaves + delay
            }
            (None, Some(_)) if copy.due > now || (copy.due == now && may_follow) => copy.due,
            (None, Some(_)) => {
                self.told.deeds.insert("a segment is overtaken");
                self.interfere(copy, Interference::Delay(soon.since(copy.due)));
                soon
            }
        }
    }

    fn interfere(&mut self, copy: &Copy, action: Interference) {
        if let Some((from, nth)) = copy.sent {
            self.told.story.faults.push(Fault { from, which: Which::nth(nth), action });
        }
    }
}

/// Where time stands still, timestamps do too.
fn without_timestamps(flight: &Flight) -> Flight {
    let mut flight = flight.clone();
    flight.datagram.segment.options.timestamps = None;
    flight
}

impl Told {
    fn first_timer(&self) -> Option<(Instant, Side, Timer)> {
        let timer_of = |side| self.end.host(side).next_timer().map(|(deadline, _, timer)| (deadline, side, timer));
        Side::BOTH.into_iter().filter_map(timer_of).min()
    }

    /// Runs the script in the real simulation as far as the path goes. It is read from its text, as by anybody who was
    /// given it.
    pub fn run(&self, record: &mut impl Record) -> Simulation {
        let story = Scenario::parse(&self.to_string()).expect("what is printed can be read");
        let mut simulation = story.simulation();
        while simulation.next_event_at().is_some_and(|next| next <= self.end.now) {
            simulation.step(record);
        }
        simulation
    }
}

impl fmt::Display for Told {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.story.fmt(f)
    }
}
