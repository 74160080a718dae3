//! What the copies of each octet have told the other side.

use smallvec::SmallVec;

use crate::seq::SeqNumber;

/// What a segment acknowledged, as a set of these.
pub(super) const NOTHING: u8 = 0;
/// The other side's SYN.
pub(super) const SYN: u8 = 1;
/// The other side's FIN.
pub(super) const FIN: u8 = 2;

/// The octets that a side has sent, SYN and FIN with them, counted from its SYN at 0. Of those that are not acknowledged it
/// keeps what all their copies acknowledged: whoever acknowledges an octet had one of these, nobody knows which.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Octets {
    iss: Option<SeqNumber>,
    una: u64,
    nxt: u64,
    /// In ascending order. Neighbors differ in what they acknowledge, and later octets acknowledge no less than earlier ones did,
    /// so there are few.
    ranges: SmallVec<[Range; 2]>,
}

/// Octets whose copies have the same in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Range {
    start: u64,
    end: u64,
    common: u8,
}

impl Octets {
    /// The number of the SYN is known now.
    pub fn begin(&mut self, iss: Option<SeqNumber>) {
        self.iss = self.iss.or(iss);
    }

    /// How many octets lie between the SYN and this number: it may be before the SYN, or beyond what was sent.
    fn place(&self, number: SeqNumber) -> Option<i64> {
        let una = i64::try_from(self.una).ok()?;
        // Near SND.UNA, so that it stays right after the numbers have wrapped.
        Some(una + i64::from(number.distance_from(self.iss? + self.una as u32)))
    }

    /// How many octets an acknowledgment covers, if it is of something that was sent.
    pub fn acknowledged_by(&self, ack: Option<SeqNumber>) -> Option<u64> {
        let covered = u64::try_from(self.place(ack?)?).ok()?;
        (1..=self.nxt).contains(&covered).then_some(covered)
    }

    /// Whether an acknowledgment of so many octets is news.
    pub fn is_news(&self, covered: u64) -> bool {
        covered > self.una
    }

    /// So many octets leave, for the first time or again, in a segment that acknowledges this. Returns how many there are up to
    /// their end.
    pub fn leave(&mut self, seq: SeqNumber, len: u32, acknowledged: u8) -> Option<u64> {
        let start = u64::try_from(self.place(seq)?).ok()?;
        let end = start + u64::from(len);
        let mut ranges: SmallVec<[Range; 2]> = SmallVec::new();
        let mut add = |start: u64, end: u64, common: u8| match ranges.last_mut() {
            _ if start >= end => {}
            Some(last) if last.end == start && last.common == common => last.end = end,
            _ => ranges.push(Range { start, end, common }),
        };
        for it in &self.ranges {
            add(it.start, it.end.min(start), it.common);
            add(it.start.max(start), it.end.min(end), it.common & acknowledged);
            add(it.start.max(end), it.end, it.common);
        }
        add(start.max(self.nxt), end, acknowledged);
        self.ranges = ranges;
        self.nxt = self.nxt.max(end);
        Some(end)
    }

    /// So many octets are acknowledged. Returns what is certain to have arrived with one of them.
    pub fn acknowledge(&mut self, covered: u64) -> u8 {
        let mut known = NOTHING;
        for it in &mut self.ranges {
            if it.start < covered {
                known |= it.common;
                it.start = covered;
            }
        }
        self.ranges.retain(|it| it.start < it.end);
        self.una = self.una.max(covered);
        known
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_acknowledged_proves_what_all_copies_have_in_common() {
        let iss = SeqNumber(u32::MAX - 1);
        let mut octets = Octets::default();
        octets.begin(Some(iss));
        assert_eq!(octets.leave(iss, 1, NOTHING), Some(1));
        assert_eq!(octets.leave(iss, 1, SYN), Some(1), "a simultaneous open: the SYN again, with an acknowledgment");
        assert_eq!(octets.leave(iss + 1, 10, SYN), Some(11));
        assert_eq!(octets.acknowledged_by(Some(iss)), None, "nothing of it");
        assert_eq!(octets.acknowledged_by(Some(iss + 12)), None, "more than was sent");
        assert_eq!(octets.acknowledge(1), NOTHING, "the first copy said nothing");
        assert_eq!(octets.leave(iss + 6, 6, SYN | FIN), Some(12), "half of it again, and the FIN");
        assert_eq!(octets.acknowledge(11), SYN);
        assert_eq!(octets.acknowledge(12), SYN | FIN);
        assert!(octets.ranges.is_empty(), "what is acknowledged is forgotten");
    }

    #[test]
    fn a_long_connection_keeps_as_much_as_a_short_one() {
        let iss = SeqNumber(7);
        let mut octets = Octets::default();
        octets.begin(Some(iss));
        octets.leave(iss, 1, SYN);
        let mut seq = iss + 1;
        for number in 0..100_000u64 {
            octets.leave(seq, 60_000, SYN);
            octets.leave(seq, 60_000, SYN | FIN);
            seq = seq + 60_000;
            let covered = octets.acknowledged_by(Some(seq - 30_000)).expect("it was sent");
            assert_eq!(covered, 1 + number * 60_000 + 30_000);
            octets.acknowledge(covered);
            assert!(octets.ranges.len() <= 2);
        }
    }
}
