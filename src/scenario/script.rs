//! The text format of stories: one statement a line. `docs/scripts.md` has the grammar with examples.

mod print;
mod settings;
mod spans;
mod statement;
#[cfg(test)]
mod tests;
mod words;

use std::fmt;

use crate::simulation::Deed;
use crate::time::Duration;

pub use settings::{SETTINGS, Setting, Values};
pub(crate) use words::parse_duration;

use super::Scenario;
use statement::statement;
use words::{LineReader, Mistake, Token, words};

/// The version of the format. A script that says it needs a later one is refused; one that says an earlier one is read as that
/// meant it: in version 1 an old or forged segment had a window of 4000 octets where the script says none.
pub const VERSION: u32 = 2;
/// The largest script, in octets.
pub const MOST_OCTETS: usize = 64 * 1024;
/// The longest line that stands alone, in octets: of the longest text that can be sent, each character is written as two.
const MOST_LINE_OCTETS: usize = 2 * MOST_SENT_OCTETS as usize + 1024;
/// The most lines of a script.
pub const MOST_LINES: usize = 2000;
/// The largest number of octets in one SEND, or in one old or forged segment.
pub const MOST_SENT_OCTETS: u32 = 65_536;
/// The most old or forged segments that one line sends.
pub const MOST_INTRUDERS: u32 = 1000;
/// The latest time in a script: one day.
pub const LATEST: Duration = Duration::from_secs(24 * 60 * 60);
/// The shortest time after which something is repeated: with none, it would be repeated for ever at one instant.
pub const SHORTEST: Duration = Duration::from_ms(1);
/// The most mistakes that are reported.
pub const MOST_MISTAKES: usize = 100;
/// The copy of a duplicated segment arrives this much later where the script does not say.
pub const DEFAULT_DUPLICATE_AFTER: Duration = Duration::from_ms(10);
/// The window of an old or forged segment where the script does not say and nobody would have sent it, in octets.
pub const DEFAULT_INTRUDER_WINDOW: u16 = 4000;

/// A mistake in a script.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}, column {column}: found {found}, expected {expected}")]
pub struct ScriptError {
    /// Counted from 1.
    pub line: usize,
    /// Counted from 1, in characters.
    pub column: usize,
    /// What is there.
    pub found: String,
    /// What should be there.
    pub expected: String,
}

/// All mistakes of a script, in order; at least one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScriptErrors(pub Vec<ScriptError>);

impl fmt::Display for ScriptErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, error) in self.0.iter().enumerate() {
            let separator = if index == 0 { "" } else { "\n" };
            write!(f, "{separator}{error}")?;
        }
        Ok(())
    }
}

impl std::error::Error for ScriptErrors {}

/// Reads a script; see [`Scenario::parse`].
pub fn parse(text: &str) -> Result<Scenario, ScriptErrors> {
    let too_large =
        |found: String, expected: String| Err(ScriptErrors(vec![ScriptError { line: 1, column: 1, found, expected }]));
    if text.len() > MOST_OCTETS {
        return too_large(format!("{} octets", text.len()), format!("at most {MOST_OCTETS}"));
    }
    if text.lines().count() > MOST_LINES {
        return too_large(format!("{} lines", text.lines().count()), format!("at most {MOST_LINES}"));
    }
    let mut scenario = Scenario { delay: Duration::from_ms(50), ..Scenario::default() };
    let mut errors = Vec::new();
    let mut version = VERSION;
    for (index, line) in text.lines().enumerate() {
        if let Some(title) = text_after("title", line) {
            scenario.title = Some(title.to_owned());
            continue;
        }
        if let Some(note) = text_after("note", line) {
            scenario.notes.push(note.to_owned());
            continue;
        }
        let outcome =
            words(line).and_then(|words| statement(&mut LineReader::new(&words, line), &mut scenario, &mut version));
        if let Err(mistake) = outcome {
            let Mistake { column, found, expected } = *mistake;
            errors.push(ScriptError { line: index + 1, column, found, expected });
        }
        if errors.len() == MOST_MISTAKES {
            break;
        }
    }
    if version == 1 {
        scenario.acts.iter_mut().for_each(|act| act.deed.mean_as_version_1());
    }
    if errors.is_empty() { Ok(scenario) } else { Err(ScriptErrors(errors)) }
}

/// The lines of a script without mistakes on which something is expected, counted from 1: those of
/// [`Scenario::expectations`], in their order.
pub fn lines_of_expectations(text: &str) -> Vec<usize> {
    let is_one = |(_, line): &(usize, &str)| {
        line.trim_start().strip_prefix("expect").is_some_and(|rest| rest.starts_with(char::is_whitespace))
    };
    (1..).zip(text.lines()).filter(is_one).map(|(number, _)| number).collect()
}

/// Reads one thing that happens, as it stands in a script after its time: `client send 45`, `drop segment 3`. Beyond what
/// scripts know it may be `wait TIME`: time passes until then. A segment intrudes once: only a story has a future in
/// which it could be repeated.
///
/// # Errors
/// The first mistake.
pub fn parse_deed(line: &str) -> Result<Deed, ScriptError> {
    let read = |line: &str| {
        if line.len() > MOST_LINE_OCTETS {
            let (found, expected) = (format!("{} octets", line.len()), format!("at most {MOST_LINE_OCTETS}"));
            return Err(Box::new(Mistake { column: 1, found, expected }));
        }
        let all = words(line)?;
        let mut words = LineReader::new(&all, line);
        let deed = if words.next_is("wait") { Deed::Wait(words.instant()?) } else { statement::deed(&mut words)? };
        words.end()?;
        match &deed {
            Deed::Intrude(intruder) if intruder.times > 1 => {
                words.mistake(all.iter().rfind(|word| word.token == Token::Plain("times".to_owned())), "one segment")
            }
            _ => Ok(deed),
        }
    };
    read(line).map_err(|mistake| {
        let Mistake { column, found, expected } = *mistake;
        ScriptError { line: 1, column, found, expected }
    })
}

/// The rest of a line that begins with this word, as it stands, whatever characters it has.
fn text_after<'a>(word: &str, line: &'a str) -> Option<&'a str> {
    let rest = line.trim_start().strip_prefix(word)?;
    let text = rest.trim();
    (rest.starts_with(char::is_whitespace) && !text.is_empty()).then_some(text)
}
