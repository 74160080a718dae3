//! By what segments and connections are known.

use std::fmt;
use std::net::SocketAddr;
use std::num::NonZeroU32;

/// Names a segment of a run by its number: they are counted from 1 in the order in which they leave, whoever sends them.
/// Scripts, links, pictures, messages and JavaScript all say this number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SegmentId(NonZeroU32);

impl SegmentId {
    /// The first segment of a run.
    pub const FIRST: Self = Self(NonZeroU32::MIN);

    /// The segment with this number.
    pub const fn new(number: NonZeroU32) -> Self {
        Self(number)
    }

    /// The segment before which so many have left.
    pub fn after(others: usize) -> Self {
        let others = u32::try_from(others).unwrap_or(u32::MAX);
        Self(NonZeroU32::MIN.saturating_add(others))
    }

    /// Its number.
    pub const fn number(self) -> u32 {
        self.0.get()
    }

    /// How many have left before it: its place in a list of all segments.
    pub const fn index(self) -> usize {
        self.0.get() as usize - 1
    }
}

impl fmt::Display for SegmentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Names a connection of one host by how many came to be before it. Everybody who reads or writes it for people says its number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ConnectionId(pub u32);

impl ConnectionId {
    /// The connection with this number, counted from 1 on its host.
    pub const fn of_number(number: u32) -> Self {
        Self(number.saturating_sub(1))
    }

    /// Its number, from 1: scripts, sentences, ladders and JavaScript all say it.
    pub const fn number(self) -> u64 {
        self.0 as u64 + 1
    }
}

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
