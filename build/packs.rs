//! The packs: the same words in the form in which they travel.
//!
//! The core pack is read by the module, which knows its keys: it has the texts alone, a line each, and its first line says to
//! which keys they belong. The others bring their keys with them: those of the insights and of the questions, which the module reads
//! when they are there, and those that only the page reads. The titles of the rules travel with the core, because the sentences use them.

use std::fmt::Write as _;

use crate::tables::{Entry, LANGUAGES, TABLES, Table, placeholders};

/// All words, sorted into packs.
pub struct Words<'a> {
    languages: [Packs<'a>; LANGUAGES.len()],
}

/// The packs of a language, in the order of the keys in the original.
struct Packs<'a> {
    core: Vec<Text<'a>>,
    titles: Vec<Text<'a>>,
    page: Vec<Text<'a>>,
    panels: Vec<Text<'a>>,
    reasons: Vec<Text<'a>>,
    stories: Vec<Text<'a>>,
    /// The tables whose texts tell what was understood of a run, by their names.
    insight: [(&'static str, Vec<Text<'a>>); 3],
    quiz: Vec<Text<'a>>,
}

struct Text<'a> {
    key: &'a str,
    text: &'a str,
}

impl<'a> Words<'a> {
    /// Of tables that have been checked.
    pub fn new(languages: &'a [[Table; TABLES.len()]; LANGUAGES.len()]) -> Self {
        let original = &languages[0];
        Self {
            languages: languages.each_ref().map(|language| {
                let [core, page, panels, rules, stories, run, knowledge, findings, quiz] =
                    std::array::from_fn(|table| in_order(&original[table], &language[table]));
                let (titles, reasons) = (ending(&rules, ".title"), ending(&rules, ".why"));
                let insight = [("run", run), ("knowledge", knowledge), ("findings", findings)];
                Packs { core, titles, page, panels, reasons, stories, insight, quiz }
            }),
        }
    }

    /// Everything that is written, by its path.
    pub fn files(&self) -> Vec<(String, String)> {
        let mut files = vec![
            ("keys.rs".to_owned(), self.keys()),
            ("embedded.rs".to_owned(), self.embedded()),
            ("page/words.d.ts".to_owned(), self.types()),
        ];
        let hash = self.hash();
        for (tag, packs) in LANGUAGES.iter().zip(&self.languages) {
            files.push((format!("page/words/{tag}/core.txt"), packs.core(tag, &hash)));
            files.push((format!("page/words/{tag}/insight.txt"), packs.insight(tag)));
            files.push((format!("page/words/{tag}/quiz.txt"), packs.quiz(tag)));
            for (name, pack) in packs.of_the_page() {
                files.push((format!("page/words/{tag}/{name}.json"), json(pack)));
            }
        }
        files
    }

    fn original(&self) -> &Packs<'a> {
        &self.languages[0]
    }

    /// The keys of the core pack for the crate.
    fn keys(&self) -> String {
        let Packs { core, titles, .. } = self.original();
        let mut out = String::from("/// The texts of the core pack.\n#[derive(Clone, Copy, Debug, PartialEq, Eq)]\n");
        out += "pub(crate) enum Core {\n";
        for Text { key, .. } in core {
            writeln!(out, "    /// `{key}`\n    {},", camel(key)).expect("a string takes it");
        }
        out += "}\n\n";
        for Text { key, text } in core {
            let names = sorted_placeholders(text);
            if names.is_empty() {
                continue;
            }
            let name = camel(key);
            let fields: String = names.iter().map(|it| format!("    pub(crate) {it}: &'a str,\n")).collect();
            let values: String = names.iter().map(|it| format!("self.{it}, ")).collect();
            let values = values.trim_end_matches(", ");
            write!(
                out,
                "/// `{key}`: {text}\npub(crate) struct {name}<'a> {{\n{fields}}}\n\n\
                 impl Say for {name}<'_> {{\n    fn say(&self, words: &Words) -> String {{\n        \
                 words.fill(Core::{name}, &[{values}])\n    }}\n}}\n\n",
            )
            .expect("a string takes it");
        }
        let rules: Vec<&str> = titles.iter().map(|it| it.key).collect();
        write!(
            out,
            "/// How many texts stand before the titles of the rules.\nconst TEXTS: usize = {};\n\n\
             /// The rules, in the order of their titles.\nconst RULES: [&str; {}] = {rules:?};\n\n\
             /// Names the keys of the core pack, with their placeholders.\npub(super) const KEYS: &str = {:?};\n",
            core.len(),
            rules.len(),
            self.hash(),
        )
        .expect("a string takes it");
        out
    }

    /// All packs, for builds that carry them; of each the languages in their order.
    fn embedded(&self) -> String {
        let mut out = String::new();
        for pack in ["core", "insight", "quiz"] {
            let texts = LANGUAGES
                .map(|tag| format!("include_str!(concat!(env!(\"OUT_DIR\"), \"/page/words/{tag}/{pack}.txt\"))"));
            let (name, count) = (pack.to_uppercase(), LANGUAGES.len());
            writeln!(out, "pub(super) const {name}: [&str; {count}] = [{}];", texts.join(", "))
                .expect("a string takes it");
        }
        for (index, (name, _)) in self.original().of_the_page().into_iter().enumerate() {
            let packs = self.languages.iter().map(|packs| {
                let (_, pack) = packs.of_the_page()[index];
                let entries: String = pack.iter().map(|it| format!("    ({:?}, {:?}),\n", it.key, it.text)).collect();
                format!("&[\n{entries}]")
            });
            let packs = packs.collect::<Vec<_>>().join(", ");
            let (name, count) = (name.to_uppercase(), LANGUAGES.len());
            writeln!(out, "pub(super) const {name}: [&[(&str, &str)]; {count}] = [{packs}];")
                .expect("a string takes it");
        }
        out
    }

    /// The keys as types.
    fn types(&self) -> String {
        let mut out = String::new();
        for (name, pack) in self.original().of_the_page() {
            let keys: Vec<String> = pack.iter().map(|it| format!("  | '{}'", it.key)).collect();
            let name = camel(name);
            writeln!(out, "/** The keys of a pack. */\nexport type {name}Word =\n{};\n", keys.join("\n"))
                .expect("a string takes it");
        }
        out
    }

    /// Names the keys of the core pack with their placeholders: FNV-1a, which is enough to tell one build from another.
    fn hash(&self) -> String {
        let Packs { core, titles, .. } = self.original();
        let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
        for Text { key, text } in core.iter().chain(titles) {
            for byte in format!("{key} {}\n", sorted_placeholders(text).join(" ")).bytes() {
                hash = (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
            }
        }
        format!("{hash:016x}")
    }
}

impl<'a> Packs<'a> {
    /// A placeholder is a number here: its place among those of the text, in alphabetical order.
    fn core(&self, tag: &str, hash: &str) -> String {
        let mut out = format!("synfin core {tag} {hash}\n");
        for Text { text, .. } in self.core.iter().chain(&self.titles) {
            let mut text = (*text).to_owned();
            for (place, name) in sorted_placeholders(&text.clone()).iter().enumerate() {
                text = text.replace(&format!("{{{name}}}"), &format!("{{{place}}}"));
            }
            out += &text;
            out.push('\n');
        }
        out
    }

    /// A line for each text: its table, its key, and behind a space the text.
    fn insight(&self, tag: &str) -> String {
        let texts = self
            .insight
            .iter()
            .flat_map(|(table, texts)| texts.iter().map(move |Text { key, text }| (format!("{table}.{key}"), *text)));
        behind_names("insight", tag, texts)
    }

    /// A line for each text: its key, and behind a space the text.
    fn quiz(&self, tag: &str) -> String {
        behind_names("quiz", tag, self.quiz.iter().map(|Text { key, text }| ((*key).to_owned(), *text)))
    }

    fn of_the_page(&self) -> [(&'static str, &[Text<'a>]); 4] {
        [("page", &self.page), ("panels", &self.panels), ("reasons", &self.reasons), ("stories", &self.stories)]
    }
}

/// The texts of a table in the order of the original.
fn in_order<'a>(original: &'a Table, table: &'a Table) -> Vec<Text<'a>> {
    let of = |Entry { key, .. }: &'a Entry| {
        let entry = table.entries.iter().find(|entry| entry.key == *key).expect("the tables were compared");
        Text { key, text: &entry.text }
    };
    original.entries.iter().map(of).collect()
}

/// The texts whose keys have an ending, under the keys without it.
fn ending<'a>(texts: &[Text<'a>], ending: &str) -> Vec<Text<'a>> {
    texts.iter().filter_map(|it| Some(Text { key: it.key.strip_suffix(ending)?, text: it.text })).collect()
}

fn sorted_placeholders(text: &str) -> Vec<&str> {
    let mut names = placeholders(text).expect("the tables were checked");
    names.sort_unstable();
    names
}

/// A pack whose first line says what it is and of which language, with a line for each text: its name, and behind a space the text.
fn behind_names<'a>(pack: &str, tag: &str, texts: impl Iterator<Item = (String, &'a str)>) -> String {
    texts.fold(format!("synfin {pack} {tag}\n"), |out, (name, text)| out + &format!("{name} {text}\n"))
}

fn json(texts: &[Text<'_>]) -> String {
    let quoted = |text: &str| format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""));
    let entries: Vec<String> = texts.iter().map(|it| format!("{}:{}", quoted(it.key), quoted(it.text))).collect();
    format!("{{{}}}\n", entries.join(",\n"))
}

/// `call-error.closing` as the name of a type: `CallErrorClosing`.
fn camel(key: &str) -> String {
    let part = |part: &str| part[..1].to_uppercase() + &part[1..];
    key.split(['-', '.']).filter(|it| !it.is_empty()).map(part).collect()
}
