//! The text format as a property: whatever can be said prints, and reads back as the same.

use std::net::{IpAddr, SocketAddr};

use bytes::Bytes;
use proptest::prelude::*;
use synfin::network::{Chance, Fault, Probability, SegmentKind, Which};
use synfin::profile::{
    ACK_DELAY_LIMIT, Accepting, AckMode, Handshake, Profile, Reading, TimeWait, TimeWaitReuse, WhenFull,
};
use synfin::rule::Rule;
use synfin::scenario::expectation::{Counted, Expectation, News, Pattern};
use synfin::scenario::script::{SHORTEST, parse_deed};
use synfin::scenario::{HostSetup, Scenario, sample_text};
use synfin::segment::{Datagram, Flags, Options, Segment, Timestamps};
use synfin::seq::SeqNumber;
use synfin::simulation::{Act, Deed, Forgery, Passage, Peer, Ports, Simulation, UserCall, When, Whose};
use synfin::tcp::{Action, KeepAlive, Limit, SegmentId, Side, State};
use synfin::time::{Duration, Instant};

use crate::properties::cases;

fn pick<T: Clone + std::fmt::Debug + 'static>(choices: &[T]) -> impl Strategy<Value = T> + use<T> {
    prop::sample::select(choices.to_vec())
}

fn side() -> impl Strategy<Value = Side> {
    pick(&Side::BOTH)
}

/// At most a day.
fn span() -> impl Strategy<Value = Duration> {
    prop_oneof![Just(0u64), 0u64..1000, (0u64..86_400_000).prop_map(|ms| ms * 1000), 0u64..=86_400_000_000,]
        .prop_map(Duration::from_us)
}

/// A time after which something is repeated.
fn pause() -> impl Strategy<Value = Duration> {
    span().prop_map(|span| span.max(SHORTEST))
}

fn time() -> impl Strategy<Value = Instant> {
    span().prop_map(|span| Instant::ZERO + span)
}

fn port() -> impl Strategy<Value = u16> {
    1..=u16::MAX
}

fn kind() -> impl Strategy<Value = SegmentKind> {
    pick(&SegmentKind::ALL)
}

fn action() -> impl Strategy<Value = Action> {
    prop_oneof![
        Just(Action::Drop),
        Just(Action::Corrupt),
        Just(Action::Hold),
        span().prop_map(Action::Duplicate),
        span().prop_map(Action::Delay),
    ]
}

fn text() -> impl Strategy<Value = Bytes> {
    prop_oneof![
        (1usize..100).prop_map(sample_text),
        "[ -~\\n\\ré客#\",\\\\]{1,20}".prop_map(|text: String| Bytes::from(text)),
    ]
}

prop_compose! {
    fn segment()(
        seq in any::<u32>(),
        ack in prop::option::of(any::<u32>()),
        [syn, fin, rst, psh, urg, sack_permitted] in any::<[bool; 6]>(),
        wnd in prop_oneof![Just(4000), any::<u16>()],
        payload in prop_oneof![Just(Bytes::new()), text()],
        mss in prop::option::of(any::<u16>()),
        window_scale in prop::option::of(any::<u8>()),
        timestamps in prop::option::of((any::<u32>(), any::<u32>())),
    ) -> Segment {
        Segment {
            seq: SeqNumber(seq),
            ack: ack.map(SeqNumber),
            flags: Flags { syn, fin, rst, psh, urg },
            wnd,
            options: Options {
                mss,
                window_scale,
                sack_permitted,
                timestamps: timestamps.map(|(value, echo)| Timestamps { value, echo }),
            },
            payload,
        }
    }
}

fn forgery() -> impl Strategy<Value = Forgery> {
    let source = prop_oneof![
        Just((None, None)),
        port().prop_map(|port| (None, Some(port))),
        any::<SocketAddr>().prop_filter("there is no port 0", |it| it.port() > 0).prop_map(|socket| {
            // A scope belongs to a machine, not to a story.
            (Some(socket.ip()), Some(socket.port()))
        }),
    ];
    let repeat = prop_oneof![Just((1, Duration::ZERO)), (2u32..=1000, span())];
    (side(), segment(), source, prop::option::of(port()), repeat).prop_map(
        |(to, segment, (address, from_port), to_port, (times, every))| Forgery {
            to,
            segment,
            address,
            from_port,
            to_port,
            times,
            every,
        },
    )
}

fn timeout() -> impl Strategy<Value = Option<Duration>> {
    prop::option::of(span())
}

fn keep_alive() -> impl Strategy<Value = Option<KeepAlive>> {
    let some = (pause(), pause(), 2u32..=100).prop_map(|(idle, interval, probes)| KeepAlive { idle, interval, probes });
    prop::option::of(some)
}

fn limit() -> impl Strategy<Value = Limit> {
    prop_oneof![
        (1..=u32::MAX).prop_map(Limit::R1),
        timeout().prop_map(Limit::R2),
        timeout().prop_map(Limit::R2Syn),
        timeout().prop_map(Limit::UserTimeout),
        keep_alive().prop_map(Limit::KeepAlive),
    ]
}

fn deed() -> impl Strategy<Value = Deed> {
    let whose =
        prop_oneof![Just(Whose::Youngest), (1..=u32::MAX).prop_map(Whose::Nth), port().prop_map(Whose::Listener),];
    let call = prop_oneof![
        (text(), timeout()).prop_map(|(data, timeout)| UserCall::Send { data, timeout }),
        limit().prop_map(UserCall::Set),
        prop_oneof![Just(u32::MAX), 1..=u32::MAX].prop_map(UserCall::Receive),
        Just(UserCall::Close),
        Just(UserCall::Abort),
        Just(UserCall::Status),
    ];
    let whole = prop_oneof![
        (prop::option::of(port()), prop::option::of(port()), timeout())
            .prop_map(|(from, to, timeout)| UserCall::Open { from, to, timeout }),
        (port(), prop::option::of((prop::option::of(any::<IpAddr>()), port())), timeout()).prop_map(
            |(port, from, timeout)| UserCall::Listen {
                port,
                from: from.map(|(address, port)| Peer { address, port }),
                timeout
            }
        ),
        prop::option::of(port()).prop_map(UserCall::Accept),
    ];
    prop_oneof![
        (side(), whose, call).prop_map(|(side, whose, call)| Deed::User { side, whose, call }),
        (side(), whole).prop_map(|(side, call)| Deed::user(side, call)),
        side().prop_map(Deed::Crash),
        side().prop_map(Deed::Reboot),
        forgery().prop_map(|forgery| Deed::Forge(forgery.into())),
        (0..u32::MAX, prop_oneof![action(), Just(Action::Release)])
            .prop_map(|(segment, action)| Deed::Interfere(SegmentId(segment), action)),
    ]
}

fn when() -> impl Strategy<Value = When> {
    prop_oneof![
        time().prop_map(When::At),
        (side(), pick(&State::ALL), span()).prop_map(|(side, state, after)| When::Enters { side, state, after }),
        (side(), 1..=u32::MAX, span()).prop_map(|(side, octets, after)| When::Receives { side, octets, after }),
        (side(), kind(), 1..=u32::MAX, pick(&[Passage::Leaves, Passage::Arrives]), span())
            .prop_map(|(side, kind, nth, passage, after)| When::Segment { side, kind, nth, passage, after }),
    ]
}

fn expectation() -> impl Strategy<Value = Expectation> {
    let times = || prop::option::of(any::<u32>());
    let nth = || prop::option::of(1..=u32::MAX);
    let at = || prop::option::of(time());
    let pattern = (
        kind(),
        prop::option::of(any::<u32>()),
        prop::option::of(any::<u32>()),
        prop::option::of(any::<u32>()),
        prop::option::of(any::<u16>()),
        (prop::option::of(any::<Option<u16>>()), prop::option::of(any::<Option<u8>>())),
        (prop::option::of(any::<bool>()), prop::option::of(any::<Option<(u32, u32)>>())),
    )
        .prop_map(|(kind, seq, ack, length, window, (mss, window_scale), (sack_permitted, timestamps))| Pattern {
            kind,
            seq: seq.map(SeqNumber),
            ack: ack.map(SeqNumber),
            length,
            window,
            mss,
            window_scale,
            sack_permitted,
            timestamps: timestamps.map(|it| it.map(|(value, echo)| Timestamps { value, echo })),
        });
    prop_oneof![
        (side(), pick(&State::ALL), nth(), at()).prop_map(|(side, state, connection, at)| Expectation::State {
            side,
            state,
            connection,
            at
        }),
        (side(), pick(&State::ALL), nth()).prop_map(|(side, state, connection)| Expectation::Reaches {
            side,
            state,
            connection
        }),
        (side(), pattern, times()).prop_map(|(side, pattern, times)| Expectation::Segment { side, pattern, times }),
        (pick(Rule::ALL), prop::option::of(side()), times()).prop_map(|(rule, side, times)| Expectation::Rule {
            rule,
            side,
            times
        }),
        (side(), pick(&News::ALL), nth(), times()).prop_map(|(side, news, connection, times)| Expectation::Told {
            side,
            news,
            connection,
            times
        }),
        (side(), any::<u64>(), nth(), at()).prop_map(|(side, octets, connection, at)| Expectation::Receives {
            side,
            octets,
            connection,
            at
        }),
        (side(), pick(&Counted::ALL), any::<u32>(), at()).prop_map(|(side, what, count, at)| Expectation::Counts {
            side,
            what,
            count,
            at
        }),
    ]
}

prop_compose! {
    fn host()(
        isns in prop::collection::vec(any::<u32>(), 0..3),
        seed in any::<u64>(),
        listen in prop::collection::vec(port(), 0..3),
        port in prop::option::of(port()),
        spans in prop::collection::vec(span(), 3),
        pauses in prop::collection::vec(pause(), 5),
        numbers in any::<[u32; 5]>(),
        mss in 1..=u16::MAX,
        switches in any::<[bool; 17]>(),
        keep_alive in keep_alive(),
        user_timeout in prop::option::of(span()),
        r2 in (prop::option::of(span()), prop::option::of(span())),
        window_scale in prop::option::of(0u8..=14),
        challenge_ack_limit in prop::option::of(any::<u32>()),
        answer_gap in prop::option::of(span()),
        timewait_reuse in pick(&[TimeWaitReuse::Never, TimeWaitReuse::Rfc1122, TimeWaitReuse::Rfc6191]),
    ) -> HostSetup {
        let mut setup = HostSetup { isns: isns.into_iter().map(SeqNumber).collect(), seed, listen, port, ..HostSetup::default() };
        let it = &mut setup.profile;
        [it.rfc5961, it.rfc5961_ack_range, it.simopen_trim_syn, it.timewait_fin_restart, it.timewait_literal_ack,
            it.rfc1337, it.sack_permitted, it.timestamps, it.nagle, it.syn_cookies, ..] = switches;
        let [.., a, b, c, d, e, f, _] = switches;
        it.ack_mode = if a { AckMode::Delayed } else { AckMode::Immediate };
        it.handshake = if b { Handshake::TwoWay } else { Handshake::ThreeWay };
        it.time_wait = if c { TimeWait::Skipped } else { TimeWait::TwoMsl };
        it.reading = if d { Reading::OnCall } else { Reading::Eager };
        it.accepting = if e { Accepting::OnCall } else { Accepting::Eager };
        it.when_full = if f { WhenFull::Reset } else { WhenFull::Ignore };
        it.timewait_reuse = timewait_reuse;
        it.delayed_ack = Duration::from_us(spans[0].as_us() % ACK_DELAY_LIMIT.as_us());
        (it.initial_rto, it.min_rto, it.max_rto) = (pauses[0], pauses[1], pauses[2]);
        (it.rto_after_lost_syn, it.clock_granularity) = (pauses[3], pauses[4]);
        (it.msl, it.r2_data, it.r2_syn, it.quiet_time) = (spans[1], r2.0, r2.1, spans[2]);
        (it.r1_retransmissions, it.receive_buffer, it.send_buffer) =
            (numbers[0].max(1), numbers[1].max(1), numbers[2].max(1));
        (it.backlog, it.accept_queue, it.mss) = (numbers[3], numbers[4], mss);
        (it.user_timeout, it.keep_alive) = (user_timeout, keep_alive);
        (it.window_scale, it.challenge_ack_limit) = (window_scale, challenge_ack_limit);
        it.answer_gap = answer_gap;
        setup
    }
}

prop_compose! {
    fn story()(
        title in prop::option::of("[a-z#\",é客][ -~é客]{0,20}[a-z]"),
        notes in prop::collection::vec("[a-z#\",é客][ -~é客]{0,20}[a-z]", 0..3),
        client in host(),
        server in host(),
        delay in span(),
        shares in any::<[u32; 4]>(),
        (seed, jitter) in (any::<u64>(), span()),
        faults in prop::collection::vec((side(), kind(), prop::option::of(1..=u32::MAX), time(), prop::option::of(time()), action()), 0..4),
        acts in prop::collection::vec((when(), deed()).prop_map(|(when, deed)| Act { when, deed }), 0..6),
        expectations in prop::collection::vec(expectation(), 0..4),
    ) -> Scenario {
        let [loss, corruption, duplication, reordering] =
            shares.map(|it| Probability::from_millionths(it % 1_000_001).expect("at most one"));
        Scenario {
            title,
            notes,
            client,
            server,
            delay,
            chance: Chance { seed, jitter, loss, corruption, duplication, reordering },
            faults: faults
                .into_iter()
                .map(|(from, kind, nth, since, until, action)| Fault { from, which: Which { kind, nth, since, until }, action })
                .collect(),
            acts,
            expectations,
        }
    }
}

/// A script says everything that a profile can: each field here is one that a story can set, and that it prints. A new
/// field does not compile until it is among them.
#[test]
fn every_choice_is_a_setting_of_a_story() {
    let Profile {
        rfc5961,
        rfc5961_ack_range,
        simopen_trim_syn,
        timewait_fin_restart,
        timewait_literal_ack,
        rfc1337,
        timewait_reuse: _,
        time_wait: _,
        handshake: _,
        challenge_ack_limit: _,
        answer_gap: _,
        window_scale: _,
        sack_permitted,
        timestamps,
        ack_mode: _,
        delayed_ack,
        nagle,
        initial_rto,
        min_rto,
        max_rto,
        rto_after_lost_syn,
        clock_granularity,
        r1_retransmissions,
        r2_data: _,
        r2_syn: _,
        user_timeout: _,
        msl,
        mss,
        receive_buffer,
        send_buffer,
        reading: _,
        keep_alive: _,
        backlog,
        accepting: _,
        accept_queue,
        when_full: _,
        syn_cookies,
        quiet_time,
    } = Profile::default();
    let later = |span: Duration| span + Duration::from_ms(1);
    // Nothing is as it is by default.
    let other = Profile {
        rfc5961: !rfc5961,
        rfc5961_ack_range: !rfc5961_ack_range,
        simopen_trim_syn: !simopen_trim_syn,
        timewait_fin_restart: !timewait_fin_restart,
        timewait_literal_ack: !timewait_literal_ack,
        rfc1337: !rfc1337,
        timewait_reuse: TimeWaitReuse::Rfc6191,
        time_wait: TimeWait::Skipped,
        handshake: Handshake::TwoWay,
        challenge_ack_limit: None,
        answer_gap: None,
        window_scale: Some(0),
        sack_permitted: !sack_permitted,
        timestamps: !timestamps,
        ack_mode: AckMode::Delayed,
        delayed_ack: later(delayed_ack),
        nagle: !nagle,
        initial_rto: later(initial_rto),
        min_rto: later(min_rto),
        max_rto: later(max_rto),
        rto_after_lost_syn: later(rto_after_lost_syn),
        clock_granularity: later(clock_granularity),
        r1_retransmissions: r1_retransmissions + 1,
        r2_data: None,
        r2_syn: None,
        user_timeout: Some(Duration::ZERO),
        msl: later(msl),
        mss: mss + 1,
        receive_buffer: receive_buffer + 1,
        send_buffer: send_buffer + 1,
        reading: Reading::OnCall,
        keep_alive: Some(KeepAlive::default()),
        backlog: backlog + 1,
        accepting: Accepting::OnCall,
        accept_queue: accept_queue + 1,
        when_full: WhenFull::Reset,
        syn_cookies: !syn_cookies,
        quiet_time: later(quiet_time),
    };
    let story = Scenario { client: HostSetup { profile: other, ..HostSetup::default() }, ..Scenario::default() };
    let script = story.to_string();
    assert_eq!(Scenario::parse(&script), Ok(story), "{script}");
    let words = script.lines().find(|line| line.starts_with("client ")).expect("the client has settings");
    assert_eq!(words.split(", ").count(), 38, "one for each field: {words}");
}

proptest! {
    #![proptest_config(cases(200))]

    #[test]
    fn every_story_prints_and_reads_back(story in story()) {
        let script = story.to_string();
        prop_assert_eq!(Scenario::parse(&script), Ok(story), "{}", script);
    }

    /// So that a run can be written down: whatever was done to it is read from the line that it is written as.
    #[test]
    fn every_deed_is_something_that_a_script_can_say(deed in deed()) {
        let once = match deed {
            Deed::Forge(forgery) => {
                Deed::Forge(Forgery { times: 1, every: Duration::ZERO, ..Forgery::clone(&forgery) }.into())
            }
            other => other,
        };
        let line = once.to_string();
        prop_assert_eq!(parse_deed(&line), Ok(once.clone()), "{}", line);
        let read = Scenario::parse(&format!("at 0ms {line}\n")).map(|story| story.acts[0].deed.clone());
        prop_assert_eq!(read, Ok(once), "{}", line);
    }

    /// Two sockets are all that a datagram says beside its segment, and a forgery can say both.
    #[test]
    fn whatever_can_be_forged_is_the_datagram_that_was_meant(to in side(), segment in segment(), ports in (port(), port())) {
        let source = SocketAddr::new(Simulation::address_of(to.other()), ports.0);
        let datagram = Datagram { source, destination: SocketAddr::new(Simulation::address_of(to), ports.1), segment };
        let Deed::Forge(forgery) = Deed::forge(to, datagram.clone()) else { unreachable!("it was just made") };
        prop_assert_eq!(Ports::default().datagram(&forgery), datagram);
    }

    #[test]
    fn any_text_is_a_script_or_a_list_of_mistakes(text in "(?s)[ -~\n\té客#\",\\\\]{0,200}") {
        if let Err(mistakes) = Scenario::parse(&text) {
            prop_assert!(!mistakes.0.is_empty());
            for mistake in mistakes.0 {
                let line = text.lines().nth(mistake.line - 1);
                prop_assert!(line.is_some_and(|line| mistake.column <= line.chars().count() + 1), "{mistake}");
            }
        }
    }
}
