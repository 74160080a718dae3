//! What an endpoint does, in order and with cause.

use bytes::Bytes;

use crate::rule::Rule;
use crate::segment::Segment;

use super::state::State;

/// Collects the effects of one event.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Outbox {
    effects: Vec<Effect>,
}

/// One thing that an endpoint did.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Effect {
    /// A reason: what follows, up to the next reason, was decided by this rule.
    Because(Rule),
    /// The state changed.
    Enter {
        /// The state before.
        from: State,
        /// The state after.
        to: State,
    },
    /// A segment leaves.
    Send {
        /// The segment.
        segment: Segment,
        /// Why it is sent.
        role: Role,
    },
    /// The user is told something.
    Tell(UserEvent),
}

/// What a segment is for. The wire does not say; the sender knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    /// It occupies sequence numbers for the first time.
    New,
    /// It only acknowledges.
    Ack,
    /// It repeats what was sent before.
    Retransmission,
    /// It asks whether a closed window has opened.
    Probe,
    /// It asks whether a silent peer is still there.
    KeepAlive,
    /// It asks the other side to prove a reset or a SYN (RFC 5961).
    ChallengeAck,
    /// It refuses a segment that belongs to no connection, or makes no sense in this one.
    Reset,
    /// It tells the other side that the user gave the connection up.
    Abort,
}

/// What the user is told without having asked (RFC 9293 §3.9.1), in the RFC's words where it has some.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum UserEvent {
    /// The connection is established.
    Established,
    /// Octets for an outstanding RECEIVE.
    Received(Box<Bytes>),
    /// All octets given to SEND so far are acknowledged.
    SendComplete,
    /// Our FIN is acknowledged: the other side knows that no more will come.
    CloseComplete,
    /// "connection closing": the other side sends no more.
    Closing,
    /// "connection reset".
    Reset,
    /// "connection refused".
    Refused,
    /// "connection aborted due to user timeout".
    UserTimeout,
    /// R1: the segment was retransmitted so often that delivery is in doubt.
    DeliveryProblem,
    /// R2: given up.
    ExcessiveRetransmissions,
    /// Outstanding calls end with an error.
    CallsFlushed(Flushed),
}

/// Why outstanding calls end (RFC 9293 §3.10.4, §3.10.5).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Flushed {
    /// "closing".
    Closing,
    /// "connection reset".
    Reset,
}

impl Outbox {
    /// States the reason for what follows.
    pub fn because(&mut self, rule: Rule) {
        self.effects.push(Effect::Because(rule));
    }

    /// Sends `segment`.
    pub fn send(&mut self, segment: Segment, role: Role) {
        self.effects.push(Effect::Send { segment, role });
    }

    /// Tells the user.
    pub fn tell(&mut self, event: UserEvent) {
        self.effects.push(Effect::Tell(event));
    }

    /// Records a change of state.
    pub fn enter(&mut self, from: State, to: State) {
        self.effects.push(Effect::Enter { from, to });
    }

    /// The effects so far, in order.
    pub fn effects(&self) -> &[Effect] {
        &self.effects
    }

    /// The same, to take out of them what is wanted.
    pub fn effects_mut(&mut self) -> &mut [Effect] {
        &mut self.effects
    }

    /// Forgets all effects, but keeps their memory for the next event.
    pub fn clear(&mut self) {
        self.effects.clear();
    }

    /// The segments sent so far.
    pub fn segments(&self) -> impl Iterator<Item = &Segment> {
        self.effects.iter().filter_map(|effect| match effect {
            Effect::Send { segment, .. } => Some(segment),
            Effect::Because(_) | Effect::Enter { .. } | Effect::Tell(_) => None,
        })
    }
}
