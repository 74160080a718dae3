//! What JavaScript sees: plain structs and tagged unions, the only types that serialize.
//!
//! Times are milliseconds as numbers, enums kebab-case strings, absent values are left out. Numbers come from the
//! simulation and its trace; sentences from [`text`](crate::text).
//!
//! | file | what |
//! |---|---|
//! | `step` | what happened: reports and their steps |
//! | `segment` | segments, and where their copies are |
//! | `snapshot` | both hosts and the network at one moment |
//! | `insight` | who knows what, and what has happened |
//! | `quiz` | a question, and what an answer is worth |
//! | `offer` | what can be done now |
//! | `branches` | the branches of a run |
//! | `comparison` | two runs side by side |
//! | `trouble` | what could not be done, as something that can be told |

mod step;

mod segment;

mod snapshot;

mod insight;

mod quiz;

pub mod offer;

mod branches;

pub mod comparison;

pub mod trouble;

use serde::Serialize;
#[cfg(target_arch = "wasm32")]
use tsify::Tsify;

use crate::tcp::{ConnectionId, Side};
use crate::time::{Duration, Instant};

pub use branches::{BranchView, Branches, branches};
pub use insight::{CostView, FactView, FindingView, Found, Insight, Knows, LedgerView, NameView};
pub use quiz::{Asked, GradeView, LogsView, MistakeView, PartView, QuestionView};
pub use segment::{
    CopyView, FlagView, IntrusionView, OptionsView, RoleView, SegmentNow, SegmentView, TimestampsView, segment_now,
};
pub use snapshot::{ConnectionView, FinView, HostView, Snapshot, TimerView, Unit, Variable, snapshot};
pub use step::{Report, RuleView, StateChange, StepView, Stimulus, report, step_view};

/// One of the two ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
pub enum SideView {
    /// The left host.
    Client,
    /// The right host.
    Server,
}

impl From<Side> for SideView {
    fn from(side: Side) -> Self {
        match side {
            Side::Client => SideView::Client,
            Side::Server => SideView::Server,
        }
    }
}

/// Milliseconds since the start of the run.
pub fn ms(at: Instant) -> f64 {
    ms_long(at.since(Instant::ZERO))
}

/// How many milliseconds it lasts.
fn ms_long(span: Duration) -> f64 {
    span.as_us() as f64 / 1000.0
}

/// The number of a connection on its host, from 1.
fn connection_number(connection: ConnectionId) -> u32 {
    u32::try_from(connection.number()).unwrap_or(u32::MAX)
}
