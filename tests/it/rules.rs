//! Every reason that the protocol can give is given by some run that the tests know, at its place, and nothing is decided
//! without one.

use std::collections::BTreeSet;
use std::fmt;
use std::path::Path;

use synfin::history::History;
use synfin::rule::Rule;
use synfin::scenario::{CATALOGUE, Scenario};
use synfin::tcp::{Call, Reply, Side};
use synfin::trace::{EventKind, Trace};

use crate::{conformance, scripted, transitions};

/// Which rules a vector or a row of the transition relation applies, in order; in a story of two hosts, who does.
pub struct Reasons {
    pub of: String,
    pub rules: Vec<(Option<Side>, Rule)>,
}

impl fmt::Display for Reasons {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rules = self.rules.iter().map(|(side, rule)| match side {
            Some(Side::Client) => format!("A:{rule}"),
            Some(Side::Server) => format!("B:{rule}"),
            None => rule.to_string(),
        });
        write!(f, "{}\t{}", self.of, rules.collect::<Vec<_>>().join(" "))
    }
}

#[test]
fn every_rule_is_reached_by_a_story_a_vector_or_a_transition() {
    let told = [conformance::reasons(), transitions::reasons()].into_iter().flatten().flat_map(|it| it.rules);
    let mut reached: BTreeSet<Rule> = told.map(|(_, rule)| rule).collect();
    for (_, trace) in stories() {
        reached.extend(rules_of(&trace).map(|(_, rule)| rule));
    }
    let missing: Vec<&str> = Rule::ALL.iter().filter(|rule| !reached.contains(rule)).map(|rule| rule.id()).collect();
    assert!(
        missing.is_empty(),
        "no story of the catalogue or of tests/scripts/, no vector of tests/conformance/ and no transition reaches: {}",
        missing.join(", ")
    );
}

/// Which rule is applied where: a rule in a wrong place changes nothing else.
#[test]
fn every_vector_and_transition_gives_the_reasons_that_are_written_down() {
    let reasons = [conformance::reasons(), transitions::reasons()].into_iter().flatten();
    let found: String = reasons.map(|it| format!("{it}\n")).collect();
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/conformance/rules.tsv");
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&path, &found).expect("the reasons can be written");
    }
    let written = std::fs::read_to_string(&path).expect("the reasons are written down");
    let differs = found.lines().zip(written.lines()).find(|(found, written)| found != written);
    assert_eq!(differs, None, "if the change is meant, run the tests with BLESS=1 and read the difference");
    assert_eq!(found.lines().count(), written.lines().count(), "vectors and transitions");
}

#[test]
fn no_story_has_a_step_in_which_something_is_decided_without_a_reason() {
    let silent: Vec<String> = stories()
        .into_iter()
        .flat_map(|(name, trace)| silent_steps(&trace).into_iter().map(move |step| format!("{name}: {step}")))
        .collect();
    assert!(silent.is_empty(), "{}", silent.join("\n"));
}

/// The runs of the stories, those of the catalogue and those that are only tests.
fn stories() -> Vec<(String, Trace)> {
    let read = |script| Scenario::parse(script).expect("the catalogue reads");
    let catalogue = CATALOGUE.iter().map(|story| (story.id.to_owned(), read(story.script)));
    let run = |(name, story)| {
        let mut run = History::new(story);
        run.run_to_end();
        (name, run.trace().clone())
    };
    catalogue.chain(scripted::scripts()).map(run).collect()
}

/// The rules of a run, and whose they are.
pub fn rules_of(trace: &Trace) -> impl Iterator<Item = (Side, Rule)> + '_ {
    trace.events().iter().filter_map(|event| match event.kind {
        EventKind::Decided { side, rule, .. } => Some((side, rule)),
        _ => None,
    })
}

/// The steps in which a segment arrives, a timer expires or a call changes something, and no reason is given.
pub fn silent_steps(trace: &Trace) -> Vec<String> {
    let has_reason = |step: usize| trace.step(step).iter().any(|it| matches!(it.kind, EventKind::Decided { .. }));
    let silent = (1..=trace.steps()).filter(|step| !has_reason(*step)).filter_map(|step| {
        let first = trace.step(step).first()?;
        let what = match &first.kind {
            EventKind::Called { call, result: Ok(reply), .. } if is_change(call, reply) => format!("{call:?}"),
            EventKind::Arrived { segment, .. } => trace.datagram(*segment)?.segment.to_string(),
            EventKind::Expired { .. } => first.kind.to_string(),
            _ => return None,
        };
        Some(format!("step {step} at {}: {what}", first.at))
    });
    silent.collect()
}

/// Whether a call that succeeds with this reply changes what the connection does. A setting is decided by nobody but the
/// user, and what comes of it later has its own reason.
fn is_change(call: &Call, reply: &Reply) -> bool {
    match (call, reply) {
        (Call::Status | Call::Set(_), _) => false,
        (Call::Send { data, .. }, _) => !data.is_empty(),
        (_, Reply::Data(text)) => !text.is_empty(),
        (_, Reply::Ok | Reply::Queued | Reply::Status(_)) => true,
    }
}
