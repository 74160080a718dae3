//! Draws by a seed, the same on every platform: SipHash of how many came before, as the luck of the link is drawn.

use std::hash::Hasher;

use siphasher::sip::SipHasher24;

/// A row of draws.
#[derive(Clone, Debug)]
pub(super) struct Dice {
    seed: u64,
    /// What is drawn for: rows of the same seed have nothing to do with each other.
    purpose: u8,
    place: u64,
    drawn: u64,
}

impl Dice {
    /// The row of this seed for this purpose at this place.
    pub fn new(seed: u64, purpose: u8, place: u64) -> Self {
        Self { seed, purpose, place, drawn: 0 }
    }

    /// One of the numbers below `count`; 0 if there is none.
    pub fn below(&mut self, count: u64) -> u64 {
        let mut hasher = SipHasher24::new_with_keys(self.seed, self.place);
        hasher.write_u8(self.purpose);
        hasher.write(&self.drawn.to_le_bytes());
        self.drawn += 1;
        hasher.finish().checked_rem(count).unwrap_or(0)
    }

    /// A place in a list of so many; 0 if it is empty.
    pub fn place(&mut self, count: usize) -> usize {
        usize::try_from(self.below(count as u64)).unwrap_or(0)
    }

    /// One of several.
    pub fn pick<T: Copy, const N: usize>(&mut self, of: [T; N]) -> T {
        of[self.place(N)]
    }

    /// Puts a list into another order, each as likely as any other.
    pub fn shuffle<T>(&mut self, list: &mut [T]) {
        for last in (1..list.len()).rev() {
            list.swap(last, self.place(last + 1));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The very numbers: they must not change, here or elsewhere, or a seed would no longer name a question.
    #[test]
    fn a_seed_names_its_draws() {
        let mut dice = Dice::new(7, 0, 0);
        let first: Vec<u64> = (0..6).map(|_| dice.below(10)).collect();
        let mut again = Dice::new(7, 0, 0);
        assert_eq!(first, (0..6).map(|_| again.below(10)).collect::<Vec<_>>());
        let mut list = [1, 2, 3, 4, 5];
        Dice::new(1, 2, 3).shuffle(&mut list);
        assert_eq!((first.as_slice(), list), ([0, 7, 4, 9, 4, 9].as_slice(), [3, 4, 5, 1, 2]));
        assert_eq!((dice.below(0), dice.place(0)), (0, 0));
    }

    #[test]
    fn every_order_comes() {
        let mut seen: Vec<[u8; 3]> = Vec::new();
        for seed in 0..100 {
            let mut list = [0, 1, 2];
            Dice::new(seed, 0, 0).shuffle(&mut list);
            if !seen.contains(&list) {
                seen.push(list);
            }
        }
        assert_eq!(seen.len(), 6);
    }
}
