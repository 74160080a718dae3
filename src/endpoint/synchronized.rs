//! SYN-RECEIVED and every later state: the eight checks of RFC 9293 §3.10.7.4, in order, one function each.
//!
//! A check either lets the segment go on to the next one or settles it; `?` ends the chain then. The short checks are here;
//! `sequence` has the first, `acknowledgment` the fifth, `text` the seventh and the eighth.

mod acknowledgment;
mod sequence;
mod text;

use std::borrow::Cow;
use std::ops::ControlFlow;

use crate::profile::{Profile, TimeWait};
use crate::rule::Rule;
use crate::segment::{Flags, Segment};
use crate::tcp::{Role, State, Timer, UserEvent};
use crate::time::Instant;

use super::Endpoint;
use super::context::Context;
use super::limits::Limits;
use super::negotiated::{Age, Negotiated, TimestampClock};
use super::opening::{Listen, Remote, SynSent, offered_options};
use super::outbox::Outbox;
use super::progress::{AckDue, FinStatus, Origin, Phase};
use super::reassembly::{Octets, Reassembly};
use super::receives::Receives;
use super::retransmission_queue::RetransmissionQueue;
use super::rtt::RttEstimator;
use super::space::{ReceiveSpace, SendSpace};
use super::timers::Timers;

/// A connection whose other side's sequence number is known.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Synchronized {
    pub(super) phase: Phase,
    pub(super) snd: SendSpace,
    pub(super) rcv: ReceiveSpace,
    pub(super) negotiated: Negotiated,
    pub(super) timestamp_clock: TimestampClock,
    /// What the passive OPEN said about the remote socket, should this connection fall back to LISTEN.
    pub(super) remote: Remote,
    /// The incarnation in TIME-WAIT whose sockets this one took over, to go back to if the SYN proves stale (MAY-2).
    pub(super) previous: Option<Box<Synchronized>>,
    /// Octets that the user gave us and that never left.
    pub(super) unsent: Octets,
    /// What left and is not acknowledged.
    pub(super) unacknowledged: RetransmissionQueue,
    /// How far our own FIN has come.
    pub(super) fin: FinStatus,
    /// Whether the user reads no more, and never will.
    pub(super) is_abandoned: bool,
    /// What arrived out of order.
    pub(super) reassembly: Reassembly,
    /// What arrived in order and was not yet taken.
    pub(super) unread: Octets,
    pub(super) receives: Receives,
    pub(super) ack_due: AckDue,
    pub(super) rtt: RttEstimator,
    pub(super) limits: Limits,
    /// When a bare acknowledgment was last answered that could not be accepted.
    pub(super) answered_at: Option<Instant>,
    /// How many keep-alives were sent since the other side was last heard.
    pub(super) keep_alive_probes: u32,
    pub(super) timers: Timers,
}

/// What a segment changes about what may be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Leeway {
    AsBefore,
    /// More is acknowledged, or the window is another.
    Changed,
    /// The window was closed and is open, and what was sent into it nevertheless is not acknowledged.
    Reopened,
    /// The connection is established.
    Opened,
}

/// What a check says: go on, or the segment is settled and the endpoint stays (`None`) or becomes another.
type Check = ControlFlow<Option<Endpoint>>;

const SETTLED: Check = ControlFlow::Break(None);
const GO_ON: Check = ControlFlow::Continue(());

impl Synchronized {
    /// The state's name.
    pub(super) fn state(&self) -> State {
        self.phase.state()
    }

    /// A connection in SYN-RECEIVED that has not sent anything: `syn` told us the other side's number.
    pub(super) fn in_syn_received(origin: Origin, snd: SendSpace, syn: &Segment, cx: &Context<'_>) -> Self {
        let negotiated = Negotiated::new(&offered_options(cx), &syn.options);
        Self {
            phase: Phase::SynReceived(origin),
            snd: SendSpace { wl1: syn.seq, mss: negotiated.text_within(snd.mss), ..snd },
            rcv: ReceiveSpace::after_syn(syn.seq, cx.profile.largest_window(0)),
            negotiated,
            timestamp_clock: TimestampClock { last_ack_sent: syn.seq, taken_at: cx.now },
            remote: Remote::default(),
            previous: None,
            unsent: Octets::default(),
            unacknowledged: RetransmissionQueue::default(),
            fin: FinStatus::NotAsked,
            is_abandoned: false,
            reassembly: Reassembly::default(),
            unread: Octets::default(),
            receives: Receives::default(),
            ack_due: AckDue::No,
            rtt: RttEstimator::new(cx.profile),
            limits: Limits::of(cx.profile),
            answered_at: None,
            keep_alive_probes: 0,
            timers: Timers::default(),
        }
    }

    /// What becomes of SYN-SENT when `syn` tells it the other side's number: our own SYN is still unacknowledged.
    pub(super) fn from_syn_sent(syn_sent: &mut SynSent, syn: &Segment, cx: &Context<'_>) -> Self {
        let base = Self::in_syn_received(Origin::Active, syn_sent.snd.clone(), syn, cx);
        Self {
            negotiated: Negotiated::new(&syn_sent.options, &syn.options),
            unacknowledged: RetransmissionQueue::with_syn(
                syn_sent.snd.iss,
                syn_sent.first_sent,
                syn_sent.retransmissions,
            ),
            unsent: std::mem::take(&mut syn_sent.unsent),
            fin: if syn_sent.closes { FinStatus::Queued } else { FinStatus::NotAsked },
            receives: std::mem::take(&mut syn_sent.receives),
            rtt: syn_sent.rtt.clone(),
            limits: syn_sent.limits,
            timers: syn_sent.timers,
            ..base
        }
    }

    /// SYN-SENT becomes ESTABLISHED; the rest of the SYN,ACK is processed from the sixth check on (§3.10.7.3).
    pub(super) fn establish_from_syn_sent(
        mut self,
        syn_ack: &Segment,
        cx: &mut Context<'_>,
        out: &mut Outbox,
    ) -> Option<Endpoint> {
        let ack = syn_ack.ack.expect("only a SYN,ACK leads from SYN-SENT to ESTABLISHED");
        out.enter(State::SynSent, State::Established);
        self.phase = Phase::Established;
        let untimed = self.acknowledged_up_to(ack, cx, out);
        // RFC 1122 §4.2.2.20(c): the window must be taken here too.
        self.snd.set_window(syn_ack, ack, self.negotiated.window_of(syn_ack));
        self.say_established(out);
        self.ack_due = AckDue::AtOnce;
        self.hold_text_and_fin(syn_ack, out);
        let settled = self.take_text_and_fin(cx, out);
        let next = self.finish(settled, Leeway::Opened, cx, out);
        if let Some(rule) = untimed {
            out.because(rule);
        }
        Some(next.unwrap_or_else(|| Endpoint::Synchronized(Box::new(self))))
    }

    /// The connection is established: its user is told, and a CLOSE that waited for this counts now.
    pub(super) fn say_established(&mut self, out: &mut Outbox) {
        out.tell(UserEvent::Established);
        if self.fin == FinStatus::Queued {
            out.because(Rule::CloseInEstablished);
            self.enter(Phase::FinWait1, out);
        }
    }

    /// The counterfactual of two segments: LISTEN becomes ESTABLISHED on a SYN, whoever sent it and whenever.
    pub(super) fn establish_on_syn(
        mut self,
        syn: &Segment,
        cx: &mut Context<'_>,
        out: &mut Outbox,
    ) -> Option<Endpoint> {
        out.because(Rule::TwoWayHandshake);
        out.enter(State::Listen, State::Established);
        self.phase = Phase::Established;
        // Nobody waits for a third segment, so nothing is remembered that one would have to acknowledge.
        self.snd.una = self.snd.nxt;
        self.send_syn_ack_once(Role::New, cx, out);
        self.snd.set_window(syn, self.snd.una, self.negotiated.window_of(syn));
        out.tell(UserEvent::Established);
        self.hold_text_and_fin(syn, out);
        if !syn.payload.is_empty() || syn.flags.fin {
            self.ack_due = AckDue::AtOnce;
        }
        let settled = self.take_text_and_fin(cx, out);
        let next = self.finish(settled, Leeway::Opened, cx, out);
        Some(next.unwrap_or_else(|| Endpoint::Synchronized(Box::new(self))))
    }

    /// A segment arrives.
    pub(super) fn segment_arrives(
        &mut self,
        segment: &Segment,
        cx: &mut Context<'_>,
        out: &mut Outbox,
    ) -> Option<Endpoint> {
        let segment = self.without_received_syn(segment, cx.profile);
        if let Cow::Owned(_) = segment {
            out.because(Rule::ReceivedSynTrimmed);
        }
        let (phase, una, wnd) = (self.phase, self.snd.una, self.snd.wnd);
        let settled = self.checks(&segment, cx, out);
        let leeway = match phase {
            Phase::SynReceived(_) if self.phase != phase => Leeway::Opened,
            _ if wnd == 0 && self.snd.wnd > 0 && self.snd.una == una => Leeway::Reopened,
            _ if (self.snd.una, self.snd.wnd) != (una, wnd) => Leeway::Changed,
            _ => Leeway::AsBefore,
        };
        self.finish(settled, leeway, cx, out)
    }

    fn checks(&mut self, segment: &Segment, cx: &mut Context<'_>, out: &mut Outbox) -> Check {
        self.check_sequence(segment, cx, out)?;
        self.check_reset(segment, cx, out)?;
        // Third: security and compartment. Not modelled.
        self.check_syn(segment, cx, out)?;
        self.check_ack(segment, cx, out)?;
        // Sixth: the urgent pointer. Not modelled.
        self.check_reader(segment, cx, out)?;
        self.check_text(segment, cx, out)?;
        self.check_fin(segment, cx, out)
    }

    /// After the checks: what may be sent now is sent, and an acknowledgment that is due goes with it or alone.
    fn finish(&mut self, settled: Check, leeway: Leeway, cx: &mut Context<'_>, out: &mut Outbox) -> Option<Endpoint> {
        if let ControlFlow::Break(Some(next)) = settled {
            return Some(next);
        }
        let waiting = self.waiting();
        if leeway == Leeway::Reopened {
            self.send_refused_again(cx, out);
        }
        self.transmit(cx, out);
        // What waits was explained when it began to; again only where this segment could have let it go and did not.
        let is_to_be_explained = match leeway {
            Leeway::Opened => true,
            Leeway::Changed | Leeway::Reopened => self.waiting() == waiting,
            Leeway::AsBefore => false,
        };
        if is_to_be_explained {
            self.say_what_waits(out);
        }
        self.pay_ack(cx, out);
        self.restart_keep_alive(cx);
        None
    }

    /// A SYN,ACK that meets SYN-RECEIVED repeats a SYN that is already received and would fail the sequence test:
    /// take the SYN off first (RFC 9293 appendix A.2; without it figure 7 cannot happen). Not from a reset, which counts
    /// by where it begins.
    fn without_received_syn<'a>(&self, segment: &'a Segment, profile: &Profile) -> Cow<'a, Segment> {
        let repeats_syn = matches!(self.phase, Phase::SynReceived(_))
            && segment.flags.syn
            && segment.ack.is_some()
            && !segment.flags.rst
            && segment.seq == self.rcv.irs;
        if !(repeats_syn && profile.simopen_trim_syn) {
            return Cow::Borrowed(segment);
        }
        let flags = Flags { syn: false, ..segment.flags };
        Cow::Owned(Segment { seq: segment.seq + 1, flags, ..segment.clone() })
    }

    /// Whether `segment` takes the connection out of SYN-RECEIVED into ESTABLISHED: whether it passes the checks up to the
    /// fifth.
    pub(super) fn is_established_by(&self, now: Instant, segment: &Segment, profile: &Profile) -> bool {
        let segment = self.without_received_syn(segment, profile);
        matches!(self.phase, Phase::SynReceived(_))
            && self.negotiated.age_of(&segment, self.timestamp_clock, now) == Age::Current
            && self.rcv.is_acceptable(segment.seq, segment.len())
            && !segment.flags.rst
            && !segment.flags.syn
            && segment.ack.is_some_and(|ack| self.snd.is_acceptable(ack))
    }

    /// Second: a reset.
    fn check_reset(&mut self, segment: &Segment, cx: &mut Context<'_>, out: &mut Outbox) -> Check {
        if !segment.flags.rst {
            return GO_ON;
        }
        if self.phase == Phase::TimeWait && cx.profile.rfc1337 {
            out.because(Rule::ResetIgnoredInTimeWait);
            return SETTLED;
        }
        if cx.profile.rfc5961 && segment.seq != self.rcv.nxt {
            out.because(Rule::ResetChallenged);
            self.challenge(segment, cx, out);
            return SETTLED;
        }
        let (rule, to, told) = match self.phase {
            Phase::SynReceived(Origin::Passive) if self.previous.is_some() => {
                (Rule::ReturnsToTimeWait, State::Listen, None)
            }
            Phase::SynReceived(Origin::Passive) if !cx.has_listener => (Rule::ListenerIsGone, State::Listen, None),
            Phase::SynReceived(Origin::Passive) => (Rule::ResetReturnsToListen, State::Listen, None),
            Phase::SynReceived(Origin::Active) => (Rule::ResetRefuses, State::Closed, Some(UserEvent::Refused)),
            Phase::Established | Phase::FinWait1 | Phase::FinWait2 | Phase::CloseWait => {
                (Rule::ResetEndsConnection, State::Closed, Some(UserEvent::Reset))
            }
            Phase::Closing | Phase::LastAck | Phase::TimeWait => (Rule::ResetWhileLeaving, State::Closed, None),
        };
        out.because(rule);
        let next = self.leave_to(to, cx, out);
        if let Some(told) = told {
            out.tell(told);
        }
        ControlFlow::Break(Some(next))
    }

    /// Fourth: a SYN, which has no business here.
    fn check_syn(&mut self, segment: &Segment, cx: &mut Context<'_>, out: &mut Outbox) -> Check {
        if !segment.flags.syn {
            return GO_ON;
        }
        if self.phase == Phase::SynReceived(Origin::Passive) {
            out.because(match self.previous {
                Some(_) => Rule::ReturnsToTimeWait,
                None if !cx.has_listener => Rule::ListenerIsGone,
                None => Rule::SynReturnsToListen,
            });
            return ControlFlow::Break(Some(self.leave_to(State::Listen, cx, out)));
        }
        if cx.profile.rfc5961 {
            out.because(Rule::SynChallenged);
            self.challenge(segment, cx, out);
            return SETTLED;
        }
        out.because(Rule::SynInWindowResets);
        out.enter(self.state(), State::Closed);
        if let Some(reset) = Segment::reset_for(segment) {
            self.send_reset(reset, Role::Reset, cx, out);
        }
        out.tell(UserEvent::Reset);
        ControlFlow::Break(Some(Endpoint::Closed))
    }

    /// Changes the state and says so.
    pub(super) fn enter(&mut self, next: Phase, out: &mut Outbox) {
        out.enter(self.state(), next.state());
        self.phase = next;
        if !next.may_be_kept_alive() {
            self.timers.stop(Timer::KeepAlive);
        }
        self.timers.stop(Timer::FinWait2);
    }

    /// Enters TIME-WAIT: its timer starts, the others stop. Where the profile has no TIME-WAIT, the connection is over
    /// when the acknowledgment that is due has left.
    fn enter_time_wait(&mut self, cx: &Context<'_>, out: &mut Outbox) -> Check {
        match cx.profile.time_wait {
            TimeWait::TwoMsl => {
                self.enter(Phase::TimeWait, out);
                self.timers.stop_all();
                self.start_time_wait_timer(cx);
                GO_ON
            }
            TimeWait::Skipped => {
                self.pay_ack(cx, out);
                out.because(Rule::TimeWaitSkipped);
                out.enter(self.state(), State::Closed);
                ControlFlow::Break(Some(Endpoint::Closed))
            }
        }
    }

    fn start_time_wait_timer(&mut self, cx: &Context<'_>) {
        self.timers.start(Timer::TimeWait, cx.now + cx.profile.two_msl());
    }

    /// Ends this incarnation: CLOSED, or what a child of a listener came from: LISTEN, where that is still there, or the
    /// TIME-WAIT whose sockets it took over (RFC 9293 MAY-2: "returns to TIME-WAIT state if the SYN turns out to be an old
    /// duplicate").
    pub(super) fn leave_to(&mut self, to: State, cx: &Context<'_>, out: &mut Outbox) -> Endpoint {
        let from = self.state();
        match (to, self.previous.take()) {
            (State::Listen, Some(mut previous)) => {
                out.enter(from, State::TimeWait);
                // What expired meanwhile expires now.
                if let Some(deadline) = previous.timers.deadline(Timer::TimeWait) {
                    previous.timers.start(Timer::TimeWait, deadline.max(cx.now));
                }
                Endpoint::Synchronized(previous)
            }
            (State::Listen, None) if cx.has_listener => {
                out.enter(from, State::Listen);
                let receives = std::mem::take(&mut self.receives);
                Endpoint::Listen(Box::new(Listen { receives, ..Listen::new(self.remote, self.limits) }))
            }
            _ => {
                out.enter(from, State::Closed);
                Endpoint::Closed
            }
        }
    }

    /// The octets of text that this incarnation keeps.
    pub(super) fn buffered(&self) -> usize {
        self.unsent.len() + self.unacknowledged.text_len() + self.reassembly.held() + self.unread.len()
    }

    /// Whether the other side has acknowledged our FIN.
    pub(super) fn fin_is_acknowledged(&self) -> bool {
        self.fin == FinStatus::Sent && self.snd.una == self.snd.nxt
    }

    /// What must hold after every event.
    pub(super) fn check_invariants(&self) {
        let Self { snd, rcv, timers, .. } = self;
        assert!(snd.una.is_at_or_before(snd.nxt), "SND.UNA =< SND.NXT");
        assert!(rcv.nxt.is_after(rcv.irs), "RCV.NXT is after IRS");
        assert_eq!(
            self.unacknowledged.is_empty(),
            snd.in_flight() == 0,
            "the retransmission queue holds exactly what is in flight"
        );
        assert_eq!(self.unacknowledged.first_seq().unwrap_or(snd.nxt), snd.una, "its front is SND.UNA");
        assert_eq!(
            timers.is_running(Timer::Retransmission),
            snd.in_flight() > 0,
            "the retransmission timer runs exactly while something is in flight"
        );
        assert_eq!(timers.is_running(Timer::TimeWait), self.phase == Phase::TimeWait, "2 MSL runs in TIME-WAIT only");
        assert_eq!(
            timers.is_running(Timer::DelayedAck),
            matches!(self.ack_due, AckDue::Later { .. }),
            "the delayed-ACK timer runs exactly while an acknowledgment is delayed"
        );
        assert!(
            self.phase.may_be_kept_alive() || !timers.is_running(Timer::KeepAlive),
            "only who may wait for long asks whether somebody is there"
        );
        assert!(
            !timers.is_running(Timer::FinWait2) || self.phase == Phase::FinWait2,
            "the limit of FIN-WAIT-2 runs there only"
        );
        assert!(
            self.is_abandoned || !(timers.is_running(Timer::FinWait2) || timers.is_running(Timer::Linger)),
            "only who reads no more is in a hurry"
        );
        assert!(!self.is_abandoned || self.unread.is_empty(), "text that nobody reads is not kept");
        assert!(self.ack_due != AckDue::AtOnce, "what is due at once was sent");
        let fin_left = self.fin == FinStatus::Sent;
        match self.phase {
            Phase::SynReceived(_) => assert!(snd.una == snd.iss && !fin_left, "our SYN is not acknowledged"),
            Phase::Established => assert_eq!(self.fin, FinStatus::NotAsked, "no CLOSE in ESTABLISHED"),
            Phase::CloseWait => assert!(!fin_left, "CLOSE-WAIT ends when our FIN leaves"),
            Phase::FinWait1 | Phase::Closing => {
                assert!(self.fin != FinStatus::NotAsked && !self.fin_is_acknowledged(), "our FIN is on its way");
            }
            Phase::LastAck => assert!(fin_left && !self.fin_is_acknowledged(), "our FIN is on its way"),
            Phase::FinWait2 | Phase::TimeWait => assert!(self.fin_is_acknowledged(), "our FIN is acknowledged"),
        }
        if !self.phase.may_receive() {
            assert!(!self.reassembly.holds_fin(), "the FIN was taken");
        }
    }
}
