//! What a host did in one event. It keeps it until somebody looks, so that whoever lets something happen to a host knows
//! what became of that first: which connection a segment was for, what a call returned.

use std::mem;
use std::net::SocketAddr;
use std::sync::Arc;

use crate::endpoint::{Effect, Outbox, Role, State, Timer, Timers, UserEvent};
use crate::rule::Rule;
use crate::segment::Datagram;
use crate::time::Instant;

use super::{ConnectionId, Sockets};

/// What a host did, in order.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum HostEffect {
    /// A connection came to be.
    Created {
        /// Its name.
        connection: ConnectionId,
        /// Its sockets.
        sockets: Box<Sockets>,
    },
    /// A connection is no more.
    Removed {
        /// Its name.
        connection: ConnectionId,
    },
    /// A reason for what follows; without a connection, that of a listener or of the host itself.
    Because {
        /// The connection.
        connection: Option<ConnectionId>,
        /// The reason.
        rule: Rule,
    },
    /// A state changed.
    Enter {
        /// The connection; `None` for a listener.
        connection: Option<ConnectionId>,
        /// The state before.
        from: State,
        /// The state after.
        to: State,
    },
    /// A user is told something.
    Tell {
        /// About which connection.
        connection: Option<ConnectionId>,
        /// What.
        event: UserEvent,
    },
    /// A segment leaves.
    Send {
        /// The connection.
        connection: Option<ConnectionId>,
        /// The segment with its sockets.
        datagram: Arc<Datagram>,
        /// Why.
        role: Role,
    },
    /// A timer was set, moved or stopped.
    Timer {
        /// The connection.
        connection: ConnectionId,
        /// The timer.
        timer: Timer,
        /// When it expires; `None` if it was stopped.
        deadline: Option<Instant>,
    },
    /// The SYN found the backlog or the accept queue full (RFC 9293 leaves to the host what happens then).
    BacklogFull {
        /// The listener's port.
        port: u16,
    },
}

/// Who is shown what a host did, one thing after the other.
pub trait Witness {
    /// The next thing that it did.
    fn sees(&mut self, effect: HostEffect);
}

impl Witness for Vec<HostEffect> {
    fn sees(&mut self, effect: HostEffect) {
        self.push(effect);
    }
}

/// What a host did and nobody has seen yet.
///
/// What the last endpoint did is left as it is, together with whom it concerns: as effects of the host it would be written
/// once more before it is read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Report {
    /// What comes before that.
    earlier: Vec<HostEffect>,
    /// What the last endpoint did. Empty when all is seen, with its memory left for the next event.
    outbox: Outbox,
    party: Option<Party>,
}

/// Whom it concerns what an endpoint did, and what else became of it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Party {
    /// `None` for a listener.
    pub connection: Option<ConnectionId>,
    /// Nobody hears what a connection tells that waits to be accepted, or never came to be.
    pub has_user: bool,
    pub local: SocketAddr,
    pub remote: SocketAddr,
    pub timers_before: Timers,
    pub timers_after: Timers,
    /// Whether the connection is over.
    pub is_over: bool,
}

impl Report {
    /// The host itself did something.
    pub fn add(&mut self, effect: HostEffect) {
        self.settle();
        self.earlier.push(effect);
    }

    /// The host has a reason.
    pub fn because(&mut self, connection: Option<ConnectionId>, rule: Rule) {
        self.add(HostEffect::Because { connection, rule });
    }

    /// Where an endpoint puts what it does; [`Self::endpoint_did`] says whom it concerned, or [`Self::nothing_was_done`].
    pub fn outbox(&mut self) -> &mut Outbox {
        self.settle();
        &mut self.outbox
    }

    /// What is in the outbox was done for these.
    pub fn endpoint_did(&mut self, party: Party) {
        self.party = Some(party);
    }

    /// What is in the outbox does not count.
    pub fn nothing_was_done(&mut self) {
        self.outbox.clear();
    }

    /// Shows everything, and forgets it.
    pub fn show(&mut self, to: &mut impl Witness) {
        for effect in self.earlier.drain(..) {
            to.sees(effect);
        }
        if let Some(party) = self.party.take() {
            party.show(&mut self.outbox, to);
        }
    }

    /// Makes room for what is done next.
    fn settle(&mut self) {
        if let Some(party) = self.party.take() {
            party.show(&mut self.outbox, &mut self.earlier);
        }
    }
}

impl Party {
    /// Something that only began with it, and of which a user hears.
    pub fn new(connection: Option<ConnectionId>, local: SocketAddr, remote: SocketAddr, timers_after: Timers) -> Self {
        let timers_before = Timers::default();
        Self { connection, has_user: true, local, remote, timers_before, timers_after, is_over: false }
    }

    fn show(self, outbox: &mut Outbox, to: &mut impl Witness) {
        let Self { connection, has_user, local, remote, timers_before, timers_after, is_over } = self;
        // Most effects are much smaller than the largest: to move each out whole would cost more than all the rest.
        for effect in outbox.effects_mut() {
            match effect {
                Effect::Because(rule) => to.sees(HostEffect::Because { connection, rule: *rule }),
                Effect::Enter { from, to: state } => {
                    to.sees(HostEffect::Enter { connection, from: *from, to: *state });
                }
                Effect::Send { segment, role } => {
                    let datagram = Datagram { source: local, destination: remote, segment: mem::take(segment) };
                    to.sees(HostEffect::Send { connection, datagram: Arc::new(datagram), role: *role });
                }
                Effect::Tell(event) if has_user => {
                    let event = mem::replace(event, UserEvent::Established);
                    to.sees(HostEffect::Tell { connection, event });
                }
                Effect::Tell(_) => {}
            }
        }
        outbox.clear();
        let Some(connection) = connection else { return };
        if timers_before != timers_after {
            for timer in Timer::ALL {
                let deadline = timers_after.deadline(timer);
                if deadline != timers_before.deadline(timer) {
                    to.sees(HostEffect::Timer { connection, timer, deadline });
                }
            }
        }
        if is_over {
            to.sees(HostEffect::Removed { connection });
        }
    }
}
