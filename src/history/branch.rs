//! The tree of branches. A branch owns the steps after its fork; those before belong to its ancestors, so what branches
//! share is kept once. Steps are counted from 1.

use crate::simulation::Deed;

use super::{HistoryError, MOST_NAME_CHARACTERS};

/// The name of the branch that a history begins with.
const FIRST_NAME: &str = "main";

/// Names a branch of a history, in the order in which they came to be. A number is not used again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BranchId(pub u32);

/// Where a branch leaves another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Fork {
    /// Which other: the one that owns the step after which it forks.
    pub parent: BranchId,
    /// The last step that both have; 0 if they share nothing but the start.
    pub after: usize,
}

/// A deed, and the step of the run that it is.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Given {
    /// Counted from 1.
    pub step: usize,
    /// What was given.
    pub deed: Deed,
}

/// A run that shares its beginning with another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Branch {
    id: BranchId,
    name: String,
    fork: Option<Fork>,
    /// The deeds among its own steps, in order; the other steps are events.
    given: Vec<Given>,
    len: usize,
}

impl Branch {
    /// Its number.
    pub fn id(&self) -> BranchId {
        self.id
    }

    /// Its name; no other branch has it.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Where it leaves another branch; `None` for the one with which all others begin.
    pub fn fork(&self) -> Option<Fork> {
        self.fork
    }

    /// How many steps are known of its run, from the start of the story.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether no step is known of it: then nothing was done yet at all.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The deeds among its own steps, which are those after its fork.
    pub fn given(&self) -> &[Given] {
        &self.given
    }

    /// The last step that it does not own.
    pub(super) fn shared(&self) -> usize {
        self.fork.map_or(0, |fork| fork.after)
    }

    /// Adds an event at the end.
    pub(super) fn extend(&mut self) {
        self.len += 1;
    }

    /// Adds a deed at the end.
    pub(super) fn give(&mut self, deed: Deed) {
        self.len += 1;
        self.given.push(Given { step: self.len, deed });
    }

    /// Forgets its own steps after `step`.
    pub(super) fn truncate(&mut self, step: usize) {
        debug_assert!(step >= self.shared(), "only its own steps are its to forget");
        self.given.truncate(self.given.partition_point(|given| given.step <= step));
        self.len = step;
    }
}

/// All branches of a history: at least one, exactly one of them without a fork.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Tree {
    /// In the order of their numbers.
    branches: Vec<Branch>,
    next_id: u32,
}

impl Tree {
    /// One branch without steps.
    pub(super) fn new() -> (Self, BranchId) {
        let id = BranchId(0);
        let main = Branch { id, name: FIRST_NAME.to_owned(), fork: None, given: Vec::new(), len: 0 };
        (Self { branches: vec![main], next_id: 1 }, id)
    }

    /// Branches as they were written down, numbered in this order; see [`super::record`] for what has to be true of them.
    pub(super) fn restored(branches: impl Iterator<Item = (String, Option<Fork>, Vec<Given>, usize)>) -> Self {
        let branches: Vec<Branch> = (0..)
            .map(BranchId)
            .zip(branches)
            .map(|(id, (name, fork, given, len))| Branch { id, name, fork, given, len })
            .collect();
        Self { next_id: u32::try_from(branches.len()).unwrap_or(u32::MAX), branches }
    }

    pub(super) fn branches(&self) -> &[Branch] {
        &self.branches
    }

    pub(super) fn contains(&self, id: BranchId) -> bool {
        self.index(id).is_some()
    }

    pub(super) fn get(&self, id: BranchId) -> &Branch {
        &self.branches[self.index(id).expect("whoever asks has checked that it is there")]
    }

    pub(super) fn get_mut(&mut self, id: BranchId) -> &mut Branch {
        let index = self.index(id).expect("whoever asks has checked that it is there");
        &mut self.branches[index]
    }

    /// How many steps there are, those that branches share counted once.
    pub(super) fn steps_in_all(&self) -> usize {
        self.branches.iter().map(|branch| branch.len - branch.shared()).sum()
    }

    /// The deed that is this step of a branch's run; `None` if it is an event, or not known.
    pub(super) fn deed(&self, id: BranchId, step: usize) -> Option<&Deed> {
        let owner = self.owner(id, step);
        let index = owner.given.binary_search_by_key(&step, |given| given.step).ok()?;
        Some(&owner.given[index].deed)
    }

    /// All deeds of a branch's run, from the start.
    pub(super) fn deeds(&self, id: BranchId) -> Vec<Given> {
        let mut parts: Vec<&[Given]> = Vec::new();
        let mut last = usize::MAX;
        for branch in self.ancestry(id) {
            parts.push(&branch.given[..branch.given.partition_point(|given| given.step <= last)]);
            last = branch.shared();
        }
        parts.into_iter().rev().flatten().cloned().collect()
    }

    /// How many steps two branches share.
    pub(super) fn shared(&self, a: BranchId, b: BranchId) -> usize {
        // A branch leaves its ancestors ever earlier, so the first common ancestor is the one that owns the last step of
        // what both share.
        let mut until_a = usize::MAX;
        for ancestor_of_a in self.ancestry(a) {
            let mut until_b = usize::MAX;
            for ancestor_of_b in self.ancestry(b) {
                if ancestor_of_a.id == ancestor_of_b.id {
                    return until_a.min(until_b).min(ancestor_of_a.len);
                }
                until_b = ancestor_of_b.shared();
            }
            until_a = ancestor_of_a.shared();
        }
        0
    }

    /// Whether all that comes after `step` in a branch's run are its own waits, and no other branch needs them.
    pub(super) fn only_waits_after(&self, id: BranchId, step: usize) -> bool {
        let branch = self.get(id);
        let after = &branch.given[branch.given.partition_point(|given| given.step <= step)..];
        step >= branch.shared()
            && after.len() == branch.len - step
            && after.iter().all(|given| matches!(given.deed, Deed::Wait(_)))
            && !self.children(id).any(|child| child.shared() > step)
    }

    /// Makes a branch that shares the first `after` steps of another's run.
    pub(super) fn fork(&mut self, from: BranchId, after: usize) -> BranchId {
        let parent = self.owner(from, after).id;
        let id = BranchId(self.next_id);
        self.next_id += 1;
        let name = (1..)
            .map(|number| format!("branch-{number}"))
            .find(|name| self.branches.iter().all(|branch| branch.name != *name))
            .expect("there are more numbers than branches");
        self.branches.push(Branch { id, name, fork: Some(Fork { parent, after }), given: Vec::new(), len: after });
        id
    }

    pub(super) fn rename(&mut self, id: BranchId, name: &str) -> Result<(), HistoryError> {
        check_name(name)?;
        if self.branches.iter().any(|branch| branch.id != id && branch.name == name) {
            return Err(HistoryError::NameTaken(name.to_owned()));
        }
        self.get_mut(id).name = name.to_owned();
        Ok(())
    }

    /// The branch to be on when this one is deleted: its parent, or the child that shares most with it; `None` for the
    /// only branch.
    pub(super) fn neighbor(&self, id: BranchId) -> Option<BranchId> {
        self.get(id).fork.map(|fork| fork.parent).or_else(|| self.heir(id))
    }

    /// Removes a branch that is not the only one. The child that shares most with it inherits the steps that any child
    /// shares, and takes its place.
    pub(super) fn remove(&mut self, id: BranchId) {
        let heir = self.heir(id);
        let index = self.index(id).expect("whoever asks has checked that it is there");
        let mut removed = self.branches.remove(index);
        let Some(heir) = heir else { return };
        let inheritor = self.get_mut(heir);
        removed.truncate(inheritor.shared());
        inheritor.given.splice(0..0, removed.given);
        inheritor.fork = removed.fork;
        for branch in &mut self.branches {
            if let Some(fork) = branch.fork.as_mut().filter(|fork| fork.parent == id) {
                fork.parent = heir;
            }
        }
    }

    /// Removes all branches but this one, and of that the steps after `step`.
    pub(super) fn keep_only(&mut self, id: BranchId, step: usize) {
        let given = self.deeds(id);
        self.branches.retain(|branch| branch.id == id);
        let kept = self.get_mut(id);
        (kept.fork, kept.given) = (None, given);
        kept.truncate(step);
    }

    /// Of the children of a branch the one that shares most with it, the oldest of several.
    fn heir(&self, id: BranchId) -> Option<BranchId> {
        self.children(id).min_by_key(|child| (std::cmp::Reverse(child.shared()), child.id)).map(|child| child.id)
    }

    fn children(&self, id: BranchId) -> impl Iterator<Item = &Branch> {
        self.branches.iter().filter(move |branch| branch.fork.is_some_and(|fork| fork.parent == id))
    }

    /// The branch to which a step of this branch's run belongs; step 0, the start, belongs to the first.
    fn owner(&self, id: BranchId, step: usize) -> &Branch {
        self.ancestry(id)
            .find(|branch| branch.fork.is_none_or(|fork| step > fork.after))
            .expect("the first branch owns every step that no other does")
    }

    /// A branch, its parent, and so on up to the one without a fork.
    fn ancestry(&self, id: BranchId) -> impl Iterator<Item = &Branch> {
        let parent = |branch: &&Branch| branch.fork.map(|fork| self.get(fork.parent));
        std::iter::successors(Some(self.get(id)), parent)
    }

    fn index(&self, id: BranchId) -> Option<usize> {
        self.branches.binary_search_by_key(&id, |branch| branch.id).ok()
    }
}

/// Whether a name will do for a branch, whatever the others are called.
pub(super) fn check_name(name: &str) -> Result<(), HistoryError> {
    let characters = name.chars().take(MOST_NAME_CHARACTERS + 1).count();
    let is_good =
        (1..=MOST_NAME_CHARACTERS).contains(&characters) && name.trim() == name && !name.chars().any(char::is_control);
    // What is shown of a bad name is not longer than a good one.
    if is_good { Ok(()) } else { Err(HistoryError::BadName(name.chars().take(MOST_NAME_CHARACTERS).collect())) }
}
