//! What a side becomes, and what its application is told.

use crate::compare::Counterfactual;
use crate::insight::Consequence;
use crate::rule::Rule;
use crate::tcp::{Side, State, UserEvent};
use crate::trace::{EventKind, Trace};

use super::dice::Dice;
use super::saying::{Saying, Value};
use super::{Body, Case, Distractor, Draft, MOST_CHOICES, Mistake, rules_of, world};

/// Which state a side enters.
pub(super) fn state_after(case: &Case<'_>, dice: &mut Dice) -> Option<Draft> {
    let (insight, side, stimulus) = case.stimulus()?;
    let mut entered = insight.consequences().filter_map(|(decision, consequence)| match consequence {
        Consequence::Entered { from, to } if decision.side == side => Some((*from, *to)),
        Consequence::Entered { .. } | Consequence::Sent { .. } | Consequence::Told(_) => None,
    });
    let (from, to) = entered.next()?;
    // Two changes in one step are two questions.
    if entered.next().is_some() || from == to {
        return None;
    }
    drop(entered);
    // A host with several listeners is in no one state.
    if case.place(case.step - 1).states[side as usize] != from {
        return None;
    }
    let is_reset = insight.rules().any(is_end_by_reset);
    let mut wrong: Vec<(State, Mistake)> = mistaken(from, to, is_reset);
    let mut others = State::ALL;
    dice.shuffle(&mut others);
    for state in others {
        if wrong.len() + 1 < MOST_CHOICES && state != to && wrong.iter().all(|(it, _)| *it != state) {
            wrong.push((state, Mistake::OtherState));
        }
    }
    let says = |state| Saying::new("choice.state", [("state", Value::State(state))]);
    let wrong = wrong.into_iter().map(|(state, mistake)| {
        let world = against_the_rfc(mistake).and_then(|change| {
            let (story, trace) = world::counterfactual(case.quiz, change);
            enters(&trace, side, from, state).then_some(story)
        });
        Distractor { says: says(state), mistake, world }
    });
    let values = [("stimulus", Value::saying(stimulus)), ("side", Value::Side(side)), ("state", Value::State(from))];
    Some(Draft {
        shown: case.before(),
        prompt: Saying::new("prompt.state-after", values),
        body: Body::Choice { right: says(to), wrong: wrong.collect() },
        because: rules_of(&insight),
    })
}

fn is_end_by_reset(rule: Rule) -> bool {
    matches!(
        rule,
        Rule::ResetEndsConnection
            | Rule::ResetRefuses
            | Rule::ResetOfOurSyn
            | Rule::ResetWhileLeaving
            | Rule::AbortSendsReset
            | Rule::SynInWindowResets
    )
}

/// Which setting makes a mistake true.
fn against_the_rfc(mistake: Mistake) -> Option<Counterfactual> {
    match mistake {
        Mistake::ServerEstablishedAtOnce => Some(Counterfactual::TwoWayHandshake),
        Mistake::NoTimeWait => Some(Counterfactual::NoTimeWait),
        _ => None,
    }
}

fn enters(trace: &Trace, whose: Side, before: State, after: State) -> bool {
    trace.events().iter().any(|event| {
        matches!(&event.kind, EventKind::Entered { side, from, to, .. } if (*side, *from, *to) == (whose, before, after))
    })
}

/// What people take a change for.
fn mistaken(from: State, to: State, is_reset: bool) -> Vec<(State, Mistake)> {
    use State::*;
    if is_reset {
        let mut wrong = vec![(TimeWait, Mistake::ResetNeedsNoWait), (CloseWait, Mistake::ResetIsNoFin)];
        wrong.retain(|(state, _)| *state != from && *state != to);
        return wrong;
    }
    match (from, to) {
        (Listen, SynReceived) => vec![(Established, Mistake::ServerEstablishedAtOnce)],
        (Closed, SynSent) => vec![(Established, Mistake::OpenIsEstablished)],
        (SynSent, Established) => vec![(SynReceived, Mistake::ClientWaitsForThird)],
        (SynSent, SynReceived) => vec![(Established, Mistake::CrossingSynAcknowledges)],
        (Established, FinWait1) => vec![
            (CloseWait, Mistake::CloserInCloseWait),
            (FinWait2, Mistake::FinNotYetAcknowledged),
            (Closed, Mistake::ClosedAtOnce),
        ],
        (Established, CloseWait) => vec![
            (LastAck, Mistake::FinAnswersFin),
            (TimeWait, Mistake::SecondCloserKeepsTimeWait),
            (Closed, Mistake::OneFinEndsBoth),
        ],
        (FinWait1, FinWait2) => {
            vec![(TimeWait, Mistake::TimeWaitWithoutTheirFin), (Closed, Mistake::OneFinEndsBoth)]
        }
        (FinWait1, Closing) => {
            vec![(TimeWait, Mistake::CrossingFinAcknowledges), (CloseWait, Mistake::CloserInCloseWait)]
        }
        (FinWait1 | FinWait2, TimeWait) => {
            vec![(Closed, Mistake::NoTimeWait), (CloseWait, Mistake::CloserInCloseWait)]
        }
        (CloseWait, LastAck) => vec![
            (FinWait1, Mistake::SecondCloserInFinWait),
            (TimeWait, Mistake::SecondCloserKeepsTimeWait),
            (Closed, Mistake::ClosedAtOnce),
        ],
        (LastAck, Closed) => vec![(TimeWait, Mistake::BothKeepTimeWait)],
        (Closing, TimeWait) => vec![(Closed, Mistake::NoTimeWait)],
        _ => Vec::new(),
    }
}

/// What the application is told.
pub(super) fn told(case: &Case<'_>) -> Option<Draft> {
    let (insight, side, stimulus) = case.stimulus()?;
    if matches!(insight.stimulus, Some(EventKind::Called { .. })) {
        return None;
    }
    let news: Vec<&UserEvent> = insight
        .consequences()
        .filter_map(|(decision, consequence)| match consequence {
            Consequence::Told(event) if decision.side == side => Some(*event),
            Consequence::Told(_) | Consequence::Entered { .. } | Consequence::Sent { .. } => None,
        })
        .collect();
    let is_request = insight.rules().any(|rule| rule == Rule::SynInListen);
    let right = match news.as_slice() {
        [event] => Some(*event),
        // A SYN at a listener is no news yet.
        [] if is_request => None,
        _ => return None,
    };
    let wrong = other_news(right)?;
    let says = |event: Option<&UserEvent>| match event {
        Some(event) => Saying::new("choice.news", [("news", Value::News(event.clone()))]),
        None => Saying::plain("choice.no-news"),
    };
    let mut wrong: Vec<Distractor> =
        wrong.into_iter().map(|(event, mistake)| Distractor::new(says(event.as_ref()), mistake)).collect();
    if right == Some(&UserEvent::SendComplete) {
        let (says, mistake) = (Saying::plain("choice.all-read"), Mistake::AckMeansRead);
        wrong.insert(0, Distractor::new(says, mistake));
    }
    let values = [("stimulus", Value::saying(stimulus)), ("side", Value::Side(side))];
    Some(Draft {
        shown: case.before(),
        prompt: Saying::new("prompt.told", values),
        body: Body::Choice { right: says(right), wrong },
        because: rules_of(&insight),
    })
}

/// What people think is told instead; `None` where the news is no question.
fn other_news(right: Option<&UserEvent>) -> Option<Vec<(Option<UserEvent>, Mistake)>> {
    use UserEvent::*;
    let nothing = (None, Mistake::NewsOverlooked);
    Some(match right {
        None => vec![
            (Some(Established), Mistake::ServerEstablishedAtOnce),
            (Some(Refused), Mistake::OtherNews),
            (Some(Closing), Mistake::OtherNews),
        ],
        Some(Established) => {
            vec![nothing, (Some(SendComplete), Mistake::OtherNews), (Some(Closing), Mistake::OtherNews)]
        }
        Some(Received(_)) => {
            vec![nothing, (Some(SendComplete), Mistake::DirectionsMixedUp), (Some(Closing), Mistake::OtherNews)]
        }
        Some(SendComplete) => vec![nothing, (Some(CloseComplete), Mistake::OtherNews)],
        Some(CloseComplete) => {
            vec![(Some(Closing), Mistake::DirectionsMixedUp), nothing, (Some(Reset), Mistake::FinIsReset)]
        }
        Some(Closing) => {
            vec![(Some(Reset), Mistake::FinIsReset), (Some(CloseComplete), Mistake::DirectionsMixedUp), nothing]
        }
        Some(Reset) => {
            vec![(Some(Closing), Mistake::ResetIsNoFin), nothing, (Some(UserTimeout), Mistake::OtherNews)]
        }
        Some(Refused) => {
            vec![(Some(Closing), Mistake::ResetIsNoFin), nothing, (Some(ExcessiveRetransmissions), Mistake::OtherNews)]
        }
        Some(UserTimeout | DeliveryProblem | ExcessiveRetransmissions) => {
            vec![(Some(Reset), Mistake::SilenceIsNoReset), (Some(Closing), Mistake::OtherNews), nothing]
        }
        Some(CallsFlushed(_)) => return None,
    })
}
