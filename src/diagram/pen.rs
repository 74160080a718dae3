//! The hand that draws: where it is, and what it has begun and not finished.

mod words;

use std::ops::Range;

use litemap::LiteMap;

use crate::chronicle::Account;
use crate::tcp::{Call, ConnectionId, Open, Role, SegmentId, Side, State, Timer};
use crate::text::{self, Core, Words};
use crate::time::{Duration, Instant};
use crate::trace::{Departure, Event, EventId, EventKind, Fate, Trace};

use super::DiagramOptions;
use super::clock::{Height, Scale};
use super::columns::{Columns, count};
use super::flight::{End, INTRUDER_START, OpenArrow, Travel, Vertex};
use super::host::{HostLane, LABEL_MARGIN, Running, TimerEnd};
use super::label::{ArrowStyle, runs};
use super::metrics;
use super::scene::{Anchor, Item, ItemKind, Key, Layer, Point, Shape, Text, TextRun, Weight, point};
use super::shelf::Shelf;
use words::{LABEL_LIFT, Mishap, wrap_label};

/// Where the bands begin, below the hosts' names.
const TOP: f64 = 32.0;

/// How far the picture goes on below the last thing in it.
const TAIL: f64 = 16.0;

/// The most height that one instant takes: where more happens than fits, the rest of it begins further down.
const LONGEST_INSTANT: f64 = 1000.0;

/// How far above the present a text can still be in the way of what is to come.
const REACH: f64 = 160.0;

/// The distance between two arrowheads.
const TIP_DISTANCE: f64 = 8.0;

/// Labels lie along the arrows where the lane is at least this wide; in a narrow one they would be too steep to read.
const LEAST_LANE_FOR_SLANT: f64 = 300.0;

/// The state of the drawing between two steps.
#[derive(Clone, Debug, PartialEq)]
pub struct Pen {
    /// What the hosts have, as far as it is drawn.
    account: Account,
    steps: usize,
    now: Instant,
    /// How far down the present is.
    tail: f64,
    /// Where the present instant begins: what happens at one instant on the two sides is drawn side by side.
    instant_top: f64,
    /// How far down anything reaches.
    floor: f64,
    scale: Scale,
    lane: Shelf,
    /// Arrows that came to their end not far above the present.
    recent: Vec<[Point; 4]>,
    hosts: [HostLane; 2],
    flights: LiteMap<(SegmentId, u32), OpenArrow>,
    clock_bottom: f64,
    words: Words,
}

/// What all drawing within one step needs.
struct Step<'a> {
    number: u32,
    trace: &'a Trace,
    events: &'a [Event],
    first: u32,
    columns: &'a Columns,
    /// Where the step begins.
    row: f64,
    /// Where segments left in this step.
    departures: Vec<(SegmentId, f64)>,
    /// Where the last segment left, a side each.
    departed: [f64; 2],
    out: &'a mut Vec<Item>,
}

impl Step<'_> {
    fn event_id(&self, index: usize) -> EventId {
        EventId(self.first.saturating_add(u32::try_from(index).unwrap_or(u32::MAX)))
    }

    fn item(&self, kind: ItemKind, number: u32, part: u32, layer: Layer, class: &str, event: EventId) -> Item {
        Item {
            key: Key { kind, number, part },
            layer,
            class: if class.is_empty() { kind.name().to_owned() } else { format!("{} {class}", kind.name()) },
            segment: None,
            event: Some(event),
            step: Some(self.number),
            shapes: Vec::new(),
        }
    }
}

impl Pen {
    /// Before the first step: the hosts' names, and both sides closed.
    pub fn new(options: &DiagramOptions, columns: &Columns, out: &mut Vec<Item>) -> Self {
        let hosts = Side::BOTH.map(|side| HostLane::new(side, TOP));
        let mut pen = Self {
            account: Account::default(),
            steps: 0,
            now: Instant::ZERO,
            tail: TOP,
            instant_top: TOP,
            floor: TOP,
            scale: Scale::new(options.transit),
            lane: Shelf::default(),
            recent: Vec::new(),
            hosts,
            flights: LiteMap::new(),
            clock_bottom: 0.0,
            words: options.words.clone(),
        };
        let mut step = Step {
            number: 0,
            trace: &Trace::default(),
            events: &[],
            first: 0,
            columns,
            row: TOP,
            departures: Vec::new(),
            departed: [TOP; 2],
            out,
        };
        for side in Side::BOTH {
            pen.draw_caption(side, &mut step);
            pen.write_state(side, None, State::Closed, TOP, EventId(0), &mut step);
        }
        pen
    }

    /// How many steps are drawn.
    pub fn steps(&self) -> usize {
        self.steps
    }

    /// How far down the present is.
    pub fn tail(&self) -> f64 {
        self.tail
    }

    /// How high the picture is.
    pub fn height(&self) -> f64 {
        (self.floor + TAIL).ceil()
    }

    /// What has not come to its end.
    pub fn open_items(&self, columns: &Columns, put: &mut impl FnMut(Item)) {
        let bottom = self.height();
        for host in &self.hosts {
            let x = columns.lifeline(host.side);
            put(Item {
                key: Key { kind: ItemKind::Lifeline, number: 0, part: host.side as u32 },
                layer: Layer::Ground,
                class: format!("lifeline on-{}", host.side.name()),
                segment: None,
                event: None,
                step: None,
                shapes: vec![Shape::Line {
                    class: "life",
                    points: vec![point(x, TOP - 4.0), point(x, bottom)],
                    width: 1.0,
                }],
            });
            host.open_bands(self.tail + TAIL / 2.0, columns).for_each(&mut *put);
            for ((_, timer), running) in &host.timers {
                if let Some(item) = running.item(host.side, *timer, self.tail + TAIL / 2.0, TimerEnd::Running, columns)
                {
                    put(item);
                }
            }
        }
        for flight in self.flights.values() {
            put(flight.arrow(End::Open, self.now, self.tail, &self.scale, columns, flight.step));
        }
    }

    /// Draws the next step of the trace. Says from where to where it reaches.
    pub fn draw_step(&mut self, trace: &Trace, columns: &Columns, out: &mut Vec<Item>) -> Range<f64> {
        self.steps += 1;
        let events = trace.step(self.steps);
        let Some(stimulus) = events.first() else { return self.tail..self.tail };
        let at = stimulus.at.max(self.now);
        let drawn_before = out.len();
        let mut step = Step {
            number: stimulus.step,
            trace,
            events,
            first: first_event_of(trace, events),
            columns,
            row: self.tail,
            departures: Vec::new(),
            departed: [self.tail; 2],
            out,
        };
        self.let_time_pass(at, stimulus.kind.side(), &mut step);
        self.find_row(stimulus, &mut step);
        self.tail = self.tail.max(step.row);
        if let Some(side) = stimulus.kind.side() {
            self.hosts[side as usize].bottom = step.row;
        }
        step.departed = [step.row; 2];
        self.write_time(at, &mut step);
        self.now = at;
        for (index, event) in events.iter().enumerate() {
            let before = self.state_before(event);
            self.account.take(trace, event);
            self.draw_event(step.event_id(index), index, event, before, &mut step);
        }
        let row = step.row;
        self.note_floor(drawn_before, out);
        let reach = self.reach();
        self.lane.forget_above(reach);
        self.recent.retain(|corners| corners.iter().any(|it| it.y > reach));
        for host in &mut self.hosts {
            host.rows.forget_above(reach);
        }
        row..self.tail
    }

    /// Moves down as far as the time since the last step is high, and marks it if it is cut.
    fn let_time_pass(&mut self, at: Instant, side: Option<Side>, step: &mut Step<'_>) {
        let span = at.since(self.now);
        if span == Duration::ZERO {
            if let Some(side) = side {
                self.instant_top = self.instant_top.max(self.tail - LONGEST_INSTANT);
                step.row = self.instant_top.max(self.hosts[side as usize].bottom);
            }
            return;
        }
        let is_something_in_transit = self.flights.values().any(|it| matches!(it.travel, Travel::Due(_)));
        match self.scale.height(span, is_something_in_transit) {
            Height::Proportional(units) => step.row += units,
            Height::Cut(units) => {
                let top = self.tail;
                step.row = self.draw_gap(span, top, units, step);
            }
        }
        self.instant_top = step.row;
    }

    /// Moves down until what the step writes and draws beside the lifelines has room.
    fn find_row(&mut self, stimulus: &Event, step: &mut Step<'_>) {
        let mut row = step.row;
        for event in step.events {
            if let EventKind::Entered { side, from, to, .. } = &event.kind
                && from != to
            {
                row = row.max(self.hosts[*side as usize].state_bottom);
            }
        }
        match &stimulus.kind {
            EventKind::Arrived { side, segment, copy, .. } => {
                row = row.max(self.hosts[*side as usize].tip + TIP_DISTANCE);
                if let Some(flight) = self.flights.get(&(*segment, *copy)) {
                    row = row.max(flight.last().y);
                }
            }
            EventKind::Called { side, .. }
            | EventKind::Accepted { side, .. }
            | EventKind::Crashed { side }
            | EventKind::Rebooted { side } => {
                let height = line_box(step.columns.sizes.call);
                row = self.hosts[*side as usize].rows.first_free(row - height / 2.0, height) + height / 2.0;
            }
            EventKind::Expired { side, connection, timer } => {
                let host = &self.hosts[*side as usize];
                if let Some(running) = host.timers.get(&(*connection, *timer))
                    && let (Some(_), Some(label)) = (running.column, &running.label)
                {
                    row = row.max(running.top + label.width() + LABEL_MARGIN);
                }
                let height = line_box(step.columns.sizes.call);
                row = host.rows.first_free(row - height / 2.0, height) + height / 2.0;
            }
            EventKind::Interfered { .. }
            | EventKind::Intruded { .. }
            | EventKind::Waited
            | EventKind::Refused { .. }
            | EventKind::Found { .. }
            | EventKind::Created { .. }
            | EventKind::Removed { .. }
            | EventKind::Decided { .. }
            | EventKind::Entered { .. }
            | EventKind::Told { .. }
            | EventKind::Sent { .. }
            | EventKind::Routed { .. }
            | EventKind::TimerSet { .. }
            | EventKind::BacklogFull { .. } => {}
        }
        step.row = row.ceil();
    }

    /// The state of the connection or the listener whose state an event changes.
    fn state_before(&self, event: &Event) -> State {
        match &event.kind {
            EventKind::Entered { side, connection, .. } => self.account.state_of(*side, *connection),
            EventKind::Removed { side, connection } => self.account.state_of(*side, Some(*connection)),
            _ => State::Closed,
        }
    }

    fn draw_event(&mut self, id: EventId, index: usize, event: &Event, before: State, step: &mut Step<'_>) {
        match &event.kind {
            EventKind::Called { side, call, result, .. } => {
                let name = call_name(call, &self.words);
                let class = if result.is_ok() { "" } else { "failed" };
                self.write_call(*side, name, class, id, step);
            }
            EventKind::Accepted { side, connection } => {
                let class = if connection.is_some() { "" } else { "failed" };
                self.write_call(*side, self.words.text(Core::LabelAccept).to_owned(), class, id, step);
            }
            EventKind::Crashed { side } => {
                self.write_call(*side, self.words.text(Core::LabelCrash).to_owned(), "crashed", id, step);
                self.forget_listeners(*side, id, step);
            }
            EventKind::Rebooted { side } => {
                self.write_call(*side, self.words.text(Core::LabelReboot).to_owned(), "", id, step);
                self.forget_listeners(*side, id, step);
            }
            EventKind::Arrived { side, segment, copy, .. } => {
                self.hosts[*side as usize].tip = step.row;
                if let Some(mut flight) = self.flights.remove(&(*segment, *copy)) {
                    flight.path.push(Vertex { progress: 1.0, y: step.row });
                    self.finish(&flight, End::Arrived, step);
                }
            }
            EventKind::Expired { side, connection, timer } => self.expire(*side, *connection, *timer, id, step),
            EventKind::Intruded { segment, .. } | EventKind::Sent { segment, .. } => {
                if let Some(departure) = step.trace.departure(*segment) {
                    self.depart(&departure, index, step);
                }
            }
            EventKind::Routed { segment, copy, fate } => self.route(*segment, *copy, *fate, id, step),
            EventKind::Found { side, connection, .. } => {
                self.enter(*side, Some(*connection), State::Closed, id, step);
            }
            EventKind::Entered { side, connection, .. } => self.enter(*side, *connection, before, id, step),
            EventKind::Removed { side, connection } => {
                self.stop_timers(*side, *connection, step);
                self.remove(*side, *connection, before, id, step);
            }
            EventKind::TimerSet { side, connection, timer, deadline } => {
                self.set_timer(*side, *connection, *timer, *deadline, id, step);
            }
            EventKind::BacklogFull { side, .. } => {
                self.write_beside(*side, self.words.text(Core::LabelBacklogFull).to_owned(), "refused", id, step);
            }
            EventKind::Interfered { .. }
            | EventKind::Waited
            | EventKind::Refused { .. }
            | EventKind::Created { .. }
            | EventKind::Decided { .. }
            | EventKind::Told { .. } => {}
        }
    }

    /// A host has forgotten its listeners.
    fn forget_listeners(&mut self, side: Side, id: EventId, step: &mut Step<'_>) {
        self.update_bands(side, step.row, id, step);
        let host = &mut self.hosts[side as usize];
        host.bottom = host.bottom.max(step.row);
        self.tail = self.tail.max(step.row);
    }

    /// A state has changed: the band changes at this row, and the new state's name stands below.
    fn enter(&mut self, side: Side, connection: Option<ConnectionId>, before: State, id: EventId, step: &mut Step<'_>) {
        let after = self.account.state_of(side, connection);
        let y = if before == after { step.row } else { step.row.max(self.hosts[side as usize].state_bottom) };
        let has_changed = self.update_bands(side, y, id, step);
        if before != after || (has_changed && connection.is_some()) {
            self.tail = self.tail.max(y);
            self.hosts[side as usize].bottom = self.hosts[side as usize].bottom.max(y);
            self.write_state(side, connection, after, y, id, step);
        }
    }

    /// A connection is forgotten. Where it was the last one of a host that listens, the host is back in LISTEN below the
    /// name of the connection's last state.
    fn remove(&mut self, side: Side, connection: ConnectionId, last: State, id: EventId, step: &mut Step<'_>) {
        let account = self.account.host(side);
        let listens_again =
            account.connections().is_empty() && account.state() == State::Listen && last != State::Listen;
        let host = &mut self.hosts[side as usize];
        host.forget_timers(connection);
        let y = if listens_again { host.bottom.max(host.state_bottom) } else { host.bottom };
        self.update_bands(side, y, id, step);
        if listens_again {
            self.hosts[side as usize].bottom = y;
            self.tail = self.tail.max(y);
            self.write_state(side, None, State::Listen, y, id, step);
        }
    }

    fn update_bands(&mut self, side: Side, y: f64, id: EventId, step: &mut Step<'_>) -> bool {
        self.hosts[side as usize].update_bands(self.account.host(side), id, y, step.columns, step.out)
    }

    /// A segment leaves: its label, and the row in which it leaves.
    fn depart(&mut self, departure: &Departure<'_>, index: usize, step: &mut Step<'_>) {
        let Departure { segment, to, .. } = *departure;
        let (from, content) = (to.other(), &departure.datagram.segment);
        let columns = step.columns;
        let fates: Vec<Fate> = step
            .events
            .iter()
            .filter_map(|event| {
                let EventKind::Routed { segment: it, fate, .. } = &event.kind else { return None };
                (*it == segment).then_some(*fate)
            })
            .collect();
        let mut words = runs(content);
        let mut note = |it: Core| {
            let text = format!("  {}", self.words.text(it));
            words.push(TextRun { class: "note", weight: Weight::Regular, text });
        };
        let class = match departure.role {
            None => match departure.intrusion {
                Some(intrusion) => {
                    note(text::intrusion(intrusion));
                    intrusion.name()
                }
                None => "",
            },
            Some(Role::Retransmission) => {
                note(Core::LabelRetransmission);
                "retransmission"
            }
            Some(Role::Probe) => {
                note(Core::LabelProbe);
                "probe"
            }
            Some(Role::KeepAlive) => {
                note(Core::LabelKeepAlive);
                "probe"
            }
            Some(Role::New | Role::Ack | Role::ChallengeAck | Role::Reset | Role::Abort) => "",
        };
        if fates.len() > 1 {
            note(Core::LabelDuplicate);
        }
        if let Some(Fate::Due(due) | Fate::Damaged(due)) = fates.first() {
            self.scale.learn(due.since(self.now));
        }
        let drop = match fates.first() {
            Some(Fate::Due(due) | Fate::Damaged(due)) => {
                self.scale.height(due.since(self.now), true).units().min(self.scale.typical_drop())
            }
            Some(Fate::Held | Fate::Lost | Fate::Stopped(_) | Fate::Unknown) | None => self.scale.typical_drop(),
        };
        let slope = if columns.lane() >= LEAST_LANE_FOR_SLANT { drop / columns.lane() } else { 0.0 };
        let size = columns.sizes.label;
        let lines = wrap_label(words, size, columns.label_room() - 4.0);
        let height = line_box(size) + metrics::line_height(size) * count(lines.len().saturating_sub(1));
        let mut y = step.departed[from as usize].max(step.row);
        y = y.max(self.hosts[from as usize].tip + height + LABEL_LIFT);
        let texts = self.label_texts(from, y, slope, size, lines, columns);
        let boxes: Vec<[Point; 4]> = texts.iter().map(Text::corners).collect();
        let drop_needed = self.lane.drop_preferred(&boxes, &self.lines(columns));
        y += drop_needed;
        let mut item = step.item(
            ItemKind::Label,
            segment.number(),
            0,
            Layer::Text,
            ArrowStyle::of(content).class(),
            step.event_id(index),
        );
        if !class.is_empty() {
            item.class.push(' ');
            item.class.push_str(class);
        }
        item.segment = Some(segment);
        for mut text in texts {
            text.at.y += drop_needed;
            self.lane.put(text.corners());
            item.shapes.push(Shape::Text(text));
        }
        step.out.push(item);
        step.departures.push((segment, y));
        step.departed[from as usize] = y;
        let host = &mut self.hosts[from as usize];
        host.bottom = host.bottom.max(y);
        self.tail = self.tail.max(y);
    }

    /// How far up text can still be in the way of what comes.
    fn reach(&self) -> f64 {
        self.instant_top.min(self.tail).max(self.tail - LONGEST_INSTANT) - REACH
    }

    /// The arrows of the recent past, as far as they are drawn.
    fn lines(&self, columns: &Columns) -> Vec<[Point; 4]> {
        let mut lines = self.recent.clone();
        for flight in self.flights.values() {
            let mut path = flight.path.clone();
            path.push(flight.tip(self.now, self.tail, &self.scale));
            lines.extend(flight.lines(&path, columns));
        }
        let reach = self.reach();
        lines.retain(|corners| corners.iter().any(|it| it.y > reach));
        lines
    }

    /// The network says what becomes of a copy: at its departure, or later.
    fn route(&mut self, segment: SegmentId, copy: u32, fate: Fate, id: EventId, step: &mut Step<'_>) {
        let departure = step.departures.iter().find(|(it, _)| *it == segment).map(|(_, y)| *y);
        let key = (segment, copy);
        let mut flight = match (self.flights.remove(&key), departure) {
            (Some(flight), _) => flight,
            (None, Some(y)) => match self.new_flight(segment, copy, y, step) {
                Some(flight) => flight,
                None => return,
            },
            (None, None) => {
                // A copy of something that is on its way begins where that is.
                let sibling = self.flights.iter().find(|((it, _), _)| *it == segment).map(|(_, it)| it.clone());
                let Some(mut flight) = sibling else { return };
                let here = if flight.has_just_left(self.now) {
                    flight.last()
                } else {
                    flight.tip(self.now, self.tail, &self.scale)
                };
                let place =
                    if flight.has_just_left(self.now) { flight.halt(self.now, self.tail, &self.scale) } else { here };
                flight.copy = copy;
                flight.class = "copy";
                flight.step = step.number;
                flight.path = vec![here];
                flight.since = self.now;
                self.write_word(flight.from, place, Mishap::Duplicate, segment, id, step);
                flight
            }
        };
        if let (Fate::Damaged(_), false) = (fate, flight.is_damaged) {
            let here = flight.halt(self.now, self.tail, &self.scale);
            flight.is_damaged = true;
            self.write_word(flight.from, here, Mishap::Damaged, segment, id, step);
        }
        match (fate, flight.travel) {
            (Fate::Due(due) | Fate::Damaged(due), Travel::Due(_)) => {
                if !flight.has_just_left(self.now) {
                    flight.halt(self.now, self.tail, &self.scale);
                }
                flight.travel = Travel::Due(due);
            }
            (Fate::Due(due) | Fate::Damaged(due), Travel::Held) => {
                let last = flight.last();
                flight.path.push(Vertex { y: last.y.max(self.tail), ..last });
                flight.since = self.now;
                flight.travel = Travel::Due(due);
            }
            (Fate::Held, Travel::Held) => {}
            (Fate::Held, Travel::Due(_)) => {
                let here = flight.halt(self.now, self.tail, &self.scale);
                flight.travel = Travel::Held;
                self.write_word(flight.from, here, Mishap::Held, segment, id, step);
            }
            (Fate::Lost | Fate::Stopped(_), travel) => {
                let mut here = flight.halt(self.now, self.tail, &self.scale);
                if travel == Travel::Held {
                    here.y = here.y.max(self.tail);
                    flight.path.push(here);
                }
                let mishap = match fate {
                    Fate::Stopped(why) => Mishap::Stopped(why),
                    _ => Mishap::Lost,
                };
                self.write_word(flight.from, here, mishap, segment, id, step);
                self.finish(&flight, End::Lost, step);
                return;
            }
            (Fate::Unknown, _) => {
                flight.halt(self.now, self.tail, &self.scale);
                self.finish(&flight, End::Unknown, step);
                return;
            }
        }
        self.flights.insert(key, flight);
    }

    fn new_flight(&self, segment: SegmentId, copy: u32, y: f64, step: &Step<'_>) -> Option<OpenArrow> {
        let it = step.trace.departure(segment)?;
        let class = match (it.intrusion, it.role) {
            (Some(intrusion), _) => intrusion.name(),
            (None, Some(Role::Retransmission)) => "retransmission",
            (None, _) => "",
        };
        Some(OpenArrow {
            segment,
            copy,
            origin: it.origin,
            step: step.number,
            from: it.to.other(),
            kind: ArrowStyle::of(&it.datagram.segment),
            class: if copy > 0 { "copy" } else { class },
            path: vec![Vertex { progress: if it.intrusion.is_some() { INTRUDER_START } else { 0.0 }, y }],
            since: self.now,
            // Until the network has said what becomes of it.
            travel: Travel::Due(self.now),
            is_damaged: false,
        })
    }

    fn finish(&mut self, flight: &OpenArrow, end: End, step: &mut Step<'_>) {
        self.recent.extend(flight.lines(&flight.path, step.columns));
        step.out.push(flight.arrow(end, self.now, self.tail, &self.scale, step.columns, step.number));
    }

    /// A timer is set, moved or stopped. Only those that expire stay in the picture, and the wait in TIME-WAIT.
    fn set_timer(
        &mut self,
        side: Side,
        connection: ConnectionId,
        timer: Timer,
        deadline: Option<Instant>,
        id: EventId,
        step: &mut Step<'_>,
    ) {
        let columns = step.columns;
        let host = &mut self.hosts[side as usize];
        let before = host.timers.remove(&(connection, timer));
        let Some(deadline) = deadline else {
            if let Some(running) = before.filter(|_| timer == Timer::TimeWait) {
                step.out.extend(running.item(side, timer, host.bottom, TimerEnd::Stopped, columns));
            }
            return;
        };
        let Some(name) = timer_name(timer, &self.words) else { return };
        let top = step.departed[side as usize].max(step.row);
        let column = before.and_then(|it| it.column).or_else(|| host.free_timer_column(columns));
        let span = rounded(deadline.since(self.now));
        let text = format!("{name} {span}");
        let size = columns.sizes.timer;
        let label = column.map(|column| {
            // Read from below, on the outer side of the line.
            let x = match side {
                Side::Client => columns.outward(side, columns.timer_inset(column)) - 3.0,
                Side::Server => columns.outward(side, columns.timer_inset(column)) + 1.5 + metrics::ascent(size),
            };
            let width = metrics::width(&text, size, Weight::Regular);
            Text {
                class: "timer-text",
                at: point(x, top + LABEL_MARGIN / 2.0 + width),
                direction: point(0.0, -1.0),
                anchor: Anchor::Start,
                size,
                runs: plain(text),
            }
        });
        let running = Running { event: id, step: step.number, since: self.now, top, column, label };
        host.timers.insert((connection, timer), running);
    }

    fn expire(&mut self, side: Side, connection: ConnectionId, timer: Timer, id: EventId, step: &mut Step<'_>) {
        let row = step.row;
        let host = &mut self.hosts[side as usize];
        let bracket = host
            .timers
            .remove(&(connection, timer))
            .and_then(|running| running.item(side, timer, row, TimerEnd::Expired, step.columns));
        match bracket {
            Some(mut item) => {
                item.step = Some(step.number);
                let height = line_box(step.columns.sizes.call);
                host.rows.take(row - height / 2.0..row + 1.0);
                step.out.push(item);
            }
            None => {
                let name = timer_name(timer, &self.words).unwrap_or(self.words.text(Core::LabelUserTimeout));
                self.write_call(side, name.to_owned(), "expired", id, step);
            }
        }
    }

    fn stop_timers(&mut self, side: Side, connection: ConnectionId, step: &mut Step<'_>) {
        let host = &mut self.hosts[side as usize];
        if let Some(running) = host.timers.remove(&(connection, Timer::TimeWait)) {
            step.out.extend(running.item(side, Timer::TimeWait, host.bottom, TimerEnd::Stopped, step.columns));
        }
    }

    /// Notes how far down the picture reaches, with everything that is open.
    fn note_floor(&mut self, drawn_before: usize, out: &[Item]) {
        let mut floor = self.floor.max(self.tail);
        for item in &out[drawn_before..] {
            floor = floor.max(item.vertical_extent().end);
        }
        for host in &self.hosts {
            for label in host.timers.values().filter_map(|it| it.label.as_ref()) {
                floor = floor.max(label.at.y);
            }
        }
        for flight in self.flights.values() {
            floor = floor.max(flight.last().y + 8.0).max(flight.tip(self.now, self.tail, &self.scale).y);
        }
        self.floor = floor;
    }
}

/// The height of a line of text with a unit of air above and below.
fn line_box(size: f64) -> f64 {
    (metrics::ascent(size) + metrics::descent(size) + 2.0).ceil()
}

fn plain(text: String) -> Vec<TextRun> {
    vec![TextRun { class: "", weight: Weight::Regular, text }]
}

/// Where the events of a step begin in the trace.
fn first_event_of(trace: &Trace, events: &[Event]) -> u32 {
    let all = trace.events();
    let index = all.partition_point(|event| events.first().is_some_and(|first| event.step < first.step));
    u32::try_from(index).unwrap_or(u32::MAX)
}

/// A call as the user says it; the names are the RFC's in every language.
fn call_name(call: &Call, words: &Words) -> String {
    match call {
        Call::Open { open: Open::Active | Open::ActiveUnspecified, .. } => "OPEN".to_owned(),
        Call::Open { open: Open::Passive | Open::PassiveSpecified, .. } => {
            format!("OPEN {}", words.text(Core::LabelPassive))
        }
        Call::Send { data, is_last: true, .. } => format!("SEND {}, CLOSE", data.len()),
        Call::Send { data, .. } => format!("SEND {}", data.len()),
        Call::Receive(octets) => format!("RECEIVE {octets}"),
        Call::Close => "CLOSE".to_owned(),
        Call::CloseAll => "CLOSE all".to_owned(),
        Call::Abort => "ABORT".to_owned(),
        Call::Status => "STATUS".to_owned(),
        Call::Set(limit) => format!("SET {}", limit.name()),
    }
}

/// The name of a timer that is drawn as a bracket.
fn timer_name(timer: Timer, words: &Words) -> Option<&str> {
    match timer {
        Timer::Retransmission => Some("RTO"),
        Timer::Persist => Some(words.text(Core::LabelPersistTimer)),
        Timer::DelayedAck => Some(words.text(Core::LabelAckTimer)),
        Timer::User => None,
        Timer::KeepAlive => Some(words.text(Core::LabelKeepAlive)),
        Timer::TimeWait => Some("2 MSL"),
        Timer::Linger => Some("linger"),
        Timer::FinWait2 => Some("FIN-WAIT-2"),
    }
}

/// To the tenth of a millisecond, from a millisecond on.
fn rounded(span: Duration) -> Duration {
    let us = span.as_us();
    if us < 1000 { span } else { Duration::from_us(us.saturating_add(50) / 100 * 100) }
}
