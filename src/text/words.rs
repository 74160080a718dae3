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
}

/// The texts of the core pack.
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
        words.take(embedded::CORE[language as usize]).expect("they are of the same build");
        words
    }

    /// The words of a language that this build carries: all or none.
    #[cfg(not(feature = "embedded"))]
    pub fn of(language: Language) -> Self {
        Self::none(language)
    }

    /// A language of which no word is there yet.
    pub const fn none(language: Language) -> Self {
        Self { language, core: None }
    }

    /// The language.
    pub const fn language(&self) -> Language {
        self.language
    }

    /// Takes a core pack: a line with the language and the name of the keys, and the texts, a line each.
    ///
    /// # Errors
    /// If it is of another language or of another build; the words are then as they were.
    pub fn take(&mut self, pack: &str) -> Result<(), PackError> {
        let expected = ["synfin core ", self.language.tag(), " ", keys::KEYS].concat();
        let (found, texts) = pack.split_once('\n').unwrap_or((pack, ""));
        let ends: Vec<u32> =
            texts.bytes().zip(0..).filter_map(|(byte, place)| (byte == b'\n').then_some(place)).collect();
        if found != expected || ends.len() != keys::COUNT {
            return Err(PackError { found: found.to_owned(), expected, count: ends.len() });
        }
        self.core = Some(Arc::new(Pack { texts: texts.into(), ends }));
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
        let text = self.text(key);
        let mut filled = String::new();
        let mut done = 0;
        for (place, byte) in text.bytes().enumerate() {
            if byte == b'{' {
                filled.push_str(text.get(done..place).unwrap_or_default());
                let number = text.as_bytes().get(place + 1).map_or(0, |digit| usize::from(digit.wrapping_sub(b'0')));
                filled.push_str(values.get(number).copied().unwrap_or_default());
                done = place + 3;
            }
        }
        filled.push_str(text.get(done..).unwrap_or_default());
        filled
    }

    fn nth(&self, index: usize) -> &str {
        let Some(pack) = &self.core else { return "" };
        let start = index.checked_sub(1).and_then(|before| pack.ends.get(before)).map_or(0, |end| *end as usize + 1);
        let end = pack.ends.get(index).map_or(0, |end| *end as usize);
        pack.texts.get(start..end).unwrap_or_default()
    }
}

impl Default for Words {
    /// English, as far as this build carries it.
    fn default() -> Self {
        Self::of(Language::default())
    }
}

impl PartialEq for Words {
    fn eq(&self, other: &Self) -> bool {
        let is_same = match (&self.core, &other.core) {
            (Some(one), Some(other)) => Arc::ptr_eq(one, other) || one.texts == other.texts,
            (None, None) => true,
            (Some(_), None) | (None, Some(_)) => false,
        };
        self.language == other.language && is_same
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

    /// A text of the story of a run, by its name.
    pub(super) fn of_run(&self, name: &str) -> &'static str {
        self.find(&embedded::RUN, name).unwrap_or_default()
    }

    /// The texts of the story of a run, by their names.
    pub fn all_of_run(&self) -> &'static [(&'static str, &'static str)] {
        embedded::RUN[self.language as usize]
    }

    fn find(&self, packs: &[&'static [(&str, &'static str)]; Language::ALL.len()], name: &str) -> Option<&'static str> {
        packs[self.language as usize].iter().find(|(key, _)| *key == name).map(|(_, text)| *text)
    }
}

/// All packs.
#[cfg(feature = "embedded")]
mod embedded {
    include!(concat!(env!("OUT_DIR"), "/embedded.rs"));
}
