//! The stories of the catalogue: each keeps its promises, comes to an end, and is told in `tests/ladders/` as it was when
//! somebody read it.

use synfin::history::History;
use synfin::network::Side;
use synfin::scenario::Scenario;
use synfin::trace::{EventKind, Fate};

/// The run of a script from its beginning to its end.
fn run(script: &str) -> History {
    let mut run = History::new(Scenario::parse(script).unwrap_or_else(|mistakes| panic!("{mistakes}\n{script}")));
    run.run_to_end();
    run
}

/// Otherwise the client would answer for an address that is not its own, with a reset, and no flood could fill a backlog.
#[test]
fn what_is_sent_to_an_address_of_nobody_is_lost() {
    let run =
        run("server isn 300, listen 80\nlink delay 50ms\nat 0ms forge to server syn seq 90 from 198.51.100.7:4000\n");
    let mut answers = 0;
    for event in run.trace().events() {
        match &event.kind {
            EventKind::Sent { side: Side::Server, datagram, .. } => {
                assert_eq!(datagram.destination.to_string(), "198.51.100.7:4000");
                answers += 1;
            }
            EventKind::Routed { segment, fate, .. } if segment.0 > 0 => assert_eq!(*fate, Fate::Lost),
            EventKind::Arrived { side, .. } => assert_eq!(*side, Side::Server, "nobody has that address"),
            _ => {}
        }
    }
    assert_eq!(answers, 8, "the SYN,ACK and its repetitions");
}
