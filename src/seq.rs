//! Sequence numbers: arithmetic modulo 2^32 (RFC 9293 §3.4).
//!
//! This is the only place where numbers wrap. There is no order among sequence numbers as such, hence no
//! `PartialOrd`; what exists is a signed distance, good for numbers less than 2^31 apart, and membership in a window.

use std::fmt;
use std::ops::{Add, Sub};

/// A sequence or acknowledgment number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct SeqNumber(pub u32);

impl SeqNumber {
    /// How far this number lies after `other`: negative when it lies before it (RFC 9293 §3.4).
    pub const fn distance_from(self, other: Self) -> i32 {
        self.0.wrapping_sub(other.0) as i32
    }

    /// How many octets lie between `start` and this number, going up: the offset in a space that begins at `start`.
    pub const fn offset_from(self, start: Self) -> u32 {
        self.0.wrapping_sub(start.0)
    }

    /// `self < other` in sequence space.
    pub const fn is_before(self, other: Self) -> bool {
        self.distance_from(other) < 0
    }

    /// `self =< other` in sequence space.
    pub const fn is_at_or_before(self, other: Self) -> bool {
        self.distance_from(other) <= 0
    }

    /// `self > other` in sequence space.
    pub const fn is_after(self, other: Self) -> bool {
        self.distance_from(other) > 0
    }

    /// `start =< self < start + len` in sequence space: the test that the window makes (RFC 9293 §3.4).
    pub const fn is_within(self, start: Self, len: u32) -> bool {
        self.offset_from(start) < len
    }
}

impl Add<u32> for SeqNumber {
    type Output = SeqNumber;
    fn add(self, octets: u32) -> SeqNumber {
        SeqNumber(self.0.wrapping_add(octets))
    }
}

impl Sub<u32> for SeqNumber {
    type Output = SeqNumber;
    fn sub(self, octets: u32) -> SeqNumber {
        SeqNumber(self.0.wrapping_sub(octets))
    }
}

impl fmt::Display for SeqNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Numbers around the wrap and around the middle, where mistakes live.
    const EDGES: [u32; 9] = [0, 1, 2, 0x7fff_fffe, 0x7fff_ffff, 0x8000_0000, 0x8000_0001, u32::MAX - 1, u32::MAX];

    /// Shows 9293-3.4-MOD.
    #[test]
    fn distance_agrees_with_wide_arithmetic_across_the_wrap() {
        for a in EDGES {
            for b in EDGES {
                let difference = (i64::from(a) - i64::from(b)).rem_euclid(1 << 32);
                let expected = if difference >= 1 << 31 { difference - (1 << 32) } else { difference };
                assert_eq!(i64::from(SeqNumber(a).distance_from(SeqNumber(b))), expected, "{a} - {b}");
            }
        }
    }

    /// Shows 9293-3.4-ACC.
    #[test]
    fn membership_agrees_with_walking_the_window() {
        for start in EDGES {
            for len in 0..5u32 {
                for offset in -3i64..8 {
                    let number = (i64::from(start) + offset).rem_euclid(1 << 32) as u32;
                    let walked = (0..len).any(|octet| SeqNumber(start) + octet == SeqNumber(number));
                    assert_eq!(SeqNumber(number).is_within(SeqNumber(start), len), walked, "{number} in {start}+{len}");
                }
            }
        }
    }

    #[test]
    fn comparisons_are_those_of_the_distance() {
        let (low, high) = (SeqNumber(u32::MAX - 1), SeqNumber(3));
        assert!(low.is_before(high) && high.is_after(low) && low.is_at_or_before(low));
        assert!(!high.is_before(low) && !low.is_after(high) && !high.is_at_or_before(low));
        assert_eq!(low + 5, high);
        assert_eq!(high - 5, low);
        assert_eq!(high.offset_from(low), 5);
    }
}
