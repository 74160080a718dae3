//! A story as text: reading it gives the same story.

use std::fmt;

use crate::network::{Chance, ControlBits, Fault, Filter, Forgets, SegmentKind, Then, Which};
use crate::scenario::expectation::{Expectation, Pattern};
use crate::scenario::{Scenario, sample_text};
use crate::segment::{Flags, Options, Timestamps};
use crate::seq::SeqNumber;
use crate::simulation::{Act, Deed, Intruder, Mark, Passage, Peer, UserCall, When, Whose};
use crate::tcp::{Action, Intrusion, Limit, Side};
use crate::time::{Duration, Instant};

use super::settings;
use super::spans::{DurationWord, KeepAliveWords};

impl fmt::Display for Scenario {
    /// The script: reading it gives the same story.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(title) = &self.title {
            writeln!(f, "title {title}")?;
        }
        for note in &self.notes {
            writeln!(f, "note {note}")?;
        }
        for side in Side::BOTH {
            let settings = settings::written(self.host(side));
            if !settings.is_empty() {
                writeln!(f, "{} {settings}", side.name())?;
            }
        }
        let Chance { seed, jitter, loss, corruption, duplication, reordering } = self.chance;
        write!(f, "link delay {}", DurationWord(self.delay))?;
        if jitter != Duration::ZERO {
            write!(f, ", jitter {}", DurationWord(jitter))?;
        }
        let shares =
            [("loss", loss), ("corruption", corruption), ("duplication", duplication), ("reordering", reordering)];
        for (name, share) in shares {
            if share.millionths() > 0 {
                write!(f, ", {name} {share}")?;
            }
        }
        if seed != 0 {
            write!(f, ", seed {seed}")?;
        }
        if let Some(Forgets { after, then }) = self.middlebox.forgets {
            let then = match then {
                Then::Drops => "drops",
                Then::Resets => "resets",
            };
            write!(f, ", middlebox forgets after {} then {then}", DurationWord(after))?;
        }
        for Filter { bits, after } in &self.middlebox.filters {
            f.write_str(", middlebox filters")?;
            write_bits(f, bits)?;
            if let Some(after) = after {
                f.write_str(" after")?;
                write_bits(f, after)?;
            }
        }
        writeln!(f)?;
        for Act { when, deed } in &self.acts {
            writeln!(f, "{} {deed}", WhenWords(*when))?;
        }
        for Fault { from, which, action } in &self.faults {
            writeln!(f, "{} {} {}{}", action.name(), from.name(), WhichWords(which), Extent(action))?;
        }
        for expectation in &self.expectations {
            writeln!(f, "expect {expectation}")?;
        }
        Ok(())
    }
}

/// When something happens: `at 50ms`, `when client ESTABLISHED after 50ms`.
struct WhenWords(When);

impl fmt::Display for WhenWords {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            When::At(at) => write!(f, "at {}", DurationWord(at.since(Instant::ZERO)))?,
            When::Enters { side, state, .. } => write!(f, "when {} {state}", side.name())?,
            When::Receives { side, octets, .. } => write!(f, "when {} receives {octets}", side.name())?,
            When::Segment { side, kind, nth, passage, .. } => {
                let passage = match passage {
                    Passage::Arrives => "arrives",
                    Passage::Leaves => "leaves",
                };
                write!(f, "when {} {} {nth} {passage}", side.name(), kind.name())?;
            }
        }
        match self.0.after() {
            Duration::ZERO => Ok(()),
            after => write!(f, " after {}", DurationWord(after)),
        }
    }
}

/// Which segments a fault meets: `3`, `fin 1`, `every syn-ack until 3s`.
struct WhichWords<'a>(&'a Which);

impl fmt::Display for WhichWords<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Which { kind, nth, since, until } = *self.0;
        match (kind, nth) {
            (SegmentKind::Any, Some(nth)) => write!(f, "{nth}")?,
            (_, Some(nth)) => write!(f, "{} {nth}", kind.name())?,
            (_, None) => write!(f, "every {}", kind.name())?,
        }
        if since != Instant::ZERO {
            write!(f, " from {}", DurationWord(since.since(Instant::ZERO)))?;
        }
        match until {
            None => Ok(()),
            Some(until) => write!(f, " until {}", DurationWord(until.since(Instant::ZERO))),
        }
    }
}

/// What an action says beside its name: ` by 50ms`.
struct Extent<'a>(&'a Action);

impl fmt::Display for Extent<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Action::Delay(by) => write!(f, " by {}", DurationWord(*by)),
            Action::Duplicate(after) => write!(f, " after {}", DurationWord(*after)),
            Action::Drop | Action::Corrupt | Action::Hold | Action::Release => Ok(()),
        }
    }
}

impl fmt::Display for Deed {
    /// As a script writes it: `client send 45`, `drop segment 3`, `forge to server syn seq 90`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Deed::User { side, whose, call } => {
                write!(f, "{} {call}", side.name())?;
                match whose {
                    Whose::Youngest => Ok(()),
                    Whose::Nth(nth) => write!(f, " on connection {nth}"),
                    Whose::Listener(port) => write!(f, " on port {port}"),
                }
            }
            Deed::Crash(side) => write!(f, "{} crash", side.name()),
            Deed::Reboot(side) => write!(f, "{} reboot", side.name()),
            Deed::Interfere(segment, action) => {
                write!(f, "{} segment {segment}{}", action.name(), Extent(action))
            }
            Deed::Intrude(intruder) => intruder.fmt(f),
            Deed::Wait(until) => write!(f, "wait {}", DurationWord(until.since(Instant::ZERO))),
        }
    }
}

impl fmt::Display for UserCall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            UserCall::Open { from, to, timeout } => {
                f.write_str("open")?;
                write_ports(f, *from, *to)?;
                write_timeout(f, *timeout)
            }
            UserCall::Listen { port, from, timeout } => {
                write!(f, "listen {port}")?;
                match from {
                    None => {}
                    Some(Peer { address: None, port }) => write!(f, " from {port}")?,
                    Some(Peer { address: Some(address), port }) => write!(f, " from {address}:{port}")?,
                }
                write_timeout(f, *timeout)
            }
            UserCall::Accept(None) => f.write_str("accept"),
            UserCall::Accept(Some(port)) => write!(f, "accept {port}"),
            UserCall::Send { data, timeout, is_last } => {
                write!(f, "send {}", TextWords(data))?;
                write_timeout(f, *timeout)?;
                if *is_last { f.write_str(" and close") } else { Ok(()) }
            }
            UserCall::Receive(u32::MAX) => f.write_str("receive"),
            UserCall::Receive(octets) => write!(f, "receive {octets}"),
            UserCall::Close => f.write_str("close"),
            UserCall::CloseAll => f.write_str("close all"),
            UserCall::Abort => f.write_str("abort"),
            UserCall::Status => f.write_str("status"),
            UserCall::Set(limit) => {
                write!(f, "set {} ", limit.name())?;
                match limit {
                    Limit::R1(count) => write!(f, "{count}"),
                    Limit::R2(Some(span)) | Limit::R2Syn(Some(span)) | Limit::UserTimeout(Some(span)) => {
                        DurationWord(*span).fmt(f)
                    }
                    Limit::KeepAlive(Some(keep_alive)) => KeepAliveWords(*keep_alive).fmt(f),
                    Limit::R2(None) | Limit::R2Syn(None) | Limit::UserTimeout(None) | Limit::KeepAlive(None) => {
                        f.write_str("none")
                    }
                }
            }
        }
    }
}

fn write_timeout(f: &mut fmt::Formatter<'_>, timeout: Option<Duration>) -> fmt::Result {
    timeout.map_or(Ok(()), |timeout| write!(f, " timeout {}", DurationWord(timeout)))
}

fn write_ports(f: &mut fmt::Formatter<'_>, from: Option<u16>, to: Option<u16>) -> fmt::Result {
    for (word, port) in [("from", from), ("to", to)] {
        if let Some(port) = port {
            write!(f, " {word} {port}")?;
        }
    }
    Ok(())
}

impl fmt::Display for Intruder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = match self.intrusion {
            Intrusion::Old => "old",
            // What a middlebox sent can be said again as forged.
            Intrusion::Forged | Intrusion::Middlebox => "forge",
        };
        write!(f, "{word} to {}", self.to.name())?;
        write_bits(f, &ControlBits { flags: self.segment.flags, ack: false })?;
        write_counted(f, "seq", self.segment.seq, self.seq_from)?;
        if let Some(ack) = self.segment.ack {
            write_counted(f, "ack", ack, self.ack_from)?;
        }
        if !self.segment.payload.is_empty() {
            write!(f, " length {}", TextWords(&self.segment.payload))?;
        }
        if !self.has_usual_window {
            write!(f, " window {}", self.segment.wnd)?;
        }
        let Options { mss, window_scale, sack_permitted, timestamps } = self.segment.options;
        if let Some(mss) = mss {
            write!(f, " mss {mss}")?;
        }
        if let Some(shift) = window_scale {
            write!(f, " window-scale {shift}")?;
        }
        if sack_permitted {
            f.write_str(" sack-permitted")?;
        }
        if let Some(timestamps) = timestamps {
            write!(f, " timestamps {} {}", timestamps.value, timestamps.echo)?;
        }
        match (self.address, self.from_port) {
            (Some(address), Some(port)) => write!(f, " from {address}:{port}")?,
            (Some(address), None) => write!(f, " from [{address}]")?,
            (None, port) => write_ports(f, port, None)?,
        }
        write_ports(f, None, self.to_port)?;
        match self.times {
            1 => Ok(()),
            times => write!(f, " times {times} every {}", DurationWord(self.every)),
        }
    }
}

/// Control bits by their names, a space before each.
fn write_bits(f: &mut fmt::Formatter<'_>, bits: &ControlBits) -> fmt::Result {
    let ControlBits { flags: Flags { syn, fin, rst, psh, urg, ece, cwr }, ack } = *bits;
    let bits = [
        (syn, "syn"),
        (fin, "fin"),
        (rst, "rst"),
        (psh, "psh"),
        (urg, "urg"),
        (ece, "ece"),
        (cwr, "cwr"),
        (ack, "ack"),
    ];
    for (is_set, name) in bits {
        if is_set {
            write!(f, " {name}")?;
        }
    }
    Ok(())
}

/// A sequence number, or how far it is from a mark, whichever way is shorter.
fn write_counted(f: &mut fmt::Formatter<'_>, word: &str, number: SeqNumber, mark: Option<Mark>) -> fmt::Result {
    let Some(mark) = mark else { return write!(f, " {word} {number}") };
    write!(f, " {word} {}", mark.name())?;
    match number.0 {
        0 => Ok(()),
        more if more < 1 << 31 => write!(f, "+{more}"),
        less => write!(f, "-{}", less.wrapping_neg()),
    }
}

impl fmt::Display for Expectation {
    /// As a script writes it after `expect`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Expectation::State { side, state, connection, at } => {
                write!(f, "{} {state}", side.name())?;
                write_number(f, "on connection", *connection)?;
                write_time(f, *at)
            }
            Expectation::Reaches { side, state, connection } => {
                write!(f, "{} reaches {state}", side.name())?;
                write_number(f, "on connection", *connection)
            }
            Expectation::Segment { side, pattern, times } => {
                let Pattern { kind, seq, ack, length, window, mss, window_scale, sack_permitted, timestamps, ece, cwr } =
                    pattern;
                write!(f, "segment {} {}", side.name(), kind.name())?;
                write_number(f, "seq", seq.map(|it| it.0))?;
                write_number(f, "ack", ack.map(|it| it.0))?;
                write_number(f, "length", *length)?;
                write_number(f, "window", window.map(u32::from))?;
                write_or_none(f, "mss", *mss)?;
                write_or_none(f, "window-scale", *window_scale)?;
                write_switch(f, "sack-permitted", *sack_permitted)?;
                let words = |Timestamps { value, echo }| format!("{value} {echo}");
                write_or_none(f, "timestamps", timestamps.map(|it| it.map(words)))?;
                write_switch(f, "ece", *ece)?;
                write_switch(f, "cwr", *cwr)?;
                write_number(f, "times", *times)
            }
            Expectation::Rule { rule, side, times } => {
                write!(f, "rule {}", rule.id())?;
                if let Some(side) = side {
                    write!(f, " {}", side.name())?;
                }
                write_number(f, "times", *times)
            }
            Expectation::Finding { kind, side, times } => {
                write!(f, "finding {}", kind.name())?;
                if let Some(side) = side {
                    write!(f, " {}", side.name())?;
                }
                write_number(f, "times", *times)
            }
            Expectation::Told { side, news, connection, times } => {
                write!(f, "{} told {}", side.name(), news.name())?;
                write_number(f, "on connection", *connection)?;
                write_number(f, "times", *times)
            }
            Expectation::Receives { side, octets, connection, at } => {
                write!(f, "{} receives {octets}", side.name())?;
                write_number(f, "on connection", *connection)?;
                write_time(f, *at)
            }
            Expectation::Knows { side, fact, level, connection, at } => {
                write!(f, "{} knows {} {}", side.name(), fact.name(), level.name())?;
                write_number(f, "on connection", *connection)?;
                write_time(f, *at)
            }
            Expectation::Counts { side, what, count, at } => {
                write!(f, "{} {} {count}", side.name(), what.name())?;
                write_time(f, *at)
            }
            Expectation::Fails { side, call, error, at } => {
                write!(f, "{} {} fails {}", side.name(), call.name(), error.name())?;
                write_time(f, *at)
            }
        }
    }
}

fn write_time(f: &mut fmt::Formatter<'_>, at: Option<Instant>) -> fmt::Result {
    at.map_or(Ok(()), |at| write!(f, " at {}", DurationWord(at.since(Instant::ZERO))))
}

fn write_number(f: &mut fmt::Formatter<'_>, word: &str, number: Option<u32>) -> fmt::Result {
    number.map_or(Ok(()), |number| write!(f, " {word} {number}"))
}

fn write_switch(f: &mut fmt::Formatter<'_>, word: &str, is_on: Option<bool>) -> fmt::Result {
    is_on.map_or(Ok(()), |is_on| write!(f, " {word} {}", if is_on { "on" } else { "off" }))
}

fn write_or_none(f: &mut fmt::Formatter<'_>, word: &str, value: Option<Option<impl fmt::Display>>) -> fmt::Result {
    match value {
        None => Ok(()),
        Some(None) => write!(f, " {word} none"),
        Some(Some(value)) => write!(f, " {word} {value}"),
    }
}

/// Octets: their number where they are the usual ones, else the text itself.
struct TextWords<'a>(&'a [u8]);

impl fmt::Display for TextWords<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.0.is_empty() && sample_text(self.0.len()) == self.0 {
            write!(f, "{}", self.0.len())
        } else {
            Quoted(self.0).fmt(f)
        }
    }
}

/// Text in quotation marks.
struct Quoted<'a>(&'a [u8]);

impl fmt::Display for Quoted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("\"")?;
        for character in String::from_utf8_lossy(self.0).chars() {
            match character {
                '\n' => f.write_str("\\n")?,
                '\r' => f.write_str("\\r")?,
                '"' | '\\' => write!(f, "\\{character}")?,
                other => write!(f, "{other}")?,
            }
        }
        f.write_str("\"")
    }
}
