//! What JavaScript sees and may ask for, without a browser: options in segments and variables, forgeries and calls.

use std::collections::BTreeSet;

use crate::{permalinks, segment};
use serde_json::{Value, json};
use synfin::chronicle::Account;
use synfin::compare::{Comparison, Counterfactual};
use synfin::history::History;
use synfin::lab::comparison::{self, OutcomeName};
use synfin::lab::{self, Asked, ConnectionView, Insight, Unit};
use synfin::quiz::{AnswerError, Kind};
use synfin::scenario::script::parse_deed;
use synfin::scenario::{Scenario, story};
use synfin::tcp::{SegmentId, Side, State};
use synfin::text::{self, Language, Words};
use synfin::trace::EventKind;

fn run(script: &str) -> History {
    let mut run = History::new(Scenario::parse(script).expect("the test's script is well formed"));
    run.run_to_end();
    run
}

fn told(id: &str) -> History {
    run(story(id).expect("the catalogue has it").script)
}

/// The side's only connection at the cursor.
fn connection(run: &History, side: Side) -> ConnectionView {
    let snapshot = lab::snapshot(run, "", &Account::until(run.trace(), None), &Words::default());
    let host = if side == Side::Client { snapshot.client } else { snapshot.server };
    let [connection] = host.connections.try_into().expect("there is one connection");
    connection
}

/// A variable's value, if it is shown.
fn value(of: &ConnectionView, name: &str) -> Option<f64> {
    of.variables.iter().find(|it| it.name == name).map(|it| it.value)
}

/// Every segment that left, as JavaScript gets it.
fn segments(run: &History) -> Vec<Value> {
    let report = lab::report(run, 0, &Words::default());
    let sent = report.steps.into_iter().flat_map(|step| step.sent);
    sent.map(|segment| serde_json::to_value(segment).expect("a plain struct")).collect()
}

fn said(run: &mut History, line: &str) -> Result<(), String> {
    let deed = parse_deed(line).map_err(|mistake| mistake.to_string())?;
    run.inject(deed).map_err(|error| format!("{error:?}"))
}

/// A fault that applied to nothing is told where the run is at its end, as it stands in the script.
#[test]
fn a_snapshot_at_the_end_says_what_met_nothing() {
    let script =
        "client isn 100\nserver isn 300, listen 80\nat 0ms client open\n  drop client 9  # too many\ndrop client 1\n";
    let mut run = run(script);
    let missed =
        |run: &History| lab::snapshot(run, script, &Account::until(run.trace(), None), &Words::default()).missed;
    assert_eq!(missed(&run), ["drop client 9  # too many"]);
    run.back();
    assert!(missed(&run).is_empty());
}

/// What the page's buttons leave out: timeouts, limits, sockets, forged segments of any kind.
#[test]
fn whatever_a_script_can_say_can_be_done_now() {
    let mut run = told("life");
    run.seek(0);
    while run.simulation().host(Side::Server).connections().iter().all(|it| it.endpoint.state() != State::Established) {
        assert!(run.step());
    }
    let done = [
        "client set user-timeout 5s",
        "server listen 81 from 198.51.100.7:4000 timeout 1min",
        "forge to server syn seq 5000 mss 1460 from 198.51.100.7:4000 to 81",
        "drop segment 1",
    ];
    for line in &done[..3] {
        said(&mut run, line).unwrap_or_else(|error| panic!("{line}: {error}"));
    }
    let server = run.simulation().host(Side::Server);
    assert_eq!(server.listening_ports().collect::<Vec<_>>(), [80, 81]);
    assert_eq!(run.simulation().in_transit().last().map(|it| it.from), Some(None), "nobody sent it");
    let steps = run.cursor();
    said(&mut run, done[3]).expect("it was on its way once");
    assert!(run.cursor() < steps, "the run went back to where the segment was on its way");
    let before = run.cursor();
    for (line, mistake) in [
        ("", "line 1, column 1: found the end of the line, expected"),
        ("client sned 5", "line 1, column 8: found \"sned\", expected"),
        ("client send 5 now", "line 1, column 15: found \"now\", expected"),
        ("forge to server syn seq 1 times 2 every 1ms", "line 1, column 27: found \"times\", expected one segment"),
        ("at 5s client close", "line 1, column 1: found \"at\", expected"),
        (
            "client send hello",
            "line 1, column 13: found \"hello\", expected a number from 1 to 65536, or a text such as",
        ),
        ("wait 18446744073709551614us", "line 1, column 6: found \"18446744073709551614us\", expected a time"),
    ] {
        let error = said(&mut run, line).expect_err(line);
        assert!(error.starts_with(mistake), "{line}: {error}");
    }
    assert_eq!(run.cursor(), before, "a mistake changes nothing");
    said(&mut run, "forge to server syn seq 1 from [2001:db8::7]:4000").expect("as it is written elsewhere");
}

/// What is forged while a run goes on reaches the connection that is there, which is not the story's first one.
#[test]
fn a_typed_reset_reaches_the_connection_that_is_open() {
    let mut run = told("life");
    said(&mut run, "client open").expect("everything is over");
    run.run_to_end();
    let open = connection(&run, Side::Server);
    assert_eq!((open.state, open.remote.as_str()), ("ESTABLISHED", "192.0.2.1:49153"));
    let next = value(&open, "RCV.NXT").expect("it is synchronized");
    said(&mut run, &format!("forge to server rst seq {next}")).expect("anybody can");
    run.run_to_end();
    assert!(
        lab::snapshot(&run, "", &Account::until(run.trace(), None), &Words::default()).server.connections.is_empty()
    );
}

#[test]
fn what_both_sides_agreed_on_is_among_the_variables() {
    let run = told("options-agreed");
    let (client, server) = (connection(&run, Side::Client), connection(&run, Side::Server));
    let both = |name| (value(&client, name), value(&server, name));
    // 1460 less the twelve octets that timestamps take.
    assert_eq!(both("Eff.snd.MSS"), (Some(1448.0), Some(1448.0)));
    assert_eq!(both("Snd.Wind.Shift"), (Some(2.0), Some(3.0)));
    assert_eq!(both("Rcv.Wind.Shift"), (Some(3.0), Some(2.0)));
    assert_eq!(both("SACK-permitted"), (Some(1.0), Some(1.0)));
    assert_eq!(both("TS.Recent"), (Some(210.0), Some(160.0)));
    // In octets, not in units of four.
    assert_eq!(value(&client, "SND.WND"), Some(200_000.0));
    let unit = |name| client.variables.iter().find(|it| it.name == name).map(|it| it.unit);
    assert_eq!(unit("SACK-permitted"), Some(Unit::Flag));
}

#[test]
fn of_what_was_not_agreed_on_there_is_nothing_to_say() {
    let run = told("options-not-offered");
    for side in Side::BOTH {
        let connection = connection(&run, side);
        assert_eq!(value(&connection, "Eff.snd.MSS"), Some(1460.0));
        for name in ["Snd.Wind.Shift", "Rcv.Wind.Shift", "SACK-permitted", "TS.Recent"] {
            assert_eq!(value(&connection, name), None, "{name}");
        }
    }
    // A window means what it says.
    let last = segments(&run).pop().expect("segments left");
    assert_eq!(value(&connection(&run, Side::Client), "SND.WND"), last["window"].as_f64());
}

#[test]
fn before_the_other_side_has_spoken_nothing_is_known_of_its_options() {
    let mut run = told("options-agreed");
    run.seek(2);
    let client = connection(&run, Side::Client);
    assert_eq!(client.state, State::SynSent.name());
    assert_eq!(value(&client, "ISS"), Some(100.0));
    assert_eq!(value(&client, "Eff.snd.MSS"), None);
}

#[test]
fn every_variable_that_is_shown_has_a_meaning_and_every_meaning_is_shown() {
    let variables = connection(&told("options-agreed"), Side::Client).variables;
    let shown: BTreeSet<&str> = variables.iter().map(|variable| variable.name).collect();
    let is_variable = |name: &&str| name.starts_with(|first: char| first.is_ascii_uppercase());
    assert_eq!(Words::page_names().filter(is_variable).collect::<BTreeSet<_>>(), shown);
}

#[test]
fn segments_have_their_options() {
    let agreed = segments(&told("options-agreed"));
    assert_eq!(
        agreed[1]["options"],
        json!({ "mss": 1460, "windowScale": 2, "sackPermitted": true, "timestamps": { "value": 60, "echo": 10 } })
    );
    assert_eq!(agreed[1]["label"], "SYN, ACK seq=300 ack=101 <mss 1460, ws 2, sack, ts 60/10>");
    assert_eq!(agreed[2]["options"], json!({ "sackPermitted": false, "timestamps": { "value": 110, "echo": 60 } }));
    // The MSS that every SYN names is there, but not in the label.
    let usual = segments(&told("handshake"));
    assert_eq!((&usual[0]["options"]["mss"], &usual[0]["label"]), (&json!(1000), &json!("SYN seq=100")));
}

#[test]
fn a_sentence_names_options_and_how_much_a_window_counts() {
    let run = told("options-agreed");
    let step = |step| text::step(run.trace(), step, &Words::default());
    assert!(step(3).starts_with("SYN seq=100 <mss 1460, ws 3, sack, ts 10/0> reaches the server"), "{}", step(3));
    assert!(step(3).ends_with("sends SYN,ACK seq=300 ack=101 <mss 1460, ws 2, sack, ts 60/10>."), "{}", step(3));
    assert_eq!(text::window(50_000, 2), "wnd=50000×4");
    assert_eq!(text::window(50_000, 0), "wnd=50000");
}

#[test]
fn a_window_is_shifted_where_both_syns_offer_it_and_not_in_the_syns() {
    let shifts =
        |run: &History| -> Vec<u8> { (0..9).map(|id| run.trace().window_shift(SegmentId::after(id))).collect() };
    // SYN, SYN,ACK and ACK; three segments of the client; three answers.
    assert_eq!(shifts(&told("options-agreed")), [0, 0, 3, 3, 3, 3, 2, 2, 2]);
    assert_eq!(shifts(&told("options-not-offered")), [0; 9]);
    // Both open, and both repeat the offer.
    let both = run("client isn 100, window-scale 3\nserver isn 300, window-scale 2, port 80\nlink delay 50ms\n\
                    at 0ms client open\nat 10ms server open to 49152\nat 400ms client send 10\n");
    let data = segment(5);
    let length = both.trace().datagram(data).expect("the data has left").segment.payload.len();
    assert_eq!((length, both.trace().window_shift(data)), (10, 3));
    // What a forged SYN says counts for nothing.
    let mut forged = told("options-agreed");
    forged.seek(7);
    said(&mut forged, "forge to server syn seq 9").expect("it is possible");
    forged.run_to_end();
    let last =
        (0..).map(SegmentId::after).take_while(|id| forged.trace().datagram(*id).is_some()).last().expect("some left");
    assert_eq!(forged.trace().window_shift(last), 2);
}

#[test]
fn a_forged_segment_has_any_source_and_options() {
    for (from, source) in [
        ("198.51.100.7:4000", "198.51.100.7:4000"),
        ("[2001:db8::7]:4000", "[2001:db8::7]:4000"),
        ("4000", "192.0.2.1:4000"),
        // Without a port, that of the other side's youngest connection.
        ("198.51.100.7", "198.51.100.7:49152"),
        ("[2001:db8::7]", "[2001:db8::7]:49152"),
    ] {
        let mut run = told("handshake");
        let options = "mss 536 window-scale 255 sack-permitted timestamps 5 6";
        said(&mut run, &format!("forge to server syn seq 90 {options} from {from}")).expect("anything can be claimed");
        let forged = run.trace().step(run.cursor()).first().expect("something happened");
        let EventKind::Intruded { datagram, .. } = &forged.kind else { panic!("{forged}") };
        assert_eq!(datagram.source.to_string(), source);
        assert_eq!(datagram.segment.to_string(), "SYN seq=90 <mss 536, ws 255, sack, ts 5/6>");
        run.run_to_end();
        let again = permalinks::follow(&permalinks::link_of(&run)).expect("it is a link of ours");
        assert_eq!(again.trace().digest(), run.trace().digest(), "{source}");
    }
}

/// What the table says of the last ACK: without TIME-WAIT the server's application is never told.
#[test]
fn what_two_runs_came_to_is_told_for_each_application() {
    let mut both = Comparison::under(&told("lost-last-ack"), Counterfactual::NoTimeWait);
    both.run_to_end();
    let report = comparison::pair(&both, &Words::default());
    let row = |name| {
        let row = report.outcome.iter().find(|it| it.name == name).expect("it is in the table");
        (row.left.as_str(), row.right.as_str(), row.differs)
    };
    assert_eq!(row(OutcomeName::EndingClient), ("closed in order", "closed in order", false));
    assert_eq!(row(OutcomeName::EndingServer), ("closed in order", "never told", true));
    assert_eq!(row(OutcomeName::Requests), ("100 ms", "100 ms", false));
    let mut both = Comparison::under(&told("ghost-three-way"), Counterfactual::TwoWayHandshake);
    both.run_to_end();
    let report = comparison::pair(&both, &Words::default());
    let in_vain = report.outcome.iter().find(|it| it.name == OutcomeName::HeldInVain).expect("it is in the table");
    assert_eq!((in_vain.left.as_str(), in_vain.right.as_str()), ("183 s", "3599.95 s"));
}

/// Scripts, sentences and JavaScript know a connection by the same number.
#[test]
fn connections_are_counted_from_one_everywhere() {
    let mut run = run("client isn 100 200\nserver isn 300 400, listen 80\nat 0ms client open\nat 1s client open\n");
    let client = lab::snapshot(&run, "", &Account::until(run.trace(), None), &Words::default()).client;
    assert_eq!(client.connections.iter().map(|it| it.id).collect::<Vec<_>>(), [1, 2]);
    said(&mut run, "client close on connection 2").expect("it is there");
    let told = text::step(run.trace(), run.cursor(), &Words::default());
    assert!(told.starts_with("The client's application (connection 2) calls CLOSE: "), "{told}");
    let client = lab::snapshot(&run, "", &Account::until(run.trace(), None), &Words::default()).client;
    assert_eq!(client.connections.iter().map(|it| it.state).collect::<Vec<_>>(), ["ESTABLISHED", "FIN-WAIT-1"]);
}

/// Whoever is down refuses nothing: the others hear nothing of him.
#[test]
fn a_host_that_is_down_is_not_said_to_refuse() {
    let meaning = |script: &str| {
        let run = run(script);
        lab::snapshot(&run, "", &Account::until(run.trace(), None), &Words::default()).server.meaning
    };
    assert!(meaning("server isn 300\nat 0ms server status\n").contains("refuses"), "nobody listens");
    let down = meaning("server isn 300\nat 0ms server crash\n");
    assert!(down.starts_with("This host is down") && !down.contains("refuse"), "{down}");
}

#[test]
fn a_segment_that_no_present_connection_sent_says_where_it_comes_from() {
    for (line, intrusion) in [("old to server syn seq 90", "old"), ("forge to server syn seq 90", "forged")] {
        let mut run = run("client isn 100\nserver isn 300, listen 80\nat 0ms client open\n");
        said(&mut run, line).expect("anything can be claimed");
        let report = lab::report(&run, run.cursor() - 1, &Words::default());
        let step = serde_json::to_value(&report.steps[0]).expect("a plain struct");
        assert_eq!((&step["stimulus"]["kind"], &step["stimulus"]["to"]), (&json!(intrusion), &json!("server")));
        assert_eq!((&step["sent"][0]["intrusion"], &step["sent"][0]["from"]), (&json!(intrusion), &Value::Null));
        let first = &segments(&run)[0];
        assert_eq!((&first["intrusion"], &first["from"]), (&Value::Null, &json!("client")));
    }
}

#[test]
fn calls_name_connections_ports_and_text() {
    let mut run = run("client isn 100\nserver isn 300, listen 80 8080\nlink delay 50ms\nat 0ms client open\n");
    said(&mut run, "client open from 50000 to 8080").expect("it is possible");
    run.run_to_end();
    let host = lab::snapshot(&run, "", &Account::until(run.trace(), None), &Words::default()).client;
    let sockets: Vec<_> = host.connections.iter().map(|it| (it.local.as_str(), it.remote.as_str())).collect();
    assert_eq!(sockets, [("192.0.2.1:49152", "192.0.2.2:80"), ("192.0.2.1:50000", "192.0.2.2:8080")]);
    said(&mut run, "client send \"Grüße\" on connection 1").expect("the connection is there");
    let sent = &lab::report(&run, run.cursor() - 1, &Words::default()).steps[0].sent[0];
    assert_eq!((sent.length, sent.seq), (7, 101), "as UTF-8, on the first connection");
    // Without a name it is the youngest.
    said(&mut run, "client close").expect("it is open");
    let states: Vec<_> = lab::snapshot(&run, "", &Account::until(run.trace(), None), &Words::default())
        .client
        .connections
        .iter()
        .map(|it| it.state)
        .collect();
    assert_eq!(states, ["ESTABLISHED", "FIN-WAIT-1"]);
    // One that is not there is answered as the RFC does.
    said(&mut run, "client close on connection 9").expect("the call is answered with an error");
    let told = run.trace().step(run.cursor()).first().map(ToString::to_string).unwrap_or_default();
    assert!(told.ends_with("client calls close: error: connection does not exist"), "{told}");
}

/// Any text of up to 65,536 octets can be sent, also where each of them has to be written as two.
#[test]
fn the_longest_text_can_be_said() {
    let mut run = told("handshake");
    said(&mut run, &format!("client send \"{}\"", "\\n".repeat(65_536))).expect("it is the longest");
    let error = said(&mut run, &format!("client send \"{}\"", "a".repeat(65_537))).expect_err("one too many");
    assert_eq!(error, "line 1, column 13: found a quotation, expected at most 65536 octets");
}

/// Everything that is understood of a run up to its cursor.
fn understood(insight: &mut Insight, run: &History, words: &Words) -> (Value, Value) {
    let knows = insight.knows(run.trace(), words);
    let found = insight.found(run.trace(), 0, run.is_at_end(), words);
    (serde_json::to_value(knows).expect("a plain struct"), serde_json::to_value(found).expect("a plain struct"))
}

/// However a run is stepped, rewound and changed, what is said of it is what would be said of it if nothing was read before.
#[test]
fn what_is_understood_follows_the_run_wherever_it_goes() {
    let words = Words::default();
    for id in ["held-syn-two-way", "time-wait-reuse", "syn-flood", "lossy-link"] {
        let mut run = told(id);
        let mut insight = Insight::default();
        let end = run.cursor();
        for step in [end, 0, 3, end / 2, end / 2 - 1, end, 1] {
            insight.truncate(run.cursor().min(step));
            run.seek(step);
            // Nobody asks at every step.
            if step != 3 {
                let afresh = understood(&mut Insight::default(), &run, &words);
                assert_eq!(understood(&mut insight, &run, &words), afresh, "{id}, step {step}");
            }
        }
        let before = run.cursor();
        said(&mut run, "server crash").expect("it runs");
        insight.truncate(before);
        run.run_to_end();
        assert_eq!(
            understood(&mut insight, &run, &words),
            understood(&mut Insight::default(), &run, &words),
            "{id}, on another branch"
        );
    }
}

#[test]
fn who_knows_what_is_told_with_what_it_rests_on() {
    let mut run = told("stale-syn-two-way");
    run.seek(3);
    let mut insight = Insight::default();
    let (knows, _) = understood(&mut insight, &run, &Words::default());
    assert_eq!(knows["client"], json!([]), "the client has no connection");
    assert_eq!(knows["facts"][2], json!({"id": "peer-number", "title": "I have its number"}));
    assert_eq!(knows["levels"][4], json!({"id": "deceived", "title": "deceived"}));
    let ledger = &knows["server"][0];
    assert_eq!(ledger["connection"], 1);
    assert_eq!(
        ledger["facts"][2],
        json!({
            "id": "peer-number",
            "level": "deceived",
            "by": "segment",
            "segment": 1,
            "step": 3,
            "broken": "time-wait",
            "why": "It rests on SYN #1, but a segment of a connection that is no more came among those of this one.",
        })
    );
    assert_eq!(
        ledger["facts"][3],
        json!({"id": "peer-has-number", "level": "unknown", "step": 0, "why": "Nobody has acknowledged it."})
    );
    // What is over stays as it was left; without words there are no sentences.
    run.run_to_end();
    let (knows, found) = understood(&mut insight, &run, &Words::none(Language::English));
    let gone = knows["server"][0]["facts"].as_array().and_then(|facts| facts.last()).cloned().unwrap_or_default();
    assert_eq!(gone, json!({"id": "peer-gone", "level": "sure", "by": "segment", "segment": 4, "step": 7, "why": ""}));
    assert_eq!(found["found"][0]["told"], "");
}

#[test]
fn findings_are_told_from_a_step_on_and_what_stays_at_the_end() {
    let refused = told("upload-refused");
    let mut insight = Insight::default();
    let words = Words::default();
    let all = insight.found(refused.trace(), 0, true, &words);
    let last = all.found.last().expect("something happens").step;
    let late = insight.found(refused.trace(), last - 1, true, &words);
    let tail: Vec<_> = all.found.iter().filter(|it| it.step == last).cloned().collect();
    assert_eq!((late.found, late.left), (tail, all.left));
    assert!(insight.found(refused.trace(), last, false, &words).found.is_empty());

    let halved =
        run("client isn 100\nserver isn 300, listen 80\nat 0ms client open\nwhen client ESTABLISHED client close\n");
    let found = Insight::default().found(halved.trace(), 0, true, &words);
    let left: Vec<_> = found.left.iter().map(|it| (it.name, it.told.as_str())).collect();
    assert_eq!(
        left,
        [
            ("stays-in-fin-wait-2", "The client stays in FIN-WAIT-2 until the server's application closes."),
            ("stays-in-close-wait", "The server stays in CLOSE-WAIT until its application closes."),
        ]
    );
    let opened = serde_json::to_value(&found.found[0]).expect("a plain struct");
    assert_eq!(opened["cost"], json!({"timeMs": 150.0, "roundTrips": 1.5, "told": "in 150 ms, 1.5 round trips"}));
}

/// A question as JavaScript gets it: what is seen, what is asked, how it is answered; a grade with a reply and, of a what-if, a world.
#[test]
fn a_question_is_asked_and_its_answer_graded() {
    let (run, words) = (told("lost-ack-of-fin"), Words::default());
    let mut asked = Asked::default();
    assert_eq!(asked.grade("a", &words), Err(AnswerError::NothingAsked));
    for kind in Kind::ALL {
        let Some(question) = asked.ask(&run, Some(*kind), 1, &words) else { continue };
        let view = serde_json::to_value(&question).expect("a plain struct");
        assert_eq!(view["kind"], kind.name());
        assert!(question.steps <= run.trace().steps() && !question.prompt.is_empty() && !question.hint.is_empty());
        assert_eq!(view.get("logs").is_some(), *kind == Kind::WhereFault, "{view}");
        assert_eq!(question.choices.is_empty(), question.form != "choice");
        if question.form == "choice" {
            let grades: Vec<_> = (1..=question.choices.len())
                .map(|it| asked.grade(&it.to_string(), &words).expect("a choice"))
                .collect();
            let right: Vec<_> = grades.iter().filter(|it| it.points == it.most).collect();
            let [right] = right.as_slice() else { panic!("one is right: {grades:?}") };
            assert!(question.choices.contains(&right.right) && right.mistakes.is_empty() && !right.because.is_empty());
            let wrong: Vec<_> = grades.iter().filter(|it| it.points < it.most).collect();
            assert!(wrong.iter().all(|it| it.mistakes.iter().all(|mistake| !mistake.reply.is_empty())), "{wrong:?}");
            let is_what_if = matches!(kind, Kind::IfLost | Kind::IfDoubled | Kind::IfLate);
            assert!(!is_what_if || wrong.iter().all(|it| it.world.is_some()), "{wrong:?}");
        }
    }
    assert!(asked.ask(&told("handshake"), Some(Kind::WhereFault), 1, &words).is_none(), "nothing went wrong in it");
    assert!(asked.ask(&run, None, 1, &words).is_some());
}
