//! Answers: in which form they are given, how they are read when typed, and what they are worth.

use std::fmt;

use crate::scenario::script::parse_duration;
use crate::segment::Segment;
use crate::seq::SeqNumber;

use super::mistake::Mistake;
use super::saying::Saying;

/// How many characters of what was typed an error repeats.
const MOST_REPEATED: usize = 40;

/// In which form an answer is given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Form {
    /// One of these. Typed: its letter, from `a` on, or its number, from 1 on.
    Choice(Vec<Saying>),
    /// A sequence number. Typed: `146`.
    Number,
    /// A span of time, or a time since the start of the run. Typed: `1.5s`, `350 ms`.
    Time,
    /// The flags of a segment. Typed: `SYN,ACK`. PSH and the like may stand there and do not count.
    Flags,
    /// A segment. Typed as segments are printed: `SYN,ACK seq=300 ack=101 len=0`; a length of 0 may be left out, and what stands
    /// there besides, such as a window, does not count.
    Segment {
        /// Whether SEG.SEQ is asked for; it is not where it is an initial sequence number, which nobody can know.
        asks_seq: bool,
    },
}

/// The flags that are asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Flagged {
    /// SYN.
    pub syn: bool,
    /// FIN.
    pub fin: bool,
    /// RST.
    pub rst: bool,
    /// ACK.
    pub ack: bool,
}

/// What is asked of a segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Fields {
    /// Its flags.
    pub flags: Flagged,
    /// SEG.SEQ, where it is asked for.
    pub seq: Option<SeqNumber>,
    /// SEG.ACK, if it has the ACK flag.
    pub ack: Option<SeqNumber>,
    /// How many octets of text it has.
    pub len: u32,
}

/// An answer, right or wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Answer {
    /// This choice, from 0.
    Choice(usize),
    /// This number: a sequence number, or microseconds.
    Number(u64),
    /// These flags.
    Flags(Flagged),
    /// This segment.
    Segment(Fields),
}

/// What an answer is worth.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grade {
    /// The points that it gets.
    pub points: u32,
    /// The points that the right answer gets.
    pub most: u32,
    /// What is asked for, and whether it is right.
    pub parts: Vec<(Part, bool)>,
    /// The mistakes that explain what is wrong with it, as far as they are known ones.
    pub mistakes: Vec<Mistake>,
}

impl Grade {
    /// Whether the answer is right.
    pub fn is_full(&self) -> bool {
        self.points == self.most
    }
}

/// A part of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Part {
    /// The choice.
    Choice,
    /// The number, or the time.
    Number,
    /// The flags.
    Flags,
    /// SEG.SEQ.
    Seq,
    /// SEG.ACK.
    Ack,
    /// The length of the text.
    Len,
}

impl Part {
    /// The stable name.
    pub const fn name(self) -> &'static str {
        match self {
            Part::Choice => "choice",
            Part::Number => "number",
            Part::Flags => "flags",
            Part::Seq => "seq",
            Part::Ack => "ack",
            Part::Len => "len",
        }
    }
}

/// Why something that was typed is no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AnswerError {
    /// Nothing was typed.
    #[error("found nothing, expected an answer")]
    Nothing,
    /// No choice has this letter or number.
    #[error("found \"{found}\", expected a letter from a to {last}")]
    NoSuchChoice {
        /// What was typed.
        found: String,
        /// The letter of the last choice.
        last: char,
    },
    /// It is no number.
    #[error("found \"{found}\", expected a number from 0 to 4294967295")]
    NoNumber {
        /// What was typed.
        found: String,
    },
    /// It is no time.
    #[error("found \"{found}\", expected a time with its unit, such as 1.5s or 350ms")]
    NoTime {
        /// What was typed.
        found: String,
    },
    /// It is no flag, and no field.
    #[error("found \"{found}\", expected flags such as SYN,ACK, then seq=, ack= and len= with numbers")]
    NoField {
        /// What was typed.
        found: String,
    },
    /// It is no flag.
    #[error("found \"{found}\", expected flags such as SYN,ACK")]
    NoFlag {
        /// What was typed.
        found: String,
    },
    /// A field stands there twice.
    #[error("found {field}= twice, expected it once")]
    Twice {
        /// Which.
        field: &'static str,
    },
    /// A field is missing.
    #[error("found no {field}=, expected it")]
    Missing {
        /// Which.
        field: &'static str,
    },
    /// An acknowledgment number without the flag that gives it a meaning.
    #[error("found ack= and no flag ACK, expected both or neither")]
    AckWithoutFlag,
    /// There is no question.
    #[error("found no question, expected one to be asked first")]
    NothingAsked,
    /// The answer has another form than the question asks for.
    #[error("found an answer of another form than the question asks for")]
    OtherForm,
}

impl AnswerError {
    /// What JavaScript knows it by, and the end of the key of its words.
    pub const fn code(&self) -> &'static str {
        match self {
            AnswerError::Nothing => "nothing",
            AnswerError::NoSuchChoice { .. } => "no-such-choice",
            AnswerError::NoNumber { .. } => "no-number",
            AnswerError::NoTime { .. } => "no-time",
            AnswerError::NoField { .. } => "no-field",
            AnswerError::NoFlag { .. } => "no-flag",
            AnswerError::Twice { .. } => "twice",
            AnswerError::Missing { .. } => "missing",
            AnswerError::AckWithoutFlag => "ack-without-flag",
            AnswerError::NothingAsked => "nothing-asked",
            AnswerError::OtherForm => "other-form",
        }
    }
}

impl Form {
    /// The stable name.
    pub const fn name(&self) -> &'static str {
        match self {
            Form::Choice(_) => "choice",
            Form::Number => "number",
            Form::Time => "time",
            Form::Flags => "flags",
            Form::Segment { .. } => "segment",
        }
    }

    /// Reads what somebody typed.
    ///
    /// # Errors
    /// If it has not this form, with what was found and what was expected.
    pub fn read(&self, text: &str) -> Result<Answer, AnswerError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(AnswerError::Nothing);
        }
        match self {
            Form::Choice(choices) => read_choice(text, choices.len()),
            Form::Number => {
                let number = text.parse::<u32>().map_err(|_| AnswerError::NoNumber { found: repeated(text) })?;
                Ok(Answer::Number(number.into()))
            }
            Form::Time => {
                let together: String = text.chars().filter(|c| !c.is_whitespace()).collect();
                let time = parse_duration(&together).ok_or_else(|| AnswerError::NoTime { found: repeated(text) })?;
                Ok(Answer::Number(time.as_us()))
            }
            Form::Flags => {
                let mut flags = Flagged::default();
                for word in words(text) {
                    if !flags.set(word) {
                        return Err(AnswerError::NoFlag { found: repeated(word) });
                    }
                }
                Ok(Answer::Flags(flags))
            }
            Form::Segment { asks_seq } => read_segment(text, *asks_seq),
        }
    }
}

fn read_choice(text: &str, count: usize) -> Result<Answer, AnswerError> {
    let last = (b'a'..=b'z').nth(count.saturating_sub(1)).map_or('a', char::from);
    let mut chars = text.chars();
    let by_letter = match (chars.next(), chars.next()) {
        (Some(letter), None) => {
            ('a'..='z').position(|it| it == letter.to_ascii_lowercase()).filter(|place| *place < count)
        }
        _ => None,
    };
    let by_number = text.parse::<usize>().ok().and_then(|number| number.checked_sub(1)).filter(|place| *place < count);
    let place = by_letter.or(by_number).ok_or_else(|| AnswerError::NoSuchChoice { found: repeated(text), last })?;
    Ok(Answer::Choice(place))
}

fn read_segment(text: &str, asks_seq: bool) -> Result<Answer, AnswerError> {
    let mut flags = Flagged::default();
    let (mut seq, mut ack, mut len): (Option<u32>, Option<u32>, Option<u32>) = (None, None, None);
    for word in words(text) {
        let Some((name, number)) = word.split_once('=') else {
            if flags.set(word) {
                continue;
            }
            return Err(AnswerError::NoField { found: repeated(word) });
        };
        let (field, place) = match name.to_ascii_lowercase().as_str() {
            "seq" => ("seq", &mut seq),
            "ack" => ("ack", &mut ack),
            "len" => ("len", &mut len),
            "wnd" => continue,
            _ => return Err(AnswerError::NoField { found: repeated(word) }),
        };
        let number = number.parse().map_err(|_| AnswerError::NoNumber { found: repeated(word) })?;
        if place.replace(number).is_some() {
            return Err(AnswerError::Twice { field });
        }
    }
    match (flags.ack, ack) {
        (true, None) => return Err(AnswerError::Missing { field: "ack" }),
        (false, Some(_)) => return Err(AnswerError::AckWithoutFlag),
        (true, Some(_)) | (false, None) => {}
    }
    if asks_seq && seq.is_none() {
        return Err(AnswerError::Missing { field: "seq" });
    }
    let seq = seq.filter(|_| asks_seq).map(SeqNumber);
    Ok(Answer::Segment(Fields { flags, seq, ack: ack.map(SeqNumber), len: len.unwrap_or(0) }))
}

/// What stands between spaces and commas.
fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| c == ',' || c.is_whitespace()).filter(|word| !word.is_empty())
}

/// The beginning of what was typed.
fn repeated(text: &str) -> String {
    text.chars().take(MOST_REPEATED).collect()
}

impl Flagged {
    /// The flags of a segment.
    pub fn of(segment: &Segment) -> Self {
        let flags = segment.flags;
        Self { syn: flags.syn, fin: flags.fin, rst: flags.rst, ack: segment.ack.is_some() }
    }

    /// Sets the flag of this name, or takes one that does not count. Says whether there is such a flag.
    fn set(&mut self, name: &str) -> bool {
        match name.to_ascii_uppercase().as_str() {
            "SYN" => self.syn = true,
            "FIN" => self.fin = true,
            "RST" => self.rst = true,
            "ACK" => self.ack = true,
            // A dash stands for no flag.
            "PSH" | "URG" | "ECE" | "CWR" | "-" => {}
            _ => return false,
        }
        true
    }

    fn all(self) -> [bool; 4] {
        [self.syn, self.fin, self.rst, self.ack]
    }

    /// The points of these flags where others are right: one for each that is, less one for each that is not.
    fn points(self, right: Self) -> u32 {
        let count = |is_meant: fn(bool, bool) -> bool| {
            self.all().into_iter().zip(right.all()).filter(|(found, right)| is_meant(*found, *right)).count()
        };
        let (good, bad) = (count(|found, right| found && right), count(|found, right| found && !right));
        u32::try_from(good.saturating_sub(bad)).unwrap_or(0)
    }
}

impl fmt::Display for Flagged {
    /// As segments are printed: `SYN,ACK`; a dash for none.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut separator = "";
        for (is_set, name) in self.all().into_iter().zip(["SYN", "FIN", "RST", "ACK"]) {
            if is_set {
                write!(f, "{separator}{name}")?;
                separator = ",";
            }
        }
        if separator.is_empty() { f.write_str("-") } else { Ok(()) }
    }
}

impl Fields {
    /// Those of a segment, with SEG.SEQ if it is asked for.
    pub fn of(segment: &Segment, asks_seq: bool) -> Self {
        Self {
            flags: Flagged::of(segment),
            seq: asks_seq.then_some(segment.seq),
            ack: segment.ack,
            len: u32::try_from(segment.payload.len()).unwrap_or(u32::MAX),
        }
    }

    /// What is right of these fields where others are.
    fn parts(self, right: Self) -> Vec<(Part, bool)> {
        let mut parts = vec![(Part::Flags, self.flags == right.flags)];
        if right.seq.is_some() {
            parts.push((Part::Seq, self.seq == right.seq));
        }
        parts.extend([(Part::Ack, self.ack == right.ack), (Part::Len, self.len == right.len)]);
        parts
    }

    /// Whether everything in which `other` differs from what is right is the same here: so a mistake is seen beside another one.
    fn shares_what_is_wrong_with(self, other: Self, right: Self) -> bool {
        let is_shared = |is_right: bool, is_same: bool| is_right || is_same;
        self != right
            && is_shared(other.flags == right.flags, other.flags == self.flags)
            && is_shared(other.seq == right.seq, other.seq == self.seq)
            && is_shared(other.ack == right.ack, other.ack == self.ack)
            && is_shared(other.len == right.len, other.len == self.len)
    }
}

impl fmt::Display for Fields {
    /// As segments are printed: `SYN,ACK seq=300 ack=101 len=0`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.flags)?;
        for (name, number) in [("seq", self.seq), ("ack", self.ack)] {
            if let Some(number) = number {
                write!(f, " {name}={number}")?;
            }
        }
        write!(f, " len={}", self.len)
    }
}

/// A wrong answer that is a known mistake.
pub(super) type Known = (Answer, Mistake);

/// What an answer is worth where another is right: a choice 1 point; a number 2, and 1 for a known mistake that lies beside it; flags
/// as many as have to be set; a segment 1 for each field.
pub(super) fn grade(answer: Answer, right: Answer, known: &[Known]) -> Result<Grade, AnswerError> {
    let mut mistakes: Vec<Mistake> = Vec::new();
    let mut is_near = false;
    for (wrong, mistake) in known {
        let is_made = match (answer, *wrong, right) {
            (Answer::Segment(answer), Answer::Segment(wrong), Answer::Segment(right)) => {
                answer.shares_what_is_wrong_with(wrong, right)
            }
            (answer, wrong, right) => answer == wrong && answer != right,
        };
        if is_made && !mistakes.contains(mistake) {
            mistakes.push(*mistake);
            if let (Answer::Number(wrong), Answer::Number(right)) = (wrong, right) {
                is_near = wrong.abs_diff(right) == 1;
            }
        }
    }
    let (points, most, parts) = match (answer, right) {
        (Answer::Choice(answer), Answer::Choice(right)) => {
            let is_right = answer == right;
            (u32::from(is_right), 1, vec![(Part::Choice, is_right)])
        }
        (Answer::Number(answer), Answer::Number(right)) => {
            let is_right = answer == right;
            let points = if is_right { 2 } else { u32::from(is_near) };
            (points, 2, vec![(Part::Number, is_right)])
        }
        (Answer::Flags(answer), Answer::Flags(right)) => {
            (answer.points(right), right.points(right), vec![(Part::Flags, answer == right)])
        }
        (Answer::Segment(answer), Answer::Segment(right)) => {
            let parts = answer.parts(right);
            let points = parts.iter().filter(|(_, is_right)| *is_right).count();
            (u32::try_from(points).unwrap_or(0), u32::try_from(parts.len()).unwrap_or(0), parts)
        }
        (Answer::Choice(_) | Answer::Number(_) | Answer::Flags(_) | Answer::Segment(_), _) => {
            return Err(AnswerError::OtherForm);
        }
    };
    Ok(Grade { points, most, parts, mistakes })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(text: &str) -> Fields {
        match (Form::Segment { asks_seq: true }).read(text) {
            Ok(Answer::Segment(fields)) => fields,
            other => panic!("{text}: {other:?}"),
        }
    }

    #[test]
    fn segments_are_read_as_they_are_printed() {
        for text in ["SYN,ACK seq=300 ack=101 len=0", "SYN seq=100 len=0", "ACK seq=101 ack=301 len=5", "- seq=0 len=0"]
        {
            assert_eq!(fields(text).to_string(), text);
        }
        assert_eq!(fields(" psh, Ack  SEQ=1,ack=2 wnd=4000"), fields("ACK seq=1 ack=2 len=0"));
        let without = (Form::Segment { asks_seq: false }).read("SYN,ACK seq=7 ack=101");
        assert_eq!(
            without,
            (Form::Segment { asks_seq: false }).read("SYN,ACK ack=101 len=0"),
            "SEG.SEQ does not count"
        );
    }

    #[test]
    fn what_is_no_answer_is_told_with_what_was_expected() {
        let (choice, segment) = (Form::Choice(vec![Saying::plain("x"); 3]), Form::Segment { asks_seq: true });
        let table = [
            (&choice, " ", "found nothing, expected an answer"),
            (&choice, "d", "found \"d\", expected a letter from a to c"),
            (&choice, "0", "found \"0\", expected a letter from a to c"),
            (&Form::Number, "-1", "found \"-1\", expected a number from 0 to 4294967295"),
            (&Form::Number, "4294967296", "found \"4294967296\", expected a number from 0 to 4294967295"),
            (&Form::Time, "12", "found \"12\", expected a time with its unit, such as 1.5s or 350ms"),
            (&Form::Flags, "SYN+ACK", "found \"SYN+ACK\", expected flags such as SYN,ACK"),
            (
                &segment,
                "SYN sequence 7",
                "found \"sequence\", expected flags such as SYN,ACK, then seq=, ack= and len= with numbers",
            ),
            (&segment, "SYN seq=x", "found \"seq=x\", expected a number from 0 to 4294967295"),
            (&segment, "SYN seq=1 seq=1", "found seq= twice, expected it once"),
            (&segment, "SYN", "found no seq=, expected it"),
            (&segment, "ACK seq=1", "found no ack=, expected it"),
            (&segment, "SYN seq=1 ack=1", "found ack= and no flag ACK, expected both or neither"),
        ];
        for (form, typed, expected) in table {
            assert_eq!(form.read(typed).expect_err(typed).to_string(), expected);
        }
        let long = "x".repeat(1000);
        assert!(Form::Flags.read(&long).expect_err("no flag").to_string().len() < 100, "it is not repeated whole");
        assert_eq!(grade(Answer::Number(1), Answer::Choice(1), &[]), Err(AnswerError::OtherForm));
    }

    #[test]
    fn what_is_partly_right_gets_a_part_of_the_points() {
        let points = |answer, right, known: &[Known]| {
            let grade = grade(answer, right, known).expect("they have the same form");
            (grade.points, grade.most, grade.mistakes)
        };
        let right = Answer::Segment(fields("ACK seq=101 ack=146"));
        let known = [
            (Answer::Segment(fields("ACK seq=101 ack=102")), Mistake::AckCountsSegments),
            (Answer::Segment(fields("FIN,ACK seq=101 ack=146")), Mistake::FinAnswersFin),
        ];
        assert_eq!(points(right, right, &known), (4, 4, vec![]));
        let one = Answer::Segment(fields("ACK seq=101 ack=102"));
        assert_eq!(points(one, right, &known), (3, 4, vec![Mistake::AckCountsSegments]));
        let both = Answer::Segment(fields("FIN,ACK seq=101 ack=102"));
        let mistakes = vec![Mistake::AckCountsSegments, Mistake::FinAnswersFin];
        assert_eq!(points(both, right, &known), (2, 4, mistakes), "each mistake is seen beside the other");

        let near = [(Answer::Number(145), Mistake::NextIsLast), (Answer::Number(102), Mistake::SeqCountsSegments)];
        assert_eq!(points(Answer::Number(146), Answer::Number(146), &near), (2, 2, vec![]));
        assert_eq!(points(Answer::Number(145), Answer::Number(146), &near), (1, 2, vec![Mistake::NextIsLast]));
        assert_eq!(points(Answer::Number(102), Answer::Number(146), &near), (0, 2, vec![Mistake::SeqCountsSegments]));
        assert_eq!(points(Answer::Number(147), Answer::Number(146), &near), (0, 2, vec![]), "not a known mistake");

        let flags = |text| Form::Flags.read(text).expect("flags");
        let right = flags("SYN,ACK");
        for (text, expected) in [("SYN,ACK,PSH", 2), ("ACK", 1), ("SYN,FIN", 0), ("SYN,ACK,FIN", 1), ("RST", 0)] {
            assert_eq!(points(flags(text), right, &[]).0, expected, "{text}");
        }
    }

    #[test]
    fn choices_and_times_may_be_typed_in_either_way() {
        let choice = Form::Choice(vec![Saying::plain("x"); 3]);
        for text in ["b", "B", "2", " b "] {
            assert_eq!(choice.read(text), Ok(Answer::Choice(1)), "{text}");
        }
        for text in ["1.5s", "1.5 s", "1500ms"] {
            assert_eq!(Form::Time.read(text), Ok(Answer::Number(1_500_000)), "{text}");
        }
    }
}
