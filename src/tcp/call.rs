//! What users may ask for, and what they are answered at once (RFC 9293 §3.9.1, §3.10).

use bytes::Bytes;

use crate::time::Duration;

use super::State;

/// A user call.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Call {
    /// OPEN.
    Open {
        /// Of which kind.
        open: Open,
        /// The user timeout, where it is not to be that of the host.
        timeout: Option<Duration>,
    },
    /// SEND: octets for the other side, pushed.
    Send {
        /// The octets.
        data: Bytes,
        /// A user timeout that takes the place of the one in force.
        timeout: Option<Duration>,
        /// Whether it is the last one: CLOSE follows at once.
        is_last: bool,
    },
    /// RECEIVE: up to this many octets.
    Receive(u32),
    /// CLOSE: "I have no more to send".
    Close,
    /// CLOSE, and "nor will I read" (RFC 9293 MAY-1: the half-duplex close).
    CloseAll,
    /// ABORT.
    Abort,
    /// STATUS.
    Status,
    /// Another limit for this connection than its host has (RFC 9293 MUST-21, MUST-24; the call has no name there).
    Set(Limit),
}

impl Call {
    /// OPEN with the timeout of the host.
    pub const fn open(open: Open) -> Self {
        Call::Open { open, timeout: None }
    }

    /// SEND with the timeout in force.
    pub const fn send(data: Bytes) -> Self {
        Call::Send { data, timeout: None, is_last: false }
    }
}

/// The kinds of OPEN.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Open {
    /// Wait for whoever comes.
    Passive,
    /// Wait for one named remote socket.
    PassiveSpecified,
    /// Connect.
    Active,
    /// Connect, without saying to whom: always an error.
    ActiveUnspecified,
}

/// What a call returns at once.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Reply {
    /// Done.
    Ok,
    /// Remembered until it can be done.
    Queued,
    /// Octets on hand.
    Data(Box<Bytes>),
    /// The state.
    Status(State),
}

/// Why a call fails, in the RFC's words (RFC 9293 §3.10).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
pub enum CallError {
    /// No such connection.
    #[error("connection does not exist")]
    DoesNotExist,
    /// There is one already.
    #[error("connection already exists")]
    AlreadyExists,
    /// To whom?
    #[error("remote socket unspecified")]
    RemoteUnspecified,
    /// No connection can be made to this address.
    #[error("invalid remote IP address")]
    InvalidRemote,
    /// Too late for this call.
    #[error("connection closing")]
    Closing,
    /// No room.
    #[error("insufficient resources")]
    InsufficientResources,
}

impl CallError {
    /// All of them.
    pub const ALL: [CallError; 6] = [
        CallError::DoesNotExist,
        CallError::AlreadyExists,
        CallError::RemoteUnspecified,
        CallError::InvalidRemote,
        CallError::Closing,
        CallError::InsufficientResources,
    ];

    /// The word by which scripts know it.
    pub const fn name(self) -> &'static str {
        match self {
            CallError::DoesNotExist => "does-not-exist",
            CallError::AlreadyExists => "already-exists",
            CallError::RemoteUnspecified => "remote-unspecified",
            CallError::InvalidRemote => "invalid-remote",
            CallError::Closing => "closing",
            CallError::InsufficientResources => "insufficient-resources",
        }
    }
}

/// One of them, as a user sets it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Limit {
    /// R1.
    R1(u32),
    /// R2 for data and FIN.
    R2(Option<Duration>),
    /// R2 for a SYN.
    R2Syn(Option<Duration>),
    /// The user timeout.
    UserTimeout(Option<Duration>),
    /// Keep-alives.
    KeepAlive(Option<KeepAlive>),
}

impl Limit {
    /// The word by which scripts know it.
    pub const fn name(self) -> &'static str {
        match self {
            Limit::R1(_) => "r1",
            Limit::R2(_) => "r2",
            Limit::R2Syn(_) => "r2-syn",
            Limit::UserTimeout(_) => "user-timeout",
            Limit::KeepAlive(_) => "keep-alive",
        }
    }
}

/// When and how often a silent peer is asked whether it is still there (RFC 9293 §3.8.4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct KeepAlive {
    /// After this long without a segment from it; two hours at least where a user does not say otherwise (MUST-28).
    pub idle: Duration,
    /// How long to wait for an answer before asking again.
    pub interval: Duration,
    /// After how many unanswered questions the connection is given up; more than one (MUST-29).
    pub probes: u32,
}

impl Default for KeepAlive {
    /// Two hours (MUST-28); interval and number are those of common systems, the standard has none.
    fn default() -> Self {
        Self { idle: Duration::from_secs(7200), interval: Duration::from_secs(75), probes: 9 }
    }
}
