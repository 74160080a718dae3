//! The same story gives the same trace everywhere: its digest is written down once, and the native tests and the
//! browsers' tests compare with it.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;

use synfin::history::History;
use synfin::scenario::{CATALOGUE, Scenario, story};

use crate::scripted;

/// The stories of the catalogue, and the scripts of `tests/scripts/`.
#[test]
fn every_story_has_the_digest_that_is_written_down() {
    let catalogue =
        CATALOGUE.iter().map(|it| (it.id.to_owned(), Scenario::parse(it.script).expect("the catalogue is right")));
    let mut found = String::new();
    for (name, story) in catalogue.chain(scripted::scripts()) {
        writeln!(found, "{name}\t{:016x}", digest(story)).expect("a string takes everything");
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/digests.tsv");
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&path, &found).expect("the digests can be written");
    }
    let written = std::fs::read_to_string(&path).expect("the digests are written down");
    assert_eq!(found, written, "if the change is meant, run the tests with BLESS=1 and read the difference");
}

/// Otherwise it would prove little that the same seed gives the same trace.
#[test]
fn another_seed_gives_another_trace() {
    let story = Scenario::parse(story("lossy-link").expect("the catalogue has it").script).expect("it is a script");
    let mut digests = BTreeSet::new();
    for seed in 0..20 {
        let mut story = story.clone();
        story.chance.seed = seed;
        digests.insert(digest(story));
    }
    assert!(digests.len() >= 19, "{} of 20", digests.len());
}

fn digest(story: Scenario) -> u64 {
    let mut run = History::new(story);
    run.run_to_end();
    run.trace().digest()
}
