//! What an endpoint does, in order and with cause.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;

use crate::in_place::push_in_place;
use crate::rule::Rule;
use crate::segment::{Datagram, Segment};
use crate::tcp::{Role, State, UserEvent};

/// Collects the effects of one event.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Outbox {
    /// Between which sockets segments travel. An endpoint does not know it, but each is put together only once.
    local: SocketAddr,
    remote: SocketAddr,
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
        /// The segment with its sockets.
        datagram: Arc<Datagram>,
        /// Why it is sent.
        role: Role,
    },
    /// The user is told something.
    Tell(UserEvent),
}

impl Default for Outbox {
    /// For somebody who does not ask where segments go: until [`Outbox::set_sockets`] says it, they go nowhere.
    fn default() -> Self {
        Self { local: NOWHERE, remote: NOWHERE, effects: Vec::new() }
    }
}

/// How many effects there is room for from the start: few events have more.
const SOME: usize = 12;

const NOWHERE: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::UNSPECIFIED), 0);

impl Outbox {
    /// From now on segments travel from `local` to `remote`.
    pub fn set_sockets(&mut self, local: SocketAddr, remote: SocketAddr) {
        (self.local, self.remote) = (local, remote);
        if self.effects.capacity() == 0 {
            self.effects.reserve(SOME);
        }
    }

    /// Our socket and the other side's.
    pub fn sockets(&self) -> (SocketAddr, SocketAddr) {
        (self.local, self.remote)
    }

    /// States the reason for what follows.
    pub fn because(&mut self, rule: Rule) {
        push_in_place(&mut self.effects, move || Effect::Because(rule));
    }

    /// Sends `segment`.
    pub fn send(&mut self, segment: Segment, role: Role) {
        let datagram = Arc::new(Datagram { source: self.local, destination: self.remote, segment });
        push_in_place(&mut self.effects, move || Effect::Send { datagram, role });
    }

    /// Tells the user.
    pub fn tell(&mut self, event: UserEvent) {
        push_in_place(&mut self.effects, move || Effect::Tell(event));
    }

    /// Records a change of state.
    pub fn enter(&mut self, from: State, to: State) {
        push_in_place(&mut self.effects, move || Effect::Enter { from, to });
    }

    /// The effects so far, in order.
    pub fn effects(&self) -> &[Effect] {
        &self.effects
    }

    /// Takes the effects out, in order, but leaves their memory for the next event.
    pub fn take_effects(&mut self) -> impl Iterator<Item = Effect> + '_ {
        self.effects.drain(..)
    }

    /// The segments sent so far.
    pub fn segments(&self) -> impl Iterator<Item = &Segment> {
        self.effects.iter().filter_map(|effect| match effect {
            Effect::Send { datagram, .. } => Some(&datagram.segment),
            Effect::Because(_) | Effect::Enter { .. } | Effect::Tell(_) => None,
        })
    }
}
