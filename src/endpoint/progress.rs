//! How far a synchronized connection has come: its state, its own FIN, the acknowledgment that it owes.

use crate::tcp::State;

/// The states of a synchronized connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Phase {
    SynReceived(Origin),
    Established,
    FinWait1,
    FinWait2,
    CloseWait,
    Closing,
    LastAck,
    TimeWait,
}

/// How an endpoint came into SYN-RECEIVED; a reset there leads back to where it came from (RFC 9293 MUST-11).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Origin {
    /// From SYN-SENT: both sides opened at the same time.
    Active,
    /// From LISTEN.
    Passive,
}

impl Phase {
    /// Its name.
    pub fn state(self) -> State {
        match self {
            Phase::SynReceived(_) => State::SynReceived,
            Phase::Established => State::Established,
            Phase::FinWait1 => State::FinWait1,
            Phase::FinWait2 => State::FinWait2,
            Phase::CloseWait => State::CloseWait,
            Phase::Closing => State::Closing,
            Phase::LastAck => State::LastAck,
            Phase::TimeWait => State::TimeWait,
        }
    }

    /// Whether the connection can be idle for long, so that keep-alives make sense.
    pub fn may_be_kept_alive(self) -> bool {
        match self {
            Phase::Established | Phase::FinWait1 | Phase::FinWait2 | Phase::CloseWait => true,
            Phase::SynReceived(_) | Phase::Closing | Phase::LastAck | Phase::TimeWait => false,
        }
    }

    /// Whether text or our FIN may leave: not before our SYN is acknowledged, and nothing is left once our FIN was.
    pub fn may_send(self) -> bool {
        match self {
            Phase::Established | Phase::CloseWait | Phase::FinWait1 | Phase::Closing => true,
            Phase::SynReceived(_) | Phase::FinWait2 | Phase::LastAck | Phase::TimeWait => false,
        }
    }

    /// Whether the other side may still send text: its FIN was not received.
    pub fn may_receive(self) -> bool {
        match self {
            Phase::SynReceived(_) | Phase::Established | Phase::FinWait1 | Phase::FinWait2 => true,
            Phase::CloseWait | Phase::Closing | Phase::LastAck | Phase::TimeWait => false,
        }
    }
}

/// How far our own FIN has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum FinStatus {
    /// The user has not called CLOSE.
    #[default]
    NotAsked,
    /// CLOSE was called; the FIN waits for what is before it.
    Queued,
    /// It was sent, as the last sequence number before SND.NXT.
    Sent,
}

/// Whether an acknowledgment is owed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AckDue {
    No,
    /// With the next segment or when its timer expires; full-sized segments received since the last acknowledgment.
    Later {
        full_sized: u32,
    },
    AtOnce,
}
