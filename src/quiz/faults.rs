//! What a loss, a copy, a delay lead to, and where a fault was.

use crate::chronicle::Account;
use crate::insight;
use crate::insight::findings::{Finding, Findings, Kind as Found, Party};
use crate::rule::Rule;
use crate::tcp::{Action, Role, SegmentId, Side, State, UserEvent};
use crate::time::Duration;
use crate::trace::{Departure, EventKind, Fate, Trace};

use super::dice::Dice;
use super::saying::{Saying, Value};
use super::turns::copies_before;
use super::world::{self, World};
use super::{Because, Body, Case, Distractor, Draft, Mistake, Shown, rules_of};

/// How long after a doubled segment its copy arrives.
const COPY_AFTER: Duration = crate::scenario::script::DEFAULT_DUPLICATE_AFTER;

/// What is sent again first if a segment is lost.
pub(super) fn if_lost(case: &Case<'_>) -> Option<Draft> {
    let departure = on_its_way(case)?;
    let prompt = Saying::new("prompt.if-lost", [("segment", Value::segment(case.trace, departure.segment)?)]);
    repair(case, &departure, Action::Drop, prompt)
}

/// What is sent again first if a segment is late.
pub(super) fn if_late(case: &Case<'_>, dice: &mut Dice) -> Option<Draft> {
    let departure = on_its_way(case)?;
    let story = case.quiz.story();
    let rto = story.host(departure.from?).profile.initial_rto;
    let late = dice.pick([story.delay, rto.times(2)]);
    if late == Duration::ZERO {
        return None;
    }
    let values = [("segment", Value::segment(case.trace, departure.segment)?), ("late", Value::Time(late))];
    repair(case, &departure, Action::Delay(late), Saying::new("prompt.if-late", values))
}

/// The last segment that left in the step, if it is on its way and nothing else happens to it.
pub(super) fn on_its_way<'a>(case: &Case<'a>) -> Option<Departure<'a>> {
    let events = case.trace.step(case.step);
    let id = events.iter().rev().find_map(|event| match event.kind {
        EventKind::Sent { segment, .. } => Some(segment),
        _ => None,
    })?;
    let fates = events.iter().filter_map(|event| match event.kind {
        EventKind::Routed { segment, fate, .. } if segment == id => Some(fate),
        _ => None,
    });
    let is_plain = fates.map(|fate| matches!(fate, Fate::Due(_))).eq([true]);
    if !is_plain || !case.has_one_each() {
        return None;
    }
    case.trace.departure(id).filter(|it| it.connection.is_some() || it.datagram.segment.flags.rst)
}

/// What is sent again first.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Again {
    /// The segment itself.
    Itself,
    /// One of the other side's.
    Other(SegmentId),
    /// None, and both sides end as they would have.
    NoneMissing,
    /// None, and something is missing.
    NeverRepaired,
}

/// A question on who repairs what happens to a segment.
fn repair(case: &Case<'_>, departure: &Departure<'_>, action: Action, prompt: Saying) -> Option<Draft> {
    let side = departure.from?;
    let untouched = World::left_alone(case.quiz, case.step).gone_on();
    let mut world = World::left_alone(case.quiz, case.step);
    if !world.interfere(departure.segment, action) {
        return None;
    }
    let world = world.gone_on();
    if !(untouched.is_over() && world.is_over()) || repetitions(&untouched.trace, case.step).next().is_some() {
        return None;
    }
    // Whoever has text behind a gap says what is missing: that is neither silence nor a question.
    let asks = |trace: &Trace| {
        let mut later = trace.events().iter().filter(|event| event.step as usize > case.step);
        later.any(|event| {
            matches!(event.kind, EventKind::Decided { rule: Rule::TextOutOfOrder | Rule::FinOutOfOrder, .. })
        })
    };
    if asks(&world.trace) {
        return None;
    }
    let right = first_again(&untouched.trace, &world.trace, case.step, departure)?;
    let segment = &departure.datagram.segment;
    let says = |again: Again| -> Option<Saying> {
        let by = |id, side| Some([("segment", Value::segment(&world.trace, id)?), ("side", Value::Side(side))]);
        Some(match again {
            Again::Itself => Saying::new("choice.again", by(departure.segment, side)?),
            Again::Other(id) => Saying::new("choice.again", by(id, side.other())?),
            Again::NoneMissing => Saying::plain("choice.none-missing"),
            Again::NeverRepaired => Saying::new("choice.never-repaired", [("side", Value::Side(side.other()))]),
        })
    };
    let is_late = matches!(action, Action::Delay(_));
    let mistake = |wrong: Again| match (right, wrong) {
        (Again::Itself | Again::Other(_), Again::NoneMissing | Again::NeverRepaired) if is_late => {
            Mistake::TimerDoesNotWait
        }
        (Again::Itself | Again::Other(_), Again::NoneMissing | Again::NeverRepaired) => Mistake::LossIsNotRepaired,
        (_, Again::Itself) if segment.is_empty() && segment.flags.rst => Mistake::ResetIsNotRepeated,
        (_, Again::Itself) if segment.is_empty() => Mistake::AckIsRepeated,
        (Again::Other(_), Again::Itself) => Mistake::OtherMayRepair,
        (Again::Itself, Again::Other(_)) => Mistake::OtherTurn,
        (Again::NoneMissing | Again::NeverRepaired, Again::Itself | Again::Other(_)) if is_late => {
            Mistake::LateIsNotLost
        }
        (Again::NoneMissing, _) => Mistake::NotEachLossMatters,
        (_, _) => Mistake::LossIsNotRepaired,
    };
    let other = case
        .departed_before(case.step + 1)
        .filter(|it| it.from == Some(side.other()) && !it.datagram.segment.is_empty());
    let other = other.last().map(|it| Again::Other(it.segment));
    let script = world::with_fault(case.quiz, case.step, departure.segment, action, &world.trace);
    let distractor = |says: Saying, mistake: Mistake| Distractor { says, mistake, world: script.clone() };
    let mut wrong = Vec::new();
    for again in [Some(Again::Itself), other, Some(Again::NoneMissing)].into_iter().flatten() {
        // Which of its segments the other side would repeat is no second question.
        if again != right && !matches!((again, right), (Again::Other(_), Again::Other(_))) {
            wrong.push(distractor(says(again)?, mistake(again)));
        }
    }
    let asks = [("segment", Value::segment(&world.trace, departure.segment)?), ("side", Value::Side(side.other()))];
    wrong.push(distractor(Saying::new("choice.asks", asks), Mistake::ReceiverAsks));
    Some(Draft {
        shown: Shown::Until(case.step),
        prompt,
        body: Body::Choice { right: says(right)?, wrong },
        because: why(&world.trace, case.step, right, is_late),
    })
}

/// Why this is what happens.
fn why(world: &Trace, step: usize, right: Again, is_late: bool) -> Vec<Because> {
    let repeated = repetitions(world, step).next().and_then(|it| insight::step(world, it.step as usize));
    match (right, repeated) {
        (Again::Itself | Again::Other(_), Some(insight)) => rules_of(&insight),
        (_, _) if is_late => vec![Because::Says(Saying::plain("because.in-time"), "RFC 6298 §5")],
        (Again::NeverRepaired, _) => vec![Because::Says(Saying::plain("because.not-repeated"), "RFC 9293 §3.8.1")],
        (_, _) => vec![Because::Says(Saying::plain("because.none-missing"), "RFC 9293 §3.4")],
    }
}

/// What leaves after a step and left before.
fn repetitions(trace: &Trace, step: usize) -> impl Iterator<Item = Departure<'_>> {
    let all = (0..).map(SegmentId::after).map_while(|id| trace.departure(id));
    all.filter(move |it| it.step as usize > step && it.from.is_some())
        .filter(|it| it.role != Some(Role::Ack) && !it.datagram.segment.is_empty())
        .filter(|it| copies_before(trace, it).next().is_some())
}

/// What is sent again first; `None` where that has no plain answer.
fn first_again(untouched: &Trace, world: &Trace, step: usize, departure: &Departure<'_>) -> Option<Again> {
    let mut all = repetitions(world, step);
    let Some(first) = all.next() else {
        let is_same = Side::BOTH.into_iter().all(|side| came_to(untouched, side) == came_to(world, side));
        return Some(if is_same { Again::NoneMissing } else { Again::NeverRepaired });
    };
    if all.next().is_some_and(|second| second.at == first.at) {
        return None;
    }
    drop(all);
    let original = copies_before(world, &first).next()?;
    if original.segment == departure.segment || copies_before(world, departure).any(|it| it.segment == original.segment)
    {
        return Some(Again::Itself);
    }
    (first.from != departure.from).then_some(Again::Other(original.segment))
}

/// What a side's host and its application came to.
fn came_to(trace: &Trace, whose: Side) -> (State, usize, Vec<&UserEvent>) {
    let account = Account::until(trace, None);
    let host = account.host(whose);
    let told = trace.events().iter().filter_map(|event| match &event.kind {
        EventKind::Told { side, event, .. } if *side == whose => Some(event),
        _ => None,
    });
    (host.state(), host.half_open(), told.collect())
}

/// What becomes of the copy if a segment is doubled.
pub(super) fn if_doubled(case: &Case<'_>) -> Option<Draft> {
    let departure = on_its_way(case)?;
    let side = departure.to;
    let action = Action::Duplicate(COPY_AFTER);
    let mut world = World::left_alone(case.quiz, case.step);
    if !world.interfere(departure.segment, action) {
        return None;
    }
    let world = world.gone_on();
    let step = (case.step..=world.trace.steps()).find(|step| {
        let first = world.trace.step(*step).first();
        first.is_some_and(
            |event| matches!(event.kind, EventKind::Arrived { segment, copy: 1, .. } if segment == departure.segment),
        )
    })?;
    let insight = insight::step(&world.trace, step)?;
    let mut sent = insight.sent().filter_map(|id| world.trace.departure(id)).map(|it| &it.datagram.segment);
    let right = match (sent.next(), sent.next()) {
        (None, _) => "choice.copy-ignored",
        (Some(it), None) if it.flags.rst => "choice.copy-reset",
        (Some(it), None) if it.flags.syn => "choice.copy-answered-again",
        (Some(it), None) if it.is_empty() => "choice.copy-acknowledged",
        _ => return None,
    };
    drop(sent);
    let is_taken = |rule| matches!(rule, Rule::TextInOrder | Rule::FinReceived | Rule::TextOutOfOrder);
    if insight.rules().any(is_taken) || !insight.created.is_empty() {
        return None;
    }
    let mistake = |wrong: &str| match wrong {
        "choice.copy-ignored" => Mistake::CopyIsAnswered,
        "choice.copy-reset" => Mistake::CopyIsNoIntruder,
        _ => Mistake::CopyIsIgnored,
    };
    let script = world::with_fault(case.quiz, case.step, departure.segment, action, &world.trace);
    let distractor = |code, mistake| Distractor { says: Saying::plain(code), mistake, world: script.clone() };
    // Who sends a SYN,ACK again acknowledges with it.
    let acknowledged = (right != "choice.copy-answered-again").then_some("choice.copy-acknowledged");
    let others = [acknowledged, Some("choice.copy-ignored"), Some("choice.copy-reset")].into_iter().flatten();
    let wrong = [distractor("choice.copy-counts", Mistake::CopyCountsTwice)]
        .into_iter()
        .chain(others.filter(|code| *code != right).map(|code| distractor(code, mistake(code))));
    let values = [
        ("segment", Value::segment(case.trace, departure.segment)?),
        ("side", Value::Side(side)),
        ("after", Value::Time(COPY_AFTER)),
    ];
    let mut because = rules_of(&insight);
    if because.is_empty() {
        because.push(Because::Says(Saying::plain("because.none-missing"), "RFC 9293 §3.4"));
    }
    Some(Draft {
        shown: Shown::Until(case.step),
        prompt: Saying::new("prompt.if-doubled", values),
        body: Body::Choice { right: Saying::plain(right), wrong: wrong.collect() },
        because,
    })
}

/// Why a segment was sent again, or at the end of a run whose turn it is.
pub(super) fn where_fault(case: &Case<'_>) -> Option<Draft> {
    let steps = case.trace.steps();
    let is_repetition = case
        .trace
        .step(case.step)
        .iter()
        .any(|event| matches!(event.kind, EventKind::Sent { role: Some(Role::Retransmission), .. }));
    if is_repetition {
        return repeated(case);
    }
    if case.step == steps && steps < super::MOST_STEPS { left(case) } else { None }
}

fn repeated(case: &Case<'_>) -> Option<Draft> {
    // What arrives at a host that is down is in no log, and what is damaged arrives all the same.
    let is_unclear = |event: &crate::trace::Event| {
        matches!(event.kind, EventKind::Crashed { .. } | EventKind::Routed { fate: Fate::Damaged(_), .. })
    };
    if case.trace.events().iter().any(is_unclear) {
        return None;
    }
    let found = &case.quiz.found;
    let causes = [
        (Found::RepeatedLost, "choice.was-lost"),
        (Found::RepeatedAckLost, "choice.answer-lost"),
        (Found::RepeatedLate, "choice.only-late"),
        (Found::RepeatedNotTaken, "choice.not-taken"),
    ];
    let mut here = found.iter().filter(|it| it.step == case.step && causes.iter().any(|(kind, _)| *kind == it.kind));
    let it = here.next()?;
    let (first, again) = (*it.segments.first()?, *it.segments.last()?);
    let says = |code| Some(Saying::new(code, [("segment", Value::segment(case.trace, first)?)]));
    let mut right = None;
    let mut wrong = Vec::new();
    for (kind, code) in causes {
        if kind == it.kind {
            right = says(code);
        } else {
            wrong.push(Distractor::new(says(code)?, confused(it.kind, kind)));
        }
    }
    let values = [("segment", Value::segment(case.trace, first)?), ("again", Value::segment(case.trace, again)?)];
    Some(Draft {
        shown: Shown::Logs(case.trace.steps()),
        prompt: Saying::new("prompt.where-fault", values),
        body: Body::Choice { right: right?, wrong },
        because: vec![Because::Says(Saying::plain("because.compare-logs"), it.kind.section())],
    })
}

/// Which mistake it is to take one cause for another.
fn confused(right: Found, wrong: Found) -> Mistake {
    match (right, wrong) {
        (Found::RepeatedLost, Found::RepeatedAckLost) => Mistake::RepeatedWasLost,
        (Found::RepeatedAckLost | Found::RepeatedLate | Found::RepeatedNotTaken, Found::RepeatedLost) => {
            Mistake::RepeatedIsNotLost
        }
        (_, Found::RepeatedNotTaken) | (Found::RepeatedNotTaken, _) => Mistake::ArrivedIsNotTaken,
        (_, _) => Mistake::LateOrLost,
    }
}

/// Whose turn it is where a connection stays.
fn left(case: &Case<'_>) -> Option<Draft> {
    let mut findings = Findings::default();
    findings.update(case.trace);
    let is_stay = |it: &Finding| matches!(it.kind, Found::StaysInCloseWait | Found::StaysInFinWait2);
    let left = findings.left();
    let it = left.iter().find(|it| is_stay(it))?;
    let Some(Party::Side(who)) = it.of else { return None };
    if !case.has_one_each() || left.iter().any(|other| other.of != it.of) {
        return None;
    }
    let state = if it.kind == Found::StaysInCloseWait { State::CloseWait } else { State::FinWait2 };
    let application = |side| Saying::new("choice.application", [("side", Value::Side(side))]);
    let tcp = |side| Saying::new("choice.tcp", [("side", Value::Side(side))]);
    let wrong = vec![
        Distractor::new(application(who.other()), Mistake::OtherApplication),
        Distractor::new(tcp(who), Mistake::ApplicationMustAct),
        Distractor::new(tcp(who.other()), Mistake::ApplicationMustAct),
    ];
    Some(Draft {
        shown: Shown::Until(case.step),
        prompt: Saying::new("prompt.whose-turn", [("side", Value::Side(it.side)), ("state", Value::State(state))]),
        body: Body::Choice { right: application(who), wrong },
        because: vec![Because::Says(Saying::plain("because.application-closes"), it.kind.section())],
    })
}
