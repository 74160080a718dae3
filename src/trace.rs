//! The log of a run: everything that happened, in order, with cause links. Diagram, explanations and exports are
//! functions of it; nothing runs the protocol again to find out what happened.

use std::fmt;
use std::hash::Hasher;
use std::net::SocketAddr;
use std::sync::Arc;

use siphasher::sip::SipHasher24;

use crate::in_place::push_in_place;
use crate::rule::Rule;
use crate::segment::{Datagram, MOST_WINDOW_SHIFT};
use crate::tcp::{
    Action, Call, CallError, ConnectionId, ConnectionOrigin, DeedError, Intrusion, Objection, Reply, Role, SegmentId,
    Side, Sockets, State, Timer, UserEvent,
};
use crate::time::{Duration, Instant};

/// The place of an event in its trace.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EventId(pub u32);

/// One thing that happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// When.
    pub at: Instant,
    /// In which step, counted from 1: all events of a step happen at one instant, the first of them causes the others.
    pub step: u32,
    /// What brought it about; `None` for what comes from outside, such as a user's call.
    pub cause: Option<EventId>,
    /// What.
    pub kind: EventKind,
}

/// What can happen. Those down to `Found` begin a step; the others follow within it.
///
/// A run has many events and is kept whole, so what is large and rare stands behind a pointer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EventKind {
    /// A user calls.
    Called {
        /// Whose user.
        side: Side,
        /// Which connection; `None` for a listener, or where there is none.
        connection: Option<ConnectionId>,
        /// The call.
        call: Box<Call>,
        /// What it returned at once.
        result: Result<Reply, CallError>,
    },
    /// A segment arrives.
    Arrived {
        /// Where.
        side: Side,
        /// Which.
        segment: SegmentId,
        /// Which copy of it, from 0.
        copy: u32,
        /// For which connection.
        connection: Option<ConnectionId>,
    },
    /// A timer expires.
    Expired {
        /// Where.
        side: Side,
        /// Of which connection.
        connection: ConnectionId,
        /// Which.
        timer: Timer,
    },
    /// Somebody interferes with a segment on its way.
    Interfered {
        /// With which segment.
        segment: SegmentId,
        /// How.
        action: Action,
    },
    /// A segment that no present connection sent enters the network. One that a middlebox sends follows within the step of the
    /// segment that it stopped.
    Intruded {
        /// Its name.
        segment: SegmentId,
        /// Where it comes from.
        intrusion: Intrusion,
        /// Whom it travels to.
        to: Side,
        /// What it is.
        datagram: Arc<Datagram>,
    },
    /// A user takes a connection that a listener has established, or finds that none waits.
    Accepted {
        /// Whose user.
        side: Side,
        /// Which connection.
        connection: Option<ConnectionId>,
    },
    /// A host crashes: it forgets everything and receives nothing.
    Crashed {
        /// Which.
        side: Side,
    },
    /// A host comes up again and knows nothing.
    Rebooted {
        /// Which.
        side: Side,
    },
    /// Time passes and nothing happens.
    Waited,
    /// The story asks for something that is not possible.
    Refused {
        /// Why.
        error: DeedError,
    },
    /// A connection was there when the run began.
    Found {
        /// Where.
        side: Side,
        /// Its name.
        connection: ConnectionId,
        /// Its state.
        state: State,
    },
    /// A connection comes to be.
    Created {
        /// Where.
        side: Side,
        /// Its name.
        connection: ConnectionId,
        /// Its sockets.
        sockets: Box<Sockets>,
        /// Where it comes from.
        origin: ConnectionOrigin,
    },
    /// A connection is over and forgotten.
    Removed {
        /// Where.
        side: Side,
        /// Its name.
        connection: ConnectionId,
    },
    /// A reason for what follows.
    Decided {
        /// Whose.
        side: Side,
        /// For which connection.
        connection: Option<ConnectionId>,
        /// The reason.
        rule: Rule,
    },
    /// A state changes.
    Entered {
        /// Where.
        side: Side,
        /// Of which connection; `None` for a listener.
        connection: Option<ConnectionId>,
        /// The local port of that.
        port: u16,
        /// Before.
        from: State,
        /// After.
        to: State,
        /// How it is known.
        certainty: Certainty,
    },
    /// The user is told something.
    Told {
        /// Whose user.
        side: Side,
        /// About which connection.
        connection: Option<ConnectionId>,
        /// What.
        event: UserEvent,
    },
    /// A segment leaves.
    Sent {
        /// From where.
        side: Side,
        /// For which connection.
        connection: Option<ConnectionId>,
        /// Its name.
        segment: SegmentId,
        /// What it is.
        datagram: Arc<Datagram>,
        /// Why it is sent; `None` where only the wire is known.
        role: Option<Role>,
    },
    /// What the network makes of a copy of a segment; a later one for the same copy replaces it.
    Routed {
        /// Which segment.
        segment: SegmentId,
        /// Which copy, from 0.
        copy: u32,
        /// What becomes of it.
        fate: Fate,
    },
    /// A timer is set or moved (`Some`), or stopped.
    TimerSet {
        /// Where.
        side: Side,
        /// Of which connection.
        connection: ConnectionId,
        /// Which.
        timer: Timer,
        /// When it expires.
        deadline: Option<Instant>,
    },
    /// A SYN is dropped because the listener's backlog is full.
    BacklogFull {
        /// Where.
        side: Side,
        /// The listener's port.
        port: u16,
    },
}

/// What becomes of a copy of a segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Fate {
    /// It will arrive then.
    Due(Instant),
    /// It will arrive then, but damaged.
    Damaged(Instant),
    /// It is held.
    Held,
    /// It is lost.
    Lost,
    /// A middlebox stopped it: it is lost there.
    Stopped(Objection),
    /// Nobody saw what became of it.
    Unknown,
}

/// How a change of state is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Certainty {
    /// The host said so.
    Known,
    /// It follows from what was seen.
    Inferred,
}

/// Where a trace comes from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Provenance {
    /// A simulation recorded everything that happened.
    #[default]
    Run,
    /// Somebody captured what he saw of the wire: what hosts did, and why, is not in it, or inferred.
    Capture,
}

/// How a segment entered the network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Departure<'a> {
    /// Its name.
    pub segment: SegmentId,
    /// The event with which it did.
    pub origin: EventId,
    /// When.
    pub at: Instant,
    /// In which step.
    pub step: u32,
    /// Who sent it; `None` if no present connection did.
    pub from: Option<Side>,
    /// Where it comes from, if no present connection sent it.
    pub intrusion: Option<Intrusion>,
    /// Whom it travels to.
    pub to: Side,
    /// For which connection of the sender.
    pub connection: Option<ConnectionId>,
    /// What it is.
    pub datagram: &'a Datagram,
    /// Why it was sent; `None` if neither side sent it, or only the wire is known.
    pub role: Option<Role>,
}

/// The sockets of a datagram that travels to this side, the client's first.
pub fn sockets_of(datagram: &Datagram, to: Side) -> [SocketAddr; 2] {
    match to {
        Side::Server => [datagram.source, datagram.destination],
        Side::Client => [datagram.destination, datagram.source],
    }
}

/// Where a simulation writes what happens: `()` keeps nothing. What it was is only put together where it is kept.
pub trait Record {
    /// Something begins a step.
    fn begin(&mut self, at: Instant, source: Source, kind: impl FnOnce() -> EventKind);
    /// Something else happens in the step.
    fn follow(&mut self, at: Instant, kind: impl FnOnce() -> EventKind);
    /// A segment leaves in the step: an [`EventKind::Sent`].
    fn leave(&mut self, at: Instant, segment: SegmentId, kind: impl FnOnce() -> EventKind);
    /// The network decides about a copy of a segment that has left or intruded: an [`EventKind::Routed`].
    fn route(&mut self, at: Instant, segment: SegmentId, copy: u32, fate: Fate);
}

/// What brings about an event that begins a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// It comes from outside: a call, a crash.
    Outside,
    /// It comes from outside, and is the beginning of this segment: an [`EventKind::Intruded`].
    Intruder(SegmentId),
    /// This segment left, or intruded.
    Segment(SegmentId),
    /// This timer was set.
    Timer(Side, ConnectionId, Timer),
}

impl Record for () {
    fn begin(&mut self, _at: Instant, _source: Source, _kind: impl FnOnce() -> EventKind) {}
    fn follow(&mut self, _at: Instant, _kind: impl FnOnce() -> EventKind) {}
    fn leave(&mut self, _at: Instant, _segment: SegmentId, _kind: impl FnOnce() -> EventKind) {}
    fn route(&mut self, _at: Instant, _segment: SegmentId, _copy: u32, _fate: Fate) {}
}

/// Where that is written down which is only tried, or runs again without anybody looking.
pub const fn nowhere<'a>() -> Option<&'a mut Trace> {
    None
}

/// A log, or nothing, for whoever decides while the program runs: the code of a simulation is there once for both.
impl Record for Option<&mut Trace> {
    #[inline(always)]
    fn begin(&mut self, at: Instant, source: Source, kind: impl FnOnce() -> EventKind) {
        if let Some(trace) = self {
            trace.begin(at, source, kind);
        }
    }

    #[inline(always)]
    fn follow(&mut self, at: Instant, kind: impl FnOnce() -> EventKind) {
        if let Some(trace) = self {
            trace.follow(at, kind);
        }
    }

    #[inline(always)]
    fn leave(&mut self, at: Instant, segment: SegmentId, kind: impl FnOnce() -> EventKind) {
        if let Some(trace) = self {
            trace.leave(at, segment, kind);
        }
    }

    #[inline(always)]
    fn route(&mut self, at: Instant, segment: SegmentId, copy: u32, fate: Fate) {
        if let Some(trace) = self {
            trace.route(at, segment, copy, fate);
        }
    }
}

/// The log.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Trace {
    provenance: Provenance,
    events: Vec<Event>,
    /// Where each step begins.
    steps: Vec<EventId>,
    /// Where each segment left or intruded.
    segments: Vec<EventId>,
    /// The first segment of the client, of the server, and that no present connection sent.
    firsts: [Option<SegmentId>; 3],
}

impl Trace {
    /// A trace of nothing yet, which comes from there; the default is that of a run.
    pub fn from(provenance: Provenance) -> Self {
        Self { provenance, ..Self::default() }
    }

    /// Where it comes from.
    pub fn provenance(&self) -> Provenance {
        self.provenance
    }

    /// All events in order.
    pub fn events(&self) -> &[Event] {
        &self.events
    }

    /// How many steps there are.
    pub fn steps(&self) -> usize {
        self.steps.len()
    }

    /// The events of one step, counted from 1; empty if there is no such step.
    pub fn step(&self, step: usize) -> &[Event] {
        let Some(start) = step.checked_sub(1).and_then(|index| self.steps.get(index)) else { return &[] };
        let end = self.steps.get(step).map_or(self.events.len(), |next| next.index());
        &self.events[start.index()..end]
    }

    /// An event by its id.
    pub fn event(&self, id: EventId) -> Option<&Event> {
        self.events.get(id.index())
    }

    /// Where a segment left or intruded.
    pub fn origin_of(&self, segment: SegmentId) -> Option<(EventId, &Event)> {
        let id = self.origin(segment)?;
        Some((id, &self.events[id.index()]))
    }

    /// The segment itself, with its sockets.
    pub fn datagram(&self, segment: SegmentId) -> Option<&Datagram> {
        match &self.origin_of(segment)?.1.kind {
            EventKind::Sent { datagram, .. } | EventKind::Intruded { datagram, .. } => Some(datagram),
            _ => None,
        }
    }

    /// How a segment left: by whom, for whom and why. `None` if the trace has no such segment. Costs the same in a long trace
    /// as in a short one.
    pub fn departure(&self, segment: SegmentId) -> Option<Departure<'_>> {
        let (origin, event) = self.origin_of(segment)?;
        let (from, intrusion, to, connection, datagram, role) = match &event.kind {
            EventKind::Sent { side, connection, datagram, role, .. } => {
                (Some(*side), None, side.other(), *connection, datagram, *role)
            }
            EventKind::Intruded { intrusion, to, datagram, .. } => (None, Some(*intrusion), *to, None, datagram, None),
            _ => return None,
        };
        let (at, step) = (event.at, event.step);
        Some(Departure { segment, origin, at, step, from, intrusion, to, connection, datagram, role })
    }

    /// How each segment left, in the order in which they did.
    pub fn departures(&self) -> impl Iterator<Item = Departure<'_>> {
        (0..).map(SegmentId::after).map_while(|id| self.departure(id))
    }

    /// The sockets of the client and of the server that need not be named: those of the client's first segment, else of the
    /// first that no present connection sent, else of the server's.
    pub fn usual_sockets(&self) -> Option<[SocketAddr; 2]> {
        let [client, server, nobody] = self.firsts;
        let first = self.departure(client.or(nobody).or(server)?)?;
        Some(sockets_of(first.datagram, first.to))
    }

    /// By how many bits the window of a segment is shifted (RFC 7323 §2.2): by what the sender's SYN offered, where the
    /// last SYN,ACK between the two sockets repeats the offer, and with it says that both made one. Reads the trace
    /// backward to there.
    pub fn window_shift(&self, segment: SegmentId) -> u8 {
        let Some(Datagram { source, destination, segment: it }) = self.datagram(segment) else { return 0 };
        let (mut offer, mut is_agreed) = (None, false);
        for earlier in (0..segment.index()).rev().map(SegmentId::after).filter(|_| !it.flags.syn) {
            let Some(Event { kind: EventKind::Sent { datagram, .. }, .. }) = self.origin_of(earlier).map(|it| it.1)
            else {
                continue;
            };
            let is_own = (datagram.source, datagram.destination) == (*source, *destination);
            let is_theirs = (datagram.source, datagram.destination) == (*destination, *source);
            if !datagram.segment.flags.syn || !(is_own || is_theirs) {
                continue;
            }
            let shift = datagram.segment.options.window_scale;
            if datagram.segment.ack.is_some() && !is_agreed {
                if shift.is_none() {
                    return 0;
                }
                is_agreed = true;
            }
            if is_own && offer.is_none() {
                offer = shift;
            }
            if let (Some(offer), true) = (offer, is_agreed) {
                return offer.min(MOST_WINDOW_SHIFT);
            }
        }
        0
    }

    /// Forgets everything after `step`.
    pub fn truncate(&mut self, step: usize) {
        if let Some(end) = self.steps.get(step).copied() {
            self.steps.truncate(step);
            self.events.truncate(end.index());
            self.segments.retain(|origin| *origin < end);
            let kept = self.segments.len();
            self.firsts = self.firsts.map(|first| first.filter(|segment| segment.index() < kept));
        }
    }

    /// A hash of everything that happened: the same on every platform.
    pub fn digest(&self) -> u64 {
        let mut hasher = SipHasher24::new();
        for event in &self.events {
            hasher.write(event.to_string().as_bytes());
            hasher.write_u8(b'\n');
        }
        hasher.finish()
    }

    /// A step begins now, brought about by this. Says by which event.
    fn begin_step(&mut self, source: Source) -> Option<EventId> {
        if self.steps.capacity() == 0 {
            self.steps.reserve(FEW_STEPS);
            self.segments.reserve(FEW_STEPS);
            self.events.reserve(SOME_EVENTS);
        }
        let id = EventId::from_index(self.events.len());
        self.steps.push(id);
        match source {
            Source::Outside => None,
            Source::Intruder(segment) => {
                self.begin_segment(segment);
                None
            }
            Source::Segment(segment) => self.origin(segment),
            Source::Timer(side, connection, timer) => {
                let is_it = |event: &Event| {
                    matches!(event.kind, EventKind::TimerSet { side: s, connection: c, timer: t, deadline: Some(_) }
                        if (s, c, t) == (side, connection, timer))
                };
                self.events.iter().rposition(is_it).map(EventId::from_index)
            }
        }
    }

    /// The next event is where this segment begins.
    fn begin_segment(&mut self, segment: SegmentId) {
        debug_assert_eq!(segment.index(), self.segments.len(), "segments are numbered in order, from the first on");
        self.segments.push(EventId::from_index(self.events.len()));
    }

    /// Remembers a segment that has just left if nothing came from there before.
    #[cold]
    fn remember_first(&mut self, segment: SegmentId) {
        let from = self.departure(segment).map(|it| it.from);
        if let Some(from) = from {
            let place = from.map_or(Side::BOTH.len(), |side| side as usize);
            self.firsts[place].get_or_insert(segment);
        }
    }

    fn origin(&self, segment: SegmentId) -> Option<EventId> {
        self.segments.get(segment.index()).copied()
    }

    #[inline(always)]
    fn add(&mut self, at: Instant, cause: Option<EventId>, kind: impl FnOnce() -> EventKind) {
        let step = u32::try_from(self.steps.len()).unwrap_or(u32::MAX);
        push_in_place(&mut self.events, move || Event { at, step, cause, kind: kind() });
    }
}

/// How many steps, segments and events there is room for from the start: even a short run has as many.
const FEW_STEPS: usize = 16;
const SOME_EVENTS: usize = 128;

impl Record for Trace {
    #[inline(always)]
    fn begin(&mut self, at: Instant, source: Source, kind: impl FnOnce() -> EventKind) {
        let cause = self.begin_step(source);
        self.add(at, cause, kind);
        if let Source::Intruder(segment) = source {
            self.remember_first(segment);
        }
    }

    #[inline(always)]
    fn follow(&mut self, at: Instant, kind: impl FnOnce() -> EventKind) {
        self.add(at, self.steps.last().copied(), kind);
    }

    #[inline(always)]
    fn leave(&mut self, at: Instant, segment: SegmentId, kind: impl FnOnce() -> EventKind) {
        self.begin_segment(segment);
        self.follow(at, kind);
        // The client's is the one that is asked for, wherever it sends anything.
        if self.firsts[Side::Client as usize].is_none() {
            self.remember_first(segment);
        }
    }

    fn route(&mut self, at: Instant, segment: SegmentId, copy: u32, fate: Fate) {
        self.add(at, self.origin(segment), move || EventKind::Routed { segment, copy, fate });
    }
}

impl EventId {
    fn index(self) -> usize {
        self.0 as usize
    }

    fn from_index(index: usize) -> Self {
        Self(u32::try_from(index).unwrap_or(u32::MAX))
    }
}

impl EventKind {
    /// On which side it happens; `None` for what happens in the network.
    pub fn side(&self) -> Option<Side> {
        match self {
            EventKind::Called { side, .. }
            | EventKind::Arrived { side, .. }
            | EventKind::Expired { side, .. }
            | EventKind::Accepted { side, .. }
            | EventKind::Crashed { side }
            | EventKind::Rebooted { side }
            | EventKind::Found { side, .. }
            | EventKind::Created { side, .. }
            | EventKind::Removed { side, .. }
            | EventKind::Decided { side, .. }
            | EventKind::Entered { side, .. }
            | EventKind::Told { side, .. }
            | EventKind::Sent { side, .. }
            | EventKind::TimerSet { side, .. }
            | EventKind::BacklogFull { side, .. } => Some(*side),
            EventKind::Interfered { .. }
            | EventKind::Intruded { .. }
            | EventKind::Waited
            | EventKind::Refused { .. }
            | EventKind::Routed { .. } => None,
        }
    }
}

impl fmt::Display for Event {
    /// One line, the same on every platform: for digests, tests and bug reports. It says of a segment how many left before
    /// it, not its number: digests are kept, and with them these octets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:>4} {:>12} {}", self.step, self.at.as_us(), self.kind)
    }
}

impl fmt::Display for EventKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let of = |connection: &Option<ConnectionId>| connection.map_or(String::new(), |id| format!("/{}", id.0));
        match self {
            EventKind::Called { side, connection, call, result } => {
                write!(f, "{}{} calls {}: ", side.name(), of(connection), CallName(call))?;
                match result {
                    Ok(Reply::Ok) => f.write_str("ok"),
                    Ok(Reply::Queued) => f.write_str("queued"),
                    Ok(Reply::Data(data)) => write!(f, "{} octets", data.len()),
                    Ok(Reply::Status(state)) => state.fmt(f),
                    Err(error) => write!(f, "error: {error}"),
                }
            }
            EventKind::Arrived { side, segment, copy, connection } => {
                write!(f, "{}{} receives #{}.{copy}", side.name(), of(connection), segment.index())
            }
            EventKind::Expired { side, connection, timer } => {
                write!(f, "{}/{} timer {} expires", side.name(), connection.0, timer.name())
            }
            EventKind::Interfered { segment, action } => {
                write!(f, "{} #{}", action.name(), segment.index())?;
                match action {
                    Action::Duplicate(by) | Action::Delay(by) => write!(f, " by {} us", by.as_us()),
                    Action::Drop | Action::Corrupt | Action::Hold | Action::Release => Ok(()),
                }
            }
            EventKind::Intruded { segment, intrusion, to, datagram } => {
                write!(f, "{} #{} to {}: {}", intrusion.name(), segment.index(), to.name(), datagram)
            }
            EventKind::Accepted { side, connection: Some(id) } => write!(f, "{}/{} is accepted", side.name(), id.0),
            EventKind::Accepted { side, connection: None } => write!(f, "{} has nothing to accept", side.name()),
            EventKind::Crashed { side } => write!(f, "{} crashes", side.name()),
            EventKind::Rebooted { side } => write!(f, "{} reboots", side.name()),
            EventKind::Waited => f.write_str("wait"),
            EventKind::Refused { error } => write!(f, "not possible: {error}"),
            EventKind::Found { side, connection, state } => {
                write!(f, "{}/{} is found in {state}", side.name(), connection.0)
            }
            EventKind::Created { side, connection, sockets, .. } => {
                let Sockets { local, remote } = **sockets;
                write!(f, "{}/{} is created: {local} to {remote}", side.name(), connection.0)
            }
            EventKind::Removed { side, connection } => write!(f, "{}/{} is removed", side.name(), connection.0),
            EventKind::Decided { side, connection, rule } => {
                write!(f, "{}{} because {rule}", side.name(), of(connection))
            }
            EventKind::Entered { side, connection, from, to, certainty, .. } => {
                write!(f, "{}{} {from} -> {to}", side.name(), of(connection))?;
                match certainty {
                    Certainty::Known => Ok(()),
                    Certainty::Inferred => f.write_str(" (inferred)"),
                }
            }
            EventKind::Told { side, connection, event } => {
                write!(f, "{}{} tells its user: ", side.name(), of(connection))?;
                match event {
                    UserEvent::Received(data) => write!(f, "{} octets", data.len()),
                    other => write!(f, "{other:?}"),
                }
            }
            EventKind::Sent { side, connection, segment, datagram, role } => {
                write!(f, "{}{} sends #{} {datagram} ", side.name(), of(connection), segment.index())?;
                match role {
                    Some(role) => write!(f, "({role:?})"),
                    None => f.write_str("(unknown)"),
                }
            }
            EventKind::Routed { segment, copy, fate } => {
                write!(f, "#{}.{copy} ", segment.index())?;
                match fate {
                    Fate::Due(at) => write!(f, "arrives at {}", at.as_us()),
                    Fate::Damaged(at) => write!(f, "arrives damaged at {}", at.as_us()),
                    Fate::Held => f.write_str("is held"),
                    Fate::Lost => f.write_str("is lost"),
                    Fate::Stopped(why) => write!(f, "is stopped: {}", why.name()),
                    Fate::Unknown => f.write_str("is not seen again"),
                }
            }
            EventKind::TimerSet { side, connection, timer, deadline } => {
                write!(f, "{}/{} timer {} ", side.name(), connection.0, timer.name())?;
                match deadline {
                    Some(at) => write!(f, "set to {}", at.as_us()),
                    None => f.write_str("stopped"),
                }
            }
            EventKind::BacklogFull { side, port } => write!(f, "{} backlog of port {port} is full", side.name()),
        }
    }
}

/// Writes a call as scripts do.
struct CallName<'a>(&'a Call);

impl fmt::Display for CallName<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Call::Open { open, timeout } => write!(f, "open ({open:?}){}", Timeout(*timeout)),
            Call::Send { data, timeout, is_last } => {
                write!(f, "send {}{}", data.len(), Timeout(*timeout))?;
                if *is_last { f.write_str(" and close") } else { Ok(()) }
            }
            Call::Receive(octets) => write!(f, "receive {octets}"),
            Call::Close => f.write_str("close"),
            Call::CloseAll => f.write_str("close all"),
            Call::Abort => f.write_str("abort"),
            Call::Status => f.write_str("status"),
            Call::Set(limit) => write!(f, "set {limit:?}"),
        }
    }
}

/// The timeout of a call, if it has one.
struct Timeout(Option<Duration>);

impl fmt::Display for Timeout {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.map_or(Ok(()), |timeout| write!(f, " timeout {timeout}"))
    }
}
