//! A line as words, and what goes wrong in reading them.

use std::mem;

use crate::certain::certain;
use crate::network::Probability;
use crate::simulation::LATEST_WAIT;
use crate::time::{Duration, Instant};

use super::LATEST;

/// A mistake in one line.
pub(super) struct Mistake {
    pub(super) column: usize,
    pub(super) found: String,
    pub(super) expected: String,
}

/// What was read. A mistake stands behind a pointer: every function here may return one, and few do.
pub(super) type Parsed<T> = Result<T, Box<Mistake>>;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Word {
    /// From 1, in characters.
    pub(super) column: usize,
    pub(super) token: Token,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Token {
    Plain(String),
    Quoted(String),
    Comma,
}

/// Splits a line into words; `#` begins a comment.
pub(super) fn words(line: &str) -> Parsed<Vec<Word>> {
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
                                return Err(Box::new(Mistake {
                                    column: other.map_or(line.chars().count() + 1, |(index, _)| index + 1),
                                    found: other.map_or("the end of the line".into(), |(_, c)| format!("\"\\{c}\"")),
                                    expected: "one of \\n, \\r, \\\", \\\\".into(),
                                }));
                            }
                        },
                        Some((_, inside)) => text.push(inside),
                        None => {
                            return Err(Box::new(Mistake {
                                column: line.chars().count() + 1,
                                found: "the end of the line".into(),
                                expected: "a closing quotation mark".into(),
                            }));
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
pub(super) struct LineReader<'a> {
    pub(super) words: &'a [Word],
    line: &'a str,
    /// What could have come next and did not.
    asked: Vec<&'static str>,
}

impl<'a> LineReader<'a> {
    pub(super) fn new(words: &'a [Word], line: &'a str) -> Self {
        Self { words, line, asked: Vec::new() }
    }

    pub(super) fn next(&mut self) -> Option<&'a Word> {
        let (first, rest) = self.words.split_first()?;
        self.words = rest;
        self.asked.clear();
        Some(first)
    }

    pub(super) fn is_at_end(&self) -> bool {
        self.words.is_empty()
    }

    /// The mistake that the word just read (or the end of the line) is not what should be there.
    pub(super) fn mistake<T>(&self, word: Option<&Word>, expected: impl Into<String>) -> Parsed<T> {
        Err(self.wrong(word, expected.into()))
    }

    fn wrong(&self, word: Option<&Word>, expected: String) -> Box<Mistake> {
        let (column, found) = match word {
            None => (self.line.chars().count() + 1, "the end of the line".to_owned()),
            Some(Word { column, token: Token::Plain(text) }) => (*column, format!("\"{text}\"")),
            Some(Word { column, token: Token::Quoted(_) }) => (*column, "a quotation".to_owned()),
            Some(Word { column, token: Token::Comma }) => (*column, "a comma".to_owned()),
        };
        Box::new(Mistake { column, found, expected })
    }

    /// The next word, if it is a plain one.
    fn plain(&mut self) -> (Option<&'a Word>, Option<&'a str>) {
        let word = self.next();
        let text = match word {
            Some(Word { token: Token::Plain(text), .. }) => Some(text.as_str()),
            Some(Word { token: Token::Quoted(_) | Token::Comma, .. }) | None => None,
        };
        (word, text)
    }

    /// The next word read by `read`.
    pub(super) fn read<T>(&mut self, expected: &str, read: impl FnOnce(&str) -> Option<T>) -> Parsed<T> {
        let asked = mem::take(&mut self.asked);
        let (word, text) = self.plain();
        text.and_then(read).ok_or_else(|| {
            let others = if asked.is_empty() { String::new() } else { asked.join(", ") + " or " };
            self.wrong(word, others + expected)
        })
    }

    /// One of the given words; the mistake lists them and names the nearest.
    pub(super) fn one_of<T: Copy>(&mut self, choices: &[(&'static str, T)]) -> Parsed<T> {
        Ok(choices[self.place_among(None, choices.len(), &|index| choices[index].0)?].1)
    }

    /// Which of these names the next word is.
    pub(super) fn one_of_names(&mut self, names: &[&'static str]) -> Parsed<usize> {
        self.place_among(None, names.len(), &|index| names[index])
    }

    /// One of these things by its name.
    pub(super) fn named<T: Copy>(&mut self, all: &[T], name: fn(T) -> &'static str) -> Parsed<T> {
        Ok(all[self.place_among(None, all.len(), &|index| name(all[index]))?])
    }

    /// Which of so many names the next word is, for choices of all types. `expected` says what they are where they are too
    /// many to be listed.
    pub(super) fn place_among(
        &mut self,
        expected: Option<&str>,
        count: usize,
        name: &dyn Fn(usize) -> &'static str,
    ) -> Parsed<usize> {
        match self.place_if(count, name) {
            Some(place) => Ok(place),
            None => self.unexpected(expected),
        }
    }

    /// The same, where something else may stand there.
    pub(super) fn place_if(&mut self, count: usize, name: &dyn Fn(usize) -> &'static str) -> Option<usize> {
        if let Some(Word { token: Token::Plain(text), .. }) = self.words.first()
            && let Some(place) = (0..count).find(|index| is_name(text, name(*index)))
        {
            self.next();
            return Some(place);
        }
        (0..count).for_each(|index| self.asks(name(index)));
        None
    }

    pub(super) fn next_is(&mut self, name: &'static str) -> bool {
        self.place_if(1, &|_| name).is_some()
    }

    /// Whether this is the next word, which stays.
    pub(super) fn is_next(&self, name: &str) -> bool {
        matches!(self.words.first(), Some(Word { token: Token::Plain(text), .. }) if text == name)
    }

    /// This could come next too.
    pub(super) fn asks(&mut self, what: &'static str) {
        if !self.asked.contains(&what) {
            self.asked.push(what);
        }
    }

    /// The mistake that nothing comes of what could come next; it is listed, unless `expected` says what it is, and the
    /// nearest is named.
    pub(super) fn unexpected<T>(&mut self, expected: Option<&str>) -> Parsed<T> {
        let asked = mem::take(&mut self.asked);
        let (word, text) = self.plain();
        let mut what = match (expected, asked.as_slice()) {
            (Some(expected), _) => expected.to_owned(),
            (None, [only]) if only.contains(' ') => (*only).to_owned(),
            (None, [only]) => format!("\"{only}\""),
            (None, _) => format!("one of {}", asked.join(", ")),
        };
        let near = text.map(|text| nearest(text, &asked)).unwrap_or_default();
        // Of what is listed, one is enough.
        let most = if expected.is_some() { 3 } else { 1 };
        if !near.is_empty() {
            what += &format!(" (did you mean \"{}\"?)", near[..near.len().min(most)].join("\", \""));
        }
        Err(self.wrong(word, what))
    }

    pub(super) fn number<T: TryFrom<u64> + Into<u64>>(&mut self, least: T, most: T) -> Parsed<T> {
        let number = self.number_within(least.into(), most.into())?;
        Ok(certain(T::try_from(number), "it lies between two that can be said so"))
    }

    fn number_within(&mut self, least: u64, most: u64) -> Parsed<u64> {
        let expected = format!("a number from {least} to {most}");
        self.read(&expected, |text| {
            let is_digits = text.chars().all(|c| c.is_ascii_digit());
            text.parse().ok().filter(|number| is_digits && (least..=most).contains(number))
        })
    }

    pub(super) fn duration(&mut self) -> Parsed<Duration> {
        self.span("a time such as 50ms, 1.5s or 200us, at most a day", Duration::ZERO, LATEST)
    }

    /// A time that is too short below `least`.
    pub(super) fn duration_from(&mut self, least: Duration) -> Parsed<Duration> {
        self.span(&format!("a time from {least} to a day"), least, LATEST)
    }

    /// A time that is too long from `limit` on.
    pub(super) fn duration_below(&mut self, limit: Duration) -> Parsed<Duration> {
        self.span(&format!("a time below {limit}"), Duration::ZERO, Duration::from_us(limit.as_us().saturating_sub(1)))
    }

    fn span(&mut self, expected: &str, least: Duration, most: Duration) -> Parsed<Duration> {
        self.read(expected, |text| parse_duration(text).filter(|span| (least..=most).contains(span)))
    }

    /// Whether the next word is a plain one, not a comma or a quotation.
    pub(super) fn is_at_plain(&self) -> bool {
        matches!(self.words.first(), Some(Word { token: Token::Plain(_), .. }))
    }

    /// Whether the next word begins with a digit.
    pub(super) fn is_at_number(&mut self) -> bool {
        let is_it = matches!(self.words.first(), Some(Word { token: Token::Plain(text), .. })
            if text.starts_with(|c: char| c.is_ascii_digit()));
        if !is_it {
            self.asks("a number");
        }
        is_it
    }

    /// What follows `name`, if that comes next.
    pub(super) fn optional<T>(
        &mut self,
        name: &'static str,
        read: impl FnOnce(&mut Self) -> Parsed<T>,
    ) -> Parsed<Option<T>> {
        if self.next_is(name) { read(self).map(Some) } else { Ok(None) }
    }

    /// A share in percent, with four decimals at most.
    pub(super) fn probability(&mut self) -> Parsed<Probability> {
        self.read("a share such as 5% or 0.25%, at most 100%", parse_probability)
    }

    /// A time in a run, which may last long.
    pub(super) fn instant(&mut self) -> Parsed<Instant> {
        self.read("a time such as 50ms, 1.5s or 200us, of thirty years at most", |text| {
            parse_duration(text).map(|span| Instant::ZERO + span).filter(|at| *at <= LATEST_WAIT)
        })
    }

    /// Nothing more comes; the mistake lists what could have come.
    pub(super) fn end(&mut self) -> Parsed<()> {
        if self.is_at_end() {
            return Ok(());
        }
        self.asks("the end of the line");
        self.unexpected(None)
    }
}

/// `50ms`, `1.5s`, `200us`; exact, without floating point.
pub(crate) fn parse_duration(text: &str) -> Option<Duration> {
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

/// `5%`, `0.25%`; exact, without floating point.
fn parse_probability(text: &str) -> Option<Probability> {
    let (whole, fraction) = {
        let number = text.strip_suffix('%')?;
        number.split_once('.').unwrap_or((number, ""))
    };
    let is_digits = |part: &str| part.chars().all(|c| c.is_ascii_digit());
    if whole.is_empty() || !is_digits(whole) || !is_digits(fraction) || fraction.len() > 4 || text.ends_with(".%") {
        return None;
    }
    let millionths = whole.parse::<u32>().ok()?.checked_mul(10_000)?;
    let rest = format!("{fraction:0<4}").parse::<u32>().ok()?;
    Probability::from_millionths(millionths.checked_add(rest)?)
}

/// What other systems call some of our states, as [`plainly`] has it: these are read.
const OTHER_STATES: &[(&str, &str)] =
    &[("synrecv", "SYN-RECEIVED"), ("synrcvd", "SYN-RECEIVED"), ("estab", "ESTABLISHED")];

/// What socket calls and other tools say, and what is meant here: these are only offered.
const OTHER_WORDS: &[(&str, &str)] = &[
    ("connect", "open"),
    ("bind", "listen"),
    ("read", "receive"),
    ("recv", "receive"),
    ("write", "send"),
    ("shutdown", "close"),
    ("disconnect", "close"),
    ("reset", "abort"),
    ("kill", "close all\" or \"crash"),
    ("restart", "reboot"),
    ("lose", "drop"),
    ("spoof", "forge"),
    ("inject", "forge"),
    ("wscale", "window-scale"),
    ("after", "at"),
    ("within", "at"),
];

/// Whether a word is this name. Those of states are read in small letters and with `_` too.
fn is_name(text: &str, name: &'static str) -> bool {
    text == name
        || name.starts_with(|c: char| c.is_ascii_uppercase()) && {
            let text = plainly(text);
            text == plainly(name) || OTHER_STATES.contains(&(text.as_str(), name))
        }
}

/// In small letters, and without what joins words. What is longer than this is no misspelled keyword.
fn plainly(text: &str) -> String {
    text.chars().take(40).filter(|c| !matches!(c, '-' | '_')).map(|c| c.to_ascii_lowercase()).collect()
}

/// The names that are meant by this word: those that have it in them or need few changes, the nearest first.
fn nearest(text: &str, names: &[&'static str]) -> Vec<&'static str> {
    let text = plainly(text);
    let is_there = |ours: &str| ours.split([' ', '"']).next().is_some_and(|first| names.contains(&first));
    if let Some((_, ours)) = OTHER_WORDS.iter().find(|(other, ours)| *other == text && is_there(ours)) {
        return vec![ours];
    }
    let mut near = Vec::new();
    for name in names.iter().filter(|name| !name.contains(' ')) {
        let plain = plainly(name);
        // A search of text in text, and a sort, would be as large in the page's module as all of this file.
        let is_part = text.len() > 2 && plain.as_bytes().windows(text.len()).any(|part| part == text.as_bytes());
        let distance = if is_part { 0 } else { edit_distance(&text, &plain) };
        if distance <= 1 + plain.len() / 4 {
            let entry = (distance, plain.len(), *name);
            near.insert(near.partition_point(|other| *other < entry), entry);
        }
    }
    near.into_iter().map(|(.., name)| name).collect()
}

fn edit_distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let a: Vec<char> = a.chars().collect();
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
