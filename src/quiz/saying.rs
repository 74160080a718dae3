//! What a question says, as a code and values: [`told`](super::told) puts it into words.

use crate::insight::knowledge::{Fact, Level};
use crate::segment::Segment;
use crate::tcp::{Call, SegmentId, Side, State, Timer, UserEvent};
use crate::time::{Duration, Instant};
use crate::trace::Trace;

/// Something to say: the key of a text in `words/LANGUAGE/quiz.txt`, and the values of its placeholders.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Saying {
    /// The key.
    pub code: &'static str,
    /// The values, by the names of the placeholders.
    pub values: Vec<(&'static str, Value)>,
}

/// What stands in the place of a placeholder.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Value {
    /// A number.
    Number(u64),
    /// A span of time, or a time since the start of the run.
    Time(Duration),
    /// A side.
    Side(Side),
    /// A state.
    State(State),
    /// A timer.
    Timer(Timer),
    /// What an application calls.
    Call(Call),
    /// What an application is told.
    News(UserEvent),
    /// A segment of the run by its flags and its number: `SYN,ACK #2`.
    Segment(SegmentId, Box<Segment>),
    /// A variable of the RFC's: `RCV.NXT`.
    Variable(&'static str),
    /// A fact, as the side of which it is asked would say it.
    Fact(Fact),
    /// How sure somebody is.
    Level(Level),
    /// Something that is said within.
    Saying(Box<Saying>),
}

impl Saying {
    /// A text without placeholders.
    pub fn plain(code: &'static str) -> Self {
        Self { code, values: Vec::new() }
    }

    /// A text with these values.
    pub fn new<const N: usize>(code: &'static str, values: [(&'static str, Value); N]) -> Self {
        Self { code, values: values.into() }
    }

    /// All values, also of what is said within.
    pub fn all_values(&self) -> Vec<&Value> {
        let mut all = Vec::new();
        for (_, value) in &self.values {
            all.push(value);
            if let Value::Saying(within) = value {
                all.extend(within.all_values());
            }
        }
        all
    }

    /// Whether one of its values is this number, or so many microseconds.
    pub(super) fn has_number(&self, number: u64) -> bool {
        self.all_values().into_iter().any(|value| match value {
            Value::Number(it) => *it == number,
            Value::Time(it) => it.as_us() == number,
            _ => false,
        })
    }
}

/// The choice of a side.
pub(super) fn choice_of(side: Side) -> &'static str {
    match side {
        Side::Client => "choice.client",
        Side::Server => "choice.server",
    }
}

impl Value {
    /// A time since the start of the run.
    pub fn at(at: Instant) -> Self {
        Value::Time(at.since(Instant::ZERO))
    }

    /// A segment of a trace; `None` if the trace has no such segment.
    pub fn segment(trace: &Trace, id: SegmentId) -> Option<Self> {
        Some(Value::Segment(id, Box::new(trace.datagram(id)?.segment.clone())))
    }

    /// Something that is said within.
    pub fn saying(saying: Saying) -> Self {
        Value::Saying(Box::new(saying))
    }
}
