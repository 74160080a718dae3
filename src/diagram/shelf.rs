//! Where text stands already, so that nothing is put on top of it.

use std::ops::Range;

use super::scene::{Point, point};

/// The least distance between two texts.
const MARGIN: f64 = 1.0;

/// How far a text gives way to an arrow.
const DETOUR: f64 = 36.0;

/// Boxes at any angle, of which only the lowest are remembered: what is to come never lies far above.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Shelf {
    boxes: Vec<[Point; 4]>,
}

impl Shelf {
    /// Whether this box would touch another.
    pub fn is_free(&self, corners: &[Point; 4]) -> bool {
        !self.boxes.iter().any(|other| overlap(corners, other, MARGIN))
    }

    /// How far down these boxes, taken together, must be moved in whole units so that they touch no other.
    pub fn drop_needed(&self, boxes: &[[Point; 4]]) -> f64 {
        let mut drop = 0.0;
        while boxes.iter().any(|corners| !self.is_free(&corners.map(|it| point(it.x, it.y + drop)))) {
            drop += 1.0;
        }
        drop
    }

    /// As [`drop_needed`](Self::drop_needed), but rather a little further down than on top of one of `lines`.
    pub fn drop_preferred(&self, boxes: &[[Point; 4]], lines: &[[Point; 4]]) -> f64 {
        let needed = self.drop_needed(boxes);
        let mut drop = needed;
        while drop <= needed + DETOUR {
            let moved = |corners: &[Point; 4]| corners.map(|it| point(it.x, it.y + drop));
            let is_clear = |corners: &[Point; 4]| {
                let moved = moved(corners);
                self.is_free(&moved) && !lines.iter().any(|line| overlap(&moved, line, MARGIN))
            };
            if boxes.iter().all(is_clear) {
                return drop;
            }
            drop += 1.0;
        }
        needed
    }

    /// Puts a box there.
    pub fn put(&mut self, corners: [Point; 4]) {
        self.boxes.push(corners);
    }

    /// Forgets what ends above `y`.
    pub fn forget_above(&mut self, y: f64) {
        self.boxes.retain(|corners| corners.iter().any(|corner| corner.y >= y));
    }
}

/// Rows that are taken, in a column that holds one thing at a time.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Rows {
    taken: Vec<(f64, f64)>,
}

impl Rows {
    /// The first place at or below `top` where `height` is free.
    pub fn first_free(&self, top: f64, height: f64) -> f64 {
        let mut top = top;
        while let Some((_, end)) = self.taken.iter().find(|(start, end)| top < *end && *start < top + height) {
            top = *end;
        }
        top
    }

    /// Takes rows.
    pub fn take(&mut self, rows: Range<f64>) {
        self.taken.push((rows.start, rows.end));
    }

    /// Forgets what ends above `y`.
    pub fn forget_above(&mut self, y: f64) {
        self.taken.retain(|(_, end)| *end >= y);
    }
}

/// Whether two convex quadrangles come closer than `margin`, by the theorem of separating axes.
pub fn overlap(a: &[Point; 4], b: &[Point; 4], margin: f64) -> bool {
    let axes = |corners: &[Point; 4]| {
        [0, 1].map(|edge| {
            let (from, to) = (corners[edge], corners[edge + 1]);
            let (x, y) = (to.y - from.y, from.x - to.x);
            let length = (x * x + y * y).sqrt();
            if length > 0.0 { point(x / length, y / length) } else { point(1.0, 0.0) }
        })
    };
    axes(a).into_iter().chain(axes(b)).all(|axis| {
        let (a_low, a_high) = shadow(a, axis);
        let (b_low, b_high) = shadow(b, axis);
        a_low < b_high + margin && b_low < a_high + margin
    })
}

fn shadow(corners: &[Point; 4], axis: Point) -> (f64, f64) {
    corners
        .iter()
        .map(|corner| corner.x * axis.x + corner.y * axis.y)
        .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), it| (low.min(it), high.max(it)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rect(x: f64, y: f64, width: f64, height: f64) -> [Point; 4] {
        [point(x, y), point(x + width, y), point(x + width, y + height), point(x, y + height)]
    }

    #[test]
    fn boxes_overlap_only_if_no_axis_separates_them() {
        let square = rect(0.0, 0.0, 10.0, 10.0);
        assert!(overlap(&square, &rect(9.0, 9.0, 5.0, 5.0), 0.0));
        assert!(!overlap(&square, &rect(10.0, 0.0, 5.0, 5.0), 0.0));
        assert!(overlap(&square, &rect(10.0, 0.0, 5.0, 5.0), 1.0));
        let diamond = [point(14.0, 4.0), point(18.0, 8.0), point(14.0, 12.0), point(10.0, 8.0)];
        assert!(!overlap(&square, &diamond, 0.0));
        let diamond = diamond.map(|it| point(it.x - 1.0, it.y));
        assert!(overlap(&square, &diamond, 0.0));
        let corner = [point(12.0, 8.0), point(16.0, 12.0), point(12.0, 16.0), point(8.0, 12.0)];
        assert!(!overlap(&square, &corner.map(|it| point(it.x + 1.0, it.y)), 0.0), "only a slanted axis separates");
    }

    #[test]
    fn things_move_down_until_they_fit() {
        let mut shelf = Shelf::default();
        shelf.put(rect(0.0, 0.0, 10.0, 10.0));
        shelf.put(rect(0.0, 12.0, 10.0, 10.0));
        assert_eq!(shelf.drop_needed(&[rect(5.0, 5.0, 10.0, 10.0)]), 18.0);
        shelf.forget_above(15.0);
        assert!(shelf.is_free(&rect(0.0, 0.0, 10.0, 10.0)));
        let mut rows = Rows::default();
        rows.take(0.0..10.0);
        rows.take(15.0..20.0);
        assert_eq!(rows.first_free(3.0, 5.0), 10.0);
        assert_eq!(rows.first_free(3.0, 6.0), 20.0);
    }
}
