//! The vertical lines of the picture: what stands where between the left and the right edge.

use crate::tcp::{Side, State};

use super::metrics;
use super::scene::Weight;

/// The smallest width for which the picture is made; a narrower one gets this.
pub const LEAST_WIDTH: u32 = 320;

/// The largest width; a wider one gets this.
pub const LARGEST_WIDTH: u32 = 4000;

/// From this width on there is room for times, a second column of timers and larger letters.
const ROOMY: f64 = 600.0;

/// The distance between an arrow's end and its label.
pub const LABEL_INSET: f64 = 7.0;

/// Where everything stands. From the left: clock (if roomy), the client's timers, its words, its further bands, its
/// band, the lane, and the same for the server in reverse.
#[derive(Clone, Debug, PartialEq)]
pub struct Columns {
    /// The width of the picture.
    pub width: f64,
    /// The client's lifeline: the left edge of the lane.
    pub left: f64,
    /// The server's lifeline: the right edge of the lane.
    pub right: f64,
    /// The right edge of the clock's column and its width, if there is one.
    pub clock: Option<(f64, f64)>,
    /// How many timers can be shown beside each other.
    pub timers: usize,
    /// How wide a timer's column is.
    pub timer_width: f64,
    /// How wide words beside the bands may be.
    pub words_width: f64,
    /// How wide a band is.
    pub band_width: f64,
    /// How wide the bands of further connections are.
    pub extra_width: f64,
    /// How many further connections have bands.
    pub extras: usize,
    /// Sizes of letters.
    pub sizes: Sizes,
}

/// Sizes of letters.
#[derive(Clone, Debug, PartialEq)]
pub struct Sizes {
    /// The hosts' names.
    pub caption: f64,
    /// What arrows say.
    pub label: f64,
    /// Words on what happened to a segment.
    pub word: f64,
    /// Names of states.
    pub state: f64,
    /// User calls.
    pub call: f64,
    /// Timers and clock.
    pub timer: f64,
}

impl Columns {
    /// The columns for a picture of this width.
    pub fn new(width: u32) -> Self {
        let width = f64::from(width.clamp(LEAST_WIDTH, LARGEST_WIDTH));
        let is_roomy = width >= ROOMY;
        let sizes = if is_roomy {
            Sizes { caption: 14.0, label: 12.0, word: 11.0, state: 11.0, call: 10.5, timer: 10.0 }
        } else {
            let small = if width < 360.0 { 9.0 } else { 9.5 };
            Sizes { caption: 12.0, label: 11.0, word: 10.0, state: small, call: small, timer: small }
        };
        // Where there is little room, names of states break at their hyphens.
        let words_width = State::ALL
            .into_iter()
            .filter(|state| is_roomy || !state.name().contains('-'))
            .map(|state| metrics::width(state.name(), sizes.state, Weight::Regular))
            .fold(0.0, f64::max)
            .ceil();
        let clock_width = if is_roomy { 62.0 } else { 0.0 };
        let timers = if is_roomy { 2 } else { 1 };
        let timer_width = if is_roomy { 17.0 } else { 16.0 };
        let (band_width, extra_width, extras) = if is_roomy { (12.0, 5.0, 3) } else { (8.0, 3.0, 2) };
        let margin = timer_width * count(timers) + words_width + 4.0 + extra_width * count(extras) + band_width;
        Self {
            width,
            left: clock_width + margin,
            right: width - margin - if is_roomy { 8.0 } else { 0.0 },
            clock: is_roomy.then_some((clock_width - 8.0, clock_width - 10.0)),
            timers,
            timer_width,
            words_width,
            band_width,
            extra_width,
            extras,
            sizes,
        }
    }

    /// The width of the lane between the lifelines.
    pub fn lane(&self) -> f64 {
        self.right - self.left
    }

    /// How wide an arrow's label may be.
    pub fn label_room(&self) -> f64 {
        self.lane() - 2.0 * LABEL_INSET
    }

    /// A side's lifeline.
    pub fn lifeline(&self, side: Side) -> f64 {
        match side {
            Side::Client => self.left,
            Side::Server => self.right,
        }
    }

    /// The place `by` away from a side's lifeline, outward.
    pub fn outward(&self, side: Side, by: f64) -> f64 {
        match side {
            Side::Client => self.left - by,
            Side::Server => self.right + by,
        }
    }

    /// The place `progress` of the way from one side's lifeline to the other.
    pub fn on_the_way(&self, from: Side, progress: f64) -> f64 {
        match from {
            Side::Client => self.left + progress * self.lane(),
            Side::Server => self.right - progress * self.lane(),
        }
    }

    /// How far the words beside the bands stand from the lifeline.
    pub fn words_inset(&self) -> f64 {
        self.band_width + self.extra_width * count(self.extras) + 4.0
    }

    /// How far a timer's line stands from the lifeline.
    pub fn timer_inset(&self, column: usize) -> f64 {
        self.words_inset() + self.words_width + self.timer_width * count(column) + 4.0
    }
}

/// A small number of things as a length.
pub fn count(things: usize) -> f64 {
    u32::try_from(things).map_or(f64::MAX, f64::from)
}
