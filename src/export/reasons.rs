//! A run as a list of what happened in each step, and why: the rules with their sentences and sections.

use crate::text::{self, Words};
use crate::trace::{EventKind, Trace};

/// Each step with its time and its sentence; below it each reason: whose it was, what was decided, where the standard says so,
/// and why.
///
/// ```
/// use synfin::export::reasons::reasons;
/// use synfin::history::History;
/// use synfin::scenario::Scenario;
/// use synfin::text::Words;
///
/// let mut run = History::new(Scenario::parse("client isn 100\nlink delay 50ms\nat 0ms client open\n")?);
/// run.run_to_end();
/// let text = reasons(run.trace(), &Words::default());
/// assert!(text.contains("    server, no-connection (RFC 9293 §3.10.7.1): "), "{text}");
/// # Ok::<(), synfin::scenario::ScriptErrors>(())
/// ```
pub fn reasons(trace: &Trace, words: &Words) -> String {
    let mut out = String::new();
    for step in 1..=trace.steps() {
        let events = trace.step(step);
        let Some(first) = events.first() else { continue };
        out += &format!("{step}. {}: {}\n", first.at, text::step(trace, step, words));
        for event in events {
            if let EventKind::Decided { side, rule, .. } = &event.kind {
                let (side, title) = (text::side(*side, words), words.title(*rule));
                out += &format!("    {side}, {rule} ({}): {title}\n", rule.section());
                out += &format!("        {}\n", words.why(*rule));
            }
        }
    }
    out
}
