//! What was understood of a run, for JavaScript. Nothing here is needed before somebody asks.

use wasm_bindgen::prelude::*;

use crate::history::MOST_STEPS;
use crate::lab::{Found, Knows};
use crate::text;

use super::{Lab, Ts, bad_value, coded, read_number, to_js};

#[wasm_bindgen]
impl Lab {
    /// Takes the words for what follows: the text of `words/LANGUAGE/insight.txt`, or for questions that of `words/LANGUAGE/quiz.txt`.
    /// Until then its sentences are empty, unless the module was built with words. Another language needs its own.
    ///
    /// Throws an `Error` with the code `bad-argument`.
    #[wasm_bindgen(js_name = addWords)]
    pub fn add_words(
        &mut self,
        #[wasm_bindgen(unchecked_param_type = "string")] words: JsValue,
    ) -> Result<(), JsValue> {
        let pack = words.as_string().ok_or_else(|| bad_value("words", &words, "a string"))?;
        self.words.take(&pack).map_err(|error| coded("bad-argument", &error.to_string()))
    }

    /// Who knows what: for each side and each of its connections every fact, how sure it is of it, on what that rests, and why.
    pub fn knows(&mut self) -> Ts<Knows> {
        to_js(&self.insight.knows(self.history.trace(), &self.words))
    }

    /// What has happened, by name, with the segments that show it and what it cost; only what was found after the first `after`
    /// steps, if that is given.
    ///
    /// Throws an `Error` with the code `bad-argument`.
    pub fn findings(
        &mut self,
        #[wasm_bindgen(unchecked_optional_param_type = "number")] after: JsValue,
    ) -> Result<Ts<Found>, JsValue> {
        let after = if after.is_undefined() { 0.0 } else { read_number("after", &after, MOST_STEPS as f64)? };
        let (trace, is_at_end) = (self.history.trace(), self.history.is_at_end());
        Ok(to_js(&self.insight.found(trace, after as usize, is_at_end, &self.words)))
    }

    /// The run so far in two to six sentences: what was wanted, what went wrong, what repaired it, how the applications learned, and
    /// what it cost.
    pub fn story(&self) -> String {
        text::story(self.history.trace(), &self.words)
    }
}
