//! The names of sides, states, timers and roles, and of what users are told.

use crate::tcp::{CallError, Flushed, Intrusion, Objection, Role, Side, State, Timer, UserEvent};

use super::keys::{self as say, Core};
use super::words::Words;

/// The name of a side.
pub fn side(side: Side, words: &Words) -> &str {
    words.text(match side {
        Side::Client => Core::Client,
        Side::Server => Core::Server,
    })
}

/// What a side in this state knows and what it waits for: one sentence.
pub fn state(state: State, words: &Words) -> &str {
    words.text(match state {
        State::Closed => Core::StateClosed,
        State::Listen => Core::StateListen,
        State::SynSent => Core::StateSynSent,
        State::SynReceived => Core::StateSynReceived,
        State::Established => Core::StateEstablished,
        State::FinWait1 => Core::StateFinWait1,
        State::FinWait2 => Core::StateFinWait2,
        State::CloseWait => Core::StateCloseWait,
        State::Closing => Core::StateClosing,
        State::LastAck => Core::StateLastAck,
        State::TimeWait => Core::StateTimeWait,
    })
}

/// What a host knows whose youngest connection or listener is in this state; `None` for one that is down.
pub(crate) fn host_state(it: Option<State>, words: &Words) -> &str {
    it.map_or(words.text(Core::HostIsDown), |it| state(it, words))
}

/// The name of a timer.
pub fn timer(timer: Timer, words: &Words) -> &str {
    words.text(match timer {
        Timer::Retransmission => Core::TimerRetransmission,
        Timer::Persist => Core::TimerPersist,
        Timer::DelayedAck => Core::TimerDelayedAck,
        Timer::User => Core::TimerUser,
        Timer::KeepAlive => Core::TimerKeepAlive,
        Timer::TimeWait => Core::TimerTimeWait,
        Timer::Linger => Core::TimerLinger,
        Timer::FinWait2 => Core::TimerFinWait2,
    })
}

/// What a segment is for.
pub fn role(role: Role, words: &Words) -> &str {
    words.text(match role {
        Role::New => Core::RoleNew,
        Role::Ack => Core::RoleAck,
        Role::Retransmission => Core::RoleRetransmission,
        Role::Probe => Core::RoleProbe,
        Role::KeepAlive => Core::RoleKeepAlive,
        Role::ChallengeAck => Core::RoleChallengeAck,
        Role::Reset => Core::RoleReset,
        Role::Abort => Core::RoleAbort,
    })
}

/// What a segment that no present connection sent is called, in the picture and in lists.
pub(crate) fn intrusion(intrusion: Intrusion) -> Core {
    match intrusion {
        Intrusion::Old => Core::LabelOld,
        Intrusion::Forged => Core::LabelForged,
        Intrusion::Middlebox => Core::LabelMiddlebox,
    }
}

/// What a segment that a middlebox stopped is called, in the picture and in lists.
pub(crate) fn objection(objection: Objection) -> Core {
    match objection {
        Objection::Forgotten => Core::LabelForgotten,
        Objection::Filtered => Core::LabelFiltered,
    }
}

/// Why a call failed: in the RFC's phrase, which the translations keep in parentheses.
pub fn call_error(error: CallError, words: &Words) -> &str {
    words.text(match error {
        CallError::DoesNotExist => Core::CallErrorDoesNotExist,
        CallError::AlreadyExists => Core::CallErrorAlreadyExists,
        CallError::RemoteUnspecified => Core::CallErrorRemoteUnspecified,
        CallError::InvalidRemote => Core::CallErrorInvalidRemote,
        CallError::Closing => Core::CallErrorClosing,
        CallError::InsufficientResources => Core::CallErrorInsufficientResources,
    })
}

/// What a user is told without having asked, in the RFC's phrase where it has one; the translations keep that in
/// parentheses.
pub fn user_event(event: &UserEvent, words: &Words) -> String {
    let key = match event {
        UserEvent::Received(data) => {
            return words.say(&say::UserEventReceived { octets: &octets_of(data, words) });
        }
        UserEvent::Established => Core::UserEventEstablished,
        UserEvent::SendComplete => Core::UserEventSendComplete,
        UserEvent::CloseComplete => Core::UserEventCloseComplete,
        UserEvent::Closing => Core::UserEventClosing,
        UserEvent::Reset => Core::UserEventReset,
        UserEvent::Refused => Core::UserEventRefused,
        UserEvent::UserTimeout => Core::UserEventUserTimeout,
        UserEvent::DeliveryProblem => Core::UserEventDeliveryProblem,
        UserEvent::ExcessiveRetransmissions => Core::UserEventExcessiveRetransmissions,
        UserEvent::CallsFlushed(Flushed::Closing) => Core::UserEventFlushedClosing,
        UserEvent::CallsFlushed(Flushed::Reset) => Core::UserEventFlushedReset,
    };
    words.text(key).to_owned()
}

/// Octets by their number, and what they say where that is the point.
pub(super) fn octets_of(data: &[u8], words: &Words) -> String {
    let octets = &octets(data.len(), words);
    match super::payload(data) {
        Some(text) => words.say(&say::OctetsThatSay { octets, text: &text }),
        None => octets.clone(),
    }
}

/// A number of octets.
pub(super) fn octets(count: usize, words: &Words) -> String {
    let number = count.to_string();
    if count == 1 { words.say(&say::OneOctet { count: &number }) } else { words.say(&say::Octets { count: &number }) }
}
