//! Numbers, timers and windows, in runs with losses.

use std::collections::{BTreeMap, BTreeSet};

use synfin::host::Connection;
use synfin::network::{Fault, Which};
use synfin::profile::{AckMode, Profile};
use synfin::rule::Rule;
use synfin::scenario::{CATALOGUE, Scenario};
use synfin::segment::Segment;
use synfin::seq::SeqNumber;
use synfin::simulation::{Deed, Simulation};
use synfin::tcp::{Action, ConnectionId, KeepAlive, Role, Side, State, Timer, UserEvent};
use synfin::time::{Duration, Instant};
use synfin::trace::{EventKind, Trace};

use super::{datagram, socket};

/// More than any of these runs needs.
const MOST_STEPS: usize = 10_000;

/// A connection that both sides use, with options and settings that make all kinds of segments.
const BUSY: &str = "
    client isn 4294967000, keep-alive 2s every 1s, mss 400, window-scale 2, timestamps on, sack-permitted on, ack delayed
    server isn 300, mss 400, window-scale 0, timestamps on, sack-permitted on, listen 80
    at 0ms client open
    when client ESTABLISHED client send 1500
    when server ESTABLISHED after 20ms server send 900
    when server receives 1500 after 9s server close
    when client receives 900 after 10s client close
";

/// Both sides open at once, over a way that takes nearly an RTO.
const BOTH_OPEN: &str = "
    link delay 900ms
    client isn 100
    server isn 300
    at 0ms client open
    at 10ms server open to 49152
    when client ESTABLISHED client send 45
    when server CLOSE-WAIT server close
    when client ESTABLISHED after 5s client close
";

/// The stories of the catalogue, and these two with any one or two segments of either side lost.
fn runs() -> Vec<Scenario> {
    let parse = |script: &str| Scenario::parse(script).unwrap_or_else(|mistakes| panic!("{mistakes}"));
    let mut runs: Vec<Scenario> = CATALOGUE.iter().map(|story| parse(story.script)).collect();
    for script in [BUSY, BOTH_OPEN] {
        runs.push(parse(script));
        for from in Side::BOTH {
            for nth in 1..8 {
                let mut faults = vec![Fault { from, which: Which::nth(nth), action: Action::Drop }];
                runs.push(Scenario { faults: faults.clone(), ..parse(script) });
                faults.push(Fault { from: from.other(), which: Which::nth(nth / 2 + 1), action: Action::Drop });
                runs.push(Scenario { faults, ..parse(script) });
            }
        }
    }
    runs
}

/// Runs a story to its end, and looks at it before and after each step.
fn observe(story: &Scenario, mut look: impl FnMut(&Simulation, &Simulation)) -> Trace {
    let (mut simulation, mut trace) = (story.simulation(), Trace::default());
    for _ in 0..MOST_STEPS {
        let before = simulation.clone();
        if !simulation.step(&mut trace) {
            return trace;
        }
        simulation.check_invariants();
        look(&before, &simulation);
    }
    panic!("it ends\n{story}");
}

/// What a run sent, in order: when, from where, and as what.
fn sent(trace: &Trace) -> impl Iterator<Item = (Instant, Side, Option<ConnectionId>, &Segment, Role)> {
    trace.events().iter().filter_map(|event| match &event.kind {
        EventKind::Sent { side, connection, datagram, role: Some(role), .. } => {
            Some((event.at, *side, *connection, &datagram.segment, *role))
        }
        _ => None,
    })
}

fn connection(simulation: &Simulation, side: Side, id: ConnectionId) -> Option<&Connection> {
    simulation.host(side).connections().iter().find(|it| it.id == id)
}

/// Shows MUST-65.
#[test]
fn only_a_syn_carries_the_options_of_a_syn() {
    let mut with_mss = 0;
    for story in runs() {
        for (_, _, _, segment, role) in sent(&observe(&story, |_, _| {})) {
            let options = segment.options;
            assert_eq!(options.mss.is_some(), segment.flags.syn, "{segment} ({role:?})\n{story}");
            assert!(segment.flags.syn || (options.window_scale.is_none() && !options.sack_permitted), "{segment}");
            with_mss += u32::from(options.mss.is_some());
        }
    }
    assert!(with_mss > 100, "SYNs were sent: {with_mss}");
}

/// RFC 9293 §3.4: a SYN and a FIN take one number each, an octet one, a bare acknowledgment none.
/// Shows 9293-3.4-LEN.
#[test]
fn new_segments_begin_where_the_ones_before_ended() {
    for story in runs() {
        let mut next: BTreeMap<(Side, ConnectionId), SeqNumber> = BTreeMap::new();
        for (_, side, connection, segment, role) in sent(&observe(&story, |_, _| {})) {
            let Some(key) = connection.map(|id| (side, id)).filter(|_| !segment.flags.rst) else { continue };
            let expected = *next.entry(key).or_insert(segment.seq);
            let octets = u32::try_from(segment.payload.len()).expect("a segment is short");
            let end = segment.seq + octets + u32::from(segment.flags.syn) + u32::from(segment.flags.fin);
            match role {
                // The SYN,ACK of a simultaneous open has the number of the SYN.
                Role::New if segment.flags.syn && segment.ack.is_some() && end == expected => {}
                // A SYN that takes over sockets in TIME-WAIT begins a new incarnation, with a number of its own.
                Role::New if segment.flags.syn => {
                    next.insert(key, end);
                }
                Role::New | Role::Probe => {
                    assert_eq!(segment.seq, expected, "{segment}\n{story}");
                    next.insert(key, end);
                }
                Role::Ack | Role::ChallengeAck => assert_eq!((segment.seq, end), (expected, expected), "{segment}"),
                Role::Retransmission => assert!(end.is_at_or_before(expected), "{segment}\n{story}"),
                Role::KeepAlive => assert_eq!((segment.seq + 1, end + 1), (expected, expected), "{segment}"),
                Role::Reset | Role::Abort => {}
            }
        }
        assert!(!next.is_empty(), "something was sent\n{story}");
    }
}

/// RFC 6298 §5: never less than one RTO after the previous transmission.
/// Shows 6298-5.
#[test]
fn nothing_is_repeated_before_an_rto_has_passed() {
    let mut repeated = 0;
    for story in runs() {
        let mut rtos = Vec::new();
        let trace = observe(&story, |before, _| {
            let rtos_before = Side::BOTH.into_iter().flat_map(|side| {
                let connections = before.host(side).connections().iter();
                connections.filter_map(move |it| Some(((side, it.id), it.endpoint.tcb().rto?)))
            });
            rtos.push(rtos_before.collect::<BTreeMap<_, _>>());
        });
        let mut last: BTreeMap<(Side, ConnectionId, u32), Instant> = BTreeMap::new();
        let mut decided = None;
        for event in trace.events() {
            if let EventKind::Decided { rule, .. } = event.kind {
                decided = Some(rule);
            }
            let EventKind::Sent { side, connection: Some(id), datagram, role, .. } = &event.kind else { continue };
            let segment = &datagram.segment;
            if segment.is_empty() || segment.flags.rst {
                continue;
            }
            let before = last.insert((*side, *id, segment.seq.0), event.at);
            // What a closed window refused, and a SYN whose way was freed, are not repeated because they may be lost.
            let is_about_loss = !matches!(decided, Some(Rule::RefusedTextAgain | Rule::SynAgainAtOnce));
            if *role == Some(Role::Retransmission) && is_about_loss {
                let rto = rtos[event.step as usize - 1][&(*side, *id)];
                let waited = event.at.since(before.expect("it was sent before"));
                assert!(waited >= rto, "{segment} after {waited}, RTO {rto}\n{story}");
                repeated += 1;
            }
        }
    }
    assert!(repeated > 50, "some segments were repeated: {repeated}");
}

/// Shows 6298-5.1-3.
#[test]
fn the_retransmission_timer_runs_while_something_is_outstanding_and_begins_anew_with_each_progress() {
    let mut restarts = 0;
    for story in runs() {
        observe(&story, |before, after| {
            for side in Side::BOTH {
                for it in after.host(side).connections() {
                    let tcb = it.endpoint.tcb();
                    let is_outstanding = tcb.snd_una != tcb.snd_nxt;
                    assert_eq!(tcb.timers.is_running(Timer::Retransmission), is_outstanding, "{story}");
                    let una_before = connection(before, side, it.id).and_then(|it| it.endpoint.tcb().snd_una);
                    if is_outstanding && una_before.is_some() && una_before != tcb.snd_una {
                        let anew = after.now() + tcb.rto.expect("it has one");
                        assert_eq!(tcb.timers.deadline(Timer::Retransmission), Some(anew), "{story}");
                        restarts += 1;
                    }
                }
            }
        });
    }
    assert!(restarts > 50, "some acknowledgments left something outstanding: {restarts}");
}

/// RFC 6298 §4: where the round trip never varies, the clock's granularity takes the place of its variance.
/// Shows 6298-4.
#[test]
fn with_a_constant_delay_the_rto_stays_one_tick_of_the_clock_above_the_round_trip() {
    let script: String = (0..60).map(|nth| format!("at {}ms client send 10\n", 1000 + nth * 200)).collect();
    let script = format!("server listen 80\nat 0ms client open\n{script}");
    let mut story = Scenario::parse(&script).expect("it reads");
    story.client.profile.min_rto = Duration::ZERO;
    let mut rto = None;
    observe(&story, |_, after| {
        rto = after.host(Side::Client).connections().first().and_then(|it| it.endpoint.tcb().rto)
    });
    assert_eq!(rto, Some(Duration::from_ms(100 + 1)), "2 x 50 ms and G = 1 ms");
}

/// Shows MAY-8, MUST-37.
#[test]
fn a_window_may_stay_closed_for_an_hour_while_probes_are_answered() {
    let story = "
        server listen 80, buffer 10, reading on-call
        at 0ms client open
        when client ESTABLISHED client send 25
        at 3600s server receive 10
        at 3700s server receive 10
        at 3800s server receive 10
    ";
    let story = Scenario::parse(story).expect("it reads");
    let hour = Instant::from_ms(3_600_000);
    let mut states = BTreeSet::new();
    let trace = observe(&story, |_, after| {
        if after.now() > Instant::from_ms(1000) {
            states.extend(Side::BOTH.map(|side| after.host(side).connections()[0].endpoint.state()));
        }
    });
    assert_eq!(states, BTreeSet::from([State::Established]), "nobody gives up");
    let probes: Vec<Instant> = sent(&trace)
        .filter(|(at, side, _, segment, _)| *at < hour && *side == Side::Client && segment.payload.len() == 1)
        .map(|(at, ..)| at)
        .collect();
    assert!(probes.len() > 60, "one a minute at least: {}", probes.len());
    assert!(probes.windows(2).all(|pair| pair[1].since(pair[0]) <= Profile::default().max_rto));
    let received: usize = trace
        .events()
        .iter()
        .filter_map(|event| match &event.kind {
            EventKind::Called { side: Side::Server, result: Ok(synfin::tcp::Reply::Data(data)), .. } => {
                Some(data.len())
            }
            _ => None,
        })
        .sum();
    assert_eq!(received, 25, "and everything arrives once the user reads");
}

/// SND.WL1 and SND.WL2 are numbers of the SYN,ACK: else the numbers of what follows, half of the number space beyond
/// zero, would look old.
/// Shows 1122-4.2.2.20c.
#[test]
fn the_syn_ack_is_the_first_segment_that_sets_the_window() {
    let story = "
        client isn 100
        server isn 2147483700, listen 80, buffer 50, reading on-call
        at 0ms client open
        when client ESTABLISHED client send 20
    ";
    let mut windows = Vec::new();
    observe(&Scenario::parse(story).expect("it reads"), |_, after| {
        windows.extend(after.host(Side::Client).connections().first().and_then(|it| it.endpoint.tcb().snd_wnd));
    });
    windows.dedup();
    assert_eq!(windows, [0, 50, 30]);
}

/// Shows MUST-21, MUST-22.
#[test]
fn r2_is_what_the_user_sets_even_if_it_is_never() {
    let day = Instant::ZERO + Duration::from_secs(24 * 60 * 60);
    let given_up = |r2: &str, lost: &str| {
        let script = format!(
            "client {r2}\nserver listen 80\nat 0ms client open\nwhen client ESTABLISHED after 900ms client send 10\n\
             drop client every {lost}\n"
        );
        let (mut simulation, mut trace) = (Scenario::parse(&script).expect("it reads").simulation(), Trace::default());
        while simulation.next_event_at().is_some_and(|next| next < day) {
            simulation.step(&mut trace);
        }
        let told = |kind: &EventKind| {
            matches!(kind, EventKind::Told { event: UserEvent::ExcessiveRetransmissions, side: Side::Client, .. })
        };
        trace.events().iter().find(|event| told(&event.kind)).map(|event| event.at.as_us() / 1_000_000)
    };
    // The timer expires 1, 3, 7, 15 and 31 s after the first copy: that of the SYN left at 0 s, that of the text at 1 s.
    assert_eq!(["r2-syn 3s", "r2-syn 20s", "r2-syn none"].map(|r2| given_up(r2, "syn")), [Some(3), Some(31), None]);
    assert_eq!(["r2 3s", "r2 20s", "r2 none"].map(|r2| given_up(r2, "data")), [Some(4), Some(32), None]);
}

/// Shows MUST-27.
#[test]
fn a_silent_peer_is_asked_as_soon_and_as_often_as_the_user_wants() {
    for (idle, every) in [(1_000, 200), (90_000, 75_000), (3 * 60 * 60 * 1000, 500)] {
        let story = format!(
            "client keep-alive {idle}ms every {every}ms probes 3\nserver listen 80\nat 0ms client open\nat 150ms server crash\n"
        );
        let trace = observe(&Scenario::parse(&story).expect("it reads"), |_, _| {});
        let asked: Vec<Instant> =
            sent(&trace).filter(|(.., role)| *role == Role::KeepAlive).map(|(at, ..)| at).collect();
        // The SYN,ACK was the last that was heard.
        let expected = [0, 1, 2].map(|nth| Instant::from_ms(100 + idle + nth * every));
        assert_eq!(asked, expected);
    }
}

/// Shows 5961-7.
#[test]
fn a_flood_of_forged_resets_is_answered_within_the_limit() {
    assert_is_limited(|nth| Segment::rst(SeqNumber(102 + nth)), Role::ChallengeAck);
}

/// Shows 5961-4.2, 5961-7.
#[test]
fn a_flood_of_forged_syns_is_answered_within_the_limit_wherever_their_numbers_lie() {
    assert_is_limited(|nth| Segment::syn(SeqNumber(102 + nth)), Role::ChallengeAck);
    assert_is_limited(|nth| Segment::syn(SeqNumber(900_000 + nth)), Role::ChallengeAck);
    assert_is_limited(|_| Segment::syn(SeqNumber(100)), Role::Ack);
    let syn_ack = |seq| Segment { ack: Some(SeqNumber(301)), ..Segment::syn(SeqNumber(seq)) };
    assert_is_limited(|nth| syn_ack(900_000 + nth), Role::ChallengeAck);
}

/// A thousand forged segments in one second, and in another, to a server that answers ten in a second.
fn assert_is_limited(forged: impl Fn(u32) -> Segment, role: Role) {
    let story = Scenario::parse("client isn 100\nserver isn 300, listen 80, challenge-limit 10\nat 0ms client open\n");
    let (mut simulation, mut trace) = (story.expect("it reads").simulation(), Trace::default());
    while simulation.step(&mut trace) {}
    for from_ms in [5000, 7000] {
        simulation.apply(Deed::Wait(Instant::from_ms(from_ms)), &mut trace).expect("nothing else happens");
        for nth in 0..1000 {
            let datagram = datagram(socket(Side::Client, 49152), socket(Side::Server, 80), forged(nth));
            simulation.apply(Deed::forge(Side::Server, datagram), &mut trace).expect("there is room");
        }
        while simulation.step(&mut trace) {}
        assert_eq!(simulation.host(Side::Server).connections()[0].endpoint.state(), State::Established);
        let answers = sent(&trace).filter(|(at, side, _, _, came)| {
            *at >= Instant::from_ms(from_ms) && (*side, *came) == (Side::Server, role)
        });
        assert_eq!(answers.count(), 10, "from {from_ms} ms on, such as {}", forged(0));
    }
}

/// The defaults that the standards name.
/// Shows SHLD-10, SHLD-11, MUST-23, MUST-25, MUST-28, MUST-40, 9293-3.4.2-MSL, 6298-2.1, 6298-2.4, 6298-2.5, 6298-5.7.
#[test]
fn the_settings_begin_as_the_standards_say() {
    let profile = Profile::default();
    assert_eq!(profile.msl, Duration::from_secs(120));
    assert_eq!(profile.two_msl(), Duration::from_secs(240));
    assert!(profile.r1_retransmissions >= 3);
    assert!(profile.r2_data.is_some_and(|r2| r2 >= Duration::from_secs(100)));
    assert!(profile.r2_syn.is_some_and(|r2| r2 >= Duration::from_secs(180)));
    assert!(profile.delayed_ack < Duration::from_ms(500));
    assert_eq!(profile.keep_alive, None);
    assert!(KeepAlive::default().idle >= Duration::from_secs(7200) && KeepAlive::default().probes > 1);
    assert_eq!((profile.initial_rto, profile.min_rto), (Duration::from_secs(1), Duration::from_secs(1)));
    assert!(profile.max_rto >= Duration::from_secs(60));
    assert_eq!(profile.rto_after_lost_syn, Duration::from_secs(3));
    assert!(profile.rfc5961 && profile.challenge_ack_limit.is_some());
    assert_eq!(profile.ack_mode, AckMode::Immediate);
}

/// RFC 9293 §3.3.2: eleven states, of which CLOSED is no connection at all.
/// Shows 9293-3.3.2-STATES.
#[test]
fn there_are_eleven_states_and_a_closed_connection_leaves_nothing_behind() {
    let names: BTreeSet<&str> = State::ALL.iter().map(|state| state.name()).collect();
    assert_eq!(names.len(), 11);
    let mut last = None;
    observe(&Scenario::parse(BUSY).expect("it reads"), |_, after| last = Some(after.clone()));
    let last = last.expect("something happened");
    for side in Side::BOTH {
        assert_eq!(last.host(side).connections(), []);
        assert_eq!(last.host(side).next_timer(), None);
    }
    assert!(last.in_transit().is_empty(), "nothing is left on the way either");
}
