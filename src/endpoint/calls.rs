//! What the user may ask for: OPEN, SEND, RECEIVE, CLOSE, ABORT, STATUS (RFC 9293 §3.9.1, §3.10.1-6).

use bytes::Bytes;

use crate::rule::Rule;
use crate::segment::Segment;
use crate::tcp::{Call, CallError, Flushed, Limit, Open, Reply, Role, State, Timer, UserEvent};
use crate::time::Duration;

use super::Endpoint;
use super::context::Context;
use super::limits::Limits;
use super::opening::{Listen, Remote, SynSent};
use super::outbox::Outbox;
use super::progress::{FinStatus, Phase};
use super::synchronized::Synchronized;

/// What a call makes of the endpoint, beside the reply.
pub type CallResult = Result<(Reply, Option<Endpoint>), CallError>;

/// Calls in CLOSED: only OPEN makes sense.
pub fn call_in_closed(call: Call, cx: &mut Context<'_>, out: &mut Outbox) -> CallResult {
    let Call::Open { open, timeout } = call else { return Err(CallError::DoesNotExist) };
    let limits = Limits::with_timeout(cx.profile, timeout);
    let next = match open {
        Open::Passive => listen(Remote::Unspecified, limits, out),
        Open::PassiveSpecified => listen(Remote::Specified, limits, out),
        Open::Active => {
            out.because(Rule::ActiveOpen);
            out.enter(State::Closed, State::SynSent);
            Endpoint::SynSent(Box::new(SynSent::open(limits, cx, out)))
        }
        Open::ActiveUnspecified => return Err(CallError::RemoteUnspecified),
    };
    Ok((Reply::Ok, Some(next)))
}

fn listen(remote: Remote, limits: Limits, out: &mut Outbox) -> Endpoint {
    out.because(Rule::PassiveOpen);
    out.enter(State::Closed, State::Listen);
    Endpoint::Listen(Box::new(Listen::new(remote, limits)))
}

impl Listen {
    pub(super) fn call(&mut self, call: Call, cx: &mut Context<'_>, out: &mut Outbox) -> CallResult {
        match call {
            Call::Open { open: Open::Passive | Open::PassiveSpecified, .. } => Err(CallError::AlreadyExists),
            Call::Open { open: Open::ActiveUnspecified, .. } => Err(CallError::RemoteUnspecified),
            Call::Open { open: Open::Active, timeout } => {
                Ok((Reply::Ok, Some(self.turn_active(Bytes::new(), timeout, false, cx, out))))
            }
            Call::Send { data, timeout, is_last } => match self.remote {
                Remote::Unspecified => Err(CallError::RemoteUnspecified),
                Remote::Specified if data.len() > send_room(cx, 0) => Err(CallError::InsufficientResources),
                Remote::Specified => Ok((Reply::Ok, Some(self.turn_active(data, timeout, is_last, cx, out)))),
            },
            Call::Receive(octets) => Ok((self.receives.queue(octets, out)?, None)),
            Call::Close | Call::CloseAll => Ok((Reply::Ok, Some(self.end(Rule::CloseInListen, Flushed::Closing, out)))),
            Call::Abort => Ok((Reply::Ok, Some(self.end(Rule::AbortInListen, Flushed::Reset, out)))),
            Call::Status => Ok((Reply::Status(State::Listen), None)),
            Call::Set(limit) => {
                self.limits.set(limit);
                Ok((Reply::Ok, None))
            }
        }
    }

    /// LISTEN becomes SYN-SENT, and forgets that it ever listened (RFC 9293 MUST-11).
    fn turn_active(
        &mut self,
        data: Bytes,
        timeout: Option<Duration>,
        is_last: bool,
        cx: &mut Context<'_>,
        out: &mut Outbox,
    ) -> Endpoint {
        out.because(Rule::ActiveOpen);
        out.enter(State::Listen, State::SynSent);
        let limits = Limits { user_timeout: timeout.or(self.limits.user_timeout), ..self.limits };
        let mut syn_sent = SynSent::open(limits, cx, out);
        syn_sent.unsent.push(data);
        syn_sent.closes = is_last;
        syn_sent.receives = std::mem::take(&mut self.receives);
        Endpoint::SynSent(Box::new(syn_sent))
    }

    fn end(&mut self, rule: Rule, flushed: Flushed, out: &mut Outbox) -> Endpoint {
        out.because(rule);
        out.enter(State::Listen, State::Closed);
        if self.receives.flush() {
            out.tell(UserEvent::CallsFlushed(flushed));
        }
        Endpoint::Closed
    }
}

impl SynSent {
    pub(super) fn call(&mut self, call: Call, cx: &mut Context<'_>, out: &mut Outbox) -> CallResult {
        match call {
            Call::Open { .. } => Err(CallError::AlreadyExists),
            Call::Send { .. } if self.closes => Err(CallError::Closing),
            Call::Send { data, .. } if data.len() > send_room(cx, self.unsent.len()) => {
                Err(CallError::InsufficientResources)
            }
            Call::Send { data, timeout, is_last } => {
                out.because(Rule::SendQueued);
                self.unsent.push(data);
                self.closes = is_last;
                if timeout.is_some() {
                    self.set(Limit::UserTimeout(timeout), cx);
                }
                Ok((Reply::Queued, None))
            }
            Call::Receive(octets) => Ok((self.receives.queue(octets, out)?, None)),
            Call::Close | Call::CloseAll => {
                Ok((Reply::Ok, Some(self.end(Rule::CloseInSynSent, Flushed::Closing, out))))
            }
            Call::Abort => Ok((Reply::Ok, Some(self.end(Rule::AbortInSynSent, Flushed::Reset, out)))),
            Call::Status => Ok((Reply::Status(State::SynSent), None)),
            Call::Set(limit) => {
                self.set(limit, cx);
                Ok((Reply::Ok, None))
            }
        }
    }

    fn end(&mut self, rule: Rule, flushed: Flushed, out: &mut Outbox) -> Endpoint {
        out.because(rule);
        out.enter(State::SynSent, State::Closed);
        if self.receives.flush() || !self.unsent.is_empty() {
            out.tell(UserEvent::CallsFlushed(flushed));
        }
        Endpoint::Closed
    }

    /// What the user sets holds from now on.
    fn set(&mut self, limit: Limit, cx: &Context<'_>) {
        self.limits.set(limit);
        if let Limit::UserTimeout(timeout) = limit {
            self.timers.stop(Timer::User);
            if let Some(timeout) = timeout {
                self.timers.start(Timer::User, cx.now + timeout);
            }
        }
    }
}

impl Synchronized {
    pub(super) fn call(&mut self, call: Call, cx: &mut Context<'_>, out: &mut Outbox) -> CallResult {
        match call {
            Call::Open { .. } => Err(CallError::AlreadyExists),
            Call::Send { data, timeout, is_last } => self.call_send(data, timeout, is_last, cx, out),
            Call::Receive(octets) => self.call_receive(octets, cx, out),
            Call::Close => self.call_close(cx, out),
            Call::CloseAll => self.call_close_all(cx, out),
            Call::Abort => Ok((Reply::Ok, Some(self.call_abort(cx, out)))),
            Call::Status => Ok((Reply::Status(self.state()), None)),
            Call::Set(limit) => {
                self.set(limit, cx);
                Ok((Reply::Ok, None))
            }
        }
    }

    /// SEND (§3.10.2).
    fn call_send(
        &mut self,
        data: Bytes,
        timeout: Option<Duration>,
        is_last: bool,
        cx: &mut Context<'_>,
        out: &mut Outbox,
    ) -> CallResult {
        if self.fin != FinStatus::NotAsked {
            return Err(CallError::Closing);
        }
        let may_go_out = match self.phase {
            Phase::SynReceived(_) => false,
            Phase::Established | Phase::CloseWait => true,
            Phase::FinWait1 | Phase::FinWait2 | Phase::Closing | Phase::LastAck | Phase::TimeWait => {
                return Err(CallError::Closing);
            }
        };
        if data.len() > send_room(cx, self.unsent.len() + self.unacknowledged.text_len()) {
            return Err(CallError::InsufficientResources);
        }
        self.unsent.push(data);
        if timeout.is_some() {
            self.set(Limit::UserTimeout(timeout), cx);
        }
        if is_last {
            self.call_close(cx, out)
        } else if may_go_out {
            self.transmit(cx, out);
            self.say_what_waits(out);
            Ok((Reply::Ok, None))
        } else {
            out.because(Rule::SendQueued);
            Ok((Reply::Queued, None))
        }
    }

    /// RECEIVE (§3.10.3).
    fn call_receive(&mut self, octets: u32, cx: &mut Context<'_>, out: &mut Outbox) -> CallResult {
        match self.phase {
            _ if self.is_abandoned => Err(CallError::Closing),
            Phase::SynReceived(_) => Ok((self.receives.queue(octets, out)?, None)),
            Phase::Established | Phase::FinWait1 | Phase::FinWait2 if self.unread.is_empty() => {
                Ok((self.receives.queue(octets, out)?, None))
            }
            Phase::CloseWait if self.unread.is_empty() => Err(CallError::Closing),
            Phase::Established | Phase::FinWait1 | Phase::FinWait2 | Phase::CloseWait => {
                let data = self.unread.take(usize::try_from(octets).unwrap_or(usize::MAX));
                self.announce_room(cx, out);
                Ok((Reply::Data(Box::new(data)), None))
            }
            Phase::Closing | Phase::LastAck | Phase::TimeWait => Err(CallError::Closing),
        }
    }

    /// CLOSE (§3.10.4).
    fn call_close(&mut self, cx: &mut Context<'_>, out: &mut Outbox) -> CallResult {
        if self.fin != FinStatus::NotAsked {
            return Err(CallError::Closing);
        }
        match self.phase {
            // A FIN may leave before our SYN is acknowledged; only data has to wait.
            Phase::SynReceived(_) if self.unsent.is_empty() => {
                out.because(Rule::CloseInSynReceived);
                self.fin = FinStatus::Queued;
                self.enter(Phase::FinWait1, out);
                self.send_fin(Role::New, cx, out);
                Ok((Reply::Ok, None))
            }
            Phase::SynReceived(_) => {
                out.because(Rule::CloseQueued);
                self.fin = FinStatus::Queued;
                Ok((Reply::Queued, None))
            }
            Phase::Established => {
                out.because(Rule::CloseInEstablished);
                self.fin = FinStatus::Queued;
                self.enter(Phase::FinWait1, out);
                self.send_fin_if_possible(cx, out);
                Ok((Reply::Ok, None))
            }
            // LAST-ACK is entered when the FIN really leaves, not before.
            Phase::CloseWait => {
                out.because(Rule::CloseInCloseWait);
                self.fin = FinStatus::Queued;
                self.send_fin_if_possible(cx, out);
                Ok((Reply::Ok, None))
            }
            Phase::FinWait1 | Phase::FinWait2 | Phase::Closing | Phase::LastAck | Phase::TimeWait => {
                Err(CallError::Closing)
            }
        }
    }

    /// CLOSE by somebody who will not read either, also after a CLOSE that only ended sending. Text that nobody will read must
    /// not look as if it had been delivered, so it is answered with a reset (RFC 9293 MAY-1, SHLD-3; RFC 2525 §2.17).
    fn call_close_all(&mut self, cx: &mut Context<'_>, out: &mut Outbox) -> CallResult {
        if self.is_abandoned || self.phase == Phase::TimeWait {
            return Err(CallError::Closing);
        }
        let rule = match cx.profile.linger {
            _ if !self.unread.is_empty() => Some(Rule::UnreadTextLost),
            Some(Duration::ZERO) => Some(Rule::LingerOver),
            _ => None,
        };
        if let Some(rule) = rule {
            out.because(rule);
            return Ok((Reply::Ok, Some(self.reset_it(cx, out))));
        }
        out.because(Rule::NobodyReads);
        self.is_abandoned = true;
        if self.receives.flush() {
            out.tell(UserEvent::CallsFlushed(Flushed::Closing));
        }
        let result = match self.fin {
            FinStatus::NotAsked => self.call_close(cx, out)?,
            FinStatus::Queued | FinStatus::Sent => (Reply::Ok, None),
        };
        if let Some(linger) = cx.profile.linger.filter(|_| self.is_anything_undelivered()) {
            self.timers.start(Timer::Linger, cx.now + linger);
        }
        if self.phase == Phase::FinWait2 {
            self.limit_fin_wait_2(cx);
        }
        Ok(result)
    }

    /// Ends the connection, and tells the other side so.
    pub(super) fn reset_it(&mut self, cx: &Context<'_>, out: &mut Outbox) -> Endpoint {
        out.enter(self.state(), State::Closed);
        self.send_reset(Segment::rst(self.snd.nxt_in_window()), Role::Abort, cx, out);
        if self.receives.flush() || !self.unsent.is_empty() || self.unacknowledged.text_len() > 0 {
            out.tell(UserEvent::CallsFlushed(Flushed::Reset));
        }
        Endpoint::Closed
    }

    /// Where nobody reads any more, the other side's FIN is waited for only so long.
    pub(super) fn limit_fin_wait_2(&mut self, cx: &Context<'_>) {
        if let Some(limit) = cx.profile.fin_wait_2.filter(|_| self.is_abandoned) {
            self.timers.start(Timer::FinWait2, cx.now + limit);
        }
    }

    /// The FIN leaves, or it is said what it waits for.
    fn send_fin_if_possible(&mut self, cx: &mut Context<'_>, out: &mut Outbox) {
        self.transmit(cx, out);
        if self.unsent.is_empty() {
            self.say_what_waits(out);
        } else {
            out.because(Rule::CloseQueued);
        }
    }

    /// ABORT (§3.10.5): a reset where the other side still counts on us, silence where it is leaving anyway.
    pub(super) fn call_abort(&mut self, cx: &Context<'_>, out: &mut Outbox) -> Endpoint {
        let from = self.state();
        match self.phase {
            Phase::SynReceived(_) | Phase::Established | Phase::FinWait1 | Phase::FinWait2 | Phase::CloseWait => {
                out.because(Rule::AbortSendsReset);
                return self.reset_it(cx, out);
            }
            Phase::Closing | Phase::LastAck | Phase::TimeWait => {
                out.because(Rule::AbortWithoutReset);
                out.enter(from, State::Closed);
            }
        }
        Endpoint::Closed
    }

    /// What the user sets holds from now on.
    fn set(&mut self, limit: Limit, cx: &Context<'_>) {
        self.limits.set(limit);
        match limit {
            Limit::UserTimeout(_) => {
                self.timers.stop(Timer::User);
                self.watch_user_timeout(cx);
            }
            Limit::KeepAlive(_) => self.restart_keep_alive(cx),
            Limit::R1(_) | Limit::R2(_) | Limit::R2Syn(_) => {}
        }
    }
}

/// How many octets SEND may still take when `held` are held already.
fn send_room(cx: &Context<'_>, held: usize) -> usize {
    usize::try_from(cx.profile.send_buffer).unwrap_or(usize::MAX).saturating_sub(held)
}
