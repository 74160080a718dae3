//! What `www/` has to contain before the module is there: its static words are those of the table, and its static
//! picture is one of ours. `BLESS=1` rewrites both.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use synfin::diagram::{Diagram, DiagramOptions, Scene};
use synfin::history::History;
use synfin::lab::comparison::Worlds;
use synfin::scenario::{CATALOGUE, Scenario, story};
use synfin::svg;
use synfin::text::{Language, Words};

fn www(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("www").join(name)
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Compares what stands in a file with what should, or writes it there.
fn assert_written(path: &Path, expected: &str) {
    if std::env::var_os("BLESS").is_some() {
        fs::write(path, expected).expect("the file can be written");
    }
    assert!(read(path) == expected, "{} is out of date: run the tests with BLESS=1", path.display());
}

/// The same for a marked place of `index.html`. One test at a time, because each writes the whole file.
fn replace_between(place: &str, expected: &str) {
    static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
    let _guard = ONE_AT_A_TIME.lock();
    let path = www("index.html");
    let html = read(&path);
    let (begin, end) = (format!("<!-- {place}:begin -->\n"), format!("        <!-- {place}:end -->"));
    let (before, rest) = html.split_once(&begin).expect("the place begins");
    let (_, after) = rest.split_once(&end).expect("the place ends");
    assert_written(&path, &format!("{before}{begin}{expected}{end}{after}"));
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// The whole life of a connection as a picture of this width.
fn life(width: u32) -> Scene {
    let life = story("life").expect("the catalogue has it");
    let mut run = History::new(Scenario::parse(life.script).expect("the catalogue is right"));
    run.run_to_end();
    let transit = Some(run.scenario().delay);
    let mut diagram = Diagram::new(DiagramOptions { width, words: Words::default(), transit });
    diagram.extend(run.trace());
    diagram.whole()
}

#[test]
fn the_static_pictures_are_the_story_as_it_is_drawn_now() {
    let readme = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/life.svg");
    assert_written(&readme, &svg::document(&life(720), None));

    // For a wide and for a narrow window, at the widths at which the page draws the live picture there.
    let pictures = svg::fragment(&life(616), "wide") + &svg::fragment(&life(336), "narrow");
    replace_between("picture", &pictures);
}

#[test]
fn the_static_words_are_those_of_the_table() {
    let mut words = String::new();
    for (when, name) in [("unavailable", "could-not-load"), ("no-script", "no-script")] {
        for language in Language::ALL {
            let (tag, role) = (language.tag(), if when == "unavailable" { " role=\"alert\"" } else { "" });
            let text = escaped(Words::of(language).page(name).expect("the table has it"));
            writeln!(words, "        <p lang=\"{tag}\" data-when=\"{when}\"{role} hidden>{text}</p>").expect("it fits");
        }
    }
    replace_between("words", &words);

    let html = read(&www("index.html"));
    for (place, _) in html.match_indices("data-word=\"") {
        let (name, rest) = html[place + 11..].split_once('"').expect("the attribute ends");
        let found = rest.split_once('>').and_then(|(_, rest)| rest.split_once('<')).expect("it has words").0;
        let word = Words::default().page(name).unwrap_or_else(|| panic!("the table has no \"{name}\""));
        assert_eq!(found, escaped(word), "{name}");
    }
}

#[test]
fn every_word_of_the_page_is_used_by_the_page() {
    let mut sources = read(&www("index.html"));
    for folder in [www(""), www("timeline"), www("timeline/panels")] {
        for entry in fs::read_dir(folder).expect("the page is there") {
            let path = entry.expect("it can be listed").path();
            if path.extension().is_some_and(|extension| extension == "js") {
                sources.push_str(&read(&path));
            }
        }
    }
    // Variables are found by their names, which are the RFC's: `every_variable_that_is_shown_has_a_meaning` in `lab.rs`.
    let is_variable = |name: &str| name.starts_with(|first: char| first.is_ascii_uppercase());
    for word in Words::page_names().filter(|name| !is_variable(name)) {
        let mut uses =
            vec![format!("'{word}'"), format!("words.{word}"), format!("data-word=\"{word}\""), format!("\"{word}\"")];
        // What the module names is asked for by its name, of which the type check knows all that there are.
        for (dash, _) in word.match_indices('-') {
            uses.extend([format!("words[`{}-${{", &word[..dash]), format!("}}{}`]", &word[dash..])]);
        }
        let is_world = Worlds::all().0.iter().any(|it| serde_json::to_value(it).expect("a word") == word);
        let is_static = ["could-not-load", "no-script"].contains(&word);
        assert!(
            is_static || is_world || uses.iter().any(|it| sources.contains(it)),
            "\"{word}\" is in the table but on no page"
        );
    }
}

/// The picture's letters are measured; a rule of the page that reached one of them would make texts overlap.
#[test]
fn no_rule_of_the_page_reaches_into_the_picture() {
    let mut classes = BTreeSet::new();
    for story in CATALOGUE {
        let mut run = History::new(Scenario::parse(story.script).expect("the catalogue is right"));
        let mut diagram = Diagram::new(DiagramOptions::default());
        loop {
            diagram.extend(run.trace());
            let svg = svg::fragment(&diagram.scene(0.0..diagram.height(), None), "");
            for attribute in svg.split("class=\"").skip(1) {
                let names = attribute.split('"').next().expect("the attribute ends");
                classes.extend(names.split_whitespace().map(str::to_owned));
            }
            if !run.step() {
                break;
            }
        }
    }
    classes.remove(svg::ROOT_CLASS);
    assert!(classes.len() > 30 && classes.contains("in-flight"), "{classes:?}");
    for sheet in ["tcp-timeline.css", "panels.css", "page.css"] {
        for selector in read(&www(sheet)).lines().filter(|line| !line.contains(':') || line.ends_with('{')) {
            // What begins a selector or a part of it, without a tag that the picture has not.
            for part in selector.split([' ', ',', '>', '(']) {
                let class = part.strip_prefix('.').unwrap_or("").split(['.', ':', '[', '{', ')']).next().unwrap_or("");
                let is_inside = selector.trim_start().strip_prefix(part).is_none();
                assert!(is_inside || !classes.contains(class), "{sheet}: {selector:?} reaches into the picture");
            }
        }
    }
}
