//! Segments that arrive in CLOSED, LISTEN and SYN-SENT (RFC 9293 §3.10.7.1-3).

use crate::profile::{Handshake, Profile, SynAgain};
use crate::rule::Rule;
use crate::segment::{MOST_WINDOW_SHIFT, Options, Segment, Timestamps};
use crate::tcp::{Role, State, Timer, UserEvent};
use crate::time::Instant;

use super::Endpoint;
use super::context::Context;
use super::limits::Limits;
use super::outbox::Outbox;
use super::progress::Origin;
use super::reassembly::Octets;
use super::receives::Receives;
use super::rtt::RttEstimator;
use super::space::SendSpace;
use super::synchronized::Synchronized;
use super::timers::Timers;

/// The largest text to send to someone whose SYN carried no MSS option (RFC 9293 MUST-15).
const DEFAULT_MSS: u16 = 536;

/// Waiting for a connection request from any remote socket, or from one that the user named.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Listen {
    /// Whether the user of the passive OPEN named the remote socket; only then may SEND turn LISTEN into SYN-SENT.
    pub remote: Remote,
    pub(super) receives: Receives,
    /// Those of its children.
    pub(super) limits: Limits,
    pub(super) timers: Timers,
}

/// Whether the remote socket of a passive OPEN was given (RFC 9293 §3.9.1.1).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Remote {
    /// Any remote socket will do.
    #[default]
    Unspecified,
    /// Only the named one.
    Specified,
}

/// Our SYN is out and unanswered.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct SynSent {
    pub(super) snd: SendSpace,
    /// What our SYN offers; each time it is sent, with the timestamp of that time.
    pub(super) options: Options,
    pub(super) unsent: Octets,
    /// Whether CLOSE follows what is unsent, as the user said with the last SEND.
    pub(super) closes: bool,
    pub(super) receives: Receives,
    pub(super) rtt: RttEstimator,
    pub(super) limits: Limits,
    pub(super) timers: Timers,
    pub(super) first_sent: Instant,
    pub(super) retransmissions: u32,
    /// Whether the SYN was sent again because an old connection at the other end was in its way.
    pub(super) was_in_the_way: bool,
}

/// CLOSED: everything but a reset is refused (§3.10.7.1).
pub fn segment_arrives_in_closed(segment: &Segment, out: &mut Outbox) {
    match Segment::reset_for(segment) {
        None => out.because(Rule::ResetInClosed),
        Some(reset) => {
            out.because(Rule::NoConnection);
            out.send(reset, Role::Reset);
        }
    }
}

impl Listen {
    /// A listener that nothing has happened to.
    pub(super) fn new(remote: Remote, limits: Limits) -> Self {
        Self { remote, receives: Receives::default(), limits, timers: Timers::default() }
    }

    /// LISTEN: reset, acknowledgment, SYN, in this order (§3.10.7.2).
    pub(super) fn segment_arrives(
        &mut self,
        segment: &Segment,
        cx: &mut Context<'_>,
        out: &mut Outbox,
    ) -> Option<Endpoint> {
        if segment.flags.rst {
            out.because(Rule::ResetInListen);
            return None;
        }
        if let Some(ack) = segment.ack {
            out.because(Rule::AckInListen);
            out.send(Segment::rst(ack), Role::Reset);
            return None;
        }
        if !segment.flags.syn {
            out.because(Rule::NeitherSynNorAckInListen);
            return None;
        }
        let snd = SendSpace::after_syn(cx.take_iss(), send_mss(segment, cx.profile));
        let mut child = Synchronized::in_syn_received(Origin::Passive, snd, segment, cx);
        child.remote = self.remote;
        child.limits = self.limits;
        child.receives = std::mem::take(&mut self.receives);
        match cx.profile.handshake {
            Handshake::ThreeWay => {
                out.because(Rule::SynInListen);
                out.enter(State::Listen, State::SynReceived);
                child.send_syn_ack(cx, out);
                child.keep_for_established(segment, out);
                Some(Endpoint::Synchronized(Box::new(child)))
            }
            Handshake::TwoWay => child.establish_on_syn(segment, cx, out),
        }
    }
}

impl SynSent {
    /// Sends our SYN: the active OPEN (§3.10.1).
    pub(super) fn open(limits: Limits, cx: &mut Context<'_>, out: &mut Outbox) -> Self {
        let snd = SendSpace::after_syn(cx.take_iss(), u32::from(cx.profile.mss));
        let mut syn_sent = Self {
            options: offered_options(cx),
            unsent: Octets::default(),
            closes: false,
            receives: Receives::default(),
            rtt: RttEstimator::new(cx.profile),
            limits,
            timers: Timers::default(),
            first_sent: cx.now,
            retransmissions: 0,
            was_in_the_way: false,
            snd,
        };
        syn_sent.rtt.sent(cx.now, syn_sent.snd.nxt);
        syn_sent.timers.start(Timer::Retransmission, cx.now + syn_sent.rtt.rto());
        if let Some(user_timeout) = limits.user_timeout {
            syn_sent.timers.start(Timer::User, cx.now + user_timeout);
        }
        out.send(syn_sent.syn(cx), Role::New);
        syn_sent
    }

    /// Our SYN, the first time and every time.
    pub(super) fn syn(&self, cx: &Context<'_>) -> Segment {
        let timestamps = self.options.timestamps.map(|_| Timestamps { value: cx.timestamp_clock(), echo: 0 });
        let options = Options { timestamps, ..self.options };
        Segment { wnd: cx.profile.opening_window(), options, ..Segment::syn(self.snd.iss) }
    }

    /// Repeats our SYN, and waits for its answer anew.
    pub(super) fn send_again(&mut self, cx: &Context<'_>, out: &mut Outbox) {
        self.rtt.retransmitted();
        self.timers.start(Timer::Retransmission, cx.now + self.rtt.rto());
        out.send(self.syn(cx), Role::Retransmission);
    }

    /// SYN-SENT: acknowledgment, reset, SYN, in this order (§3.10.7.3).
    pub(super) fn segment_arrives(
        &mut self,
        segment: &Segment,
        cx: &mut Context<'_>,
        out: &mut Outbox,
    ) -> Option<Endpoint> {
        // First: an acknowledgment of anything but our SYN is refused.
        let acknowledges_our_syn = match segment.ack {
            None => false,
            Some(ack) if self.snd.is_acceptable(ack) => true,
            Some(_) if segment.flags.rst => {
                out.because(Rule::ResetNotForOurSyn);
                return None;
            }
            Some(ack) => {
                out.because(Rule::AckNotOfOurSynInSynSent);
                out.send(Segment::rst(ack), Role::Reset);
                let is_first = self.retransmissions == 0 && !self.was_in_the_way;
                if cx.profile.syn_again == SynAgain::AtOnce && is_first {
                    self.was_in_the_way = true;
                    out.because(Rule::SynAgainAtOnce);
                    self.send_again(cx, out);
                }
                return None;
            }
        };
        // Second: a reset counts only if it proves that it has seen our SYN.
        if segment.flags.rst {
            if !acknowledges_our_syn {
                out.because(Rule::ResetNotForOurSyn);
                return None;
            }
            out.because(Rule::ResetOfOurSyn);
            out.enter(State::SynSent, State::Closed);
            out.tell(UserEvent::Reset);
            return Some(Endpoint::Closed);
        }
        // Third: security. Not modelled.
        // Fourth: a SYN tells us the other side's number; with an acknowledgment of ours, both are known.
        if !segment.flags.syn {
            out.because(Rule::NoSynInSynSent);
            return None;
        }
        self.snd.mss = send_mss(segment, cx.profile);
        let mut synchronized = Synchronized::from_syn_sent(self, segment, cx);
        if acknowledges_our_syn {
            out.because(Rule::SynAckOfOurSyn);
            return synchronized.establish_from_syn_sent(segment, cx, out);
        }
        out.because(Rule::SimultaneousOpen);
        out.enter(State::SynSent, State::SynReceived);
        let wnd = synchronized.negotiated.window_of(segment);
        synchronized.snd.set_window(segment, synchronized.snd.una, wnd);
        synchronized.resend_syn_with_ack(cx, out);
        synchronized.keep_for_established(segment, out);
        Some(Endpoint::Synchronized(Box::new(synchronized)))
    }
}

/// The options that our SYN offers.
pub fn offered_options(cx: &Context<'_>) -> Options {
    Options {
        mss: Some(cx.profile.mss),
        window_scale: cx.profile.window_scale.map(|shift| shift.min(MOST_WINDOW_SHIFT)),
        sack_permitted: cx.profile.sack_permitted,
        timestamps: cx.profile.timestamps.then(|| Timestamps { value: cx.timestamp_clock(), echo: 0 }),
    }
}

/// The largest text to send: what the SYN's MSS option allows, within our own limit (RFC 9293 §3.7.1).
pub fn send_mss(syn: &Segment, profile: &Profile) -> u32 {
    // A zero, which only a forged SYN can carry, would stop all sending.
    u32::from(syn.options.mss.unwrap_or(DEFAULT_MSS).min(profile.mss).max(1))
}
