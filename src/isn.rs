//! Initial sequence numbers: chosen by the story, or generated as RFC 6528 says.

use std::hash::Hasher;
use std::net::SocketAddr;

use siphasher::sip::SipHasher24;

use crate::seq::SeqNumber;
use crate::time::Instant;

/// ISN = M + F(local socket, remote socket, secret): M counts every 4 µs, F is a keyed hash (RFC 6528 §3). Numbers
/// that a story sets are used first, one for each connection.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct IsnGenerator {
    chosen: Vec<SeqNumber>,
    used: usize,
    secret: u64,
}

impl IsnGenerator {
    /// A generator that first gives `chosen`, then computes with `secret`.
    pub fn new(chosen: Vec<SeqNumber>, secret: u64) -> Self {
        Self { chosen, used: 0, secret }
    }

    /// The next number for a connection between these sockets. Asking changes nothing; see [`Self::used_up`].
    pub fn next(&self, now: Instant, local: SocketAddr, remote: SocketAddr) -> SeqNumber {
        match self.chosen.get(self.used) {
            Some(chosen) => *chosen,
            None => self.computed(now, local, remote),
        }
    }

    /// The number was used: the next connection gets the next one.
    pub fn used_up(&mut self) {
        self.used = self.chosen.len().min(self.used + 1);
    }

    fn computed(&self, now: Instant, local: SocketAddr, remote: SocketAddr) -> SeqNumber {
        let mut f = SipHasher24::new_with_keys(self.secret, !self.secret);
        for socket in [local, remote] {
            match socket {
                SocketAddr::V4(v4) => f.write(&v4.ip().octets()),
                SocketAddr::V6(v6) => f.write(&v6.ip().octets()),
            }
            f.write(&socket.port().to_be_bytes());
        }
        let m = now.as_us() / 4;
        SeqNumber((m as u32).wrapping_add(f.finish() as u32))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn socket(last: u8, port: u16) -> SocketAddr {
        ([192, 0, 2, last], port).into()
    }

    #[test]
    fn chosen_numbers_come_first_and_once() {
        let mut isn = IsnGenerator::new(vec![SeqNumber(100), SeqNumber(400)], 7);
        let next = |isn: &IsnGenerator| isn.next(Instant::ZERO, socket(1, 5000), socket(2, 80));
        assert_eq!((next(&isn), next(&isn)), (SeqNumber(100), SeqNumber(100)));
        isn.used_up();
        assert_eq!(next(&isn), SeqNumber(400));
        isn.used_up();
        isn.used_up();
        assert_eq!(next(&isn), IsnGenerator::new(vec![], 7).next(Instant::ZERO, socket(1, 5000), socket(2, 80)));
    }

    #[test]
    fn computed_numbers_grow_with_time_and_differ_by_sockets_and_secret() {
        let isn = IsnGenerator::new(vec![], 7);
        let at = |us, port| isn.next(Instant::from_us(us), socket(1, port), socket(2, 80));
        assert_eq!(at(4_000_000, 5000), at(0, 5000) + 1_000_000, "one every 4 µs");
        assert_ne!(at(0, 5000), at(0, 5001));
        let other = IsnGenerator::new(vec![], 8).next(Instant::ZERO, socket(1, 5000), socket(2, 80));
        assert_ne!(at(0, 5000), other);
    }
}
