//! What the story will do: at a time, or once something has happened.

use std::collections::VecDeque;

use crate::endpoint::State;
use crate::network::{Kind, Side};
use crate::segment::Segment;
use crate::time::{Duration, Instant};

use super::Command;

/// What is left of a story.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Story {
    /// What it will do and when, in order of time.
    scheduled: VecDeque<(Instant, Command)>,
    /// What it will do once something has happened.
    waiting: Vec<Waiting>,
    /// How many octets each side's user has received.
    received: [u64; 2],
}

/// Something that waits for what it is to follow.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Waiting {
    when: When,
    command: Command,
    /// How many segments of the kind that it waits for have left or arrived.
    counted: u32,
}

/// Something that the story does.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Scheduled {
    /// When.
    pub when: When,
    /// What.
    pub command: Command,
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
        kind: Kind,
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

impl Story {
    /// A story of which nothing has happened yet.
    pub fn new(story: Vec<Scheduled>) -> Self {
        let (mut scheduled, mut waiting) = (Vec::new(), Vec::new());
        for it in story {
            match it.when {
                When::At(at) => scheduled.push((at, it.command)),
                When::Enters { .. } | When::Receives { .. } | When::Segment { .. } => {
                    waiting.push(Waiting { when: it.when, command: it.command, counted: 0 });
                }
            }
        }
        scheduled.sort_by_key(|(at, _)| *at);
        Self { scheduled: scheduled.into(), waiting, received: [0; 2] }
    }

    /// When it will do something next, as far as that is known.
    pub fn next_at(&self) -> Option<Instant> {
        self.scheduled.front().map(|(at, _)| *at)
    }

    /// What it does then.
    pub fn take_next(&mut self) -> Option<Command> {
        self.scheduled.pop_front().map(|(_, command)| command)
    }

    /// A connection of this side enters a state.
    pub fn enters(&mut self, now: Instant, side: Side, entered: State) {
        self.wake(now, |it| matches!(it.when, When::Enters { side: s, state, .. } if (s, state) == (side, entered)));
    }

    /// A segment of this side leaves or arrives.
    pub fn passes(&mut self, now: Instant, from: Side, passage: Passage, segment: &Segment) {
        for it in &mut self.waiting {
            if let When::Segment { side, kind, passage: awaited, .. } = it.when
                && (side, awaited) == (from, passage)
                && kind.has(segment)
            {
                it.counted = it.counted.saturating_add(1);
            }
        }
        self.wake(now, |it| matches!(it.when, When::Segment { nth, .. } if it.counted >= nth));
    }

    /// The user of this side receives octets.
    pub fn receives(&mut self, now: Instant, side: Side, octets: usize) {
        let total = &mut self.received[side as usize];
        *total = total.saturating_add(octets as u64);
        let total = *total;
        self.wake(
            now,
            |it| matches!(it.when, When::Receives { side: s, octets, .. } if s == side && total >= u64::from(octets)),
        );
    }

    /// Sets a time for what has waited for something that has happened now.
    fn wake(&mut self, now: Instant, has_happened: impl Fn(&Waiting) -> bool) {
        let mut index = 0;
        while index < self.waiting.len() {
            if !has_happened(&self.waiting[index]) {
                index += 1;
                continue;
            }
            let Waiting { when, command, .. } = self.waiting.remove(index);
            let at = now + when.after();
            let place = self.scheduled.partition_point(|(other, _)| *other <= at);
            self.scheduled.insert(place, (at, command));
        }
    }
}
