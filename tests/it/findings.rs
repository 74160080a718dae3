//! What is found in runs: what `tests/findings/` says of each story (`BLESS=1` rewrites it: read every line that differs), and what
//! must hold of every run.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use synfin::compare::Outcome;
use synfin::export::findings::findings;
use synfin::history::History;
use synfin::insight::findings::{Finding, Findings, Kind};
use synfin::scenario::{CATALOGUE, Scenario, story};
use synfin::tcp::Side;
use synfin::text::{self, Language, Words};
use synfin::trace::Trace;

use crate::as_read::assert_as_read;

fn root(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn run(script: &str) -> History {
    let mut run = History::new(Scenario::parse(script).unwrap_or_else(|it| panic!("{it}\n{script}")));
    run.run_to_end();
    run
}

/// All stories of the catalogue, and all other scripts: their names and their runs.
pub fn every_run() -> impl Iterator<Item = (String, History)> {
    let files = fs::read_dir(root("tests/scripts")).expect("the folder is there");
    let mut paths: Vec<PathBuf> = files.map(|file| file.expect("the folder can be listed").path()).collect();
    paths.sort();
    let scripts = paths.into_iter().map(|path| {
        let text = fs::read_to_string(&path).expect("scripts are text");
        (path.display().to_string(), text)
    });
    let stories = CATALOGUE.iter().map(|story| (story.id.to_owned(), story.script.to_owned()));
    stories.chain(scripts).map(|(name, script)| (name, run(&script)))
}

#[test]
fn the_findings_of_every_story_are_those_that_were_read() {
    assert_as_read(
        CATALOGUE.iter().map(|story| {
            (root("tests/findings").join(format!("{}.txt", story.id)), findings(run(story.script).trace()))
        }),
    );
    let files = fs::read_dir(root("tests/findings")).expect("the folder is there").count();
    assert_eq!(files, CATALOGUE.len(), "a file for each story, and no others");
}

/// Every kind is found somewhere; ghosts, half-open connections and stale octets are those that a comparison counts; and what is
/// found of a run that is taken in step by step, and cut off, is what is found at once.
#[test]
fn every_kind_is_found_and_counts_as_comparisons_count() {
    let mut kinds = BTreeSet::new();
    for (name, run) in every_run() {
        let trace = run.trace();
        let found = Findings::of(trace);
        kinds.extend(found.iter().map(|it| it.kind));
        let outcome = Outcome::of(trace, run.simulation().now());
        for side in Side::BOTH {
            let host = outcome.of_host(side);
            let count = |kind| found.iter().filter(|it| it.kind == kind && it.side == side).count();
            let octets = |kind| -> u64 {
                let those = found.iter().filter(|it| it.kind == kind && it.side == side);
                those.filter_map(|it| it.cost.octets).sum()
            };
            assert_eq!(count(Kind::Ghost), host.ghosts, "{name}: {side:?} has ghosts\n{}", findings(trace));
            assert_eq!(count(Kind::HalfOpen), host.half_open, "{name}: {side:?} half-open\n{}", findings(trace));
            let stale = octets(Kind::OldTextDelivered) + octets(Kind::ForgedTextTaken);
            assert_eq!(stale, host.stale_octets_delivered, "{name}: {side:?} stale octets");
        }
        for it in &found {
            assert!(
                it.segments.iter().all(|id| trace.departure(*id).is_some_and(|dep| dep.at <= it.at)),
                "{name}: {it:?}"
            );
            assert!(trace.step(it.step).iter().all(|event| event.at == it.at), "{name}: {it:?}");
        }
        assert!(found.iter().is_sorted_by_key(|it| it.step), "{name}");
    }
    let missing: Vec<&str> = Kind::ALL.iter().filter(|kind| !kinds.contains(kind)).map(|kind| kind.name()).collect();
    assert!(missing.is_empty(), "no story and no script finds {missing:?}");
}

fn found_until(trace: &Trace, steps: usize) -> Vec<Finding> {
    let mut short = trace.clone();
    short.truncate(steps);
    let mut findings = Findings::default();
    findings.update(&short);
    findings.found().to_vec()
}

#[test]
fn findings_can_be_taken_in_step_by_step_and_cut_off() {
    for id in ["held-syn-rfc1337", "syn-flood", "lossy-link", "ghost-two-way", "zero-window"] {
        let run = run(story(id).expect("the catalogue has it").script);
        let trace = run.trace();
        let mut whole = Findings::default();
        whole.update(trace);
        let end = whole.clone();
        for steps in (0..trace.steps()).rev() {
            whole.truncate(steps, trace);
            assert_eq!(whole.found(), found_until(trace, steps), "{id}: after {steps} steps");
        }
        whole.update(trace);
        assert_eq!(whole, end, "{id}");
    }
}

/// Longer than the distance from one checkpoint to the next.
#[test]
fn a_long_run_is_cut_off_where_it_is_asked_for() {
    let mut script = "client isn 100\nserver isn 300, listen 80\nat 0ms client open\n".to_owned();
    for n in 0..150 {
        script += &format!("at {}ms client send 10\n", 1000 + 2000 * n);
    }
    script += "drop client data\n";
    let run = run(&script);
    let trace = run.trace();
    assert!(trace.steps() > 300, "{} steps", trace.steps());
    let mut whole = Findings::default();
    whole.update(trace);
    for steps in [trace.steps() - 1, 300, 256, 255, 3] {
        whole.truncate(steps, trace);
        assert_eq!(whole.found(), found_until(trace, steps), "after {steps} steps");
    }
}

#[test]
fn a_clean_run_has_no_trouble() {
    let clean = [
        "life",
        "handshake",
        "data-with-third-segment",
        "options-agreed",
        "options-not-offered",
        "sequence-wrap",
        "simultaneous-open",
        "client-closes-first",
        "server-closes-first",
        "three-segment-close",
        "fin-with-text",
        "half-close",
        "simultaneous-close",
        "time-wait",
        "nagle",
        "delayed-ack",
        "close-in-syn-received",
        "figure-6",
        "figure-7",
        "figure-12",
        "figure-13",
    ];
    for id in clean {
        let run = run(story(id).expect("the catalogue has it").script);
        let found = Findings::of(run.trace());
        assert!(!found.iter().any(|it| it.kind.is_trouble()), "{id}: {found:#?}");
        assert!(!found.is_empty(), "{id}");
    }
}

#[test]
fn names_are_unique_and_the_document_has_each_with_its_section() {
    let document = fs::read_to_string(root("docs/findings.md")).expect("it is there");
    let rows = document.lines().filter(|line| line.starts_with("| `"));
    let told: Vec<(String, String)> = rows
        .map(|row| {
            let cells: Vec<&str> = row.split('|').map(str::trim).collect();
            (cells[1].trim_matches('`').to_owned(), cells[2].to_owned())
        })
        .collect();
    let kinds = Kind::ALL.iter().map(|kind| (kind.name().to_owned(), kind.section().to_owned()));
    assert_eq!(told, kinds.collect::<Vec<_>>(), "docs/findings.md has every finding, in order");
    let names: BTreeSet<&str> = Kind::ALL.iter().map(|kind| kind.name()).collect();
    assert_eq!(names.len(), Kind::ALL.len());
}

/// The text of `tests/told.txt`: the story of each run of the catalogue, in each language.
fn told() -> String {
    let mut told = String::new();
    for it in CATALOGUE {
        let run = run(it.script);
        told += it.id;
        told += "\n";
        for language in Language::ALL {
            told += &format!("    {}\n", text::story(run.trace(), &Words::of(language)));
        }
    }
    told
}

#[test]
fn the_story_of_every_run_is_the_one_that_was_read() {
    let path = root("tests/told.txt");
    let told = told();
    if std::env::var_os("BLESS").is_some() {
        fs::write(&path, &told).expect("it can be written");
    }
    let before = fs::read_to_string(&path).expect("it is there");
    for (before, now) in before.lines().zip(told.lines()) {
        assert_eq!(before, now, "BLESS=1 rewrites tests/told.txt: read every line that differs");
    }
    assert!(before == told, "BLESS=1 rewrites tests/told.txt: read every line that differs");
}

/// Two to six sentences; every text is used by some run, in every language; and the words bring no number of their own.
#[test]
fn the_story_of_any_run_is_told_in_every_language() {
    let runs: Vec<(String, History)> = every_run().collect();
    for language in Language::ALL {
        let words = Words::of(language);
        let stop = if language == Language::English { "." } else { "。" };
        let mut all = String::new();
        for (name, run) in &runs {
            let story = text::story(run.trace(), &words);
            assert!(story.ends_with(stop) && !story.contains(['{', '}']), "{name}: {story}");
            let sentences = match language {
                Language::English => story.matches(". ").count() + 1,
                Language::TraditionalChinese | Language::SimplifiedChinese => story.matches(stop).count(),
            };
            assert!((2..=6).contains(&sentences), "{name}: {sentences} sentences in {story}");
            all += &story.to_lowercase();
        }
        for (key, text) in words.all_of_insight().filter(|(key, _)| key.starts_with("run.")) {
            let pieces = text.split('{').flat_map(|piece| piece.rsplit('}').next());
            let longest = pieces.map(str::trim).max_by_key(|piece| piece.len()).unwrap_or_default();
            assert!(all.contains(&longest.to_lowercase()), "{language:?}: no run says {key}: {text}");
            let without_states = text.replace("FIN-WAIT-2", "");
            assert!(!without_states.contains(|it: char| it.is_ascii_digit()), "{language:?}: {key}: {text}");
        }
    }
}
