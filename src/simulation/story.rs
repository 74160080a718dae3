//! What the story will do: at a time, or once something has happened.

use std::collections::VecDeque;

use crate::network::SegmentKind;
use crate::segment::Segment;
use crate::tcp::{Side, State};
use crate::time::{Duration, Instant};

use super::{Deed, UserCall};

/// What is left of a story.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Agenda {
    /// What it will do and when, in order of time.
    scheduled: VecDeque<(Instant, Deed)>,
    /// What it will do once a connection enters a state.
    for_states: Vec<Waiting>,
    /// What it will do once octets are received.
    for_octets: Vec<Waiting>,
    /// What it will do once segments leave or arrive.
    for_segments: Vec<Waiting>,
    /// How many octets each side's user has received.
    received: [u64; 2],
}

/// Something that waits for what it is to follow.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Waiting {
    when: When,
    deed: Deed,
    /// How many segments of the kind that it waits for have left or arrived.
    counted: u32,
}

/// Something that happens because the story says so.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Act {
    /// When.
    pub when: When,
    /// What.
    pub deed: Deed,
}

impl Act {
    /// Something that a user of `side` does, for the youngest connection or the listener.
    pub const fn user(when: When, side: Side, call: UserCall) -> Self {
        Self { when, deed: Deed::user(side, call) }
    }
}

/// When a story does something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum When {
    /// At this time.
    At(Instant),
    /// A while after a connection of this side enters a state for the first time.
    Enters {
        /// Which side.
        side: Side,
        /// Which state.
        state: State,
        /// How long after.
        after: Duration,
    },
    /// A while after this side's user has received so many octets in all.
    Receives {
        /// Which side.
        side: Side,
        /// How many octets.
        octets: u32,
        /// How long after.
        after: Duration,
    },
    /// A while after so many segments of a kind that this side sends have left it, or have arrived.
    Segment {
        /// Who sends it.
        side: Side,
        /// Of which kind.
        kind: SegmentKind,
        /// Which of them, counted from 1 as they leave or arrive, repetitions and copies included.
        nth: u32,
        /// What happens to it.
        passage: Passage,
        /// How long after.
        after: Duration,
    },
}

/// What happens to segments that are not lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Passage {
    /// It leaves its sender.
    Leaves,
    /// It arrives, undamaged.
    Arrives,
}

impl When {
    /// The same, so much later.
    pub fn later_by(self, span: Duration) -> Self {
        match self {
            When::At(at) => When::At(at + span),
            When::Enters { side, state, after } => When::Enters { side, state, after: after + span },
            When::Receives { side, octets, after } => When::Receives { side, octets, after: after + span },
            When::Segment { side, kind, nth, passage, after } => {
                When::Segment { side, kind, nth, passage, after: after + span }
            }
        }
    }

    /// How long after what it waits for; nothing for a time.
    pub fn after(&self) -> Duration {
        match self {
            When::At(_) => Duration::ZERO,
            When::Enters { after, .. } | When::Receives { after, .. } | When::Segment { after, .. } => *after,
        }
    }
}

impl Agenda {
    /// A story of which nothing has happened yet.
    pub fn new(story: Vec<Act>) -> Self {
        let mut it = Self {
            scheduled: VecDeque::with_capacity(story.len()),
            for_states: Vec::new(),
            for_octets: Vec::new(),
            for_segments: Vec::new(),
            received: [0; 2],
        };
        for Act { when, deed } in story {
            let waiting = match when {
                When::At(at) => {
                    schedule(&mut it.scheduled, at, deed);
                    continue;
                }
                When::Enters { .. } => &mut it.for_states,
                When::Receives { .. } => &mut it.for_octets,
                When::Segment { .. } => &mut it.for_segments,
            };
            waiting.push(Waiting { when, deed, counted: 0 });
        }
        it
    }

    /// When it will do something next, as far as that is known.
    pub fn next_at(&self) -> Option<Instant> {
        self.scheduled.front().map(|(at, _)| *at)
    }

    /// Whether something still waits for this.
    pub fn waits_for(&self, when: When) -> bool {
        [&self.for_states, &self.for_octets, &self.for_segments].into_iter().flatten().any(|it| it.when == when)
    }

    /// Whether it will do this at a time that is known already.
    pub fn has_scheduled(&self, deed: &Deed) -> bool {
        self.scheduled.iter().any(|(_, it)| it == deed)
    }

    /// What it does then.
    pub fn take_next(&mut self) -> Option<Deed> {
        self.scheduled.pop_front().map(|(_, deed)| deed)
    }

    /// A connection of this side enters a state.
    pub fn enters(&mut self, now: Instant, side: Side, entered: State) {
        let Self { for_states, scheduled, .. } = self;
        wake(
            now,
            for_states,
            scheduled,
            |it| matches!(it.when, When::Enters { side: s, state, .. } if (s, state) == (side, entered)),
        );
    }

    /// A segment of this side leaves or arrives.
    pub fn passes(&mut self, now: Instant, from: Side, passage: Passage, segment: &Segment) {
        let Self { for_segments, scheduled, .. } = self;
        wake(now, for_segments, scheduled, |it| match it.when {
            When::Segment { side, kind, nth, passage: awaited, .. } => {
                let counts = (side, awaited) == (from, passage) && kind.has(segment);
                it.counted = it.counted.saturating_add(u32::from(counts));
                it.counted >= nth
            }
            When::At(_) | When::Enters { .. } | When::Receives { .. } => false,
        });
    }

    /// The user of this side receives octets.
    pub fn receives(&mut self, now: Instant, side: Side, octets: usize) {
        let Self { for_octets, scheduled, received, .. } = self;
        let total = &mut received[side as usize];
        *total = total.saturating_add(octets as u64);
        wake(
            now,
            for_octets,
            scheduled,
            |it| matches!(it.when, When::Receives { side: s, octets, .. } if s == side && *total >= u64::from(octets)),
        );
    }
}

/// Sets a time for what has waited for something that has happened now.
#[inline]
fn wake(
    now: Instant,
    waiting: &mut Vec<Waiting>,
    scheduled: &mut VecDeque<(Instant, Deed)>,
    mut has_happened: impl FnMut(&mut Waiting) -> bool,
) {
    let mut index = 0;
    while index < waiting.len() {
        if has_happened(&mut waiting[index]) {
            let Waiting { when, deed, .. } = waiting.remove(index);
            schedule(scheduled, now + when.after(), deed);
        } else {
            index += 1;
        }
    }
}

/// Puts it behind whatever else comes at the same time.
fn schedule(scheduled: &mut VecDeque<(Instant, Deed)>, at: Instant, deed: Deed) {
    let place = scheduled.partition_point(|(other, _)| *other <= at);
    scheduled.insert(place, (at, deed));
}
