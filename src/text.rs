//! What is told to people: the grammar of sentences. The words themselves are data (`words/`), in three languages; whoever
//! puts a sentence together is given the [`Words`] of one of them.
//!
//! | file | what |
//! |---|---|
//! | `language` | the languages, and by which tags they are known |
//! | `words` | the words of one language |
//! | `keys` | by what the code asks for them |
//! | `names` | sides, states, timers, roles, what users are told |
//! | `sentences` | what happened: events and steps |
//! | `knowledge` | what a side can be sure of, and why |
//! | `findings` | what was found, and what it cost |
//! | `story` | the story of a whole run, in two to six sentences |
//! | `told` | what these three have in common |
//! | `trouble` | what could not be done |
//!
//! The words are the RFC's: segment, octet, SYN-RECEIVED; what the RFC calls a user is an application here, so that it
//! is not taken for the reader. In Chinese, names of states, flags and variables stay as they are, with a space between
//! them and the characters around them.

mod language;

mod words;

mod keys;

mod names;

mod payload;

mod sentences;

mod told;

mod knowledge;

mod findings;

mod story;

mod trouble;

#[cfg(test)]
mod tests;

pub use findings::{cost, finding};
pub(crate) use keys::Core;
pub use knowledge::{fact, level, why};
pub use language::Language;
pub use names::{call_error, role, side, state, timer, user_event};
pub(crate) use names::{host_state, intrusion, objection};
pub use payload::payload;
pub use sentences::{Course, call, difference, event, segment, step, window};
pub(crate) use sentences::{capitalized, put_together};
pub use story::story;
pub(crate) use told::named;
pub use trouble::{Trouble, trouble};
pub use words::{PackError, Words};

/// How long a cut in the picture's time is: `≈ 238 s`, to three digits. The signs are the same in all languages.
pub fn about(span: crate::time::Duration) -> String {
    let us = span.as_us();
    let mut unit = 1;
    while us / unit >= 1000 {
        unit *= 10;
    }
    let rounded = us.saturating_add(unit / 2) / unit * unit;
    format!("≈ {}", crate::time::Duration::from_us(rounded))
}

/// Chinese text put together from pieces: a space wherever a Chinese character meets a Latin letter or a digit, and
/// none between two Chinese characters.
pub(crate) fn spaced(text: &str) -> String {
    let mut spaced = String::with_capacity(text.len());
    let mut before = None;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let after = chars.peek().copied();
        if c == ' ' && before.is_some_and(is_han) && after.is_some_and(is_han) {
            continue;
        }
        let is_seam = |a: char, b: char| is_han(a) && b.is_ascii_alphanumeric();
        if before.is_some_and(|before| is_seam(before, c) || is_seam(c, before)) {
            spaced.push(' ');
        }
        spaced.push(c);
        before = Some(c);
    }
    spaced
}

/// Whether this is a Chinese character, punctuation aside.
fn is_han(c: char) -> bool {
    ('\u{4e00}'..='\u{9fff}').contains(&c)
}
