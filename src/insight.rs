//! What happened and why, as data: a step taken apart into its stimulus, the decisions it led to and what came of each. There
//! are no words here: [`text`](crate::text) has them.
//!
//! Everything is read from a [`Trace`]; nothing runs the protocol again.
//!
//! [`knowledge`] says what each side can be sure of after each step, [`findings`] what happened in a whole run and what it cost.

pub mod knowledge;

pub mod findings;

use crate::rule::Rule;
use crate::segment::Datagram;
use crate::tcp::{ConnectionId, Role, SegmentId, Side, State, Timer, UserEvent};
use crate::time::Instant;
use crate::trace::{EventKind, Fate, Trace};

/// One step, taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StepInsight<'a> {
    /// Which step, counted from 1.
    pub step: usize,
    /// When it happened.
    pub at: Instant,
    /// What set it off; `None` in a trace that begins a step with a consequence, as a capture may.
    pub stimulus: Option<&'a EventKind>,
    /// What was decided, in order, and what came of each decision.
    pub decisions: Vec<Decision<'a>>,
    /// New fates of copies of segments that had left before.
    pub rerouted: Vec<Routed>,
    /// Timers that were set, moved or stopped.
    pub timers: Vec<TimerChange>,
    /// Connections that came to be.
    pub created: Vec<(Side, ConnectionId)>,
    /// Connections that are over.
    pub removed: Vec<(Side, ConnectionId)>,
    /// The listener whose full backlog dropped the segment: its side and port.
    pub backlog_full: Option<(Side, u16)>,
    /// What a middlebox sent because it stopped a segment, in order.
    pub interposed: Vec<Interposed<'a>>,
}

/// A reason, and everything that it led to before the next reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision<'a> {
    /// Whose.
    pub side: Side,
    /// For which connection; `None` for a listener, or where there is none.
    pub connection: Option<ConnectionId>,
    /// The reason; `None` for what was done without one.
    pub rule: Option<Rule>,
    /// What came of it, in order.
    pub consequences: Vec<Consequence<'a>>,
}

/// What a decision led to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Consequence<'a> {
    /// A state changed.
    Entered {
        /// Before.
        from: State,
        /// After.
        to: State,
    },
    /// The user was told.
    Told(&'a UserEvent),
    /// A segment left.
    Sent {
        /// Its name.
        segment: SegmentId,
        /// What it is.
        datagram: &'a Datagram,
        /// Why it was sent; `None` where only the wire is known.
        role: Option<Role>,
        /// What the network made of each copy at once; the first copy is the segment itself.
        fates: Vec<Fate>,
    },
}

/// A segment that a middlebox sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Interposed<'a> {
    /// Its name.
    pub segment: SegmentId,
    /// Whom it travels to.
    pub to: Side,
    /// What it is.
    pub datagram: &'a Datagram,
    /// What the network made of it at once.
    pub fates: Vec<Fate>,
}

/// What becomes of a copy of a segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Routed {
    /// Which segment.
    pub segment: SegmentId,
    /// Which copy of it, from 0.
    pub copy: u32,
    /// What becomes of it.
    pub fate: Fate,
}

/// A timer that was set, moved or stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TimerChange {
    /// Where.
    pub side: Side,
    /// Of which connection.
    pub connection: ConnectionId,
    /// Which.
    pub timer: Timer,
    /// When it expires; `None` if it was stopped.
    pub deadline: Option<Instant>,
}

impl<'a> StepInsight<'a> {
    /// The rules in the order in which they were applied.
    pub fn rules(&self) -> impl Iterator<Item = Rule> + '_ {
        self.decisions.iter().filter_map(|decision| decision.rule)
    }

    /// Everything that came of the step, in order, with the decision that it came of.
    pub fn consequences(&self) -> impl Iterator<Item = (&Decision<'a>, &Consequence<'a>)> {
        self.decisions
            .iter()
            .flat_map(|decision| decision.consequences.iter().map(move |consequence| (decision, consequence)))
    }

    /// The segments that left.
    pub fn sent(&self) -> impl Iterator<Item = SegmentId> + '_ {
        self.consequences().filter_map(|(_, consequence)| match consequence {
            Consequence::Sent { segment, .. } => Some(*segment),
            Consequence::Entered { .. } | Consequence::Told(_) => None,
        })
    }

    /// Where to add something that happens to `side`: to the last decision if that was its own, else to a new one.
    fn consequences_of(&mut self, side: Side, connection: Option<ConnectionId>) -> &mut Vec<Consequence<'a>> {
        let is_its_own = self.decisions.last().is_some_and(|it| it.side == side && it.connection == connection);
        if !is_its_own {
            self.decisions.push(Decision { side, connection, rule: None, consequences: Vec::new() });
        }
        let last = self.decisions.last_mut().expect("there is a decision: one was pushed if there was none");
        &mut last.consequences
    }

    /// The fates of a segment that left in this step.
    fn fates_of(&mut self, id: SegmentId) -> Option<&mut Vec<Fate>> {
        if let Some(place) = self.interposed.iter().position(|it| it.segment == id) {
            return Some(&mut self.interposed[place].fates);
        }
        self.decisions.iter_mut().flat_map(|decision| &mut decision.consequences).find_map(|consequence| {
            match consequence {
                Consequence::Sent { segment, fates, .. } if *segment == id => Some(fates),
                Consequence::Sent { .. } | Consequence::Entered { .. } | Consequence::Told(_) => None,
            }
        })
    }
}

/// Takes a step apart, counted from 1; `None` if there is no such step.
pub fn step(trace: &Trace, step: usize) -> Option<StepInsight<'_>> {
    let events = trace.step(step);
    let first = events.first()?;
    let stimulus = is_stimulus(&first.kind).then_some(&first.kind);
    let mut insight = StepInsight {
        step,
        at: first.at,
        stimulus,
        decisions: Vec::new(),
        rerouted: Vec::new(),
        timers: Vec::new(),
        created: Vec::new(),
        removed: Vec::new(),
        backlog_full: None,
        interposed: Vec::new(),
    };
    for event in &events[usize::from(stimulus.is_some())..] {
        match &event.kind {
            EventKind::Decided { side, connection, rule } => insight.decisions.push(Decision {
                side: *side,
                connection: *connection,
                rule: Some(*rule),
                consequences: Vec::new(),
            }),
            EventKind::Entered { side, connection, from, to, .. } => {
                insight.consequences_of(*side, *connection).push(Consequence::Entered { from: *from, to: *to });
            }
            EventKind::Told { side, connection, event } => {
                insight.consequences_of(*side, *connection).push(Consequence::Told(event));
            }
            EventKind::Sent { side, connection, segment, datagram, role } => {
                let sent = Consequence::Sent { segment: *segment, datagram, role: *role, fates: Vec::new() };
                insight.consequences_of(*side, *connection).push(sent);
            }
            EventKind::Routed { segment, copy, fate } => match insight.fates_of(*segment) {
                Some(fates) => put(fates, *copy, *fate),
                None => insight.rerouted.push(Routed { segment: *segment, copy: *copy, fate: *fate }),
            },
            EventKind::TimerSet { side, connection, timer, deadline } => insight.timers.push(TimerChange {
                side: *side,
                connection: *connection,
                timer: *timer,
                deadline: *deadline,
            }),
            EventKind::Created { side, connection, .. } => insight.created.push((*side, *connection)),
            EventKind::Removed { side, connection } => insight.removed.push((*side, *connection)),
            EventKind::BacklogFull { side, port } => insight.backlog_full = Some((*side, *port)),
            EventKind::Intruded { segment, to, datagram, .. } => {
                insight.interposed.push(Interposed { segment: *segment, to: *to, datagram, fates: Vec::new() })
            }
            EventKind::Called { .. }
            | EventKind::Arrived { .. }
            | EventKind::Expired { .. }
            | EventKind::Interfered { .. }
            | EventKind::Accepted { .. }
            | EventKind::Crashed { .. }
            | EventKind::Rebooted { .. }
            | EventKind::Waited
            | EventKind::Refused { .. }
            | EventKind::Found { .. } => debug_assert!(false, "a stimulus begins a step: {}", event.kind),
        }
    }
    Some(insight)
}

/// Sets the entry of a copy. Copies are numbered as they come to be, so a new one is the next; should a trace leave
/// numbers out, the order is kept all the same.
fn put<T>(copies: &mut Vec<T>, copy: u32, value: T) {
    match usize::try_from(copy).ok().and_then(|index| copies.get_mut(index)) {
        Some(entry) => *entry = value,
        None => copies.push(value),
    }
}

fn is_stimulus(kind: &EventKind) -> bool {
    match kind {
        EventKind::Called { .. }
        | EventKind::Arrived { .. }
        | EventKind::Expired { .. }
        | EventKind::Interfered { .. }
        | EventKind::Intruded { .. }
        | EventKind::Accepted { .. }
        | EventKind::Crashed { .. }
        | EventKind::Rebooted { .. }
        | EventKind::Waited
        | EventKind::Refused { .. }
        | EventKind::Found { .. } => true,
        EventKind::Created { .. }
        | EventKind::Removed { .. }
        | EventKind::Decided { .. }
        | EventKind::Entered { .. }
        | EventKind::Told { .. }
        | EventKind::Sent { .. }
        | EventKind::Routed { .. }
        | EventKind::TimerSet { .. }
        | EventKind::BacklogFull { .. } => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::history::History;
    use crate::scenario::Scenario;

    fn run(script: &str) -> History {
        let mut run = History::new(Scenario::parse(script).expect("the script is one of ours"));
        run.run_to_end();
        run
    }

    const OPEN: &str = "client isn 100\nserver isn 300, listen 80\nlink delay 50ms\nat 0ms client open\n";

    #[test]
    fn a_step_is_taken_apart_into_decisions_and_what_came_of_them() {
        let run = run(&format!("{OPEN}when client ESTABLISHED after 100ms client close\n"));
        let syn_arrives = step(run.trace(), 3).expect("the SYN has arrived");
        assert!(matches!(syn_arrives.stimulus, Some(EventKind::Arrived { side: Side::Server, .. })));
        assert_eq!(syn_arrives.rules().collect::<Vec<_>>(), [Rule::SynInListen]);
        assert_eq!(syn_arrives.created, [(Side::Server, ConnectionId(0))]);
        assert_eq!(syn_arrives.sent().collect::<Vec<_>>(), [SegmentId::after(1)]);
        let [decision] = syn_arrives.decisions.as_slice() else { panic!("one decision: {syn_arrives:?}") };
        let [entered, Consequence::Sent { datagram, role: Some(Role::New), fates, .. }] =
            decision.consequences.as_slice()
        else {
            panic!("a change of state, then a segment: {decision:?}");
        };
        assert_eq!(*entered, Consequence::Entered { from: State::Listen, to: State::SynReceived });
        assert_eq!(datagram.segment.to_string(), "SYN, ACK seq=300 ack=101");
        assert_eq!(fates.as_slice(), [Fate::Due(Instant::from_ms(100))]);
        let [timer] = syn_arrives.timers.as_slice() else { panic!("one timer: {syn_arrives:?}") };
        assert_eq!((timer.timer, timer.deadline), (Timer::Retransmission, Some(Instant::from_ms(1050))));

        let close = step(run.trace(), 6).expect("the client has closed");
        assert_eq!(close.rules().collect::<Vec<_>>(), [Rule::CloseInEstablished, Rule::FinFollowsText]);
        let consequences: Vec<Option<Rule>> = close.consequences().map(|(decision, _)| decision.rule).collect();
        assert_eq!(
            consequences,
            [Some(Rule::CloseInEstablished), Some(Rule::FinFollowsText)],
            "each under its own reason"
        );
        assert_eq!(step(run.trace(), 0), None);
        assert_eq!(step(run.trace(), run.trace().steps() + 1), None);
    }
}
