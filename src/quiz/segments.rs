//! Which segment leaves, and what the variables are then.

use crate::insight::{Consequence, StepInsight};
use crate::segment::Segment;
use crate::seq::SeqNumber;
use crate::tcp::{ConnectionId, Role, SegmentId, Side};
use crate::trace::Departure;

use super::dice::Dice;
use super::saying::{Saying, Value};
use super::{Answer, Because, Body, Case, Draft, Fields, Flagged, Form, Mistake, Wrong, rules_of, world};

/// The section on what takes a sequence number.
const NUMBERS: &str = "RFC 9293 §3.4";

/// The only segment that leaves in a step.
struct Leaving<'a> {
    insight: StepInsight<'a>,
    stimulus: Saying,
    side: Side,
    connection: Option<ConnectionId>,
    id: SegmentId,
    segment: &'a Segment,
    /// What arrived before it left.
    arrived: Option<&'a Segment>,
    /// What its connection sent last.
    before: Option<&'a Segment>,
}

impl<'a> Leaving<'a> {
    /// What leaves for the first time: a repetition is seen already.
    fn of(case: &Case<'a>) -> Option<Self> {
        let (insight, _, stimulus) = case.stimulus()?;
        let mut sent = insight.consequences().filter_map(|(decision, consequence)| match consequence {
            Consequence::Sent { segment, datagram, role, .. } => {
                Some((decision.side, decision.connection, *segment, &datagram.segment, *role))
            }
            Consequence::Entered { .. } | Consequence::Told(_) => None,
        });
        let (side, connection, id, segment, role) = sent.next().filter(|_| insight.interposed.is_empty())?;
        if sent.next().is_some() {
            return None;
        }
        match role? {
            Role::New | Role::Ack | Role::ChallengeAck | Role::Reset | Role::Abort => {}
            Role::Retransmission | Role::Probe | Role::KeepAlive => return None,
        }
        drop(sent);
        let arrived = case.arriving().and_then(|id| case.trace.datagram(id)).map(|it| &it.segment);
        let own = |it: &Departure<'_>| it.from == Some(side) && it.connection == connection;
        let before = connection.and_then(|_| case.departed_before(case.step).filter(own).last());
        Some(Self {
            insight,
            stimulus,
            side,
            connection,
            id,
            segment,
            arrived,
            before: before.map(|it| &it.datagram.segment),
        })
    }

    /// Whether its number is an initial one, which nobody can know.
    fn has_initial_number(&self) -> bool {
        self.segment.flags.syn
    }

    fn fields(&self) -> Fields {
        Fields::of(self.segment, !self.has_initial_number())
    }

    /// Whether the side has sent the very same before.
    fn is_seen(&self, case: &Case<'_>) -> bool {
        case.departed_before(case.step).any(|it| {
            it.from == Some(self.side) && Fields::of(&it.datagram.segment, !self.has_initial_number()) == self.fields()
        })
    }

    /// What people take it for.
    fn known(&self) -> Vec<(Fields, Mistake)> {
        let right = self.fields();
        let Flagged { syn, fin, rst, ack } = right.flags;
        let mut known: Vec<(Fields, Mistake)> = self
            .wrong_acks()
            .into_iter()
            .map(|(ack, mistake)| (Fields { ack: Some(ack), ..right }, mistake))
            .chain(self.wrong_seqs().into_iter().map(|(seq, mistake)| (Fields { seq: Some(seq), ..right }, mistake)))
            .collect();
        let mut with_flags =
            |flags: Flagged, ack: Option<SeqNumber>, mistake| known.push((Fields { flags, ack, ..right }, mistake));
        let flags = right.flags;
        if syn && ack {
            with_flags(Flagged { syn: false, ..flags }, right.ack, Mistake::SynAndAckApart);
        }
        if syn && !ack {
            with_flags(Flagged { ack: true, ..flags }, Some(SeqNumber(0)), Mistake::FirstSynAcknowledges);
        }
        if ack && !syn && !rst && (fin || right.len > 0) {
            with_flags(Flagged { ack: false, ..flags }, None, Mistake::AckFlagForgotten);
        }
        if ack && !fin && !rst && !syn && self.arrived.is_some_and(|it| it.flags.fin) {
            with_flags(Flagged { fin: true, ..flags }, right.ack, Mistake::FinAnswersFin);
        }
        if rst {
            with_flags(Flagged { rst: false, fin: true, ..flags }, right.ack, Mistake::ResetIsNoFin);
        }
        if self.arrived.is_some_and(|it| it.flags.rst || it.flags.syn) && !rst && !syn && self.is_challenge() {
            with_flags(Flagged { rst: true, ack: false, ..flags }, None, Mistake::ChallengeIsNoReset);
        }
        known
    }

    fn is_challenge(&self) -> bool {
        self.insight
            .consequences()
            .any(|(_, it)| matches!(it, Consequence::Sent { role: Some(Role::ChallengeAck), .. }))
    }

    /// What people acknowledge instead of the next number that is expected.
    fn wrong_acks(&self) -> Vec<(SeqNumber, Mistake)> {
        let (Some(ack), Some(arrived)) = (self.segment.ack, self.arrived) else { return Vec::new() };
        if arrived.is_empty() || ack != arrived.end() {
            return Vec::new();
        }
        let octets = arrived.payload.len();
        let mut wrong = Vec::new();
        if arrived.flags.syn {
            wrong.push((ack - 1, Mistake::SynTakesNoNumber));
        }
        if arrived.flags.fin {
            wrong.push((ack - 1, Mistake::FinTakesNoNumber));
        }
        if octets > 0 {
            wrong.push((arrived.text_seq() + 1, Mistake::AckCountsSegments));
            wrong.push((ack - 1, Mistake::AckIsLastOctet));
            wrong.push((arrived.seq, Mistake::AckRepeatsSeq));
        }
        wrong.retain(|(it, _)| *it != ack);
        wrong
    }

    /// What people take for its number, by what was sent before.
    fn wrong_seqs(&self) -> Vec<(SeqNumber, Mistake)> {
        let Some(before) = self.before.filter(|it| !self.has_initial_number() && it.end() == self.segment.seq) else {
            return Vec::new();
        };
        let seq = self.segment.seq;
        let mut wrong = Vec::new();
        if before.flags.syn {
            wrong.push((seq - 1, Mistake::SynTakesNoNumber));
        } else if before.flags.fin {
            wrong.push((seq - 1, Mistake::FinTakesNoNumber));
        } else if before.is_empty() {
            wrong.push((seq + 1, Mistake::AckTakesANumber));
        } else if before.payload.len() > 1 {
            wrong.push((before.seq + 1, Mistake::SeqCountsSegments));
        }
        wrong
    }

    /// Why its numbers are what they are.
    fn because(&self) -> Vec<Because> {
        let number = |number: SeqNumber| Value::Number(u64::from(number.0));
        let mut because = Vec::new();
        if let (Some(arrived), Some(ack)) = (self.arrived, self.segment.ack)
            && !arrived.is_empty()
            && ack == arrived.end()
        {
            let values =
                [("seq", number(arrived.seq)), ("len", Value::Number(arrived.len().into())), ("ack", number(ack))];
            let code = match (arrived.flags.syn || arrived.flags.fin, arrived.payload.is_empty()) {
                (true, true) => "because.ack-of-flag",
                (true, false) => "because.ack-of-both",
                (false, _) => "because.ack-of-text",
            };
            because.push(Because::Says(Saying::new(code, values), NUMBERS));
        }
        because.extend(rules_of(&self.insight));
        because
    }

    fn prompt(&self, code: &'static str, with_isn: &'static str) -> Saying {
        let (stimulus, side) = (Value::saying(self.stimulus.clone()), Value::Side(self.side));
        if self.has_initial_number() {
            let number = Value::Number(u64::from(self.segment.seq.0));
            return Saying::new(with_isn, [("stimulus", stimulus), ("side", side), ("number", number)]);
        }
        Saying::new(code, [("stimulus", stimulus), ("side", side)])
    }
}

/// Which segment leaves.
pub(super) fn next_segment(case: &Case<'_>) -> Option<Draft> {
    let leaving = Leaving::of(case)?;
    let right = leaving.fields();
    if leaving.is_seen(case) {
        return None;
    }
    let so_far = world::smallest(case.quiz, case.step);
    let wrong = leaving.known().into_iter().map(|(fields, mistake)| {
        let other = world::with_fields(leaving.segment, fields);
        let world = so_far.as_ref().and_then(|story| world::with_other_segment(case.quiz, story, leaving.id, other));
        Wrong { answer: Answer::Segment(fields), mistake, world }
    });
    let body = Body::Typed {
        form: Form::Segment { asks_seq: !leaving.has_initial_number() },
        right: Answer::Segment(right),
        wrong: wrong.collect(),
    };
    let prompt = leaving.prompt("prompt.next-segment", "prompt.next-segment-with-isn");
    Some(Draft { shown: case.before(), prompt, body, because: leaving.because() })
}

/// Which flags it has.
pub(super) fn next_flags(case: &Case<'_>) -> Option<Draft> {
    let leaving = Leaving::of(case)?;
    let right = Flagged::of(leaving.segment);
    if leaving.is_seen(case) || right == Flagged::default() {
        return None;
    }
    let wrong = leaving.known().into_iter().map(|(fields, mistake)| Wrong {
        answer: Answer::Flags(fields.flags),
        mistake,
        world: None,
    });
    let body = Body::Typed { form: Form::Flags, right: Answer::Flags(right), wrong: wrong.collect() };
    let prompt = Saying::new(
        "prompt.next-flags",
        [("stimulus", Value::saying(leaving.stimulus.clone())), ("side", Value::Side(leaving.side))],
    );
    Some(Draft { shown: case.before(), prompt, body, because: rules_of(&leaving.insight) })
}

/// What RCV.NXT or SND.NXT is then.
pub(super) fn variable(case: &Case<'_>, dice: &mut Dice) -> Option<Draft> {
    let leaving = Leaving::of(case)?;
    leaving.connection?;
    let segment = leaving.segment;
    if segment.flags.rst {
        return None;
    }
    let answer = |number: SeqNumber| Answer::Number(u64::from(number.0));
    let rcv_nxt = segment.ack.filter(|_| leaving.arrived.is_some()).map(|ack| ("RCV.NXT", ack, leaving.wrong_acks()));
    let snd_nxt = (!segment.is_empty() && !segment.flags.syn).then(|| {
        let next = segment.end();
        let mut wrong = vec![(next - 1, Mistake::NextIsLast)];
        if segment.flags.fin {
            wrong.insert(0, (next - 1, Mistake::FinTakesNoNumber));
        }
        if segment.payload.len() > 1 {
            wrong.push((segment.seq + 1, Mistake::SeqCountsSegments));
        }
        ("SND.NXT", next, wrong)
    });
    let mut asked: Vec<_> =
        [rcv_nxt, snd_nxt].into_iter().flatten().filter(|(_, right, _)| !case.is_seen(*right)).collect();
    dice.shuffle(&mut asked);
    let (name, right, wrong) = asked.pop()?;
    let prompt = Saying::new(
        "prompt.variable",
        [
            ("stimulus", Value::saying(leaving.stimulus.clone())),
            ("side", Value::Side(leaving.side)),
            ("variable", Value::Variable(name)),
        ],
    );
    let wrong = wrong.into_iter().map(|(number, mistake)| Wrong { answer: answer(number), mistake, world: None });
    let body = Body::Typed { form: Form::Number, right: answer(right), wrong: wrong.collect() };
    let because = if name == "RCV.NXT" {
        leaving.because()
    } else {
        let values = [
            ("seq", Value::Number(segment.seq.0.into())),
            ("len", Value::Number(segment.len().into())),
            ("next", Value::Number(right.0.into())),
        ];
        vec![Because::Says(Saying::new("because.snd-nxt", values), NUMBERS)]
    };
    Some(Draft { shown: case.before(), prompt, body, because })
}
