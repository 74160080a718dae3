//! One side of the picture: the bands of its connections, its timers, and the words beside them.

use litemap::LiteMap;

use crate::chronicle::HostAccount;
use crate::tcp::{ConnectionId, Side, State, Timer};
use crate::time::Instant;
use crate::trace::EventId;

use super::columns::{Columns, count};
use super::scene::{Item, ItemKind, Key, Layer, Shape, Text, point};
use super::shelf::Rows;

/// One side of the picture.
#[derive(Clone, Debug, PartialEq)]
pub struct HostLane {
    /// Which side.
    pub side: Side,
    /// Where words stand beside the bands.
    pub rows: Rows,
    /// How far down the name of the latest state reaches.
    pub state_bottom: f64,
    /// How far down anything has happened here.
    pub bottom: f64,
    /// How far down the lowest arrow ends here.
    pub tip: f64,
    /// The timers that run.
    pub timers: LiteMap<(ConnectionId, Timer), Running>,
    bands: Vec<Band>,
}

/// A timer that runs.
#[derive(Clone, Debug, PartialEq)]
pub struct Running {
    /// What set it.
    pub event: EventId,
    /// In which step.
    pub step: u32,
    /// When it was set.
    pub since: Instant,
    /// Where it begins.
    pub top: f64,
    /// In which column it is drawn, if there was one free.
    pub column: Option<usize>,
    /// Its name and duration.
    pub label: Option<Text>,
}

/// A stretch of a lifeline that has not ended yet.
#[derive(Clone, Debug, PartialEq)]
struct Band {
    event: u32,
    top: f64,
    connection: Option<ConnectionId>,
    state: State,
}

impl HostLane {
    /// A side where nothing has happened yet.
    pub fn new(side: Side, top: f64) -> Self {
        Self {
            side,
            rows: Rows::default(),
            state_bottom: top,
            bottom: top,
            tip: f64::NEG_INFINITY,
            timers: LiteMap::new(),
            bands: vec![Band { event: 0, top, connection: None, state: State::Closed }],
        }
    }

    /// A connection is forgotten, and its timers with it.
    pub fn forget_timers(&mut self, connection: ConnectionId) {
        self.timers.retain(|(id, _), _| *id != connection);
    }

    /// Ends and begins bands at `y` so that they show what the host has. Says whether anything changed.
    pub fn update_bands(
        &mut self,
        host: &HostAccount,
        event: EventId,
        y: f64,
        columns: &Columns,
        out: &mut Vec<Item>,
    ) -> bool {
        let mut wanted: Vec<(Option<ConnectionId>, State)> = host
            .connections()
            .iter()
            .rev()
            .take(columns.extras + 1)
            .map(|it| match it.state {
                State::Closed | State::Listen => (None, it.state),
                State::SynSent
                | State::SynReceived
                | State::Established
                | State::FinWait1
                | State::FinWait2
                | State::CloseWait
                | State::Closing
                | State::LastAck
                | State::TimeWait => (Some(it.connection), it.state),
            })
            .collect();
        if wanted.is_empty() {
            wanted.push((None, host.state_without_connection()));
        }
        let mut has_changed = false;
        let old = std::mem::take(&mut self.bands);
        let mut next = Vec::new();
        for slot in 0..old.len().max(wanted.len()) {
            match (old.get(slot), wanted.get(slot)) {
                (Some(band), Some((connection, state))) if (band.connection, band.state) == (*connection, *state) => {
                    next.push(band.clone());
                }
                (before, after) => {
                    has_changed = true;
                    if let Some(band) = before.filter(|band| y > band.top) {
                        out.push(band.item(self.side, slot, y, columns));
                    }
                    if let Some((connection, state)) = after {
                        next.push(Band { event: event.0, top: y, connection: *connection, state: *state });
                    }
                }
            }
        }
        self.bands = next;
        has_changed
    }

    /// The bands that have not ended, down to `y`.
    pub fn open_bands<'a>(&'a self, y: f64, columns: &'a Columns) -> impl Iterator<Item = Item> + 'a {
        self.bands.iter().enumerate().map(move |(slot, band)| band.item(self.side, slot, y, columns))
    }

    /// A column in which no timer runs.
    pub fn free_timer_column(&self, columns: &Columns) -> Option<usize> {
        (0..columns.timers).find(|column| !self.timers.values().any(|it| it.column == Some(*column)))
    }
}

impl Band {
    fn item(&self, side: Side, slot: usize, bottom: f64, columns: &Columns) -> Item {
        let (inset, width) = match (slot, self.state) {
            (0, State::Closed) => (1.0, 1.0),
            (0, _) => (0.0, columns.band_width),
            (slot, _) => (columns.band_width + columns.extra_width * count(slot - 1) + 1.0, columns.extra_width - 1.0),
        };
        let (near, far) = (columns.outward(side, inset), columns.outward(side, inset + width));
        Item {
            key: Key { kind: ItemKind::Band, number: self.event, part: part(side, slot) },
            layer: Layer::Ground,
            class: format!("band on-{} {}", side.name(), state_class(self.state)),
            segment: None,
            event: Some(EventId(self.event)),
            step: None,
            shapes: vec![Shape::Rect {
                class: "band-fill",
                at: point(near.min(far), self.top),
                width,
                height: (bottom - self.top).max(0.0),
            }],
        }
    }
}

impl Running {
    /// The timer's bracket from its start down to `bottom`.
    pub fn item(&self, side: Side, timer: Timer, bottom: f64, end: TimerEnd, columns: &Columns) -> Option<Item> {
        let inset = columns.timer_inset(self.column?);
        let x = columns.outward(side, inset);
        let foot = columns.outward(side, inset - 4.0);
        let mut shapes =
            vec![Shape::Line { class: "tick", points: vec![point(foot, self.top), point(x, self.top)], width: 1.0 }];
        let (state, class) = match end {
            TimerEnd::Running => ("running", "running-line"),
            TimerEnd::Stopped => ("stopped", "timer-line"),
            TimerEnd::Expired => ("expired", "timer-line"),
        };
        shapes.push(Shape::Line { class, points: vec![point(x, self.top), point(x, bottom)], width: 1.0 });
        match end {
            TimerEnd::Running => {}
            TimerEnd::Stopped => {
                shapes.push(Shape::Line {
                    class: "tick",
                    points: vec![point(foot, bottom), point(x, bottom)],
                    width: 1.0,
                });
            }
            TimerEnd::Expired => {
                let edge = columns.outward(side, columns.words_inset() - 3.0);
                let neck = columns.outward(side, columns.words_inset() + 2.0);
                shapes.push(Shape::Line {
                    class: "expiry",
                    points: vec![point(x, bottom), point(neck, bottom)],
                    width: 1.0,
                });
                shapes.push(Shape::Polygon {
                    class: "expiry-head",
                    points: vec![point(edge, bottom), point(neck, bottom - 3.0), point(neck, bottom + 3.0)],
                });
            }
        }
        let room = match end {
            TimerEnd::Running => f64::INFINITY,
            TimerEnd::Stopped | TimerEnd::Expired => bottom - self.top,
        };
        if let Some(text) = self.label.as_ref().filter(|text| text.width() + LABEL_MARGIN <= room) {
            let mut text = text.clone();
            if room.is_finite() {
                text.at.y += ((room - text.width() - LABEL_MARGIN) / 2.0).floor();
            }
            shapes.push(Shape::Text(text));
        }
        Some(Item {
            key: Key { kind: ItemKind::Timer, number: self.event.0, part: part(side, 0) },
            layer: Layer::Timer,
            class: format!("timer timer-{} {state}", timer.name()),
            segment: None,
            event: Some(self.event),
            step: Some(self.step),
            shapes,
        })
    }
}

/// What a timer's label needs beside its own length.
pub const LABEL_MARGIN: f64 = 6.0;

/// How a timer ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimerEnd {
    /// It has not.
    Running,
    /// It was stopped.
    Stopped,
    /// It expired.
    Expired,
}

/// The class name of a state: `state-syn-sent`.
pub fn state_class(state: State) -> String {
    format!("state-{}", state.name().to_ascii_lowercase())
}

fn part(side: Side, slot: usize) -> u32 {
    let slot = u32::try_from(slot).unwrap_or(u32::MAX / 2);
    match side {
        Side::Client => 2 * slot,
        Side::Server => 2 * slot + 1,
    }
}
