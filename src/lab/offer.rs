//! What makes sense now, each as the line of script that does it: at a host, with a segment, and examples of what else can be
//! asked for.

use serde::Serialize;
#[cfg(target_arch = "wasm32")]
use tsify::Tsify;

use crate::host::Connection;
use crate::scenario::sample_text;
use crate::simulation::{DEFAULT_SERVER_PORT, Deed, Simulation, UserCall, Whose};
use crate::tcp::{Action, SegmentId, Side, State};
use crate::time::Duration;

/// How much a SEND that is offered sends, in octets.
const OFFERED_OCTETS: usize = 100;
/// How much later a segment that is delayed, or the copy of one that is duplicated, arrives.
const LATER: Duration = Duration::from_ms(200);

/// Something that the user of a host, or whoever has the host in hand, can do now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
pub struct Offer {
    /// What it is.
    pub name: OfferName,
    /// The line of script that does it.
    pub line: String,
}

/// What can be done at a host.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
#[expect(missing_docs, reason = "they are the RFC's calls, and what becomes of hosts")]
pub enum OfferName {
    Open,
    Listen,
    Send,
    Close,
    Abort,
    Crash,
    Reboot,
}

/// What makes sense at a host whose youngest connection, or listener, is in this state; `None` for one that is down.
pub fn at_host(side: Side, state: Option<State>, is_listening: bool) -> Vec<Offer> {
    let Some(state) = state else { return vec![offer(side, OfferName::Reboot)] };
    let calls: &[OfferName] = match state {
        State::Closed if is_listening => &[OfferName::Open],
        State::Closed => &[OfferName::Open, OfferName::Listen],
        State::Listen => &[OfferName::Open],
        State::SynSent | State::SynReceived | State::Established | State::CloseWait => {
            &[OfferName::Send, OfferName::Close, OfferName::Abort]
        }
        State::FinWait1 | State::FinWait2 | State::Closing | State::LastAck => &[OfferName::Abort],
        State::TimeWait => &[OfferName::Abort, OfferName::Open],
    };
    calls.iter().chain(&[OfferName::Crash]).map(|name| offer(side, *name)).collect()
}

fn offer(side: Side, name: OfferName) -> Offer {
    let user = |call| Deed::User { side, whose: Whose::Youngest, call };
    let deed = match name {
        OfferName::Open => user(UserCall::Open { from: None, to: None, timeout: None }),
        OfferName::Listen => user(UserCall::Listen { port: DEFAULT_SERVER_PORT, from: None, timeout: None }),
        OfferName::Send => user(UserCall::send(sample_text(OFFERED_OCTETS))),
        OfferName::Close => user(UserCall::Close),
        OfferName::Abort => user(UserCall::Abort),
        OfferName::Crash => Deed::Crash(side),
        OfferName::Reboot => Deed::Reboot(side),
    };
    Offer { name, line: deed.to_string() }
}

/// Something that can be done to a segment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
pub struct SegmentOffer {
    /// What it is.
    pub name: ActionName,
    /// The line of script that does it.
    pub line: String,
}

/// What can be done to a segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
#[expect(missing_docs, reason = "they are those of `Action`")]
pub enum ActionName {
    Drop,
    Duplicate,
    Delay,
    Corrupt,
    Hold,
    Release,
}

/// What can be done to a segment; one that is held can be released.
pub fn with_segment(segment: SegmentId, is_held: bool) -> Vec<SegmentOffer> {
    let hold = if is_held { (ActionName::Release, Action::Release) } else { (ActionName::Hold, Action::Hold) };
    [
        (ActionName::Drop, Action::Drop),
        (ActionName::Duplicate, Action::Duplicate(LATER)),
        (ActionName::Delay, Action::Delay(LATER)),
        (ActionName::Corrupt, Action::Corrupt),
        hold,
    ]
    .into_iter()
    .map(|(name, action)| SegmentOffer { name, line: Deed::Interfere(segment, action).to_string() })
    .collect()
}

/// Lines that show what can be asked for, and that say something here and now.
pub fn examples(simulation: &Simulation) -> Vec<String> {
    let mut lines = vec!["forge to server syn seq 5000".to_owned(), "client send \"hello\"".to_owned()];
    let youngest = |side| simulation.host(side).connections().last();
    // A reset reaches only the connection between the ports in use.
    let between = |ours: &Connection, theirs: &Connection| theirs.remote == ours.local;
    if let (Some(ours), Some(theirs)) = (youngest(Side::Client), youngest(Side::Server))
        && between(ours, theirs)
        && let Some(next) = theirs.endpoint.tcb().rcv_nxt
    {
        lines.push(format!("forge to server rst seq {next}"));
    }
    lines
}
