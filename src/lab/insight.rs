//! What was understood of a run so far: who knows what, what happened, and all of it as a story.

use serde::Serialize;
#[cfg(target_arch = "wasm32")]
use tsify::Tsify;

use crate::insight::findings::{Cost, Finding, Findings, Party};
use crate::insight::knowledge::{Basis, Fact, Knowledge, Ledger, Level};
use crate::tcp::{SegmentId, Side};
use crate::text::{self, Words};
use crate::trace::Trace;

use super::{SideView, connection_number, ms, ms_long};

/// Follows a run. What is new in it is read when somebody asks, and once.
#[derive(Clone, Debug)]
pub struct Insight {
    knowledge: Knowledge,
    findings: Findings,
    /// How many of the steps that were read are still the same.
    kept: usize,
}

/// What both sides know.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
pub struct Knows {
    /// What can be known, in the order in which a connection usually learns it.
    pub facts: Vec<NameView>,
    /// How sure one can be of it.
    pub levels: Vec<NameView>,
    /// What the client knows of each of its connections, oldest first; of the last one that is over if there is none.
    pub client: Vec<LedgerView>,
    /// What the server knows, likewise.
    pub server: Vec<LedgerView>,
}

/// What something is called.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
pub struct NameView {
    /// In scripts, and on the terminal.
    pub id: &'static str,
    /// In the lab's language.
    pub title: String,
}

/// What one side of a connection knows of the other.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
pub struct LedgerView {
    /// The number of the connection on this host, from 1.
    pub connection: u32,
    /// Every fact, in the order of [`Knows::facts`].
    pub facts: Vec<FactView>,
}

/// What a side knows of one fact.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
pub struct FactView {
    /// The fact.
    pub id: &'static str,
    /// How sure it is.
    #[cfg_attr(target_arch = "wasm32", tsify(type = "'unknown' | 'seems' | 'sure' | 'cannot' | 'deceived'"))]
    pub level: &'static str,
    /// On what that rests; left out for what was unknown from the start.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional, type = "'segment' | 'timer' | 'user' | 'crash'"))]
    pub by: Option<&'static str>,
    /// The number of the segment on which it rests, if it does.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub segment: Option<u32>,
    /// In which step it became so; 0 for what was unknown from the start.
    pub step: u32,
    /// Which assumption was broken, if one was: then the side is deceived, and cannot tell.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(
        target_arch = "wasm32",
        tsify(optional, type = "'path' | 'numbers' | 'msl' | 'time-wait' | 'protocol'")
    )]
    pub broken: Option<&'static str>,
    /// Why it is so, in one sentence in the lab's language.
    pub why: String,
}

/// What was found.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
pub struct Found {
    /// What happened, in order.
    pub found: Vec<FindingView>,
    /// What can be said besides where nothing is left to happen: who never closes.
    pub left: Vec<FindingView>,
}

/// Something that happened.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
pub struct FindingView {
    /// What, by the name that scripts and the terminal have for it.
    pub name: &'static str,
    /// Where the standard speaks of it.
    pub section: &'static str,
    /// Whether something went wrong or somebody attacked, as against what belongs to the life of a connection.
    pub is_trouble: bool,
    /// At which side.
    pub side: SideView,
    /// The number of the connection on this host, from 1; left out where there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub connection: Option<u32>,
    /// Whose doing it is, where that is another question.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional, type = "'client' | 'server' | 'nobody'"))]
    pub of: Option<&'static str>,
    /// In which step it is found.
    pub step: usize,
    /// When that is, in milliseconds.
    pub time_ms: f64,
    /// The numbers of the segments that show it.
    pub segments: Vec<u32>,
    /// What it cost.
    pub cost: CostView,
    /// What happened, in one sentence in the lab's language.
    pub told: String,
}

/// What something cost, as far as it cost anything of that kind.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
pub struct CostView {
    /// How long it took, in milliseconds, or how long somebody had to wait.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub time_ms: Option<f64>,
    /// How many round trips.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub round_trips: Option<f64>,
    /// How many octets were sent again, lost, or received by mistake.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub octets: Option<f64>,
    /// How many places for connections were held.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub places: Option<f64>,
    /// All of that in a few words in the lab's language; empty if it cost nothing.
    pub told: String,
}

impl Default for Insight {
    fn default() -> Self {
        Self { knowledge: Knowledge::default(), findings: Findings::default(), kept: usize::MAX }
    }
}

impl Insight {
    /// The run is only in its first `kept` steps what it was when it was read.
    pub fn truncate(&mut self, kept: usize) {
        self.kept = self.kept.min(kept);
    }

    /// Who knows what at the end of `trace`.
    pub fn knows(&mut self, trace: &Trace, words: &Words) -> Knows {
        self.read(trace);
        let of = |side| -> Vec<LedgerView> {
            self.knowledge.present(side).map(|ledger| ledger_view(ledger, trace, words)).collect()
        };
        let [client, server] = Side::BOTH.map(of);
        Knows {
            facts: Fact::ALL.map(|it| NameView { id: it.name(), title: text::fact(it, words) }).to_vec(),
            levels: Level::ALL.map(|it| NameView { id: it.name(), title: text::level(it, words) }).to_vec(),
            client,
            server,
        }
    }

    /// What was found in `trace` after its first `after` steps; `is_at_end` says whether nothing more comes.
    pub fn found(&mut self, trace: &Trace, after: usize, is_at_end: bool, words: &Words) -> Found {
        self.read(trace);
        let all = self.findings.found();
        let first = all.partition_point(|it| it.step <= after);
        let left = if is_at_end { self.findings.left() } else { Vec::new() };
        let views = |found: &[Finding]| found.iter().map(|it| finding_view(it, trace, words)).collect();
        Found { found: views(all.get(first..).unwrap_or_default()), left: views(&left) }
    }

    fn read(&mut self, trace: &Trace) {
        let kept = std::mem::replace(&mut self.kept, usize::MAX);
        self.knowledge.truncate(kept, trace);
        self.knowledge.update(trace);
        self.findings.truncate(kept, trace);
        self.findings.update(trace);
    }
}

fn ledger_view(ledger: &Ledger, trace: &Trace, words: &Words) -> LedgerView {
    let view = |fact: Fact| {
        let entry = ledger.entry(fact);
        FactView {
            id: fact.name(),
            level: entry.level().name(),
            by: entry.by.map(Basis::name),
            segment: entry.by.and_then(Basis::segment).map(SegmentId::number),
            step: ledger.since(fact),
            broken: entry.broken.map(|it| it.name()),
            why: text::why(ledger, fact, trace, words),
        }
    };
    LedgerView { connection: connection_number(ledger.connection), facts: Fact::ALL.map(view).to_vec() }
}

fn finding_view(it: &Finding, trace: &Trace, words: &Words) -> FindingView {
    let Cost { time, trips, octets, places } = it.cost;
    FindingView {
        name: it.kind.name(),
        section: it.kind.section(),
        is_trouble: it.kind.is_trouble(),
        side: it.side.into(),
        connection: it.connection.map(connection_number),
        of: it.of.map(|of| match of {
            Party::Side(side) => side.name(),
            Party::Nobody => "nobody",
        }),
        step: it.step,
        time_ms: ms(it.at),
        segments: it.segments.iter().map(|id| id.number()).collect(),
        cost: CostView {
            time_ms: time.map(ms_long),
            round_trips: trips.map(|trips| f64::from(trips) / 2.0),
            octets: octets.map(|octets| octets as f64),
            places: places.map(|places| places as f64),
            told: text::cost(it, words),
        },
        told: text::finding(it, trace, words),
    }
}
