//! Initial sequence numbers: chosen by the story, or generated as RFC 6528 says.

use std::hash::Hasher;
use std::net::SocketAddr;

use siphasher::sip::SipHasher24;
use smallvec::SmallVec;

use crate::seq::SeqNumber;
use crate::time::Instant;

/// ISN = M + F(local socket, remote socket, secret): M counts every 4 µs, F is a keyed hash (RFC 6528 §3). Numbers
/// that a story sets are used first, one for each connection.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct IsnGenerator {
    chosen: SmallVec<[SeqNumber; 4]>,
    used: usize,
    secret: u64,
}

impl IsnGenerator {
    /// A generator that first gives `chosen`, then computes with `secret`.
    pub fn new(chosen: &[SeqNumber], secret: u64) -> Self {
        Self { chosen: SmallVec::from_slice(chosen), used: 0, secret }
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

    /// The number that answers a SYN without remembering it: a SYN cookie after RFC 4987 appendix A. Five bits count
    /// periods of 64 s, three encode the MSS, the rest is a keyed hash of what the cookie is for.
    pub fn cookie(&self, now: Instant, local: SocketAddr, remote: SocketAddr, irs: SeqNumber, mss: u16) -> SeqNumber {
        let mss = COOKIE_MSS.iter().rposition(|it| *it <= mss).unwrap_or(0);
        self.baked(cookie_period(now), u32::try_from(mss).expect("eight sizes"), local, remote, irs)
    }

    /// The MSS of a cookie that we sent in this period or the one before; `None` if it is none of ours.
    pub fn mss_of_cookie(
        &self,
        now: Instant,
        local: SocketAddr,
        remote: SocketAddr,
        irs: SeqNumber,
        cookie: SeqNumber,
    ) -> Option<u16> {
        let mss = (cookie.0 >> 24) & 7;
        let period = cookie_period(now);
        let is_ours = [Some(period), period.checked_sub(1)]
            .into_iter()
            .flatten()
            .any(|period| self.baked(period, mss, local, remote, irs) == cookie);
        is_ours.then(|| COOKIE_MSS[mss as usize])
    }

    fn baked(&self, period: u64, mss: u32, local: SocketAddr, remote: SocketAddr, irs: SeqNumber) -> SeqNumber {
        let mut hasher = self.hasher_of(local, remote);
        hasher.write(&irs.0.to_be_bytes());
        hasher.write(&period.to_be_bytes());
        hasher.write(&mss.to_be_bytes());
        SeqNumber(((period % 32) as u32) << 27 | mss << 24 | (hasher.finish() as u32 & 0x00ff_ffff))
    }

    fn hasher_of(&self, local: SocketAddr, remote: SocketAddr) -> SipHasher24 {
        let mut f = SipHasher24::new_with_keys(self.secret, !self.secret);
        for socket in [local, remote] {
            match socket {
                SocketAddr::V4(v4) => f.write(&v4.ip().octets()),
                SocketAddr::V6(v6) => f.write(&v6.ip().octets()),
            }
            f.write(&socket.port().to_be_bytes());
        }
        f
    }

    fn computed(&self, now: Instant, local: SocketAddr, remote: SocketAddr) -> SeqNumber {
        let m = now.as_us() / 4;
        SeqNumber((m as u32).wrapping_add(self.hasher_of(local, remote).finish() as u32))
    }
}

/// The sizes that three bits of a cookie can say, in octets.
const COOKIE_MSS: [u16; 8] = [64, 256, 536, 1000, 1220, 1440, 1460, 8960];

fn cookie_period(now: Instant) -> u64 {
    now.as_us() / 64_000_000
}

#[cfg(test)]
mod tests {
    use super::*;

    fn socket(last: u8, port: u16) -> SocketAddr {
        ([192, 0, 2, last], port).into()
    }

    #[test]
    fn chosen_numbers_come_first_and_once() {
        let mut isn = IsnGenerator::new(&[SeqNumber(100), SeqNumber(400)], 7);
        let next = |isn: &IsnGenerator| isn.next(Instant::ZERO, socket(1, 5000), socket(2, 80));
        assert_eq!((next(&isn), next(&isn)), (SeqNumber(100), SeqNumber(100)));
        isn.used_up();
        assert_eq!(next(&isn), SeqNumber(400));
        isn.used_up();
        isn.used_up();
        assert_eq!(next(&isn), IsnGenerator::new(&[], 7).next(Instant::ZERO, socket(1, 5000), socket(2, 80)));
    }

    #[test]
    fn a_cookie_is_good_for_its_sockets_and_number_and_for_two_periods() {
        let isn = IsnGenerator::new(&[], 7);
        let (local, remote, irs) = (socket(2, 80), socket(1, 5000), SeqNumber(100));
        let at = Instant::from_ms;
        let cookie = isn.cookie(at(1000), local, remote, irs, 1459);
        let mss = |now, remote, irs, cookie| isn.mss_of_cookie(now, local, remote, irs, cookie);
        assert_eq!(mss(at(1000), remote, irs, cookie), Some(1440), "the size is rounded down to one of eight");
        assert_eq!(mss(at(127_999), remote, irs, cookie), Some(1440));
        assert_eq!(mss(at(128_000), remote, irs, cookie), None, "too old");
        assert_eq!(mss(at(1000), socket(1, 5001), irs, cookie), None);
        assert_eq!(mss(at(1000), remote, SeqNumber(101), cookie), None);
        assert_eq!(mss(at(1000), remote, irs, cookie + 1), None);
        let smallest = isn.cookie(at(0), local, remote, irs, 1);
        assert_eq!(mss(at(0), remote, irs, smallest), Some(64));
    }

    /// Shows MUST-8, SHLD-1, MUST-9.
    #[test]
    fn computed_numbers_grow_with_time_and_differ_by_sockets_and_secret() {
        let isn = IsnGenerator::new(&[], 7);
        let at = |us, port| isn.next(Instant::from_us(us), socket(1, port), socket(2, 80));
        assert_eq!(at(4_000_000, 5000), at(0, 5000) + 1_000_000, "one every 4 µs");
        assert_ne!(at(0, 5000), at(0, 5001));
        let other = IsnGenerator::new(&[], 8).next(Instant::ZERO, socket(1, 5000), socket(2, 80));
        assert_ne!(at(0, 5000), other);
    }
}
