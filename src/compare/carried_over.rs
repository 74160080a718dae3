//! What was given to a run, by time and by the names that faults use, so that another run of the story can be given the
//! same: the steps and the numbers of segments differ there.

use std::collections::VecDeque;

use crate::certain::certain;
use crate::history::{BranchId, History, HistoryError};
use crate::simulation::{Deed, DeedError};
use crate::tcp::{Action, Intrusion, SegmentId, Side};
use crate::time::Instant;
use crate::trace::Trace;

/// A deed and when it is given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct CarriedOver {
    /// When.
    pub(super) at: Instant,
    /// How many events of that instant come before it, if there are so many.
    pub(super) after: usize,
    what: What,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum What {
    Interfere { segment: Place, action: Action },
    Other(Deed),
}

/// Who sent a segment, or where it comes from if no present connection did: what a middlebox sends need not be there in the other run.
type Origin = (Option<Side>, Option<Intrusion>);

/// A segment as faults name it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    from: Origin,
    /// How many of the same origin left before it.
    before: usize,
}

impl CarriedOver {
    /// The deed for a run with this trace.
    pub(super) fn deed(&self, trace: &Trace) -> Result<Deed, DeedError> {
        match &self.what {
            What::Other(deed) => Ok(deed.clone()),
            What::Interfere { segment, action } => match segment.find(trace) {
                Some(segment) => Ok(Deed::Interfere(segment, *action)),
                None => Err(DeedError::NoSuchSegment(SegmentId::after(segment.before))),
            },
        }
    }
}

impl Place {
    /// The segment at this place in a run with this trace.
    pub(super) fn find(self, trace: &Trace) -> Option<SegmentId> {
        departures(trace).filter(|(_, from)| *from == self.from).nth(self.before).map(|(id, _)| id)
    }
}

/// The place of a segment; `None` if the trace has no such segment.
pub(super) fn place_of(trace: &Trace, segment: SegmentId) -> Option<Place> {
    let from = origin(trace, segment)?;
    let before = departures(trace).take_while(|(id, _)| *id < segment).filter(|(_, other)| *other == from).count();
    Some(Place { from, before })
}

/// Every segment and where it comes from.
fn departures(trace: &Trace) -> impl Iterator<Item = (SegmentId, Origin)> + '_ {
    trace.departures().map(|it| (it.segment, (it.from, it.intrusion)))
}

fn origin(trace: &Trace, segment: SegmentId) -> Option<Origin> {
    trace.departure(segment).map(|it| (it.from, it.intrusion))
}

/// Everything that was given to a branch. Waiting is left out: it only says when something else was given.
pub(super) fn of_branch(history: &History, branch: BranchId) -> Result<VecDeque<CarriedOver>, HistoryError> {
    let (mut simulation, mut trace) = (history.scenario().simulation(), Trace::default());
    let mut carried = VecDeque::new();
    let mut after = 0;
    for given in history.deeds_of(branch)? {
        while trace.steps() + 1 < given.step {
            let before = simulation.now();
            let has_happened = simulation.step(&mut Some(&mut trace));
            debug_assert!(has_happened, "there was an event here before");
            after = if simulation.now() == before { after + 1 } else { 1 };
        }
        let at = simulation.now();
        let what = match &given.deed {
            Deed::Wait(_) => {
                after = 0;
                None
            }
            Deed::Interfere(segment, action) => {
                let segment = place_of(&trace, *segment).expect("it was on its way here before");
                Some(What::Interfere { segment, action: *action })
            }
            other @ (Deed::User { .. } | Deed::Crash(_) | Deed::Reboot(_) | Deed::Intrude(_)) => {
                Some(What::Other(other.clone()))
            }
        };
        carried.extend(what.map(|what| CarriedOver { at, after, what }));
        certain(simulation.apply(given.deed, &mut Some(&mut trace)), "it was possible here before");
    }
    Ok(carried)
}
