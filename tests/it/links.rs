//! Links that were given away open for ever: `tests/links.tsv` has a name, a link and the digest of the run that it must open,
//! a line each. Lines are added (BLESS=1 adds those that are missing), never changed, but where a run is told otherwise and has the
//! same segments in the same steps: what was once called forged is old, what was once beyond the window is a SYN that is challenged.

use std::fmt::Write as _;
use std::path::Path;

use synfin::history::History;
use synfin::scenario::script::parse_deed;
use synfin::scenario::{CATALOGUE, Scenario, story};

use crate::permalinks::{follow, link_of};

/// What may be done to a run, each kind of it: after which step of the story `life`, and what.
const DEEDS: &[(&str, usize, &[&str])] = &[
    ("open", 20, &["client open"]),
    ("open-between-ports", 5, &["client open from 50000 to 81 timeout 30s"]),
    ("listen", 5, &["server listen 81", "server listen 82 from 198.51.100.7:4000 timeout 5s"]),
    ("send", 6, &["client send 45", "client send \"GET / \\\"x\\\" \\\\ \\r\\n 客\" timeout 5s"]),
    ("receive", 6, &["client receive", "server receive 10"]),
    ("close", 6, &["server close on connection 1", "client close"]),
    ("abort", 6, &["client abort on connection 1"]),
    ("status", 6, &["client status", "server status on port 80"]),
    ("set", 6, &["client set r1 2", "client set r2 none", "client set r2-syn 3min", "client set user-timeout 5s"]),
    ("set-keep-alive", 6, &["client set keep-alive 10s every 1s probes 3", "server set keep-alive none"]),
    ("accept", 6, &["server accept", "server accept 80"]),
    ("crash", 6, &["server crash"]),
    ("reboot", 6, &["server crash", "server reboot"]),
    ("forge", 6, &["forge to server fin psh urg seq 90 ack 5 length 7 window 100 from 4000 to 80"]),
    ("forge-options", 6, &["forge to server syn seq 5 mss 536 window-scale 7 sack-permitted timestamps 5 6"]),
    ("forge-ecn", 6, &["forge to server syn ece cwr seq 5"]),
    ("forge-from-elsewhere", 6, &["forge to server syn seq 5 from [2001:db8::7]", "forge to client rst seq 301"]),
    (
        "forge-relative",
        6,
        &["forge to server seq nxt+1 ack una-1", "old to client rst seq isn", "forge to server seq 7"],
    ),
    ("old", 6, &["old to server fin psh urg seq 90 ack 5 length 7 window 100 from 4000 to 80"]),
    ("drop", 2, &["drop segment 1"]),
    ("duplicate", 2, &["duplicate segment 1", "duplicate segment 1 after 300ms"]),
    ("delay", 2, &["delay segment 1 by 70ms"]),
    ("corrupt", 2, &["corrupt segment 1"]),
    ("hold", 2, &["hold segment 1"]),
    ("release", 2, &["hold segment 1", "release segment 1"]),
    ("wait", 2, &["wait 20ms", "client send 3"]),
    ("a-segment-of-the-past", 20, &["drop segment 4"]),
];

fn do_all(run: &mut History, lines: &[&str]) {
    for line in lines {
        run.inject(parse_deed(line).expect("a script can say it")).unwrap_or_else(|error| panic!("{line}: {error}"));
    }
}

/// Links of every kind, by their names, as they are written today.
fn of_every_kind() -> Vec<(String, String)> {
    let open = |script: &str| History::new(Scenario::parse(script).expect("it is a script"));
    let life = story("life").expect("the catalogue has it").script;
    let mut links = Vec::new();
    for known in CATALOGUE {
        let mut run = open(known.script);
        run.seek(5);
        links.push((format!("story {}", known.id), link_of(&run)));
    }
    links.push(("story at its start".to_owned(), "story=life".to_owned()));
    links.push(("story with its version".to_owned(), "story=life&step=3&v=1".to_owned()));
    for (name, step, lines) in DEEDS {
        let mut run = open(life);
        run.seek(*step);
        do_all(&mut run, lines);
        run.seek(run.cursor() + 4);
        links.push((format!("deed {name}"), link_of(&run)));
    }
    let mut run = open(life);
    run.run_to_end();
    do_all(&mut run, &["drop segment 1"]);
    run.run_to_end();
    do_all(&mut run, &["hold segment 9"]);
    let branch = run.branches()[1].id();
    run.rename(branch, "ohne SYN – 沒有 SYN").expect("it is a name");
    run.switch(branch).expect("it is there");
    run.back();
    links.push(("branches".to_owned(), link_of(&run)));
    links.push(("language".to_owned(), format!("{}&lang=zh-Hant", link_of(&run))));
    links.push(("comparison".to_owned(), "story=time-wait&step=9&lang=en&compare=no-time-wait".to_owned()));
    let mut run = open(
        "title Of my own\nclient isn 1\nserver listen 81\nlink delay 33ms, jitter 5ms, loss 5%, seed 3\nat 0ms client open to 81\n",
    );
    run.seek(6);
    links.push(("script".to_owned(), link_of(&run)));
    do_all(&mut run, &["client send 5"]);
    links.push(("script with a deed".to_owned(), link_of(&run)));
    let mut run = open(
        "client isn 1\nserver listen 80\nlink delay 33ms, middlebox forgets after 30s then resets, middlebox filters ack after syn\nat 0ms client open\n",
    );
    run.run_to_end();
    do_all(&mut run, &["wait 40s", "client send 5", "forge to server seq 5 ack 7 from 5000"]);
    links.push(("script with a middlebox".to_owned(), link_of(&run)));
    links
}

#[test]
fn links_that_were_given_away_open_the_same_runs() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/links.tsv");
    let mut kept = std::fs::read_to_string(&path).unwrap_or_default();
    let is_kept = |kept: &str, name: &str| kept.lines().any(|line| line.split('\t').next() == Some(name));
    for (name, link) in of_every_kind() {
        if !is_kept(&kept, &name) && std::env::var_os("BLESS").is_some() {
            let digest = follow(&link).expect("it is a link of ours").trace().digest();
            writeln!(kept, "{name}\t{link}\t{digest:016x}").expect("a string takes everything");
        }
        assert!(is_kept(&kept, &name), "tests/links.tsv keeps a link for {name}: run the tests with BLESS=1");
    }
    for line in kept.lines() {
        let [name, link, digest] = line.split('\t').collect::<Vec<_>>()[..] else { panic!("three columns: {line}") };
        let run = follow(link).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(format!("{:016x}", run.trace().digest()), digest, "{name} opens another run than it did");
    }
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&path, kept).expect("the links can be written");
    }
}
