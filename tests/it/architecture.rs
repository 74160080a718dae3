//! Who may know whom, and what must stay absent from the sources: see `docs/architecture.md`.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("the sources are there") {
        let path = entry.expect("the sources can be listed").path();
        if path.is_dir() {
            sources(&path, found);
        } else {
            found.push(path);
        }
    }
}

/// The code of each source file below `src/` whose path begins so, without comments and without its own tests.
fn code_of(beginnings: &[&str]) -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut paths = Vec::new();
    sources(&root, &mut paths);
    let files: Vec<_> = paths
        .into_iter()
        .filter_map(|path| {
            let name = path.strip_prefix(&root).expect("it lies below src").to_string_lossy().replace('\\', "/");
            let is_meant = beginnings.iter().any(|beginning| name.starts_with(beginning));
            let text = fs::read_to_string(&path).expect("sources are text");
            let code = text.lines().take_while(|line| *line != "#[cfg(test)]");
            let code = code.filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n");
            (is_meant && !name.contains("/tests")).then_some((name, code))
        })
        .collect();
    assert!(!files.is_empty(), "{beginnings:?} are sources");
    files
}

/// Fails with the line if one of `words` stands in one of the files.
fn assert_absent(beginnings: &[&str], words: &[&str]) {
    for (name, code) in code_of(beginnings) {
        for (number, line) in code.lines().enumerate() {
            for word in words {
                assert!(!line.contains(word), "{name}, line of code {}: {word} in {line:?}", number + 1);
            }
        }
    }
}

/// Who may know whom: each room below `src/` with the rooms that it names, and no others. Rooms stand in the order of the
/// storeys; nobody names a room of a higher storey, but for [`EXCEPTIONS`].
const ROOMS: [(&str, &[(&str, &str)]); 6] = [
    (
        "ground",
        &[
            ("time", ""),
            ("seq", ""),
            ("certain", ""),
            ("in_place", ""),
            ("named", ""),
            ("rule", "named"),
            ("segment", "seq"),
            ("tcp", "time"),
            ("trace", "in_place rule segment tcp time"),
        ],
    ),
    (
        "running",
        &[
            ("profile", "certain segment tcp time"),
            ("isn", "seq time"),
            ("network", "segment tcp time"),
            ("endpoint", "certain in_place profile rule segment seq tcp time"),
            ("host", "certain endpoint isn profile rule segment seq tcp time"),
            ("simulation", "endpoint host in_place isn network profile segment tcp time trace"),
            (
                "scenario",
                "certain chronicle host insight isn network profile rule segment seq simulation tcp time trace",
            ),
            ("history", "certain scenario simulation tcp time trace"),
            ("compare", "certain chronicle history profile rule scenario segment simulation tcp time trace"),
            ("permalink", "history scenario"),
        ],
    ),
    (
        "reading",
        &[
            ("chronicle", "segment seq tcp time trace"),
            ("insight", "chronicle named rule segment seq tcp time trace"),
            ("text", "insight rule segment tcp time trace"),
            ("diagram", "chronicle segment tcp text time trace"),
            ("svg", "diagram text"),
            ("export", "chronicle insight rule segment tcp text time trace"),
        ],
    ),
    (
        "asking",
        &[(
            "quiz",
            "chronicle compare history insight named network profile rule scenario segment seq simulation tcp text time trace",
        )],
    ),
    (
        "face",
        &[(
            "lab",
            "chronicle compare endpoint history host insight permalink quiz scenario segment seq simulation tcp text time trace",
        )],
    ),
    (
        "binding",
        &[(
            "wasm",
            "certain chronicle compare diagram history permalink quiz scenario simulation svg tcp text time lab",
        )],
    ),
];

/// Running that asks a reader: what a story expects, and what runs came to, is read from their traces.
const EXCEPTIONS: [(&str, &str); 3] = [("scenario", "chronicle"), ("scenario", "insight"), ("compare", "chronicle")];

#[test]
fn every_room_names_the_rooms_that_it_may_know_and_no_others() {
    let files = code_of(&[""]);
    let reexports: Vec<(String, String, String)> =
        files.iter().flat_map(|(name, code)| reexports(name, code)).collect();
    let mut graph: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (name, code) in files.iter().filter(|(name, _)| name != "lib.rs") {
        let named = graph.entry(room_of(name)).or_default();
        for path in paths(name, code) {
            let through = reexports.iter().filter(|(room, item, _)| path[0] == *room && path.contains(item));
            named.extend(through.map(|(_, _, origin)| origin.clone()));
            named.insert(path[0].clone());
        }
        named.remove(&room_of(name));
    }
    let allowed: BTreeMap<String, BTreeSet<String>> = ROOMS
        .iter()
        .flat_map(|(_, rooms)| *rooms)
        .map(|(room, named)| ((*room).to_owned(), named.split_whitespace().map(str::to_owned).collect()))
        .collect();
    assert_eq!(graph, allowed, "the rooms as they are, and as they may be");
}

#[test]
fn nobody_names_a_room_of_a_higher_storey() {
    let storey = |room: &str| ROOMS.iter().position(|(_, rooms)| rooms.iter().any(|(it, _)| *it == room));
    // Running and reading stand side by side, on the ground: neither is above the other, and neither names the other.
    let is_above = |from: &str, to: &str| match (storey(from), storey(to)) {
        (Some(1), Some(2)) | (Some(2), Some(1)) => !EXCEPTIONS.contains(&(from, to)),
        (from, to) => to > from,
    };
    for (room, named) in ROOMS.iter().flat_map(|(_, rooms)| *rooms) {
        for other in named.split_whitespace() {
            assert!(storey(other).is_some() && !is_above(room, other), "{room} names {other}");
        }
    }
}

/// The map in `src/lib.rs` has every room, in the order in which they are declared.
#[test]
fn the_map_has_every_room() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/lib.rs");
    let source = fs::read_to_string(path).expect("it is there");
    let declared = source.lines().filter_map(|line| {
        line.strip_prefix("pub ").unwrap_or(line).strip_prefix("mod ").and_then(|line| line.strip_suffix(';'))
    });
    let map = source.lines().filter(|line| line.starts_with("//! | ") && !line.contains("**"));
    let rows = map.filter_map(|line| line.split('|').nth(1)).filter(|cell| cell.contains('`'));
    let mapped = rows.flat_map(|cell| cell.split(',').map(|name| name.trim_matches([' ', '[', ']', '`'])));
    assert_eq!(mapped.collect::<Vec<_>>(), declared.collect::<Vec<_>>());
}

/// The room of a file: `endpoint/calls.rs` is in `endpoint`.
fn room_of(name: &str) -> String {
    name.split(['/', '.']).next().expect("a path has a beginning").to_owned()
}

/// The paths from the crate's root that stand in a file, with what is imported in braces behind them.
fn paths(name: &str, code: &str) -> Vec<Vec<String>> {
    let depth = name.trim_end_matches(".rs").split('/').count();
    let up = "super::".repeat(depth);
    let mut paths = Vec::new();
    for root in ["crate::", &up] {
        for (at, _) in code.match_indices(root) {
            let is_whole = !code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == ':');
            let rest = &code[at + root.len()..];
            let end = if rest[..rest.find([';', '\n', '(']).unwrap_or(rest.len())].contains('{') {
                rest.find('}').unwrap_or(rest.len())
            } else {
                rest.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':')).unwrap_or(rest.len())
            };
            let words = rest[..end].split(|c: char| !(c.is_alphanumeric() || c == '_')).filter(|it| !it.is_empty());
            let path: Vec<String> = words.map(str::to_owned).collect();
            if is_whole && !path.is_empty() {
                paths.push(path);
            }
        }
    }
    paths
}

/// What a file passes on that is another room's: its room, the item, and whose it is.
fn reexports(name: &str, code: &str) -> Vec<(String, String, String)> {
    let uses = code.match_indices("pub use crate::").map(|(at, _)| &code[at + "pub ".len()..]);
    uses.flat_map(|rest| {
        let path = paths(name, &rest[..rest.find(';').map_or(rest.len(), |end| end + 1)]).swap_remove(0);
        let origin = path[0].clone();
        let items: Vec<String> = path[1..].to_vec();
        items.into_iter().map(move |item| (room_of(name), item, origin.clone()))
    })
    .collect()
}

#[test]
fn paths_are_found_wherever_they_stand_and_whoever_passes_them_on() {
    let code =
        "use crate::trace::{Event, Trace};\npub use crate::host::Datagram;\nlet it = crate::time::Instant::ZERO;\n";
    let found = paths("insight.rs", code);
    let wanted = [vec!["trace", "Event", "Trace"], vec!["host", "Datagram"], vec!["time", "Instant", "ZERO"]];
    assert_eq!(found, wanted);
    assert_eq!(
        paths("host/calls.rs", "use super::super::endpoint::Call;\nuse super::Host;"),
        [vec!["endpoint", "Call"]]
    );
    assert_eq!(reexports("host.rs", code), [("host".to_owned(), "Datagram".to_owned(), "host".to_owned())]);
}

#[test]
fn nothing_in_the_core_depends_on_chance_clocks_threads_or_globals() {
    let words =
        ["HashMap", "HashSet", "SystemTime", "std::time", "thread", "static mut", "OnceLock", "RefCell", "rand::"];
    assert_absent(&[""], &words);
}

#[test]
fn floats_begin_at_the_diagram() {
    let core = [
        "time",
        "seq",
        "segment",
        "rule",
        "tcp",
        "profile",
        "endpoint.rs",
        "endpoint/calls",
        "endpoint/opening",
        "endpoint/synchronized",
        "endpoint/transmit",
        "endpoint/timeouts",
        "endpoint/space",
        "endpoint/reassembly",
        "isn",
        "host",
        "network",
        "trace",
        "simulation",
        "scenario",
        "history",
        "chronicle",
        "insight",
        "compare",
        "quiz",
    ];
    assert_absent(&core, &["f32", "f64"]);
}
