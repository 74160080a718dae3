//! Two hosts, the link between them, and the events to come. A [`Simulation`] is a value: no clock, no I/O, no
//! randomness of its own, so a copy of it lives the same life.

mod deed;
mod story;
mod traffic;

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use crate::endpoint::Endpoint;
use crate::host::{EffectSink, Host, HostEffect, Target};
use crate::isn::IsnGenerator;
use crate::network::Link;
use crate::profile::Profile;
use crate::segment::Datagram;
use crate::tcp::{Call, CallError, ConnectionId, Reply, Side, Timer, UserEvent};
use crate::time::Instant;
use crate::trace::{Certainty, EventKind, Record, Source};

use story::Agenda;
use traffic::Traffic;

pub use crate::tcp::{DeedError, MOST_IN_TRANSIT};
pub use deed::{DEFAULT_SERVER_PORT, Deed, Intruder, Mark, Peer, Ports, UserCall, Whose};
pub use story::{Act, Passage, When};
pub use traffic::InTransit;

/// The latest time until which a run waits: some thirty years. Time itself ends much later, and must not be reached: there
/// nothing would be later than anything else.
pub const LATEST_WAIT: Instant = Instant::from_ms(1_000_000_000_000);

/// Everything that has a future.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Simulation {
    now: Instant,
    hosts: [Host; 2],
    ports: Ports,
    traffic: Traffic,
    story: Agenda,
}

/// What comes next. At one instant arrivals come first, in the order in which the segments left; then what the story
/// does; then timers, the client's before the server's. So an acknowledgment that arrives at the very moment at which
/// the retransmission timer expires is in time.
enum Next {
    Arrival(usize),
    Scheduled,
    Timeout(Side),
}

impl Simulation {
    /// Two hosts that have just come up, the ports that deeds mean where they name none, and what will be done when. What
    /// the hosts did before concerns nobody here.
    pub fn new(mut client: Host, mut server: Host, ports: Ports, link: Link, story: Vec<Act>) -> Self {
        for host in [&mut client, &mut server] {
            host.take_effects();
        }
        let addresses = [client.address(), server.address()];
        Self {
            now: Instant::ZERO,
            hosts: [client, server],
            ports,
            traffic: Traffic::new(link, addresses),
            story: Agenda::new(story),
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

    /// The link.
    pub fn link(&self) -> &Link {
        self.traffic.link()
    }

    /// What is in the network.
    pub fn in_transit(&self) -> &[InTransit] {
        self.traffic.in_transit()
    }

    /// Whether the story would do something once this happens, and it has not.
    pub fn waits_for(&self, when: When) -> bool {
        self.story.waits_for(when)
    }

    /// Whether the story would do this at a time that is known already, and has not.
    pub fn has_scheduled(&self, deed: &Deed) -> bool {
        self.story.has_scheduled(deed)
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
        record.begin(self.now, Source::Outside, || EventKind::Found { side, connection, state });
        connection
    }

    /// Forgets what the story would still do: from now on no user calls, no fault waits on the link, and nothing there is left to
    /// luck. What is on its way stays so.
    pub fn leave_alone(&mut self) {
        self.story = Agenda::new(Vec::new());
        self.traffic.link_mut().spare_the_rest();
    }

    /// Processes exactly one event. Says whether there was one.
    pub fn step(&mut self, record: &mut impl Record) -> bool {
        let Some((at, next)) = self.next() else { return false };
        self.now = self.now.max(at);
        match next {
            Next::Arrival(index) => self.arrive(index, record),
            Next::Scheduled => {
                let deed = self.story.take_next().expect("it was just found there");
                if let Err(error) = self.apply(deed, record) {
                    // The story asks for something that is not possible here, such as losing a segment that never left.
                    record.begin(self.now, Source::Outside, || EventKind::Refused { error });
                }
            }
            Next::Timeout(side) => {
                let (_, connection, timer) = self.host(side).next_timer().expect("one is due");
                self.expire(side, connection, timer, record);
            }
        }
        true
    }

    /// Lets a timer expire now, whatever else is due at this instant: whoever tells a story may choose another order.
    pub fn expire(&mut self, side: Side, connection: ConnectionId, timer: Timer, record: &mut impl Record) {
        record.begin(self.now, Source::Timer(side, connection, timer), || EventKind::Expired {
            side,
            connection,
            timer,
        });
        self.hosts[side as usize].timeout(self.now, connection, timer);
        self.report(side, record);
    }

    /// Does something now. A failed user call is no error here: it is recorded with what it returned.
    ///
    /// # Errors
    /// If the deed names something that is not there. Nothing has changed then, and nothing was recorded.
    pub fn apply(&mut self, deed: Deed, record: &mut impl Record) -> Result<(), DeedError> {
        match deed {
            Deed::User { side, call: UserCall::Accept(port), .. } => {
                self.require_up(side)?;
                let connection = self.hosts[side as usize].accept(self.now, port);
                record.begin(self.now, Source::Outside, || EventKind::Accepted { side, connection });
                self.report(side, record);
                Ok(())
            }
            Deed::User { side, whose, call } => {
                let (target, call) = self.ports.call(side, whose, call).expect("ACCEPT has an arm of its own");
                self.call(side, target, call, record)
            }
            Deed::Crash(side) => {
                self.require_up(side)?;
                record.begin(self.now, Source::Outside, || EventKind::Crashed { side });
                self.hosts[side as usize].crash();
                self.report(side, record);
                Ok(())
            }
            Deed::Reboot(side) => {
                record.begin(self.now, Source::Outside, || EventKind::Rebooted { side });
                self.hosts[side as usize].reboot(self.now);
                self.report(side, record);
                Ok(())
            }
            Deed::Interfere(segment, action) => self.traffic.interfere(self.now, segment, action, record),
            Deed::Intrude(intruder) => {
                let datagram = self.datagram_of(&intruder)?;
                self.traffic.intrude(self.now, intruder.intrusion, intruder.to, datagram.into(), record)
            }
            Deed::Wait(until) => {
                let is_free = self.next_event_at().is_none_or(|next| until <= next);
                if until <= self.now || until > LATEST_WAIT || !is_free {
                    return Err(DeedError::CannotWait);
                }
                self.now = until;
                record.begin(self.now, Source::Outside, || EventKind::Waited);
                Ok(())
            }
        }
    }

    /// A user calls now, as hosts take it: also what no story asks for, such as to open without saying to whom. What the
    /// call returned is recorded, even if that is an error.
    ///
    /// # Errors
    /// If the host is down. Nothing has changed then, and nothing was recorded.
    pub fn call(&mut self, side: Side, target: Target, call: Call, record: &mut impl Record) -> Result<(), DeedError> {
        self.require_up(side)?;
        let outcome = self.hosts[side as usize].call(self.now, target, call.clone());
        let (connection, result) = match outcome {
            Ok((reply, connection)) => (connection, Ok(reply)),
            Err(error) => (None, Err::<_, CallError>(error)),
        };
        if let Ok(Reply::Data(data)) = &result {
            self.story.receives(self.now, side, data.len());
        }
        record.begin(self.now, Source::Outside, move || EventKind::Called {
            side,
            connection,
            call: Box::new(call),
            result,
        });
        self.report(side, record);
        Ok(())
    }

    /// Checks what must hold after every event.
    ///
    /// # Panics
    /// If an invariant is broken, with its name.
    pub fn check_invariants(&self) {
        self.hosts.iter().for_each(Host::check_invariants);
        self.traffic.check_invariants(self.now);
    }

    fn next(&self) -> Option<(Instant, Next)> {
        let mut next = self.traffic.next_arrival().map(|(at, index)| (at, Next::Arrival(index)));
        // At one instant there is an order; what is later in it has to be due strictly before what is earlier in it.
        let is_first = |at, next: &Option<(Instant, Next)>| next.as_ref().is_none_or(|(first, _)| at < *first);
        if let Some(at) = self.story.next_at().map(|at| at.max(self.now)).filter(|at| is_first(*at, &next)) {
            next = Some((at, Next::Scheduled));
        }
        for side in Side::BOTH {
            if let Some(at) = self.host(side).next_deadline().filter(|at| is_first(*at, &next)) {
                next = Some((at, Next::Timeout(side)));
            }
        }
        next
    }

    fn arrive(&mut self, index: usize, record: &mut impl Record) {
        let InTransit { segment, copy, from, to: side, datagram, carried, .. } = self.traffic.take(index);
        let host = &mut self.hosts[side as usize];
        let connection = if carried.is_intact {
            host.datagram_arrives(self.now, &datagram)
        } else {
            host.damaged_datagram_arrives();
            None
        };
        record.begin(self.now, Source::Segment(segment), move || EventKind::Arrived {
            side,
            segment,
            copy,
            connection,
        });
        if let (Some(from), true) = (from, carried.is_intact) {
            self.story.passes(self.now, from, Passage::Arrives, &datagram.segment);
        }
        self.report(side, record);
    }

    /// The segment that an intruder is here and now: of several, the first.
    fn datagram_of(&self, intruder: &Intruder) -> Result<Datagram, DeedError> {
        let mut datagram = self.ports.datagram(intruder);
        let Datagram { source, destination, segment } = &mut datagram;
        let (from, to) = (self.host(intruder.to.other()), self.host(intruder.to));
        if intruder.has_usual_window
            && let Some(sender) = from.connection_between(*source, *destination)
            && let Some(window) = sender.endpoint.window_field(segment.flags.syn, from.profile())
        {
            segment.wnd = window;
        }
        if intruder.seq_from.is_some() || intruder.ack_from.is_some() {
            let receiver = to.connection_between(*destination, *source).map(|it| it.endpoint.tcb());
            let syn_ack = self.traffic.last_syn_ack(*destination, *source).filter(|_| receiver.is_none());
            let unknown = DeedError::NothingToCountFrom(intruder.to);
            if let Some(mark) = intruder.seq_from {
                let of_cookie = syn_ack.and_then(|it| it.ack);
                let number = match (&receiver, mark) {
                    (Some(tcb), Mark::Isn) => tcb.irs,
                    (Some(tcb), _) => tcb.rcv_nxt,
                    (None, Mark::Isn) => of_cookie.map(|nxt| nxt - 1),
                    (None, _) => of_cookie,
                };
                segment.seq = number.ok_or(unknown)? + segment.seq.0;
            }
            if let (Some(mark), Some(offset)) = (intruder.ack_from, segment.ack) {
                let of_cookie = syn_ack.map(|it| it.seq);
                let number = match (&receiver, mark) {
                    (Some(tcb), Mark::Isn) => tcb.iss,
                    (Some(tcb), Mark::Una) => tcb.snd_una,
                    (Some(tcb), Mark::Nxt) => tcb.snd_nxt,
                    (None, Mark::Isn | Mark::Una) => of_cookie,
                    (None, Mark::Nxt) => of_cookie.map(|iss| iss + 1),
                };
                segment.ack = Some(number.ok_or(unknown)? + offset.0);
            }
        }
        Ok(datagram)
    }

    fn require_up(&self, side: Side) -> Result<(), DeedError> {
        if self.host(side).is_up() { Ok(()) } else { Err(DeedError::HostIsDown(side)) }
    }

    /// Records what a host did, and lets it have its consequences.
    fn report(&mut self, side: Side, record: &mut impl Record) {
        let Self { now, hosts, traffic, story, .. } = self;
        hosts[side as usize].show(&mut Recorder { now: *now, side, traffic, story, record });
    }
}

/// Records what one host does.
struct Recorder<'a, R> {
    now: Instant,
    side: Side,
    traffic: &'a mut Traffic,
    story: &'a mut Agenda,
    record: &'a mut R,
}

impl<R: Record> EffectSink for Recorder<'_, R> {
    /// Most callers know the kind of the effect: inlined, only one arm of the match is left there.
    #[inline(always)]
    fn put(&mut self, effect: HostEffect) {
        let Self { now, side, .. } = *self;
        let record = &mut *self.record;
        match effect {
            HostEffect::Created { connection, sockets, origin } => {
                record.follow(now, move || EventKind::Created { side, connection, sockets, origin });
            }
            HostEffect::Removed { connection } => record.follow(now, move || EventKind::Removed { side, connection }),
            HostEffect::Timer { connection, timer, deadline } => {
                record.follow(now, move || EventKind::TimerSet { side, connection, timer, deadline });
            }
            HostEffect::BacklogFull { port } => record.follow(now, move || EventKind::BacklogFull { side, port }),
            HostEffect::Send { connection, datagram, role } => {
                self.story.passes(now, side, Passage::Leaves, &datagram.segment);
                self.traffic.send(now, side, connection, datagram, role, record);
            }
            HostEffect::Because { connection, rule } => {
                record.follow(now, move || EventKind::Decided { side, connection, rule });
            }
            HostEffect::Enter { connection, port, from, to } => {
                let certainty = Certainty::Known;
                record.follow(now, move || EventKind::Entered { side, connection, port, from, to, certainty });
                self.story.enters(now, side, to);
            }
            HostEffect::Tell { connection, event } => {
                if let UserEvent::Received(data) = &event {
                    self.story.receives(now, side, data.len());
                }
                record.follow(now, move || EventKind::Told { side, connection, event });
            }
        }
    }
}
