//! A copy of a segment on its way, and the arrow that shows it.

use crate::tcp::{SegmentId, Side};
use crate::time::{Duration, Instant};
use crate::trace::EventId;

use super::HIT_CLASS;
use super::clock::{Scale, ratio};
use super::columns::Columns;
use super::label::ArrowStyle;
use super::scene::{Item, ItemKind, Key, Layer, Point, Shape, point};

/// The width of the invisible line that takes clicks.
const HIT_WIDTH: f64 = 24.0;

/// How much of its way an arrow shows that has only just left.
const STUB: f64 = 0.12;

/// Where a segment comes from that no side sent: not from the other side's lifeline.
pub const INTRUDER_START: f64 = 0.14;

/// A copy of a segment that has neither arrived nor been lost.
#[derive(Clone, Debug, PartialEq)]
pub struct OpenArrow {
    /// Which segment.
    pub segment: SegmentId,
    /// Which copy.
    pub copy: u32,
    /// Where it left.
    pub origin: EventId,
    /// In which step it left.
    pub step: u32,
    /// From which side it comes, or claims to come.
    pub from: Side,
    /// What it mainly is.
    pub kind: ArrowStyle,
    /// Further class names.
    pub class: &'static str,
    /// Where it has been.
    pub path: Vec<Vertex>,
    /// When it was at the last vertex.
    pub since: Instant,
    /// What it does now.
    pub travel: Travel,
    /// Whether it was damaged on the way.
    pub is_damaged: bool,
}

/// A place where an arrow begins, bends or halts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Vertex {
    /// Which part of the way lies behind it.
    pub progress: f64,
    /// How far down.
    pub y: f64,
}

/// What a copy does now.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Travel {
    /// It will arrive then.
    Due(Instant),
    /// It is held.
    Held,
}

/// How an arrow ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// It has arrived.
    Arrived,
    /// It was lost at the last vertex.
    Lost,
    /// It is still on its way.
    Open,
    /// Nobody saw where it went.
    Unknown,
}

impl OpenArrow {
    /// The last vertex.
    pub fn last(&self) -> Vertex {
        self.path.last().copied().unwrap_or(Vertex { progress: 0.0, y: 0.0 })
    }

    /// Whether nothing has happened to it and no time has passed since it left.
    pub fn has_just_left(&self, now: Instant) -> bool {
        self.path.len() == 1 && self.since == now
    }

    /// Where it is now. Its arrow keeps to the straight line to where it will probably arrive.
    pub fn tip(&self, now: Instant, tail: f64, scale: &Scale) -> Vertex {
        let last = self.last();
        let Travel::Due(due) = self.travel else { return last };
        let passed = ratio(now.since(self.since), due.since(self.since));
        let arrival = (last.y + scale.height(due.since(self.since), true).units())
            .max(tail + scale.height(due.since(now), true).units());
        Vertex { progress: last.progress + passed * (1.0 - last.progress), y: last.y + passed * (arrival - last.y) }
    }

    /// Notes where it is now, before something happens to it. What happens at the instant of its departure happens
    /// half way.
    pub fn halt(&mut self, now: Instant, tail: f64, scale: &Scale) -> Vertex {
        let here = if self.has_just_left(now) {
            let last = self.last();
            Vertex { progress: (last.progress + 1.0) / 2.0, y: last.y + (scale.typical_drop() / 2.0).round() }
        } else {
            self.tip(now, tail, scale)
        };
        if here != self.last() {
            self.path.push(here);
        }
        self.since = now;
        here
    }

    /// The straight parts of a path, as boxes without width.
    pub fn lines(&self, path: &[Vertex], columns: &Columns) -> Vec<[Point; 4]> {
        let at = |it: &Vertex| point(columns.on_the_way(self.from, it.progress), it.y);
        path.windows(2).map(|pair| [at(&pair[0]), at(&pair[1]), at(&pair[1]), at(&pair[0])]).collect()
    }

    /// The arrow.
    pub fn arrow(&self, end: End, now: Instant, tail: f64, scale: &Scale, columns: &Columns, step: u32) -> Item {
        let mut path = self.path.clone();
        let mut state = match end {
            End::Arrived => "arrived",
            End::Lost => "lost",
            End::Unknown => "unknown",
            End::Open => "in-flight",
        };
        let mut is_moving = match end {
            End::Arrived | End::Open => true,
            End::Lost | End::Unknown => false,
        };
        if end == End::Open {
            match self.travel {
                Travel::Held => {
                    state = "held";
                    is_moving = false;
                    let last = self.last();
                    path.push(Vertex { y: last.y.max(tail), ..last });
                }
                Travel::Due(due) => {
                    // At least a stub, so that there is something to see and to point at.
                    let whole = due.since(self.since);
                    let stub = self.since + Duration::from_us(whole.as_us() / 8);
                    let seen = if ratio(now.since(self.since), whole) < STUB { stub } else { now };
                    path.push(self.tip(seen, tail, scale));
                }
            }
        }
        let points: Vec<Point> =
            path.iter().map(|it| point(columns.on_the_way(self.from, it.progress), it.y)).collect();
        let mut shapes = vec![Shape::Line { class: HIT_CLASS, points: points.clone(), width: HIT_WIDTH }];
        self.draw_lines(&points, is_moving, &mut shapes);
        self.draw_start(&points, &mut shapes);
        for (at, is_last) in halts(&points) {
            if !(is_last && matches!(end, End::Lost | End::Unknown)) {
                draw_pause(at, &mut shapes);
            }
        }
        if end == End::Open && self.travel == Travel::Held {
            draw_pause(points[self.path.len() - 1], &mut shapes);
        }
        // What arrives damaged is as good as lost.
        let is_in_vain = end == End::Lost || (end == End::Arrived && self.is_damaged);
        if let (true, Some(at)) = (is_in_vain, points.last()) {
            draw_cross(*at, &mut shapes);
        }
        let separator = if self.class.is_empty() { "" } else { " " };
        Item {
            key: Key { kind: ItemKind::Arrow, number: self.segment.number(), part: self.copy },
            layer: Layer::Arrow,
            class: format!("arrow {} from-{} {state}{separator}{}", self.kind.class(), self.from.name(), self.class),
            segment: Some(self.segment),
            event: Some(self.origin),
            step: Some(step),
            shapes,
        }
    }

    fn stroke(&self) -> f64 {
        match self.kind {
            ArrowStyle::Rst | ArrowStyle::Syn | ArrowStyle::Fin => 1.8,
            ArrowStyle::Data => 2.4,
            ArrowStyle::Ack => 1.2,
        }
    }

    /// The line in its parts: what moves, and where it stands still.
    fn draw_lines(&self, points: &[Point], is_moving: bool, shapes: &mut Vec<Shape>) {
        let width = self.stroke();
        let parts = points.len().saturating_sub(1);
        for (index, pair) in points.windows(2).enumerate() {
            let (from, mut to) = (pair[0], pair[1]);
            if from == to {
                continue;
            }
            if from.x == to.x {
                shapes.push(Shape::Line { class: "wait", points: vec![from, to], width: 1.2 });
                continue;
            }
            let head = if is_moving && index + 1 == parts { Some(self.head(from, to)) } else { None };
            if let Some((base, _)) = &head {
                to = *base;
            }
            shapes.push(Shape::Line { class: "line", points: vec![from, to], width });
            if let Some((_, shape)) = head {
                shapes.push(shape);
            }
        }
    }

    /// The arrowhead, and where the line ends below it.
    fn head(&self, from: Point, tip: Point) -> (Point, Shape) {
        let (dx, dy) = (tip.x - from.x, tip.y - from.y);
        let length = (dx * dx + dy * dy).sqrt();
        let (dx, dy) = (dx / length, dy / length);
        let at = |along: f64, across: f64| point(tip.x - along * dx - across * dy, tip.y - along * dy + across * dx);
        match self.kind {
            ArrowStyle::Ack => (
                at(0.5, 0.0),
                Shape::Line { class: "open-head", points: vec![at(7.5, 3.4), tip, at(7.5, -3.4)], width: 1.3 },
            ),
            ArrowStyle::Rst => (
                at(9.0, 0.0),
                Shape::Polygon { class: "head", points: vec![tip, at(5.5, 4.2), at(11.0, 0.0), at(5.5, -4.2)] },
            ),
            ArrowStyle::Syn | ArrowStyle::Fin => {
                (at(7.0, 0.0), Shape::Polygon { class: "head", points: vec![tip, at(9.0, 3.6), at(9.0, -3.6)] })
            }
            ArrowStyle::Data => {
                (at(8.0, 0.0), Shape::Polygon { class: "head", points: vec![tip, at(10.0, 4.4), at(10.0, -4.4)] })
            }
        }
    }

    /// The mark at the start: a dot where a connection opens, a bar where it closes, a ring where nobody sent.
    fn draw_start(&self, points: &[Point], shapes: &mut Vec<Shape>) {
        let Some(at) = points.first().copied() else { return };
        let inward = match self.from {
            Side::Client => 1.0,
            Side::Server => -1.0,
        };
        if self.path[0].progress > 0.0 {
            shapes.push(Shape::Circle { class: "ring", at, radius: 3.5 });
            return;
        }
        match self.kind {
            ArrowStyle::Syn => shapes.push(Shape::Circle { class: "dot", at, radius: 3.0 }),
            ArrowStyle::Fin => {
                let x = at.x + inward * 2.0;
                let points = vec![point(x, at.y - 5.0), point(x, at.y + 5.0)];
                shapes.push(Shape::Line { class: "bar", points, width: 1.8 });
            }
            ArrowStyle::Rst | ArrowStyle::Data | ArrowStyle::Ack => {}
        }
    }
}

/// Where an arrow stood still and went on, and whether the whole arrow ends there.
fn halts(points: &[Point]) -> impl Iterator<Item = (Point, bool)> + '_ {
    points
        .windows(2)
        .enumerate()
        .filter(|(index, pair)| *index > 0 && pair[0].x == pair[1].x)
        .map(move |(index, pair)| (pair[0], index + 2 == points.len()))
}

fn draw_pause(at: Point, shapes: &mut Vec<Shape>) {
    shapes.push(Shape::Circle { class: "halt", at, radius: 7.0 });
    for x in [at.x - 2.0, at.x + 2.0] {
        shapes.push(Shape::Line {
            class: "halt-bar",
            points: vec![point(x, at.y - 3.0), point(x, at.y + 3.0)],
            width: 1.6,
        });
    }
}

fn draw_cross(at: Point, shapes: &mut Vec<Shape>) {
    for slope in [1.0, -1.0] {
        shapes.push(Shape::Line {
            class: "cross",
            points: vec![point(at.x - 5.0, at.y - 5.0 * slope), point(at.x + 5.0, at.y + 5.0 * slope)],
            width: 2.0,
        });
    }
}
