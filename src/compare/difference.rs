//! What of a run can be observed from outside its hosts, and the first thing in which two runs differ.
//!
//! What users do and are told can be observed, which connections there are and in which states, which segments leave, and
//! what the network does to them; each at its time. Reasons and timers cannot: they show in what comes of them. A segment
//! counts as a whole, with its sockets; what is only our name for something does not (its number, why it was sent).
//!
//! At one instant the order counts among the segments that a host sends, among its changes of state, among what its user
//! does or is told; not between these, nor which of the hosts acts first.

use std::ops::RangeInclusive;

use crate::rule::Rule;
use crate::segment::Datagram;
use crate::tcp::{Action, Call, CallError, ConnectionId, Reply, SegmentId, Side, State, UserEvent};
use crate::time::Instant;
use crate::trace::{Event, EventId, EventKind, Fate, Trace};

use super::Run;

/// The first thing in which two runs differ: what one does at an instant and the other does not, and what that one does
/// instead.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Difference<'a> {
    /// When.
    pub at: Instant,
    /// At which host, or concerning whose segment; `None` for a segment that nobody sent.
    pub side: Option<Side>,
    happenings: [Happening<'a>; 2],
}

/// What happens in one run where two runs differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Happening<'a> {
    /// The event; `None` if nothing (more) happens there in this run at this instant.
    pub event: Option<(EventId, &'a Event)>,
    /// The reason for the event, or where nothing happens, the last reason of this host at this instant.
    pub rule: Option<Rule>,
}

/// What two segments may differ in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Field {
    /// Source or destination.
    Sockets,
    /// The control bits, ACK among them.
    Flags,
    /// SEG.SEQ.
    Seq,
    /// SEG.ACK.
    Ack,
    /// SEG.WND.
    Window,
    /// The options.
    Options,
    /// The text.
    Text,
}

impl<'a> Difference<'a> {
    /// What a run does.
    pub fn of(&self, run: Run) -> Happening<'a> {
        self.happenings[run as usize]
    }

    /// What the segments differ in, if one leaves or intrudes in both runs; else empty.
    pub fn fields(&self) -> Vec<Field> {
        let datagram = |run| match self.of(run).event {
            Some((_, Event { kind: EventKind::Sent { datagram, .. } | EventKind::Intruded { datagram, .. }, .. })) => {
                Some(datagram)
            }
            Some(_) | None => None,
        };
        let (Some(left), Some(right)) = (datagram(Run::Left), datagram(Run::Right)) else { return Vec::new() };
        let (l, r) = (&left.segment, &right.segment);
        let differ = [
            (Field::Sockets, (left.source, left.destination) != (right.source, right.destination)),
            (Field::Flags, (l.flags, l.ack.is_some()) != (r.flags, r.ack.is_some())),
            (Field::Seq, l.seq != r.seq),
            (Field::Ack, l.ack.zip(r.ack).is_some_and(|(l, r)| l != r)),
            (Field::Window, l.wnd != r.wnd),
            (Field::Options, l.options != r.options),
            (Field::Text, l.payload != r.payload),
        ];
        differ.into_iter().filter_map(|(field, is_different)| is_different.then_some(field)).collect()
    }
}

/// A [`Difference`] by the places of its events.
#[derive(Clone, Copy, Debug)]
pub(super) struct Found {
    side: Option<Side>,
    events: [Option<EventId>; 2],
    rules: [Option<Rule>; 2],
}

impl Found {
    /// The difference with its events; the traces must hold them.
    pub(super) fn resolve<'a>(&self, at: Instant, traces: [&'a Trace; 2]) -> Difference<'a> {
        let happenings = Run::BOTH.map(|run| Happening {
            event: self.events[run as usize].and_then(|id| Some((id, traces[run as usize].event(id)?))),
            rule: self.rules[run as usize],
        });
        Difference { at, side: self.side, happenings }
    }
}

/// The first difference between what happened in these steps of two traces; all of it happened at one instant.
pub(super) fn first(traces: [&Trace; 2], steps: [RangeInclusive<usize>; 2]) -> Option<Found> {
    let [left, right] = steps;
    let of_left: Vec<_> = observations(traces[0], left.clone()).collect();
    let of_right: Vec<_> = observations(traces[1], right.clone()).collect();
    [Some(Side::Client), Some(Side::Server), None]
        .into_iter()
        .filter_map(|side| {
            // Of each run the first event at this side that the other run has not.
            let mut events: [Option<EventId>; 2] = [None, None];
            for kind in Kind::ALL {
                let is_meant = |it: &&Observation<'_>| it.side == side && it.what.kind() == kind;
                let mut left = of_left.iter().filter(is_meant);
                let mut right = of_right.iter().filter(is_meant);
                loop {
                    match (left.next(), right.next()) {
                        (Some(left), Some(right)) if left.what == right.what => {}
                        (left, right) => {
                            for (first, it) in events.iter_mut().zip([left, right]) {
                                *first = (*first).into_iter().chain(it.map(|it| it.id)).min();
                            }
                            break;
                        }
                    }
                }
            }
            events.iter().any(Option::is_some).then_some((side, events))
        })
        // Of several sides, the one whose difference comes first in either trace.
        .min_by_key(|(_, events)| events.iter().flatten().min().copied())
        .map(|(side, events)| {
            let rule = |run: Run, steps| rule_of(traces[run as usize], steps, side, events[run as usize]);
            Found { side, events, rules: [rule(Run::Left, left.clone()), rule(Run::Right, right.clone())] }
        })
}

/// The reason that a side last gave in these steps, before the event if there is one.
fn rule_of(trace: &Trace, steps: RangeInclusive<usize>, side: Option<Side>, event: Option<EventId>) -> Option<Rule> {
    let steps = match event.and_then(|id| trace.event(id)) {
        Some(event) => event.step as usize..=event.step as usize,
        None => steps,
    };
    let before = events(trace, steps).take_while(|(id, _)| event.is_none_or(|event| *id < event));
    let decided = before.filter_map(|(_, event)| {
        if let EventKind::Decided { side, rule, .. } = event.kind { Some((side, rule)) } else { None }
    });
    decided.filter(|(whose, _)| Some(*whose) == side).map(|(_, rule)| rule).last()
}

/// Kinds of what can be observed: within a kind the order counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// What users and those who interfere do.
    Given,
    State,
    Told,
    Sent,
    /// What the network does.
    Carried,
}

impl Kind {
    const ALL: [Kind; 5] = [Kind::Given, Kind::State, Kind::Told, Kind::Sent, Kind::Carried];
}

/// Something that can be observed.
#[derive(Clone, Debug)]
struct Observation<'a> {
    id: EventId,
    /// Who does it, or whose segment it concerns.
    side: Option<Side>,
    what: Observed<'a>,
}

/// An event without what is only a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Observed<'a> {
    Called { connection: Option<ConnectionId>, call: &'a Call, result: &'a Result<Reply, CallError> },
    Accepted { connection: Option<ConnectionId> },
    Crashed,
    Rebooted,
    Interfered { segment: Option<&'a Datagram>, action: Action },
    Intruded { datagram: &'a Datagram },
    Found { connection: ConnectionId, state: State },
    Created { connection: ConnectionId },
    Removed { connection: ConnectionId },
    Entered { connection: Option<ConnectionId>, from: State, to: State },
    Told { connection: Option<ConnectionId>, event: &'a UserEvent },
    Sent { datagram: &'a Datagram },
    Routed { segment: Option<&'a Datagram>, copy: u32, fate: Fate },
}

impl Observed<'_> {
    fn kind(&self) -> Kind {
        match self {
            Observed::Called { .. }
            | Observed::Accepted { .. }
            | Observed::Crashed
            | Observed::Rebooted
            | Observed::Interfered { .. }
            | Observed::Intruded { .. } => Kind::Given,
            Observed::Found { .. } | Observed::Created { .. } | Observed::Removed { .. } | Observed::Entered { .. } => {
                Kind::State
            }
            Observed::Told { .. } => Kind::Told,
            Observed::Sent { .. } => Kind::Sent,
            Observed::Routed { .. } => Kind::Carried,
        }
    }
}

fn observations(trace: &Trace, steps: RangeInclusive<usize>) -> impl Iterator<Item = Observation<'_>> {
    events(trace, steps).filter_map(|(id, event)| {
        let (side, what) = observed(trace, &event.kind)?;
        Some(Observation { id, side, what })
    })
}

/// What of an event can be observed; connections keep their names, which follow from those that came before.
fn observed<'a>(trace: &'a Trace, kind: &'a EventKind) -> Option<(Option<Side>, Observed<'a>)> {
    let sender = |segment: SegmentId| trace.departure(segment).and_then(|it| it.from);
    let (side, what) = match kind {
        EventKind::Called { side, connection, call, result } => {
            (Some(*side), Observed::Called { connection: *connection, call, result })
        }
        EventKind::Interfered { segment, action } => {
            (sender(*segment), Observed::Interfered { segment: trace.datagram(*segment), action: *action })
        }
        EventKind::Accepted { side, connection } => (Some(*side), Observed::Accepted { connection: *connection }),
        EventKind::Crashed { side } => (Some(*side), Observed::Crashed),
        EventKind::Rebooted { side } => (Some(*side), Observed::Rebooted),
        EventKind::Intruded { datagram, .. } => (None, Observed::Intruded { datagram }),
        EventKind::Found { side, connection, state } => {
            (Some(*side), Observed::Found { connection: *connection, state: *state })
        }
        // Its sockets are those of the segment or the call from which it comes.
        EventKind::Created { side, connection, .. } => (Some(*side), Observed::Created { connection: *connection }),
        EventKind::Removed { side, connection } => (Some(*side), Observed::Removed { connection: *connection }),
        EventKind::Entered { side, connection, from, to, .. } => {
            (Some(*side), Observed::Entered { connection: *connection, from: *from, to: *to })
        }
        EventKind::Told { side, connection, event } => (Some(*side), Observed::Told { connection: *connection, event }),
        EventKind::Sent { side, datagram, .. } => (Some(*side), Observed::Sent { datagram }),
        EventKind::Routed { segment, copy, fate } => {
            (sender(*segment), Observed::Routed { segment: trace.datagram(*segment), copy: *copy, fate: *fate })
        }
        // An arrival follows from what the network did to the segment, the rest shows in what comes of it.
        EventKind::Arrived { .. }
        | EventKind::Expired { .. }
        | EventKind::Waited
        | EventKind::Refused { .. }
        | EventKind::Decided { .. }
        | EventKind::TimerSet { .. }
        | EventKind::BacklogFull { .. } => return None,
    };
    Some((side, what))
}

/// The events of some steps, with their places.
fn events(trace: &Trace, steps: RangeInclusive<usize>) -> impl Iterator<Item = (EventId, &Event)> {
    let start = trace.events().partition_point(|event| (event.step as usize) < *steps.start());
    let ids = (u32::try_from(start).unwrap_or(u32::MAX)..).map(EventId);
    ids.zip(&trace.events()[start..]).take_while(move |(_, event)| event.step as usize <= *steps.end())
}
