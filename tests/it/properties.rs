//! Properties that hold for any run: random stories, random faults, random nonsense.

use std::net::SocketAddr;

use bytes::Bytes;
use proptest::prelude::*;
use synfin::endpoint::{Call, UserEvent};
use synfin::history::History;
use synfin::host::{Datagram, Target};
use synfin::network::{Action, Fault, Kind, SegmentId, Side, Which};
use synfin::profile::{Accepting, AckMode, KeepAlive, Reading, WhenFull};
use synfin::scenario::{Act, Deed, Scenario, sample_text};
use synfin::segment::{Flags, Options, Segment};
use synfin::seq::SeqNumber;
use synfin::simulation::{Command, Simulation, When};
use synfin::time::{Duration, Instant};
use synfin::trace::{EventKind, Trace};

use crate::rules::silent_steps;

/// Longer than any run of these stories needs: a run that reaches it never ends. The longest are those in which an old SYN
/// meets TIME-WAIT and both ends find each other's acknowledgments unacceptable until TIME-WAIT is over.
const MOST_STEPS: usize = 100_000;

/// How often a property is tried: so often, or as often as PROPTEST_CASES says (`make fuzz`).
pub fn cases(usual: u32) -> ProptestConfig {
    let asked = ProptestConfig::default();
    if std::env::var_os("PROPTEST_CASES").is_some() { asked } else { ProptestConfig { cases: usual, ..asked } }
}

fn side() -> impl Strategy<Value = Side> {
    prop_oneof![Just(Side::Client), Just(Side::Server)]
}

fn action() -> impl Strategy<Value = Action> {
    prop_oneof![
        3 => Just(Action::Drop),
        1 => Just(Action::Corrupt),
        1 => (0u64..3000).prop_map(|ms| Action::Duplicate(Duration::from_ms(ms))),
        1 => (0u64..3000).prop_map(|ms| Action::Delay(Duration::from_ms(ms))),
    ]
}

fn kind() -> impl Strategy<Value = Kind> {
    prop_oneof![6 => Just(Kind::Any), 4 => prop::sample::select(Kind::ALL.to_vec())]
}

fn faults() -> impl Strategy<Value = Vec<Fault>> {
    prop::collection::vec(
        (side(), kind(), 1u32..12, action()).prop_map(|(from, kind, nth, action)| Fault {
            from,
            which: Which { kind, ..Which::nth(nth) },
            action,
        }),
        0..8,
    )
}

/// A number near one that matters, across the wrap too, or any.
fn seq() -> impl Strategy<Value = u32> {
    prop_oneof![
        4 => (any::<prop::sample::Index>(), -3i64..4).prop_map(|(index, offset)| {
            let bases = [99u32, 100, 145, 299, 300, 350, 4100, 4300, 0, u32::MAX];
            (i64::from(bases[index.index(bases.len())]) + offset).rem_euclid(1 << 32) as u32
        }),
        1 => any::<u32>(),
    ]
}

fn segment() -> impl Strategy<Value = Segment> {
    let flags = (any::<bool>(), any::<bool>(), prop::bool::weighted(0.2), any::<bool>(), any::<bool>());
    let options = prop::option::of(any::<u16>()).prop_map(|mss| Options { mss, ..Options::default() });
    (
        seq(),
        prop::option::weighted(0.8, seq()),
        flags,
        prop_oneof![Just(0u16), Just(4000), any::<u16>()],
        options,
        0usize..60,
    )
        .prop_map(|(seq, ack, (syn, fin, rst, psh, urg), wnd, options, octets)| Segment {
            seq: SeqNumber(seq),
            ack: ack.map(SeqNumber),
            flags: Flags { syn, fin, rst, psh, urg },
            wnd,
            options,
            payload: sample_text(octets),
        })
}

/// Anything that can be done to a run from outside.
pub(super) fn command() -> impl Strategy<Value = Command> {
    let call = prop_oneof![
        (0usize..200).prop_map(|octets| Call::send(sample_text(octets))),
        (0u32..50).prop_map(Call::Receive),
        Just(Call::Close),
        Just(Call::Abort),
        Just(Call::Status),
    ];
    let ports = (prop_oneof![9 => Just(49152u16), 1 => any::<u16>()], prop_oneof![9 => Just(80u16), 1 => any::<u16>()]);
    prop_oneof![
        2 => (side(), call).prop_map(|(side, call)| Command::Call { side, target: Target::Current, call }),
        1 => (side(), prop_oneof![Just(Deed::Open { from: None, to: None, timeout: None }), Just(Deed::Listen { port: 80, from: None, timeout: None })])
            .prop_map(|(side, deed)| Scenario::default().command(side, deed)),
        1 => side().prop_map(|side| Command::Accept { side, port: None }),
        1 => side().prop_map(Command::Crash),
        1 => side().prop_map(Command::Reboot),
        2 => (0u32..20, prop_oneof![4 => action(), 1 => Just(Action::Hold), 1 => Just(Action::Release)])
            .prop_map(|(segment, action)| Command::Interfere { segment: SegmentId(segment), action }),
        4 => (side(), segment(), ports).prop_map(|(to, segment, (client, server))| {
            let of = |side: Side| match side {
                Side::Client => SocketAddr::new(Simulation::address_of(side), client),
                Side::Server => SocketAddr::new(Simulation::address_of(side), server),
            };
            Command::Forge { to, datagram: Datagram { source: of(to.other()), destination: of(to), segment }.into() }
        }),
    ]
}

/// A story of two users who open, send and close, each in any state that allows it.
pub(super) fn story() -> impl Strategy<Value = Scenario> {
    let host = (prop_oneof![Just(u32::MAX - 20), Just(100), any::<u32>()], any::<bool>(), any::<bool>(), 50u16..1200);
    let sends = prop::collection::vec((side(), 1u32..3000, 0u64..500), 0..6);
    (host.clone(), host, sends, faults(), prop_oneof![Just(0u64), Just(1), Just(50), Just(600)]).prop_map(
        |(client, server, sends, faults, delay)| {
            let mut story = Scenario { delay: Duration::from_ms(delay), faults, ..Scenario::default() };
            for (side, (isn, is_delayed, nagle, mss)) in [(Side::Client, client), (Side::Server, server)] {
                let setup = story.host_mut(side);
                setup.isns = vec![SeqNumber(isn)];
                setup.profile.ack_mode = if is_delayed { AckMode::Delayed } else { AckMode::Immediate };
                setup.profile.nagle = nagle;
                setup.profile.mss = mss;
            }
            story.server.listen = vec![80];
            let mut act = |when, side, deed| story.acts.push(Act::user(when, side, deed));
            let established = |side, ms| When::Enters {
                side,
                state: synfin::endpoint::State::Established,
                after: Duration::from_ms(ms),
            };
            act(When::At(Instant::ZERO), Side::Client, Deed::Open { from: None, to: None, timeout: None });
            for (side, octets, ms) in sends {
                act(established(side, ms), side, Deed::send(sample_text(octets as usize)));
            }
            act(established(Side::Client, 700), Side::Client, Deed::Close);
            act(established(Side::Server, 800), Side::Server, Deed::Close);
            story
        },
    )
}

/// What a side's user gave to SEND and had accepted, and what the other side's user received.
pub(super) fn octets(trace: &Trace, from: Side) -> (Vec<u8>, Vec<u8>) {
    let (mut sent, mut received) = (Vec::new(), Vec::new());
    for event in trace.events() {
        match &event.kind {
            EventKind::Called { side, call, result: Ok(_), .. } if *side == from => {
                if let Call::Send { data, .. } = &**call {
                    sent.extend(data);
                }
            }
            EventKind::Told { side, event: UserEvent::Received(data), .. } if *side == from.other() => {
                received.extend(data.iter());
            }
            EventKind::Called { side, result: Ok(synfin::endpoint::Reply::Data(data)), .. }
                if *side == from.other() =>
            {
                received.extend(data.iter());
            }
            _ => {}
        }
    }
    (sent, received)
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

proptest! {
    #![proptest_config(cases(120))]

    /// With finitely many faults both ends reach an end, and everything arrives, once and in order.
    #[test]
    fn after_finitely_many_faults_everything_arrives_and_both_sides_end(story in story()) {
        let (mut simulation, mut trace) = (story.simulation(), Trace::default());
        let steps = run_checked(&mut simulation, &mut trace);
        prop_assert!(steps < MOST_STEPS, "it ends\n{story}");
        prop_assert_eq!(silent_steps(&trace), Vec::<String>::new(), "everything has a reason\n{}", story);
        for side in Side::BOTH {
            let (sent, received) = octets(&trace, side);
            prop_assert_eq!(&sent, &received, "all that the {} sent arrives\n{}", side.name(), story);
            prop_assert!(simulation.host(side).connections().is_empty(), "the {} ends\n{story}", side.name());
        }
    }

    /// Whatever is done to a run, nothing panics and what must hold holds; undone step by step, it is as it was.
    #[test]
    fn no_command_and_no_segment_breaks_a_run(
        story in story(),
        commands in prop::collection::vec((0usize..4, command()), 1..25),
        reading in prop_oneof![Just(Reading::Eager), Just(Reading::OnCall)],
        switches in any::<[bool; 9]>(),
        (backlog, accept_queue) in (0u32..3, 0u32..3),
    ) {
        let mut story = story;
        for side in Side::BOTH {
            let profile = &mut story.host_mut(side).profile;
            profile.reading = reading;
            [profile.rfc5961, profile.rfc5961_ack_range, profile.rfc1337, profile.simopen_trim_syn,
                profile.timewait_fin_restart, profile.syn_cookies, _, _, _] = switches;
            let [.., is_accepted_late, is_kept_alive, resets] = switches;
            profile.accepting = if is_accepted_late { Accepting::OnCall } else { Accepting::Eager };
            profile.keep_alive = is_kept_alive.then_some(KeepAlive {
                idle: Duration::from_ms(500),
                interval: Duration::from_ms(300),
                probes: 2,
            });
            profile.when_full = if resets { WhenFull::Reset } else { WhenFull::Ignore };
            (profile.backlog, profile.accept_queue) = (backlog, accept_queue);
        }
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
        forged in prop::collection::vec((0usize..8, side(), segment()), 0..12),
    ) {
        let mut run = History::new(story);
        for (steps, to, segment) in forged {
            for _ in 0..steps {
                run.step();
            }
            let of = |side| SocketAddr::new(Simulation::address_of(side), if side == Side::Client { 49152 } else { 80 });
            // A forged FIN would end the stream of data early, and text would be part of it.
            let flags = Flags { fin: false, ..segment.flags };
            let segment = Segment { payload: Bytes::new(), flags, ..segment };
            // A network that is full of tiny segments, after a forged SYN with a tiny MSS, refuses one more.
            let _ = run.apply(Command::Forge {
                to,
                datagram: Datagram { source: of(to.other()), destination: of(to), segment }.into(),
            });
        }
        run.seek(20_000);
        for side in Side::BOTH {
            let (sent, received) = octets(run.trace(), side);
            prop_assert!(sent.starts_with(&received), "from the {}: {} of {} octets", side.name(), received.len(), sent.len());
        }
    }
}
