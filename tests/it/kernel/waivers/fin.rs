//! After the other side's FIN: CLOSE-WAIT, CLOSING and LAST-ACK (§3.10.7.4 first, seventh, eighth).

use synfin::segment::Segment;

use super::super::ours::has_received_fin;
use super::Resumption;
use super::situation::{Kind, Meeting, Situation};

pub fn reset_at_fin(s: &Situation<'_>) -> Option<Resumption> {
    let m = s.meeting()?;
    let is_met = is_behind_fin(&m) && m.segment.flags.rst && m.segment.seq + 1 == m.v.rcv_nxt;
    let at_next = Segment { seq: m.v.rcv_nxt, ..m.segment.clone() };
    (is_met && m.we_kept_silent()).then(|| Resumption::instead(s, at_next))
}

pub fn text_beyond_fin(s: &Situation<'_>) -> Option<Resumption> {
    let m = s.meeting()?;
    let is_met = is_behind_fin(&m) && m.is_plain() && m.begins_before_next() && m.has_text_beyond_next();
    (is_met && m.we_kept_silent() && m.kernel_reset()).then(|| Resumption::from(s.before.given_up()))
}

pub fn second_fin(s: &Situation<'_>) -> Option<Resumption> {
    let m = s.meeting()?;
    if m.kind != Kind::Full || !m.is_plain() {
        return None;
    }
    if is_behind_fin(&m) {
        let is_met = m.begins_before_next() && m.brings_fin_only() && m.we_kept_silent();
        let answer = Segment::ack(m.v.snd_nxt, m.v.rcv_nxt + 1);
        let has_counted = s.kernel_did(&[answer], m.state);
        return (is_met && has_counted).then(|| Resumption::from(s.before.with_more_fins(1, m.segment, s.window)));
    }
    // It may also have waited behind the first one.
    let (after, state) = (s.after.variables()?, s.ours.state);
    let waited = s.before.fins_from(after.rcv_nxt);
    let took_first = has_received_fin(state) && s.we_did(&[after.ack()], state);
    let has_counted = waited > 0 && s.kernel_did(&[Segment::ack(after.snd_nxt, after.rcv_nxt + waited)], state);
    (took_first && has_counted).then(|| Resumption::from(s.after.with_more_fins(waited, m.segment, s.window)))
}

pub fn moved_fin(s: &Situation<'_>) -> Option<Resumption> {
    let m = s.meeting()?;
    let after = s.after.variables().filter(|_| m.kind == Kind::Full && m.is_plain())?;
    let moved = s.after.with_fin_received();
    let is_met = s.after.has_fin_between(m.v.rcv_nxt, after.rcv_nxt) && !has_received_fin(s.ours.state);
    let answer = [after.ack()];
    let took_it = has_received_fin(s.kernel.state) && s.kernel_did(&answer, moved.state());
    (is_met && s.we_did(&answer, s.ours.state) && took_it).then(|| Resumption::from(moved))
}

fn is_behind_fin(m: &Meeting<'_>) -> bool {
    m.kind == Kind::Full && has_received_fin(m.state)
}
