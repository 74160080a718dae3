//! What could not be done, as it is told.

use crate::history::{HistoryError, MOST_BRANCHES, MOST_NAME_CHARACTERS, MOST_STEPS};
use crate::permalink::LinkError;
use crate::simulation::{DeedError, MOST_IN_TRANSIT};
use crate::text::Trouble;

/// Why something could not be done to a run or to its branches.
pub fn of_history(error: &HistoryError) -> Trouble<'_> {
    match error {
        HistoryError::Deed(error) => of_deed(*error),
        HistoryError::TooManyBranches => Trouble::TooManyBranches(MOST_BRANCHES),
        HistoryError::TooManySteps => Trouble::TooManySteps(MOST_STEPS),
        HistoryError::NoSuchBranch(number) => Trouble::NoSuchBranch(*number),
        HistoryError::OnlyBranch => Trouble::OnlyBranch,
        HistoryError::NameTaken(name) => Trouble::NameTaken(name),
        HistoryError::BadName(_) => Trouble::BadName(MOST_NAME_CHARACTERS),
    }
}

/// Why a deed could not be done.
pub fn of_deed(error: DeedError) -> Trouble<'static> {
    match error {
        DeedError::NoSuchSegment(segment) => Trouble::NoSuchSegment(segment.number()),
        DeedError::NotOnItsWay(segment) => Trouble::NotOnItsWay(segment.number()),
        DeedError::NotHeld(segment) => Trouble::NotHeld(segment.number()),
        DeedError::HostIsDown(side) => Trouble::HostIsDown(side),
        DeedError::TooManyInTransit => Trouble::TooManyInTransit(MOST_IN_TRANSIT),
        DeedError::CannotWait => Trouble::CannotWait,
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
