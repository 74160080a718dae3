//! Who knows what, as plain text: a line for each change at the end of a step.

use std::fmt::Write as _;

use crate::insight::knowledge::{Change, Knowledge};
use crate::trace::Trace;

use super::place;

/// What each side came to know, and when: `TIME SIDE[#N] FACT LEVEL by WHAT`, with `#N` from a host's second connection on. What was
/// unknown from the start is not said.
///
/// ```
/// use synfin::export::knows::knows;
/// use synfin::history::History;
/// use synfin::scenario::Scenario;
///
/// let mut run = History::new(Scenario::parse("client isn 100\nserver isn 300, listen 80\nat 0ms client open\n")?);
/// run.run_to_end();
/// let text = knows(run.trace());
/// assert!(text.contains("100 ms client peer-has-number sure by #2\n"), "{text}");
/// # Ok::<(), synfin::scenario::ScriptErrors>(())
/// ```
pub fn knows(trace: &Trace) -> String {
    let mut out = String::new();
    let mut knowledge = Knowledge::default();
    while knowledge.take_step(trace) {
        let at = trace.step(knowledge.steps()).first().map(|event| event.at).unwrap_or_default();
        for Change { side, connection, fact, entry } in knowledge.changes() {
            write!(out, "{at} {} {} {}", place(*side, Some(*connection)), fact.name(), entry.level().name())
                .expect("a string takes everything");
            entry.by.iter().for_each(|by| write!(out, " by {by}").expect("a string takes everything"));
            out.push('\n');
        }
    }
    out
}
