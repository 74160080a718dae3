//! One machine: its listeners, its connections, and which of them a segment is for.
//!
//! A listener's endpoint never leaves LISTEN. A SYN makes a copy of it, and the copy becomes the new connection (the
//! "child"); one that falls back to LISTEN dissolves (RFC 9293 MUST-41). So what a SYN costs the server can be counted.

use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};

use crate::endpoint::{Call, CallError, Context, Effect, Endpoint, Open, Outbox, Reply, State, Timer};
use crate::isn::IsnGenerator;
use crate::profile::Profile;
use crate::segment::Segment;
use crate::seq::SeqNumber;
use crate::time::{Duration, Instant};

/// The first port for connections that name none (RFC 6335 §6: the dynamic ports).
pub const FIRST_DYNAMIC_PORT: u16 = 49152;

/// How many connections a host can hold at once.
pub const MOST_CONNECTIONS: usize = 1024;

/// Names a connection of one host, in the order in which they came to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ConnectionId(pub u32);

/// A segment with the sockets it travels between: what the internet layer carries.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Datagram {
    /// The sender's socket.
    pub source: SocketAddr,
    /// The receiver's socket.
    pub destination: SocketAddr,
    /// The segment.
    pub segment: Segment,
}

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
    /// Whether a listener's SYN made it.
    pub is_child: bool,
}

/// Whom a user call is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Target {
    /// A new connection to this socket, from a port that the host chooses or from the given one.
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
    /// The youngest connection, or the oldest listener where there is none.
    Current,
}

/// What a host did, in order.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum HostEffect {
    /// A connection came to be.
    Created {
        /// Its name.
        connection: ConnectionId,
        /// Our socket.
        local: SocketAddr,
        /// The other side's socket.
        remote: SocketAddr,
    },
    /// A connection is no more.
    Removed {
        /// Its name.
        connection: ConnectionId,
    },
    /// The endpoint did something; without a connection, a listener or nobody in particular did.
    Endpoint {
        /// The connection.
        connection: Option<ConnectionId>,
        /// What it did, except sending.
        effect: Effect,
    },
    /// A segment leaves.
    Send {
        /// The connection.
        connection: Option<ConnectionId>,
        /// The segment with its sockets.
        datagram: Datagram,
        /// Why.
        role: crate::endpoint::Role,
    },
    /// A timer was set, moved or stopped.
    Timer {
        /// The connection.
        connection: ConnectionId,
        /// The timer.
        timer: Timer,
        /// When it expires; `None` if it was stopped.
        deadline: Option<Instant>,
    },
    /// The SYN found the backlog full and was dropped (RFC 9293 leaves this to the host).
    BacklogFull {
        /// The listener's port.
        port: u16,
    },
}

/// One machine.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Host {
    address: IpAddr,
    profile: Profile,
    isn: IsnGenerator,
    listeners: BTreeMap<u16, Endpoint>,
    connections: Vec<Connection>,
    next_id: u32,
    next_port: u16,
    challenges: Challenges,
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
            next_id: 0,
            next_port: FIRST_DYNAMIC_PORT,
            challenges: Challenges::default(),
        }
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
            None if self.listeners.contains_key(&local_port) => State::Listen,
            None => State::Closed,
        }
    }

    /// Puts a connection with this endpoint in place, as if it had lived up to here.
    pub fn restore(&mut self, local_port: u16, remote: SocketAddr, endpoint: Endpoint) -> ConnectionId {
        let local = SocketAddr::new(self.address, local_port);
        self.add(local, remote, endpoint, false)
    }

    /// The next timer of any connection: when it expires and which. Ties go to the older connection.
    pub fn next_timer(&self) -> Option<(Instant, ConnectionId, Timer)> {
        self.connections
            .iter()
            .filter_map(|it| it.endpoint.timers().next().map(|(deadline, timer)| (deadline, it.id, timer)))
            .min_by_key(|(deadline, id, _)| (*deadline, *id))
    }

    /// A datagram arrives. Says for which connection.
    pub fn datagram_arrives(
        &mut self,
        now: Instant,
        datagram: &Datagram,
        out: &mut Vec<HostEffect>,
    ) -> Option<ConnectionId> {
        let (local, remote) = (datagram.destination, datagram.source);
        if let Some(index) = self.connections.iter().position(|it| it.local == local && it.remote == remote) {
            let id = self.connections[index].id;
            self.with_connection(now, index, out, |endpoint, cx, outbox| {
                endpoint.segment_arrives(&datagram.segment, cx, outbox);
            });
            return Some(id);
        }
        let mut endpoint = self.listeners.get(&local.port()).cloned().unwrap_or_default();
        let is_listening = endpoint.state() == State::Listen;
        let mut outbox = Outbox::default();
        let iss = self.isn.next(now, local, remote);
        let mut cx = Context::new(now, &self.profile, iss);
        endpoint.segment_arrives(&datagram.segment, &mut cx, &mut outbox);
        let iss_is_taken = cx.iss_is_taken();
        let is_child = is_listening && endpoint.state() != State::Listen;
        if is_child && self.backlog_is_full(local.port()) {
            out.push(HostEffect::BacklogFull { port: local.port() });
            return None;
        }
        if iss_is_taken {
            self.isn.used_up();
        }
        let connection = is_child.then(|| {
            let id = self.add(local, remote, endpoint, true);
            out.push(HostEffect::Created { connection: id, local, remote });
            id
        });
        forward(outbox, connection, local, remote, out);
        if let Some(id) = connection {
            self.report_timers(id, Default::default(), out);
        }
        connection
    }

    /// The user calls.
    ///
    /// # Errors
    /// As the endpoint says; "connection does not exist" where the target is not there, "insufficient resources" where
    /// no further connection or port is to be had.
    pub fn call(
        &mut self,
        now: Instant,
        target: Target,
        call: Call,
        out: &mut Vec<HostEffect>,
    ) -> Result<(Reply, Option<ConnectionId>), CallError> {
        match self.resolve(target)? {
            Resolved::New { local, remote } => self.open(now, local, remote, call, out),
            Resolved::Listener(port) => self.call_listener(now, port, call, out).map(|reply| (reply, None)),
            Resolved::Connection(index) => {
                let id = self.connections[index].id;
                self.with_connection(now, index, out, |endpoint, cx, outbox| endpoint.call(call, cx, outbox))
                    .map(|reply| (reply, Some(id)))
            }
        }
    }

    /// A timer of a connection expires.
    pub fn timeout(&mut self, now: Instant, connection: ConnectionId, timer: Timer, out: &mut Vec<HostEffect>) {
        if let Some(index) = self.connections.iter().position(|it| it.id == connection) {
            self.with_connection(now, index, out, |endpoint, cx, outbox| endpoint.timeout(timer, cx, outbox));
        }
    }

    /// Checks what must hold after every event.
    ///
    /// # Panics
    /// If an invariant is broken, with its name.
    pub fn check_invariants(&self) {
        for (port, listener) in &self.listeners {
            assert_eq!(listener.state(), State::Listen, "the listener on port {port} listens");
        }
        for connection in &self.connections {
            connection.endpoint.check_invariants();
            let state = connection.endpoint.state();
            assert!(state != State::Closed && state != State::Listen, "a connection that is over was removed");
        }
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
            Target::Current => match (self.connections.len(), self.listeners.keys().next()) {
                (0, None) => Err(CallError::DoesNotExist),
                (0, Some(port)) => Ok(Resolved::Listener(*port)),
                (count, _) => Ok(Resolved::Connection(count - 1)),
            },
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
        out: &mut Vec<HostEffect>,
    ) -> Result<(Reply, Option<ConnectionId>), CallError> {
        if self.connections.len() == MOST_CONNECTIONS {
            return Err(CallError::InsufficientResources);
        }
        let mut endpoint = Endpoint::default();
        let mut outbox = Outbox::default();
        let mut cx = Context::new(now, &self.profile, self.isn.next(now, local, remote));
        let reply = endpoint.call(call, &mut cx, &mut outbox)?;
        if cx.iss_is_taken() {
            self.isn.used_up();
        }
        if local.port() >= FIRST_DYNAMIC_PORT {
            self.next_port = local.port().checked_add(1).unwrap_or(FIRST_DYNAMIC_PORT);
        }
        let id = self.add(local, remote, endpoint, false);
        out.push(HostEffect::Created { connection: id, local, remote });
        forward(outbox, Some(id), local, remote, out);
        self.report_timers(id, Default::default(), out);
        Ok((reply, Some(id)))
    }

    fn call_listener(
        &mut self,
        now: Instant,
        port: u16,
        call: Call,
        out: &mut Vec<HostEffect>,
    ) -> Result<Reply, CallError> {
        let mut endpoint = self.listeners.get(&port).cloned().unwrap_or_default();
        // From here a connection would need a remote socket, which a listener on this host never has.
        let call = match call {
            Call::Open(Open::Active) => Call::Open(Open::ActiveUnspecified),
            other => other,
        };
        let mut outbox = Outbox::default();
        let mut cx = Context::new(now, &self.profile, SeqNumber(0));
        let reply = endpoint.call(call, &mut cx, &mut outbox)?;
        match endpoint.state() {
            State::Listen => self.listeners.insert(port, endpoint),
            _ => self.listeners.remove(&port),
        };
        let local = SocketAddr::new(self.address, port);
        forward(outbox, None, local, local, out);
        Ok(reply)
    }

    fn backlog_is_full(&self, port: u16) -> bool {
        let half_open = self
            .connections
            .iter()
            .filter(|it| it.is_child && it.local.port() == port && it.endpoint.state() == State::SynReceived)
            .count();
        half_open >= usize::try_from(self.profile.backlog).unwrap_or(usize::MAX)
            || self.connections.len() == MOST_CONNECTIONS
    }

    fn add(&mut self, local: SocketAddr, remote: SocketAddr, endpoint: Endpoint, is_child: bool) -> ConnectionId {
        let id = ConnectionId(self.next_id);
        self.next_id += 1;
        self.connections.push(Connection { id, local, remote, endpoint, is_child });
        id
    }

    /// Lets a connection handle one event, reports what it did, and removes it if it is over.
    fn with_connection<T>(
        &mut self,
        now: Instant,
        index: usize,
        out: &mut Vec<HostEffect>,
        event: impl FnOnce(&mut Endpoint, &mut Context<'_>, &mut Outbox) -> T,
    ) -> T {
        let connection = &mut self.connections[index];
        let (id, local, remote) = (connection.id, connection.local, connection.remote);
        let timers_before = connection.endpoint.timers();
        let mut outbox = Outbox::default();
        let iss = self.isn.next(now, local, remote);
        let may_challenge = self.challenges.may_send(now, self.profile.challenge_ack_limit);
        let mut cx = Context::new(now, &self.profile, iss).with_challenges(may_challenge);
        let result = event(&mut connection.endpoint, &mut cx, &mut outbox);
        if cx.iss_is_taken() {
            self.isn.used_up();
        }
        if cx.has_challenged() {
            self.challenges.sent = self.challenges.sent.saturating_add(1);
        }
        forward(outbox, Some(id), local, remote, out);
        self.report_timers(id, timers_before, out);
        if matches!(self.connections[index].endpoint.state(), State::Closed | State::Listen) {
            self.connections.remove(index);
            out.push(HostEffect::Removed { connection: id });
        }
        result
    }

    fn report_timers(&self, id: ConnectionId, before: crate::endpoint::Timers, out: &mut Vec<HostEffect>) {
        let Some(connection) = self.connections.iter().find(|it| it.id == id) else { return };
        let after = connection.endpoint.timers();
        for timer in Timer::ALL {
            let deadline = after.deadline(timer);
            if deadline != before.deadline(timer) {
                out.push(HostEffect::Timer { connection: id, timer, deadline });
            }
        }
    }
}

enum Resolved {
    New { local: SocketAddr, remote: SocketAddr },
    Listener(u16),
    Connection(usize),
}

/// Adds the sockets to what an endpoint did.
fn forward(
    mut outbox: Outbox,
    connection: Option<ConnectionId>,
    local: SocketAddr,
    remote: SocketAddr,
    out: &mut Vec<HostEffect>,
) {
    out.extend(outbox.drain().map(|effect| match effect {
        Effect::Send { segment, role } => {
            HostEffect::Send { connection, datagram: Datagram { source: local, destination: remote, segment }, role }
        }
        effect => HostEffect::Endpoint { connection, effect },
    }));
}
