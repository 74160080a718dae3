//! Simulations kept on the way, so that going back replays little. Bounded: when they would take too much memory, the
//! distance between them is doubled.

use crate::simulation::Simulation;
use crate::tcp::Side;

/// A checkpoint is kept every so many steps, as long as there is room.
const EVERY: usize = 64;

/// How much memory the checkpoints take, by a rough estimate in octets.
const MOST_OCTETS: usize = 16 << 20;

/// The simulation before some step.
#[derive(Clone, Debug)]
struct Checkpoint {
    /// How many steps lie behind it.
    cursor: usize,
    octets: usize,
    simulation: Simulation,
}

/// The checkpoints of a run, the first of them at its start.
#[derive(Clone, Debug)]
pub(super) struct Checkpoints {
    kept: Vec<Checkpoint>,
    every: usize,
    octets: usize,
    /// How many things the story does: the simulation carries those that are yet to come.
    acts: usize,
}

impl Checkpoints {
    /// The start of a run.
    pub(super) fn new(start: &Simulation, acts: usize) -> Self {
        let mut checkpoints = Self { kept: Vec::new(), every: EVERY, octets: 0, acts };
        checkpoints.keep(0, start);
        checkpoints
    }

    /// Keeps the simulation as it is after `cursor` steps if it is time for that.
    pub(super) fn offer(&mut self, cursor: usize, simulation: &Simulation) {
        if cursor.is_multiple_of(self.every) && self.kept.last().is_none_or(|last| last.cursor < cursor) {
            self.keep(cursor, simulation);
        }
    }

    /// The last checkpoint at or before `cursor`, and how many steps lie behind it.
    pub(super) fn before(&self, cursor: usize) -> (usize, &Simulation) {
        let index = self.kept.partition_point(|it| it.cursor <= cursor);
        let checkpoint = &self.kept[index.checked_sub(1).expect("the start is always kept")];
        (checkpoint.cursor, &checkpoint.simulation)
    }

    /// Forgets the checkpoints after `cursor`: the run goes on otherwise.
    pub(super) fn truncate(&mut self, cursor: usize) {
        self.kept.truncate(self.kept.partition_point(|it| it.cursor <= cursor));
        self.weigh();
        self.every = EVERY;
    }

    fn keep(&mut self, cursor: usize, simulation: &Simulation) {
        let octets = weight(simulation, self.acts);
        self.octets += octets;
        self.kept.push(Checkpoint { cursor, octets, simulation: simulation.clone() });
        while self.octets > MOST_OCTETS && self.kept.len() > 1 {
            self.every *= 2;
            self.kept.retain(|it| it.cursor.is_multiple_of(self.every));
            self.weigh();
        }
    }

    fn weigh(&mut self) {
        self.octets = self.kept.iter().map(|it| it.octets).sum();
    }
}

/// What a simulation takes, roughly: payloads are shared, so only what grows by the piece is counted.
fn weight(simulation: &Simulation, acts: usize) -> usize {
    let connections: usize = Side::BOTH.into_iter().map(|side| simulation.host(side).connections().len()).sum();
    2048 + 2048 * connections + 256 * (simulation.in_transit().len() + acts)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::Scenario;

    #[test]
    fn checkpoints_are_close_in_a_short_run_and_bounded_in_a_long_one() {
        let simulation = Scenario::default().simulation();
        let mut checkpoints = Checkpoints::new(&simulation, 0);
        for cursor in 0..10_000 {
            checkpoints.offer(cursor, &simulation);
        }
        for cursor in [0, 63, 64, 9_999] {
            assert_eq!(checkpoints.before(cursor).0, cursor / EVERY * EVERY);
        }
        for cursor in 10_000..5_000_000 {
            checkpoints.offer(cursor, &simulation);
        }
        assert!(checkpoints.octets <= MOST_OCTETS);
        assert_eq!(checkpoints.octets, checkpoints.kept.iter().map(|it| it.octets).sum::<usize>());
        assert!(checkpoints.every > EVERY);
        for cursor in [0, 1_000_000, 4_999_999] {
            assert_eq!(checkpoints.before(cursor).0, cursor / checkpoints.every * checkpoints.every);
        }
        checkpoints.truncate(100_000);
        checkpoints.offer(100_032, &simulation);
        assert_eq!(checkpoints.before(100_050).0, 100_032, "close again where the run goes on otherwise");
        assert!(checkpoints.before(100_000).0 <= 100_000);
    }

    #[test]
    fn the_start_is_kept_however_much_it_takes() {
        let simulation = Scenario::default().simulation();
        let mut checkpoints = Checkpoints::new(&simulation, MOST_OCTETS);
        for cursor in 0..1000 {
            checkpoints.offer(cursor, &simulation);
        }
        assert_eq!(checkpoints.kept.len(), 1);
        assert_eq!(checkpoints.before(999).0, 0);
    }
}
