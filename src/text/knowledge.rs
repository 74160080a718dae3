//! What a side can be sure of, and why.

use crate::insight::knowledge::{Basis, Fact, Ledger, Level};
use crate::trace::Trace;

use super::names::side as name;
use super::told::{numbered, sentence};
use super::words::Words;

/// A fact, as the side says it that knows it or not: a short clause.
pub fn fact(fact: Fact, words: &Words) -> String {
    words.tell(&["knowledge.fact.", fact.name()], &[])
}

/// How sure a side is.
pub fn level(level: Level, words: &Words) -> String {
    words.tell(&["knowledge.level.", level.name()], &[])
}

/// Why a side is as sure of a fact as it is, in one sentence.
///
/// ```
/// use synfin::history::History;
/// use synfin::insight::knowledge::{Fact, Knowledge};
/// use synfin::scenario::{Scenario, story};
/// use synfin::tcp::{ConnectionId, Side};
/// use synfin::text::{self, Words};
///
/// let mut run = History::new(Scenario::parse(story("handshake").expect("the catalogue has it").script)?);
/// run.run_to_end();
/// let knowledge = Knowledge::until(run.trace(), None);
/// let server = knowledge.ledger(Side::Server, ConnectionId(0)).expect("it is there");
/// let why = text::why(server, Fact::MeToPeer, run.trace(), &Words::default());
/// assert_eq!(why, "ACK #3 acknowledges what the server sent, so that has arrived.");
/// # Ok::<(), synfin::scenario::ScriptErrors>(())
/// ```
pub fn why(ledger: &Ledger, fact: Fact, trace: &Trace, words: &Words) -> String {
    let entry = ledger.entry(fact);
    let segment = entry.by.and_then(Basis::segment);
    let values: [(&str, &str); 3] = [
        ("side", name(ledger.side, words)),
        ("peer", name(ledger.side.other(), words)),
        ("segment", &numbered(segment, trace)),
    ];
    // As long as the application has given nothing, there is nothing for the other side to have.
    let has_text = ledger.entry(Fact::ApplicationRead).taken_for == Level::Cannot;
    let (group, key) = match (entry.broken, entry.taken_for, entry.by) {
        // It rests on no segment.
        (Some(_), ..) if fact == Fact::NetworkClean => ("broken.", fact.name()),
        (Some(broken), ..) => ("broken.", broken.name()),
        (None, Level::Sure, _) => ("sure.", fact.name()),
        (None, Level::Seems, _) => ("seems.", fact.name()),
        (None, Level::Cannot, _) => ("cannot.", fact.name()),
        (None, Level::Unknown | Level::Deceived, _) if fact == Fact::PeerHasText && has_text => {
            ("unknown.", fact.name())
        }
        (None, Level::Unknown | Level::Deceived, Some(by)) => ("lost.", by.name()),
        (None, Level::Unknown | Level::Deceived, None) if fact == Fact::PeerHasText => {
            ("unknown.", Fact::ApplicationRead.name())
        }
        (None, Level::Unknown | Level::Deceived, None) => ("unknown.", fact.name()),
    };
    sentence(&words.tell(&["knowledge.", group, key], &values), words)
}
