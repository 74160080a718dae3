//! Two runs side by side, in lock-step by simulated time: two branches of a history, or one story under two
//! profiles. What is done to one is done to the other, the first thing that differs is found, and what each run came to is
//! counted.
//!
//! | file | what |
//! |---|---|
//! | `counterfactual` | the settings that a lesson switches to show what they are for |
//! | `carried_over` | what was given to a run, by time instead of by step, so that another run can be given the same |
//! | `difference` | what of a run can be observed, and the first thing in which two runs differ |
//! | `outcome` | what a run came to, counted from its trace |

mod carried_over;
mod counterfactual;
mod difference;
mod outcome;

use std::collections::VecDeque;

use crate::certain::certain;
use crate::history::{BranchId, History, HistoryError};
use crate::scenario::Scenario;
use crate::simulation::{Deed, DeedError};
use crate::tcp::{Action, SegmentId};
use crate::time::Instant;

pub use counterfactual::Counterfactual;
pub use difference::{Difference, Field, Happening};
pub use outcome::{Ending, HostOutcome, Outcome};

use carried_over::CarriedOver;
use difference::Found;

/// One of the two runs of a [`Comparison`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Run {
    /// The first; as the RFC says where a counterfactual is compared with it.
    Left,
    /// The second; the counterfactual.
    Right,
}

impl Run {
    /// Both runs.
    pub const BOTH: [Run; 2] = [Run::Left, Run::Right];

    /// The other one.
    pub const fn other(self) -> Run {
        match self {
            Run::Left => Run::Right,
            Run::Right => Run::Left,
        }
    }

    /// The word by which tests know it.
    pub const fn name(self) -> &'static str {
        match self {
            Run::Left => "left",
            Run::Right => "right",
        }
    }
}

/// Something that was to be done to both runs and was not possible in one of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// In which run.
    pub run: Run,
    /// When.
    pub at: Instant,
    /// Why.
    pub error: HistoryError,
}

/// Two runs in lock-step. One step of it is one instant of simulated time: everything that happens in either run then.
///
/// ```
/// use synfin::compare::{Comparison, Counterfactual, Run};
/// use synfin::history::History;
/// use synfin::tcp::Side;
/// use synfin::scenario::{Scenario, story};
///
/// let life = History::new(Scenario::parse(story("life").expect("the catalogue has it").script)?);
/// let mut comparison = Comparison::under(&life, Counterfactual::NoTimeWait);
/// comparison.run_to_end();
/// let difference = comparison.first_difference().expect("the client forgets the connection at once");
/// assert_eq!(difference.side, Some(Side::Client));
/// let held = |run| comparison.outcome(run).of_host(Side::Client).held;
/// assert!(held(Run::Left) > held(Run::Right));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Comparison {
    runs: [History; 2],
    /// What is yet to be given to each run.
    carried: [VecDeque<CarriedOver>; 2],
    /// The known instants, the first of them the start.
    marks: Vec<Mark>,
    cursor: usize,
    /// The first difference, and the mark at which it shows.
    first: Option<(usize, Found)>,
    /// With the mark at which each happened.
    refusals: Vec<(usize, Refusal)>,
}

/// An instant, and how many steps of each run lie behind its end.
#[derive(Clone, Copy, Debug)]
struct Mark {
    at: Instant,
    steps: [usize; 2],
}

impl Comparison {
    /// Two stories, from their start.
    pub fn of_stories(left: Scenario, right: Scenario) -> Self {
        Self::new([left, right], [VecDeque::new(), VecDeque::new()])
    }

    /// Two branches of a history, from the start of the story. Each is given what was given to the branch, and goes on
    /// after what is known of it.
    ///
    /// # Errors
    /// If there is no such branch.
    pub fn of_branches(history: &History, left: BranchId, right: BranchId) -> Result<Self, HistoryError> {
        let carried = [carried_over::of_branch(history, left)?, carried_over::of_branch(history, right)?];
        Ok(Self::new([history.scenario().clone(), history.scenario().clone()], carried))
    }

    /// The story of a history as the RFC says, and under a counterfactual. Both are given what was given to the current
    /// branch, at the same time; see [`Self::refusals`] for what of it was not possible.
    pub fn under(history: &History, counterfactual: Counterfactual) -> Self {
        let carried = certain(carried_over::of_branch(history, history.current()), "the current branch is there");
        let [mut left, mut right] = [history.scenario().clone(), history.scenario().clone()];
        counterfactual.revoke(&mut left);
        counterfactual.apply(&mut right);
        Self::new([left, right], [carried.clone(), carried])
    }

    fn new(stories: [Scenario; 2], carried: [VecDeque<CarriedOver>; 2]) -> Self {
        Self {
            runs: stories.map(History::new),
            carried,
            marks: vec![Mark { at: Instant::ZERO, steps: [0, 0] }],
            cursor: 0,
            first: None,
            refusals: Vec::new(),
        }
    }

    /// One of the runs, at the cursor. It has a single branch.
    pub fn run(&self, run: Run) -> &History {
        &self.runs[run as usize]
    }

    /// How many instants lie behind the cursor.
    pub fn cursor(&self) -> usize {
        self.cursor
    }

    /// How many instants are known, behind and before the cursor.
    pub fn len(&self) -> usize {
        self.marks.len() - 1
    }

    /// Whether no instant is known yet.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The time at the cursor: both runs have processed everything up to and including it.
    pub fn now(&self) -> Instant {
        self.marks[self.cursor].at
    }

    /// The earlier of the times at which something happens next in either run; `None` if nothing is left to happen in
    /// both, or one of them has as many steps as a run may have.
    pub fn next_at(&self) -> Option<Instant> {
        if let Some(mark) = self.marks.get(self.cursor + 1) {
            return Some(mark.at);
        }
        let is_cut_off = |run: &History| run.is_at_end() && run.simulation().next_event_at().is_some();
        if self.runs.iter().any(is_cut_off) {
            return None;
        }
        let given = self.carried.iter().filter_map(|carried| carried.front().map(|it| it.at));
        self.runs.iter().filter_map(History::next_at).chain(given).min()
    }

    /// Whether nothing is left to happen after the cursor.
    pub fn is_at_end(&self) -> bool {
        self.next_at().is_none()
    }

    /// Goes to the next instant at which something happens in either run, and lets everything happen then in both. Says
    /// whether there was one.
    pub fn step(&mut self) -> bool {
        let Some(at) = self.next_at() else { return false };
        if self.cursor + 1 == self.marks.len() {
            for run in Run::BOTH {
                self.advance(run, at);
            }
            self.marks.push(Mark { at, steps: self.steps() });
            self.look_at(self.cursor + 1);
        }
        self.go_to(self.cursor + 1);
        true
    }

    /// Undoes the instant before the cursor. Says whether there was one.
    pub fn back(&mut self) -> bool {
        let is_possible = self.cursor > 0;
        if is_possible {
            self.go_to(self.cursor - 1);
        }
        is_possible
    }

    /// Puts the cursor after so many instants, going on if so many are not known yet. Returns where the cursor is then,
    /// which is less if both runs end before.
    pub fn seek(&mut self, instants: usize) -> usize {
        self.go_to(instants.min(self.len()));
        while self.cursor < instants && self.step() {}
        self.cursor
    }

    /// Lets everything happen up to and including `until`, and time pass until then at the end of what is known.
    pub fn run_until(&mut self, until: Instant) {
        while self.next_at().is_some_and(|at| at <= until) && self.step() {}
        if self.cursor + 1 == self.marks.len() && self.now() < until {
            self.marks.push(Mark { at: until, steps: self.steps() });
            self.cursor += 1;
        }
    }

    /// Lets everything happen that is left to happen.
    pub fn run_to_end(&mut self) {
        while self.step() {}
    }

    /// Carries out a deed in both runs, now. What came after the cursor is forgotten, and so is what was yet to be
    /// given, unless both runs refuse the deed.
    ///
    /// # Errors
    /// For each run, as [`History::apply`]; what is refused in one run happens in the other all the same.
    pub fn apply(&mut self, deed: Deed) -> [Result<(), HistoryError>; 2] {
        self.change([Ok(deed.clone()), Ok(deed)])
    }

    /// Interferes with a segment of one run, and in the other run with the one that corresponds: the same side's segment
    /// with the same number, counted from the first, as faults in a script name it. Both have to be on their way.
    ///
    /// # Errors
    /// For each run, as [`Self::apply`].
    pub fn interfere(&mut self, run: Run, segment: SegmentId, action: Action) -> [Result<(), HistoryError>; 2] {
        let unknown = || HistoryError::from(DeedError::NoSuchSegment(segment));
        let place = carried_over::place_of(self.run(run).trace(), segment);
        self.change(Run::BOTH.map(|it| {
            let segment = match place {
                Some(place) if it != run => place.find(self.run(it).trace()),
                Some(_) | None => Some(segment),
            };
            segment.map(|segment| Deed::Interfere(segment, action)).ok_or_else(unknown)
        }))
    }

    /// What was to be given to both runs and was not possible in one of them, up to the cursor.
    pub fn refusals(&self) -> impl Iterator<Item = &Refusal> {
        self.refusals.iter().filter(|(mark, _)| *mark <= self.cursor).map(|(_, refusal)| refusal)
    }

    /// The first thing in which the runs differ, if it is behind the cursor.
    pub fn first_difference(&self) -> Option<Difference<'_>> {
        let (mark, found) = self.first?;
        (mark <= self.cursor).then(|| found.resolve(self.marks[mark].at, self.runs.each_ref().map(History::trace)))
    }

    /// What a run has come to at the cursor. Both runs are measured at the same time.
    pub fn outcome(&self, run: Run) -> Outcome {
        Outcome::of(self.run(run).trace(), self.now())
    }

    /// Lets everything happen in one run that happens at `at`, and gives it what is to be given then.
    fn advance(&mut self, run: Run, at: Instant) {
        let history = &mut self.runs[run as usize];
        let carried = &mut self.carried[run as usize];
        let mut taken = 0;
        loop {
            let is_event_left = history.next_at().is_some_and(|next| next <= at);
            let is_due = |it: &&CarriedOver| it.at == at && (it.after <= taken || !is_event_left);
            if let Some(next) = carried.front().filter(is_due) {
                let deed = next.deed(history.trace()).map_err(HistoryError::from);
                if let Err(error) = deed.and_then(|deed| history.apply_at(at, deed)) {
                    self.refusals.push((self.cursor + 1, Refusal { run, at, error }));
                }
                carried.pop_front();
            } else if is_event_left && history.step() {
                taken += 1;
            } else {
                return;
            }
        }
    }

    fn change(&mut self, deeds: [Result<Deed, HistoryError>; 2]) -> [Result<(), HistoryError>; 2] {
        let now = self.now();
        let mut runs = self.runs.iter_mut();
        let outcomes = deeds.map(|deed| {
            let run = runs.next().expect("there are as many runs as deeds");
            deed.and_then(|deed| run.apply_at(now, deed))
        });
        if outcomes.iter().any(Result::is_ok) {
            self.runs.iter_mut().for_each(History::forget_all_else);
            self.carried.iter_mut().for_each(VecDeque::clear);
            self.marks.truncate(self.cursor + 1);
            self.marks[self.cursor].steps = self.steps();
            self.refusals.retain(|(mark, _)| *mark <= self.cursor);
            self.first.take_if(|(mark, _)| *mark >= self.cursor);
            self.look_at(self.cursor);
        }
        outcomes
    }

    /// Looks for the first difference among what happened at a mark.
    fn look_at(&mut self, mark: usize) {
        if self.first.is_none() {
            let before = mark.checked_sub(1).map_or([0, 0], |before| self.marks[before].steps);
            let steps = Run::BOTH.map(|run| before[run as usize] + 1..=self.marks[mark].steps[run as usize]);
            let found = difference::first(self.runs.each_ref().map(History::trace), steps);
            self.first = found.map(|found| (mark, found));
        }
    }

    fn go_to(&mut self, mark: usize) {
        let steps = self.marks[mark].steps;
        for (run, steps) in self.runs.iter_mut().zip(steps) {
            run.seek(steps);
        }
        self.cursor = mark;
    }

    fn steps(&self) -> [usize; 2] {
        self.runs.each_ref().map(History::cursor)
    }
}
