//! Captures of a real kernel. Each story is told to the simulation as the applications told it to the kernel: the same
//! roles, ports, sizes and calls at the same times, and the same segments lost. What the client's host then sees must
//! be what the kernel's client saw: the same flags (PSH included), relative numbers and lengths in the same order; and
//! both ends must pass through the same states. What is found in our run must be what the kernel says has happened (`happened`).
//!
//! `*.truth.json` has what the kernel says about itself: the applications' calls (`syscalls`), the fate of each segment
//! (`wire_log`), what it sent again (`kernel_events`), and each end's states (`kernel_states`). Options, windows and the kernel's own timing of retries and
//! of delayed acknowledgments are not compared.

mod happened;

use std::fmt;
use std::path::{Path, PathBuf};

use bytes::Bytes;
use etherparse::{SlicedPacket, TransportSlice};
use pcap_parser::{LegacyPcapSlice, Linktype, PcapBlockOwned};
use serde::Deserialize;

use synfin::isn::IsnGenerator;
use synfin::network::{Fault, Link, Which};
use synfin::profile::{AckMode, Profile, Reading};
use synfin::segment::Segment;
use synfin::seq::SeqNumber;
use synfin::simulation::{Act, Ports, Simulation, UserCall, When};
use synfin::tcp::{Action, Reply, Side, State, UserEvent};
use synfin::time::{Duration, Instant};
use synfin::trace::{EventKind, Trace};

#[test]
fn a_close_by_the_client_is_that_of_a_real_kernel() {
    check("normal_close_client", Habits::default());
}

#[test]
fn a_close_by_the_server_is_that_of_a_real_kernel() {
    check("normal_close_server", Habits::default());
}

#[test]
fn a_close_in_three_segments_is_that_of_a_real_kernel() {
    check("three_segment_close", Habits { server_delays_acks: true, ..Habits::default() });
}

#[test]
fn a_half_close_is_that_of_a_real_kernel() {
    check("half_close", Habits::default());
}

#[test]
fn a_lost_syn_is_that_of_a_real_kernel() {
    check("lost_syn", Habits::default());
}

#[test]
fn a_lost_last_acknowledgment_is_that_of_a_real_kernel() {
    check("lost_last_ack", Habits::default());
}

#[test]
fn a_simultaneous_open_is_that_of_a_real_kernel() {
    check("simultaneous_open", Habits { server_delays_acks: true, answers_crossed_syn_ack: true });
}

#[test]
fn a_simultaneous_close_is_that_of_a_real_kernel() {
    check("simultaneous_close", Habits::default());
}

/// Where a story needs the kernel's habits beside the RFC's rules.
#[derive(Clone, Copy, Default)]
struct Habits {
    /// The server's application closes so soon after the client's FIN that the acknowledgment, which the kernel delays,
    /// travels with the server's own FIN. Where this is not so, it makes no difference in what is sent.
    server_delays_acks: bool,
    /// In a simultaneous open the kernel answers the other side's SYN,ACK with an ACK. So does RFC 9293 where its
    /// sequence test is taken literally (figure 7 shows no such ACK).
    answers_crossed_syn_ack: bool,
}

/// How long the server waits for something to carry an acknowledgment where it delays them. The kernel acknowledges
/// the first text of a connection at once, and a FIN after up to 40 ms; this stands for both, because in the captures
/// the reply to the text takes longer than this (over 400 µs after its arrival), and the CLOSE after the FIN does not
/// (at most 230 µs).
const SERVER_ACK_DELAY: Duration = Duration::from_us(300);

/// The client's and the server's initial sequence numbers in our run; the comparison is relative.
const ISNS: [u32; 2] = [1000, 5000];

/// How long the run goes on after the last call: longer than any retry takes, shorter than TIME-WAIT lasts.
const AFTERMATH: Duration = Duration::from_secs(100);

fn check(name: &str, habits: Habits) {
    let truth = Truth::read(name);
    let connection = &truth.connections[0];
    let captured = captured(name, connection);
    assert!(captured.len() >= 10, "{name}: the whole life of a connection was captured");

    let trace = run(&truth, habits);
    let seen = seen_by_client(&trace);
    assert_eq!(listed(&seen), listed(&captured), "{name}: as the client's host sees it");
    assert_eq!(happened::found(&trace), happened::said(&truth), "{name}: what happened");

    for (side, expected) in
        [(Side::Client, &connection.kernel_states.client), (Side::Server, &connection.kernel_states.server)]
    {
        // The kernel's tracing shows how a socket is made before it is used; our connections begin with their first
        // change of state. Nothing else is set aside: every state that the kernel passed through is in the file.
        let expected: Vec<&str> =
            expected.iter().map(|it| it.state.as_str()).skip_while(|state| *state == State::Closed.name()).collect();
        let came: Vec<&str> = states(&trace, side).into_iter().map(State::name).collect();
        assert_eq!(came, expected, "{name}: states of the {}", side.name());
        assert_eq!(received(&trace, side), truth.octets_received(side), "{name}: octets to the {}", side.name());
    }
}

/// A segment as the client's host sees it pass: its numbers are relative to the initial ones.
#[derive(Clone, PartialEq, Eq)]
struct Sight {
    sender: Side,
    flags: String,
    seq: u32,
    ack: Option<u32>,
    len: usize,
}

impl fmt::Display for Sight {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { sender, flags, seq, ack, len } = self;
        write!(f, "{} {flags} seq={seq}", sender.name())?;
        if let Some(ack) = ack {
            write!(f, " ack={ack}")?;
        }
        if *len > 0 { write!(f, " len={len}") } else { Ok(()) }
    }
}

/// One line each, so that a difference can be read.
fn listed(sights: &[Sight]) -> Vec<String> {
    sights.iter().map(Sight::to_string).collect()
}

/// Writes flags as tcpdump does.
fn flags_of(segment: &Segment) -> String {
    let flags = segment.flags;
    let marks = [
        (flags.syn, 'S'),
        (flags.fin, 'F'),
        (flags.rst, 'R'),
        (flags.psh, 'P'),
        (segment.ack.is_some(), '.'),
        (flags.urg, 'U'),
        (flags.ece, 'E'),
        (flags.cwr, 'W'),
    ];
    marks.into_iter().filter_map(|(is_set, mark)| is_set.then_some(mark)).collect()
}

/// What the simulation's client sent and received.
fn seen_by_client(trace: &Trace) -> Vec<Sight> {
    let sight = |sender: Side, segment: &Segment| Sight {
        sender,
        flags: flags_of(segment),
        seq: segment.seq.0.wrapping_sub(ISNS[sender as usize]),
        ack: segment.ack.map(|ack| ack.0.wrapping_sub(ISNS[sender.other() as usize])),
        len: segment.payload.len(),
    };
    trace
        .events()
        .iter()
        .filter_map(|event| match &event.kind {
            EventKind::Sent { side: Side::Client, datagram, .. } => Some(sight(Side::Client, &datagram.segment)),
            EventKind::Arrived { side: Side::Client, segment, .. } => {
                let datagram = trace.datagram(*segment).expect("what arrives was sent");
                Some(sight(Side::Server, &datagram.segment))
            }
            _ => None,
        })
        .collect()
}

/// The states that a side's connection entered.
fn states(trace: &Trace, of: Side) -> Vec<State> {
    trace
        .events()
        .iter()
        .filter_map(|event| match event.kind {
            EventKind::Entered { side, connection: Some(_), to, .. } if side == of => Some(to),
            _ => None,
        })
        .collect()
}

/// How many octets a side's user received, at once or later.
fn received(trace: &Trace, of: Side) -> usize {
    let octets = trace.events().iter().map(|event| match &event.kind {
        EventKind::Told { side, event: UserEvent::Received(data), .. } if *side == of => data.len(),
        EventKind::Called { side, result: Ok(Reply::Data(data)), .. } if *side == of => data.len(),
        _ => 0,
    });
    octets.sum()
}

/// Tells the story to the simulation.
fn run(truth: &Truth, habits: Habits) -> Trace {
    let connection = &truth.connections[0];
    let profile = Profile {
        mss: 1460,
        receive_buffer: u32::from(u16::MAX),
        reading: Reading::OnCall,
        simopen_trim_syn: !habits.answers_crossed_syn_ack,
        ..Profile::default()
    };
    let of_server = Profile {
        ack_mode: if habits.server_delays_acks { AckMode::Delayed } else { AckMode::Immediate },
        delayed_ack: SERVER_ACK_DELAY,
        ..profile.clone()
    };
    let host = |side: Side, profile| {
        Simulation::host_for(side, profile, IsnGenerator::new(&[SeqNumber(ISNS[side as usize])], 0))
    };
    let link = Link::new(truth.one_way_delay(), truth.faults(habits));
    let mut simulation = Simulation::new(
        host(Side::Client, profile),
        host(Side::Server, of_server),
        Ports::default(),
        link,
        truth.calls(connection),
    );
    let end = truth.since_start(truth.syscalls.iter().map(|it| it.t).fold(0.0, f64::max)) + AFTERMATH;
    let mut trace = Trace::default();
    while simulation.next_event_at().is_some_and(|at| at < end) {
        simulation.step(&mut trace);
        simulation.check_invariants();
    }
    trace
}

/// What the client's host captured.
fn captured(name: &str, connection: &Connection) -> Vec<Sight> {
    let bytes = std::fs::read(file(name, "client.pcap")).expect("the capture is there");
    let capture = LegacyPcapSlice::from_slice(&bytes).expect("the file is a capture");
    assert_eq!(capture.header.network, Linktype::ETHERNET, "{name}: the link type");
    let mut isns: [Option<u32>; 2] = [None; 2];
    capture
        .map(|block| {
            let Ok(PcapBlockOwned::Legacy(block)) = block else { panic!("{name}: the capture is whole") };
            let packet = SlicedPacket::from_ethernet(block.data).expect("the frame is whole");
            let Some(TransportSlice::Tcp(tcp)) = packet.transport else { panic!("{name}: only TCP was captured") };
            let sender = if tcp.source_port() == connection.client_port { Side::Client } else { Side::Server };
            // The first segment that a side sends is its SYN; the other side can only acknowledge it afterwards.
            let isn = *isns[sender as usize].get_or_insert(tcp.sequence_number());
            let of_other = isns[sender.other() as usize];
            let marks = [
                (tcp.syn(), 'S'),
                (tcp.fin(), 'F'),
                (tcp.rst(), 'R'),
                (tcp.psh(), 'P'),
                (tcp.ack(), '.'),
                (tcp.urg(), 'U'),
                (tcp.ece(), 'E'),
                (tcp.cwr(), 'W'),
            ];
            Sight {
                sender,
                flags: marks.into_iter().filter_map(|(is_set, mark)| is_set.then_some(mark)).collect(),
                seq: tcp.sequence_number().wrapping_sub(isn),
                ack: tcp.ack().then(|| {
                    tcp.acknowledgment_number().wrapping_sub(of_other.expect("only what was sent is acknowledged"))
                }),
                len: tcp.payload().len(),
            }
        })
        .collect()
}

fn file(name: &str, extension: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/captures/{name}.{extension}"))
}

/// What the kernel and the applications say; times in seconds.
#[derive(Deserialize)]
struct Truth {
    one_way_delay_s: f64,
    connections: Vec<Connection>,
    syscalls: Vec<Syscall>,
    wire_log: Vec<Wire>,
    kernel_events: Vec<KernelEvent>,
}

#[derive(Deserialize)]
struct Connection {
    client_port: u16,
    server_port: u16,
    kernel_states: KernelStates,
}

#[derive(Deserialize)]
struct KernelStates {
    client: Vec<KernelState>,
    server: Vec<KernelState>,
}

#[derive(Deserialize)]
struct KernelState {
    t: f64,
    state: String,
}

/// A call of an application, such as `recv(45)`.
#[derive(Deserialize)]
struct Syscall {
    t: f64,
    end: End,
    call: String,
    result: serde_json::Value,
}

/// A segment on the link between the hosts.
#[derive(Deserialize)]
struct Wire {
    t: f64,
    dir: Direction,
    action: Fate,
    flags: String,
    seq: u32,
    ack: Option<u32>,
    len: u32,
}

/// Something that the kernel says about a socket.
#[derive(Deserialize)]
struct KernelEvent {
    t: f64,
    event: String,
    sport: u16,
    state: String,
}

#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum End {
    Client,
    Server,
}

#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Direction {
    C2s,
    S2c,
}

#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Fate {
    Deliver,
    Drop,
}

impl End {
    fn side(self) -> Side {
        match self {
            End::Client => Side::Client,
            End::Server => Side::Server,
        }
    }
}

impl Direction {
    fn sender(self) -> Side {
        match self {
            Direction::C2s => Side::Client,
            Direction::S2c => Side::Server,
        }
    }
}

impl Truth {
    fn read(name: &str) -> Self {
        let text = std::fs::read_to_string(file(name, "truth.json")).expect("what the kernel says is there");
        serde_json::from_str(&text).expect("what the kernel says has the known form")
    }

    fn one_way_delay(&self) -> Duration {
        micros(self.one_way_delay_s)
    }

    /// The time since the first call.
    fn since_start(&self, t: f64) -> Instant {
        Instant::ZERO + micros(t - self.syscalls.iter().map(|it| it.t).fold(f64::INFINITY, f64::min))
    }

    /// What the applications did, as calls of ours.
    fn calls(&self, connection: &Connection) -> Vec<Act> {
        let mut has_closed = [false; 2];
        let mut calls = Vec::new();
        for syscall in &self.syscalls {
            let side = syscall.end.side();
            let (name, argument) = syscall.call.split_once('(').expect("a call has parentheses");
            let argument = argument.split(&[',', ')'][..]).next().expect("splitting gives at least one part");
            let call = match name {
                "listen" => UserCall::listen(number(argument)),
                "connect" => {
                    let port_of = |side| match side {
                        Side::Client => connection.client_port,
                        Side::Server => connection.server_port,
                    };
                    assert_eq!(argument, format!(":{}", port_of(side.other())), "both ends are known");
                    UserCall::Open { from: Some(port_of(side)), to: Some(port_of(side.other())), timeout: None }
                }
                "send" => UserCall::send(Bytes::from(vec![b'x'; number(argument)])),
                // What waits for the end of the stream waits for an octet that does not come.
                "recv" => UserCall::Receive(if argument.is_empty() { 1 } else { number(argument) }),
                // After shutdown(), close() only gives the descriptor back.
                "close" if has_closed[side as usize] => continue,
                "close" | "shutdown" => {
                    has_closed[side as usize] = true;
                    UserCall::Close
                }
                // In the RFC's interface a connection of a listener need not be fetched.
                "accept" => continue,
                other => panic!("unknown call {other}"),
            };
            calls.push(Act::user(When::At(self.since_start(syscall.t)), side, call));
        }
        calls
    }

    /// Loses what was lost. Where the server delays its acknowledgments, the client's FIN also takes as long as it
    /// took: the kernel tells when the server entered CLOSE-WAIT.
    fn faults(&self, habits: Habits) -> Vec<Fault> {
        let mut sent = [0; 2];
        let mut faults = Vec::new();
        for wire in &self.wire_log {
            let from = wire.dir.sender();
            let nth = &mut sent[from as usize];
            *nth += 1;
            if wire.action == Fate::Drop {
                faults.push(Fault { from, which: Which::nth(*nth), action: Action::Drop });
            } else if habits.server_delays_acks && from == Side::Client && wire.flags.contains('F') {
                let action = Action::Delay(self.extra_delay_of_clients_fin());
                faults.push(Fault { from, which: Which::nth(*nth), action });
            }
        }
        faults
    }

    fn extra_delay_of_clients_fin(&self) -> Duration {
        let is_close = |it: &&Syscall| it.end == End::Client && it.call.starts_with("close");
        let closed = self.syscalls.iter().find(is_close).expect("the client closes").t;
        let states = &self.connections[0].kernel_states.server;
        let arrived = states.iter().find(|it| it.state == State::CloseWait.name()).expect("the server is told").t;
        micros(arrived - closed) - self.one_way_delay()
    }

    /// How many octets an application received.
    fn octets_received(&self, side: Side) -> usize {
        let of_side = self.syscalls.iter().filter(|it| it.end.side() == side && it.call.starts_with("recv("));
        of_side.filter_map(|it| it.result.as_u64()).map(|octets| octets as usize).sum()
    }
}

fn number<T: std::str::FromStr>(text: &str) -> T {
    text.parse().unwrap_or_else(|_| panic!("{text} is not a number of the expected size"))
}

fn micros(seconds: f64) -> Duration {
    Duration::from_us((seconds * 1e6).round() as u64)
}
