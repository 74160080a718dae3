//! What happened in a run: named findings, each with where and when it is found, the segments that show it, and what it
//! cost. They are read from a trace with the words of [`chronicle`](crate::chronicle): who is a ghost or half-open, whose
//! text a user receives, is said there. `docs/findings.md` has the list.
//!
//! | file | what |
//! |---|---|
//! | `kind` | what can be found |
//! | `reader` | reads a trace event by event |
//! | `track` | what is remembered of one incarnation |
//!
//! ```
//! use synfin::history::History;
//! use synfin::insight::findings::{Findings, Kind};
//! use synfin::scenario::Scenario;
//!
//! let mut run = History::new(Scenario::parse("client isn 100\nserver isn 300, listen 80\nat 0ms client open\n")?);
//! run.run_to_end();
//! let mut findings = Findings::default();
//! findings.update(run.trace());
//! assert_eq!(findings.found().iter().map(|it| it.kind).collect::<Vec<_>>(), [Kind::OpenedThreeWay]);
//! # Ok::<(), synfin::scenario::ScriptErrors>(())
//! ```

mod kind;

mod reader;

mod track;

use smallvec::SmallVec;

use crate::chronicle::Followed;
use crate::tcp::{ConnectionId, SegmentId, Side};
use crate::time::{Duration, Instant};
use crate::trace::Trace;

use reader::Reader;

pub use kind::Kind;

/// Something that happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What.
    pub kind: Kind,
    /// At which side.
    pub side: Side,
    /// On which connection of it; `None` where it has none.
    pub connection: Option<ConnectionId>,
    /// In which step it is found, counted from 1.
    pub step: usize,
    /// When that is.
    pub at: Instant,
    /// Of whom it is, where that is another question than at which side: see the kinds.
    pub of: Option<Party>,
    /// The segments that show it.
    pub segments: SmallVec<[SegmentId; 4]>,
    /// What it cost.
    pub cost: Cost,
}

/// Whose doing something is, or who would have to do something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Party {
    /// One of the two sides.
    Side(Side),
    /// Neither: a stranger's, or nobody's.
    Nobody,
}

/// What something cost, as far as it cost anything of that kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Cost {
    /// How long it took, or how long somebody had to wait.
    pub time: Option<Duration>,
    /// How many trips across the network followed each other: two are a round trip.
    pub trips: Option<u32>,
    /// How many octets were sent again, lost, or received by mistake.
    pub octets: Option<u64>,
    /// How many places for connections were held.
    pub places: Option<u64>,
}

/// The findings of a trace that grows, is cut off, and grows again. The cost of a step is that of the step, and a little for each
/// present connection.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Findings(Followed<Reader>);

impl Findings {
    /// Takes in what is new in `trace`; where it has become shorter, forgets what lies beyond its end. If steps that were taken in
    /// were replaced by others, [`truncate`](Self::truncate) to those that are still the same first.
    pub fn update(&mut self, trace: &Trace) {
        self.0.update(trace);
    }

    /// Goes back to the first `steps` steps of `trace`; these must be the ones that were taken in.
    pub fn truncate(&mut self, steps: usize, trace: &Trace) {
        self.0.truncate(steps, trace);
    }

    /// What was found so far, in order.
    pub fn found(&self) -> &[Finding] {
        self.0.told()
    }

    /// What can be said besides if nothing more comes: who never closes.
    pub fn left(&self) -> Vec<Finding> {
        self.0.now().left()
    }

    /// Everything that is found in a run that has come to its end.
    pub fn of(trace: &Trace) -> Vec<Finding> {
        let mut findings = Self::default();
        findings.update(trace);
        [findings.found(), &findings.left()].concat()
    }
}
