//! By what segments and connections are known.

use std::net::SocketAddr;

/// Names a segment of a run, in the order in which they left, whoever sent them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SegmentId(pub u32);

/// Names a connection of one host, in the order in which they came to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ConnectionId(pub u32);

/// The two ends of a connection, as one of them sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Sockets {
    /// Its own.
    pub local: SocketAddr,
    /// The other side's.
    pub remote: SocketAddr,
}

/// Where a connection comes from, and whether its user knows of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ConnectionOrigin {
    /// Its user opened it.
    Opened,
    /// A SYN to a listener made it; its user gets it once it is established, or earlier by a call on it.
    Expected,
    /// A SYN to a listener made it, and no user has taken it yet.
    Waiting,
    /// A SYN to a listener made it, and a user has it.
    Accepted,
}

impl ConnectionOrigin {
    /// Whether its user knows of the connection.
    pub const fn is_known(self) -> bool {
        match self {
            ConnectionOrigin::Opened | ConnectionOrigin::Accepted => true,
            ConnectionOrigin::Expected | ConnectionOrigin::Waiting => false,
        }
    }
}
