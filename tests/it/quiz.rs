//! Questions: the engine's own answer is right and no known mistake is, nothing that is seen has the answer, and everything that can
//! be said is said somewhere, in every language. What must be true of each question is told here once more, from the trace that is
//! shown alone.

use std::collections::{BTreeSet, HashSet};
use std::fs;
use std::path::Path;

use proptest::prelude::*;
use synfin::chronicle::Account;
use synfin::history::History;
use synfin::quiz::{
    self, Answer, AnswerError, Because, Fields, Flagged, Form, Kind, Mistake, Question, Quiz, Saying, Shown, Value,
    story_of,
};
use synfin::scenario::{CATALOGUE, Scenario};
use synfin::tcp::{SegmentId, Side};
use synfin::text::{Language, Words};
use synfin::time::Duration;
use synfin::trace::{EventKind, Trace};

use crate::as_read::assert_as_read;
use crate::properties;

fn parse(script: &str) -> Scenario {
    Scenario::parse(script).unwrap_or_else(|it| panic!("{it}\n{script}"))
}

/// All stories of the catalogue, all other scripts, and some that seeds make: their names and what they give.
fn every_quiz() -> impl Iterator<Item = (String, Quiz)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let files = fs::read_dir(root.join("tests/scripts")).expect("the folder is there");
    let mut paths: Vec<_> = files.map(|file| file.expect("the folder can be listed").path()).collect();
    paths.sort();
    let scripts = paths
        .into_iter()
        .map(|path| (path.display().to_string(), parse(&fs::read_to_string(&path).expect("scripts are text"))));
    let stories = CATALOGUE.iter().map(|story| (story.id.to_owned(), parse(story.script)));
    let seeds = (0..40).map(|seed| (format!("seed {seed}"), story_of(seed)));
    stories.chain(scripts).chain(seeds).map(|(name, story)| (name, Quiz::of(&story)))
}

/// The side of which a question is.
fn side_of(question: &Question) -> Side {
    let side = question.prompt.values.iter().find_map(|(name, value)| match value {
        Value::Side(side) if *name == "side" => Some(*side),
        _ => None,
    });
    side.expect("the question is about a side")
}

/// The segments of a trace.
fn segments(trace: &Trace) -> impl Iterator<Item = synfin::trace::Departure<'_>> {
    trace.departures()
}

/// Why the answer is seen already; `None` if it is not. This says per kind what `docs/questions.md` says.
fn is_on_screen(quiz: &Quiz, question: &Question) -> Option<String> {
    let shown = quiz.shown(question.shown);
    let last = shown.events().last().map(|event| event.at.as_us());
    let seen = |what: &str| Some(format!("{what} in {question:?}"));
    match (question.kind, question.right()) {
        (Kind::NextSegment, Answer::Segment(right)) => segments(&shown)
            .any(|it| {
                it.from == Some(side_of(question)) && Fields::of(&it.datagram.segment, right.seq.is_some()) == right
            })
            .then(|| seen("the same segment"))?,
        (Kind::NextFlags, Answer::Flags(_)) => None,
        (Kind::Variable, Answer::Number(right)) => {
            let is_it = |number: u32| u64::from(number) == right;
            let in_segments = segments(&shown).any(|it| {
                let segment = &it.datagram.segment;
                is_it(segment.seq.0) || segment.ack.is_some_and(|ack| is_it(ack.0))
            });
            let settings = quiz.settings().to_string();
            let in_settings = settings.split(|c: char| !c.is_ascii_digit()).any(|word| word.parse() == Ok(right));
            (in_segments || (in_settings && right > 100)).then(|| seen("the number"))?
        }
        (Kind::When | Kind::TotalTime, Answer::Number(right)) => {
            last.is_some_and(|last| last >= right).then(|| seen("the time"))?
        }
        (Kind::StateAfter, Answer::Choice(place)) => {
            let account = Account::until(&shown, None);
            let now = account.host(side_of(question)).state();
            let Form::Choice(choices) = &question.form else { return seen("no choices") };
            choices[place].values.contains(&("state", Value::State(now))).then(|| seen("the state"))?
        }
        (Kind::CloseCount | Kind::TimeWait, _) => {
            segments(&shown).any(|it| it.datagram.segment.flags.fin).then(|| seen("a FIN"))?
        }
        (Kind::IfLost | Kind::IfLate | Kind::IfDoubled | Kind::WhichCheck, _) => {
            let id = question.prompt.values.iter().find_map(|(name, value)| match value {
                Value::Segment(id, _) if *name == "segment" => Some(*id),
                _ => None,
            });
            let arrived = shown.events().iter().filter_map(|event| match event.kind {
                EventKind::Arrived { segment, copy, .. } => Some((segment, copy)),
                _ => None,
            });
            let count = arrived.filter(|(segment, _)| Some(*segment) == id).count();
            let may_have = if question.kind == Kind::WhichCheck { 1 } else { 0 };
            (count > may_have).then(|| seen("the arrival"))?
        }
        (Kind::WhereFault, _) => match question.shown {
            // A log says what left and what arrived; whose turn it is says no state.
            Shown::Logs(_) | Shown::Until(_) => None,
        },
        (Kind::Told | Kind::WhoNext | Kind::WhoKnows, Answer::Choice(_)) => None,
        (kind, answer) => panic!("{kind:?} has no answer like {answer:?}"),
    }
}

/// Everything that must be true of a question.
fn check(name: &str, quiz: &Quiz, question: &Question, languages: &[Words]) {
    let place = || format!("{name}: {question:#?}");
    let right = question.right();
    assert!(question.grade(right).expect("it has the form").is_full(), "{}", place());
    for wrong in question.wrong() {
        let grade = question.grade(wrong.answer).expect("it has the form");
        assert!(!grade.is_full() && grade.points < grade.most, "{}", place());
        assert!(grade.mistakes.contains(&wrong.mistake), "{}", place());
    }
    if let Form::Choice(choices) = &question.form {
        assert!(choices.len() >= 2 && question.wrong().len() == choices.len() - 1, "{}", place());
        let full = (0..choices.len()).filter(|at| question.grade(Answer::Choice(*at)).expect("a choice").is_full());
        assert_eq!(full.count(), 1, "{}", place());
        assert_eq!(question.grade(Answer::Choice(choices.len())), Err(AnswerError::OtherForm));
    }
    assert_eq!(is_on_screen(quiz, question), None, "{name}");
    assert!(!question.because().is_empty(), "{}", place());
    for words in languages {
        check_words(question, words, &place);
    }
    // Some settings of random stories cannot be written.
    let is_writable = Scenario::parse(&quiz.settings().to_string()).is_ok();
    let worlds = question.wrong().iter().filter(|_| is_writable).filter_map(|wrong| wrong.world.as_deref());
    for world in worlds {
        let script = world.to_string();
        assert_eq!(Scenario::parse(&script).as_ref(), Ok(world), "{script}");
    }
}

/// What is said of it.
fn check_words(question: &Question, words: &Words, place: &dyn Fn() -> String) {
    let choices = question.choices_in(words);
    let distinct: BTreeSet<&String> = choices.iter().collect();
    assert_eq!(distinct.len(), choices.len(), "{choices:?} {}", place());
    let right = question.right();
    // What is typed is read as what was meant.
    if choices.is_empty() {
        assert_eq!(question.read(&question.answer_in(right, words)), Ok(right), "{}", place());
    }
    let mut sayings = vec![(question.prompt_in(words), numbers_of(&question.prompt))];
    if let Form::Choice(choices) = &question.form {
        sayings.extend(question.choices_in(words).into_iter().zip(choices.iter().map(numbers_of)));
    }
    for (told, because) in question.because_in(words).into_iter().zip(question.because()) {
        let (section, mut numbers) = match because {
            Because::Rule(rule) => (rule.section(), digits(words.title(*rule))),
            Because::Says(says, section) => (*section, numbers_of(says)),
        };
        assert!(told.contains(section), "{told}");
        numbers.extend(digits(section));
        sayings.push((told, numbers));
    }
    for (told, numbers) in sayings {
        assert!(!told.trim().is_empty() && !told.contains(['{', '}']), "{told:?} {}", place());
        // Names of states and limits have digits of their own.
        let bare =
            ["FIN-WAIT-1", "FIN-WAIT-2", "R1", "R2"].iter().fold(told.clone(), |text, name| text.replace(name, ""));
        for number in digits(&bare) {
            assert!(numbers.contains(&number), "{number} in {told:?} is none of {numbers:?}: {}", place());
        }
    }
}

/// The numbers that stand in a text.
fn digits(text: &str) -> BTreeSet<String> {
    text.split(|c: char| !(c.is_ascii_digit() || c == '.'))
        .map(|it| it.trim_matches('.').to_owned())
        .filter(|it| !it.is_empty())
        .collect()
}

/// The numbers that the values of a saying are written with.
fn numbers_of(says: &Saying) -> BTreeSet<String> {
    let mut numbers = BTreeSet::new();
    for value in says.all_values() {
        match value {
            Value::Number(number) => {
                numbers.insert(number.to_string());
            }
            Value::Time(time) => numbers.extend(digits(&time.to_string())),
            Value::Segment(id, _) => {
                numbers.insert(id.to_string());
            }
            Value::Call(call) => numbers.extend(digits(&synfin::text::call(call, &Words::default()))),
            Value::News(event) => numbers.extend(digits(&synfin::text::user_event(event, &Words::default()))),
            Value::Side(_)
            | Value::State(_)
            | Value::Timer(_)
            | Value::Variable(_)
            | Value::Fact(_)
            | Value::Level(_)
            | Value::Saying(_) => {}
        }
    }
    numbers
}

#[test]
fn every_question_of_every_story_has_one_right_answer_and_does_not_show_it() {
    let languages = Language::ALL.map(Words::of);
    let mut kinds = BTreeSet::new();
    for (name, quiz) in every_quiz() {
        for question in quiz.all(7) {
            check(&name, &quiz, &question, &languages);
            kinds.insert(question.kind);
        }
    }
    assert_eq!(kinds.into_iter().collect::<Vec<_>>(), Kind::ALL);
}

/// Each mistake is offered somewhere, and every text of `words/*/quiz.txt` is said somewhere.
#[test]
fn every_mistake_and_every_text_is_reached() {
    let mut mistakes = BTreeSet::new();
    let mut codes: BTreeSet<&str> =
        ["verdict.right", "verdict.partly", "verdict.wrong", "log.sent", "log.received"].into();
    for seed in [1, 2, 3] {
        for (_, quiz) in every_quiz() {
            for question in quiz.all(seed) {
                mistakes.extend(question.wrong().iter().map(|wrong| wrong.mistake));
                codes.insert(question.prompt.code);
                let within = question.prompt.all_values();
                codes.extend(within.into_iter().filter_map(|value| match value {
                    Value::Saying(says) => Some(says.code),
                    _ => None,
                }));
                if let Form::Choice(choices) = &question.form {
                    codes.extend(choices.iter().map(|says| says.code));
                }
                codes.extend(question.because().iter().filter_map(|because| match because {
                    Because::Says(says, _) => Some(says.code),
                    Because::Rule(_) => None,
                }));
            }
        }
    }
    let missing: Vec<&str> = Mistake::ALL.iter().filter(|it| !mistakes.contains(it)).map(|it| it.id()).collect();
    assert_eq!(missing, Vec::<&str>::new(), "mistakes that nobody is offered");
    let said = |key: &str| codes.contains(key) || ["mistake.", "form.", "error."].iter().any(|it| key.starts_with(it));
    for words in Language::ALL.map(Words::of) {
        let unsaid: Vec<&str> = words.all_of_quiz().map(|(key, _)| key).filter(|key| !said(key)).collect();
        assert_eq!(unsaid, Vec::<&str>::new(), "texts that nobody says");
        let replies: Vec<String> = Mistake::ALL.iter().map(|mistake| quiz::reply(*mistake, &words)).collect();
        let distinct: BTreeSet<&String> = replies.iter().collect();
        assert!(replies.iter().all(|it| !it.is_empty()) && distinct.len() == replies.len(), "each has its own reply");
        // What is said to everybody has no number in it.
        let same = |key: &str| ["mistake.", "form.", "error."].iter().any(|it| key.starts_with(it));
        let numbers: BTreeSet<String> =
            words.all_of_quiz().filter(|(key, _)| same(key)).flat_map(|(_, text)| digits(text)).collect();
        assert_eq!(numbers, BTreeSet::new());
        let texts = words.all_of_quiz().filter(|(key, _)| key.starts_with("mistake.")).count();
        assert_eq!(texts, Mistake::ALL.len());
    }
}

/// `docs/questions.md` has every kind and every mistake, as the code says them.
#[test]
fn the_docs_have_every_kind_and_every_mistake() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let docs = fs::read_to_string(root.join("docs/questions.md")).expect("it is there");
    let rows = |cells: usize| {
        let rows = docs.lines().filter(move |line| line.starts_with("| `") && line.matches('|').count() == cells + 1);
        rows.map(|line| line.split('`').nth(1).expect("a name")).collect::<Vec<_>>()
    };
    assert_eq!(rows(5), Kind::ALL.iter().map(|it| it.name()).collect::<Vec<_>>());
    assert_eq!(rows(2), Mistake::ALL.iter().map(|it| it.id()).collect::<Vec<_>>());
    for kind in Kind::ALL {
        assert!(docs.contains(&format!("| `{}` | {} |", kind.name(), kind.level().name())), "{}", kind.name());
    }
}

/// Every form has its hint, and every error of a typed answer its words.
#[test]
fn what_is_no_answer_is_told_in_every_language() {
    let found = || "x".to_owned();
    let errors = [
        AnswerError::Nothing,
        AnswerError::NoSuchChoice { found: found(), last: 'd' },
        AnswerError::NoNumber { found: found() },
        AnswerError::NoTime { found: found() },
        AnswerError::NoField { found: found() },
        AnswerError::NoFlag { found: found() },
        AnswerError::Twice { field: "seq" },
        AnswerError::Missing { field: "ack" },
        AnswerError::AckWithoutFlag,
        AnswerError::NothingAsked,
        AnswerError::OtherForm,
    ];
    for words in Language::ALL.map(Words::of) {
        let told: BTreeSet<String> = errors.iter().map(|error| quiz::error(error, &words)).collect();
        assert!(told.len() == errors.len() && told.iter().all(|it| !it.is_empty() && !it.contains('{')), "{told:?}");
        let keys = words.all_of_quiz().filter(|(key, _)| key.starts_with("error.")).count();
        assert_eq!(keys, errors.len());
        let codes: BTreeSet<&str> = errors.iter().map(AnswerError::code).collect();
        assert!(words.all_of_quiz().filter_map(|(key, _)| key.strip_prefix("error.")).all(|it| codes.contains(it)));
        let quiz = Quiz::of(&story_of(1));
        let hints: BTreeSet<String> = quiz.all(1).map(|question| question.hint_in(&words)).collect();
        assert_eq!(hints.len(), words.all_of_quiz().filter(|(key, _)| key.starts_with("form.")).count(), "{hints:?}");
        assert!(!hints.contains(""));
    }
}

/// The worlds of wrong answers: a loss, a copy or a delay happens in them as it was asked; a wrong segment leaves; and until then all
/// is as it was seen.
#[test]
fn the_world_of_a_wrong_answer_begins_as_what_is_seen() {
    let mut worlds = 0;
    for (name, quiz) in every_quiz() {
        for question in quiz.all(7).filter(|it| it.kind != Kind::StateAfter) {
            for wrong in question.wrong() {
                let Some(world) = question.world(wrong.answer) else { continue };
                let mut run = History::new(world.clone());
                run.seek(quiz::MOST_STEPS);
                let left = |trace: &Trace| -> Vec<_> {
                    segments(trace).map(|it| (it.at, it.from, it.datagram.clone())).collect()
                };
                let (seen, then) = (left(&quiz.shown(question.shown)), left(run.trace()));
                assert_eq!(seen.as_slice(), &then[..seen.len()], "{name}: {question:#?}\n{world}");
                if let (Answer::Segment(wrong), Form::Segment { asks_seq }) = (wrong.answer, &question.form) {
                    let mut forged = then.iter().filter(|(_, from, _)| from.is_none()).map(|(.., it)| &it.segment);
                    assert!(forged.any(|it| Fields::of(it, *asks_seq) == wrong), "{wrong} does not leave in\n{world}");
                }
                worlds += 1;
            }
        }
    }
    assert!(worlds > 500, "{worlds}");
}

/// What a counterfactual setting makes true is shown under it.
#[test]
fn a_mistake_that_a_setting_makes_true_is_shown_under_it() {
    let quiz = Quiz::of(&parse(synfin::scenario::story("life").expect("the catalogue has it").script));
    let shown: BTreeSet<Mistake> = quiz
        .all(1)
        .filter(|question| question.kind == Kind::StateAfter)
        .flat_map(|question| question.wrong().to_vec())
        .filter_map(|wrong| wrong.world.map(|_| wrong.mistake))
        .collect();
    assert_eq!(shown.into_iter().collect::<Vec<_>>(), [Mistake::ServerEstablishedAtOnce, Mistake::NoTimeWait]);
}

/// Questions by seed, as they were read once: the same everywhere.
#[test]
fn a_seed_names_its_questions() {
    let words = Words::default();
    let mut text = String::new();
    for seed in 1..=60 {
        let quiz = Quiz::of(&story_of(seed));
        let question = quiz.ask_any(seed).expect("every story gives some");
        assert_eq!(quiz.ask_any(seed).as_ref(), Some(&question));
        text += &question.line_in(seed, &words);
    }
    assert_as_read([(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/questions.txt"), text)]);
}

/// The classics of examinations, with their answers worked out by hand.
#[test]
fn the_classics_have_the_answers_of_the_books() {
    let story =
        |lines: &str| Quiz::of(&parse(&format!("client isn 100\nserver isn 300, listen 80\nlink delay 50ms\n{lines}")));
    let answers = |quiz: &Quiz, kind: Kind| -> HashSet<Answer> {
        quiz.all(1).chain(quiz.all(2)).chain(quiz.all(5)).filter(|it| it.kind == kind).map(|it| it.right()).collect()
    };
    let ms = |ms: u64| Answer::Number(Duration::from_ms(ms).as_us());
    // One round trip for who opens, one and a half for the other; two lost SYNs cost 1 s and 2 s.
    let plain = story("at 0ms client open\n");
    assert!(answers(&plain, Kind::TotalTime).is_subset(&HashSet::from([ms(100), ms(150)])));
    let lossy = story("drop client syn 1\ndrop client syn 2\nat 0ms client open\n");
    assert!(answers(&lossy, Kind::TotalTime).is_subset(&HashSet::from([ms(3100), ms(3150)])));
    assert!(answers(&lossy, Kind::When).is_superset(&HashSet::from([ms(3000)])), "{:?}", answers(&lossy, Kind::When));
    // A close in four: 2 MSL of two minutes after the second FIN has arrived.
    let close = "when client ESTABLISHED after 100ms client close\nwhen server CLOSE-WAIT after 100ms server close\n";
    let closes = story(&format!("at 0ms client open\n{close}"));
    assert!(answers(&closes, Kind::TotalTime).contains(&ms(400 + 240_000)), "{:?}", answers(&closes, Kind::TotalTime));
    let flags = |syn, fin, ack| Answer::Flags(Flagged { syn, fin, rst: false, ack });
    let asked = answers(&closes, Kind::NextFlags);
    assert!(
        [flags(true, false, false), flags(true, false, true), flags(false, true, true)]
            .iter()
            .all(|it| asked.contains(it))
    );
}

/// A learner's run with what was done to it: what is asked about it is about that.
#[test]
fn a_run_with_deeds_gives_questions_about_them() {
    let mut run =
        History::new(parse("client isn 100\nserver isn 300, listen 80\nlink delay 50ms\nat 0ms client open\n"));
    run.seek(2);
    run.interfere(SegmentId::FIRST, synfin::tcp::Action::Drop).expect("it is on its way");
    run.run_to_end();
    let quiz = Quiz::of_run(&run);
    let languages = Language::ALL.map(Words::of);
    let mut kinds = BTreeSet::new();
    for question in quiz.all(1) {
        check("a run with a loss", &quiz, &question, &languages);
        kinds.insert(question.kind);
    }
    assert!(kinds.contains(&Kind::WhereFault), "{kinds:?}");
}

proptest! {
    #![proptest_config(properties::cases(24))]

    /// Any story gives questions of which all this is true, and runs that never end do no harm.
    #[test]
    fn questions_about_random_stories_have_one_right_answer(
        story in prop_oneof![properties::story(), properties::wild_story(), properties::troubled_story()],
        seed: u64,
    ) {
        let languages = [Words::of(Language::TraditionalChinese)];
        let quiz = Quiz::of(&story);
        for kind in Kind::ALL {
            if let Some(question) = quiz.ask(*kind, seed) {
                check(&story.to_string(), &quiz, &question, &languages);
                prop_assert_eq!(quiz.ask(*kind, seed), Some(question), "the same seed asks the same");
            }
        }
    }

    /// Whatever is typed is an answer or an error that says what was expected.
    #[test]
    fn whatever_is_typed_is_read_or_refused(typed in ".{0,60}", seed in 0u64..30) {
        let quiz = Quiz::of(&story_of(seed));
        for kind in Kind::ALL {
            let Some(question) = quiz.ask(*kind, seed) else { continue };
            if let Ok(answer) = question.read(&typed) {
                prop_assert!(question.grade(answer).is_ok());
            }
        }
    }
}
