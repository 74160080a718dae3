//! Questions about runs: any story gives some, the engine knows their answers, and a wrong answer has a world in which it can be
//! seen what it leads to. `docs/questions.md` has the kinds and says what each shows.
//!
//! A question is a value: codes with arguments, a form, the right answer, the known mistakes. It is put together from a trace
//! alone, or for a what-if from the trace of that world. `told` puts it into words.
//!
//! | file | what |
//! |---|---|
//! | `kind` | what can be asked, and how hard it is |
//! | `mistake` | the well-known mistakes |
//! | `saying` | codes and their values |
//! | `answer` | forms, typed answers, grades |
//! | `dice` | draws by a seed |
//! | `world` | runs that were not, and their scripts |
//! | `story` | a story by a seed |
//! | `segments` | which segment leaves, and what the variables are then |
//! | `states` | what a side becomes, and what its application is told |
//! | `turns` | who sends next, and when |
//! | `faults` | what a loss, a copy, a delay lead to; where a fault was |
//! | `minds` | who knows what |
//! | `checks` | which check settles a segment |
//! | `closes` | what a close takes, and who waits after it |
//! | `times` | when something has come about |
//! | `told` | the words |
//!
//! ```
//! use synfin::quiz::{Kind, Quiz};
//! use synfin::scenario::{Scenario, story};
//! use synfin::text::Words;
//!
//! let quiz = Quiz::of(&Scenario::parse(story("life").expect("the catalogue has it").script)?);
//! let question = quiz.ask(Kind::NextSegment, 1).expect("segments leave in it");
//! println!("{}", question.prompt_in(&Words::default()));
//! let grade = question.grade(question.right())?;
//! assert!(grade.is_full());
//! assert_eq!(quiz.ask(Kind::NextSegment, 1), Some(question), "the same seed asks the same");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod kind;

mod mistake;

mod saying;

mod answer;

mod dice;

mod world;

mod story;

mod segments;

mod states;

mod turns;

mod faults;

mod minds;

mod checks;

mod closes;

mod times;

mod told;

use crate::chronicle::{Account, Chronicle, Whereabouts};
use crate::history::History;
use crate::insight::findings::{Finding, Findings};
use crate::insight::{self, StepInsight};
use crate::rule::Rule;
use crate::scenario::Scenario;
use crate::seq::SeqNumber;
use crate::tcp::{SegmentId, Side, State};
use crate::trace::{Departure, EventKind, Fate, Trace};

use answer::Known;
use dice::Dice;

pub use answer::{Answer, AnswerError, Fields, Flagged, Form, Grade, Part};
pub use kind::{Kind, Level};
pub use mistake::Mistake;
pub use saying::{Saying, Value};
pub use story::story_of;
pub use told::{error, log, reply, verdict};

/// Of a longer run, questions are asked about so many steps.
pub const MOST_STEPS: usize = 2000;

/// How many worlds are run to find one question.
pub const MOST_WORLDS: usize = 16;

/// How many rules an explanation names.
const MOST_RULES: usize = 4;

/// How many choices there are at most.
const MOST_CHOICES: usize = 4;

/// A question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// What is asked.
    pub kind: Kind,
    /// How hard it is.
    pub level: Level,
    /// What is seen of the run.
    pub shown: Shown,
    /// The question.
    pub prompt: Saying,
    /// In which form the answer is given.
    pub form: Form,
    right: Answer,
    wrong: Vec<Wrong>,
    because: Vec<Because>,
}

/// What is seen of the run while a question is asked. Its settings are seen in any case, see [`Quiz::settings`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Shown {
    /// Its first steps.
    Until(usize),
    /// What each host saw, in the first so many steps: what it sent and what arrived. What became of a segment on its way is not told.
    Logs(usize),
}

/// A wrong answer that is a known mistake.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wrong {
    /// The answer.
    pub answer: Answer,
    /// Which mistake it is.
    pub mistake: Mistake,
    /// A story that shows what it would lead to, or what would have to be so that it is right.
    pub world: Option<Box<Scenario>>,
}

/// A reason for the right answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Because {
    /// This rule.
    Rule(Rule),
    /// This, and the section that says so.
    Says(Saying, &'static str),
}

impl Question {
    /// The right answer.
    pub fn right(&self) -> Answer {
        self.right
    }

    /// The known mistakes, of a choice in the order of the choices.
    pub fn wrong(&self) -> &[Wrong] {
        &self.wrong
    }

    /// Why the right answer is right, with sections.
    pub fn because(&self) -> &[Because] {
        &self.because
    }

    /// Reads what somebody typed.
    ///
    /// # Errors
    /// If it has not the form of the question, with what was found and what was expected.
    pub fn read(&self, text: &str) -> Result<Answer, AnswerError> {
        self.form.read(text)
    }

    /// What an answer is worth.
    ///
    /// # Errors
    /// If it is of another form than the question asks for, or a choice that is not there.
    pub fn grade(&self, answer: Answer) -> Result<Grade, AnswerError> {
        if let (Form::Choice(choices), Answer::Choice(place)) = (&self.form, answer)
            && place >= choices.len()
        {
            return Err(AnswerError::OtherForm);
        }
        let known: Vec<Known> = self.wrong.iter().map(|wrong| (wrong.answer, wrong.mistake)).collect();
        answer::grade(answer, self.right, &known)
    }

    /// The world of a wrong answer: a story that shows what it would lead to, or what would have to be so that it is right; `None` if
    /// there is none.
    pub fn world(&self, answer: Answer) -> Option<&Scenario> {
        self.wrong.iter().find(|wrong| wrong.answer == answer)?.world.as_deref()
    }
}

/// A run about which questions are asked.
#[derive(Clone, Debug)]
pub struct Quiz {
    run: History,
    chronicle: Chronicle,
    /// How things stand after each step, from before the first one on.
    places: Vec<Place>,
    /// What is found in the whole run.
    found: Vec<Finding>,
}

/// How things stand after a step, as far as it decides what can be asked.
#[derive(Clone, Copy, Debug)]
struct Place {
    /// Whether no side has more than one connection.
    has_one_each: bool,
    /// Whether nothing will arrive.
    is_quiet: bool,
    /// The state of each host.
    states: [State; 2],
}

impl Place {
    fn of(account: &Account) -> Self {
        let has_one = |side| account.host(side).connections().len() <= 1;
        let mut copies = account.flights().iter().flat_map(|flight| &flight.copies);
        Self {
            has_one_each: Side::BOTH.into_iter().all(has_one),
            is_quiet: !copies.any(|it| matches!(it, Whereabouts::Due(_) | Whereabouts::Damaged(_))),
            states: Side::BOTH.map(|side| account.host(side).state()),
        }
    }
}

impl Quiz {
    /// The run of a story.
    pub fn of(story: &Scenario) -> Self {
        Self::of_run(&History::new(story.clone()))
    }

    /// The run on whose current branch a history is, with what was done to it.
    pub fn of_run(run: &History) -> Self {
        let mut run = run.clone();
        run.seek(MOST_STEPS);
        let mut chronicle = Chronicle::default();
        chronicle.update(run.trace());
        let mut account = Account::default();
        let mut places = vec![Place::of(&account)];
        for _ in 0..run.trace().steps() {
            account.take_step(run.trace());
            places.push(Place::of(&account));
        }
        let found = Findings::of(run.trace());
        Self { run, chronicle, places, found }
    }

    /// The whole run, as far as questions go.
    pub fn trace(&self) -> &Trace {
        self.run.trace()
    }

    /// The story.
    pub fn story(&self) -> &Scenario {
        self.run.scenario()
    }

    /// What is seen in any case: the settings of both hosts and of the link, as a script. What happens, what is lost and what must
    /// come true is not in it.
    pub fn settings(&self) -> Scenario {
        world::settings(self.story())
    }

    /// What is seen of the run while a question is asked.
    pub fn shown(&self, shown: Shown) -> Trace {
        let (Shown::Until(steps) | Shown::Logs(steps)) = shown;
        let mut trace = self.trace().clone();
        trace.truncate(steps);
        trace
    }

    /// A question of this kind, the same for the same seed; `None` if the run gives none, or none of the first [`MOST_WORLDS`]
    /// worlds that are run for it does.
    pub fn ask(&self, kind: Kind, seed: u64) -> Option<Question> {
        let steps = self.trace().steps() + 1;
        let start = Dice::new(seed, kind as u8, 0).place(steps);
        let in_order = (0..steps).map(|offset| (start + offset) % steps);
        let most = if kind.asks_worlds() { MOST_WORLDS } else { steps };
        let mut candidates = in_order.filter(|step| self.case(*step).may_give(kind)).take(most);
        candidates.find_map(|step| self.ask_about(kind, step, seed))
    }

    /// A question of whichever kind the seed names first of those of which the run gives any.
    pub fn ask_any(&self, seed: u64) -> Option<Question> {
        let mut kinds = Kind::ALL.to_vec();
        Dice::new(seed, u8::MAX, 0).shuffle(&mut kinds);
        kinds.into_iter().find_map(|kind| self.ask(kind, seed))
    }

    /// Every question that the run gives for a seed, kind by kind, in the order of the steps.
    pub fn all(&self, seed: u64) -> impl Iterator<Item = Question> + '_ {
        let places = Kind::ALL.iter().flat_map(|kind| (0..=self.trace().steps()).map(|step| (*kind, step)));
        let places = places.filter(|(kind, step)| self.case(*step).may_give(*kind));
        places.filter_map(move |(kind, step)| self.ask_about(kind, step, seed))
    }

    fn case(&self, step: usize) -> Case<'_> {
        Case { quiz: self, trace: self.trace(), step }
    }

    /// The question of this kind about a step, if there is one.
    fn ask_about(&self, kind: Kind, step: usize, seed: u64) -> Option<Question> {
        let mut dice = Dice::new(seed, kind as u8, step as u64 + 1);
        let case = self.case(step);
        let draft = match kind {
            Kind::NextSegment => segments::next_segment(&case),
            Kind::NextFlags => segments::next_flags(&case),
            Kind::Variable => segments::variable(&case, &mut dice),
            Kind::StateAfter => states::state_after(&case, &mut dice),
            Kind::Told => states::told(&case),
            Kind::WhoNext => turns::who_next(&case),
            Kind::When => turns::when(&case),
            Kind::IfLost => faults::if_lost(&case),
            Kind::IfDoubled => faults::if_doubled(&case),
            Kind::IfLate => faults::if_late(&case, &mut dice),
            Kind::WhoKnows => minds::who_knows(&case, &mut dice),
            Kind::WhichCheck => checks::which_check(&case),
            Kind::CloseCount => closes::close_count(&case),
            Kind::TimeWait => closes::time_wait(&case),
            Kind::WhereFault => faults::where_fault(&case),
            Kind::TotalTime => times::total_time(&case, &mut dice),
        }?;
        draft.finished(self, kind, &mut dice)
    }
}

/// A step of a run about which something may be asked.
struct Case<'a> {
    quiz: &'a Quiz,
    trace: &'a Trace,
    /// Which step, from 1; 0 before the first one.
    step: usize,
}

impl<'a> Case<'a> {
    /// The step, if it begins with something that can be said: an arrival, a call, a timer. With whose it is.
    fn stimulus(&self) -> Option<(StepInsight<'a>, Side, Saying)> {
        let insight = insight::step(self.trace, self.step)?;
        let (side, saying) = match insight.stimulus? {
            EventKind::Arrived { side, segment, .. } => {
                let segment = Value::segment(self.trace, *segment)?;
                (*side, Saying::new("stimulus.arrives", [("segment", segment), ("side", Value::Side(*side))]))
            }
            EventKind::Called { side, call, .. } => {
                let call = Value::Call((**call).clone());
                (*side, Saying::new("stimulus.calls", [("side", Value::Side(*side)), ("call", call)]))
            }
            EventKind::Expired { side, timer, .. } => {
                let timer = Value::Timer(*timer);
                (*side, Saying::new("stimulus.expires", [("side", Value::Side(*side)), ("timer", timer)]))
            }
            _ => return None,
        };
        self.has_one_each().then_some((insight, side, saying))
    }

    /// The segment whose arrival begins the step.
    fn arriving(&self) -> Option<SegmentId> {
        match self.trace.step(self.step).first()?.kind {
            EventKind::Arrived { segment, .. } => Some(segment),
            _ => None,
        }
    }

    /// Whether no side has, or had until this step, more than one connection: else it would have to be said which one is meant.
    fn has_one_each(&self) -> bool {
        [self.step.saturating_sub(1), self.step].into_iter().all(|step| self.place(step).has_one_each)
    }

    /// How things stand after a step of the run.
    fn place(&self, step: usize) -> Place {
        let last = self.quiz.places.len() - 1;
        self.quiz.places[step.min(last)]
    }

    /// Whether the step may give a question of this kind, as far as that is seen at little cost.
    fn may_give(&self, kind: Kind) -> bool {
        match kind {
            Kind::When => self.step > 0 && self.has_one_each() && self.place(self.step).is_quiet,
            Kind::WhoNext => self.has_one_each() && turns::last_segment(self).is_some(),
            Kind::IfLost | Kind::IfDoubled | Kind::IfLate => faults::on_its_way(self).is_some(),
            Kind::NextSegment
            | Kind::NextFlags
            | Kind::StateAfter
            | Kind::Variable
            | Kind::Told
            | Kind::WhoKnows
            | Kind::WhichCheck
            | Kind::CloseCount
            | Kind::TimeWait
            | Kind::WhereFault
            | Kind::TotalTime => true,
        }
    }

    /// The account after a step of the run.
    fn account(&self, step: usize) -> Account {
        self.quiz.chronicle.at(self.trace, step)
    }

    /// What is seen while something is asked about what the step leads to: the steps before it.
    fn before(&self) -> Shown {
        Shown::Until(self.step.saturating_sub(1))
    }

    /// The segments that have left before a step.
    fn departed_before(&self, step: usize) -> impl Iterator<Item = Departure<'a>> + '_ {
        self.trace.departures().take_while(move |it| (it.step as usize) < step)
    }

    /// Whether a number is seen before the step: in a segment, or as an initial number in the settings.
    fn is_seen(&self, number: SeqNumber) -> bool {
        let story = self.quiz.story();
        let is_initial = Side::BOTH.into_iter().any(|side| story.host(side).isns.contains(&number));
        is_initial
            || self.departed_before(self.step).any(|it| {
                let segment = &it.datagram.segment;
                segment.seq == number || segment.ack == Some(number)
            })
    }
}

/// A question that is not put in order yet.
struct Draft {
    shown: Shown,
    prompt: Saying,
    body: Body,
    because: Vec<Because>,
}

/// The answers of a draft.
enum Body {
    Choice { right: Saying, wrong: Vec<Distractor> },
    Typed { form: Form, right: Answer, wrong: Vec<Wrong> },
}

/// A choice that is wrong.
struct Distractor {
    says: Saying,
    mistake: Mistake,
    world: Option<Box<Scenario>>,
}

impl Distractor {
    fn new(says: Saying, mistake: Mistake) -> Self {
        Self { says, mistake, world: None }
    }
}

impl Draft {
    /// The question, its choices in the order that the dice give; `None` if what is left of it is none.
    fn finished(self, quiz: &Quiz, kind: Kind, dice: &mut Dice) -> Option<Question> {
        let Draft { shown, prompt, body, because } = self;
        let (form, right, wrong) = match body {
            Body::Choice { right, wrong } => {
                let mut choices: Vec<(Saying, Option<Distractor>)> = vec![(right, None)];
                for option in wrong {
                    if choices.len() < MOST_CHOICES && choices.iter().all(|(says, _)| *says != option.says) {
                        choices.push((option.says.clone(), Some(option)));
                    }
                }
                if choices.len() < 2 {
                    return None;
                }
                dice.shuffle(&mut choices);
                let right = Answer::Choice(choices.iter().position(|(_, wrong)| wrong.is_none())?);
                let wrong = choices.iter().zip(0..).filter_map(|((_, option), place)| {
                    let Distractor { mistake, world, .. } = option.as_ref()?;
                    Some(Wrong { answer: Answer::Choice(place), mistake: *mistake, world: world.clone() })
                });
                let wrong = wrong.collect();
                (Form::Choice(choices.into_iter().map(|(says, _)| says).collect()), right, wrong)
            }
            Body::Typed { form, right, wrong } => {
                let mut kept: Vec<Wrong> = Vec::new();
                for it in wrong {
                    if it.answer != right && kept.iter().all(|other| other.answer != it.answer) {
                        kept.push(it);
                    }
                }
                (form, right, kept)
            }
        };
        if let Answer::Number(number) = right
            && prompt.has_number(number)
        {
            return None;
        }
        let level = if has_trouble(&quiz.shown(shown)) { Level::Hard } else { kind.level() };
        Some(Question { kind, level, shown, prompt, form, right, wrong, because })
    }
}

/// Whether something has gone wrong on the way, or somebody interferes.
fn has_trouble(trace: &Trace) -> bool {
    trace.events().iter().any(|event| match &event.kind {
        EventKind::Intruded { .. }
        | EventKind::Interfered { .. }
        | EventKind::Crashed { .. }
        | EventKind::Refused { .. } => true,
        EventKind::Routed { fate, copy, .. } => !matches!(fate, Fate::Due(_)) || *copy > 0,
        _ => false,
    })
}

/// The rules of a step, as reasons.
fn rules_of(insight: &StepInsight<'_>) -> Vec<Because> {
    let mut because: Vec<Because> = Vec::new();
    for rule in insight.rules() {
        let rule = Because::Rule(rule);
        if because.len() < MOST_RULES && !because.contains(&rule) {
            because.push(rule);
        }
    }
    because
}
