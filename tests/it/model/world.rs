//! A small world: the two real hosts, what is in the network between them, and what may still happen.
//!
//! Time is taken out, so that the same situation is the same state whenever it is reached: the clock stands still, and
//! a timer that runs may expire, under conditions that stand for its length (see [`Setting::timers`]).

use std::net::SocketAddr;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use bytes::Bytes;
use stateright::{Model, Property};
use synfin::endpoint::{Tcb, Timers};
use synfin::host::{Connection, Host, HostEffect, Target};
use synfin::isn::IsnGenerator;
use synfin::rule::Rule;
use synfin::scenario::Scenario;
use synfin::segment::{Datagram, Segment};
use synfin::seq::SeqNumber;
use synfin::simulation::{Simulation, UserCall, Whose};
use synfin::tcp::{Call, CallError, ConnectionId, Open, Reply, Side, State, Timer, UserEvent};
use synfin::time::{Duration, Instant};

/// How often a segment is repeated while nothing else moves before its sender may give up, or TIME-WAIT end: some
/// number, for R2 and 2 MSL are much longer than the first timeouts.
const MOST_REPETITIONS: u32 = 2;

/// Later than R2 of anything.
const AFTER_R2: Duration = Duration::from_secs(3600);

/// What a world starts from, what may happen in it, and what is claimed of it.
#[derive(Clone)]
pub struct Setting {
    /// The hosts and their settings. Nobody does anything in it.
    pub story: Scenario,
    /// Segments of earlier incarnations that are still somewhere in the network.
    pub stale: Vec<Stale>,
    /// In which order segments arrive.
    pub order: Order,
    /// What may happen, and how often.
    pub may: Budget,
    /// What is claimed.
    pub claims: Vec<Property<Setting>>,
}

/// A segment that nobody of this story sent.
#[derive(Clone, Debug)]
pub struct Stale {
    pub to: Side,
    pub segment: Segment,
    /// The port that it comes from; that of the other side if it is `None`. A connection with another port is a stranger:
    /// it is there only while its SYN,ACK or the reset that answers it is on its way.
    pub from: Option<u16>,
}

/// In which order the segments of one direction arrive. Late copies arrive whenever they like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// Any overtakes any.
    Any,
    /// As they left.
    AsSent,
}

/// What may still happen, and how often. Arrays are by side.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Budget {
    pub opens: [u8; 2],
    /// SENDs of one octet each.
    pub sends: [u8; 2],
    pub closes: [u8; 2],
    /// CLOSEs of users who will not read either.
    pub leaves: [u8; 2],
    /// RECEIVEs of all there is.
    pub reads: [u8; 2],
    pub aborts: [u8; 2],
    /// Takings of established connections.
    pub accepts: [u8; 2],
    /// Keep-alive timers that expire. Each answer to one is counted as a challenge ACK, of a second that never ends here.
    pub asks: [u8; 2],
    /// The host forgets everything and comes up again, with its listener.
    pub crashes: [u8; 2],
    /// Segments that are lost.
    pub losses: u8,
    /// Segments of which a copy stays in the network and may arrive later, or never.
    pub copies: u8,
    /// Retransmission timers that expire while segments are on their way: the delay was longer than they thought.
    pub hasty: u8,
}

/// The state of a world.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct World {
    /// Stands still while the checker explores; moves when a path is told as a script.
    pub now: Instant,
    /// Shared between states, because a step changes one of them at most.
    sides: [Arc<OneSide>; 2],
    /// What is on its way, in an order that does not depend on how it came about.
    pub network: Vec<Flight>,
    pub left: Budget,
    /// The words of a panic.
    pub broken: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct OneSide {
    host: Host,
    /// The connection as a control block shows it. There is one pair of sockets, hence one connection at most.
    present: Option<Present>,
    /// What the side has lived through, the present last.
    lives: Vec<Life>,
    /// Its connections that are none of the story's.
    strangers: Vec<ConnectionId>,
    /// Whether it had no room for a segment of the other side's.
    was_crowded: bool,
}

/// As much of a control block as is claimed about, and looked at to see what may happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Present {
    pub id: ConnectionId,
    pub state: State,
    pub is_child: bool,
    pub iss: SeqNumber,
    pub irs: Option<SeqNumber>,
    pub una: SeqNumber,
    pub nxt: SeqNumber,
    pub rcv_nxt: Option<SeqNumber>,
    pub timers: Timers,
    /// How often the oldest unacknowledged segment was repeated.
    pub repetitions: u32,
}

/// A segment on its way.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Flight {
    pub to: Side,
    pub datagram: Datagram,
    /// An old duplicate, which may arrive, or never.
    pub is_late: bool,
}

/// What is remembered of one connection of one side, to judge it. The hosts never see this.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Life {
    pub iss: SeqNumber,
    pub irs: Option<SeqNumber>,
    /// What its user gave to SEND.
    pub said: Vec<u8>,
    /// What its user received.
    pub heard: Vec<u8>,
    /// What its user could receive.
    pub unread: Bytes,
    pub was_established: bool,
    /// Whether it began with a SYN that took over the sockets of a connection in TIME-WAIT.
    pub has_taken_over: bool,
    /// Why its user cannot count on what was sent.
    pub news: Option<News>,
}

/// Why a user cannot count on what was sent: the first reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum News {
    /// The user was told: connection reset, refused, or given up.
    Ended,
    /// CLOSE or ABORT flushed what had not left.
    Flushed,
    /// A reset came instead of the acknowledgment of the FIN. Nobody is told (RFC 9293 §3.10.7.4).
    LeftInDoubt,
    /// The user did it.
    Aborted,
    /// The host crashed.
    Crashed,
}

/// What can happen next.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Action {
    Call(Side, UserCall),
    /// The segment at this place in the network arrives.
    Deliver(usize),
    /// It arrives, and a copy stays in the network.
    DeliverAndKeep(usize),
    Lose(usize),
    Expire(Side, Timer),
    /// The retransmission timer expires once more, and R2 has passed.
    GiveUp(Side),
    Crash(Side),
}

impl Action {
    /// What it is, whomever it concerns.
    pub const fn name(&self) -> &'static str {
        match self {
            Action::Call(..) => "a user calls",
            Action::Deliver(_) => "a segment arrives",
            Action::DeliverAndKeep(_) => "a copy stays behind",
            Action::Lose(_) => "a segment is lost",
            Action::Expire(..) => "a timer expires",
            Action::GiveUp(_) => "a sender gives up",
            Action::Crash(_) => "a host crashes",
        }
    }
}

impl World {
    pub fn host(&self, side: Side) -> &Host {
        &self.sides[side as usize].host
    }

    pub fn present(&self, side: Side) -> Option<&Present> {
        self.sides[side as usize].present.as_ref()
    }

    pub fn lives(&self, side: Side) -> &[Life] {
        &self.sides[side as usize].lives
    }

    /// How many connections of a side are none of the story's.
    pub fn strangers(&self, side: Side) -> usize {
        self.sides[side as usize].strangers.len()
    }

    /// Whether a side had no room for a segment of the other side's.
    pub fn was_crowded(&self, side: Side) -> bool {
        self.sides[side as usize].was_crowded
    }

    /// The state of a side: that of its connection, or LISTEN where there is only a listener.
    pub fn state(&self, side: Side) -> State {
        match self.present(side) {
            Some(present) => present.state,
            None if self.host(side).listening_ports().next().is_some() => State::Listen,
            None => State::Closed,
        }
    }

    /// The life of the other side whose number `life` believes to be talking to, if there is one.
    pub fn partner_of(&self, side: Side, life: &Life) -> Option<&Life> {
        let irs = life.irs?;
        self.lives(side.other()).iter().find(|other| other.iss == irs)
    }

    /// Nothing that must arrive or be lost is on its way. Late copies may never arrive.
    pub fn is_quiet(&self) -> bool {
        self.network.iter().all(|flight| flight.is_late)
    }

    /// Nothing will happen unless a user does something, or something late arrives.
    pub fn is_at_rest(&self) -> bool {
        self.is_quiet() && Side::BOTH.into_iter().all(|side| self.host(side).next_timer().is_none())
    }

    /// Carries out an action of this world. Returns what left, in order.
    ///
    /// # Errors
    /// If it is a call that fails: then the world is no longer of use.
    pub fn step(&mut self, setting: &Setting, action: &Action) -> Result<Vec<Flight>, CallError> {
        let (side, from) = match action {
            Action::Call(side, deed) => {
                self.call(setting, *side, deed)?;
                (*side, None)
            }
            Action::Deliver(place) => {
                let flight = self.network.remove(*place);
                self.arrive(&flight)
            }
            Action::DeliverAndKeep(place) => {
                self.left.copies -= 1;
                let flight = self.network.remove(*place);
                self.put(Flight { is_late: true, ..flight.clone() }, setting.order);
                self.arrive(&flight)
            }
            Action::Lose(place) => {
                self.left.losses -= 1;
                self.network.remove(*place);
                return Ok(Vec::new());
            }
            Action::Expire(side, timer) => {
                match timer {
                    Timer::Retransmission if !self.is_quiet() => self.left.hasty -= 1,
                    // Nothing lives as long as 2 MSL.
                    Timer::TimeWait => self.network.retain(|flight| !flight.is_late),
                    Timer::KeepAlive => self.left.asks[*side as usize] -= 1,
                    Timer::Retransmission
                    | Timer::Persist
                    | Timer::DelayedAck
                    | Timer::User
                    | Timer::Linger
                    | Timer::FinWait2 => {}
                }
                self.expire(*side, *timer, Duration::ZERO);
                (*side, None)
            }
            Action::GiveUp(side) => {
                self.expire(*side, Timer::Retransmission, AFTER_R2);
                (*side, None)
            }
            Action::Crash(side) => {
                self.left.crashes[*side as usize] -= 1;
                self.end_life(*side, News::Crashed);
                let now = self.now;
                let host = self.host_mut(*side);
                host.reboot(now);
                setting.listen(*side, host, now);
                (*side, None)
            }
        };
        let departed = self.take_effects(setting, side, from);
        self.host(side).check_invariants();
        Ok(departed)
    }

    fn side_mut(&mut self, side: Side) -> &mut OneSide {
        Arc::make_mut(&mut self.sides[side as usize])
    }

    fn host_mut(&mut self, side: Side) -> &mut Host {
        &mut self.side_mut(side).host
    }

    fn call(&mut self, setting: &Setting, side: Side, deed: &UserCall) -> Result<(), CallError> {
        let now = self.now;
        let Some((target, call)) = setting.story.ports().call(side, Whose::Youngest, deed.clone()) else {
            self.left.accepts[side as usize] -= 1;
            self.host_mut(side).accept(now, None).expect("one waits");
            return Ok(());
        };
        let (reply, _) = self.host_mut(side).call(now, target, call)?;
        let left = &mut self.left;
        match deed {
            UserCall::Open { .. } => left.opens[side as usize] -= 1,
            UserCall::Send { data: text, .. } => {
                left.sends[side as usize] -= 1;
                self.life_mut(side).said.extend(text);
            }
            UserCall::Close => left.closes[side as usize] -= 1,
            UserCall::CloseAll => left.leaves[side as usize] -= 1,
            UserCall::Abort => {
                left.aborts[side as usize] -= 1;
                self.end_life(side, News::Aborted);
            }
            UserCall::Receive(_) => {
                left.reads[side as usize] -= 1;
                if let Reply::Data(text) = reply {
                    self.life_mut(side).heard.extend(text.iter());
                }
            }
            UserCall::Accept(_) => unreachable!("this is no call"),
            UserCall::Listen { .. } | UserCall::Status | UserCall::Set(_) => unreachable!("worlds have no such action"),
        }
        Ok(())
    }

    /// Says where it arrives, and from where.
    fn arrive(&mut self, flight: &Flight) -> (Side, Option<SocketAddr>) {
        let now = self.now;
        self.host_mut(flight.to).datagram_arrives(now, &flight.datagram);
        (flight.to, Some(flight.datagram.source))
    }

    fn expire(&mut self, side: Side, timer: Timer, after: Duration) {
        let id = self.present(side).expect("only connections have timers").id;
        let at = self.now + after;
        self.host_mut(side).timeout(at, id, timer);
    }

    /// Adds a flight at its place.
    fn put(&mut self, flight: Flight, order: Order) {
        let place = match order {
            Order::AsSent if !flight.is_late => {
                self.network.partition_point(|other| (other.to, other.is_late) <= (flight.to, false))
            }
            Order::AsSent | Order::Any => self.network.partition_point(|other| key(other) <= key(&flight)),
        };
        self.network.insert(place, flight);

        fn key(it: &Flight) -> impl Ord {
            let segment = &it.datagram.segment;
            let flags = segment.flags;
            let control = (flags.syn, flags.fin, flags.rst, flags.psh, segment.ack.map(|ack| ack.0));
            (it.to, it.is_late, segment.seq.0, control, segment.wnd, segment.payload.clone())
        }
    }

    fn life_mut(&mut self, side: Side) -> &mut Life {
        self.side_mut(side).lives.last_mut().expect("a connection has a life")
    }

    fn end_life(&mut self, side: Side, news: News) {
        self.life_mut(side).news.get_or_insert(news);
    }

    fn take_effects(&mut self, setting: &Setting, side: Side, from: Option<SocketAddr>) -> Vec<Flight> {
        let mut departed = Vec::new();
        let mut reason = None;
        let is_strange = from.is_some_and(|from| setting.is_strange(side, from));
        for effect in self.host_mut(side).take_effects() {
            if let HostEffect::Because { rule: Rule::BacklogFull | Rule::AcceptQueueFull, .. } = effect {
                self.side_mut(side).was_crowded |= !is_strange;
            }
            match effect {
                HostEffect::Created { connection, ref sockets, .. } if setting.is_strange(side, sockets.remote) => {
                    self.side_mut(side).strangers.push(connection);
                }
                HostEffect::Enter { connection: Some(it), .. } | HostEffect::Tell { connection: Some(it), .. }
                    if self.sides[side as usize].strangers.contains(&it) => {}
                HostEffect::Removed { connection } if self.sides[side as usize].strangers.contains(&connection) => {
                    self.side_mut(side).strangers.retain(|it| *it != connection);
                }
                HostEffect::Created { .. } => self.side_mut(side).lives.push(Life::default()),
                HostEffect::Send { datagram, .. } => {
                    let datagram = Arc::unwrap_or_clone(datagram);
                    let flight = Flight { to: side.other(), datagram, is_late: false };
                    departed.push(flight.clone());
                    self.put(flight, setting.order);
                }
                HostEffect::Because { connection: Some(_), rule } => reason = Some(rule),
                HostEffect::Enter { connection: Some(_), to: State::Closed, .. }
                    if matches!(reason, Some(Rule::UnreadTextLost | Rule::TextForNobody)) =>
                {
                    self.end_life(side, News::Aborted);
                }
                HostEffect::Enter {
                    connection: Some(_),
                    from: State::LastAck | State::Closing,
                    to: State::Closed,
                    ..
                } if reason == Some(Rule::ResetWhileLeaving) => {
                    self.end_life(side, News::LeftInDoubt);
                }
                // A SYN takes over the sockets of the connection before it (RFC 9293 MAY-2), or gives them back.
                HostEffect::Enter { connection: Some(_), from: State::TimeWait, to: State::SynReceived, .. } => {
                    self.side_mut(side).lives.push(Life { has_taken_over: true, ..Life::default() });
                }
                HostEffect::Enter { connection: Some(_), from: State::SynReceived, to: State::TimeWait, .. } => {
                    let lives = &mut self.side_mut(side).lives;
                    let before = lives.len() - 2;
                    lives.swap(before, before + 1);
                }
                HostEffect::Tell { connection: Some(_), event } => self.tell(side, event),
                HostEffect::Enter { .. }
                | HostEffect::Because { connection: None, .. }
                | HostEffect::Tell { connection: None, .. }
                | HostEffect::Removed { .. }
                | HostEffect::Timer { .. }
                | HostEffect::BacklogFull { .. } => {}
            }
        }
        let end = self.side_mut(side);
        end.present = None;
        let mut connections = end.host.connections().iter().filter(|it| !end.strangers.contains(&it.id));
        if let (Some(connection), Some(life)) = (connections.next_back(), end.lives.last_mut()) {
            let tcb = connection.endpoint.tcb();
            let present = Present::of(connection, &tcb);
            (life.iss, life.irs, life.unread) = (present.iss, present.irs, tcb.unread);
            end.present = Some(present);
        }
        departed
    }

    fn tell(&mut self, side: Side, event: UserEvent) {
        match event {
            UserEvent::Established => self.life_mut(side).was_established = true,
            UserEvent::Received(text) => self.life_mut(side).heard.extend(text.iter()),
            UserEvent::Reset | UserEvent::Refused | UserEvent::UserTimeout | UserEvent::ExcessiveRetransmissions => {
                self.end_life(side, News::Ended)
            }
            UserEvent::CallsFlushed(_) => self.end_life(side, News::Flushed),
            UserEvent::SendComplete | UserEvent::CloseComplete | UserEvent::Closing | UserEvent::DeliveryProblem => {}
        }
    }
}

impl Life {
    /// What has arrived in order: read or not.
    pub fn arrived(&self) -> Vec<u8> {
        [&self.heard[..], &self.unread[..]].concat()
    }
}

impl Present {
    fn of(connection: &Connection, tcb: &Tcb) -> Self {
        let number = |number: Option<SeqNumber>| number.expect("a connection has sent its SYN");
        Self {
            id: connection.id,
            state: tcb.state,
            is_child: connection.is_child(),
            iss: number(tcb.iss),
            irs: tcb.irs,
            una: number(tcb.snd_una),
            nxt: number(tcb.snd_nxt),
            rcv_nxt: tcb.rcv_nxt,
            timers: tcb.timers,
            repetitions: tcb.unacknowledged.first().map_or(0, |oldest| oldest.retransmissions),
        }
    }

    /// Whether it will repeat something before anybody gives up.
    fn will_repeat(&self) -> bool {
        self.timers.is_running(Timer::Retransmission) && self.repetitions < MOST_REPETITIONS
    }
}

impl Setting {
    /// The sockets of a segment that travels to `to`.
    pub fn datagram(&self, stale: &Stale) -> Datagram {
        let mut source = self.socket(stale.to.other());
        source.set_port(stale.from.unwrap_or(source.port()));
        Datagram { source, destination: self.socket(stale.to), segment: stale.segment.clone() }
    }

    /// Whether a connection of a side with this socket is none of the story's.
    fn is_strange(&self, side: Side, remote: SocketAddr) -> bool {
        remote != self.socket(side.other())
    }

    fn socket(&self, side: Side) -> SocketAddr {
        SocketAddr::new(Simulation::address_of(side), self.story.port_of(side))
    }

    /// Whether an earlier incarnation used this initial sequence number.
    pub fn is_stale(&self, iss: SeqNumber) -> bool {
        self.stale.iter().any(|stale| stale.segment.flags.syn && stale.segment.seq == iss)
    }

    /// A host with its listener.
    fn host(&self, side: Side) -> Host {
        let setup = self.story.host(side);
        let isn = IsnGenerator::new(&setup.isns, setup.seed);
        let mut host = Simulation::host_for(side, setup.profile.clone(), isn);
        self.listen(side, &mut host, Instant::ZERO);
        // Nobody needs to know of it, but a host that still has something to tell is another value.
        host.take_effects();
        host
    }

    /// The users of a host that has just come up listen.
    fn listen(&self, side: Side, host: &mut Host, now: Instant) {
        for port in &self.story.host(side).listen {
            host.call(now, Target::Listener(*port), Call::open(Open::Passive)).expect("a fresh host can listen");
        }
    }

    fn calls(&self, world: &World, side: Side, actions: &mut Vec<Action>) {
        let left = |budget: [u8; 2]| budget[side as usize] > 0;
        if left(world.left.accepts) && world.host(side).waiting() > 0 {
            actions.push(Action::Call(side, UserCall::Accept(None)));
        }
        let Some(present) = world.present(side) else {
            if left(world.left.opens) {
                actions.push(Action::Call(side, UserCall::OPEN));
            }
            return;
        };
        if left(world.left.crashes) {
            actions.push(Action::Crash(side));
        }
        // The user of a listener knows of a connection once it is established.
        let knows = !present.is_child || world.lives(side).last().is_some_and(|life| life.was_established);
        if !knows {
            return;
        }
        if left(world.left.sends) {
            // Each octet of a world is another letter, so that no two can be taken for each other.
            let first = match side {
                Side::Client => b'k',
                Side::Server => b'K',
            };
            let letter = first + (self.may.sends[side as usize] - world.left.sends[side as usize]);
            actions.push(Action::Call(side, UserCall::send(vec![letter].into())));
        }
        if left(world.left.reads) {
            actions.push(Action::Call(side, UserCall::Receive(u32::MAX)));
        }
        if left(world.left.closes) {
            actions.push(Action::Call(side, UserCall::Close));
        }
        if left(world.left.leaves) {
            actions.push(Action::Call(side, UserCall::CloseAll));
        }
        if left(world.left.aborts) {
            actions.push(Action::Call(side, UserCall::Abort));
        }
    }

    fn deliveries(&self, world: &World, actions: &mut Vec<Action>) {
        for (place, flight) in world.network.iter().enumerate() {
            let before = place.checked_sub(1).map(|place| &world.network[place]);
            let waits = match self.order {
                Order::AsSent if !flight.is_late => before.is_some_and(|before| before.to == flight.to),
                // Of two that are the same, it does not matter which arrives.
                Order::AsSent | Order::Any => before == Some(flight),
            };
            if waits {
                continue;
            }
            actions.push(Action::Deliver(place));
            if !flight.is_late && world.left.copies > 0 {
                actions.push(Action::DeliverAndKeep(place));
            }
            if !flight.is_late && world.left.losses > 0 {
                actions.push(Action::Lose(place));
            }
        }
    }

    /// Which timers may expire. What stands for their lengths:
    ///
    /// - an RTO is longer than the way there and back: retransmission and persist timers expire when nothing is on its
    ///   way, except that some may be hasty;
    /// - R2 is much longer than an RTO: a sender gives up after some repetitions;
    /// - 2 MSL is longer still, and longer than anything lives in the network: TIME-WAIT ends when nothing is on its way
    ///   and nobody will repeat anything; late copies that have not arrived by then never do;
    /// - a keep-alive asks long after everything else was done: when nothing is on its way and nobody will repeat anything;
    /// - a delayed acknowledgment can come at any time.
    fn timers(&self, world: &World, actions: &mut Vec<Action>) {
        let is_quiet = world.is_quiet();
        let will_repeat = |side| world.present(side).is_some_and(Present::will_repeat);
        let is_hopeless = is_quiet && !Side::BOTH.into_iter().any(will_repeat);
        for side in Side::BOTH {
            let Some(present) = world.present(side) else { continue };
            for timer in Timer::ALL.into_iter().filter(|timer| present.timers.is_running(*timer)) {
                let expire = Action::Expire(side, timer);
                match timer {
                    Timer::Retransmission if is_hopeless => actions.push(Action::GiveUp(side)),
                    Timer::Retransmission if is_quiet && will_repeat(side) => actions.push(expire),
                    Timer::Retransmission if !is_quiet && world.left.hasty > 0 => actions.push(expire),
                    Timer::Persist if is_quiet => actions.push(expire),
                    Timer::TimeWait | Timer::FinWait2 if is_hopeless => actions.push(expire),
                    Timer::DelayedAck => actions.push(expire),
                    Timer::KeepAlive if is_hopeless && world.left.asks[side as usize] > 0 => actions.push(expire),
                    Timer::User | Timer::Linger => unreachable!("no host of these worlds has such a timer"),
                    Timer::Retransmission | Timer::Persist | Timer::TimeWait | Timer::KeepAlive | Timer::FinWait2 => {}
                }
            }
        }
    }
}

impl Model for Setting {
    type State = World;
    type Action = Action;

    fn init_states(&self) -> Vec<World> {
        let mut world = World {
            now: Instant::ZERO,
            sides: Side::BOTH.map(|side| {
                Arc::new(OneSide {
                    host: self.host(side),
                    present: None,
                    lives: Vec::new(),
                    strangers: Vec::new(),
                    was_crowded: false,
                })
            }),
            network: Vec::new(),
            left: self.may,
            broken: None,
        };
        for stale in &self.stale {
            world.put(Flight { to: stale.to, datagram: self.datagram(stale), is_late: true }, self.order);
        }
        vec![world]
    }

    fn actions(&self, world: &World, actions: &mut Vec<Action>) {
        if world.broken.is_some() {
            return;
        }
        for side in Side::BOTH {
            self.calls(world, side, actions);
        }
        self.deliveries(world, actions);
        self.timers(world, actions);
    }

    /// One step of the real hosts. A call that fails is no step; a panic is one, after which nothing happens.
    fn next_state(&self, world: &World, action: Action) -> Option<World> {
        let mut next = world.clone();
        match catch_unwind(AssertUnwindSafe(|| next.step(self, &action))) {
            Ok(Ok(_)) => Some(next),
            Ok(Err(_)) => None,
            Err(panic) => Some(World { broken: Some(words_of(panic.as_ref())), ..world.clone() }),
        }
    }

    fn properties(&self) -> Vec<Property<Self>> {
        self.claims.clone()
    }
}

fn words_of(panic: &(dyn std::any::Any + Send)) -> String {
    match (panic.downcast_ref::<&str>(), panic.downcast_ref::<String>()) {
        (Some(words), _) => (*words).to_owned(),
        (None, Some(words)) => words.clone(),
        (None, None) => "without words".to_owned(),
    }
}
