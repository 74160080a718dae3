//! Steps: what began each, why it went on as it did, and what came of it.

use serde::Serialize;
#[cfg(target_arch = "wasm32")]
use tsify::Tsify;

use crate::chronicle::Whereabouts;
use crate::history::History;
use crate::insight::{self, Consequence};
use crate::tcp::Intrusion;
use crate::text::{self, Words};
use crate::trace::{EventKind, Trace};

use super::segment::{SegmentView, copy_view, segment_view};
use super::{SideView, ms};

/// A reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
pub struct RuleView {
    /// Its stable id.
    pub id: &'static str,
    /// Where the standard says so.
    pub section: &'static str,
    /// Whose decision it was.
    pub side: SideView,
    /// What was decided, in the lab's language. Why, the page reads from its own words, by the id.
    pub title: String,
}

/// A change of state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
pub struct StateChange {
    /// Where.
    pub side: SideView,
    /// The state's name before.
    pub from: &'static str,
    /// The state's name after.
    pub to: &'static str,
}

/// What began a step.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case", rename_all_fields = "camelCase")]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
pub enum Stimulus {
    /// A user called.
    Called {
        /// Whose user.
        side: SideView,
        /// What it came to; left out if the call succeeded.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[cfg_attr(target_arch = "wasm32", tsify(optional))]
        error: Option<String>,
    },
    /// A segment arrived.
    Arrived {
        /// Where.
        side: SideView,
        /// The number of the segment.
        segment: u32,
    },
    /// A timer expired.
    Expired {
        /// Where.
        side: SideView,
        /// Its name.
        timer: &'static str,
    },
    /// Somebody interfered with a segment.
    Interfered {
        /// The number of the segment.
        segment: u32,
        /// How.
        action: &'static str,
    },
    /// A duplicate of an earlier connection set out.
    Old {
        /// Whom it travels to.
        to: SideView,
        /// The number of the segment.
        segment: u32,
    },
    /// A segment was forged.
    Forged {
        /// Whom it travels to.
        to: SideView,
        /// The number of the segment.
        segment: u32,
    },
    /// A user took a connection, or would have.
    Accepted {
        /// Whose user.
        side: SideView,
    },
    /// A host crashed.
    Crashed {
        /// Which.
        side: SideView,
    },
    /// A host came up again.
    Rebooted {
        /// Which.
        side: SideView,
    },
    /// The story asked for something that was not possible.
    Refused,
    /// Time passed.
    Waited,
}

/// One step: the event, and everything that followed from it at that instant.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
pub struct StepView {
    /// Its number, from 1.
    pub step: usize,
    /// When, in milliseconds.
    pub time_ms: f64,
    /// What happened, in one sentence of the lab's language.
    pub summary: String,
    /// What began it.
    pub stimulus: Stimulus,
    /// The reasons, in order.
    pub rules: Vec<RuleView>,
    /// The changes of state, in order.
    pub states: Vec<StateChange>,
    /// The segments that left, in order.
    pub sent: Vec<SegmentView>,
}

/// What `step`, `back`, `seek`, `runUntil` and `inject` return: where the run is, and what is new.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
pub struct Report {
    /// How many steps were kept from before; what a list shows beyond them is to be taken away.
    pub kept: usize,
    /// The steps since.
    pub steps: Vec<StepView>,
    /// The number of the last step; 0 at the start.
    pub step: usize,
    /// The time, in milliseconds.
    pub time_ms: f64,
    /// Whether nothing is left to happen.
    pub at_end: bool,
    /// When the next event happens, in milliseconds; left out if none does.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub next_ms: Option<f64>,
}

/// The steps after the first `kept`, and where the run is.
pub fn report(history: &History, kept: usize, words: &Words) -> Report {
    let trace = history.trace();
    Report {
        kept,
        steps: (kept + 1..=trace.steps()).filter_map(|step| step_view(trace, step, words)).collect(),
        step: history.cursor(),
        time_ms: ms(history.simulation().now()),
        at_end: history.is_at_end(),
        next_ms: history.simulation().next_event_at().map(ms),
    }
}

/// One step of a trace; `None` if there is no such step.
pub fn step_view(trace: &Trace, step: usize, words: &Words) -> Option<StepView> {
    let insight = insight::step(trace, step)?;
    let mut view = StepView {
        step,
        time_ms: ms(insight.at),
        summary: text::step(trace, step, words),
        stimulus: insight.stimulus.map_or(Stimulus::Waited, stimulus),
        rules: Vec::new(),
        states: Vec::new(),
        sent: Vec::new(),
    };
    let copy_of = |fate| copy_view(Whereabouts::decided(fate, insight.at));
    if let Some(EventKind::Intruded { segment, .. }) = insight.stimulus {
        let copies = insight.rerouted.iter().map(|it| copy_of(it.fate)).collect();
        view.sent.extend(segment_view(trace, *segment, copies));
    }
    for decision in &insight.decisions {
        let side = SideView::from(decision.side);
        if let Some(rule) = decision.rule {
            let title = words.title(rule).to_owned();
            view.rules.push(RuleView { id: rule.id(), section: rule.section(), side, title });
        }
        for consequence in &decision.consequences {
            match consequence {
                Consequence::Entered { from, to } => {
                    view.states.push(StateChange { side, from: from.name(), to: to.name() });
                }
                Consequence::Sent { segment, fates, .. } => {
                    let copies = fates.iter().map(|fate| copy_of(*fate)).collect();
                    view.sent.extend(segment_view(trace, *segment, copies));
                }
                Consequence::Told(_) => {}
            }
        }
    }
    for it in &insight.interposed {
        let copies = it.fates.iter().map(|fate| copy_of(*fate)).collect();
        view.sent.extend(segment_view(trace, it.segment, copies));
    }
    Some(view)
}

fn stimulus(kind: &EventKind) -> Stimulus {
    match kind {
        EventKind::Called { side, result, .. } => {
            Stimulus::Called { side: (*side).into(), error: result.as_ref().err().map(ToString::to_string) }
        }
        EventKind::Arrived { side, segment, .. } => {
            Stimulus::Arrived { side: (*side).into(), segment: segment.number() }
        }
        EventKind::Expired { side, timer, .. } => Stimulus::Expired { side: (*side).into(), timer: timer.name() },
        EventKind::Interfered { segment, action } => {
            Stimulus::Interfered { segment: segment.number(), action: action.name() }
        }
        EventKind::Intruded { intrusion, to, segment, .. } => {
            let (to, segment) = ((*to).into(), segment.number());
            match intrusion {
                Intrusion::Old => Stimulus::Old { to, segment },
                Intrusion::Forged => Stimulus::Forged { to, segment },
                // It never begins a step.
                Intrusion::Middlebox => Stimulus::Waited,
            }
        }
        EventKind::Accepted { side, .. } => Stimulus::Accepted { side: (*side).into() },
        EventKind::Crashed { side } => Stimulus::Crashed { side: (*side).into() },
        EventKind::Rebooted { side } => Stimulus::Rebooted { side: (*side).into() },
        EventKind::Refused { .. } => Stimulus::Refused,
        EventKind::Waited
        | EventKind::Found { .. }
        | EventKind::Created { .. }
        | EventKind::Removed { .. }
        | EventKind::Decided { .. }
        | EventKind::Entered { .. }
        | EventKind::Told { .. }
        | EventKind::Sent { .. }
        | EventKind::Routed { .. }
        | EventKind::TimerSet { .. }
        | EventKind::BacklogFull { .. } => Stimulus::Waited,
    }
}
