//! Faults as data: which segments they meet, and what they do to the copies in the network.

use smallvec::SmallVec;

use crate::segment::Segment;
use crate::tcp::{Action, Side};
use crate::time::{Duration, Instant};

use super::Transit;

/// A fault that waits for its segments.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Fault {
    /// Who sends the segments.
    pub from: Side,
    /// Which of them it meets.
    pub which: Which,
    /// What happens to them.
    pub action: Action,
}

/// Some of a side's segments: those of a kind that leave in a span of time, all of them or the nth.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Which {
    /// Of this kind.
    pub kind: SegmentKind,
    /// The nth such segment of the span, counted from 1, repetitions included; every one if `None`.
    pub nth: Option<u32>,
    /// That leaves then or later.
    pub since: Instant,
    /// That leaves before then.
    pub until: Option<Instant>,
}

/// Kinds of segments, told apart by what is in them. A segment with text and FIN is of two kinds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SegmentKind {
    /// Whatever it is.
    Any,
    /// SYN without ACK.
    Syn,
    /// SYN with ACK.
    SynAck,
    /// An acknowledgment that occupies nothing.
    Ack,
    /// Anything with text.
    Data,
    /// Anything with FIN.
    Fin,
    /// Anything with RST.
    Rst,
}

impl SegmentKind {
    /// Every kind, in the order in which scripts list them.
    pub const ALL: [SegmentKind; 7] = [
        SegmentKind::Any,
        SegmentKind::Syn,
        SegmentKind::SynAck,
        SegmentKind::Ack,
        SegmentKind::Data,
        SegmentKind::Fin,
        SegmentKind::Rst,
    ];

    /// The word by which scripts know it.
    pub const fn name(self) -> &'static str {
        match self {
            SegmentKind::Any => "segment",
            SegmentKind::Syn => "syn",
            SegmentKind::SynAck => "syn-ack",
            SegmentKind::Ack => "ack",
            SegmentKind::Data => "data",
            SegmentKind::Fin => "fin",
            SegmentKind::Rst => "rst",
        }
    }

    /// Whether the segment is of this kind.
    pub fn has(self, segment: &Segment) -> bool {
        let flags = segment.flags;
        match self {
            SegmentKind::Any => true,
            SegmentKind::Syn => flags.syn && segment.ack.is_none(),
            SegmentKind::SynAck => flags.syn && segment.ack.is_some(),
            SegmentKind::Ack => segment.ack.is_some() && !flags.rst && segment.is_empty(),
            SegmentKind::Data => !segment.payload.is_empty(),
            SegmentKind::Fin => flags.fin,
            SegmentKind::Rst => flags.rst,
        }
    }
}

impl Which {
    /// The side's nth segment, counted from 1.
    pub const fn nth(nth: u32) -> Self {
        Self { kind: SegmentKind::Any, nth: Some(nth), since: Instant::ZERO, until: None }
    }

    /// Whether a segment that leaves now is one of those that are counted.
    pub(super) fn counts(&self, now: Instant, segment: &Segment) -> bool {
        now >= self.since && self.until.is_none_or(|until| now < until) && self.kind.has(segment)
    }
}

/// One copy of a segment in the network.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Carried {
    /// When it arrives.
    pub transit: Transit,
    /// Whether its octets are still what was sent.
    pub is_intact: bool,
}

impl Carried {
    /// A copy that arrives whole, then.
    pub const fn due(at: Instant) -> Self {
        Self { transit: Transit::Due(at), is_intact: true }
    }
}

/// The copies of one segment in the network: seldom more than two.
pub type Copies = SmallVec<[Carried; 2]>;

/// Lets an action act on the copies of one segment that are still in the network.
pub fn apply(action: Action, copies: &mut Copies, now: Instant, link_delay: Duration) {
    match action {
        Action::Drop => copies.clear(),
        Action::Duplicate(after) => {
            if let Some(first) = copies.first().copied() {
                let transit = match first.transit {
                    Transit::Due(at) => Transit::Due(at + after),
                    Transit::Held => Transit::Held,
                };
                copies.push(Carried { transit, ..first });
            }
        }
        Action::Delay(by) => {
            for copy in copies {
                if let Transit::Due(at) = &mut copy.transit {
                    *at = *at + by;
                }
            }
        }
        Action::Corrupt => copies.iter_mut().for_each(|copy| copy.is_intact = false),
        Action::Hold => copies.iter_mut().for_each(|copy| copy.transit = Transit::Held),
        Action::Release => {
            for copy in copies {
                if copy.transit == Transit::Held {
                    copy.transit = Transit::Due(now + link_delay);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::segment::Flags;
    use crate::seq::SeqNumber;
    use crate::tcp::Action;

    const DELAY: Duration = Duration::from_ms(50);

    #[test]
    fn a_held_segment_takes_the_whole_way_after_its_release() {
        let held = Carried { transit: Transit::Held, is_intact: true };
        let mut copies = Copies::from_iter([Carried::due(Instant::from_ms(150))]);
        apply(Action::Hold, &mut copies, Instant::from_ms(120), DELAY);
        apply(Action::Delay(DELAY), &mut copies, Instant::from_ms(120), DELAY);
        assert_eq!(copies[..], [held], "a delay does not let it go");
        apply(Action::Corrupt, &mut copies, Instant::from_ms(130), DELAY);
        apply(Action::Release, &mut copies, Instant::from_ms(500), DELAY);
        let damaged = Carried { transit: Transit::Due(Instant::from_ms(550)), is_intact: false };
        assert_eq!(copies[..], [damaged], "damage stays");
        apply(Action::Duplicate(DELAY), &mut copies, Instant::from_ms(500), DELAY);
        assert_eq!(copies[1], Carried { transit: Transit::Due(Instant::from_ms(600)), is_intact: false });
        apply(Action::Drop, &mut copies, Instant::from_ms(500), DELAY);
        assert_eq!(copies[..], []);
    }

    #[test]
    fn kinds_are_told_by_what_is_in_a_segment() {
        let (seq, ack) = (SeqNumber(1), SeqNumber(2));
        let fin = Flags { fin: true, ..Flags::default() };
        let text = "abc".into();
        let table = [
            (Segment::syn(seq), vec![SegmentKind::Any, SegmentKind::Syn]),
            (Segment::syn_ack(seq, ack), vec![SegmentKind::Any, SegmentKind::SynAck]),
            (Segment::ack(seq, ack), vec![SegmentKind::Any, SegmentKind::Ack]),
            (Segment::rst(seq), vec![SegmentKind::Any, SegmentKind::Rst]),
            (Segment { ack: Some(ack), ..Segment::rst(seq) }, vec![SegmentKind::Any, SegmentKind::Rst]),
            (
                Segment { flags: fin, payload: text, ..Segment::ack(seq, ack) },
                vec![SegmentKind::Any, SegmentKind::Data, SegmentKind::Fin],
            ),
            (Segment { flags: fin, ..Segment::ack(seq, ack) }, vec![SegmentKind::Any, SegmentKind::Fin]),
        ];
        for (segment, kinds) in table {
            let found: Vec<SegmentKind> = SegmentKind::ALL.into_iter().filter(|kind| kind.has(&segment)).collect();
            assert_eq!(found, kinds, "{segment}");
        }
    }
}
