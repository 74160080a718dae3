//! The words of one language: a value that is handed to everything that makes sentences. `docs/words.md` says where they come from.

use std::fmt;
use std::sync::Arc;

use crate::rule::Rule;

use super::Language;
use super::keys::{self, Core, Say};

/// The words of one language, as far as they are there: in place of what is missing stands nothing.
///
/// Builds with the feature `embedded`, which is on by default, carry all words of all languages. The page's module
/// carries none; the page fetches them.
#[derive(Clone)]
pub struct Words {
    language: Language,
    core: Option<Arc<Pack>>,
    insight: Option<Arc<Pack>>,
    quiz: Option<Arc<Pack>>,
}

/// Texts, a line each.
struct Pack {
    texts: Box<str>,
    /// Where each of them ends; a line feed follows.
    ends: Vec<u32>,
}

/// Words that do not belong to this build, or not to the language that was asked for.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "words: found a pack that begins with \"{found}\" and has {count} texts, expected \"{expected}\" and {}",
    keys::COUNT
)]
pub struct PackError {
    /// The first line.
    pub found: String,
    /// What it should be: the language, and a name of the keys.
    pub expected: String,
    /// How many texts follow.
    pub count: usize,
}

impl Words {
    /// The words of a language that this build carries: all or none.
    ///
    /// ```
    /// use synfin::tcp::Timer;
    /// use synfin::text::{self, Language, Words};
    ///
    /// assert_eq!(text::timer(Timer::Persist, &Words::of(Language::English)), "persist timer");
    /// assert_eq!(text::timer(Timer::Persist, &Words::none(Language::English)), "");
    /// ```
    #[cfg(feature = "embedded")]
    pub fn of(language: Language) -> Self {
        let mut words = Self::none(language);
        for packs in [embedded::CORE, embedded::INSIGHT, embedded::QUIZ] {
            words.take(packs[language as usize]).expect("they are of the same build");
        }
        words
    }

    /// The words of a language that this build carries: all or none.
    #[cfg(not(feature = "embedded"))]
    pub fn of(language: Language) -> Self {
        Self::none(language)
    }

    /// A language of which no word is there yet.
    pub const fn none(language: Language) -> Self {
        Self { language, core: None, insight: None, quiz: None }
    }

    /// The language.
    pub const fn language(&self) -> Language {
        self.language
    }

    /// Takes a pack. The core pack is a line with the language and the name of the keys, and the texts, a line each. That of the
    /// insights and that of the questions are a line with the language, and the texts, a line each, behind their names.
    ///
    /// # Errors
    /// If it is of another language or of another build; the words are then as they were.
    pub fn take(&mut self, pack: &str) -> Result<(), PackError> {
        let tag = self.language.tag();
        let (found, texts) = pack.split_once('\n').unwrap_or((pack, ""));
        let ends: Vec<u32> =
            texts.bytes().zip(0..).filter_map(|(byte, place)| (byte == b'\n').then_some(place)).collect();
        let count = ends.len();
        let taken = Some(Arc::new(Pack { texts: texts.into(), ends }));
        if found == ["synfin insight ", tag].concat() {
            self.insight = taken;
            return Ok(());
        }
        if found == ["synfin quiz ", tag].concat() {
            self.quiz = taken;
            return Ok(());
        }
        let expected = ["synfin core ", tag, " ", keys::KEYS].concat();
        if found != expected || count != keys::COUNT {
            return Err(PackError { found: found.to_owned(), expected, count });
        }
        self.core = taken;
        Ok(())
    }

    /// The text of a key, as it stands.
    pub(crate) fn text(&self, key: Core) -> &str {
        self.nth(key as usize)
    }

    /// What a rule decides, as a heading and as a clause of a sentence.
    pub fn title(&self, rule: Rule) -> &str {
        self.nth(keys::title(rule))
    }

    /// A text with values for its placeholders.
    pub(crate) fn say(&self, text: &impl Say) -> String {
        text.say(self)
    }

    /// The text of a key with these in place of its placeholders, which are numbers here.
    pub(super) fn fill(&self, key: Core, values: &[&str]) -> String {
        filled(self.text(key), |name| {
            let number = name.bytes().next().map_or(0, |digit| usize::from(digit.wrapping_sub(b'0')));
            values.get(number).copied()
        })
    }

    /// A text about what was understood of a run, by the parts of its name, with these in place of its placeholders.
    pub(super) fn tell(&self, name: &[&str], values: &[(&str, &str)]) -> String {
        found(self.insight.as_deref(), &name.concat(), values)
    }

    /// A text of the questions, by its name, with these in place of its placeholders.
    pub(crate) fn ask(&self, name: &str, values: &[(&str, &str)]) -> String {
        found(self.quiz.as_deref(), name, values)
    }

    fn nth(&self, index: usize) -> &str {
        self.core.as_ref().map_or("", |pack| pack.line(index))
    }
}

impl Pack {
    fn line(&self, index: usize) -> &str {
        let start = index.checked_sub(1).and_then(|before| self.ends.get(before)).map_or(0, |end| *end as usize + 1);
        let end = self.ends.get(index).map_or(0, |end| *end as usize);
        self.texts.get(start..end).unwrap_or_default()
    }

    /// The text behind a name.
    fn find(&self, name: &str) -> &str {
        let mut lines = (0..self.ends.len()).map(|index| self.line(index));
        lines.find_map(|line| line.strip_prefix(name)?.strip_prefix(' ')).unwrap_or_default()
    }
}

/// The text behind a name, with these in place of its placeholders; nothing where the pack is not there.
fn found(pack: Option<&Pack>, name: &str, values: &[(&str, &str)]) -> String {
    let text = pack.map_or("", |pack| pack.find(name));
    filled(text, |name| values.iter().find(|(it, _)| *it == name).map(|(_, value)| *value))
}

/// A text with values for the names that stand in it in braces.
fn filled<'a>(text: &str, value: impl Fn(&str) -> Option<&'a str>) -> String {
    let mut filled = String::new();
    let mut done = 0;
    for (place, byte) in text.bytes().enumerate() {
        let piece = text.get(done..place).unwrap_or_default();
        match byte {
            b'{' => filled.push_str(piece),
            b'}' => filled.push_str(value(piece).unwrap_or_default()),
            _ => continue,
        }
        done = place + 1;
    }
    filled.push_str(text.get(done..).unwrap_or_default());
    filled
}

impl Default for Words {
    /// English, as far as this build carries it.
    fn default() -> Self {
        Self::of(Language::default())
    }
}

impl PartialEq for Words {
    fn eq(&self, other: &Self) -> bool {
        let is_same = |one: &Option<Arc<Pack>>, other: &Option<Arc<Pack>>| match (one, other) {
            (Some(one), Some(other)) => Arc::ptr_eq(one, other) || one.texts == other.texts,
            (None, None) => true,
            (Some(_), None) | (None, Some(_)) => false,
        };
        self.language == other.language
            && is_same(&self.core, &other.core)
            && is_same(&self.insight, &other.insight)
            && is_same(&self.quiz, &other.quiz)
    }
}

impl Eq for Words {}

impl fmt::Debug for Words {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Words").field("language", &self.language).field("core", &self.core.is_some()).finish()
    }
}

/// What only readers outside the sentences ask for: the page reads it from its own packs.
#[cfg(feature = "embedded")]
impl Words {
    /// Why a rule decides so: one to three sentences.
    pub fn why(&self, rule: Rule) -> &'static str {
        self.find(&embedded::REASONS, rule.id()).expect("the tables are compared with the rules when they are built")
    }

    /// A word of the interface, by its name.
    pub fn page(&self, name: &str) -> Option<&'static str> {
        self.find(&embedded::PAGE, name).or_else(|| self.find(&embedded::PANELS, name))
    }

    /// The names of all words of the interface.
    pub fn page_names() -> impl Iterator<Item = &'static str> {
        embedded::PAGE[0].iter().chain(embedded::PANELS[0]).map(|(name, _)| *name)
    }

    /// A text of the catalogue: `life.title`, `life.intro`, or `chapter.opening`.
    pub fn of_stories(&self, name: &str) -> Option<&'static str> {
        self.find(&embedded::STORIES, name)
    }

    /// The names of all texts of the catalogue.
    pub fn names_of_stories() -> impl Iterator<Item = &'static str> {
        embedded::STORIES[0].iter().map(|(name, _)| *name)
    }

    /// The texts about what was understood of a run, by their names.
    pub fn all_of_insight(&self) -> impl Iterator<Item = (&'static str, &'static str)> {
        texts_of(embedded::INSIGHT[self.language as usize])
    }

    /// The texts of the questions, by their names.
    pub fn all_of_quiz(&self) -> impl Iterator<Item = (&'static str, &'static str)> {
        texts_of(embedded::QUIZ[self.language as usize])
    }

    fn find(&self, packs: &[&'static [(&str, &'static str)]; Language::ALL.len()], name: &str) -> Option<&'static str> {
        packs[self.language as usize].iter().find(|(key, _)| *key == name).map(|(_, text)| *text)
    }
}

/// The texts of a pack that has them behind their names.
#[cfg(feature = "embedded")]
fn texts_of(pack: &'static str) -> impl Iterator<Item = (&'static str, &'static str)> {
    pack.lines().skip(1).filter_map(|line| line.split_once(' '))
}

/// All packs.
#[cfg(feature = "embedded")]
mod embedded {
    include!(concat!(env!("OUT_DIR"), "/embedded.rs"));
}
