//! What could not be done, as it is told.

use crate::history::{HistoryError, MOST_BRANCHES, MOST_NAME_CHARACTERS, MOST_STEPS};
use crate::permalink::LinkError;
use crate::text::Trouble;

/// Why something could not be done to a run or to its branches.
pub fn of_history(error: &HistoryError) -> Trouble<'_> {
    match error {
        HistoryError::Deed(error) => Trouble::from(*error),
        HistoryError::TooManyBranches => Trouble::TooManyBranches(MOST_BRANCHES),
        HistoryError::TooManySteps => Trouble::TooManySteps(MOST_STEPS),
        HistoryError::NoSuchBranch(number) => Trouble::NoSuchBranch(*number),
        HistoryError::OnlyBranch => Trouble::OnlyBranch,
        HistoryError::NameTaken(name) => Trouble::NameTaken(name),
        HistoryError::BadName(_) => Trouble::BadName(MOST_NAME_CHARACTERS),
    }
}

/// Why a link could not be opened.
pub fn of_link(error: &LinkError) -> Trouble<'_> {
    match error {
        LinkError::Empty => Trouble::EmptyLink,
        LinkError::NoSuchStory(id) => Trouble::NoSuchStory(id),
        LinkError::LaterVersion(version) => Trouble::LinkOfLaterVersion(*version),
        LinkError::TooLong(_) => Trouble::LinkTooLong,
        LinkError::Damaged(_) | LinkError::Line { .. } | LinkError::Script(_) | LinkError::Run(_) => {
            Trouble::LinkDamaged
        }
    }
}
