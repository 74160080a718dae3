//! How fast we are, beside something that has to be fast: `make bench`, natively and as WebAssembly in V8. Natively alone
//! it is `cargo bench --bench bench`.
//!
//! Times of one machine mean little on another, so what counts is the ratio to smoltcp, which lives through the same
//! connections in turns with us. That, and counting allocations, is why this is a program of its own and uses no
//! framework: those measure one thing after the other.

mod lives;
mod machine;
mod memory;
mod turns;

use std::hint::black_box;

use lives::Checksums;
use machine::print;
use synfin::history::History;
use synfin::scenario::Scenario;
use synfin::trace::Event;
use turns::{Spread, by_turns, time};

/// How long a run is replayed, and how often.
const STEPS: usize = 10_000;
const REPLAYS: usize = 21;

fn main() {
    let story = lives::story();
    assert_eq!(lives::segments(&lives::ours(&story)), lives::SEGMENTS, "both do the same");
    for checksums in [Checksums::On, Checksums::Off] {
        assert_eq!(lives::smoltcp(checksums), lives::SEGMENTS, "both do the same");
    }
    print("in brackets: between what the middle half of the rounds lies");
    connections(&story);
    record(&story);
    replay();
}

fn connections(story: &Scenario) {
    let [ours, checked, unchecked, unrecorded, made] = by_turns([
        &|| _ = black_box(lives::ours(black_box(story))),
        &|| _ = black_box(lives::smoltcp(black_box(Checksums::On))),
        &|| _ = black_box(lives::smoltcp(black_box(Checksums::Off))),
        &|| _ = black_box(lives::unrecorded(black_box(story))),
        &|| _ = black_box(black_box(story).simulation()),
    ]);
    let octets = lives::OCTETS;
    print(&format!("connections: open, {octets} octets, close, TIME-WAIT; ours with everything recorded"));
    for (name, turns) in [("ours", &ours), ("smoltcp", &checked), ("smoltcp without checksums", &unchecked)] {
        line(name, &format!("{} a second", turns.per_second().show(0)));
    }
    for (name, theirs) in [("ours / smoltcp with", &checked), ("ours / smoltcp without", &unchecked)] {
        line(name, &format!("{} times as many", theirs.over(&ours).show(2)));
    }
    print("where the time of ours goes; the rest is recording");
    for (name, part) in [("making the simulation", &made), ("that and simulating", &unrecorded)] {
        line(name, &format!("{} of it", part.over(&ours).show(2)));
    }
}

fn record(story: &Scenario) {
    print("memory of the record");
    for (name, story) in [("such a connection", story), ("a long run", &long_story())] {
        let (trace, octets) = memory::counted(|| lives::ours(story));
        let events = trace.events().len();
        line(name, &format!("{:.0} octets for each of {events} events", octets as f64 / events as f64));
    }
    line("an event itself", &format!("{} octets", size_of::<Event>()));
}

fn replay() {
    print(&format!("{STEPS} steps of a long run"));
    let mut run = History::new(long_story());
    let first = time(|| assert_eq!(run.seek(STEPS), STEPS, "the run is long enough"));
    line("the first time", &format!("{first:.2} ms"));
    let again: Spread = (0..REPLAYS)
        .map(|_| {
            run.seek(0);
            time(|| _ = run.seek(STEPS))
        })
        .collect();
    line("again", &format!("{} ms", again.show(2)));
    let back: Spread = (0..REPLAYS)
        .map(|_| {
            run.seek(STEPS);
            time(|| _ = run.back())
        })
        .collect();
    line("one step back from there", &format!("{} ms", back.show(3)));
}

fn line(name: &str, says: &str) {
    print(&format!("  {name:26} {says}"));
}

/// A run of more than [`STEPS`] steps: much text in small segments.
fn long_story() -> Scenario {
    let script = "client isn 100, mss 20
         server isn 300, listen 80, mss 20
         at 0ms client open
         when client ESTABLISHED client send 65536
         when server receives 65536 server send 65536";
    Scenario::parse(script).expect("the story is right")
}
