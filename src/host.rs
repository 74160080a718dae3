//! One machine: its listeners, its connections, and which of them a segment is for.
//!
//! A SYN leaves a listener in LISTEN: it makes a copy of it, and the copy becomes the new connection (the "child"); one
//! that falls back to LISTEN dissolves (RFC 9293 MUST-41). So what a SYN costs the server can be counted. Only its own
//! user ends a listener: CLOSE, ABORT, or, where the passive OPEN named the remote socket, SEND or an active OPEN, with
//! which the listener itself becomes a connection (figure 5: LISTEN to SYN-SENT).

mod report;

use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use crate::endpoint::{Context, Effect, Endpoint, Outbox, Takeover};
use crate::isn::IsnGenerator;
use crate::profile::{Accepting, Handshake, Profile, WhenFull};
use crate::rule::Rule;
use crate::segment::{Datagram, Options, Segment};
use crate::seq::SeqNumber;
use crate::tcp::{Call, CallError, ConnectionId, Open, Reply, Role, Sockets, State, Timer};
use crate::time::{Duration, Instant};

use report::{Party, Report};

pub use report::{HostEffect, Witness};

/// The first port for connections that name none (RFC 6335 §6: the dynamic ports).
pub const FIRST_DYNAMIC_PORT: u16 = 49152;

/// How many connections a host can hold at once.
pub const MOST_CONNECTIONS: usize = 1024;

/// What one connection costs a host beside the octets it buffers: the size of a control block in common systems
/// (RFC 4987 §2.2 names at least 280 octets, and over 1300 in some).
pub const CONTROL_BLOCK_OCTETS: usize = 1300;

/// One connection of a host.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Connection {
    /// Its name.
    pub id: ConnectionId,
    /// Our socket.
    pub local: SocketAddr,
    /// The other side's socket.
    pub remote: SocketAddr,
    /// The state machine.
    pub endpoint: Endpoint,
    /// Where it comes from.
    pub origin: ConnectionOrigin,
}

/// Where a connection comes from, and whether its user knows of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ConnectionOrigin {
    /// Its user opened it.
    Opened,
    /// A listener's SYN made it; its user has it when it is established, or when he calls for it before.
    Expected,
    /// A listener's SYN made it, and no user has taken it yet.
    Waiting,
    /// A listener's SYN made it, and a user has it.
    Accepted,
}

impl Connection {
    /// Whether a listener's SYN made it.
    pub fn is_child(&self) -> bool {
        self.origin != ConnectionOrigin::Opened
    }

    /// Whether its user knows of it: then he is told what becomes of it.
    pub fn is_known(&self) -> bool {
        match self.origin {
            ConnectionOrigin::Opened | ConnectionOrigin::Accepted => true,
            ConnectionOrigin::Expected | ConnectionOrigin::Waiting => false,
        }
    }

    /// Whether it is established and waits for its user.
    pub fn waits_for_its_user(&self) -> bool {
        self.origin == ConnectionOrigin::Waiting && self.endpoint.state() != State::SynReceived
    }
}

/// Whom a user call is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Target {
    /// A new connection to this socket, from a port that the host chooses or from the given one; with a passive OPEN, a
    /// listener that waits for this socket only.
    Connect {
        /// The other side's socket.
        remote: SocketAddr,
        /// Our port, if it matters.
        local_port: Option<u16>,
    },
    /// The listener on this port.
    Listener(u16),
    /// This connection.
    Connection(ConnectionId),
    /// The youngest connection that its user knows, else the youngest half-open one, else the oldest listener.
    Current,
}

/// One machine. What it does in an event it keeps until somebody asks: see [`Host::take_effects`].
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Host {
    address: IpAddr,
    profile: Profile,
    isn: IsnGenerator,
    listeners: BTreeMap<u16, Listener>,
    connections: Vec<Connection>,
    /// When the next timer of any connection expires: asked for before every event, whichever host it happens to.
    next_deadline: Option<Instant>,
    next_id: u32,
    next_port: u16,
    challenges: Challenges,
    power: Power,
    report: Report,
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

/// How many challenge ACKs were sent in the second that began at `since` (RFC 5961 §7).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
struct Challenges {
    since: Instant,
    sent: u32,
}

impl Challenges {
    /// Whether one more may be sent now.
    fn may_send(&mut self, now: Instant, limit: Option<u32>) -> bool {
        if now.since(self.since) >= Duration::from_secs(1) {
            *self = Self { since: now, sent: 0 };
        }
        limit.is_none_or(|limit| self.sent < limit)
    }
}

impl Host {
    /// A host that has just come up: no listener, no connection.
    pub fn new(address: IpAddr, profile: Profile, isn: IsnGenerator) -> Self {
        Self {
            address,
            profile,
            isn,
            listeners: BTreeMap::new(),
            connections: Vec::new(),
            next_deadline: None,
            next_id: 0,
            next_port: FIRST_DYNAMIC_PORT,
            challenges: Challenges::default(),
            power: Power::Up { quiet_until: Instant::ZERO },
            report: Report::default(),
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

    /// Shows what it did since somebody asked last, one by one: in the list of [`Self::take_effects`] each effect is written
    /// once more.
    pub fn show(&mut self, to: &mut impl Witness) {
        self.report.show(to);
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
            self.report.add(HostEffect::Removed { connection: it.id });
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

    /// How many of its connections a SYN has made that is not confirmed: what the backlog is for.
    pub fn half_open(&self) -> usize {
        self.connections.iter().filter(|it| it.endpoint.is_half_open()).count()
    }

    /// How many of its connections are established and wait for their user.
    pub fn waiting(&self) -> usize {
        self.connections.iter().filter(|it| it.waits_for_its_user()).count()
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

    /// The state towards `remote` as one control block would show it: that of the connection with it, else LISTEN if
    /// `local_port` has a listener, else CLOSED.
    pub fn state_towards(&self, local_port: u16, remote: SocketAddr) -> State {
        match self.connections.iter().find(|it| it.local.port() == local_port && it.remote == remote) {
            Some(connection) => connection.endpoint.state(),
            None if self.listener_for(local_port, remote).is_some() => State::Listen,
            None => State::Closed,
        }
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
            self.report.because(None, Rule::HostDown);
            return None;
        }
        let Datagram { source: remote, destination: local, segment } = datagram;
        if local.ip() != self.address || !names_one_host(remote.ip()) {
            self.report.because(None, Rule::ImpossibleAddress);
            return None;
        }
        if self.quiet_until(now).is_some() {
            self.report.because(None, Rule::QuietTime);
            return None;
        }
        match self.connections.iter().position(|it| it.local == *local && it.remote == *remote) {
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
        self.report.because(None, rule);
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
            self.refuse_syn(now, local, remote, segment, endpoint);
            return None;
        }
        if is_listening
            && self.profile.syn_cookies
            && self.profile.handshake == Handshake::ThreeWay
            && let Some((child, entered)) = self.child_from_cookie(now, local, remote, segment, endpoint.clone())
        {
            let id = self.add_child(local, remote, child);
            let sockets = Box::new(Sockets { local, remote });
            self.report.add(HostEffect::Created { connection: id, sockets });
            self.report.because(Some(id), Rule::SynCookieReturned);
            let (from, to) = entered;
            self.report.add(HostEffect::Enter { connection: Some(id), from, to });
            let index = self.connections.len() - 1;
            self.with_connection(now, index, |endpoint, cx, outbox| endpoint.segment_arrives(segment, cx, outbox));
            return Some(id);
        }
        let iss = || self.isn.next(now, local, remote);
        let mut cx = context_for_child(now, &self.profile, &iss);
        endpoint.segment_arrives(segment, &mut cx, self.report.outbox(local, remote));
        if cx.iss_is_taken() {
            self.isn.used_up();
        }
        let is_child = is_listening && endpoint.state() != State::Listen;
        let timers_after = endpoint.timers();
        let connection = is_child.then(|| self.add_child(local, remote, endpoint));
        let has_user = !is_child || self.connections.last().is_some_and(Connection::is_known);
        self.report.endpoint_did(Party::beginning(connection, has_user, timers_after));
        connection
    }

    /// A SYN for which there is no room: ignored, refused, or answered with a cookie.
    fn refuse_syn(&mut self, now: Instant, local: SocketAddr, remote: SocketAddr, syn: &Segment, listener: Endpoint) {
        if self.connections.len() < MOST_CONNECTIONS {
            self.report.add(HostEffect::BacklogFull { port: local.port() });
        }
        let send = |report: &mut Report, rule, segment, role| {
            report.because(None, rule);
            let datagram = Arc::new(Datagram { source: local, destination: remote, segment });
            report.add(HostEffect::Send { connection: None, datagram, role });
        };
        // A cookie needs no room in the backlog, but the connection that it becomes needs some in the accept queue.
        if self.profile.syn_cookies && !self.accept_queue_is_full(local.port()) {
            let mss = syn.options.mss.unwrap_or(0);
            let cookie = self.isn.cookie(now, local, remote, syn.seq, mss);
            let (_, outbox) = self.born_of(now, syn, cookie, listener);
            for answer in outbox.segments() {
                send(&mut self.report, Rule::SynCookieSent, answer.clone(), Role::New);
            }
            return;
        }
        match (self.profile.when_full, Segment::reset_for(syn)) {
            _ if self.connections.len() == MOST_CONNECTIONS => self.report.because(None, Rule::HostFull),
            (WhenFull::Reset, Some(reset)) => send(&mut self.report, Rule::BacklogRefuses, reset, Role::Reset),
            (WhenFull::Reset | WhenFull::Ignore, _) => self.report.because(None, Rule::BacklogFull),
        }
    }

    /// What a listener makes of a SYN when `iss` is our number, and what it does. Of the options a cookie can only
    /// remember the MSS, so no other is offered.
    fn born_of(&self, now: Instant, syn: &Segment, iss: SeqNumber, mut listener: Endpoint) -> (Endpoint, Outbox) {
        let profile = Profile { window_scale: None, sack_permitted: false, timestamps: false, ..self.profile.clone() };
        let mut outbox = Outbox::default();
        listener.segment_arrives(syn, &mut Context::new(now, &profile, iss).without_reader(), &mut outbox);
        (listener, outbox)
    }

    /// The connection in SYN-RECEIVED that a cookie proves, which `segment` is about to establish; and from which state
    /// it came to which.
    fn child_from_cookie(
        &self,
        now: Instant,
        local: SocketAddr,
        remote: SocketAddr,
        segment: &Segment,
        listener: Endpoint,
    ) -> Option<(Endpoint, (State, State))> {
        if segment.flags.syn || segment.flags.rst || self.accept_queue_is_full(local.port()) {
            return None;
        }
        let (cookie, irs) = (segment.ack? - 1, segment.seq - 1);
        let mss = self.isn.mss_of_cookie(now, local, remote, irs, cookie)?;
        let options = Options { mss: Some(mss), ..Options::default() };
        let syn = Segment { options, ..Segment::syn(irs) };
        let (child, outbox) = self.born_of(now, &syn, cookie, listener);
        let entered = outbox.effects().iter().find_map(|effect| match effect {
            Effect::Enter { from, to } => Some((*from, *to)),
            Effect::Because(_) | Effect::Send { .. } | Effect::Tell(_) => None,
        })?;
        Some((child, entered))
    }

    /// Whether a SYN may take over the sockets of this connection; only one in TIME-WAIT asks.
    fn takeover(&self, index: usize) -> Takeover {
        let Connection { local, remote, endpoint, .. } = &self.connections[index];
        if endpoint.state() != State::TimeWait {
            return Takeover::Possible;
        }
        match self.listener_for(local.port(), *remote).is_some() {
            false => Takeover::NobodyListens,
            // It takes the place of a connection that is there: no further one has to fit in.
            true if self.queue_is_full(local.port()) => Takeover::NoRoom,
            true => Takeover::Possible,
        }
    }

    /// Whether the accept queue has no room for the connection that `segment` would establish; it is ignored or refused
    /// then.
    fn accept_queue_stops(&mut self, now: Instant, index: usize, segment: &Segment) -> bool {
        let Connection { id, local, origin, .. } = self.connections[index];
        if origin != ConnectionOrigin::Waiting
            || self.connections[index].endpoint.state() != State::SynReceived
            || !self.accept_queue_is_full(local.port())
        {
            return false;
        }
        let mut tried = self.connections[index].endpoint.clone();
        let mut cx = Context::new(now, &self.profile, SeqNumber(0)).without_reader();
        tried.segment_arrives(segment, &mut cx, &mut Outbox::default());
        if matches!(tried.state(), State::SynReceived | State::Listen | State::Closed) {
            return false;
        }
        match self.profile.when_full {
            WhenFull::Ignore => self.report.because(Some(id), Rule::AcceptQueueFull),
            WhenFull::Reset => {
                self.report.because(Some(id), Rule::AcceptQueueRefuses);
                self.with_connection(now, index, |endpoint, cx, outbox| {
                    endpoint.call(Call::Abort, cx, outbox).expect("a connection in SYN-RECEIVED can be aborted");
                });
            }
        }
        true
    }

    /// The user takes the oldest connection that waits for it, of a port or of any. `None` if none waits.
    pub fn accept(&mut self, now: Instant, port: Option<u16>) -> Option<ConnectionId> {
        let is_wanted = |it: &Connection| it.waits_for_its_user() && port.is_none_or(|port| it.local.port() == port);
        let index = self.connections.iter().position(is_wanted)?;
        self.connections[index].origin = ConnectionOrigin::Accepted;
        let id = self.connections[index].id;
        self.with_connection(now, index, |endpoint, cx, outbox| endpoint.accept(cx, outbox));
        Some(id)
    }

    /// The user calls.
    ///
    /// # Errors
    /// As the endpoint says; "connection does not exist" where the target is not there, "insufficient resources" where
    /// no further connection or port is to be had, "invalid remote IP address" where it is not that of one host.
    pub fn call(
        &mut self,
        now: Instant,
        target: Target,
        call: Call,
    ) -> Result<(Reply, Option<ConnectionId>), CallError> {
        match self.resolve(target)? {
            Resolved::New { local, remote } => {
                let is_passive = matches!(call, Call::Open { open: Open::Passive | Open::PassiveSpecified, .. });
                let is_of_listener = self.listeners.get(&local.port()).is_some_and(|it| it.remote == Some(remote));
                if is_passive {
                    self.listen_for(now, local.port(), remote, call)
                } else if is_of_listener {
                    self.call_listener(now, local.port(), call)
                } else {
                    self.open(now, local, remote, call)
                }
            }
            Resolved::Listener(port) => self.call_listener(now, port, call),
            Resolved::Connection(index) => {
                let id = self.connections[index].id;
                let is_claim = call != Call::Abort;
                let reply = self.with_connection(now, index, |endpoint, cx, outbox| endpoint.call(call, cx, outbox))?;
                if is_claim {
                    self.claim(id);
                }
                Ok((reply, Some(id)))
            }
        }
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
        for (port, listener) in &self.listeners {
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

    fn resolve(&self, target: Target) -> Result<Resolved, CallError> {
        match target {
            Target::Connect { remote, local_port } => {
                let port = match local_port {
                    Some(port) => port,
                    None => self.free_port(remote).ok_or(CallError::InsufficientResources)?,
                };
                let local = SocketAddr::new(self.address, port);
                match self.connections.iter().position(|it| it.local == local && it.remote == remote) {
                    Some(index) => Ok(Resolved::Connection(index)),
                    None => Ok(Resolved::New { local, remote }),
                }
            }
            Target::Listener(port) => Ok(Resolved::Listener(port)),
            Target::Connection(id) => self
                .connections
                .iter()
                .position(|it| it.id == id)
                .map(Resolved::Connection)
                .ok_or(CallError::DoesNotExist),
            Target::Current => {
                let youngest = |is_meant: fn(&Connection) -> bool| self.connections.iter().rposition(is_meant);
                let index = youngest(Connection::is_known).or_else(|| youngest(|it| it.endpoint.is_half_open()));
                let listener = || self.listeners.keys().next().copied().map(Resolved::Listener);
                index.map(Resolved::Connection).or_else(listener).ok_or(CallError::DoesNotExist)
            }
        }
    }

    /// Whoever called for a half-open connection has it from now on.
    fn claim(&mut self, id: ConnectionId) {
        let connection = self.connections.iter_mut().find(|it| it.id == id);
        if let Some(it) = connection.filter(|it| it.origin == ConnectionOrigin::Expected) {
            it.origin = ConnectionOrigin::Accepted;
        }
    }

    /// A port from which no connection to `remote` exists.
    fn free_port(&self, remote: SocketAddr) -> Option<u16> {
        (self.next_port..=u16::MAX)
            .chain(FIRST_DYNAMIC_PORT..self.next_port)
            .find(|port| !self.connections.iter().any(|it| it.local.port() == *port && it.remote == remote))
    }

    fn open(
        &mut self,
        now: Instant,
        local: SocketAddr,
        remote: SocketAddr,
        call: Call,
    ) -> Result<(Reply, Option<ConnectionId>), CallError> {
        if self.connections.len() == MOST_CONNECTIONS {
            return Err(CallError::InsufficientResources);
        }
        if matches!(call, Call::Open { .. }) && !names_one_host(remote.ip()) {
            return Err(CallError::InvalidRemote);
        }
        if self.quiet_until(now).is_some() {
            self.report.because(None, Rule::QuietTime);
            return Err(CallError::InsufficientResources);
        }
        let mut endpoint = Endpoint::default();
        let reply = self.call_apart(now, local, remote, &mut endpoint, call)?;
        if local.port() >= FIRST_DYNAMIC_PORT {
            self.next_port = local.port().checked_add(1).unwrap_or(FIRST_DYNAMIC_PORT);
        }
        let timers_after = endpoint.timers();
        let connection = Some(self.add(local, remote, endpoint, ConnectionOrigin::Opened));
        self.report.endpoint_did(Party::beginning(connection, true, timers_after));
        Ok((reply, connection))
    }

    /// A call on an endpoint that is none of the host's connections, or none yet. If it fails, nothing was done.
    fn call_apart(
        &mut self,
        now: Instant,
        local: SocketAddr,
        remote: SocketAddr,
        endpoint: &mut Endpoint,
        call: Call,
    ) -> Result<Reply, CallError> {
        let iss = || self.isn.next(now, local, remote);
        let mut cx = Context::choosing(now, &self.profile, &iss);
        let reply = endpoint.call(call, &mut cx, self.report.outbox(local, remote));
        let iss_is_taken = cx.iss_is_taken();
        let reply = reply.inspect_err(|_| self.report.nothing_was_done())?;
        if iss_is_taken {
            self.isn.used_up();
        }
        Ok(reply)
    }

    /// The listener on a port for what comes from there.
    fn listener_for(&self, port: u16, remote: SocketAddr) -> Option<&Listener> {
        self.listeners.get(&port).filter(|it| it.remote.is_none_or(|named| named == remote))
    }

    /// A passive OPEN that names the remote socket.
    fn listen_for(
        &mut self,
        now: Instant,
        port: u16,
        remote: SocketAddr,
        call: Call,
    ) -> Result<(Reply, Option<ConnectionId>), CallError> {
        if !names_one_host(remote.ip()) {
            return Err(CallError::InvalidRemote);
        }
        if self.listeners.contains_key(&port) {
            return Err(CallError::AlreadyExists);
        }
        let listener = Listener { endpoint: Endpoint::default(), remote: Some(remote) };
        let call = match call {
            Call::Open { timeout, .. } => Call::Open { open: Open::PassiveSpecified, timeout },
            other => other,
        };
        self.call_on(now, port, listener, call)
    }

    fn call_listener(
        &mut self,
        now: Instant,
        port: u16,
        call: Call,
    ) -> Result<(Reply, Option<ConnectionId>), CallError> {
        let nobody = Listener { endpoint: Endpoint::default(), remote: None };
        let listener = self.listeners.get(&port).cloned().unwrap_or(nobody);
        // To whom? The passive OPEN has not said it, nor does this call.
        let is_unspecified = listener.remote.is_none()
            && match call {
                Call::Open { open: Open::PassiveSpecified, .. } => !self.listeners.contains_key(&port),
                Call::Open { open: Open::Active, .. } => true,
                _ => false,
            };
        if is_unspecified {
            return Err(CallError::RemoteUnspecified);
        }
        self.call_on(now, port, listener, call)
    }

    /// A call on a listener, after which it listens, is over, or has become a connection.
    fn call_on(
        &mut self,
        now: Instant,
        port: u16,
        listener: Listener,
        call: Call,
    ) -> Result<(Reply, Option<ConnectionId>), CallError> {
        let Listener { mut endpoint, remote: named } = listener;
        let local = SocketAddr::new(self.address, port);
        let remote = named.unwrap_or(local);
        if let (Call::Open { open: Open::Active, .. } | Call::Send { .. }, Some(named)) = (&call, named) {
            self.require_room_for(now, local, named)?;
        }
        let reply = self.call_apart(now, local, remote, &mut endpoint, call)?;
        let (is_listening, is_over) = (endpoint.state() == State::Listen, endpoint.state() == State::Closed);
        let timers_after = endpoint.timers();
        let mut connection = None;
        if is_listening {
            self.listeners.insert(port, Listener { endpoint, remote: named });
        } else {
            self.listeners.remove(&port);
            if !is_over {
                connection = Some(self.add(local, remote, endpoint, ConnectionOrigin::Opened));
            }
        }
        self.report.endpoint_did(Party::beginning(connection, true, timers_after));
        Ok((reply, connection))
    }

    /// Whether a connection between these sockets can be opened now.
    fn require_room_for(&mut self, now: Instant, local: SocketAddr, remote: SocketAddr) -> Result<(), CallError> {
        if self.connections.iter().any(|it| it.local == local && it.remote == remote) {
            return Err(CallError::AlreadyExists);
        }
        if self.connections.len() == MOST_CONNECTIONS {
            return Err(CallError::InsufficientResources);
        }
        if self.quiet_until(now).is_some() {
            self.report.because(None, Rule::QuietTime);
            return Err(CallError::InsufficientResources);
        }
        Ok(())
    }

    /// Whether a listener has no room for one more SYN.
    fn is_full(&self, port: u16) -> bool {
        self.connections.len() == MOST_CONNECTIONS || self.queue_is_full(port)
    }

    /// Whether the queue in which a SYN would have to wait has no room.
    fn queue_is_full(&self, port: u16) -> bool {
        match self.profile.handshake {
            Handshake::ThreeWay => {
                let half_open = self.children(port).filter(|it| it.endpoint.state() == State::SynReceived).count();
                half_open >= usize::try_from(self.profile.backlog).unwrap_or(usize::MAX)
            }
            // The SYN is all that it takes: it needs the room that a last ACK needs otherwise, and nothing is half-open.
            Handshake::TwoWay => self.accept_queue_is_full(port),
        }
    }

    fn accept_queue_is_full(&self, port: u16) -> bool {
        let waiting = self.children(port).filter(|it| it.waits_for_its_user()).count();
        (self.profile.accepting == Accepting::OnCall
            && waiting >= usize::try_from(self.profile.accept_queue).unwrap_or(usize::MAX))
            || self.connections.len() == MOST_CONNECTIONS
    }

    fn children(&self, port: u16) -> impl Iterator<Item = &Connection> {
        self.connections.iter().filter(move |it| it.is_child() && it.local.port() == port)
    }

    fn origin_of_child(&self, endpoint: &Endpoint) -> ConnectionOrigin {
        match self.profile.accepting {
            Accepting::Eager if endpoint.is_half_open() => ConnectionOrigin::Expected,
            Accepting::Eager => ConnectionOrigin::Accepted,
            Accepting::OnCall => ConnectionOrigin::Waiting,
        }
    }

    fn add_child(&mut self, local: SocketAddr, remote: SocketAddr, endpoint: Endpoint) -> ConnectionId {
        let origin = self.origin_of_child(&endpoint);
        self.add(local, remote, endpoint, origin)
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
        let iss = || self.isn.next(now, *local, *remote);
        let may_challenge = self.challenges.may_send(now, self.profile.challenge_ack_limit);
        let mut cx = Context::choosing(now, &self.profile, &iss).with_challenges(may_challenge);
        match origin {
            ConnectionOrigin::Opened => {}
            ConnectionOrigin::Expected | ConnectionOrigin::Accepted => cx = cx.of_listener(),
            ConnectionOrigin::Waiting => cx = cx.of_listener().without_reader(),
        }
        let result = event(endpoint, &mut cx, self.report.outbox(*local, *remote));
        let (iss_is_taken, has_challenged) = (cx.iss_is_taken(), cx.has_challenged());
        if iss_is_taken {
            self.isn.used_up();
        }
        if has_challenged && self.profile.challenge_ack_limit.is_some() {
            self.challenges.sent = self.challenges.sent.saturating_add(1);
        }
        let connection = &self.connections[index];
        let (origin, has_user) = match (state_before, connection.endpoint.state()) {
            // A new incarnation, for the listener's user to take like any other.
            (State::TimeWait, State::SynReceived) => (self.origin_of_child(&connection.endpoint), was_known),
            // The old one again, whose user has closed it; nobody heard of the new one.
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
        self.report.endpoint_did(Party { connection, has_user, is_new: false, is_over, timers_before, timers_after });
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

enum Resolved {
    New { local: SocketAddr, remote: SocketAddr },
    Listener(u16),
    Connection(usize),
}

/// Whether a connection can have this address at its end: not one of many hosts or of none (RFC 9293 MUST-46, MUST-63).
fn names_one_host(address: IpAddr) -> bool {
    let is_broadcast = matches!(address, IpAddr::V4(v4) if v4.is_broadcast());
    !(is_broadcast || address.is_multicast() || address.is_unspecified())
}
