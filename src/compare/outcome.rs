//! What a run came to, counted from its trace alone.
//!
//! A connection's *counterpart* is the connection of the other host between the same sockets that is there at the same time
//! and knows the same numbers: its ISS is our IRS, and its IRS, once it has one, is our ISS. Once both have both numbers
//! neither has another counterpart, should the numbers come again. Everything here that tells a living peer from a dead
//! one is said with this word. A pair of sockets may have several incarnations one after the other, also where a connection
//! in TIME-WAIT is reused; so it is an incarnation that has a counterpart.

use std::net::SocketAddr;

use bytes::Bytes;
use litemap::LiteMap;

use crate::segment::Segment;
use crate::seq::SeqNumber;
use crate::tcp::{Call, ConnectionId, Open, Reply, SegmentId, Side, State, UserEvent};
use crate::time::{Duration, Instant};
use crate::trace::{EventKind, Trace};

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
    /// How many incarnations were synchronized (ESTABLISHED or later) without ever having had a counterpart.
    pub ghosts: usize,
    /// How many incarnations were in a state in which the user still expects something of the other side (ESTABLISHED,
    /// FIN-WAIT-1, FIN-WAIT-2 or CLOSE-WAIT) when their counterpart was gone already: "half-open" in the words of
    /// RFC 9293 §3.5.1.
    pub half_open: usize,
    /// How many octets its users received.
    pub octets_delivered: u64,
    /// How many of these are stale: until then no segment that the counterpart sent had brought this octet for this place
    /// of the stream, so it is from a forged segment or from one of another incarnation.
    pub stale_octets_delivered: u64,
    /// The sum of the times for which it held its connections, from when they came to be until they were forgotten, or
    /// until now.
    pub held: Duration,
    /// The part of it that ghosts took.
    pub held_by_ghosts: Duration,
    /// The part of it that half-open connections took, from when they were half-open.
    pub held_half_open: Duration,
}

impl Outcome {
    /// What the run with this trace has come to at `now`, or when the trace ends if that is later.
    ///
    /// Connections that were there when the trace begins count as connections; who is behind them, and what of their data
    /// is stale, cannot be seen.
    pub fn of(trace: &Trace, now: Instant) -> Self {
        let mut reader = Reader::new(trace);
        for event in trace.events() {
            reader.take(event.at, &event.kind);
        }
        let end = trace.events().last().map_or(now, |event| event.at.max(now));
        reader.finish(end)
    }

    /// What it came to at one host.
    pub fn of_host(&self, side: Side) -> &HostOutcome {
        &self.hosts[side as usize]
    }
}

/// One incarnation of a connection.
#[derive(Debug)]
struct Life {
    side: Side,
    /// Ours and the other side's; `None` for a connection that was there when the trace begins.
    sockets: Option<(SocketAddr, SocketAddr)>,
    iss: Option<SeqNumber>,
    irs: Option<SeqNumber>,
    state: State,
    began: Instant,
    ended: Option<Instant>,
    is_synchronized: bool,
    /// The last one, be it there or gone.
    counterpart: Option<usize>,
    /// Whether both had both numbers: then there will be no other.
    is_bound: bool,
    half_open_since: Option<Instant>,
    /// The incarnation in TIME-WAIT whose sockets this one took over.
    previous: Option<usize>,
    stream: Stream,
}

/// The text that a connection receives.
#[derive(Debug, Default)]
struct Stream {
    /// How many octets the user has received.
    delivered: i64,
    /// The segments with text that arrived since the last delivery.
    arrived: Vec<SegmentId>,
    /// What the counterpart's segments brought: the place of the first octet in the stream, and the text.
    genuine: Vec<(i64, Bytes)>,
}

/// Reads a trace from its first event to its last.
struct Reader<'a> {
    trace: &'a Trace,
    hosts: [HostOutcome; 2],
    lives: Vec<Life>,
    /// The present incarnation of each connection that is there, and when the connection came to be.
    present: LiteMap<(Side, ConnectionId), (usize, Instant)>,
    /// The present incarnation at a host between two sockets, its own first.
    by_sockets: LiteMap<(Side, SocketAddr, SocketAddr), usize>,
    /// Which incarnation sent a segment.
    senders: LiteMap<SegmentId, usize>,
    opened: Option<Instant>,
    /// The segment whose arrival began the step.
    arriving: Option<SegmentId>,
}

impl<'a> Reader<'a> {
    fn new(trace: &'a Trace) -> Self {
        Self {
            trace,
            hosts: Default::default(),
            lives: Vec::new(),
            present: LiteMap::new(),
            by_sockets: LiteMap::new(),
            senders: LiteMap::new(),
            opened: None,
            arriving: None,
        }
    }

    fn take(&mut self, at: Instant, kind: &EventKind) {
        match kind {
            EventKind::Called { side, connection, call, result } => {
                self.arriving = None;
                if matches!((&**call, result), (Call::Open { open: Open::Active, .. }, Ok(_))) {
                    self.opened.get_or_insert(at);
                }
                if let (Some(connection), Ok(Reply::Data(data))) = (connection, result) {
                    self.deliver(*side, *connection, data);
                }
            }
            EventKind::Arrived { side, segment, connection, .. } => {
                self.arriving = Some(*segment);
                if let Some(life) = connection.and_then(|connection| self.life_of(*side, connection)) {
                    self.text_arrives(life);
                }
            }
            EventKind::Expired { .. }
            | EventKind::Interfered { .. }
            | EventKind::Forged { .. }
            | EventKind::Accepted { .. }
            | EventKind::Crashed { .. }
            | EventKind::Rebooted { .. }
            | EventKind::Waited => self.arriving = None,
            EventKind::Found { side, connection, state } => {
                self.arriving = None;
                self.begin(at, *side, *connection, None, *state);
            }
            EventKind::Created { side, connection, sockets } => {
                let sockets = Some((sockets.local, sockets.remote));
                let life = self.begin(at, *side, *connection, sockets, State::Closed);
                self.learn_numbers(life);
                self.meet(at, life);
            }
            EventKind::Removed { side, connection } => {
                if let Some((life, since)) = self.present.remove(&(*side, *connection)) {
                    let host = &mut self.hosts[*side as usize];
                    host.held = host.held + at.since(since);
                    self.end(at, life);
                }
            }
            EventKind::Entered { side, connection: Some(connection), from, to } => {
                self.enter(at, *side, *connection, *from, *to);
            }
            EventKind::Told { side, connection: Some(connection), event: UserEvent::Received(data) } => {
                self.deliver(*side, *connection, data);
            }
            EventKind::Sent { side, connection, segment, datagram, .. } => {
                self.hosts[*side as usize].segments_sent += 1;
                if let Some(life) = connection.and_then(|connection| self.life_of(*side, connection)) {
                    self.senders.insert(*segment, life);
                    if datagram.segment.flags.syn && self.lives[life].iss.is_none() {
                        self.lives[life].iss = Some(datagram.segment.seq);
                        self.meet(at, life);
                    }
                }
            }
            EventKind::Entered { connection: None, .. }
            | EventKind::Told { .. }
            | EventKind::Decided { .. }
            | EventKind::Routed { .. }
            | EventKind::TimerSet { .. }
            | EventKind::BacklogFull { .. } => {}
        }
    }

    fn finish(mut self, now: Instant) -> Outcome {
        for ((side, _), (_, since)) in &self.present {
            let host = &mut self.hosts[*side as usize];
            host.held = host.held + now.since(*since);
            host.connections_left += 1;
        }
        for life in &self.lives {
            let host = &mut self.hosts[life.side as usize];
            let ended = life.ended.unwrap_or(now);
            if life.is_ghost() {
                host.ghosts += 1;
                host.held_by_ghosts = host.held_by_ghosts + ended.since(life.began);
            }
            if let Some(since) = life.half_open_since {
                host.half_open += 1;
                host.held_half_open = host.held_half_open + ended.since(since);
            }
        }
        Outcome { hosts: self.hosts }
    }

    fn life_of(&self, side: Side, connection: ConnectionId) -> Option<usize> {
        self.present.get(&(side, connection)).map(|(life, _)| *life)
    }

    /// A connection is there from now on.
    fn begin(
        &mut self,
        at: Instant,
        side: Side,
        connection: ConnectionId,
        sockets: Option<(SocketAddr, SocketAddr)>,
        state: State,
    ) -> usize {
        self.hosts[side as usize].connections += 1;
        let life = self.incarnate(at, side, sockets, state);
        self.present.insert((side, connection), (life, at));
        life
    }

    fn incarnate(&mut self, at: Instant, side: Side, sockets: Option<(SocketAddr, SocketAddr)>, state: State) -> usize {
        let life = self.lives.len();
        if let Some((local, remote)) = sockets {
            self.by_sockets.insert((side, local, remote), life);
        }
        self.lives.push(Life {
            side,
            sockets,
            iss: None,
            irs: None,
            state,
            began: at,
            ended: None,
            is_synchronized: false,
            counterpart: None,
            is_bound: false,
            half_open_since: None,
            previous: None,
            stream: Stream::default(),
        });
        life
    }

    fn end(&mut self, at: Instant, life: usize) {
        self.lives[life].ended = Some(at);
        if let Some((local, remote)) = self.lives[life].sockets {
            self.by_sockets.remove(&(self.lives[life].side, local, remote));
            if let Some(other) = self.opposite(life) {
                self.judge(at, other);
            }
        }
    }

    /// The state of a connection changes.
    fn enter(&mut self, at: Instant, side: Side, connection: ConnectionId, from: State, to: State) {
        let Some(mut life) = self.life_of(side, connection) else { return };
        match (from, to) {
            // A SYN takes over the sockets of an incarnation in TIME-WAIT (RFC 9293 MAY-2) …
            (State::TimeWait, State::SynReceived) => {
                let previous = life;
                self.end(at, previous);
                life = self.incarnate(at, side, self.lives[previous].sockets, to);
                self.lives[life].previous = Some(previous);
                self.learn_numbers(life);
            }
            // … and proves to be stale.
            (State::SynReceived, State::TimeWait) if self.lives[life].previous.is_some() => {
                self.end(at, life);
                let revived = self.lives[life].previous.expect("it was just seen there");
                self.lives[revived].ended = None;
                if let Some((local, remote)) = self.lives[revived].sockets {
                    self.by_sockets.insert((side, local, remote), revived);
                }
                life = revived;
            }
            (State::SynSent, State::SynReceived | State::Established) => self.learn_numbers(life),
            _ => {}
        }
        if let Some((present, _)) = self.present.get_mut(&(side, connection)) {
            *present = life;
        }
        self.lives[life].state = to;
        self.lives[life].is_synchronized |= is_synchronized(to);
        self.meet(at, life);
        if let (State::Established, Some(opened), Some(_)) = (to, self.opened, self.present_counterpart(life)) {
            self.hosts[side as usize].established_after.get_or_insert(at.since(opened));
        }
    }

    /// Takes the other side's initial sequence number from the segment that just arrived.
    fn learn_numbers(&mut self, life: usize) {
        let Some(segment) = self.arriving_segment() else { return };
        let numbers = if segment.flags.syn {
            (Some(segment.seq), self.lives[life].iss)
        } else {
            // What opens a connection without a SYN of its own answers a SYN cookie: it acknowledges our SYN, and its own
            // SYN came before (RFC 4987 §3.6).
            (Some(segment.seq - 1), segment.ack.map(|ack| ack - 1))
        };
        (self.lives[life].irs, self.lives[life].iss) = numbers;
        self.text_arrives(life);
    }

    /// Looks whether an incarnation has a counterpart, after its numbers or its state have changed; and so for the one
    /// at the other end.
    fn meet(&mut self, at: Instant, life: usize) {
        self.judge(at, life);
        if let Some(other) = self.opposite(life) {
            self.judge(at, other);
        }
    }

    fn judge(&mut self, at: Instant, life: usize) {
        let counterpart = self.present_counterpart(life);
        if let Some(other) = counterpart {
            let is_mutual = self.lives[other].irs.is_some();
            self.lives[life].counterpart = counterpart;
            self.lives[life].is_bound |= is_mutual;
            self.lives[life].half_open_since = None;
        } else if self.lives[life].counterpart.is_some() && expects_something(self.lives[life].state) {
            self.lives[life].half_open_since.get_or_insert(at);
        }
    }

    fn present_counterpart(&self, life: usize) -> Option<usize> {
        let other = self.opposite(life)?;
        let may_be_of =
            |one: usize, another: usize| !self.lives[one].is_bound || self.lives[one].counterpart == Some(another);
        let is_it =
            self.lives[life].knows_numbers_of(&self.lives[other]) && may_be_of(life, other) && may_be_of(other, life);
        is_it.then_some(other)
    }

    /// The present incarnation at the other host between the same sockets.
    fn opposite(&self, life: usize) -> Option<usize> {
        let (local, remote) = self.lives[life].sockets?;
        self.by_sockets.get(&(self.lives[life].side.other(), remote, local)).copied()
    }

    fn arriving_segment(&self) -> Option<&'a Segment> {
        self.trace.datagram(self.arriving?).map(|datagram| &datagram.segment)
    }

    /// The segment that just arrived may bring text to this incarnation. Whose it is is looked at on delivery: its numbers
    /// may not be known yet.
    fn text_arrives(&mut self, life: usize) {
        if let Some(segment) = self.arriving
            && self.arriving_segment().is_some_and(|segment| !segment.payload.is_empty())
        {
            self.lives[life].stream.arrived.push(segment);
        }
    }

    /// A user receives octets.
    fn deliver(&mut self, side: Side, connection: ConnectionId, data: &[u8]) {
        self.hosts[side as usize].octets_delivered += data.len() as u64;
        let Some(life) = self.life_of(side, connection) else { return };
        let Some(irs) = self.lives[life].irs else { return };
        let arrived = std::mem::take(&mut self.lives[life].stream.arrived);
        for segment in arrived {
            let sender = self.senders.get(&segment).copied();
            let is_genuine = sender.is_some() && sender == self.lives[life].counterpart;
            if let Some(datagram) = self.trace.datagram(segment).filter(|_| is_genuine) {
                self.lives[life].stream.keep(irs, &datagram.segment);
            }
        }
        let stale = self.lives[life].stream.deliver(data);
        self.hosts[side as usize].stale_octets_delivered += stale;
    }
}

impl Life {
    /// Whether the numbers of `other`, which has the same sockets at the other host, are those of a counterpart.
    fn knows_numbers_of(&self, other: &Life) -> bool {
        self.irs.is_some() && self.irs == other.iss && (other.irs.is_none() || other.irs == self.iss)
    }

    fn is_ghost(&self) -> bool {
        // Of those that were there before, nothing is known.
        self.is_synchronized && self.counterpart.is_none() && self.sockets.is_some()
    }
}

impl Stream {
    /// Remembers the text of a segment of the counterpart, whose initial sequence number is `irs`.
    fn keep(&mut self, irs: SeqNumber, segment: &Segment) {
        // Sequence numbers are modulo 2^32, the stream is not: the text lies near what is delivered.
        let first_missing = irs + 1 + self.delivered as u32;
        let place = self.delivered + i64::from(segment.text_seq().distance_from(first_missing));
        self.genuine.push((place, segment.payload.clone()));
    }

    /// Delivers octets and says how many of them are stale.
    fn deliver(&mut self, data: &[u8]) -> u64 {
        let mut is_genuine = vec![false; data.len()];
        for (place, text) in &self.genuine {
            // How far the text begins after what is delivered, or before it.
            let ahead = usize::try_from(place - self.delivered).unwrap_or(0);
            let behind = usize::try_from(self.delivered - place).unwrap_or(0);
            let (Some(text), Some(data)) = (text.get(behind..), data.get(ahead..)) else { continue };
            for ((is_genuine, octet), given) in is_genuine[ahead..].iter_mut().zip(text).zip(data) {
                *is_genuine |= octet == given;
            }
        }
        self.delivered += data.len() as i64;
        self.genuine.retain(|(place, text)| place + text.len() as i64 > self.delivered);
        is_genuine.iter().filter(|is_genuine| !**is_genuine).count() as u64
    }
}

/// Whether a state is one in which both sides' numbers are synchronized (RFC 9293 §3.5.2, group 3).
fn is_synchronized(state: State) -> bool {
    match state {
        State::Closed | State::Listen | State::SynSent | State::SynReceived => false,
        State::Established
        | State::FinWait1
        | State::FinWait2
        | State::CloseWait
        | State::Closing
        | State::LastAck
        | State::TimeWait => true,
    }
}

/// Whether the user still expects something of the other side: its text, its FIN, or that it takes ours.
fn expects_something(state: State) -> bool {
    match state {
        State::Established | State::FinWait1 | State::FinWait2 | State::CloseWait => true,
        // After both FINs the other side may be gone first, and rightly so.
        State::Closed
        | State::Listen
        | State::SynSent
        | State::SynReceived
        | State::Closing
        | State::LastAck
        | State::TimeWait => false,
    }
}
