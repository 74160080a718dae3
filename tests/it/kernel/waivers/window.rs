//! What is acceptable (§3.4, §3.10.7.4 first).

use synfin::segment::Segment;
use synfin::tcp::State;

use super::super::ours::{Event, Incarnation};
use super::Resumption;
use super::situation::{Kind, Situation};

/// The largest window that a header can announce.
const LARGEST_WINDOW: u32 = u16::MAX as u32;

/// The kernel's receive buffer, which no window of its exceeds.
const RECEIVE_BUFFER: u32 = 1 << 17;

pub fn no_flags(s: &Situation<'_>) -> Option<Resumption> {
    let m = s.meeting()?;
    let is_met = m.kind == Kind::Full && m.is_plain() && m.segment.ack.is_none() && !m.is_acceptable();
    (is_met && m.kernel_kept_silent() && m.we_acknowledged()).then_some(Resumption::AsWeAre)
}

pub fn left_edge(s: &Situation<'_>) -> Option<Resumption> {
    let m = s.meeting()?;
    let touches = !m.segment.is_empty() && m.segment.end() == m.v.rcv_nxt;
    if !(m.kind == Kind::Full && m.is_plain() && touches && m.we_acknowledged()) {
        return None;
    }
    // In SYN-RECEIVED the kernel is content with SND.UNA: the class `ack-of-nothing`.
    let takes_nothing = m.state == State::SynReceived && m.segment.ack == Some(m.v.una);
    let ack = if takes_nothing { Some(m.v.snd_nxt) } else { m.segment.ack };
    let acknowledgment = Segment { seq: m.v.rcv_nxt, ack, wnd: m.segment.wnd, ..Segment::default() };
    let mut next = s.before.clone();
    let mut outcome = next.apply(&Event::Segment(acknowledgment), None);
    if m.segment.flags.fin {
        next.incarnation = Incarnation::Full;
    }
    // Then the rest is answered, unless the acknowledgment has ended a phase of the kernel's connection.
    if s.kernel.sent.len() > outcome.sent.len() {
        outcome.sent.push(next.wire(&next.variables()?.ack()));
    }
    s.kernel.is_same_as(&outcome).then(|| Resumption::from(next))
}

pub fn right_edge(s: &Situation<'_>) -> Option<Resumption> {
    let m = s.meeting()?;
    let reaches = match m.kind {
        Kind::Full => m.segment.payload.is_empty() || s.before.has_read_all(),
        Kind::Request | Kind::Remnant => m.segment.is_empty(),
        Kind::TimeWait => false,
    };
    let is_met = m.segment.seq == m.v.edge && m.v.edge != m.v.rcv_nxt && reaches && !m.is_syn();
    let we_refused = if m.segment.flags.rst { m.we_kept_silent() } else { m.we_acknowledged() };
    // Both hold nothing of it that could ever matter, so only the answer and a new acknowledgment make a difference.
    let matters = !s.ours.is_same_as(s.kernel) || m.is_ack_news();
    let last_inside = Segment { seq: m.v.edge - 1, ..m.segment.clone() };
    (is_met && we_refused && matters).then(|| Resumption::instead(s, last_inside))
}

pub fn unannounced(s: &Situation<'_>) -> Option<Resumption> {
    let m = s.meeting()?;
    // A FIN may have taken a number of it since.
    if m.v.edge.offset_from(m.v.rcv_nxt) < LARGEST_WINDOW - 1 {
        return None;
    }
    // Where little is left of the connection, the kernel announces the lower 16 bits of the true window.
    let is_cut_off = s.window.is_some_and(|window| u32::from(window) < LARGEST_WINDOW);
    if is_cut_off && matches!(m.kind, Kind::TimeWait | Kind::Remnant) {
        return Some(Resumption::WithoutWindow);
    }
    let offset = m.segment.seq.offset_from(m.v.rcv_nxt);
    let is_in_true_window = (LARGEST_WINDOW..RECEIVE_BUFFER).contains(&offset);
    let reaches = matches!(m.kind, Kind::Full | Kind::Remnant) && !m.segment.flags.syn;
    let we_refused = if m.segment.flags.rst { m.we_kept_silent() } else { m.we_acknowledged() };
    let matters = !s.ours.is_same_as(s.kernel);
    // As little as possible of it, so that it does not end beyond the window.
    let payload = m.segment.payload.slice(..m.segment.payload.len().min(1));
    let last_inside = Segment { seq: m.v.edge - 1, payload, ..m.segment.clone() };
    (is_in_true_window && reaches && we_refused && matters).then(|| Resumption::instead(s, last_inside))
}

pub fn long_reset(s: &Situation<'_>) -> Option<Resumption> {
    let m = s.meeting().filter(|m| m.segment.flags.rst && !m.segment.is_empty())?;
    let reaches_in = m.begins_before_next() && !m.segment.end().is_before(m.v.rcv_nxt);
    let (we_did, kernel_did) = match m.kind {
        Kind::Full | Kind::Request if reaches_in => (m.we_kept_silent(), m.kernel_acknowledged()),
        Kind::Remnant if reaches_in => (m.we_kept_silent(), s.kernel_did(&[], State::Closed)),
        Kind::Full if m.segment.end().is_after(m.v.edge) && !s.before.has_read_all() => {
            (m.we_acknowledged(), m.kernel_kept_silent())
        }
        Kind::Full | Kind::Request | Kind::Remnant | Kind::TimeWait => return None,
    };
    let next = if s.kernel.state == State::Closed { s.before.given_up() } else { s.before.clone() };
    (we_did && kernel_did).then(|| Resumption::from(next))
}

pub fn beyond_window(s: &Situation<'_>) -> Option<Resumption> {
    let m = s.meeting()?;
    let goes_beyond = m.is_acceptable() && m.end_of_text().is_after(m.v.edge);
    let is_met = m.kind == Kind::Full && m.is_plain() && goes_beyond && !s.before.has_read_all();
    (is_met && m.kernel_acknowledged() && m.we_processed()).then(|| Resumption::from(s.before.clone()))
}
