//! The tables of words are checked when the crate is built: what is found wrong in them, and what is said about it.

#[path = "../../build/tables.rs"]
mod tables;

use std::fs;
use std::path::Path;

use tables::{LANGUAGES, TABLES, check_rules, compare, placeholders, read};

/// The mistakes of a table, as the build prints them.
fn mistakes(source: &str) -> Vec<String> {
    let mistakes = read("words/en/core.txt", source).expect_err("it has mistakes");
    mistakes.iter().map(ToString::to_string).collect()
}

/// What the build says about a translation.
fn of_translation(original: &str, translation: &str) -> Vec<String> {
    let original = read("words/en/core.txt", original).expect("it is right");
    let translation = read("words/zh-Hant/core.txt", translation).expect("it is right");
    compare(&original, &translation).iter().map(ToString::to_string).collect()
}

#[test]
fn a_text_may_take_several_lines() {
    let table = read(
        "words/en/core.txt",
        "# A remark.\n\none: a  text\nlong:\n    It goes\n    on.\nhan: 兩行\n    之間，\n    沒有 ACK\n    和 “SYN”\n",
    );
    let texts: Vec<_> = table.expect("it is right").entries.into_iter().map(|it| (it.key, it.text, it.line)).collect();
    let expected = [("one", "a  text", 3), ("long", "It goes on.", 4), ("han", "兩行之間，沒有 ACK 和 “SYN”", 7)];
    assert_eq!(texts, expected.map(|(key, text, line)| (key.to_owned(), text.to_owned(), line)));
}

#[test]
fn a_mistake_is_told_with_its_place_and_what_to_do() {
    let form = "expected `key: text`; a line that continues a text begins with spaces";
    let placeholder = "a placeholder is a lower-case word in braces, such as {side}";
    let table = [
        ("a: x\nno colon\n", format!("words/en/core.txt:2: {form}")),
        ("a b: x\n", format!("words/en/core.txt:1: {form}")),
        ("a: x\n\n    y\n", "words/en/core.txt:3: this line continues nothing: begin it with `key:`".to_owned()),
        ("a: x\nb: y\na: z\n", "words/en/core.txt:3: `a` is in line 1 already: delete one of them".to_owned()),
        ("a:\nb: y\n", "words/en/core.txt:1: `a` has no text".to_owned()),
        ("a: {Side}\n", format!("words/en/core.txt:1: `a`: {placeholder}")),
        ("a: {side\n", format!("words/en/core.txt:1: `a`: {placeholder}")),
        ("a: side}\n", format!("words/en/core.txt:1: `a`: {placeholder}")),
    ];
    for (source, expected) in table {
        assert_eq!(mistakes(source), [expected]);
    }
}

#[test]
fn a_translation_has_the_same_keys_and_placeholders() {
    assert_eq!(of_translation("a: {x} {y}\nb: z\n", "# Another order.\nb: z\na: {y}{x}\n"), Vec::<String>::new());
    assert_eq!(
        of_translation("a: {x} {y}\nlabel: z\n", "lable: z\na: {x} {z}\n"),
        [
            "words/zh-Hant/core.txt:2: `a` lacks {y}, which words/en/core.txt:1 has",
            "words/zh-Hant/core.txt:2: `a` has {z}, which words/en/core.txt:1 has not",
            "words/zh-Hant/core.txt:2: `label` is missing: translate words/en/core.txt:2, \"z\"",
            "words/zh-Hant/core.txt:1: `lable` is not in words/en/core.txt: misspelt, or to be deleted",
        ]
    );
}

#[test]
fn a_rule_has_a_title_and_says_why() {
    let rules = read("words/en/rules.txt", "a.title: x\na.why: y\nb.title: x\nc.why: y\nd: z\n").expect("it reads");
    let mistakes: Vec<String> = check_rules(&rules).iter().map(ToString::to_string).collect();
    assert_eq!(
        mistakes,
        [
            "words/en/rules.txt:3: `b` has a title, but no `b.why`",
            "words/en/rules.txt:4: `c` says why, but has no `c.title`",
            "words/en/rules.txt:5: `d` is neither the title of a rule nor why it is so",
        ]
    );
}

/// The page takes its words as they are.
#[test]
fn only_what_the_crate_reads_has_placeholders() {
    for language in LANGUAGES {
        for table in TABLES {
            let file = format!("words/{language}/{table}.txt");
            let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(&file);
            let table = read(&file, &fs::read_to_string(path).expect("the table is there")).expect("it was built");
            for entry in &table.entries {
                let names = placeholders(&entry.text).expect("it was built");
                let is_read_here = ["/core.txt", "/run.txt", "/knowledge.txt", "/findings.txt", "/quiz.txt"]
                    .iter()
                    .any(|it| file.ends_with(it));
                assert!(names.is_empty() || is_read_here, "{file}:{}: {names:?}", entry.line);
            }
        }
    }
}
