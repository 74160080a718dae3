//! How a trace is followed that grows, is cut off, and grows again.

use crate::trace::Trace;

/// How many steps there are from one checkpoint to the next.
const STEPS_PER_CHECKPOINT: usize = 256;

/// What is known of a trace after some of its steps.
pub(crate) trait Reading: Clone + Default {
    /// What it says of steps, and what stays said.
    type Told;

    /// How many steps are taken in.
    fn steps(&self) -> usize;

    /// Takes in the next step of `trace`, and adds what there is to say of it.
    fn read_step(&mut self, trace: &Trace, told: &mut Vec<Self::Told>);

    /// Of which step it was said.
    fn step_of(told: &Self::Told) -> usize;
}

/// A reading at the end of a trace, and what was said on the way. The cost of a step is that of the step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Followed<R: Reading> {
    now: R,
    told: Vec<R::Told>,
    /// The reading after every so many steps, the first of them after [`STEPS_PER_CHECKPOINT`].
    checkpoints: Vec<R>,
}

impl<R: Reading> Default for Followed<R> {
    /// Nothing is taken in.
    fn default() -> Self {
        Self { now: R::default(), told: Vec::new(), checkpoints: Vec::new() }
    }
}

impl<R: Reading> Followed<R> {
    /// Takes in what is new in `trace`; where it has become shorter, forgets what lies beyond its end. If steps that were taken in
    /// were replaced by others, [`truncate`](Self::truncate) to those that are still the same first.
    pub fn update(&mut self, trace: &Trace) {
        self.truncate(trace.steps(), trace);
        while self.take_step(trace) {}
    }

    /// Takes in the next step of `trace`. Says whether there was one.
    pub fn take_step(&mut self, trace: &Trace) -> bool {
        if self.now.steps() >= trace.steps() {
            return false;
        }
        self.now.read_step(trace, &mut self.told);
        if self.now.steps().is_multiple_of(STEPS_PER_CHECKPOINT) {
            self.checkpoints.push(self.now.clone());
        }
        true
    }

    /// Goes back to the first `steps` steps of `trace`; these must be the ones that were taken in.
    pub fn truncate(&mut self, steps: usize, trace: &Trace) {
        if steps < self.now.steps() {
            self.now = self.at(trace, steps);
            let kept = self.told.partition_point(|it| R::step_of(it) <= steps);
            self.told.truncate(kept);
            self.checkpoints.truncate(steps / STEPS_PER_CHECKPOINT);
        }
    }

    /// The reading after the last step that was taken in.
    pub fn now(&self) -> &R {
        &self.now
    }

    /// The reading after `steps` steps of `trace`, or after all that were taken in if these are fewer.
    pub fn at(&self, trace: &Trace, steps: usize) -> R {
        if steps >= self.now.steps() {
            return self.now.clone();
        }
        let checkpoint = (steps / STEPS_PER_CHECKPOINT).checked_sub(1).and_then(|index| self.checkpoints.get(index));
        let mut reading = checkpoint.cloned().unwrap_or_default();
        // It was said already.
        let mut told = Vec::new();
        while reading.steps() < steps {
            reading.read_step(trace, &mut told);
        }
        reading
    }

    /// What was said of the steps that were taken in, in order.
    pub fn told(&self) -> &[R::Told] {
        &self.told
    }
}
