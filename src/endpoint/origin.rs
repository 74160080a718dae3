//! How an endpoint came into SYN-RECEIVED.

/// How an endpoint came into SYN-RECEIVED; a reset there leads back to where it came from (RFC 9293 MUST-11).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Origin {
    /// From SYN-SENT: both sides opened at the same time.
    Active,
    /// From LISTEN.
    Passive,
}
