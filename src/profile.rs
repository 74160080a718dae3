//! Every choice that the RFCs leave open, in one place. Each end of a story has its own profile.

use crate::time::Duration;

/// The largest shift of a window (RFC 7323 §2.3).
pub const MOST_WINDOW_SHIFT: u8 = 14;

/// How one end behaves where the standard leaves a choice, and the settings of its timers and buffers.
///
/// ```
/// use synfin::profile::{AckMode, Profile};
/// use synfin::time::Duration;
///
/// let profile = Profile { msl: Duration::from_secs(30), ack_mode: AckMode::Delayed, ..Profile::default() };
/// assert_eq!(profile.two_msl().to_string(), "60 s");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Profile {
    /// Challenge ACKs for resets and SYNs that lie inside the window but not exactly at RCV.NXT (RFC 5961 §3, §4).
    pub rfc5961: bool,
    /// Reject acknowledgments older than SND.UNA - MAX.SND.WND (RFC 5961 §5; RFC 9293 MAY-12).
    pub rfc5961_ack_range: bool,
    /// In SYN-RECEIVED, take the SYN that was already received off a SYN,ACK before testing its sequence number;
    /// without this the simultaneous open of RFC 9293 figure 7 cannot happen.
    pub simopen_trim_syn: bool,
    /// A retransmitted FIN restarts the 2 MSL timer, although the sequence test already drops it.
    pub timewait_fin_restart: bool,
    /// Acknowledge every acceptable segment in TIME-WAIT, as the text says literally; two ends in TIME-WAIT then
    /// acknowledge each other for ever.
    pub timewait_literal_ack: bool,
    /// Ignore resets in TIME-WAIT (RFC 1337 §3, fix F1).
    pub rfc1337: bool,
    /// When a SYN may take over a pair of sockets that is in TIME-WAIT.
    pub timewait_reuse: TimeWaitReuse,
    /// Whether TIME-WAIT exists. Without it, what follows the last acknowledgment meets nobody: a counterfactual.
    pub time_wait: TimeWait,
    /// Whether the server waits for the third segment. Without it, any old SYN opens a connection: a counterfactual.
    pub handshake: Handshake,
    /// How many challenge ACKs, and answers to bare ACKs outside the window, the host sends in a second at most
    /// (RFC 5961 §7).
    pub challenge_ack_limit: Option<u32>,
    /// Offer window scaling with this shift (RFC 7323 §2).
    pub window_scale: Option<u8>,
    /// Offer selective acknowledgments (RFC 2018 §2); negotiated and shown, but not modeled.
    pub sack_permitted: bool,
    /// Offer timestamps (RFC 7323 §3); negotiated, sent and shown. They give no RTT samples and reject nothing.
    pub timestamps: bool,
    /// When acknowledgments are sent.
    pub ack_mode: AckMode,
    /// How long an acknowledgment may wait in [`AckMode::Delayed`]; less than 0.5 s (RFC 9293 §3.8.6.3).
    pub delayed_ack: Duration,
    /// Hold back small segments while data is unacknowledged (RFC 9293 §3.7.4).
    pub nagle: bool,
    /// The RTO before the first measurement (RFC 6298 §2.1).
    pub initial_rto: Duration,
    /// The smallest RTO (RFC 6298 §2.4).
    pub min_rto: Duration,
    /// The largest RTO (RFC 6298 §2.5).
    pub max_rto: Duration,
    /// The RTO with which the data phase starts after a SYN had to be retransmitted (RFC 6298 §5.7).
    pub rto_after_lost_syn: Duration,
    /// The clock granularity G of the RTO computation (RFC 6298 §2).
    pub clock_granularity: Duration,
    /// R1: at this many retransmissions of one segment the user is warned (RFC 9293 §3.8.3).
    pub r1_retransmissions: u32,
    /// R2 for data and FIN: an unacknowledged segment this old ends the connection (RFC 9293 §3.8.3).
    pub r2_data: Duration,
    /// R2 for a SYN; at least 3 min (RFC 9293 MUST-23).
    pub r2_syn: Duration,
    /// The user timeout of OPEN, if the user gave one (RFC 9293 §3.9.1.1).
    pub user_timeout: Option<Duration>,
    /// The maximum segment lifetime; TIME-WAIT lasts two of them (RFC 9293 §3.4.2: 2 minutes).
    pub msl: Duration,
    /// The largest text we put into a segment or announce in our SYN, in octets (RFC 9293 §3.7.1).
    pub mss: u16,
    /// The receive buffer in octets; RCV.WND when it is empty.
    pub receive_buffer: u32,
    /// The send buffer in octets; SEND fails with "insufficient resources" beyond it.
    pub send_buffer: u32,
    /// When the user takes received data.
    pub reading: Reading,
    /// How many connections of one listener may be in SYN-RECEIVED or not yet known to the user.
    pub backlog: u32,
}

/// When acknowledgments are sent (RFC 9293 §3.8.6.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AckMode {
    /// At once for every segment that occupies sequence numbers.
    Immediate,
    /// After [`Profile::delayed_ack`], with the next segment, or at the second full-sized segment.
    Delayed,
}

/// When a SYN may take over a pair of sockets that is in TIME-WAIT.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TimeWaitReuse {
    /// Never.
    Never,
    /// When its number lies beyond those of the old connection (RFC 9293 MAY-2, RFC 1122 §4.2.2.13).
    Rfc1122,
    /// When its timestamp or its number shows that it is new (RFC 6191 §2).
    Rfc6191,
}

/// Whether the side that closes first waits for 2 MSL.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TimeWait {
    /// As the RFC says.
    TwoMsl,
    /// The connection is forgotten at once.
    Skipped,
}

/// How many segments a connection takes to open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Handshake {
    /// As the RFC says.
    ThreeWay,
    /// The passive side is established, and takes data, when it has seen a SYN.
    TwoWay,
}

/// When the user takes received data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reading {
    /// As soon as it can be delivered: the user always has a RECEIVE outstanding.
    Eager,
    /// Only when the story calls RECEIVE.
    OnCall,
}

impl Profile {
    /// How long TIME-WAIT lasts: 2 MSL.
    pub fn two_msl(&self) -> Duration {
        self.msl.times(2)
    }

    /// The largest window that a header can announce when its field is shifted by `shift` bits, within the receive
    /// buffer.
    pub fn largest_window(&self, shift: u8) -> u32 {
        self.receive_buffer.min(u32::from(u16::MAX) << shift.min(MOST_WINDOW_SHIFT))
    }
}

impl Default for Profile {
    fn default() -> Self {
        Self {
            rfc5961: true,
            rfc5961_ack_range: false,
            simopen_trim_syn: true,
            timewait_fin_restart: true,
            timewait_literal_ack: false,
            rfc1337: false,
            timewait_reuse: TimeWaitReuse::Never,
            time_wait: TimeWait::TwoMsl,
            handshake: Handshake::ThreeWay,
            challenge_ack_limit: Some(100),
            window_scale: None,
            sack_permitted: false,
            timestamps: false,
            ack_mode: AckMode::Immediate,
            delayed_ack: Duration::from_ms(200),
            nagle: false,
            initial_rto: Duration::from_secs(1),
            min_rto: Duration::from_secs(1),
            max_rto: Duration::from_secs(60),
            rto_after_lost_syn: Duration::from_secs(3),
            clock_granularity: Duration::from_ms(1),
            r1_retransmissions: 3,
            r2_data: Duration::from_secs(100),
            r2_syn: Duration::from_secs(180),
            user_timeout: None,
            msl: Duration::from_secs(120),
            mss: 1000,
            receive_buffer: 4000,
            send_buffer: 1 << 16,
            reading: Reading::Eager,
            backlog: 128,
        }
    }
}
