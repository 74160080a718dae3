//! Luck, by a seed. Each segment has its own draws, whatever was drawn before: one more fault, or one segment less from the
//! other side, changes the luck of no other segment.

use std::fmt;
use std::hash::Hasher;

use siphasher::sip::SipHasher24;

use crate::tcp::Side;
use crate::time::Duration;

/// What may happen to any segment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Chance {
    /// All draws follow from it.
    pub seed: u64,
    /// Each copy takes up to this much longer, each length equally likely.
    pub jitter: Duration,
    /// How often a segment is lost.
    pub loss: Probability,
    /// How often a segment arrives damaged.
    pub corruption: Probability,
    /// How often a segment arrives twice.
    pub duplication: Probability,
    /// How often a segment takes the link's delay once more, so that later ones overtake it.
    pub reordering: Probability,
}

/// A probability in millionths.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Probability(u32);

impl Probability {
    /// Certainty, in millionths.
    const ONE: u32 = 1_000_000;

    /// So many millionths; `None` beyond certainty.
    pub const fn from_millionths(millionths: u32) -> Option<Self> {
        if millionths <= Self::ONE { Some(Self(millionths)) } else { None }
    }

    /// In millionths.
    pub const fn millionths(self) -> u32 {
        self.0
    }
}

impl fmt::Display for Probability {
    /// In percent, exact: `5%`, `0.25%`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, rest) = (self.0 / 10_000, self.0 % 10_000);
        if rest == 0 {
            return write!(f, "{whole}%");
        }
        write!(f, "{whole}.{}%", format!("{rest:04}").trim_end_matches('0'))
    }
}

/// What a draw is for.
#[derive(Clone, Copy)]
pub(super) enum Draw {
    Loss,
    Corruption,
    Duplication,
    Reordering,
    Jitter,
    JitterOfCopy,
}

impl Chance {
    /// Whether nothing is left to luck, as on most links.
    pub(super) fn is_none(&self) -> bool {
        let Self { seed: _, jitter, loss, corruption, duplication, reordering } = self;
        let never = Probability::default();
        *jitter == Duration::ZERO && [loss, corruption, duplication, reordering].into_iter().all(|it| *it == never)
    }

    /// Whether something that has this probability happens to the side's nth segment.
    pub(super) fn strikes(&self, draw: Draw, probability: Probability, from: Side, nth: u32) -> bool {
        probability.0 > 0 && self.draw(draw, from, nth) % u64::from(Probability::ONE) < u64::from(probability.0)
    }

    /// How much longer it takes.
    pub(super) fn extra(&self, draw: Draw, from: Side, nth: u32) -> Duration {
        match self.jitter.as_us() {
            0 => Duration::ZERO,
            most => Duration::from_us(self.draw(draw, from, nth) % most.saturating_add(1)),
        }
    }

    fn draw(&self, draw: Draw, from: Side, nth: u32) -> u64 {
        let mut hasher = SipHasher24::new_with_keys(self.seed, 0);
        hasher.write_u8(draw as u8);
        hasher.write_u8(from as u8);
        hasher.write(&nth.to_le_bytes());
        hasher.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn percent(percent: u32) -> Probability {
        Probability::from_millionths(percent * 10_000).expect("at most 100")
    }

    #[test]
    fn luck_comes_as_often_as_it_should_and_belongs_to_the_segment() {
        let chance = Chance { seed: 7, ..Chance::default() };
        let struck = |probability| {
            (1..=10_000).filter(|nth| chance.strikes(Draw::Loss, probability, Side::Client, *nth)).count()
        };
        assert_eq!((struck(percent(0)), struck(percent(100))), (0, 10_000));
        // Five standard deviations of the binomial distribution around 1000.
        assert!((850..=1150).contains(&struck(percent(10))), "{}", struck(percent(10)));
        let more_often: Vec<u32> =
            (1..=100).filter(|nth| chance.strikes(Draw::Loss, percent(50), Side::Client, *nth)).collect();
        let rarely = (1..=100).filter(|nth| chance.strikes(Draw::Loss, percent(20), Side::Client, *nth));
        assert!(rarely.into_iter().all(|nth| more_often.contains(&nth)), "a higher chance strikes the same ones too");
    }

    #[test]
    fn jitter_stays_within_its_bounds() {
        let chance = Chance { seed: 1, jitter: Duration::from_us(3), ..Chance::default() };
        let mut seen: Vec<u64> = (1..=100).map(|nth| chance.extra(Draw::Jitter, Side::Server, nth).as_us()).collect();
        seen.sort_unstable();
        seen.dedup();
        assert_eq!(seen, [0, 1, 2, 3]);
        assert_eq!(Chance::default().extra(Draw::Jitter, Side::Server, 1), Duration::ZERO);
    }

    #[test]
    fn probabilities_are_written_in_percent() {
        let table = [(0, "0%"), (50_000, "5%"), (2_500, "0.25%"), (1, "0.0001%"), (1_000_000, "100%")];
        for (millionths, text) in table {
            assert_eq!(Probability::from_millionths(millionths).map(|it| it.to_string()).as_deref(), Some(text));
        }
        assert_eq!(Probability::from_millionths(1_000_001), None);
    }
}
