//! Two ends, the network between them and the time. Everything that passes is bytes.

use synfin::network::{Link, Transit};
use synfin::segment::Segment;
use synfin::tcp::Side;
use synfin::time::{Duration, Instant};

use super::observer::Observer;

/// No meeting has more events.
const MOST_EVENTS: usize = 20_000;

/// What one machine can do, whoever wrote it.
pub trait End {
    /// A packet arrives.
    fn arrives(&mut self, now: Instant, packet: &[u8]);
    /// When the machine next does something by itself.
    fn next_at(&mut self, now: Instant) -> Option<Instant>;
    /// The machine does what it has to do at this time.
    fn expires(&mut self, now: Instant);
    /// Its user does what is possible now.
    fn user_acts(&mut self, now: Instant);
    /// Takes the packets that leave.
    fn leaving(&mut self) -> Vec<Vec<u8>>;
    /// Whether its user has closed, and nothing of the connection is left.
    fn is_over(&self) -> bool;
    /// Its user.
    fn user(&self) -> &User;
    /// One line about its state, for when something goes wrong.
    fn status(&self) -> String;
}

/// What an application wants, and what has become of it.
#[derive(Debug)]
pub struct User {
    /// Everything it has to send.
    pub text: Vec<u8>,
    /// How much of it goes into one call.
    pub chunk: usize,
    /// When it closes.
    pub closes: Closes,
    /// How much it reads at once and how often; otherwise it takes everything at once.
    pub reads: Option<(usize, Duration)>,
    /// When it last read, if it takes its time.
    pub last_reading: Instant,
    /// How much of the text was handed over.
    pub handed_over: usize,
    /// What it received.
    pub received: Vec<u8>,
    /// Whether it was told that the connection is established.
    pub is_established: bool,
    /// Whether it was told that the other side sends no more.
    pub has_seen_end: bool,
    /// Whether it has closed or aborted, or was told that the other side has aborted.
    pub has_closed: bool,
}

/// When an application closes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Closes {
    /// When it has handed over everything.
    AfterSending,
    /// When the other side has closed as well.
    AfterTheOther,
    /// It does not close: it aborts when it has handed over everything.
    Aborts,
    /// Never: the other side aborts.
    Never,
}

impl User {
    /// An application that has done nothing yet.
    pub fn new(text: Vec<u8>, chunk: usize, closes: Closes, reads: Option<(usize, Duration)>) -> Self {
        Self {
            text,
            chunk,
            closes,
            reads,
            last_reading: Instant::ZERO,
            handed_over: 0,
            received: Vec::new(),
            is_established: false,
            has_seen_end: false,
            has_closed: false,
        }
    }

    /// What it hands over next; `None` when everything was.
    pub fn next_chunk(&self) -> Option<&[u8]> {
        self.text[self.handed_over..].chunks(self.chunk).next()
    }

    /// Whether it closes now.
    pub fn closes_now(&self) -> bool {
        let is_time = match self.closes {
            Closes::AfterSending | Closes::Aborts => self.is_established,
            Closes::AfterTheOther => self.has_seen_end,
            Closes::Never => false,
        };
        is_time && !self.has_closed && self.handed_over == self.text.len()
    }

    /// When it reads again, if there is something to be read and it takes its time.
    pub fn next_reading(&self, unread: usize) -> Option<Instant> {
        let (_, every) = self.reads.filter(|_| unread > 0)?;
        Some(self.last_reading + every)
    }
}

/// A packet on its way.
struct OnItsWay {
    at: Instant,
    to: Side,
    packet: Vec<u8>,
}

/// Two ends and the link between them.
pub struct Meeting<A, B> {
    now: Instant,
    link: Link,
    /// In the order in which they left.
    on_their_way: Vec<OnItsWay>,
    observer: Observer,
    pub ours: A,
    our_side: Side,
    pub theirs: B,
}

impl<A: End, B: End> Meeting<A, B> {
    pub fn new(link: Link, our_side: Side, ours: A, theirs: B) -> Self {
        Self {
            now: Instant::ZERO,
            link,
            on_their_way: Vec::new(),
            observer: Observer::new(our_side),
            ours,
            our_side,
            theirs,
        }
    }

    /// Lets both live until nothing is left of the connection at either end and the network is empty.
    ///
    /// # Panics
    /// With everything that passed, if that takes longer than `most`.
    pub fn run(&mut self, most: Duration) {
        let end = Instant::ZERO + most;
        for _ in 0..MOST_EVENTS {
            for side in Side::BOTH {
                let now = self.now;
                self.end(side).user_acts(now);
                self.carry_what_leaves(side);
            }
            if self.ours.is_over() && self.theirs.is_over() && self.on_their_way.is_empty() {
                return;
            }
            let Some(at) = self.next_at() else { self.give_up("nothing is left to happen") };
            if at > end {
                self.give_up("it takes too long");
            }
            self.now = at;
            // An arrival comes before what expires at the same moment, as in our simulation.
            if let Some(index) = self.on_their_way.iter().position(|it| it.at == at) {
                let OnItsWay { to, packet, .. } = self.on_their_way.remove(index);
                self.observer.arrives(to, &packet);
                self.end(to).arrives(at, &packet);
                self.carry_what_leaves(to);
                continue;
            }
            for side in Side::BOTH {
                if self.end(side).next_at(at).is_some_and(|next| next <= at) {
                    self.end(side).expires(at);
                    self.carry_what_leaves(side);
                    break;
                }
            }
        }
        self.give_up("it never ends");
    }

    /// The time.
    pub fn now(&self) -> Instant {
        self.now
    }

    /// What passed the link, a line for each segment when it left.
    pub fn ladder(&self) -> &str {
        &self.observer.ladder
    }

    fn next_at(&mut self) -> Option<Instant> {
        let now = self.now;
        let arrival = self.on_their_way.iter().map(|it| it.at).min();
        [arrival, self.ours.next_at(now), self.theirs.next_at(now)].into_iter().flatten().min().map(|at| at.max(now))
    }

    fn end(&mut self, side: Side) -> &mut dyn End {
        if side == self.our_side { &mut self.ours } else { &mut self.theirs }
    }

    fn carry_what_leaves(&mut self, from: Side) {
        for packet in self.end(from).leaving() {
            // The faults of this link go by number: what the segment is does not matter to them.
            let copies = self.link.carry(self.now, from, &Segment::default());
            self.observer.leaves(self.now, from, &packet, copies.len());
            for copy in copies {
                let Transit::Due(at) = copy.transit else { panic!("this link holds nothing") };
                self.on_their_way.push(OnItsWay { at, to: from.other(), packet: packet.clone() });
            }
        }
    }

    fn give_up(&self, why: &str) -> ! {
        panic!("{why} at {}\nours: {}\ntheirs: {}", self.now, self.ours.status(), self.theirs.status());
    }
}
