//! The rows of the table.

use std::fmt;
use std::path::Path;

/// What one state makes of one event.
pub struct Row {
    pub state: String,
    pub event: String,
    /// Under which circumstances, where that makes a difference.
    pub condition: String,
    pub next_state: String,
    /// What is sent, with the RFC's variables in place of numbers.
    pub sent: String,
    /// What the user is told.
    pub told: String,
    /// Whether it was replayed on a model when the table was made, or only read.
    pub is_model_checked: bool,
}

impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{} ({})", self.state, self.event, self.condition)
    }
}

/// All rows.
pub fn rows() -> Vec<Row> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/conformance/transitions.tsv");
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let mut lines = text.lines();
    assert_eq!(
        lines.next(),
        Some("state\tevent\tcondition\tnext_state\tsegment_sent\terror_or_notification\tsection\tnote\tcheck"),
        "the columns"
    );
    lines
        .map(|line| {
            let columns: Vec<&str> = line.split('\t').collect();
            let [state, event, condition, next_state, sent, told, _section, _note, check] = columns[..] else {
                panic!("nine columns: {line}");
            };
            Row {
                state: state.to_owned(),
                event: event.to_owned(),
                condition: condition.to_owned(),
                next_state: next_state.to_owned(),
                sent: sent.to_owned(),
                told: told.to_owned(),
                is_model_checked: match check {
                    "model-checked" => true,
                    "informative" => false,
                    _ => panic!("checked how? {line}"),
                },
            }
        })
        .collect()
}
