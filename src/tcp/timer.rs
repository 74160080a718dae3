//! The names of the timers.

/// What can expire. Two that are due at the same instant fire in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Timer {
    /// Retransmission (RFC 6298 §5).
    Retransmission,
    /// Zero-window probe, and the override of the silly-window rule (RFC 9293 §3.8.6.1, §3.8.6.2.1).
    Persist,
    /// Delayed acknowledgment (RFC 9293 §3.8.6.3).
    DelayedAck,
    /// User timeout (RFC 9293 §3.10.8).
    User,
    /// Silence of the other side (RFC 9293 §3.8.4).
    KeepAlive,
    /// The 2 MSL of TIME-WAIT (RFC 9293 §3.10.8).
    TimeWait,
    /// How long what is left after `close all` may still be delivered. No RFC has it.
    Linger,
    /// How long FIN-WAIT-2 lasts where nobody reads any more. No RFC has it.
    FinWait2,
}

impl Timer {
    /// All timers, in the order in which ties are resolved.
    pub const ALL: [Timer; 8] = [
        Timer::Retransmission,
        Timer::Persist,
        Timer::DelayedAck,
        Timer::User,
        Timer::KeepAlive,
        Timer::TimeWait,
        Timer::Linger,
        Timer::FinWait2,
    ];

    /// The name by which scripts, tests and the page know the timer.
    pub fn name(self) -> &'static str {
        match self {
            Timer::Retransmission => "retransmission",
            Timer::Persist => "persist",
            Timer::DelayedAck => "delayed-ack",
            Timer::User => "user",
            Timer::KeepAlive => "keep-alive",
            Timer::TimeWait => "2msl",
            Timer::Linger => "linger",
            Timer::FinWait2 => "fin-wait-2",
        }
    }
}
