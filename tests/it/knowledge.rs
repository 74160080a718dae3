//! Who knows what: the tables in `tests/knowledge/`, each line of which was read against the reasons in `docs/knowledge.md`
//! (`BLESS=1` rewrites them), and the accounts that they are views of.

mod omniscience;
mod worlds;

use std::fs;
use std::path::{Path, PathBuf};

use synfin::export::knows::knows;
use synfin::history::History;
use synfin::insight::knowledge::{Assumption, Fact, Knowledge, Level};
use synfin::scenario::{Scenario, story};
use synfin::tcp::{ConnectionId, Side};
use synfin::trace::Trace;

use crate::as_read::assert_as_read;

/// The stories with a table: of the catalogue, else a script that stands beside its table.
const TABLES: &[&str] = &[
    "handshake",
    "lost-syn",
    "lost-syn-ack",
    "lost-third-idle",
    "lost-third-with-data",
    "lost-third-server-first",
    "stale-syn-three-way",
    "stale-syn-two-way",
    "held-syn-two-way",
    "forged-syn",
    "forged-text",
    "simultaneous-open",
    "simultaneous-close",
    "client-closes-first",
    "three-segment-close",
    "half-close",
    "lost-last-ack",
    "no-time-wait-lost-last-ack",
    "time-wait-reuse",
    "time-wait-assassination",
    "abort",
    "refused",
    "blind-rst-without-rfc5961",
    "half-open-after-crash",
    "figure-9",
    "syn-cookies",
    "zero-window",
    "nobody-answers",
    "fin-before-missing-data",
];

fn path(name: &str, extension: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/knowledge").join(format!("{name}.{extension}"))
}

fn run(name: &str) -> History {
    let own = |name: &str| fs::read_to_string(path(name, "tcp")).expect("it is a story, or a script beside its table");
    let script = story(name).map_or_else(|| own(name), |it| it.script.to_owned());
    let mut run = History::new(Scenario::parse(&script).unwrap_or_else(|mistakes| panic!("{name}: {mistakes}")));
    run.run_to_end();
    run
}

#[test]
fn every_table_is_the_one_that_was_read() {
    assert_as_read(TABLES.iter().map(|name| {
        let run = run(name);
        for expectation in &run.scenario().expectations {
            expectation.check(run.trace()).unwrap_or_else(|unmet| panic!("{name}: {unmet}"));
        }
        (path(name, "txt"), knows(run.trace()))
    }));
}

#[test]
fn the_folder_has_the_tables_and_their_scripts_and_nothing_else() {
    let files =
        fs::read_dir(path("handshake", "txt").parent().expect("it lies in a folder")).expect("the folder is there");
    for file in files {
        let path = file.expect("it can be listed").path();
        let name = path.file_stem().expect("it has a name").to_string_lossy().into_owned();
        assert!(TABLES.contains(&&*name), "{name} has no table");
        let is_own = path.extension().is_some_and(|it| it == "tcp");
        assert!(!is_own || story(&name).is_none(), "{name} is a story of the catalogue");
    }
}

/// The levels of some facts of a side's first connection after so many steps.
fn levels<const N: usize>(trace: &Trace, steps: usize, side: Side, facts: [Fact; N]) -> [Level; N] {
    let mut knowledge = Knowledge::default();
    while knowledge.steps() < steps && knowledge.take_step(trace) {}
    facts.map(|fact| knowledge.ledger(side, ConnectionId(0)).map_or(Level::Unknown, |it| it.level(fact)))
}

/// What is usually said of the three segments: after the first, the server knows that the client can send and that it can receive
/// itself; after the second, the client knows all four; after the third, the server does. Of these the first is only what seems so.
#[test]
fn the_popular_account_is_a_view_of_the_ledger() {
    use Level::{Seems, Sure, Unknown};

    let run = run("handshake");
    let mut knowledge = Knowledge::default();
    let mut seen = Vec::new();
    while knowledge.take_step(run.trace()) {
        let accounts = Side::BOTH.map(|side| {
            let ledger = knowledge.ledger(side, ConnectionId(0));
            ledger.map_or(([Unknown; 4], [Unknown; 3]), |it| (it.abilities(), it.agreement()))
        });
        if seen.last() != Some(&accounts) {
            seen.push(accounts);
        }
    }
    let nothing = ([Unknown; 4], [Unknown; 3]);
    let all = ([Sure; 4], [Sure; 3]);
    let a_syn = ([Unknown, Seems, Seems, Unknown], [Seems, Unknown, Seems]);
    assert_eq!(seen, [[nothing, nothing], [nothing, a_syn], [all, a_syn], [all, all]]);
}

/// In a simultaneous open, four segments make all abilities known and both numbers agreed on; that the other side knows that is
/// not known before something else is acknowledged.
#[test]
fn agreement_is_no_knowledge_of_agreement() {
    let run = run("simultaneous-open");
    let mut knowledge = Knowledge::default();
    let at_100ms = run.trace().events().iter().take_while(|it| it.at.as_us() <= 100_000).last().expect("it is there");
    while knowledge.steps() < at_100ms.step as usize {
        knowledge.take_step(run.trace());
    }
    for side in Side::BOTH {
        let ledger = knowledge.ledger(side, ConnectionId(0)).expect("it is open");
        assert_eq!(ledger.abilities(), [Level::Sure; 4]);
        assert_eq!(ledger.agreement(), [Level::Sure; 3]);
        assert_eq!(ledger.level(Fact::PeerKnowsNumber), Level::Unknown);
    }
}

/// Whoever is deceived cannot tell; whoever sees everything names the assumption that was broken.
#[test]
fn a_broken_assumption_is_named() {
    let broken = |name: &str, side: Side, connection: u32, fact: Fact| {
        let knowledge = Knowledge::until(run(name).trace(), None);
        let entry = knowledge.ledger(side, ConnectionId::of_number(connection)).expect("it is there").entry(fact);
        (entry.taken_for, entry.broken)
    };
    let (client, server) = (Side::Client, Side::Server);
    assert_eq!(broken("forged-syn", server, 2, Fact::PeerHasNumber), (Level::Sure, Some(Assumption::Numbers)));
    assert_eq!(broken("forged-text", client, 1, Fact::PeerHasText), (Level::Sure, Some(Assumption::Numbers)));
    assert_eq!(broken("forged-text", client, 1, Fact::PeerHasNumber), (Level::Sure, None));
    assert_eq!(broken("held-syn-two-way", server, 2, Fact::PeerNumber), (Level::Seems, Some(Assumption::TimeWait)));
    assert_eq!(
        broken("blind-rst-without-rfc5961", server, 1, Fact::PeerGone),
        (Level::Sure, Some(Assumption::Numbers))
    );
}

/// A trace may be cut off and go on, as a learner's does.
#[test]
fn what_is_taken_in_step_by_step_is_what_is_read_at_once() {
    for name in TABLES {
        let run = run(name);
        let (trace, steps) = (run.trace(), run.trace().steps());
        let mut whole = Knowledge::default();
        whole.update(trace);
        let mut cut = whole.clone();
        for kept in [steps / 2, 1, 0] {
            cut.truncate(kept, trace);
            assert_eq!(cut.steps(), kept);
            for side in Side::BOTH {
                let facts = levels(trace, kept, side, Fact::ALL);
                let ledger = cut.ledger(side, ConnectionId(0));
                assert_eq!(Fact::ALL.map(|fact| ledger.map_or(Level::Unknown, |it| it.level(fact))), facts, "{name}");
            }
        }
        cut.update(trace);
        for side in Side::BOTH {
            for connection in [0, 1].map(ConnectionId) {
                assert_eq!(cut.ledger(side, connection), whole.ledger(side, connection), "{name}");
            }
        }
        assert_eq!(cut.changes(), whole.changes(), "{name}");
    }
}
