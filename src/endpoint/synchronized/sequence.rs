//! The first check of RFC 9293 §3.10.7.4: does any of the segment lie in the window? What lies outside is answered, within
//! limits (RFC 5961).

use std::ops::ControlFlow;

use crate::endpoint::Endpoint;
use crate::endpoint::context::{Context, Takeover};
use crate::endpoint::negotiated::Age;
use crate::endpoint::opening::send_mss;
use crate::endpoint::outbox::Outbox;
use crate::endpoint::progress::{AckDue, Origin, Phase};
use crate::endpoint::space::SendSpace;
use crate::profile::{Handshake, TimeWaitReuse, WhenFull};
use crate::rule::Rule;
use crate::segment::{Flags, Segment};
use crate::tcp::{Role, State};

use super::{Check, GO_ON, SETTLED, Synchronized};

impl Synchronized {
    /// First: does any of it lie in the window?
    pub(super) fn check_sequence(&mut self, segment: &Segment, cx: &mut Context<'_>, out: &mut Outbox) -> Check {
        if let Some(reuse) = self.check_reuse(segment, cx, out) {
            return reuse;
        }
        match self.negotiated.age_of(segment, self.timestamp_clock, cx.now) {
            Age::Current => {}
            Age::Unknown => {
                out.because(Rule::TimestampMissing);
                return SETTLED;
            }
            Age::Old => {
                out.because(Rule::TimestampIsOld);
                self.answer_unacceptable(segment, Role::Ack, cx, out);
                return SETTLED;
            }
        }
        // A reset counts by where it begins, whatever text it carries and however small the window is (§3.5.3, MUST-66). So
        // does a SYN: one before the window has no business here, even if what it carries reaches into it.
        let len = match segment.flags {
            Flags { rst: true, .. } => 0,
            Flags { syn: true, .. } => 1,
            Flags { .. } => segment.len(),
        };
        if self.rcv.is_acceptable(segment.seq, len) {
            self.negotiated.update_ts_recent(segment, &mut self.timestamp_clock, cx.now);
            return GO_ON;
        }
        if segment.flags.rst {
            out.because(Rule::ResetOutsideWindow);
            return SETTLED;
        }
        let is_opening = matches!(self.phase, Phase::SynReceived(_));
        let is_fin_again = segment.flags.fin && segment.end() == self.rcv.nxt;
        let is_challenged = segment.flags.syn && segment.seq != self.rcv.irs && cx.profile.rfc5961;
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
        } else if is_challenged {
            out.because(Rule::SynChallenged);
        } else if segment.is_empty() && !is_opening && self.asks_whether_alive(segment) {
            out.because(Rule::KeepAliveAnswered);
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
        let role = if is_challenged { Role::ChallengeAck } else { Role::Ack };
        self.answer_unacceptable(segment, role, cx, out);
        SETTLED
    }

    /// Acknowledges a segment that fails the first check.
    fn answer_unacceptable(&mut self, segment: &Segment, role: Role, cx: &mut Context<'_>, out: &mut Outbox) {
        let is_opening = matches!(self.phase, Phase::SynReceived(_));
        // What occupies numbers may be an honest repetition and is always answered. But two ends that answer each other's
        // bare acknowledgments would go on for ever, and the answer to a SYN in a connection is the one that RFC 5961
        // limits, wherever its number lies (§4.2, §7).
        if segment.is_empty() || (segment.flags.syn && !is_opening) {
            self.answer(segment, role, cx, out);
        } else {
            self.send_ack(role, cx, out);
        }
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
        cx.beyond = Some(self.snd.nxt);
        let snd = SendSpace::after_syn(cx.take_iss(), send_mss(segment, cx.profile));
        let mut next = Self::in_syn_received(Origin::Passive, snd, segment, cx);
        next.send_syn_ack(cx, out);
        next.keep_for_established(segment, out);
        next.previous = Some(Box::new(self.clone()));
        Some(ControlFlow::Break(Some(Endpoint::Synchronized(Box::new(next)))))
    }

    /// Asks the other side to prove what it sent.
    pub(super) fn challenge(&mut self, segment: &Segment, cx: &mut Context<'_>, out: &mut Outbox) {
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
}
