//! The statements of a script, read word by word.

use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::Arc;

use bytes::Bytes;

use crate::insight::findings::Kind;
use crate::insight::knowledge::{Fact, Level};
use crate::network::{ControlBits, Fault, Filter, Forgets, Middlebox, SegmentKind, Then, Which};
use crate::rule::Rule;
use crate::scenario::expectation::{Asked, Counted, Expectation, News, Pattern};
use crate::scenario::{Scenario, sample_text};
use crate::segment::{Flags, Segment, Timestamps};
use crate::seq::SeqNumber;
use crate::simulation::{Act, Deed, Intruder, Mark, Passage, Peer, UserCall, When, Whose};
use crate::tcp::{Action, CallError, Intrusion, Limit, SegmentId, Side, State};
use crate::time::{Duration, Instant};

use super::settings::{SWITCH, keep_alive, setting};
use super::words::{LineReader, Mistake, Parsed, Token, Word};
use super::{DEFAULT_DUPLICATE_AFTER, DEFAULT_INTRUDER_WINDOW, MOST_INTRUDERS, MOST_SENT_OCTETS, VERSION};

#[derive(Clone, Copy)]
enum Statement {
    Version,
    Title,
    Note,
    Host(Side),
    Link,
    At,
    When,
    Fault(ActionKind),
    Expect,
}

#[derive(Clone, Copy)]
enum ActionKind {
    Drop,
    Duplicate,
    Delay,
    Corrupt,
    Hold,
    Release,
}

const STATEMENTS: &[(&str, Statement)] = &[
    ("synfin", Statement::Version),
    ("title", Statement::Title),
    ("note", Statement::Note),
    ("client", Statement::Host(Side::Client)),
    ("server", Statement::Host(Side::Server)),
    ("link", Statement::Link),
    ("at", Statement::At),
    ("when", Statement::When),
    ("drop", Statement::Fault(ActionKind::Drop)),
    ("duplicate", Statement::Fault(ActionKind::Duplicate)),
    ("delay", Statement::Fault(ActionKind::Delay)),
    ("corrupt", Statement::Fault(ActionKind::Corrupt)),
    ("hold", Statement::Fault(ActionKind::Hold)),
    ("expect", Statement::Expect),
];

const SIDES: &[(&str, Side)] = &[("client", Side::Client), ("server", Side::Server)];

/// Reads one statement into the story.
pub(super) fn statement(words: &mut LineReader<'_>, scenario: &mut Scenario, version: &mut u32) -> Parsed<()> {
    if words.is_at_end() {
        return Ok(());
    }
    match words.one_of(STATEMENTS)? {
        Statement::Version => {
            let expected = format!("version {VERSION} or earlier: a later synfin wrote this script");
            *version = words.read(&expected, |text| text.parse().ok().filter(|it| (1..=VERSION).contains(it)))?;
            words.end()
        }
        // Where there is text, it was taken before the line was split into words.
        Statement::Title => words.mistake(None, "a title"),
        Statement::Note => words.mistake(None, "a note"),
        Statement::Host(side) => {
            let setup = scenario.host_mut(side);
            separated(words, |words| setting(words, setup))
        }
        Statement::Link => separated(words, |words| link_setting(words, scenario)),
        Statement::At => {
            let when = When::At(Instant::ZERO + words.duration()?);
            act(when, words, scenario)
        }
        Statement::When => {
            let when = when(words)?;
            act(when, words, scenario)
        }
        Statement::Fault(kind) => {
            let from = words.one_of(SIDES)?;
            let which = which(words)?;
            let action = action(kind, words)?;
            words.end()?;
            scenario.faults.push(Fault { from, which, action });
            Ok(())
        }
        Statement::Expect => {
            let expectation = expectation(words)?;
            words.end()?;
            scenario.expectations.push(expectation);
            Ok(())
        }
    }
}

/// Reads what comma-separated words say, one after the other, to the end of the line.
fn separated(words: &mut LineReader<'_>, mut read: impl FnMut(&mut LineReader<'_>) -> Parsed<()>) -> Parsed<()> {
    loop {
        read(words)?;
        if !matches!(words.words.first(), Some(Word { token: Token::Comma, .. })) {
            words.asks("a comma");
            return words.end();
        }
        words.next();
    }
}

#[derive(Clone, Copy)]
enum LinkSetting {
    Delay,
    Jitter,
    Loss,
    Corruption,
    Duplication,
    Reordering,
    Seed,
    Middlebox,
}

const LINK_SETTINGS: &[(&str, LinkSetting)] = &[
    ("delay", LinkSetting::Delay),
    ("jitter", LinkSetting::Jitter),
    ("loss", LinkSetting::Loss),
    ("corruption", LinkSetting::Corruption),
    ("duplication", LinkSetting::Duplication),
    ("reordering", LinkSetting::Reordering),
    ("seed", LinkSetting::Seed),
    ("middlebox", LinkSetting::Middlebox),
];

fn link_setting(words: &mut LineReader<'_>, scenario: &mut Scenario) -> Parsed<()> {
    let chance = &mut scenario.chance;
    match words.one_of(LINK_SETTINGS)? {
        LinkSetting::Delay => scenario.delay = words.duration()?,
        LinkSetting::Jitter => chance.jitter = words.duration()?,
        LinkSetting::Loss => chance.loss = words.probability()?,
        LinkSetting::Corruption => chance.corruption = words.probability()?,
        LinkSetting::Duplication => chance.duplication = words.probability()?,
        LinkSetting::Reordering => chance.reordering = words.probability()?,
        LinkSetting::Seed => chance.seed = words.number(0, u64::MAX)?,
        LinkSetting::Middlebox => middlebox(words, &mut scenario.middlebox)?,
    }
    Ok(())
}

const THENS: &[(&str, Then)] = &[("drops", Then::Drops), ("resets", Then::Resets)];

/// `forgets after 30s then drops`, `filters syn fin`, `filters ack after syn`.
fn middlebox(words: &mut LineReader<'_>, it: &mut Middlebox) -> Parsed<()> {
    if words.one_of(&[("forgets", true), ("filters", false)])? {
        words.one_of(&[("after", ())])?;
        let after = words.duration()?;
        words.one_of(&[("then", ())])?;
        it.forgets = Some(Forgets { after, then: words.one_of(THENS)? });
    } else {
        let bits = control_bits(words)?;
        it.filters.push(Filter { bits, after: words.optional("after", control_bits)? });
    }
    Ok(())
}

/// `syn ack`: one or more.
fn control_bits(words: &mut LineReader<'_>) -> Parsed<ControlBits> {
    let mut bits = ControlBits::default();
    while let Some(place) = words.place_if(BITS.len(), &|index| BITS[index].0) {
        match BITS[place].1 {
            Some(flag) => *flag(&mut bits.flags) = true,
            None => bits.ack = true,
        }
    }
    if bits == ControlBits::default() { words.unexpected(None) } else { Ok(bits) }
}

/// What a `when` waits for.
#[derive(Clone, Copy)]
enum Awaited {
    Enters(State),
    Receives,
    Segment(SegmentKind),
}

fn when(words: &mut LineReader<'_>) -> Parsed<When> {
    let side = words.one_of(SIDES)?;
    let mut choices = vec![("receives", Awaited::Receives)];
    for kind in SegmentKind::ALL {
        choices.push((kind.name(), Awaited::Segment(kind)));
    }
    for state in State::ALL {
        choices.push((state.name(), Awaited::Enters(state)));
    }
    Ok(match words.one_of(&choices)? {
        Awaited::Enters(state) => When::Enters { side, state, after: after(words)? },
        Awaited::Receives => {
            let octets = words.number(1, u32::MAX)?;
            When::Receives { side, octets, after: after(words)? }
        }
        Awaited::Segment(kind) => {
            let nth = if words.is_at_number() { words.number(1, u32::MAX)? } else { 1 };
            let passage = words.one_of(PASSAGES)?;
            When::Segment { side, kind, nth, passage, after: after(words)? }
        }
    })
}

const PASSAGES: &[(&str, Passage)] = &[("arrives", Passage::Arrives), ("leaves", Passage::Leaves)];

fn after(words: &mut LineReader<'_>) -> Parsed<Duration> {
    Ok(words.optional("after", LineReader::duration)?.unwrap_or(Duration::ZERO))
}

/// `3`, `fin`, `syn-ack 2`, `every data`, each with `from` and `until`.
fn which(words: &mut LineReader<'_>) -> Parsed<Which> {
    let is_every = words.next_is("every");
    let kind = match !is_every && words.is_at_number() {
        true => SegmentKind::Any,
        false => match (kind(words), is_every) {
            (Some(kind), _) => kind,
            (None, true) => SegmentKind::Any,
            (None, false) => return words.unexpected(None),
        },
    };
    let nth = match (is_every, words.is_at_number()) {
        (true, _) => None,
        (false, true) => Some(words.number(1, u32::MAX)?),
        (false, false) => Some(1),
    };
    let at = |words: &mut LineReader<'_>| words.duration().map(|span| Instant::ZERO + span);
    let since = words.optional("from", at)?.unwrap_or(Instant::ZERO);
    let until = words.optional("until", at)?;
    Ok(Which { kind, nth, since, until })
}

/// A kind of segments, if that comes next.
fn kind(words: &mut LineReader<'_>) -> Option<SegmentKind> {
    words.place_if(SegmentKind::ALL.len(), &|index| SegmentKind::ALL[index].name()).map(|index| SegmentKind::ALL[index])
}

fn action(kind: ActionKind, words: &mut LineReader<'_>) -> Parsed<Action> {
    Ok(match kind {
        ActionKind::Drop => Action::Drop,
        ActionKind::Corrupt => Action::Corrupt,
        ActionKind::Hold => Action::Hold,
        ActionKind::Release => Action::Release,
        ActionKind::Delay => {
            words.one_of(&[("by", ())])?;
            Action::Delay(words.duration()?)
        }
        ActionKind::Duplicate => {
            Action::Duplicate(words.optional("after", LineReader::duration)?.unwrap_or(DEFAULT_DUPLICATE_AFTER))
        }
    })
}

/// The end of an `at` or `when` line: who does what.
fn act(when: When, words: &mut LineReader<'_>, scenario: &mut Scenario) -> Parsed<()> {
    let deed = deed(words)?;
    words.end()?;
    scenario.acts.push(Act { when, deed });
    Ok(())
}

#[derive(Clone, Copy)]
enum Actor {
    User(Side),
    Nobody(Intrusion),
    Network(ActionKind),
}

const ACTORS: &[(&str, Actor)] = &[
    ("client", Actor::User(Side::Client)),
    ("server", Actor::User(Side::Server)),
    ("forge", Actor::Nobody(Intrusion::Forged)),
    ("old", Actor::Nobody(Intrusion::Old)),
    ("drop", Actor::Network(ActionKind::Drop)),
    ("duplicate", Actor::Network(ActionKind::Duplicate)),
    ("delay", Actor::Network(ActionKind::Delay)),
    ("corrupt", Actor::Network(ActionKind::Corrupt)),
    ("hold", Actor::Network(ActionKind::Hold)),
    ("release", Actor::Network(ActionKind::Release)),
];

/// Reads what happens.
pub(super) fn deed(words: &mut LineReader<'_>) -> Parsed<Deed> {
    match words.one_of(ACTORS)? {
        Actor::User(side) => user(side, words),
        Actor::Nobody(intrusion) => Ok(Deed::Intrude(Arc::new(intruder(intrusion, words)?))),
        Actor::Network(kind) => {
            if !words.is_at_number() {
                words.one_of(&[("segment", ())])?;
            }
            let number = NonZeroU32::new(words.number(1, u32::MAX)?).expect("it is at least 1");
            let segment = SegmentId::new(number);
            Ok(Deed::Interfere(segment, action(kind, words)?))
        }
    }
}

#[derive(Clone, Copy)]
enum CallKind {
    Open,
    Listen,
    Accept,
    Send,
    Receive,
    Close,
    Abort,
    Status,
    Set,
    Crash,
    Reboot,
}

const CALLS: &[(&str, CallKind)] = &[
    ("open", CallKind::Open),
    ("listen", CallKind::Listen),
    ("accept", CallKind::Accept),
    ("send", CallKind::Send),
    ("receive", CallKind::Receive),
    ("close", CallKind::Close),
    ("abort", CallKind::Abort),
    ("status", CallKind::Status),
    ("set", CallKind::Set),
    ("crash", CallKind::Crash),
    ("reboot", CallKind::Reboot),
];

fn user(side: Side, words: &mut LineReader<'_>) -> Parsed<Deed> {
    let port = |words: &mut LineReader<'_>| words.number(1, u16::MAX);
    let call = match words.one_of(CALLS)? {
        CallKind::Crash => return Ok(Deed::Crash(side)),
        CallKind::Reboot => return Ok(Deed::Reboot(side)),
        CallKind::Open => UserCall::Open {
            from: words.optional("from", port)?,
            to: words.optional("to", port)?,
            timeout: timeout(words)?,
        },
        CallKind::Listen => {
            UserCall::Listen { port: port(words)?, from: words.optional("from", peer)?, timeout: timeout(words)? }
        }
        CallKind::Accept if words.is_at_number() => UserCall::Accept(Some(port(words)?)),
        CallKind::Accept => UserCall::Accept(None),
        CallKind::Send => {
            let (data, timeout) = (text(words, 1)?, timeout(words)?);
            UserCall::Send {
                data,
                timeout,
                is_last: words.optional("and", |words| words.one_of(&[("close", true)]))?.is_some(),
            }
        }
        CallKind::Receive if words.is_at_number() => UserCall::Receive(words.number(1, u32::MAX)?),
        CallKind::Receive => UserCall::Receive(u32::MAX),
        CallKind::Close if words.next_is("all") => UserCall::CloseAll,
        CallKind::Close => UserCall::Close,
        CallKind::Abort => UserCall::Abort,
        CallKind::Status => UserCall::Status,
        CallKind::Set => UserCall::Set(limit(words)?),
    };
    // These name by themselves whom they are for.
    let is_for_one = !matches!(call, UserCall::Open { .. } | UserCall::Listen { .. } | UserCall::Accept(_));
    let whose = match is_for_one && words.next_is("on") {
        false => Whose::Youngest,
        true => match words.one_of(&[("connection", true), ("port", false)])? {
            true => Whose::Nth(words.number(1, u32::MAX)?),
            false => Whose::Listener(port(words)?),
        },
    };
    Ok(Deed::User { side, whose, call })
}

#[derive(Clone, Copy)]
enum LimitKind {
    R1,
    Span(fn(Option<Duration>) -> Limit),
    KeepAlive,
}

const LIMITS: &[(&str, LimitKind)] = &[
    ("r1", LimitKind::R1),
    ("r2", LimitKind::Span(Limit::R2)),
    ("r2-syn", LimitKind::Span(Limit::R2Syn)),
    ("user-timeout", LimitKind::Span(Limit::UserTimeout)),
    ("keep-alive", LimitKind::KeepAlive),
];

/// What a user sets for one connection.
fn limit(words: &mut LineReader<'_>) -> Parsed<Limit> {
    let kind = words.one_of(LIMITS)?;
    Ok(match kind {
        LimitKind::R1 => Limit::R1(words.number(1, u32::MAX)?),
        LimitKind::Span(limit) if words.next_is("none") => limit(None),
        LimitKind::Span(limit) => limit(Some(words.duration()?)),
        LimitKind::KeepAlive if words.next_is("none") => Limit::KeepAlive(None),
        LimitKind::KeepAlive => Limit::KeepAlive(Some(keep_alive(words)?)),
    })
}

fn timeout(words: &mut LineReader<'_>) -> Parsed<Option<Duration>> {
    words.optional("timeout", LineReader::duration)
}

/// A number of octets, or the octets themselves in quotation marks.
fn text(words: &mut LineReader<'_>, least: u32) -> Parsed<Bytes> {
    match words.words.first() {
        Some(word @ Word { token: Token::Quoted(text), .. }) => {
            words.next();
            if text.len() > MOST_SENT_OCTETS as usize {
                return words.mistake(Some(word), format!("at most {MOST_SENT_OCTETS} octets"));
            }
            Ok(Bytes::from(text.clone()))
        }
        _ => {
            let number = words.number(least, MOST_SENT_OCTETS);
            let number = number.map_err(|mistake| {
                let expected = format!("{}, or a text such as \"hello\"", mistake.expected);
                Box::new(Mistake { expected, ..*mistake })
            });
            Ok(sample_text(number? as usize))
        }
    }
}

/// What an old or forged segment says.
#[derive(Clone, Copy, PartialEq)]
enum Part {
    To,
    Seq,
    Syn,
    Fin,
    Rst,
    Psh,
    Urg,
    Ece,
    Cwr,
    Ack,
    Length,
    Window,
    Mss,
    WindowScale,
    SackPermitted,
    Timestamps,
    From,
    Times,
}

type FlagOf = fn(&mut Flags) -> &mut bool;

/// The control bits; ACK is no flag of a segment but its number.
const BITS: &[(&str, Option<FlagOf>)] = &[
    ("syn", Some(|flags| &mut flags.syn)),
    ("fin", Some(|flags| &mut flags.fin)),
    ("rst", Some(|flags| &mut flags.rst)),
    ("psh", Some(|flags| &mut flags.psh)),
    ("urg", Some(|flags| &mut flags.urg)),
    ("ece", Some(|flags| &mut flags.ece)),
    ("cwr", Some(|flags| &mut flags.cwr)),
    ("ack", None),
];

const PARTS: &[(&str, Part)] = &[
    ("to", Part::To),
    ("seq", Part::Seq),
    ("syn", Part::Syn),
    ("fin", Part::Fin),
    ("rst", Part::Rst),
    ("psh", Part::Psh),
    ("urg", Part::Urg),
    ("ece", Part::Ece),
    ("cwr", Part::Cwr),
    ("ack", Part::Ack),
    ("length", Part::Length),
    ("window", Part::Window),
    ("mss", Part::Mss),
    ("window-scale", Part::WindowScale),
    ("sack-permitted", Part::SackPermitted),
    ("timestamps", Part::Timestamps),
    ("from", Part::From),
    ("times", Part::Times),
];

/// `to server syn seq 90`, and what else the segment has, in any order.
fn intruder(intrusion: Intrusion, words: &mut LineReader<'_>) -> Parsed<Intruder> {
    let segment = Segment { wnd: DEFAULT_INTRUDER_WINDOW, ..Segment::default() };
    let (address, from_port, to_port) = (None, None, None);
    let (to, times, every) = (Side::Server, 1, Duration::ZERO);
    let (seq_from, ack_from, has_usual_window) = (None, None, true);
    let mut it = Intruder {
        intrusion,
        to,
        segment,
        seq_from,
        ack_from,
        has_usual_window,
        address,
        from_port,
        to_port,
        times,
        every,
    };
    let mut has_side = false;
    let mut left = PARTS.to_vec();
    while let Some(place) = words.place_if(left.len(), &|index| left[index].0) {
        let part = left[place].1;
        let Segment { seq, ack, flags, wnd, options, payload } = &mut it.segment;
        match part {
            Part::To if has_side || it.to_port.is_none() && words.is_at_number() => {
                it.to_port = Some(words.number(1, u16::MAX)?);
            }
            Part::To => {
                it.to = words.one_of(SIDES)?;
                has_side = true;
            }
            Part::Seq => (*seq, it.seq_from) = counted(words, &[Mark::Isn, Mark::Nxt])?,
            Part::Syn => flags.syn = true,
            Part::Fin => flags.fin = true,
            Part::Rst => flags.rst = true,
            Part::Psh => flags.psh = true,
            Part::Urg => flags.urg = true,
            Part::Ece => flags.ece = true,
            Part::Cwr => flags.cwr = true,
            Part::Ack => {
                let (number, mark) = counted(words, &Mark::ALL)?;
                (*ack, it.ack_from) = (Some(number), mark);
            }
            Part::Length => *payload = text(words, 0)?,
            Part::Window => {
                *wnd = words.number(0, u16::MAX)?;
                it.has_usual_window = false;
            }
            Part::Mss => options.mss = Some(words.number(0, u16::MAX)?),
            Part::WindowScale => options.window_scale = Some(words.number(0, u8::MAX)?),
            Part::SackPermitted => options.sack_permitted = true,
            Part::Timestamps => options.timestamps = Some(timestamps(words)?),
            Part::From => {
                let expected =
                    "a port such as 5000, a socket such as 198.51.100.7:5000, or an address such as [2001:db8::7]";
                (it.address, it.from_port) = words.read(expected, source)?;
            }
            Part::Times => {
                it.times = words.number(1, MOST_INTRUDERS)?;
                words.one_of(&[("every", ())])?;
                it.every = words.duration()?;
            }
        }
        // Only that word is said twice: to which side, and to which port.
        if part != Part::To || has_side && it.to_port.is_some() {
            left.remove(place);
        }
    }
    let has_seq = !left.iter().any(|(_, part)| *part == Part::Seq);
    match has_side && has_seq {
        true => Ok(it),
        false if words.is_at_end() => {
            words.mistake(None, if has_side { "\"seq\" and a number" } else { "\"to\" and a side" })
        }
        false => words.unexpected(None),
    }
}

/// A sequence number, or how far it is from one of these marks: `nxt`, `isn+1`, `una-5`.
fn counted(words: &mut LineReader<'_>, marks: &[Mark]) -> Parsed<(SeqNumber, Option<Mark>)> {
    let names: Vec<&str> = marks.iter().map(|mark| mark.name()).collect();
    let expected = format!("a number from 0 to {}, or {} with +N or -N", u32::MAX, names.join(", "));
    let number = |text: &str| text.parse::<u32>().ok().filter(|_| text.bytes().all(|it| it.is_ascii_digit()));
    words.read(&expected, |text| {
        let found = marks.iter().find_map(|mark| Some((*mark, text.strip_prefix(mark.name())?)));
        let Some((mark, rest)) = found else { return Some((SeqNumber(number(text)?), None)) };
        let offset = match (rest.strip_prefix('+'), rest.strip_prefix('-')) {
            (Some(more), _) => number(more)?,
            (_, Some(less)) => number(less)?.wrapping_neg(),
            _ if rest.is_empty() => 0,
            _ => return None,
        };
        Some((SeqNumber(offset), Some(mark)))
    })
}

/// A port of the other side, or the socket of somebody else.
fn peer(words: &mut LineReader<'_>) -> Parsed<Peer> {
    words.read("a port such as 5000, or a socket such as 198.51.100.7:5000", |text| {
        let (address, port) = source(text)?;
        Some(Peer { address, port: port? })
    })
}

/// Where a segment claims to come from: a port of the other side, a socket, or an address with the port of the other side.
fn source(text: &str) -> Option<(Option<IpAddr>, Option<u16>)> {
    if let Some(port) = port_number(text) {
        return Some((None, Some(port)));
    }
    // An address of IPv6 may stand in brackets, as everywhere else; without a port it has to.
    let plain = |address: &str| {
        address.strip_prefix('[').and_then(|it| it.strip_suffix(']')).unwrap_or(address).parse().ok().map(Some)
    };
    match text.rsplit_once(':').filter(|_| !text.ends_with(']')) {
        None => Some((plain(text)?, None)),
        Some((address, port)) => Some((plain(address)?, Some(port_number(port)?))),
    }
}

fn timestamps(words: &mut LineReader<'_>) -> Parsed<Timestamps> {
    Ok(Timestamps { value: words.number(0, u32::MAX)?, echo: words.number(0, u32::MAX)? })
}

/// A value, or `none` for what is not to be there.
fn or_none<T>(words: &mut LineReader<'_>, read: impl FnOnce(&mut LineReader<'_>) -> Parsed<T>) -> Parsed<Option<T>> {
    if words.next_is("none") { Ok(None) } else { read(words).map(Some) }
}

fn port_number(text: &str) -> Option<u16> {
    let is_digits = text.chars().all(|c| c.is_ascii_digit());
    text.parse::<u16>().ok().filter(|port| is_digits && *port > 0)
}

#[derive(Clone, Copy)]
enum Subject {
    Side(Side),
    Segment,
    Rule,
    Finding,
}

const SUBJECTS: &[(&str, Subject)] = &[
    ("client", Subject::Side(Side::Client)),
    ("server", Subject::Side(Side::Server)),
    ("segment", Subject::Segment),
    ("rule", Subject::Rule),
    ("finding", Subject::Finding),
];

/// What is expected of a side.
#[derive(Clone, Copy)]
enum Promise {
    State(State),
    Reaches,
    Told,
    Receives,
    Knows,
    Counts(Counted),
    Fails(Asked),
}

/// A side, if one is named.
fn side_if(words: &mut LineReader<'_>) -> Option<Side> {
    words.place_if(SIDES.len(), &|index| SIDES[index].0).map(|index| SIDES[index].1)
}

fn expectation(words: &mut LineReader<'_>) -> Parsed<Expectation> {
    let number = |words: &mut LineReader<'_>| words.number(0, u32::MAX);
    let times = |words: &mut LineReader<'_>| words.optional("times", number);
    let switch = |words: &mut LineReader<'_>| Ok(words.one_of_names(SWITCH)? == 0);
    let at =
        |words: &mut LineReader<'_>| words.optional("at", |words| words.duration().map(|span| Instant::ZERO + span));
    match words.one_of(SUBJECTS)? {
        Subject::Segment => {
            let side = words.one_of(SIDES)?;
            let pattern = Pattern {
                kind: kind(words).unwrap_or(SegmentKind::Any),
                seq: words.optional("seq", number)?.map(SeqNumber),
                ack: words.optional("ack", number)?.map(SeqNumber),
                length: words.optional("length", number)?,
                window: words.optional("window", |words| words.number(0, u16::MAX))?,
                mss: words.optional("mss", |words| or_none(words, |words| words.number(0, u16::MAX)))?,
                window_scale: words
                    .optional("window-scale", |words| or_none(words, |words| words.number(0, u8::MAX)))?,
                sack_permitted: words.optional("sack-permitted", switch)?,
                timestamps: words.optional("timestamps", |words| or_none(words, timestamps))?,
                ece: words.optional("ece", switch)?,
                cwr: words.optional("cwr", switch)?,
            };
            Ok(Expectation::Segment { side, pattern, times: times(words)? })
        }
        Subject::Rule => {
            let rules = Rule::ALL;
            let rule = rules[words.place_among(
                Some("the id of a rule, of those in docs/scripts.md"),
                rules.len(),
                &|index| rules[index].id(),
            )?];
            let side = side_if(words);
            Ok(Expectation::Rule { rule, side, times: times(words)? })
        }
        Subject::Finding => {
            let kinds = Kind::ALL;
            let kind = kinds[words.place_among(
                Some("the name of a finding, of those in docs/findings.md"),
                kinds.len(),
                &|index| kinds[index].name(),
            )?];
            let side = side_if(words);
            Ok(Expectation::Finding { kind, side, times: times(words)? })
        }
        Subject::Side(side) => {
            let mut choices = vec![
                ("reaches", Promise::Reaches),
                ("told", Promise::Told),
                ("receives", Promise::Receives),
                ("knows", Promise::Knows),
            ];
            for what in Counted::ALL {
                choices.push((what.name(), Promise::Counts(what)));
            }
            for call in Asked::ALL {
                choices.push((call.name(), Promise::Fails(call)));
            }
            for state in State::ALL {
                choices.push((state.name(), Promise::State(state)));
            }
            let mut promise = words.one_of(&choices)?;
            // The state may be written so too.
            if let Promise::Fails(Asked::Listen) = promise
                && !words.is_next("fails")
            {
                promise = Promise::State(State::Listen);
            }
            Ok(match promise {
                Promise::State(state) => {
                    Expectation::State { side, state, connection: on_connection(words)?, at: at(words)? }
                }
                Promise::Reaches => Expectation::Reaches {
                    side,
                    state: words.named(&State::ALL, State::name)?,
                    connection: on_connection(words)?,
                },
                Promise::Told => Expectation::Told {
                    side,
                    news: words.named(&News::ALL, News::name)?,
                    connection: on_connection(words)?,
                    times: times(words)?,
                },
                Promise::Receives => Expectation::Receives {
                    side,
                    octets: words.number(0, u64::MAX)?,
                    connection: on_connection(words)?,
                    at: at(words)?,
                },
                Promise::Knows => Expectation::Knows {
                    side,
                    fact: words.named(&Fact::ALL, Fact::name)?,
                    level: words.named(&Level::ALL, Level::name)?,
                    connection: on_connection(words)?,
                    at: at(words)?,
                },
                Promise::Counts(what) => Expectation::Counts { side, what, count: number(words)?, at: at(words)? },
                Promise::Fails(call) => {
                    words.one_of(&[("fails", ())])?;
                    let error = words.named(&CallError::ALL, CallError::name)?;
                    Expectation::Fails { side, call, error, at: at(words)? }
                }
            })
        }
    }
}

/// `on connection 2`, if that comes next.
fn on_connection(words: &mut LineReader<'_>) -> Parsed<Option<u32>> {
    words.optional("on", |words| {
        words.one_of(&[("connection", ())])?;
        words.number(1, u32::MAX)
    })
}
