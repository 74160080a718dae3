//! A connection of a host, and where it comes from.

use std::net::SocketAddr;

use crate::endpoint::Endpoint;
use crate::tcp::{ConnectionId, State};

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
