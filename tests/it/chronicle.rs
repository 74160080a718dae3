//! The account that a trace gives of the hosts is what the hosts have.

use std::net::SocketAddr;
use std::sync::Arc;

use proptest::prelude::*;
use synfin::chronicle::{Account, Chronicle, Flight, Whereabouts};
use synfin::diagram::{Diagram, DiagramOptions};
use synfin::export::ladder::ladder;
use synfin::history::History;
use synfin::host::Connection;
use synfin::network::Transit;
use synfin::rule::Rule;
use synfin::scenario::{CATALOGUE, Scenario};
use synfin::segment::{Datagram, Segment};
use synfin::seq::SeqNumber;
use synfin::simulation::Simulation;
use synfin::tcp::{Action, ConnectionId, ConnectionOrigin, Role, SegmentId, Side, Sockets, State};
use synfin::text::{self, Language, Words};
use synfin::time::{Duration, Instant};
use synfin::trace::{Certainty, Event, EventKind, Fate, Provenance, Record, Source, Trace};

use crate::properties::{cases, troubled_story, wild_story};
use crate::scripted::scripts;

/// How many steps of a run are looked at.
const MOST_STEPS: usize = 2000;

/// What both hosts and the network have, by the account and by themselves, as text.
fn by_account(account: &Account) -> String {
    let hosts = Side::BOTH.map(|side| {
        let host = account.host(side);
        let connections: Vec<_> = host
            .connections()
            .iter()
            .map(|it| (it.connection, it.state, it.sockets.map(|it| (it.local, it.remote))))
            .collect();
        let counts = (host.listening().to_vec(), host.requests(), host.waiting(), host.is_up());
        (connections, counts)
    });
    let flights: Vec<(SegmentId, Vec<Whereabouts>)> = account
        .flights()
        .iter()
        .map(|it| (it.segment, it.copies.iter().copied().filter(|it| it.is_in_transit()).collect()))
        .collect();
    format!("{hosts:#?}\n{flights:#?}")
}

fn by_themselves(simulation: &Simulation) -> String {
    let hosts = Side::BOTH.map(|side| {
        let host = simulation.host(side);
        let connections: Vec<_> =
            host.connections().iter().map(|it| (it.id, it.endpoint.state(), Some((it.local, it.remote)))).collect();
        let counts = (host.listening_ports().collect::<Vec<u16>>(), host.requests(), host.waiting(), host.is_up());
        (connections, counts)
    });
    let mut flights: Vec<(SegmentId, Vec<(u32, Whereabouts)>)> = Vec::new();
    for it in simulation.in_transit() {
        let whereabouts = match it.carried.transit {
            Transit::Due(at) if it.carried.is_intact => Whereabouts::Due(at),
            Transit::Due(at) => Whereabouts::Damaged(at),
            Transit::Held => Whereabouts::Held,
        };
        match flights.iter_mut().find(|(segment, _)| *segment == it.segment) {
            Some((_, copies)) => copies.push((it.copy, whereabouts)),
            None => flights.push((it.segment, vec![(it.copy, whereabouts)])),
        }
    }
    flights.sort_by_key(|(segment, _)| *segment);
    let flights: Vec<(SegmentId, Vec<Whereabouts>)> = flights
        .into_iter()
        .map(|(segment, mut copies)| {
            copies.sort_by_key(|(copy, _)| *copy);
            (segment, copies.into_iter().map(|(_, it)| it).collect())
        })
        .collect();
    format!("{hosts:#?}\n{flights:#?}")
}

/// The connections that are open while nobody is at their other end, as an onlooker sees it who knows both hosts.
fn left_alone(simulation: &Simulation, side: Side) -> Vec<ConnectionId> {
    let others = simulation.host(side.other()).connections();
    let is_behind = |it: &Connection, other: &Connection| {
        let (ours, theirs) = (it.endpoint.tcb(), other.endpoint.tcb());
        (other.local, other.remote) == (it.remote, it.local)
            && theirs.iss == ours.irs
            && (theirs.irs.is_none() || theirs.irs == ours.iss)
    };
    let open = simulation.host(side).connections().iter().filter(|it| it.endpoint.state().is_open());
    open.filter(|it| !others.iter().any(|other| is_behind(it, other))).map(|it| it.id).collect()
}

/// The same by the account: ghosts and half-open connections, as long as they are open.
fn ghosts_and_half_open(account: &Account, side: Side) -> Vec<ConnectionId> {
    let connections = account.host(side).connections().iter();
    connections
        .filter(|it| it.state.is_open() && (it.is_ghost() || it.is_half_open()))
        .map(|it| it.connection)
        .collect()
}

/// Runs a story and holds the account against the hosts after every step.
fn assert_account(story: &Scenario) {
    let (mut simulation, mut trace, mut chronicle) = (story.simulation(), Trace::default(), Chronicle::default());
    for step in 1..=MOST_STEPS {
        if !simulation.step(&mut trace) {
            break;
        }
        chronicle.update(&trace);
        let account = chronicle.now();
        assert_eq!(by_account(account), by_themselves(&simulation), "after step {step} of\n{story}");
        // One cookie may open two connections, one after the other: to the onlooker, who has only their numbers, they are one.
        let is_cookie = |event: &Event| matches!(event.kind, EventKind::Decided { rule: Rule::SynCookieReturned, .. });
        if trace.events().iter().filter(|event| is_cookie(event)).count() > 1 {
            continue;
        }
        for side in Side::BOTH {
            let (account, hosts) = (ghosts_and_half_open(account, side), left_alone(&simulation, side));
            assert_eq!(account, hosts, "who is left alone at the {} after step {step} of\n{story}", side.name());
        }
    }
}

#[test]
fn the_account_of_every_story_is_what_the_hosts_have() {
    for story in CATALOGUE {
        assert_account(&Scenario::parse(story.script).expect("the catalogue has no mistakes"));
    }
    for (_, story) in scripts() {
        assert_account(&story);
    }
}

#[test]
fn the_account_at_any_step_is_the_one_of_a_run_that_ends_there() {
    for name in ["life", "lossy-link", "syn-flood", "time-wait-reuse"] {
        let story = CATALOGUE.iter().find(|it| it.id == name).expect("the catalogue has it");
        let mut run = History::new(Scenario::parse(story.script).expect("no mistakes"));
        run.run_to_end();
        let (whole, mut chronicle) = (run.trace().clone(), Chronicle::default());
        chronicle.update(&whole);
        for step in (0..=whole.steps()).step_by(7) {
            let mut shorter = whole.clone();
            shorter.truncate(step);
            let account = Account::until(&shorter, None);
            assert_eq!(chronicle.at(&whole, step), account, "{name}, step {step}");
            let mut cut = chronicle.clone();
            cut.update(&shorter);
            assert_eq!(cut.now(), &account, "{name}, cut off after step {step}");
            cut.update(&whole);
            assert_eq!(cut, chronicle, "{name}, cut off after step {step} and continued");
        }
    }
}

#[test]
fn a_segment_is_followed_wherever_its_copies_go() {
    const OPEN: &str = "client isn 100\nserver isn 300, listen 80\nlink delay 50ms\nat 0ms client open\n";
    let mut run = History::new(Scenario::parse(OPEN).expect("a script"));
    run.seek(2);
    let syn = SegmentId::FIRST;
    let copies = |run: &History| {
        let copies = Flight::of(run.trace(), syn).expect("the SYN has left").copies.to_vec();
        let account = Account::until(run.trace(), None);
        let in_transit = account.flight(syn).map(|it| it.copies.to_vec());
        assert_eq!(in_transit, copies.iter().any(|it| it.is_in_transit()).then(|| copies.clone()));
        copies
    };
    let (due, late) = (Whereabouts::Due(Instant::from_ms(50)), Whereabouts::Due(Instant::from_ms(250)));
    assert_eq!(copies(&run), [due]);
    run.interfere(syn, Action::Duplicate(Duration::from_ms(200))).expect("it is on its way");
    assert_eq!(copies(&run), [due, late]);
    run.step();
    assert_eq!(copies(&run), [Whereabouts::Arrived(Instant::from_ms(50)), late]);
    run.interfere(syn, Action::Hold).expect("the copy is on its way");
    assert_eq!(copies(&run), [Whereabouts::Arrived(Instant::from_ms(50)), Whereabouts::Held]);
    run.interfere(syn, Action::Drop).expect("the copy is on its way");
    let lost = Whereabouts::Lost(Instant::from_ms(50));
    assert_eq!(copies(&run), [Whereabouts::Arrived(Instant::from_ms(50)), lost]);

    let departure = run.trace().departure(syn).expect("the SYN has left");
    assert_eq!((departure.from, departure.to, departure.role), (Some(Side::Client), Side::Server, Some(Role::New)));
    assert_eq!((departure.at, departure.connection), (Instant::ZERO, Some(ConnectionId(0))));
    assert_eq!(Flight::of(run.trace(), SegmentId::after(1000)), None);
}

#[test]
fn a_host_that_only_listens_stands_for_listen() {
    let story = Scenario::parse("server isn 300, listen 80\nat 1s server close on port 80\n").expect("a script");
    let mut run = History::new(story);
    run.step();
    let state = |run: &History| Account::until(run.trace(), None).host(Side::Server).state();
    assert_eq!(state(&run), State::Listen);
    run.run_to_end();
    assert_eq!(state(&run), State::Closed);
}

/// What somebody saw who captured beside the client: who sent what and when, but not why, nor what became of it.
fn captured() -> Trace {
    let [client, server] = [49152, 80].map(|port| SocketAddr::from(([192, 0, 2, 1], port)));
    let mut trace = Trace::from(Provenance::Capture);
    let (id, connection) = (ConnectionId(0), Some(ConnectionId(0)));
    let certainty = Certainty::Inferred;
    let sends = |trace: &mut Trace, ms, segment, side, it: Segment, states: Option<(State, State)>| {
        let (at, segment) = (Instant::from_ms(ms), SegmentId::after(segment));
        let (source, destination) = if side == Side::Client { (client, server) } else { (server, client) };
        let (port, datagram) = (source.port(), Arc::new(Datagram { source, destination, segment: it }));
        trace.begin(at, Source::Outside, || EventKind::Waited);
        if segment.number() <= 2 {
            let sockets = Box::new(Sockets { local: source, remote: destination });
            let origin = if side == Side::Client { ConnectionOrigin::Opened } else { ConnectionOrigin::Expected };
            trace.follow(at, || EventKind::Created { side, connection: id, sockets, origin });
        }
        if let Some((from, to)) = states {
            trace.follow(at, || EventKind::Entered { side, connection, port, from, to, certainty });
        }
        trace.leave(at, segment, || EventKind::Sent { side, connection, segment, datagram, role: None });
        trace.route(at, segment, 0, Fate::Unknown);
    };
    let [iss, irs] = [100, 300].map(SeqNumber);
    sends(&mut trace, 0, 0, Side::Client, Segment::syn(iss), Some((State::Closed, State::SynSent)));
    let answer = Segment::syn_ack(irs, iss + 1);
    sends(&mut trace, 100, 1, Side::Server, answer, Some((State::Listen, State::SynReceived)));
    sends(&mut trace, 101, 2, Side::Client, Segment::ack(iss + 1, irs + 1), Some((State::SynSent, State::Established)));
    trace
}

#[test]
fn a_capture_is_a_trace_that_everybody_can_read() {
    let trace = captured();
    assert_eq!(trace.provenance(), Provenance::Capture);
    let account = Account::until(&trace, None);
    assert_eq!(account.host(Side::Client).state(), State::Established);
    assert_eq!(account.host(Side::Server).state(), State::SynReceived);
    assert!(account.flights().is_empty(), "nobody knows where they are");
    assert_eq!(Flight::of(&trace, SegmentId::FIRST).map(|it| it.copies.to_vec()), Some(vec![Whereabouts::Unknown]));
    for language in Language::ALL {
        let words = Words::of(language);
        for step in 1..=trace.steps() {
            assert!(!text::step(&trace, step, &words).is_empty(), "{language:?}, step {step}");
        }
        let told = trace.events().iter().map(|event| text::event(&event.kind, &trace, &words));
        assert!(told.into_iter().all(|it| !it.is_empty()), "{language:?}");
    }
    let ladder = ladder(&trace, &Words::default());
    assert!(ladder.contains("#1 SYN seq=100") && !ladder.contains("forged"), "{ladder}");
    let mut diagram = Diagram::new(DiagramOptions::default());
    diagram.extend(&trace);
    let arrows: Vec<_> = diagram.whole().items.into_iter().filter(|it| it.class.starts_with("arrow")).collect();
    assert_eq!(arrows.len(), 3);
    assert!(arrows.iter().all(|it| it.class.contains(" unknown") && !it.class.contains("forged")), "{arrows:?}");
}

proptest! {
    #![proptest_config(cases(60))]

    #[test]
    fn the_account_of_any_run_is_what_the_hosts_have(story in prop_oneof![wild_story(), troubled_story()]) {
        assert_account(&story);
    }
}
