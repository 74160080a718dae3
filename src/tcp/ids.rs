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
