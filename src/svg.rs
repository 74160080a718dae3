//! Scene → SVG, through a sink. It is written once: a file and the live picture cannot drift apart.
//!
//! What it looks like is in [`STYLE`]: colors as variables, for light and dark. Everything else (sizes, places, letters) is in
//! attributes, because layout depends on it. There is no `style` attribute, so a strict content security policy has
//! nothing to object to.

mod text;

use crate::diagram::metrics::FONT_FAMILY;
use crate::diagram::{Anchor, Item, Layer, Point, Scene, Shape, Text, Weight};

pub use text::{TextSink, document, fragment};

/// The style sheet of the picture. It acts on what is inside an element of class `synfin-picture`.
pub const STYLE: &str = include_str!("../www/picture.css");

/// The class of the root element, on which the style sheet acts.
pub const ROOT_CLASS: &str = "synfin-picture";

/// Where elements go. Calls nest: every `open` has its `close`; attributes come before content.
pub trait Sink {
    /// An element of the SVG namespace begins.
    fn open(&mut self, name: &'static str);
    /// The open element has this attribute.
    fn attribute(&mut self, name: &'static str, value: &str);
    /// The open element contains these words.
    fn text(&mut self, words: &str);
    /// The last opened element ends.
    fn close(&mut self);
}

/// The attributes of the root element, except its size.
pub fn root_attributes(sink: &mut impl Sink, scene: &Scene) {
    sink.attribute("font-family", FONT_FAMILY);
    sink.attribute("viewBox", &view_box(scene));
}

/// The visible part of the picture as the root's `viewBox`.
pub fn view_box(scene: &Scene) -> String {
    let height = (scene.view.end - scene.view.start).max(1.0);
    format!("0 {} {} {}", number(scene.view.start), number(scene.width), number(height))
}

/// All items, layer by layer.
pub fn layers(sink: &mut impl Sink, scene: &Scene) {
    for layer in Layer::ALL {
        sink.open("g");
        sink.attribute("class", layer.name());
        for it in scene.items.iter().filter(|it| it.layer == layer) {
            item(sink, it);
        }
        sink.close();
    }
}

/// One item: a group that says what it shows.
pub fn item(sink: &mut impl Sink, item: &Item) {
    sink.open("g");
    sink.attribute("class", &item.class);
    if let Some(segment) = item.segment {
        sink.attribute("data-segment", &segment.to_string());
    }
    if let Some(event) = item.event {
        sink.attribute("data-event", &event.0.to_string());
    }
    if let Some(step) = item.step {
        sink.attribute("data-step", &step.to_string());
    }
    for it in &item.shapes {
        shape(sink, it);
    }
    sink.close();
}

fn shape(sink: &mut impl Sink, shape: &Shape) {
    match shape {
        Shape::Line { class, points, width } => {
            sink.open("polyline");
            sink.attribute("class", class);
            sink.attribute("points", &list(points));
            sink.attribute("fill", "none");
            sink.attribute("stroke-width", &number(*width));
        }
        Shape::Polygon { class, points } => {
            sink.open("polygon");
            sink.attribute("class", class);
            sink.attribute("points", &list(points));
        }
        Shape::Rect { class, at, width, height } => {
            sink.open("rect");
            sink.attribute("class", class);
            sink.attribute("x", &number(at.x));
            sink.attribute("y", &number(at.y));
            sink.attribute("width", &number(*width));
            sink.attribute("height", &number(*height));
        }
        Shape::Circle { class, at, radius } => {
            sink.open("circle");
            sink.attribute("class", class);
            sink.attribute("cx", &number(at.x));
            sink.attribute("cy", &number(at.y));
            sink.attribute("r", &number(*radius));
        }
        Shape::Text(it) => return line_of_text(sink, it),
    }
    sink.close();
}

fn line_of_text(sink: &mut impl Sink, it: &Text) {
    sink.open("text");
    sink.attribute("class", it.class);
    sink.attribute("font-size", &number(it.size));
    let anchor = match it.anchor {
        Anchor::Start => None,
        Anchor::Middle => Some("middle"),
        Anchor::End => Some("end"),
    };
    if let Some(anchor) = anchor {
        sink.attribute("text-anchor", anchor);
    }
    let Point { x: c, y: s } = it.direction;
    if s == 0.0 {
        sink.attribute("x", &number(it.at.x));
        sink.attribute("y", &number(it.at.y));
    } else {
        let (x, y) = (number(it.at.x), number(it.at.y));
        let (c, s, back) = (fraction(c), fraction(s), fraction(-s));
        sink.attribute("transform", &format!("matrix({c} {s} {back} {c} {x} {y})"));
    }
    for run in &it.runs {
        if run.class.is_empty() && run.weight == Weight::Regular {
            sink.text(&run.text);
            continue;
        }
        sink.open("tspan");
        if !run.class.is_empty() {
            sink.attribute("class", run.class);
        }
        if run.weight == Weight::Bold {
            sink.attribute("font-weight", "700");
        }
        sink.text(&run.text);
        sink.close();
    }
    sink.close();
}

fn list(points: &[Point]) -> String {
    let mut list = String::new();
    for it in points {
        if !list.is_empty() {
            list.push(' ');
        }
        list += &number(it.x);
        list.push(',');
        list += &number(it.y);
    }
    list
}

/// A length with at most two decimals, the same on every platform.
pub fn number(value: f64) -> String {
    decimal(value, 100)
}

/// A sine or cosine with at most five decimals.
fn fraction(value: f64) -> String {
    decimal(value, 100_000)
}

fn decimal(value: f64, parts: i64) -> String {
    let scaled = (value * parts as f64).round() as i64;
    let sign = if scaled < 0 { "-" } else { "" };
    let (whole, rest) = (scaled.unsigned_abs() / parts.unsigned_abs(), scaled.unsigned_abs() % parts.unsigned_abs());
    if rest == 0 {
        return format!("{sign}{whole}");
    }
    // A one before the rest keeps the zeros with which it begins.
    let digits = (parts.unsigned_abs() + rest).to_string();
    let digits = digits.strip_prefix('1').unwrap_or_default().trim_end_matches('0');
    format!("{sign}{whole}.{digits}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_as_short_as_they_can_be() {
        let table =
            [(0.0, "0"), (-0.001, "0"), (1.5, "1.5"), (-2.25, "-2.25"), (0.05, "0.05"), (10.0, "10"), (3.999, "4")];
        for (value, text) in table {
            assert_eq!(number(value), text);
        }
        assert_eq!(fraction(0.123_456), "0.12346");
    }
}
