//! Random hosts, links, stories, segments and deeds.

use std::net::SocketAddr;

use proptest::prelude::*;
use synfin::network::{Chance, ControlBits, Fault, Filter, Forgets, Middlebox, Probability, SegmentKind, Then, Which};
use synfin::profile::{
    Accepting, AckMode, FinPlacement, Handshake, Profile, Reading, SynAgain, TimeWait, TimeWaitOpen, TimeWaitReuse,
    WhenFull, WhenListenerCloses,
};
use synfin::scenario::{Scenario, sample_text};
use synfin::segment::{Datagram, Flags, Options, Segment, Timestamps};
use synfin::seq::SeqNumber;
use synfin::simulation::{Act, Deed, Passage, Simulation, UserCall, When};
use synfin::tcp::{Action, KeepAlive, SegmentId, Side, State};
use synfin::time::{Duration, Instant};

/// The port from which the client opens where the story names one.
const CLIENT_PORT: u16 = 49152;
/// The port of the server.
const SERVER_PORT: u16 = 80;
/// So many segments with text make a user read who reads on call. More than a story has: a window that nobody opens any
/// more is probed for ever (RFC 9293 MUST-37).
const READS: u32 = 400;
/// So many arriving FINs make a user close who has not yet.
const CLOSES: u32 = 20;
/// When a user takes what was established later, in seconds: nobody reads before.
const ACCEPTS: [u64; 8] = [2, 5, 20, 60, 200, 500, 1000, 2000];

fn pick<T: Clone + std::fmt::Debug + 'static>(choices: &[T]) -> impl Strategy<Value = T> + use<T> {
    prop::sample::select(choices.to_vec())
}

pub fn side() -> impl Strategy<Value = Side> {
    pick(&Side::BOTH)
}

fn ms(most: u64) -> impl Strategy<Value = Duration> {
    (0..most).prop_map(Duration::from_ms)
}

fn action() -> impl Strategy<Value = Action> {
    prop_oneof![
        3 => Just(Action::Drop),
        1 => Just(Action::Corrupt),
        1 => ms(3000).prop_map(Action::Duplicate),
        1 => ms(3000).prop_map(Action::Delay),
    ]
}

fn kind() -> impl Strategy<Value = SegmentKind> {
    prop_oneof![6 => Just(SegmentKind::Any), 4 => pick(&SegmentKind::ALL)]
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

prop_compose! {
    /// A link that loses, damages, repeats and reorders, each up to this often.
    pub fn chance(percent: u32)(
        seed in any::<u64>(),
        jitter in ms(100),
        millionths in prop::array::uniform4(0..=percent * 10_000),
    ) -> Chance {
        let [loss, corruption, duplication, reordering] =
            millionths.map(|it| Probability::from_millionths(it).expect("at most one"));
        Chance { seed, jitter, loss, corruption, duplication, reordering }
    }
}

fn at(time: Duration) -> When {
    When::At(Instant::ZERO + time)
}

/// A number near one that matters, across the wrap too, or any.
fn seq() -> impl Strategy<Value = SeqNumber> {
    let near = (pick(&[99u32, 100, 145, 299, 300, 350, 4100, 4300, 0, u32::MAX]), 0u32..7)
        .prop_map(|(base, offset)| base.wrapping_add(offset).wrapping_sub(3));
    prop_oneof![4 => near, 1 => any::<u32>()].prop_map(SeqNumber)
}

prop_compose! {
    /// Options that make sense and options that do not.
    fn options()(
        mss in prop_oneof![Just(None), pick(&[0, 1, 1460]).prop_map(Some), any::<u16>().prop_map(Some)],
        window_scale in pick(&[None, None, Some(0), Some(14), Some(255)]),
        sack_permitted in any::<bool>(),
        timestamps in prop_oneof![
            2 => Just(None),
            1 => (pick(&[0, 1, u32::MAX]), any::<u32>()).prop_map(|(value, echo)| Some(Timestamps { value, echo })),
        ],
    ) -> Options {
        Options { mss, window_scale, sack_permitted, timestamps }
    }
}

prop_compose! {
    /// Anything that a header can say.
    pub fn segment()(
        seq in seq(),
        ack in prop::option::weighted(0.8, seq()),
        [syn, fin, psh, urg, ece, cwr] in any::<[bool; 6]>(),
        rst in prop::bool::weighted(0.2),
        wnd in prop_oneof![pick(&[0, 1, 4000]), any::<u16>()],
        options in options(),
        octets in 0usize..60,
    ) -> Segment {
        let flags = Flags { syn, fin, rst, psh, urg, ece, cwr };
        Segment { seq, ack, flags, wnd, options, payload: sample_text(octets) }
    }
}

/// Anything that can be done to a run from outside.
pub fn command() -> impl Strategy<Value = Deed> {
    let call = prop_oneof![
        (1usize..200, prop::bool::weighted(0.1)).prop_map(|(octets, is_last)| UserCall::Send {
            data: sample_text(octets),
            timeout: None,
            is_last,
        }),
        (0u32..50).prop_map(UserCall::Receive),
        Just(UserCall::Close),
        Just(UserCall::CloseAll),
        Just(UserCall::Abort),
        Just(UserCall::Status),
    ];
    let port = |usual: u16| prop_oneof![9 => Just(usual), 1 => any::<u16>()];
    prop_oneof![
        2 => (side(), call).prop_map(|(side, call)| Deed::user(side, call)),
        1 => (side(), pick(&[UserCall::OPEN, UserCall::listen(SERVER_PORT)]))
            .prop_map(|(side, call)| Deed::user(side, call)),
        1 => side().prop_map(|side| Deed::user(side, UserCall::Accept(None))),
        1 => side().prop_map(Deed::Crash),
        1 => side().prop_map(Deed::Reboot),
        2 => (0u32..20, prop_oneof![4 => action(), 1 => Just(Action::Hold), 1 => Just(Action::Release)])
            .prop_map(|(segment, action)| Deed::Interfere(SegmentId::after(segment as usize), action)),
        4 => (side(), segment(), port(CLIENT_PORT), port(SERVER_PORT))
            .prop_map(|(to, segment, client, server)| forged(to, segment, [client, server])),
    ]
}

/// A segment between these ports that nobody sent.
pub fn forged(to: Side, segment: Segment, ports: [u16; 2]) -> Deed {
    let socket = |side: Side| SocketAddr::new(Simulation::address_of(side), ports[side as usize]);
    let datagram = Datagram { source: socket(to.other()), destination: socket(to), segment };
    Deed::forge(to, datagram)
}

prop_compose! {
    /// Settings of every kind, whether or not a connection can live with them.
    pub fn profile()(
        switches in any::<[bool; 17]>(),
        counterfactuals in prop::array::uniform3(prop::bool::weighted(0.25)),
        timewait_reuse in pick(&[TimeWaitReuse::Never, TimeWaitReuse::Rfc1122, TimeWaitReuse::Rfc6191]),
        challenge_ack_limit in pick(&[None, Some(0), Some(3), Some(100)]),
        window_scale in pick(&[None, None, Some(0), Some(3), Some(14)]),
        (r1_retransmissions, r2_data, r2_syn) in (1u32..5, r2(100), r2(180)),
        user_timeout in pick(&[None, None, Some(Duration::from_ms(700)), Some(Duration::from_ms(1))]),
        msl in pick(&[Duration::from_secs(120), Duration::from_ms(300), Duration::ZERO]),
        (mss, receive_buffer, send_buffer) in (
            pick(&[1, 5, 536, 1000, u16::MAX]),
            pick(&[0, 1, 7, 4000, 100_000, u32::MAX]),
            pick(&[1, 100, 65_536]),
        ),
        keep_alive in prop::option::weighted(0.3, Just(KeepAlive {
            idle: Duration::from_ms(500),
            interval: Duration::from_ms(300),
            probes: 2,
        })),
        (backlog, accept_queue) in (pick(&[0, 1, 2, 128]), pick(&[0, 1, 2, 128])),
        quiet_time in pick(&[Duration::ZERO, Duration::ZERO, Duration::from_ms(200)]),
        linger in pick(&[None, None, Some(Duration::ZERO), Some(Duration::from_ms(700))]),
        fin_wait_2 in pick(&[None, Some(Duration::from_secs(60)), Some(Duration::from_ms(300))]),
    ) -> Profile {
        let [rfc5961, rfc5961_ack_range, simopen_trim_syn, timewait_fin_restart, rfc1337, sack_permitted, timestamps,
            nagle, syn_cookies, is_delayed, is_read_late, is_accepted_late, resets, keeps_requests, fin_is_apart,
            opens_in_time_wait, is_hasty] = switches;
        let [is_two_way, has_no_time_wait, timewait_literal_ack] = counterfactuals;
        Profile {
            rfc5961,
            rfc5961_ack_range,
            simopen_trim_syn,
            timewait_fin_restart,
            timewait_literal_ack,
            rfc1337,
            timewait_reuse,
            timewait_open: if opens_in_time_wait { TimeWaitOpen::Timestamps } else { TimeWaitOpen::Never },
            syn_again: if is_hasty { SynAgain::AtOnce } else { SynAgain::AfterRto },
            linger,
            fin_wait_2,
            time_wait: if has_no_time_wait { TimeWait::Skipped } else { TimeWait::TwoMsl },
            handshake: if is_two_way { Handshake::TwoWay } else { Handshake::ThreeWay },
            challenge_ack_limit,
            window_scale,
            sack_permitted,
            timestamps,
            ack_mode: if is_delayed { AckMode::Delayed } else { AckMode::Immediate },
            fin: if fin_is_apart { FinPlacement::Separate } else { FinPlacement::WithText },
            nagle,
            r1_retransmissions,
            r2_data,
            r2_syn,
            user_timeout,
            msl,
            mss,
            receive_buffer,
            send_buffer,
            reading: if is_read_late { Reading::OnCall } else { Reading::Eager },
            keep_alive,
            backlog,
            accepting: if is_accepted_late { Accepting::OnCall } else { Accepting::Eager },
            accept_queue,
            when_full: if resets { WhenFull::Reset } else { WhenFull::Ignore },
            when_listener_closes: if keeps_requests { WhenListenerCloses::Keep } else { WhenListenerCloses::End },
            syn_cookies,
            quiet_time,
            ..Profile::default()
        }
    }
}

fn r2(usual: u64) -> impl Strategy<Value = Option<Duration>> {
    pick(&[Some(Duration::from_secs(usual)), Some(Duration::from_secs(3)), None])
}

prop_compose! {
    /// Settings with which a connection lives for as long as its users want it to, whatever the network does.
    fn patient()(
        profile in profile(),
        challenge_ack_limit in pick(&[Some(3), Some(100)]),
        mss in pick(&[1, 5, 50, 536, 1000, 1460]),
        receive_buffer in pick(&[1, 7, 500, 4000, 70_000]),
        (backlog, accept_queue) in (1u32..3, 1u32..3),
        keep_alive in prop::option::weighted(0.3, Just(KeepAlive {
            idle: Duration::from_secs(60),
            interval: Duration::from_secs(30),
            probes: 20,
        })),
    ) -> Profile {
        Profile {
            // Two ends that find each other's acknowledgments unacceptable, or both of which are in TIME-WAIT, would go on for
            // ever: the answer gap, and that what is literal is off, makes them end, whatever the limit for a host is.
            challenge_ack_limit,
            timewait_literal_ack: false,
            // Whoever has only two segments takes anything for a connection.
            handshake: Handshake::ThreeWay,
            // Nobody gives up.
            r2_data: None,
            r2_syn: None,
            user_timeout: None,
            keep_alive,
            // Without this the simultaneous open of figure 7 does not come to its end.
            simopen_trim_syn: true,
            // A buffer that is too small for the scale closes its window as soon as the handshake is over: what has left by
            // then is unacceptable for ever, and so are the acknowledgments behind it (RFC 7323 §2.4).
            window_scale: profile.window_scale.filter(|shift| receive_buffer >> shift > 0),
            mss,
            receive_buffer,
            backlog,
            accept_queue,
            quiet_time: Duration::ZERO,
            // What nobody has taken would end with its listener, in CLOSING without a word to its peer.
            when_listener_closes: WhenListenerCloses::Keep,
            ..profile
        }
    }
}

/// Who opens.
#[derive(Clone, Copy, Debug)]
enum Opens {
    Client,
    /// The client listens.
    Server,
    /// The server so long after the client.
    Both(Duration),
}

/// A story before it is told.
#[derive(Clone, Debug)]
struct Plot {
    profiles: [Profile; 2],
    isns: [u32; 2],
    opens: Opens,
    /// Who sends how much, so long after being established.
    sends: Vec<(Side, usize, Duration)>,
    /// How long each waits before it closes, after being established and after the other's FIN.
    closes: [Duration; 2],
    /// How long each waits before it reads or accepts.
    pauses: [Duration; 2],
    delay: Duration,
    faults: Vec<Fault>,
    chance: Chance,
}

prop_compose! {
    fn plot()(
        profiles in prop::array::uniform2(patient()),
        isns in prop::array::uniform2(prop_oneof![pick(&[u32::MAX - 20, 100]), any::<u32>()]),
        opens in prop_oneof![
            4 => Just(Opens::Client),
            1 => Just(Opens::Server),
            2 => ms(100).prop_map(Opens::Both),
        ],
        sends in prop::collection::vec((side(), 1usize..3000, ms(500)), 0..6),
        closes in prop::array::uniform2(ms(1500)),
        pauses in prop::array::uniform2(ms(1000)),
        delay in pick(&[0, 1, 50, 600]).prop_map(Duration::from_ms),
        faults in faults(),
        chance in prop_oneof![2 => Just(Chance::default()), 1 => chance(15)],
    ) -> Plot {
        Plot { profiles, isns, opens, sends, closes, pauses, delay, faults, chance }
    }
}

impl Plot {
    fn told(self) -> Scenario {
        let Plot { profiles, isns, opens, sends, closes, pauses, delay, faults, chance } = self;
        let mut story = Scenario { delay, faults, chance, ..Scenario::default() };
        // Windows and segments of a few octets take few of them, or a run would have thousands of segments.
        let window = |it: &Profile| it.receive_buffer.min(it.mss.into());
        let most = 12 * profiles.iter().map(window).min().expect("there are two") as usize;
        for ((side, profile), isn) in Side::BOTH.into_iter().zip(profiles).zip(isns) {
            let setup = story.host_mut(side);
            (setup.isns, setup.profile) = (vec![SeqNumber(isn)], profile);
        }
        let mut begin = |side, after| {
            story.acts.push(Act::user(at(after), side, UserCall::OPEN));
        };
        match opens {
            Opens::Client => {
                begin(Side::Client, Duration::ZERO);
                story.server.listen = vec![SERVER_PORT];
            }
            Opens::Server => {
                begin(Side::Server, Duration::ZERO);
                story.client.listen = vec![CLIENT_PORT];
            }
            Opens::Both(later) => {
                begin(Side::Client, Duration::ZERO);
                begin(Side::Server, later);
                story.client.port = Some(CLIENT_PORT);
                // The reset that a SYN draws which comes too early has the number 0. It may be late, and numbers near the wrap
                // have that in their window: then it must not count unless it is exact.
                (story.client.profile.rfc5961, story.server.profile.rfc5961) = (true, true);
            }
        }
        let established = |side, after| When::Enters { side, state: State::Established, after };
        for (side, octets, after) in sends {
            let deed = UserCall::send(sample_text(octets.min(most)));
            story.acts.push(Act::user(established(side, after), side, deed));
        }
        for side in Side::BOTH {
            let (pause, after) = (pauses[side as usize], closes[side as usize]);
            let arrives =
                |kind, nth, after| When::Segment { side: side.other(), kind, nth, passage: Passage::Arrives, after };
            let Profile { reading, accepting, .. } = story.host(side).profile;
            if accepting == Accepting::OnCall {
                story.acts.push(Act::user(established(side, pause), side, UserCall::Accept(None)));
                story.acts.extend(late_accepts(side, after));
            }
            let mut act = |when, deed| story.acts.push(Act::user(when, side, deed));
            if reading == Reading::OnCall {
                (1..=READS).for_each(|nth| act(arrives(SegmentKind::Data, nth, pause), UserCall::Receive(u32::MAX)));
                // A reading that comes before the connection is taken is the listener's.
                ACCEPTS
                    .into_iter()
                    .for_each(|secs| act(at(Duration::from_secs(secs) + pause), UserCall::Receive(u32::MAX)));
            }
            act(established(side, after), UserCall::Close);
            (1..=CLOSES).for_each(|nth| act(arrives(SegmentKind::Fin, nth, after), UserCall::Close));
        }
        story
    }
}

/// A user who takes connections late, and closes what he has got so long after.
fn late_accepts(side: Side, after: Duration) -> impl Iterator<Item = Act> {
    ACCEPTS.into_iter().map(Duration::from_secs).flat_map(move |time| {
        [(time, UserCall::Accept(None)), (time + after, UserCall::Close)]
            .map(|(time, deed)| Act::user(at(time), side, deed))
    })
}

/// A story of two users who open, send and close, each in any state that allows it, over a link that does what it
/// likes: in the end all of it has arrived at whom takes and reads at once, and nobody has a connection.
pub fn story() -> impl Strategy<Value = Scenario> {
    plot().prop_map(Plot::told)
}

/// A middlebox that forgets soon, and filters what connections need.
fn middlebox() -> impl Strategy<Value = Middlebox> {
    let bits =
        || segment().prop_map(|it| ControlBits { flags: Flags { psh: false, ..it.flags }, ..ControlBits::of(&it) });
    let filter = (bits(), prop::option::of(bits())).prop_map(|(bits, after)| Filter { bits, after });
    (prop::option::of((ms(3000), pick(&[Then::Drops, Then::Resets]))), prop::collection::vec(filter, 0..2)).prop_map(
        |(forgets, filters)| Middlebox { forgets: forgets.map(|(after, then)| Forgets { after, then }), filters },
    )
}

/// The same, between hosts with settings of every kind, and sometimes past a middlebox.
pub fn wild_story() -> impl Strategy<Value = Scenario> {
    let middlebox = prop_oneof![2 => Just(Middlebox::default()), 1 => middlebox()];
    (story(), prop::array::uniform2(profile()), middlebox).prop_map(|(mut story, profiles, middlebox)| {
        story.middlebox = middlebox;
        for (side, profile) in Side::BOTH.into_iter().zip(profiles) {
            story.host_mut(side).profile = profile;
        }
        story
    })
}

/// What may keep octets from arriving.
#[derive(Clone, Copy, Debug)]
enum Trouble {
    /// Whoever opened does so again, from the same port.
    Reopens(Duration),
    /// A host crashes, and comes up again so long after.
    Crashes { side: Side, at: Duration, down: Duration },
    /// It gives up soon.
    IsImpatient(Side),
    /// It has a user timeout.
    HasLittleTime(Side, Duration),
    /// It takes any SYN for a connection.
    IsTwoWay(Side),
    /// Its listener has no room, for what is half-open or for what is established.
    HasNoRoom { side: Side, is_request: bool },
}

fn trouble() -> impl Strategy<Value = Trouble> {
    let time = || prop_oneof![2 => ms(3000), 1 => ms(60_000), 1 => ms(500_000)];
    prop_oneof![
        3 => time().prop_map(Trouble::Reopens),
        3 => (side(), time(), ms(2000)).prop_map(|(side, at, down)| Trouble::Crashes { side, at, down }),
        1 => side().prop_map(Trouble::IsImpatient),
        1 => (side(), 1u64..3000).prop_map(|(side, ms)| Trouble::HasLittleTime(side, Duration::from_ms(ms))),
        1 => side().prop_map(Trouble::IsTwoWay),
        1 => (side(), any::<bool>()).prop_map(|(side, is_request)| Trouble::HasNoRoom { side, is_request }),
    ]
}

/// A story in which also hosts crash, users lose patience and ports are opened again: nobody has a connection in the end.
pub fn troubled_story() -> impl Strategy<Value = Scenario> {
    (story(), prop::collection::vec(trouble(), 1..4)).prop_map(|(mut story, troubles)| {
        for side in Side::BOTH {
            let profile = &mut story.host_mut(side).profile;
            // What a host that has crashed leaves behind ends by these limits. Without keep-alives it need not (RFC 9293
            // MAY-5): FIN-WAIT-2 and an idle connection wait for ever.
            (profile.r2_data, profile.r2_syn) = (Some(Duration::from_secs(100)), Some(Duration::from_secs(180)));
            let (idle, interval) = (Duration::from_secs(60), Duration::from_secs(10));
            profile.keep_alive = Some(KeepAlive { idle, interval, probes: 3 });
        }
        troubles.into_iter().for_each(|trouble| trouble.strikes(&mut story));
        story
    })
}

impl Trouble {
    fn strikes(self, story: &mut Scenario) {
        match self {
            Trouble::Reopens(time) => {
                let who = if story.client.listen.is_empty() { Side::Client } else { Side::Server };
                story.client.port = Some(CLIENT_PORT);
                story.acts.push(Act::user(at(time), who, UserCall::OPEN));
                for (ms, deed) in
                    [(1500, UserCall::send(sample_text(10))), (2000, UserCall::Close), (30_000, UserCall::Close)]
                {
                    let when = at(time + Duration::from_ms(ms));
                    story.acts.extend(Side::BOTH.map(|side| Act::user(when, side, deed.clone())));
                }
            }
            Trouble::Crashes { side, at: time, down } => {
                let up = at(time + down);
                story.acts.push(Act { when: at(time), deed: Deed::Crash(side) });
                story.acts.push(Act { when: up, deed: Deed::Reboot(side) });
                let listen = story.host(side).listen.iter().map(|port| Act::user(up, side, UserCall::listen(*port)));
                let listen: Vec<Act> = listen.collect();
                story.acts.extend(listen);
            }
            Trouble::IsImpatient(side) => {
                let profile = &mut story.host_mut(side).profile;
                (profile.r2_data, profile.r2_syn) = (Some(Duration::from_secs(3)), Some(Duration::from_secs(3)));
            }
            Trouble::HasLittleTime(side, time) => story.host_mut(side).profile.user_timeout = Some(time),
            Trouble::IsTwoWay(side) => story.host_mut(side).profile.handshake = Handshake::TwoWay,
            Trouble::HasNoRoom { side, is_request } => {
                let profile = &mut story.host_mut(side).profile;
                if is_request {
                    profile.backlog = 0;
                } else {
                    (profile.accepting, profile.accept_queue) = (Accepting::OnCall, 0);
                    // One that was closed before it was established is there all the same.
                    story.acts.extend(late_accepts(side, Duration::ZERO));
                }
            }
        }
    }
}
