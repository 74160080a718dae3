//! A middlebox on the link, such as a firewall or an address translator: it forgets connections that are silent, and filters.
//! It sees each segment once, as it sets out, and nothing else: no host tells it anything. It rewrites nothing.

use std::net::SocketAddr;

use crate::segment::{Datagram, Flags, Segment};
use crate::tcp::{Objection, Side};
use crate::time::{Duration, Instant};

/// What a middlebox is told to do; by default there is none.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Middlebox {
    /// When it forgets connections, if it does.
    pub forgets: Option<Forgets>,
    /// What it filters.
    pub filters: Vec<Filter>,
}

/// How a middlebox forgets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Forgets {
    /// After this long without a segment between two sockets, in either direction.
    pub after: Duration,
    /// What becomes of what comes between them then, up to the next SYN.
    pub then: Then,
}

/// What a middlebox does with a segment of a connection that it does not remember.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Then {
    /// It drops the segment.
    Drops,
    /// It drops it and resets both ends, each in the other's name.
    Resets,
}

/// The segments that a middlebox filters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Filter {
    /// Those with exactly these control bits.
    pub bits: ControlBits,
    /// Only where the last segment of the other side that passed had exactly these.
    pub after: Option<ControlBits>,
}

/// The control bits of a segment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct ControlBits {
    /// All but ACK.
    pub flags: Flags,
    /// ACK.
    pub ack: bool,
}

impl ControlBits {
    /// Those of a segment.
    pub fn of(segment: &Segment) -> Self {
        Self { flags: segment.flags, ack: segment.ack.is_some() }
    }
}

impl Middlebox {
    /// Whether there is none.
    pub fn is_none(&self) -> bool {
        self.forgets.is_none() && self.filters.is_empty()
    }
}

/// Why a segment was stopped, and whether both ends are reset.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Why.
    pub objection: Objection,
    /// Whether [`resets_for`] the segment set out.
    pub resets: bool,
}

/// The resets with which a middlebox ends the connection of a segment, the sender's first: each comes in the name of the other end and
/// has the number that its receiver expects next, if the segment says which that is. `None` for a reset.
pub fn resets_for(datagram: &Datagram) -> Option<[Datagram; 2]> {
    let Datagram { source, destination, segment } = datagram;
    let (source, destination) = (*source, *destination);
    let back = Segment::reset_for(segment)?;
    // With its acknowledgment a reset counts in SYN-SENT too.
    let forth = Segment { ack: segment.ack, ..Segment::rst(segment.seq) };
    Some([
        Datagram { source: destination, destination: source, segment: back },
        Datagram { source, destination, segment: forth },
    ])
}

/// A middlebox at work: what it is told to do, and what it has seen.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Guard {
    orders: Middlebox,
    seen: Vec<Seen>,
}

/// What it remembers of the segments between two sockets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Seen {
    /// On the client's side, and on the server's.
    sockets: [SocketAddr; 2],
    /// When the last one passed.
    at: Instant,
    /// What the last one of each had.
    bits: [Option<ControlBits>; 2],
}

impl Guard {
    /// It has seen nothing yet.
    pub fn new(orders: Middlebox) -> Self {
        Self { orders, seen: Vec::new() }
    }

    /// A segment comes by, on its way to this side. `None` if it may pass.
    pub fn inspect(&mut self, now: Instant, to: Side, datagram: &Datagram) -> Option<Refusal> {
        let segment = &datagram.segment;
        let bits = ControlBits::of(segment);
        let (own, other) = (to.other() as usize, to as usize);
        let mut sockets = [datagram.source; 2];
        sockets[other] = datagram.destination;
        if let Some(forgets) = self.orders.forgets {
            self.seen.retain(|it| now.since(it.at) < forgets.after);
        }
        let place = self.seen.iter().position(|it| it.sockets == sockets);
        let last = place.and_then(|place| self.seen[place].bits[other]);
        if self.orders.filters.iter().any(|it| it.bits == bits && (it.after.is_none() || it.after == last)) {
            return Some(Refusal { objection: Objection::Filtered, resets: false });
        }
        let place = match (place, self.orders.forgets) {
            (Some(place), _) => place,
            (None, Some(Forgets { then, .. })) if !(segment.flags.syn && segment.ack.is_none()) => {
                return Some(Refusal { objection: Objection::Forgotten, resets: then == Then::Resets });
            }
            (None, _) => {
                self.seen.push(Seen { sockets, at: now, bits: [None; 2] });
                self.seen.len() - 1
            }
        };
        let seen = &mut self.seen[place];
        seen.at = now;
        seen.bits[own] = Some(bits);
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::seq::SeqNumber;

    fn datagram(ports: [u16; 2], segment: Segment) -> Datagram {
        let [source, destination] = ports.map(|port| SocketAddr::from(([192, 0, 2, 1], port)));
        Datagram { source, destination, segment }
    }

    fn objections(orders: Middlebox, passing: &[(u64, [u16; 2], Segment)]) -> Vec<Option<Objection>> {
        let mut guard = Guard::new(orders);
        let inspect = |(s, ports, segment): &(u64, [u16; 2], Segment)| {
            let to = if ports[1] == 80 { Side::Server } else { Side::Client };
            guard.inspect(Instant::from_ms(s * 1000), to, &datagram(*ports, segment.clone())).map(|it| it.objection)
        };
        passing.iter().map(inspect).collect()
    }

    const FORTH: [u16; 2] = [5000, 80];
    const BACK: [u16; 2] = [80, 5000];

    #[test]
    fn what_is_silent_for_long_is_forgotten_until_the_next_syn() {
        let (syn, ack) = (Segment::syn(SeqNumber(1)), Segment::ack(SeqNumber(2), SeqNumber(9)));
        let syn_ack = Segment::syn_ack(SeqNumber(8), SeqNumber(2));
        let forgets = Forgets { after: Duration::from_secs(30), then: Then::Drops };
        let passing = [
            (0, FORTH, ack.clone()),
            (1, FORTH, syn.clone()),
            (2, BACK, syn_ack),
            (31, FORTH, ack.clone()),
            (60, BACK, ack.clone()),
            (60, [5001, 80], ack.clone()),
            (90, FORTH, ack.clone()),
            (91, BACK, ack.clone()),
            (92, BACK, syn),
            (93, FORTH, ack),
        ];
        let gone = Some(Objection::Forgotten);
        let expected = [gone, None, None, None, None, gone, gone, gone, None, None];
        assert_eq!(objections(Middlebox { forgets: Some(forgets), filters: vec![] }, &passing), expected);
    }

    #[test]
    fn a_filter_stops_exactly_its_control_bits() {
        let (syn, ack) = (Segment::syn(SeqNumber(1)), Segment::ack(SeqNumber(2), SeqNumber(9)));
        let syn_ack = Segment::syn_ack(SeqNumber(8), SeqNumber(2));
        let pushed = Segment { flags: Flags { psh: true, ..Flags::default() }, ..ack.clone() };
        let after_syn = Filter { bits: ControlBits::of(&ack), after: Some(ControlBits::of(&syn)) };
        let passing = [
            (0, FORTH, ack.clone()),
            (0, FORTH, syn.clone()),
            (0, FORTH, ack.clone()),
            (0, BACK, syn_ack),
            (0, BACK, ack.clone()),
            (0, FORTH, syn),
            (0, BACK, pushed),
            (0, BACK, ack),
        ];
        // Acknowledgments of either side pass, but not one that answers a SYN.
        let expected = [None, None, None, None, None, None, None, Some(Objection::Filtered)];
        assert_eq!(objections(Middlebox { forgets: None, filters: vec![after_syn] }, &passing), expected);
    }

    #[test]
    fn both_ends_are_reset_with_the_numbers_that_they_expect() {
        let text = Segment { payload: "abc".into(), ..Segment::ack(SeqNumber(101), SeqNumber(301)) };
        let [back, forth] = resets_for(&datagram(FORTH, text)).expect("it is no reset");
        assert_eq!((back.source.port(), back.segment.to_string()), (80, "RST seq=301".to_owned()));
        assert_eq!((forth.source.port(), forth.segment.to_string()), (5000, "RST, ACK seq=101 ack=301".to_owned()));
        assert_eq!(resets_for(&datagram(FORTH, Segment::rst(SeqNumber(1)))), None);
    }
}
