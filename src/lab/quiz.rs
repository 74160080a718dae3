//! A question about a run, and what an answer to it is worth.

use serde::Serialize;
#[cfg(target_arch = "wasm32")]
use tsify::Tsify;

use crate::history::History;
use crate::quiz::{self as asking, Answer, AnswerError, Grade, Kind, Question, Quiz, Shown};
use crate::tcp::Side;
use crate::text::Words;

/// The question that was asked last.
#[derive(Clone, Debug, Default)]
pub struct Asked(Option<Question>);

/// A question about a run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
pub struct QuestionView {
    /// What is asked, by the name that the terminal has for it.
    pub kind: &'static str,
    /// How hard it is.
    #[cfg_attr(target_arch = "wasm32", tsify(type = "'easy' | 'hard'"))]
    pub level: &'static str,
    /// How many steps of the run are seen while it is asked; of its logs, see [`QuestionView::logs`].
    pub steps: usize,
    /// What is seen in any case: the settings of both hosts and of the link, as a script.
    pub settings: String,
    /// What each host saw, where that is shown in place of the run.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub logs: Option<LogsView>,
    /// The question, in the lab's language.
    pub prompt: String,
    /// In which form the answer is given.
    #[cfg_attr(target_arch = "wasm32", tsify(type = "'choice' | 'number' | 'time' | 'flags' | 'segment'"))]
    pub form: &'static str,
    /// How it is typed, in the lab's language.
    pub hint: String,
    /// The choices; none where the answer is typed.
    pub choices: Vec<String>,
}

/// What each host saw, a line for each segment that it sent or received.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
pub struct LogsView {
    /// The client's.
    pub client: Vec<String>,
    /// The server's.
    pub server: Vec<String>,
}

/// What an answer is worth.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
pub struct GradeView {
    /// The points that it gets.
    pub points: u32,
    /// The points that the right answer gets.
    pub most: u32,
    /// What is asked for, and whether it is right.
    pub parts: Vec<PartView>,
    /// The known mistakes that are in it.
    pub mistakes: Vec<MistakeView>,
    /// Whether it is right, as a sentence in the lab's language.
    pub verdict: String,
    /// The right answer: a choice as it is said, everything else as it is typed.
    pub right: String,
    /// Why that is right: sentences in the lab's language, each with its section.
    pub because: Vec<String>,
    /// The script of the world of this answer, if it has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub world: Option<String>,
}

/// A part of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
pub struct PartView {
    /// Which.
    #[cfg_attr(target_arch = "wasm32", tsify(type = "'choice' | 'number' | 'flags' | 'seq' | 'ack' | 'len'"))]
    pub part: &'static str,
    /// Whether it is right.
    pub is_right: bool,
}

/// A known mistake.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
pub struct MistakeView {
    /// Its id.
    pub id: &'static str,
    /// What is said to it, in the lab's language.
    pub reply: String,
}

impl Asked {
    /// Asks about a run, of a kind or of any; `None` if it gives no such question.
    pub fn ask(&mut self, run: &History, kind: Option<Kind>, seed: u64, words: &Words) -> Option<QuestionView> {
        let quiz = Quiz::of_run(run);
        let question = kind.map_or_else(|| quiz.ask_any(seed), |kind| quiz.ask(kind, seed))?;
        let view = question_view(&quiz, &question, words);
        self.0 = Some(question);
        Some(view)
    }

    /// What an answer to the last question is worth, as somebody typed it.
    ///
    /// # Errors
    /// If nothing was asked, or if it has not the form of the question.
    pub fn grade(&self, typed: &str, words: &Words) -> Result<GradeView, AnswerError> {
        let question = self.0.as_ref().ok_or(AnswerError::NothingAsked)?;
        let answer = question.read(typed)?;
        Ok(grade_view(question, answer, &question.grade(answer)?, words))
    }
}

fn question_view(quiz: &Quiz, question: &Question, words: &Words) -> QuestionView {
    let (Shown::Until(steps) | Shown::Logs(steps)) = question.shown;
    let logs = match question.shown {
        Shown::Until(_) => None,
        Shown::Logs(_) => {
            let [client, server] = Side::BOTH.map(|side| asking::log(&quiz.shown(question.shown), side, words));
            Some(LogsView { client, server })
        }
    };
    QuestionView {
        kind: question.kind.name(),
        level: question.level.name(),
        steps,
        settings: quiz.settings().to_string(),
        logs,
        prompt: question.prompt_in(words),
        form: question.form.name(),
        hint: question.hint_in(words),
        choices: question.choices_in(words),
    }
}

fn grade_view(question: &Question, answer: Answer, grade: &Grade, words: &Words) -> GradeView {
    let parts = grade.parts.iter().map(|(part, is_right)| PartView { part: part.name(), is_right: *is_right });
    let mistakes = grade.mistakes.iter().map(|it| MistakeView { id: it.id(), reply: asking::reply(*it, words) });
    GradeView {
        points: grade.points,
        most: grade.most,
        parts: parts.collect(),
        mistakes: mistakes.collect(),
        verdict: asking::verdict(grade, words),
        right: question.answer_in(question.right(), words),
        because: question.because_in(words),
        world: question.world(answer).map(ToString::to_string),
    }
}
