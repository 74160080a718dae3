//! What a middlebox has against segments.

/// Why a middlebox on the link lets a segment not pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Objection {
    /// It does not remember the connection, and the segment is no SYN that begins one.
    Forgotten,
    /// It filters segments with such control bits.
    Filtered,
}

impl Objection {
    /// What such a segment is called.
    pub const fn name(self) -> &'static str {
        match self {
            Objection::Forgotten => "forgotten",
            Objection::Filtered => "filtered",
        }
    }
}
