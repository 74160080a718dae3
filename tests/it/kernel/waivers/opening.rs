//! LISTEN, SYN-SENT and SYN-RECEIVED. A kernel keeps a connection request at a listener in a form of its own, with
//! rules of its own.

use synfin::endpoint::State;
use synfin::segment::{Flags, Segment};

use super::Resumption;
use super::situation::{Kind, Situation};

pub fn syn_fin_to_listener(s: &Situation<'_>) -> Option<Resumption> {
    let segment = s.segment()?;
    let is_request = segment.flags.syn && segment.flags.fin && !segment.flags.rst && segment.ack.is_none();
    let is_met = is_request && s.before.is_listening() && s.kernel_did(&[], State::Closed);
    let reaches_listener = match s.meeting() {
        None => true,
        // TIME-WAIT gives way to a new SYN before the listener looks at it.
        Some(m) => m.kind == Kind::TimeWait && segment.seq.is_after(m.v.rcv_nxt),
    };
    (is_met && reaches_listener && s.we_accepted_request(segment)).then(|| Resumption::from(s.before.given_up()))
}

pub fn fin_of_syn(s: &Situation<'_>) -> Option<Resumption> {
    let segment = s.segment().filter(|it| it.flags.syn && it.flags.fin && !it.flags.rst)?;
    let v = s.after.variables().filter(|_| s.before.state() == State::SynSent)?;
    // In ESTABLISHED at once, or kept until then.
    let with_ack = Segment::syn_ack(v.iss, segment.seq + 1);
    let takes_it = s.we_did(&[v.ack()], State::CloseWait) && v.rcv_nxt == segment.end();
    let keeps_it = s.we_did(&[with_ack], State::SynReceived);
    let without_fin = Segment { flags: Flags { fin: false, ..segment.flags }, ..segment.clone() };
    (takes_it || keeps_it).then(|| Resumption::instead(s, without_fin))
}

pub fn repeated_syn(s: &Situation<'_>) -> Option<Resumption> {
    let m = s.meeting()?;
    let is_met = m.kind == Kind::Request && m.is_syn() && m.segment.ack.is_none() && m.segment.seq == m.v.irs;
    let has_repeated = s.kernel_did(&[Segment::syn_ack(m.v.iss, m.v.rcv_nxt)], m.state);
    (is_met && has_repeated && m.we_acknowledged()).then_some(Resumption::AsWeAre)
}

pub fn ack_before_sequence(s: &Situation<'_>) -> Option<Resumption> {
    let m = s.meeting().filter(|m| m.kind == Kind::Request)?;
    let wrong = m.segment.ack.filter(|ack| *ack != m.v.snd_nxt)?;
    let is_reset = m.segment.flags.rst;
    let kernel_refused = if is_reset { m.kernel_kept_silent() } else { s.kernel_did(&[Segment::rst(wrong)], m.state) };
    // Back to LISTEN, or to the TIME-WAIT that it came from.
    let we_returned = s.we_did(&[], State::Closed) || s.we_did(&[], State::TimeWait);
    let we_did = match (m.is_acceptable(), is_reset, m.segment.flags.syn) {
        (false, false, _) => m.we_acknowledged(),
        (false, true, _) => m.we_kept_silent(),
        (true, true, _) if m.begins_at_next() => we_returned,
        (true, true, _) => m.we_acknowledged(),
        (true, false, true) => we_returned,
        (true, false, false) => false,
    };
    (kernel_refused && we_did).then(|| Resumption::from(s.before.clone()))
}

pub fn syn_at_request(s: &Situation<'_>) -> Option<Resumption> {
    let m = s.meeting()?;
    let is_met = m.kind == Kind::Request && m.is_syn() && m.is_acceptable();
    (is_met && m.kernel_reset() && s.we_did(&[], State::Closed)).then_some(Resumption::AsWeAre)
}

pub fn reopened_forgets(s: &Situation<'_>) -> Option<Resumption> {
    let m = s.meeting()?;
    let (is_stale, kernel_forgot) = if m.segment.flags.rst {
        (m.begins_at_next(), s.kernel_did(&[], State::Closed))
    } else {
        (m.is_syn() && m.is_acceptable(), m.kernel_reset())
    };
    let is_met = m.kind == Kind::Request && is_stale && kernel_forgot && s.we_did(&[], State::TimeWait);
    is_met.then(|| Resumption::from(s.after.given_up()))
}

pub fn crossed_syn_ack(s: &Situation<'_>) -> Option<Resumption> {
    let m = s.meeting().filter(|m| m.kind == Kind::Full && m.state == State::SynReceived)?;
    let is_met = m.is_syn() && m.segment.seq == m.v.irs && m.segment.ack == Some(m.v.snd_nxt);
    let is_same_state = s.kernel_did(&[m.v.ack()], State::Established) && s.we_did(&[], State::Established);
    (is_met && is_same_state).then_some(Resumption::AsWeAre)
}

pub fn ack_of_nothing(s: &Situation<'_>) -> Option<Resumption> {
    let m = s.meeting().filter(|m| m.kind == Kind::Full && m.state == State::SynReceived)?;
    let is_met = m.is_plain() && m.is_acceptable() && m.segment.ack == Some(m.v.una);
    let we_refused = s.we_did(&[Segment::rst(m.v.una)], m.state);
    let of_our_syn = Segment { ack: Some(m.v.snd_nxt), ..m.segment.clone() };
    (is_met && we_refused).then(|| Resumption::instead(s, of_our_syn))
}
