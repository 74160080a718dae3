//! The text format of stories: one statement a line. `docs/scripts.md` has the grammar with examples.

use std::fmt;

use bytes::Bytes;

use crate::endpoint::State;
use crate::network::{Action, Fault, Side};
use crate::profile::{AckMode, Handshake, MOST_WINDOW_SHIFT, Reading, TimeWait, TimeWaitReuse};
use crate::seq::SeqNumber;
use crate::simulation::When;
use crate::time::{Duration, Instant};

use super::{Act, Deed, HostSetup, Scenario, sample_text};

/// The largest script, in octets.
pub const MOST_OCTETS: usize = 64 * 1024;
/// The most lines of a script.
pub const MOST_LINES: usize = 2000;
/// The largest number of octets in one SEND.
pub const MOST_SENT_OCTETS: u32 = 65_536;
/// The latest time in a script: one day.
pub const LATEST: Duration = Duration::from_secs(24 * 60 * 60);
/// The copy of a duplicated segment arrives this much later where the script does not say.
pub const DEFAULT_DUPLICATE_AFTER: Duration = Duration::from_ms(10);

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
    for (index, line) in text.lines().enumerate() {
        if let Some(title) = title(line) {
            scenario.title = Some(title.to_owned());
            continue;
        }
        let outcome = words(line).and_then(|words| statement(&mut Words::new(&words, line), &mut scenario));
        if let Err(Mistake { column, found, expected }) = outcome {
            errors.push(ScriptError { line: index + 1, column, found, expected });
        }
    }
    if errors.is_empty() { Ok(scenario) } else { Err(ScriptErrors(errors)) }
}

/// The title of a title line: the rest of the line as it stands, whatever characters it has.
fn title(line: &str) -> Option<&str> {
    let rest = line.trim_start().strip_prefix("title")?;
    let title = rest.trim();
    (rest.starts_with(char::is_whitespace) && !title.is_empty()).then_some(title)
}

/// A mistake in one line.
struct Mistake {
    column: usize,
    found: String,
    expected: String,
}

type Parsed<T> = Result<T, Mistake>;

#[derive(Clone, Debug, PartialEq, Eq)]
struct Word {
    /// From 1, in characters.
    column: usize,
    token: Token,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Token {
    Plain(String),
    Quoted(String),
    Comma,
}

/// Splits a line into words; `#` begins a comment.
fn words(line: &str) -> Parsed<Vec<Word>> {
    let mut words: Vec<Word> = Vec::new();
    let mut characters = line.chars().enumerate().peekable();
    while let Some((index, character)) = characters.next() {
        let column = index + 1;
        match character {
            '#' => break,
            ',' => words.push(Word { column, token: Token::Comma }),
            '"' => {
                let mut text = String::new();
                loop {
                    match characters.next() {
                        Some((_, '"')) => break,
                        Some((_, '\\')) => match characters.next() {
                            Some((_, 'n')) => text.push('\n'),
                            Some((_, 'r')) => text.push('\r'),
                            Some((_, escaped @ ('"' | '\\'))) => text.push(escaped),
                            other => {
                                return Err(Mistake {
                                    column: other.map_or(line.chars().count() + 1, |(index, _)| index + 1),
                                    found: other.map_or("the end of the line".into(), |(_, c)| format!("\"\\{c}\"")),
                                    expected: "one of \\n, \\r, \\\", \\\\".into(),
                                });
                            }
                        },
                        Some((_, inside)) => text.push(inside),
                        None => {
                            return Err(Mistake {
                                column: line.chars().count() + 1,
                                found: "the end of the line".into(),
                                expected: "a closing quotation mark".into(),
                            });
                        }
                    }
                }
                words.push(Word { column, token: Token::Quoted(text) });
            }
            space if space.is_whitespace() => {}
            first => {
                let mut text = String::from(first);
                while let Some((_, next)) =
                    characters.next_if(|(_, c)| !c.is_whitespace() && !matches!(c, ',' | '#' | '"'))
                {
                    text.push(next);
                }
                words.push(Word { column, token: Token::Plain(text) });
            }
        }
    }
    Ok(words)
}

/// Reads the words of one line from left to right.
struct Words<'a> {
    words: &'a [Word],
    line: &'a str,
}

impl<'a> Words<'a> {
    fn new(words: &'a [Word], line: &'a str) -> Self {
        Self { words, line }
    }

    fn next(&mut self) -> Option<&'a Word> {
        let (first, rest) = self.words.split_first()?;
        self.words = rest;
        Some(first)
    }

    fn is_at_end(&self) -> bool {
        self.words.is_empty()
    }

    /// The mistake that the word just read (or the end of the line) is not what should be there.
    fn mistake<T>(&self, word: Option<&Word>, expected: impl Into<String>) -> Parsed<T> {
        let (column, found) = match word {
            None => (self.line.chars().count() + 1, "the end of the line".to_owned()),
            Some(Word { column, token: Token::Plain(text) }) => (*column, format!("\"{text}\"")),
            Some(Word { column, token: Token::Quoted(_) }) => (*column, "a quotation".to_owned()),
            Some(Word { column, token: Token::Comma }) => (*column, "a comma".to_owned()),
        };
        Err(Mistake { column, found, expected: expected.into() })
    }

    /// The next word read by `read`.
    fn read<T>(&mut self, expected: &str, read: impl FnOnce(&str) -> Option<T>) -> Parsed<T> {
        let word = self.next();
        let value = match word {
            Some(Word { token: Token::Plain(text), .. }) => read(text),
            _ => None,
        };
        match value {
            Some(value) => Ok(value),
            None => self.mistake(word, expected),
        }
    }

    /// One of the given words; the mistake names the nearest.
    fn one_of<T: Copy>(&mut self, choices: &[(&str, T)]) -> Parsed<T> {
        let word = self.next();
        if let Some(Word { token: Token::Plain(text), .. }) = word
            && let Some((_, value)) = choices.iter().find(|(name, _)| name == text)
        {
            return Ok(*value);
        }
        let names: Vec<&str> = choices.iter().map(|(name, _)| *name).collect();
        let mut expected = match names.as_slice() {
            [only] => format!("\"{only}\""),
            _ => format!("one of {}", names.join(", ")),
        };
        if let Some(Word { token: Token::Plain(text), .. }) = word
            && let Some(near) = nearest(text, &names)
        {
            expected.push_str(&format!(" (did you mean \"{near}\"?)"));
        }
        self.mistake(word, expected)
    }

    fn next_is(&mut self, name: &str) -> bool {
        let is_it = matches!(self.words.first(), Some(Word { token: Token::Plain(text), .. }) if text == name);
        if is_it {
            self.words = &self.words[1..];
        }
        is_it
    }

    fn number<T: std::str::FromStr + PartialOrd + fmt::Display>(&mut self, least: T, most: T) -> Parsed<T> {
        let expected = format!("a number from {least} to {most}");
        self.read(&expected, |text| {
            let is_digits = text.chars().all(|c| c.is_ascii_digit());
            text.parse::<T>().ok().filter(|number| is_digits && *number >= least && *number <= most)
        })
    }

    fn duration(&mut self) -> Parsed<Duration> {
        self.read("a time such as 50ms, 1.5s or 200us, at most a day", |text| {
            parse_duration(text).filter(|span| *span <= LATEST)
        })
    }

    fn end(&mut self) -> Parsed<()> {
        match self.next() {
            None => Ok(()),
            word => self.mistake(word, "the end of the line"),
        }
    }
}

/// `50ms`, `1.5s`, `200us`; exact, without floating point.
fn parse_duration(text: &str) -> Option<Duration> {
    let (number, unit_us) = [("us", 1u64), ("µs", 1), ("ms", 1000), ("min", 60_000_000), ("s", 1_000_000)]
        .into_iter()
        .find_map(|(unit, us)| Some((text.strip_suffix(unit)?, us)))?;
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    let is_digits = |part: &str| part.chars().all(|c| c.is_ascii_digit());
    if whole.is_empty() || !is_digits(whole) || !is_digits(fraction) || fraction.len() > 6 {
        return None;
    }
    let mut us = whole.parse::<u64>().ok()?.checked_mul(unit_us)?;
    if !fraction.is_empty() {
        let scale = 10u64.pow(u32::try_from(fraction.len()).ok()?);
        let scaled = fraction.parse::<u64>().ok()?.checked_mul(unit_us)?;
        if scaled % scale != 0 {
            return None;
        }
        us = us.checked_add(scaled / scale)?;
    }
    Some(Duration::from_us(us))
}

/// The name that needs the fewest changes, if these are few.
fn nearest<'a>(text: &str, names: &[&'a str]) -> Option<&'a str> {
    names
        .iter()
        .map(|name| (edit_distance(text, name), *name))
        .filter(|(distance, name)| *distance <= 1 + name.len() / 4)
        .min()
        .map(|(_, name)| name)
}

fn edit_distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    // A word as long as this is no misspelled keyword.
    let a: Vec<char> = a.chars().take(40).collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, from) in a.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, to) in b.iter().enumerate() {
            let replaced = diagonal + usize::from(from != to);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(row[j] + 1).min(row[j + 1] + 1);
        }
    }
    row[b.len()]
}

#[derive(Clone, Copy)]
enum Statement {
    Title,
    Host(Side),
    Link,
    At,
    When,
    Fault(FaultKind),
}

#[derive(Clone, Copy)]
enum FaultKind {
    Drop,
    Duplicate,
    Delay,
    Hold,
}

const STATEMENTS: &[(&str, Statement)] = &[
    ("title", Statement::Title),
    ("client", Statement::Host(Side::Client)),
    ("server", Statement::Host(Side::Server)),
    ("link", Statement::Link),
    ("at", Statement::At),
    ("when", Statement::When),
    ("drop", Statement::Fault(FaultKind::Drop)),
    ("duplicate", Statement::Fault(FaultKind::Duplicate)),
    ("delay", Statement::Fault(FaultKind::Delay)),
    ("hold", Statement::Fault(FaultKind::Hold)),
];

const SIDES: &[(&str, Side)] = &[("client", Side::Client), ("server", Side::Server)];

fn statement(words: &mut Words<'_>, scenario: &mut Scenario) -> Parsed<()> {
    if words.is_at_end() {
        return Ok(());
    }
    match words.one_of(STATEMENTS)? {
        // A title that is there was taken before the line was split into words.
        Statement::Title => words.mistake(None, "a title"),
        Statement::Host(side) => {
            let setup = scenario.host_mut(side);
            loop {
                setting(words, setup)?;
                match words.next() {
                    None => return Ok(()),
                    Some(Word { token: Token::Comma, .. }) => {}
                    word => return words.mistake(word, "a comma or the end of the line"),
                }
            }
        }
        Statement::Link => {
            words.one_of(&[("delay", ())])?;
            scenario.delay = words.duration()?;
            words.end()
        }
        Statement::At => {
            let when = When::At(Instant::ZERO + words.duration()?);
            act(when, words, scenario)
        }
        Statement::When => {
            let side = words.one_of(SIDES)?;
            let state_names = State::ALL.map(|state| (state.name(), Happening::Enters(state)));
            let choices: Vec<_> = [("receives", Happening::Receives)].into_iter().chain(state_names).collect();
            let happening = words.one_of(&choices)?;
            let octets = match happening {
                Happening::Receives => words.number(1, u32::MAX)?,
                Happening::Enters(_) => 0,
            };
            let after = if words.next_is("after") { words.duration()? } else { Duration::ZERO };
            let when = match happening {
                Happening::Enters(state) => When::Enters { side, state, after },
                Happening::Receives => When::Receives { side, octets, after },
            };
            act(when, words, scenario)
        }
        Statement::Fault(kind) => {
            let from = words.one_of(SIDES)?;
            let nth = words.number(1, u32::MAX)?;
            let action = match kind {
                FaultKind::Drop => Action::Drop,
                FaultKind::Hold => Action::Hold,
                FaultKind::Delay => {
                    words.one_of(&[("by", ())])?;
                    Action::Delay(words.duration()?)
                }
                FaultKind::Duplicate if words.next_is("after") => Action::Duplicate(words.duration()?),
                FaultKind::Duplicate => Action::Duplicate(DEFAULT_DUPLICATE_AFTER),
            };
            words.end()?;
            scenario.faults.push(Fault { from, nth, action });
            Ok(())
        }
    }
}

/// What a `when` waits for.
#[derive(Clone, Copy)]
enum Happening {
    Enters(State),
    Receives,
}

/// The end of an `at` or `when` line: who does what.
fn act(when: When, words: &mut Words<'_>, scenario: &mut Scenario) -> Parsed<()> {
    let side = words.one_of(SIDES)?;
    let deed = deed(words)?;
    words.end()?;
    scenario.acts.push(Act { when, side, deed });
    Ok(())
}

#[derive(Clone, Copy)]
enum DeedKind {
    Open,
    Listen,
    Send,
    Receive,
    Close,
    Abort,
    Status,
}

const DEEDS: &[(&str, DeedKind)] = &[
    ("open", DeedKind::Open),
    ("listen", DeedKind::Listen),
    ("send", DeedKind::Send),
    ("receive", DeedKind::Receive),
    ("close", DeedKind::Close),
    ("abort", DeedKind::Abort),
    ("status", DeedKind::Status),
];

fn deed(words: &mut Words<'_>) -> Parsed<Deed> {
    Ok(match words.one_of(DEEDS)? {
        DeedKind::Open => {
            let from = if words.next_is("from") { Some(words.number(1, u16::MAX)?) } else { None };
            let to = if words.next_is("to") { Some(words.number(1, u16::MAX)?) } else { None };
            Deed::Open { from, to }
        }
        DeedKind::Listen => Deed::Listen(words.number(1, u16::MAX)?),
        DeedKind::Send => match words.words.first() {
            Some(Word { token: Token::Quoted(text), .. }) => {
                words.next();
                Deed::Send(Bytes::from(text.clone()))
            }
            _ => Deed::Send(sample_text(words.number(1, MOST_SENT_OCTETS)? as usize)),
        },
        DeedKind::Receive if words.is_at_end() => Deed::Receive(u32::MAX),
        DeedKind::Receive => Deed::Receive(words.number(1, u32::MAX)?),
        DeedKind::Close => Deed::Close,
        DeedKind::Abort => Deed::Abort,
        DeedKind::Status => Deed::Status,
    })
}

/// A setting of a host: how it is read and how it is written. The format's list of settings is this table.
struct Setting {
    name: &'static str,
    read: fn(&mut Words<'_>, &mut HostSetup) -> Parsed<()>,
    /// The value, if it is not the default.
    write: fn(&HostSetup, &HostSetup) -> Option<String>,
}

const SWITCH: &[(&str, bool)] = &[("on", true), ("off", false)];
const ACK_MODES: &[(&str, AckMode)] = &[("immediate", AckMode::Immediate), ("delayed", AckMode::Delayed)];
const HANDSHAKES: &[(&str, Handshake)] = &[("three-way", Handshake::ThreeWay), ("two-way", Handshake::TwoWay)];
const TIME_WAITS: &[(&str, TimeWait)] = &[("2msl", TimeWait::TwoMsl), ("none", TimeWait::Skipped)];
const REUSES: &[(&str, TimeWaitReuse)] =
    &[("never", TimeWaitReuse::Never), ("rfc1122", TimeWaitReuse::Rfc1122), ("rfc6191", TimeWaitReuse::Rfc6191)];
const READINGS: &[(&str, Reading)] = &[("eager", Reading::Eager), ("on-call", Reading::OnCall)];

macro_rules! profile_setting {
    ($name:literal, $field:ident, duration) => {
        Setting {
            name: $name,
            read: |words, setup| {
                setup.profile.$field = words.duration()?;
                Ok(())
            },
            write: |setup, default| {
                changed(setup.profile.$field, default.profile.$field).map(|span| DurationWord(span).to_string())
            },
        }
    };
    ($name:literal, $field:ident, number $least:literal) => {
        Setting {
            name: $name,
            read: |words, setup| {
                setup.profile.$field = words.number($least, !0)?;
                Ok(())
            },
            write: |setup, default| changed(setup.profile.$field, default.profile.$field).map(|it| it.to_string()),
        }
    };
    ($name:literal, $field:ident, $choices:ident) => {
        Setting {
            name: $name,
            read: |words, setup| {
                setup.profile.$field = words.one_of($choices)?;
                Ok(())
            },
            write: |setup, default| {
                let value = changed(setup.profile.$field, default.profile.$field)?;
                $choices.iter().find(|(_, choice)| *choice == value).map(|(name, _)| (*name).to_owned())
            },
        }
    };
}

const SETTINGS: &[Setting] = &[
    Setting {
        name: "isn",
        read: |words, setup| {
            setup.isns.push(SeqNumber(words.number(0, u32::MAX)?));
            while let Some(Word { token: Token::Plain(_), .. }) = words.words.first() {
                setup.isns.push(SeqNumber(words.number(0, u32::MAX)?));
            }
            Ok(())
        },
        write: |setup, _| {
            let isns: Vec<String> = setup.isns.iter().map(SeqNumber::to_string).collect();
            (!isns.is_empty()).then(|| isns.join(" "))
        },
    },
    Setting {
        name: "seed",
        read: |words, setup| {
            setup.seed = words.number(0, u64::MAX)?;
            Ok(())
        },
        write: |setup, default| changed(setup.seed, default.seed).map(|seed| seed.to_string()),
    },
    Setting {
        name: "listen",
        read: |words, setup| {
            setup.listen.push(words.number(1, u16::MAX)?);
            while let Some(Word { token: Token::Plain(_), .. }) = words.words.first() {
                setup.listen.push(words.number(1, u16::MAX)?);
            }
            Ok(())
        },
        write: |setup, _| {
            let ports: Vec<String> = setup.listen.iter().map(u16::to_string).collect();
            (!ports.is_empty()).then(|| ports.join(" "))
        },
    },
    Setting {
        name: "port",
        read: |words, setup| {
            setup.port = Some(words.number(1, u16::MAX)?);
            Ok(())
        },
        write: |setup, _| setup.port.map(|port| port.to_string()),
    },
    profile_setting!("ack", ack_mode, ACK_MODES),
    profile_setting!("ack-delay", delayed_ack, duration),
    profile_setting!("reading", reading, READINGS),
    profile_setting!("nagle", nagle, SWITCH),
    profile_setting!("mss", mss, number 1),
    profile_setting!("buffer", receive_buffer, number 1),
    profile_setting!("backlog", backlog, number 0),
    profile_setting!("msl", msl, duration),
    profile_setting!("rto", initial_rto, duration),
    profile_setting!("min-rto", min_rto, duration),
    profile_setting!("rfc5961", rfc5961, SWITCH),
    profile_setting!("rfc5961-ack-range", rfc5961_ack_range, SWITCH),
    profile_setting!("rfc1337", rfc1337, SWITCH),
    profile_setting!("handshake", handshake, HANDSHAKES),
    profile_setting!("time-wait", time_wait, TIME_WAITS),
    profile_setting!("time-wait-reuse", timewait_reuse, REUSES),
    profile_setting!("sack-permitted", sack_permitted, SWITCH),
    profile_setting!("timestamps", timestamps, SWITCH),
    Setting {
        name: "window-scale",
        read: |words, setup| {
            setup.profile.window_scale = Some(words.number(0, MOST_WINDOW_SHIFT)?);
            Ok(())
        },
        write: |setup, _| setup.profile.window_scale.map(|shift| shift.to_string()),
    },
    Setting {
        name: "challenge-limit",
        read: |words, setup| {
            setup.profile.challenge_ack_limit =
                if words.next_is("none") { None } else { Some(words.number(0, u32::MAX)?) };
            Ok(())
        },
        write: |setup, default| {
            let limit = changed(setup.profile.challenge_ack_limit, default.profile.challenge_ack_limit)?;
            Some(limit.map_or("none".to_owned(), |limit| limit.to_string()))
        },
    },
    profile_setting!("simopen-trim-syn", simopen_trim_syn, SWITCH),
    profile_setting!("timewait-fin-restart", timewait_fin_restart, SWITCH),
    profile_setting!("timewait-literal-ack", timewait_literal_ack, SWITCH),
    Setting {
        name: "user-timeout",
        read: |words, setup| {
            setup.profile.user_timeout = Some(words.duration()?);
            Ok(())
        },
        write: |setup, _| setup.profile.user_timeout.map(|span| DurationWord(span).to_string()),
    },
];

fn changed<T: PartialEq>(value: T, default: T) -> Option<T> {
    (value != default).then_some(value)
}

fn setting(words: &mut Words<'_>, setup: &mut HostSetup) -> Parsed<()> {
    let choices: Vec<(&str, &Setting)> = SETTINGS.iter().map(|setting| (setting.name, setting)).collect();
    let setting = words.one_of(&choices)?;
    (setting.read)(words, setup)
}

/// A span as scripts write it: `50ms`, exact.
struct DurationWord(Duration);

impl fmt::Display for DurationWord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let us = self.0.as_us();
        if us.is_multiple_of(1000) { write!(f, "{}ms", us / 1000) } else { write!(f, "{us}us") }
    }
}

impl fmt::Display for Scenario {
    /// The script: reading it gives the same story.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(title) = &self.title {
            writeln!(f, "title {title}")?;
        }
        for side in Side::BOTH {
            let (setup, default) = (self.host(side), HostSetup::default());
            let settings: Vec<String> = SETTINGS
                .iter()
                .filter_map(|setting| Some(format!("{} {}", setting.name, (setting.write)(setup, &default)?)))
                .collect();
            if !settings.is_empty() {
                writeln!(f, "{} {}", side.name(), settings.join(", "))?;
            }
        }
        writeln!(f, "link delay {}", DurationWord(self.delay))?;
        for act in &self.acts {
            let after = match act.when {
                When::At(at) => {
                    write!(f, "at {}", DurationWord(at.since(Instant::ZERO)))?;
                    Duration::ZERO
                }
                When::Enters { side, state, after } => {
                    write!(f, "when {} {state}", side.name())?;
                    after
                }
                When::Receives { side, octets, after } => {
                    write!(f, "when {} receives {octets}", side.name())?;
                    after
                }
            };
            if after != Duration::ZERO {
                write!(f, " after {}", DurationWord(after))?;
            }
            write!(f, " {} ", act.side.name())?;
            match &act.deed {
                Deed::Open { from, to } => {
                    f.write_str("open")?;
                    for (word, port) in [("from", from), ("to", to)] {
                        if let Some(port) = port {
                            write!(f, " {word} {port}")?;
                        }
                    }
                    writeln!(f)?;
                }
                Deed::Listen(port) => writeln!(f, "listen {port}")?,
                Deed::Send(data) if *data == sample_text(data.len()) && !data.is_empty() => {
                    writeln!(f, "send {}", data.len())?;
                }
                Deed::Send(data) => writeln!(f, "send {}", Quoted(data))?,
                Deed::Receive(u32::MAX) => writeln!(f, "receive")?,
                Deed::Receive(octets) => writeln!(f, "receive {octets}")?,
                Deed::Close => writeln!(f, "close")?,
                Deed::Abort => writeln!(f, "abort")?,
                Deed::Status => writeln!(f, "status")?,
            }
        }
        for fault in &self.faults {
            write!(f, "{} {} {}", fault.action.name(), fault.from.name(), fault.nth)?;
            match fault.action {
                Action::Delay(by) => writeln!(f, " by {}", DurationWord(by))?,
                Action::Duplicate(after) => writeln!(f, " after {}", DurationWord(after))?,
                Action::Drop | Action::Hold | Action::Release => writeln!(f)?,
            }
        }
        Ok(())
    }
}

/// Text in quotation marks.
struct Quoted<'a>(&'a [u8]);

impl fmt::Display for Quoted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("\"")?;
        for character in String::from_utf8_lossy(self.0).chars() {
            match character {
                '\n' => f.write_str("\\n")?,
                '\r' => f.write_str("\\r")?,
                '"' | '\\' => write!(f, "\\{character}")?,
                other => write!(f, "{other}")?,
            }
        }
        f.write_str("\"")
    }
}

#[cfg(test)]
mod tests {
    use super::super::CATALOGUE;
    use super::*;

    fn mistakes(text: &str) -> Vec<String> {
        parse(text).expect_err("the script has mistakes").0.iter().map(ScriptError::to_string).collect()
    }

    #[test]
    fn every_story_of_the_catalogue_reads_and_prints_back() {
        for story in CATALOGUE {
            let scenario = parse(story.script).unwrap_or_else(|errors| panic!("{}: {errors}", story.id));
            assert!(scenario.title.is_some(), "{} has a title", story.id);
            assert_eq!(parse(&scenario.to_string()), Ok(scenario), "{}", story.id);
        }
    }

    #[test]
    fn every_statement_and_setting_reads_and_prints_back() {
        let script = r#"
            title  All of it, with # signs, a "quote and commas
            client isn 100 4294967295, seed 7, port 5000, ack delayed, ack-delay 40ms, reading on-call, nagle on
            client mss 536, buffer 10, backlog 4, msl 30s, rto 200us, min-rto 1.5s, user-timeout 2min
            server listen 80 8080, rfc5961 off, rfc5961-ack-range on, rfc1337 on, simopen-trim-syn off
            server handshake two-way, time-wait none, time-wait-reuse rfc6191, sack-permitted on, timestamps on
            server window-scale 7, challenge-limit none
            client challenge-limit 10
            server timewait-fin-restart off, timewait-literal-ack on
            link   delay 0ms
            at 0ms client open
            at 1ms client open from 5001 to 8080
            at 1.5ms server listen 81
            at 2ms client send 45
            at 2ms client send "GET / \"x\" \\ \r\n, # not a comment"
            at 3ms server receive
            at 3ms server receive 10      # a comment
            at 4ms server abort
            at 4ms server status
            at 5ms client close
            when client ESTABLISHED client send 1
            when server CLOSE-WAIT after 50ms server close
            when server receives 45 after 1ms server send 52
            drop client 3
            hold server 1
            delay client 2 by 200ms
            duplicate server 2
            duplicate server 3 after 1ms
        "#;
        let scenario = parse(script).unwrap();
        assert_eq!(scenario.title.as_deref(), Some("All of it, with # signs, a \"quote and commas"));
        assert_eq!(scenario.acts.len(), 13);
        assert_eq!(scenario.faults.len(), 5);
        assert_eq!(scenario.client.profile.initial_rto, Duration::from_us(200));
        assert_eq!(scenario.client.profile.user_timeout, Some(Duration::from_secs(120)));
        assert_eq!(parse(&scenario.to_string()), Ok(scenario));
    }

    #[test]
    fn mistakes_name_line_column_what_is_there_and_what_should_be() {
        assert_eq!(
            mistakes("client isn 100\nat 5ms client opne\nlnk delay 5ms"),
            [
                "line 2, column 15: found \"opne\", expected one of open, listen, send, receive, close, abort, status \
                 (did you mean \"open\"?)",
                "line 3, column 1: found \"lnk\", expected one of title, client, server, link, at, when, drop, duplicate, \
                 delay, hold (did you mean \"link\"?)",
            ]
        );
        let table = [
            ("client isn", "line 1, column 11: found the end of the line, expected a number from 0 to 4294967295"),
            ("client isn -1", "line 1, column 12: found \"-1\", expected a number from 0 to 4294967295"),
            ("client isn 1 listen 80", "line 1, column 14: found \"listen\", expected a number from 0 to 4294967295"),
            ("server listen 65536", "line 1, column 15: found \"65536\", expected a number from 1 to 65535"),
            (
                "link delay 5",
                "line 1, column 12: found \"5\", expected a time such as 50ms, 1.5s or 200us, at most a day",
            ),
            (
                "link delay 90000s",
                "line 1, column 12: found \"90000s\", expected a time such as 50ms, 1.5s or 200us, at most a day",
            ),
            ("drop client 1 twice", "line 1, column 15: found \"twice\", expected the end of the line"),
            (
                "at 1ms client send \"x",
                "line 1, column 22: found the end of the line, expected a closing quotation mark",
            ),
            ("title", "line 1, column 6: found the end of the line, expected a title"),
            ("client isn 1, , port 2", "line 1, column 15: found a comma, expected one of "),
        ];
        for (script, expected) in table {
            let found = mistakes(script);
            assert!(found.len() == 1 && found[0].starts_with(expected), "{script}: {found:?}");
        }
    }

    #[test]
    fn scripts_have_limits() {
        assert!(mistakes(&"#".repeat(MOST_OCTETS + 1))[0].contains("expected at most 65536"));
        assert!(mistakes(&"\n".repeat(MOST_LINES + 1))[0].contains("expected at most 2000"));
        assert!(mistakes("at 0ms client send 65537")[0].contains("expected a number from 1 to 65536"));
    }

    #[test]
    fn times_are_exact() {
        let table = [("1.5ms", Some(1500)), ("0.0005ms", None), ("1", None), (".5s", None), ("1min", Some(60_000_000))];
        for (text, us) in table {
            assert_eq!(parse_duration(text).map(Duration::as_us), us, "{text}");
        }
    }
}
