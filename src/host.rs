//! One machine: its listeners, its connections, and which of them a segment is for.
//!
//! A SYN leaves a listener in LISTEN: it makes a copy of it, and the copy becomes the new connection (the "child"); one
//! that falls back to LISTEN dissolves (RFC 9293 MUST-41). So what a SYN costs the server can be counted. Only its own
//! user ends a listener: CLOSE, ABORT, or, where the passive OPEN named the remote socket, SEND or an active OPEN, with
//! which the listener itself becomes a connection (figure 5: LISTEN to SYN-SENT).
//!
//! | file | what |
//! |---|---|
//! | `connection` | one connection, and where it comes from |
//! | `demultiplexing` | for whom a segment or a call is |
//! | `calls` | what users call |
//! | `queues` | the backlog and the accept queue of a listener |
//! | `cookies` | SYN cookies |
//! | `challenges` | the limit of challenge ACKs |
//! | `journal` | what the host did, until somebody looks |

mod calls;
mod challenges;
mod connection;
mod cookies;
mod demultiplexing;
mod journal;
mod queues;

use std::net::{IpAddr, SocketAddr};

use litemap::LiteMap;

use crate::endpoint::{Context, Endpoint, Outbox};
use crate::isn::IsnGenerator;
use crate::profile::{Accepting, Profile};
use crate::rule::Rule;
use crate::segment::{Datagram, Segment};
use crate::seq::SeqNumber;
use crate::tcp::{ConnectionId, ConnectionOrigin, Sockets, State, Timer};
use crate::time::Instant;

use challenges::Challenges;
use demultiplexing::{listener_for, names_one_host};
use journal::{Journal, Turn};

pub use connection::Connection;
pub use demultiplexing::Target;
pub use journal::{EffectSink, HostEffect};

/// The first port for connections that name none (RFC 6335 §6: the dynamic ports).
pub const FIRST_DYNAMIC_PORT: u16 = 49152;

/// How many connections a host can hold at once.
pub const MOST_CONNECTIONS: usize = 1024;

/// What one connection costs a host beside the octets it buffers: the size of a control block in common systems
/// (RFC 4987 §2.2 names at least 280 octets, and over 1300 in some).
pub const CONTROL_BLOCK_OCTETS: usize = 1300;

/// One machine. It keeps what it did in an event until somebody asks: see [`Host::take_effects`].
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Host {
    address: IpAddr,
    profile: Profile,
    isn: IsnGenerator,
    /// By their ports.
    listeners: LiteMap<u16, Listener>,
    connections: Vec<Connection>,
    /// When the next timer of any connection expires. Kept, because it is asked for before every event of either host.
    next_deadline: Option<Instant>,
    next_id: u32,
    next_port: u16,
    challenges: Challenges,
    power: Power,
    journal: Journal,
}

/// A passive OPEN.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Listener {
    endpoint: Endpoint,
    /// The only remote socket for which it waits, if the OPEN named one.
    remote: Option<SocketAddr>,
}

/// Whether a host runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Power {
    /// It runs; it assigns no sequence numbers before then (RFC 9293 §3.4.3).
    Up { quiet_until: Instant },
    /// It has crashed.
    Down,
}

impl Host {
    /// A host that has just come up: no listener, no connection.
    pub fn new(address: IpAddr, profile: Profile, isn: IsnGenerator) -> Self {
        Self {
            address,
            profile,
            isn,
            listeners: LiteMap::new(),
            connections: Vec::new(),
            next_deadline: None,
            next_id: 0,
            next_port: FIRST_DYNAMIC_PORT,
            challenges: Challenges::default(),
            power: Power::Up { quiet_until: Instant::ZERO },
            journal: Journal::default(),
        }
    }

    /// Whether it runs: not between a crash and the next reboot.
    pub fn is_up(&self) -> bool {
        self.power != Power::Down
    }

    /// What it did since somebody asked last, in order.
    pub fn take_effects(&mut self) -> Vec<HostEffect> {
        let mut effects = Vec::new();
        self.show(&mut effects);
        effects
    }

    /// Shows what it did since somebody asked last, one by one. [`Self::take_effects`] makes a list of it, which takes one more
    /// copy of each effect.
    pub fn show(&mut self, to: &mut impl EffectSink) {
        self.journal.show(to);
    }

    /// Until when it assigns no sequence numbers and sends nothing, if it has come up lately (RFC 9293 §3.4.3).
    pub fn quiet_until(&self, now: Instant) -> Option<Instant> {
        match self.power {
            Power::Up { quiet_until } if quiet_until > now => Some(quiet_until),
            Power::Up { .. } | Power::Down => None,
        }
    }

    /// It forgets everything and stops. Nobody is told anything.
    pub fn crash(&mut self) {
        for it in self.connections.drain(..) {
            self.journal.add(HostEffect::Removed { connection: it.id });
        }
        self.next_deadline = None;
        self.listeners.clear();
        self.next_port = FIRST_DYNAMIC_PORT;
        self.challenges = Challenges::default();
        self.power = Power::Down;
    }

    /// It comes up again and knows nothing, not even where it listened. One that runs crashes first.
    pub fn reboot(&mut self, now: Instant) {
        self.crash();
        self.power = Power::Up { quiet_until: now + self.profile.quiet_time };
    }

    /// What its connections cost it, in octets: [`CONTROL_BLOCK_OCTETS`] for each control block, and what they buffer.
    pub fn memory_held(&self) -> usize {
        let cost = |it: &Connection| CONTROL_BLOCK_OCTETS * it.endpoint.control_blocks() + it.endpoint.buffered();
        self.connections.iter().map(cost).sum()
    }

    /// Its address.
    pub fn address(&self) -> IpAddr {
        self.address
    }

    /// Its settings.
    pub fn profile(&self) -> &Profile {
        &self.profile
    }

    /// The ports on which it listens.
    pub fn listening_ports(&self) -> impl Iterator<Item = u16> + '_ {
        self.listeners.keys().copied()
    }

    /// Its connections, oldest first.
    pub fn connections(&self) -> &[Connection] {
        &self.connections
    }

    /// The connection between two sockets.
    pub fn connection_between(&self, local: SocketAddr, remote: SocketAddr) -> Option<&Connection> {
        self.index_of(local, remote).map(|index| &self.connections[index])
    }

    /// Puts a connection with this endpoint in place, as if it had lived up to here.
    pub fn restore(&mut self, local_port: u16, remote: SocketAddr, endpoint: Endpoint) -> ConnectionId {
        let local = SocketAddr::new(self.address, local_port);
        self.add(local, remote, endpoint, ConnectionOrigin::Opened)
    }

    /// The next timer of any connection: when it expires and which. Ties go to the older connection.
    pub fn next_timer(&self) -> Option<(Instant, ConnectionId, Timer)> {
        let deadline = self.next_deadline?;
        let next = self.connections.iter().find(|it| it.endpoint.next_deadline() == Some(deadline))?;
        let (_, timer) = next.endpoint.timers().next()?;
        Some((deadline, next.id, timer))
    }

    /// When the next timer of any connection expires.
    pub fn next_deadline(&self) -> Option<Instant> {
        self.next_deadline
    }

    /// After connections came, went or changed.
    fn watch_deadlines(&mut self) {
        self.next_deadline = self.soonest_deadline();
    }

    fn soonest_deadline(&self) -> Option<Instant> {
        self.connections.iter().filter_map(|it| it.endpoint.next_deadline()).min()
    }

    /// A datagram arrives. Says for which connection.
    pub fn datagram_arrives(&mut self, now: Instant, datagram: &Datagram) -> Option<ConnectionId> {
        if !self.is_up() {
            self.journal.because(None, Rule::HostDown);
            return None;
        }
        let Datagram { source: remote, destination: local, segment } = datagram;
        // What says that it comes from here did not: it would be answered to ourselves.
        if local.ip() != self.address || !names_one_host(remote.ip()) || remote.ip() == self.address {
            self.journal.because(None, Rule::ImpossibleAddress);
            return None;
        }
        if self.quiet_until(now).is_some() {
            self.journal.because(None, Rule::QuietTime);
            return None;
        }
        match self.index_of(*local, *remote) {
            Some(index) => {
                let id = self.connections[index].id;
                if !self.accept_queue_stops(now, index, segment) {
                    let takeover = self.takeover(index);
                    self.with_connection(now, index, |endpoint, cx, outbox| {
                        cx.takeover = takeover;
                        endpoint.segment_arrives(segment, cx, outbox);
                    });
                }
                Some(id)
            }
            None => self.arrives_at_listener(now, *local, *remote, segment),
        }
    }

    /// A datagram arrives whose checksum is wrong: nothing in it can be trusted, not even for whom it is
    /// (RFC 9293 §3.1, MUST-3).
    pub fn damaged_datagram_arrives(&mut self) {
        let rule = if self.is_up() { Rule::ChecksumFailed } else { Rule::HostDown };
        self.journal.because(None, rule);
    }

    /// A segment for which there is no connection: for a listener, or for nobody.
    fn arrives_at_listener(
        &mut self,
        now: Instant,
        local: SocketAddr,
        remote: SocketAddr,
        segment: &Segment,
    ) -> Option<ConnectionId> {
        let listener = self.listener_for(local.port(), remote);
        let mut endpoint = listener.map_or_else(Endpoint::default, |it| it.endpoint.clone());
        let is_listening = endpoint.state() == State::Listen;
        let asks_to_open = segment.flags.syn && segment.ack.is_none() && !segment.flags.rst;
        if is_listening && asks_to_open && self.is_full(local.port()) {
            self.refuse_syn(now, local, remote, segment);
            return None;
        }
        if is_listening && let Some(returned) = self.returned_cookie(now, local, remote, segment) {
            let child = self.child_of_cookie(now, &returned, endpoint);
            let origin = self.origin_of_child(&child);
            let id = self.add(local, remote, child, origin);
            let sockets = Box::new(Sockets { local, remote });
            self.journal.add(HostEffect::Created { connection: id, sockets, origin });
            self.journal.because(Some(id), Rule::SynCookieReturned);
            let port = local.port();
            let (from, to) = (State::Listen, State::SynReceived);
            self.journal.add(HostEffect::Enter { connection: Some(id), port, from, to });
            let index = self.connections.len() - 1;
            self.with_connection(now, index, |endpoint, cx, outbox| endpoint.segment_arrives(segment, cx, outbox));
            return Some(id);
        }
        let iss = || self.isn.next(now, local, remote);
        let mut cx = context_for_child(now, &self.profile, &iss);
        endpoint.segment_arrives(segment, &mut cx, self.journal.outbox(local, remote));
        if cx.iss_is_taken() {
            self.isn.used_up();
        }
        let is_child = is_listening && endpoint.state() != State::Listen;
        let timers_after = endpoint.timers();
        let origin = if is_child { self.origin_of_child(&endpoint) } else { ConnectionOrigin::Opened };
        let connection = is_child.then(|| self.add(local, remote, endpoint, origin));
        self.journal.endpoint_did(Turn::beginning(connection, origin, timers_after));
        connection
    }

    /// A timer of a connection expires.
    pub fn timeout(&mut self, now: Instant, connection: ConnectionId, timer: Timer) {
        if let Some(index) = self.connections.iter().position(|it| it.id == connection) {
            self.with_connection(now, index, |endpoint, cx, outbox| endpoint.timeout(timer, cx, outbox));
        }
    }

    /// Checks what must hold after every event.
    ///
    /// # Panics
    /// If an invariant is broken, with its name.
    pub fn check_invariants(&self) {
        for (port, listener) in self.listeners.iter() {
            assert_eq!(listener.endpoint.state(), State::Listen, "the listener on port {port} listens");
        }
        for connection in &self.connections {
            connection.endpoint.check_invariants();
            let state = connection.endpoint.state();
            assert!(state != State::Closed && state != State::Listen, "a connection that is over was removed");
        }
        assert_eq!(self.next_deadline, self.soonest_deadline(), "no timer is forgotten");
        let mut pairs: Vec<_> = self.connections.iter().map(|it| (it.local, it.remote)).collect();
        pairs.sort_unstable();
        assert!(pairs.windows(2).all(|pair| pair[0] != pair[1]), "a pair of sockets names one connection");
    }

    fn origin_of_child(&self, endpoint: &Endpoint) -> ConnectionOrigin {
        match self.profile.accepting {
            Accepting::Eager if endpoint.is_request() => ConnectionOrigin::Expected,
            Accepting::Eager => ConnectionOrigin::Accepted,
            Accepting::OnCall => ConnectionOrigin::Waiting,
        }
    }

    fn add(
        &mut self,
        local: SocketAddr,
        remote: SocketAddr,
        endpoint: Endpoint,
        origin: ConnectionOrigin,
    ) -> ConnectionId {
        let id = ConnectionId(self.next_id);
        self.next_id += 1;
        self.connections.push(Connection { id, local, remote, endpoint, origin });
        self.watch_deadlines();
        id
    }

    /// Lets a connection handle one event, reports what it did, and removes it if it is over.
    fn with_connection<T>(
        &mut self,
        now: Instant,
        index: usize,
        event: impl FnOnce(&mut Endpoint, &mut Context<'_>, &mut Outbox) -> T,
    ) -> T {
        let connection = &mut self.connections[index];
        let was_known = connection.is_known();
        let Connection { id, local, remote, endpoint, origin } = connection;
        let (id, timers_before, state_before) = (*id, endpoint.timers(), endpoint.state());
        let is_request = *origin != ConnectionOrigin::Opened && state_before == State::SynReceived;
        let has_listener = !is_request || listener_for(&self.listeners, local.port(), *remote).is_some();
        let iss = || self.isn.next(now, *local, *remote);
        let may_challenge = self.challenges.may_send(now, self.profile.challenge_ack_limit);
        let mut cx = Context::choosing(now, &self.profile, &iss).with_challenges(may_challenge);
        cx.has_listener = has_listener;
        match origin {
            ConnectionOrigin::Opened => {}
            ConnectionOrigin::Expected | ConnectionOrigin::Accepted => cx = cx.of_listener(),
            ConnectionOrigin::Waiting => cx = cx.of_listener().without_reader(),
        }
        let result = event(endpoint, &mut cx, self.journal.outbox(*local, *remote));
        let (iss_is_taken, has_challenged) = (cx.iss_is_taken(), cx.has_challenged());
        if iss_is_taken {
            self.isn.used_up();
        }
        if has_challenged && self.profile.challenge_ack_limit.is_some() {
            self.challenges.was_sent();
        }
        let connection = &self.connections[index];
        let (origin, has_user) = match (state_before, connection.endpoint.state()) {
            // A new incarnation: the listener's user takes it like any other connection.
            (State::TimeWait, State::SynReceived) => (self.origin_of_child(&connection.endpoint), was_known),
            // The old one is back. Its user has closed it, and nobody heard of the new one.
            (State::SynReceived, State::TimeWait) => (ConnectionOrigin::Accepted, was_known),
            (_, now) if connection.origin == ConnectionOrigin::Expected && now.is_open() => {
                (ConnectionOrigin::Accepted, true)
            }
            _ => (connection.origin, was_known),
        };
        self.connections[index].origin = origin;
        let endpoint = &self.connections[index].endpoint;
        let is_over = matches!(endpoint.state(), State::Closed | State::Listen);
        let timers_after = endpoint.timers();
        let connection = Some(id);
        self.journal.endpoint_did(Turn { connection, has_user, began: None, is_over, timers_before, timers_after });
        if is_over {
            self.connections.remove(index);
        }
        self.watch_deadlines();
        result
    }
}

fn context_for_child<'a>(now: Instant, profile: &'a Profile, iss: &'a dyn Fn() -> SeqNumber) -> Context<'a> {
    let cx = Context::choosing(now, profile, iss);
    match profile.accepting {
        Accepting::Eager => cx,
        Accepting::OnCall => cx.without_reader(),
    }
}
