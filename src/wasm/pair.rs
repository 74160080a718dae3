//! Two runs side by side: convert, call, convert.

use tsify::Ts;
use wasm_bindgen::prelude::*;

use crate::compare::{Comparison, Run};
use crate::diagram::{Diagram, DiagramOptions};
use crate::lab::comparison::{self, PairReport, WorldView, Worlds};
use crate::text::Words;

use super::dom::DomPicture;
use super::{Drawn, Lab, bad_value, draw_part, read_branch, read_number, read_window, read_words, to_js};

/// Two runs that are stepped together, instant by instant of the same network.
#[wasm_bindgen]
pub struct Pair {
    comparison: Comparison,
    words: Words,
    panes: [Pane; 2],
}

struct Pane {
    diagram: Diagram,
    picture: Option<DomPicture>,
}

#[wasm_bindgen]
impl Pair {
    /// The lab's run as the RFC says, and in a world in which one thing is otherwise. Both are given what was given to the
    /// lab's current branch.
    ///
    /// Throws an `Error` with the code `bad-argument`.
    pub fn under(
        lab: &Lab,
        #[wasm_bindgen(unchecked_param_type = "WorldView")] world: JsValue,
    ) -> Result<Pair, JsValue> {
        let is_it = |it: &WorldView| serde_wasm_bindgen::to_value(it).is_ok_and(|name| name == world);
        let it = Worlds::all().0.into_iter().find(is_it);
        let world = it.ok_or_else(|| bad_value("world", &world, "one of those that `worlds` names"))?;
        Ok(Self::new(Comparison::under(lab.history(), world.into()), lab.words().clone()))
    }

    /// Two branches of the lab's run.
    ///
    /// Throws an `Error` with the code `bad-argument` or `no-such-branch`.
    #[wasm_bindgen(js_name = ofBranches)]
    pub fn of_branches(
        lab: &Lab,
        #[wasm_bindgen(unchecked_param_type = "number")] left: JsValue,
        #[wasm_bindgen(unchecked_param_type = "number")] right: JsValue,
    ) -> Result<Pair, JsValue> {
        let comparison = Comparison::of_branches(lab.history(), read_branch(&left)?, read_branch(&right)?);
        Ok(Self::new(comparison.map_err(|error| lab.history_error(&error))?, lab.words().clone()))
    }

    /// Sets the language of sentences and pictures, with its words as for a new lab.
    #[wasm_bindgen(js_name = setLanguage)]
    pub fn set_language(
        &mut self,
        #[wasm_bindgen(unchecked_param_type = "string")] language: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "string")] words: JsValue,
    ) -> Result<(), JsValue> {
        self.words = read_words(&language, &words)?;
        Ok(())
    }

    /// The next instant at which something happens in either run.
    pub fn step(&mut self) -> Ts<PairReport> {
        self.comparison.step();
        self.report()
    }

    /// Undoes the last instant.
    pub fn back(&mut self) -> Ts<PairReport> {
        self.comparison.back();
        self.forget();
        self.report()
    }

    /// Goes to just after so many instants; 0 is the start.
    pub fn seek(
        &mut self,
        #[wasm_bindgen(unchecked_param_type = "number")] instants: JsValue,
    ) -> Result<Ts<PairReport>, JsValue> {
        let instants = read_number("instants", &instants, f64::from(u32::MAX))?;
        self.comparison.seek(instants as usize);
        self.forget();
        Ok(self.report())
    }

    /// Lets everything happen that is left to happen in either run.
    #[wasm_bindgen(js_name = runToEnd)]
    pub fn run_to_end(&mut self) -> Ts<PairReport> {
        self.comparison.run_to_end();
        self.report()
    }

    /// Where both runs are.
    pub fn report(&self) -> Ts<PairReport> {
        to_js(&comparison::pair(&self.comparison, &self.words))
    }

    /// What happened last in a run, in one sentence.
    pub fn sentence(&self, #[wasm_bindgen(unchecked_param_type = "RunView")] run: JsValue) -> Result<String, JsValue> {
        let run = self.comparison.run(read_run(run)?);
        Ok(crate::text::step(run.trace(), run.cursor(), &self.words))
    }

    /// Draws a run into this `<svg>` from now on. What is in it is taken out.
    ///
    /// Throws an `Error` with the code `bad-argument` if the element belongs to no document.
    pub fn mount(
        &mut self,
        #[wasm_bindgen(unchecked_param_type = "RunView")] run: JsValue,
        svg: web_sys::SvgElement,
    ) -> Result<(), JsValue> {
        let pane = &mut self.panes[read_run(run)? as usize];
        pane.picture =
            Some(DomPicture::new(svg).map_err(|error| bad_value("svg", &error, "an element of a document"))?);
        Ok(())
    }

    /// Draws the part of a run's picture that is visible, and says how high the whole is.
    pub fn draw(
        &mut self,
        #[wasm_bindgen(unchecked_param_type = "RunView")] run: JsValue,
        #[wasm_bindgen(unchecked_param_type = "Window")] window: JsValue,
    ) -> Result<Ts<Drawn>, JsValue> {
        let run = read_run(run)?;
        let window = read_window(&window)?;
        let Pane { diagram, picture } = &mut self.panes[run as usize];
        draw_part(diagram, picture.as_mut(), self.comparison.run(run), &self.words, &window)
    }
}

impl Pair {
    fn new(comparison: Comparison, words: Words) -> Self {
        let panes = Run::BOTH.map(|_| Pane { diagram: Diagram::new(DiagramOptions::default()), picture: None });
        Self { comparison, words, panes }
    }

    /// The pictures forget what lies after the cursors.
    fn forget(&mut self) {
        for run in Run::BOTH {
            let history = self.comparison.run(run);
            self.panes[run as usize].diagram.truncate(history.cursor(), history.trace());
        }
    }
}

/// The worlds in which one thing is otherwise, with which a run can be compared.
#[wasm_bindgen]
pub fn worlds() -> Ts<Worlds> {
    to_js(&Worlds::all())
}

fn read_run(value: JsValue) -> Result<Run, JsValue> {
    let run = Run::BOTH.into_iter().find(|run| value == run.name());
    run.ok_or_else(|| bad_value("run", &value, "one of left, right"))
}
