//! What was found in a run, and what it cost.

use crate::insight::findings::{Cost, Finding, Kind, Party};
use crate::trace::Trace;

use super::names::side as name;
use super::sentences::put_together;
use super::told::{counted, numbered, pause, sentence};
use super::words::Words;

/// What was found, in one sentence.
///
/// ```
/// use synfin::history::History;
/// use synfin::insight::findings::Findings;
/// use synfin::scenario::{Scenario, story};
/// use synfin::text::{self, Words};
///
/// let mut run = History::new(Scenario::parse(story("lost-syn").expect("the catalogue has it").script)?);
/// run.run_to_end();
/// let lost = &Findings::of(run.trace())[0];
/// let words = Words::default();
/// assert_eq!(text::finding(lost, run.trace(), &words), "The client sent SYN #1 again as SYN #2, because it had been lost.");
/// assert_eq!(text::cost(lost, &words), "1 s lost");
/// # Ok::<(), synfin::scenario::ScriptErrors>(())
/// ```
pub fn finding(it: &Finding, trace: &Trace, words: &Words) -> String {
    let nth = |index: usize| numbered(it.segments.get(index).copied(), trace);
    let last = numbered(it.segments.last().copied(), trace);
    let octets = counted(it.cost.octets.unwrap_or(0), words);
    let values: [(&str, &str); 6] = [
        ("side", name(it.side, words)),
        ("peer", name(it.side.other(), words)),
        ("first", &nth(0)),
        ("second", &nth(1)),
        ("last", &last),
        ("octets", &octets),
    ];
    let whose = match (it.kind, it.of) {
        (Kind::ClosedByReset, Some(Party::Side(side))) if side == it.side => ".own",
        (Kind::ClosedByReset, Some(Party::Nobody)) => ".stranger",
        (Kind::StaysInFinWait2, Some(Party::Nobody)) => ".nobody",
        _ => "",
    };
    sentence(&words.tell(&["findings.", it.kind.name(), whose], &values), words)
}

/// What a finding cost, in a few words; nothing if it cost nothing.
pub fn cost(it: &Finding, words: &Words) -> String {
    let Cost { time, trips, octets, places } = it.cost;
    let say = |key: &str, name: &str, value: &str| words.tell(&["findings.cost.", key], &[(name, value)]);
    let is_repetition = matches!(
        it.kind,
        Kind::RepeatedLost | Kind::RepeatedAckLost | Kind::RepeatedLate | Kind::RepeatedNotTaken | Kind::LastAckLost
    );
    let of_time = match it.kind {
        Kind::OpenedThreeWay
        | Kind::OpenedSimultaneously
        | Kind::OpenedWithCookie
        | Kind::OpenedTwoWay
        | Kind::Refused
        | Kind::ClosedInFour
        | Kind::ClosedInThree
        | Kind::ClosedSimultaneously => "took",
        Kind::LastAckRepaired | Kind::TimeWaitRestarted => "lost-time",
        _ if is_repetition => "lost-time",
        _ => "after",
    };
    let of_octets = match it.kind {
        // The sentence says how many.
        Kind::ForgedTextTaken | Kind::OldTextDelivered => None,
        Kind::GhostOver => Some("octets-to-nobody"),
        _ if is_repetition => Some("octets-again"),
        _ => Some("octets-lost"),
    };
    let of_places = match (it.kind, places) {
        (Kind::Crashed, Some(1)) => "connection",
        (Kind::Crashed, _) => "connections",
        (_, Some(1)) => "place",
        _ => "places",
    };
    let parts = [
        time.map(|time| say(of_time, "time", &time.to_string())),
        trips.map(|trips| {
            let mut count = (trips / 2).to_string();
            if trips % 2 == 1 {
                count += ".5";
            }
            say(if trips == 2 { "round-trip" } else { "round-trips" }, "count", &count)
        }),
        octets.and_then(|octets| Some(say(of_octets?, "octets", &counted(octets, words)))),
        places.map(|places| say(of_places, "count", &places.to_string())),
    ];
    let mut told = String::new();
    for part in parts.into_iter().flatten() {
        if !told.is_empty() {
            told += pause(words);
        }
        told += &part;
    }
    put_together(told, words)
}
