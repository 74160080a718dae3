//! The tables of words: how they are read, and what must be true of them. `docs/words.md` describes the format.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// The languages, by their folders. The first is the one that the others translate.
pub const LANGUAGES: [&str; 3] = ["en", "zh-Hant", "zh-Hans"];

/// The tables of a language, by the names of their files.
pub const TABLES: [&str; 9] = ["core", "page", "panels", "rules", "stories", "run", "knowledge", "findings", "quiz"];

/// A table of one language.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Table {
    /// Its file, as messages name it.
    pub file: String,
    /// In the order of the file.
    pub entries: Vec<Entry>,
}

/// A key and its text.
#[derive(Debug, PartialEq, Eq)]
pub struct Entry {
    /// By what the code or the page asks for it.
    pub key: String,
    /// What is said, in one line.
    pub text: String,
    /// Where it stands in the file, counted from 1.
    pub line: usize,
}

/// What is wrong with a table, and what to do about it.
#[derive(Debug, PartialEq, Eq)]
pub struct Mistake {
    /// The file.
    pub file: String,
    /// The line, counted from 1.
    pub line: usize,
    /// One sentence.
    pub message: String,
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.file, self.line, self.message)
    }
}

/// Reads a table.
pub fn read(file: &str, source: &str) -> Result<Table, Vec<Mistake>> {
    let mut table = Table { file: file.to_owned(), entries: Vec::new() };
    let mut mistakes = Vec::new();
    let mut is_open = false;
    for (line, content) in (1..).zip(source.lines()) {
        let mut wrong = |message: String| mistakes.push(Mistake { file: file.to_owned(), line, message });
        if content.starts_with('#') {
            continue;
        }
        if content.trim().is_empty() {
            is_open = false;
        } else if content.starts_with(' ') {
            match table.entries.last_mut().filter(|_| is_open) {
                Some(entry) => join(&mut entry.text, content.trim()),
                None => wrong("this line continues nothing: begin it with `key:`".to_owned()),
            }
        } else {
            match content.split_once(':').filter(|(key, _)| is_key(key)) {
                Some((key, text)) => {
                    let (key, text) = (key.to_owned(), text.trim().to_owned());
                    table.entries.push(Entry { key, text, line });
                    is_open = true;
                }
                None => wrong("expected `key: text`; a line that continues a text begins with spaces".to_owned()),
            }
        }
    }
    let mut lines = BTreeMap::new();
    for Entry { key, text, line } in &table.entries {
        let mut wrong = |message| mistakes.push(Mistake { file: file.to_owned(), line: *line, message });
        if let Some(first) = lines.insert(key.as_str(), line) {
            wrong(format!("`{key}` is in line {first} already: delete one of them"));
        }
        if text.is_empty() {
            wrong(format!("`{key}` has no text"));
        }
        if let Err(message) = placeholders(text) {
            wrong(format!("`{key}`: {message}"));
        }
    }
    if mistakes.is_empty() { Ok(table) } else { Err(mistakes) }
}

/// What differs between a table and its translation: keys and placeholders must be the same.
pub fn compare(original: &Table, translation: &Table) -> Vec<Mistake> {
    let mut mistakes = Vec::new();
    let end = translation.entries.last().map_or(1, |entry| entry.line);
    for Entry { key, text, line } in &original.entries {
        let mut wrong = |line, message| mistakes.push(Mistake { file: translation.file.clone(), line, message });
        match translation.entries.iter().find(|entry| entry.key == *key) {
            None => wrong(end, format!("`{key}` is missing: translate {}:{line}, {text:?}", original.file)),
            Some(entry) => {
                let (expected, found) = (names(text), names(&entry.text));
                for name in expected.difference(&found) {
                    wrong(entry.line, format!("`{key}` lacks {{{name}}}, which {}:{line} has", original.file));
                }
                for name in found.difference(&expected) {
                    wrong(entry.line, format!("`{key}` has {{{name}}}, which {}:{line} has not", original.file));
                }
            }
        }
    }
    for Entry { key, line, .. } in &translation.entries {
        if original.entries.iter().all(|entry| entry.key != *key) {
            let message = format!("`{key}` is not in {}: misspelt, or to be deleted", original.file);
            mistakes.push(Mistake { file: translation.file.clone(), line: *line, message });
        }
    }
    mistakes
}

/// What a table of rules lacks: each rule has a title and says why.
pub fn check_rules(rules: &Table) -> Vec<Mistake> {
    let has = |key: &str| rules.entries.iter().any(|entry| entry.key == key);
    let wrong = |entry: &Entry| {
        let message = match entry.key.rsplit_once('.') {
            Some((rule, "title")) if has(&format!("{rule}.why")) => return None,
            Some((rule, "why")) if has(&format!("{rule}.title")) => return None,
            Some((rule, "title")) => format!("`{rule}` has a title, but no `{rule}.why`"),
            Some((rule, "why")) => format!("`{rule}` says why, but has no `{rule}.title`"),
            Some(_) | None => format!("`{}` is neither the title of a rule nor why it is so", entry.key),
        };
        Some(Mistake { file: rules.file.clone(), line: entry.line, message })
    };
    rules.entries.iter().filter_map(wrong).collect()
}

/// The names of the placeholders of a text, in the order of their first appearance.
pub fn placeholders(text: &str) -> Result<Vec<&str>, String> {
    let mut names = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find(['{', '}']) {
        let name = rest[at..].strip_prefix('{').and_then(|after| Some(after.split_once('}')?.0));
        let Some(name) = name.filter(|name| !name.is_empty() && name.bytes().all(|it| it.is_ascii_lowercase())) else {
            return Err("a placeholder is a lower-case word in braces, such as {side}".to_owned());
        };
        if !names.contains(&name) {
            names.push(name);
        }
        rest = &rest[at + name.len() + 2..];
    }
    Ok(names)
}

fn names(text: &str) -> BTreeSet<&str> {
    placeholders(text).unwrap_or_default().into_iter().collect()
}

fn is_key(key: &str) -> bool {
    !key.is_empty() && key.bytes().all(|it| it.is_ascii_alphanumeric() || it == b'.' || it == b'-')
}

/// Appends a line to a text. Between Chinese characters there is no space, nor beside Chinese punctuation.
fn join(text: &mut String, line: &str) {
    let is_han = |it: char| ('\u{4e00}'..='\u{9fff}').contains(&it);
    let is_mark = |it: char| matches!(it, '\u{3000}'..='\u{303f}' | '\u{ff00}'..='\u{ffef}');
    if let (Some(before), Some(after)) = (text.chars().last(), line.chars().next())
        && !(is_mark(before) || is_mark(after) || (is_han(before) && is_han(after)))
    {
        text.push(' ');
    }
    text.push_str(line);
}
