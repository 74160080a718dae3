//! Which acknowledgments are too old (§3.10.7.4 fifth, MAY-12; RFC 5961 §5.2), and which say that something was lost.

use synfin::segment::Segment;
use synfin::tcp::State;

use super::super::corpus::Syscall;
use super::super::ours::{Event, Outcome};
use super::super::wire::Wire;
use super::Resumption;
use super::situation::{Kind, Situation};

pub fn too_old_ack(s: &Situation<'_>) -> Option<Resumption> {
    let m = s.meeting()?;
    let is_between = m.is_ack_too_old_for_the_kernel() && !m.is_ack_too_old();
    if !(m.kind == Kind::Full && m.is_plain() && m.is_acceptable() && is_between && m.kernel_acknowledged()) {
        return None;
    }
    // Up to the limit an old acknowledgment is as good as a repeated one.
    let repeated = Event::Segment(Segment { ack: Some(m.v.una), ..m.segment.clone() });
    let is_as_repeated = s.before.clone().apply(&repeated, s.window).is_same_as(s.ours);
    is_as_repeated.then(|| Resumption::from(s.before.clone()))
}

pub fn header_prediction(s: &Situation<'_>) -> Option<Resumption> {
    let m = s.meeting()?;
    let is_text = m.is_plain() && !m.segment.flags.fin && !m.segment.is_empty() && m.begins_at_next();
    let is_met = m.kind == Kind::Full && m.state == State::Established && is_text && m.is_ack_too_old();
    let repeated = Segment { ack: Some(m.v.una), ..m.segment.clone() };
    (is_met && m.we_acknowledged() && !m.kernel_acknowledged()).then(|| Resumption::instead(s, repeated))
}

pub fn early_retransmission(s: &Situation<'_>) -> Option<Resumption> {
    let m = s.meeting()?;
    // It says what was known before, or acknowledges a part; after a loss also where it carries text.
    let leaves_some = m.segment.ack.is_some_and(|ack| !ack.is_before(m.v.una) && ack.is_before(m.v.snd_nxt));
    let is_bare = m.segment.is_empty() || (s.before.has_lost && m.is_ack_news());
    let is_met = m.kind == Kind::Full && m.is_plain() && is_bare && m.is_acceptable() && leaves_some;
    let after = s.after.variables().filter(|_| is_met)?;
    let [again] = s.kernel.sent.as_slice() else { return None };
    let first_unacknowledged = s.before.wire(&Segment { flags: again.flags, ..after.ack_from(after.una) });
    let occupied = again.len + usize::from(again.flags.fin);
    let left_before = (1..=after.snd_nxt.offset_from(after.una) as usize).contains(&occupied) && !again.flags.syn;
    let is_again = again.is_same_as(&Wire { len: again.len, ..first_unacknowledged }) && left_before;
    let is_same_state = s.kernel.state == s.ours.state && s.we_did(&[], s.ours.state);
    (is_again && is_same_state).then(|| Resumption::from(s.after.with_loss()))
}

pub fn kept_back(s: &Situation<'_>) -> Option<Resumption> {
    if !s.before.has_lost {
        return None;
    }
    if let Event::Call(Syscall::Send, octets) = s.event {
        let [text] = s.ours.sent.as_slice() else { return None };
        let is_met = text.len == *octets as usize && s.ours.done == text.len;
        let keeps_it = s.kernel.is_same_as(&Outcome { sent: Vec::new(), ..s.ours.clone() });
        return (is_met && keeps_it).then(|| Resumption::from(s.before.with_kept_back(*octets)));
    }
    if let Event::Call(Syscall::Close | Syscall::ShutdownWr, _) = s.event {
        // LAST-ACK begins when the FIN leaves, so there nothing can be kept back.
        let [fin] = s.ours.sent.as_slice() else { return None };
        let is_fin = fin.flags.fin && fin.len == 0 && s.ours.state == State::FinWait1;
        let keeps_it = s.kernel.is_same_as(&Outcome { sent: Vec::new(), ..s.ours.clone() });
        return (is_fin && keeps_it).then(|| Resumption::from(s.after.with_fin_kept_back()));
    }
    // An acknowledgment lets it go.
    let (text, next) = s.after.with_nothing_kept_back().filter(|_| s.meeting().is_some_and(|m| m.is_ack_news()))?;
    let sent = [s.ours.sent.clone(), text].concat();
    let lets_it_go = s.kernel.is_same_as(&Outcome { sent, ..s.ours.clone() });
    lets_it_go.then(|| Resumption::from(next))
}
