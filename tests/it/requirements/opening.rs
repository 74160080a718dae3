//! Who may open what.

use std::collections::BTreeSet;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use bytes::Bytes;
use synfin::endpoint::{Context, Endpoint, FinStatus, Outbox, Tcb};
use synfin::host::{CONTROL_BLOCK_OCTETS, FIRST_DYNAMIC_PORT, Host, HostEffect, MOST_CONNECTIONS, Target};
use synfin::isn::IsnGenerator;
use synfin::network::Link;
use synfin::profile::{Accepting, Handshake, Profile, TimeWaitReuse};
use synfin::rule::Rule;
use synfin::scenario::Scenario;
use synfin::segment::Segment;
use synfin::seq::SeqNumber;
use synfin::simulation::{Deed, Ports, Simulation};
use synfin::tcp::{Action, Call, CallError, Open, Reply, Side, State};
use synfin::time::{Duration, Instant};
use synfin::trace::{EventKind, Trace};

use super::{datagram, socket};

/// Addresses at which no single host can be reached.
const IMPOSSIBLE: [IpAddr; 10] = [
    IpAddr::V4(Ipv4Addr::BROADCAST),
    IpAddr::V4(Ipv4Addr::new(224, 0, 0, 1)),
    IpAddr::V4(Ipv4Addr::UNSPECIFIED),
    IpAddr::V4(Ipv4Addr::new(0, 1, 2, 3)),
    IpAddr::V4(Ipv4Addr::LOCALHOST),
    IpAddr::V4(Ipv4Addr::new(240, 0, 0, 1)),
    IpAddr::V6(Ipv6Addr::new(0xff02, 0, 0, 0, 0, 0, 0, 1)),
    IpAddr::V6(Ipv6Addr::UNSPECIFIED),
    IpAddr::V6(Ipv6Addr::LOCALHOST),
    IpAddr::V6(Ipv4Addr::LOCALHOST.to_ipv6_mapped()),
];

fn host(side: Side, profile: Profile) -> Host {
    Simulation::host_for(side, profile, IsnGenerator::default())
}

/// A call on a host at time zero.
fn call(host: &mut Host, target: Target, call: Call) -> (Result<Reply, CallError>, Vec<HostEffect>) {
    let result = host.call(Instant::ZERO, target, call);
    (result.map(|(reply, _)| reply), host.take_effects())
}

/// A segment that reaches a host at time zero, and what that brings about.
fn arrive(host: &mut Host, source: SocketAddr, destination: SocketAddr, segment: Segment) -> Vec<HostEffect> {
    host.datagram_arrives(Instant::ZERO, &datagram(source, destination, segment));
    host.take_effects()
}

/// Shows MUST-11.
#[test]
fn a_passive_open_that_named_its_peer_still_knows_it_after_a_reset() {
    let profile = Profile::default();
    let mut cx = Context::new(Instant::ZERO, &profile, SeqNumber(300));
    let mut out = Outbox::default();
    let mut endpoint = Endpoint::default();
    endpoint.call(Call::open(Open::PassiveSpecified), &mut cx, &mut out).expect("nothing is open");
    endpoint.segment_arrives(&Segment::syn(SeqNumber(100)), &mut cx, &mut out);
    assert_eq!(endpoint.state(), State::SynReceived);
    endpoint.segment_arrives(&Segment::rst(SeqNumber(101)), &mut cx, &mut out);
    assert_eq!(endpoint.state(), State::Listen);
    // Only where the remote socket is known does SEND turn LISTEN into SYN-SENT (§3.10.2).
    let send = Call::send(Bytes::from_static(b"hello"));
    endpoint.call(send, &mut cx, &mut out).expect("the passive OPEN named the remote socket");
    assert_eq!(endpoint.state(), State::SynSent);
}

/// Shows MUST-41, MUST-42.
#[test]
fn a_port_can_be_listened_on_while_connections_from_it_are_opening() {
    let mut host = host(Side::Client, Profile::default());
    let connect = Target::Connect { remote: socket(Side::Server, 80), local_port: Some(5000) };
    assert_eq!(call(&mut host, connect, Call::open(Open::Active)).0, Ok(Reply::Ok));
    let syn_sent = host.connections().to_vec();
    assert_eq!(syn_sent[0].endpoint.state(), State::SynSent);

    let listener = Target::Listener(5000);
    assert_eq!(call(&mut host, listener, Call::open(Open::Passive)).0, Ok(Reply::Ok));
    assert_eq!(call(&mut host, listener, Call::open(Open::Passive)).0, Err(CallError::AlreadyExists));
    assert_eq!(host.listening_ports().collect::<Vec<_>>(), [5000]);
    assert_eq!(host.connections(), syn_sent, "no passive OPEN touches what was there");

    let (ours, theirs) = (socket(Side::Client, 5000), socket(Side::Server, 81));
    arrive(&mut host, theirs, ours, Segment::syn(SeqNumber(300)));
    assert_eq!(host.state_towards(5000, theirs), State::SynReceived, "the listener takes SYNs of others");
    let requests = host.connections().to_vec();
    assert_eq!(call(&mut host, listener, Call::open(Open::Passive)).0, Err(CallError::AlreadyExists));
    assert_eq!(host.connections(), requests, "neither does one while a connection is in SYN-RECEIVED");
    assert_eq!(call(&mut host, listener, Call::Close).0, Ok(Reply::Ok));
    assert_eq!(host.connections(), syn_sent, "only the request ends with its listener");
    assert_eq!(call(&mut host, listener, Call::open(Open::Passive)).0, Ok(Reply::Ok));
}

/// RFC 9293 §3.10.1: "If the remote socket was not specified, then return 'error: remote socket unspecified'."
#[test]
fn a_call_that_needs_to_know_to_whom_changes_nothing_where_nobody_said_it() {
    let mut host = host(Side::Server, Profile::default());
    let port = Target::Listener(80);
    let specified = call(&mut host, port, Call::open(Open::PassiveSpecified));
    assert_eq!(specified, (Err(CallError::RemoteUnspecified), vec![]));
    assert_eq!(host.listening_ports().count(), 0);
    call(&mut host, port, Call::open(Open::Passive)).0.expect("the port is free");
    let before = host.clone();
    for call_without_peer in [Call::open(Open::Active), Call::send(Bytes::from_static(b"hello"))] {
        assert_eq!(call(&mut host, port, call_without_peer), (Err(CallError::RemoteUnspecified), vec![]));
    }
    for again in [Open::Passive, Open::PassiveSpecified] {
        assert_eq!(call(&mut host, port, Call::open(again)), (Err(CallError::AlreadyExists), vec![]));
    }
    let nowhere = Target::Connect { remote: SocketAddr::new(IMPOSSIBLE[0], 80), local_port: Some(81) };
    assert_eq!(call(&mut host, nowhere, Call::open(Open::PassiveSpecified)), (Err(CallError::InvalidRemote), vec![]));
    assert_eq!(host, before);
}

/// Shows MUST-46.
#[test]
fn an_open_to_an_address_of_many_hosts_or_of_none_is_an_error() {
    for address in IMPOSSIBLE {
        let mut host = host(Side::Client, Profile::default());
        let target = Target::Connect { remote: SocketAddr::new(address, 80), local_port: None };
        let (result, effects) = call(&mut host, target, Call::open(Open::Active));
        assert_eq!((result, effects), (Err(CallError::InvalidRemote), vec![]), "{address}");
        assert!(host.connections().is_empty(), "{address}");
    }
}

/// What a listener and a closed port make of a segment, and that nothing else comes of it.
fn ignored(source: SocketAddr, destination: SocketAddr, segment: &Segment) -> BTreeSet<Rule> {
    let mut rules = BTreeSet::new();
    let mut host = host(Side::Server, Profile::default());
    call(&mut host, Target::Listener(80), Call::open(Open::Passive)).0.expect("the port is free");
    let before = host.clone();
    for effect in arrive(&mut host, source, destination, segment.clone()) {
        match effect {
            HostEffect::Because { rule, .. } => rules.insert(rule),
            other => panic!("{source} to {destination}: {other:?}"),
        };
    }
    assert_eq!(host, before, "{source} to {destination}");
    rules
}

/// Segments from, or to, addresses that no connection can have, each to a port that listens and to one that does not.
fn from_or_to_impossible_addresses() -> BTreeSet<Rule> {
    let mut rules = BTreeSet::new();
    let one_host = |port| (socket(Side::Client, 5000), socket(Side::Server, port));
    let elsewhere = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 77));
    for port in [80, 81] {
        let (source, destination) = one_host(port);
        for segment in [Segment::syn(SeqNumber(100)), Segment::ack(SeqNumber(100), SeqNumber(7))] {
            for address in IMPOSSIBLE {
                rules.extend(ignored(SocketAddr::new(address, 5000), destination, &segment));
            }
            for address in IMPOSSIBLE.into_iter().chain([elsewhere]) {
                rules.extend(ignored(source, SocketAddr::new(address, port), &segment));
            }
        }
    }
    rules
}

/// Shows MUST-63, MUST-57.
#[test]
fn a_segment_from_or_to_an_address_of_many_hosts_or_of_none_is_ignored() {
    assert_eq!(from_or_to_impossible_addresses(), BTreeSet::from([Rule::ImpossibleAddress]));
    // The same segments are answered where both addresses are those of single hosts.
    let mut host = host(Side::Server, Profile::default());
    let answered = arrive(&mut host, socket(Side::Client, 5000), socket(Side::Server, 81), Segment::syn(SeqNumber(1)));
    assert!(answered.iter().any(|effect| matches!(effect, HostEffect::Send { .. })));
}

/// What a host did is told once, whenever somebody asks; and a host that has nothing to tell is the same whether it was asked
/// or not.
#[test]
fn what_a_host_did_is_told_once() {
    let listen = |host: &mut Host| host.call(Instant::ZERO, Target::Listener(80), Call::open(Open::Passive));
    let status = |host: &mut Host| host.call(Instant::ZERO, Target::Listener(80), Call::Status);
    let syn = datagram(socket(Side::Client, 5000), socket(Side::Server, 80), Segment::syn(SeqNumber(100)));
    let (mut often, mut once) = (host(Side::Server, Profile::default()), host(Side::Server, Profile::default()));
    let mut told = Vec::new();
    for happens in [
        &(|host: &mut Host| assert_eq!(listen(host), Ok((Reply::Ok, None)))) as &dyn Fn(&mut Host),
        &|host| assert_eq!(status(host), Ok((Reply::Status(State::Listen), None))),
        &|host| assert_eq!(host.datagram_arrives(Instant::ZERO, &syn).map(|id| id.0), Some(0)),
        // A call that fails did nothing.
        &|host| assert_eq!(listen(host), Err(CallError::AlreadyExists)),
    ] {
        happens(&mut often);
        happens(&mut once);
        told.extend(often.take_effects());
    }
    assert_ne!(often, once, "only one of them still has something to tell");
    assert_eq!(once.take_effects(), told);
    assert_eq!((often.take_effects(), once.take_effects()), (vec![], vec![]));
    assert_eq!(often, once);
    status(&mut often).expect("it listens");
    assert_eq!(often, once, "a look around is nothing to tell");
}

#[test]
fn an_open_fails_where_the_host_has_no_room_left() {
    let mut host = host(Side::Client, Profile::default());
    let target = Target::Connect { remote: socket(Side::Server, 80), local_port: None };
    for _ in 0..MOST_CONNECTIONS {
        assert_eq!(call(&mut host, target, Call::open(Open::Active)).0, Ok(Reply::Ok));
    }
    let full = host.clone();
    assert_eq!(call(&mut host, target, Call::open(Open::Active)).0, Err(CallError::InsufficientResources));
    assert_eq!(host, full);
}

/// A segment may overtake any other, also one of its own side.
/// Shows MUST-10, 1122-4.2.2.10.
#[test]
fn a_simultaneous_open_makes_one_connection_in_whatever_order_its_segments_arrive() {
    let isn = |isn| IsnGenerator::new(&[SeqNumber(isn)], 0);
    let client = Simulation::host_for(Side::Client, Profile::default(), isn(100));
    let server = Simulation::host_for(Side::Server, Profile::default(), isn(300));
    let mut both = Simulation::new(client, server, Ports::default(), Link::new(Duration::ZERO, Vec::new()), Vec::new());
    for side in Side::BOTH {
        let (local_port, remote) = match side {
            Side::Client => (5000, socket(Side::Server, 80)),
            Side::Server => (80, socket(Side::Client, 5000)),
        };
        let target = Target::Connect { remote, local_port: Some(local_port) };
        both.call(side, target, Call::open(Open::Active), &mut ()).expect("calls are always carried out");
    }
    let mut ends = 0;
    in_every_order(&both, &mut |end| {
        ends += 1;
        for side in Side::BOTH {
            let [connection] = end.host(side).connections() else { panic!("one connection on each side") };
            let tcb = connection.endpoint.tcb();
            assert_eq!(tcb.state, State::Established);
            let (iss, irs) = if side == Side::Client { (100, 300) } else { (300, 100) };
            assert_eq!((tcb.snd_una, tcb.snd_nxt), (Some(SeqNumber(iss + 1)), Some(SeqNumber(iss + 1))));
            assert_eq!((tcb.irs, tcb.rcv_nxt), (Some(SeqNumber(irs)), Some(SeqNumber(irs + 1))));
        }
    });
    assert!(ends >= 6, "the two SYNs and their answers have at least so many orders: {ends}");
}

/// Lets the segments that are on their way arrive in every order, and what they bring about too, at one instant; calls
/// `end` with each outcome.
fn in_every_order(simulation: &Simulation, end: &mut impl FnMut(&Simulation)) {
    simulation.check_invariants();
    if simulation.in_transit().is_empty() {
        return end(simulation);
    }
    let on_their_way: BTreeSet<_> = simulation.in_transit().iter().map(|it| it.segment).collect();
    for first in &on_their_way {
        let mut branch = simulation.clone();
        for segment in &on_their_way {
            let action = if segment == first { Action::Release } else { Action::Hold };
            // Nothing is held the first time that it could be released: it is due already.
            let _ = branch.apply(Deed::Interfere(*segment, action), &mut ());
        }
        assert!(branch.step(&mut ()), "what was released arrives");
        assert!(branch.in_transit().iter().all(|it| it.segment != *first), "it, and nothing else, has arrived");
        in_every_order(&branch, end);
    }
}

/// Six SYNs of senders that do not answer reach a server with this profile, and 0.1 s later that of an honest client. No
/// way takes time. Ends a little before the first of the six is given up where R2 is 3 min.
fn flood(profile: Profile) -> (Simulation, Trace) {
    let client = host(Side::Client, Profile::default());
    let mut server = host(Side::Server, profile);
    call(&mut server, Target::Listener(80), Call::open(Open::Passive)).0.expect("the port is free");
    let mut simulation =
        Simulation::new(client, server, Ports::default(), Link::new(Duration::ZERO, Vec::new()), Vec::new());
    let mut trace = Trace::default();
    for nth in 0..6u8 {
        let source = SocketAddr::new(IpAddr::V4(Ipv4Addr::new(198, 51, 100, nth)), 5000);
        let syn = datagram(source, socket(Side::Server, 80), Segment::syn(SeqNumber(1000 + u32::from(nth))));
        simulation.apply(Deed::forge(Side::Server, syn), &mut trace).expect("there is room");
    }
    open_at(Instant::from_ms(100), &mut simulation, &mut trace, 5000);
    run_until(Instant::from_ms(182_999), &mut simulation, &mut trace);
    (simulation, trace)
}

/// The client opens a connection to the server then.
fn open_at(at: Instant, simulation: &mut Simulation, trace: &mut Trace, local_port: u16) {
    run_until(at, simulation, trace);
    simulation.apply(Deed::Wait(at), trace).expect("what was due has happened");
    let target = Target::Connect { remote: socket(Side::Server, 80), local_port: Some(local_port) };
    simulation.call(Side::Client, target, Call::open(Open::Active), trace).expect("calls are always carried out");
}

fn run_until(at: Instant, simulation: &mut Simulation, trace: &mut Trace) {
    while simulation.next_event_at().is_some_and(|next| next <= at) {
        simulation.step(trace);
        simulation.check_invariants();
    }
}

/// The state of the server's connection with the client's port.
fn served(simulation: &Simulation, client_port: u16) -> State {
    simulation.host(Side::Server).state_towards(80, socket(Side::Client, client_port))
}

/// Shows MUST-20, MUST-23, 4987-FLOOD.
#[test]
fn a_flood_of_syns_fills_the_backlog_until_r2() {
    let (mut simulation, mut trace) = flood(Profile { backlog: 4, ..Profile::default() });
    assert_eq!(simulation.host(Side::Server).requests(), 4, "the first four hold the backlog");
    assert_eq!(served(&simulation, 5000), State::Listen, "the honest client waits in vain");
    let sent_by_server = |trace: &Trace| -> Vec<(u64, String, bool)> {
        let sent = trace.events().iter().filter_map(|event| match &event.kind {
            EventKind::Sent { side: Side::Server, datagram, .. } => {
                Some((event.at.as_us() / 1000, datagram.destination.ip().to_string(), datagram.segment.flags.rst))
            }
            _ => None,
        });
        sent.collect()
    };
    let times: Vec<u64> =
        sent_by_server(&trace).iter().filter(|(_, to, _)| to == "198.51.100.3").map(|(ms, ..)| *ms).collect();
    assert_eq!(times, [0, 1000, 3000, 7000, 15_000, 31_000, 63_000, 123_000], "each SYN,ACK is repeated");
    let full = trace.events().iter().filter(|event| matches!(event.kind, EventKind::BacklogFull { port: 80, .. }));
    // Two of the flood; the honest SYN at 0.1 s and its repetitions at 1.1, 3.1, 7.1, 15.1, 31.1, 63.1 and 123.1 s.
    assert_eq!(full.count(), 2 + 8);
    assert!(sent_by_server(&trace).iter().all(|(.., is_reset)| !is_reset), "they get no answer, not even a reset");

    open_at(Instant::from_ms(200_000), &mut simulation, &mut trace, 5001);
    assert_eq!(simulation.host(Side::Server).requests(), 0, "R2 has freed the backlog");
    run_until(Instant::from_ms(200_001), &mut simulation, &mut trace);
    assert_eq!(served(&simulation, 5001), State::Established);
}

/// Shows 4987-BACKLOG.
#[test]
fn a_larger_backlog_or_a_shorter_wait_serves_an_honest_client_during_a_flood() {
    let small = Profile { backlog: 4, ..Profile::default() };
    let larger = Profile { backlog: 16, ..Profile::default() };
    let shorter = Profile { r2_syn: Some(Duration::from_secs(5)), ..small.clone() };
    for (profile, state) in [(small, State::Listen), (larger, State::Established), (shorter, State::Established)] {
        let (simulation, _) = flood(profile.clone());
        assert_eq!(served(&simulation, 5000), state, "{profile:?}");
    }
}

/// Shows 4987-COOKIES.
#[test]
fn with_cookies_a_flood_is_not_remembered() {
    let (simulation, trace) = flood(Profile { backlog: 0, syn_cookies: true, ..Profile::default() });
    assert_eq!(served(&simulation, 5000), State::Established);
    let created =
        trace.events().iter().filter(|event| matches!(event.kind, EventKind::Created { side: Side::Server, .. }));
    assert_eq!(created.count(), 1, "only the honest client ever costs the server anything");
    let answers = trace.events().iter().filter(|event| {
        matches!(&event.kind, EventKind::Sent { side: Side::Server, datagram, .. } if datagram.segment.flags.syn)
    });
    assert_eq!(answers.count(), 6 + 1, "every SYN is answered, once: a cookie cannot be repeated");
}

/// A server with two segments has no half-open connections that a backlog could limit.
#[test]
fn with_two_segments_a_flood_is_limited_by_the_accept_queue_or_by_what_a_host_can_hold() {
    for (accepting, most) in [(Accepting::OnCall, 5), (Accepting::Eager, MOST_CONNECTIONS)] {
        let handshake = Handshake::TwoWay;
        let mut host =
            host(Side::Server, Profile { handshake, accepting, accept_queue: 5, backlog: 2, ..Profile::default() });
        call(&mut host, Target::Listener(80), Call::open(Open::Passive)).0.expect("the port is free");
        for port in 1..=u16::try_from(MOST_CONNECTIONS + 100).expect("a port") {
            arrive(&mut host, socket(Side::Client, port), socket(Side::Server, 80), Segment::syn(SeqNumber(1000)));
            host.check_invariants();
        }
        assert_eq!(host.connections().len(), most, "{accepting:?}");
    }
}

/// RFC 6335 §6: the dynamic ports, each in its turn.
#[test]
fn an_open_without_a_port_takes_the_next_dynamic_one_that_is_free_there() {
    let mut host = host(Side::Client, Profile::default());
    let open = |host: &mut Host, remote_port: u16, local_port: Option<u16>| {
        let target = Target::Connect { remote: socket(Side::Server, remote_port), local_port };
        call(host, target, Call::open(Open::Active)).0.expect("there is a port");
        host.connections().last().expect("it was opened").local.port()
    };
    assert_eq!(open(&mut host, 80, None), FIRST_DYNAMIC_PORT);
    assert_eq!(open(&mut host, 80, None), FIRST_DYNAMIC_PORT + 1);
    open(&mut host, 80, Some(FIRST_DYNAMIC_PORT + 3));
    open(&mut host, 80, Some(FIRST_DYNAMIC_PORT + 2));
    assert_eq!(open(&mut host, 80, None), FIRST_DYNAMIC_PORT + 4, "the one before is taken");
    open(&mut host, 80, Some(u16::MAX));
    assert_eq!(open(&mut host, 80, None), FIRST_DYNAMIC_PORT + 5, "after the last one comes the first that is free");
    open(&mut host, 80, Some(u16::MAX - 1));
    assert_eq!(open(&mut host, 81, None), u16::MAX, "a port is taken towards one remote socket");
    assert_eq!(open(&mut host, 81, None), FIRST_DYNAMIC_PORT);
    host.crash();
    host.reboot(Instant::ZERO);
    assert_eq!(
        open(&mut host, 80, None),
        FIRST_DYNAMIC_PORT,
        "after a crash it begins anew, and meets what is left there"
    );
}

/// MAY-2: what takes over sockets takes no more room than what it replaces.
#[test]
fn sockets_in_time_wait_can_be_taken_over_where_the_host_has_no_room_for_another_connection() {
    let mut host =
        host(Side::Server, Profile { timewait_reuse: TimeWaitReuse::Rfc1122, backlog: 1, ..Profile::default() });
    call(&mut host, Target::Listener(80), Call::open(Open::Passive)).0.expect("the port is free");
    let restored = |tcb: Tcb| Endpoint::restore(&tcb, Instant::ZERO, &Profile::default()).expect("it is whole");
    let number = |number| Some(SeqNumber(number));
    let closed =
        Tcb { snd_una: number(301), snd_nxt: number(301), rcv_nxt: number(102), ..Tcb::empty(State::TimeWait) };
    let closed = restored(Tcb { fin: FinStatus::Sent, ..closed });
    let opening = restored(Tcb { iss: number(7), ..Tcb::empty(State::SynSent) });
    let (client, server) = (socket(Side::Client, 5000), socket(Side::Server, 80));
    host.restore(80, client, closed);
    for port in (1..).take(MOST_CONNECTIONS - 1) {
        host.restore(81, socket(Side::Client, port), opening.clone());
    }
    host.check_invariants();
    arrive(&mut host, client, server, Segment::syn(SeqNumber(9000)));
    assert_eq!(host.state_towards(80, client), State::SynReceived);
    assert_eq!(host.connections().len(), MOST_CONNECTIONS);
}

/// MAY-2: the incarnation in TIME-WAIT, and what it has not delivered, stay until the new one is confirmed.
#[test]
fn what_took_over_sockets_in_time_wait_costs_both_control_blocks_until_it_is_established() {
    let story = Scenario::parse(
        "client isn 100 50000, port 5000
         server isn 300 900, listen 80, reading on-call, time-wait-reuse rfc1122
         at 0ms client open
         at 200ms client send 7
         at 300ms server close
         at 500ms client close
         at 1s client open",
    );
    let (mut simulation, mut trace) = (story.expect("it reads").simulation(), Trace::default());
    let mut held = |until_ms: u64| {
        run_until(Instant::from_ms(until_ms), &mut simulation, &mut trace);
        simulation.host(Side::Server).memory_held()
    };
    assert_eq!(held(999), CONTROL_BLOCK_OCTETS + 7, "TIME-WAIT");
    assert_eq!(held(1050), 2 * CONTROL_BLOCK_OCTETS + 7, "SYN-RECEIVED");
    assert_eq!(held(1150), CONTROL_BLOCK_OCTETS, "ESTABLISHED");
}
