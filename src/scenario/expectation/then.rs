//! What the hosts had at the end of an instant, as the trace tells it.

use crate::profile::Accepting;
use crate::segment::Segment;
use crate::seq::SeqNumber;
use crate::simulation::Simulation;
use crate::tcp::{ConnectionId, Role, Side, Sockets, State};
use crate::time::Instant;
use crate::trace::{Event, EventKind, Listeners, Trace};

/// Both hosts, then.
pub(super) struct Then<'a> {
    trace: &'a Trace,
    hosts: [HostThen; 2],
    /// The one that has arrived last.
    arrived: Option<&'a Segment>,
}

#[derive(Default)]
struct HostThen {
    connections: Vec<ConnectionThen>,
    listeners: Listeners,
}

struct ConnectionThen {
    id: ConnectionId,
    state: State,
    sockets: Option<Sockets>,
    numbers: Numbers,
    /// Those of the incarnation in TIME-WAIT whose sockets it took over, to which it may go back.
    previous: Option<Numbers>,
    is_child: bool,
    is_accepted: bool,
}

/// The initial sequence numbers, as far as they are known.
#[derive(Clone, Copy, Default)]
struct Numbers {
    iss: Option<SeqNumber>,
    irs: Option<SeqNumber>,
}

impl<'a> Then<'a> {
    /// At the end of this instant, or at the end of the run.
    pub(super) fn at(trace: &'a Trace, at: Option<Instant>) -> Self {
        let mut then = Self { trace, hosts: Default::default(), arrived: None };
        for event in trace.events().iter().take_while(|event| at.is_none_or(|at| event.at <= at)) {
            then.take(event);
        }
        then
    }

    /// The state of one connection of a side, counted from 1, or of its youngest, else of its listener.
    pub(super) fn state(&self, side: Side, nth: Option<u32>) -> State {
        let host = &self.hosts[side as usize];
        match (nth, host.connections.last()) {
            (Some(nth), _) => {
                let connection = host.connections.iter().find(|it| it.id == nth_connection(nth));
                connection.map_or(State::Closed, |it| it.state)
            }
            (None, Some(youngest)) => youngest.state,
            (None, None) => host.listeners.state(),
        }
    }

    pub(super) fn connections(&self, side: Side) -> usize {
        self.hosts[side as usize].connections.len()
    }

    /// How many are in SYN-RECEIVED because of a SYN that a listener got.
    pub(super) fn half_open(&self, side: Side) -> usize {
        let connections = self.hosts[side as usize].connections.iter();
        connections.filter(|it| it.is_child && it.state == State::SynReceived).count()
    }

    /// How many are established and wait for a user, who takes them when `end` says that this side's does.
    pub(super) fn waiting(&self, side: Side, end: &Simulation) -> usize {
        if end.host(side).profile().accepting == Accepting::Eager {
            return 0;
        }
        let connections = self.hosts[side as usize].connections.iter();
        connections.filter(|it| it.is_child && !it.is_accepted && it.state != State::SynReceived).count()
    }

    /// How many are ghosts, in the sense of [`Simulation::ghosts`].
    pub(super) fn ghosts(&self, side: Side) -> usize {
        let others = &self.hosts[side.other() as usize].connections;
        let is_behind = |it: &ConnectionThen, other: &ConnectionThen| {
            let (Some(ours), Some(theirs)) = (&it.sockets, &other.sockets) else { return false };
            (theirs.local, theirs.remote) == (ours.remote, ours.local) && other.numbers.iss == it.numbers.irs
        };
        let connections = self.hosts[side as usize].connections.iter();
        connections.filter(|it| it.state.is_open() && !others.iter().any(|other| is_behind(it, other))).count()
    }

    fn take(&mut self, event: &Event) {
        match &event.kind {
            EventKind::Found { side, connection, state } => self.add(*side, *connection, *state, None),
            EventKind::Created { side, connection, sockets } => {
                self.add(*side, *connection, State::Closed, Some(**sockets));
            }
            EventKind::Removed { side, connection } => {
                self.hosts[*side as usize].connections.retain(|it| it.id != *connection);
            }
            EventKind::Entered { side, connection, from, to } => {
                self.hosts[*side as usize].listeners.enter(*connection, *from, *to);
                if let Some(id) = connection {
                    self.enter(*side, *id, *from, *to);
                }
            }
            EventKind::Crashed { side } | EventKind::Rebooted { side } => {
                self.hosts[*side as usize].listeners.forget();
            }
            EventKind::Accepted { side, connection: Some(id) } => {
                if let Some(it) = self.find(*side, *id) {
                    it.is_accepted = true;
                }
            }
            EventKind::Sent { side, connection, datagram, role, .. } => {
                let syn = &datagram.segment;
                if let Some(id) = connection
                    && let Some(it) = self.find(*side, *id)
                    && (*role, syn.flags.syn) == (Role::New, true)
                {
                    it.numbers.iss = Some(syn.seq);
                }
            }
            EventKind::Arrived { segment, .. } => {
                self.arrived = self.trace.datagram(*segment).map(|datagram| &datagram.segment);
            }
            _ => {}
        }
    }

    fn add(&mut self, side: Side, id: ConnectionId, state: State, sockets: Option<Sockets>) {
        self.hosts[side as usize].connections.push(ConnectionThen {
            id,
            state,
            sockets,
            numbers: Numbers::default(),
            previous: None,
            is_child: false,
            is_accepted: false,
        });
    }

    fn find(&mut self, side: Side, id: ConnectionId) -> Option<&mut ConnectionThen> {
        self.hosts[side as usize].connections.iter_mut().find(|it| it.id == id)
    }

    fn enter(&mut self, side: Side, id: ConnectionId, from: State, to: State) {
        let arrived = self.arrived;
        let Some(it) = self.find(side, id) else { return };
        it.state = to;
        match (from, to) {
            // A SYN, or the acknowledgment that stands for one where a cookie was sent, says the other side's number.
            (State::Listen | State::SynSent | State::TimeWait, State::SynReceived | State::Established) => {
                if from == State::TimeWait {
                    it.previous = Some(it.numbers);
                    it.is_accepted = false;
                }
                it.is_child = from != State::SynSent;
                let cookie = arrived.filter(|segment| !segment.flags.syn).and_then(|segment| segment.ack);
                it.numbers.irs = arrived.map(|segment| if segment.flags.syn { segment.seq } else { segment.seq - 1 });
                it.numbers.iss = cookie.map(|ack| ack - 1).or(it.numbers.iss);
            }
            (State::SynReceived, State::TimeWait) => {
                it.numbers = it.previous.take().unwrap_or(it.numbers);
                it.is_accepted = true;
            }
            _ => {}
        }
    }
}

/// The name of a side's nth connection, counted from 1.
pub(super) fn nth_connection(nth: u32) -> ConnectionId {
    ConnectionId(nth.saturating_sub(1))
}
