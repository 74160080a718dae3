//! Why something cannot be done to a run.

use super::{SegmentId, Side};

/// How many copies of segments may be in the network at once.
pub const MOST_IN_TRANSIT: usize = 4096;

/// Why something cannot be done. The simulation is as it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DeedError {
    /// No segment has this number.
    #[error("segment {0} does not exist")]
    NoSuchSegment(SegmentId),
    /// It has arrived, or is lost already.
    #[error("segment {0} is no longer on its way")]
    NotOnItsWay(SegmentId),
    /// Only a held segment can be released.
    #[error("segment {0} is not held")]
    NotHeld(SegmentId),
    /// A host that has crashed has no users.
    #[error("the {} is down", .0.name())]
    HostIsDown(Side),
    /// A number is to be counted from one of a connection that is not there, or does not know it.
    #[error("the {} has no connection there, from whose numbers could be counted", .0.name())]
    NothingToCountFrom(Side),
    /// The network is full.
    #[error("more than {MOST_IN_TRANSIT} segments would be on their way")]
    TooManyInTransit,
    /// Something else happens first, or that time is past, or too late.
    #[error("the time to wait for is past or too late, or something happens before")]
    CannotWait,
}
