//! Time travel: back, seek, injections in the past, and the branches that they make.

use proptest::prelude::*;
use synfin::history::{
    BranchId, BranchRecord, Fork, ForkRecord, Given, History, HistoryError, HistoryRecord, MOST_BRANCHES,
    MOST_NAME_CHARACTERS, MOST_STEPS, MOST_STEPS_IN_ALL, RestoreError,
};
use synfin::scenario::{CATALOGUE, Scenario};
use synfin::simulation::{Deed, DeedError, Simulation, UserCall};
use synfin::tcp::{Action, SegmentId, Side};
use synfin::time::{Duration, Instant};
use synfin::trace::Trace;

use super::properties;
use crate::segment;

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

/// Long enough for several checkpoints: a hundred SENDs, each answered by an acknowledgment.
fn long_script() -> String {
    let mut script = String::from("client isn 100\nserver isn 300, listen 80\nat 0ms client open\n");
    for turn in 0..100 {
        script.push_str(&format!("at {}ms client send 10\n", 200 + turn * 150));
    }
    script
}

#[test]
fn seek_goes_anywhere_also_across_checkpoints() {
    let script = long_script();
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

/// Replays a branch's run from the start of the story, without a history.
fn replayed(run: &History, branch: BranchId, steps: usize) -> (Simulation, Trace) {
    let commands = run.deeds_of(branch).expect("the branch is there");
    let mut commands = commands.into_iter().peekable();
    let (mut simulation, mut trace) = (run.scenario().simulation(), Trace::default());
    for step in 1..=steps {
        match commands.next_if(|given| given.step == step) {
            Some(given) => simulation.apply(given.deed, &mut trace).expect("it was possible there"),
            None => assert!(simulation.step(&mut trace), "step {step} of {steps}"),
        }
    }
    (simulation, trace)
}

/// A branch as one reads it in a list: number, name, parent and fork, length, whether it is the current one.
type Listed<'a> = (u32, &'a str, Option<(u32, usize)>, usize, bool);

fn listed(run: &History) -> Vec<Listed<'_>> {
    let branches = run.branches().iter();
    let listed = branches.map(|it| {
        let fork = it.fork().map(|fork| (fork.parent.0, fork.after));
        (it.id().0, it.name(), fork, it.len(), it.id() == run.current())
    });
    listed.collect()
}

fn drop_segment(number: u32) -> Deed {
    Deed::Interfere(segment(number), Action::Drop)
}

fn close(side: Side) -> Deed {
    Deed::user(side, UserCall::Close)
}

#[test]
fn what_is_given_in_the_past_makes_a_branch_and_keeps_the_old_one() {
    let mut run = life();
    run.run_to_end();
    let (untouched, steps) = (run.trace().digest(), run.len());
    run.seek(4);
    run.apply(close(Side::Client)).expect("a user may call at any time");
    assert_eq!((run.cursor(), run.len()), (5, 5));
    assert_eq!(listed(&run), [(0, "main", None, steps, false), (1, "branch-1", Some((0, 4)), 5, true)]);
    run.run_to_end();
    let (changed, changed_steps) = (run.trace().digest(), run.len());
    assert_ne!(changed, untouched);
    run.seek(0);
    run.run_to_end();
    assert_eq!(run.trace().digest(), changed, "a replay includes what was given");

    assert_eq!(run.switch(BranchId(0)), Ok(4), "four steps are the same");
    assert_eq!((run.cursor(), run.trace().digest()), (steps, untouched), "the end of the other branch");
    run.seek(3);
    assert_eq!(run.switch(BranchId(1)), Ok(3));
    assert_eq!((run.cursor(), run.len()), (3, changed_steps), "what both share looks the same from both");
    run.run_to_end();
    assert_eq!(run.trace().digest(), changed);
}

#[test]
fn a_long_branch_can_be_rewound_after_a_switch() {
    let mut run = history(&long_script());
    run.run_to_end();
    run.interfere(segment(21), Action::Drop).expect("it was on its way once");
    run.run_to_end();
    for branch in [0, 1, 0] {
        run.seek(run.len());
        assert!(run.switch(BranchId(branch)).expect("it is there") < 64, "checkpoints follow what is shared");
        for back in [1, 100, 200] {
            let step = run.len() - back;
            run.seek(step);
            let (simulation, trace) = replayed(&run, BranchId(branch), step);
            assert_eq!((run.simulation(), run.trace()), (&simulation, &trace), "branch {branch}, step {step}");
        }
    }
}

#[test]
fn a_branch_of_what_a_branch_shares_belongs_to_the_one_that_owns_it() {
    let mut run = life();
    run.run_to_end();
    let steps = run.len();
    run.seek(6);
    run.apply(close(Side::Client)).expect("a call");
    run.run_to_end();
    let first = run.len();
    run.seek(9);
    run.apply(close(Side::Server)).expect("a call");
    // Before and at the fork of the branch that the cursor is on: that is still the first branch's.
    for (number, cursor) in [(3, 6), (4, 2)] {
        run.switch(BranchId(1)).expect("it is there");
        run.seek(cursor);
        run.apply(close(Side::Server)).expect("a call");
        assert_eq!(run.current(), BranchId(number));
    }
    assert_eq!(
        listed(&run),
        [
            (0, "main", None, steps, false),
            (1, "branch-1", Some((0, 6)), first, false),
            (2, "branch-2", Some((1, 9)), 10, false),
            (3, "branch-3", Some((0, 6)), 7, false),
            (4, "branch-4", Some((0, 2)), 3, true),
        ]
    );
}

#[test]
fn the_same_command_at_the_same_place_is_repeated_and_makes_no_branch() {
    let mut run = life();
    run.seek(2);
    run.interfere(segment(1), Action::Drop).expect("the SYN is on its way");
    run.run_to_end();
    let (digest, steps) = (run.trace().digest(), run.len());
    run.seek(2);
    run.apply(drop_segment(1)).expect("the SYN is on its way");
    assert_eq!((run.cursor(), run.len(), run.branches().len()), (3, steps, 1));
    run.run_to_end();
    run.interfere(segment(1), Action::Drop).expect("it was on its way once");
    assert_eq!((run.cursor(), run.len(), run.branches().len()), (3, steps, 1), "the run goes back there");
    run.run_to_end();
    assert_eq!(run.trace().digest(), digest);
}

#[test]
fn waiting_makes_no_branch_and_is_no_future_worth_keeping() {
    let mut run = life();
    run.run_to_end();
    let steps = run.len();
    let end = run.simulation().now();
    run.seek(5);
    run.run_until(Instant::from_ms(120));
    assert_eq!((run.branches().len(), run.len()), (1, steps), "in the past the run is only repeated");
    assert!(run.simulation().next_event_at() > Some(Instant::from_ms(120)));
    run.run_to_end();
    run.run_until(end + Duration::from_secs(1));
    run.run_until(end + Duration::from_secs(2));
    assert_eq!((run.len(), run.simulation().now()), (steps + 2, end + Duration::from_secs(2)));
    run.seek(steps);
    run.apply(close(Side::Client)).expect("a call");
    assert_eq!((run.branches().len(), run.len()), (1, steps + 1), "nothing but waiting is forgotten");

    // Where a branch begins after such a wait, the wait stays.
    run.run_until(end + Duration::from_secs(3));
    run.run_until(end + Duration::from_secs(4));
    run.apply(close(Side::Client)).expect("a call");
    run.seek(steps + 2);
    run.apply(close(Side::Server)).expect("a call");
    assert_eq!(run.branches().len(), 2);
    run.delete(BranchId(0)).expect("there is another");
    run.seek(steps + 1);
    run.apply(close(Side::Server)).expect("a call");
    assert_eq!(run.branches().len(), 2);
    assert_eq!(run.deeds_of(BranchId(1)).expect("it is there").len(), 3);

    // Where another branch needs a wait, it stays, too, although its owner would not miss it.
    let mut run = history("title Nothing happens");
    run.run_until(Instant::from_ms(1));
    run.apply(close(Side::Client)).expect("a call");
    for branch in [1, 2] {
        run.switch(BranchId(0)).expect("it is there");
        run.seek(1);
        run.apply(Deed::Wait(Instant::from_ms(branch + 1))).expect("nothing happens before");
    }
    run.delete(BranchId(0)).expect("there are others");
    run.switch(BranchId(1)).expect("it is there");
    run.seek(0);
    run.apply(close(Side::Client)).expect("a call");
    assert_eq!(run.branches().len(), 3);
    assert_eq!(run.deeds_of(BranchId(2)).expect("it is there").len(), 2);
}

#[test]
fn a_command_at_a_time_waits_until_then() {
    let mut run = life();
    run.run_to_end();
    run.seek(4);
    assert_eq!(run.simulation().now(), Instant::from_ms(100));
    run.apply_at(Instant::from_ms(120), close(Side::Client)).expect("nothing happens in between");
    assert_eq!(run.simulation().now(), Instant::from_ms(120));
    assert_eq!((run.cursor(), run.len(), run.branches().len()), (6, 6, 2));
    run.seek(4);
    run.apply_at(Instant::from_ms(120), close(Side::Client)).expect("the same again");
    assert_eq!((run.cursor(), run.len(), run.branches().len()), (6, 6, 2));

    run.switch(BranchId(0)).expect("it is there");
    run.seek(4);
    let before = run.clone();
    let refused = [
        (run.apply_at(Instant::from_ms(120), drop_segment(100)), DeedError::NoSuchSegment(segment(100))),
        (run.apply_at(Instant::from_ms(99), close(Side::Client)), DeedError::CannotWait),
        (run.apply_at(Instant::from_ms(900), close(Side::Client)), DeedError::CannotWait),
    ];
    for (outcome, expected) in refused {
        assert_eq!(outcome, Err(expected.into()));
    }
    assert_eq!((run.simulation(), run.trace(), listed(&run)), (before.simulation(), before.trace(), listed(&before)));
}

#[test]
fn branches_have_names_of_their_own() {
    let mut run = life();
    run.seek(5);
    let main = run.current();
    run.rename(main, "三次握手").expect("any printable name will do");
    run.seek(2);
    run.apply(drop_segment(1)).expect("the SYN is on its way");
    let branch = run.current();
    assert_eq!(run.rename(branch, "三次握手"), Err(HistoryError::NameTaken("三次握手".into())));
    run.rename(branch, "branch-1").expect("its own name is free");
    run.rename(main, "branch-2").expect("nobody else has it");
    run.seek(1);
    run.apply(close(Side::Client)).expect("a call");
    assert_eq!(run.branches()[2].name(), "branch-3", "a generated name is free, too");
    let longest = "名".repeat(MOST_NAME_CHARACTERS);
    run.rename(branch, &longest).expect("just short enough");
    for bad in ["", " ", "a ", "\ta", "a\nb", "a\u{7f}", &format!("{longest}名")] {
        let outcome = run.rename(branch, bad);
        assert!(matches!(outcome, Err(HistoryError::BadName(_))), "{bad:?}: {outcome:?}");
    }
    assert_eq!(run.branches()[1].name(), longest);
    assert_eq!(run.rename(BranchId(9), "x"), Err(HistoryError::NoSuchBranch(9)));
    assert_eq!(run.switch(BranchId(9)), Err(HistoryError::NoSuchBranch(9)));
    assert_eq!(run.delete(BranchId(9)), Err(HistoryError::NoSuchBranch(9)));
    assert_eq!(run.deeds_of(BranchId(9)), Err(HistoryError::NoSuchBranch(9)));
}

#[test]
fn a_deleted_branch_leaves_to_others_what_they_share_with_it() {
    let mut run = life();
    run.run_to_end();
    run.seek(4);
    run.apply(close(Side::Client)).expect("a call");
    run.run_to_end();
    for cursor in [8, 7] {
        run.switch(BranchId(1)).expect("it is there");
        run.seek(cursor);
        run.apply(close(Side::Server)).expect("a call");
        run.run_to_end();
    }
    let runs: Vec<_> = (0..4).map(|id| run.deeds_of(BranchId(id)).expect("it is there")).collect();
    let digest = run.trace().digest();
    let forks = |run: &History| run.branches().iter().map(|it| (it.id(), it.fork())).collect::<Vec<_>>();
    let fork = |parent, after| Some(Fork { parent: BranchId(parent), after });
    assert_eq!(
        forks(&run),
        [(BranchId(0), None), (BranchId(1), fork(0, 4)), (BranchId(2), fork(1, 8)), (BranchId(3), fork(1, 7))]
    );

    run.delete(BranchId(1)).expect("there are others");
    assert_eq!(
        forks(&run),
        [(BranchId(0), None), (BranchId(2), fork(0, 4)), (BranchId(3), fork(2, 7))],
        "the one that shared most takes its place"
    );
    run.delete(BranchId(0)).expect("there are others");
    assert_eq!(forks(&run), [(BranchId(2), None), (BranchId(3), fork(2, 7))]);
    assert_eq!(run.trace().digest(), digest, "the current branch is as it was");
    for id in [2, 3] {
        assert_eq!(run.deeds_of(BranchId(id)), Ok(runs[id as usize].clone()));
    }
    assert_eq!(run.current(), BranchId(3));
    assert_eq!(run.delete(BranchId(3)), Ok(7), "the parent is next");
    assert_eq!((run.current(), run.cursor()), (BranchId(2), run.len()));
    assert_eq!(run.delete(BranchId(2)), Err(HistoryError::OnlyBranch));
    assert_eq!(run.branches().len(), 1);

    // The first branch is deleted while it is the current one: the child that shares most is next.
    let mut run = life();
    run.run_to_end();
    for cursor in [5, 3] {
        run.switch(BranchId(0)).expect("it is there");
        run.seek(cursor);
        run.apply(close(Side::Client)).expect("a call");
    }
    run.switch(BranchId(0)).expect("it is there");
    run.seek(4);
    assert_eq!(run.delete(BranchId(0)), Ok(4));
    assert_eq!((run.current(), run.cursor(), run.len()), (BranchId(1), 4, 6));
    assert_eq!(forks(&run), [(BranchId(1), None), (BranchId(2), fork(1, 3))]);
}

#[test]
fn there_are_only_so_many_branches() {
    let mut run = life();
    run.run_to_end();
    while run.branches().len() < MOST_BRANCHES {
        run.seek(4);
        run.apply(close(Side::Client)).expect("there is room for a branch");
        run.switch(BranchId(0)).expect("it is there");
    }
    run.seek(4);
    let before = run.clone();
    assert_eq!(run.apply(close(Side::Server)), Err(HistoryError::TooManyBranches));
    run.run_to_end();
    assert_eq!(run.interfere(segment(2), Action::Drop), Err(HistoryError::TooManyBranches));
    assert_eq!((run.cursor(), listed(&run)), (run.len(), listed(&before)));
    run.apply(close(Side::Server)).expect("at the end no branch is needed");
    run.delete(BranchId(7)).expect("there are others");
    run.interfere(segment(2), Action::Drop).expect("there is room again");
    assert_eq!(run.branches().last().map(|it| (it.id(), it.name())), Some((BranchId(32), "branch-7")));
}

#[test]
fn a_segment_that_has_arrived_is_met_when_it_was_still_on_its_way() {
    let mut run = life();
    run.run_to_end();
    let retransmissions = |run: &History| {
        run.trace().events().iter().filter(|event| event.to_string().ends_with("(Retransmission)")).count()
    };
    assert_eq!(retransmissions(&run), 0);
    run.interfere(segment(2), Action::Drop).expect("the SYN,ACK was on its way once");
    let (_, origin) = run.trace().origin_of(segment(2)).expect("it is still in the trace");
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
    assert_eq!(run.interfere(segment(100), Action::Drop), Err(DeedError::NoSuchSegment(segment(100)).into()));
    assert!(unchanged(&run));
    assert_eq!(run.interfere(segment(1), Action::Release), Err(DeedError::NotHeld(segment(1)).into()));
    assert!(unchanged(&run));
    assert_eq!(run.apply(Deed::Wait(Instant::ZERO)), Err(DeedError::CannotWait.into()));
    assert!(unchanged(&run));
    assert_eq!(run.branches().len(), 1);
}

#[test]
fn a_held_segment_waits_until_it_is_released() {
    let mut run = life();
    run.seek(2);
    run.interfere(segment(1), Action::Hold).expect("the SYN is on its way");
    run.run_until(Instant::from_ms(900));
    assert_eq!(run.simulation().now(), Instant::from_ms(900));
    assert_eq!(run.simulation().in_transit().len(), 1);
    run.interfere(segment(1), Action::Release).expect("it is held");
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
    let mut run = endless();
    run.run_to_end();
    assert_eq!((run.cursor(), run.len()), (MOST_STEPS, MOST_STEPS));
    assert!(run.is_at_end() && run.simulation().next_event_at().is_some());
    assert_eq!((run.step(), run.next_at()), (false, None));
    assert_eq!(run.apply(close(Side::Client)), Err(HistoryError::TooManySteps));
    let now = run.simulation().now();
    run.run_until(now + Duration::from_us(1));
    assert_eq!((run.simulation().now(), run.len()), (now, MOST_STEPS), "there is no room for waiting either");

    run.seek(MOST_STEPS - 1);
    let call_at = run.simulation().now() + Duration::from_us(1);
    assert_eq!(run.apply_at(call_at, close(Side::Client)), Err(HistoryError::TooManySteps), "no room for two");
    run.apply(close(Side::Client)).expect("there is room for one");
    run.delete(run.current()).expect("there is another");

    // All branches together have a limit, too: these share a hundred steps, and the last finds room for 400.
    let status = Deed::user(Side::Client, UserCall::Status);
    for own in [MOST_STEPS - 100, MOST_STEPS - 100, MOST_STEPS - 100, MOST_STEPS - 100, 400] {
        run.seek(100);
        run.switch(BranchId(0)).expect("it is there");
        run.apply(status.clone()).expect("there is room for a step");
        run.run_to_end();
        assert_eq!(run.len(), 100 + own);
        assert!(run.is_at_end() && run.simulation().next_event_at().is_some());
    }
    assert_eq!(run.apply(status.clone()), Err(HistoryError::TooManySteps));
    run.seek(100);
    assert_eq!(run.apply(close(Side::Client)), Err(HistoryError::TooManySteps));
    let mut record = run.record();
    record.branches.push(BranchRecord {
        name: "more".into(),
        fork: Some(ForkRecord { parent: 0, after: 50 }),
        given: Vec::new(),
        len: 51,
    });
    let refused = History::restore(run.scenario().clone(), record).map(|_| ());
    assert_eq!(refused, Err(RestoreError::TooManySteps(MOST_STEPS_IN_ALL + 1)));
}

/// A closed window with nobody who reads: probes and their answers go on for ever (RFC 9293 MUST-37).
fn endless() -> History {
    history(
        "client isn 100, rto 1ms, min-rto 1ms\nserver isn 300, listen 80, buffer 10, reading on-call\nlink delay 1ms\n\
         at 0ms client open\nat 10ms client send 50\n",
    )
}

#[test]
fn delays_and_duplicates_leave_both_ends_with_the_same_octets() {
    for action in [Action::Delay(Duration::from_ms(700)), Action::Duplicate(Duration::from_ms(120)), Action::Drop] {
        for segment in 0..12 {
            let mut run = life();
            while run.trace().origin_of(SegmentId::after(segment as usize)).is_none() {
                assert!(run.step(), "the story has twelve segments");
            }
            run.interfere(SegmentId::after(segment as usize), action).expect("it has just left");
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

/// Three branches of the default story, one of them of a branch.
fn branched() -> History {
    let mut run = life();
    run.run_to_end();
    run.seek(4);
    run.apply_at(Instant::from_ms(120), close(Side::Client)).expect("nothing happens in between");
    run.run_to_end();
    run.interfere(segment(6), Action::Hold).expect("it was on its way once");
    run.run_until(Instant::from_ms(5000));
    run.rename(run.current(), "held").expect("nobody has this name");
    run.seek(run.cursor() - 3);
    run
}

#[test]
fn a_record_gives_the_history_back() {
    let mut run = branched();
    let record = run.record();
    assert_eq!(record.branches.len(), 3);
    let mut restored = History::restore(run.scenario().clone(), record.clone()).expect("it is the record of a history");
    assert_eq!(restored.record(), record);
    assert_eq!((restored.simulation(), restored.trace()), (run.simulation(), run.trace()));
    assert_eq!(listed(&restored), listed(&run));

    // Numbers of deleted branches are gone; indices of a record are not numbers.
    run.delete(BranchId(0)).expect("there are others");
    let record = run.record();
    restored = History::restore(run.scenario().clone(), record.clone()).expect("it is the record of a history");
    assert_eq!(restored.record(), record);
    assert_eq!((restored.simulation(), restored.trace()), (run.simulation(), run.trace()));
    assert_eq!(restored.current(), BranchId(1));
    run.run_to_end();
    restored.run_to_end();
    assert_eq!(restored.trace(), run.trace());
    restored.seek(1);
    restored.apply(close(Side::Client)).expect("a call");
    assert_eq!(restored.current(), BranchId(2), "numbers go on after those of the record");
}

#[test]
fn what_is_no_record_of_a_history_is_refused() {
    type Spoil = fn(&mut HistoryRecord);
    let table: &[(Spoil, &str)] = &[
        (|it| it.branches.clear(), "found 0 branches, expected 1 to 32"),
        (
            |it| {
                let names = (0..33).map(|number| number.to_string());
                it.branches = names.map(|name| BranchRecord { name, ..BranchRecord::default() }).collect();
            },
            "found 33 branches, expected 1 to 32",
        ),
        (
            |it| it.branches[1].name = "a\u{0}".into(),
            "branch 1: found the name \"a\\0\", expected 1 to 40 printable characters without spaces around them",
        ),
        (
            |it| it.branches[1].name = "x".repeat(1000),
            "branch 1: found the name \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\", expected 1 to 40 printable characters \
             without spaces around them",
        ),
        (|it| it.branches[1].name = "main".into(), "branch 1: another branch is named \"main\""),
        (|it| it.branches[1].fork = None, "found 2 branches without a fork, expected 1"),
        (
            |it| it.branches[0].fork = Some(ForkRecord { parent: 2, after: 9 }),
            "branch 0 forks after step 9 of branch 2, which has no such step of its own",
        ),
        (
            |it| it.branches[0].fork = Some(ForkRecord { parent: 0, after: 0 }),
            "branch 0 forks after step 0 of branch 0, which has no such step of its own",
        ),
        (
            |it| it.branches[2].fork = Some(ForkRecord { parent: 7, after: 5 }),
            "branch 2 forks after step 5 of branch 7, which has no such step of its own",
        ),
        (
            |it| it.branches[2].fork = Some(ForkRecord { parent: 1, after: 4 }),
            "branch 2 forks after step 4 of branch 1, which has no such step of its own",
        ),
        (
            |it| it.branches[2].fork = Some(ForkRecord { parent: 1, after: usize::MAX }),
            "branch 2 forks after step 18446744073709551615 of branch 1, which has no such step of its own",
        ),
        (|it| it.branches[1].len = 4, "branch 1 has 4 steps, expected more than it shares and at most 200000"),
        (
            |it| it.branches[0].len = usize::MAX,
            "branch 0 has 18446744073709551615 steps, expected more than it shares and at most 200000",
        ),
        (
            |it| it.branches[1].given[0].step = 4,
            "branch 1: a deed is step 4, which is out of order or not one of its own steps",
        ),
        (
            |it| it.branches[1].given[1].step = 5,
            "branch 1: a deed is step 5, which is out of order or not one of its own steps",
        ),
        (
            |it| it.branches[0].given.push(Given { step: 1000, deed: drop_segment(1) }),
            "branch 0: a deed is step 1000, which is out of order or not one of its own steps",
        ),
        (|it| it.branches[0].len = 1000, "branch 0 ends before step 22"),
        (|it| it.branches[1].given[1].deed = drop_segment(10), "branch 1, step 6: segment 10 does not exist"),
        (
            |it| it.branches[1].given[0].deed = Deed::Wait(Instant::from_ms(1)),
            "branch 1, step 5: the time to wait for is past or too late, or something happens before",
        ),
        (|it| it.current = 3, "the cursor is after step 16 of branch 3, which has no such step"),
        (|it| it.cursor = 1000, "the cursor is after step 1000 of branch 2, which has no such step"),
    ];
    let run = branched();
    for (spoil, expected) in table {
        let mut record = run.record();
        spoil(&mut record);
        let error = History::restore(run.scenario().clone(), record).expect_err(expected);
        assert_eq!(error.to_string(), *expected);
    }
    let elsewhere = Scenario::parse("title Nothing happens").expect("a script");
    assert_eq!(History::restore(elsewhere, run.record()).map(|_| ()), Err(RestoreError::Ends { branch: 0, step: 1 }));
}

/// What a user may do to a history.
#[derive(Clone, Debug)]
pub(super) enum Deal {
    Steps(usize),
    Back,
    Seek(prop::sample::Index),
    RunUntil(prop::sample::Index),
    Wait(u64),
    Apply(Deed),
    ApplyAt(u64, Deed),
    Interfere(u32, Action),
    Switch(prop::sample::Index),
    Delete(prop::sample::Index),
    Restore,
}

pub(super) fn deal() -> impl Strategy<Value = Deal> {
    let action = prop_oneof![
        Just(Action::Drop),
        Just(Action::Hold),
        Just(Action::Release),
        Just(Action::Duplicate(Duration::from_ms(300))),
    ];
    prop_oneof![
        6 => prop_oneof![3 => 1usize..40, 1 => 40usize..300].prop_map(Deal::Steps),
        1 => Just(Deal::Back),
        4 => any::<prop::sample::Index>().prop_map(Deal::Seek),
        2 => any::<prop::sample::Index>().prop_map(Deal::RunUntil),
        1 => (0u64..400).prop_map(Deal::Wait),
        6 => properties::command().prop_map(Deal::Apply),
        2 => (0u64..40, properties::command()).prop_map(|(ms, command)| Deal::ApplyAt(ms, command)),
        6 => (0u32..12, action).prop_map(|(segment, action)| Deal::Interfere(segment, action)),
        4 => any::<prop::sample::Index>().prop_map(Deal::Switch),
        2 => any::<prop::sample::Index>().prop_map(Deal::Delete),
        1 => Just(Deal::Restore),
    ]
}

pub(super) fn carry_out(run: &mut History, deal: Deal) {
    let later = |run: &History, ms| run.simulation().now() + Duration::from_ms(ms);
    let any_branch = |run: &History, index: prop::sample::Index| run.branches()[index.index(run.branches().len())].id();
    match deal {
        Deal::Steps(steps) => (0..steps).for_each(|_| {
            run.step();
        }),
        Deal::Back => {
            run.back();
        }
        Deal::Seek(index) => {
            run.seek(index.index(run.len() + 1));
        }
        Deal::RunUntil(index) => {
            let end = run.simulation().now().as_us().max(1_000_000);
            run.run_until(Instant::from_us(index.index(usize::try_from(end).expect("a short run")) as u64));
        }
        // What is refused changes nothing, which is checked as for everything else.
        Deal::Wait(ms) => drop(run.apply(Deed::Wait(later(run, ms)))),
        Deal::Apply(command) => drop(run.apply(command)),
        Deal::ApplyAt(ms, command) => drop(run.apply_at(later(run, ms), command)),
        Deal::Interfere(segment, action) => drop(run.interfere(SegmentId::after(segment as usize), action)),
        Deal::Switch(index) => {
            run.switch(any_branch(run, index)).expect("it is there");
        }
        Deal::Delete(index) => drop(run.delete(any_branch(run, index))),
        Deal::Restore => {
            let record = run.record();
            *run = History::restore(run.scenario().clone(), record.clone()).expect("it is the record of a history");
            assert_eq!(run.record(), record);
        }
    }
}

/// A branch's run: its commands, how long it is, and whether it ends in nothing but waiting, from which step on.
fn runs(run: &History) -> Vec<(String, Vec<Given>, usize, usize)> {
    let of = |branch: &synfin::history::Branch| {
        let commands = run.deeds_of(branch.id()).expect("it is there");
        let waits = commands.iter().rev().zip((1..=branch.len()).rev());
        let idle = waits.take_while(|(given, step)| given.step == *step && matches!(given.deed, Deed::Wait(_)));
        let busy = branch.len() - idle.count();
        (branch.name().to_owned(), commands, branch.len(), busy)
    };
    run.branches().iter().map(of).collect()
}

proptest! {
    #![proptest_config(properties::cases(100))]

    /// Whatever is done in whatever order: what is at the cursor is what a replay from the start gives, and no step of any
    /// branch is lost but by deleting it.
    #[test]
    fn every_branch_is_what_a_replay_gives_whatever_is_done(
        story in any::<prop::sample::Index>(),
        deals in prop::collection::vec(deal(), 1..40),
    ) {
        // The last one is long enough for checkpoints.
        let stories: Vec<String> = CATALOGUE.iter().map(|it| it.script.to_owned()).chain([long_script()]).collect();
        let mut run = history(&stories[story.index(stories.len())]);
        let start = run.simulation().clone();
        for deal in deals {
            let (before, deletes) = (runs(&run), matches!(deal, Deal::Delete(_)));
            carry_out(&mut run, deal);
            let (simulation, trace) = replayed(&run, run.current(), run.cursor());
            prop_assert_eq!(run.simulation(), &simulation);
            prop_assert_eq!(run.trace(), &trace);
            let after = runs(&run);
            prop_assert!(before.len() <= after.len() + usize::from(deletes));
            let mut missing = 0;
            for (name, commands, len, busy) in &before {
                match after.iter().find(|it| it.0 == *name) {
                    None => missing += 1,
                    // A branch may have become longer, or have lost what was only waiting.
                    Some((_, now, now_len, _)) => {
                        let kept = (*len).min(*now_len);
                        prop_assert!(kept >= *busy);
                        let kept_of = |all: &[Given]| all.iter().filter(|it| it.step <= *busy).cloned().collect::<Vec<_>>();
                        prop_assert_eq!(kept_of(now), kept_of(commands));
                    }
                }
            }
            prop_assert!(missing <= usize::from(deletes));
        }
        let record = run.record();
        let mut restored = History::restore(run.scenario().clone(), record).expect("it is the record of a history");
        for branch in run.branches().iter().map(|it| it.id()).collect::<Vec<_>>() {
            run.switch(branch).expect("it is there");
            run.seek(run.len());
            let (simulation, trace) = replayed(&run, branch, run.len());
            prop_assert_eq!(run.trace().digest(), trace.digest());
            prop_assert_eq!(run.simulation(), &simulation);
            let place = run.branches().iter().position(|it| it.id() == branch).expect("it is there");
            restored.switch(restored.branches()[place].id()).expect("it is there");
            restored.seek(restored.len());
            prop_assert_eq!(restored.trace().digest(), trace.digest());
        }
        run.seek(0);
        prop_assert_eq!(run.simulation(), &start);
        prop_assert_eq!(run.trace().steps(), 0);
    }
}
