//! Who sends next, and when.

use crate::insight;
use crate::tcp::{ConnectionId, SegmentId, Side, State, Timer};
use crate::time::{Duration, Instant};
use crate::trace::{Departure, EventKind, Trace};

use super::saying::{Saying, Value, choice_of};
use super::world::World;
use super::{Answer, Because, Body, Case, Distractor, Draft, Form, Mistake, Shown, Wrong, rules_of};

/// Who sends the next segment, if nobody does anything.
pub(super) fn who_next(case: &Case<'_>) -> Option<Draft> {
    let last = last_segment(case)?;
    let mut world = World::left_alone(case.quiz, case.step);
    let next =
        SegmentId::after((0..).take_while(|index| world.trace.departure(SegmentId::after(*index)).is_some()).count());
    while world.trace.departure(next).is_none() && world.step() {}
    let account = case.account(case.step);
    let sender = match world.trace.departure(next) {
        Some(departure) => Some(departure.from?),
        None if world.is_over() => None,
        None => return None,
    };
    let says = |who: Option<Side>| match who {
        Some(side) => Saying::plain(choice_of(side)),
        None => Saying::plain("choice.nobody"),
    };
    let is_on_its_way = |to: Side| account.flights().iter().any(|flight| flight.to == to);
    let wrong_side = |side: Side| {
        let mistake = match sender {
            None if account.host(side).state() == State::CloseWait => Mistake::FinAnswersFin,
            None if is_on_its_way(side) || case.arriving() == Some(last) => Mistake::AckIsAcknowledged,
            None | Some(_) => Mistake::OtherTurn,
        };
        Distractor::new(says(Some(side)), mistake)
    };
    let mut wrong: Vec<Distractor> =
        Side::BOTH.into_iter().filter(|side| sender != Some(*side)).map(wrong_side).collect();
    if sender.is_some() {
        let is_repetition = world.trace.departure(next).is_some_and(|it| is_seen(&world.trace, &it));
        let mistake = if is_repetition { Mistake::LossIsNotRepaired } else { Mistake::AnswerOverlooked };
        wrong.push(Distractor::new(says(None), mistake));
    }
    let because = match world.trace.departure(next).and_then(|it| insight::step(&world.trace, it.step as usize)) {
        Some(insight) => rules_of(&insight),
        None => vec![Because::Says(Saying::plain("because.nobody-sends"), "RFC 9293 §3.8.6.3")],
    };
    Some(Draft {
        shown: Shown::Until(case.step),
        prompt: Saying::plain("prompt.who-next"),
        body: Body::Choice { right: says(sender), wrong },
        because,
    })
}

/// The segment that left or arrived last in the step.
pub(super) fn last_segment(case: &Case<'_>) -> Option<SegmentId> {
    case.trace.step(case.step).iter().rev().find_map(|event| match event.kind {
        EventKind::Sent { segment, .. } | EventKind::Arrived { segment, .. } => Some(segment),
        _ => None,
    })
}

/// Whether whoever sent it has sent the same before.
fn is_seen(trace: &Trace, departure: &Departure<'_>) -> bool {
    copies_before(trace, departure).next().is_some()
}

/// The segments of the same sender that occupied the same numbers, and left before.
pub(super) fn copies_before<'a>(trace: &'a Trace, departure: &Departure<'a>) -> impl Iterator<Item = Departure<'a>> {
    let (from, connection, datagram) = (departure.from, departure.connection, departure.datagram);
    let all = (0..departure.segment.index()).map(SegmentId::after).filter_map(|id| trace.departure(id));
    all.filter(move |it| {
        let (one, other) = (&it.datagram.segment, &datagram.segment);
        (it.from, it.connection) == (from, connection)
            && (one.seq, one.flags, &one.payload) == (other.seq, other.flags, &other.payload)
    })
}

/// When a timer expires, if nothing arrives and nobody does anything.
pub(super) fn when(case: &Case<'_>) -> Option<Draft> {
    let mut world = World::left_alone(case.quiz, case.step);
    world.step().then_some(())?;
    let expiry = world.trace.step(case.step + 1).first()?;
    let EventKind::Expired { side, connection, timer } = expiry.kind else { return None };
    if case.trace.step(case.step).first().is_none_or(|event| event.at >= expiry.at) {
        return None;
    }
    let set = last_setting(case.trace, case.step, (side, connection, timer), expiry.at)?;
    let lasts = expiry.at.since(set);
    let asked = match timer {
        Timer::Retransmission => again(case, &world.trace, side, set, lasts),
        Timer::TimeWait => end_of_time_wait(case, side, connection, set, lasts),
        Timer::DelayedAck => delayed(side, set, lasts),
        Timer::Persist | Timer::User | Timer::KeepAlive | Timer::Linger | Timer::FinWait2 => None,
    }?;
    let wrong = asked.wrong.into_iter().map(|(at, mistake)| Wrong { answer: time(at), mistake, world: None });
    Some(Draft {
        shown: Shown::Until(case.step),
        prompt: asked.prompt,
        body: Body::Typed { form: Form::Time, right: time(expiry.at), wrong: wrong.collect() },
        because: vec![Because::Says(asked.because, asked.section)],
    })
}

/// A question about a timer.
struct Asked {
    prompt: Saying,
    wrong: Vec<(Instant, Mistake)>,
    because: Saying,
    section: &'static str,
}

fn time(at: Instant) -> Answer {
    Answer::Number(at.as_us())
}

/// When a timer was set that expires then.
fn last_setting(trace: &Trace, step: usize, whose: (Side, ConnectionId, Timer), expires: Instant) -> Option<Instant> {
    let before = trace.events().iter().rev().filter(|event| event.step as usize <= step);
    let set = before.filter_map(|event| match event.kind {
        EventKind::TimerSet { side, connection, timer, deadline } if (side, connection, timer) == whose => {
            Some((event.at, deadline))
        }
        _ => None,
    });
    // The same deadline may be said again; it began when it was said first.
    set.take_while(|(_, deadline)| *deadline == Some(expires)).last().map(|(at, _)| at)
}

/// When a segment is sent again.
fn again(case: &Case<'_>, world: &Trace, side: Side, set: Instant, lasts: Duration) -> Option<Asked> {
    let insight = insight::step(world, case.step + 1)?;
    let id = insight.sent().next()?;
    let next = world.departure(id).filter(|it| it.from == Some(side))?;
    let copies: Vec<Departure<'_>> = copies_before(world, &next).collect();
    let (first, last) = (copies.first()?, copies.last()?);
    let doublings = u32::try_from(copies.len() - 1).ok()?;
    let rto = Duration::from_us(lasts.as_us().checked_shr(doublings)?);
    // Only where the timer runs since the last copy left, and was doubled with each of them: then it can be worked out.
    let is_plain = last.at == set && rto.times(1 << doublings.min(32)) == lasts && doublings < 8;
    // Nor may the first RTO have been another one.
    let first_lasted = copies.get(1).map(|second| second.at.since(first.at));
    if !is_plain || first_lasted.is_some_and(|lasted| lasted != rto) {
        return None;
    }
    let values =
        [("side", Value::Side(side)), ("segment", Value::segment(world, first.segment)?), ("rto", Value::Time(rto))];
    let trip = case.quiz.story().delay.times(2);
    let mut wrong = vec![(last.at + trip, Mistake::RtoIsRoundTrip)];
    if doublings == 0 {
        wrong.push((set + lasts.times(2), Mistake::RtoDoubledTooEarly));
    } else {
        wrong.push((set + rto, Mistake::RtoNotDoubled));
    }
    let code = if doublings == 0 { "because.rto" } else { "because.rto-doubled" };
    let because = [("at", Value::at(set)), ("rto", Value::Time(lasts)), ("then", Value::at(set + lasts))];
    Some(Asked {
        prompt: Saying::new("prompt.when-again", values),
        wrong,
        because: Saying::new(code, because),
        section: "RFC 6298 §5",
    })
}

/// When TIME-WAIT is over.
fn end_of_time_wait(
    case: &Case<'_>,
    side: Side,
    connection: ConnectionId,
    set: Instant,
    lasts: Duration,
) -> Option<Asked> {
    let msl = Duration::from_us(lasts.as_us() / 2);
    let own =
        case.departed_before(case.step + 1).filter(|it| (it.from, it.connection) == (Some(side), Some(connection)));
    let fin = own.filter(|it| it.datagram.segment.flags.fin).last()?;
    let values = [("side", Value::Side(side)), ("msl", Value::Time(msl))];
    let because = [("at", Value::at(set)), ("msl", Value::Time(msl)), ("then", Value::at(set + lasts))];
    Some(Asked {
        prompt: Saying::new("prompt.when-time-wait", values),
        wrong: vec![
            (set + msl, Mistake::OneMsl),
            (fin.at + lasts, Mistake::TimeWaitFromFin),
            (set, Mistake::NoTimeWait),
        ],
        because: Saying::new("because.two-msl", because),
        section: "RFC 9293 §3.6.1",
    })
}

/// When a delayed acknowledgment leaves.
fn delayed(side: Side, set: Instant, lasts: Duration) -> Option<Asked> {
    let values = [("side", Value::Side(side)), ("delay", Value::Time(lasts))];
    let because = [("at", Value::at(set)), ("delay", Value::Time(lasts)), ("then", Value::at(set + lasts))];
    Some(Asked {
        prompt: Saying::new("prompt.when-ack", values),
        wrong: vec![(set, Mistake::DelayIgnored)],
        because: Saying::new("because.delayed", because),
        section: "RFC 9293 §3.8.6.3",
    })
}
