//! What users are told without having asked.

use bytes::Bytes;

/// What the user is told without having asked (RFC 9293 §3.9.1), in the RFC's words where it has some.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum UserEvent {
    /// The connection is established.
    Established,
    /// Octets for an outstanding RECEIVE.
    Received(Box<Bytes>),
    /// All octets given to SEND so far are acknowledged.
    SendComplete,
    /// Our FIN is acknowledged: the other side knows that no more will come.
    CloseComplete,
    /// "connection closing": the other side sends no more.
    Closing,
    /// "connection reset".
    Reset,
    /// "connection refused".
    Refused,
    /// "connection aborted due to user timeout".
    UserTimeout,
    /// R1: the segment was retransmitted so often that delivery is in doubt.
    DeliveryProblem,
    /// R2: given up.
    ExcessiveRetransmissions,
    /// Outstanding calls end with an error.
    CallsFlushed(Flushed),
}

/// Why outstanding calls end (RFC 9293 §3.10.4, §3.10.5).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Flushed {
    /// "closing".
    Closing,
    /// "connection reset".
    Reset,
}
