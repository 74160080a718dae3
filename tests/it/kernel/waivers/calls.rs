//! What the process asks for (§3.10.4, §3.10.5).

use synfin::segment::{Flags, Segment};
use synfin::tcp::State;

use super::super::corpus::Syscall;
use super::super::ours::Variables;
use super::Resumption;
use super::situation::Situation;

pub fn close_waits(s: &Situation<'_>) -> Option<Resumption> {
    let v = s.before.variables().filter(|_| s.call() == Some(Syscall::ShutdownWr))?;
    let state = s.before.state();
    let is_met = state == State::SynReceived && s.kernel_did(&[], state) && s.we_did(&[fin(v)], State::FinWait1);
    is_met.then(|| Resumption::from(s.before.with_close_waiting()))
}

pub fn reset_acknowledges(s: &Situation<'_>) -> Option<Resumption> {
    let v = s.before.variables().filter(|_| s.call() == Some(Syscall::Abort))?;
    let we_did = s.we_did(&[Segment::rst(v.snd_nxt)], State::Closed);
    (we_did && s.kernel_sent_reset_with_ack(v)).then_some(Resumption::AsWeAre)
}

pub fn abort_in_time_wait(s: &Situation<'_>) -> Option<Resumption> {
    let state = s.before.state();
    let is_met = state == State::TimeWait && s.call() == Some(Syscall::Abort);
    (is_met && s.kernel_did(&[], state) && s.we_did(&[], State::Closed)).then(|| Resumption::from(s.before.clone()))
}

pub fn unread_text(s: &Situation<'_>) -> Option<Resumption> {
    let v = s.before.variables().filter(|_| s.before.has_unread_text())?;
    let state = s.before.state();
    let (is_close, is_abort) = (s.call() == Some(Syscall::Close), s.call() == Some(Syscall::Abort));
    let we_did = match state {
        State::Established => is_close && s.we_did(&[fin(v)], State::FinWait1),
        State::CloseWait => is_close && s.we_did(&[fin(v)], State::LastAck),
        // Too late for a CLOSE.
        State::FinWait1 | State::FinWait2 => is_close && s.we_did(&[], state),
        // An ABORT says nothing any more.
        State::Closing | State::LastAck => is_close && s.we_did(&[], state) || is_abort && s.we_did(&[], State::Closed),
        State::Closed | State::Listen | State::SynSent | State::SynReceived | State::TimeWait => false,
    };
    (we_did && s.kernel_sent_reset_with_ack(v)).then(|| Resumption::from(s.before.given_up()))
}

/// `<SEQ=SND.NXT><ACK=RCV.NXT><CTL=FIN,ACK>`.
fn fin(v: Variables) -> Segment {
    Segment { flags: Flags { fin: true, ..Flags::default() }, ..v.ack() }
}
