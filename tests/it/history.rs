//! Time travel: back, seek, injections in the past.

use synfin::history::{History, MOST_STEPS};
use synfin::network::{Action, SegmentId, Side};
use synfin::scenario::{CATALOGUE, Deed, Scenario};
use synfin::simulation::{Command, CommandError};
use synfin::time::{Duration, Instant};

fn history(script: &str) -> History {
    History::new(Scenario::parse(script).expect("the script is right"))
}

fn life() -> History {
    history(CATALOGUE[0].script)
}

/// The whole run of a script and its digest.
fn whole_run(script: &str) -> (History, u64) {
    let mut run = history(script);
    run.run_to_end();
    let digest = run.trace().digest();
    (run, digest)
}

#[test]
fn every_step_of_every_story_can_be_undone_and_done_again() {
    for story in CATALOGUE {
        let mut run = history(story.script);
        let start = run.simulation().clone();
        let mut states = vec![(start.clone(), run.trace().clone())];
        while run.step() {
            states.push((run.simulation().clone(), run.trace().clone()));
        }
        for (simulation, trace) in states.iter().rev().skip(1) {
            assert!(run.back());
            assert_eq!((run.simulation(), run.trace()), (simulation, trace), "{} at step {}", story.id, run.cursor());
        }
        assert!(!run.back(), "{}: before the start is nothing", story.id);
        for (simulation, trace) in states.iter().skip(1) {
            assert!(run.step());
            assert_eq!((run.simulation(), run.trace()), (simulation, trace), "{} at step {}", story.id, run.cursor());
        }
        assert!(!run.step() && run.is_at_end());
    }
}

#[test]
fn seek_goes_anywhere_also_across_checkpoints() {
    // Long enough for several checkpoints: a hundred SENDs, each answered by an acknowledgment.
    let mut script = String::from("client isn 100\nserver isn 300, listen 80\nat 0ms client open\n");
    for turn in 0..100 {
        script.push_str(&format!("at {}ms client send 10\n", 200 + turn * 150));
    }
    let (mut run, digest) = whole_run(&script);
    let steps = run.len();
    assert!(steps > 300, "{steps} steps");
    let end = run.simulation().clone();
    for step in [0, 1, 63, 64, 65, 200, 128, steps, 7, steps - 1, steps] {
        assert_eq!(run.seek(step), step);
        assert_eq!(run.trace().steps(), step);
        let mut straight = history(&script);
        straight.seek(step);
        assert_eq!(run.simulation(), straight.simulation());
        assert_eq!(run.trace(), straight.trace());
    }
    assert_eq!((run.simulation(), run.trace().digest()), (&end, digest));
    assert_eq!(run.seek(usize::MAX), steps, "beyond the end is the end");
}

#[test]
fn what_is_given_in_the_past_replaces_what_came_after() {
    let mut run = life();
    run.run_to_end();
    let (untouched, steps) = (run.trace().digest(), run.len());
    run.seek(4);
    let close = run.scenario().command(Side::Client, Deed::Close);
    run.apply(close).expect("a user may call at any time");
    assert_eq!((run.cursor(), run.len()), (5, 5));
    run.run_to_end();
    assert_ne!(run.trace().digest(), untouched);
    let changed = run.trace().digest();
    run.seek(0);
    run.run_to_end();
    assert_eq!(run.trace().digest(), changed, "a replay includes what was given");
    run.seek(4);
    assert!(run.len() >= 5 && steps > 5);
}

#[test]
fn a_segment_that_has_arrived_is_met_when_it_was_still_on_its_way() {
    let mut run = life();
    run.run_to_end();
    let retransmissions = |run: &History| {
        run.trace().events().iter().filter(|event| event.to_string().ends_with("(Retransmission)")).count()
    };
    assert_eq!(retransmissions(&run), 0);
    run.interfere(SegmentId(1), Action::Drop).expect("the SYN,ACK was on its way once");
    let (_, origin) = run.trace().origin_of(SegmentId(1)).expect("it is still in the trace");
    assert_eq!(run.cursor(), origin.step as usize + 1, "just after it left, and lost");
    run.run_to_end();
    assert!(retransmissions(&run) > 0);
    assert!(run.simulation().host(Side::Client).connections().is_empty(), "both sides end all the same");
}

#[test]
fn a_refused_command_changes_nothing() {
    let mut run = life();
    run.run_to_end();
    run.seek(3);
    let before = run.clone();
    let unchanged = |run: &History| {
        run.simulation() == before.simulation() && run.trace() == before.trace() && run.len() == before.len()
    };
    assert_eq!(run.interfere(SegmentId(99), Action::Drop), Err(CommandError::NoSuchSegment(99)));
    assert!(unchanged(&run));
    assert_eq!(run.interfere(SegmentId(0), Action::Release), Err(CommandError::NotHeld(0)));
    assert!(unchanged(&run));
    assert_eq!(run.apply(Command::Wait(Instant::ZERO)), Err(CommandError::CannotWait));
    assert!(unchanged(&run));
}

#[test]
fn a_held_segment_waits_until_it_is_released() {
    let mut run = life();
    run.seek(2);
    run.interfere(SegmentId(0), Action::Hold).expect("the SYN is on its way");
    run.run_until(Instant::from_ms(900));
    assert_eq!(run.simulation().now(), Instant::from_ms(900));
    assert_eq!(run.simulation().in_transit().len(), 1);
    run.interfere(SegmentId(0), Action::Release).expect("it is held");
    assert!(run.step());
    assert_eq!(run.simulation().now(), Instant::from_ms(950), "the link's delay after the release");
}

#[test]
fn run_until_stops_at_that_time_and_not_before() {
    let mut run = life();
    run.run_until(Instant::from_ms(120));
    assert_eq!(run.simulation().now(), Instant::from_ms(120));
    assert!(run.simulation().next_event_at() > Some(Instant::from_ms(120)));
    let cursor = run.cursor();
    run.run_until(Instant::from_ms(60));
    assert_eq!(run.cursor(), cursor, "time does not go back");
}

#[test]
fn a_run_that_never_ends_is_cut_off() {
    // A closed window with nobody who reads: probes and their answers go on for ever (RFC 9293 MUST-37).
    let mut run = history(
        "client isn 100, rto 1ms, min-rto 1ms\nserver isn 300, listen 80, buffer 10, reading on-call\nlink delay 1ms\n\
         at 0ms client open\nat 10ms client send 50\n",
    );
    run.seek(500);
    assert_eq!(run.cursor(), 500);
    assert!(!run.is_at_end());
    const { assert!(MOST_STEPS < 1_000_000) };
}

#[test]
fn delays_and_duplicates_leave_both_ends_with_the_same_octets() {
    for action in [Action::Delay(Duration::from_ms(700)), Action::Duplicate(Duration::from_ms(120)), Action::Drop] {
        for segment in 0..12 {
            let mut run = life();
            while run.trace().origin_of(SegmentId(segment)).is_none() {
                assert!(run.step(), "the story has twelve segments");
            }
            run.interfere(SegmentId(segment), action).expect("it has just left");
            run.run_to_end();
            let received = |side: Side| -> usize {
                let prefix = format!("{}/0 tells its user: ", side.name());
                let lines = run.trace().events().iter().map(|event| event.kind.to_string());
                lines
                    .filter_map(|line| line.strip_prefix(&prefix)?.strip_suffix(" octets")?.parse::<usize>().ok())
                    .sum()
            };
            let what = format!("{action:?} of segment {segment}");
            assert_eq!((received(Side::Server), received(Side::Client)), (45, 82), "{what}");
            for side in Side::BOTH {
                assert!(run.simulation().host(side).connections().is_empty(), "{what}: the {} ends", side.name());
            }
        }
    }
}
