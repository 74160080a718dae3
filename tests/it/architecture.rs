//! What must stay absent from the sources: see `docs/architecture.md`.

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

#[test]
fn an_endpoint_knows_nothing_of_hosts_networks_simulations_and_traces() {
    assert_absent(&["endpoint"], &["host::", "network::", "simulation::", "trace::", "history::"]);
}

#[test]
fn the_network_knows_nothing_of_endpoints() {
    assert_absent(&["network"], &["endpoint", "host::", "simulation::", "trace::"]);
}

#[test]
fn a_host_knows_nothing_of_networks_and_traces() {
    assert_absent(&["host"], &["network::", "simulation::", "trace::", "history::"]);
}

#[test]
fn the_trace_and_the_words_of_tcp_know_no_machine() {
    assert_absent(&["trace", "tcp"], &["endpoint::", "host::", "network::", "profile::", "simulation::", "history::"]);
}

#[test]
fn readers_of_the_trace_do_not_run_the_protocol() {
    // The enums of what endpoints say are part of the trace; the state machine itself is not.
    let machine = ["Endpoint", "endpoint::Synchronized", "Simulation", "history::", "scenario::"];
    assert_absent(&["diagram", "export", "insight", "svg", "compare/difference", "compare/outcome"], &machine);
}

#[test]
fn what_is_told_comes_from_a_trace_and_from_words() {
    let running = ["endpoint::", "host::", "network::", "profile::", "simulation::", "scenario::", "history::"];
    assert_absent(&["text"], &running);
    assert_absent(&["text"], &["compare::", "permalink::", "diagram::", "svg::", "export::", "view::"]);
}

#[test]
fn what_is_compared_knows_nothing_of_comparisons_and_these_nothing_of_pictures_and_words() {
    assert_absent(&["history", "scenario", "simulation", "insight", "trace", "host"], &["compare::"]);
    assert_absent(&["compare"], &["diagram::", "svg::", "text::", "view::"]);
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
        "insight",
        "compare",
    ];
    assert_absent(&core, &["f32", "f64"]);
}
