//! What only a browser can prove about the module. `make test` runs this in Chromium and in Firefox.
#![cfg(target_arch = "wasm32")]

use std::collections::BTreeSet;

use js_sys::futures::JsFuture;
use synfin::quiz::{Quiz, story_of as seed_story};
use synfin::scenario::{CATALOGUE, Scenario, story};
use synfin::text::Words;
use synfin::wasm::{Lab, stories, story_of, unpack_link};
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

fn lab(script: &str) -> Lab {
    Lab::new(script.into(), JsValue::UNDEFINED, JsValue::UNDEFINED, JsValue::UNDEFINED)
        .unwrap_or_else(|error| panic!("{error:?}"))
}

fn get(value: &JsValue, name: &str) -> JsValue {
    js_sys::Reflect::get(value, &name.into()).expect("it is an object")
}

/// A value inside others, such as `steps.0.label`.
fn path(value: &JsValue, path: &str) -> JsValue {
    path.split('.').fold(value.clone(), |value, name| get(&value, name))
}

fn int(value: &JsValue, names: &str) -> u32 {
    path(value, names).as_f64().unwrap_or_else(|| panic!("{names} is a number")) as u32
}

/// The code of a thrown `Error`, after a look at whether it is one.
fn code<T>(outcome: Result<T, JsValue>) -> String {
    let Err(error) = outcome else { panic!("it should have thrown") };
    assert!(error.is_instance_of::<js_sys::Error>(), "{error:?} is an Error");
    let message = get(&error, "message").as_string().expect("it has a message");
    assert!(!message.is_empty());
    get(&error, "code").as_string().expect("it has a code")
}

fn object(pairs: &[(&str, JsValue)]) -> JsValue {
    let object = js_sys::Object::new();
    for (name, value) in pairs {
        js_sys::Reflect::set(&object, &(*name).into(), value).expect("a new object takes properties");
    }
    object.into()
}

fn number(value: u32) -> JsValue {
    JsValue::from_f64(f64::from(value))
}

// The scripts of `tests/scripts/` by their names, `SCRIPTS`: a browser cannot look into a folder.
include!(concat!(env!("OUT_DIR"), "/scripts.rs"));

#[wasm_bindgen_test]
fn every_story_and_every_script_gives_the_same_trace_as_natively() {
    let written = include_str!("digests.tsv");
    assert_eq!(written.lines().count(), CATALOGUE.len() + SCRIPTS.len());
    let scripts = CATALOGUE.iter().map(|story| (story.id, story.script)).chain(SCRIPTS.iter().copied());
    for (line, (name, script)) in written.lines().zip(scripts) {
        let mut lab = lab(script);
        lab.run_to_end();
        assert_eq!(line, format!("{name}\t{}", lab.digest()));
    }
}

#[wasm_bindgen_test]
fn steps_say_what_is_new() {
    let mut lab = lab(CATALOGUE[0].script);
    let first = lab.step().js_value();
    assert_eq!((int(&first, "kept"), int(&first, "steps.length"), int(&first, "step")), (0, 1, 1));
    assert_eq!(path(&first, "atEnd"), false);
    let second = lab.step().js_value();
    assert_eq!((int(&second, "kept"), int(&second, "steps.length")), (1, 1));
    assert_eq!(path(&second, "steps.0.sent.0.label"), "SYN seq=100");
    let undone = lab.back().js_value();
    assert_eq!((int(&undone, "kept"), int(&undone, "steps.length"), int(&undone, "step")), (1, 0, 1));
    let end = lab.run_to_end().js_value();
    assert_eq!(int(&end, "kept"), 1);
    assert_eq!(path(&end, "atEnd"), true);
    assert_eq!(int(&lab.step().js_value(), "steps.length"), 0, "after the end nothing is new");
    let again = lab.seek(number(3)).expect("it is a step").js_value();
    assert_eq!((int(&again, "kept"), int(&again, "step")), (3, 3));
    let later = lab.run_until(JsValue::from_f64(150.0)).expect("it is a time").js_value();
    assert_eq!(path(&later, "timeMs"), 150);
}

#[wasm_bindgen_test]
fn a_segment_is_lost_and_repaired() {
    let mut lab = lab(CATALOGUE[0].script);
    lab.seek(number(2)).expect("it is a step");
    let report = lab.inject(object(&[("kind", "drop".into()), ("segment", number(1))])).expect("it is on its way");
    assert_eq!((int(&report.js_value(), "kept"), int(&report.js_value(), "steps.length")), (2, 1));
    let report = lab.run_to_end().js_value();
    assert_eq!(path(&report, "steps.0.stimulus.timer"), "retransmission");
    assert_eq!(path(&report, "steps.0.sent.0.label"), "SYN seq=100");
    assert_eq!(path(&report, "steps.0.sent.0.leftMs"), 1000);
}

#[wasm_bindgen_test]
fn a_snapshot_has_the_variables_by_their_names() {
    let mut lab = lab(CATALOGUE[0].script);
    lab.seek(number(4)).expect("it is a step");
    let snapshot = lab.snapshot().js_value();
    assert_eq!(path(&snapshot, "client.state"), "ESTABLISHED");
    assert_eq!(path(&snapshot, "server.state"), "SYN-RECEIVED");
    assert_eq!(path(&snapshot, "client.connections.0.variables.2.name"), "SND.NXT");
    assert_eq!(path(&snapshot, "client.connections.0.variables.2.value"), 101);
    assert_eq!(path(&snapshot, "inFlight.0.label"), "ACK seq=101 ack=301");
    assert_eq!(path(&snapshot, "inFlight.0.copies.0.fate"), "in-flight");
}

#[wasm_bindgen_test]
fn options_are_shown_where_both_sides_agree_and_windows_count_accordingly() {
    let story = synfin::scenario::story("options-agreed").expect("the catalogue has it");
    let mut lab = lab(story.script);
    let report = lab.run_to_end().js_value();
    assert_eq!(path(&report, "steps.2.sent.0.options.windowScale"), 2);
    assert_eq!(path(&report, "steps.2.sent.0.options.timestamps.echo"), 10);
    assert_eq!(path(&report, "steps.2.sent.0.label"), "SYN, ACK seq=300 ack=101 <mss 1460, ws 2, sack, ts 60/10>");
    let octets =
        |lab: &Lab, id| path(&lab.segment(number(id)).expect("a number").expect("a segment").js_value(), "octets");
    assert_eq!(octets(&lab, 2), 65_535, "the window of a SYN is never shifted");
    assert_eq!(octets(&lab, 7), 200_000);
    assert_eq!(octets(&lab, 99), JsValue::UNDEFINED);
    assert!(lab.segment(number(0)).expect("a number").is_none(), "segments are counted from 1");
    assert_eq!(code(lab.segment("6".into())), "bad-argument");
    let snapshot = lab.snapshot().js_value();
    assert_eq!(path(&snapshot, "client.connections.0.variables.4.name"), "Eff.snd.MSS");
    assert_eq!(path(&snapshot, "client.connections.0.variables.5.unit"), "bits");
}

#[wasm_bindgen_test]
fn a_segment_can_be_forged_from_anywhere_with_any_options() {
    let mut lab = lab(CATALOGUE[0].script);
    lab.seek(number(1)).expect("it is a step");
    let forged = |address: &str, shift: JsValue| {
        object(&[
            ("kind", "forge".into()),
            ("to", "server".into()),
            ("seq", number(90)),
            ("flags", [JsValue::from("SYN")].into_iter().collect::<js_sys::Array>().into()),
            ("fromAddress", address.into()),
            ("mss", number(536)),
            ("windowScale", shift),
            ("sackPermitted", true.into()),
        ])
    };
    let report = lab.inject(forged("2001:db8::7", number(7))).expect("anybody can claim that").js_value();
    assert_eq!(path(&report, "steps.0.sent.0.label"), "SYN seq=90 <mss 536, ws 7, sack>");
    lab.run_until(JsValue::from_f64(60.0)).expect("it is a time");
    let remotes = lab.snapshot().js_value();
    assert_eq!(path(&remotes, "server.connections.0.remote"), "[2001:db8::7]:49152");
    assert_eq!(code(lab.inject(forged("nowhere", number(7)))), "bad-argument");
    assert_eq!(code(lab.inject(forged("2001:db8::7", number(256)))), "bad-argument");
    assert_eq!(code(lab.inject(forged("2001:db8::7", "7".into()))), "bad-argument");
}

#[wasm_bindgen_test]
fn bad_arguments_throw_an_error_with_a_code_and_the_lab_stays_usable() {
    assert_eq!(
        code(Lab::new(JsValue::from_f64(4.0), JsValue::UNDEFINED, JsValue::UNDEFINED, JsValue::UNDEFINED)),
        "bad-argument"
    );
    assert_eq!(code(Lab::new("".into(), "tlh".into(), JsValue::UNDEFINED, JsValue::UNDEFINED)), "bad-argument");
    let Err(mistake) =
        Lab::new("client isn 100\nsever isn 300".into(), JsValue::UNDEFINED, JsValue::UNDEFINED, JsValue::UNDEFINED)
    else {
        panic!("it should have thrown")
    };
    assert_eq!(get(&mistake, "code"), "script");
    assert_eq!((get(&mistake, "line"), get(&mistake, "column")), (number(2), number(1)));
    assert_eq!(js_sys::Array::from(&get(&mistake, "mistakes")).length(), 1);

    let mut lab = lab(CATALOGUE[0].script);
    lab.seek(number(2)).expect("it is a step");
    let digest = lab.digest();
    for bad in [JsValue::UNDEFINED, "5".into(), JsValue::from_f64(-1.0), JsValue::from_f64(f64::NAN)] {
        assert_eq!(code(lab.seek(bad.clone())), "bad-argument", "{bad:?}");
        assert_eq!(code(lab.run_until(bad)), "bad-argument");
    }
    let refused = [
        (JsValue::NULL, "bad-argument"),
        (object(&[("kind", "explode".into())]), "bad-argument"),
        (object(&[("kind", "drop".into())]), "bad-argument"),
        (object(&[("kind", "drop".into()), ("segment", number(1)), ("why", "?".into())]), "bad-argument"),
        (
            object(&[("kind", "delay".into()), ("segment", number(1)), ("byMs", JsValue::from_f64(-5.0))]),
            "bad-argument",
        ),
        (object(&[("kind", "drop".into()), ("segment", number(78))]), "no-such-segment"),
        (object(&[("kind", "release".into()), ("segment", number(1))]), "not-held"),
        ("client sned 5".into(), "script"),
        ("drop segment 78".into(), "no-such-segment"),
        ("wait 0ms".into(), "cannot-wait"),
    ];
    for (injection, expected) in refused {
        assert_eq!(code(lab.inject(injection.clone())), expected, "{injection:?}");
    }
    assert_eq!(lab.digest(), digest, "nothing has changed");
    assert_eq!(int(&lab.step().js_value(), "steps.length"), 1);
}

#[wasm_bindgen_test]
fn nonsense_can_be_forged_and_is_answered() {
    let mut lab = lab(CATALOGUE[0].script);
    lab.seek(number(5)).expect("it is a step");
    let flags = ["SYN", "FIN", "RST", "PSH", "URG", "ECE", "CWR", "ACK"].map(JsValue::from);
    let forged = object(&[
        ("kind", "forge".into()),
        ("to", "server".into()),
        ("seq", number(u32::MAX)),
        ("flags", flags.into_iter().collect::<js_sys::Array>().into()),
        ("length", number(9)),
    ]);
    let report = lab.inject(forged).expect("learners send nonsense on purpose").js_value();
    let label = path(&report, "steps.0.sent.0.label");
    assert_eq!(label, "SYN, FIN, RST, PSH, URG, ECE, CWR, ACK seq=4294967295 ack=0 len=9");
    assert_eq!(path(&lab.run_to_end().js_value(), "atEnd"), true);
}

#[wasm_bindgen_test]
fn the_words_are_there_in_each_language() {
    let mut lab = lab(CATALOGUE[0].script);
    let mut sentences = BTreeSet::new();
    lab.step();
    for tag in ["en", "zh-TW", "zh-Hans"] {
        lab.set_language(tag.into(), JsValue::UNDEFINED).expect("it is one of ours");
        let report = lab.report(number(0)).expect("it is a number").js_value();
        sentences.insert(path(&report, "steps.0.summary").as_string().expect("it is told"));
    }
    assert_eq!(sentences.len(), 3, "{sentences:?}");
    assert_eq!(code(lab.set_language("de".into(), JsValue::UNDEFINED)), "bad-argument");
    assert_eq!(code(lab.set_language("en".into(), "synfin core en 0\n".into())), "bad-argument");
    assert_eq!(int(&stories().js_value(), "length") as usize, CATALOGUE.len());
}

#[wasm_bindgen_test]
fn what_is_understood_of_a_run_is_told_at_the_cursor() {
    let mut lab = lab(story("lost-syn").expect("the catalogue has it").script);
    assert_eq!(int(&lab.knows().js_value(), "client.length"), 0);
    lab.run_to_end();
    let knows = lab.knows().js_value();
    assert_eq!((int(&knows, "facts.length"), int(&knows, "levels.length")), (13, 5));
    assert_eq!(path(&knows, "client.0.facts.3.level"), "sure");
    assert_eq!(path(&knows, "client.0.facts.3.segment"), 3.0);
    let found = lab.findings(JsValue::UNDEFINED).expect("it is left out").js_value();
    assert_eq!(path(&found, "found.0.name"), "repeated-lost");
    assert_eq!(path(&found, "found.0.cost.timeMs"), 1000.0);
    assert!(lab.story().contains("SYN #1 did not arrive."), "{}", lab.story());
    let after = path(&found, "found.0.step");
    let later = lab.findings(after.clone()).expect("it is a step").js_value();
    assert_eq!(int(&later, "found.length") + 1, int(&found, "found.length"));
    assert_eq!(code(lab.findings("x".into())), "bad-argument");
    lab.seek(after).expect("it is a step");
    let then = lab.findings(JsValue::UNDEFINED).expect("it is left out").js_value();
    assert_eq!((int(&then, "found.length"), int(&then, "left.length")), (1, 0));
    assert_eq!(path(&lab.knows().js_value(), "client.0.facts.3.level"), "unknown");
    assert_eq!(code(lab.add_words("synfin insight de\n".into())), "bad-argument");
    assert_eq!(code(lab.add_words(JsValue::NULL)), "bad-argument");
}

/// A seed names the same questions here as natively: those of `questions.txt`.
#[wasm_bindgen_test]
fn a_seed_asks_the_same_as_natively() {
    let words = Words::default();
    let mut text = String::new();
    for seed in 1..=60 {
        let question = Quiz::of(&seed_story(seed)).ask_any(seed).expect("every story gives some");
        text += &question.line_in(seed, &words);
    }
    assert_eq!(text, include_str!("questions.txt"));
}

#[wasm_bindgen_test]
fn a_question_is_asked_and_graded() {
    let mut lab = lab(story("life").expect("the catalogue has it").script);
    assert_eq!(code(lab.grade("a".into())), "nothing-asked");
    lab.run_to_end();
    let ask = |lab: &mut Lab, kind: &str, seed: u32| {
        let view = lab.ask(kind.into(), number(seed)).expect("it is a kind").expect("the run gives some");
        view.js_value()
    };
    let question = ask(&mut lab, "next-segment", 1);
    assert_eq!((path(&question, "kind"), path(&question, "form")), ("next-segment".into(), "segment".into()));
    assert!(int(&question, "steps") < int(&lab.snapshot().js_value(), "step"));
    assert_eq!(code(lab.grade("SYN+ACK".into())), "no-field");
    let grade = lab.grade("RST seq=1".into()).expect("it is a segment").js_value();
    let right = path(&grade, "right");
    assert_ne!(path(&grade, "points"), path(&grade, "most"));
    let grade = lab.grade(right).expect("it is the right one").js_value();
    assert_eq!(path(&grade, "points"), path(&grade, "most"));
    assert!(int(&grade, "because.length") > 0 && int(&grade, "mistakes.length") == 0);
    let question = ask(&mut lab, "if-lost", 1);
    let choices = int(&question, "choices.length");
    let graded: Vec<_> =
        (1..=choices).map(|it| lab.grade(it.to_string().into()).expect("a choice").js_value()).collect();
    assert_eq!(graded.iter().filter(|it| path(it, "points") == 1.0).count(), 1);
    for wrong in graded.iter().filter(|it| path(it, "points") == 0.0) {
        assert_ne!(path(wrong, "mistakes.0.reply"), "");
        assert!(Scenario::parse(&path(wrong, "world").as_string().expect("it has one")).is_ok());
    }
    assert!(lab.ask(JsValue::UNDEFINED, number(2)).expect("of any kind").is_some());
    assert!(lab.ask("where-fault".into(), number(2)).expect("it is a kind").is_none(), "nothing went wrong in it");
    assert_eq!(code(lab.ask("x".into(), number(2))), "bad-argument");
    assert_eq!(code(lab.ask(JsValue::UNDEFINED, JsValue::NULL)), "bad-argument");
}

#[wasm_bindgen_test]
fn the_picture_is_drawn_into_the_page_and_holds_only_what_is_in_view() {
    let document = web_sys::window().and_then(|window| window.document()).expect("there is a page");
    let svg = document.create_element_ns(Some("http://www.w3.org/2000/svg"), "svg").expect("svg is known");
    document.body().expect("there is a body").append_child(&svg).expect("it takes children");
    let script = |sends: u32| {
        let turns = (0..sends).map(|turn| format!("at {}ms client send 10\n", 200 + turn * 150));
        format!("client isn 100\nserver isn 300, listen 80\nat 0ms client open\n{}", turns.collect::<String>())
    };
    let short = lab(&script(10)).run_to_end_and_draw(&svg);
    let long = lab(&script(400)).run_to_end_and_draw(&svg);
    assert!(short > 20, "{short} elements");
    assert!(long <= short * 3 / 2, "a run with 400 segments has {long} elements in view, one with 10 has {short}");
    svg.remove();
}

/// Draws the end of a run in a window of 600 by 400 pixels, and counts the elements.
trait Draw {
    fn run_to_end_and_draw(self, svg: &web_sys::Element) -> u32;
}

impl Draw for Lab {
    fn run_to_end_and_draw(mut self, svg: &web_sys::Element) -> u32 {
        self.run_to_end();
        self.mount(svg.clone().unchecked_into()).expect("the element belongs to the page");
        let window = |top: f64| {
            object(&[
                ("width", JsValue::from_f64(600.0)),
                ("top", JsValue::from_f64(top)),
                ("height", JsValue::from_f64(400.0)),
            ])
        };
        let drawn = self.draw(window(0.0)).expect("it is a window").js_value();
        let height = path(&drawn, "height").as_f64().expect("it is a number");
        assert!(height > 400.0);
        self.draw(window((height - 400.0) / 2.0)).expect("it is a window");
        svg.query_selector_all("*").expect("the selector is right").length()
    }
}

#[wasm_bindgen_test]
async fn links_that_were_given_away_open_the_same_runs() {
    for line in include_str!("links.tsv").lines() {
        let [name, link, digest] = line.split('\t').collect::<Vec<_>>()[..] else { panic!("{line}: three cells") };
        let unpacked =
            JsFuture::from(unpack_link(link.into()).expect("a link is a text")).await.expect("a text, or nothing");
        let script = story_of(link, unpacked.as_string()).and_then(|id| story(&id)).map(|it| JsValue::from(it.script));
        let none = JsValue::UNDEFINED;
        let opened = Lab::from_permalink(link.into(), unpacked, none.clone(), none.clone(), script.unwrap_or(none));
        assert_eq!(opened.unwrap_or_else(|error| panic!("{name}: {error:?}")).digest(), digest, "{name}");
    }
}
