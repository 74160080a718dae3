//! The story of a run: two to six sentences that sum up any run. What happened is what was found
//! ([`findings`](crate::insight::findings)); every number comes from the trace.

use crate::insight::findings::{Finding, Findings, Kind, Party};
use crate::tcp::{Call, Open, SegmentId, Side, UserEvent};
use crate::time::{Duration, Instant};
use crate::trace::{EventKind, Trace};

use super::Language;
use super::names::{side as name, user_event};
use super::told::{counted, numbered, pause, sentence};
use super::words::Words;

/// How many things that went wrong are told, the worst ones first.
const MOST_WRONGS: usize = 2;

/// What can go wrong, the worst first. What is not in it follows from something that is.
const WRONGS: [Kind; 22] = [
    Kind::OldTextDelivered,
    Kind::ForgedTextTaken,
    Kind::Ghost,
    Kind::BlindResetAccepted,
    Kind::TimeWaitAssassinated,
    Kind::Crashed,
    Kind::Refused,
    Kind::GaveUp,
    Kind::OldSynAnswered,
    Kind::ForgedSynAnswered,
    Kind::BlindResetStopped,
    Kind::BacklogFull,
    Kind::AcceptQueueFull,
    Kind::TimeWaitCutShort,
    Kind::LastAckLost,
    Kind::RepeatedLost,
    Kind::RepeatedAckLost,
    Kind::RepeatedNotTaken,
    Kind::RepeatedLate,
    Kind::ClosedByReset,
    Kind::StaysInCloseWait,
    Kind::StaysInFinWait2,
];

/// The story of a run, as far as the trace goes: what was wanted, what went wrong, what repaired it, how each side's application
/// learned, and what it cost.
///
/// ```
/// use synfin::history::History;
/// use synfin::scenario::{Scenario, story};
/// use synfin::text::{self, Words};
///
/// let mut run = History::new(Scenario::parse(story("lost-syn").expect("the catalogue has it").script)?);
/// run.run_to_end();
/// let told = text::story(run.trace(), &Words::default());
/// assert!(told.contains("SYN #1 did not arrive. One segment was sent again."), "{told}");
/// # Ok::<(), synfin::scenario::ScriptErrors>(())
/// ```
pub fn story(trace: &Trace, words: &Words) -> String {
    let found = Findings::of(trace);
    let teller = Teller { trace, words, found: &found };
    if teller.say("wrong.nothing", &[]).is_empty() {
        // The words are not there yet.
        return String::new();
    }
    let mut sentences = vec![teller.wanted()];
    teller.wrongs(&mut sentences);
    sentences.extend(teller.repaired());
    sentences.push(teller.learned());
    sentences.push(teller.cost());
    let mut story = String::new();
    for text in sentences {
        if words.language() == Language::English && !story.is_empty() {
            story.push(' ');
        }
        story += &sentence(&text, words);
    }
    story
}

struct Teller<'a> {
    trace: &'a Trace,
    words: &'a Words,
    found: &'a [Finding],
}

impl Teller<'_> {
    /// A text with these in place of its placeholders.
    fn say(&self, key: &str, values: &[(&str, &str)]) -> String {
        self.words.tell(&["run.", key], values)
    }

    fn first(&self, kind: Kind) -> Option<&Finding> {
        self.found.iter().find(|it| it.kind == kind)
    }

    fn count(&self, kind: Kind) -> usize {
        self.found.iter().filter(|it| it.kind == kind).count()
    }

    /// Who opened, and what there was to send.
    fn wanted(&self) -> String {
        let mut opened = [false; 2];
        let mut given = [0; 2];
        for event in self.trace.events() {
            let EventKind::Called { side, call, result: Ok(_), .. } = &event.kind else { continue };
            match &**call {
                Call::Open { open: Open::Active, .. } => opened[*side as usize] = true,
                Call::Send { data, .. } => given[*side as usize] += data.len() as u64,
                _ => {}
            }
        }
        let wanted = match opened {
            [true, true] => self.say("wanted.both", &[]),
            [false, false] => self.say("wanted.nobody", &[]),
            [is_client, _] => {
                let side = if is_client { Side::Client } else { Side::Server };
                let names = [("side", name(side, self.words)), ("other", name(side.other(), self.words))];
                self.say("wanted.one", &names)
            }
        };
        let [client, server] = given.map(|count| counted(count, self.words));
        let purpose = match given {
            [0, 0] => return wanted,
            [_, 0] => self.say("purpose.one", &[("side", name(Side::Client, self.words)), ("octets", &client)]),
            [0, _] => self.say("purpose.one", &[("side", name(Side::Server, self.words)), ("octets", &server)]),
            _ => self.say("purpose.both", &[("client", &client), ("server", &server)]),
        };
        [&wanted, pause(self.words), &purpose].concat()
    }

    /// What went wrong: the worst of it.
    fn wrongs(&self, sentences: &mut Vec<String>) {
        let before = sentences.len();
        for kind in WRONGS {
            if sentences.len() - before == MOST_WRONGS {
                return;
            }
            if let Some(it) = self.first(kind).filter(|_| !self.is_said_already(kind)) {
                sentences.push(self.wrong(it));
            }
        }
        if sentences.len() == before {
            sentences.push(self.say("wrong.nothing", &[]));
        }
    }

    /// Whether something worse says as much.
    fn is_said_already(&self, kind: Kind) -> bool {
        let any = |kinds: &[Kind]| kinds.iter().any(|kind| self.first(*kind).is_some());
        match kind {
            Kind::RepeatedAckLost => self.count(Kind::LastAckLost) == self.count(kind),
            Kind::ClosedByReset => any(&[Kind::Crashed, Kind::BlindResetAccepted, Kind::Ghost]),
            _ => false,
        }
    }

    fn wrong(&self, it: &Finding) -> String {
        // Of an answer that is lost, the answer is the point where it is the last one of all.
        let place = match it.kind {
            Kind::LastAckLost => 1,
            _ => 0,
        };
        let last = it.segments.last().copied();
        let segment = match it.kind {
            Kind::TimeWaitAssassinated | Kind::ClosedByReset => last,
            _ => it.segments.get(place).copied(),
        };
        let time = it.cost.time.unwrap_or(Duration::ZERO).to_string();
        // A reset is found at both ends, and is the doing of one.
        let side = match it.of {
            Some(Party::Side(side)) if it.kind == Kind::ClosedByReset => side,
            _ => it.side,
        };
        let values: [(&str, &str); 4] = [
            ("side", name(side, self.words)),
            ("segment", &numbered(segment, self.trace)),
            ("time", &time),
            ("octets", &counted(it.cost.octets.unwrap_or(0), self.words)),
        ];
        // Who asked whether anybody is there has nothing of which it could be said how long it waited.
        let key = match it.kind {
            Kind::GaveUp if it.cost.time.is_none() => Kind::KeepAlive.name(),
            kind => kind.name(),
        };
        let what = self.say(&["wrong.", key].concat(), &values);
        match self.count(it.kind) {
            _ if it.kind == Kind::ClosedByReset => what,
            1 => what,
            count => self.say("times", &[("what", &what), ("count", &count.to_string())]),
        }
    }

    /// What repaired it.
    fn repaired(&self) -> Option<String> {
        let of = |it: &Finding, key: &str| {
            let time = it.cost.time.unwrap_or(Duration::ZERO).to_string();
            let segment = numbered(it.segments.last().copied(), self.trace);
            self.say(key, &[("side", name(it.side, self.words)), ("segment", &segment), ("time", &time)])
        };
        if let Some(it) = self.first(Kind::OpenedWithCookie) {
            return Some(of(it, "repaired.cookie"));
        }
        if let Some(it) = self.first(Kind::OldSynUnmasked) {
            return Some(of(it, "repaired.unmasked"));
        }
        let crashed_or_reset = self.first(Kind::Crashed).or_else(|| self.first(Kind::BlindResetAccepted));
        if let Some(it) = self.first(Kind::HalfOpenFound).filter(|_| crashed_or_reset.is_some()) {
            return Some(of(it, if it.segments.is_empty() { "repaired.silence" } else { "repaired.told" }));
        }
        if let Some(it) = self.first(Kind::LastAckRepaired) {
            return Some(of(it, "repaired.last-ack"));
        }
        let again: usize = [Kind::RepeatedLost, Kind::RepeatedAckLost, Kind::RepeatedNotTaken, Kind::RepeatedLate]
            .iter()
            .map(|kind| self.count(*kind))
            .sum();
        let remains = self.count(Kind::Ghost) > self.count(Kind::GhostOver)
            || self.count(Kind::HalfOpen) > self.count(Kind::HalfOpenFound);
        match again {
            _ if remains => Some(self.say("repaired.nothing", &[])),
            0 => self.first(Kind::BlindResetStopped).map(|it| of(it, "repaired.stopped")),
            1 => Some(self.say("repaired.one-repetition", &[])),
            count => Some(self.say("repaired.repetitions", &[("count", &count.to_string())])),
        }
    }

    /// What each side's application heard last.
    fn learned(&self) -> String {
        let mut heard: [Option<&UserEvent>; 2] = [None; 2];
        for event in self.trace.events() {
            if let EventKind::Told { side, event, .. } = &event.kind
                && !matches!(event, UserEvent::Received(_) | UserEvent::CallsFlushed(_))
            {
                heard[*side as usize] = Some(event);
            }
        }
        let [client, server] = heard.map(|event| event.map(|event| user_event(event, self.words)));
        match (&client, &server) {
            (Some(client), Some(server)) => self.say("learned.both", &[("client", client), ("server", server)]),
            (Some(news), None) => self.say("learned.one", &[("side", name(Side::Client, self.words)), ("news", news)]),
            (None, Some(news)) => self.say("learned.one", &[("side", name(Side::Server, self.words)), ("news", news)]),
            (None, None) => self.say("learned.nobody", &[]),
        }
    }

    /// How long it took, and how many segments.
    fn cost(&self) -> String {
        let end = self.trace.events().last().map_or(Instant::ZERO, |event| event.at);
        let time = end.since(Instant::ZERO).to_string();
        let count = (0..).take_while(|index| self.trace.origin_of(SegmentId::after(*index)).is_some()).count();
        let key = if count == 1 { "one-segment" } else { "segments" };
        let segments = self.say(key, &[("count", &count.to_string())]);
        let resets = self.found.iter().filter(|it| it.kind == Kind::ClosedByReset);
        let lost: u64 = resets.filter_map(|it| it.cost.octets).sum();
        let waited = self.first(Kind::TimeWaitOver).and_then(|it| it.cost.time);
        let values: [(&str, &str); 2] = [("time", &time), ("segments", &segments)];
        match waited {
            _ if lost > 0 => {
                let octets = counted(lost, self.words);
                self.say("cost.lost", &[values[0], values[1], ("octets", &octets)])
            }
            Some(waited) => {
                let waited = waited.to_string();
                self.say("cost.time-wait", &[values[0], values[1], ("waited", &waited)])
            }
            None => self.say("cost", &values),
        }
    }
}
