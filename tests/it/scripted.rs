//! Scripts that say what must come true: one file of `tests/scripts/` a test. What a story of the catalogue shows need not
//! be shown here again.

use std::fs;
use std::path::Path;

use synfin::history::{History, MOST_STEPS};
use synfin::scenario::expectation::{Counted, Expectation};
use synfin::scenario::script::lines_of_expectations;
use synfin::scenario::{CATALOGUE, Scenario};
use synfin::tcp::{DeedError, Side};
use synfin::time::Instant;
use synfin::trace::EventKind;

/// The scripts, by the names of their files.
pub fn scripts() -> Vec<(String, Scenario)> {
    let read = |(name, text): (String, String)| {
        let scenario = Scenario::parse(&text).unwrap_or_else(|mistakes| panic!("{name}: {mistakes}"));
        (name, scenario)
    };
    texts().into_iter().map(read).collect()
}

/// Their texts.
fn texts() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/scripts");
    let files = fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut texts: Vec<(String, String)> = files
        .map(|file| {
            let path = file.expect("the folder can be read").path();
            let name = path.file_name().expect("a file has a name").to_string_lossy().into_owned();
            let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{name}: {error}"));
            (name, text)
        })
        .collect();
    texts.sort_by(|a, b| a.0.cmp(&b.0));
    texts
}

#[test]
fn every_script_keeps_its_promises() {
    let mut broken = Vec::new();
    for (name, text) in texts() {
        let scenario = Scenario::parse(&text).unwrap_or_else(|mistakes| panic!("{name}: {mistakes}"));
        assert!(scenario.expectations.len() >= 2, "{name} promises too little");
        let mut run = History::new(scenario);
        while run.step() {
            run.simulation().check_invariants();
        }
        assert!(run.cursor() < MOST_STEPS, "{name} ends");
        for (expectation, line) in run.scenario().expectations.iter().zip(lines_of_expectations(&text)) {
            if let Err(unmet) = expectation.check(run.trace()) {
                broken.push(format!("{name}: line {line}: {unmet}"));
            }
        }
        let missed = run.missed(&text).into_iter();
        broken.extend(missed.map(|(number, line)| format!("{name}: line {number}: \"{line}\" met nothing")));
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

/// One is one, and not many.
#[test]
fn what_is_found_instead_comes_nearest_and_is_counted_in_good_english() {
    let script = "client isn 100\nserver isn 300, listen 80, handshake two-way\nat 0ms old to server syn seq 90 length \"x\"\n\
                  drop client every rst\n";
    for (expected, found) in [
        ("server ghosts 0", "ghosts 1"),
        ("server ghosts 1 at 10ms", "ghosts 0; 1 in the end"),
        ("server receives 0", "1 octet"),
        ("server receives 1 at 10ms", "0 octets; 1 in the end"),
        ("server CLOSED", "ESTABLISHED; CLOSED never"),
        ("server ESTABLISHED at 10ms", "LISTEN; ESTABLISHED at 50 ms"),
        ("server reaches TIME-WAIT", "LISTEN at 0 ms, ESTABLISHED at 50 ms"),
        ("server told reset", "established at 50 ms"),
        ("client told reset", "nothing told"),
        (
            "segment server syn-ack times 2",
            "1 such segment, at 50 ms; nearest comes #3 ACK seq=301 ack=92 at 50 ms, with another kind",
        ),
        (
            "segment server syn-ack seq 301",
            "0 such segments; nearest comes #2 SYN, ACK seq=300 ack=91 at 50 ms, with another seq",
        ),
        ("segment server syn-ack times 0", "1 such segment, at 50 ms"),
        ("segment client syn", "0 such segments; nearest comes #4 RST seq=91 at 100 ms, with another kind"),
        ("rule two-way-handshake times 0", "1 time, at 50 ms"),
        ("rule time-wait-over client", "0 times, but no-connection"),
        ("server close fails closing", "no such call"),
        ("server listen fails closing", "no error at 0 ms"),
    ] {
        let scenario = Scenario::parse(&format!("{script}expect {expected}\n")).expect("it reads");
        let expectation = scenario.expectations[0].clone();
        let mut run = History::new(scenario);
        run.run_to_end();
        assert_eq!(expectation.check(run.trace()).expect_err(expected).found, found, "{expected}");
    }
}

/// Faults that meet no segment, and acts that wait in vain, are told when the run is over and not before.
#[test]
fn what_meets_nothing_is_told_at_the_end() {
    let script = "title drop it\nclient isn 100\nserver isn 300, listen 80\nat 0ms client open\nwhen client FIN-WAIT-1 client abort\n\
                  when client ESTABLISHED client send 5\n  when server receives 6 server close  # no\n\
                  when server fin leaves drop segment 1\ndrop client 9\ndrop client 1\ndelay server every rst by 1ms\nhold server data\n";
    let mut run = History::new(Scenario::parse(script).expect("it reads"));
    assert!(run.missed(script).is_empty(), "all of it may come");
    run.run_to_end();
    let expected = [
        (5, "when client FIN-WAIT-1 client abort"),
        (7, "when server receives 6 server close  # no"),
        (8, "when server fin leaves drop segment 1"),
        (9, "drop client 9"),
        (11, "delay server every rst by 1ms"),
        (12, "hold server data"),
    ];
    assert_eq!(run.missed(script), expected);
    run.back();
    assert!(run.missed(script).is_empty(), "the run goes on from there");
}

/// What intrudes is counted from the numbers that the receiver has when it sets out, and has the window that the other side would
/// say then.
#[test]
fn what_intrudes_knows_the_numbers_of_the_receiver_and_the_window_of_the_sender() {
    let script = "client isn 100, buffer 3000, window-scale 1\nserver isn 300, listen 80, reading on-call, window-scale 2\n\
                  at 0ms client open\nat 200ms client send 10\nat 1s server send 5\n";
    let table = [
        ("server seq nxt ack una", Some((111, Some(301), 1500))),
        ("server seq nxt-5 ack nxt+7", Some((106, Some(313), 1500))),
        ("server syn seq isn-101", Some((u32::MAX, None, 3000))),
        ("server seq 1 window 77", Some((1, None, 77))),
        ("client seq isn+1 ack isn-1", Some((301, Some(99), 997))),
        ("client seq nxt ack nxt", Some((301, Some(111), 997))),
        ("server syn seq 5 from 198.51.100.7:4000", Some((5, None, 4000))),
        ("server seq nxt from 198.51.100.7:4000", None),
        ("server seq 0 ack una from 4000", None),
        ("client seq nxt to 81", None),
    ];
    for (forged, expected) in table {
        let mut run = History::new(Scenario::parse(&format!("{script}at 1s forge to {forged}\n")).expect("it reads"));
        run.run_until(Instant::from_ms(1000));
        let found = run.trace().events().iter().find_map(|event| match &event.kind {
            EventKind::Intruded { datagram, .. } => {
                let it = &datagram.segment;
                Some(Some((it.seq.0, it.ack.map(|ack| ack.0), it.wnd)))
            }
            EventKind::Refused { error: DeedError::NothingToCountFrom(_) } => Some(None),
            _ => None,
        });
        assert_eq!(found, Some(expected), "{forged}");
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
