//! What could not be done, in words for whoever tried.

use crate::tcp::{DeedError, MOST_IN_TRANSIT, Side};

use super::keys::{self as say, Core};
use super::words::Words;

/// What could not be done, with everything that has to be named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble<'a> {
    /// No segment has this number.
    NoSuchSegment(u32),
    /// This segment has arrived, or is lost already.
    NotOnItsWay(u32),
    /// Only a held segment can be released.
    NotHeld(u32),
    /// A host that has crashed has no users.
    HostIsDown(Side),
    /// That side has no connection from whose numbers could be counted.
    NothingToCountFrom(Side),
    /// No more segments than these can be on their way.
    TooManyInTransit(usize),
    /// Something else happens first, or that time is past, or too late.
    CannotWait,
    /// There are no more branches than these.
    TooManyBranches(usize),
    /// A run has no more steps than these.
    TooManySteps(usize),
    /// No branch has this number.
    NoSuchBranch(u32),
    /// The last branch cannot be deleted.
    OnlyBranch,
    /// Another branch has this name.
    NameTaken(&'a str),
    /// A name has up to so many characters, and no spaces around them.
    BadName(usize),
    /// A link names neither a story nor a run.
    EmptyLink,
    /// A link names a story that the catalogue does not have.
    NoSuchStory(&'a str),
    /// A later version made the link.
    LinkOfLaterVersion(u32),
    /// A link is longer than any of ours.
    LinkTooLong,
    /// A link was cut off or changed on its way.
    LinkDamaged,
}

impl Trouble<'_> {
    /// What JavaScript knows it by.
    pub const fn code(self) -> &'static str {
        match self {
            Trouble::NoSuchSegment(_) => "no-such-segment",
            Trouble::NotOnItsWay(_) => "not-on-its-way",
            Trouble::NotHeld(_) => "not-held",
            Trouble::HostIsDown(_) => "host-is-down",
            Trouble::NothingToCountFrom(_) => "nothing-to-count-from",
            Trouble::TooManyInTransit(_) => "too-many-in-transit",
            Trouble::CannotWait => "cannot-wait",
            Trouble::TooManyBranches(_) | Trouble::TooManySteps(_) => "limit-reached",
            Trouble::NoSuchBranch(_) => "no-such-branch",
            Trouble::OnlyBranch => "only-branch",
            Trouble::NameTaken(_) => "name-taken",
            Trouble::BadName(_) => "bad-name",
            Trouble::EmptyLink
            | Trouble::NoSuchStory(_)
            | Trouble::LinkOfLaterVersion(_)
            | Trouble::LinkTooLong
            | Trouble::LinkDamaged => "link",
        }
    }
}

impl From<DeedError> for Trouble<'static> {
    fn from(error: DeedError) -> Self {
        match error {
            DeedError::NoSuchSegment(segment) => Trouble::NoSuchSegment(segment.number()),
            DeedError::NotOnItsWay(segment) => Trouble::NotOnItsWay(segment.number()),
            DeedError::NotHeld(segment) => Trouble::NotHeld(segment.number()),
            DeedError::HostIsDown(side) => Trouble::HostIsDown(side),
            DeedError::NothingToCountFrom(side) => Trouble::NothingToCountFrom(side),
            DeedError::TooManyInTransit => Trouble::TooManyInTransit(MOST_IN_TRANSIT),
            DeedError::CannotWait => Trouble::CannotWait,
        }
    }
}

/// One sentence, or two, about what could not be done.
pub fn trouble(trouble: Trouble<'_>, words: &Words) -> String {
    let whole = |key| words.text(key).to_owned();
    match trouble {
        Trouble::NoSuchSegment(number) => words.say(&say::TroubleNoSuchSegment { number: &number.to_string() }),
        Trouble::NotOnItsWay(number) => words.say(&say::TroubleNotOnItsWay { number: &number.to_string() }),
        Trouble::NotHeld(number) => words.say(&say::TroubleNotHeld { number: &number.to_string() }),
        Trouble::HostIsDown(side) => words.say(&say::TroubleHostIsDown { side: super::side(side, words) }),
        Trouble::NothingToCountFrom(side) => {
            words.say(&say::TroubleNothingToCountFrom { side: super::side(side, words) })
        }
        Trouble::TooManyInTransit(most) => words.say(&say::TroubleTooManyInTransit { most: &most.to_string() }),
        Trouble::CannotWait => whole(Core::TroubleCannotWait),
        Trouble::TooManyBranches(most) => words.say(&say::TroubleTooManyBranches { most: &most.to_string() }),
        Trouble::TooManySteps(most) => words.say(&say::TroubleTooManySteps { most: &most.to_string() }),
        Trouble::NoSuchBranch(number) => words.say(&say::TroubleNoSuchBranch { number: &number.to_string() }),
        Trouble::OnlyBranch => whole(Core::TroubleOnlyBranch),
        Trouble::NameTaken(name) => words.say(&say::TroubleNameTaken { name }),
        Trouble::BadName(most) => words.say(&say::TroubleBadName { most: &most.to_string() }),
        Trouble::EmptyLink => whole(Core::TroubleEmptyLink),
        Trouble::NoSuchStory(id) => words.say(&say::TroubleNoSuchStory { id }),
        Trouble::LinkOfLaterVersion(version) => {
            words.say(&say::TroubleLinkOfLaterVersion { version: &version.to_string() })
        }
        Trouble::LinkTooLong => whole(Core::TroubleLinkTooLong),
        Trouble::LinkDamaged => whole(Core::TroubleLinkDamaged),
    }
}
