//! What a picture consists of: a small neutral vocabulary that knows neither TCP nor SVG.

use std::ops::Range;

use crate::tcp::SegmentId;
use crate::text::Words;
use crate::trace::EventId;

use super::metrics;

/// A part of the picture, ready to be painted. Units are CSS pixels at the default zoom; y grows downward.
#[derive(Clone, Debug, PartialEq)]
pub struct Scene {
    /// The width of the whole picture.
    pub width: f64,
    /// The height of the whole picture so far.
    pub height: f64,
    /// The part that was asked for.
    pub view: Range<f64>,
    /// What the words in it are taken from.
    pub words: Words,
    /// What is in view, in the order of painting.
    pub items: Vec<Item>,
}

/// One thing in the picture: what is added, replaced and pointed at as a whole.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    /// Its name: the same thing has the same key in every scene of a diagram.
    pub key: Key,
    /// With what it is painted.
    pub layer: Layer,
    /// Class names, separated by spaces.
    pub class: String,
    /// The segment that it shows or names.
    pub segment: Option<SegmentId>,
    /// The event that it shows: for an arrow the departure.
    pub event: Option<EventId>,
    /// The step that completed it so far: for an arrow the arrival, once it has arrived.
    pub step: Option<u32>,
    /// What it looks like.
    pub shapes: Vec<Shape>,
}

/// Names an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    /// What kind of thing it is.
    pub kind: ItemKind,
    /// Which of them, mostly the number of an event or of a segment.
    pub number: u32,
    /// Which part or copy.
    pub part: u32,
}

/// The kinds of items.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ItemKind {
    /// A host's lifeline, with the host's name.
    Lifeline,
    /// A stretch of a lifeline in one state.
    Band,
    /// A cut in time.
    Gap,
    /// A timer from its start to its end.
    Timer,
    /// A copy of a segment on its way.
    Arrow,
    /// The simulation's time, at the left edge.
    Clock,
    /// The name of a state.
    State,
    /// A user call or another event at the outer side.
    Call,
    /// What a segment says.
    Label,
    /// What happened to a segment on its way.
    Word,
}

impl ItemKind {
    /// Its class name.
    pub const fn name(self) -> &'static str {
        match self {
            ItemKind::Lifeline => "lifeline",
            ItemKind::Band => "band",
            ItemKind::Gap => "gap",
            ItemKind::Timer => "timer",
            ItemKind::Arrow => "arrow",
            ItemKind::Clock => "clock",
            ItemKind::State => "state",
            ItemKind::Call => "call",
            ItemKind::Label => "label",
            ItemKind::Word => "word",
        }
    }
}

/// The layers, painted in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Layer {
    /// Lifelines and state bands.
    Ground,
    /// Cuts in time.
    Gap,
    /// Timers.
    Timer,
    /// Arrows.
    Arrow,
    /// All words.
    Text,
}

impl Layer {
    /// All layers in the order of painting.
    pub const ALL: [Layer; 5] = [Layer::Ground, Layer::Gap, Layer::Timer, Layer::Arrow, Layer::Text];

    /// Its class name.
    pub const fn name(self) -> &'static str {
        match self {
            Layer::Ground => "layer-ground",
            Layer::Gap => "layer-gap",
            Layer::Timer => "layer-timer",
            Layer::Arrow => "layer-arrow",
            Layer::Text => "layer-text",
        }
    }
}

/// A point of the picture.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Point {
    /// To the right.
    pub x: f64,
    /// Downward.
    pub y: f64,
}

/// A point of the picture.
pub const fn point(x: f64, y: f64) -> Point {
    Point { x, y }
}

/// Something that can be painted. Classes decide color and dash; sizes are given.
#[derive(Clone, Debug, PartialEq)]
pub enum Shape {
    /// An open line through at least two points.
    Line {
        /// Class names.
        class: &'static str,
        /// Where it runs.
        points: Vec<Point>,
        /// How wide it is.
        width: f64,
    },
    /// A closed, filled outline.
    Polygon {
        /// Class names.
        class: &'static str,
        /// Its corners.
        points: Vec<Point>,
    },
    /// A filled rectangle.
    Rect {
        /// Class names.
        class: &'static str,
        /// The upper left corner.
        at: Point,
        /// The width.
        width: f64,
        /// The height.
        height: f64,
    },
    /// A circle.
    Circle {
        /// Class names.
        class: &'static str,
        /// The center.
        at: Point,
        /// The radius.
        radius: f64,
    },
    /// One line of text.
    Text(Text),
}

/// One line of text.
#[derive(Clone, Debug, PartialEq)]
pub struct Text {
    /// Class names.
    pub class: &'static str,
    /// Where the baseline begins or ends, as the anchor says.
    pub at: Point,
    /// The direction of the baseline, of length one: `(1, 0)` is horizontal.
    pub direction: Point,
    /// Which end of the baseline `at` is.
    pub anchor: Anchor,
    /// The size of the font.
    pub size: f64,
    /// The words.
    pub runs: Vec<TextRun>,
}

/// A stretch of text in one style.
#[derive(Clone, Debug, PartialEq)]
pub struct TextRun {
    /// Class names; none if empty.
    pub class: &'static str,
    /// Bold or not.
    pub weight: Weight,
    /// The words.
    pub text: String,
}

/// How heavy letters are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weight {
    /// Normal.
    Regular,
    /// Bold.
    Bold,
}

/// Which end of a line of text is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Anchor {
    /// The first letter begins there.
    Start,
    /// The middle of the line is there.
    Middle,
    /// The last letter ends there.
    End,
}

impl Text {
    /// Its width by the table of letter widths.
    pub fn width(&self) -> f64 {
        self.runs.iter().map(|run| metrics::width(&run.text, self.size, run.weight)).sum()
    }

    /// The corners of the box that it needs, in order around it.
    pub fn corners(&self) -> [Point; 4] {
        let width = self.width();
        let start = match self.anchor {
            Anchor::Start => 0.0,
            Anchor::Middle => -width / 2.0,
            Anchor::End => -width,
        };
        let (up, down) = (-metrics::ascent(self.size), metrics::descent(self.size));
        let Point { x: c, y: s } = self.direction;
        [(start, up), (start + width, up), (start + width, down), (start, down)]
            .map(|(along, across)| point(self.at.x + c * along - s * across, self.at.y + s * along + c * across))
    }

    /// The words without their styles.
    pub fn content(&self) -> String {
        self.runs.iter().map(|run| run.text.as_str()).collect()
    }
}

impl Shape {
    /// The range of y that it touches, strokes included.
    pub fn vertical_extent(&self) -> Range<f64> {
        match self {
            Shape::Line { points, width, .. } => extent(points, width / 2.0),
            Shape::Polygon { points, .. } => extent(points, 1.0),
            Shape::Rect { at, height, .. } => at.y..at.y + height,
            Shape::Circle { at, radius, .. } => at.y - radius - 1.0..at.y + radius + 1.0,
            Shape::Text(text) => extent(&text.corners(), 0.0),
        }
    }
}

impl Item {
    /// The range of y that it touches.
    pub fn vertical_extent(&self) -> Range<f64> {
        let mut all = f64::INFINITY..f64::NEG_INFINITY;
        for extent in self.shapes.iter().map(Shape::vertical_extent) {
            all.start = all.start.min(extent.start);
            all.end = all.end.max(extent.end);
        }
        all
    }
}

fn extent(points: &[Point], margin: f64) -> Range<f64> {
    let top = points.iter().map(|it| it.y).fold(f64::INFINITY, f64::min);
    let bottom = points.iter().map(|it| it.y).fold(f64::NEG_INFINITY, f64::max);
    top - margin..bottom + margin
}
