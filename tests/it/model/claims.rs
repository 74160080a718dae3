//! What is claimed of small worlds.

use stateright::Property;
use synfin::tcp::{Side, State};

use super::world::{News, Present, Setting, World};

/// What must hold in every state of every world in which nothing is switched off.
pub fn always() -> Vec<Property<Setting>> {
    vec![
        Property::always(NOTHING_BREAKS, |_, world: &World| world.broken.is_none()),
        Property::always(ONE_CONNECTION, |_, world: &World| {
            Side::BOTH.into_iter().all(|side| world.host(side).connections().len() <= 1 + world.strangers(side))
        }),
        Property::always(NOTHING_INVENTED, |_, world: &World| nothing_is_invented(world)),
        Property::always(NO_IMPOSSIBLE_PAIR, |_, world: &World| no_impossible_pair(world)),
        Property::always(NUMBERS_AGREE, |_, world: &World| numbers_agree(world)),
        Property::always(NOBODY_ALONE, |_, world: &World| nobody_is_established_alone(world)),
        Property::always(NOBODY_WAITS, |_, world: &World| !world.is_at_rest() || Rest::of(world).is_some()),
        Property::always(NOTHING_MISSING, |_, world: &World| !world.is_at_rest() || nothing_is_missing(world)),
    ]
}

pub const NOTHING_BREAKS: &str = "no invariant of a host is broken and nothing panics";
pub const ONE_CONNECTION: &str = "a pair of sockets has one connection at most on each side";
pub const NOTHING_INVENTED: &str = "what a user receives is a prefix of what was sent in this connection";
pub const NO_IMPOSSIBLE_PAIR: &str = "two ends of one connection are never in states that exclude each other";
pub const NUMBERS_AGREE: &str = "what is acknowledged was received, and what was received was sent";
pub const NOBODY_ALONE: &str = "who is established has a partner that knows both numbers";
pub const NOBODY_WAITS: &str = "at rest, everybody waits for something that the RFC lets him wait for";
pub const NOTHING_MISSING: &str = "at rest, what was sent was received, or its sender knows better";
pub const NO_TROUBLE: &str = "nobody is told of trouble, and no FIN is answered by a reset";

/// Holds where nobody aborts or crashes, and no segment comes from an earlier incarnation.
pub fn no_trouble() -> Property<Setting> {
    Property::always(NO_TROUBLE, |_, world: &World| {
        Side::BOTH.into_iter().flat_map(|side| world.lives(side)).all(|life| match life.news {
            None | Some(News::Flushed) => true,
            Some(News::Ended | News::LeftInDoubt | News::Aborted | News::Crashed) => false,
        })
    })
}

/// Both connections, if they are the two ends of one: each knows the other's number.
pub fn ends(world: &World) -> Option<[&Present; 2]> {
    let (client, server) = (world.present(Side::Client)?, world.present(Side::Server)?);
    (client.irs == Some(server.iss) && server.irs == Some(client.iss)).then_some([client, server])
}

fn nothing_is_invented(world: &World) -> bool {
    Side::BOTH.into_iter().all(|side| {
        world.lives(side).iter().all(|life| {
            let said = world.partner_of(side, life).map_or(&[][..], |partner| &partner.said);
            said.starts_with(&life.arrived())
        })
    })
}

fn numbers_agree(world: &World) -> bool {
    let Some([client, server]) = ends(world) else { return true };
    [(client, server), (server, client)].into_iter().all(|(sender, receiver)| {
        let received = receiver.rcv_nxt.expect("it knows the other's number");
        sender.una.is_at_or_before(received) && received.is_at_or_before(sender.nxt)
    })
}

fn nobody_is_established_alone(world: &World) -> bool {
    Side::BOTH.into_iter().all(|side| {
        world
            .lives(side)
            .iter()
            .filter(|life| life.was_established)
            .all(|life| world.partner_of(side, life).is_some_and(|partner| partner.irs == Some(life.iss)))
    })
}

fn nothing_is_missing(world: &World) -> bool {
    Side::BOTH.into_iter().all(|side| {
        world.lives(side).iter().filter(|life| !life.said.is_empty() && life.news.is_none()).all(|life| {
            world.lives(side.other()).iter().any(|other| other.irs == Some(life.iss) && other.arrived() == life.said)
        })
    })
}

fn no_impossible_pair(world: &World) -> bool {
    meeting(world).is_none_or(|(one, other)| {
        MEETINGS
            .iter()
            .any(|(state, others)| others.contains(&other) && *state == one || others.contains(&one) && *state == other)
    })
}

/// The states of two connections that are, or may become, the two ends of one.
pub fn meeting(world: &World) -> Option<(State, State)> {
    let (client, server) = (world.present(Side::Client)?, world.present(Side::Server)?);
    // SYN-SENT does not know whom it is talking to, but the other end does.
    let knows = |one: &Present, other: &Present| one.irs == Some(other.iss);
    let belong = knows(client, server) && knows(server, client)
        || client.state == State::SynSent && knows(server, client)
        || server.state == State::SynSent && knows(client, server);
    belong.then(|| in_order(client.state, server.state))
}

/// A pair of states whichever side is in which.
pub fn in_order(one: State, other: State) -> (State, State) {
    (one.min(other), one.max(other))
}

/// The pairs that RFC 9293 makes possible, each once. Three facts exclude all others:
///
/// 1. Who has received a FIN (CLOSE-WAIT, CLOSING, LAST-ACK, TIME-WAIT) has a partner that sent one.
/// 2. Whose FIN is acknowledged (FIN-WAIT-2, TIME-WAIT) has a partner that received one.
/// 3. LAST-ACK sent its FIN after it had received the other one. That FIN acknowledges the other one, so its partner
///    is in FIN-WAIT-2 before it takes it, and never in CLOSING; and of two FINs not each can have been sent after
///    the other was received, so two ends are never both in LAST-ACK.
pub const MEETINGS: [(State, &[State]); 8] = [
    // A SYN,ACK tells our SYN's sender; until it arrives the other end may even close, but be established it cannot:
    // that takes an acknowledgment of its own SYN, which SYN-SENT cannot send.
    (State::SynSent, &[State::SynReceived, State::FinWait1]),
    // Two in SYN-RECEIVED: a simultaneous open.
    (State::SynReceived, &[State::SynReceived, State::Established, State::FinWait1]),
    // By 2 a partner in FIN-WAIT-2 or TIME-WAIT would have had its FIN received; by 1 none has received ours.
    (State::Established, &[State::Established, State::FinWait1]),
    // It has received no FIN, so by 2 nobody's FIN is acknowledged. CLOSE-WAIT, CLOSING, LAST-ACK received ours.
    (State::FinWait1, &[State::FinWait1, State::CloseWait, State::Closing, State::LastAck]),
    // The partner has received our FIN, by 2; its own is not received here, so it is not acknowledged. CLOSING: the
    // partner's FIN is lost or late, and its acknowledgment of ours overtook it.
    (State::FinWait2, &[State::CloseWait, State::Closing, State::LastAck]),
    // Both sent before they received. By 3 not LAST-ACK.
    (State::Closing, &[State::Closing, State::TimeWait]),
    // By 3 never twice.
    (State::LastAck, &[State::TimeWait]),
    // Both acknowledgments of a simultaneous close have arrived.
    (State::TimeWait, &[State::TimeWait]),
];

/// What a world at rest may be waiting for: nothing that the protocol could still do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rest {
    Over,
    Idle,
    HalfClosed,
    HalfOpenEstablished,
    HalfOpenCloseWait,
    HalfOpenFinWait2,
}

impl Rest {
    pub const ALL: [Rest; 6] = [
        Rest::Over,
        Rest::Idle,
        Rest::HalfClosed,
        Rest::HalfOpenEstablished,
        Rest::HalfOpenCloseWait,
        Rest::HalfOpenFinWait2,
    ];

    /// The name under which `docs/conformance.md` explains it.
    pub const fn name(self) -> &'static str {
        match self {
            Rest::Over => "over",
            Rest::Idle => "idle",
            Rest::HalfClosed => "half-closed",
            Rest::HalfOpenEstablished => "half-open, ESTABLISHED",
            Rest::HalfOpenCloseWait => "half-open, CLOSE-WAIT",
            Rest::HalfOpenFinWait2 => "half-open, FIN-WAIT-2",
        }
    }

    /// Which one a world at rest is in; `None` if somebody waits for ever for what will never come.
    pub fn of(world: &World) -> Option<Self> {
        let states = Side::BOTH.map(|side| world.present(side).map(|present| present.state));
        match states {
            [None, None] => Some(Rest::Over),
            [Some(state), None] | [None, Some(state)] => match state {
                State::Established => Some(Rest::HalfOpenEstablished),
                State::CloseWait => Some(Rest::HalfOpenCloseWait),
                State::FinWait2 => Some(Rest::HalfOpenFinWait2),
                State::Closed
                | State::Listen
                | State::SynSent
                | State::SynReceived
                | State::FinWait1
                | State::Closing
                | State::LastAck
                | State::TimeWait => None,
            },
            [Some(_), Some(_)] if ends(world).is_none() => None,
            [Some(State::Established), Some(State::Established)] => Some(Rest::Idle),
            [Some(State::FinWait2), Some(State::CloseWait)] | [Some(State::CloseWait), Some(State::FinWait2)] => {
                Some(Rest::HalfClosed)
            }
            [Some(_), Some(_)] => None,
        }
    }
}
