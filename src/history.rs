//! A run as a script, the commands given since, and a cursor: step forward, step back, go anywhere.
//!
//! There is one mechanism for all of it: a run is replayed from the nearest checkpoint. What was given at a cursor in
//! the past replaces what came after it.

use crate::network::{Action, SegmentId};
use crate::scenario::Scenario;
use crate::simulation::{Command, CommandError, Simulation};
use crate::time::Instant;
use crate::trace::Trace;

/// A checkpoint is kept every so many steps.
const CHECKPOINT_EVERY: usize = 64;

/// How many steps one call of [`History::run_until`] or [`History::run_to_end`] takes at most, and how long a run may
/// get. A run that never ends, such as two ends that probe each other for ever, stops here.
pub const MOST_STEPS: usize = 200_000;

/// One entry of a run: the next event, or a command from outside.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Entry {
    Step,
    Command(Command),
}

/// A run that can be rewound.
#[derive(Clone, Debug)]
pub struct History {
    scenario: Scenario,
    entries: Vec<Entry>,
    cursor: usize,
    simulation: Simulation,
    trace: Trace,
    /// The simulation before entry `index * CHECKPOINT_EVERY`.
    checkpoints: Vec<Simulation>,
}

impl History {
    /// The start of a story.
    pub fn new(scenario: Scenario) -> Self {
        let simulation = scenario.simulation();
        Self {
            checkpoints: vec![simulation.clone()],
            scenario,
            entries: Vec::new(),
            cursor: 0,
            simulation,
            trace: Trace::default(),
        }
    }

    /// The story.
    pub fn scenario(&self) -> &Scenario {
        &self.scenario
    }

    /// The simulation at the cursor.
    pub fn simulation(&self) -> &Simulation {
        &self.simulation
    }

    /// What happened up to the cursor. Step `n` of the trace is entry `n` of the run.
    pub fn trace(&self) -> &Trace {
        &self.trace
    }

    /// How many steps lie behind the cursor.
    pub fn cursor(&self) -> usize {
        self.cursor
    }

    /// How many steps are known, behind and before the cursor.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether nothing was done yet.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Whether nothing is left to happen after the cursor.
    pub fn is_at_end(&self) -> bool {
        self.cursor == self.entries.len() && (self.simulation.next_event_at().is_none() || self.cursor >= MOST_STEPS)
    }

    /// Processes the next event, or repeats the next entry where the cursor was moved back. Says whether there was one.
    pub fn step(&mut self) -> bool {
        if self.cursor < self.entries.len() {
            self.replay_one();
            return true;
        }
        if self.is_at_end() {
            return false;
        }
        self.checkpoint();
        self.simulation.step(&mut self.trace);
        self.entries.push(Entry::Step);
        self.cursor += 1;
        true
    }

    /// Undoes the step before the cursor. Says whether there was one.
    pub fn back(&mut self) -> bool {
        let is_possible = self.cursor > 0;
        if is_possible {
            self.rewind_to(self.cursor - 1);
        }
        is_possible
    }

    /// Puts the cursor after step `step`, going on with new steps if so many were not taken yet. Returns where the
    /// cursor is then, which is less if the run ends before.
    pub fn seek(&mut self, step: usize) -> usize {
        if step < self.cursor {
            self.rewind_to(step);
        }
        while self.cursor < step && self.step() {}
        self.cursor
    }

    /// Processes every event up to and including `until`, then lets time pass until then.
    pub fn run_until(&mut self, until: Instant) {
        while self.next_at().is_some_and(|at| at <= until) && self.step() {}
        if self.cursor == self.entries.len() && self.cursor < MOST_STEPS {
            // It cannot wait where it is there already: then nothing is to be done.
            let _ = self.apply(Command::Wait(until));
        }
    }

    /// Processes every event until nothing is left to happen, [`MOST_STEPS`] at the most.
    pub fn run_to_end(&mut self) {
        while self.step() {}
    }

    /// Carries out a command at the cursor. What came after the cursor is forgotten.
    ///
    /// # Errors
    /// If the command names something that is not there; nothing has changed then.
    pub fn apply(&mut self, command: Command) -> Result<(), CommandError> {
        // A command that is refused changes nothing and records nothing, so the future may be forgotten afterwards.
        let before = (self.cursor == self.checkpoints.len() * CHECKPOINT_EVERY).then(|| self.simulation.clone());
        self.simulation.apply(command.clone(), &mut self.trace)?;
        self.forget_future();
        self.checkpoints.extend(before);
        self.entries.push(Entry::Command(command));
        self.cursor += 1;
        Ok(())
    }

    /// Interferes with a segment: now if it is on its way, else just after it left, which puts the cursor there and
    /// forgets what came after.
    ///
    /// # Errors
    /// If there is no such segment, or the action makes no sense for it; nothing has changed then.
    pub fn interfere(&mut self, segment: SegmentId, action: Action) -> Result<(), CommandError> {
        let command = Command::Interfere { segment, action };
        match self.apply(command.clone()) {
            Err(CommandError::NotOnItsWay(number)) => {
                let (_, origin) = self.trace.origin_of(segment).ok_or(CommandError::NoSuchSegment(number))?;
                let left_in = origin.step as usize;
                // Tried on a copy first, so that a refusal changes nothing.
                let mut then = self.clone();
                then.seek(left_in);
                then.apply(command)?;
                *self = then;
                Ok(())
            }
            outcome => outcome,
        }
    }

    /// When the next entry happens.
    fn next_at(&self) -> Option<Instant> {
        match self.entries.get(self.cursor) {
            Some(Entry::Command(Command::Wait(until))) => Some(*until),
            Some(Entry::Command(_)) => Some(self.simulation.now()),
            Some(Entry::Step) | None => self.simulation.next_event_at(),
        }
    }

    fn replay_one(&mut self) {
        match self.entries[self.cursor].clone() {
            Entry::Step => {
                self.simulation.step(&mut self.trace);
            }
            Entry::Command(command) => {
                self.simulation.apply(command, &mut self.trace).expect("it was possible here before");
            }
        }
        self.cursor += 1;
    }

    fn rewind_to(&mut self, step: usize) {
        let checkpoint = (step / CHECKPOINT_EVERY).min(self.checkpoints.len() - 1);
        self.simulation = self.checkpoints[checkpoint].clone();
        self.trace.truncate(checkpoint * CHECKPOINT_EVERY);
        self.cursor = checkpoint * CHECKPOINT_EVERY;
        while self.cursor < step {
            self.replay_one();
        }
    }

    fn forget_future(&mut self) {
        self.entries.truncate(self.cursor);
        self.checkpoints.truncate(self.cursor / CHECKPOINT_EVERY + 1);
    }

    /// Keeps the simulation as it is before the next entry, if it is time for that.
    fn checkpoint(&mut self) {
        if self.cursor == self.checkpoints.len() * CHECKPOINT_EVERY {
            self.checkpoints.push(self.simulation.clone());
        }
    }
}
