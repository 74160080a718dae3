//! Every reason that the protocol can give is given by some run that the tests know.

use std::collections::BTreeSet;

use synfin::history::History;
use synfin::rule::Rule;
use synfin::scenario::{CATALOGUE, Scenario};
use synfin::trace::{EventKind, Trace};

use crate::{conformance, scripted, transitions};

#[test]
fn every_rule_is_reached_by_a_story_a_vector_or_a_transition() {
    let reached: BTreeSet<Rule> =
        [conformance::rules(), transitions::rules(), stories()].into_iter().flatten().collect();
    let missing: Vec<&str> = Rule::ALL.iter().filter(|rule| !reached.contains(rule)).map(|rule| rule.id()).collect();
    assert!(
        missing.is_empty(),
        "no story of the catalogue or of tests/scripts/, no vector of tests/conformance/ and no transition reaches: {}",
        missing.join(", ")
    );
}

/// The rules that the stories reach, those of the catalogue and those that are only tests.
fn stories() -> BTreeSet<Rule> {
    let catalogue = CATALOGUE.iter().map(|story| Scenario::parse(story.script).expect("the catalogue reads"));
    let mut rules = BTreeSet::new();
    for story in catalogue.chain(scripted::scripts().into_iter().map(|(_, story)| story)) {
        let mut run = History::new(story);
        run.run_to_end();
        rules.extend(rules_of(run.trace()));
    }
    rules
}

fn rules_of(trace: &Trace) -> impl Iterator<Item = Rule> + '_ {
    trace.events().iter().filter_map(|event| match event.kind {
        EventKind::Decided { rule, .. } => Some(rule),
        _ => None,
    })
}
