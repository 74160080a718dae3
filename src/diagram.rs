//! Trace → scene: two lifelines, the states on them, and an arrow for every segment from departure to arrival.
//!
//! A [`Diagram`] grows with its trace. What has come to its end is drawn for good and never moves; what is still open
//! (the arrows of segments on their way, running timers, the current states) is drawn anew for every [`Scene`]. A
//! scene holds only what is in view and costs the same in a long run as in a short one.
//!
//! Three rules give every text its place:
//!
//! - An arrow's label stands above the place where the segment leaves, and the row of the departure is moved down
//!   until the label touches nothing. What happens later is drawn further down, so nothing can come to lie above.
//! - Words beside a lifeline take rows of their own; an event waits until the name of the last state has its row.
//! - Room is measured with a table of letter widths that no font of the stack exceeds.
//!
//! Height is in proportion to time wherever these rules permit; long idle time is cut, and the cut says how long it was.
//!
//! ```
//! use synfin::diagram::{Diagram, DiagramOptions};
//! use synfin::trace::Trace;
//!
//! let mut diagram = Diagram::new(DiagramOptions::default());
//! let trace = Trace::default();
//! diagram.extend(&trace);
//! let scene = diagram.scene(0.0..diagram.height(), None);
//! assert_eq!(scene.width, 800.0);
//! ```

mod archive;
mod clock;
mod columns;
mod flight;
mod host;
mod label;
pub mod metrics;
mod pen;
mod scene;
mod shelf;

use std::ops::Range;

use crate::text::Words;
use crate::time::Duration;
use crate::trace::Trace;

use archive::Archive;
use columns::Columns;
use pen::Pen;

pub use columns::{LARGEST_WIDTH, LEAST_WIDTH};
pub use host::state_class;
pub use label::{ArrowStyle, segment_label};
pub use scene::{Anchor, Item, ItemKind, Key, Layer, Point, Scene, Shape, Text, TextRun, Weight};

/// How many steps lie between two places to which a diagram can go back at once.
const STEPS_PER_CHECKPOINT: usize = 64;

/// The class of the wide, invisible lines that take clicks.
const HIT_CLASS: &str = "hit";

/// The width of the line that marks the arrows of the last step.
const GLOW_WIDTH: f64 = 9.0;

/// What a picture should be like.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DiagramOptions {
    /// How wide, in units; widths outside [`LEAST_WIDTH`] to [`LARGEST_WIDTH`] are brought inside.
    pub width: u32,
    /// The words in it.
    pub words: Words,
    /// The link's one-way delay, which sets the scale; if it is not known, the trace tells.
    pub transit: Option<Duration>,
}

impl Default for DiagramOptions {
    fn default() -> Self {
        Self { width: 800, words: Words::default(), transit: None }
    }
}

/// A picture that grows with its trace.
#[derive(Clone, Debug)]
pub struct Diagram {
    options: DiagramOptions,
    columns: Columns,
    pen: Pen,
    archive: Archive,
    checkpoints: Vec<Checkpoint>,
    /// From where to where each step reaches.
    rows: Vec<Range<f64>>,
}

/// The state of the drawing after some step.
#[derive(Clone, Debug)]
struct Checkpoint {
    pen: Pen,
    drawn: usize,
}

impl Diagram {
    /// A picture of nothing yet.
    pub fn new(options: DiagramOptions) -> Self {
        let columns = Columns::new(options.width);
        let mut archive = Archive::default();
        let mut out = Vec::new();
        let pen = Pen::new(&options, &columns, &mut out);
        out.into_iter().for_each(|item| archive.push(item));
        let start = Checkpoint { pen: pen.clone(), drawn: archive.len() };
        Self { options, columns, pen, archive, checkpoints: vec![start], rows: Vec::new() }
    }

    /// What the picture is like.
    pub fn options(&self) -> &DiagramOptions {
        &self.options
    }

    /// How many steps of the trace are drawn.
    pub fn steps(&self) -> usize {
        self.pen.steps()
    }

    /// Draws what is new in `trace`; begins anew if the options have changed.
    pub fn update(&mut self, trace: &Trace, options: DiagramOptions) {
        if options != self.options {
            *self = Self::new(options);
        }
        self.extend(trace);
    }

    /// Draws the steps of `trace` that are not drawn yet; where the trace has become shorter, forgets what lies beyond its end.
    /// The cost is that of the new steps. If steps that are drawn were replaced by others, [`truncate`](Self::truncate)
    /// the picture to those that are still the same first.
    pub fn extend(&mut self, trace: &Trace) {
        if trace.steps() < self.pen.steps() {
            self.truncate(trace.steps(), trace);
        }
        self.extend_to(trace.steps(), trace);
    }

    /// Goes back to the first `steps` steps of `trace`; these must be the ones that were drawn.
    pub fn truncate(&mut self, steps: usize, trace: &Trace) {
        if steps >= self.pen.steps() {
            return;
        }
        let keep = self.checkpoints.partition_point(|it| it.pen.steps() <= steps).max(1);
        self.checkpoints.truncate(keep);
        if let Some(checkpoint) = self.checkpoints.last() {
            self.pen = checkpoint.pen.clone();
            self.archive.truncate(checkpoint.drawn);
            self.rows.truncate(checkpoint.pen.steps());
        }
        self.extend_to(steps.min(trace.steps()), trace);
    }

    /// How high the whole picture is so far. It only grows as steps are added.
    pub fn height(&self) -> f64 {
        self.pen.height()
    }

    /// How far down the present is: a view that follows the run keeps this in sight.
    pub fn now_y(&self) -> f64 {
        self.pen.tail()
    }

    /// From where to where a step reaches, counted from 1; from the top to the top before the first.
    pub fn extent_of_step(&self, step: usize) -> Range<f64> {
        step.checked_sub(1).and_then(|index| self.rows.get(index)).cloned().unwrap_or(0.0..0.0)
    }

    /// What is in view between two heights, to be pointed at. What belongs to `highlight`, a step counted from 1, has
    /// the class `current`.
    pub fn scene(&self, view: Range<f64>, highlight: Option<u32>) -> Scene {
        let mut scene = self.in_view(view);
        for item in scene.items.iter_mut().filter(|item| item.step.is_some() && item.step == highlight) {
            item.class.push_str(" current");
            if let Some(Shape::Line { class: HIT_CLASS, points, .. }) = item.shapes.first() {
                let glow = Shape::Line { class: "glow", points: points.clone(), width: GLOW_WIDTH };
                item.shapes.insert(0, glow);
            }
        }
        scene
    }

    /// The whole picture as it is printed: without what is only there to be pointed at.
    pub fn whole(&self) -> Scene {
        let mut scene = self.in_view(0.0..self.height());
        for item in &mut scene.items {
            item.shapes.retain(|shape| !matches!(shape, Shape::Line { class: HIT_CLASS, .. }));
        }
        scene
    }

    fn in_view(&self, view: Range<f64>) -> Scene {
        let mut items = self.archive.in_view(&view);
        self.pen.open_items(&self.columns, &mut |item| {
            let extent = item.vertical_extent();
            if extent.start < view.end && extent.end > view.start {
                items.push(item);
            }
        });
        items.sort_unstable_by_key(|item| (item.layer, item.key));
        Scene { width: self.columns.width, height: self.height(), view, words: self.options.words.clone(), items }
    }

    fn extend_to(&mut self, steps: usize, trace: &Trace) {
        let mut out = Vec::new();
        while self.pen.steps() < steps {
            let rows = self.pen.draw_step(trace, &self.columns, &mut out);
            self.rows.push(rows);
            out.drain(..).for_each(|item| self.archive.push(item));
            if self.pen.steps().is_multiple_of(STEPS_PER_CHECKPOINT) {
                self.checkpoints.push(Checkpoint { pen: self.pen.clone(), drawn: self.archive.len() });
            }
        }
    }
}
