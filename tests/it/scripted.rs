//! Scripts that say what must come true: one file of `tests/scripts/` a test. What a story of the catalogue shows need not
//! be shown here again.

use std::fs;
use std::path::Path;

use synfin::history::{History, MOST_STEPS};
use synfin::scenario::Scenario;

/// The scripts, by the names of their files.
pub fn scripts() -> Vec<(String, Scenario)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/scripts");
    let files = fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut scripts: Vec<(String, Scenario)> = files
        .map(|file| {
            let path = file.expect("the folder can be read").path();
            let name = path.file_name().expect("a file has a name").to_string_lossy().into_owned();
            let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{name}: {error}"));
            let scenario = Scenario::parse(&text).unwrap_or_else(|mistakes| panic!("{name}: {mistakes}"));
            (name, scenario)
        })
        .collect();
    scripts.sort_by(|a, b| a.0.cmp(&b.0));
    scripts
}

#[test]
fn every_script_keeps_its_promises() {
    let mut broken = Vec::new();
    for (name, scenario) in scripts() {
        assert!(scenario.expectations.len() >= 2, "{name} promises too little");
        let mut run = History::new(scenario);
        while run.step() {
            run.simulation().check_invariants();
        }
        assert!(run.cursor() < MOST_STEPS, "{name} ends");
        for expectation in &run.scenario().expectations {
            if let Err(unmet) = expectation.check(run.trace(), run.simulation()) {
                broken.push(format!("{name}: {unmet}"));
            }
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}
