//! The seventh and the eighth check of RFC 9293 §3.10.7.4: the text and the FIN; what becomes of them until the user has them.

use std::ops::ControlFlow;

use crate::certain::certain;
use crate::endpoint::context::Context;
use crate::endpoint::outbox::Outbox;
use crate::endpoint::progress::{AckDue, Phase};
use crate::profile::{AckMode, Reading};
use crate::rule::Rule;
use crate::segment::Segment;
use crate::tcp::UserEvent;

use super::{Check, GO_ON, Synchronized};

impl Synchronized {
    /// Before the seventh: new text, or a sign of it, that nobody will read (RFC 9293 SHLD-3; RFC 2525 §2.16).
    pub(super) fn check_reader(&mut self, segment: &Segment, cx: &Context<'_>, out: &mut Outbox) -> Check {
        let end_of_text = segment.end() - u32::from(segment.flags.fin);
        let is_new = !segment.is_empty() && end_of_text.is_after(self.rcv.nxt);
        if !(self.is_abandoned && self.phase.may_receive() && is_new) {
            return GO_ON;
        }
        self.refuse_text(cx, out)
    }

    pub(super) fn refuse_text(&mut self, cx: &Context<'_>, out: &mut Outbox) -> Check {
        out.because(Rule::TextForNobody);
        ControlFlow::Break(Some(self.reset_it(cx, out)))
    }

    /// Seventh: the text.
    pub(super) fn check_text(&mut self, segment: &Segment, cx: &mut Context<'_>, out: &mut Outbox) -> Check {
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
    pub(super) fn check_fin(&mut self, segment: &Segment, cx: &mut Context<'_>, out: &mut Outbox) -> Check {
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

    /// Keeps the text and the FIN of a SYN until they can be taken.
    pub(super) fn hold_text_and_fin(&mut self, syn: &Segment, out: &mut Outbox) {
        self.say_what_is_cut(syn, out);
        self.hold_text(syn);
        self.hold_fin(syn);
    }

    /// The same where that is not before ESTABLISHED (§3.10.7.2: "queued for processing later").
    pub(in crate::endpoint) fn keep_for_established(&mut self, syn: &Segment, out: &mut Outbox) {
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

    pub(super) fn take_text_and_fin(&mut self, cx: &mut Context<'_>, out: &mut Outbox) -> Check {
        self.take_kept_text(cx, out);
        self.take_fin(cx, out)
    }

    /// Takes the text that came with a SYN.
    pub(super) fn take_kept_text(&mut self, cx: &mut Context<'_>, out: &mut Outbox) {
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
            let octets = certain(u32::try_from(text.len()), "text lies inside a window of at most 2^32 octets");
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
    pub(in crate::endpoint) fn accepted(&mut self, cx: &mut Context<'_>, out: &mut Outbox) {
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
}
