//! When something has come about, from the times of the network and of the timers.

use crate::insight::findings::Kind as Found;
use crate::tcp::{Call, Open, SegmentId, Side, State};
use crate::time::{Duration, Instant};
use crate::trace::{Departure, EventKind, Fate, Trace};

use super::closes::Close;
use super::dice::Dice;
use super::saying::{Saying, Value};
use super::{Answer, Because, Body, Case, Draft, Form, Mistake, Shown, Wrong};

/// When a side is established, before anything has happened; or when the last connection is over, before the close.
pub(super) fn total_time(case: &Case<'_>, dice: &mut Dice) -> Option<Draft> {
    if case.step == 0 { established(case, dice) } else { over(case) }
}

/// Of a right answer and wrong ones, the form.
fn typed(right: Instant, wrong: Vec<(Instant, Mistake)>) -> Body {
    let time = |at: Instant| Answer::Number(at.as_us());
    let wrong = wrong.into_iter().map(|(at, mistake)| Wrong { answer: time(at), mistake, world: None });
    Body::Typed { form: Form::Time, right: time(right), wrong: wrong.collect() }
}

/// When a side enters ESTABLISHED, after so many lost SYNs.
fn established(case: &Case<'_>, dice: &mut Dice) -> Option<Draft> {
    let trace = case.trace;
    let mut opens = trace.events().iter().filter_map(|event| match &event.kind {
        EventKind::Called { side, call, result: Ok(_), .. } => match **call {
            Call::Open { open: Open::Active, .. } => Some((*side, event.at)),
            _ => None,
        },
        _ => None,
    });
    let (opener, opened) = opens.next()?;
    if opens.next().is_some() {
        return None;
    }
    drop(opens);
    let syns: Vec<Departure<'_>> = (0..)
        .map(SegmentId::after)
        .map_while(|id| trace.departure(id))
        .filter(|it| it.from == Some(opener) && it.datagram.segment.flags.syn)
        .collect();
    let lost = syns.len().checked_sub(1)?;
    if syns.iter().zip(0..).any(|(syn, place)| is_lost(trace, syn.segment) != (place < lost)) || lost > 3 {
        return None;
    }
    let rto = case.quiz.story().host(opener).profile.initial_rto;
    let delay = case.quiz.story().delay;
    // Each RTO is twice the one before.
    let waited = rto.times((1 << lost) - 1);
    let who = dice.pick(Side::BOTH);
    let ways = if who == opener { 2 } else { 3 };
    let right = opened + waited + delay.times(ways);
    if delay == Duration::ZERO || entered(trace, who) != Some(right) {
        return None;
    }
    let mut wrong =
        vec![(opened + waited + delay.times(ways - 1), Mistake::OneWayTooFew), (right + delay, Mistake::OneWayTooMany)];
    if lost > 0 {
        wrong.push((opened + delay.times(ways), Mistake::LossCostsNothing));
    }
    if lost > 1 {
        wrong.push((opened + rto.times(lost as u64) + delay.times(ways), Mistake::RtoNotDoubled));
    }
    let side = ("side", Value::Side(opener));
    let times = [("at", Value::at(opened)), ("delay", Value::Time(delay))];
    let who = ("who", Value::Side(who));
    let [at, way] = times;
    let prompt = match lost {
        0 => Saying::new("prompt.established", [side, at, way, who]),
        1 => Saying::new("prompt.established-after-loss", [side, at, way, who, ("rto", Value::Time(rto))]),
        _ => {
            let lost = ("lost", Value::Number(lost as u64));
            Saying::new("prompt.established-after-losses", [side, at, way, who, ("rto", Value::Time(rto)), lost])
        }
    };
    let because = [("ways", Value::Number(ways)), ("delay", Value::Time(delay)), ("waited", Value::Time(waited))];
    let (code, section) =
        if lost == 0 { ("because.ways", "RFC 9293 §3.5") } else { ("because.ways-and-rto", "RFC 6298 §5") };
    Some(Draft {
        shown: Shown::Until(0),
        prompt,
        body: typed(right, wrong),
        because: vec![Because::Says(Saying::new(code, because), section)],
    })
}

/// Whether every copy of a segment was lost at once.
fn is_lost(trace: &Trace, id: SegmentId) -> bool {
    let mut fates = trace.events().iter().filter_map(|event| match event.kind {
        EventKind::Routed { segment, fate, .. } if segment == id => Some(fate),
        _ => None,
    });
    fates.all(|fate| fate == Fate::Lost)
}

/// When a side entered ESTABLISHED first.
fn entered(trace: &Trace, whose: Side) -> Option<Instant> {
    trace.events().iter().find_map(|event| match event.kind {
        EventKind::Entered { side, to: State::Established, .. } if side == whose => Some(event.at),
        _ => None,
    })
}

/// When the connection of whoever keeps TIME-WAIT is over.
fn over(case: &Case<'_>) -> Option<Draft> {
    let close = Close::of(case)?;
    let keeper = match close.waits {
        [true, false] => Side::Client,
        [false, true] => Side::Server,
        [true, true] | [false, false] => return None,
    };
    let (delay, msl) = (case.quiz.story().delay, case.quiz.story().host(keeper).profile.msl);
    if close.how == Found::ClosedSimultaneously || delay == Duration::ZERO {
        return None;
    }
    let begins = close.later + delay;
    let right = begins + msl.times(2);
    let ends = case.trace.events().iter().rev().find_map(|event| match event.kind {
        EventKind::Removed { side, .. } if side == keeper => Some(event.at),
        _ => None,
    });
    if ends != Some(right) {
        return None;
    }
    let wrong = vec![
        (begins + msl, Mistake::OneMsl),
        (begins, Mistake::NoTimeWait),
        (close.at + msl.times(2), Mistake::TimeWaitFromFin),
        (close.later + msl.times(2), Mistake::OneWayTooFew),
    ];
    let [side, at, other, later] = close.values();
    let values = [
        side,
        at,
        other,
        later,
        ("delay", Value::Time(delay)),
        ("msl", Value::Time(msl)),
        ("who", Value::Side(keeper)),
    ];
    let because = [("at", Value::at(begins)), ("msl", Value::Time(msl)), ("then", Value::at(right))];
    Some(Draft {
        shown: case.before(),
        prompt: Saying::new("prompt.over", values),
        body: typed(right, wrong),
        because: vec![Because::Says(Saying::new("because.two-msl", because), "RFC 9293 §3.6.1")],
    })
}
