//! The facts, how sure a side is of each, and what that rests on.

use crate::tcp::{ConnectionId, SegmentId, Side};

/// What X, one side of a connection, can come to know of Y, the other one. `docs/knowledge.md` says each as a predicate over both
/// hosts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Fact {
    /// Y's sending and X's receiving work.
    PeerToMe,
    /// X's sending and Y's receiving work.
    MeToPeer,
    /// Y's initial sequence number is the one that X has taken.
    PeerNumber,
    /// Y has X's initial sequence number.
    PeerHasNumber,
    /// Y took part in this incarnation; its SYN was no old duplicate.
    PeerWantsThis,
    /// Y knows that X has Y's number.
    PeerKnowsNumber,
    /// Y has all that X's user has handed over.
    PeerHasText,
    /// Y's application has read it.
    ApplicationRead,
    /// Y knows that X will send no more.
    PeerKnowsEnd,
    /// Y will send no more.
    PeerEnded,
    /// Y knows that X has Y's FIN.
    PeerKnowsEndSeen,
    /// No segment that X sent, and no answer to one, is left in the network.
    NetworkClean,
    /// Y has no such connection.
    PeerGone,
}

/// How many facts there are.
const FACTS: usize = 13;

impl Fact {
    /// Every fact, in the order in which a connection usually learns them.
    pub const ALL: [Fact; FACTS] = [
        Fact::PeerToMe,
        Fact::MeToPeer,
        Fact::PeerNumber,
        Fact::PeerHasNumber,
        Fact::PeerWantsThis,
        Fact::PeerKnowsNumber,
        Fact::PeerHasText,
        Fact::ApplicationRead,
        Fact::PeerKnowsEnd,
        Fact::PeerEnded,
        Fact::PeerKnowsEndSeen,
        Fact::NetworkClean,
        Fact::PeerGone,
    ];

    /// The word by which scripts and the terminal know it.
    pub const fn name(self) -> &'static str {
        match self {
            Fact::PeerToMe => "peer-to-me",
            Fact::MeToPeer => "me-to-peer",
            Fact::PeerNumber => "peer-number",
            Fact::PeerHasNumber => "peer-has-number",
            Fact::PeerWantsThis => "peer-wants-this",
            Fact::PeerKnowsNumber => "peer-knows-number",
            Fact::PeerHasText => "peer-has-text",
            Fact::ApplicationRead => "application-read",
            Fact::PeerKnowsEnd => "peer-knows-end",
            Fact::PeerEnded => "peer-ended",
            Fact::PeerKnowsEndSeen => "peer-knows-end-seen",
            Fact::NetworkClean => "network-clean",
            Fact::PeerGone => "peer-gone",
        }
    }
}

/// How sure a side is of a fact.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// It has no reason to believe it.
    #[default]
    Unknown,
    /// It rests on a segment that could be old or forged.
    Seems,
    /// It holds in every run, within the assumptions, in which the side has sent, received and been asked the same until now.
    Sure,
    /// No segment of this protocol can ever tell.
    Cannot,
    /// It seems so, by a segment that the other side did not send in the incarnation that this side believes in; or this side is
    /// sure of it, and an assumption was broken.
    Deceived,
}

impl Level {
    /// Every level.
    pub const ALL: [Level; 5] = [Level::Unknown, Level::Seems, Level::Sure, Level::Cannot, Level::Deceived];

    /// The word by which scripts and the terminal know it.
    pub const fn name(self) -> &'static str {
        match self {
            Level::Unknown => "unknown",
            Level::Seems => "seems",
            Level::Sure => "sure",
            Level::Cannot => "cannot",
            Level::Deceived => "deceived",
        }
    }
}

/// Within what *sure* holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Assumption {
    /// Nobody reads or alters segments on the path.
    Path,
    /// Numbers are not guessed.
    Numbers,
    /// No segment stays in the network for longer than the MSL.
    Lifetime,
    /// The last incarnation was kept in TIME-WAIT, or the host kept its quiet time.
    TimeWait,
    /// The other side follows RFC 9293 §3.10, and does not take back what it has acknowledged.
    Protocol,
}

impl Assumption {
    /// Every assumption.
    pub const ALL: [Assumption; 5] =
        [Assumption::Path, Assumption::Numbers, Assumption::Lifetime, Assumption::TimeWait, Assumption::Protocol];

    /// The word by which it is known.
    pub const fn name(self) -> &'static str {
        match self {
            Assumption::Path => "path",
            Assumption::Numbers => "numbers",
            Assumption::Lifetime => "msl",
            Assumption::TimeWait => "time-wait",
            Assumption::Protocol => "protocol",
        }
    }
}

/// What brought an entry about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Basis {
    /// This segment arrived.
    Segment(SegmentId),
    /// A timer expired.
    Timer,
    /// The side's user called.
    User,
    /// The side's host crashed.
    Crash,
}

impl Basis {
    /// The word by which it is known.
    pub const fn name(self) -> &'static str {
        match self {
            Basis::Segment(_) => "segment",
            Basis::Timer => "timer",
            Basis::User => "user",
            Basis::Crash => "crash",
        }
    }

    /// The segment, if it is one.
    pub const fn segment(self) -> Option<SegmentId> {
        match self {
            Basis::Segment(segment) => Some(segment),
            Basis::Timer | Basis::User | Basis::Crash => None,
        }
    }
}

impl std::fmt::Display for Basis {
    /// `#4`, as in `drop segment 4`; else a word.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Basis::Segment(segment) => write!(f, "#{segment}"),
            Basis::Timer | Basis::User | Basis::Crash => f.write_str(self.name()),
        }
    }
}

/// What a side knows of one fact.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Entry {
    /// What the side itself takes it for: never [`Level::Deceived`]. Two runs that look alike to it have the same here.
    pub taken_for: Level,
    /// Which assumption does not hold for what it rests on, if one does not.
    pub broken: Option<Assumption>,
    /// What brought it about; `None` for what was unknown from the start.
    pub by: Option<Basis>,
}

impl Entry {
    /// The level.
    pub fn level(&self) -> Level {
        if self.broken.is_some() { Level::Deceived } else { self.taken_for }
    }

    /// How good a reason is; a better one takes the place of a worse one.
    fn rank(&self) -> u8 {
        match (self.taken_for, self.broken) {
            (Level::Unknown | Level::Deceived, _) => 0,
            (Level::Seems, Some(_)) => 1,
            (Level::Seems, None) => 2,
            (Level::Sure, Some(_)) => 3,
            (Level::Sure | Level::Cannot, _) => 4,
        }
    }
}

/// What one side of a connection knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Ledger {
    /// Which side.
    pub side: Side,
    /// Which of its connections.
    pub connection: ConnectionId,
    entries: [Entry; FACTS],
    /// In which step each of them became what it is.
    steps: [u32; FACTS],
}

/// A fact of which a side knows something else than before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Change {
    /// Which side.
    pub side: Side,
    /// Which of its connections.
    pub connection: ConnectionId,
    /// Which fact.
    pub fact: Fact,
    /// What it knows now.
    pub entry: Entry,
}

impl Ledger {
    /// A side that knows nothing yet.
    pub(super) fn new(side: Side, connection: ConnectionId) -> Self {
        Self { side, connection, entries: [Entry::default(); FACTS], steps: [0; FACTS] }
    }

    /// What it knows of a fact.
    pub fn entry(&self, fact: Fact) -> Entry {
        self.entries[fact as usize]
    }

    /// How sure it is of a fact.
    pub fn level(&self, fact: Fact) -> Level {
        self.entry(fact).level()
    }

    /// In which step what it knows of a fact became what it is; 0 for what was unknown from the start.
    pub fn since(&self, fact: Fact) -> u32 {
        self.steps[fact as usize]
    }

    /// The popular account of the handshake: of each side it asks whether it can send and whether it can receive, and whether
    /// both know. Whether this side can send and receive, then whether the other one can.
    pub fn abilities(&self) -> [Level; 4] {
        let (to_me, to_peer) = (self.level(Fact::PeerToMe), self.level(Fact::MeToPeer));
        [to_peer, to_me, to_me, to_peer]
    }

    /// The RFC's account (RFC 9293 §3.4.1, §3.5): whether the other side's number is the one that was taken, whether the other
    /// side has this one's, and whether its SYN was no old duplicate.
    pub fn agreement(&self) -> [Level; 3] {
        [Fact::PeerNumber, Fact::PeerHasNumber, Fact::PeerWantsThis].map(|fact| self.level(fact))
    }

    /// A reason for a fact; it counts where it is better than the one before.
    pub(super) fn prove(&mut self, fact: Fact, taken_for: Level, broken: Option<Assumption>, by: Basis) {
        let reason = Entry { taken_for, broken, by: Some(by) };
        if reason.rank() > self.entry(fact).rank() {
            self.entries[fact as usize] = reason;
        }
    }

    /// A fact has become another one, of which nothing is known, or of which nothing can be.
    pub(super) fn set(&mut self, fact: Fact, taken_for: Level, by: Basis) {
        let entry = &mut self.entries[fact as usize];
        if entry.taken_for != taken_for {
            *entry = Entry { taken_for, broken: None, by: Some(by) };
        }
    }

    /// Nothing is known any more.
    pub(super) fn empty(&mut self, by: Basis) {
        Fact::ALL.into_iter().for_each(|fact| self.set(fact, Level::Unknown, by));
    }

    /// What is other than `before`, by this step.
    pub(super) fn changes_since(&mut self, before: &Ledger, step: u32, by: Basis, changes: &mut Vec<Change>) {
        for fact in Fact::ALL {
            let mut entry = self.entry(fact);
            if entry != before.entry(fact) {
                self.steps[fact as usize] = step;
            }
            if entry.level() != before.level(fact) {
                entry.by = entry.by.or(Some(by));
                changes.push(Change { side: self.side, connection: self.connection, fact, entry });
            }
        }
    }
}
