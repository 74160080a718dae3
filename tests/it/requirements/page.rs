//! The tables of `docs/conformance.md`: every requirement is there, in the words of the file, and what is said to show it
//! exists.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

/// What introduces the reason why a requirement is not met, or not in full.
const DEVIATION: &str = "Deviation: ";

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
    assert_eq!(required.len(), 106, "requirements that concern a connection's life");
    let known = names();
    let mut mistakes = Vec::new();
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
        mistakes
            .extend(tests.iter().filter(|it| !known.contains(**it)).map(|it| format!("{id}: nothing is called {it}")));
        if tests.is_empty() && reason.is_none() {
            mistakes.push(format!("{id}: neither a test nor \"{DEVIATION}\""));
        }
        if reason.is_some_and(|reason| reason.split_whitespace().count() < 5 || !reason.ends_with('.')) {
            mistakes.push(format!("{id}: a deviation has a reason"));
        }
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
            assert!(known.contains(test), "nothing is called {test}");
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

/// Everything that can show something: vectors and cases, rows of the transition relation, scripts, tests.
fn names() -> BTreeSet<String> {
    let conformance = root().join("tests/conformance");
    let mut names = BTreeSet::new();
    for file in ["vectors.json", "more.json"] {
        let file: Value = serde_json::from_str(&read(&conformance.join(file))).expect("it is JSON");
        for kind in ["vectors", "segment_cases", "call_cases", "timer_cases"] {
            let vectors = file[kind].as_array().expect("a list");
            let can_run = vectors.iter().filter(|vector| vector.get("replayable") != Some(&Value::Bool(false)));
            names.extend(can_run.filter_map(|vector| Some(vector["id"].as_str()?.to_owned())));
        }
    }
    for row in read(&conformance.join("transitions.tsv")).lines().skip(1) {
        let (state, rest) = row.split_once('\t').expect("columns");
        let event = rest.split('\t').next().expect("columns");
        names.insert(format!("{state}/{event}"));
    }
    for path in files(&root().join("tests/scripts")) {
        names.insert(path.file_name().expect("a file has a name").to_string_lossy().into_owned());
    }
    for path in files(&root().join("src")).into_iter().chain(files(&root().join("tests"))) {
        if path.extension().is_some_and(|extension| extension == "rs") {
            names.extend(tests_in(&read(&path)));
        }
    }
    names
}

/// The names of the test functions in a source.
fn tests_in(source: &str) -> Vec<String> {
    let mut tests = Vec::new();
    let mut is_test = false;
    for line in source.lines().map(str::trim) {
        if line.starts_with("#[") {
            is_test |= ["#[test]", "#[wasm_bindgen_test]"].contains(&line);
            continue;
        }
        if let Some(rest) = line.strip_prefix("async ").unwrap_or(line).strip_prefix("fn ")
            && is_test
        {
            tests.extend(rest.split('(').next().map(str::to_owned));
        }
        is_test = false;
    }
    tests
}

/// All files below a folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let paths = entries.map(|entry| entry.expect("the folder can be read").path());
    paths.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}
