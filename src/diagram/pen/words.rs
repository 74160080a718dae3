//! Everything that the pen writes, and where there is room for it.

use crate::tcp::{ConnectionId, Objection, SegmentId, Side, State};
use crate::text::{self, Core};
use crate::time::{Duration, Instant};
use crate::trace::EventId;

use super::{Pen, Step, TOP, line_box, plain, rounded};
use crate::diagram::columns::{Columns, LABEL_INSET, count};
use crate::diagram::flight::Vertex;
use crate::diagram::host::state_class;
use crate::diagram::label::OPTIONS_CLASS;
use crate::diagram::metrics;
use crate::diagram::scene::{Anchor, Item, ItemKind, Layer, Shape, Text, TextRun, Weight, point};

/// The distance of an arrow's label from its line.
pub(super) const LABEL_LIFT: f64 = 5.0;

/// What can happen to a segment on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mishap {
    /// It is lost.
    Lost,
    /// A middlebox stops it.
    Stopped(Objection),
    /// It is damaged.
    Damaged,
    /// It is held.
    Held,
    /// It is doubled.
    Duplicate,
}

impl Mishap {
    pub(super) fn label(self) -> Core {
        match self {
            Mishap::Lost => Core::LabelLost,
            Mishap::Stopped(why) => text::objection(why),
            Mishap::Damaged => Core::LabelDamaged,
            Mishap::Held => Core::LabelHeld,
            Mishap::Duplicate => Core::LabelDuplicate,
        }
    }

    pub(super) const fn class(self) -> &'static str {
        match self {
            Mishap::Lost | Mishap::Stopped(_) | Mishap::Damaged => "lost",
            Mishap::Held => "held",
            Mishap::Duplicate => "duplicate",
        }
    }
}

impl Pen {
    pub(super) fn draw_caption(&mut self, side: Side, step: &mut Step<'_>) {
        let size = step.columns.sizes.caption;
        let text = Text {
            class: "caption",
            at: point(step.columns.lifeline(side), TOP - 12.0),
            direction: point(1.0, 0.0),
            anchor: Anchor::Middle,
            size,
            runs: vec![TextRun { class: "", weight: Weight::Bold, text: text::side(side, &self.words).to_owned() }],
        };
        self.lane.put(text.corners());
        let mut item = step.item(ItemKind::Lifeline, 1, side as u32, Layer::Text, "", EventId(0));
        (item.event, item.step) = (None, None);
        item.shapes.push(Shape::Text(text));
        step.out.push(item);
    }

    /// A user call or the like, level with the row, with a mark that points to the lifeline.
    pub(super) fn write_call(
        &mut self,
        side: Side,
        name: String,
        class: &'static str,
        id: EventId,
        step: &mut Step<'_>,
    ) {
        let columns = step.columns;
        let size = columns.sizes.call;
        let height = line_box(size);
        let top = step.row - height / 2.0;
        let mut item = step.item(ItemKind::Call, id.0, 0, Layer::Text, class, id);
        let tip = columns.outward(side, columns.words_inset() - 3.5);
        let base = columns.outward(side, columns.words_inset() + 1.5);
        item.shapes.push(Shape::Polygon {
            class: "call-mark",
            points: vec![point(tip, step.row), point(base, step.row - 3.5), point(base, step.row + 3.5)],
        });
        self.write_words(side, plain(name), "call-text", size, top, 5.0, &mut item, columns);
        step.out.push(item);
    }

    /// A remark beside the lifeline, at the first free row.
    pub(super) fn write_beside(
        &mut self,
        side: Side,
        words: String,
        class: &'static str,
        id: EventId,
        step: &mut Step<'_>,
    ) {
        let size = step.columns.sizes.call;
        let top = self.hosts[side as usize].rows.first_free(step.row, line_box(size));
        let mut item = step.item(ItemKind::Call, id.0, 0, Layer::Text, class, id);
        self.write_words(side, plain(words), "call-text", size, top, 0.0, &mut item, step.columns);
        step.out.push(item);
    }

    /// The name of a state, beside the top of its band.
    pub(super) fn write_state(
        &mut self,
        side: Side,
        connection: Option<ConnectionId>,
        state: State,
        y: f64,
        id: EventId,
        step: &mut Step<'_>,
    ) {
        let size = step.columns.sizes.state;
        let host = &self.hosts[side as usize];
        let name = match connection {
            Some(connection) if self.account.host(side).connections().len() > 1 => {
                let mut runs = plain(format!("#{}", connection.number()));
                runs.extend(plain(format!(" {}", state.name())));
                runs
            }
            Some(_) | None => plain(state.name().to_owned()),
        };
        let top = host.rows.first_free(y + 1.0, line_box(size));
        let class = state_class(state);
        let mut item = step.item(ItemKind::State, id.0, side as u32, Layer::Text, &class, id);
        let bottom = self.write_words(side, name, "state-text", size, top, 0.0, &mut item, step.columns);
        self.hosts[side as usize].state_bottom = bottom;
        step.out.push(item);
    }

    /// Words beside a lifeline, from `top` or the next row on where all their lines have room. Says where they end.
    #[expect(clippy::too_many_arguments, reason = "the two callers above are the whole interface")]
    fn write_words(
        &mut self,
        side: Side,
        words: Vec<TextRun>,
        class: &'static str,
        size: f64,
        top: f64,
        indent: f64,
        item: &mut Item,
        columns: &Columns,
    ) -> f64 {
        let lines = wrap_label(words, size, columns.words_width - indent);
        let more = metrics::line_height(size) * count(lines.len().saturating_sub(1));
        let rows = &mut self.hosts[side as usize].rows;
        let height = line_box(size) + more;
        let top = rows.first_free(top, height);
        rows.take(top..top + height);
        let anchor = match side {
            Side::Client => Anchor::End,
            Side::Server => Anchor::Start,
        };
        let x = columns.outward(side, columns.words_inset() + indent);
        for (index, runs) in lines.into_iter().enumerate() {
            let y = top + 1.0 + metrics::ascent(size) + metrics::line_height(size) * count(index);
            item.shapes.push(Shape::Text(Text {
                class,
                at: point(x, y),
                direction: point(1.0, 0.0),
                anchor,
                size,
                runs,
            }));
        }
        top + height
    }

    /// A word beside the place in the lane where something happened to a segment: ahead of it, behind it, or as close
    /// as there is room.
    pub(super) fn write_word(
        &mut self,
        from: Side,
        place: Vertex,
        mishap: Mishap,
        segment: SegmentId,
        id: EventId,
        step: &mut Step<'_>,
    ) {
        let columns = step.columns;
        let size = columns.sizes.word;
        let mark = point(columns.on_the_way(from, place.progress), place.y);
        let mut text = Text {
            class: "word-text",
            at: mark,
            direction: point(1.0, 0.0),
            anchor: Anchor::Start,
            size,
            runs: plain(self.words.text(mishap.label()).to_owned()),
        };
        let width = text.width();
        let baseline = mark.y + 0.34 * size;
        let right = mark.x + 10.0;
        let left = mark.x - 10.0 - width;
        let fits = |x: f64| x >= columns.left + 3.0 && x + width <= columns.right - 3.0;
        let mut starts: Vec<f64> = match from {
            Side::Client => [right, left],
            Side::Server => [left, right],
        }
        .into_iter()
        .filter(|x| fits(*x))
        .collect();
        if starts.is_empty() {
            // Not `clamp`: it would panic where there is no room at all, and the words for that are six kilobytes of code.
            starts.push((mark.x - width / 2.0).min(columns.right - 3.0 - width).max(columns.left + 3.0));
        }
        // Below everything there is always room, so this ends.
        let mut distance = 0.0;
        'search: loop {
            for y in [baseline + distance, baseline - distance] {
                for x in &starts {
                    text.at = point(*x, y);
                    if y > TOP && self.lane.is_free(&text.corners()) {
                        break 'search;
                    }
                }
            }
            distance += 2.0;
        }
        self.lane.put(text.corners());
        let mut item = step.item(ItemKind::Word, id.0, 0, Layer::Text, mishap.class(), id);
        item.segment = Some(segment);
        item.shapes.push(Shape::Text(text));
        step.out.push(item);
    }

    /// A cut across the picture that says how long it is. Says where it ends.
    pub(super) fn draw_gap(&mut self, span: Duration, top: f64, units: f64, step: &mut Step<'_>) -> f64 {
        let columns = step.columns;
        let size = columns.sizes.word;
        let mut text = Text {
            class: "gap-text",
            at: point((columns.left + columns.right) / 2.0, (top + units / 2.0).round() + 4.0),
            direction: point(1.0, 0.0),
            anchor: Anchor::Middle,
            size,
            runs: plain(text::about(span)),
        };
        text.at.y += self.lane.drop_preferred(&[text.corners()], &self.lines(columns));
        self.lane.put(text.corners());
        let middle = text.at.y - 4.0;
        let half = text.width() / 2.0 + 8.0;
        let mut item = step.item(ItemKind::Gap, step.first, 0, Layer::Gap, "", EventId(step.first));
        for (from, to) in [(columns.left, text.at.x - half), (text.at.x + half, columns.right)] {
            item.shapes.push(Shape::Line {
                class: "gap-line",
                points: vec![point(from, middle), point(to, middle)],
                width: 1.0,
            });
        }
        for side in Side::BOTH {
            let near = columns.outward(side, -4.0);
            let far = columns.outward(side, columns.words_inset() - 1.0);
            let wave = |y: f64| {
                let x = |part: f64| near + (far - near) * part;
                [(0.0, 2.0), (0.25, -2.0), (0.5, 2.0), (0.75, -2.0), (1.0, 2.0)]
                    .map(|(part, dy)| point(x(part), y + dy))
            };
            let (upper, lower) = (wave(middle - 2.5), wave(middle + 2.5));
            item.shapes.push(Shape::Polygon {
                class: "gap-fill",
                points: upper.iter().chain(lower.iter().rev()).copied().collect(),
            });
            for edge in [upper, lower] {
                item.shapes.push(Shape::Line { class: "gap-edge", points: edge.to_vec(), width: 1.0 });
            }
        }
        let mut words = step.item(ItemKind::Gap, step.first, 1, Layer::Text, "", EventId(step.first));
        words.shapes.push(Shape::Text(text));
        step.out.push(item);
        step.out.push(words);
        (top + units).max(middle + 28.0)
    }

    /// The time, at the left edge, where there is a column for it and a row free.
    pub(super) fn write_time(&mut self, at: Instant, step: &mut Step<'_>) {
        let Some((right, room)) = step.columns.clock else { return };
        let is_new = self.steps == 1 || at > self.now;
        let size = step.columns.sizes.timer;
        let text = Text {
            class: "clock-text",
            at: point(right, step.row + 0.34 * size),
            direction: point(1.0, 0.0),
            anchor: Anchor::End,
            size,
            runs: plain(rounded(at.since(Instant::ZERO)).to_string()),
        };
        if !is_new || step.row - size / 2.0 - 2.0 < self.clock_bottom || text.width() > room {
            return;
        }
        self.clock_bottom = step.row + size / 2.0 + 2.0;
        let mut item = step.item(ItemKind::Clock, step.first, 0, Layer::Text, "", EventId(step.first));
        item.shapes.push(Shape::Line {
            class: "clock-tick",
            points: vec![point(right + 3.0, step.row), point(right + 7.0, step.row)],
            width: 1.0,
        });
        item.shapes.push(Shape::Text(text));
        step.out.push(item);
    }

    /// The lines of an arrow's label, along a line that leaves at `y` with this slope.
    pub(super) fn label_texts(
        &self,
        from: Side,
        y: f64,
        slope: f64,
        size: f64,
        lines: Vec<Vec<TextRun>>,
        columns: &Columns,
    ) -> Vec<Text> {
        let length = (1.0 + slope * slope).sqrt();
        let (c, s) = (1.0 / length, slope / length);
        let (anchor, direction, x) = match from {
            Side::Client => (Anchor::Start, point(c, s), columns.left + LABEL_INSET),
            Side::Server => (Anchor::End, point(c, -s), columns.right - LABEL_INSET),
        };
        let foot = point(x, y + slope * LABEL_INSET);
        let number = lines.len();
        lines
            .into_iter()
            .enumerate()
            .map(|(index, runs)| {
                let above = metrics::line_height(size) * count(number - 1 - index);
                let lift = LABEL_LIFT + above;
                let at = point(foot.x + lift * direction.y, foot.y - lift * direction.x);
                Text { class: "segment-text", at, direction, anchor, size, runs }
            })
            .collect()
    }
}

/// Words in lines: one, or the first run and then the others, or as it comes. Options begin a line of their own.
pub(super) fn wrap_label(mut words: Vec<TextRun>, size: f64, room: f64) -> Vec<Vec<TextRun>> {
    let lines = metrics::wrap(words.clone(), size, room);
    if lines.len() < 2 {
        return lines;
    }
    if let Some(at) = words.iter().position(|run| run.class == OPTIONS_CLASS).filter(|at| *at > 0) {
        let options = part_off(&mut words, at);
        let mut lines = wrap_label(words, size, room);
        lines.extend(metrics::wrap(options, size, room));
        return lines;
    }
    let rest = part_off(&mut words, 1);
    let mut parted = metrics::wrap(words, size, room);
    parted.extend(metrics::wrap(rest, size, room));
    if parted.len() > lines.len() { lines } else { parted }
}

/// Takes off the runs from `at` on, to begin a line with them.
fn part_off(words: &mut Vec<TextRun>, at: usize) -> Vec<TextRun> {
    let mut rest = words.split_off(at.min(words.len()));
    if let Some(first) = rest.first_mut() {
        first.text = first.text.trim_start().to_owned();
    }
    rest
}
