//! A run as plain text: the client on the left, the server on the right, a line for each segment, call and timer, and
//! below it the reasons, on the side that had them.
//!
//! Each end of an arrow has its own time and state. Segments have the numbers that scripts know them by. What happened
//! at one instant stands in the order in which it happened, except that an arrow keeps its line: a segment and its
//! arrival stand on two lines only where something else happened in between. What a text says where that is the point, and
//! options that are not the usual ones, stand behind the numbers, or below them where there is no room; windows, as the
//! header carries them, only where they matter.

use std::fmt::Write as _;
use std::net::SocketAddr;

use crate::chronicle::Account;
use crate::rule::Rule;
use crate::segment::{Datagram, Segment};
use crate::tcp::{Call, ConnectionId, Intrusion, Open, Reply, Role, SegmentId, Side};
use crate::text::{self, Core, Words};
use crate::time::{Duration, Instant};
use crate::trace::{Event, EventKind, Fate, Trace, sockets_of};

/// The number of characters between the states of the two sides.
const MIDDLE: usize = 60;

/// An arrow has at least so many characters behind its label.
const SHORTEST_SHAFT: usize = 5;

/// A line of dots stands where nothing happened for at least this long.
const LONG: Duration = Duration::from_secs(1);

/// The run as a text of lines of at most 110 characters, as long as no segment needs more for its numbers.
///
/// ```
/// use synfin::export::ladder::ladder;
/// use synfin::history::History;
/// use synfin::scenario::Scenario;
/// use synfin::text::Words;
///
/// let mut run = History::new(Scenario::parse("client isn 100\nlink delay 50ms\nat 0ms client open\n")?);
/// run.run_to_end();
/// let text = ladder(run.trace(), &Words::default());
/// assert!(text.contains("SYN-SENT      #1 SYN seq=100 ---"), "{text}");
/// assert!(text.contains("no-connection |"), "nobody listens there: {text}");
/// # Ok::<(), synfin::scenario::ScriptErrors>(())
/// ```
pub fn ladder(trace: &Trace, words: &Words) -> String {
    let mut rows = Scan::of(trace, words).rows;
    join_ends(&mut rows);
    let mut out = Line {
        times: ["time".to_owned(), "time".to_owned()],
        states: [words.text(Core::Client), words.text(Core::Server)],
        middle: String::new(),
    }
    .to_string();
    let mut now = Instant::ZERO;
    for row in rows.iter().flatten() {
        if row.at.since(now) >= LONG {
            out += &Line { states: [":", ":"], ..Line::default() }.to_string();
        }
        row.lines(words).iter().for_each(|line| out += &line.to_string());
        row.notes(&mut out);
        now = now.max(row.last());
    }
    out
}

/// One line and the reasons below it.
struct Row {
    at: Instant,
    what: What,
    /// On which side, and what was decided and told there.
    notes: Option<(Side, Vec<String>)>,
}

/// What a row shows.
enum What {
    /// Something that happens on one side.
    Local { side: Side, state: &'static str, words: String },
    /// Something that happens to a segment on its way.
    Network { words: String },
    /// A segment leaves, or intrudes on the way.
    Departure { way: Way, from: From, ending: Ending },
    /// A copy of it arrives.
    Arrival { way: Way, copy: u32, state: &'static str },
}

/// A segment on its way.
struct Way {
    segment: SegmentId,
    to: Side,
    label: String,
    /// What it says and its options, if they are worth it.
    options: String,
}

/// Where an arrow begins.
enum From {
    /// At the sender, which is in this state then.
    Sender(&'static str),
    /// In the network.
    Nowhere(Intrusion),
}

/// Where an arrow ends.
enum Ending {
    /// It is lost.
    Lost,
    /// It is held.
    Held,
    /// It arrives on another line, or never.
    Elsewhere,
    /// It arrives at this time, and leads to this state.
    Arrival(Instant, &'static str),
}

/// Reads a trace into rows.
struct Scan<'a> {
    trace: &'a Trace,
    words: &'a Words,
    rows: Vec<Option<Row>>,
    account: Account,
    /// The sockets of the client's first segment, its own first; others are named.
    usual: Option<[SocketAddr; 2]>,
    /// Whether a side ever closes its window, or one of them offers to scale it; only then all windows are shown.
    shows_window: [bool; 2],
}

impl<'a> Scan<'a> {
    fn of(trace: &'a Trace, words: &'a Words) -> Self {
        let sent = |wanted: &dyn Fn(Side, &Segment) -> bool| {
            trace.events().iter().any(|event| match &event.kind {
                EventKind::Sent { side, datagram, .. } => wanted(*side, &datagram.segment),
                _ => false,
            })
        };
        let is_scaled = sent(&|_, segment| segment.options.window_scale.is_some());
        let shows_window = Side::BOTH
            .map(|from| is_scaled || sent(&|side, segment| side == from && segment.wnd == 0 && !segment.flags.rst));
        let usual = trace.usual_sockets();
        let mut scan = Self { trace, words, rows: Vec::new(), account: Account::default(), usual, shows_window };
        for step in 1..=trace.steps() {
            scan.step(trace.step(step));
        }
        scan
    }

    fn step(&mut self, events: &'a [Event]) {
        let Some(first) = events.first() else { return };
        events.iter().for_each(|event| self.account.take(self.trace, event));
        let notes = self.notes(events);
        let what = self.stimulus(&first.kind, events);
        let place = self.rows.len();
        self.rows.extend(what.map(|what| Some(Row { at: first.at, what, notes: None })));
        for (index, event) in events.iter().enumerate() {
            let what = match &event.kind {
                EventKind::Sent { side, connection, segment, datagram, role } => {
                    let from = From::Sender(self.state(*side, *connection));
                    self.departure(*segment, side.other(), datagram, *role, from, events)
                }
                // What a middlebox sends does not begin a step.
                EventKind::Intruded { segment, intrusion, to, datagram } if index > 0 => {
                    self.departure(*segment, *to, datagram, None, From::Nowhere(*intrusion), events)
                }
                _ => continue,
            };
            self.rows.push(Some(Row { at: event.at, what, notes: None }));
        }
        // A step that is not worth a line of its own still says why it did what it did.
        if let Some(Some(row)) = self.rows.get_mut(place) {
            row.notes = notes;
        }
    }

    /// The state of a connection, else that of the listener, else CLOSED.
    fn state(&self, side: Side, connection: Option<ConnectionId>) -> &'static str {
        if self.account.host(side).is_up() { self.account.state_of(side, connection).name() } else { "down" }
    }

    /// The reasons of a step, the states that it passed through, and what was told, in order.
    fn notes(&self, events: &[Event]) -> Option<(Side, Vec<String>)> {
        let side = events.iter().find_map(|event| match &event.kind {
            EventKind::Decided { side, .. } | EventKind::Told { side, .. } => Some(*side),
            _ => None,
        })?;
        let mut notes: Vec<String> = Vec::new();
        for (index, event) in events.iter().enumerate() {
            match &event.kind {
                EventKind::Decided { rule, .. } => match notes.last_mut() {
                    // One reason for several segments.
                    Some(last) if last.split(' ').next() == Some(rule.id()) => {
                        let times = last.split(" x").nth(1).and_then(|it| it.parse().ok()).unwrap_or(1);
                        *last = format!("{rule} x{}", times + 1);
                    }
                    Some(_) | None => notes.push(rule.id().to_owned()),
                },
                EventKind::Entered { connection, to, .. } => {
                    let goes_on = events[index + 1..].iter().any(|later| {
                        matches!(&later.kind, EventKind::Entered { connection: other, .. } if other == connection)
                    });
                    // The last one stands in the line itself.
                    if let (true, Some(reason)) = (goes_on, notes.last_mut()) {
                        *reason += &format!(" > {to}");
                    }
                }
                EventKind::Told { event, .. } => {
                    notes.push(format!("\"{}\"", text::user_event(event, self.words)));
                }
                _ => {}
            }
        }
        Some((side, notes))
    }

    /// What began a step; `None` if it is not worth a line.
    fn stimulus(&self, kind: &'a EventKind, events: &'a [Event]) -> Option<What> {
        let local = |side: Side, connection: Option<ConnectionId>, words: String| {
            let words = (words + &nth(connection)).trim_start().to_owned();
            Some(What::Local { side, state: self.state(side, connection), words })
        };
        match kind {
            EventKind::Called { side, connection, call, result } => {
                let reply = match result {
                    Ok(Reply::Ok) => String::new(),
                    Ok(Reply::Queued) => " (queued)".to_owned(),
                    Ok(Reply::Data(data)) => format!(": {}", data.len()),
                    Ok(Reply::Status(state)) => format!(": {state}"),
                    Err(error) => format!(": \"{}\"", text::call_error(*error, self.words)),
                };
                let words = name_of(call, self.words) + &reply;
                match result {
                    Ok(_) => local(*side, *connection, words),
                    // No connection and no listener took it.
                    Err(_) => Some(What::Local { side: *side, state: "", words }),
                }
            }
            EventKind::Arrived { side, segment, copy, connection } => {
                let datagram = self.trace.datagram(*segment)?;
                let way = self.way(*segment, *side, datagram, None);
                // A damaged segment is for nobody in particular.
                let is_damaged = events
                    .iter()
                    .any(|event| matches!(event.kind, EventKind::Decided { rule: Rule::ChecksumFailed, .. }));
                let state = if is_damaged { "" } else { self.state(*side, *connection) };
                Some(What::Arrival { way, copy: *copy, state })
            }
            EventKind::Expired { side, connection, timer } => {
                let words = format!("{} expires", text::timer(*timer, self.words));
                local(*side, Some(*connection), words)
            }
            EventKind::Interfered { segment, action } => {
                let words = format!("~ {} {} ~", action.name(), number(*segment));
                Some(What::Network { words })
            }
            EventKind::Intruded { segment, intrusion, to, datagram } => {
                Some(self.departure(*segment, *to, datagram, None, From::Nowhere(*intrusion), events))
            }
            EventKind::Accepted { side, connection } => {
                let nothing = if connection.is_none() { ": none" } else { "" };
                local(*side, *connection, format!("{}{nothing}", self.words.text(Core::LabelAccept)))
            }
            EventKind::Crashed { side } => local(*side, None, self.words.text(Core::LabelCrash).to_owned()),
            EventKind::Rebooted { side } => local(*side, None, self.words.text(Core::LabelReboot).to_owned()),
            EventKind::Found { side, connection, .. } => local(*side, Some(*connection), String::new()),
            EventKind::Refused { error } => Some(What::Network { words: format!("~ not possible: {error} ~") }),
            EventKind::Waited
            | EventKind::Created { .. }
            | EventKind::Removed { .. }
            | EventKind::Decided { .. }
            | EventKind::Entered { .. }
            | EventKind::Told { .. }
            | EventKind::Sent { .. }
            | EventKind::Routed { .. }
            | EventKind::TimerSet { .. }
            | EventKind::BacklogFull { .. } => None,
        }
    }

    /// A segment leaves in the step of these events.
    fn departure(
        &self,
        segment: SegmentId,
        to: Side,
        datagram: &Datagram,
        role: Option<Role>,
        from: From,
        events: &[Event],
    ) -> What {
        let fates: Vec<Fate> = events
            .iter()
            .filter_map(|event| match &event.kind {
                EventKind::Routed { segment: routed, fate, .. } if *routed == segment => Some(*fate),
                _ => None,
            })
            .collect();
        let mut way = self.way(segment, to, datagram, role);
        let ending = match fates.first() {
            Some(Fate::Lost | Fate::Stopped(_)) => Ending::Lost,
            Some(Fate::Unknown) => Ending::Elsewhere,
            Some(Fate::Held) => Ending::Held,
            Some(Fate::Due(_) | Fate::Damaged(_)) | None => Ending::Elsewhere,
        };
        if let Some(Fate::Stopped(why)) = fates.first() {
            way.label += &format!(" ({})", self.words.text(text::objection(*why)));
        }
        for (is_so, key) in [
            (fates.iter().any(|fate| matches!(fate, Fate::Damaged(_))), Core::LabelDamaged),
            (fates.contains(&Fate::Held), Core::LabelHeld),
            (fates.len() > 1, Core::LabelDuplicate),
        ] {
            if is_so {
                way.label += &format!(" ({})", self.words.text(key));
            }
        }
        What::Departure { way, from, ending }
    }

    /// `#3 SYN seq=500 port 49153 (again)`.
    fn way(&self, segment: SegmentId, to: Side, datagram: &Datagram, role: Option<Role>) -> Way {
        let Datagram { segment: it, .. } = datagram;
        let mut words = format!("{} {}", number(segment), text::segment(it, self.words));
        // A closed window is among the words already.
        if self.shows_window[to.other() as usize] && it.wnd > 0 && !it.flags.rst {
            words += &format!(" {}", text::window(it.wnd, self.trace.window_shift(segment)));
        }
        for (socket, usual) in sockets_of(datagram, to).into_iter().zip(self.usual.into_iter().flatten()) {
            if socket.ip() != usual.ip() {
                words += &format!(" {socket}");
            } else if socket != usual {
                words += &format!(" port {}", socket.port());
            }
        }
        match role {
            Some(Role::Retransmission) => words += " (again)",
            Some(role @ (Role::Probe | Role::KeepAlive | Role::ChallengeAck)) => {
                words += &format!(" ({})", text::role(role, self.words));
            }
            Some(Role::New | Role::Ack | Role::Reset | Role::Abort) | None => {}
        }
        let mut options = text::payload(&it.payload).unwrap_or_default();
        if !it.options.are_usual() {
            options = format!("{options} {}", it.options).trim_start().to_owned();
        }
        Way { segment, to, label: words, options }
    }
}

/// Draws an arrow on one line where only others like it happen between its two ends: what leaves with it, what
/// arrives with it, and the answers.
fn join_ends(rows: &mut [Option<Row>]) {
    // Whether the arrival of that row was moved up to its departure.
    let mut moved = vec![false; rows.len()];
    for start in 0..rows.len() {
        let Some(Row { at: left, what: What::Departure { way, ending: Ending::Elsewhere, .. }, .. }) = &rows[start]
        else {
            continue;
        };
        let (left, to, segment) = (*left, way.to, way.segment);
        let is_end = |row: &Option<Row>| matches!(row, Some(Row { what: What::Arrival { way, copy: 0, .. }, .. }) if way.segment == segment);
        let Some(end) = (start + 1..rows.len()).find(|index| is_end(&rows[*index])) else { continue };
        let arrived = rows[end].as_ref().map_or(left, |row| row.at);
        let is_like = |index: usize| match &rows[index] {
            None => moved[index],
            Some(Row { at, what: What::Departure { way, from, .. }, .. }) => {
                let is_answer = *at == arrived && way.to != to;
                is_answer || (*at == left && way.to == to && matches!(from, From::Sender(_)))
            }
            Some(Row { what: What::Arrival { .. } | What::Local { .. } | What::Network { .. }, .. }) => false,
        };
        if (start + 1..end).all(is_like)
            && let Some(Row { what: What::Arrival { state, .. }, notes, .. }) = rows[end].take()
        {
            moved[end] = true;
            if let Some(Row { what: What::Departure { ending, .. }, notes: below, .. }) = &mut rows[start] {
                *ending = Ending::Arrival(arrived, state);
                *below = notes;
            }
        }
    }
}

impl Row {
    /// When the last thing happened that it shows.
    fn last(&self) -> Instant {
        match &self.what {
            What::Departure { ending: Ending::Arrival(at, _), .. } => *at,
            What::Departure { .. } | What::Arrival { .. } | What::Local { .. } | What::Network { .. } => self.at,
        }
    }

    fn lines<'a>(&'a self, told_in: &'a Words) -> Vec<Line<'a>> {
        let mut line = Line::default();
        let mut below = None;
        match &self.what {
            What::Local { side, state, words } => {
                line.put(*side, self.at, state);
                line.middle = match side {
                    Side::Client => format!("* {words}"),
                    Side::Server => format!("{:>MIDDLE$}", format!("{words} *")),
                };
            }
            What::Network { words } => {
                line.times[0] = self.at.to_string();
                line.middle = format!("{words:^MIDDLE$}");
            }
            What::Departure { way, from, ending } => {
                let side = way.to.other();
                let (start, mut label) = match from {
                    From::Sender(state) => {
                        line.put(side, self.at, state);
                        (0, way.label.clone())
                    }
                    From::Nowhere(intrusion) => {
                        line.times[side as usize] = self.at.to_string();
                        (MIDDLE / 6, format!("{} {}", told_in.text(text::intrusion(*intrusion)), way.label))
                    }
                };
                let (end, head) = match ending {
                    Ending::Arrival(at, state) => {
                        line.put(way.to, *at, state);
                        (MIDDLE, ">")
                    }
                    Ending::Lost => (MIDDLE * 3 / 4, "X"),
                    Ending::Held => (MIDDLE * 3 / 4, "|"),
                    Ending::Elsewhere => (MIDDLE * 3 / 4, " - -"),
                };
                let has_room =
                    start + label.chars().count() + way.options.chars().count() < end.saturating_sub(SHORTEST_SHAFT);
                if has_room && !way.options.is_empty() {
                    label += &format!(" {}", way.options);
                } else if !way.options.is_empty() {
                    let middle = match side {
                        Side::Client => format!("{:start$}   {}", "", way.options),
                        Side::Server => format!("{:>MIDDLE$}", format!("{}{:start$}", way.options, "")),
                    };
                    below = Some(Line { middle, ..Line::default() });
                }
                line.middle = arrow(way.to, start, &label, end, head);
            }
            What::Arrival { way, copy, state } => {
                line.put(way.to, self.at, state);
                let copy = if *copy > 0 { format!(" ({})", told_in.text(Core::LabelDuplicate)) } else { String::new() };
                line.middle = match way.to {
                    Side::Server => format!("{:>MIDDLE$}", format!("- - --- {}{copy} ->", way.label)),
                    Side::Client => format!("<- {}{copy} --- - -", way.label),
                };
            }
        }
        [line].into_iter().chain(below).collect()
    }

    /// Writes the reasons, as many in a line as there is room for.
    fn notes(&self, out: &mut String) {
        let Some((side, notes)) = &self.notes else { return };
        let mut lines: Vec<String> = Vec::new();
        for note in notes {
            match lines.last_mut() {
                Some(line) if line.len() + 2 + note.len() + 2 <= MIDDLE => *line += &format!(", {note}"),
                _ => lines.push(note.clone()),
            }
        }
        for it in lines {
            let middle = match side {
                Side::Client => format!("| {it}"),
                Side::Server => format!("{:>MIDDLE$}", format!("{it} |")),
            };
            out.push_str(&Line { middle, ..Line::default() }.to_string());
        }
    }
}

/// An arrow from `start` to `end`, counted from the sender's side.
fn arrow(to: Side, start: usize, label: &str, end: usize, head: &str) -> String {
    let used = start + label.chars().count() + 1 + head.len();
    let shaft = "-".repeat(end.saturating_sub(used).max(2));
    match to {
        Side::Server => format!("{:start$}{label} {shaft}{head}", ""),
        Side::Client => {
            let head: String = head.chars().rev().map(|c| if c == '>' { '<' } else { c }).collect();
            let arrow = format!("{head}{shaft} {label}{:start$}", "");
            format!("{arrow:>MIDDLE$}")
        }
    }
}

/// Times and states outside, in between what happens.
#[derive(Default)]
struct Line<'a> {
    times: [String; 2],
    states: [&'a str; 2],
    middle: String,
}

impl<'a> Line<'a> {
    fn put(&mut self, side: Side, at: Instant, state: &'a str) {
        self.times[side as usize] = at.to_string();
        self.states[side as usize] = state;
    }
}

impl std::fmt::Display for Line<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { times: [left, right], states: [client, server], middle } = self;
        let mut line = String::new();
        write!(line, "{left:>9}  {client:<12}  {middle:<MIDDLE$}  {server:<12} {right:>9}")?;
        writeln!(f, "{}", line.trim_end())
    }
}

/// The number by which scripts know a segment: they count from 1.
fn number(segment: SegmentId) -> String {
    format!("#{segment}")
}

/// The number of a connection that is not the first of its side.
fn nth(connection: Option<ConnectionId>) -> String {
    match connection {
        Some(it) if it.number() > 1 => format!(" (connection {})", it.number()),
        Some(_) | None => String::new(),
    }
}

/// A call by the RFC's name.
fn name_of(call: &Call, words: &Words) -> String {
    match call {
        Call::Open { open: Open::Passive | Open::PassiveSpecified, .. } => {
            format!("OPEN ({})", words.text(Core::LabelPassive))
        }
        Call::Open { open: Open::Active | Open::ActiveUnspecified, .. } => "OPEN".to_owned(),
        Call::Send { data, is_last: true, .. } => format!("SEND {}, CLOSE", data.len()),
        Call::Send { data, .. } => format!("SEND {}", data.len()),
        Call::Receive(u32::MAX) => "RECEIVE".to_owned(),
        Call::Receive(octets) => format!("RECEIVE {octets}"),
        Call::Close => "CLOSE".to_owned(),
        Call::CloseAll => "CLOSE all".to_owned(),
        Call::Abort => "ABORT".to_owned(),
        Call::Status => "STATUS".to_owned(),
        Call::Set(limit) => format!("SET {}", limit.name()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::history::History;
    use crate::scenario::Scenario;
    use crate::tcp::State;
    use crate::trace::Certainty;

    /// Whatever can happen to a segment and to a host is shown.
    #[test]
    fn nothing_that_happens_is_left_out() {
        let mut run = History::new(Scenario::parse(include_str!("ladder/everything.tcp")).expect("a script of ours"));
        run.run_to_end();
        let told = ladder(run.trace(), &Words::default());
        for (line, expected) in told.lines().zip(include_str!("ladder/everything.txt").lines()) {
            assert_eq!(line, expected);
        }
        assert_eq!(told, include_str!("ladder/everything.txt"));
    }

    #[test]
    fn a_trace_without_events_is_a_heading() {
        assert_eq!(ladder(&Trace::default(), &Words::default()).lines().count(), 1);
    }

    /// A trace need not come from a simulation: whatever stands in it is told, and nothing panics.
    #[test]
    fn a_trace_of_any_shape_is_told() {
        use crate::trace::{Record, Source};

        let mut trace = Trace::default();
        for kind in [
            EventKind::Arrived { side: Side::Server, segment: SegmentId::after(9), copy: 3, connection: None },
            EventKind::Entered {
                side: Side::Client,
                connection: None,
                port: 80,
                from: State::Listen,
                to: State::Closed,
                certainty: Certainty::Known,
            },
            EventKind::Found { side: Side::Client, connection: ConnectionId(1), state: State::Established },
        ] {
            trace.begin(Instant::from_ms(5), Source::Outside, || kind);
        }
        let told = ladder(&trace, &Words::default());
        assert_eq!(told.lines().count(), 2, "{told}");
        assert!(told.ends_with("     5 ms  ESTABLISHED   * (connection 2)\n"), "{told}");
    }
}
