//! The link between the hosts: what becomes of a segment once it has left. A link has no clock of its own and knows
//! nothing of TCP's states; it turns each segment into a list of copies.

mod chance;
mod fault;
mod middlebox;

use crate::segment::{Datagram, Segment};
use crate::tcp::Side;
use crate::time::{Duration, Instant};

use chance::Draw;
use middlebox::Guard;

pub use chance::{Chance, Probability};
pub use fault::{Carried, Copies, Fault, SegmentKind, Which, apply};
pub use middlebox::{ControlBits, Filter, Forgets, Middlebox, Refusal, Then, resets_for};

/// One copy of a segment in the network: when it arrives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Transit {
    /// It arrives then.
    Due(Instant),
    /// It is held.
    Held,
}

/// The link.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Link {
    /// The one-way delay.
    pub delay: Duration,
    /// What may happen to any segment.
    pub chance: Chance,
    faults: Vec<Armed>,
    sent: [u32; 2],
    /// Rare, and not to be asked where there is none.
    guard: Option<Box<Guard>>,
}

/// A fault, and how many segments it has counted.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Armed {
    fault: Fault,
    counted: u32,
}

/// The copy of a segment that chance duplicates arrives this much after the first.
const DUPLICATE_AFTER: Duration = Duration::from_ms(10);

impl Link {
    /// A link with this one-way delay and these faults, and no other misfortune.
    pub fn new(delay: Duration, faults: Vec<Fault>) -> Self {
        let faults = faults.into_iter().map(|fault| Armed { fault, counted: 0 }).collect();
        Self { delay, chance: Chance::default(), faults, sent: [0; 2], guard: None }
    }

    /// The same with luck.
    pub fn with_chance(self, chance: Chance) -> Self {
        Self { chance, ..self }
    }

    /// The same with a middlebox.
    pub fn with_middlebox(self, middlebox: &Middlebox) -> Self {
        let guard = (!middlebox.is_none()).then(|| Box::new(Guard::new(middlebox.clone())));
        Self { guard, ..self }
    }

    /// From now on nothing is left to luck, and no fault waits; what has happened stays.
    pub fn spare_the_rest(&mut self) {
        self.chance = Chance::default();
        self.faults.clear();
    }

    /// Whether the middlebox, if there is one, has anything against a segment that sets out for this side now.
    pub fn inspect(&mut self, now: Instant, to: Side, datagram: &Datagram) -> Option<Refusal> {
        self.guard.as_mut()?.inspect(now, to, datagram)
    }

    /// What becomes of a segment that `from` sends now on a link without luck, faults and middlebox, as most are. On other links this does
    /// nothing and returns `None`: [`Self::carry`] has to decide.
    pub fn carry_plainly(&mut self, now: Instant, from: Side) -> Option<Carried> {
        if !self.faults.is_empty() || self.guard.is_some() || !self.chance.is_none() {
            return None;
        }
        self.count(from);
        Some(Carried::due(now + self.delay))
    }

    /// Counts one more segment of this side.
    fn count(&mut self, from: Side) -> u32 {
        let sent = &mut self.sent[from as usize];
        *sent = sent.saturating_add(1);
        *sent
    }

    /// Turns a segment that `from` sends now into its copies in the network: none if it is lost.
    pub fn carry(&mut self, now: Instant, from: Side, segment: &Segment) -> Copies {
        let count = self.count(from);
        let mut copies = self.by_chance(now, from, count);
        for Armed { fault, counted } in &mut self.faults {
            if fault.from != from || !fault.which.counts(now, segment) {
                continue;
            }
            *counted = counted.saturating_add(1);
            if fault.which.nth.is_none_or(|nth| nth == *counted) {
                apply(fault.action, &mut copies, now, self.delay);
            }
        }
        copies
    }

    /// Of each fault, in order, whether it has met its segment, or one of them.
    pub fn faults_met(&self) -> impl Iterator<Item = bool> + '_ {
        self.faults.iter().map(|it| it.counted >= it.fault.which.nth.unwrap_or(1))
    }

    /// What luck alone makes of the side's nth segment.
    fn by_chance(&self, now: Instant, from: Side, nth: u32) -> Copies {
        let mut copies = Copies::new();
        let Chance { loss, corruption, duplication, reordering, .. } = self.chance;
        let strikes = |draw, probability| self.chance.strikes(draw, probability, from, nth);
        if strikes(Draw::Loss, loss) {
            return copies;
        }
        let again = if strikes(Draw::Reordering, reordering) { self.delay } else { Duration::ZERO };
        let at = |draw| Carried {
            transit: Transit::Due(now + self.delay + again + self.chance.extra(draw, from, nth)),
            is_intact: !strikes(Draw::Corruption, corruption),
        };
        copies.push(at(Draw::Jitter));
        if strikes(Draw::Duplication, duplication) {
            let mut copy = at(Draw::JitterOfCopy);
            if let Transit::Due(due) = &mut copy.transit {
                *due = *due + DUPLICATE_AFTER;
            }
            copies.push(copy);
        }
        copies
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::seq::SeqNumber;
    use crate::tcp::{Action, Side};

    const DELAY: Duration = Duration::from_ms(50);

    fn due(ms: u64) -> Carried {
        Carried::due(Instant::from_ms(ms))
    }

    fn bare() -> Segment {
        Segment::ack(SeqNumber(1), SeqNumber(2))
    }

    #[test]
    fn faults_meet_the_segment_they_name() {
        let fault = |from, nth, action| Fault { from, which: Which::nth(nth), action };
        let faults = vec![
            fault(Side::Client, 2, Action::Drop),
            fault(Side::Client, 3, Action::Duplicate(Duration::from_ms(10))),
            fault(Side::Server, 1, Action::Delay(Duration::from_ms(30))),
            fault(Side::Server, 2, Action::Hold),
        ];
        let mut link = Link::new(DELAY, faults);
        let mut carry = |side| link.carry(Instant::from_ms(100), side, &bare()).to_vec();
        assert_eq!(carry(Side::Client), [due(150)]);
        assert_eq!(carry(Side::Client), []);
        assert_eq!(carry(Side::Server), [due(180)]);
        assert_eq!(carry(Side::Client), [due(150), due(160)]);
        assert_eq!(carry(Side::Server), [Carried { transit: Transit::Held, is_intact: true }]);
        assert_eq!(carry(Side::Server), [due(150)]);
    }

    #[test]
    fn faults_meet_segments_by_kind_and_time() {
        let which = Which {
            kind: SegmentKind::SynAck,
            nth: None,
            since: Instant::from_ms(100),
            until: Some(Instant::from_ms(200)),
        };
        let second = Which { kind: SegmentKind::Ack, ..Which::nth(2) };
        let faults = vec![
            Fault { from: Side::Server, which, action: Action::Drop },
            Fault { from: Side::Server, which: second, action: Action::Corrupt },
        ];
        let mut link = Link::new(DELAY, faults);
        let syn_ack = Segment::syn_ack(SeqNumber(1), SeqNumber(2));
        let mut left = |ms, segment: &Segment| link.carry(Instant::from_ms(ms), Side::Server, segment).to_vec();
        assert_eq!(left(99, &syn_ack), [due(149)]);
        assert_eq!(left(100, &syn_ack), []);
        assert_eq!(left(150, &bare()), [due(200)]);
        assert_eq!(left(199, &syn_ack), []);
        assert_eq!(left(200, &syn_ack), [due(250)]);
        assert_eq!(left(300, &bare()), [Carried { is_intact: false, ..due(350) }], "the second bare acknowledgment");
    }

    #[test]
    fn every_kind_of_luck_strikes() {
        let certain = Probability::from_millionths(1_000_000).expect("certainty");
        let carried = |chance| {
            let mut link = Link::new(DELAY, vec![]).with_chance(chance);
            link.carry(Instant::ZERO, Side::Client, &bare()).to_vec()
        };
        assert_eq!(carried(Chance { loss: certain, ..Chance::default() }), []);
        assert_eq!(
            carried(Chance { corruption: certain, ..Chance::default() }),
            [Carried { is_intact: false, ..due(50) }]
        );
        assert_eq!(carried(Chance { duplication: certain, ..Chance::default() }), [due(50), due(60)]);
        assert_eq!(carried(Chance { reordering: certain, ..Chance::default() }), [due(100)]);
    }
}
