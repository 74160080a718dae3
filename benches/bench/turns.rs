//! Measures several things by turns, so that what disturbs the machine disturbs all of them.

use std::iter::zip;

use crate::machine;

/// How many rounds are measured.
const ROUNDS: usize = 201;
/// How many rounds come before: V8 compiles quickly at first, and well what runs often.
const ROUNDS_BEFORE: usize = 50;
/// How often a turn does what it measures. So it takes some tenths of a millisecond: a thousand times what the clock can
/// tell, and short enough to be disturbed seldom.
const TIMES: usize = 100;

/// How long one thing took in each turn, in milliseconds.
pub struct Turns(Vec<f64>);

/// Gives each thing its turn, round after round.
pub fn by_turns<const N: usize>(things: [&dyn Fn(); N]) -> [Turns; N] {
    in_rounds(ROUNDS_BEFORE, ROUNDS, TIMES, things)
}

/// The same for what takes long.
pub fn by_long_turns<const N: usize>(things: [&dyn Fn(); N]) -> [Turns; N] {
    in_rounds(ROUNDS_BEFORE / 10, ROUNDS / 10, 1, things)
}

fn in_rounds<const N: usize>(before: usize, rounds: usize, times: usize, things: [&dyn Fn(); N]) -> [Turns; N] {
    let mut turns = things.map(|_| Turns(Vec::with_capacity(rounds)));
    for round in 0..before + rounds {
        for (thing, Turns(turns)) in zip(things, &mut turns) {
            let time = time(|| (0..times).for_each(|_| thing()));
            if round >= before {
                turns.push(time / times as f64);
            }
        }
    }
    turns
}

impl Turns {
    /// How many times a second.
    pub fn per_second(&self) -> Spread {
        self.0.iter().map(|turn| 1000.0 / turn).collect()
    }

    /// How long one of so many took, in microseconds.
    pub fn each(&self, count: usize) -> Spread {
        self.0.iter().map(|turn| turn * 1000.0 / count as f64).collect()
    }

    /// How long these took, compared round by round with how long `others` took.
    pub fn over(&self, others: &Self) -> Spread {
        zip(&self.0, &others.0).map(|(ours, theirs)| ours / theirs).collect()
    }
}

/// How long something takes, in milliseconds.
pub fn time(something: impl FnOnce()) -> f64 {
    let start = machine::now();
    something();
    machine::now() - start
}

/// Some numbers in order.
pub struct Spread(Vec<f64>);

impl Spread {
    /// The middle and, in brackets, where the middle half begins and ends: what is beyond says more about what else the
    /// machine had to do.
    pub fn show(&self, decimals: usize) -> String {
        let [from, middle, to] = [1, 2, 3].map(|quarters| self.0[(self.0.len() - 1) * quarters / 4]);
        format!("{middle:.decimals$} ({from:.decimals$} to {to:.decimals$})")
    }
}

impl FromIterator<f64> for Spread {
    fn from_iter<I: IntoIterator<Item = f64>>(numbers: I) -> Self {
        let mut numbers: Vec<f64> = numbers.into_iter().collect();
        numbers.sort_by(f64::total_cmp);
        Self(numbers)
    }
}
