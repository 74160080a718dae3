//! What happened, as plain text: a line for each finding.

use std::fmt::Write as _;

use crate::insight::findings::{Cost, Finding, Findings, Party};
use crate::trace::Trace;

use super::place;

/// What is found in a run that has come to its end: `TIME SIDE[#N] NAME [of SIDE] [by #N …] [cost …]`, with `#N` behind the side from
/// a host's second connection on. `by` has the segments that show it, `of` says whose doing it is (`docs/findings.md`).
///
/// ```
/// use synfin::export::findings::findings;
/// use synfin::history::History;
/// use synfin::scenario::Scenario;
///
/// let mut run = History::new(Scenario::parse("client isn 100\nserver isn 300, listen 80\nat 0ms client open\n")?);
/// run.run_to_end();
/// let line = "150 ms client opened-three-way by #1 #2 #3 cost 150 ms, 1.5 round trips\n";
/// assert_eq!(findings(run.trace()), line);
/// # Ok::<(), synfin::scenario::ScriptErrors>(())
/// ```
pub fn findings(trace: &Trace) -> String {
    let mut out = String::new();
    for it in Findings::of(trace) {
        put(&mut out, &it);
        out.push('\n');
    }
    out
}

fn put(out: &mut String, it: &Finding) {
    let certain = "a string takes everything";
    write!(out, "{} {} {}", it.at, place(it.side, it.connection), it.kind.name()).expect(certain);
    match it.of {
        Some(Party::Side(side)) => write!(out, " of {}", side.name()).expect(certain),
        Some(Party::Nobody) => out.push_str(" of nobody"),
        None => {}
    }
    let mut before = " by";
    for segment in &it.segments {
        write!(out, "{before} #{segment}").expect(certain);
        before = "";
    }
    let Cost { time, trips, octets, places } = it.cost;
    let counted = |count: u64, what: &str| format!("{count} {what}{}", if count == 1 { "" } else { "s" });
    let parts = [
        time.map(|time| time.to_string()),
        trips.map(|trips| match (trips / 2, trips % 2) {
            (whole, 0) => counted(whole.into(), "round trip"),
            (whole, _) => format!("{whole}.5 round trips"),
        }),
        octets.map(|octets| counted(octets, "octet")),
        places.map(|places| counted(places, "place")),
    ];
    let mut before = " cost ";
    for part in parts.into_iter().flatten() {
        write!(out, "{before}{part}").expect(certain);
        before = ", ";
    }
}
