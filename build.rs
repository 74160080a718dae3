//! Checks the tables of words (`words/`) and makes of them what the crate and the page use:
//!
//! | file in `OUT_DIR` | what |
//! |---|---|
//! | `keys.rs` | the keys of the core pack, and a struct for each text with placeholders |
//! | `embedded.rs` | all other packs, for builds that carry them |
//! | `page/words/LANGUAGE/{core,insight,quiz}.txt` | the core pack, that of the insights and that of the questions, as `Words::take` reads them |
//! | `page/words/LANGUAGE/{page,panels,reasons,stories}.json` | what only the page reads |
//! | `page/words.d.ts` | the keys as types, so that a misspelt word fails the type check of the page |
//! | `scripts.rs` | the scripts of `tests/scripts`, for the tests that run in browsers |
//!
//! `scripts/build` copies the folder `page` beside the module.

#[path = "build/tables.rs"]
mod tables;

#[path = "build/packs.rs"]
mod packs;

use std::path::{Path, PathBuf};
use std::{env, fs};

use packs::Words;
use tables::{LANGUAGES, Mistake, TABLES, Table, check_rules, compare, read};

/// Scripts that the tests play.
const SCRIPTS: &str = "tests/scripts";

fn main() {
    for path in ["build.rs", "build", "words", SCRIPTS] {
        println!("cargo::rerun-if-changed={path}");
    }
    let mut mistakes = Vec::new();
    let languages = LANGUAGES.map(|language| TABLES.map(|table| load(language, table, &mut mistakes)));
    if mistakes.is_empty() {
        let [_, _, _, rules, ..] = &languages[0];
        mistakes.extend(check_rules(rules));
        for translation in &languages[1..] {
            for (original, translation) in languages[0].iter().zip(translation) {
                mistakes.extend(compare(original, translation));
            }
        }
    }
    if !mistakes.is_empty() {
        mistakes.iter().for_each(|mistake| println!("cargo::error={mistake}"));
        return;
    }
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo says where to write"));
    for (path, content) in Words::new(&languages).files() {
        write(&out.join(path), &content);
    }
    write(&out.join("scripts.rs"), &list_of_scripts());
}

/// Each script's name and text, in the order of the names.
fn list_of_scripts() -> String {
    let entries = fs::read_dir(SCRIPTS).into_iter().flatten().flatten();
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
    paths.sort();
    let mut list = "const SCRIPTS: &[(&str, &str)] = &[\n".to_owned();
    for path in paths {
        let (name, from_top) = (path.file_name().unwrap_or_default(), Path::new("/").join(&path));
        list += &format!("({name:?}, include_str!(concat!(env!(\"CARGO_MANIFEST_DIR\"), {from_top:?}))),\n");
    }
    list + "];\n"
}

fn load(language: &str, table: &str, mistakes: &mut Vec<Mistake>) -> Table {
    let file = format!("words/{language}/{table}.txt");
    let source = fs::read_to_string(&file).unwrap_or_else(|error| {
        mistakes.push(Mistake { file: file.clone(), line: 1, message: error.to_string() });
        String::new()
    });
    read(&file, &source).unwrap_or_else(|found| {
        mistakes.extend(found);
        Table::default()
    })
}

fn write(path: &Path, content: &str) {
    let folder = path.parent().expect("it is inside OUT_DIR");
    fs::create_dir_all(folder).and_then(|()| fs::write(path, content)).expect("OUT_DIR can be written");
}
