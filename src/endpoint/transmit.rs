//! What leaves, and when: new text, FIN, acknowledgments (RFC 9293 §3.7, §3.8.6).

use bytes::Bytes;

use crate::profile::{FinPlacement, Profile};
use crate::rule::Rule;
use crate::segment::{Flags, Options, Segment, Timestamps};
use crate::seq::SeqNumber;
use crate::tcp::{Role, Timer, UserEvent};

use super::context::Context;
use super::outbox::Outbox;
use super::progress::{AckDue, FinStatus, Phase};
use super::retransmission_queue::{Acknowledged, Sent};
use super::space::Reopened;
use super::synchronized::Synchronized;

impl Synchronized {
    /// Everything up to `ack` has arrived (§3.10.7.4, check 5; RFC 6298 §5.2, §5.3). Returns why the RTO does not follow
    /// from it, where it does not.
    pub(super) fn acknowledged_up_to(&mut self, ack: SeqNumber, cx: &Context<'_>, out: &mut Outbox) -> Option<Rule> {
        self.snd.una = ack;
        let acknowledged = self.unacknowledged.acknowledge(ack);
        if acknowledged.text {
            out.because(Rule::AckAdvances);
        }
        let is_measured = self.rtt.acknowledged(cx.now, ack, cx.profile);
        if acknowledged.repeated_syn {
            self.rtt.restart_after_lost_syn(cx.profile);
        }
        if !self.is_anything_undelivered() {
            self.timers.stop(Timer::Linger);
        }
        if self.unacknowledged.is_empty() {
            self.timers.stop(Timer::Retransmission);
        } else {
            self.timers.start(Timer::Retransmission, cx.now + self.rtt.rto());
            // R2 is about one segment (RFC 9293 MUST-20): what waited behind another has not been repeated yet.
            self.unacknowledged.answered(cx.now);
        }
        // Progress: the user timeout runs anew for what is left (§3.9.1.1).
        self.timers.stop(Timer::User);
        self.watch_user_timeout(cx);
        if acknowledged.text && self.unsent.is_empty() && self.unacknowledged.text_len() == 0 {
            out.tell(UserEvent::SendComplete);
        }
        match acknowledged {
            Acknowledged { repeated_syn: true, .. } => Some(Rule::RtoAfterLostSyn),
            Acknowledged { repeated: true, .. } if !is_measured => Some(Rule::AmbiguousAck),
            Acknowledged { .. } => None,
        }
    }

    /// Says why [`transmit`](Self::transmit) has left something unsent.
    pub(super) fn say_what_waits(&self, out: &mut Outbox) {
        if !self.phase.may_send() {
            return;
        }
        let usable = usize::try_from(self.snd.usable()).unwrap_or(usize::MAX);
        if !self.unsent.is_empty() {
            out.because(match usable {
                0 => Rule::WindowHoldsText,
                _ if self.unsent.len() > usable => Rule::SmallWindowWaits,
                // It would fit, so only Nagle's algorithm can hold it.
                _ => Rule::SmallSegmentWaits,
            });
        } else if self.fin == FinStatus::Queued {
            out.because(Rule::WindowHoldsFin);
        }
    }

    /// What waits to be sent: octets of text, and whether our FIN does.
    pub(super) fn waiting(&self) -> (usize, FinStatus) {
        (self.unsent.len(), self.fin)
    }

    /// Sends what the window and the silly-window rules allow: text first, then the FIN.
    pub(super) fn transmit(&mut self, cx: &mut Context<'_>, out: &mut Outbox) {
        if !self.phase.may_send() {
            return;
        }
        while let Some(octets) = self.sendable(cx.profile) {
            let text = self.unsent.take(octets);
            out.because(Rule::WindowAllowsText);
            self.send_new(text, Role::New, cx, out);
        }
        if self.fin == FinStatus::Queued && self.unsent.is_empty() && self.snd.usable() > 0 {
            self.send_fin(Role::New, cx, out);
        }
        self.watch_blocked_window(cx);
    }

    /// How many octets of new text should leave now, by the sender's silly-window avoidance and, if on, Nagle's
    /// algorithm (RFC 9293 §3.8.6.2.1, §3.7.4). All text is pushed.
    fn sendable(&self, profile: &Profile) -> Option<usize> {
        let mss = usize::try_from(self.snd.mss).unwrap_or(usize::MAX);
        let usable = usize::try_from(self.snd.usable()).unwrap_or(usize::MAX);
        let queued = self.unsent.len();
        let most = queued.min(usable).min(mss);
        // With a FIN, nothing will come any more that could fill the segment.
        let is_idle = self.snd.in_flight() == 0 || !profile.nagle || self.fin_may_join_text(profile);
        let is_full_sized = most >= mss;
        let is_last = is_idle && queued <= usable;
        let is_half_the_window = is_idle && most >= usize::try_from(self.snd.max_wnd / 2).unwrap_or(usize::MAX);
        (most > 0 && (is_full_sized || is_last || is_half_the_window)).then_some(most)
    }

    /// Whether text or our FIN waits to be sent.
    fn is_anything_waiting(&self) -> bool {
        !self.unsent.is_empty() || self.fin == FinStatus::Queued
    }

    /// Whether anything that the user gave us has not been acknowledged.
    pub(super) fn is_anything_undelivered(&self) -> bool {
        self.is_anything_waiting() || !self.unacknowledged.is_empty()
    }

    /// Where something waits and nothing in flight would bring news, only the persist timer can (§3.8.6.1). The user
    /// timeout is about all data that was submitted, sent or not (§3.9.1.1).
    pub(super) fn watch_blocked_window(&mut self, cx: &Context<'_>) {
        if self.is_anything_waiting() {
            self.start_user_timer(cx);
        }
        if self.is_anything_waiting() && self.snd.in_flight() == 0 {
            self.timers.start_if_stopped(Timer::Persist, cx.now + self.rtt.rto());
        } else {
            self.timers.stop(Timer::Persist);
        }
    }

    /// Sends our FIN; CLOSE-WAIT becomes LAST-ACK at this moment.
    pub(super) fn send_fin(&mut self, role: Role, cx: &mut Context<'_>, out: &mut Outbox) {
        out.because(Rule::FinFollowsText);
        self.fin_leaves(out);
        self.send_sequenced(Flags { fin: true, ..Flags::default() }, Bytes::new(), role, cx, out);
    }

    fn fin_leaves(&mut self, out: &mut Outbox) {
        if self.phase == Phase::CloseWait {
            self.enter(Phase::LastAck, out);
        }
        self.fin = FinStatus::Sent;
    }

    /// Sends text that never left before. PSH marks the last segment of what the user gave us (RFC 9293 MUST-61); if nothing
    /// follows it but our FIN, that goes with it where the window has room for both.
    pub(super) fn send_new(&mut self, text: Bytes, role: Role, cx: &mut Context<'_>, out: &mut Outbox) {
        let psh = self.unsent.is_empty();
        let has_room = usize::try_from(self.snd.usable()).is_ok_and(|usable| usable > text.len());
        let fin = psh && has_room && self.fin_may_join_text(cx.profile);
        if fin {
            out.because(Rule::FinWithText);
            self.fin_leaves(out);
        }
        self.send_sequenced(Flags { psh, fin, ..Flags::default() }, text, role, cx, out);
    }

    /// Whether our FIN waits for text, and may travel with it.
    fn fin_may_join_text(&self, profile: &Profile) -> bool {
        self.fin == FinStatus::Queued && profile.fin == FinPlacement::WithText
    }

    /// Answers a listener's SYN: `<SEQ=ISS><ACK=RCV.NXT><CTL=SYN,ACK>`.
    pub(super) fn send_syn_ack(&mut self, cx: &mut Context<'_>, out: &mut Outbox) {
        self.snd.nxt = self.snd.iss;
        self.send_sequenced(Flags { syn: true, ..Flags::default() }, Bytes::new(), Role::New, cx, out);
    }

    /// The same in the counterfactual of two segments, where nobody has to acknowledge it.
    pub(super) fn send_syn_ack_once(&mut self, role: Role, cx: &Context<'_>, out: &mut Outbox) {
        let flags = Flags { syn: true, ..Flags::default() };
        let syn = Sent { seq: self.snd.iss, flags, text: Bytes::new(), first_sent: cx.now, retransmissions: 0 };
        self.emit(&syn, role, cx, out);
    }

    /// Repeats our SYN with an acknowledgment of theirs, in a simultaneous open. It is not repeated again before an RTO
    /// has passed (RFC 6298 §5).
    pub(super) fn resend_syn_with_ack(&mut self, cx: &mut Context<'_>, out: &mut Outbox) {
        self.rtt.retransmitted();
        self.timers.start(Timer::Retransmission, cx.now + self.rtt.rto());
        self.resend_oldest(cx, out, Role::New);
    }

    /// Sends something that occupies sequence numbers and remembers it until it is acknowledged.
    fn send_sequenced(&mut self, flags: Flags, text: Bytes, role: Role, cx: &mut Context<'_>, out: &mut Outbox) {
        let sent = Sent { seq: self.snd.nxt, flags, text, first_sent: cx.now, retransmissions: 0 };
        self.snd.nxt = sent.end();
        self.rtt.sent(cx.now, self.snd.nxt);
        self.timers.start_if_stopped(Timer::Retransmission, cx.now + self.rtt.rto());
        self.start_user_timer(cx);
        self.emit(&sent, role, cx, out);
        self.unacknowledged.push(sent);
    }

    /// The window has opened. What a probe has sent into it while it was closed was refused, not lost: it leaves again at
    /// once, and the RTO, which has backed off with each probe, is what was measured (§3.8.6.1).
    pub(super) fn send_refused_again(&mut self, cx: &Context<'_>, out: &mut Outbox) {
        self.unacknowledged.answered(cx.now);
        let Some(oldest) = self.unacknowledged.oldest_mut() else { return };
        oldest.retransmissions = 1;
        out.because(Rule::RefusedTextAgain);
        self.rtt.window_opened(cx.profile);
        self.timers.start(Timer::Retransmission, cx.now + self.rtt.rto());
        self.resend_oldest(cx, out, Role::Retransmission);
    }

    /// Repeats the oldest unacknowledged segment.
    pub(super) fn resend_oldest(&mut self, cx: &Context<'_>, out: &mut Outbox, role: Role) {
        if let Some(oldest) = self.unacknowledged.oldest_mut().map(|oldest| oldest.clone()) {
            self.emit(&oldest, role, cx, out);
        }
    }

    fn emit(&mut self, sent: &Sent, role: Role, cx: &Context<'_>, out: &mut Outbox) {
        let plain = self.acknowledging(sent.seq, cx);
        let mut segment = Segment { flags: sent.flags, payload: sent.text.clone(), ..plain };
        if sent.flags.syn {
            segment.options.mss = Some(cx.profile.mss);
            segment.options.window_scale = self.negotiated.scale.map(|scale| scale.receive);
            segment.options.sack_permitted = self.negotiated.sack_permitted;
            segment.wnd = self.window_field(true);
        }
        self.ack_is_paid();
        out.send(segment, role);
    }

    /// Sends a reset of this connection. Where the other side knows our timestamps it carries one (RFC 7323 §3.2).
    pub(super) fn send_reset(&self, reset: Segment, role: Role, cx: &Context<'_>, out: &mut Outbox) {
        let echo = self.negotiated.ts_recent.map(|recent| if reset.ack.is_some() { recent } else { 0 });
        let timestamps = echo.map(|echo| Timestamps { value: cx.timestamp_clock(), echo });
        out.send(Segment { options: Options { timestamps, ..Options::default() }, ..reset }, role);
    }

    /// Sends `<SEQ=SND.NXT><ACK=RCV.NXT><CTL=ACK>` at once, with a number that can be read.
    pub(super) fn send_ack(&mut self, role: Role, cx: &Context<'_>, out: &mut Outbox) {
        let segment = self.acknowledging(self.snd.nxt_in_window(), cx);
        self.ack_is_paid();
        out.send(segment, role);
    }

    /// An acknowledgment whose number lies just before what may be sent: nobody can accept it, so whoever is there
    /// answers it (RFC 9293 §3.8.4).
    pub(super) fn send_keep_alive(&mut self, cx: &Context<'_>, out: &mut Outbox) {
        self.note_ack();
        out.send(self.acknowledging(self.snd.nxt - 1, cx), Role::KeepAlive);
    }

    /// Sends the acknowledgment that is due, if nothing else has carried it, or starts its timer.
    pub(super) fn pay_ack(&mut self, cx: &Context<'_>, out: &mut Outbox) {
        match self.ack_due {
            AckDue::No => {}
            AckDue::AtOnce => self.send_ack(Role::Ack, cx, out),
            AckDue::Later { .. } => {
                self.timers.start_if_stopped(Timer::DelayedAck, cx.now + cx.profile.delayed_ack);
            }
        }
    }

    /// Delays an acknowledgment, but not that of a second full-sized segment (RFC 9293 SHLD-18, MUST-58).
    pub(super) fn owe_ack_later(&mut self, is_full_sized: bool, out: &mut Outbox) {
        let before = match self.ack_due {
            AckDue::AtOnce => return,
            AckDue::No => 0,
            AckDue::Later { full_sized } => full_sized,
        };
        let full_sized = before + u32::from(is_full_sized);
        if full_sized >= 2 {
            out.because(Rule::SecondFullSegment);
            self.ack_due = AckDue::AtOnce;
        } else {
            out.because(Rule::AckDelayed);
            self.ack_due = AckDue::Later { full_sized };
        }
    }

    /// After a RECEIVE: tells the other side if the window has opened enough (RFC 9293 MUST-39).
    pub(super) fn announce_room(&mut self, cx: &Context<'_>, out: &mut Outbox) {
        match self.reopen_window(cx) {
            Reopened::Far => {
                out.because(Rule::WindowReopens);
                self.send_ack(Role::Ack, cx, out);
            }
            Reopened::NotYet => out.because(Rule::WindowNotWorthTelling),
            Reopened::NothingToGain => {}
        }
    }

    /// Opens the receive window as far as the buffer has room, if that is worth telling.
    pub(super) fn reopen_window(&mut self, cx: &Context<'_>) -> Reopened {
        let held = u32::try_from(self.unread.len()).unwrap_or(u32::MAX);
        let buffer = cx.profile.largest_window(self.negotiated.receive_shift());
        self.rcv.reopen(buffer.saturating_sub(held), buffer, u32::from(cx.profile.mss))
    }

    /// The window as the header carries it; that of a SYN is never scaled (RFC 7323 §2.2).
    pub(super) fn window_field(&self, is_syn: bool) -> u16 {
        let shift = if is_syn { 0 } else { self.negotiated.receive_shift() };
        u16::try_from(self.rcv.wnd >> shift).unwrap_or(u16::MAX)
    }

    /// The acknowledgment, the window and the timestamps that every segment from here carries.
    fn acknowledging(&self, seq: SeqNumber, cx: &Context<'_>) -> Segment {
        let wnd = self.window_field(false);
        let echo = self.negotiated.ts_recent;
        let timestamps = echo.map(|echo| Timestamps { value: cx.timestamp_clock(), echo });
        Segment { wnd, options: Options { timestamps, ..Options::default() }, ..Segment::ack(seq, self.rcv.nxt) }
    }

    fn ack_is_paid(&mut self) {
        self.note_ack();
        self.ack_due = AckDue::No;
        self.timers.stop(Timer::DelayedAck);
    }

    /// RCV.NXT leaves as an acknowledgment: with timestamps on, that counts for TS.Recent.
    fn note_ack(&mut self) {
        if self.negotiated.ts_recent.is_some() {
            self.timestamp_clock.last_ack_sent = self.rcv.nxt;
        }
    }

    /// The user timeout runs while anything is not delivered.
    pub(super) fn watch_user_timeout(&mut self, cx: &Context<'_>) {
        if self.is_anything_undelivered() {
            self.start_user_timer(cx);
        }
    }

    /// Starts the user timeout, if the user gave one, unless it is running.
    fn start_user_timer(&mut self, cx: &Context<'_>) {
        if let Some(user_timeout) = self.limits.user_timeout {
            self.timers.start_if_stopped(Timer::User, cx.now + user_timeout);
        }
    }
}
