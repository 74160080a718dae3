//! What segments are for.

/// What a segment is for. The wire does not say; the sender knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    /// It occupies sequence numbers for the first time.
    New,
    /// It only acknowledges.
    Ack,
    /// It repeats what was sent before.
    Retransmission,
    /// It asks whether a closed window has opened.
    Probe,
    /// It asks whether a silent peer is still there.
    KeepAlive,
    /// It asks the other side to prove a reset or a SYN (RFC 5961).
    ChallengeAck,
    /// It refuses a segment that belongs to no connection, or makes no sense in this one.
    Reset,
    /// It tells the other side that the user gave the connection up.
    Abort,
}
