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
use synfin::insight::findings::Findings;
use synfin::insight::knowledge::Knowledge;
use synfin::scenario::Scenario;
use synfin::tcp::SegmentId;
use synfin::text::{self, Words};
use synfin::trace::{Event, Trace};
use turns::{Spread, by_long_turns, by_turns, time};

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
    insight();
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

/// What it costs to read who knows what and what happened, beside what it costs to let it happen. Each is done from the start, step
/// by step, as the page does while a run goes on.
fn insight() {
    print("who knows what, and what happened: microseconds a step, and beside the simulation with its record");
    let runs = [
        ("long, 1,000 segments", long_story(), 1_000),
        ("long, 10,000 segments", long_story(), 10_000),
        ("200 connections", crowd(), 10_000),
        ("flood of 1,000 SYNs", flood(), 10_000),
    ];
    for (name, story, segments) in runs {
        let trace = run_of(&story, segments);
        let steps = trace.steps();
        let [simulated, known, found] = by_long_turns([
            &|| _ = black_box(run_of(black_box(&story), segments)),
            &|| {
                let mut knowledge = Knowledge::default();
                while knowledge.take_step(black_box(&trace)) {}
                black_box(knowledge.steps());
            },
            &|| _ = black_box(Findings::of(black_box(&trace))),
        ]);
        line(name, &format!("{steps} steps, simulated in {} each", simulated.each(steps).show(2)));
        for (name, turns) in [("  who knows what", known), ("  findings", found)] {
            let (each, ratio) = (turns.each(steps).show(2), turns.over(&simulated).show(2));
            line(name, &format!("{each}: {ratio} times as long"));
        }
    }
    print("a sentence for each of the first 1,000 steps of the flood, microseconds each");
    let trace = run_of(&flood(), 10_000);
    let words = Words::default();
    let [told] = by_long_turns([&|| {
        for step in 1..=1_000 {
            black_box(text::step(&trace, step, &words));
        }
    }]);
    line("a sentence", &told.each(1_000).show(2));
}

/// A run until so many segments have left, or until it is over.
fn run_of(story: &Scenario, segments: u32) -> Trace {
    let (mut simulation, mut trace) = (story.simulation(), Trace::default());
    let last = SegmentId::new(segments.try_into().expect("some segments are wanted"));
    while trace.departure(last).is_none() && simulation.step(&mut trace) {}
    trace
}

/// Many connections at once, of which each sends a little now and then.
fn crowd() -> Scenario {
    let mut script = "client isn 100\nserver isn 300, listen 80, backlog 1000\n".to_owned();
    for number in 0..200 {
        script += &format!("at {number}ms client open from {}\n", 50_000 + number);
    }
    for round in 0..5 {
        for number in 1..=200 {
            let at = 1_000 + round * 200 + number;
            script += &format!("at {at}ms client send 10 on connection {number}\n");
        }
    }
    Scenario::parse(&script).expect("the story is right")
}

/// Forged SYNs that nobody stands behind: the client never sends.
fn flood() -> Scenario {
    let script = "server isn 300, listen 80, backlog 1000
         at 0ms forge to server syn seq 100 from 198.51.100.7:4000 times 1000 every 1ms";
    Scenario::parse(script).expect("the story is right")
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
