//! What JavaScript sees of two runs side by side.

use serde::Serialize;
#[cfg(target_arch = "wasm32")]
use tsify::Tsify;

use crate::compare::{Comparison, Counterfactual, Ending, Happening, HostOutcome, Run};
use crate::tcp::Side;
use crate::text::{self, Core, Course, Words};
use crate::time::Duration;

use super::ms;

/// One of two runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
pub enum RunView {
    /// The first.
    Left,
    /// The second.
    Right,
}

/// A world in which one thing is otherwise, by the word by which links and the page know it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
#[expect(missing_docs, reason = "they are those of `Counterfactual`")]
pub enum WorldView {
    TwoWayHandshake,
    NoTimeWait,
    Rfc5961Off,
}

/// The worlds with which a run can be compared.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
pub struct Worlds(pub Vec<WorldView>);

impl Worlds {
    /// All of them.
    pub fn all() -> Self {
        Self(Counterfactual::ALL.into_iter().map(WorldView::from).collect())
    }
}

impl From<Counterfactual> for WorldView {
    fn from(counterfactual: Counterfactual) -> Self {
        match counterfactual {
            Counterfactual::TwoWayHandshake => WorldView::TwoWayHandshake,
            Counterfactual::NoTimeWait => WorldView::NoTimeWait,
            Counterfactual::Rfc5961Off => WorldView::Rfc5961Off,
        }
    }
}

impl From<WorldView> for Counterfactual {
    fn from(world: WorldView) -> Self {
        match world {
            WorldView::TwoWayHandshake => Counterfactual::TwoWayHandshake,
            WorldView::NoTimeWait => Counterfactual::NoTimeWait,
            WorldView::Rfc5961Off => Counterfactual::Rfc5961Off,
        }
    }
}

/// Where both runs are, and how they differ so far.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
pub struct PairReport {
    /// How many instants lie behind.
    pub cursor: usize,
    /// The time, in milliseconds.
    pub time_ms: f64,
    /// Whether nothing is left to happen in either run.
    pub at_end: bool,
    /// How many steps of the first run have happened.
    pub left_steps: usize,
    /// How many steps of the second run have happened.
    pub right_steps: usize,
    /// The first thing in which they differ; left out while they do not.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub difference: Option<DifferenceView>,
    /// What each came to so far.
    pub outcome: Vec<OutcomeRow>,
    /// How many of the things that were done to both were not possible in one of them.
    pub refused: usize,
}

/// The first thing in which two runs differ.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
pub struct DifferenceView {
    /// When, in milliseconds.
    pub time_ms: f64,
    /// In one sentence of the language asked for.
    pub sentence: String,
    /// The step of the first run that does it; left out if that run does nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub left_step: Option<u32>,
    /// The step of the second run.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub right_step: Option<u32>,
}

/// A line of the table of outcomes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
pub struct OutcomeRow {
    /// What is counted.
    pub name: OutcomeName,
    /// What the first run came to, with its unit.
    pub left: String,
    /// What the second run came to, with its unit.
    pub right: String,
    /// Whether they differ.
    pub differs: bool,
}

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
pub enum OutcomeName {
    /// Segments that both sides sent.
    Segments,
    /// How long it took until both were established.
    Established,
    /// How it ended for the client's application.
    EndingClient,
    /// How it ended for the server's application.
    EndingServer,
    /// Octets of text that either side sent to nobody.
    ToNobody,
    /// How long requests waited in SYN-RECEIVED at the server.
    Requests,
    /// How long the sides were half-open, both together.
    HalfOpen,
    /// The server's ghost connections.
    Ghosts,
    /// Octets of stale data that the server's user was given.
    Stale,
    /// How long the server held resources.
    Held,
    /// How long of that for nobody.
    HeldInVain,
}

/// Where both runs of a comparison are.
pub fn pair(comparison: &Comparison, words: &Words) -> PairReport {
    let difference = comparison.first_difference().map(|difference| {
        let courses = Run::BOTH.map(|run| {
            let Happening { event, rule } = difference.of(run);
            Course { trace: comparison.run(run).trace(), event: event.map(|(_, event)| &event.kind), rule }
        });
        let step = |run| difference.of(run).event.map(|(_, event)| event.step);
        DifferenceView {
            time_ms: ms(difference.at),
            sentence: text::difference(difference.at, courses, words),
            left_step: step(Run::Left),
            right_step: step(Run::Right),
        }
    });
    let steps = |run| comparison.run(run).cursor();
    PairReport {
        cursor: comparison.cursor(),
        time_ms: ms(comparison.now()),
        at_end: comparison.is_at_end(),
        left_steps: steps(Run::Left),
        right_steps: steps(Run::Right),
        difference,
        outcome: outcome(comparison, words),
        refused: comparison.refusals().count(),
    }
}

/// The table of outcomes: what a lesson about the differences asks for.
fn outcome(comparison: &Comparison, words: &Words) -> Vec<OutcomeRow> {
    let outcomes = Run::BOTH.map(|run| comparison.outcome(run));
    let row = |name, value: &dyn Fn(&HostOutcome, &HostOutcome) -> String| {
        let [left, right] = outcomes.map(|it| value(it.of_host(Side::Client), it.of_host(Side::Server)));
        let differs = left != right;
        OutcomeRow { name, left, right, differs }
    };
    let span = |span: Duration| span.to_string();
    vec![
        row(OutcomeName::Segments, &|client, server| (client.segments_sent + server.segments_sent).to_string()),
        row(OutcomeName::Established, &|client, server| {
            let both = client.established_after.zip(server.established_after);
            both.map_or("—".to_owned(), |(client, server)| span(client.max(server)))
        }),
        row(OutcomeName::EndingClient, &|client, _| endings(client, words)),
        row(OutcomeName::EndingServer, &|_, server| endings(server, words)),
        row(OutcomeName::ToNobody, &|client, server| (client.octets_to_nobody + server.octets_to_nobody).to_string()),
        row(OutcomeName::Requests, &|_, server| span(server.held_by_requests)),
        row(OutcomeName::HalfOpen, &|client, server| span(client.held_half_open + server.held_half_open)),
        row(OutcomeName::Ghosts, &|_, server| server.ghosts.to_string()),
        row(OutcomeName::Stale, &|_, server| server.stale_octets_delivered.to_string()),
        row(OutcomeName::Held, &|_, server| span(server.held)),
        row(OutcomeName::HeldInVain, &|_, server| span(server.held_in_vain())),
    ]
}

fn ending_key(ending: Ending) -> Core {
    match ending {
        Ending::InOrder => Core::EndingInOrder,
        Ending::Reset => Core::EndingReset,
        Ending::GivenUp => Core::EndingGivenUp,
        Ending::Aborted => Core::EndingAborted,
        Ending::Crashed => Core::EndingCrashed,
        Ending::NeverTold => Core::EndingNeverTold,
        Ending::Open => Core::EndingOpen,
    }
}

/// How the connections of a host's applications ended: `closed in order ×2, reset`.
fn endings(host: &HostOutcome, words: &Words) -> String {
    let mut told = String::new();
    for ending in Ending::ALL {
        let count = host.endings[ending as usize];
        if count == 0 {
            continue;
        }
        if !told.is_empty() {
            told += " · ";
        }
        told += words.text(ending_key(ending));
        if count > 1 {
            told += &format!(" ×{count}");
        }
    }
    if told.is_empty() { "—".to_owned() } else { told }
}
