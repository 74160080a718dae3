//! A whole run in the fragment of a URL: the story, what was done to it, its branches and its cursor.
//!
//! A story of the catalogue to which nothing was done is `story=life&step=12`. Everything else is `run=2` followed by a
//! dot and a text that is compressed (DEFLATE, RFC 1951) and written in URL-safe Base64 (RFC 4648 §5). Compressing is the
//! browser's (`wasm/link.js`); here is the text. A link may have further parts, separated by `&`, which belong to the page.
//! Links come from strangers: whatever one says, reading it ends soon, and what is no run is a [`LinkError`].
//!
//! **A link is a promise.** Who follows one sees what was seen when it was copied, also years later:
//!
//! - It names its version: `run=2` the version of the text, and `story` is of version 1 too unless `v=2` or more stands beside
//!   it. A version that is not known is refused, not guessed at; whoever changes what a link means counts [`VERSION`] up and
//!   keeps reading the earlier ones.
//! - In version 1 an old or forged segment had a window of 4000 octets where nothing was said. A script of such a link is read, and
//!   given further, as one that says `synfin 1`.
//! - A story's name means that story for ever. One whose course changes gets another name, and the old one stays readable.
//!   What the page shows where no link says anything may change at any time.
//! - `tests/links.tsv` has links of every kind, which must open to the same run; lines are added there, never changed.
//!
//! The text has a line for each branch, in the order in which they came to be, followed by the deeds among its own steps, as
//! scripts write them; then the cursor, then the story:
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

use std::str::FromStr;

use crate::history::{BranchRecord, ForkRecord, Given, History, HistoryRecord, RestoreError};
use crate::scenario::script::{MOST_OCTETS, parse_deed};
use crate::scenario::{Scenario, ScriptErrors};

/// The version of links.
pub const VERSION: u32 = 2;
/// The longest link, in characters.
pub const MOST_CHARACTERS: usize = 100_000;
/// The longest text of a link, in octets.
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

/// What a link says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Link {
    /// The whole fragment: a story of the catalogue to which nothing was done.
    Story(String),
    /// A text that is yet to be packed; the fragment is `run=` with [`VERSION`], a dot, and the packed text.
    Run(String),
}

/// What is told in a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Told<'a> {
    /// This story of the catalogue.
    Story(&'a str),
    /// This script; links keep it to the letter, with its comments.
    Script(&'a str),
}

/// What the link of a run says, without the `#`; `told` is the run's story.
///
/// ```
/// use synfin::history::History;
/// use synfin::permalink::{self, Link, Told};
/// use synfin::scenario::{Scenario, story};
/// use synfin::tcp::{Action, SegmentId};
///
/// let mut run = History::new(Scenario::parse(story("life").expect("the catalogue has it").script)?);
/// run.seek(12);
/// assert_eq!(permalink::write(&run, Told::Story("life")), Link::Story("story=life&step=12".to_owned()));
/// run.interfere(SegmentId::FIRST, Action::Drop)?;
/// let Link::Run(text) = permalink::write(&run, Told::Story("life")) else { panic!("something was done to it") };
/// let script_of = |id: &str| story(id).map(|it| it.script.to_owned());
/// assert_eq!(permalink::read("run=2.…", Some(&text), script_of)?.trace().digest(), run.trace().digest());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn write(run: &History, told: Told<'_>) -> Link {
    let record = run.record();
    if let ([only], Told::Story(story)) = (record.branches.as_slice(), told)
        && only.given.is_empty()
    {
        return Link::Story(match record.cursor {
            0 => format!("story={story}"),
            step => format!("story={story}&step={step}"),
        });
    }
    let mut text = lines(&record);
    let (word, told) = match told {
        Told::Story(story) => ("story ", story),
        Told::Script(script) => ("script\n", script),
    };
    text.push_str(word);
    text.push_str(told);
    Link::Run(text)
}

/// What of a fragment is to be unpacked before it can be read; `None` if it names a story.
///
/// # Errors
/// If it names neither a story nor a run of a version that is known.
pub fn packed(fragment: &str) -> Result<Option<&str>, LinkError> {
    if fragment.len() > MOST_CHARACTERS {
        return Err(LinkError::TooLong(fragment.len()));
    }
    if let Some(run) = part(fragment, "run") {
        let (version, packed) = run.split_once('.').ok_or(LinkError::Damaged("its version is missing"))?;
        check_version(version)?;
        return Ok(Some(packed));
    }
    part(fragment, "v").map_or(Ok(VERSION), check_version)?;
    part(fragment, "story").map(|_| None).ok_or(LinkError::Empty)
}

/// The story that a fragment, or what was unpacked of it, names; `None` if it brings a script of its own, or names nothing.
pub fn story_of<'a>(fragment: &'a str, text: Option<&'a str>) -> Option<&'a str> {
    let lines = text.unwrap_or_default().lines().take_while(|line| *line != "script");
    part(fragment, "story").or_else(|| lines.filter_map(|line| line.strip_prefix("story ")).next())
}

/// The script that what was unpacked of a fragment brings with it; `None` if it names a story.
pub fn script_in(fragment: &str, text: &str) -> Option<String> {
    let mut rest = text;
    while let Some((line, after)) = rest.split_once('\n') {
        if line == "script" {
            let version = if is_version_1(fragment) { "synfin 1\n" } else { "" };
            return Some([version, after].concat());
        }
        rest = after;
    }
    None
}

/// The run that a fragment names, its cursor where it was. `text` is what was unpacked, if anything was to be and could;
/// `script_of` knows the scripts of the stories.
///
/// # Errors
/// If it names none. A run that is too long for a link of ours is refused as damaged.
pub fn read(
    fragment: &str,
    text: Option<&str>,
    script_of: impl Fn(&str) -> Option<String>,
) -> Result<History, LinkError> {
    let scenario_of = |id: &str| {
        let script = script_of(id).ok_or_else(|| LinkError::NoSuchStory(id.chars().take(80).collect()))?;
        Scenario::parse(&script).map_err(LinkError::Script)
    };
    if packed(fragment)?.is_some() {
        let text = text.filter(|text| text.len() <= MOST_TEXT);
        let text = text.ok_or(LinkError::Damaged("it does not unpack, or to too much"))?;
        return run_of(text, is_version_1(fragment), &scenario_of);
    }
    let mut run = History::new(scenario_of(part(fragment, "story").ok_or(LinkError::Empty)?)?);
    if let Some(step) = part(fragment, "step") {
        run.seek(number(step).ok_or(LinkError::Damaged("the step is no number"))?);
    }
    Ok(run)
}

fn part<'a>(fragment: &'a str, name: &str) -> Option<&'a str> {
    fragment.split('&').find_map(|part| part.strip_prefix(name)?.strip_prefix('='))
}

/// Whether the text of a run is of version 1.
fn is_version_1(fragment: &str) -> bool {
    part(fragment, "run")
        .and_then(|run| run.split_once('.'))
        .is_some_and(|(version, _)| check_version(version) == Ok(1))
}

fn check_version(version: &str) -> Result<u32, LinkError> {
    match number::<u32>(version) {
        Some(version @ 1..=VERSION) => Ok(version),
        Some(later) if later > VERSION => Err(LinkError::LaterVersion(later)),
        Some(_) | None => Err(LinkError::Damaged("its version is no version")),
    }
}

fn lines(record: &HistoryRecord) -> String {
    let mut text = String::new();
    for branch in &record.branches {
        let fork = match branch.fork {
            None => "-".to_owned(),
            Some(ForkRecord { parent, after }) => format!("{parent} {after}"),
        };
        text += &format!("branch {} {fork} {}\n", branch.len, branch.name);
        for Given { step, deed } in &branch.given {
            text += &format!("{step} {deed}\n");
        }
    }
    text += &format!("at {} {}\n", record.current, record.cursor);
    text
}

fn run_of(
    text: &str,
    is_version_1: bool,
    scenario_of: &dyn Fn(&str) -> Result<Scenario, LinkError>,
) -> Result<History, LinkError> {
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
            "script" => {
                let mut scenario = Scenario::parse(after).map_err(LinkError::Script)?;
                if is_version_1 {
                    scenario.acts.iter_mut().for_each(|act| act.deed.mean_as_version_1());
                }
                break scenario;
            }
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
        let mut deed = parse_deed(words).map_err(|_| LinkError::Line {
            found: words.chars().take(80).collect(),
            expected: "something that can happen",
        })?;
        if is_version_1 {
            deed.mean_as_version_1();
        }
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

fn number<T: FromStr>(text: &str) -> Option<T> {
    text.parse().ok().filter(|_| text.chars().all(|c| c.is_ascii_digit()))
}
