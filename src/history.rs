//! A run as a script, the deeds done to it since, and a cursor: step forward, step back, go anywhere.
//!
//! There is one mechanism for all of it: a run is replayed from the nearest checkpoint. A deed at a cursor in the past
//! makes a branch, which shares what came before with the branch it leaves; that one keeps its own future.
//!
//! | file | what |
//! |---|---|
//! | `branch` | the tree of branches: what each of them owns, and which entry is a run's nth step |
//! | `checkpoints` | simulations kept on the way, within a bound of memory |
//! | `record` | the whole as plain data, for permalinks, and back |

mod branch;
mod checkpoints;
mod record;

use std::sync::Arc;

use crate::certain::certain;
use crate::scenario::Scenario;
use crate::simulation::{Deed, DeedError, Simulation};
use crate::tcp::{Action, SegmentId, Side};
use crate::time::Instant;
use crate::trace::{Trace, nowhere};

pub use branch::{Branch, BranchId, Fork, Given};
pub use record::{BranchRecord, ForkRecord, HistoryRecord, RestoreError};

use branch::Tree;
use checkpoints::Checkpoints;

/// How many steps a run has at most. A run that never ends, such as two ends that probe each other for ever, stops here.
pub const MOST_STEPS: usize = 200_000;
/// How many steps all branches of a history have at most, those that they share counted once.
pub const MOST_STEPS_IN_ALL: usize = 5 * MOST_STEPS;
/// How many branches a history has at most.
pub const MOST_BRANCHES: usize = 32;
/// How long the name of a branch is at most, in characters.
pub const MOST_NAME_CHARACTERS: usize = 40;

/// Why something cannot be done to a history. Nothing has changed then.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HistoryError {
    /// The simulation refuses the deed.
    #[error(transparent)]
    Deed(#[from] DeedError),
    /// [`MOST_BRANCHES`] are there already.
    #[error("more than {MOST_BRANCHES} branches would be there")]
    TooManyBranches,
    /// [`MOST_STEPS`] or [`MOST_STEPS_IN_ALL`] are reached.
    #[error("a run would have more than {MOST_STEPS} steps, or all branches together more than {MOST_STEPS_IN_ALL}")]
    TooManySteps,
    /// No branch has this number.
    #[error("branch {0} does not exist")]
    NoSuchBranch(u32),
    /// A history has at least one branch.
    #[error("the only branch cannot be deleted")]
    OnlyBranch,
    /// Another branch has this name.
    #[error("another branch is named {0:?}")]
    NameTaken(String),
    /// Too long, empty, or with characters that do not print or spaces at its ends.
    #[error(
        "found the name {0:?}, expected 1 to {MOST_NAME_CHARACTERS} printable characters without spaces around them"
    )]
    BadName(String),
}

/// A run that can be rewound, and its branches.
///
/// ```
/// use synfin::history::History;
/// use synfin::tcp::{Action, SegmentId};
/// use synfin::scenario::{Scenario, story};
///
/// let mut run = History::new(Scenario::parse(story("life").expect("the catalogue has it").script)?);
/// let main = run.current();
/// run.run_to_end();
/// let untouched = run.trace().digest();
///
/// // The SYN arrived long ago: the run goes back to when it had just left, and a branch begins there.
/// run.interfere(SegmentId::FIRST, Action::Drop)?;
/// run.run_to_end();
/// assert_ne!(run.trace().digest(), untouched);
/// assert_eq!(run.branches().len(), 2);
///
/// run.switch(main)?;
/// assert_eq!(run.trace().digest(), untouched);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct History {
    scenario: Scenario,
    tree: Tree,
    current: BranchId,
    cursor: usize,
    simulation: Simulation,
    trace: Trace,
    /// On the way from the start to the end of the current branch.
    checkpoints: Checkpoints,
}

impl History {
    /// The start of a story, with one branch.
    pub fn new(scenario: Scenario) -> Self {
        let (tree, current) = Tree::new();
        Self::with_tree(scenario, tree, current)
    }

    fn with_tree(scenario: Scenario, tree: Tree, current: BranchId) -> Self {
        let simulation = scenario.simulation();
        let checkpoints = Checkpoints::new(&simulation, scenario.acts.len());
        Self { scenario, tree, current, cursor: 0, simulation, trace: Trace::default(), checkpoints }
    }

    /// The story.
    pub fn scenario(&self) -> &Scenario {
        &self.scenario
    }

    /// The simulation at the cursor.
    pub fn simulation(&self) -> &Simulation {
        &self.simulation
    }

    /// What happened up to the cursor. Step `n` of the trace is step `n` of the run.
    pub fn trace(&self) -> &Trace {
        &self.trace
    }

    /// How many steps lie behind the cursor.
    pub fn cursor(&self) -> usize {
        self.cursor
    }

    /// How many steps of the current branch are known, behind and before the cursor.
    pub fn len(&self) -> usize {
        self.tree.get(self.current).len()
    }

    /// Whether the current branch has no step yet.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether nothing is left to happen after the cursor.
    pub fn is_at_end(&self) -> bool {
        self.cursor == self.len() && (self.simulation.next_event_at().is_none() || !self.has_room_for(1))
    }

    /// The lines of the run's script that met nothing, see [`Scenario::missed`]; none while something is left to happen.
    pub fn missed<'a>(&self, script: &'a str) -> Vec<(usize, &'a str)> {
        if self.is_at_end() { self.scenario.missed(script, &self.simulation) } else { Vec::new() }
    }

    /// When the next step happens; `None` at the end. What was given without waiting happens at the time of the step before.
    pub fn next_at(&self) -> Option<Instant> {
        if self.is_at_end() {
            return None;
        }
        match self.tree.deed(self.current, self.cursor + 1) {
            Some(Deed::Wait(until)) => Some(*until),
            Some(_) => Some(self.simulation.now()),
            None => self.simulation.next_event_at(),
        }
    }

    /// Processes the next event, or repeats the next step where the cursor was moved back. Says whether there was one.
    pub fn step(&mut self) -> bool {
        if self.cursor < self.len() {
            self.replay_one();
            return true;
        }
        if self.is_at_end() {
            return false;
        }
        self.checkpoints.offer(self.cursor, &self.simulation);
        self.simulation.step(&mut Some(&mut self.trace));
        self.tree.get_mut(self.current).extend();
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

    /// Processes every event up to and including `until`, and at the end of the run lets time pass until then. Where steps are
    /// known already it only goes through them, so it never makes a branch.
    pub fn run_until(&mut self, until: Instant) {
        while self.next_at().is_some_and(|at| at <= until) && self.step() {}
        if self.cursor == self.len() {
            // This fails if that time is reached already, or if there is no room for a step; both may be ignored.
            let _ = self.apply(Deed::Wait(until));
        }
    }

    /// Processes every event until nothing is left to happen, [`MOST_STEPS`] at the most.
    pub fn run_to_end(&mut self) {
        while self.step() {}
    }

    /// Does something at the cursor. Where steps are known after the cursor, a branch begins with it, which is then
    /// the current one; the old branch keeps what came after. No branch is needed where the very same deed was given
    /// here before: that one is repeated; nor where nothing but waiting came after: then that is forgotten.
    ///
    /// # Errors
    /// If the deed names something that is not there, or a limit is reached; nothing has changed then.
    pub fn apply(&mut self, deed: Deed) -> Result<(), HistoryError> {
        self.give(vec![deed])
    }

    /// Waits until `at`, unless it is that late already, and carries out a deed then; like [`Self::apply`] otherwise.
    /// It has to be given before anything happens that lies between.
    ///
    /// # Errors
    /// As [`Self::apply`]; also if `at` is past or something happens before it.
    pub fn apply_at(&mut self, at: Instant, deed: Deed) -> Result<(), HistoryError> {
        if at == self.simulation.now() {
            return self.apply(deed);
        }
        self.give(vec![Deed::Wait(at), deed])
    }

    /// Does something as whoever looks at the run means it: a segment that has arrived is met where it was on its way, see
    /// [`Self::interfere`], and what intrudes is meant for the connection that is there, not for the one with which the
    /// story began.
    ///
    /// # Errors
    /// As [`Self::apply`] and [`Self::interfere`].
    pub fn inject(&mut self, deed: Deed) -> Result<(), HistoryError> {
        match deed {
            Deed::Interfere(segment, action) => self.interfere(segment, action),
            Deed::Intrude(mut intruder) => {
                let aimed = Arc::make_mut(&mut intruder);
                aimed.from_port.get_or_insert_with(|| self.port_in_use(aimed.to.other()));
                aimed.to_port.get_or_insert_with(|| self.port_in_use(aimed.to));
                self.apply(Deed::Intrude(intruder))
            }
            Deed::User { .. } | Deed::Crash(_) | Deed::Reboot(_) | Deed::Wait(_) => self.apply(deed),
        }
    }

    /// Interferes with a segment: now if it is on its way, else just after it left, which puts the cursor there and makes
    /// a branch.
    ///
    /// # Errors
    /// If there is no such segment, the action makes no sense for it, or a limit is reached; nothing has changed then.
    pub fn interfere(&mut self, segment: SegmentId, action: Action) -> Result<(), HistoryError> {
        let deed = Deed::Interfere(segment, action);
        match self.apply(deed.clone()) {
            Err(HistoryError::Deed(DeedError::NotOnItsWay(number))) => {
                let (_, origin) = self.trace.origin_of(segment).ok_or(DeedError::NoSuchSegment(number))?;
                let left_in = origin.step as usize;
                // Tried on a copy first, so that a refusal changes nothing.
                self.simulation_after(left_in).apply(deed.clone(), &mut nowhere())?;
                self.check_limits(left_in, 1)?;
                self.rewind_to(left_in);
                self.apply(deed)
            }
            outcome => outcome,
        }
    }

    /// All branches, in the order in which they came to be.
    pub fn branches(&self) -> &[Branch] {
        self.tree.branches()
    }

    /// The branch that the cursor is on.
    pub fn current(&self) -> BranchId {
        self.current
    }

    /// All deeds of a branch's run, from the start, in order.
    ///
    /// # Errors
    /// If there is no such branch.
    pub fn deeds_of(&self, branch: BranchId) -> Result<Vec<Given>, HistoryError> {
        self.check_exists(branch)?;
        Ok(self.tree.deeds(branch))
    }

    /// Makes a branch the current one. The cursor stays where it is if both branches share what lies before it, else it
    /// goes to the end of what is known of the other one. Returns how many steps before the cursor are the same as before.
    ///
    /// # Errors
    /// If there is no such branch.
    pub fn switch(&mut self, branch: BranchId) -> Result<usize, HistoryError> {
        self.check_exists(branch)?;
        let shared = self.tree.shared(self.current, branch);
        let (kept, target) =
            if self.cursor <= shared { (self.cursor, self.cursor) } else { (shared, self.tree.get(branch).len()) };
        self.checkpoints.truncate(shared);
        self.current = branch;
        self.rewind_to(kept);
        while self.cursor < target {
            self.replay_one();
        }
        Ok(kept)
    }

    /// Gives a branch a name: 1 to [`MOST_NAME_CHARACTERS`] characters, none of them a control character, no white space
    /// at either end, and not the name of another branch.
    ///
    /// # Errors
    /// If there is no such branch, or the name will not do.
    pub fn rename(&mut self, branch: BranchId, name: &str) -> Result<(), HistoryError> {
        self.check_exists(branch)?;
        self.tree.rename(branch, name)
    }

    /// Deletes a branch. Others keep all their steps: what they shared with it belongs to the one that shared most of it.
    /// Where the current branch is deleted, its parent becomes the current one, or if it has none, the branch that shares
    /// most with it, as by [`Self::switch`]. Returns what [`Self::switch`] returns.
    ///
    /// # Errors
    /// If there is no such branch, or no other one.
    pub fn delete(&mut self, branch: BranchId) -> Result<usize, HistoryError> {
        self.check_exists(branch)?;
        let mut kept = self.cursor;
        if branch == self.current {
            kept = self.switch(self.tree.neighbor(branch).ok_or(HistoryError::OnlyBranch)?)?;
        }
        self.tree.remove(branch);
        Ok(kept)
    }

    /// Forgets every branch but the current one, and of that what comes after the cursor.
    pub fn forget_all_else(&mut self) {
        self.tree.keep_only(self.current, self.cursor);
        self.checkpoints.truncate(self.cursor);
    }

    /// Carries out deeds at the cursor, all or none of them.
    fn give(&mut self, deeds: Vec<Deed>) -> Result<(), HistoryError> {
        let is_known =
            (self.cursor + 1..).zip(&deeds).all(|(step, deed)| self.tree.deed(self.current, step) == Some(deed));
        if is_known {
            deeds.iter().for_each(|_| self.replay_one());
            return Ok(());
        }
        self.check_limits(self.cursor, deeds.len())?;
        if let [_, _, ..] = deeds.as_slice() {
            // A later deed may be refused: all of them are tried on a copy.
            let mut copy = self.simulation.clone();
            deeds.iter().try_for_each(|deed| copy.apply(deed.clone(), &mut nowhere()))?;
        }
        let mut deeds = deeds.into_iter();
        let Some(first) = deeds.next() else { return Ok(()) };
        self.checkpoints.offer(self.cursor, &self.simulation);
        self.simulation.apply(first.clone(), &mut Some(&mut self.trace))?;
        // It was not refused: now the future may change.
        self.checkpoints.truncate(self.cursor);
        if self.makes_branch(self.cursor) {
            self.current = self.tree.fork(self.current, self.cursor);
        } else {
            self.tree.get_mut(self.current).truncate(self.cursor);
        }
        self.tree.get_mut(self.current).give(first);
        self.cursor += 1;
        for deed in deeds {
            self.checkpoints.offer(self.cursor, &self.simulation);
            certain(self.simulation.apply(deed.clone(), &mut Some(&mut self.trace)), "it was possible on the copy");
            self.tree.get_mut(self.current).give(deed);
            self.cursor += 1;
        }
        Ok(())
    }

    /// The port that the side's youngest connection uses, else that of the story.
    fn port_in_use(&self, side: Side) -> u16 {
        let connections = self.simulation.host(side).connections();
        connections.last().map_or(self.scenario.port_of(side), |it| it.local.port())
    }

    /// Whether a new deed after `cursor` makes a branch: something came after it that would be lost.
    fn makes_branch(&self, cursor: usize) -> bool {
        cursor < self.len() && !self.tree.only_waits_after(self.current, cursor)
    }

    /// Whether so many deeds may be given after `cursor`.
    fn check_limits(&self, cursor: usize, deeds: usize) -> Result<(), HistoryError> {
        if self.makes_branch(cursor) && self.tree.branches().len() >= MOST_BRANCHES {
            return Err(HistoryError::TooManyBranches);
        }
        if cursor + deeds > MOST_STEPS || self.tree.steps_in_all() + deeds > MOST_STEPS_IN_ALL {
            return Err(HistoryError::TooManySteps);
        }
        Ok(())
    }

    fn has_room_for(&self, steps: usize) -> bool {
        self.cursor + steps <= MOST_STEPS && self.tree.steps_in_all() + steps <= MOST_STEPS_IN_ALL
    }

    fn check_exists(&self, branch: BranchId) -> Result<(), HistoryError> {
        if self.tree.contains(branch) { Ok(()) } else { Err(HistoryError::NoSuchBranch(branch.0)) }
    }

    fn replay_one(&mut self) {
        self.checkpoints.offer(self.cursor, &self.simulation);
        let deed = self.tree.deed(self.current, self.cursor + 1);
        replay(&mut self.simulation, deed, &mut Some(&mut self.trace));
        self.cursor += 1;
    }

    fn rewind_to(&mut self, step: usize) {
        if step == self.cursor {
            return;
        }
        let (start, simulation) = self.checkpoints.before(step);
        self.simulation = simulation.clone();
        self.trace.truncate(start);
        self.cursor = start;
        while self.cursor < step {
            self.replay_one();
        }
    }

    /// The simulation as it was after a step behind the cursor.
    fn simulation_after(&self, step: usize) -> Simulation {
        let (start, simulation) = self.checkpoints.before(step);
        let mut simulation = simulation.clone();
        for step in start + 1..=step {
            replay(&mut simulation, self.tree.deed(self.current, step), &mut nowhere());
        }
        simulation
    }
}

/// Repeats a step of a run: the deed that was given then, or the next event.
fn replay(simulation: &mut Simulation, deed: Option<&Deed>, record: &mut Option<&mut Trace>) {
    match deed {
        Some(deed) => certain(simulation.apply(deed.clone(), record), "it was possible here before"),
        None => {
            let has_happened = simulation.step(record);
            debug_assert!(has_happened, "there was an event here before");
        }
    }
}
