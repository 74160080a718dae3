//! Wireshark's opinion of our segments. Runs are written as captures, as tcpdump would make them on either host, and
//! `tshark` reads them: every header is well-formed, every checksum right, and every number the one that our trace has;
//! and what we call a retransmission, a duplicate or a probe, Wireshark calls so too. What was damaged on its way has a bad
//! checksum.
//!
//! Where there is no `tshark` on the path, the test says so and checks nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write as _;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::Path;
use std::process::Command;

use synfin::history::History;
use synfin::rule::Rule;
use synfin::scenario::{Scenario, story};
use synfin::segment::{Datagram, Options, Segment, codec};
use synfin::seq::SeqNumber;
use synfin::tcp::{Role, Side};
use synfin::time::Instant;
use synfin::trace::EventKind;

/// A story, and what is to be said about it at the client's host and at the server's: of which packet, counted from 1,
/// Wireshark says what. Of all others it says nothing.
struct Told {
    name: &'static str,
    /// Empty for a story of the catalogue.
    script: &'static str,
    at: [&'static str; 2],
}

const TOLD: [Told; 16] = [
    Told { name: "life", script: "", at: ["", ""] },
    // The server's host never sees the first SYN, so nothing is repeated there.
    Told { name: "lost-syn", script: "", at: ["2 again", ""] },
    Told { name: "lost-last-ack", script: "", at: ["8 again, 9 duplicate ACK", "7 again"] },
    Told { name: "three-segment-close", script: "", at: ["", ""] },
    // The SYN,ACK of each side repeats its SYN.
    Told { name: "simultaneous-open", script: "", at: ["3 again, 4 again", "3 again, 4 again"] },
    Told { name: "simultaneous-close", script: "", at: ["", ""] },
    Told { name: "refused", script: "", at: ["", ""] },
    Told {
        name: "lost text, with options, across the wrap",
        script: "client isn 4294967290, timestamps on, sack-permitted on, window-scale 2, mss 500
                 server isn 300, listen 80, timestamps on, sack-permitted on, window-scale 7, mss 500
                 at 0ms client open
                 when client ESTABLISHED client send 1400
                 when server receives 1400 after 10ms server close
                 when client CLOSE-WAIT client close
                 drop client 4",
        at: ["8 duplicate ACK, 9 again", "6 gap, 7 duplicate ACK, 8 again"],
    },
    Told {
        name: "overtaken text, and text twice",
        script: "client isn 100, mss 500
                 server isn 300, listen 80, mss 500
                 at 0ms client open
                 when client ESTABLISHED client send 1400
                 when server receives 1400 after 10ms server close
                 when client CLOSE-WAIT client close
                 delay client 3 by 5ms
                 duplicate client 5",
        at: [
            "7 duplicate ACK, 8 duplicate ACK, 10 duplicate ACK",
            "4 gap, 5 duplicate ACK, 7 duplicate ACK, 8 again, 10 again, 11 duplicate ACK",
        ],
    },
    Told {
        name: "a closed window",
        script: "client isn 100
                 server isn 300, listen 80, buffer 1000, reading on-call
                 at 0ms client open
                 when client ESTABLISHED client send 2500
                 at 4s server receive 1000
                 at 5s client abort",
        at: [
            "4 window full, 5 closed window, 6 probe, 7 answer to probe, 7 closed window, 8 probe, 9 answer to probe, \
             9 closed window, 10 open window, 12 window full, 14 closed window",
            "4 window full, 5 closed window, 6 probe, 7 answer to probe, 7 closed window, 8 probe, 9 answer to probe, \
             9 closed window, 10 open window, 13 window full, 14 closed window",
        ],
    },
    Told {
        name: "a lost acknowledgment",
        script: "client isn 100
                 server isn 300, listen 80
                 at 0ms client open
                 when client ESTABLISHED client send 100
                 at 5s client close
                 at 6s server close
                 drop server 2",
        at: ["5 again", "6 again, 7 duplicate ACK"],
    },
    Told {
        name: "a connection that is given up",
        script: "client isn 100
                 server isn 300, listen 80
                 at 0ms client open
                 at 1s client abort",
        at: ["", ""],
    },
    Told {
        name: "everything in one segment",
        script: "client isn 100, nagle on
                 server isn 300, listen 80, ack delayed
                 at 0ms client open
                 when client ESTABLISHED client send 10
                 when client ESTABLISHED client send 20
                 when client ESTABLISHED client close
                 when server CLOSE-WAIT server close",
        at: ["", ""],
    },
    Told {
        name: "a silent peer that is asked",
        script: "client isn 100, keep-alive 1s every 200ms probes 3
                 server isn 300, listen 80
                 at 0ms client open
                 at 500ms client send 10
                 drop server ack 2
                 at 4s client close
                 when server CLOSE-WAIT server close",
        at: [
            "6 keep-alive, 7 keep-alive, 8 answer to keep-alive, 9 keep-alive, 10 answer to keep-alive",
            "6 keep-alive, 7 answer to keep-alive, 8 keep-alive, 9 answer to keep-alive, 10 keep-alive, \
             11 answer to keep-alive",
        ],
    },
    Told {
        name: "damaged text, and a damaged acknowledgment",
        script: "client isn 100
                 server isn 300, listen 80
                 at 0ms client open
                 when client ESTABLISHED client send 100
                 at 5s client send 100
                 at 9s client abort
                 corrupt client data 1
                 corrupt server ack 2",
        at: [
            "5 again, 8 bad checksum, 9 again, 10 duplicate ACK",
            "4 bad checksum, 5 again, 9 again, 10 duplicate ACK",
        ],
    },
    Told {
        name: "forged segments",
        script: "client isn 100
                 server isn 300, listen 80
                 at 0ms client open
                 at 500ms client send 20
                 at 1s forge to server rst seq 150
                 at 2s forge to server fin psh urg ece cwr seq 121 ack 999 length 5 window 17
                 at 3s forge to client seq 320 ack 121 length \"nonsense\"
                 at 4s forge to client rst seq 301",
        // The reset that is challenged lies ahead, so that what is next looks old.
        at: ["6 duplicate ACK, 7 duplicate ACK, 8 gap, 9 duplicate ACK", "7 duplicate ACK, 8 again, 9 duplicate ACK"],
    },
];

/// A story in which each of these segments is lost in its turn.
const LOSING: &str = "client isn 4294966000, timestamps on
     server isn 300, listen 80, timestamps on
     at 0ms client open
     when client ESTABLISHED client send 1500
     when server receives 1500 server send 700
     when client receives 700 client close
     when server CLOSE-WAIT after 100ms server close
";
const MOST_LOST: u32 = 5;

#[test]
fn wireshark_reads_our_segments_as_we_mean_them() {
    if !has_tshark() {
        return;
    }
    let mut seen = Vec::new();
    for Told { name, script, at } in TOLD {
        let script = if script.is_empty() { story(name).expect("the catalogue has it").script } else { script };
        for side in Side::BOTH {
            seen.push(Seen::new(name.to_owned(), script, side, Some(at[side as usize])));
        }
    }
    for from in Side::BOTH {
        for nth in 1..=MOST_LOST {
            let script = format!("{LOSING}drop {} {nth}\n", from.name());
            seen.extend(Side::BOTH.map(|side| Seen::new(script.clone(), &script, side, None)));
        }
    }
    let packets: Vec<_> = seen.iter().enumerate().flat_map(|(network, it)| it.packets(network)).collect();
    let capture = Path::new(env!("CARGO_TARGET_TMPDIR")).join("runs.pcap");
    std::fs::write(&capture, in_capture_format(&packets)).expect("the capture can be written");

    let frames = read_with_tshark(&capture);
    assert_eq!(frames.len(), packets.len(), "every packet is a frame");
    let mut frames = frames.into_iter();
    for it in seen {
        it.compare(frames.by_ref().take(it.sights.len()).collect());
    }
}

/// Whether there is a `tshark`; says so if not.
fn has_tshark() -> bool {
    let is_there = Command::new("tshark").arg("--version").output().is_ok_and(|it| it.status.success());
    if !is_there {
        // Written past the harness, which would keep to itself what a test that passes says.
        writeln!(std::io::stderr(), "SKIPPED, no tshark on the path: Wireshark was not asked about our segments")
            .expect("somebody listens");
    }
    is_there
}

/// What one host sees of a run.
struct Seen {
    name: String,
    side: Side,
    sights: Vec<Sight>,
    /// What Wireshark is to say, where that is known.
    expected: Option<&'static str>,
}

/// A segment that passes.
struct Sight {
    at: Instant,
    sender: Side,
    datagram: Datagram,
    /// Why it was sent, if this host did.
    role: Option<Role>,
    /// Whether it arrives with a wrong checksum.
    is_damaged: bool,
}

impl Seen {
    fn new(name: String, script: &str, side: Side, expected: Option<&'static str>) -> Self {
        let mut run = History::new(Scenario::parse(script).unwrap_or_else(|error| panic!("{name}: {error}")));
        run.run_to_end();
        let trace = run.trace();
        let is_damaged = |step| {
            let mut events = trace.events().iter().filter(|event| event.step == step);
            events.any(|event| matches!(event.kind, EventKind::Decided { rule: Rule::ChecksumFailed, .. }))
        };
        let sights = trace.events().iter().filter_map(|event| match &event.kind {
            EventKind::Sent { side: sender, datagram, role, .. } if *sender == side => {
                let (datagram, role) = ((**datagram).clone(), *role);
                Some(Sight { at: event.at, sender: side, datagram, role, is_damaged: false })
            }
            EventKind::Arrived { side: receiver, segment, .. } if *receiver == side => {
                let datagram = trace.datagram(*segment).expect("what arrives was sent").clone();
                let is_damaged = is_damaged(event.step);
                Some(Sight { at: event.at, sender: side.other(), datagram, role: None, is_damaged })
            }
            _ => None,
        });
        Self { name, side, sights: sights.collect(), expected }
    }

    /// The packets, each run in a network of its own, by turns of IPv4 and IPv6, so that one capture holds them all.
    fn packets(&self, network: usize) -> impl Iterator<Item = (Instant, Vec<u8>)> {
        let network = u8::try_from(network).expect("there are few runs");
        let to = move |socket: SocketAddr| {
            let IpAddr::V4(address) = socket.ip() else { panic!("our hosts have IPv4 addresses") };
            let last = address.octets()[3];
            let address = if network.is_multiple_of(2) {
                IpAddr::V4(Ipv4Addr::new(198, 18, network, last))
            } else {
                IpAddr::V6(Ipv6Addr::new(0x2001, 0xdb8, network.into(), 0, 0, 0, 0, last.into()))
            };
            SocketAddr::new(address, socket.port())
        };
        self.sights.iter().map(move |Sight { at, datagram, is_damaged, .. }| {
            let Datagram { source, destination, segment } = datagram;
            let datagram = Datagram { source: to(*source), destination: to(*destination), segment: segment.clone() };
            let mut packet = codec::encode(&datagram).expect("our segments fit into packets");
            if *is_damaged {
                // The text or the header has changed on the way: it is the checksum that does not fit any more.
                let ip = if network.is_multiple_of(2) { 20 } else { 40 };
                packet[ip + CHECKSUM_AT] ^= 1;
            }
            (*at, packet)
        })
    }

    fn compare(&self, frames: Vec<Frame>) {
        let mut syns: [Option<&Segment>; 2] = [None; 2];
        let (mut said, mut probed) = (Vec::new(), Vec::new());
        for (number, (sight, mut frame)) in (1..).zip(self.sights.iter().zip(frames)) {
            let place = format!("{}, at the {}, packet {number}: {}", self.name, self.side.name(), sight.datagram);
            let segment = &sight.datagram.segment;
            assert_eq!(frame.is_damaged, sight.is_damaged, "{place}");
            if segment.flags.syn {
                syns[sight.sender as usize] = Some(segment);
            }
            let expected = numbers_of(sight, syns);
            // Where no SYN says where relative numbers begin, Wireshark guesses.
            frame.numbers.retain(|field, _| !RELATIVE.contains(field) || expected.contains_key(field));
            assert_eq!(frame.numbers, expected, "{place}");
            if sight.role == Some(Role::Probe) {
                probed.push(segment.seq);
            }
            if let Some(role) = sight.role {
                let is_again = frame.says.contains("again");
                let is_probe = frame.says.contains("probe");
                let as_meant = match role {
                    // A repeated probe is a probe, and what one carried counts for nothing: it comes first when the window is open.
                    Role::Retransmission => is_again || is_probe || probed.contains(&segment.seq),
                    Role::Probe => is_probe && !is_again,
                    // In a simultaneous open the SYN,ACK repeats the SYN, but says something new.
                    Role::New => {
                        is_again == (self.name == "simultaneous-open" && segment.flags.syn && segment.ack.is_some())
                    }
                    Role::Ack | Role::KeepAlive | Role::ChallengeAck | Role::Reset | Role::Abort => {
                        !is_again && !is_probe
                    }
                };
                assert!(as_meant, "{place} ({role:?}): {:?}", frame.says);
            }
            said.extend(frame.says.iter().map(|word| format!("{number} {word}")));
        }
        if let Some(expected) = self.expected {
            assert_eq!(said.join(", "), expected, "{}, at the {}", self.name, self.side.name());
        }
    }
}

/// The numbers that Wireshark is to find; the SYNs that this host has seen tell it where relative ones begin.
fn numbers_of(sight: &Sight, syns: [Option<&Segment>; 2]) -> BTreeMap<&'static str, u64> {
    let Datagram { source, destination, segment } = &sight.datagram;
    let Segment { seq, ack, flags, wnd, options, payload } = segment;
    let [own, other] = [sight.sender, sight.sender.other()].map(|side| syns[side as usize]);
    let relative = |number: SeqNumber, syn: Option<&Segment>| Some(u64::from(number.offset_from(syn?.seq)));
    let Options { mss, window_scale, sack_permitted, timestamps } = *options;
    let scale = |syn: Option<&Segment>| syn.and_then(|syn| syn.options.window_scale);
    let shift = scale(other).and(scale(own)).filter(|_| !flags.syn).unwrap_or(0);
    let bits = [flags.fin, flags.syn, flags.rst, flags.psh, ack.is_some(), flags.urg, flags.ece, flags.cwr];
    let bits: u64 = bits.into_iter().zip(0..).map(|(is_set, bit)| u64::from(is_set) << bit).sum();
    let numbers = [
        ("frame.time_epoch", Some(sight.at.as_us())),
        ("tcp.srcport", Some(source.port().into())),
        ("tcp.dstport", Some(destination.port().into())),
        ("tcp.flags", Some(bits)),
        ("tcp.seq_raw", Some(seq.0.into())),
        ("tcp.seq", relative(*seq, own)),
        ("tcp.nxtseq", relative(segment.end(), own)),
        ("tcp.ack_raw", ack.map(|ack| ack.0.into())),
        ("tcp.ack", ack.and_then(|ack| relative(ack, other))),
        ("tcp.len", Some(payload.len() as u64)),
        ("tcp.window_size_value", Some((*wnd).into())),
        ("tcp.window_size", Some(u64::from(*wnd) << shift)),
        ("tcp.options.mss_val", mss.map(u64::from)),
        ("tcp.options.wscale.shift", window_scale.map(u64::from)),
        ("tcp.options.sack_perm", sack_permitted.then_some(1)),
        ("tcp.options.timestamp.tsval", timestamps.map(|it| it.value.into())),
        ("tcp.options.timestamp.tsecr", timestamps.map(|it| it.echo.into())),
    ];
    numbers.into_iter().filter_map(|(field, number)| Some((field, number?))).collect()
}

/// Packets without a link layer in the classic format of libpcap.
fn in_capture_format(packets: &[(Instant, Vec<u8>)]) -> Vec<u8> {
    const MAGIC: u32 = 0xa1b2_c3d4;
    const VERSION_2_4: u32 = 4 << 16 | 2;
    const RAW_IP: u32 = 101;
    let word = |number: u64| u32::try_from(number).expect("times and lengths are small").to_le_bytes();
    let mut bytes = Vec::new();
    // The two zeros are a time zone and an accuracy, which nobody uses.
    for field in [MAGIC, VERSION_2_4, 0, 0, u16::MAX.into(), RAW_IP] {
        bytes.extend(field.to_le_bytes());
    }
    for (at, packet) in packets {
        let len = packet.len() as u64;
        bytes.extend([at.as_us() / 1_000_000, at.as_us() % 1_000_000, len, len].into_iter().flat_map(word));
        bytes.extend(packet);
    }
    bytes
}

/// Where the checksum stands in a header of TCP.
const CHECKSUM_AT: usize = 16;

/// What Wireshark says about a packet.
struct Frame {
    /// Its checksum is wrong.
    is_damaged: bool,
    numbers: BTreeMap<&'static str, u64>,
    says: BTreeSet<&'static str>,
}

/// The fields of [`numbers_of`].
const NUMBERS: [&str; 17] = [
    "frame.time_epoch",
    "tcp.srcport",
    "tcp.dstport",
    "tcp.flags",
    "tcp.seq_raw",
    "tcp.seq",
    "tcp.nxtseq",
    "tcp.ack_raw",
    "tcp.ack",
    "tcp.len",
    "tcp.window_size_value",
    "tcp.window_size",
    "tcp.options.mss_val",
    "tcp.options.wscale.shift",
    "tcp.options.sack_perm",
    "tcp.options.timestamp.tsval",
    "tcp.options.timestamp.tsecr",
];

const RELATIVE: [&str; 3] = ["tcp.seq", "tcp.nxtseq", "tcp.ack"];

/// Wireshark's words, and ours. Which kind of repetition it is, Wireshark guesses from the times.
const WORDS: [(&str, &str); 15] = [
    ("tcp.analysis.retransmission", "again"),
    ("tcp.analysis.fast_retransmission", "again"),
    ("tcp.analysis.spurious_retransmission", "again"),
    ("tcp.analysis.out_of_order", "again"),
    ("tcp.analysis.lost_segment", "gap"),
    ("tcp.analysis.ack_lost_segment", "acknowledges what was not seen"),
    ("tcp.analysis.duplicate_ack", "duplicate ACK"),
    ("tcp.analysis.zero_window", "closed window"),
    ("tcp.analysis.zero_window_probe", "probe"),
    ("tcp.analysis.zero_window_probe_ack", "answer to probe"),
    ("tcp.analysis.window_full", "window full"),
    ("tcp.analysis.window_update", "open window"),
    ("tcp.analysis.keep_alive", "keep-alive"),
    ("tcp.analysis.keep_alive_ack", "answer to keep-alive"),
    ("tcp.analysis.reused_ports", "reused ports"),
];

const VERDICTS: [&str; 4] = ["_ws.malformed", "_ws.expert.severity", "ip.checksum.status", "tcp.checksum.status"];

fn read_with_tshark(capture: &Path) -> Vec<Frame> {
    let mut command = Command::new("tshark");
    // What the user has set elsewhere must not matter.
    command.env("WIRESHARK_CONFIG_DIR", capture.with_extension("config"));
    command.args(["-n", "-r"]).arg(capture).args(["-o", "tcp.check_checksum:TRUE", "-o", "ip.check_checksum:TRUE"]);
    command.args(["-T", "fields", "-E", "separator=/t", "-E", "occurrence=a"]);
    let fields = || NUMBERS.into_iter().chain(WORDS.map(|(field, _)| field)).chain(VERDICTS);
    command.args(fields().flat_map(|field| ["-e", field]));
    let output = command.output().expect("tshark runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).expect("tshark writes text");
    text.lines()
        .map(|line| {
            let values = fields().zip(line.split('\t')).filter(|(_, value)| !value.is_empty());
            Frame::new(line, values.collect())
        })
        .collect()
}

impl Frame {
    fn new(line: &str, values: BTreeMap<&'static str, &str>) -> Self {
        // Of the severities of Wireshark's remarks, this one is for errors.
        const ERROR: &str = "8388608";
        const GOOD: &str = "1";
        const BAD: &str = "0";
        assert_eq!(values.get("_ws.malformed"), None, "{line}");
        let is_damaged = values.get("tcp.checksum.status") == Some(&BAD);
        let mut severities = values.get("_ws.expert.severity").into_iter().flat_map(|it| it.split(','));
        assert_eq!(severities.any(|severity| severity == ERROR), is_damaged, "{line}");
        assert!(is_damaged || values.get("tcp.checksum.status") == Some(&GOOD), "{line}");
        // A header of IPv6 has no checksum.
        assert!(values.get("ip.checksum.status").is_none_or(|status| *status == GOOD), "{line}");
        // Where there is no ACK flag, Wireshark shows the fields all the same.
        let has_ack = values.get("tcp.flags").is_some_and(|flags| number("tcp.flags", flags) & 16 != 0);
        let is_there = |field: &str| has_ack || !["tcp.ack", "tcp.ack_raw"].contains(&field);
        let says = WORDS.into_iter().filter_map(|(field, word)| values.contains_key(field).then_some(word));
        Self {
            is_damaged,
            numbers: NUMBERS
                .into_iter()
                .filter(|field| is_there(field))
                .filter_map(|field| Some((field, number(field, values.get(field)?))))
                .collect(),
            says: says.chain(is_damaged.then_some("bad checksum")).collect(),
        }
    }
}

fn number(field: &str, value: &str) -> u64 {
    let parsed = match field {
        // Seconds with nine decimals, to microseconds.
        "frame.time_epoch" => value.replace('.', "").parse().map(|ns: u64| ns / 1000),
        // Its octets.
        "tcp.options.sack_perm" => Ok(1),
        _ => match value.strip_prefix("0x") {
            Some(hex) => u64::from_str_radix(hex, 16),
            None => value.parse(),
        },
    };
    parsed.unwrap_or_else(|error| panic!("{field} is {value}: {error}"))
}
