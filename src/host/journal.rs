//! What a host did in one event, kept until somebody looks. The simulation looks only when it knows what the event itself came
//! to: which connection a segment was for, what a call returned.

use std::borrow::Cow;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::mem;
use std::net::SocketAddr;
use std::sync::Arc;

use crate::endpoint::{Effect, Outbox, Timers};
use crate::rule::Rule;
use crate::segment::Datagram;
use crate::tcp::{ConnectionId, ConnectionOrigin, Role, Sockets, State, Timer, UserEvent};
use crate::time::Instant;

/// What a host did, in order.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum HostEffect {
    /// A connection came to be.
    Created {
        /// Its name.
        connection: ConnectionId,
        /// Its sockets.
        sockets: Box<Sockets>,
        /// Where it comes from.
        origin: ConnectionOrigin,
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
        /// Its port.
        port: u16,
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
pub trait EffectSink {
    /// The next thing that it did.
    fn put(&mut self, effect: HostEffect);
}

impl EffectSink for Vec<HostEffect> {
    fn put(&mut self, effect: HostEffect) {
        self.push(effect);
    }
}

/// What a host did and nobody has seen yet.
///
/// What the last endpoint did is left as it is, together with which one it was: as effects of the host it would be written
/// once more before it is read.
#[derive(Clone, Default)]
pub(super) struct Journal {
    /// What comes before that.
    earlier: Vec<HostEffect>,
    /// Whether what follows is yet to be seen.
    is_pending: bool,
    /// What the last endpoint did. Empty when all is seen, with its memory left for the next event.
    outbox: Outbox,
    /// Which endpoint that is, or was.
    turn: Turn,
}

/// What an endpoint did in one event, seen from outside: which one it was, and what has changed around it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Turn {
    /// `None` for a listener.
    pub connection: Option<ConnectionId>,
    /// Whether somebody hears what it tells: nobody does while it waits to be accepted, or if it never came to be.
    pub has_user: bool,
    /// Where the connection comes from, if it only began with it.
    pub began: Option<ConnectionOrigin>,
    /// Whether it is over.
    pub is_over: bool,
    pub timers_before: Timers,
    pub timers_after: Timers,
}

impl Journal {
    /// The host itself did something.
    pub fn add(&mut self, effect: HostEffect) {
        self.settle();
        self.earlier.push(effect);
    }

    /// The host has a reason.
    pub fn because(&mut self, connection: Option<ConnectionId>, rule: Rule) {
        self.add(HostEffect::Because { connection, rule });
    }

    /// Where an endpoint between these sockets puts what it does. [`Self::endpoint_did`] says which one it was, or
    /// [`Self::nothing_was_done`].
    pub fn outbox(&mut self, local: SocketAddr, remote: SocketAddr) -> &mut Outbox {
        self.settle();
        self.outbox.set_sockets(local, remote);
        &mut self.outbox
    }

    /// What is in the outbox was done for these.
    #[inline(always)]
    pub fn endpoint_did(&mut self, turn: Turn) {
        self.turn = turn;
        self.is_pending = true;
    }

    /// What is in the outbox does not count.
    pub fn nothing_was_done(&mut self) {
        self.outbox = Outbox::default();
    }

    /// Shows everything, and forgets it.
    pub fn show(&mut self, to: &mut impl EffectSink) {
        if !self.earlier.is_empty() {
            self.earlier.drain(..).for_each(|effect| to.put(effect));
        }
        if mem::take(&mut self.is_pending) {
            self.turn.show(&mut self.outbox, to);
        }
    }

    /// Makes room for what is done next.
    fn settle(&mut self) {
        if mem::take(&mut self.is_pending) {
            self.turn.show(&mut self.outbox, &mut self.earlier);
        }
    }

    /// What nobody has seen yet: all that a journal says, however it is kept.
    fn unseen(&self) -> Cow<'_, [HostEffect]> {
        if !self.is_pending {
            return Cow::Borrowed(&self.earlier);
        }
        let mut unseen = Vec::new();
        self.clone().show(&mut unseen);
        Cow::Owned(unseen)
    }
}

impl fmt::Debug for Journal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Journal").field(&self.unseen()).finish()
    }
}

impl PartialEq for Journal {
    fn eq(&self, other: &Self) -> bool {
        self.unseen() == other.unseen()
    }
}

impl Eq for Journal {}

impl Hash for Journal {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.unseen().hash(state);
    }
}

impl Turn {
    /// Something that only began with it, if it is a connection.
    pub fn beginning(connection: Option<ConnectionId>, origin: ConnectionOrigin, timers_after: Timers) -> Self {
        Self { connection, has_user: origin.is_known(), began: Some(origin), timers_after, ..Self::default() }
    }

    fn show(&self, outbox: &mut Outbox, to: &mut impl EffectSink) {
        let Self { connection, has_user, .. } = *self;
        if let (Some(connection), Some(origin)) = (connection, self.began) {
            let (local, remote) = outbox.sockets();
            to.put(HostEffect::Created { connection, sockets: Box::new(Sockets { local, remote }), origin });
        }
        let port = outbox.sockets().0.port();
        for effect in outbox.take_effects() {
            match effect {
                Effect::Because(rule) => to.put(HostEffect::Because { connection, rule }),
                Effect::Enter { from, to: state } => to.put(HostEffect::Enter { connection, port, from, to: state }),
                Effect::Send { datagram, role } => to.put(HostEffect::Send { connection, datagram, role }),
                Effect::Tell(event) if has_user => to.put(HostEffect::Tell { connection, event }),
                Effect::Tell(_) => {}
            }
        }
        let Some(connection) = connection else { return };
        if self.timers_before != self.timers_after {
            for timer in Timer::ALL {
                let deadline = self.timers_after.deadline(timer);
                if deadline != self.timers_before.deadline(timer) {
                    to.put(HostEffect::Timer { connection, timer, deadline });
                }
            }
        }
        if self.is_over {
            to.put(HostEffect::Removed { connection });
        }
    }
}
