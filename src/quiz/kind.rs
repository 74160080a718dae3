//! What can be asked.

use crate::named::named;

macro_rules! kinds {
    ($($(#[doc = $doc:literal])+ $name:ident = $id:literal, $level:ident;)+) => {
        named! {
            /// What can be asked.
            enum Kind;
            /// The stable name.
            name: $($(#[doc = $doc])+ $name = $id),+
        }

        impl Kind {
            /// How hard it is where nothing has gone wrong.
            pub const fn level(self) -> Level {
                match self {
                    $(Kind::$name => Level::$level,)+
                }
            }
        }
    };
}

/// How hard a question is: by its kind, and hard in any case once something has gone wrong in what it shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// One rule decides.
    Easy,
    /// Several rules, or both hosts, have to be thought of.
    Hard,
}

impl Level {
    /// The stable name.
    pub const fn name(self) -> &'static str {
        match self {
            Level::Easy => "easy",
            Level::Hard => "hard",
        }
    }
}

kinds! {
    /// Which segment leaves: its flags, SEG.SEQ, SEG.ACK and the length of its text.
    NextSegment = "next-segment", Easy;
    /// Which flags the segment has that leaves.
    NextFlags = "next-flags", Easy;
    /// Which state a side enters.
    StateAfter = "state-after", Easy;
    /// What RCV.NXT or SND.NXT is then.
    Variable = "variable", Easy;
    /// Who sends the next segment.
    WhoNext = "who-next", Easy;
    /// When a timer expires.
    When = "when", Easy;
    /// What an application is told.
    Told = "told", Easy;
    /// What is sent again first if a segment is lost.
    IfLost = "if-lost", Hard;
    /// What becomes of the copy if a segment is doubled.
    IfDoubled = "if-doubled", Hard;
    /// What is sent again first if a segment is late.
    IfLate = "if-late", Hard;
    /// How sure a side is of a fact.
    WhoKnows = "who-knows", Hard;
    /// Which check settles a segment.
    WhichCheck = "which-check", Hard;
    /// How many segments the close takes, and why.
    CloseCount = "close-count", Easy;
    /// Which end keeps TIME-WAIT.
    TimeWait = "time-wait", Easy;
    /// Why a segment was sent again, or whose turn it is.
    WhereFault = "where-fault", Hard;
    /// When something has come about, from the times of the network and of the timers.
    TotalTime = "total-time", Easy;
}

impl Kind {
    /// Whether its answer is read from a world that has to be run.
    pub(super) const fn asks_worlds(self) -> bool {
        matches!(self, Kind::WhoNext | Kind::When | Kind::IfLost | Kind::IfDoubled | Kind::IfLate)
    }

    /// The kind of this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|it| it.name() == name)
    }
}
