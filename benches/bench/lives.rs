//! One connection from SYN to the end of TIME-WAIT, with 1 KB of text from the client, told twice: to our simulation,
//! which records everything that happens, and to smoltcp, which writes and reads packets. Both send the same segments.

use std::collections::VecDeque;

use smoltcp::iface::{Config, Interface, SocketHandle, SocketSet};
use smoltcp::phy::{ChecksumCapabilities, Device, DeviceCapabilities, Medium, RxToken, TxToken};
use smoltcp::socket::tcp;
use smoltcp::time::Instant;
use smoltcp::wire::{HardwareAddress, IpAddress, IpCidr};

use synfin::scenario::Scenario;
use synfin::simulation::Simulation;
use synfin::trace::{EventKind, Trace};

/// How many octets the client sends.
pub const OCTETS: usize = 1024;

/// How many segments such a life takes: three to open, the text and its acknowledgment, four to close.
pub const SEGMENTS: usize = 9;

/// The story of a life.
pub fn story() -> Scenario {
    let script = format!(
        "client isn 100, mss 1460
         server isn 300, listen 80, mss 1460
         link delay 1ms
         at 0ms client open
         when client ESTABLISHED client send {OCTETS}
         when server receives {OCTETS} client close
         when server CLOSE-WAIT server close"
    );
    Scenario::parse(&script).expect("the story is right")
}

/// Lets our simulation live through it, and returns the record.
pub fn ours(story: &Scenario) -> Trace {
    let (mut simulation, mut trace) = (story.simulation(), Trace::default());
    while simulation.step(&mut trace) {}
    trace
}

/// The same without a record.
pub fn unrecorded(story: &Scenario) -> Simulation {
    let mut simulation = story.simulation();
    while simulation.step(&mut ()) {}
    simulation
}

/// How many segments a run took.
pub fn segments(trace: &Trace) -> usize {
    trace.events().iter().filter(|event| matches!(event.kind, EventKind::Sent { .. })).count()
}

/// Whether smoltcp writes and verifies checksums.
#[derive(Clone, Copy)]
pub enum Checksums {
    /// As on a real network.
    On,
    /// As ours, which makes no bytes.
    Off,
}

/// Lets two machines of smoltcp live through it, and returns how many packets they exchanged.
///
/// Packets arrive at once, so that nothing but smoltcp itself takes time.
pub fn smoltcp(checksums: Checksums) -> usize {
    let [mut client, mut server] = [1, 2].map(|last| Machine::new(last, checksums));
    let mut now = Instant::ZERO;
    server.socket().listen(80).expect("the socket is new");
    let socket = client.sockets.get_mut::<tcp::Socket>(client.handle);
    let remote = (IpAddress::v4(192, 0, 2, 2), 80);
    socket.connect(client.interface.context(), remote, 49152).expect("the socket is new");
    let (mut packets, mut received, mut has_sent) = (0, 0, false);
    let mut text = [0; OCTETS];
    loop {
        packets += client.poll(now, &mut server.card);
        packets += server.poll(now, &mut client.card);
        let socket = client.socket();
        if socket.may_send() && !has_sent {
            assert_eq!(socket.send_slice(&[b'x'; OCTETS]), Ok(OCTETS));
            has_sent = true;
        } else if received == OCTETS && socket.state() == tcp::State::Established {
            socket.close();
        }
        let socket = server.socket();
        if socket.can_recv() {
            received += socket.recv_slice(&mut text).expect("something is there");
        } else if socket.state() == tcp::State::CloseWait {
            socket.close();
        }
        if [&mut client, &mut server].into_iter().all(|it| it.socket().state() == tcp::State::Closed) {
            return packets;
        }
        if client.card.arrived.is_empty() && server.card.arrived.is_empty() {
            // Nothing is on its way: the next thing to happen is a timer, if it is not something to send now.
            let next =
                [&mut client, &mut server].into_iter().filter_map(|it| it.interface.poll_at(now, &it.sockets)).min();
            now = now.max(next.expect("TIME-WAIT ends"));
        }
    }
}

struct Machine {
    interface: Interface,
    card: Card,
    sockets: SocketSet<'static>,
    handle: SocketHandle,
}

impl Machine {
    fn new(last: u8, checksums: Checksums) -> Self {
        let mut card = Card { checksums, arrived: VecDeque::new(), leaving: Vec::new() };
        let mut interface = Interface::new(Config::new(HardwareAddress::Ip), &mut card, Instant::ZERO);
        interface.update_ip_addrs(|addresses| {
            addresses.push(IpCidr::new(IpAddress::v4(192, 0, 2, last), 24)).expect("there is room for one");
        });
        let buffer = || tcp::SocketBuffer::new(vec![0; 4000]);
        let mut socket = tcp::Socket::new(buffer(), buffer());
        // As ours: acknowledgments at once, small segments too.
        socket.set_ack_delay(None);
        socket.set_nagle_enabled(false);
        let mut sockets = SocketSet::new(Vec::with_capacity(1));
        let handle = sockets.add(socket);
        Self { interface, card, sockets, handle }
    }

    fn socket(&mut self) -> &mut tcp::Socket<'static> {
        self.sockets.get_mut(self.handle)
    }

    /// Does what is to be done, and carries what leaves to the other machine.
    fn poll(&mut self, now: Instant, other: &mut Card) -> usize {
        self.interface.poll(now, &mut self.card, &mut self.sockets);
        let packets = self.card.leaving.len();
        other.arrived.extend(self.card.leaving.drain(..));
        packets
    }
}

/// A network card that carries IP packets.
struct Card {
    checksums: Checksums,
    arrived: VecDeque<Vec<u8>>,
    leaving: Vec<Vec<u8>>,
}

struct Arrived(Vec<u8>);

struct Leaving<'a>(&'a mut Vec<Vec<u8>>);

impl Device for Card {
    type RxToken<'a> = Arrived;
    type TxToken<'a> = Leaving<'a>;

    fn receive(&mut self, _: Instant) -> Option<(Arrived, Leaving<'_>)> {
        self.arrived.pop_front().map(|packet| (Arrived(packet), Leaving(&mut self.leaving)))
    }

    fn transmit(&mut self, _: Instant) -> Option<Leaving<'_>> {
        Some(Leaving(&mut self.leaving))
    }

    fn capabilities(&self) -> DeviceCapabilities {
        let mut capabilities = DeviceCapabilities::default();
        capabilities.medium = Medium::Ip;
        capabilities.max_transmission_unit = 1500;
        capabilities.checksum = match self.checksums {
            Checksums::On => ChecksumCapabilities::default(),
            Checksums::Off => ChecksumCapabilities::ignored(),
        };
        capabilities
    }
}

impl RxToken for Arrived {
    fn consume<R, F: FnOnce(&[u8]) -> R>(self, f: F) -> R {
        f(&self.0)
    }
}

impl TxToken for Leaving<'_> {
    fn consume<R, F: FnOnce(&mut [u8]) -> R>(self, len: usize, f: F) -> R {
        let mut packet = vec![0; len];
        let result = f(&mut packet);
        self.0.push(packet);
        result
    }
}
