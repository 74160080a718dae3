//! Reports of progress, which the RFC asks for without saying when: the files leave them out, of stories always and of
//! cases mostly. So they may be told where nothing is expected, but never without what they report.

use synfin::endpoint::Tcb;
use synfin::tcp::State;

/// The phrases of [`super::phrases`] that report progress.
pub const ESTABLISHED: &str = "connection established";
pub const DELIVERED: &str = "data delivered";
pub const SENT: &str = "SEND buffers: ok";

/// Whether a step that led from one control block to the other has brought what the phrase reports. There is none where
/// there is no connection.
pub fn is_due(phrase: &str, before: Option<&Tcb>, after: Option<&Tcb>) -> bool {
    match phrase {
        ESTABLISHED => !has_been_established(before) && has_been_established(after),
        DELIVERED => match after {
            Some(after) if after.state != State::Closed => octets_received(Some(after)) > octets_received(before),
            // What came with the last FIN, where there is no TIME-WAIT.
            _ => before.is_some_and(|it| matches!(it.state, State::FinWait1 | State::FinWait2)),
        },
        SENT => before.is_some_and(|before| {
            let mut texts = before.unacknowledged.iter().filter(|it| !it.text.is_empty());
            match after.and_then(|it| it.snd_una) {
                Some(una) => texts.any(|it| it.seq.is_before(una)),
                // It is over, and was acknowledged together with our FIN.
                None => before.state == State::LastAck && texts.next().is_some(),
            }
        }),
        _ => false,
    }
}

fn has_been_established(tcb: Option<&Tcb>) -> bool {
    tcb.is_some_and(|it| match it.state {
        State::Closed | State::Listen | State::SynSent | State::SynReceived => false,
        // CLOSE leads here from SYN-RECEIVED too: then our SYN is not acknowledged yet.
        State::FinWait1 => it.snd_una != it.iss,
        State::Established | State::FinWait2 | State::CloseWait | State::Closing | State::LastAck | State::TimeWait => {
            true
        }
    })
}

/// How many octets were there for the user: those between the SYN and RCV.NXT, but for a FIN, once it is established.
fn octets_received(tcb: Option<&Tcb>) -> u32 {
    let Some(tcb) = tcb.filter(|it| has_been_established(Some(it))) else { return 0 };
    let fin = matches!(tcb.state, State::CloseWait | State::Closing | State::LastAck | State::TimeWait);
    match (tcb.irs, tcb.rcv_nxt) {
        (Some(irs), Some(rcv_nxt)) => rcv_nxt.offset_from(irs) - 1 - u32::from(fin),
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use synfin::endpoint::Tcb;
    use synfin::scenario::{Scenario, story};
    use synfin::simulation::Simulation;
    use synfin::tcp::Side;
    use synfin::trace::{EventKind, Trace};

    use super::super::phrases;
    use super::{DELIVERED, ESTABLISHED, SENT, is_due};

    /// In these stories each report is due where it comes, and that of the connection or of octets nowhere else: a spurious
    /// one would be a difference. That a SEND is done is told once all of it is acknowledged, and due with each part.
    #[test]
    fn progress_is_due_where_it_is_told_and_nowhere_else() {
        for name in ["life", "lost-syn", "lost-last-ack", "simultaneous-close", "three-segment-close", "lost-data"] {
            let script = story(name).expect("the catalogue has it").script;
            let mut simulation = Scenario::parse(script).expect("it is a script").simulation();
            let (mut trace, mut reports) = (Trace::default(), 0);
            loop {
                let (before, seen) = (blocks(&simulation), trace.events().len());
                if !simulation.step(&mut trace) {
                    break;
                }
                for (side, (before, after)) in Side::BOTH.into_iter().zip(before.iter().zip(blocks(&simulation))) {
                    let told: Vec<&str> = trace.events()[seen..].iter().filter_map(|it| told(side, &it.kind)).collect();
                    for phrase in [ESTABLISHED, DELIVERED, SENT] {
                        let is_told = told.contains(&phrase);
                        let is_due = is_due(phrase, before.as_ref(), after.as_ref());
                        let is_right = is_told == is_due || (is_due && phrase == SENT);
                        assert!(is_right, "{name}, {}, at {}: {phrase}", side.name(), simulation.now());
                        reports += usize::from(is_told);
                    }
                }
            }
            assert!(reports >= 2, "{name}: both are told something");
        }
    }

    fn blocks(simulation: &Simulation) -> [Option<Tcb>; 2] {
        Side::BOTH.map(|side| simulation.host(side).connections().last().map(|it| it.endpoint.tcb()))
    }

    fn told(of: Side, kind: &EventKind) -> Option<&'static str> {
        match kind {
            EventKind::Told { side, event, .. } if *side == of => Some(phrases::told(event)),
            _ => None,
        }
    }
}
