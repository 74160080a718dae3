//! Our end and one of smoltcp, which share no code, talk to each other in bytes over a network that loses, duplicates
//! and delays: whatever either of us misunderstands of the RFCs, the other does not.

mod meeting;
mod observer;
mod ours;
mod theirs;

use std::collections::BTreeSet;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use synfin::network::{Fault, Link, Which};
use synfin::profile::{AckMode, Profile, Reading};
use synfin::rule::Rule;
use synfin::tcp::{Action, KeepAlive, Side};
use synfin::time::Duration;

use meeting::{Closes, End, Meeting, User};
use ours::Ours;
use theirs::{Settings, Theirs};

/// How many stories each role lives through.
const STORIES: u64 = 400;

/// How many of them end with an abort.
const ABORTED: u64 = 100;

/// No story takes longer. Without congestion control only one segment is repeated for each timeout, and the timeout goes
/// on doubling until something new was sent and acknowledged (RFC 6298 §5), so a burst of losses takes its time.
const MOST_TIME: Duration = Duration::from_secs(3600);

/// How long our side is patient: nobody is to give up here.
const PATIENCE: Duration = Duration::from_secs(1000);

/// How many segments of each side something may happen to.
const MOST_FAULTS: u32 = 60;

/// What the stories must have been about, or they prove nothing.
const MET_IN_EVERY_ROLE: [Rule; 14] = [
    Rule::RetransmissionTimeout,
    Rule::DuplicateAck,
    Rule::SegmentBeforeWindow,
    Rule::TextOutOfOrder,
    Rule::FinOutOfOrder,
    Rule::DuplicateFin,
    Rule::FinCrossesFin,
    Rule::FinInTimeWait,
    Rule::AckDelayed,
    Rule::SmallSegmentWaits,
    Rule::WindowHoldsText,
    Rule::ZeroWindowProbe,
    Rule::WindowIsClosed,
    Rule::WindowReopens,
];

/// What must have happened where our user reads slowly and something happens to segments.
const MET_BY_SLOW_READERS: [Rule; 5] = [
    Rule::WindowIsClosed,
    Rule::WindowReopens,
    Rule::TextOutOfOrder,
    Rule::SegmentBeforeWindow,
    Rule::RetransmissionTimeout,
];

/// What the aborts must have been about.
const MET_IN_ABORTS: [Rule; 2] = [Rule::AbortSendsReset, Rule::ResetEndsConnection];

#[test]
fn our_client_and_a_real_server_exchange_everything_whatever_is_lost() {
    live_through(Side::Client);
}

#[test]
fn our_server_and_a_real_client_exchange_everything_whatever_is_lost() {
    live_through(Side::Server);
}

#[test]
fn when_one_aborts_the_other_is_told() {
    let mut rules = BTreeSet::new();
    for our_side in Side::BOTH {
        for seed in 0..ABORTED {
            let story = Story::aborted(our_side, seed);
            let _printed = PrintedOnPanic { seed, story: &story };
            rules.extend(story.live().ours.rules);
        }
    }
    let missing: Vec<_> = MET_IN_ABORTS.iter().filter(|rule| !rules.contains(&rule.id())).collect();
    assert!(missing.is_empty(), "no story needed {missing:?}");
}

#[test]
fn our_client_closes_before_a_real_server() {
    let story = Story::plain(Side::Client, [Closes::AfterSending, Closes::AfterTheOther]);
    let ladder = "
           0 ms client SYN seq=0 wnd=4000 mss=1000
          50 ms server SYN, ACK seq=0 ack=1 wnd=4000 mss=1460
         100 ms client PSH, ACK seq=1 ack=1 len=600 wnd=4000
         100 ms client FIN, ACK seq=601 ack=1 wnd=4000
         150 ms server ACK seq=1 ack=601 wnd=3400
         150 ms server PSH, ACK seq=1 ack=601 len=900 wnd=4000
         150 ms server ACK seq=901 ack=602 wnd=4000
         150 ms server FIN, ACK seq=901 ack=602 wnd=4000
         200 ms client ACK seq=602 ack=901 wnd=3100
         200 ms client ACK seq=602 ack=902 wnd=3099";
    check(&story, ladder, "SYN-SENT ESTABLISHED FIN-WAIT-1 FIN-WAIT-2 TIME-WAIT CLOSED", "240.2 s");
}

#[test]
fn a_real_server_closes_before_our_client() {
    let story = Story::plain(Side::Client, [Closes::AfterTheOther, Closes::AfterSending]);
    let ladder = "
           0 ms client SYN seq=0 wnd=4000 mss=1000
          50 ms server SYN, ACK seq=0 ack=1 wnd=4000 mss=1460
         100 ms client PSH, ACK seq=1 ack=1 len=600 wnd=4000
         150 ms server ACK seq=1 ack=601 wnd=3400
         150 ms server FIN, ACK seq=1 ack=601 len=900 wnd=4000
         200 ms client ACK seq=601 ack=902 wnd=3099
         200 ms client FIN, ACK seq=601 ack=902 wnd=3099
         250 ms server ACK seq=902 ack=602 wnd=4000";
    check(&story, ladder, "SYN-SENT ESTABLISHED CLOSE-WAIT LAST-ACK CLOSED", "10.25 s");
}

#[test]
fn our_server_closes_before_a_real_client() {
    let story = Story::plain(Side::Server, [Closes::AfterSending, Closes::AfterTheOther]);
    let ladder = "
           0 ms client SYN seq=0 wnd=4000 mss=1460 scale=0 sack
          50 ms server SYN, ACK seq=0 ack=1 wnd=4000 mss=1000
         100 ms client ACK seq=1 ack=1 wnd=4000
         100 ms client PSH, ACK seq=1 ack=1 len=900 wnd=4000
         150 ms server PSH, ACK seq=1 ack=1 len=600 wnd=4000
         150 ms server FIN, ACK seq=601 ack=1 wnd=4000
         150 ms server ACK seq=602 ack=901 wnd=3100
         200 ms client ACK seq=901 ack=601 wnd=3400
         200 ms client ACK seq=901 ack=602 wnd=4000
         200 ms client FIN, ACK seq=901 ack=602 wnd=4000
         250 ms server ACK seq=602 ack=902 wnd=3099";
    check(&story, ladder, "SYN-RECEIVED ESTABLISHED FIN-WAIT-1 FIN-WAIT-2 TIME-WAIT CLOSED", "240.25 s");
}

#[test]
fn a_real_client_closes_before_our_server() {
    let story = Story::plain(Side::Server, [Closes::AfterTheOther, Closes::AfterSending]);
    let ladder = "
           0 ms client SYN seq=0 wnd=4000 mss=1460 scale=0 sack
          50 ms server SYN, ACK seq=0 ack=1 wnd=4000 mss=1000
         100 ms client ACK seq=1 ack=1 wnd=4000
         100 ms client FIN, ACK seq=1 ack=1 len=900 wnd=4000
         150 ms server PSH, ACK seq=1 ack=1 len=600 wnd=4000
         150 ms server ACK seq=601 ack=902 wnd=3099
         150 ms server FIN, ACK seq=601 ack=902 wnd=3099
         200 ms client ACK seq=902 ack=601 wnd=3400
         200 ms client ACK seq=902 ack=602 wnd=4000";
    check(&story, ladder, "SYN-RECEIVED ESTABLISHED CLOSE-WAIT LAST-ACK CLOSED", "10.2 s");
}

#[test]
fn our_client_and_a_real_server_close_at_the_same_time() {
    let story = Story::plain(Side::Client, [Closes::AfterSending, Closes::AfterSending]);
    let ladder = "
           0 ms client SYN seq=0 wnd=4000 mss=1000
          50 ms server SYN, ACK seq=0 ack=1 wnd=4000 mss=1460
         100 ms client PSH, ACK seq=1 ack=1 len=600 wnd=4000
         100 ms client FIN, ACK seq=601 ack=1 wnd=4000
         150 ms server ACK seq=1 ack=601 wnd=3400
         150 ms server FIN, ACK seq=1 ack=601 len=900 wnd=4000
         150 ms server ACK seq=902 ack=602 wnd=4000
         200 ms client ACK seq=602 ack=902 wnd=3099";
    check(&story, ladder, "SYN-SENT ESTABLISHED FIN-WAIT-1 CLOSING TIME-WAIT CLOSED", "240.2 s");
}

/// Both scale their windows from the third segment on, and every segment carries timestamps.
#[test]
fn our_server_and_a_real_client_agree_on_options() {
    let plain = Story::plain(Side::Server, [Closes::AfterTheOther, Closes::AfterSending]);
    let story = Story {
        profile: Profile { window_scale: Some(2), sack_permitted: true, timestamps: true, ..plain.profile },
        settings: Settings { buffer: 70_000, timestamps: true, ..plain.settings },
        ..plain
    };
    let ladder = "
           0 ms client SYN seq=0 wnd=65535 mss=1460 scale=1 sack ts
          50 ms server SYN, ACK seq=0 ack=1 wnd=4000 mss=1000 scale=2 sack ts
         100 ms client ACK seq=1 ack=1 wnd=35000 ts
         100 ms client FIN, ACK seq=1 ack=1 len=900 wnd=35000 ts
         150 ms server PSH, ACK seq=1 ack=1 len=600 wnd=1000 ts
         150 ms server ACK seq=601 ack=902 wnd=774 ts
         150 ms server FIN, ACK seq=601 ack=902 wnd=774 ts
         200 ms client ACK seq=902 ack=601 wnd=34700 ts
         200 ms client ACK seq=902 ack=602 wnd=35000 ts";
    check(&story, ladder, "SYN-RECEIVED ESTABLISHED CLOSE-WAIT LAST-ACK CLOSED", "10.2 s");
}

/// Lets a story happen in which nothing is left to chance: what passes, through which states our side goes, and when it
/// is over.
fn check(story: &Story, ladder: &str, states: &str, end: &str) {
    let meeting = story.live();
    let expected: Vec<&str> = ladder.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let came: Vec<&str> = meeting.ladder().lines().map(str::trim).collect();
    assert_eq!(came, expected);
    let came: Vec<&str> = meeting.ours.states.iter().map(|state| state.name()).collect();
    assert_eq!(came.join(" "), states);
    assert_eq!(meeting.now().to_string(), end);
}

/// What happens to a connection of ours with smoltcp.
#[derive(Clone, Debug)]
struct Story {
    our_side: Side,
    version: IpVersion,
    delay: Duration,
    faults: Vec<Fault>,
    profile: Profile,
    settings: Settings,
    isn: u32,
    /// How many octets our user and theirs have to send, and how much goes into one call.
    octets: [usize; 2],
    chunks: [usize; 2],
    closes: [Closes; 2],
    /// What they read at once, and how often, if they do not take everything at once.
    reads: [Option<(usize, Duration)>; 2],
}

#[derive(Clone, Copy, Debug)]
enum IpVersion {
    V4,
    V6,
}

impl Story {
    /// Nothing goes wrong, and nothing special was chosen: 600 octets from us and 900 to us.
    fn plain(our_side: Side, closes: [Closes; 2]) -> Self {
        Self {
            our_side,
            version: IpVersion::V4,
            delay: Duration::from_ms(50),
            faults: Vec::new(),
            profile: Profile::default(),
            settings: Settings {
                mtu: 1500,
                buffer: 4000,
                ack_delay: None,
                nagle: false,
                timestamps: false,
                closes_late: false,
                seed: 1,
            },
            isn: 1000,
            octets: [600, 900],
            chunks: [600, 900],
            closes,
            reads: [None, None],
        }
    }

    /// The story that this seed tells.
    fn of(our_side: Side, seed: u64) -> Self {
        let mut chance = Chance(seed << 1 | our_side as u64);
        let closes = *chance.pick(&[
            [Closes::AfterSending, Closes::AfterTheOther],
            [Closes::AfterTheOther, Closes::AfterSending],
            [Closes::AfterSending, Closes::AfterSending],
        ]);
        // Who closes first cannot take time: RECEIVE fails once both sides have closed (RFC 9293 §3.10.3), and smoltcp
        // throws away what is unread when TIME-WAIT is over.
        let reads = closes.map(|closes| {
            let is_slow = closes == Closes::AfterTheOther && chance.one_in(2);
            is_slow.then(|| (*chance.pick(&[90, 700, 2500]), Duration::from_ms(*chance.pick(&[40, 900]))))
        });
        // Where our window closes, smoltcp stops its timers although something of its own is in flight when an old
        // acknowledgment with a closed window, or the end of its probes, meets a segment that it repeats: then it waits for
        // ever. So there segments are only lost, on both ways: nothing comes late, or twice.
        let mut faults = faults(&mut chance);
        if reads[0].is_some() {
            faults.retain(|it| it.action == Action::Drop);
        }
        let has_options = chance.one_in(2);
        let ack_mode = *chance.pick(&[AckMode::Immediate, AckMode::Delayed]);
        let profile = Profile {
            window_scale: has_options.then(|| *chance.pick(&[0, 1, 3, 7])),
            sack_permitted: has_options,
            timestamps: has_options,
            ack_mode,
            nagle: chance.one_in(2),
            mss: *chance.pick(&[300, 536, 1000, 1460]),
            receive_buffer: *chance.pick(&[500, 4000, 70_000]),
            send_buffer: *chance.pick(&[1500, 1 << 16]),
            r2_data: Some(PATIENCE),
            reading: if reads[0].is_some() { Reading::OnCall } else { Reading::Eager },
            ..Profile::default()
        };
        let settings = Settings {
            mtu: *chance.pick(&[576, 1280, 1500]),
            buffer: *chance.pick(&[700, 4000, 70_000]),
            ack_delay: *chance.pick(&[None, Some(Duration::from_ms(10)), Some(Duration::from_ms(200))]),
            nagle: chance.one_in(2),
            timestamps: chance.one_in(2),
            // It never stops sending once its FIN has gone out as a window probe.
            closes_late: reads[0].is_some(),
            seed: chance.next(),
        };
        Self {
            our_side,
            version: *chance.pick(&[IpVersion::V4, IpVersion::V6]),
            delay: Duration::from_ms(*chance.pick(&[1, 20, 150])),
            faults,
            profile,
            settings,
            isn: *chance.pick(&[0, u32::MAX, u32::MAX - 2000, 0x7fff_ff00]),
            octets: [chance.below(6000), chance.below(6000)],
            chunks: [200 + chance.below(1200), 200 + chance.below(1200)],
            closes,
            reads,
        }
    }

    /// The same, but one of the users aborts. Its segments all arrive as they left, or the other end would not get to know.
    fn aborted(our_side: Side, seed: u64) -> Self {
        let story = Self::of(our_side, seed);
        let (closes, aborts) = if seed.is_multiple_of(2) {
            ([Closes::Aborts, Closes::Never], our_side)
        } else {
            ([Closes::Never, Closes::Aborts], our_side.other())
        };
        let faults = story.faults.into_iter().filter(|it| it.from != aborts).collect();
        // Where their reset has the number of what they repeat, ours gets to know by asking.
        let keep_alive =
            Some(KeepAlive { idle: Duration::from_secs(60), interval: Duration::from_secs(10), probes: 5 });
        let profile = Profile { reading: Reading::Eager, keep_alive, ..story.profile };
        Self { closes, faults, profile, reads: [None, None], ..story }
    }

    fn socket(&self, side: Side) -> SocketAddr {
        let (last, port) = match side {
            Side::Client => (1, 49152),
            Side::Server => (2, 80),
        };
        let address = match self.version {
            IpVersion::V4 => IpAddr::V4(Ipv4Addr::new(192, 0, 2, last)),
            IpVersion::V6 => IpAddr::V6(Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, last.into())),
        };
        SocketAddr::new(address, port)
    }

    fn users(&self) -> [User; 2] {
        [0, 1].map(|who| User::new(text(who, self.octets[who]), self.chunks[who], self.closes[who], self.reads[who]))
    }

    /// Lets it happen, and checks that both users have received what the other sent.
    fn live(&self) -> Meeting<Ours, Theirs> {
        let [us, them] = self.users();
        let (local, remote) = (self.socket(self.our_side), self.socket(self.our_side.other()));
        let profile = self.profile.clone();
        let (ours, theirs) = match self.our_side {
            Side::Client => {
                (Ours::connecting(local, remote, self.isn, profile, us), Theirs::listening(remote, self.settings, them))
            }
            Side::Server => {
                (Ours::listening(local, self.isn, profile, us), Theirs::connecting(remote, local, self.settings, them))
            }
        };
        let mut meeting = Meeting::new(Link::new(self.delay, self.faults.clone()), self.our_side, ours, theirs);
        meeting.run(MOST_TIME);
        let all_arrives = !self.closes.contains(&Closes::Aborts);
        for (who, user) in [(1, meeting.ours.user()), (0, meeting.theirs.user())] {
            let sent = text(who, self.octets[who]);
            let right = user.received.iter().zip(&sent).take_while(|(received, sent)| received == sent).count();
            let expected = if all_arrives { sent.len() } else { user.received.len() };
            assert_eq!((right, user.received.len()), (expected, expected), "octets that are right, and all");
        }
        meeting
    }
}

/// What our user (0) and theirs (1) send: a segment that is taken for another of the same side or the other shows.
fn text(who: usize, octets: usize) -> Vec<u8> {
    (0..octets).map(|place| ((place + who * 100) % 251) as u8).collect()
}

fn faults(chance: &mut Chance) -> Vec<Fault> {
    let mut faults = Vec::new();
    for from in Side::BOTH {
        for nth in 1..=MOST_FAULTS {
            let ms = |chance: &mut Chance| Duration::from_ms(chance.below(400) as u64);
            let action = match chance.below(100) {
                0..10 => Action::Drop,
                10..18 => Action::Duplicate(ms(chance)),
                18..30 => Action::Delay(ms(chance)),
                _ => continue,
            };
            faults.push(Fault { from, which: Which::nth(nth), action });
        }
    }
    faults
}

/// Lets our side play its role in many stories, and checks that they were about something.
fn live_through(our_side: Side) {
    let (mut rules, mut of_slow_readers) = (BTreeSet::new(), BTreeSet::new());
    for seed in 0..STORIES {
        let story = Story::of(our_side, seed);
        let _printed = PrintedOnPanic { seed, story: &story };
        let met = story.live().ours.rules;
        rules.extend(met.iter().copied());
        if story.reads[0].is_some() && !story.faults.is_empty() {
            of_slow_readers.extend(met);
        }
    }
    let missing = |expected: &[Rule], met: &BTreeSet<&str>| -> Vec<Rule> {
        expected.iter().filter(|rule| !met.contains(rule.id())).copied().collect()
    };
    assert_eq!(missing(&MET_IN_EVERY_ROLE, &rules), [], "needed by no story");
    assert_eq!(missing(&MET_BY_SLOW_READERS, &of_slow_readers), [], "needed by no story in which our window closes");
}

/// Tells the story in which a test panicked.
struct PrintedOnPanic<'a> {
    seed: u64,
    story: &'a Story,
}

impl Drop for PrintedOnPanic<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("seed {}: {:?}", self.seed, self.story);
        }
    }
}

/// Numbers that look like chance and depend on the seed alone: SplitMix64.
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, bound: usize) -> usize {
        (self.next() % bound as u64) as usize
    }

    fn one_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }

    fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len())]
    }
}
