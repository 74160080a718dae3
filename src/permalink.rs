//! A whole run in the fragment of a URL: the story, what was done to it, its branches and its cursor.
//!
//! A story of the catalogue to which nothing was done is `story=life&step=12`. Everything else is `run=1` followed by a
//! dot and a compressed text in URL-safe Base64; the number is the version of the format. A link may have further parts,
//! separated by `&`, which belong to the page. Links come from strangers: whatever one says, reading it ends soon, and what
//! is no run is a [`LinkError`].
//!
//! The compressed text has a line for each branch, in the order in which they came to be, followed by the deeds among
//! its own steps; then the cursor, then the story:
//!
//! ```text
//! branch 23 - main
//! 12 client close
//! branch 45 0 30 what if
//! 31 drop segment 5
//! at 1 45
//! story life
//! ```
//!
//! `branch LENGTH PARENT AFTER NAME`, or `branch LENGTH - NAME` for the one that has no parent, counts branches from 0 and
//! steps from 1; `at BRANCH STEP` is the cursor. Instead of `story ID` the line `script` may be followed by the story itself.

use std::fmt::Write;
use std::str::FromStr;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use miniz_oxide::deflate::compress_to_vec;
use miniz_oxide::inflate::decompress_to_vec_with_limit;

use crate::history::{BranchRecord, ForkRecord, Given, History, HistoryRecord, RestoreError};
use crate::scenario::script::{MOST_OCTETS, parse_deed};
use crate::scenario::{CATALOGUE, Scenario, ScriptErrors, story};

/// The version of the format.
pub const VERSION: u32 = 1;
/// The longest link, in characters.
pub const MOST_CHARACTERS: usize = 100_000;
/// The longest text that a link may hold, in octets.
pub const MOST_TEXT: usize = 4 * MOST_OCTETS;

/// Why a link is no run.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LinkError {
    /// Neither a story nor a run.
    #[error("the link names neither a story nor a run")]
    Empty,
    /// The catalogue has no such story.
    #[error("there is no story {0:?}")]
    NoSuchStory(String),
    /// A later synfin wrote it.
    #[error("the link has version {0}, expected {VERSION} or earlier: a later synfin wrote it")]
    LaterVersion(u32),
    /// Longer than any link of ours.
    #[error("the link has {0} characters, expected at most {MOST_CHARACTERS}")]
    TooLong(usize),
    /// It was cut off or changed on its way.
    #[error("the link is damaged: {0}")]
    Damaged(&'static str),
    /// A line of its text makes no sense.
    #[error("the link is damaged: {found:?} is not {expected}")]
    Line {
        /// The line.
        found: String,
        /// What it should be.
        expected: &'static str,
    },
    /// Its story has mistakes.
    #[error("the story of the link has mistakes:\n{0}")]
    Script(ScriptErrors),
    /// Its story cannot have gone this way.
    #[error("the link does not fit its story: {0}")]
    Run(#[from] RestoreError),
}

/// The fragment for a run, without the `#`.
///
/// ```
/// use synfin::history::History;
/// use synfin::tcp::{Action, SegmentId};
/// use synfin::permalink;
/// use synfin::scenario::{Scenario, story};
///
/// let mut run = History::new(Scenario::parse(story("life").expect("the catalogue has it").script)?);
/// run.seek(12);
/// assert_eq!(permalink::write(&run), "story=life&step=12");
/// run.interfere(SegmentId::FIRST, Action::Drop)?;
/// let link = permalink::write(&run);
/// assert_eq!(permalink::read(&link)?.trace().digest(), run.trace().digest());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn write(run: &History) -> String {
    let record = run.record();
    let known = CATALOGUE.iter().find(|it| Scenario::parse(it.script).as_ref() == Ok(run.scenario()));
    if let ([only], Some(story)) = (record.branches.as_slice(), known)
        && only.given.is_empty()
    {
        return match record.cursor {
            0 => format!("story={}", story.id),
            step => format!("story={}&step={step}", story.id),
        };
    }
    let mut text = lines(&record);
    match known {
        Some(story) => text.push_str(&format!("story {}", story.id)),
        None => text.push_str(&format!("script\n{}", run.scenario())),
    }
    let packed = compress_to_vec(text.as_bytes(), 10);
    format!("run={VERSION}.{}", URL_SAFE_NO_PAD.encode(packed))
}

/// The run that a fragment names, its cursor where it was.
///
/// # Errors
/// If it names none. A run that is too long for a link of ours is refused as damaged.
pub fn read(fragment: &str) -> Result<History, LinkError> {
    if fragment.len() > MOST_CHARACTERS {
        return Err(LinkError::TooLong(fragment.len()));
    }
    let part = |name: &str| fragment.split('&').find_map(|part| part.strip_prefix(name)?.strip_prefix('='));
    if let Some(packed) = part("run") {
        return unpack(packed).and_then(|text| run_of(&text));
    }
    let id = part("story").ok_or(LinkError::Empty)?;
    let mut run = History::new(scenario_of(id)?);
    if let Some(step) = part("step") {
        run.seek(number(step).ok_or(LinkError::Damaged("the step is no number"))?);
    }
    Ok(run)
}

fn lines(record: &HistoryRecord) -> String {
    let mut text = String::new();
    let written = "a string takes everything";
    for branch in &record.branches {
        match branch.fork {
            None => writeln!(text, "branch {} - {}", branch.len, branch.name),
            Some(ForkRecord { parent, after }) => {
                writeln!(text, "branch {} {parent} {after} {}", branch.len, branch.name)
            }
        }
        .expect(written);
        for Given { step, deed } in &branch.given {
            writeln!(text, "{step} {deed}").expect(written);
        }
    }
    writeln!(text, "at {} {}", record.current, record.cursor).expect(written);
    text
}

fn unpack(packed: &str) -> Result<String, LinkError> {
    let (version, packed) = packed.split_once('.').ok_or(LinkError::Damaged("its version is missing"))?;
    match number::<u32>(version) {
        Some(VERSION) => {}
        Some(later) if later > VERSION => return Err(LinkError::LaterVersion(later)),
        Some(_) | None => return Err(LinkError::Damaged("its version is no version")),
    }
    let octets = URL_SAFE_NO_PAD.decode(packed).map_err(|_| LinkError::Damaged("it is not Base64"))?;
    let octets = decompress_to_vec_with_limit(&octets, MOST_TEXT)
        .map_err(|_| LinkError::Damaged("it does not decompress, or to too much"))?;
    String::from_utf8(octets).map_err(|_| LinkError::Damaged("it holds no text"))
}

fn run_of(text: &str) -> Result<History, LinkError> {
    let mut record = HistoryRecord::default();
    let mut deeds: Vec<(usize, &str, usize)> = Vec::new();
    let mut rest = text;
    let scenario = loop {
        let (line, after) = rest.split_once('\n').unwrap_or((rest, ""));
        let wrong = |expected| LinkError::Line { found: line.chars().take(80).collect(), expected };
        let (word, words) = line.split_once(' ').unwrap_or((line, ""));
        match word {
            "branch" => record.branches.push(branch(words).ok_or_else(|| wrong("a branch"))?),
            "at" => {
                let place = words.split_once(' ').and_then(|(branch, step)| Some((number(branch)?, number(step)?)));
                (record.current, record.cursor) = place.ok_or_else(|| wrong("a place"))?;
            }
            "story" => break scenario_of(words)?,
            "script" => break Scenario::parse(after).map_err(LinkError::Script)?,
            step => {
                let step = number(step).ok_or_else(|| wrong("a branch, a step, a place or a story"))?;
                let branch = record.branches.len().checked_sub(1).ok_or_else(|| wrong("a branch"))?;
                deeds.push((step, words, branch));
            }
        }
        if after.is_empty() {
            return Err(LinkError::Damaged("its story is missing"));
        }
        rest = after;
    };
    for (step, words, branch) in deeds {
        let deed = parse_deed(words).map_err(|_| LinkError::Line {
            found: words.chars().take(80).collect(),
            expected: "something that can happen",
        })?;
        record.branches[branch].given.push(Given { step, deed });
    }
    Ok(History::restore(scenario, record)?)
}

/// `LENGTH PARENT AFTER NAME`, or `LENGTH - NAME`.
fn branch(words: &str) -> Option<BranchRecord> {
    let (len, rest) = words.split_once(' ')?;
    let (parent, rest) = rest.split_once(' ')?;
    let (fork, name) = match parent {
        "-" => (None, rest),
        parent => {
            let (after, name) = rest.split_once(' ')?;
            (Some(ForkRecord { parent: number(parent)?, after: number(after)? }), name)
        }
    };
    Some(BranchRecord { name: name.to_owned(), fork, given: Vec::new(), len: number(len)? })
}

fn scenario_of(id: &str) -> Result<Scenario, LinkError> {
    let known = story(id).ok_or_else(|| LinkError::NoSuchStory(id.chars().take(80).collect()))?;
    Scenario::parse(known.script).map_err(LinkError::Script)
}

fn number<T: FromStr>(text: &str) -> Option<T> {
    text.parse().ok().filter(|_| text.chars().all(|c| c.is_ascii_digit()))
}
