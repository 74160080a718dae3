//! SYN-RECEIVED and every later state: the eight checks of RFC 9293 §3.10.7.4, in order, one function each.
//!
//! A check either lets the segment go on to the next one or settles it; `?` ends the chain then.

use std::borrow::Cow;
use std::ops::ControlFlow;

use crate::profile::{AckMode, Handshake, Profile, Reading, TimeWait, TimeWaitReuse, WhenFull};
use crate::rule::Rule;
use crate::segment::{Flags, Segment};
use crate::seq::SeqNumber;
use crate::tcp::{Role, State, Timer, UserEvent};
use crate::time::Instant;

use super::calls::Receives;
use super::limits::Limits;
use super::negotiated::Negotiated;
use super::opening::{Listen, Remote, SynSent, offered_options, send_mss};
use super::origin::Origin;
use super::outbox::Outbox;
use super::reassembly::{Octets, Reassembly};
use super::rtt::RttEstimator;
use super::space::{ReceiveSpace, SendSpace};
use super::tcb::FinStatus;
use super::timers::Timers;
use super::transmit::RetransmissionQueue;
use super::{Context, Endpoint, Takeover};

/// A connection whose other side's sequence number is known.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Synchronized {
    pub(super) phase: Phase,
    pub(super) snd: SendSpace,
    pub(super) rcv: ReceiveSpace,
    pub(super) negotiated: Negotiated,
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

/// The states of a [`Synchronized`] connection.
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

/// What a segment said about what may be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum News {
    None,
    /// More of it is acknowledged, or the window is another.
    Some,
    /// The connection is established.
    Opened,
}

/// What a check says: go on, or the segment is settled and the endpoint stays (`None`) or becomes another.
type Check = ControlFlow<Option<Endpoint>>;

const SETTLED: Check = ControlFlow::Break(None);
const GO_ON: Check = ControlFlow::Continue(());

impl Phase {
    fn state(self) -> State {
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
    pub(super) fn may_be_kept_alive(self) -> bool {
        match self {
            Phase::Established | Phase::FinWait1 | Phase::FinWait2 | Phase::CloseWait => true,
            Phase::SynReceived(_) | Phase::Closing | Phase::LastAck | Phase::TimeWait => false,
        }
    }

    /// Whether text or our FIN may leave: not before our SYN is acknowledged, and nothing is left once our FIN was.
    pub(super) fn may_send(self) -> bool {
        match self {
            Phase::Established | Phase::CloseWait | Phase::FinWait1 | Phase::Closing => true,
            Phase::SynReceived(_) | Phase::FinWait2 | Phase::LastAck | Phase::TimeWait => false,
        }
    }

    /// Whether the other side may still send text: its FIN was not received.
    fn may_receive(self) -> bool {
        match self {
            Phase::SynReceived(_) | Phase::Established | Phase::FinWait1 | Phase::FinWait2 => true,
            Phase::CloseWait | Phase::Closing | Phase::LastAck | Phase::TimeWait => false,
        }
    }
}

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
            remote: Remote::default(),
            previous: None,
            unsent: Octets::default(),
            unacknowledged: RetransmissionQueue::default(),
            fin: FinStatus::NotAsked,
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
        out.tell(UserEvent::Established);
        self.ack_due = AckDue::AtOnce;
        self.hold_text_and_fin(syn_ack, out);
        let settled = self.take_text_and_fin(cx, out);
        let next = self.finish(settled, News::Opened, cx, out);
        if let Some(rule) = untimed {
            out.because(rule);
        }
        Some(next.unwrap_or_else(|| Endpoint::Synchronized(Box::new(self))))
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
        let next = self.finish(settled, News::Opened, cx, out);
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
        let news = match phase {
            Phase::SynReceived(_) if self.phase != phase => News::Opened,
            _ if (self.snd.una, self.snd.wnd) != (una, wnd) => News::Some,
            _ => News::None,
        };
        self.finish(settled, news, cx, out)
    }

    fn checks(&mut self, segment: &Segment, cx: &mut Context<'_>, out: &mut Outbox) -> Check {
        self.check_sequence(segment, cx, out)?;
        self.check_reset(segment, cx, out)?;
        // Third: security and compartment. Not modelled.
        self.check_syn(segment, cx, out)?;
        self.check_ack(segment, cx, out)?;
        // Sixth: the urgent pointer. Not modelled.
        self.check_text(segment, cx, out)?;
        self.check_fin(segment, cx, out)
    }

    /// After the checks: what may be sent now is sent, and an acknowledgment that is due goes with it or alone.
    fn finish(&mut self, settled: Check, news: News, cx: &mut Context<'_>, out: &mut Outbox) -> Option<Endpoint> {
        if let ControlFlow::Break(Some(next)) = settled {
            return Some(next);
        }
        let waiting = self.waiting();
        self.transmit(cx, out);
        // What waits was explained when it began to; again only where news could have let it go and did not.
        let is_to_be_explained = match news {
            News::Opened => true,
            News::Some => self.waiting() == waiting,
            News::None => false,
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
    pub(super) fn is_established_by(&self, segment: &Segment, profile: &Profile) -> bool {
        let segment = self.without_received_syn(segment, profile);
        matches!(self.phase, Phase::SynReceived(_))
            && self.rcv.is_acceptable(segment.seq, segment.len())
            && !segment.flags.rst
            && !segment.flags.syn
            && segment.ack.is_some_and(|ack| self.snd.is_acceptable(ack))
    }

    /// First: does any of it lie in the window?
    fn check_sequence(&mut self, segment: &Segment, cx: &mut Context<'_>, out: &mut Outbox) -> Check {
        if let Some(reuse) = self.check_reuse(segment, cx, out) {
            return reuse;
        }
        // A reset counts by where it begins, whatever text it carries and however small the window is (§3.5.3, MUST-66).
        let len = if segment.flags.rst { 0 } else { segment.len() };
        if self.rcv.is_acceptable(segment.seq, len) {
            if segment.seq.is_at_or_before(self.rcv.nxt) {
                self.negotiated.update_ts_recent(segment);
            }
            return GO_ON;
        }
        if segment.flags.rst {
            out.because(Rule::ResetOutsideWindow);
            return SETTLED;
        }
        let is_opening = matches!(self.phase, Phase::SynReceived(_));
        let is_fin_again = segment.flags.fin && segment.end() == self.rcv.nxt;
        let is_syn_again = segment.flags.syn && segment.ack.is_none() && segment.seq == self.rcv.irs;
        if self.phase == Phase::TimeWait && is_fin_again && cx.profile.timewait_fin_restart {
            out.because(Rule::FinInTimeWait);
            self.start_time_wait_timer(cx);
        } else if is_fin_again && !self.phase.may_receive() {
            out.because(Rule::DuplicateFin);
        } else if is_syn_again && cx.profile.handshake == Handshake::TwoWay && !is_opening {
            out.because(Rule::TwoWaySynAckAgain);
            if self.may_answer(segment, cx, out) {
                self.send_syn_ack_once(Role::Retransmission, cx, out);
            }
            return SETTLED;
        } else if segment.flags.syn && segment.seq == self.rcv.irs {
            out.because(if segment.ack.is_some() { Rule::DuplicateSynAck } else { Rule::DuplicateSyn });
        } else if segment.seq.is_before(self.rcv.nxt) {
            out.because(Rule::SegmentBeforeWindow);
        } else if self.rcv.wnd == 0 && segment.seq == self.rcv.nxt {
            out.because(Rule::WindowIsClosed);
            // Special allowance: its acknowledgment counts all the same, and the segment is answered even where that
            // settles it.
            if !is_opening && !segment.flags.syn {
                self.ack_due = AckDue::AtOnce;
                self.check_ack(segment, cx, out)?;
            }
        } else {
            out.because(Rule::SegmentBeyondWindow);
        }
        // What occupies numbers may be an honest repetition and is always answered. But two ends that answer each other's
        // bare acknowledgments would go on for ever, and the answer to a SYN in a connection is the one that RFC 5961
        // limits, wherever its number lies (§4.2, §7).
        if segment.is_empty() || (segment.flags.syn && !is_opening) {
            self.answer(segment, Role::Ack, cx, out);
        } else {
            self.send_ack(Role::Ack, cx, out);
        }
        SETTLED
    }

    /// Before the first check: in TIME-WAIT, a SYN that can be told to be new may take over the sockets
    /// (RFC 9293 MAY-2, SHLD-4; RFC 6191 §2). `None` where this decides nothing.
    fn check_reuse(&mut self, segment: &Segment, cx: &mut Context<'_>, out: &mut Outbox) -> Option<Check> {
        let is_new_syn = segment.flags.syn && !segment.flags.rst && segment.ack.is_none();
        if self.phase != Phase::TimeWait || !is_new_syn || cx.takeover == Takeover::NobodyListens {
            return None;
        }
        // RCV.NXT is one more than the last number seen.
        let is_beyond = !segment.seq.is_before(self.rcv.nxt);
        let theirs = segment.options.timestamps.map(|timestamps| timestamps.value);
        let is_provably_new = match (cx.profile.timewait_reuse, self.negotiated.ts_recent, theirs) {
            (TimeWaitReuse::Never, _, _) => return None,
            (TimeWaitReuse::Rfc1122, _, _) if !is_beyond => {
                out.because(Rule::SynNotBeyond);
                return None;
            }
            (TimeWaitReuse::Rfc1122, _, _) => true,
            (TimeWaitReuse::Rfc6191, Some(recent), Some(value)) => match value.wrapping_sub(recent) as i32 {
                0 => is_beyond,
                newer => newer > 0,
            },
            (TimeWaitReuse::Rfc6191, None, Some(_)) => true,
            (TimeWaitReuse::Rfc6191, _, None) => is_beyond,
        };
        if !is_provably_new {
            out.because(Rule::SynNotProvablyNew);
            return Some(SETTLED);
        }
        if cx.takeover == Takeover::NoRoom {
            match (cx.profile.when_full, Segment::reset_for(segment)) {
                (WhenFull::Reset, Some(reset)) => {
                    out.because(Rule::BacklogRefuses);
                    out.send(reset, Role::Reset);
                }
                (WhenFull::Reset | WhenFull::Ignore, _) => out.because(Rule::BacklogFull),
            }
            return Some(SETTLED);
        }
        out.because(Rule::SynReusesTimeWait);
        out.enter(State::TimeWait, State::SynReceived);
        let snd = SendSpace::after_syn(cx.take_iss_beyond(self.snd.nxt), send_mss(segment, cx.profile));
        let mut next = Self::in_syn_received(Origin::Passive, snd, segment, cx);
        next.send_syn_ack(cx, out);
        next.keep_for_established(segment, out);
        next.previous = Some(Box::new(self.clone()));
        Some(ControlFlow::Break(Some(Endpoint::Synchronized(Box::new(next)))))
    }

    /// Asks the other side to prove what it sent.
    fn challenge(&mut self, segment: &Segment, cx: &mut Context<'_>, out: &mut Outbox) {
        self.answer(segment, Role::ChallengeAck, cx, out);
    }

    fn answer(&mut self, segment: &Segment, role: Role, cx: &mut Context<'_>, out: &mut Outbox) {
        if self.may_answer(segment, cx, out) {
            self.send_ack(role, cx, out);
        }
    }

    /// Whether `segment` may be answered within the limits: that of the host (RFC 5961 §7), and for bare acknowledgments
    /// that of the connection. Says why if not.
    fn may_answer(&mut self, segment: &Segment, cx: &mut Context<'_>, out: &mut Outbox) -> bool {
        let is_bare_ack = segment.is_empty() && !segment.flags.rst;
        let is_limited = cx.profile.answer_gap.is_some() && is_bare_ack && !self.asks_whether_alive(segment);
        if is_limited && self.has_just_answered(cx) {
            out.because(Rule::AnswerWithheld);
            return false;
        }
        if !cx.take_challenge() {
            out.because(Rule::ChallengeLimitReached);
            return false;
        }
        if is_limited {
            self.answered_at = Some(cx.now);
        }
        true
    }

    /// Whether this may be a keep-alive, which is answered every time. Two ends cannot go on like that for ever: whoever
    /// really is at this sequence number has not sent what our answer acknowledges, and so takes it for no keep-alive.
    fn asks_whether_alive(&self, segment: &Segment) -> bool {
        segment.seq == self.rcv.nxt - 1 && segment.ack.is_some_and(|ack| !self.snd.is_unsent(ack))
    }

    /// Whether the last answer to a bare acknowledgment is so young that this one may be an answer to it.
    fn has_just_answered(&self, cx: &Context<'_>) -> bool {
        match (cx.profile.answer_gap, self.answered_at) {
            (Some(gap), Some(answered_at)) => cx.now.since(answered_at) < gap.max(self.rtt.rto()),
            (None, _) | (_, None) => false,
        }
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
            let is_taken_over = self.previous.is_some();
            out.because(if is_taken_over { Rule::ReturnsToTimeWait } else { Rule::SynReturnsToListen });
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
            out.send(reset, Role::Reset);
        }
        out.tell(UserEvent::Reset);
        ControlFlow::Break(Some(Endpoint::Closed))
    }

    /// Fifth: the acknowledgment. If it can be true, it says how far the other side has come and how much it has room for;
    /// then the state may change.
    fn check_ack(&mut self, segment: &Segment, cx: &mut Context<'_>, out: &mut Outbox) -> Check {
        let Some(ack) = segment.ack else {
            out.because(Rule::NoAck);
            return SETTLED;
        };
        let is_opening = matches!(self.phase, Phase::SynReceived(_));
        self.check_ack_number(segment, ack, cx, out)?;
        let is_news = self.snd.is_acceptable(ack);
        let (end_before, window_before) = (self.snd.window_end(), self.snd.wnd);
        if is_news {
            // Where it established the connection, that was said.
            if !is_opening && self.unacknowledged.holds_syn() {
                out.because(Rule::OurSynAcknowledged);
            }
            self.take_ack(ack, cx, out);
        }
        if ack == self.snd.una {
            self.take_window(segment, ack, cx, out);
        }
        if self.snd.wnd != window_before && self.snd.window_end().is_before(end_before) {
            out.because(Rule::WindowShrinks);
        } else if self.snd.wnd == 0 && window_before > 0 {
            out.because(Rule::WindowCloses);
        } else if !is_news && window_before != self.snd.wnd {
            out.because(Rule::WindowUpdated);
        } else if !is_news && segment.is_empty() && self.phase != Phase::TimeWait {
            out.because(Rule::DuplicateAck);
        }
        self.check_ack_of_fin(segment, cx, out)
    }

    /// Whether the acknowledgment is of something that we sent, and not of something long ago. In SYN-RECEIVED one that is
    /// acceptable establishes the connection.
    fn check_ack_number(&mut self, segment: &Segment, ack: SeqNumber, cx: &mut Context<'_>, out: &mut Outbox) -> Check {
        if matches!(self.phase, Phase::SynReceived(_)) {
            if !self.snd.is_acceptable(ack) {
                out.because(Rule::AckNotOfOurSyn);
                out.send(Segment::rst(ack), Role::Reset);
                return SETTLED;
            }
            self.establish_from_syn_received(segment, ack, out);
            self.previous = None;
            return GO_ON;
        }
        let rule = if cx.profile.rfc5961_ack_range && ack.is_before(self.snd.una - self.snd.max_wnd) {
            Rule::AckTooOld
        } else if self.snd.is_unsent(ack) {
            Rule::AckOfUnsent
        } else {
            return GO_ON;
        };
        out.because(rule);
        self.challenge(segment, cx, out);
        SETTLED
    }

    /// SND.UNA advances.
    fn take_ack(&mut self, ack: SeqNumber, cx: &mut Context<'_>, out: &mut Outbox) {
        let is_of_our_syn = self.snd.una == self.snd.iss;
        if let Some(rule) = self.acknowledged_up_to(ack, cx, out) {
            out.because(rule);
        }
        // Text that came with their SYN is delivered now, also where a CLOSE in SYN-RECEIVED has led on meanwhile. It is
        // acknowledged with the text of this segment, or alone.
        if is_of_our_syn && (self.reassembly.held() > 0 || self.reassembly.holds_fin()) {
            self.ack_due = AckDue::AtOnce;
            self.take_kept_text(cx, out);
        }
    }

    /// SND.WND follows, unless the segment is older than the one that set it.
    fn take_window(&mut self, segment: &Segment, ack: SeqNumber, cx: &Context<'_>, out: &mut Outbox) {
        let wnd = self.negotiated.window_of(segment);
        let is_taken = self.snd.update_window(segment, ack, wnd);
        if self.snd.wnd == 0 {
            // MUST-37: however long a window stays closed, an answered probe is no reason to give up.
            self.unacknowledged.answered(cx.now);
        }
        if !is_taken && wnd != self.snd.wnd {
            out.because(Rule::WindowIsOlder);
        }
    }

    /// Where our FIN has left, whether this acknowledges it, and what the state becomes then.
    fn check_ack_of_fin(&mut self, segment: &Segment, cx: &mut Context<'_>, out: &mut Outbox) -> Check {
        match self.phase {
            Phase::FinWait1 if self.fin_is_acknowledged() => {
                out.because(Rule::OurFinAcknowledged);
                self.enter(Phase::FinWait2, out);
                out.tell(UserEvent::CloseComplete);
                GO_ON
            }
            Phase::Closing => {
                if self.fin_is_acknowledged() {
                    out.because(Rule::OurFinAcknowledgedInClosing);
                    self.enter_time_wait(cx, out)?;
                } else if !segment.is_empty() {
                    out.because(Rule::TextAfterFin);
                }
                SETTLED
            }
            Phase::LastAck => {
                if self.fin_is_acknowledged() {
                    out.because(Rule::OurFinAcknowledgedInLastAck);
                    out.enter(State::LastAck, State::Closed);
                    return ControlFlow::Break(Some(Endpoint::Closed));
                }
                if !segment.is_empty() {
                    out.because(Rule::TextAfterFin);
                }
                SETTLED
            }
            Phase::TimeWait => {
                self.check_ack_in_time_wait(segment, cx, out);
                SETTLED
            }
            Phase::SynReceived(_) => unreachable!("an acceptable acknowledgment has established the connection"),
            Phase::Established | Phase::FinWait1 | Phase::FinWait2 | Phase::CloseWait => GO_ON,
        }
    }

    /// In TIME-WAIT only a repetition of the other side's FIN is expected; literally, everything acceptable is
    /// acknowledged and restarts the timer.
    fn check_ack_in_time_wait(&mut self, segment: &Segment, cx: &mut Context<'_>, out: &mut Outbox) {
        let is_literal = cx.profile.timewait_literal_ack;
        if segment.is_empty() && !is_literal {
            out.because(Rule::NothingNewInTimeWait);
            return;
        }
        out.because(if segment.flags.fin { Rule::FinInTimeWait } else { Rule::SegmentInTimeWait });
        if segment.flags.fin || is_literal {
            self.start_time_wait_timer(cx);
        }
        self.send_ack(Role::Ack, cx, out);
    }

    /// Seventh: the text.
    fn check_text(&mut self, segment: &Segment, cx: &mut Context<'_>, out: &mut Outbox) -> Check {
        if segment.payload.is_empty() {
            return GO_ON;
        }
        if !self.phase.may_receive() {
            out.because(Rule::TextAfterFin);
            return GO_ON;
        }
        self.say_what_is_cut(segment, out);
        let is_in_order = segment.text_seq().is_at_or_before(self.rcv.nxt);
        out.because(if is_in_order { Rule::TextInOrder } else { Rule::TextOutOfOrder });
        let fills_gap = self.reassembly.held() > 0 || self.reassembly.holds_fin();
        // Its FIN belongs to it: what waits behind the text may contradict it.
        self.hold_text(segment);
        self.hold_fin(segment);
        if is_in_order && !fills_gap && cx.profile.ack_mode == AckMode::Delayed {
            let full_size = self.negotiated.text_within(u32::from(cx.profile.mss));
            let is_full_sized = segment.payload.len() >= usize::try_from(full_size).unwrap_or(usize::MAX);
            self.owe_ack_later(is_full_sized, out);
        } else {
            self.ack_due = AckDue::AtOnce;
        }
        self.accept_text();
        let text_end = segment.end() - u32::from(segment.flags.fin);
        if fills_gap && self.rcv.nxt.is_after(text_end) {
            out.because(Rule::GapFilled);
        }
        self.hand_over(cx, out);
        GO_ON
    }

    /// Eighth: the FIN.
    fn check_fin(&mut self, segment: &Segment, cx: &mut Context<'_>, out: &mut Outbox) -> Check {
        if segment.flags.fin && segment.payload.is_empty() && !self.phase.may_receive() {
            out.because(Rule::TextAfterFin);
        }
        if segment.flags.fin && self.phase.may_receive() {
            self.hold_fin(segment);
            let fin = segment.end() - 1;
            if fin.is_within(self.rcv.nxt, self.rcv.wnd) && fin != self.rcv.nxt {
                out.because(Rule::FinOutOfOrder);
                self.ack_due = AckDue::AtOnce;
            }
        }
        self.take_fin(cx, out)
    }

    /// SYN-RECEIVED becomes ESTABLISHED, and FIN-WAIT-1 at once where CLOSE waited for this.
    fn establish_from_syn_received(&mut self, segment: &Segment, ack: SeqNumber, out: &mut Outbox) {
        out.because(Rule::OurSynAcknowledged);
        self.enter(Phase::Established, out);
        self.snd.set_window(segment, ack, self.negotiated.window_of(segment));
        out.tell(UserEvent::Established);
        if self.fin == FinStatus::Queued {
            out.because(Rule::CloseInEstablished);
            self.enter(Phase::FinWait1, out);
        }
    }

    /// Keeps the text and the FIN of a SYN until they can be taken.
    fn hold_text_and_fin(&mut self, syn: &Segment, out: &mut Outbox) {
        self.say_what_is_cut(syn, out);
        self.hold_text(syn);
        self.hold_fin(syn);
    }

    /// The same where that is not before ESTABLISHED (§3.10.7.2: "queued for processing later").
    pub(super) fn keep_for_established(&mut self, syn: &Segment, out: &mut Outbox) {
        self.hold_text_and_fin(syn, out);
        if self.reassembly.held() > 0 || self.reassembly.holds_fin() {
            out.because(Rule::SynTextKept);
        }
    }

    /// What of the text was received before, and what of text and FIN lies beyond the window.
    fn say_what_is_cut(&self, segment: &Segment, out: &mut Outbox) {
        if !segment.payload.is_empty() && segment.text_seq().is_before(self.rcv.nxt) {
            out.because(Rule::KnownTextTrimmed);
        }
        if segment.end().is_after(self.rcv.nxt + self.rcv.wnd) {
            out.because(Rule::CutAtWindow);
        }
    }

    /// Keeps a FIN that the window does not cut off.
    fn hold_fin(&mut self, segment: &Segment) {
        let fin = segment.end() - 1;
        if segment.flags.fin && fin.is_within(self.rcv.nxt, self.rcv.wnd) {
            self.reassembly.keep_fin(segment.text_seq(), fin);
        }
    }

    /// Keeps what of the text lies in the window.
    fn hold_text(&mut self, segment: &Segment) {
        let start = segment.text_seq();
        let end_of_window = self.rcv.nxt + self.rcv.wnd;
        let room = end_of_window.distance_from(start).max(0);
        let fitting = usize::try_from(room).unwrap_or(usize::MAX).min(segment.payload.len());
        self.reassembly.keep(self.rcv.nxt, start, segment.payload.slice(..fitting));
    }

    fn take_text_and_fin(&mut self, cx: &mut Context<'_>, out: &mut Outbox) -> Check {
        self.take_kept_text(cx, out);
        self.take_fin(cx, out)
    }

    /// Takes the text that came with a SYN.
    fn take_kept_text(&mut self, cx: &mut Context<'_>, out: &mut Outbox) {
        let next = self.rcv.nxt;
        self.accept_text();
        if self.rcv.nxt != next {
            out.because(Rule::TextInOrder);
        }
        self.hand_over(cx, out);
    }

    /// Accepts the text that is complete from RCV.NXT on.
    fn accept_text(&mut self) {
        while let Some(text) = self.reassembly.take(self.rcv.nxt) {
            let octets = u32::try_from(text.len()).expect("text lies inside a window of at most 2^32 octets");
            self.rcv.accept(octets);
            self.unread.push(text);
        }
    }

    /// Gives the user what was asked for.
    fn hand_over(&mut self, cx: &mut Context<'_>, out: &mut Outbox) {
        self.serve_receives(cx, out);
        self.reopen_window(cx);
    }

    /// Gives outstanding RECEIVEs what is there. As long as nobody has taken the connection, text waits, even if the listener
    /// left a RECEIVE: there is nobody to hand its octets to.
    fn serve_receives(&mut self, cx: &Context<'_>, out: &mut Outbox) {
        while cx.has_reader && !self.unread.is_empty() {
            let wanted = match (self.receives.next(), cx.profile.reading) {
                (Some(octets), _) => usize::try_from(octets).unwrap_or(usize::MAX),
                (None, Reading::Eager) => usize::MAX,
                (None, Reading::OnCall) => return,
            };
            out.tell(UserEvent::Received(Box::new(self.unread.take(wanted))));
        }
    }

    /// The user takes a connection that was established without it: what has arrived is there to be read.
    pub(super) fn accepted(&mut self, cx: &mut Context<'_>, out: &mut Outbox) {
        out.tell(UserEvent::Established);
        self.serve_receives(cx, out);
        self.announce_room(cx, out);
        if !self.phase.may_receive() {
            out.tell(UserEvent::Closing);
        }
    }

    /// Takes the FIN if everything before it is there.
    fn take_fin(&mut self, cx: &mut Context<'_>, out: &mut Outbox) -> Check {
        if !self.phase.may_receive() || !self.reassembly.take_fin(self.rcv.nxt) {
            return GO_ON;
        }
        self.rcv.accept(1);
        let due_before = std::mem::replace(&mut self.ack_due, AckDue::AtOnce);
        let (rule, next) = match self.phase {
            Phase::SynReceived(_) | Phase::Established => (Rule::FinReceived, Phase::CloseWait),
            Phase::FinWait1 => (Rule::FinCrossesFin, Phase::Closing),
            Phase::FinWait2 => (Rule::FinInFinWait2, Phase::TimeWait),
            Phase::CloseWait | Phase::Closing | Phase::LastAck | Phase::TimeWait => {
                unreachable!("these states have received their FIN")
            }
        };
        out.because(rule);
        let settled = match next {
            Phase::TimeWait => self.enter_time_wait(cx, out),
            _ => {
                self.enter(next, out);
                GO_ON
            }
        };
        out.tell(UserEvent::Closing);
        self.receives.flush();
        settled?;
        // Only where more is to be sent can the acknowledgment travel with it, unless something else is due at once: a
        // second full-sized segment, the filling of a gap, or the handshake itself.
        let may_wait = next == Phase::CloseWait && due_before != AckDue::AtOnce;
        if may_wait && cx.profile.ack_mode == AckMode::Delayed {
            self.ack_due = due_before;
            self.owe_ack_later(false, out);
        }
        GO_ON
    }

    /// Changes the state and says so.
    pub(super) fn enter(&mut self, next: Phase, out: &mut Outbox) {
        out.enter(self.state(), next.state());
        self.phase = next;
        if !next.may_be_kept_alive() {
            self.timers.stop(Timer::KeepAlive);
        }
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

    /// Ends this incarnation: CLOSED, or what a child of a listener came from: LISTEN, or the TIME-WAIT whose sockets
    /// it took over (RFC 9293 MAY-2: "returns to TIME-WAIT state if the SYN turns out to be an old duplicate").
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
            (State::Listen, None) => {
                out.enter(from, State::Listen);
                let receives = std::mem::take(&mut self.receives);
                Endpoint::Listen(Box::new(Listen { receives, ..Listen::new(self.remote, self.limits) }))
            }
            (other, _) => {
                out.enter(from, other);
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
