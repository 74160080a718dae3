//! Whom a segment or a call is for: a connection, a listener, or nobody.

use std::net::{IpAddr, SocketAddr};

use litemap::LiteMap;

use crate::tcp::{CallError, ConnectionId, State};

use super::{Connection, FIRST_DYNAMIC_PORT, Host, Listener};

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
    /// The youngest connection that its user knows, else the youngest request, else the oldest listener.
    Current,
}

/// Where that is.
pub(super) enum Place {
    New { local: SocketAddr, remote: SocketAddr },
    Listener(u16),
    Connection(usize),
}

impl Host {
    /// The state towards `remote` as one control block would show it: that of the connection with it, else LISTEN if
    /// `local_port` has a listener, else CLOSED.
    pub fn state_towards(&self, local_port: u16, remote: SocketAddr) -> State {
        match self.connections.iter().find(|it| it.local.port() == local_port && it.remote == remote) {
            Some(connection) => connection.endpoint.state(),
            None if self.listener_for(local_port, remote).is_some() => State::Listen,
            None => State::Closed,
        }
    }

    /// Which connection has these sockets.
    pub(super) fn index_of(&self, local: SocketAddr, remote: SocketAddr) -> Option<usize> {
        self.connections.iter().position(|it| it.local == local && it.remote == remote)
    }

    /// The listener on a port, if it waits for `remote`.
    pub(super) fn listener_for(&self, port: u16, remote: SocketAddr) -> Option<&Listener> {
        listener_for(&self.listeners, port, remote)
    }

    /// Where the target of a call is.
    pub(super) fn resolve(&self, target: Target) -> Result<Place, CallError> {
        match target {
            Target::Connect { remote, local_port } => {
                let port = match local_port {
                    Some(port) => port,
                    None => self.free_port(remote).ok_or(CallError::InsufficientResources)?,
                };
                let local = SocketAddr::new(self.address, port);
                match self.index_of(local, remote) {
                    Some(index) => Ok(Place::Connection(index)),
                    None => Ok(Place::New { local, remote }),
                }
            }
            Target::Listener(port) => Ok(Place::Listener(port)),
            Target::Connection(id) => {
                self.connections.iter().position(|it| it.id == id).map(Place::Connection).ok_or(CallError::DoesNotExist)
            }
            Target::Current => {
                let youngest = |is_meant: fn(&Connection) -> bool| self.connections.iter().rposition(is_meant);
                let index = youngest(Connection::is_known).or_else(|| youngest(|it| it.endpoint.is_request()));
                let listener = || self.listeners.keys().next().copied().map(Place::Listener);
                index.map(Place::Connection).or_else(listener).ok_or(CallError::DoesNotExist)
            }
        }
    }

    /// A port from which no connection to `remote` exists.
    fn free_port(&self, remote: SocketAddr) -> Option<u16> {
        (self.next_port..=u16::MAX)
            .chain(FIRST_DYNAMIC_PORT..self.next_port)
            .find(|port| !self.connections.iter().any(|it| it.local.port() == *port && it.remote == remote))
    }
}

/// The listener on a port, if it waits for `remote`.
pub(super) fn listener_for(listeners: &LiteMap<u16, Listener>, port: u16, remote: SocketAddr) -> Option<&Listener> {
    listeners.get(&port).filter(|it| it.remote.is_none_or(|named| named == remote))
}

/// Whether an address can be that of a single host somewhere else, as the address of a connection's other end has to be
/// (RFC 9293 MUST-46, MUST-63): not one of many hosts, of none, of "this network" (0/8) or the host itself (127/8, ::1), nor
/// one that is kept for later (240/4; RFC 1122 §3.2.1.3, RFC 6890 §2.2).
pub(super) fn names_one_host(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(v4) => !matches!(v4.octets()[0], 0 | 127 | 224..),
        IpAddr::V6(v6) => !(v6.is_multicast() || v6.is_unspecified() || v6.is_loopback()),
    }
}
