//! Where segments come from that no present connection sent.

/// Where a segment comes from that no present connection sent. Nobody who receives it can tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Intrusion {
    /// It is a duplicate that was late in the network, of an earlier connection (RFC 9293 §3.4.1).
    Old,
    /// Somebody made it up.
    Forged,
    /// A middlebox on the link sends it, in the name of one of the two ends.
    Middlebox,
}

impl Intrusion {
    /// What such a segment is called.
    pub const fn name(self) -> &'static str {
        match self {
            Intrusion::Old => "old",
            Intrusion::Forged => "forged",
            Intrusion::Middlebox => "middlebox",
        }
    }
}
