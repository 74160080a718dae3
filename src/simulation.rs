//! Two hosts, the link between them, and the events to come. A [`Simulation`] is a value: no clock, no I/O, no
//! randomness of its own, so a copy of it lives the same life.

use std::collections::VecDeque;
use std::mem;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;

use crate::endpoint::{Call, CallError, Endpoint, Reply, State, Timer, UserEvent};
use crate::host::{Connection, ConnectionId, Datagram, Host, HostEffect, Target};
use crate::in_place::push_in_place;
use crate::isn::IsnGenerator;
use crate::network::{Action, Carried, Kind, Link, SegmentId, Side, Transit, apply};
use crate::profile::Profile;
use crate::segment::Segment;
use crate::time::{Duration, Instant};
use crate::trace::{EventKind, Fate, Record};

/// How many copies of segments may be in the network at once.
pub const MOST_IN_TRANSIT: usize = 4096;

/// Everything that has a future.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Simulation {
    now: Instant,
    hosts: [Host; 2],
    link: Link,
    in_transit: Vec<InTransit>,
    /// What the story will do and when, in order of time.
    scheduled: VecDeque<(Instant, Command)>,
    /// What the story will do once something has happened.
    waiting: Vec<Waiting>,
    /// How many octets each side's user has received.
    received: [u64; 2],
    next_segment: u32,
    /// What a host does in one step: empty between steps, when only its memory is left for the next.
    effects: Vec<HostEffect>,
    /// What the link makes of one segment: likewise.
    copies: Vec<Carried>,
}

/// Something that waits for what it is to follow.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Waiting {
    when: When,
    command: Command,
    /// How many segments of the kind that it waits for have left or arrived.
    counted: u32,
}

/// Something that the story does.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Scheduled {
    /// When.
    pub when: When,
    /// What.
    pub command: Command,
}

/// When a story does something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum When {
    /// At this time.
    At(Instant),
    /// A while after a connection of this side enters a state for the first time.
    Enters {
        /// Which side.
        side: Side,
        /// Which state.
        state: State,
        /// How long after.
        after: Duration,
    },
    /// A while after this side's user has received so many octets in all.
    Receives {
        /// Which side.
        side: Side,
        /// How many octets.
        octets: u32,
        /// How long after.
        after: Duration,
    },
    /// A while after so many segments of a kind that this side sends have left it, or have arrived.
    Segment {
        /// Who sends it.
        side: Side,
        /// Of which kind.
        kind: Kind,
        /// Which of them, counted from 1 as they leave or arrive, repetitions and copies included.
        nth: u32,
        /// What happens to it.
        passage: Passage,
        /// How long after.
        after: Duration,
    },
}

/// What happens to segments that are not lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Passage {
    /// It leaves its sender.
    Leaves,
    /// It arrives, undamaged.
    Arrives,
}

impl When {
    /// The same, so much later.
    pub fn later_by(self, span: Duration) -> Self {
        match self {
            When::At(at) => When::At(at + span),
            When::Enters { side, state, after } => When::Enters { side, state, after: after + span },
            When::Receives { side, octets, after } => When::Receives { side, octets, after: after + span },
            When::Segment { side, kind, nth, passage, after } => {
                When::Segment { side, kind, nth, passage, after: after + span }
            }
        }
    }

    /// How long after what it waits for; nothing for a time.
    pub fn after(&self) -> Duration {
        match self {
            When::At(_) => Duration::ZERO,
            When::Enters { after, .. } | When::Receives { after, .. } | When::Segment { after, .. } => *after,
        }
    }
}

/// What can be done to a simulation from outside.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Command {
    /// A user calls.
    Call {
        /// Whose user.
        side: Side,
        /// For which connection.
        target: Target,
        /// What.
        call: Call,
    },
    /// Something happens to a segment that is on its way.
    Interfere {
        /// Which.
        segment: SegmentId,
        /// What.
        action: Action,
    },
    /// A segment that nobody sent travels to `to`, with the link's delay.
    Forge {
        /// Whom it travels to.
        to: Side,
        /// What it is.
        datagram: Arc<Datagram>,
    },
    /// A user takes the oldest established connection that waits for it, of a port or of any.
    Accept {
        /// Whose user.
        side: Side,
        /// Of which listener.
        port: Option<u16>,
    },
    /// A host forgets everything and stops.
    Crash(Side),
    /// A host comes up again, without knowing anything; one that runs crashes first.
    Reboot(Side),
    /// Time passes until then, if nothing else happens before.
    Wait(Instant),
}

/// Why a command cannot be carried out. The simulation is as it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CommandError {
    /// No segment has this number.
    #[error("segment {0} does not exist")]
    NoSuchSegment(u32),
    /// It has arrived, or is lost already.
    #[error("segment {0} is no longer on its way")]
    NotOnItsWay(u32),
    /// Only a held segment can be released.
    #[error("segment {0} is not held")]
    NotHeld(u32),
    /// A host that has crashed has no users.
    #[error("the {} is down", .0.name())]
    HostIsDown(Side),
    /// The network is full.
    #[error("more than {MOST_IN_TRANSIT} segments would be on their way")]
    TooManyInTransit,
    /// Something else happens first, or that time is past.
    #[error("the time to wait for is past, or something happens before")]
    CannotWait,
}

/// A copy of a segment in the network.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct InTransit {
    /// Which segment.
    pub segment: SegmentId,
    /// Which copy of it.
    pub copy: u32,
    /// How many copies of it there ever were.
    pub copies: u32,
    /// Who sent it; `None` if it is forged.
    pub from: Option<Side>,
    /// Whom it travels to.
    pub to: Side,
    /// What it is.
    pub datagram: Arc<Datagram>,
    /// When it arrives, and whether its octets are still what was sent.
    pub carried: Carried,
}

/// What comes next. At one instant arrivals come first, in the order in which the segments left; then what the story
/// does; then timers, the client's before the server's. So an acknowledgment that arrives at the very moment at which
/// the retransmission timer expires is in time.
enum Next {
    Arrival(usize),
    Scheduled,
    Timeout(Side, ConnectionId, Timer),
}

impl Simulation {
    /// Two hosts that have just come up.
    pub fn new(client: Host, server: Host, link: Link, story: Vec<Scheduled>) -> Self {
        let (mut scheduled, mut waiting) = (Vec::new(), Vec::new());
        for it in story {
            match it.when {
                When::At(at) => scheduled.push((at, it.command)),
                When::Enters { .. } | When::Receives { .. } | When::Segment { .. } => {
                    waiting.push(Waiting { when: it.when, command: it.command, counted: 0 });
                }
            }
        }
        scheduled.sort_by_key(|(at, _)| *at);
        Self {
            now: Instant::ZERO,
            hosts: [client, server],
            link,
            in_transit: Vec::new(),
            scheduled: scheduled.into(),
            waiting,
            received: [0; 2],
            next_segment: 0,
            effects: Vec::new(),
            copies: Vec::new(),
        }
    }

    /// The address of a side's host, from the block reserved for documentation (RFC 5737).
    pub fn address_of(side: Side) -> IpAddr {
        IpAddr::V4(match side {
            Side::Client => Ipv4Addr::new(192, 0, 2, 1),
            Side::Server => Ipv4Addr::new(192, 0, 2, 2),
        })
    }

    /// A host for a side, with these settings.
    pub fn host_for(side: Side, profile: Profile, isn: IsnGenerator) -> Host {
        Host::new(Self::address_of(side), profile, isn)
    }

    /// The time of the last event.
    pub fn now(&self) -> Instant {
        self.now
    }

    /// A side's host.
    pub fn host(&self, side: Side) -> &Host {
        &self.hosts[side as usize]
    }

    /// The connections of a side that are ghosts: established or later, while the other host has no connection with
    /// these sockets that began with the number that ours took for its initial one.
    pub fn ghosts(&self, side: Side) -> impl Iterator<Item = ConnectionId> + '_ {
        let others = self.host(side.other()).connections();
        self.host(side).connections().iter().filter_map(move |it| {
            let is_behind = |other: &Connection| {
                other.local == it.remote
                    && other.remote == it.local
                    && other.endpoint.tcb().iss == it.endpoint.tcb().irs
            };
            (it.endpoint.state().is_open() && !others.iter().any(is_behind)).then_some(it.id)
        })
    }

    /// The link.
    pub fn link(&self) -> &Link {
        &self.link
    }

    /// What is in the network.
    pub fn in_transit(&self) -> &[InTransit] {
        &self.in_transit
    }

    /// When the next event happens; `None` when nothing is left to happen.
    pub fn next_event_at(&self) -> Option<Instant> {
        self.next().map(|(at, _)| at)
    }

    /// Puts a connection in place as if it had lived up to here.
    pub fn restore(
        &mut self,
        side: Side,
        local_port: u16,
        remote: SocketAddr,
        endpoint: Endpoint,
        record: &mut impl Record,
    ) -> ConnectionId {
        let state = endpoint.state();
        let connection = self.hosts[side as usize].restore(local_port, remote, endpoint);
        record.begin_step();
        record.record(self.now, || EventKind::Found { side, connection, state });
        connection
    }

    /// Processes exactly one event. Says whether there was one.
    pub fn step(&mut self, record: &mut impl Record) -> bool {
        let Some((at, next)) = self.next() else { return false };
        self.now = self.now.max(at);
        match next {
            Next::Arrival(index) => {
                record.begin_step();
                self.arrive(index, record);
            }
            Next::Scheduled => {
                let (_, command) = self.scheduled.pop_front().expect("it was just found there");
                if self.apply(command, record).is_err() {
                    // The story asks for something that is not possible here, such as losing a segment that never
                    // left: time passes, nothing happens.
                    record.begin_step();
                    record.record(self.now, || EventKind::Waited);
                }
            }
            Next::Timeout(side, connection, timer) => self.expire(side, connection, timer, record),
        }
        true
    }

    /// Lets a timer expire now, whatever else is due at this instant: whoever tells a story may choose another order.
    pub fn expire(&mut self, side: Side, connection: ConnectionId, timer: Timer, record: &mut impl Record) {
        record.begin_step();
        record.record(self.now, || EventKind::Expired { side, connection, timer });
        let mut effects = mem::take(&mut self.effects);
        self.hosts[side as usize].timeout(self.now, connection, timer, &mut effects);
        self.take_effects(side, effects, record);
    }

    /// Carries out a command now. A failed user call is no error here: it is recorded with what it returned.
    ///
    /// # Errors
    /// If the command names something that is not there. Nothing has changed then, and nothing was recorded.
    pub fn apply(&mut self, command: Command, record: &mut impl Record) -> Result<(), CommandError> {
        match command {
            Command::Call { side, target, call } => {
                self.require_up(side)?;
                self.call(side, target, call, record);
                Ok(())
            }
            Command::Accept { side, port } => {
                self.require_up(side)?;
                let mut effects = mem::take(&mut self.effects);
                let connection = self.hosts[side as usize].accept(self.now, port, &mut effects);
                record.begin_step();
                record.record(self.now, || EventKind::Accepted { side, connection });
                self.take_effects(side, effects, record);
                Ok(())
            }
            Command::Crash(side) => {
                self.require_up(side)?;
                record.begin_step();
                record.record(self.now, || EventKind::Crashed { side });
                let mut effects = mem::take(&mut self.effects);
                self.hosts[side as usize].crash(&mut effects);
                self.take_effects(side, effects, record);
                Ok(())
            }
            Command::Reboot(side) => {
                record.begin_step();
                record.record(self.now, || EventKind::Rebooted { side });
                let mut effects = mem::take(&mut self.effects);
                self.hosts[side as usize].reboot(self.now, &mut effects);
                self.take_effects(side, effects, record);
                Ok(())
            }
            Command::Interfere { segment, action } => self.interfere(segment, action, record),
            Command::Forge { to, datagram } => self.forge(to, datagram, record),
            Command::Wait(until) => {
                let is_free = self.next_event_at().is_none_or(|next| until <= next);
                if until <= self.now || !is_free {
                    return Err(CommandError::CannotWait);
                }
                self.now = until;
                record.begin_step();
                record.record(self.now, || EventKind::Waited);
                Ok(())
            }
        }
    }

    /// Checks what must hold after every event.
    ///
    /// # Panics
    /// If an invariant is broken, with its name.
    pub fn check_invariants(&self) {
        self.hosts.iter().for_each(Host::check_invariants);
        assert!(self.in_transit.len() <= MOST_IN_TRANSIT, "the network is bounded");
        for it in &self.in_transit {
            assert!(
                matches!(it.carried.transit, Transit::Held)
                    || matches!(it.carried.transit, Transit::Due(at) if at >= self.now),
                "no copy is late"
            );
        }
    }

    fn next(&self) -> Option<(Instant, Next)> {
        let mut arrival: Option<((Instant, SegmentId, u32), usize)> = None;
        for (index, it) in self.in_transit.iter().enumerate() {
            if let Transit::Due(at) = it.carried.transit {
                let key = (at, it.segment, it.copy);
                if arrival.is_none_or(|(first, _)| key < first) {
                    arrival = Some((key, index));
                }
            }
        }
        let mut next = arrival.map(|((at, ..), index)| (at, Next::Arrival(index)));
        // What comes later in the order at one instant must be due before all that comes earlier in it.
        let mut offer = |at: Instant, it: Next| {
            if next.as_ref().is_none_or(|(first, _)| at < *first) {
                next = Some((at, it));
            }
        };
        if let Some((at, _)) = self.scheduled.front() {
            offer((*at).max(self.now), Next::Scheduled);
        }
        for side in Side::BOTH {
            if let Some((at, connection, timer)) = self.hosts[side as usize].next_timer() {
                offer(at, Next::Timeout(side, connection, timer));
            }
        }
        next
    }

    fn arrive(&mut self, index: usize, record: &mut impl Record) {
        let InTransit { segment, copy, from, to: side, datagram, carried, .. } = self.in_transit.remove(index);
        let mut effects = mem::take(&mut self.effects);
        let host = &mut self.hosts[side as usize];
        let connection = if carried.is_intact {
            host.datagram_arrives(self.now, &datagram, &mut effects)
        } else {
            host.damaged_datagram_arrives(&mut effects);
            None
        };
        record.record(self.now, || EventKind::Arrived { side, segment, copy, connection });
        if let (Some(from), true) = (from, carried.is_intact) {
            self.count_passage(from, Passage::Arrives, &datagram.segment);
        }
        self.take_effects(side, effects, record);
    }

    fn require_up(&self, side: Side) -> Result<(), CommandError> {
        if self.host(side).is_up() { Ok(()) } else { Err(CommandError::HostIsDown(side)) }
    }

    fn call(&mut self, side: Side, target: Target, call: Call, record: &mut impl Record) {
        let mut effects = mem::take(&mut self.effects);
        let outcome = self.hosts[side as usize].call(self.now, target, call.clone(), &mut effects);
        let (connection, result) = match outcome {
            Ok((reply, connection)) => (connection, Ok(reply)),
            Err(error) => (None, Err::<_, CallError>(error)),
        };
        if let Ok(Reply::Data(data)) = &result {
            self.count_received(side, data.len());
        }
        record.begin_step();
        record.record(self.now, || EventKind::Called { side, connection, call: Box::new(call), result });
        self.take_effects(side, effects, record);
    }

    fn interfere(&mut self, segment: SegmentId, action: Action, record: &mut impl Record) -> Result<(), CommandError> {
        if segment.0 >= self.next_segment {
            return Err(CommandError::NoSuchSegment(segment.0));
        }
        let indices: Vec<usize> =
            (0..self.in_transit.len()).filter(|index| self.in_transit[*index].segment == segment).collect();
        let Some(first) = indices.first().map(|index| self.in_transit[*index].clone()) else {
            return Err(CommandError::NotOnItsWay(segment.0));
        };
        let before: Vec<Carried> = indices.iter().map(|index| self.in_transit[*index].carried).collect();
        if action == Action::Release && !before.iter().any(|it| it.transit == Transit::Held) {
            return Err(CommandError::NotHeld(segment.0));
        }
        if matches!(action, Action::Duplicate(_)) && self.in_transit.len() >= MOST_IN_TRANSIT {
            return Err(CommandError::TooManyInTransit);
        }
        let mut after = before.clone();
        apply(action, &mut after, self.now, self.link.delay);
        record.begin_step();
        record.record(self.now, || EventKind::Interfered { segment, action });
        let mut copies = first.copies;
        for (place, index) in indices.iter().enumerate() {
            let it = &mut self.in_transit[*index];
            let copy = it.copy;
            match after.get(place) {
                Some(carried) if *carried == it.carried => {}
                Some(carried) => {
                    it.carried = *carried;
                    record.record(self.now, || EventKind::Routed { segment, copy, fate: fate_of(*carried) });
                }
                None => record.record(self.now, || EventKind::Routed { segment, copy, fate: Fate::Lost }),
            }
        }
        if after.is_empty() {
            self.in_transit.retain(|it| it.segment != segment);
        }
        for carried in after.into_iter().skip(before.len()) {
            self.in_transit.push(InTransit { copy: copies, carried, ..first.clone() });
            record.record(self.now, || EventKind::Routed { segment, copy: copies, fate: fate_of(carried) });
            copies += 1;
        }
        for it in self.in_transit.iter_mut().filter(|it| it.segment == segment) {
            it.copies = copies;
        }
        Ok(())
    }

    fn forge(&mut self, to: Side, datagram: Arc<Datagram>, record: &mut impl Record) -> Result<(), CommandError> {
        if self.in_transit.len() >= MOST_IN_TRANSIT {
            return Err(CommandError::TooManyInTransit);
        }
        record.begin_step();
        let segment = self.name_segment();
        record.record(self.now, || EventKind::Forged { segment, to, datagram: Arc::clone(&datagram) });
        let carried = Carried::due(self.now + self.link.delay);
        record.record(self.now, || EventKind::Routed { segment, copy: 0, fate: fate_of(carried) });
        self.in_transit.push(InTransit { segment, copy: 0, copies: 1, from: None, to, datagram, carried });
        Ok(())
    }

    fn take_effects(&mut self, side: Side, mut effects: Vec<HostEffect>, record: &mut impl Record) {
        let now = self.now;
        for effect in effects.drain(..) {
            match effect {
                HostEffect::Created { connection, sockets } => {
                    record.record(now, || EventKind::Created { side, connection, sockets });
                }
                HostEffect::Removed { connection } => record.record(now, || EventKind::Removed { side, connection }),
                HostEffect::Timer { connection, timer, deadline } => {
                    record.record(now, || EventKind::TimerSet { side, connection, timer, deadline });
                }
                HostEffect::BacklogFull { port } => record.record(now, || EventKind::BacklogFull { side, port }),
                HostEffect::Send { connection, datagram, role } => {
                    let segment = self.name_segment();
                    let event = EventKind::Sent { side, connection, segment, datagram: Arc::clone(&datagram), role };
                    record.record(now, || event);
                    self.carry(side, segment, datagram, record);
                }
                HostEffect::Because { connection, rule } => {
                    record.record(now, || EventKind::Decided { side, connection, rule });
                }
                HostEffect::Enter { connection, from, to } => {
                    record.record(now, || EventKind::Entered { side, connection, from, to });
                    self.wake(|it| match it.when {
                        When::Enters { side: s, state, .. } => s == side && state == to,
                        When::Receives { .. } | When::Segment { .. } | When::At(_) => false,
                    });
                }
                HostEffect::Tell { connection, event } => {
                    if let UserEvent::Received(data) = &event {
                        self.count_received(side, data.len());
                    }
                    record.record(now, || EventKind::Told { side, connection, event });
                }
            }
        }
        self.effects = effects;
    }

    fn carry(&mut self, from: Side, segment: SegmentId, datagram: Arc<Datagram>, record: &mut impl Record) {
        let room = MOST_IN_TRANSIT.saturating_sub(self.in_transit.len());
        let to = from.other();
        let mut copies = mem::take(&mut self.copies);
        self.link.carry(self.now, from, &datagram.segment, &mut copies);
        // A network that is full loses what comes on top.
        copies.truncate(room);
        // Lost is also what goes to an address that nobody has, as the answer to a SYN from a forged one does (RFC 4987 §2.1).
        if datagram.destination.ip() != self.host(to).address() {
            copies.clear();
        }
        if copies.is_empty() {
            record.record(self.now, || EventKind::Routed { segment, copy: 0, fate: Fate::Lost });
        }
        let count = u32::try_from(copies.len()).unwrap_or(u32::MAX);
        self.count_passage(from, Passage::Leaves, &datagram.segment);
        for (copy, carried) in (0..count).zip(copies.drain(..)) {
            record.record(self.now, || EventKind::Routed { segment, copy, fate: fate_of(carried) });
            let datagram = Arc::clone(&datagram);
            push_in_place(&mut self.in_transit, || InTransit {
                segment,
                copy,
                copies: count,
                from: Some(from),
                to,
                datagram,
                carried,
            });
        }
        self.copies = copies;
    }

    /// Wakes what waits for a segment of this side that leaves or arrives.
    fn count_passage(&mut self, from: Side, passage: Passage, segment: &Segment) {
        for it in &mut self.waiting {
            if let When::Segment { side, kind, passage: awaited, .. } = it.when
                && (side, awaited) == (from, passage)
                && kind.has(segment)
            {
                it.counted = it.counted.saturating_add(1);
            }
        }
        self.wake(|it| match it.when {
            When::Segment { nth, .. } => it.counted >= nth,
            When::Enters { .. } | When::Receives { .. } | When::At(_) => false,
        });
    }

    fn count_received(&mut self, side: Side, octets: usize) {
        let total = &mut self.received[side as usize];
        *total = total.saturating_add(octets as u64);
        let total = *total;
        self.wake(|it| match it.when {
            When::Receives { side: s, octets, .. } => s == side && total >= u64::from(octets),
            When::Enters { .. } | When::Segment { .. } | When::At(_) => false,
        });
    }

    /// Sets a time for what has waited for something that has happened now.
    fn wake(&mut self, has_happened: impl Fn(&Waiting) -> bool) {
        let mut index = 0;
        while index < self.waiting.len() {
            if !has_happened(&self.waiting[index]) {
                index += 1;
                continue;
            }
            let Waiting { when, command, .. } = self.waiting.remove(index);
            let at = self.now + when.after();
            let place = self.scheduled.partition_point(|(other, _)| *other <= at);
            self.scheduled.insert(place, (at, command));
        }
    }

    fn name_segment(&mut self) -> SegmentId {
        let id = SegmentId(self.next_segment);
        self.next_segment += 1;
        id
    }
}

fn fate_of(carried: Carried) -> Fate {
    match carried {
        Carried { transit: Transit::Held, .. } => Fate::Held,
        Carried { transit: Transit::Due(at), is_intact: true } => Fate::Due(at),
        Carried { transit: Transit::Due(at), is_intact: false } => Fate::Damaged(at),
    }
}
