//! Questions about the run, for JavaScript. Nothing here is needed before somebody asks.

use wasm_bindgen::prelude::*;

use crate::lab::{GradeView, QuestionView};
use crate::quiz::{self, Kind};

use super::{Lab, Ts, bad_value, coded, read_number, to_js};

/// Up to here, JavaScript has every whole number.
const MOST_SEED: f64 = 9_007_199_254_740_991.0;

#[wasm_bindgen]
impl Lab {
    /// A question about the run: of a `kind` such as `next-segment`, or of any if that is left out; the same for the same `seed`, a whole
    /// number. `undefined` if the run gives no such question. Its sentences need the words of `words/LANGUAGE/quiz.txt` and of
    /// `words/LANGUAGE/insight.txt`, see `addWords`.
    ///
    /// Throws an `Error` with the code `bad-argument`.
    pub fn ask(
        &mut self,
        #[wasm_bindgen(unchecked_param_type = "string | undefined")] kind: JsValue,
        #[wasm_bindgen(unchecked_param_type = "number")] seed: JsValue,
    ) -> Result<Option<Ts<QuestionView>>, JsValue> {
        let named = kind.as_string().and_then(|name| Kind::from_name(&name));
        if named.is_none() && !kind.is_undefined() {
            let names: Vec<&str> = Kind::ALL.iter().map(|it| it.name()).collect();
            return Err(bad_value("kind", &kind, &names.join(", ")));
        }
        let seed = read_number("seed", &seed, MOST_SEED)? as u64;
        Ok(self.asked.ask(&self.history, named, seed, &self.words).map(|view| to_js(&view)))
    }

    /// What an answer to the last question is worth: points, known mistakes with a reply to each, what is right and why, and the
    /// script of the world of a wrong answer. A choice is its letter, everything else as the question's `hint` says.
    ///
    /// Throws an `Error` with the code `bad-argument`, or one that says what is wrong with the form of the answer, such as `no-number`,
    /// `no-such-choice` or `nothing-asked`.
    pub fn grade(
        &self,
        #[wasm_bindgen(unchecked_param_type = "string")] answer: JsValue,
    ) -> Result<Ts<GradeView>, JsValue> {
        let typed = answer.as_string().ok_or_else(|| bad_value("answer", &answer, "a string"))?;
        match self.asked.grade(&typed, &self.words) {
            Ok(view) => Ok(to_js(&view)),
            Err(error) => Err(coded(error.code(), &quiz::error(&error, &self.words))),
        }
    }
}
