//! A story by a seed: two hosts that open, send and close, and now and then a loss.

use crate::network::{Fault, SegmentKind, Which};
use crate::profile::AckMode;
use crate::scenario::{Scenario, sample_text};
use crate::seq::SeqNumber;
use crate::simulation::{Act, DEFAULT_SERVER_PORT, UserCall, When};
use crate::tcp::{Action, Side, State};
use crate::time::{Duration, Instant};

use super::dice::Dice;

/// The story of a seed, the same everywhere: questions about it are as many as there are seeds.
///
/// ```
/// use synfin::quiz::{Quiz, story_of};
///
/// let quiz = Quiz::of(&story_of(7));
/// assert!(quiz.ask_any(7).is_some());
/// ```
pub fn story_of(seed: u64) -> Scenario {
    let mut dice = Dice::new(seed, u8::MAX, 1);
    let ms = Duration::from_ms;
    let mut story = Scenario { delay: ms(dice.pick([10, 20, 25, 30, 40, 50, 75, 80, 100])), ..Scenario::default() };
    let (trip, msl) = (story.delay.times(2), Duration::from_secs(dice.pick([30, 60, 120])));
    let is_delaying = dice.below(4) == 0;
    for side in Side::BOTH {
        // Round numbers are easier to follow; now and then the numbers wrap.
        let isn = if dice.below(8) == 0 { u64::from(u32::MAX) - dice.below(40) } else { 100 * (1 + dice.below(90)) };
        let host = story.host_mut(side);
        host.isns = vec![SeqNumber(u32::try_from(isn).unwrap_or(0))];
        host.profile.msl = msl;
        if is_delaying {
            host.profile.ack_mode = AckMode::Delayed;
        }
    }
    story.server.listen = vec![DEFAULT_SERVER_PORT];
    let established = |side, after| When::Enters { side, state: State::Established, after };
    story.acts.push(Act::user(When::At(Instant::from_ms(dice.pick([0, 0, 20, 100]))), Side::Client, UserCall::OPEN));
    // Who asks is answered.
    let mut is_asked = false;
    let (question, answer) = (2 + dice.below(300), 2 + dice.below(500));
    if dice.below(4) > 0 {
        is_asked = true;
        let octets = u32::try_from(question).unwrap_or(1);
        let send = |octets: u64| UserCall::send(sample_text(usize::try_from(octets).unwrap_or(1)));
        let after = ms(dice.pick([0, 20, 60]));
        story.acts.push(Act::user(established(Side::Client, after), Side::Client, send(question)));
        let received = When::Receives { side: Side::Server, octets, after: ms(dice.pick([10, 30, 90])) };
        story.acts.push(Act::user(received, Side::Server, send(answer)));
    }
    let closer = dice.pick(Side::BOTH);
    let pause = ms(if is_asked { 400 } else { 100 } + dice.pick([0, 50, 200])) + trip;
    if dice.below(6) == 0 {
        // Both at once.
        let at = Instant::from_ms(1000) + pause;
        story.acts.extend(Side::BOTH.map(|side| Act::user(When::At(at), side, UserCall::Close)));
    } else {
        story.acts.push(Act::user(established(closer, pause), closer, UserCall::Close));
        if dice.below(8) > 0 {
            let after = ms(dice.pick([0, 40, 90, 150, 300]));
            let when = When::Enters { side: closer.other(), state: State::CloseWait, after };
            story.acts.push(Act::user(when, closer.other(), UserCall::Close));
        }
    }
    let lose = |from, which| Fault { from, which, action: Action::Drop };
    if dice.below(8) == 0 {
        let syn = |nth| Which { kind: SegmentKind::Syn, ..Which::nth(nth) };
        story.faults.extend([1, 2].map(|nth| lose(Side::Client, syn(nth))));
    } else if dice.below(2) == 0 {
        let kind =
            dice.pick([SegmentKind::Any, SegmentKind::Syn, SegmentKind::Data, SegmentKind::Fin, SegmentKind::Ack]);
        let nth = u32::try_from(1 + dice.below(2)).unwrap_or(1);
        let which = Which { kind, ..Which::nth(nth) };
        story.faults.push(lose(dice.pick(Side::BOTH), which));
    }
    story
}
