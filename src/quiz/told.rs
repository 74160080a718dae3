//! Questions in words: `words/LANGUAGE/quiz.txt` has them. Every number in a sentence is one of its values.

use crate::tcp::Side;
use crate::text::{self, Language, Words};
use crate::time::Duration;
use crate::trace::{EventKind, Trace};

use super::saying::{Saying, Value};
use super::{Answer, AnswerError, Because, Form, Grade, Mistake, Question};

impl Question {
    /// The question, as one or a few sentences.
    pub fn prompt_in(&self, words: &Words) -> String {
        sentence(&self.prompt, words)
    }

    /// The choices, in order; none where the answer is typed.
    pub fn choices_in(&self, words: &Words) -> Vec<String> {
        match &self.form {
            Form::Choice(choices) => choices.iter().map(|says| sentence(says, words)).collect(),
            Form::Number | Form::Time | Form::Flags | Form::Segment { .. } => Vec::new(),
        }
    }

    /// How the answer is to be typed: one sentence.
    pub fn hint_in(&self, words: &Words) -> String {
        let code = match &self.form {
            Form::Choice(_) => "form.choice",
            Form::Number => "form.number",
            Form::Time => "form.time",
            Form::Flags => "form.flags",
            Form::Segment { asks_seq: true } => "form.segment",
            Form::Segment { asks_seq: false } => "form.segment-without-seq",
        };
        sentence(&Saying::plain(code), words)
    }

    /// An answer of this question: a choice as it is said, everything else as it is typed.
    pub fn answer_in(&self, answer: Answer, words: &Words) -> String {
        match (answer, &self.form) {
            (Answer::Choice(place), Form::Choice(choices)) => {
                choices.get(place).map(|says| sentence(says, words)).unwrap_or_default()
            }
            (Answer::Number(us), Form::Time) => Duration::from_us(us).to_string(),
            (Answer::Number(number), _) => number.to_string(),
            (Answer::Flags(flags), _) => flags.to_string(),
            (Answer::Segment(fields), _) => fields.to_string(),
            (Answer::Choice(place), _) => place.to_string(),
        }
    }

    /// The question and its right answer in two lines, behind the seed that asks it: by this, platforms are compared.
    pub fn line_in(&self, seed: u64, words: &Words) -> String {
        let (level, kind, prompt) = (self.level.name(), self.kind.name(), self.prompt_in(words));
        let right = self.answer_in(self.right(), words);
        [&seed.to_string(), " ", level, " ", kind, ": ", &prompt, "\n    ", &right, "\n"].concat()
    }

    /// Why the right answer is right: sentences, each with its section behind it.
    pub fn because_in(&self, words: &Words) -> Vec<String> {
        let reason = |because: &Because| {
            let (what, section) = match because {
                Because::Rule(rule) => (words.title(*rule).to_owned(), rule.section()),
                Because::Says(says, section) => (told(says, words), *section),
            };
            let what = finished(what, words);
            match words.language() {
                Language::English => [&what, " (", section, ")"].concat(),
                Language::TraditionalChinese | Language::SimplifiedChinese => [&what, "（", section, "）"].concat(),
            }
        };
        self.because.iter().map(reason).collect()
    }
}

/// Whether an answer is right: one sentence, with the points.
pub fn verdict(grade: &Grade, words: &Words) -> String {
    let (points, most) = (Value::Number(grade.points.into()), Value::Number(grade.most.into()));
    let code = match grade.points {
        _ if grade.is_full() => "verdict.right",
        0 => "verdict.wrong",
        _ => "verdict.partly",
    };
    sentence(&Saying::new(code, [("points", points), ("most", most)]), words)
}

/// What is said to whoever makes a mistake.
pub fn reply(mistake: Mistake, words: &Words) -> String {
    sentence(&Saying::plain(mistake.reply()), words)
}

/// Why something that was typed is no answer.
pub fn error(error: &AnswerError, words: &Words) -> String {
    let (found, last) = match error {
        AnswerError::NoSuchChoice { found, last } => (found.as_str(), *last),
        AnswerError::NoNumber { found }
        | AnswerError::NoTime { found }
        | AnswerError::NoField { found }
        | AnswerError::NoFlag { found } => (found.as_str(), 'a'),
        AnswerError::Twice { field } | AnswerError::Missing { field } => (*field, 'a'),
        AnswerError::Nothing | AnswerError::AckWithoutFlag | AnswerError::NothingAsked | AnswerError::OtherForm => {
            ("", 'a')
        }
    };
    let values = [("found", found), ("last", &last.to_string())];
    finished(words.ask(&["error.", error.code()].concat(), &values), words)
}

/// A saying as a sentence.
fn sentence(says: &Saying, words: &Words) -> String {
    finished(told(says, words), words)
}

/// With what a sentence of the language begins, and how its pieces meet.
fn finished(text: String, words: &Words) -> String {
    match words.language() {
        Language::English => text::capitalized(&text),
        Language::TraditionalChinese | Language::SimplifiedChinese => text::put_together(text, words),
    }
}

/// A saying with its values.
fn told(says: &Saying, words: &Words) -> String {
    let values: Vec<String> = says.values.iter().map(|(_, value)| value_in(value, words)).collect();
    let values: Vec<(&str, &str)> =
        says.values.iter().zip(&values).map(|((name, _), value)| (*name, value.as_str())).collect();
    words.ask(says.code, &values)
}

fn value_in(value: &Value, words: &Words) -> String {
    match value {
        Value::Number(number) => number.to_string(),
        Value::Time(time) => time.to_string(),
        Value::Side(side) => text::side(*side, words).to_owned(),
        Value::State(state) => state.name().to_owned(),
        Value::Timer(timer) => text::timer(*timer, words).to_owned(),
        Value::Call(call) => text::call(call, words),
        Value::News(event) => text::user_event(event, words),
        Value::Segment(id, segment) => text::named(*id, segment),
        Value::Variable(name) => (*name).to_owned(),
        Value::Fact(fact) => text::fact(*fact, words),
        Value::Level(level) => text::level(*level, words),
        Value::Saying(says) => told(says, words),
    }
}

/// What a host saw, a line for each segment that it sent or received, and when.
pub fn log(trace: &Trace, whose: Side, words: &Words) -> Vec<String> {
    let lines = trace.events().iter().filter_map(|event| {
        let (key, id) = match &event.kind {
            EventKind::Sent { side, segment, .. } if *side == whose => ("log.sent", *segment),
            EventKind::Arrived { side, segment, .. } if *side == whose => ("log.received", *segment),
            _ => return None,
        };
        let (at, segment) = (event.at.to_string(), text::segment(&trace.datagram(id)?.segment, words));
        Some([&at, " ", &words.ask(key, &[]), " #", &id.to_string(), " ", &segment].concat())
    });
    lines.collect()
}
