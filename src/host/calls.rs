//! What the users of a host call, and on what: a connection, a listener, or nothing yet (RFC 9293 §3.9.1).

use std::net::SocketAddr;

use crate::endpoint::{Context, Endpoint};
use crate::profile::WhenListenerCloses;
use crate::rule::Rule;
use crate::seq::SeqNumber;
use crate::tcp::{Call, CallError, ConnectionId, ConnectionOrigin, Open, Reply, State};
use crate::time::Instant;

use super::demultiplexing::{Place, Target, names_one_host};
use super::journal::Turn;
use super::{Connection, FIRST_DYNAMIC_PORT, Host, Listener, MOST_CONNECTIONS};

impl Host {
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
            Place::New { local, remote } => {
                let is_passive = matches!(call, Call::Open { open: Open::Passive | Open::PassiveSpecified, .. });
                let is_of_listener = self.listeners.get(&local.port()).is_some_and(|it| it.remote == Some(remote));
                if is_passive {
                    self.listen_for(now, local.port(), remote, call)
                } else if is_of_listener {
                    self.call_listener(now, local.port(), call)
                } else {
                    self.open(now, local, remote, call, None)
                }
            }
            Place::Listener(port) => self.call_listener(now, port, call),
            Place::Connection(index) => {
                let Connection { id, local, remote, ref endpoint, .. } = self.connections[index];
                let beyond = match call {
                    Call::Open { open: Open::Active, .. } => endpoint.gives_way_to_open(now, &self.profile),
                    _ => None,
                };
                if beyond.is_some() {
                    self.with_connection(now, index, |endpoint, _, outbox| endpoint.give_way_to_open(outbox));
                    return self.open(now, local, remote, call, beyond);
                }
                let is_claim = call != Call::Abort;
                let reply = self.with_connection(now, index, |endpoint, cx, outbox| endpoint.call(call, cx, outbox))?;
                if is_claim {
                    self.claim(id);
                }
                Ok((reply, Some(id)))
            }
        }
    }

    fn open(
        &mut self,
        now: Instant,
        local: SocketAddr,
        remote: SocketAddr,
        call: Call,
        beyond: Option<SeqNumber>,
    ) -> Result<(Reply, Option<ConnectionId>), CallError> {
        if self.connections.len() == MOST_CONNECTIONS {
            return Err(CallError::InsufficientResources);
        }
        if matches!(call, Call::Open { .. }) && !names_one_host(remote.ip()) {
            return Err(CallError::InvalidRemote);
        }
        if self.quiet_until(now).is_some() {
            self.journal.because(None, Rule::QuietTime);
            return Err(CallError::InsufficientResources);
        }
        let mut endpoint = Endpoint::default();
        let reply = self.call_apart(now, local, remote, &mut endpoint, call, beyond)?;
        if local.port() >= FIRST_DYNAMIC_PORT {
            self.next_port = local.port().checked_add(1).unwrap_or(FIRST_DYNAMIC_PORT);
        }
        let timers_after = endpoint.timers();
        let connection = Some(self.add(local, remote, endpoint, ConnectionOrigin::Opened));
        self.journal.endpoint_did(Turn::beginning(connection, ConnectionOrigin::Opened, timers_after));
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
        beyond: Option<SeqNumber>,
    ) -> Result<Reply, CallError> {
        let iss = || self.isn.next(now, local, remote);
        let mut cx = Context::choosing(now, &self.profile, &iss);
        cx.beyond = beyond;
        let reply = endpoint.call(call, &mut cx, self.journal.outbox(local, remote));
        let iss_is_taken = cx.iss_is_taken();
        let reply = reply.inspect_err(|_| self.journal.nothing_was_done())?;
        if iss_is_taken {
            self.isn.used_up();
        }
        Ok(reply)
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
        let call = match call {
            Call::Open { timeout, .. } => Call::Open { open: Open::PassiveSpecified, timeout },
            other => other,
        };
        self.call_on(now, port, Some(remote), call)
    }

    fn call_listener(
        &mut self,
        now: Instant,
        port: u16,
        call: Call,
    ) -> Result<(Reply, Option<ConnectionId>), CallError> {
        let listener = self.listeners.get(&port);
        let named = listener.and_then(|it| it.remote);
        // To whom? The passive OPEN has not said it, nor does this call.
        let is_unspecified = named.is_none()
            && match call {
                Call::Open { open: Open::PassiveSpecified, .. } => listener.is_none(),
                Call::Open { open: Open::Active, .. } => true,
                _ => false,
            };
        if is_unspecified {
            return Err(CallError::RemoteUnspecified);
        }
        self.call_on(now, port, named, call)
    }

    /// A call on a listener, after which it listens, is over, or has become a connection.
    fn call_on(
        &mut self,
        now: Instant,
        port: u16,
        named: Option<SocketAddr>,
        call: Call,
    ) -> Result<(Reply, Option<ConnectionId>), CallError> {
        let local = SocketAddr::new(self.address, port);
        let remote = named.unwrap_or(local);
        if let (Call::Open { open: Open::Active, .. } | Call::Send { .. }, Some(named)) = (&call, named) {
            self.require_room_for(now, local, named)?;
        }
        let is_end = matches!(call, Call::Close | Call::CloseAll | Call::Abort);
        let mut endpoint = self.listeners.remove(&port).map_or_else(Endpoint::default, |it| it.endpoint);
        let reply = self.call_apart(now, local, remote, &mut endpoint, call, None);
        let timers_after = endpoint.timers();
        let mut connection = None;
        match endpoint.state() {
            State::Closed => {}
            State::Listen => {
                self.listeners.insert(port, Listener { endpoint, remote: named });
            }
            _ => connection = Some(self.add(local, remote, endpoint, ConnectionOrigin::Opened)),
        }
        let reply = reply?;
        self.journal.endpoint_did(Turn::beginning(connection, ConnectionOrigin::Opened, timers_after));
        if is_end && self.profile.when_listener_closes == WhenListenerCloses::End {
            self.end_children(now, port);
        }
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
            self.journal.because(None, Rule::QuietTime);
            return Err(CallError::InsufficientResources);
        }
        Ok(())
    }
}
