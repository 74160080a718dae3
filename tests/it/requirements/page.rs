//! The tables of `docs/conformance.md`: every requirement is there, in the words of the file, and what is said to show it
//! exists, is run, and says so itself: a test that shows requirements ends its documentation with a line such as
//! "Shows MUST-8, SHLD-1."

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::transitions;

/// What introduces the reason why a requirement is not met, or not in full.
const DEVIATION: &str = "Deviation: ";

/// What introduces the requirements that a test shows, at the end of its documentation.
const SHOWS: &str = "Shows ";

/// A requirement of the file that concerns a connection's life.
#[derive(Debug, PartialEq, Eq)]
struct Requirement {
    section: String,
    level: String,
    restatement: String,
}

#[test]
fn every_requirement_names_what_shows_it_or_why_it_is_not_met() {
    let required = requirements();
    assert_eq!(required.len(), 108, "requirements that concern a connection's life");
    let known = names();
    let mut mistakes = Vec::new();
    // What the tests are said to show, by the page.
    let mut cited: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    let mut seen = BTreeSet::new();
    for row in rows("## Requirements") {
        let [id, section, level, restatement, shown_by] = &row[..] else { panic!("five columns: {row:?}") };
        let (section, level, restatement) = (section.clone(), level.clone(), restatement.clone());
        let came = Requirement { section, level, restatement };
        if !seen.insert(id.clone()) {
            mistakes.push(format!("{id}: twice"));
        }
        match required.get(id) {
            None => mistakes.push(format!("{id}: no such requirement concerns a connection's life")),
            Some(expected) if *expected != came => mistakes.push(format!("{id}: expected {expected:?}; came {came:?}")),
            Some(_) => {}
        }
        let (shown, reason) = match shown_by.split_once(DEVIATION) {
            Some((shown, reason)) => (shown, Some(reason)),
            None => (shown_by.as_str(), None),
        };
        let tests = quoted(shown);
        for test in &tests {
            match known.get_key_value(*test) {
                None => mistakes.push(format!("{id}: nothing that is run is called {test}")),
                Some((test, _)) => _ = cited.entry(test).or_default().insert(id.clone()),
            }
        }
        if tests.is_empty() && reason.is_none() {
            mistakes.push(format!("{id}: neither a test nor \"{DEVIATION}\""));
        }
        if reason.is_some_and(|reason| reason.split_whitespace().count() < 5 || !reason.ends_with('.')) {
            mistakes.push(format!("{id}: a deviation has a reason"));
        }
    }
    for (test, shows) in &known {
        let Evidence::Test(shows) = shows else { continue };
        let cited = cited.remove(test.as_str()).unwrap_or_default();
        mistakes.extend(cited.difference(shows).map(|id| format!("{id}: {test} does not say that it shows it")));
        mistakes.extend(shows.difference(&cited).map(|id| format!("{id}: {test} says that it shows it")));
    }
    mistakes.extend(required.keys().filter(|id| !seen.contains(*id)).map(|id| format!("{id}: missing")));
    assert!(mistakes.is_empty(), "docs/conformance.md:\n{}", mistakes.join("\n"));
}

#[test]
fn every_choice_names_what_shows_it() {
    let known = names();
    let choices = rows("## Where the text leaves a choice");
    assert!(choices.len() >= 14);
    for row in choices {
        let [_, _, _, _, shown_by] = &row[..] else { panic!("five columns: {row:?}") };
        let tests = quoted(shown_by);
        assert!(!tests.is_empty(), "{row:?}");
        for test in tests {
            assert!(known.contains_key(test), "nothing that is run is called {test}");
        }
    }
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The requirements of the file that concern a connection's life, by their ids.
fn requirements() -> BTreeMap<String, Requirement> {
    let text = read(&root().join("tests/conformance/requirements.tsv"));
    let mut lines = text.lines();
    assert_eq!(lines.next(), Some("id\tsection\tlevel\trestatement\tlifecycle\ttest\tprovenance"), "the columns");
    lines
        .filter_map(|line| {
            let columns: Vec<&str> = line.split('\t').collect();
            let [id, section, level, restatement, lifecycle, _test, _provenance] = columns[..] else {
                panic!("seven columns: {line}");
            };
            let (section, level, restatement) = (section.to_owned(), level.to_owned(), restatement.to_owned());
            (lifecycle == "y").then(|| (id.to_owned(), Requirement { section, level, restatement }))
        })
        .collect()
}

/// The cells of the table under a heading of the page, without its head.
fn rows(heading: &str) -> Vec<Vec<String>> {
    let page = read(&root().join("docs/conformance.md"));
    let section = page.lines().skip_while(|line| *line != heading).skip(1).take_while(|line| !line.starts_with('#'));
    let cells =
        |line: &str| -> Vec<String> { line.trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect() };
    let rows: Vec<_> = section.filter(|line| line.starts_with('|')).skip(2).map(cells).collect();
    assert!(!rows.is_empty(), "{heading} has a table");
    rows
}

/// What stands in backquotes.
fn quoted(cell: &str) -> Vec<&str> {
    cell.split('`').skip(1).step_by(2).collect()
}

/// What can show something.
enum Evidence {
    /// A test, and the requirements that it says it shows.
    Test(BTreeSet<String>),
    /// Data that one of the tests runs.
    Data,
}

/// Everything that can show something, by name: vectors and cases, rows of the transition relation, scripts, tests.
fn names() -> BTreeMap<String, Evidence> {
    let conformance = root().join("tests/conformance");
    let mut data = transitions::followed();
    for file in ["vectors.json", "more.json"] {
        let file: Value = serde_json::from_str(&read(&conformance.join(file))).expect("it is JSON");
        for kind in ["vectors", "segment_cases", "call_cases", "timer_cases"] {
            let vectors = file[kind].as_array().expect("a list");
            let can_run = vectors.iter().filter(|vector| vector.get("replayable") != Some(&Value::Bool(false)));
            data.extend(can_run.filter_map(|vector| Some(vector["id"].as_str()?.to_owned())));
        }
    }
    for path in files(&root().join("tests/scripts")) {
        data.insert(path.file_name().expect("a file has a name").to_string_lossy().into_owned());
    }
    let mut names: BTreeMap<String, Evidence> = data.into_iter().map(|name| (name, Evidence::Data)).collect();
    for path in files(&root().join("src")).into_iter().chain(files(&root().join("tests"))) {
        if path.extension().is_some_and(|extension| extension == "rs") {
            let tests = tests_in(&read(&path)).into_iter().map(|(name, shows)| (name, Evidence::Test(shows)));
            names.extend(tests);
        }
    }
    names
}

/// The test functions in a source, and the requirements that they say they show.
fn tests_in(source: &str) -> Vec<(String, BTreeSet<String>)> {
    let mut tests = Vec::new();
    let (mut is_test, mut documentation) = (false, String::new());
    for line in source.lines().map(str::trim) {
        if let Some(text) = line.strip_prefix("///") {
            documentation.push_str(text);
            continue;
        }
        if line.starts_with("#[") {
            is_test |= ["#[test]", "#[wasm_bindgen_test]"].contains(&line);
            continue;
        }
        if let Some(rest) = line.strip_prefix("async ").unwrap_or(line).strip_prefix("fn ")
            && is_test
        {
            let (_, shows) = documentation.rsplit_once(SHOWS).unwrap_or_default();
            let shows = shows.trim_end_matches('.').split(", ").filter(|id| !id.is_empty()).map(str::to_owned);
            tests.extend(rest.split('(').next().map(|name| (name.to_owned(), shows.collect())));
        }
        is_test = false;
        documentation.clear();
    }
    tests
}

/// All files below a folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let paths = entries.map(|entry| entry.expect("the folder can be read").path());
    paths.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}
