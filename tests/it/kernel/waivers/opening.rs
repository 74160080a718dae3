//! LISTEN, SYN-SENT and SYN-RECEIVED. A kernel keeps a connection request at a listener in a form of its own, with
//! rules of its own.

use bytes::Bytes;

use synfin::segment::{Flags, Segment};
use synfin::tcp::State;

use super::super::ours::Outcome;
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

pub fn syn_again(s: &Situation<'_>) -> Option<Resumption> {
    let iss = s.before.tcb().iss.filter(|_| s.after.has_refused_acknowledgment)?;
    let again = match (s.before.state(), s.before.variables()) {
        (State::SynSent, _) => Segment::syn(iss),
        (State::SynReceived, Some(v)) => Segment::syn_ack(iss, v.rcv_nxt),
        _ => return None,
    };
    let again = [s.before.wire(&again)];
    // It leaves before the step's own answer, or behind it.
    let sent = &s.ours.sent;
    let did_so = [[&again, &sent[..]].concat(), [&sent[..], &again].concat()]
        .into_iter()
        .any(|sent| s.kernel.is_same_as(&Outcome { sent, ..s.ours.clone() }));
    did_so.then(|| Resumption::from(s.after.with_syn_sent_again()))
}

pub fn text_of_syn(s: &Situation<'_>) -> Option<Resumption> {
    let segment = s.segment().filter(|it| it.flags.syn && it.len() > 1 && !it.flags.rst)?;
    let v = s.after.variables()?;
    let with_ack = Segment::syn_ack(v.iss, segment.seq + 1);
    let keeps_it = match s.before.state() {
        State::SynSent => s.we_did(&[with_ack], State::SynReceived),
        // A listener, or a TIME-WAIT that gives way.
        _ => segment.ack.is_none() && s.we_accepted_request(segment),
    };
    // In ESTABLISHED at once, or kept until then.
    let state = if segment.flags.fin { State::CloseWait } else { State::Established };
    let is_taken = s.before.state() == State::SynSent && v.rcv_nxt == segment.end();
    let takes_it = is_taken && s.we_did(&[v.ack()], state);
    let bare = Segment { flags: Flags { fin: false, ..segment.flags }, payload: Bytes::new(), ..segment.clone() };
    (takes_it || keeps_it).then(|| Resumption::instead(s, bare))
}

pub fn repeated_syn(s: &Situation<'_>) -> Option<Resumption> {
    let m = s.meeting()?;
    let is_met = m.kind == Kind::Request && m.is_syn() && m.segment.ack.is_none() && m.segment.seq == m.v.irs;
    let has_repeated = s.kernel_did(&[Segment::syn_ack(m.v.iss, m.v.rcv_nxt)], m.state);
    (is_met && has_repeated && m.we_acknowledged()).then(|| Resumption::from(s.before.clone()))
}

pub fn ack_before_sequence(s: &Situation<'_>) -> Option<Resumption> {
    let m = s.meeting().filter(|m| m.kind == Kind::Request)?;
    let wrong = m.segment.ack.filter(|ack| *ack != m.v.snd_nxt)?;
    let is_reset = m.segment.flags.rst;
    let kernel_refused = if is_reset { m.kernel_kept_silent() } else { s.kernel_did(&[Segment::rst(wrong)], m.state) };
    let we_did = match (m.is_acceptable(), is_reset, m.segment.flags.syn) {
        (false, false, _) => m.we_acknowledged(),
        (false, true, _) => m.we_kept_silent(),
        (true, true, _) if m.begins_at_next() => returned(s),
        (true, true, _) => m.we_acknowledged(),
        (true, false, true) => returned(s),
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

pub fn crossed_text(s: &Situation<'_>) -> Option<Resumption> {
    let m = s.meeting().filter(|m| m.kind == Kind::Full && m.state == State::SynReceived)?;
    let is_crossing = m.is_syn() && m.segment.seq == m.v.irs && m.segment.ack == Some(m.v.snd_nxt);
    let is_met = is_crossing && m.segment.len() > 1 && m.kernel_acknowledged();
    let after = s.after.variables().filter(|after| is_met && after.rcv_nxt == m.segment.end())?;
    let state = if m.segment.flags.fin { State::CloseWait } else { State::Established };
    s.we_did(&[after.ack()], state).then(|| Resumption::from(s.before.clone()))
}

pub fn ack_of_nothing(s: &Situation<'_>) -> Option<Resumption> {
    let m = s.meeting().filter(|m| m.kind == Kind::Full && m.state == State::SynReceived)?;
    let is_met = m.is_plain() && m.is_acceptable() && m.segment.ack == Some(m.v.una);
    let we_refused = s.we_did(&[Segment::rst(m.v.una)], m.state);
    let of_our_syn = Segment { ack: Some(m.v.snd_nxt), ..m.segment.clone() };
    (is_met && we_refused).then(|| Resumption::instead(s, of_our_syn))
}

/// We went back to LISTEN, or to the TIME-WAIT that the request came from.
fn returned(s: &Situation<'_>) -> bool {
    s.we_did(&[], State::Closed) || s.we_did(&[], State::TimeWait)
}
