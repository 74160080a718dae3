//! A connection of a host, and where it comes from.

use std::net::SocketAddr;

use crate::endpoint::Endpoint;
use crate::tcp::{ConnectionId, ConnectionOrigin, State};

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

impl Connection {
    /// Whether a SYN to a listener made it.
    pub fn is_child(&self) -> bool {
        self.origin != ConnectionOrigin::Opened
    }

    /// Whether its user knows of it, and so is told what becomes of it.
    pub fn is_known(&self) -> bool {
        self.origin.is_known()
    }

    /// Whether it is established and waits for its user.
    pub fn waits_for_its_user(&self) -> bool {
        self.origin == ConnectionOrigin::Waiting && self.endpoint.state() != State::SynReceived
    }
}
