//! Properties that hold for any run: random stories, random faults, random nonsense. `random` makes them up.

mod random;

use std::collections::BTreeMap;
use std::net::SocketAddr;

use bytes::Bytes;
use proptest::prelude::*;
use synfin::history::History;
use synfin::profile::{Accepting, Handshake, Reading, TimeWait, TimeWaitReuse};
use synfin::scenario::Scenario;
use synfin::segment::{Datagram, Flags, Segment};
use synfin::seq::SeqNumber;
use synfin::simulation::{Act, Deed, Simulation, UserCall, When};
use synfin::tcp::{Call, ConnectionId, Reply, Side, State, UserEvent};
use synfin::time::{Duration, Instant};
use synfin::trace::{EventKind, Trace};

use crate::rules::silent_steps;

use random::chance;
pub(super) use random::{command, forged, segment, side, story, troubled_story, wild_story};

/// Longer than any run of these stories needs: a run that reaches it never ends. The longest are those in which a forged
/// segment closes the window and makes every later one look older: then each octet leaves as a probe.
const MOST_STEPS: usize = 100_000;

/// How often a property is tried: so often, or as often as PROPTEST_CASES says (`make fuzz`).
pub fn cases(usual: u32) -> ProptestConfig {
    let asked = ProptestConfig::default();
    if std::env::var_os("PROPTEST_CASES").is_some() { asked } else { ProptestConfig { cases: usual, ..asked } }
}

/// What a side's user gave to SEND and had accepted, and what the other side's user received.
pub(super) fn octets(trace: &Trace, from: Side) -> (Vec<u8>, Vec<u8>) {
    let sent = lives(trace, from).into_iter().flat_map(|life| life.sent);
    let received = lives(trace, from.other()).into_iter().flat_map(|life| life.received);
    (sent.collect(), received.collect())
}

/// What went through one connection at one end.
#[derive(Debug, Default)]
struct Life {
    /// What was given to SEND and accepted.
    sent: Vec<u8>,
    received: Vec<u8>,
    /// Whether the other side has ever shown that it is there.
    was_established: bool,
}

/// What went through each connection of a side, in the order in which they came to be.
fn lives(trace: &Trace, side: Side) -> Vec<Life> {
    // A SYN that takes over the sockets of a connection in TIME-WAIT begins another one.
    let mut takeovers: BTreeMap<ConnectionId, u32> = BTreeMap::new();
    let mut lives: BTreeMap<(ConnectionId, u32), Life> = BTreeMap::new();
    for event in trace.events() {
        let Some((id, what)) = part_of(side, &event.kind) else { continue };
        let takeovers = takeovers.entry(id).or_default();
        match what {
            Part::TakesOver => *takeovers += 1,
            Part::IsEstablished => lives.entry((id, *takeovers)).or_default().was_established = true,
            Part::Sends(text) => lives.entry((id, *takeovers)).or_default().sent.extend(text),
            Part::Receives(text) => lives.entry((id, *takeovers)).or_default().received.extend(text),
        }
    }
    lives.into_values().collect()
}

/// What an event means to a connection.
enum Part<'a> {
    Sends(&'a Bytes),
    Receives(&'a Bytes),
    IsEstablished,
    TakesOver,
}

fn part_of(side: Side, kind: &EventKind) -> Option<(ConnectionId, Part<'_>)> {
    match kind {
        EventKind::Called { side: it, connection, call, result: Ok(reply) } if *it == side => match (&**call, reply) {
            (Call::Send { data: text, .. }, _) => Some(((*connection)?, Part::Sends(text))),
            (_, Reply::Data(text)) => Some(((*connection)?, Part::Receives(text))),
            _ => None,
        },
        EventKind::Told { side: it, connection, event: UserEvent::Received(text) } if *it == side => {
            Some(((*connection)?, Part::Receives(text)))
        }
        EventKind::Entered { side: it, connection, to: State::Established, .. } if *it == side => {
            Some(((*connection)?, Part::IsEstablished))
        }
        EventKind::Entered { side: it, connection, from: State::TimeWait, to: State::SynReceived, .. }
            if *it == side =>
        {
            Some(((*connection)?, Part::TakesOver))
        }
        _ => None,
    }
}

/// Runs to the end and checks the invariants after every step.
fn run_checked(simulation: &mut Simulation, trace: &mut Trace) -> usize {
    let mut steps = 0;
    while steps < MOST_STEPS && simulation.step(trace) {
        simulation.check_invariants();
        steps += 1;
    }
    steps
}

/// Whether two honest ends that never give up have a reason to go on for ever, of which the RFC has two: neither reads the
/// other's acknowledgments any more (§A.2, `acknowledgments-unread.tcp`), because each sends from where the other's window
/// ends and repeats what has arrived; or an old SYN made a connection whose numbers the other side does not know (§3.4.3),
/// because the network kept it for longer than a TIME-WAIT.
fn has_reason_to_go_on(simulation: &Simulation) -> bool {
    let tcb = |side| simulation.host(side).connections().last().map(|it| it.endpoint.tcb());
    let is_unheard = |from, to| {
        let (from, to) = (tcb(from)?, tcb(to)?);
        let has_arrived = from.snd_una?.is_before(to.rcv_nxt?);
        Some(has_arrived && !from.snd_nxt?.is_within(to.rcv_nxt?, to.rcv_wnd?))
    };
    let never_gives_up = |side| tcb(side).and_then(|it| it.limits).is_some_and(|limits| limits.r2.is_none());
    let is_locked_out = |side: Side| is_unheard(side, side.other()).unwrap_or(false);
    let is_unknown = |side: Side| tcb(side).map(|it| it.iss) != tcb(side.other()).map(|it| it.irs);
    Side::BOTH.into_iter().all(never_gives_up)
        && (Side::BOTH.into_iter().all(is_locked_out) || Side::BOTH.into_iter().any(is_unknown))
}

/// Runs to the end, which must come; then nobody has a connection.
fn assert_both_end(story: &Scenario) -> Result<Trace, TestCaseError> {
    let (mut simulation, mut trace) = (story.simulation(), Trace::default());
    let steps = run_checked(&mut simulation, &mut trace);
    prop_assume!(steps < MOST_STEPS || !has_reason_to_go_on(&simulation));
    prop_assert!(steps < MOST_STEPS, "it ends\n{story}");
    prop_assert_eq!(silent_steps(&trace), Vec::<String>::new(), "everything has a reason\n{}", story);
    for side in Side::BOTH {
        prop_assert!(simulation.host(side).connections().is_empty(), "the {} ends\n{story}", side.name());
    }
    Ok(trace)
}

/// What each connection that `counts` receives is a prefix of what one connection of the other side sent.
fn assert_nothing_is_invented(
    trace: &Trace,
    story: &Scenario,
    counts: impl Fn(&Life) -> bool,
) -> Result<(), TestCaseError> {
    for side in Side::BOTH {
        let others = lives(trace, side.other());
        for Life { received, .. } in lives(trace, side).into_iter().filter(&counts) {
            let is_sent = received.is_empty() || others.iter().any(|other| other.sent.starts_with(&received));
            prop_assert!(is_sent, "what the {} receives was sent\n{story}", side.name());
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(cases(120))]

    /// With faults that leave some segments alone, both ends reach an end, and everything arrives, once and in order.
    #[test]
    fn whatever_the_network_does_everything_arrives_and_both_sides_end(story in story()) {
        let trace = assert_both_end(&story)?;
        for side in Side::BOTH {
            let (sent, received) = octets(&trace, side);
            let reader = &story.host(side.other()).profile;
            match (reader.reading, reader.accepting) {
                (Reading::Eager, Accepting::Eager) => {
                    prop_assert_eq!(&sent, &received, "all that the {} sent\n{}", side.name(), story);
                }
                // What was not read when both have closed cannot be read any more (RFC 9293 §3.10.3).
                (Reading::OnCall, _) | (_, Accepting::OnCall) => {
                    prop_assert!(sent.starts_with(&received), "of the {}\n{}", side.name(), story);
                }
            }
        }
    }

    /// Also where hosts crash, users lose patience and ports are opened again, every connection comes to an end.
    #[test]
    fn whatever_happens_to_the_hosts_both_sides_end_and_nothing_is_invented(story in troubled_story()) {
        let trace = assert_both_end(&story)?;
        // Where two segments are enough, an old SYN makes a connection of old octets.
        if Side::BOTH.into_iter().all(|side| story.host(side).profile.handshake == Handshake::ThreeWay) {
            assert_nothing_is_invented(&trace, &story, |_| true)?;
        }
    }

    /// Whatever was forged, and whoever uses a port again, every run ends: two ends whose numbers do not agree do not answer
    /// each other for ever.
    #[test]
    fn every_run_ends_whatever_is_forged_and_however_soon_a_port_is_used_again(
        story in story(),
        again in prop::collection::vec(0u64..8000, 0..3),
        closes in prop::collection::vec((side(), 0u64..8000), 0..4),
        forged in prop::collection::vec((0usize..12, side(), segment()), 0..8),
        has_time_wait in any::<bool>(),
        reuse in prop::sample::select(vec![TimeWaitReuse::Never, TimeWaitReuse::Rfc1122, TimeWaitReuse::Rfc6191]),
        isns in prop::collection::vec(prop_oneof![Just(100u32), Just(300), any::<u32>()], 2..5),
    ) {
        let mut story = story;
        for side in Side::BOTH {
            let setup = story.host_mut(side);
            setup.isns.extend(isns.iter().copied().map(SeqNumber));
            setup.profile.time_wait = if has_time_wait { TimeWait::TwoMsl } else { TimeWait::Skipped };
            setup.profile.timewait_reuse = reuse;
            // What goes on for as long as somebody is patient is no loop: a closed window is probed for as long as nobody
            // reads, a silent peer is asked for as long as it answers, and what nobody acknowledges is repeated until R2.
            (setup.profile.reading, setup.profile.accepting) = (Reading::Eager, Accepting::Eager);
            setup.profile.keep_alive = None;
            let limits = (Some(Duration::from_secs(100)), Some(Duration::from_secs(180)));
            (setup.profile.r2_data, setup.profile.r2_syn) = limits;
        }
        let at = |ms| When::At(Instant::from_ms(ms));
        let open = UserCall::Open { from: Some(49152), to: None, timeout: None };
        story.acts.extend(again.into_iter().map(|ms| Act::user(at(ms), Side::Client, open.clone())));
        story.acts.extend(closes.into_iter().map(|(side, ms)| Act::user(at(ms), side, UserCall::Close)));
        let (mut simulation, mut trace) = (story.simulation(), Trace::default());
        for (steps, to, segment) in forged {
            for _ in 0..steps {
                simulation.step(&mut trace);
            }
            let port = |side| if side == Side::Client { 49152 } else { 80 };
            let of = |side| SocketAddr::new(Simulation::address_of(side), port(side));
            let datagram = Datagram { source: of(to.other()), destination: of(to), segment };
            // A network that is full of tiny segments refuses one more.
            let _ = simulation.apply(Deed::forge(to, datagram), &mut trace);
        }
        prop_assert!(run_checked(&mut simulation, &mut trace) < MOST_STEPS, "it ends\n{story}");
        prop_assert_eq!(silent_steps(&trace), Vec::<String>::new(), "everything has a reason\n{}", story);
    }

    /// Whatever is done to a run, nothing panics and what must hold holds; undone step by step, it is as it was.
    #[test]
    fn no_command_and_no_segment_breaks_a_run(
        story in wild_story(),
        commands in prop::collection::vec((0usize..4, command()), 1..25),
    ) {
        let mut run = History::new(story);
        let start = run.simulation().clone();
        for (steps, command) in commands {
            for _ in 0..steps {
                run.step();
                run.simulation().check_invariants();
            }
            // Most commands name something that is not there: then they are refused and nothing has changed.
            let _ = run.apply(command);
            run.simulation().check_invariants();
        }
        for _ in 0..200 {
            run.step();
            run.simulation().check_invariants();
        }
        prop_assert_eq!(silent_steps(run.trace()), Vec::<String>::new(), "everything has a reason");
        let (end, digest, cursor) = (run.simulation().clone(), run.trace().digest(), run.cursor());
        run.seek(0);
        prop_assert_eq!(run.simulation(), &start);
        run.seek(cursor);
        prop_assert_eq!(run.simulation(), &end);
        prop_assert_eq!(run.trace().digest(), digest);
    }

    /// Forged resets, SYNs and acknowledgments may end a connection, but octets are never invented or reordered as long
    /// as no forged segment carries text.
    #[test]
    fn what_is_received_is_a_prefix_of_what_was_sent(
        story in story(),
        forgeries in prop::collection::vec((0usize..8, prop::sample::select(Side::BOTH.to_vec()), segment()), 0..12),
    ) {
        let mut run = History::new(story.clone());
        for (steps, to, segment) in forgeries {
            for _ in 0..steps {
                run.step();
            }
            // A forged FIN would end the stream of data early, and text would be part of it.
            let flags = Flags { fin: false, ..segment.flags };
            let segment = Segment { payload: Bytes::new(), flags, ..segment };
            // A network that is full of tiny segments, after a forged SYN with a tiny MSS, refuses one more.
            let _ = run.apply(forged(to, segment, [story.port_of(Side::Client), story.port_of(Side::Server)]));
        }
        run.seek(20_000);
        // Whoever closes in SYN-RECEIVED takes text before its SYN is acknowledged (RFC 9293 §3.10.4, §3.10.7.4), and after
        // a forged SYN it may come from the middle of an older connection.
        assert_nothing_is_invented(run.trace(), &story, |life| life.was_established)?;
    }

    /// What chance does depends on the seed alone.
    #[test]
    fn the_same_seed_gives_the_same_trace(story in story(), chance in chance(40)) {
        let story = Scenario { chance, ..story };
        let again = Scenario::parse(&story.to_string()).expect("what is printed can be read");
        let [first, second] = [story, again].map(|story| {
            let mut run = History::new(story);
            run.seek(2_000);
            (run.simulation().clone(), run.trace().digest())
        });
        prop_assert_eq!(first, second);
    }
}
