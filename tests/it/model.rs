//! Model checking: every order of events in small worlds around the real hosts, explored with `stateright`.
//!
//! A world is two hosts, what is in the network between them, and what may still happen: a few calls, a loss, an old
//! duplicate, a crash. `docs/conformance.md` says how time is treated, what is claimed, and what was found.
//!
//! | file | what |
//! |---|---|
//! | `world` | the states, and what leads from one to the next |
//! | `claims` | what always holds |
//! | `marks` | what is reached |
//! | `walk` | no run goes on for ever |
//! | `script` | a path as a script |

mod claims;
mod marks;
mod script;
mod walk;
mod world;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use stateright::{Checker, Expectation, Model};
use synfin::chronicle::Account;
use synfin::history::History;
use synfin::profile::Handshake;
use synfin::rule::Rule;
use synfin::scenario::Scenario;
use synfin::scenario::expectation::{Expectation as Promise, News};
use synfin::segment::Segment;
use synfin::seq::SeqNumber;
use synfin::tcp::{Side, State, UserEvent};
use synfin::time::Instant;
use synfin::trace::{EventKind, Trace};

use claims::Rest;
use script::{Told, tell, wander};
use walk::walk;
use world::{Action, Budget, Order, Setting, Stale, World};

/// Where the worlds, the claims and the ways to be at rest are explained.
const PAGE: &str = include_str!("../../docs/conformance.md");

/// The hosts of most worlds. They answer whatever the RFC lets them answer, however often: no run may end only because a
/// limit is reached, which under a clock that stands still would be one for the whole run. They have more initial sequence
/// numbers than they need, because those that they compute depend on the time.
const CLIENT: &str = "client isn 100 200, port 49152, challenge-limit none, answer-gap none\n";
const SERVER: &str = "server isn 300 400 500 600 700 800 900, listen 80, challenge-limit none, answer-gap none\n";

/// So many paths of each world are chosen by chance and compared with the simulation.
const WANDERINGS: u32 = 100;

/// Nothing happens by itself.
const NOTHING: Budget = Budget {
    opens: [0, 0],
    sends: [0, 0],
    closes: [0, 0],
    leaves: [0, 0],
    reads: [0, 0],
    aborts: [0, 0],
    accepts: [0, 0],
    asks: [0, 0],
    crashes: [0, 0],
    losses: 0,
    copies: 0,
    hasty: 0,
};
/// The client opens, and both close; nobody sends.
const BARE: Budget = Budget { opens: [1, 0], closes: [1, 1], ..NOTHING };
/// The same, and the client sends one octet.
const ONE_OCTET: Budget = Budget { sends: [1, 0], ..BARE };
/// The same, and so does the server.
const LIFE: Budget = Budget { sends: [1, 1], ..BARE };
/// The client connects a second time from the same port.
const TWICE: Budget = Budget { opens: [2, 0], sends: [2, 0], ..BARE };

/// The claims that a world without one of TCP's safeguards breaks: an octet of the old connection enters the new one.
const ALL_IS_LOST: [&str; 5] = [
    claims::NOTHING_INVENTED,
    claims::NO_IMPOSSIBLE_PAIR,
    claims::NUMBERS_AGREE,
    claims::NOBODY_WAITS,
    claims::NOTHING_MISSING,
];

#[test]
fn a_life_comes_to_its_end_in_any_order_of_arrival() {
    check("life", orderly(world("", LIFE, Order::Any)), Expected::new(13_168, WHOLE_LIFE));
}

#[test]
fn one_loss_is_made_good() {
    let any_order = Budget { losses: 1, ..ONE_OCTET };
    check("one loss", orderly(world("", any_order, Order::Any)), Expected::new(5_060, WHOLE_LIFE));
    let more_octets = Budget { losses: 1, sends: [2, 1], ..BARE };
    check("one loss, more octets", orderly(world("", more_octets, Order::AsSent)), Expected::new(15_194, WHOLE_LIFE));
}

#[test]
fn one_old_duplicate_does_no_harm() {
    let may = Budget { copies: 1, ..ONE_OCTET };
    check("one old duplicate", orderly(world("", may, Order::Any)), Expected::new(18_208, WHOLE_LIFE));
}

#[test]
fn a_loss_and_an_old_duplicate_do_no_harm() {
    let may = Budget { losses: 1, copies: 1, ..ONE_OCTET };
    let setting = orderly(world("", may, Order::AsSent));
    check("a loss and an old duplicate", setting, Expected::new(11_204, WHOLE_LIFE));
}

#[test]
fn both_may_close_in_any_order_whatever_is_lost_or_comes_twice() {
    let may = Budget { losses: 1, copies: 1, ..BARE };
    check("both close", orderly(world("", may, Order::Any)), Expected::new(5_855, WHOLE_LIFE));
}

#[test]
fn timers_that_are_too_quick_do_no_harm() {
    let may = Budget { hasty: 2, ..ONE_OCTET };
    check("hasty timers", orderly(world("", may, Order::AsSent)), Expected::new(5_903, WHOLE_LIFE));
}

#[test]
fn delayed_acknowledgments_and_nagle_together_do_no_harm() {
    let more = "client ack delayed, nagle on\nserver ack delayed, nagle on";
    let may = Budget { sends: [2, 1], ..BARE };
    let setting = orderly(world(more, may, Order::AsSent));
    check("delayed acknowledgments, Nagle", setting, Expected::new(16_487, WHOLE_LIFE));
}

/// Both users leave altogether: what the other one says meanwhile is reset, and who said it is told.
#[test]
fn users_who_read_no_more_are_missed_by_whoever_speaks_to_them() {
    let may = Budget { leaves: [1, 1], closes: [0, 0], losses: 1, ..LIFE };
    let reached = with(without(WHOLE_LIFE, &["half-closed"]), &["figure 10", "half-open, CLOSE-WAIT"]);
    check("nobody reads any more", world("", may, Order::AsSent), Expected::new(3_874, reached));
    let may = Budget { leaves: [1, 0], closes: [0, 1], sends: [0, 1], ..BARE };
    let reached = with(WHOLE_LIFE, &["figure 10", "half-open, CLOSE-WAIT"]);
    check("one reads no more", world("", may, Order::Any), Expected::new(603, reached));
}

/// As long as its user does not read, the server is asked for room again and again (RFC 9293 MUST-37). In no other world of
/// this protocol can a run go on for ever.
#[test]
fn a_closed_window_opens_again_whatever_is_lost() {
    let may = Budget { losses: 1, sends: [2, 0], reads: [0, 2], closes: [1, 0], ..BARE };
    let setting = orderly(world("server buffer 1, reading on-call", may, Order::AsSent));
    let reached = without(WHOLE_LIFE, &["CLOSING", "LAST-ACK", "TIME-WAIT", "figure 12", "figure 13"]);
    let is_unread = |world: &World| world.lives(Side::Server).last().is_some_and(|life| !life.unread.is_empty());
    assert!(walk(&setting, |_| {}).returns.iter().all(is_unread));
    check("closed window", setting, Expected { ends: false, ..Expected::new(2_460, reached) });
}

#[test]
fn two_that_open_at_the_same_time_meet() {
    let hosts = "client isn 100, port 49152, challenge-limit none, answer-gap none\n\
            server isn 300, port 80, challenge-limit none, answer-gap none";
    let reached = with(without(WHOLE_LIFE, &["LISTEN", "figure 6"]), &["figure 7"]);
    let any_order = Budget { opens: [1, 1], losses: 1, ..BARE };
    let setting = world_of(hosts, any_order, Order::Any);
    check("simultaneous open", setting, Expected::new(12_688, reached.clone()));
    let one_octet = Budget { opens: [1, 1], losses: 1, ..ONE_OCTET };
    let setting = world_of(hosts, one_octet, Order::AsSent);
    check("simultaneous open, one octet", setting, Expected::new(2_857, reached));
}

#[test]
fn an_old_syn_at_a_listener_does_no_harm() {
    let may = Budget { losses: 1, ..ONE_OCTET };
    let setting = Setting { stale: old_connection(), ..orderly(world("", may, Order::AsSent)) };
    let reached = with(WHOLE_LIFE, &["figure 8", "figure 8, recovered"]);
    check("old SYN", setting, Expected::new(19_955, reached));
}

#[test]
fn an_old_syn_between_two_listeners_does_no_harm() {
    let may = Budget { losses: 1, ..NOTHING };
    let setting = Setting { stale: old_connection(), ..orderly(world("client listen 49152", may, Order::Any)) };
    let reached = vec!["LISTEN", "SYN-RECEIVED", "over", "figure 11"];
    check("old SYN, two listeners", setting, Expected::new(27, reached));
}

#[test]
fn a_host_that_has_forgotten_everything_is_found_out() {
    let may = Budget { opens: [2, 0], crashes: [1, 0], ..LIFE };
    let reached = with(WHOLE_LIFE, &HALF_OPEN);
    let hosts = format!("client isn 100 5000, port 49152, challenge-limit none, answer-gap none\n{SERVER}");
    let setting = world_of(&hosts, may, Order::AsSent);
    check("crash", setting, Expected::new(8_717, with(reached.clone(), &["figure 9", "figure 10"])));
    let hosts =
        format!("client isn 100 5000, port 49152, syn-again at-once, challenge-limit none, answer-gap none\n{SERVER}");
    let setting = world_of(&hosts, may, Order::AsSent);
    check(
        "crash, SYN again at once",
        setting,
        Expected::new(10_796, with(reached.clone(), &["figure 9", "figure 10"])),
    );
    let may = Budget { opens: [2, 0], crashes: [1, 1], losses: 1, ..ONE_OCTET };
    let hosts = "client isn 100 1100, port 49152, challenge-limit none, answer-gap none\n\
        server isn 300 1300 2300 3300 4300 5300, listen 80, challenge-limit none, answer-gap none\n";
    let setting = world_of(hosts, may, Order::AsSent);
    check("crash, numbers in the window", setting, Expected::new(39_211, with(reached, &["figure 9"])));
}

#[test]
fn an_abort_is_noticed_unless_its_reset_is_lost() {
    let may = Budget { aborts: [1, 1], losses: 1, ..ONE_OCTET };
    let reached = with(WHOLE_LIFE, &HALF_OPEN);
    check("abort", world("", may, Order::AsSent), Expected::new(5_092, reached));
}

#[test]
fn a_new_connection_may_take_over_sockets_in_time_wait() {
    let more = "client time-wait-reuse rfc1122\nserver time-wait-reuse rfc1122";
    let setting = orderly(world(more, Budget { copies: 1, ..TWICE }, Order::AsSent));
    check("TIME-WAIT taken over", setting, Expected::new(9_304, with(WHOLE_LIFE, &["taken over"])));
    // Its number lies beyond those of the connection, so that it can be taken for a new one.
    let old_syn =
        Stale { to: Side::Server, segment: Segment { wnd: 4000, ..Segment::syn(SeqNumber(1000)) }, from: None };
    let with_old_syn = |more: &str| Setting { stale: vec![old_syn.clone()], ..world(more, ONE_OCTET, Order::AsSent) };
    let reached = with(WHOLE_LIFE, &["figure 8", "figure 8, recovered", "given back"]);
    let limited = with_old_syn(&format!("{more}\nclient answer-gap 500ms\nserver answer-gap 500ms"));
    check("TIME-WAIT taken over, old SYN", limited, Expected::new(747, reached.clone()));
    // The numbers of the side that was given back lie where the other side does not look for them.
    let expected = Expected { ends: false, ..Expected::new(699, reached) };
    check("TIME-WAIT taken over, old SYN, answers not limited", with_old_syn(more), expected);
}

/// The clock stands still, and with it the timestamps: it is their numbers that tell SYNs apart then (RFC 6191 §2).
#[test]
fn timestamps_that_are_equal_do_no_harm_to_who_takes_over_sockets_in_time_wait() {
    let more = "client time-wait-reuse rfc6191, timestamps on\nserver time-wait-reuse rfc6191, timestamps on";
    let setting = orderly(world(more, Budget { copies: 1, ..TWICE }, Order::AsSent));
    check("TIME-WAIT taken over, timestamps", setting, Expected::new(9_304, with(WHOLE_LIFE, &["taken over"])));
}

/// An old SYN from a port that nobody uses any more takes the only place, until the client's host answers for that port.
#[test]
fn a_backlog_of_one_keeps_nobody_waiting_for_ever() {
    let may = Budget { opens: [1, 0], sends: [1, 0], closes: [1, 0], ..NOTHING };
    let setting = Setting { stale: stranger(&[]), ..world("server backlog 1", may, Order::Any) };
    let reached = with(one_way(), &["no room", "no room, served later"]);
    check("backlog of one", orderly(setting), Expected::new(497, reached));
}

/// Somebody has guessed the server's number: until the client's host resets what its port knows nothing of, the only place
/// where connections wait to be taken is taken.
#[test]
fn an_accept_queue_of_one_keeps_nobody_waiting_for_ever() {
    let may = Budget { opens: [1, 0], sends: [1, 0], closes: [1, 0], accepts: [0, 1], ..NOTHING };
    let guess = Segment { wnd: 4000, ..Segment::ack(SeqNumber(91), SeqNumber(301)) };
    let more = "server accepting on-call, accept-queue 1";
    let setting = Setting { stale: stranger(&[guess]), ..world(more, may, Order::Any) };
    let reached = with(one_way(), &["no room", "no room, served later"]);
    check("accept queue of one", orderly(setting), Expected::new(4_010, reached));
}

/// Who asks a silent peer finds out that it has forgotten everything, if it may ask often enough. That nobody answers one
/// question means nothing (RFC 9293 MUST-29).
#[test]
fn who_asks_finds_out_whether_the_other_side_is_alive() {
    let may = Budget { asks: [0, 3], losses: 1, ..BARE };
    let more = "server keep-alive 120min every 75s probes 2";
    let reached = with(without(WHOLE_LIFE, &["idle", "half-closed"]), &["asked"]);
    let setting = orderly(world(more, may, Order::AsSent));
    check("keep-alives, one loss", setting, Expected::new(1_579, reached.clone()));

    let setting = world(more, Budget { crashes: [1, 0], ..may }, Order::AsSent);
    walk(&setting, |world| {
        let mut actions = Vec::new();
        setting.actions(world, &mut actions);
        let is_half_open = world.present(Side::Client).is_none() && world.present(Side::Server).is_some();
        assert!(!actions.is_empty() || !is_half_open || world.left.asks == [0, 0], "nobody asks: {world:?}");
    });
    let reached = with(reached, &["asked, found out"]);
    check("keep-alives, crash", setting, Expected::new(3_468, reached));
}

/// Without the third segment a server is established with nobody behind it, and takes old data for new. With it, the
/// same old segments do nothing.
#[test]
fn without_the_third_segment_an_old_syn_makes_a_ghost() {
    let old_segments = |more| Setting { stale: old_connection(), ..world(more, NOTHING, Order::Any) };
    let reached = vec!["CLOSED", "LISTEN", "SYN-RECEIVED", "over"];
    check("old segments, three-way handshake", old_segments(""), Expected::new(12, reached));

    let setting = old_segments("server handshake two-way");
    let fails = vec![claims::NOTHING_INVENTED, claims::NOBODY_ALONE];
    let reached = vec!["CLOSED", "LISTEN", "ESTABLISHED", "over"];
    let expected = Expected { fails, ..Expected::new(21, reached) };
    let [invented, alone] =
        check("old segments, two-way handshake", setting, expected).try_into().ok().expect("two fail");
    assert!(alone.to_string().ends_with("at 0ms old to server syn seq 90 window 4000\n"), "{alone}");

    let mut trace = Trace::default();
    let simulation = invented.run(&mut trace);
    assert!(!trace.events().iter().any(|event| matches!(event.kind, EventKind::Called { side: Side::Client, .. })));
    assert_eq!(told_to_server(&trace), [UserEvent::Established, received("a")], "{invented}");
    assert_eq!(Account::until(&trace, None).host(Side::Server).ghosts(), 1);
    assert!(simulation.host(Side::Client).connections().is_empty());

    let ghost = Scenario { expectations: ghostly(invented.end.now), ..invented.story };
    if std::env::var_os("BLESS").is_some() {
        fs::write(ghost_file(), ghost.to_string()).expect("the counterexample can be written");
    }
    let written = fs::read_to_string(ghost_file()).expect("the counterexample is written down");
    assert_eq!(
        ghost.to_string(),
        written,
        "if the change is meant, run the tests with BLESS=1 and read the difference"
    );
}

/// The file is all that anybody needs to meet the ghost, and it is the second segment's fault that there is one.
#[test]
fn the_ghost_comes_out_of_its_file_and_stays_away_where_there_is_a_third_segment() {
    let written = fs::read_to_string(ghost_file()).expect("the counterexample is written down");
    let two_way = Scenario::parse(&written).expect("it is a script");
    assert!(two_way.expectations.len() >= 3);
    let mut three_way = two_way.clone();
    three_way.server.profile.handshake = Handshake::ThreeWay;
    for (story, comes_true) in [(two_way, true), (three_way, false)] {
        let mut run = History::new(story);
        run.run_to_end();
        for expectation in &run.scenario().expectations {
            let outcome = expectation.check(run.trace());
            assert_eq!(outcome.is_ok(), comes_true, "{expectation}: {outcome:?}");
        }
    }
}

/// What only a ghost does: it takes an octet that nobody of its connection sent. `at` is when.
fn ghostly(at: Instant) -> Vec<Promise> {
    let side = Side::Server;
    vec![
        Promise::State { side, state: State::Established, connection: None, at: Some(at) },
        Promise::Told { side, news: News::Established, connection: None, times: None },
        Promise::Receives { side, octets: 1, connection: None, at: None },
    ]
}

fn ghost_file() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/counterexamples/ghost.tcp")
}

/// The ghost does not keep a client from being served that opens meanwhile, but it is served only after the ghost is gone;
/// and where no client opens later, the ghost stays for ever.
#[test]
fn without_the_third_segment_a_server_is_established_before_its_client() {
    let setting = Setting { stale: old_connection(), ..world("server handshake two-way", ONE_OCTET, Order::AsSent) };
    let fails = vec![claims::NOTHING_INVENTED, claims::NO_IMPOSSIBLE_PAIR, claims::NOBODY_ALONE];
    let reached = with(without(WHOLE_LIFE, &["SYN-RECEIVED"]), &["figure 8, recovered", HALF_OPEN[0]]);
    check("two-way handshake", setting, Expected { fails, ..Expected::new(4_790, reached) });
}

/// The first reason for TIME-WAIT: the last acknowledgment may be lost.
#[test]
fn without_time_wait_a_fin_is_answered_by_a_reset() {
    let may = Budget { losses: 1, ..ONE_OCTET };
    let setting = orderly(world("client time-wait none\nserver time-wait none", may, Order::AsSent));
    let reached = without(WHOLE_LIFE, &["TIME-WAIT", "figure 12"]);
    let expected = Expected { fails: vec![claims::NO_TROUBLE], ..Expected::new(959, reached) };
    let [reset] = check("no TIME-WAIT", setting, expected).try_into().ok().expect("one fails");
    let mut trace = Trace::default();
    reset.run(&mut trace);
    let is_reset = |kind: &EventKind| matches!(kind, EventKind::Decided { rule: Rule::ResetWhileLeaving, .. });
    assert!(trace.events().iter().any(|event| is_reset(&event.kind)), "{reset}");
}

/// The second reason for TIME-WAIT: what is still on its way must not reach the next connection. The numbers of the new
/// one overlap those of the old one here. TIME-WAIT alone does not help where the other side opens again at once, because
/// its refusal of an old acknowledgment ends it (RFC 1337); where TIME-WAIT ignores resets, it does.
#[test]
fn old_octets_reach_the_next_connection_unless_time_wait_lasts() {
    let twice = |more: &str| {
        let hosts = format!("client isn 100 99, port 49152, challenge-limit none, answer-gap none\n{SERVER}{more}");
        world_of(&hosts, Budget { copies: 1, ..TWICE }, Order::AsSent)
    };
    let reached = with(WHOLE_LIFE, &HALF_OPEN[..2]);
    let no_time_wait = twice("client time-wait none\nserver time-wait none");
    let fails = ALL_IS_LOST.to_vec();
    let without_time_wait = without(reached.clone(), &["TIME-WAIT", "figure 12"]);
    let expected = Expected { fails, ends: false, ..Expected::new(9_908, without_time_wait.clone()) };
    assert_octet_comes_twice(&check("next connection, no TIME-WAIT", no_time_wait, expected)[0]);

    // Two ends of which each has taken an octet that the other never sent refuse each other's acknowledgments.
    let limited = twice("client time-wait none, answer-gap 500ms\nserver time-wait none, answer-gap 500ms");
    let expected = Expected { fails: ALL_IS_LOST.to_vec(), ..Expected::new(10_688, without_time_wait) };
    check("next connection, no TIME-WAIT, answers limited", limited, expected);

    let expected = Expected { fails: ALL_IS_LOST.to_vec(), ends: false, ..Expected::new(10_428, reached.clone()) };
    assert_octet_comes_twice(&check("next connection, TIME-WAIT", twice(""), expected)[0]);

    let ignores_resets = twice("client rfc1337 on\nserver rfc1337 on");
    check("next connection, TIME-WAIT ignores resets", ignores_resets, Expected::new(10_791, reached));
}

/// RFC 9293 taken literally: two ends in TIME-WAIT acknowledge each other's acknowledgments.
#[test]
fn with_literal_acknowledgments_in_time_wait_a_run_need_not_end() {
    let more = "client timewait-literal-ack on\nserver timewait-literal-ack on";
    let setting = orderly(world(more, Budget { copies: 1, ..BARE }, Order::Any));
    let are_waiting = |world: &World| Side::BOTH.into_iter().all(|side| world.state(side) == State::TimeWait);
    assert!(walk(&setting, |_| {}).returns.iter().all(are_waiting));
    let expected = Expected { ends: false, ..Expected::new(1_502, WHOLE_LIFE) };
    check("literal acknowledgments in TIME-WAIT", setting, expected);
}

/// That no other pair is met is claimed of every world; here, that each of these is.
#[test]
fn every_pair_of_states_that_may_meet_does() {
    let open = "client isn 100, port 49152, challenge-limit none, answer-gap none\n\
            server isn 300, port 80, challenge-limit none, answer-gap none";
    let worlds = [
        world("", Budget { losses: 1, ..BARE }, Order::Any),
        world_of(open, Budget { opens: [1, 1], ..BARE }, Order::Any),
    ];
    let mut met = BTreeSet::new();
    for setting in &worlds {
        walk(setting, |world| met.extend(claims::meeting(world)));
    }
    let mut possible = BTreeSet::new();
    for (one, others) in claims::MEETINGS {
        possible.extend(others.iter().map(|other| claims::in_order(one, *other)));
        let names: Vec<&str> = others.iter().map(|state| state.name()).collect();
        let row = format!("| {one} | {} |", names.join(", "));
        assert!(PAGE.lines().any(|line| line == row), "the page has the row {row}");
    }
    assert_eq!(met, possible);
}

#[test]
fn the_page_explains_every_claim_and_every_way_to_be_at_rest() {
    for rest in Rest::ALL {
        assert!(PAGE.lines().any(|line| line.starts_with(&format!("| {} |", rest.name()))), "{}", rest.name());
    }
    let words = PAGE.split_whitespace().collect::<Vec<_>>().join(" ");
    for claim in claims::always().into_iter().chain([claims::no_trouble()]) {
        assert!(words.contains(claim.name), "{}", claim.name);
    }
}

/// What is reached when both sides live and close: every state, and the ways to be at rest with nobody gone.
const WHOLE_LIFE: [&str; 17] = [
    "CLOSED",
    "LISTEN",
    "SYN-SENT",
    "SYN-RECEIVED",
    "ESTABLISHED",
    "FIN-WAIT-1",
    "FIN-WAIT-2",
    "CLOSE-WAIT",
    "CLOSING",
    "LAST-ACK",
    "TIME-WAIT",
    "over",
    "idle",
    "half-closed",
    "figure 6",
    "figure 12",
    "figure 13",
];
const HALF_OPEN: [&str; 3] = ["half-open, ESTABLISHED", "half-open, CLOSE-WAIT", "half-open, FIN-WAIT-2"];

fn with(reached: impl Into<Vec<&'static str>>, more: &[&'static str]) -> Vec<&'static str> {
    [reached.into(), more.to_vec()].concat()
}

fn without(reached: impl Into<Vec<&'static str>>, fewer: &[&'static str]) -> Vec<&'static str> {
    reached.into().into_iter().filter(|mark| !fewer.contains(mark)).collect()
}

/// A world of the usual hosts. `more` are further settings of theirs, as a script has them.
fn world(more: &str, may: Budget, order: Order) -> Setting {
    world_of(&format!("{CLIENT}{SERVER}{more}"), may, order)
}

fn world_of(hosts: &str, may: Budget, order: Order) -> Setting {
    Setting {
        story: Scenario::parse(hosts).expect("the hosts of a world are a script"),
        stale: Vec::new(),
        order,
        may,
        claims: [claims::always(), marks::all()].concat(),
    }
}

/// The same world, in which moreover nobody is to be told of trouble.
fn orderly(mut setting: Setting) -> Setting {
    setting.claims.push(claims::no_trouble());
    setting
}

/// A SYN and the octet after it, from a connection in which the server's number was 200.
fn old_connection() -> Vec<Stale> {
    let syn = Segment { wnd: 4000, ..Segment::syn(SeqNumber(90)) };
    let text = Segment { wnd: 4000, payload: "a".into(), ..Segment::ack(SeqNumber(91), SeqNumber(201)) };
    [syn, text].map(|segment| Stale { to: Side::Server, segment, from: None }).into()
}

/// An old SYN from a port that nobody uses any more, and what else comes from there.
fn stranger(more: &[Segment]) -> Vec<Stale> {
    let syn = Segment { wnd: 4000, ..Segment::syn(SeqNumber(90)) };
    let segments = [&[syn], more].concat();
    segments.into_iter().map(|segment| Stale { to: Side::Server, segment, from: Some(49153) }).collect()
}

/// What is reached where only the client closes.
fn one_way() -> Vec<&'static str> {
    without(WHOLE_LIFE, &["CLOSING", "LAST-ACK", "TIME-WAIT", "figure 12", "figure 13"])
}

/// What is expected of a world, or found in it.
#[derive(Debug, PartialEq, Eq)]
struct Expected {
    /// How many states it has. Another number is no mistake as such, but wants to be understood.
    states: usize,
    /// What of [`marks::all`] is reached.
    reached: BTreeSet<&'static str>,
    /// The claims that do not hold, in their order.
    fails: Vec<&'static str>,
    /// Whether every run comes to an end.
    ends: bool,
}

impl Expected {
    fn new(states: usize, reached: impl Into<Vec<&'static str>>) -> Self {
        Self { states, reached: reached.into().into_iter().collect(), fails: Vec::new(), ends: true }
    }
}

/// Explores all of a world and compares what is found with what is expected. Returns the shortest story in which each of
/// the claims fails that are expected to.
///
/// Every path that can be told as a script is, and so are many that chance chooses; the real simulation runs them from
/// their text, and both hosts must end as they did here.
fn check(name: &str, setting: Setting, expected: Expected) -> Vec<Told> {
    let walked = walk(&setting, |_| {});
    let checker = setting.clone().checker().spawn_bfs().join();
    assert_eq!(walked.states, checker.unique_state_count(), "{name}: the walk sees what the checker sees");
    let mut found = Expected { ends: walked.returns.is_empty(), ..Expected::new(walked.states, []) };
    let mut failures = Vec::new();
    let mut discoveries = checker.discoveries();
    for claim in &setting.claims {
        let Some(path) = discoveries.remove(claim.name) else { continue };
        match claim.expectation {
            Expectation::Sometimes => {
                found.reached.insert(claim.name);
                if let Some(told) = tell(&setting, &format!("{name}: {}", claim.name), &path.into_actions()) {
                    assert_is_real(name, &told);
                }
            }
            Expectation::Always => {
                found.fails.push(claim.name);
                let path = shortest_to(&setting, claim.name);
                let told = tell(&setting, &format!("{name}, against: {}", claim.name), &path);
                let text = told.as_ref().map_or(format!("{path:#?}"), Told::to_string);
                assert!(expected.fails.contains(&claim.name), "{name}: \"{}\" fails:\n{text}", claim.name);
                let told = told.unwrap_or_else(|| panic!("{name}: this takes longer than a script can tell:\n{text}"));
                assert_is_real(name, &told);
                failures.push(told);
            }
            Expectation::Eventually => unreachable!("nothing of this kind is claimed"),
        }
    }
    assert_eq!(found, expected, "{name}");
    assert_any_path_is_real(name, &setting);
    let row =
        |line: &&str| line.starts_with(&format!("| {name} |")) && line.ends_with(&format!("| {} |", found.states));
    assert!(PAGE.lines().any(|line| row(&line)), "the page has {name} with {} states", found.states);
    failures
}

/// The shortest way to a state in which a claim does not hold, or in which what may be reached is. With one claim the
/// checker stops where it finds that first.
fn shortest_to(setting: &Setting, claim: &'static str) -> Vec<Action> {
    let only = setting.claims.iter().filter(|it| it.name == claim).cloned().collect();
    let setting = Setting { claims: only, ..setting.clone() };
    let path = setting.checker().spawn_bfs().join().discovery(claim).expect("it was found before");
    path.into_actions()
}

/// Paths that chance chooses are real too, and everything that may happen in a world is in some of them.
fn assert_any_path_is_real(name: &str, setting: &Setting) {
    let (mut chance, mut deeds) = (1, BTreeSet::new());
    for _ in 0..WANDERINGS {
        if let Some(told) = wander(setting, name, &mut chance) {
            assert_is_real(name, &told);
            deeds.extend(told.deeds);
        }
    }
    let Budget { losses, copies, crashes, .. } = setting.may;
    let may_happen = [
        ("a segment arrives", true),
        ("a user calls", setting.may != Budget { losses, copies, crashes, ..NOTHING }),
        ("a stale segment arrives", !setting.stale.is_empty()),
        ("a segment is lost", losses > 0),
        ("an old duplicate arrives", copies > 0),
        ("a host crashes", crashes != NOTHING.crashes),
    ];
    for (deed, may_happen) in may_happen {
        assert_eq!(deeds.contains(deed), may_happen, "{name}: {deed}, in a path that was compared");
    }
}

fn assert_is_real(name: &str, told: &Told) {
    let simulation = told.run(&mut ());
    for side in Side::BOTH {
        assert_eq!(simulation.host(side), told.end.host(side), "{name}: the {} after\n{told}", side.name());
    }
}

fn assert_octet_comes_twice(told: &Told) {
    let mut trace = Trace::default();
    told.run(&mut trace);
    let mut events = told_to_server(&trace);
    events.retain(|event| matches!(event, UserEvent::Received(_)));
    assert_eq!(events, ["k", "l", "k"].map(received), "{told}");
}

fn received(text: &str) -> UserEvent {
    UserEvent::Received(Box::new(text.to_owned().into()))
}

fn told_to_server(trace: &Trace) -> Vec<UserEvent> {
    let events = trace.events().iter().filter_map(|event| {
        let EventKind::Told { side: Side::Server, event, .. } = &event.kind else { return None };
        Some(event.clone())
    });
    events.collect()
}
