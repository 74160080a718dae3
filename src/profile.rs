//! Every choice that the RFCs leave open, in one place. Each end of a story has its own profile.

use crate::certain::certain;
use crate::segment::{MOST_WINDOW_SHIFT, USUAL_MSS};
use crate::tcp::KeepAlive;
use crate::time::Duration;

/// An acknowledgment waits for less than this (RFC 9293 MUST-40).
pub const ACK_DELAY_LIMIT: Duration = Duration::from_ms(500);

macro_rules! profile {
    ($($(#[doc = $doc:literal])+ $field:ident: $type:ty = $default:expr;)+) => {
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
            $($(#[doc = $doc])+ pub $field: $type,)+
        }

        impl Default for Profile {
            fn default() -> Self {
                Self { $($field: $default,)+ }
            }
        }
    };
}

profile! {
    /// Challenge ACKs for resets and SYNs that lie inside the window but not exactly at RCV.NXT (RFC 5961 §3, §4).
    rfc5961: bool = true;
    /// Reject acknowledgments older than SND.UNA - MAX.SND.WND (RFC 5961 §5; RFC 9293 MAY-12).
    rfc5961_ack_range: bool = false;
    /// In SYN-RECEIVED, take the SYN that was already received off a SYN,ACK before testing its sequence number;
    /// without this the simultaneous open of RFC 9293 figure 7 cannot happen.
    simopen_trim_syn: bool = true;
    /// A retransmitted FIN restarts the 2 MSL timer, although the sequence test already drops it.
    timewait_fin_restart: bool = true;
    /// Acknowledge every acceptable segment in TIME-WAIT, as the text says literally; two ends in TIME-WAIT then
    /// acknowledge each other for ever.
    timewait_literal_ack: bool = false;
    /// Ignore resets in TIME-WAIT (RFC 1337 §3, fix F1).
    rfc1337: bool = false;
    /// When a SYN may take over a pair of sockets that is in TIME-WAIT.
    timewait_reuse: TimeWaitReuse = TimeWaitReuse::Never;
    /// Whether an OPEN may take sockets that are in TIME-WAIT on its own side.
    timewait_open: TimeWaitOpen = TimeWaitOpen::Never;
    /// When the SYN leaves again after an answer to it was refused: somebody at the other end was still in an old connection.
    syn_again: SynAgain = SynAgain::AfterRto;
    /// Whether TIME-WAIT exists. Without it, what follows the last acknowledgment meets nobody: a counterfactual.
    time_wait: TimeWait = TimeWait::TwoMsl;
    /// Whether the server waits for the third segment. Without it, any old SYN opens a connection: a counterfactual.
    handshake: Handshake = Handshake::ThreeWay;
    /// How many challenge ACKs, and answers to bare ACKs outside the window, the host sends in a second at most
    /// (RFC 5961 §7).
    challenge_ack_limit: Option<u32> = Some(100);
    /// How far apart answers to bare ACKs that are outside the window, or acknowledge what was never sent, must be in one
    /// connection; at least an RTO, which is longer than the way there and back. So two ends that find each other's
    /// acknowledgments unacceptable do not go on for ever. No RFC says so; common systems do it. `None`: no limit.
    answer_gap: Option<Duration> = Some(Duration::from_ms(500));
    /// Offer window scaling with this shift (RFC 7323 §2).
    window_scale: Option<u8> = None;
    /// Offer selective acknowledgments (RFC 2018 §2); negotiated and shown, but none are sent.
    sack_permitted: bool = false;
    /// Offer timestamps (RFC 7323 §3); negotiated, sent and shown, and old segments are told by them (PAWS, §5). They give no
    /// RTT samples.
    timestamps: bool = false;
    /// When acknowledgments are sent.
    ack_mode: AckMode = AckMode::Immediate;
    /// How long an acknowledgment may wait in [`AckMode::Delayed`]; less than [`ACK_DELAY_LIMIT`].
    delayed_ack: Duration = Duration::from_ms(200);
    /// Whether our FIN travels with the last text that has not left yet.
    fin: FinPlacement = FinPlacement::WithText;
    /// Hold back small segments while data is unacknowledged (RFC 9293 §3.7.4).
    nagle: bool = false;
    /// The RTO before the first measurement (RFC 6298 §2.1).
    initial_rto: Duration = Duration::from_secs(1);
    /// The smallest RTO (RFC 6298 §2.4).
    min_rto: Duration = Duration::from_secs(1);
    /// The largest RTO (RFC 6298 §2.5).
    max_rto: Duration = Duration::from_secs(60);
    /// The RTO with which the data phase starts after a SYN had to be retransmitted (RFC 6298 §5.7).
    rto_after_lost_syn: Duration = Duration::from_secs(3);
    /// The clock granularity G of the RTO computation (RFC 6298 §2).
    clock_granularity: Duration = Duration::from_ms(1);
    /// R1: at this many retransmissions of one segment the user is warned (RFC 9293 §3.8.3). This and the other limits of
    /// patience are those with which connections begin; a user may set others for one of them.
    r1_retransmissions: u32 = 3;
    /// R2 for data and FIN: an unacknowledged segment this old ends the connection (RFC 9293 §3.8.3); `None`: never.
    r2_data: Option<Duration> = Some(Duration::from_secs(100));
    /// R2 for a SYN; at least 3 min (RFC 9293 MUST-23). `None`: never.
    r2_syn: Option<Duration> = Some(Duration::from_secs(180));
    /// The user timeout of OPEN, if the user gave one (RFC 9293 §3.9.1.1).
    user_timeout: Option<Duration> = None;
    /// How long after `close all` what is not acknowledged may still be delivered, before it is given up with a reset; zero gives
    /// it up at once. `None`: for as long as any text (RFC 9293 has no such limit; sockets do, as SO_LINGER).
    linger: Option<Duration> = None;
    /// How long a connection that nobody reads any more stays in FIN-WAIT-2 (RFC 9293 has no timer there, common systems do);
    /// `None`: for ever.
    fin_wait_2: Option<Duration> = Some(Duration::from_secs(60));
    /// The maximum segment lifetime; TIME-WAIT lasts two of them (RFC 9293 §3.4.2: 2 minutes).
    msl: Duration = Duration::from_secs(120);
    /// The largest text we put into a segment or announce in our SYN, in octets; options take their room from it
    /// (RFC 9293 §3.7.1).
    mss: u16 = USUAL_MSS;
    /// The receive buffer in octets; RCV.WND when it is empty.
    receive_buffer: u32 = 4000;
    /// The send buffer in octets; SEND fails with "insufficient resources" beyond it.
    send_buffer: u32 = 1 << 16;
    /// When the user takes received data.
    reading: Reading = Reading::Eager;
    /// Probe a silent peer (RFC 9293 §3.8.4); `None` is the default that MUST-25 demands.
    keep_alive: Option<KeepAlive> = None;
    /// How many connections of one listener may be in SYN-RECEIVED; none ever is with [`Handshake::TwoWay`], and a SYN
    /// needs room in the accept queue then.
    backlog: u32 = 128;
    /// When the user takes a connection that a listener has established.
    accepting: Accepting = Accepting::Eager;
    /// How many established connections of one listener may wait to be taken.
    accept_queue: u32 = 128;
    /// What becomes of a SYN for which the backlog has no room, and of a last ACK for which the accept queue has none.
    when_full: WhenFull = WhenFull::Ignore;
    /// What becomes of the requests of a listener that closes, and of what it has established and nobody has taken.
    when_listener_closes: WhenListenerCloses = WhenListenerCloses::End;
    /// Answer a SYN without remembering it where the backlog has no room (RFC 4987 §3.6).
    syn_cookies: bool = false;
    /// How long the host assigns no sequence numbers and sends nothing after it has come up again (RFC 9293 §3.4.3: the
    /// MSL). Zero is for hosts whose clock of initial numbers survives a crash, as ours does.
    quiet_time: Duration = Duration::ZERO;
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

/// What becomes of what a listener has made when it closes. RFC 9293 has one connection for a listener and leaves this to the
/// host.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum WhenListenerCloses {
    /// Requests are forgotten, and what waits for its user is reset: nobody is left who could take it.
    End,
    /// They go on by themselves.
    Keep,
}

/// When acknowledgments are sent (RFC 9293 §3.8.6.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AckMode {
    /// At once for every segment that occupies sequence numbers.
    Immediate,
    /// After [`Profile::delayed_ack`], with the next segment, or at the second full-sized segment.
    Delayed,
}

/// In which segment our FIN leaves where text waits before it (RFC 9293 §3.10.4 leaves it to us).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FinPlacement {
    /// In that of the last text, where the window has room for both.
    WithText,
    /// Always in one of its own.
    Separate,
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

/// Whether an OPEN may take sockets that are in TIME-WAIT on its own side. RFC 9293 lets a SYN from elsewhere do it (MAY-2), and
/// says nothing of one that leaves here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TimeWaitOpen {
    /// Never: the connection exists.
    Never,
    /// When the old connection had timestamps and was silent for a second: whoever has old numbers can tell the new ones by
    /// their time, as in RFC 6191 §2.
    Timestamps,
}

/// When a SYN leaves again whose answer acknowledged something else.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SynAgain {
    /// When its retransmission timer expires.
    AfterRto,
    /// Right behind the reset with which the answer was refused, but only the first time.
    AtOnce,
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
        certain(u16::try_from(self.largest_window(0)), "largest_window is within what the header can say")
    }
}
