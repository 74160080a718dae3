//! What happens when a timer expires (RFC 9293 §3.10.8, §3.8.3; RFC 6298 §5.4-5.7).

use crate::rule::Rule;
use crate::segment::Flags;
use crate::tcp::{KeepAlive, Role, State, Timer, UserEvent};
use crate::time::Duration;

use super::Endpoint;
use super::context::Context;
use super::limits::Limits;
use super::opening::{Listen, SynSent};
use super::outbox::Outbox;
use super::progress::{FinStatus, Origin, Phase};
use super::synchronized::Synchronized;

impl Listen {
    /// The user timeout ends any state (§3.10.8). Nothing that a listener does starts it: it is about data.
    pub(super) fn timeout(&mut self, timer: Timer, out: &mut Outbox) -> Option<Endpoint> {
        if !self.timers.is_running(timer) {
            return None;
        }
        self.timers.stop(timer);
        match timer {
            Timer::User => {
                out.because(Rule::UserTimeout);
                out.enter(State::Listen, State::Closed);
                out.tell(UserEvent::UserTimeout);
                Some(Endpoint::Closed)
            }
            _ => None,
        }
    }
}

impl SynSent {
    pub(super) fn timeout(&mut self, timer: Timer, cx: &mut Context<'_>, out: &mut Outbox) -> Option<Endpoint> {
        if !self.timers.is_running(timer) {
            return None;
        }
        self.timers.stop(timer);
        match timer {
            Timer::Retransmission => {
                let waited = cx.now.since(self.first_sent);
                if reaches_r2(waited, Flags { syn: true, ..Flags::default() }, &self.limits) {
                    return Some(self.give_up(Rule::GiveUp, UserEvent::ExcessiveRetransmissions, out));
                }
                out.because(Rule::RetransmissionTimeout);
                self.retransmissions += 1;
                self.rtt.back_off(cx.profile);
                self.send_again(cx, out);
                warn_at_r1(self.retransmissions, &self.limits, out);
                None
            }
            Timer::User => Some(self.give_up(Rule::UserTimeout, UserEvent::UserTimeout, out)),
            _ => None,
        }
    }

    fn give_up(&mut self, rule: Rule, told: UserEvent, out: &mut Outbox) -> Endpoint {
        out.because(rule);
        out.enter(State::SynSent, State::Closed);
        out.tell(told);
        Endpoint::Closed
    }
}

impl Synchronized {
    pub(super) fn timeout(&mut self, timer: Timer, cx: &mut Context<'_>, out: &mut Outbox) -> Option<Endpoint> {
        if !self.timers.is_running(timer) {
            return None;
        }
        self.timers.stop(timer);
        match timer {
            Timer::Retransmission => self.retransmission_timeout(cx, out),
            Timer::Persist => {
                self.probe(cx, out);
                None
            }
            Timer::DelayedAck => {
                out.because(Rule::DelayedAckTimeout);
                self.send_ack(Role::Ack, cx, out);
                None
            }
            Timer::User => {
                // As after R2, a listener survives the connection requests that come to nothing.
                let is_request = cx.is_of_listener && self.phase == Phase::SynReceived(Origin::Passive);
                let next = if is_request { State::Listen } else { State::Closed };
                Some(self.give_up(Rule::UserTimeout, UserEvent::UserTimeout, next, cx, out))
            }
            Timer::KeepAlive => self.ask_whether_alive(cx, out),
            Timer::TimeWait => {
                out.because(Rule::TimeWaitOver);
                out.enter(State::TimeWait, State::Closed);
                Some(Endpoint::Closed)
            }
            Timer::Linger => {
                out.because(Rule::LingerOver);
                Some(self.reset_it(cx, out))
            }
            Timer::FinWait2 => {
                out.because(Rule::FinWait2Over);
                out.enter(State::FinWait2, State::Closed);
                Some(Endpoint::Closed)
            }
        }
    }

    /// The oldest segment is repeated, and only that one; or the connection is given up.
    fn retransmission_timeout(&mut self, cx: &mut Context<'_>, out: &mut Outbox) -> Option<Endpoint> {
        let oldest = self.unacknowledged.oldest_mut()?;
        if reaches_r2(cx.now.since(oldest.first_sent), oldest.flags, &self.limits) {
            // A listener survives the connection requests that come to nothing (RFC 9293 MUST-41).
            let next = if self.phase == Phase::SynReceived(Origin::Passive) { State::Listen } else { State::Closed };
            return Some(self.give_up(Rule::GiveUp, UserEvent::ExcessiveRetransmissions, next, cx, out));
        }
        oldest.retransmissions += 1;
        let retransmissions = oldest.retransmissions;
        out.because(Rule::RetransmissionTimeout);
        self.rtt.back_off(cx.profile);
        self.rtt.retransmitted();
        self.timers.start(Timer::Retransmission, cx.now + self.rtt.rto());
        self.resend_oldest(cx, out, Role::Retransmission);
        warn_at_r1(retransmissions, &self.limits, out);
        None
    }

    /// One octet of new text, or the FIN, goes out although the window does not allow it; where the window is open
    /// but small, as much as it allows.
    fn probe(&mut self, cx: &mut Context<'_>, out: &mut Outbox) {
        let usable = usize::try_from(self.snd.usable()).unwrap_or(usize::MAX);
        if usable == 0 {
            self.rtt.back_off(cx.profile);
        }
        if !self.unsent.is_empty() {
            let (rule, role) =
                if usable == 0 { (Rule::ZeroWindowProbe, Role::Probe) } else { (Rule::SmallWindowOverride, Role::New) };
            out.because(rule);
            let most = usable.max(1).min(usize::try_from(self.snd.mss).unwrap_or(usize::MAX));
            let text = self.unsent.take(most);
            self.send_new(text, role, cx, out);
        } else if self.fin == FinStatus::Queued {
            out.because(Rule::ZeroWindowProbe);
            self.send_fin(Role::Probe, cx, out);
        }
    }

    /// A segment was received, or the connection is new: the other side is there (MUST-26).
    pub(super) fn restart_keep_alive(&mut self, cx: &Context<'_>) {
        self.keep_alive_probes = 0;
        match self.limits.keep_alive {
            Some(KeepAlive { idle, .. }) if self.phase.may_be_kept_alive() => {
                self.timers.start(Timer::KeepAlive, cx.now + idle);
            }
            Some(_) | None => self.timers.stop(Timer::KeepAlive),
        }
    }

    /// The other side was silent for long. While something of ours is unacknowledged, its retransmission asks anyway
    /// (MUST-26); no single unanswered question means that it is dead (MUST-29).
    fn ask_whether_alive(&mut self, cx: &mut Context<'_>, out: &mut Outbox) -> Option<Endpoint> {
        let KeepAlive { interval, probes, .. } = self.limits.keep_alive?;
        if !self.phase.may_be_kept_alive() || self.snd.in_flight() > 0 {
            out.because(Rule::KeepAliveNotNeeded);
            self.restart_keep_alive(cx);
            return None;
        }
        if self.keep_alive_probes >= probes {
            let told = UserEvent::ExcessiveRetransmissions;
            return Some(self.give_up(Rule::KeepAliveUnanswered, told, State::Closed, cx, out));
        }
        out.because(Rule::KeepAliveProbe);
        self.keep_alive_probes += 1;
        self.timers.start(Timer::KeepAlive, cx.now + interval);
        self.send_keep_alive(cx, out);
        None
    }

    fn give_up(&mut self, rule: Rule, told: UserEvent, to: State, cx: &Context<'_>, out: &mut Outbox) -> Endpoint {
        out.because(rule);
        if to == State::Listen && self.previous.is_some() {
            out.because(Rule::ReturnsToTimeWait);
        } else if to == State::Listen && !cx.has_listener {
            out.because(Rule::ListenerIsGone);
        }
        let next = self.leave_to(to, cx, out);
        out.tell(told);
        next
    }
}

/// R2: whether a segment that was unacknowledged for so long is given up (RFC 9293 §3.8.3).
fn reaches_r2(waited: Duration, flags: Flags, limits: &Limits) -> bool {
    let r2 = if flags.syn { limits.r2_syn } else { limits.r2 };
    r2.is_some_and(|r2| waited >= r2)
}

/// R1: tells the user once that delivery is in doubt (RFC 9293 §3.8.3).
fn warn_at_r1(retransmissions: u32, limits: &Limits, out: &mut Outbox) {
    if retransmissions == limits.r1 {
        out.because(Rule::R1Reached);
        out.tell(UserEvent::DeliveryProblem);
    }
}
