//! The transmission control block as plain data: to look at an endpoint, and to start one in the middle of its life
//! (RFC 9293 §3.3.1).

use bytes::Bytes;

use crate::profile::Profile;
use crate::segment::Flags;
use crate::seq::SeqNumber;
use crate::tcp::{State, Timer};
use crate::time::{Duration, Instant};

use super::Endpoint;
use super::context::Context;
use super::limits::Limits;
use super::negotiated::{Negotiated, TimestampClock};
use super::opening::{Listen, Remote, SynSent, offered_options};
use super::outbox::Outbox;
use super::progress::{AckDue, FinStatus, Origin, Phase};
use super::reassembly::{Octets, Reassembly};
use super::receives::Receives;
use super::retransmission_queue::{RetransmissionQueue, Sent};
use super::rtt::RttEstimator;
use super::space::{ReceiveSpace, SendSpace};
use super::synchronized::Synchronized;
use super::timers::Timers;

/// Everything that an endpoint remembers, by the RFC's names. What a state does not have is `None`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tcb {
    /// The state.
    pub state: State,
    /// In SYN-RECEIVED: where it came from.
    pub origin: Option<Origin>,
    /// In LISTEN, and in what came from it: whether the passive OPEN named the remote socket.
    pub remote: Remote,
    /// ISS.
    pub iss: Option<SeqNumber>,
    /// SND.UNA.
    pub snd_una: Option<SeqNumber>,
    /// SND.NXT.
    pub snd_nxt: Option<SeqNumber>,
    /// SND.WND in octets.
    pub snd_wnd: Option<u32>,
    /// IRS.
    pub irs: Option<SeqNumber>,
    /// RCV.NXT.
    pub rcv_nxt: Option<SeqNumber>,
    /// RCV.WND in octets.
    pub rcv_wnd: Option<u32>,
    /// The largest text it sends, in octets.
    pub mss: Option<u32>,
    /// The options that both SYNs agreed on.
    pub negotiated: Negotiated,
    /// What is sent and not acknowledged, oldest first.
    pub unacknowledged: Vec<Unacknowledged>,
    /// Octets that wait to be sent.
    pub unsent: Bytes,
    /// How far our FIN has come.
    pub fin: FinStatus,
    /// Octets that wait to be read.
    pub unread: Bytes,
    /// How many RECEIVEs wait for data.
    pub outstanding_receives: usize,
    /// What arrived out of order: first number and length in octets.
    pub held: Vec<(SeqNumber, usize)>,
    /// Whether an acknowledgment is delayed.
    pub ack_is_delayed: bool,
    /// The retransmission timeout.
    pub rto: Option<Duration>,
    /// The smoothed round-trip time, once measured.
    pub srtt: Option<Duration>,
    /// R1, R2, user timeout and keep-alive; in an endpoint that is restored, those of the profile if there are none.
    pub limits: Option<Limits>,
    /// The timers that run.
    pub timers: Timers,
}

/// An entry of the retransmission queue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unacknowledged {
    /// Its first sequence number.
    pub seq: SeqNumber,
    /// Its control bits.
    pub flags: Flags,
    /// Its text.
    pub text: Bytes,
    /// When it was first sent.
    pub first_sent: Instant,
    /// How often it was repeated.
    pub retransmissions: u32,
}

/// Why a control block is no endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TcbError {
    /// A field that the state needs is missing.
    #[error("{0} needs {1}")]
    Missing(State, &'static str),
    /// Numbers that contradict each other.
    #[error("SND.UNA {0} to SND.NXT {1} does not match the retransmission queue")]
    QueueMismatch(SeqNumber, SeqNumber),
}

impl Tcb {
    /// The control block of a state that remembers nothing.
    pub fn empty(state: State) -> Self {
        Self {
            state,
            origin: None,
            remote: Remote::Unspecified,
            iss: None,
            snd_una: None,
            snd_nxt: None,
            snd_wnd: None,
            irs: None,
            rcv_nxt: None,
            rcv_wnd: None,
            mss: None,
            negotiated: Negotiated::default(),
            unacknowledged: Vec::new(),
            unsent: Bytes::new(),
            fin: FinStatus::NotAsked,
            unread: Bytes::new(),
            outstanding_receives: 0,
            held: Vec::new(),
            ack_is_delayed: false,
            rto: None,
            srtt: None,
            limits: None,
            timers: Timers::default(),
        }
    }
}

impl Endpoint {
    /// Everything this endpoint remembers.
    pub fn tcb(&self) -> Tcb {
        let empty = Tcb::empty(self.state());
        match self {
            Endpoint::Closed => empty,
            Endpoint::Listen(listen) => Tcb {
                remote: listen.remote,
                outstanding_receives: listen.receives.len(),
                limits: Some(listen.limits),
                timers: listen.timers,
                ..empty
            },
            Endpoint::SynSent(syn_sent) => Tcb {
                iss: Some(syn_sent.snd.iss),
                snd_una: Some(syn_sent.snd.una),
                snd_nxt: Some(syn_sent.snd.nxt),
                snd_wnd: Some(syn_sent.snd.wnd),
                mss: Some(syn_sent.snd.mss),
                unacknowledged: vec![Unacknowledged {
                    seq: syn_sent.snd.iss,
                    flags: Flags { syn: true, ..Flags::default() },
                    text: Bytes::new(),
                    first_sent: syn_sent.first_sent,
                    retransmissions: syn_sent.retransmissions,
                }],
                unsent: syn_sent.unsent.clone().take(usize::MAX),
                fin: if syn_sent.closes { FinStatus::Queued } else { FinStatus::NotAsked },
                outstanding_receives: syn_sent.receives.len(),
                rto: Some(syn_sent.rtt.rto()),
                srtt: syn_sent.rtt.srtt(),
                limits: Some(syn_sent.limits),
                timers: syn_sent.timers,
                ..empty
            },
            Endpoint::Synchronized(synchronized) => synchronized.tcb(empty),
        }
    }

    /// An endpoint with this control block, as if it had lived up to here. Deadlines are taken as given, and where the
    /// state needs a timer that is not set, it starts now; a missing send window is 0, a missing receive window that
    /// of the profile.
    ///
    /// # Errors
    /// If a number is missing that the state cannot do without, or the retransmission queue does not lie between
    /// SND.UNA and SND.NXT.
    pub fn restore(tcb: &Tcb, now: Instant, profile: &Profile) -> Result<Self, TcbError> {
        let mut receives = Receives::default();
        for _ in 0..tcb.outstanding_receives {
            // More than may wait are dropped: the count says nothing that a later event could miss.
            let _ = receives.queue(u32::MAX, &mut Outbox::default());
        }
        match tcb.state {
            State::Closed => Ok(Endpoint::Closed),
            State::Listen => {
                let limits = tcb.limits.unwrap_or(Limits::of(profile));
                let listen = Listen { receives, timers: tcb.timers, ..Listen::new(tcb.remote, limits) };
                Ok(Endpoint::Listen(Box::new(listen)))
            }
            State::SynSent => {
                let iss = tcb.iss.ok_or(TcbError::Missing(tcb.state, "ISS"))?;
                let mut unsent = Octets::default();
                unsent.push(tcb.unsent.clone());
                let oldest = tcb.unacknowledged.first();
                let rtt = RttEstimator::new(profile);
                let mut timers = tcb.timers;
                timers.start_if_stopped(Timer::Retransmission, now + rtt.rto());
                Ok(Endpoint::SynSent(Box::new(SynSent {
                    snd: SendSpace::after_syn(iss, u32::from(profile.mss)),
                    options: offered_options(&Context::new(now, profile, iss)),
                    unsent,
                    closes: tcb.fin == FinStatus::Queued,
                    receives,
                    rtt,
                    limits: tcb.limits.unwrap_or(Limits::of(profile)),
                    timers,
                    first_sent: oldest.map_or(now, |oldest| oldest.first_sent),
                    retransmissions: oldest.map_or(0, |oldest| oldest.retransmissions),
                    was_in_the_way: false,
                })))
            }
            State::SynReceived
            | State::Established
            | State::FinWait1
            | State::FinWait2
            | State::CloseWait
            | State::Closing
            | State::LastAck
            | State::TimeWait => {
                Synchronized::restore(tcb, receives, now, profile).map(|it| Endpoint::Synchronized(Box::new(it)))
            }
        }
    }
}

impl Synchronized {
    fn tcb(&self, empty: Tcb) -> Tcb {
        Tcb {
            origin: match self.phase {
                Phase::SynReceived(origin) => Some(origin),
                _ => None,
            },
            iss: Some(self.snd.iss),
            snd_una: Some(self.snd.una),
            snd_nxt: Some(self.snd.nxt),
            snd_wnd: Some(self.snd.wnd),
            irs: Some(self.rcv.irs),
            rcv_nxt: Some(self.rcv.nxt),
            rcv_wnd: Some(self.rcv.wnd),
            mss: Some(self.snd.mss),
            remote: self.remote,
            negotiated: self.negotiated,
            unacknowledged: self
                .unacknowledged
                .iter()
                .map(|sent| Unacknowledged {
                    seq: sent.seq,
                    flags: sent.flags,
                    text: sent.text.clone(),
                    first_sent: sent.first_sent,
                    retransmissions: sent.retransmissions,
                })
                .collect(),
            unsent: self.unsent.clone().take(usize::MAX),
            fin: self.fin,
            unread: self.unread.clone().take(usize::MAX),
            outstanding_receives: self.receives.len(),
            held: self.reassembly.ranges().collect(),
            ack_is_delayed: matches!(self.ack_due, AckDue::Later { .. }),
            rto: Some(self.rtt.rto()),
            srtt: self.rtt.srtt(),
            limits: Some(self.limits),
            timers: self.timers,
            ..empty
        }
    }

    fn restore(tcb: &Tcb, receives: Receives, now: Instant, profile: &Profile) -> Result<Self, TcbError> {
        let missing = |name| TcbError::Missing(tcb.state, name);
        let phase = match tcb.state {
            State::SynReceived => Phase::SynReceived(tcb.origin.ok_or(missing("its origin"))?),
            State::Established => Phase::Established,
            State::FinWait1 => Phase::FinWait1,
            State::FinWait2 => Phase::FinWait2,
            State::CloseWait => Phase::CloseWait,
            State::Closing => Phase::Closing,
            State::LastAck => Phase::LastAck,
            State::TimeWait => Phase::TimeWait,
            State::Closed | State::Listen | State::SynSent => return Err(missing("a synchronized state")),
        };
        let una = tcb.snd_una.ok_or(missing("SND.UNA"))?;
        let nxt = tcb.snd_nxt.ok_or(missing("SND.NXT"))?;
        let rcv_nxt = tcb.rcv_nxt.ok_or(missing("RCV.NXT"))?;
        let snd_wnd = tcb.snd_wnd.unwrap_or(0);
        let mut unacknowledged = RetransmissionQueue::default();
        for entry in &tcb.unacknowledged {
            unacknowledged.push(Sent {
                seq: entry.seq,
                flags: entry.flags,
                text: entry.text.clone(),
                first_sent: entry.first_sent,
                retransmissions: entry.retransmissions,
            });
        }
        let ends = (unacknowledged.first_seq().unwrap_or(nxt), unacknowledged.end().unwrap_or(nxt));
        if ends != (una, nxt) {
            return Err(TcbError::QueueMismatch(una, nxt));
        }
        let irs = tcb.irs.unwrap_or(rcv_nxt - 1);
        let mut it = Self {
            phase,
            snd: SendSpace {
                iss: tcb.iss.unwrap_or(una - 1),
                una,
                nxt,
                wnd: snd_wnd,
                wl1: irs,
                wl2: una,
                max_wnd: snd_wnd,
                mss: tcb.mss.unwrap_or(tcb.negotiated.text_within(u32::from(profile.mss))),
            },
            rcv: ReceiveSpace { irs, nxt: rcv_nxt, wnd: tcb.rcv_wnd.unwrap_or(profile.largest_window(0)) },
            negotiated: tcb.negotiated,
            timestamp_clock: TimestampClock { last_ack_sent: rcv_nxt, taken_at: now },
            remote: tcb.remote,
            previous: None,
            unsent: Octets::default(),
            unacknowledged,
            fin: tcb.fin,
            is_abandoned: false,
            reassembly: Reassembly::default(),
            unread: Octets::default(),
            receives,
            ack_due: AckDue::No,
            rtt: RttEstimator::new(profile),
            limits: tcb.limits.unwrap_or(Limits::of(profile)),
            answered_at: None,
            keep_alive_probes: 0,
            timers: tcb.timers,
        };
        it.unsent.push(tcb.unsent.clone());
        it.unread.push(tcb.unread.clone());
        if tcb.ack_is_delayed {
            it.ack_due = AckDue::Later { full_sized: 0 };
            it.timers.start_if_stopped(Timer::DelayedAck, now + profile.delayed_ack);
        }
        if it.snd.in_flight() > 0 {
            it.timers.start_if_stopped(Timer::Retransmission, now + it.rtt.rto());
        }
        if it.phase == Phase::TimeWait {
            it.timers.start_if_stopped(Timer::TimeWait, now + profile.two_msl());
        }
        it.watch_blocked_window(&Context::new(now, profile, SeqNumber(0)));
        Ok(it)
    }
}
