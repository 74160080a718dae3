//! The fifth check of RFC 9293 §3.10.7.4: the acknowledgment.

use std::ops::ControlFlow;

use crate::endpoint::Endpoint;
use crate::endpoint::context::Context;
use crate::endpoint::outbox::Outbox;
use crate::endpoint::progress::{AckDue, Phase};
use crate::rule::Rule;
use crate::segment::Segment;
use crate::seq::SeqNumber;
use crate::tcp::{Role, State, UserEvent};

use super::{Check, GO_ON, SETTLED, Synchronized};

impl Synchronized {
    /// Fifth: the acknowledgment. If it can be true, it says how far the other side has come and how much it has room for;
    /// then the state may change.
    pub(super) fn check_ack(&mut self, segment: &Segment, cx: &mut Context<'_>, out: &mut Outbox) -> Check {
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
            self.take_ack(ack, cx, out)?;
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
                self.send_reset(Segment::rst(ack), Role::Reset, cx, out);
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
    fn take_ack(&mut self, ack: SeqNumber, cx: &mut Context<'_>, out: &mut Outbox) -> Check {
        let is_of_our_syn = self.snd.una == self.snd.iss;
        if let Some(rule) = self.acknowledged_up_to(ack, cx, out) {
            out.because(rule);
        }
        // Text that came with their SYN is delivered now, also where a CLOSE in SYN-RECEIVED has led on meanwhile. It is
        // acknowledged with the text of this segment, or alone.
        if is_of_our_syn && (self.reassembly.held() > 0 || self.reassembly.holds_fin()) {
            if self.is_abandoned && self.reassembly.held() > 0 {
                return self.refuse_text(cx, out);
            }
            self.ack_due = AckDue::AtOnce;
            self.take_kept_text(cx, out);
        }
        GO_ON
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
                self.limit_fin_wait_2(cx);
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

    /// SYN-RECEIVED becomes ESTABLISHED, and FIN-WAIT-1 at once where CLOSE waited for this.
    fn establish_from_syn_received(&mut self, segment: &Segment, ack: SeqNumber, out: &mut Outbox) {
        out.because(Rule::OurSynAcknowledged);
        self.enter(Phase::Established, out);
        self.snd.set_window(segment, ack, self.negotiated.window_of(segment));
        self.say_established(out);
    }
}
