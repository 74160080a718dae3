//! The link between the hosts: what becomes of a segment once it has left. A link has no clock of its own and knows
//! nothing of TCP's states; it turns each segment into a list of copies.

use crate::time::{Duration, Instant};

/// Which of the two ends. Nothing in the core depends on which is which.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Side {
    /// Drawn on the left.
    Client,
    /// Drawn on the right.
    Server,
}

impl Side {
    /// Both sides.
    pub const BOTH: [Side; 2] = [Side::Client, Side::Server];

    /// The other one.
    pub const fn other(self) -> Side {
        match self {
            Side::Client => Side::Server,
            Side::Server => Side::Client,
        }
    }

    /// The word by which scripts and tests know it.
    pub const fn name(self) -> &'static str {
        match self {
            Side::Client => "client",
            Side::Server => "server",
        }
    }
}

/// Names a segment of a run, in the order in which they left, whoever sent them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SegmentId(pub u32);

/// The link.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Link {
    /// The one-way delay.
    pub delay: Duration,
    /// What happens to which segment.
    pub faults: Vec<Fault>,
    sent: [u32; 2],
}

/// A fault that waits for its segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Fault {
    /// Who sends the segment.
    pub from: Side,
    /// Which of this side's segments it is, counted from 1.
    pub nth: u32,
    /// What happens to it.
    pub action: Action,
}

/// What can happen to a segment on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Action {
    /// It is lost.
    Drop,
    /// It arrives twice, the copy this much later.
    Duplicate(Duration),
    /// It arrives this much later.
    Delay(Duration),
    /// It stays in the network until it is released.
    Hold,
    /// It was held and goes on now, with the link's delay before it.
    Release,
}

impl Action {
    /// The word by which scripts, permalinks and the page know it.
    pub const fn name(self) -> &'static str {
        match self {
            Action::Drop => "drop",
            Action::Duplicate(_) => "duplicate",
            Action::Delay(_) => "delay",
            Action::Hold => "hold",
            Action::Release => "release",
        }
    }
}

/// One copy of a segment in the network.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Transit {
    /// It arrives then.
    Due(Instant),
    /// It is held.
    Held,
}

impl Link {
    /// A link with this one-way delay and these faults.
    pub fn new(delay: Duration, faults: Vec<Fault>) -> Self {
        Self { delay, faults, sent: [0; 2] }
    }

    /// Turns a segment that `from` sends now into its copies in the network: none if it is lost.
    pub fn carry(&mut self, now: Instant, from: Side) -> Vec<Transit> {
        let count = &mut self.sent[from as usize];
        *count = count.saturating_add(1);
        let nth = *count;
        let mut copies = vec![Transit::Due(now + self.delay)];
        for fault in self.faults.iter().filter(|fault| fault.from == from && fault.nth == nth) {
            apply(fault.action, &mut copies, now, self.delay);
        }
        copies
    }
}

/// Lets a fault act on the copies of one segment that are still in the network.
pub fn apply(action: Action, copies: &mut Vec<Transit>, now: Instant, link_delay: Duration) {
    match action {
        Action::Drop => copies.clear(),
        Action::Duplicate(after) => {
            if let Some(first) = copies.first().copied() {
                copies.push(match first {
                    Transit::Due(at) => Transit::Due(at + after),
                    Transit::Held => Transit::Held,
                });
            }
        }
        Action::Delay(by) => {
            for copy in copies {
                if let Transit::Due(at) = copy {
                    *at = *at + by;
                }
            }
        }
        Action::Hold => copies.fill(Transit::Held),
        Action::Release => {
            for copy in copies {
                if *copy == Transit::Held {
                    *copy = Transit::Due(now + link_delay);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DELAY: Duration = Duration::from_ms(50);

    fn due(ms: u64) -> Transit {
        Transit::Due(Instant::from_ms(ms))
    }

    #[test]
    fn faults_meet_the_segment_they_name() {
        let fault = |from, nth, action| Fault { from, nth, action };
        let faults = vec![
            fault(Side::Client, 2, Action::Drop),
            fault(Side::Client, 3, Action::Duplicate(Duration::from_ms(10))),
            fault(Side::Server, 1, Action::Delay(Duration::from_ms(30))),
            fault(Side::Server, 2, Action::Hold),
        ];
        let mut link = Link::new(DELAY, faults);
        let mut carry = |side| link.carry(Instant::from_ms(100), side);
        assert_eq!(carry(Side::Client), [due(150)]);
        assert_eq!(carry(Side::Client), []);
        assert_eq!(carry(Side::Server), [due(180)]);
        assert_eq!(carry(Side::Client), [due(150), due(160)]);
        assert_eq!(carry(Side::Server), [Transit::Held]);
        assert_eq!(carry(Side::Server), [due(150)]);
    }

    #[test]
    fn a_held_segment_takes_the_whole_way_after_its_release() {
        let mut copies = vec![due(150)];
        apply(Action::Hold, &mut copies, Instant::from_ms(120), DELAY);
        apply(Action::Delay(DELAY), &mut copies, Instant::from_ms(120), DELAY);
        assert_eq!(copies, [Transit::Held], "a delay does not let it go");
        apply(Action::Release, &mut copies, Instant::from_ms(500), DELAY);
        assert_eq!(copies, [due(550)]);
        apply(Action::Drop, &mut copies, Instant::from_ms(500), DELAY);
        assert_eq!(copies, []);
    }
}
