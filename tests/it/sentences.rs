//! What is said of what was understood of runs: `tests/sentences.txt` has everything that can be said, as it is said first in some
//! run, in each language (`BLESS=1` rewrites it: read every line that differs).

use std::collections::BTreeMap;
use std::path::Path;

use synfin::insight::findings::{Finding, Findings, Party};
use synfin::insight::knowledge::{Basis, Change, Fact, Knowledge, Ledger, Level};
use synfin::text::{self, Language, Words};
use synfin::trace::Trace;

use crate::as_read::assert_as_read;
use crate::findings::every_run;

/// What a finding is told by: its kind, whose it is, and which costs it has.
fn kind_of(it: &Finding) -> String {
    let whose = match it.of {
        Some(Party::Side(side)) if side == it.side => " of itself",
        Some(Party::Side(_)) => " of the other",
        Some(Party::Nobody) => " of nobody",
        None => "",
    };
    let mut key = format!("finding {}{whose}", it.kind.name());
    let costs = [
        (it.cost.time.is_some(), "time"),
        (it.cost.trips.is_some(), "trips"),
        (it.cost.octets.is_some(), "octets"),
        (it.cost.places == Some(1), "place"),
        (it.cost.places.is_some_and(|places| places != 1), "places"),
    ];
    costs.iter().filter(|(has, _)| *has).for_each(|(_, cost)| key += &format!(", {cost}"));
    key
}

/// What an entry of a ledger is told by.
fn state_of(ledger: &Ledger, fact: Fact) -> String {
    let entry = ledger.entry(fact);
    let mut key = format!("fact {} {}", fact.name(), entry.level().name());
    key += &entry.broken.map_or(String::new(), |broken| format!(", {} broken", broken.name()));
    key += entry.by.map_or("", |by| match by {
        Basis::Segment(_) => " by segment",
        Basis::Timer => " by timer",
        Basis::User => " by user",
        Basis::Crash => " by crash",
    });
    key
}

/// In each language.
fn told(tell: impl Fn(&Words) -> String) -> Vec<String> {
    Language::ALL.iter().map(|language| tell(&Words::of(*language))).collect()
}

/// What is said of a trace that was not said before.
fn add(all: &mut BTreeMap<String, Vec<String>>, trace: &Trace) {
    for it in Findings::of(trace) {
        all.entry(kind_of(&it)).or_insert_with(|| {
            told(|words| {
                let cost = text::cost(&it, words);
                let what = text::finding(&it, trace, words);
                if cost.is_empty() { what } else { format!("{what} ({cost})") }
            })
        });
    }
    let mut knowledge = Knowledge::default();
    while knowledge.take_step(trace) {
        let changes: Vec<Change> = knowledge.changes().to_vec();
        for change in changes {
            let ledger = knowledge.ledger(change.side, change.connection).expect("it has changed");
            for fact in Fact::ALL {
                let key = state_of(ledger, fact);
                all.entry(key).or_insert_with(|| told(|words| text::why(ledger, fact, trace, words)));
            }
        }
    }
}

fn everything() -> BTreeMap<String, Vec<String>> {
    let mut all = BTreeMap::new();
    for fact in Fact::ALL {
        all.insert(format!("fact {}", fact.name()), told(|words| text::fact(fact, words)));
    }
    for level in Level::ALL {
        all.insert(format!("level {}", level.name()), told(|words| text::level(level, words)));
    }
    every_run().for_each(|(_, run)| add(&mut all, run.trace()));
    all
}

#[test]
fn everything_that_is_said_of_runs_is_what_was_read() {
    let mut text = String::new();
    for (key, sentences) in everything() {
        text += &key;
        text.push('\n');
        sentences.iter().for_each(|sentence| text += &format!("    {sentence}\n"));
    }
    assert_as_read([(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/sentences.txt"), text)]);
}

/// What is said of others than our own hosts: that they do not keep to the protocol, or that their FIN acknowledges nothing.
const OF_OTHERS: [&str; 2] = ["knowledge.broken.protocol", "knowledge.seems.peer-ended"];

/// Every text is said of some run, in every language, and none brings a number of its own.
#[test]
fn every_text_is_said_of_some_run_and_has_no_number_of_its_own() {
    let all = everything();
    for (index, language) in Language::ALL.into_iter().enumerate() {
        let said: String = all.values().map(|told| told[index].to_lowercase() + "\n").collect();
        assert!(!said.contains(['{', '}']), "{language:?}: a placeholder is left");
        let texts = Words::of(language);
        for (key, text) in texts.all_of_insight().filter(|(key, _)| !key.starts_with("run.")) {
            let pieces = text.split('{').flat_map(|piece| piece.rsplit('}').next());
            let longest = pieces.map(str::trim).max_by_key(|piece| piece.len()).unwrap_or_default();
            let is_said = said.contains(&longest.to_lowercase());
            assert!(is_said != OF_OTHERS.contains(&key), "{language:?}: {key}: {text}");
            let without_states = text.replace("FIN-WAIT-2", "");
            assert!(!without_states.contains(|it: char| it.is_ascii_digit()), "{language:?}: {key}: {text}");
        }
    }
}
