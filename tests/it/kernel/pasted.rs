//! The script of a trial, run as a page would run it: two whole hosts and a link instead of one endpoint.

use synfin::history::History;
use synfin::scenario::Scenario;
use synfin::tcp::State;
use synfin::time::Instant;
use synfin::trace::EventKind;

use super::corpus::Trial;
use super::ours::{IRS, Outcome};
use super::script::{STEP, side_of};
use super::wire::{Origins, Wire};

/// Where the host of a script did something else than the kernel.
pub struct Difference {
    /// Which step, counted from 1.
    pub step: usize,
    /// The state before it.
    pub state: State,
    pub kernel: Outcome,
    pub script: Outcome,
}

/// The first difference in `script`, which is that of `trial`; the windows aside.
pub fn first_difference(trial: &Trial, script: Scenario) -> Option<Difference> {
    let side = side_of(trial.mode);
    let mut iss = script.host(side).isns[0];
    let mut run = History::new(script);
    let (mut state, mut seen) = (State::Closed, 0);
    for (step, number) in trial.steps.iter().zip(1..) {
        let end = Instant::ZERO + STEP.times(number);
        while run.next_at().is_some_and(|at| at < end) && run.step() {}
        let connections = run.simulation().host(side).connections();
        let tcb = connections.last().map(|connection| connection.endpoint.tcb());
        iss = tcb.as_ref().and_then(|tcb| tcb.iss).unwrap_or(iss);
        let before = std::mem::replace(&mut state, tcb.map_or(State::Closed, |tcb| tcb.state));
        let sent = run.trace().events()[seen..].iter().filter_map(|event| match &event.kind {
            EventKind::Sent { side: from, datagram, .. } if *from == side => {
                Some(Wire::of(&datagram.segment, Origins { seq: iss, ack: IRS }))
            }
            _ => None,
        });
        let kernel = Outcome::recorded(step);
        let script = Outcome { sent: sent.collect(), state, done: kernel.done };
        seen = run.trace().events().len();
        if !script.is_same_as(&kernel) {
            return Some(Difference { step: number as usize, state: before, kernel, script });
        }
    }
    None
}
