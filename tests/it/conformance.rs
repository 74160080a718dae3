//! The conformance vectors: single events against one endpoint, and stories of two hosts, with every segment's numbers
//! and both states after each step. The file itself explains its fields (`conventions`), its settings
//! (`profile_defaults`) and how it reads the places where RFC 9293 contradicts itself (`interpretations`).
//!
//! Another file of the same format can take its place:
//!
//! ```text
//! CONFORMANCE_VECTORS=FILE cargo test --release --test it conformance -- --nocapture
//! ```
//!
//! | file | what |
//! |---|---|
//! | `vectors` | the format |
//! | `settings` | a vector's profile as ours |
//! | `block` | a vector's variables as a control block |
//! | `wire` | segments: comparing and printing them |
//! | `phrases` | what users are told, in the file's words |
//! | `progress` | what may be told although the file does not say so |
//! | `cases` | one event, one endpoint |
//! | `stories` | two hosts, step by step |

pub mod block;
pub mod cases;
mod phrases;
mod progress;
mod settings;
mod stories;
pub mod vectors;
mod wire;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use serde_json::Value;

use synfin::rule::Rule;
use synfin::tcp::Side;

use crate::rules::Reasons;

use vectors::{Case, File, Story};

/// What is not built yet: where a vector mentions this key with a value other than its default, it is expected to fail
/// for this reason. One that passes all the same fails the test, so that the entry goes when the feature comes.
const NOT_YET: [(&str, &str); 0] = [];

/// Where another file of vectors is named.
const ENVIRONMENT_VARIABLE: &str = "CONFORMANCE_VECTORS";

/// Shows 9293-3.10.1-6.
#[test]
fn every_conformance_vector_is_met() {
    let path = std::env::var_os(ENVIRONMENT_VARIABLE).map_or_else(|| checked_in("vectors.json"), PathBuf::from);
    let Report { stories, cases, not_replayable, reasons: _ } = run(read(&path));
    for story in not_replayable {
        println!("not replayable: {story}");
    }
    println!("not yet built: {} of the failed, as NOT_YET says", stories.not_yet + cases.not_yet);
    println!("conformance: stories {} passed, {} failed", stories.passed, stories.failed);
    println!("conformance: cases {} passed, {} failed", cases.passed, cases.failed);
    assert_eq!(stories.surprises + cases.surprises, 0, "vectors that are not met, or met against NOT_YET");
}

/// Vectors of our own, in the same format: what was found wrong once, and what the other file does not ask.
#[test]
fn every_vector_of_our_own_is_met() {
    let Report { stories, cases, .. } = run(read(&checked_in("more.json")));
    assert_eq!(stories.failed + cases.failed, 0, "vectors that are not met");
}

/// All arithmetic on sequence numbers is modulo 2^32 (RFC 9293 §3.4): the vectors hold wherever their numbers begin,
/// also where the wrap lies within a handshake, a segment or a window.
/// Shows 9293-3.4-MOD.
#[test]
fn every_vector_is_met_wherever_its_numbers_begin() {
    for beginning in [0u32, 101, 105, 111, 301, 306, 800, 1 << 31] {
        for name in ["vectors.json", "more.json"] {
            let File { format, profile_defaults, vectors, segment_cases, call_cases, timer_cases } =
                read(&checked_in(name));
            // Its reset has SEQ=0, which must lie outside the window whatever the numbers.
            let can_move = |vector: &&Value| id_of(vector) != "blind-syn-in-window-rfc793";
            let moved = |vectors: Vec<Value>| {
                vectors.iter().filter(can_move).map(|it| moved_by(it, beginning.wrapping_neg())).collect()
            };
            let (vectors, segment_cases, call_cases, timer_cases) =
                (moved(vectors), moved(segment_cases), moved(call_cases), moved(timer_cases));
            let file = File { format, profile_defaults, vectors, segment_cases, call_cases, timer_cases };
            let Report { stories, cases, .. } = run(file);
            assert_eq!(stories.surprises + cases.surprises, 0, "{name}, where {beginning} becomes 0");
        }
    }
}

#[test]
fn the_basic_handshake_is_that_of_figure_6() {
    tell("fig06-basic-3whs");
}

#[test]
fn a_simultaneous_open_is_that_of_figure_7() {
    tell("fig07-simultaneous-open");
}

#[test]
fn a_normal_close_is_that_of_figure_12() {
    tell("fig12-normal-close");
}

#[test]
fn a_simultaneous_close_is_that_of_figure_13() {
    tell("fig13-simultaneous-close");
}

#[test]
fn a_fin_that_carries_the_acknowledgment_closes_in_three_segments() {
    tell("three-segment-close");
}

/// Runs one story of the file that is checked in.
fn tell(id: &str) {
    let file = read(&checked_in("vectors.json"));
    let story = file.vectors.iter().find(|story| id_of(story) == id).expect("the file has this story");
    let told = parse::<Story>(story).and_then(|story| stories::run(&story, &file.profile_defaults).map(drop));
    assert_eq!(told, Ok(()), "{id}");
}

/// The rules that the vectors which are checked in apply.
pub fn reasons() -> Vec<Reasons> {
    ["vectors.json", "more.json"].into_iter().flat_map(|name| run(read(&checked_in(name))).reasons).collect()
}

/// Runs everything in a file that can be run.
fn run(file: File) -> Report {
    let File { format, profile_defaults, vectors, segment_cases, call_cases, timer_cases } = file;
    assert_eq!(format, "tcp-conformance-vectors/1", "the file's format");
    let (replayable, not_replayable): (Vec<_>, Vec<_>) = vectors.into_iter().partition(is_replayable);
    let not_replayable = not_replayable.iter().map(|story| id_of(story).to_owned()).collect();
    let mut report = Report { not_replayable, ..Report::default() };
    for story in &replayable {
        report.stories.count(story, &mut report.reasons, || {
            let rules = stories::run(&parse::<Story>(story)?, &profile_defaults)?;
            Ok(rules.into_iter().map(|(side, rule)| (Some(side), rule)).collect())
        });
    }
    for case in segment_cases.iter().chain(&call_cases).chain(&timer_cases) {
        report.cases.count(case, &mut report.reasons, || {
            let rules = cases::run(&parse::<Case>(case)?, &profile_defaults)?;
            Ok(rules.into_iter().map(|rule| (None, rule)).collect())
        });
    }
    report
}

/// What became of a file.
#[derive(Default)]
struct Report {
    stories: Tally,
    cases: Tally,
    /// The stories of which only the prose exists.
    not_replayable: Vec<String>,
    /// Of those that passed.
    reasons: Vec<Reasons>,
}

/// How many vectors of a kind passed.
#[derive(Default)]
struct Tally {
    passed: u32,
    failed: u32,
    /// Those of the failed that `NOT_YET` excuses.
    not_yet: u32,
    /// What makes the test fail.
    surprises: u32,
}

impl Tally {
    /// Runs one vector; what went wrong is a line, and never keeps the others from running.
    fn count(
        &mut self,
        vector: &Value,
        reasons: &mut Vec<Reasons>,
        run: impl FnOnce() -> Result<Vec<(Option<Side>, Rule)>, String>,
    ) {
        let id = id_of(vector);
        // A panic may take several lines, a failure has one.
        let outcome = catch_unwind(AssertUnwindSafe(run)).unwrap_or_else(|panic| {
            let words: Vec<&str> = message_of(panic.as_ref()).split_whitespace().collect();
            Err(format!("panicked: {}", words.join(" ")))
        });
        let excuse = NOT_YET.iter().find(|(key, _)| mentions(vector, key));
        match (outcome, excuse) {
            (Ok(rules), None) => {
                self.passed += 1;
                reasons.push(Reasons { of: id.to_owned(), rules });
            }
            (Ok(_), Some((key, reason))) => {
                self.passed += 1;
                self.surprises += 1;
                println!("passed against NOT_YET: {id}: {key}: {reason}");
            }
            (Err(failure), None) => {
                self.failed += 1;
                self.surprises += 1;
                println!("failed: {id}: {failure}");
            }
            (Err(failure), Some((_, reason))) => {
                self.failed += 1;
                self.not_yet += 1;
                println!("not yet: {id}: {reason}: {failure}");
            }
        }
    }
}

/// Whether `key` stands anywhere in the vector with a value other than its default.
fn mentions(vector: &Value, key: &str) -> bool {
    match vector {
        Value::Object(fields) => fields.iter().any(|(name, value)| {
            let is_default = value.is_null() || value == "none";
            (name == key && !is_default) || mentions(value, key)
        }),
        Value::Array(items) => items.iter().any(|item| mentions(item, key)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => false,
    }
}

/// The vector with all of its sequence numbers so much greater.
fn moved_by(vector: &Value, distance: u32) -> Value {
    const NUMBERS: [&str; 9] = ["seq", "ack", "iss", "irs", "next_iss", "fin_seq", "snd_una", "snd_nxt", "rcv_nxt"];
    let moved = |number: &Value| match number.as_u64() {
        Some(number) => Value::from(u32::try_from(number).expect("32 bits").wrapping_add(distance)),
        None => moved_by(number, distance),
    };
    match vector {
        Value::Object(fields) => {
            let flags = fields.get("flags").and_then(Value::as_array);
            let is_reset = flags.is_some_and(|flags| flags.iter().any(|flag| flag == "RST"));
            let field = |(name, value): (&String, &Value)| {
                // A reset that answers a segment without ACK has SEQ=0, whatever the numbers (§3.10.7.1).
                let is_fixed = name == "seq" && is_reset && value == 0;
                let is_number = NUMBERS.contains(&name.as_str()) && !is_fixed;
                let value = match value {
                    Value::Array(items) if is_number => items.iter().map(moved).collect(),
                    value if is_number => moved(value),
                    value => moved_by(value, distance),
                };
                (name.clone(), value)
            };
            Value::Object(fields.iter().map(field).collect())
        }
        Value::Array(items) => items.iter().map(|item| moved_by(item, distance)).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => vector.clone(),
    }
}

/// What a panic says.
pub fn message_of(panic: &(dyn std::any::Any + Send)) -> &str {
    match (panic.downcast_ref::<&str>(), panic.downcast_ref::<String>()) {
        (Some(text), _) => text,
        (None, Some(text)) => text,
        (None, None) => "without a message",
    }
}

fn id_of(vector: &Value) -> &str {
    vector.get("id").and_then(Value::as_str).unwrap_or("(without id)")
}

/// Stories of which only the prose exists say so.
fn is_replayable(story: &Value) -> bool {
    story.get("replayable") != Some(&Value::Bool(false))
}

fn parse<'a, T: serde::Deserialize<'a>>(vector: &'a Value) -> Result<T, String> {
    T::deserialize(vector).map_err(|error| format!("not understood: {error}"))
}

fn checked_in(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/conformance").join(name)
}

fn read(path: &Path) -> File {
    let text = std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}
