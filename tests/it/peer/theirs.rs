//! The other end: a TCP socket of smoltcp on an interface whose network card is two queues.

use std::cell::Cell;
use std::collections::VecDeque;
use std::net::SocketAddr;

use smoltcp::iface::{Config, Interface, SocketHandle, SocketSet};
use smoltcp::phy::{Device, DeviceCapabilities, Medium, RxToken, TxToken};
use smoltcp::socket::tcp;
use smoltcp::time;
use smoltcp::wire::{HardwareAddress, IpCidr};

use synfin::time::{Duration, Instant};

use super::meeting::{Closes, End, User};

/// What smoltcp lets one choose.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// The largest packet in octets; the MSS follows from it.
    pub mtu: usize,
    /// Both buffers in octets.
    pub buffer: usize,
    /// How long it delays acknowledgments, if it does.
    pub ack_delay: Option<Duration>,
    /// Whether it holds back small segments.
    pub nagle: bool,
    /// Whether it offers timestamps.
    pub timestamps: bool,
    /// Whether it closes only when everything that it sent is acknowledged.
    pub closes_late: bool,
    /// Where its randomness begins.
    pub seed: u64,
}

/// A machine with one socket.
pub struct Theirs {
    interface: Interface,
    card: Card,
    sockets: SocketSet<'static>,
    handle: SocketHandle,
    closes_late: bool,
    user: User,
}

impl Theirs {
    fn new(local: SocketAddr, settings: Settings, user: User) -> Self {
        let mut card = Card { mtu: settings.mtu, arrived: VecDeque::new(), leaving: Vec::new() };
        let mut config = Config::new(HardwareAddress::Ip);
        config.random_seed = settings.seed;
        let mut interface = Interface::new(config, &mut card, time::Instant::ZERO);
        interface.update_ip_addrs(|addresses| {
            addresses.push(IpCidr::new(local.ip().into(), 24)).expect("there is room for one address");
        });
        let buffer = || tcp::SocketBuffer::new(vec![0; settings.buffer]);
        let mut socket = tcp::Socket::new(buffer(), buffer());
        socket.set_ack_delay(settings.ack_delay.map(|delay| time::Duration::from_micros(delay.as_us())));
        socket.set_nagle_enabled(settings.nagle);
        socket.set_tsval_generator(settings.timestamps.then_some(timestamp_clock as fn() -> u32));
        let mut sockets = SocketSet::new(Vec::new());
        let handle = sockets.add(socket);
        Self { interface, card, sockets, handle, closes_late: settings.closes_late, user }
    }

    /// One that listens.
    pub fn listening(local: SocketAddr, settings: Settings, user: User) -> Self {
        let mut it = Self::new(local, settings, user);
        it.socket().listen(local).expect("the socket is new");
        it
    }

    /// One that connects.
    pub fn connecting(local: SocketAddr, remote: SocketAddr, settings: Settings, user: User) -> Self {
        let mut it = Self::new(local, settings, user);
        let socket = it.sockets.get_mut::<tcp::Socket>(it.handle);
        socket.connect(it.interface.context(), remote, local).expect("the socket is new");
        it
    }

    fn socket(&mut self) -> &mut tcp::Socket<'static> {
        self.sockets.get_mut(self.handle)
    }

    fn poll(&mut self, now: Instant) {
        NOW_MS.set((now.as_us() / 1000) as u32);
        self.interface.poll(at(now), &mut self.card, &mut self.sockets);
        assert!(self.card.arrived.is_empty(), "a poll takes everything that has arrived");
        assert!(self.card.leaving.len() < QUEUE, "smoltcp sends for ever: {}", self.status());
    }

    fn read(&mut self, most: usize) {
        let mut octets = vec![0; most];
        let read = self.socket().recv_slice(&mut octets).expect("something is unread");
        self.user.received.extend_from_slice(&octets[..read]);
    }
}

impl End for Theirs {
    fn arrives(&mut self, now: Instant, packet: &[u8]) {
        self.card.arrived.push_back(packet.to_vec());
        self.poll(now);
    }

    fn next_at(&mut self, now: Instant) -> Option<Instant> {
        let timer = self.interface.poll_at(at(now), &self.sockets);
        let timer = timer.map(|at| Instant::from_us(u64::try_from(at.total_micros()).unwrap_or(0)));
        let unread = self.socket().recv_queue();
        [timer, self.user.next_reading(unread)].into_iter().flatten().min()
    }

    fn expires(&mut self, now: Instant) {
        match (self.interface.poll_at(at(now), &self.sockets), self.user.reads) {
            (Some(timer), _) if timer <= at(now) => {}
            (_, Some((octets, _))) => {
                self.read(octets);
                self.user.last_reading = now;
            }
            (_, None) => panic!("nothing was to be done"),
        }
        self.poll(now);
    }

    fn user_acts(&mut self, now: Instant) {
        use tcp::State;
        let Self { user, sockets, handle, .. } = self;
        let socket = sockets.get_mut::<tcp::Socket>(*handle);
        user.is_established |= matches!(socket.state(), State::Established | State::CloseWait);
        if !user.is_established {
            return self.poll(now);
        }
        while let Some(chunk) = user.next_chunk().filter(|_| socket.can_send()) {
            user.handed_over += socket.send_slice(chunk).expect("nobody has closed or reset the connection");
        }
        let unread = socket.recv_queue();
        if user.reads.is_none() && unread > 0 {
            self.read(unread);
        }
        let Self { user, sockets, handle, closes_late, .. } = self;
        let socket = sockets.get_mut::<tcp::Socket>(*handle);
        user.has_seen_end |= !socket.may_recv();
        if user.closes_now() && (!*closes_late || socket.send_queue() == 0) {
            match user.closes {
                Closes::Aborts => socket.abort(),
                Closes::AfterSending | Closes::AfterTheOther | Closes::Never => socket.close(),
            }
            user.has_closed = true;
        }
        user.has_closed |= user.closes == Closes::Never && socket.state() == tcp::State::Closed;
        self.poll(now);
    }

    fn leaving(&mut self) -> Vec<Vec<u8>> {
        std::mem::take(&mut self.card.leaving)
    }

    fn is_over(&self) -> bool {
        let socket = self.sockets.get::<tcp::Socket>(self.handle);
        self.user.has_closed && socket.state() == tcp::State::Closed && socket.recv_queue() == 0
    }

    fn user(&self) -> &User {
        &self.user
    }

    fn status(&self) -> String {
        format!("{:?}", self.sockets.get::<tcp::Socket>(self.handle))
    }
}

thread_local! {
    /// The clock of the timestamps option. smoltcp takes a plain function for it, so it cannot be handed over.
    static NOW_MS: Cell<u32> = const { Cell::new(0) };
}

fn timestamp_clock() -> u32 {
    NOW_MS.get()
}

fn at(now: Instant) -> time::Instant {
    time::Instant::from_micros(i64::try_from(now.as_us()).expect("a run takes less than 290 000 years"))
}

/// How many packets the card takes at once.
const QUEUE: usize = 200;

/// A network card that carries IP packets.
struct Card {
    mtu: usize,
    arrived: VecDeque<Vec<u8>>,
    leaving: Vec<Vec<u8>>,
}

struct Arrived(Vec<u8>);

struct Leaving<'a>(&'a mut Vec<Vec<u8>>);

impl Device for Card {
    type RxToken<'a> = Arrived;
    type TxToken<'a> = Leaving<'a>;

    fn receive(&mut self, _: time::Instant) -> Option<(Arrived, Leaving<'_>)> {
        self.arrived.pop_front().map(|packet| (Arrived(packet), Leaving(&mut self.leaving)))
    }

    fn transmit(&mut self, _: time::Instant) -> Option<Leaving<'_>> {
        (self.leaving.len() < QUEUE).then_some(Leaving(&mut self.leaving))
    }

    fn capabilities(&self) -> DeviceCapabilities {
        let mut capabilities = DeviceCapabilities::default();
        capabilities.medium = Medium::Ip;
        capabilities.max_transmission_unit = self.mtu;
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
