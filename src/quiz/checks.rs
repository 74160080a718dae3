//! Which check settles a segment.

use crate::insight;
use crate::rule::Rule;
use crate::tcp::{ConnectionId, SegmentId, Side, State};
use crate::trace::EventKind;

use super::saying::{Saying, Value};
use super::{Body, Case, Distractor, Draft, Mistake, rules_of};

/// The checks of RFC 9293 §3.10.7.4 that end the way of a segment, in their order, and none.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Check {
    Sequence,
    Reset,
    Syn,
    Ack,
    None,
}

impl Check {
    /// In the order in which they are offered: not all of them are.
    const ALL: [Check; 5] = [Check::None, Check::Sequence, Check::Reset, Check::Syn, Check::Ack];

    fn says(self) -> Saying {
        Saying::plain(match self {
            Check::Sequence => "choice.check-sequence",
            Check::Reset => "choice.check-reset",
            Check::Syn => "choice.check-syn",
            Check::Ack => "choice.check-ack",
            Check::None => "choice.check-none",
        })
    }

    /// The check that ends with this rule.
    fn of(rule: Rule) -> Option<Self> {
        Some(match rule {
            Rule::SegmentBeforeWindow
            | Rule::SegmentBeyondWindow
            | Rule::WindowIsClosed
            | Rule::ResetOutsideWindow
            | Rule::DuplicateSynAck
            | Rule::DuplicateFin => Check::Sequence,
            Rule::ResetChallenged
            | Rule::ResetEndsConnection
            | Rule::ResetReturnsToListen
            | Rule::ResetRefuses
            | Rule::ResetWhileLeaving => Check::Reset,
            Rule::SynChallenged | Rule::SynInWindowResets | Rule::SynReturnsToListen => Check::Syn,
            Rule::NoAck | Rule::AckOfUnsent | Rule::AckTooOld | Rule::AckNotOfOurSyn => Check::Ack,
            _ => return None,
        })
    }
}

/// Which check settles the segment that arrives.
pub(super) fn which_check(case: &Case<'_>) -> Option<Draft> {
    let (_, side, _) = case.stimulus()?;
    let EventKind::Arrived { segment, connection: Some(connection), .. } = case.trace.step(case.step).first()?.kind
    else {
        return None;
    };
    let insight = insight::step(case.trace, case.step)?;
    let state = case.account(case.step - 1).incarnation(side, connection)?.state;
    if matches!(state, State::Closed | State::Listen | State::SynSent) {
        return None;
    }
    // Outside the window the first check answers a SYN in the same way as the fourth does inside.
    let is_outside = !is_in_window(case, side, connection, segment)?;
    let mut ends = insight.rules().filter_map(|rule| match rule {
        Rule::SynChallenged if is_outside => Some(Check::Sequence),
        rule => Check::of(rule),
    });
    let right = ends.next()?;
    if ends.next().is_some() {
        return None;
    }
    drop(ends);
    let wrong = Check::ALL.into_iter().filter(|check| *check != right).map(|check| {
        let mistake = match check {
            Check::None => Mistake::NothingIsChecked,
            _ if check > right => Mistake::CheckBeforeItsTurn,
            _ => Mistake::EarlierCheckPasses,
        };
        Distractor::new(check.says(), mistake)
    });
    let values = [
        ("segment", Value::segment(case.trace, segment)?),
        ("side", Value::Side(side)),
        ("state", Value::State(state)),
    ];
    Some(Draft {
        shown: case.before(),
        prompt: Saying::new("prompt.which-check", values),
        body: Body::Choice { right: right.says(), wrong: wrong.collect() },
        because: rules_of(&insight),
    })
}

/// Whether a segment begins in the window that its receiver announced last.
fn is_in_window(case: &Case<'_>, side: Side, connection: ConnectionId, segment: SegmentId) -> Option<bool> {
    let seq = case.trace.datagram(segment)?.segment.seq;
    let own = case.departed_before(case.step).filter(|it| (it.from, it.connection) == (Some(side), Some(connection)));
    let announced = own.filter(|it| it.datagram.segment.ack.is_some()).last()?;
    let it = &announced.datagram.segment;
    let window = u32::from(it.wnd) << case.trace.window_shift(announced.segment);
    Some(seq.is_within(it.ack?, window))
}
