//! The same story gives the same trace everywhere: its digest is written down once, and the native tests and the
//! browsers' tests compare with it.

use std::fmt::Write as _;
use std::path::Path;

use synfin::history::History;
use synfin::scenario::{CATALOGUE, Scenario};

#[test]
fn every_story_has_the_digest_that_is_written_down() {
    let mut found = String::new();
    for story in CATALOGUE {
        let mut run = History::new(Scenario::parse(story.script).expect("the catalogue is right"));
        run.run_to_end();
        writeln!(found, "{}\t{:016x}", story.id, run.trace().digest()).expect("a string takes everything");
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/digests.tsv");
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&path, &found).expect("the digests can be written");
    }
    let written = std::fs::read_to_string(&path).expect("the digests are written down");
    assert_eq!(found, written, "if the change is meant, run the tests with BLESS=1 and read the difference");
}
