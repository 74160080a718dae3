//! Every choice that the RFCs leave open, in one place. Each end of a story has its own profile.

use crate::segment::{MOST_WINDOW_SHIFT, USUAL_MSS};
use crate::tcp::KeepAlive;
use crate::time::Duration;

/// An acknowledgment waits for less than this (RFC 9293 MUST-40).
pub const ACK_DELAY_LIMIT: Duration = Duration::from_ms(500);

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
    /// How far apart answers to bare ACKs that are outside the window, or acknowledge what was never sent, must be in one
    /// connection; at least an RTO, which is longer than the way there and back. So two ends that find each other's
    /// acknowledgments unacceptable do not go on for ever. No RFC says so; common systems do it. `None`: no limit.
    pub answer_gap: Option<Duration>,
    /// Offer window scaling with this shift (RFC 7323 §2).
    pub window_scale: Option<u8>,
    /// Offer selective acknowledgments (RFC 2018 §2); negotiated and shown, but none are sent.
    pub sack_permitted: bool,
    /// Offer timestamps (RFC 7323 §3); negotiated, sent and shown. They give no RTT samples and reject nothing.
    pub timestamps: bool,
    /// When acknowledgments are sent.
    pub ack_mode: AckMode,
    /// How long an acknowledgment may wait in [`AckMode::Delayed`]; less than [`ACK_DELAY_LIMIT`].
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
    /// R1: at this many retransmissions of one segment the user is warned (RFC 9293 §3.8.3). This and the other limits of
    /// patience are those with which connections begin; a user may set others for one of them.
    pub r1_retransmissions: u32,
    /// R2 for data and FIN: an unacknowledged segment this old ends the connection (RFC 9293 §3.8.3); `None`: never.
    pub r2_data: Option<Duration>,
    /// R2 for a SYN; at least 3 min (RFC 9293 MUST-23). `None`: never.
    pub r2_syn: Option<Duration>,
    /// The user timeout of OPEN, if the user gave one (RFC 9293 §3.9.1.1).
    pub user_timeout: Option<Duration>,
    /// The maximum segment lifetime; TIME-WAIT lasts two of them (RFC 9293 §3.4.2: 2 minutes).
    pub msl: Duration,
    /// The largest text we put into a segment or announce in our SYN, in octets; options take their room from it
    /// (RFC 9293 §3.7.1).
    pub mss: u16,
    /// The receive buffer in octets; RCV.WND when it is empty.
    pub receive_buffer: u32,
    /// The send buffer in octets; SEND fails with "insufficient resources" beyond it.
    pub send_buffer: u32,
    /// When the user takes received data.
    pub reading: Reading,
    /// Probe a silent peer (RFC 9293 §3.8.4); `None` is the default that MUST-25 demands.
    pub keep_alive: Option<KeepAlive>,
    /// How many connections of one listener may be in SYN-RECEIVED; none ever is with [`Handshake::TwoWay`], and a SYN
    /// needs room in the accept queue then.
    pub backlog: u32,
    /// When the user takes a connection that a listener has established.
    pub accepting: Accepting,
    /// How many established connections of one listener may wait to be taken.
    pub accept_queue: u32,
    /// What becomes of a SYN for which the backlog has no room, and of a last ACK for which the accept queue has none.
    pub when_full: WhenFull,
    /// Answer a SYN without remembering it where the backlog has no room (RFC 4987 §3.6).
    pub syn_cookies: bool,
    /// How long the host assigns no sequence numbers and sends nothing after it has come up again (RFC 9293 §3.4.3: the
    /// MSL). Zero is for hosts whose clock of initial numbers survives a crash, as ours does.
    pub quiet_time: Duration,
}

/// When the user takes a connection that a listener has established.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Accepting {
    /// At once.
    Eager,
    /// Only when the story says so; until then it waits in the accept queue, and nobody reads what arrives.
    OnCall,
}

/// What a listener does when a queue is full. RFC 9293 leaves it to the host.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum WhenFull {
    /// Nothing, as if the segment were lost: the other side will try again.
    Ignore,
    /// Refuse with a reset.
    Reset,
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

    /// The window that a SYN announces, which is never shifted.
    pub fn opening_window(&self) -> u16 {
        u16::try_from(self.largest_window(0)).expect("largest_window is within what the header can say")
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
            answer_gap: Some(Duration::from_ms(500)),
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
            r2_data: Some(Duration::from_secs(100)),
            r2_syn: Some(Duration::from_secs(180)),
            user_timeout: None,
            msl: Duration::from_secs(120),
            mss: USUAL_MSS,
            receive_buffer: 4000,
            send_buffer: 1 << 16,
            reading: Reading::Eager,
            keep_alive: None,
            backlog: 128,
            accepting: Accepting::Eager,
            accept_queue: 128,
            when_full: WhenFull::Ignore,
            syn_cookies: false,
            quiet_time: Duration::ZERO,
        }
    }
}
