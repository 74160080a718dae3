//! What a run came to, counted from its trace alone, in the words of [`chronicle`](crate::chronicle): incarnations and their
//! counterparts.

use litemap::LiteMap;

use crate::chronicle::{Account, Deliveries, Incarnation, IncarnationId};
use crate::rule::Rule;
use crate::tcp::{Call, ConnectionId, Open, Side, State, UserEvent};
use crate::time::{Duration, Instant};
use crate::trace::{Event, EventKind, Trace};

/// What a run came to, at each host.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Outcome {
    hosts: [HostOutcome; 2],
}

/// What a run came to at one host.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct HostOutcome {
    /// How many segments it sent, repetitions included, whatever became of them.
    pub segments_sent: usize,
    /// How long after the first active OPEN of either host that succeeded a connection of this host was ESTABLISHED that
    /// had a counterpart then; `None` if none was.
    pub established_after: Option<Duration>,
    /// How many connections it had, those that never opened included.
    pub connections: usize,
    /// How many of them it still has.
    pub connections_left: usize,
    /// How the connections ended that its applications know of: how many of them each way, in the order of [`Ending::ALL`].
    pub endings: [usize; Ending::ALL.len()],
    /// How many octets of text it sent, repetitions included, for connections that had no counterpart then.
    pub octets_to_nobody: u64,
    /// How many requests it kept: connections that a SYN made, in SYN-RECEIVED.
    pub requests: usize,
    /// How many incarnations were synchronized (ESTABLISHED or later) without ever having had a counterpart.
    pub ghosts: usize,
    /// How many incarnations were in a state in which the user still expects something of the other side (ESTABLISHED,
    /// FIN-WAIT-1, FIN-WAIT-2 or CLOSE-WAIT) when their counterpart was gone already: "half-open" in the words of
    /// RFC 9293 §3.5.1.
    pub half_open: usize,
    /// How many octets its users received.
    pub octets_delivered: u64,
    /// How many of these are stale: no segment from the counterpart had brought this octet for this place of the
    /// stream by then, so it is from an old or a forged segment or from one of another incarnation.
    pub stale_octets_delivered: u64,
    /// The sum of the times for which it held its connections, from when they came to be until they were forgotten, or
    /// until now.
    pub held: Duration,
    /// The part of it for which they were requests: in SYN-RECEIVED.
    pub held_by_requests: Duration,
    /// The part of that which requests took that came to nothing and never had a counterpart.
    pub held_by_vain_requests: Duration,
    /// The part of it that ghosts took, as requests too.
    pub held_by_ghosts: Duration,
    /// The part of it that half-open connections took, from when they were half-open.
    pub held_half_open: Duration,
}

/// How a connection ended, as its application sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Ending {
    /// Both FINs were acknowledged.
    InOrder,
    /// The application was told of a reset.
    Reset,
    /// It was told that nobody answered for too long.
    GivenUp,
    /// It ended the connection itself, by ABORT or before there was one.
    Aborted,
    /// Its host crashed.
    Crashed,
    /// It was told nothing: the connection is gone, or it stands and nobody is at its other end.
    NeverTold,
    /// It has not ended.
    Open,
}

impl Ending {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Ending::InOrder,
        Ending::Reset,
        Ending::GivenUp,
        Ending::Aborted,
        Ending::Crashed,
        Ending::NeverTold,
        Ending::Open,
    ];
}

impl HostOutcome {
    /// How much of the time for which it held connections was for nobody.
    pub fn held_in_vain(&self) -> Duration {
        self.held_by_ghosts + self.held_half_open + self.held_by_vain_requests
    }
}

impl Outcome {
    /// What the run with this trace has come to at `now`, or when the trace ends if that is later.
    ///
    /// Connections that were there when the trace begins count as connections; who is behind them, and what of their data
    /// is stale, cannot be seen.
    pub fn of(trace: &Trace, now: Instant) -> Self {
        let mut reader = Reader::new(trace);
        for event in trace.events() {
            reader.take(event);
        }
        let end = trace.events().last().map_or(now, |event| event.at.max(now));
        reader.finish(end)
    }

    /// What it came to at one host.
    pub fn of_host(&self, side: Side) -> &HostOutcome {
        &self.hosts[side as usize]
    }
}

/// Reads a trace from its first event to its last.
struct Reader<'a> {
    trace: &'a Trace,
    account: Account,
    hosts: [HostOutcome; 2],
    /// When a user first opened a connection.
    opened: Option<Instant>,
    deliveries: Deliveries,
    /// How those ended of which it is known.
    endings: LiteMap<IncarnationId, Ending>,
}

impl<'a> Reader<'a> {
    fn new(trace: &'a Trace) -> Self {
        Self {
            trace,
            account: Account::default(),
            hosts: Default::default(),
            opened: None,
            deliveries: Deliveries::default(),
            endings: LiteMap::new(),
        }
    }

    fn take(&mut self, event: &Event) {
        if event.step as usize != self.account.steps() {
            self.count_ended();
        }
        self.deliveries.before(&self.account, event);
        match &event.kind {
            // Whatever begins in SYN-RECEIVED begins there.
            EventKind::Entered { side, connection: Some(connection), from: State::SynReceived, to, .. } => {
                if let Some(it) = self.account.incarnation(*side, *connection) {
                    let comes_to_nothing = matches!(to, State::Closed | State::Listen | State::TimeWait);
                    self.hosts[*side as usize].count_request(it, event.at, comes_to_nothing);
                }
            }
            EventKind::Crashed { side } | EventKind::Rebooted { side } => {
                for it in self.account.host(*side).connections() {
                    self.endings.entry(it.id).or_insert(Ending::Crashed);
                }
            }
            EventKind::Removed { side, connection } => {
                if let Some(it) = self.account.incarnation(*side, *connection) {
                    let host = &mut self.hosts[*side as usize];
                    host.held = host.held + event.at.since(it.created);
                }
            }
            _ => {}
        }
        self.account.take(self.trace, event);
        if let Some(it) = self.deliveries.after(self.trace, &self.account, event) {
            let host = &mut self.hosts[it.side as usize];
            host.octets_delivered += it.octets;
            host.stale_octets_delivered += it.stale;
        }
        if let Some((side, connection, ending)) = ending_of(&event.kind)
            && let Some(it) = self.account.incarnation(side, connection)
        {
            self.endings.entry(it.id).or_insert(ending);
        }
        match &event.kind {
            EventKind::Called { call, result, .. } => {
                if matches!((&**call, result), (Call::Open { open: Open::Active, .. }, Ok(_))) {
                    self.opened.get_or_insert(event.at);
                }
            }
            EventKind::Found { side, .. } | EventKind::Created { side, .. } => {
                self.hosts[*side as usize].connections += 1;
            }
            EventKind::Entered { side, connection: Some(connection), to: State::Established, .. } => {
                self.establish(event.at, *side, *connection);
            }
            EventKind::Sent { side, connection, datagram, .. } => {
                let host = &mut self.hosts[*side as usize];
                host.segments_sent += 1;
                let sender = connection.and_then(|id| self.account.incarnation(*side, id));
                if let Some(it) = sender.filter(|it| it.is_synchronized && it.sockets.is_some())
                    && self.account.present_counterpart(it).is_none()
                {
                    host.octets_to_nobody += datagram.segment.payload.len() as u64;
                }
            }
            EventKind::Arrived { .. }
            | EventKind::Expired { .. }
            | EventKind::Interfered { .. }
            | EventKind::Intruded { .. }
            | EventKind::Accepted { .. }
            | EventKind::Crashed { .. }
            | EventKind::Rebooted { .. }
            | EventKind::Waited
            | EventKind::Refused { .. }
            | EventKind::Removed { .. }
            | EventKind::Entered { .. }
            | EventKind::Told { .. }
            | EventKind::Decided { .. }
            | EventKind::Routed { .. }
            | EventKind::TimerSet { .. }
            | EventKind::BacklogFull { .. } => {}
        }
    }

    fn finish(mut self, now: Instant) -> Outcome {
        self.count_ended();
        for side in Side::BOTH {
            let host = &mut self.hosts[side as usize];
            for it in self.account.host(side).connections() {
                host.held = host.held + now.since(it.created);
                host.connections_left += 1;
                for it in [Some(it), it.previous()].into_iter().flatten() {
                    host.count(it, now, self.endings.get(&it.id).copied());
                }
            }
        }
        Outcome { hosts: self.hosts }
    }

    /// Counts the incarnations that have ended in the step that is over.
    fn count_ended(&mut self) {
        for it in self.account.ended() {
            let ending = self.endings.remove(&it.id);
            self.hosts[it.side as usize].count(it, self.account.now(), ending);
        }
    }

    /// A connection of this host is ESTABLISHED.
    fn establish(&mut self, at: Instant, side: Side, connection: ConnectionId) {
        let counterpart =
            self.account.incarnation(side, connection).and_then(|it| self.account.present_counterpart(it));
        if let (Some(opened), Some(_)) = (self.opened, counterpart) {
            self.hosts[side as usize].established_after.get_or_insert(at.since(opened));
        }
    }
}

impl HostOutcome {
    /// Counts an incarnation that has ended, or is there until `now`, and how it ended if that was seen.
    fn count(&mut self, it: &Incarnation, now: Instant, ending: Option<Ending>) {
        let ended = it.ended.unwrap_or(now);
        if it.origin.is_known() {
            let is_alone = it.is_ghost() || it.is_half_open();
            let unseen = if it.ended.is_some() || is_alone { Ending::NeverTold } else { Ending::Open };
            self.endings[ending.unwrap_or(unseen) as usize] += 1;
        }
        self.count_request(it, ended, it.ended.is_some());
        if it.is_ghost() {
            self.ghosts += 1;
            self.held_by_ghosts = self.held_by_ghosts + ended.since(it.began);
        }
        if let Some(since) = it.half_open_since {
            self.half_open += 1;
            self.held_half_open = self.held_half_open + ended.since(since);
        }
    }

    /// Counts an incarnation as a request, if it has been one until now.
    fn count_request(&mut self, it: &Incarnation, until: Instant, comes_to_nothing: bool) {
        if it.is_request() {
            let span = until.since(it.began);
            self.requests += 1;
            self.held_by_requests = self.held_by_requests + span;
            if comes_to_nothing && it.counterpart.is_none() {
                self.held_by_vain_requests = self.held_by_vain_requests + span;
            }
        }
    }
}

/// How a connection ends by an event, if that is seen in it.
fn ending_of(kind: &EventKind) -> Option<(Side, ConnectionId, Ending)> {
    let (side, connection, ending) = match kind {
        EventKind::Entered { side, connection, to: State::TimeWait, .. } => (side, connection, Ending::InOrder),
        EventKind::Decided { side, connection, rule } => match rule {
            Rule::OurFinAcknowledgedInLastAck | Rule::TimeWaitSkipped => (side, connection, Ending::InOrder),
            Rule::CloseInSynSent | Rule::AbortInSynSent | Rule::AbortSendsReset | Rule::AbortWithoutReset => {
                (side, connection, Ending::Aborted)
            }
            _ => return None,
        },
        EventKind::Told { side, connection, event } => match event {
            UserEvent::Reset | UserEvent::Refused => (side, connection, Ending::Reset),
            UserEvent::UserTimeout | UserEvent::ExcessiveRetransmissions => (side, connection, Ending::GivenUp),
            _ => return None,
        },
        _ => return None,
    };
    Some((*side, (*connection)?, ending))
}
