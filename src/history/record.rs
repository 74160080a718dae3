//! A history as plain data: what a permalink holds. The other way it takes anything, and refuses what is not a history.

use crate::certain::certain;
use crate::scenario::Scenario;
use crate::simulation::{Deed, DeedError, Simulation};
use crate::trace::nowhere;

use super::branch::{Tree, check_name};
use super::{BranchId, Fork, Given, History, HistoryError, MOST_BRANCHES, MOST_STEPS, MOST_STEPS_IN_ALL};

/// All branches of a history and where its cursor is. Together with the story it is the history.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct HistoryRecord {
    /// The branches, in the order in which they came to be.
    pub branches: Vec<BranchRecord>,
    /// The branch that the cursor is on, as an index into `branches`.
    pub current: usize,
    /// How many steps lie behind the cursor.
    pub cursor: usize,
}

/// One branch.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct BranchRecord {
    /// Its name.
    pub name: String,
    /// Where it leaves another; exactly one branch has none.
    pub fork: Option<ForkRecord>,
    /// The deeds among its own steps, in order; the other steps are events.
    pub given: Vec<Given>,
    /// How many steps its run has, from the start of the story.
    pub len: usize,
}

/// Where a branch leaves another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ForkRecord {
    /// Which other, as an index into the branches.
    pub parent: usize,
    /// The last step that both have. It is one of the parent's own, or 0 if the parent has no fork.
    pub after: usize,
}

/// Why a record is not the record of a history of this story. Branches are counted from 0, steps from 1.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RestoreError {
    /// None or too many.
    #[error("found {0} branches, expected 1 to {MOST_BRANCHES}")]
    Branches(usize),
    /// A name will not do, or two branches have it.
    #[error("branch {branch}: {error}")]
    Name {
        /// Which branch.
        branch: usize,
        /// What is wrong with its name.
        error: HistoryError,
    },
    /// It forks from no branch, or from a step that is not its parent's own.
    #[error("branch {branch} forks after step {after} of branch {parent}, which has no such step of its own")]
    Fork {
        /// Which branch.
        branch: usize,
        /// The branch that it names.
        parent: usize,
        /// The step that it names.
        after: usize,
    },
    /// None or several have no fork.
    #[error("found {0} branches without a fork, expected 1")]
    Roots(usize),
    /// It has no steps of its own, or a run is too long.
    #[error("branch {branch} has {found} steps, expected more than it shares and at most {MOST_STEPS}")]
    Length {
        /// Which branch.
        branch: usize,
        /// How many steps it is said to have.
        found: usize,
    },
    /// All branches together are too long.
    #[error("all branches have {0} steps of their own, expected at most {MOST_STEPS_IN_ALL}")]
    TooManySteps(usize),
    /// A deed is not one of the branch's own steps, or out of order.
    #[error("branch {branch}: a deed is step {step}, which is out of order or not one of its own steps")]
    Order {
        /// Which branch.
        branch: usize,
        /// The step that the deed is said to be.
        step: usize,
    },
    /// Nothing is left to happen where a step should be.
    #[error("branch {branch} ends before step {step}")]
    Ends {
        /// Which branch.
        branch: usize,
        /// The first step that is not there.
        step: usize,
    },
    /// A deed is not possible there.
    #[error("branch {branch}, step {step}: {error}")]
    Impossible {
        /// Which branch.
        branch: usize,
        /// The step that it is said to be.
        step: usize,
        /// Why it is refused.
        error: DeedError,
    },
    /// The cursor is on no branch, or beyond its end.
    #[error("the cursor is after step {cursor} of branch {branch}, which has no such step")]
    Cursor {
        /// The branch that it is said to be on.
        branch: usize,
        /// The step that it is said to be after.
        cursor: usize,
    },
}

impl History {
    /// The history as plain data.
    pub fn record(&self) -> HistoryRecord {
        let index = |id: BranchId| {
            self.branches().iter().position(|branch| branch.id() == id).expect("forks name branches that are there")
        };
        let branches = self.branches().iter().map(|branch| BranchRecord {
            name: branch.name().to_owned(),
            fork: branch.fork().map(|fork| ForkRecord { parent: index(fork.parent), after: fork.after }),
            given: branch.given().to_vec(),
            len: branch.len(),
        });
        HistoryRecord { branches: branches.collect(), current: index(self.current()), cursor: self.cursor() }
    }

    /// The history that was written down, with its branches numbered from 0 in the record's order. Every step of every
    /// branch is replayed, so that what is not possible is found here.
    ///
    /// # Errors
    /// If no history of this story has this record.
    pub fn restore(scenario: Scenario, record: HistoryRecord) -> Result<Self, RestoreError> {
        let HistoryRecord { branches, current, cursor } = record;
        check_shape(&branches)?;
        match branches.get(current) {
            Some(branch) if cursor <= branch.len => {}
            Some(_) | None => return Err(RestoreError::Cursor { branch: current, cursor }),
        }
        check_replay(&branches, scenario.simulation())?;
        let id = |index: usize| BranchId(certain(u32::try_from(index), "there are few branches"));
        let fork = |fork: ForkRecord| Fork { parent: id(fork.parent), after: fork.after };
        let branches = branches.into_iter().map(|it| (it.name, it.fork.map(fork), it.given, it.len));
        let mut history = Self::with_tree(scenario, Tree::restored(branches), id(current));
        history.seek(cursor);
        Ok(history)
    }
}

/// Checks what can be seen without replaying.
fn check_shape(branches: &[BranchRecord]) -> Result<(), RestoreError> {
    if !(1..=MOST_BRANCHES).contains(&branches.len()) {
        return Err(RestoreError::Branches(branches.len()));
    }
    let mut own_steps = 0;
    for (index, branch) in branches.iter().enumerate() {
        let bad_name = |error| RestoreError::Name { branch: index, error };
        check_name(&branch.name).map_err(bad_name)?;
        if branches[..index].iter().any(|other| other.name == branch.name) {
            return Err(bad_name(HistoryError::NameTaken(branch.name.clone())));
        }
        if let Some(ForkRecord { parent, after }) = branch.fork {
            let is_there = branches
                .get(parent)
                .is_some_and(|parent| after <= parent.len && parent.fork.is_none_or(|parents| after > parents.after));
            if !is_there {
                return Err(RestoreError::Fork { branch: index, parent, after });
            }
        }
        let least = branch.fork.map_or(0, |fork| fork.after + 1);
        if !(least..=MOST_STEPS).contains(&branch.len) {
            return Err(RestoreError::Length { branch: index, found: branch.len });
        }
        own_steps += branch.len - shared(branch);
        let mut last = shared(branch);
        for given in &branch.given {
            if given.step <= last || given.step > branch.len {
                return Err(RestoreError::Order { branch: index, step: given.step });
            }
            last = given.step;
        }
    }
    // Forks leave their parents ever earlier, so there is no ring: every branch hangs on one without a fork.
    match branches.iter().filter(|branch| branch.fork.is_none()).count() {
        1 => {}
        roots => return Err(RestoreError::Roots(roots)),
    }
    if own_steps > MOST_STEPS_IN_ALL {
        return Err(RestoreError::TooManySteps(own_steps));
    }
    Ok(())
}

/// Replays every step of every branch once, beginning with the branch that has no fork.
fn check_replay(branches: &[BranchRecord], start: Simulation) -> Result<(), RestoreError> {
    // Each with the simulation where it begins.
    let mut to_do: Vec<(usize, Simulation)> =
        branches.iter().position(|branch| branch.fork.is_none()).map(|root| (root, start)).into_iter().collect();
    while let Some((index, mut simulation)) = to_do.pop() {
        let branch = &branches[index];
        let mut given = branch.given.iter().peekable();
        let children: Vec<(usize, usize)> = branches
            .iter()
            .enumerate()
            .filter_map(|(child, it)| it.fork.filter(|fork| fork.parent == index).map(|fork| (fork.after, child)))
            .collect();
        for cursor in shared(branch)..=branch.len {
            for (_, child) in children.iter().filter(|(after, _)| *after == cursor) {
                to_do.push((*child, simulation.clone()));
            }
            if cursor == branch.len {
                break;
            }
            let step = cursor + 1;
            let deed = given.next_if(|given| given.step == step).map(|given| &given.deed);
            take(&mut simulation, deed, index, step)?;
        }
    }
    Ok(())
}

fn take(simulation: &mut Simulation, deed: Option<&Deed>, branch: usize, step: usize) -> Result<(), RestoreError> {
    match deed {
        Some(deed) => simulation.apply(deed.clone(), &mut nowhere()).map_err(|error| RestoreError::Impossible {
            branch,
            step,
            error,
        }),
        None if simulation.step(&mut nowhere()) => Ok(()),
        None => Err(RestoreError::Ends { branch, step }),
    }
}

fn shared(branch: &BranchRecord) -> usize {
    branch.fork.map_or(0, |fork| fork.after)
}
