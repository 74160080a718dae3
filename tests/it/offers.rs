//! What the page offers to do: what makes sense in a state, as lines that can be said.

use serde_json::{Value, json};
use synfin::chronicle::Account;
use synfin::history::History;
use synfin::lab::offer::{Offer, at_host};
use synfin::lab::{self, CopyView, Snapshot};
use synfin::scenario::script::parse_deed;
use synfin::scenario::{CATALOGUE, Scenario, story};
use synfin::tcp::{SegmentId, Side, State};
use synfin::text::Words;

fn told(script: &str) -> History {
    History::new(Scenario::parse(script).expect("the catalogue is right"))
}

fn snapshot(run: &History) -> Snapshot {
    lab::snapshot(run, "", &Account::until(run.trace(), None), &Words::default())
}

fn lines(offers: &[Offer]) -> Vec<&str> {
    offers.iter().map(|it| it.line.as_str()).collect()
}

#[test]
fn what_makes_sense_at_a_host_depends_on_its_state() {
    let offered = |state, is_listening| {
        let offers = at_host(Side::Client, state, is_listening);
        lines(&offers).join(", ").replace("client ", "")
    };
    assert_eq!(offered(Some(State::Closed), false), "open, listen 80, crash");
    assert_eq!(offered(Some(State::Closed), true), "open, crash");
    assert_eq!(offered(Some(State::Listen), true), "open, crash");
    for state in [State::SynSent, State::SynReceived, State::Established, State::CloseWait] {
        assert_eq!(offered(Some(state), false), "send 100, close, abort, crash");
    }
    for state in [State::FinWait1, State::FinWait2, State::Closing, State::LastAck] {
        assert_eq!(offered(Some(state), false), "abort, crash");
    }
    assert_eq!(offered(Some(State::TimeWait), false), "abort, open, crash");
    assert_eq!(offered(None, true), "reboot");
}

#[test]
fn an_offer_names_what_it_does() {
    let [reboot] = at_host(Side::Server, None, false).try_into().expect("nothing else");
    let json: Value = serde_json::to_value(reboot).expect("a plain struct");
    assert_eq!(json, json!({ "name": "reboot", "line": "server reboot" }));
}

#[test]
fn whatever_is_offered_at_any_step_of_any_story_can_be_done() {
    for story in CATALOGUE {
        let mut run = told(story.script);
        loop {
            let now = snapshot(&run);
            let examples = now.examples.iter().map(String::as_str);
            let offers = lines(&now.client.offers).into_iter().chain(lines(&now.server.offers));
            for line in offers.chain(examples) {
                let deed = parse_deed(line).unwrap_or_else(|error| panic!("{}: {line}: {error}", story.id));
                assert_eq!(deed.to_string(), line);
                // A host that is down can do nothing, and its user's example is the only one that needs it.
                let is_up = !line.starts_with("client") || now.client.up || line == "client reboot";
                let done = run.simulation().clone().apply(deed, &mut ());
                assert_eq!(done.is_ok(), is_up, "{}: {line}: {done:?}", story.id);
            }
            if run.cursor() > 60 || !run.step() {
                break;
            }
        }
    }
}

#[test]
fn a_reset_is_an_example_only_where_it_meets_a_connection() {
    let mut run = told(story("life").expect("the catalogue has it").script);
    let resets = |run: &History| -> Vec<String> {
        snapshot(run).examples.into_iter().filter(|line| line.contains("rst")).collect()
    };
    assert_eq!(resets(&run), [""; 0]);
    while snapshot(&run).server.state != "ESTABLISHED" {
        assert!(run.step());
    }
    assert_eq!(resets(&run), ["forge to server rst seq 101"]);
}

#[test]
fn what_can_be_done_to_a_segment_depends_on_whether_it_is_held() {
    let mut run = told(story("handshake").expect("the catalogue has it").script);
    let lines = |run: &History| -> Vec<String> {
        lab::segment_now(run, SegmentId::FIRST).offers.into_iter().map(|it| it.line).collect()
    };
    let not_held = [
        "drop segment 1",
        "duplicate segment 1 after 200ms",
        "delay segment 1 by 200ms",
        "corrupt segment 1",
        "hold segment 1",
    ];
    let now = lab::segment_now(&run, SegmentId::FIRST);
    assert_eq!((now.octets, now.fate), (None, CopyView::Lost), "the run has not come to it");
    assert_eq!(lines(&run), not_held);
    while run.trace().departure(SegmentId::FIRST).is_none() {
        assert!(run.step());
    }
    assert!(matches!(lab::segment_now(&run, SegmentId::FIRST).fate, CopyView::InFlight { .. }));
    run.inject(parse_deed(not_held[4]).expect("a line")).expect("it is on its way");
    assert_eq!(lab::segment_now(&run, SegmentId::FIRST).fate, CopyView::Held);
    assert_eq!(lines(&run)[..4], not_held[..4]);
    assert_eq!(lines(&run)[4], "release segment 1");
    for line in lines(&run) {
        let done = run.simulation().clone().apply(parse_deed(&line).expect("a line"), &mut ());
        assert!(done.is_ok(), "{line}: {done:?}");
    }
    run.inject(parse_deed("release segment 1").expect("a line")).expect("it is held");
    run.run_to_end();
    assert!(matches!(lab::segment_now(&run, SegmentId::FIRST).fate, CopyView::Arrived { .. }));
}
