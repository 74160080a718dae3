//! One connection for as long as its numbers hold.

use crate::seq::SeqNumber;
use crate::tcp::{ConnectionId, ConnectionOrigin, Side, Sockets, State};
use crate::time::Instant;

/// Names an incarnation, in the order in which they began, on whichever host.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct IncarnationId(pub u32);

/// One connection of a host, from when it came to be, or from when its sockets in TIME-WAIT were taken over, until it is
/// forgotten or taken over itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Incarnation {
    /// Its name.
    pub id: IncarnationId,
    /// On which host.
    pub side: Side,
    /// Of which connection.
    pub connection: ConnectionId,
    /// Its sockets; `None` where it was there before the trace began, so that nothing is known of it.
    pub sockets: Option<Sockets>,
    /// Its state.
    pub state: State,
    /// Its initial send sequence number, once it has sent its SYN.
    pub iss: Option<SeqNumber>,
    /// The initial receive sequence number, once it has taken the other side's SYN.
    pub irs: Option<SeqNumber>,
    /// When the connection came to be.
    pub created: Instant,
    /// When this incarnation of it began.
    pub began: Instant,
    /// When it ended.
    pub ended: Option<Instant>,
    /// Where it comes from, and whether its user knows of it.
    pub origin: ConnectionOrigin,
    /// Whether both sides' numbers were ever synchronized: it has been in ESTABLISHED or later.
    pub is_synchronized: bool,
    /// Its counterpart, or the last one that it had.
    pub counterpart: Option<IncarnationId>,
    /// Since when it expects something of a counterpart that is gone: "half-open" in the words of RFC 9293 §3.5.1.
    pub half_open_since: Option<Instant>,
    /// Whether both ends had both numbers: then there will be no other counterpart.
    pub(super) is_bound: bool,
    /// The incarnation in TIME-WAIT whose sockets this one took over, while it may still come back.
    pub(super) previous: Option<Box<Incarnation>>,
}

impl Incarnation {
    /// Whether it was synchronized and never had a counterpart: whoever it believes to talk to is not there. Of one that was
    /// there before the trace began nothing is known.
    pub fn is_ghost(&self) -> bool {
        self.is_synchronized && self.counterpart.is_none() && self.sockets.is_some()
    }

    /// Whether it still expects something of a counterpart that is gone.
    pub fn is_half_open(&self) -> bool {
        self.half_open_since.is_some() && self.expects_something()
    }

    /// Whether a SYN that a listener got made it.
    pub fn is_child(&self) -> bool {
        self.origin != ConnectionOrigin::Opened
    }

    /// Whether it is in SYN-RECEIVED because of a SYN that a listener got.
    pub fn is_request(&self) -> bool {
        self.is_child() && self.state == State::SynReceived
    }

    /// Whether it is established and waits for a user to take it.
    pub fn waits_for_its_user(&self) -> bool {
        self.origin == ConnectionOrigin::Waiting && self.state != State::SynReceived
    }

    /// The incarnation in TIME-WAIT whose sockets it took over, while that one may still come back.
    pub fn previous(&self) -> Option<&Incarnation> {
        self.previous.as_deref()
    }

    /// Whether its user still expects something of the other side: its text, its FIN, or that it takes ours. After both
    /// FINs the other side may be gone first, and rightly so.
    pub(super) fn expects_something(&self) -> bool {
        self.state.is_open()
    }

    /// Whether the numbers of `other`, which has the same sockets at the other host, are those of a counterpart.
    pub(super) fn knows_numbers_of(&self, other: &Incarnation) -> bool {
        self.irs.is_some() && self.irs == other.iss && (other.irs.is_none() || other.irs == self.iss)
    }

    /// Whether `other` may be its counterpart, by those that it had before.
    pub(super) fn may_meet(&self, other: IncarnationId) -> bool {
        !self.is_bound || self.counterpart == Some(other)
    }
}

/// Whether a state is one in which both sides' numbers are synchronized (RFC 9293 §3.5.2, group 3).
pub(super) fn is_synchronized(state: State) -> bool {
    match state {
        State::Closed | State::Listen | State::SynSent | State::SynReceived => false,
        State::Established
        | State::FinWait1
        | State::FinWait2
        | State::CloseWait
        | State::Closing
        | State::LastAck
        | State::TimeWait => true,
    }
}
