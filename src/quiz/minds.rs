//! Who knows what.

use crate::insight::knowledge::{Basis, Entry, Fact, Knowledge, Level};
use crate::tcp::{ConnectionId, Side};
use crate::trace::EventKind;

use super::dice::Dice;
use super::saying::{Saying, Value};
use super::{Because, Body, Case, Distractor, Draft, Mistake};

/// The levels that a side can give. That it is deceived it cannot know.
const LEVELS: [Level; 4] = [Level::Unknown, Level::Seems, Level::Sure, Level::Cannot];

/// How sure a side is of a fact.
pub(super) fn who_knows(case: &Case<'_>, dice: &mut Dice) -> Option<Draft> {
    let (_, _, stimulus) = case.stimulus()?;
    let mut knowledge = Knowledge::default();
    while knowledge.steps() < case.step && knowledge.take_step(case.trace) {}
    let changed = knowledge.changes().iter().map(|it| (it.side, it.fact, it.entry));
    // What is not known any more because a connection is over is no question.
    let mut asked: Vec<(Side, Fact, Entry)> =
        changed.filter(|(_, _, entry)| entry.broken.is_none() && entry.taken_for != Level::Unknown).collect();
    asked.extend(sent_only(case, &knowledge));
    dice.shuffle(&mut asked);
    let (side, fact, entry) = asked.pop()?;
    let right = entry.level();
    let says = |level: Level| Saying::new("choice.level", [("level", Value::Level(level))]);
    let wrong = LEVELS.into_iter().filter(|level| *level != right);
    let wrong = wrong.map(|level| Distractor::new(says(level), mistake(fact, right, level))).collect();
    let values = [("stimulus", Value::saying(stimulus)), ("side", Value::Side(side)), ("fact", Value::Fact(fact))];
    Some(Draft {
        shown: case.before(),
        prompt: Saying::new("prompt.who-knows", values),
        body: Body::Choice { right: says(right), wrong },
        because: because(case, right, entry),
    })
}

/// What a side cannot know by having sent something in the step.
fn sent_only(case: &Case<'_>, knowledge: &Knowledge) -> Vec<(Side, Fact, Entry)> {
    let mut asked = Vec::new();
    for event in case.trace.step(case.step) {
        let EventKind::Sent { side, connection: Some(connection), datagram, .. } = &event.kind else { continue };
        let segment = &datagram.segment;
        let facts = [
            segment.flags.syn.then_some(Fact::PeerHasNumber),
            (segment.ack.is_some() && !segment.flags.syn && !segment.flags.rst).then_some(Fact::PeerKnowsNumber),
            (!segment.payload.is_empty()).then_some(Fact::PeerHasText),
            segment.flags.fin.then_some(Fact::PeerKnowsEnd),
        ];
        asked.extend(facts.into_iter().flatten().filter_map(|fact| unknown(knowledge, *side, *connection, fact)));
    }
    asked
}

fn unknown(knowledge: &Knowledge, side: Side, connection: ConnectionId, fact: Fact) -> Option<(Side, Fact, Entry)> {
    let entry = knowledge.ledger(side, connection)?.entry(fact);
    (entry.level() == Level::Unknown).then_some((side, fact, entry))
}

/// Which mistake it is to take one level for another.
fn mistake(fact: Fact, right: Level, wrong: Level) -> Mistake {
    match (right, wrong) {
        (Level::Sure, _) => Mistake::ProofOverlooked,
        (Level::Seems, Level::Sure) => Mistake::OneSegmentProvesLittle,
        (Level::Seems, _) => Mistake::SeemingOverlooked,
        (Level::Cannot, _) if fact == Fact::ApplicationRead => Mistake::AckMeansRead,
        (Level::Cannot, _) => Mistake::LastAckIsNeverKnown,
        (Level::Unknown | Level::Deceived, Level::Cannot) => Mistake::NotYetIsNotNever,
        (Level::Unknown | Level::Deceived, _) => Mistake::SentIsKnown,
    }
}

fn because(case: &Case<'_>, right: Level, entry: Entry) -> Vec<Because> {
    let by = entry.by.and_then(Basis::segment).and_then(|id| Value::segment(case.trace, id));
    let says = match (right, by) {
        (Level::Sure, Some(segment)) => Saying::new("because.sure", [("segment", segment)]),
        (Level::Sure, None) => Saying::plain("because.sure-by-time"),
        (Level::Seems, Some(segment)) => Saying::new("because.seems", [("segment", segment)]),
        (Level::Cannot, _) => Saying::plain("because.cannot"),
        (Level::Unknown | Level::Deceived | Level::Seems, _) => Saying::plain("because.unknown"),
    };
    vec![Because::Says(says, "RFC 9293 §3.5")]
}
