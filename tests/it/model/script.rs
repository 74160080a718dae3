//! A path that the checker found, told as a script: what happened in which order becomes what happens when.

use std::fmt;

use stateright::Model;
use synfin::endpoint::Timer;
use synfin::host::Datagram;
use synfin::network::{Action as Interference, Fault, Side, Which};
use synfin::scenario::{Act, Scenario};
use synfin::simulation::{Command, Simulation, When};
use synfin::time::{Duration, Instant};
use synfin::trace::Record;

use super::world::{Action, Flight, Setting, World};

/// Between two actions that need no time of their own.
const A_MOMENT: Duration = Duration::from_ms(1);

/// A script, what scripts have no words for yet, and where it leads.
pub struct Told {
    /// The world after the path, with the times of the script.
    pub end: World,
    story: Scenario,
    /// Segments that nobody sends: when they leave, and whom for.
    forged: Vec<(Instant, Side, Datagram)>,
    /// Crashes, after which the host comes up again at once.
    reboots: Vec<(Instant, Side)>,
}

/// A copy of a segment in the network.
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
    let end = setting.init_states().pop()?;
    let story = Scenario { title: Some(title.to_owned()), ..setting.story.clone() };
    let stale =
        |flight: &Flight| Copy { flight: flight.clone(), sent: None, rank: 0, due: Instant::ZERO, first_copy: None };
    let mut copies: Vec<Copy> = end.network.iter().map(stale).collect();
    let mut timeless = end.clone();
    let mut told = Told { end, story, forged: Vec::new(), reboots: Vec::new() };
    let mut counts = [0u32; 2];
    // What arrives at this instant with a higher rank than this still can.
    let mut latest = (Instant::ZERO, 0);
    for action in path {
        let now = told.end.now;
        let at = match action {
            Action::Call(side, deed) => {
                let at = now + A_MOMENT;
                told.story.acts.push(Act::user(When::At(at), *side, deed.clone()));
                at
            }
            Action::Crash(side) => {
                told.reboots.push((now + A_MOMENT, *side));
                now + A_MOMENT
            }
            Action::Deliver(place) | Action::DeliverAndKeep(place) => {
                let copy = take(&mut copies, &told.end.network[*place]);
                let at = told.arrival(now, latest, &copy);
                latest = (at, copy.rank);
                if matches!(action, Action::DeliverAndKeep(_)) {
                    let flight = Flight { is_late: true, ..copy.flight };
                    copies.push(Copy { flight, first_copy: Some(at), ..copy });
                }
                at
            }
            Action::Lose(place) => {
                let copy = take(&mut copies, &told.end.network[*place]);
                told.interfere(&copy, Interference::Drop);
                now
            }
            Action::Expire(side, timer) => {
                let deadline = told.end.present(*side)?.timers.deadline(*timer)?;
                latest = (deadline, u32::MAX);
                deadline
            }
            // It would take all the repetitions until then.
            Action::GiveUp(_) => return None,
        };
        // At one instant timers come last, the client's before the server's.
        let first_timer = told.first_timer();
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
        told.end.now = at;
        for flight in told.end.step(setting, action).ok()? {
            let from = flight.to.other();
            counts[from as usize] += 1;
            let (sent, rank) = (Some((from, counts[from as usize])), counts[0] + counts[1]);
            copies.push(Copy { flight, sent, rank, due: at + told.story.delay, first_copy: None });
        }
        timeless.step(setting, action).ok()?;
        if timeless.network != told.end.network {
            return None;
        }
    }
    // What should have arrived by now and has not never does.
    let now = told.end.now;
    for copy in copies.iter().filter(|copy| !copy.flight.is_late && copy.due <= now) {
        told.interfere(copy, Interference::Hold);
    }
    told.forged.sort_by_key(|(at, ..)| *at);
    told.first_timer().is_none_or(|(deadline, ..)| deadline > told.end.now).then_some(told)
}

fn take(copies: &mut Vec<Copy>, flight: &Flight) -> Copy {
    let place = copies.iter().position(|copy| copy.flight == *flight).expect("what is in the network was put there");
    copies.remove(place)
}

impl Told {
    /// When a copy arrives, as soon as possible from `now` on, and what makes it arrive then.
    fn arrival(&mut self, now: Instant, latest: (Instant, u32), copy: &Copy) -> Instant {
        let delay = self.story.delay;
        let soon = now + A_MOMENT;
        match (copy.first_copy, copy.sent) {
            (Some(first), _) => {
                self.interfere(copy, Interference::Duplicate(soon.since(first)));
                soon
            }
            (None, None) => {
                let leaves = Instant::ZERO + (soon.since(Instant::ZERO) - delay);
                self.forged.push((leaves, copy.flight.to, copy.flight.datagram.clone()));
                leaves + delay
            }
            (None, Some(_)) if copy.due > now || (copy.due == now && latest.0 == now && latest.1 < copy.rank) => {
                copy.due
            }
            (None, Some(_)) => {
                self.interfere(copy, Interference::Delay(soon.since(copy.due)));
                soon
            }
        }
    }

    fn first_timer(&self) -> Option<(Instant, Side, Timer)> {
        let timer_of = |side| self.end.host(side).next_timer().map(|(deadline, _, timer)| (deadline, side, timer));
        Side::BOTH.into_iter().filter_map(timer_of).min()
    }

    fn interfere(&mut self, copy: &Copy, action: Interference) {
        if let Some((from, nth)) = copy.sent {
            self.story.faults.push(Fault { from, which: Which::nth(nth), action });
        }
    }

    /// Whether the simulation can do all of it already.
    pub fn can_run(&self) -> bool {
        self.reboots.is_empty()
    }

    /// Runs the script in the real simulation as far as the path goes. The text is read first, as by anybody who was
    /// given it; only what scripts have no words for yet is added by hand.
    pub fn run(&self, record: &mut impl Record) -> Simulation {
        let story = Scenario::parse(&self.story.to_string()).expect("what is printed can be read");
        let mut simulation = story.simulation();
        for (at, to, datagram) in &self.forged {
            while simulation.next_event_at().is_some_and(|next| next < *at) {
                simulation.step(record);
            }
            if *at > simulation.now() {
                simulation.apply(Command::Wait(*at), record).expect("nothing happens before");
            }
            let forge = Command::Forge { to: *to, datagram: datagram.clone().into() };
            simulation.apply(forge, record).expect("there is room in the network");
        }
        while simulation.next_event_at().is_some_and(|next| next <= self.end.now) {
            simulation.step(record);
        }
        simulation
    }
}

impl fmt::Display for Told {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.story.fmt(f)?;
        let ms = |at: &Instant| at.as_us() / 1000;
        for (at, side) in &self.reboots {
            writeln!(f, "at {}ms {} reboot", ms(at), side.name())?;
        }
        for (at, to, Datagram { segment, .. }) in &self.forged {
            let control = segment.control().to_string().to_lowercase().replace(',', "");
            write!(f, "at {}ms forge {} {control} seq {}", ms(at), to.name(), segment.seq)?;
            if let Some(ack) = segment.ack {
                write!(f, " ack {ack}")?;
            }
            if !segment.payload.is_empty() {
                write!(f, " len {}", segment.payload.len())?;
            }
            writeln!(f, " win {}", segment.wnd)?;
        }
        Ok(())
    }
}
