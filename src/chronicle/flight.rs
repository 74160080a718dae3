//! Where the copies of a segment are.

use smallvec::SmallVec;

use crate::tcp::{SegmentId, Side};
use crate::time::Instant;
use crate::trace::{Event, EventKind, Fate, Trace};

use super::IncarnationId;

/// A segment of which a copy is on its way or held.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flight {
    /// Its name.
    pub segment: SegmentId,
    /// Who sent it; `None` if neither side did.
    pub from: Option<Side>,
    /// Whom it travels to.
    pub to: Side,
    /// Which incarnation sent it; `None` if none did.
    pub sender: Option<IncarnationId>,
    /// Where its copies are, by their numbers; the first is the segment itself.
    pub copies: SmallVec<[Whereabouts; 1]>,
}

/// Where a copy of a segment is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Whereabouts {
    /// On its way, and due then.
    Due(Instant),
    /// On its way, damaged, and due then.
    Damaged(Instant),
    /// Held in the network.
    Held,
    /// Lost, since then.
    Lost(Instant),
    /// Arrived then.
    Arrived(Instant),
    /// Nobody saw where it went.
    Unknown,
}

impl Whereabouts {
    /// Where a copy is of which the network decides this at this time.
    pub fn decided(fate: Fate, at: Instant) -> Self {
        match fate {
            Fate::Due(due) => Whereabouts::Due(due),
            Fate::Damaged(due) => Whereabouts::Damaged(due),
            Fate::Held => Whereabouts::Held,
            Fate::Lost | Fate::Stopped(_) => Whereabouts::Lost(at),
            Fate::Unknown => Whereabouts::Unknown,
        }
    }

    /// Whether it is in the network.
    pub fn is_in_transit(self) -> bool {
        match self {
            Whereabouts::Due(_) | Whereabouts::Damaged(_) | Whereabouts::Held => true,
            Whereabouts::Lost(_) | Whereabouts::Arrived(_) | Whereabouts::Unknown => false,
        }
    }
}

impl Flight {
    /// Where the copies of a segment are when the trace ends, also if none is in the network any more; `None` if the trace
    /// has no such segment. Reads the trace from where it left until it is over.
    pub fn of(trace: &Trace, segment: SegmentId) -> Option<Self> {
        let departure = trace.departure(segment)?;
        let mut flight = Self::new(segment, departure.from, departure.to);
        for event in trace.events().iter().skip(departure.origin.0 as usize + 1) {
            if let Some((_, copy, whereabouts)) = moved_by(event).filter(|(it, ..)| *it == segment) {
                flight.put(copy, whereabouts);
            } else if event.step > departure.step && flight.is_over() {
                break;
            }
        }
        Some(flight)
    }

    /// A segment that has just left, of which the network has not said anything.
    pub(super) fn new(segment: SegmentId, from: Option<Side>, to: Side) -> Self {
        Self { segment, from, to, sender: None, copies: SmallVec::new() }
    }

    /// Sets the entry of a copy. Copies are numbered as they come to be, so a new one is the next; should a trace leave
    /// numbers out, the order is kept all the same.
    pub(super) fn put(&mut self, copy: u32, whereabouts: Whereabouts) {
        match usize::try_from(copy).ok().and_then(|index| self.copies.get_mut(index)) {
            Some(entry) => *entry = whereabouts,
            None => self.copies.push(whereabouts),
        }
    }

    /// Whether no copy is in the network any more.
    pub(super) fn is_over(&self) -> bool {
        !self.copies.iter().any(|it| it.is_in_transit())
    }
}

/// The segment whose copy an event moves, which copy, and where to.
pub(super) fn moved_by(event: &Event) -> Option<(SegmentId, u32, Whereabouts)> {
    match &event.kind {
        EventKind::Routed { segment, copy, fate } => Some((*segment, *copy, Whereabouts::decided(*fate, event.at))),
        EventKind::Arrived { segment, copy, .. } => Some((*segment, *copy, Whereabouts::Arrived(event.at))),
        _ => None,
    }
}
