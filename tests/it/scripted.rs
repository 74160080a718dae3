//! Scripts that say what must come true: one file of `tests/scripts/` a test. What a story of the catalogue shows need not
//! be shown here again.

use std::fs;
use std::path::Path;

use synfin::history::{History, MOST_STEPS};
use synfin::scenario::expectation::{Counted, Expectation};
use synfin::scenario::{CATALOGUE, Scenario};
use synfin::tcp::Side;

/// The scripts, by the names of their files.
pub fn scripts() -> Vec<(String, Scenario)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/scripts");
    let files = fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut scripts: Vec<(String, Scenario)> = files
        .map(|file| {
            let path = file.expect("the folder can be read").path();
            let name = path.file_name().expect("a file has a name").to_string_lossy().into_owned();
            let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{name}: {error}"));
            let scenario = Scenario::parse(&text).unwrap_or_else(|mistakes| panic!("{name}: {mistakes}"));
            (name, scenario)
        })
        .collect();
    scripts.sort_by(|a, b| a.0.cmp(&b.0));
    scripts
}

#[test]
fn every_script_keeps_its_promises() {
    let mut broken = Vec::new();
    for (name, scenario) in scripts() {
        assert!(scenario.expectations.len() >= 2, "{name} promises too little");
        let mut run = History::new(scenario);
        while run.step() {
            run.simulation().check_invariants();
        }
        assert!(run.cursor() < MOST_STEPS, "{name} ends");
        for expectation in &run.scenario().expectations {
            if let Err(unmet) = expectation.check(run.trace()) {
                broken.push(format!("{name}: {unmet}"));
            }
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

/// One is one, and not many.
#[test]
fn what_is_found_instead_is_counted_in_good_english() {
    let script = "client isn 100\nserver isn 300, listen 80, handshake two-way\nat 0ms old to server syn seq 90 length \"x\"\n\
                  drop client every rst\n";
    for (expected, found) in [
        ("server ghosts 0", "ghosts 1"),
        ("server receives 0", "1 octet"),
        ("segment server syn-ack times 2", "1 such segment"),
        ("segment client syn", "0 such segments"),
        ("rule two-way-handshake times 0", "1 time"),
    ] {
        let scenario = Scenario::parse(&format!("{script}expect {expected}\n")).expect("it reads");
        let expectation = scenario.expectations[0].clone();
        let mut run = History::new(scenario);
        run.run_to_end();
        assert_eq!(expectation.check(run.trace()).expect_err(expected).found, found, "{expected}");
    }
}

/// A SYN that takes over sockets in TIME-WAIT, and one that proves stale there.
const TAKEN_OVER: &str = "
    client isn 100, port 5000, time-wait-reuse rfc1122, listen 5000
    server isn 300 9000, listen 80
    at 0ms client open
    when client ESTABLISHED client close
    when server CLOSE-WAIT server close
    at 1s forge to client syn seq 8000 from 80 to 5000
    at 1020ms forge to client rst seq 8001 from 80 to 5000
    at 2s server open to 5000
";

/// Expectations ask the trace; the hosts know the same. Who is left alone is held against both hosts in `chronicle`.
#[test]
fn what_is_counted_at_a_time_is_what_the_hosts_had_then() {
    let catalogue = CATALOGUE.iter().map(|story| story.script.to_owned());
    let mut stories: Vec<Scenario> = catalogue
        .chain([TAKEN_OVER.to_owned()])
        .map(|script| Scenario::parse(&script).unwrap_or_else(|mistakes| panic!("{mistakes}")))
        .collect();
    stories.extend(scripts().into_iter().map(|(_, story)| story));
    let mut most = [0; Counted::ALL.len()];
    for story in stories {
        let mut run = History::new(story);
        // Each question reads the trace from its beginning; what is new in a story is in its first steps.
        while run.len() < 200 && run.step() {
            let (now, at) = (run.simulation(), Some(run.simulation().now()));
            for (what, side) in Counted::ALL.into_iter().flat_map(|what| Side::BOTH.map(|side| (what, side))) {
                let count = match what {
                    Counted::Connections => now.host(side).connections().len(),
                    Counted::Ghosts | Counted::HalfOpen => continue,
                    Counted::Requests => now.host(side).requests(),
                    Counted::Waiting => now.host(side).waiting(),
                };
                let count = u32::try_from(count).expect("a host has few");
                let expected = Expectation::Counts { side, what, count, at };
                assert_eq!(expected.check(run.trace()), Ok(()), "{}", run.scenario());
                most[what as usize] = most[what as usize].max(count);
            }
        }
    }
    for what in [Counted::Connections, Counted::Requests, Counted::Waiting] {
        assert!(most[what as usize] > 0, "{} were there at some time: {most:?}", what.name());
    }
}
