//! What happened in a capture by the kernel's own account, in the names of findings (`docs/findings.md`).
//!
//! | finding | what the kernel says |
//! |---|---|
//! | `opened-…` | both ends were in ESTABLISHED (`kernel_states`); simultaneously where both were in SYN-SENT, else by the one that was |
//! | `repeated-…` | a `tcp_retransmit_skb` in `kernel_events`: lost if the wire dropped every copy before it; else the answer was, if what first acknowledged it was dropped; else it was late |
//! | `last-ack-lost`, `last-ack-repaired` | the same where `state` is LAST-ACK or CLOSING; and an acknowledgment of it was delivered then |
//! | `closed-…` | the first FIN of each end on the wire, and which segment first acknowledged the first of them |
//! | `half-close-used` | text on the wire that acknowledges the other end's FIN |
//! | `time-wait-began`, `time-wait-restarted` | the end was in TIME-WAIT; a FIN was delivered to it after that |
//! | `closed-by-reset` | a RST on the wire: none of these captures has one |
//!
//! Nothing else may be found, but for `silly-window-avoided`: windows are not compared here, because the kernel chooses its buffers
//! otherwise, and it does not say why it waits. Of both accounts these are compared: what, at which side, and how often.

use synfin::insight::findings::{Findings, Kind};
use synfin::tcp::{Side, State};
use synfin::trace::Trace;

use super::{Fate, KernelState, Truth, Wire};

/// What is found in our run.
pub fn found(trace: &Trace) -> Vec<String> {
    let found = Findings::of(trace);
    listed(found.iter().map(|it| (it.side, it.kind)).filter(|(_, kind)| *kind != Kind::SillyWindowAvoided))
}

/// What the kernel says.
pub fn said(truth: &Truth) -> Vec<String> {
    let mut found = Vec::new();
    found.extend(opening(truth));
    for event in truth.kernel_events.iter().filter(|it| it.event == "tcp_retransmit_skb") {
        let side = truth.side_of_port(event.sport);
        let is_last = matches!(event.state.as_str(), "TCP_LAST_ACK" | "TCP_CLOSING");
        found.extend(repetition(truth, side, event.t, is_last));
    }
    found.extend(closing(truth));
    for side in Side::BOTH {
        let Some(since) = truth.entered(side, State::TimeWait) else { continue };
        found.push((side, Kind::TimeWaitBegan));
        let again = truth.wire_log.iter().filter(|it| it.dir.sender() != side && it.has('F') && it.t > since);
        found.extend(again.filter(|it| it.is_delivered()).map(|_| (side, Kind::TimeWaitRestarted)));
    }
    assert!(
        !truth.wire_log.iter().any(|it| it.has('R')),
        "a reset is an end of its own, of which nothing is said here"
    );
    listed(found)
}

fn listed(found: impl IntoIterator<Item = (Side, Kind)>) -> Vec<String> {
    let mut lines: Vec<String> =
        found.into_iter().map(|(side, kind)| format!("{} {}", side.name(), kind.name())).collect();
    lines.sort_unstable();
    lines
}

fn opening(truth: &Truth) -> Option<(Side, Kind)> {
    Side::BOTH.into_iter().all(|side| truth.entered(side, State::Established).is_some()).then_some(())?;
    let opened = Side::BOTH.map(|side| truth.entered(side, State::SynSent));
    Some(match opened {
        [Some(client), Some(server)] => {
            (if client <= server { Side::Client } else { Side::Server }, Kind::OpenedSimultaneously)
        }
        [Some(_), None] => (Side::Client, Kind::OpenedThreeWay),
        [None, Some(_)] => (Side::Server, Kind::OpenedThreeWay),
        [None, None] => return None,
    })
}

/// Why a side repeats what the wire carries then.
fn repetition(truth: &Truth, side: Side, at: f64, is_last: bool) -> Vec<(Side, Kind)> {
    let again =
        truth.wire_log.iter().position(|it| it.dir.sender() == side && it.t >= at).expect("what is sent is seen");
    let (before, since) = truth.wire_log.split_at(again);
    let again = &since[0];
    let is_copy =
        |it: &&Wire| it.dir.sender() == side && (it.seq, it.len, &it.flags) == (again.seq, again.len, &again.flags);
    if !before.iter().filter(is_copy).any(Wire::is_delivered) {
        return vec![(side, Kind::RepeatedLost)];
    }
    let is_answer = |it: &&Wire| it.dir.sender() != side && it.acknowledges(again);
    if before.iter().find(is_answer).is_none_or(Wire::is_delivered) {
        return vec![(side, Kind::RepeatedLate)];
    }
    let mut found = vec![(side, Kind::RepeatedAckLost)];
    if is_last {
        found.push((side, Kind::LastAckLost));
        found
            .extend(since.iter().filter(is_answer).find(|it| it.is_delivered()).map(|_| (side, Kind::LastAckRepaired)));
    }
    found
}

fn closing(truth: &Truth) -> Vec<(Side, Kind)> {
    let fins = Side::BOTH.map(|side| truth.wire_log.iter().find(|it| it.dir.sender() == side && it.has('F')));
    let [Some(client), Some(server)] = fins else { return Vec::new() };
    let [first, second] = if client.t <= server.t { [client, server] } else { [server, client] };
    let side = first.dir.sender();
    let answer = truth.wire_log.iter().find(|it| it.dir.sender() != side && it.acknowledges(first));
    let kind = match answer {
        _ if !second.acknowledges(first) && !first.acknowledges(second) => Kind::ClosedSimultaneously,
        Some(answer) if answer.has('F') => Kind::ClosedInThree,
        _ => Kind::ClosedInFour,
    };
    let mut found = vec![(side, kind)];
    let goes_on = |it: &Wire| it.dir.sender() != side && it.len > 0 && it.acknowledges(first) && it.is_delivered();
    found.extend(truth.wire_log.iter().any(goes_on).then_some((side.other(), Kind::HalfCloseUsed)));
    found
}

impl Wire {
    fn has(&self, flag: char) -> bool {
        self.flags.contains(flag)
    }

    fn is_delivered(&self) -> bool {
        self.action == Fate::Deliver
    }

    /// Whether it acknowledges all of a segment of the other side.
    fn acknowledges(&self, other: &Wire) -> bool {
        let end = other.seq.wrapping_add(other.len + u32::from(other.has('S')) + u32::from(other.has('F')));
        self.ack.is_some_and(|ack| ack.wrapping_sub(end) < 1 << 31)
    }
}

impl Truth {
    /// When an end entered a state.
    fn entered(&self, side: Side, state: State) -> Option<f64> {
        let states = &self.connections[0].kernel_states;
        let of_side: &[KernelState] = match side {
            Side::Client => &states.client,
            Side::Server => &states.server,
        };
        of_side.iter().find(|it| it.state == state.name()).map(|it| it.t)
    }

    fn side_of_port(&self, port: u16) -> Side {
        if port == self.connections[0].client_port { Side::Client } else { Side::Server }
    }
}
