//! The binding: convert, call, convert. No decision is made here.

pub mod dom;
pub mod insight;
pub mod pair;
pub mod quiz;

use std::num::NonZeroU32;

use js_sys::{Number, Promise};
use serde::Serialize;
use tsify::{Ts, Tsify};
use wasm_bindgen::prelude::*;

use crate::certain::certain;
use crate::chronicle::Chronicle;
use crate::diagram::{Diagram, DiagramOptions};
use crate::history::{BranchId, History, HistoryError, MOST_STEPS};
use crate::lab::{self, Asked, Branches, Insight, Report, SegmentNow, Snapshot, trouble};
use crate::permalink::{self, Link, Told};
use crate::scenario::script::parse_deed;
use crate::scenario::{CATALOGUE, Scenario, ScriptError, ScriptErrors, Story};
use crate::simulation::LATEST_WAIT;
use crate::tcp::SegmentId;
use crate::text::{self, Language, Trouble, Words};
use crate::time::Instant;
use dom::DomPicture;

#[wasm_bindgen(module = "/src/wasm/deed.js")]
extern "C" {
    /// The line of script that says the same as an object.
    #[wasm_bindgen(catch, js_name = lineOf)]
    fn line_of(deed: &JsValue) -> Result<String, JsValue>;
}

#[wasm_bindgen(module = "/src/wasm/link.js")]
extern "C" {
    /// Something and, behind it, a text packed.
    fn pack(before: &str, text: &str) -> Promise;

    /// The text, or `undefined`.
    fn unpack(packed: &str, most: u32) -> Promise;
}

/// The types of what `Lab.inject` takes.
#[wasm_bindgen(typescript_custom_section)]
const INJECTION: &str = include_str!("wasm/injection.d.ts");

/// A smaller one than that of the standard library, for the page's module.
#[cfg(not(feature = "embedded"))]
#[global_allocator]
static ALLOCATOR: rlsf::SmallGlobalTlsf = rlsf::SmallGlobalTlsf::new();

#[wasm_bindgen(start)]
fn start() {
    console_error_panic_hook::set_once();
}

/// A run that can be stepped, rewound and interfered with.
#[wasm_bindgen]
pub struct Lab {
    history: History,
    /// Which story of the catalogue is told.
    story: Option<String>,
    /// The script as it was given.
    script: String,
    chronicle: Chronicle,
    insight: Insight,
    /// The question that was asked last.
    asked: Asked,
    words: Words,
    diagram: Diagram,
    picture: Option<DomPicture>,
}

/// What part of the picture to draw: the argument of `Lab.draw`.
#[derive(Clone, Copy, Debug, Tsify)]
pub struct Window {
    /// The width of the picture, in CSS pixels.
    pub width: f64,
    /// Where the visible part begins, in CSS pixels from the top of the picture.
    pub top: f64,
    /// How high the visible part is, in CSS pixels.
    pub height: f64,
    /// The step to highlight; the last one if left out.
    #[tsify(optional)]
    pub step: Option<u32>,
}

/// What was drawn.
#[derive(Clone, Copy, Debug, Serialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub struct Drawn {
    /// The height of the whole picture, in CSS pixels.
    pub height: f64,
    /// Where the highlighted step begins, in CSS pixels from the top of the picture.
    pub step_top: f64,
    /// Where it ends.
    pub step_bottom: f64,
}

/// A story of the catalogue.
#[derive(Clone, Debug, Serialize, Tsify)]
pub struct StoryView {
    /// Its name in attributes and permalinks.
    pub id: &'static str,
    /// The name of its chapter; the stories of a chapter follow each other.
    pub chapter: &'static str,
}

/// The stories of the catalogue, the default one first. Their scripts are files: `stories/ID.tcp`, beside the module.
#[derive(Clone, Debug, Serialize, Tsify)]
pub struct Stories(pub Vec<StoryView>);

#[wasm_bindgen]
impl Lab {
    /// Starts a story. `language` is a BCP 47 tag; English if left out. `words` is the core pack of that language, as the
    /// text of `words/LANGUAGE/core.txt`; without it there are only the words that the module was built with, which may
    /// be none: sentences are empty then. `story` is the id of the story whose script it is, so that links may name it.
    ///
    /// Throws an `Error` with the code `script`, the `line` and `column` of the first mistake and all of them as
    /// `mistakes`, or with the code `bad-argument`.
    #[wasm_bindgen(constructor)]
    pub fn new(
        #[wasm_bindgen(unchecked_param_type = "string")] script: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "string")] language: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "string")] words: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "string")] story: JsValue,
    ) -> Result<Lab, JsValue> {
        let script = script.as_string().ok_or_else(|| bad_value("script", &script, "a string"))?;
        let words = read_words(&language, &words)?;
        let scenario = Scenario::parse(&script).map_err(|errors| script_error(&errors))?;
        Ok(Lab::with(History::new(scenario), story.as_string(), script, words))
    }

    /// The language of all sentences, as a BCP 47 tag.
    #[wasm_bindgen(getter)]
    pub fn language(&self) -> String {
        self.words.language().tag().to_owned()
    }

    /// The story of the catalogue that is told, by its id; `undefined` for any other script.
    #[wasm_bindgen(getter, js_name = storyId)]
    pub fn story_id(&self) -> Option<String> {
        self.story.clone()
    }

    /// Sets the language, with its words as for a new lab and without what `addWords` has added; `report(0)` then gives all sentences anew.
    #[wasm_bindgen(js_name = setLanguage)]
    pub fn set_language(
        &mut self,
        #[wasm_bindgen(unchecked_param_type = "string")] language: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "string")] words: JsValue,
    ) -> Result<(), JsValue> {
        self.words = read_words(&language, &words)?;
        Ok(())
    }

    /// The next event. At the end nothing happens and the report has no steps.
    pub fn step(&mut self) -> Ts<Report> {
        let kept = self.history.cursor();
        self.history.step();
        self.report_since(kept)
    }

    /// Undoes the last step.
    pub fn back(&mut self) -> Ts<Report> {
        self.history.back();
        self.report_since(self.history.cursor())
    }

    /// Goes to just after step `step`; 0 is the start.
    pub fn seek(
        &mut self,
        #[wasm_bindgen(unchecked_param_type = "number")] step: JsValue,
    ) -> Result<Ts<Report>, JsValue> {
        let step = read_number("step", &step, MOST_STEPS as f64)?;
        let before = self.history.cursor();
        let after = self.history.seek(step as usize);
        Ok(self.report_since(before.min(after)))
    }

    /// Lets every event happen up to a time in milliseconds, and time pass until then.
    #[wasm_bindgen(js_name = runUntil)]
    pub fn run_until(
        &mut self,
        #[wasm_bindgen(unchecked_param_type = "number")] ms: JsValue,
    ) -> Result<Ts<Report>, JsValue> {
        let ms = read_number("ms", &ms, (LATEST_WAIT.as_us() / 1000) as f64)?;
        let kept = self.history.cursor();
        self.history.run_until(Instant::from_us((ms * 1000.0).round() as u64));
        Ok(self.report_since(kept))
    }

    /// Lets everything happen that is left to happen.
    #[wasm_bindgen(js_name = runToEnd)]
    pub fn run_to_end(&mut self) -> Ts<Report> {
        let kept = self.history.cursor();
        self.history.run_to_end();
        self.report_since(kept)
    }

    /// Does something to the run: what a line of script says, as it stands there after its time, or an object for which
    /// that line is written. `client send 45 timeout 5s`, `drop segment 3`, `forge to server rst seq 101`; or `wait 2s`, which
    /// lets time pass until then if nothing happens before. A segment that has arrived is met when it was still on its way:
    /// the run goes back there. What is done in the past makes a branch; the branch that was there stays.
    ///
    /// Throws an `Error` with the code `script` (the line has a mistake, at its `column`), `bad-argument` (the object has
    /// one), `no-such-segment`, `not-on-its-way`, `not-held`, `nothing-to-count-from`, `too-many-in-transit`, `host-is-down`,
    /// `cannot-wait` or `limit-reached`; the lab is then as it was.
    pub fn inject(
        &mut self,
        #[wasm_bindgen(unchecked_param_type = "Injection")] injection: JsValue,
    ) -> Result<Ts<Report>, JsValue> {
        let deed = match injection.as_string() {
            Some(line) => parse_deed(&line).map_err(|mistake| line_error(&mistake)),
            None => {
                let line = line_of(&injection)?;
                parse_deed(&line).map_err(|mistake| coded("bad-argument", &format!("{line}: {}", in_line(&mistake))))
            }
        }?;
        let before = self.history.cursor();
        self.history.inject(deed).map_err(|error| self.history_error(&error))?;
        Ok(self.report_since(before.min(self.history.cursor() - 1)))
    }

    /// The steps after the first `kept`, and where the run is.
    pub fn report(
        &self,
        #[wasm_bindgen(unchecked_param_type = "number")] kept: JsValue,
    ) -> Result<Ts<Report>, JsValue> {
        let kept = read_number("kept", &kept, MOST_STEPS as f64)?;
        Ok(to_js(&lab::report(&self.history, kept as usize, &self.words)))
    }

    /// Both hosts with their variables, and what is in the network.
    pub fn snapshot(&self) -> Ts<Snapshot> {
        to_js(&lab::snapshot(&self.history, &self.script, self.chronicle.now(), &self.words))
    }

    /// What has become of a segment by now, and what can be done to it. `undefined` for 0, because segments are counted from 1.
    ///
    /// Throws an `Error` with the code `bad-argument`.
    pub fn segment(
        &self,
        #[wasm_bindgen(unchecked_param_type = "number")] number: JsValue,
    ) -> Result<Option<Ts<SegmentNow>>, JsValue> {
        Ok(read_segment(&number)?.map(|id| to_js(&lab::segment_now(&self.history, id))))
    }

    /// The branches of the run, in the order in which they came to be.
    pub fn branches(&self) -> Ts<Branches> {
        to_js(&lab::branches(&self.history))
    }

    /// Makes a branch the current one. The cursor stays where both branches are the same, else it goes to the end of what is
    /// known of the other one.
    ///
    /// Throws an `Error` with the code `bad-argument` or `no-such-branch`.
    #[wasm_bindgen(js_name = switchBranch)]
    pub fn switch_branch(
        &mut self,
        #[wasm_bindgen(unchecked_param_type = "number")] id: JsValue,
    ) -> Result<Ts<Report>, JsValue> {
        let id = read_branch(&id)?;
        let kept = self.history.switch(id).map_err(|error| self.history_error(&error))?;
        Ok(self.report_since(kept))
    }

    /// Gives a branch another name.
    ///
    /// Throws an `Error` with the code `bad-argument`, `no-such-branch`, `name-taken` or `bad-name`.
    #[wasm_bindgen(js_name = renameBranch)]
    pub fn rename_branch(
        &mut self,
        #[wasm_bindgen(unchecked_param_type = "number")] id: JsValue,
        #[wasm_bindgen(unchecked_param_type = "string")] name: JsValue,
    ) -> Result<(), JsValue> {
        let name = name.as_string().ok_or_else(|| bad_value("name", &name, "a string"))?;
        self.history.rename(read_branch(&id)?, &name).map_err(|error| self.history_error(&error))
    }

    /// Deletes a branch; others keep all their steps. Where it was the current one, another becomes it.
    ///
    /// Throws an `Error` with the code `bad-argument`, `no-such-branch` or `only-branch`.
    #[wasm_bindgen(js_name = deleteBranch)]
    pub fn delete_branch(
        &mut self,
        #[wasm_bindgen(unchecked_param_type = "number")] id: JsValue,
    ) -> Result<Ts<Report>, JsValue> {
        let id = read_branch(&id)?;
        let kept = self.history.delete(id).map_err(|error| self.history_error(&error))?;
        Ok(self.report_since(kept))
    }

    /// The whole run, for the fragment of a URL: `story=…&step=…` or `run=…`, without the `#`. It is there as soon as the
    /// browser has compressed it.
    #[wasm_bindgen(unchecked_return_type = "Promise<string>")]
    pub fn permalink(&self) -> Promise {
        let told = self.story.as_deref().map_or(Told::Script(&self.script), Told::Story);
        match permalink::write(&self.history, told) {
            Link::Story(fragment) => Promise::resolve(&JsValue::from(fragment)),
            Link::Run(text) => pack(&format!("run={}.", permalink::VERSION), &text),
        }
    }

    /// The run that the fragment of a URL names; `unpacked` is what `unpackLink` made of it, and `script` is that of the
    /// story that `storyOf` finds in it. Language and words as for a new lab.
    ///
    /// Throws an `Error` with the code `link`, or with the code `bad-argument`.
    #[wasm_bindgen(js_name = fromPermalink)]
    pub fn from_permalink(
        #[wasm_bindgen(unchecked_param_type = "string")] fragment: JsValue,
        #[wasm_bindgen(unchecked_param_type = "string | undefined")] unpacked: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "string")] language: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "string")] words: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "string")] script: JsValue,
    ) -> Result<Lab, JsValue> {
        let fragment = fragment.as_string().ok_or_else(|| bad_value("fragment", &fragment, "a string"))?;
        let words = read_words(&language, &words)?;
        let unpacked = unpacked.as_string();
        let story = permalink::story_of(&fragment, unpacked.as_deref()).map(str::to_owned);
        let script = script.as_string();
        let history = permalink::read(&fragment, unpacked.as_deref(), |_| script.clone());
        let history = history.map_err(|error| refused(trouble::of_link(&error), &words))?;
        let own = unpacked.as_deref().and_then(|text| permalink::script_in(&fragment, text));
        Ok(Lab::with(history, story, own.or(script).unwrap_or_default(), words))
    }

    /// The script of the story as it was given, without what was injected since.
    pub fn script(&self) -> String {
        self.script.clone()
    }

    /// A hash of everything that happened so far, as 16 hexadecimal digits: the same run has the same hash everywhere.
    /// The page's module has none: no page asks, and all events would have to be written as text.
    #[cfg(feature = "embedded")]
    pub fn digest(&self) -> String {
        format!("{:016x}", self.history.trace().digest())
    }

    /// Draws into this `<svg>` from now on, for `picture.css` to color. What is in it is taken out.
    ///
    /// Throws an `Error` with the code `bad-argument` if the element belongs to no document.
    pub fn mount(&mut self, svg: web_sys::SvgElement) -> Result<(), JsValue> {
        let picture = DomPicture::new(svg).map_err(|error| bad_value("svg", &error, "an element of a document"))?;
        self.picture = Some(picture);
        Ok(())
    }

    /// Draws the part of the picture that is visible, and says how high the whole is.
    pub fn draw(
        &mut self,
        #[wasm_bindgen(unchecked_param_type = "Window")] window: JsValue,
    ) -> Result<Ts<Drawn>, JsValue> {
        let window = read_window(&window)?;
        draw_part(&mut self.diagram, self.picture.as_mut(), &self.history, &self.words, &window)
    }

    fn history(&self) -> &History {
        &self.history
    }

    fn words(&self) -> &Words {
        &self.words
    }

    fn history_error(&self, error: &HistoryError) -> JsValue {
        refused(trouble::of_history(error), &self.words)
    }

    fn with(history: History, story: Option<String>, script: String, words: Words) -> Self {
        let mut chronicle = Chronicle::default();
        chronicle.update(history.trace());
        Lab {
            history,
            story,
            script,
            chronicle,
            insight: Insight::default(),
            asked: Asked::default(),
            words,
            diagram: Diagram::new(DiagramOptions::default()),
            picture: None,
        }
    }

    /// What is new after the first `kept` steps; the picture forgets what was replaced.
    fn report_since(&mut self, kept: usize) -> Ts<Report> {
        self.diagram.truncate(kept, self.history.trace());
        self.chronicle.truncate(kept, self.history.trace());
        self.chronicle.update(self.history.trace());
        self.insight.truncate(kept);
        to_js(&lab::report(&self.history, kept, &self.words))
    }
}

/// Draws what a window shows of a run.
fn draw_part(
    diagram: &mut Diagram,
    picture: Option<&mut DomPicture>,
    history: &History,
    words: &Words,
    window: &Window,
) -> Result<Ts<Drawn>, JsValue> {
    let options = DiagramOptions {
        // Widths that make no sense are brought inside what can be drawn.
        width: window.width as u32,
        words: words.clone(),
        transit: Some(history.scenario().delay),
    };
    diagram.update(history.trace(), options);
    let step = window.step.map_or(history.cursor(), |step| step as usize);
    if let Some(picture) = picture {
        let highlight = u32::try_from(step).ok();
        picture.draw(&diagram.scene(window.top..window.top + window.height, highlight))?;
    }
    let extent = diagram.extent_of_step(step);
    Ok(to_js(&Drawn { height: diagram.height(), step_top: extent.start, step_bottom: extent.end }))
}

/// What is packed in the fragment of a URL, for `Lab.fromPermalink`; `undefined` if nothing is, or if it was cut off or changed
/// on its way.
#[wasm_bindgen(js_name = unpackLink, unchecked_return_type = "Promise<string | undefined>")]
pub fn unpack_link(#[wasm_bindgen(unchecked_param_type = "string")] fragment: JsValue) -> Result<Promise, JsValue> {
    let fragment = fragment.as_string().ok_or_else(|| bad_value("fragment", &fragment, "a string"))?;
    Ok(match permalink::packed(&fragment) {
        Ok(Some(packed)) => unpack(packed, permalink::MOST_TEXT as u32),
        // Whatever is wrong with it, `Lab.fromPermalink` says so.
        Ok(None) | Err(_) => Promise::resolve(&JsValue::UNDEFINED),
    })
}

/// The id of the story that a link names, by its fragment and what `unpackLink` made of it; `undefined` if it names none.
#[wasm_bindgen(js_name = storyOf)]
pub fn story_of(fragment: &str, unpacked: Option<String>) -> Option<String> {
    permalink::story_of(fragment, unpacked.as_deref()).map(str::to_owned)
}

/// The stories of the catalogue.
#[wasm_bindgen]
pub fn stories() -> Ts<Stories> {
    let view = |story: &Story| StoryView { id: story.id, chapter: story.chapter.name() };
    to_js(&Stories(CATALOGUE.iter().map(view).collect()))
}

fn to_js<T: Tsify + Serialize>(value: &T) -> Ts<T> {
    certain(Ts::from_rust(value), "plain structs can be written")
}

fn read_words(language: &JsValue, pack: &JsValue) -> Result<Words, JsValue> {
    let mut words = Words::of(if language.is_undefined() { Language::default() } else { read_language(language)? });
    if !pack.is_undefined() {
        let pack = pack.as_string().ok_or_else(|| bad_value("words", pack, "a string"))?;
        words.take(&pack).map_err(|error| coded("bad-argument", &error.to_string()))?;
    }
    Ok(words)
}

fn read_language(value: &JsValue) -> Result<Language, JsValue> {
    let language = value.as_string().and_then(|tag| Language::from_tag(&tag));
    language.ok_or_else(|| {
        let tags: Vec<&str> = Language::ALL.iter().map(|language| language.tag()).collect();
        bad_value("language", value, &format!("one of {}", tags.join(", ")))
    })
}

fn read_number(name: &str, value: &JsValue, most: f64) -> Result<f64, JsValue> {
    let number = value.as_f64().filter(|number| (0.0..=most).contains(number));
    number.ok_or_else(|| bad_value(name, value, &format!("a number from 0 to {}", written(most))))
}

fn read_window(value: &JsValue) -> Result<Window, JsValue> {
    let field = |name: &str| js_sys::Reflect::get(value, &name.into()).unwrap_or_default();
    let number =
        |name: &str| field(name).as_f64().ok_or_else(|| bad_value(name, &field(name), "a number of CSS pixels"));
    let step = match field("step") {
        absent if absent.is_undefined() => None,
        step => Some(read_number("step", &step, f64::from(u32::MAX))? as u32),
    };
    Ok(Window { width: number("width")?, top: number("top")?, height: number("height")?, step })
}

/// No segment has the number 0.
fn read_segment(value: &JsValue) -> Result<Option<SegmentId>, JsValue> {
    let number = read_number("segment", value, f64::from(u32::MAX))?;
    Ok(NonZeroU32::new(number as u32).map(SegmentId::new))
}

fn read_branch(value: &JsValue) -> Result<BranchId, JsValue> {
    read_number("id", value, f64::from(u32::MAX)).map(|id| BranchId(id as u32))
}

/// A number as JavaScript writes it: what Rust needs to write fractions would make the module larger by 8 kB.
fn written(number: f64) -> String {
    Number::from(number).to_string_with_radix(10).map(String::from).unwrap_or_default()
}

fn bad_value(name: &str, value: &JsValue, expected: &str) -> JsValue {
    let found = match (value.as_string(), value.as_f64()) {
        (Some(text), _) => format!("\"{text}\""),
        (None, Some(number)) => written(number),
        (None, None) => value.js_typeof().as_string().unwrap_or_default(),
    };
    coded("bad-argument", &format!("{name}: found {found}, expected {expected}"))
}

fn refused(trouble: Trouble<'_>, words: &Words) -> JsValue {
    coded(trouble.code(), &text::trouble(trouble, words))
}

/// A mistake in a line that stands alone.
fn line_error(mistake: &ScriptError) -> JsValue {
    let coded = coded("script", &in_line(mistake));
    set(&coded, "column", &JsValue::from_f64(mistake.column as f64));
    coded
}

fn in_line(mistake: &ScriptError) -> String {
    format!("column {}: found {}, expected {}", mistake.column, mistake.found, mistake.expected)
}

fn script_error(errors: &ScriptErrors) -> JsValue {
    let error = coded("script", &errors.to_string());
    let mistakes = js_sys::Array::new();
    for mistake in &errors.0 {
        let entry = js_sys::Object::new();
        set(&entry, "line", &JsValue::from_f64(mistake.line as f64));
        set(&entry, "column", &JsValue::from_f64(mistake.column as f64));
        set(&entry, "message", &mistake.to_string().into());
        mistakes.push(&entry);
    }
    if let Some(first) = errors.0.first() {
        set(&error, "line", &JsValue::from_f64(first.line as f64));
        set(&error, "column", &JsValue::from_f64(first.column as f64));
    }
    set(&error, "mistakes", &mistakes);
    error
}

/// An `Error` with a `code`.
fn coded(code: &str, message: &str) -> JsValue {
    let error = js_sys::Error::new(message);
    set(&error, "code", &code.into());
    error.into()
}

fn set(object: &JsValue, name: &str, value: &JsValue) {
    certain(js_sys::Reflect::set(object, &name.into(), value), "a new object takes properties");
}
