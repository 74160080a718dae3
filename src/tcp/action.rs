//! What can happen to a segment on its way.

use crate::time::Duration;

/// What can happen to a segment on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Action {
    /// It is lost.
    Drop,
    /// It arrives twice, the copy this much later.
    Duplicate(Duration),
    /// It arrives this much later.
    Delay(Duration),
    /// It arrives damaged: its checksum is wrong.
    Corrupt,
    /// It stays in the network until it is released.
    Hold,
    /// It was held and goes on now, with the link's delay before it.
    Release,
}

impl Action {
    /// The word by which scripts, permalinks and the page know it.
    pub const fn name(self) -> &'static str {
        match self {
            Action::Drop => "drop",
            Action::Duplicate(_) => "duplicate",
            Action::Delay(_) => "delay",
            Action::Corrupt => "corrupt",
            Action::Hold => "hold",
            Action::Release => "release",
        }
    }
}
