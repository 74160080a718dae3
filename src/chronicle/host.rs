//! What one host has.

use crate::tcp::{ConnectionId, ConnectionOrigin, State};

use super::Incarnation;

/// What one host has: its connections, its listeners, and whether it runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HostAccount {
    connections: Vec<Incarnation>,
    pub(super) listeners: Listeners,
    is_down: bool,
    /// How the host makes children, as far as it has made any.
    pub(super) origin_of_children: ConnectionOrigin,
}

impl Default for HostAccount {
    /// A host that runs and has nothing.
    fn default() -> Self {
        Self {
            connections: Vec::new(),
            listeners: Listeners::default(),
            is_down: false,
            origin_of_children: ConnectionOrigin::Expected,
        }
    }
}

impl HostAccount {
    /// The present incarnations of its connections, in the order in which the connections came to be.
    pub fn connections(&self) -> &[Incarnation] {
        &self.connections
    }

    /// The present incarnation of a connection.
    pub fn find(&self, connection: ConnectionId) -> Option<&Incarnation> {
        self.connections.get(self.index_of(connection)?)
    }

    /// The passive OPENs.
    pub fn listeners(&self) -> Listeners {
        self.listeners
    }

    /// Whether it runs.
    pub fn is_up(&self) -> bool {
        !self.is_down
    }

    /// The state for which the host stands: that of its youngest connection, else that of its listeners.
    pub fn state(&self) -> State {
        self.connections.last().map_or(self.listeners.state(), |it| it.state)
    }

    /// How many requests it keeps: connections in SYN-RECEIVED because of a SYN that a listener got.
    pub fn requests(&self) -> usize {
        self.count(Incarnation::is_request)
    }

    /// How many established connections wait for a user to take them.
    pub fn waiting(&self) -> usize {
        self.count(Incarnation::waits_for_its_user)
    }

    /// How many of its connections are half-open: they still expect something of a counterpart that is gone.
    pub fn half_open(&self) -> usize {
        self.count(Incarnation::is_half_open)
    }

    /// How many of its connections are ghosts.
    pub fn ghosts(&self) -> usize {
        self.count(Incarnation::is_ghost)
    }

    fn count(&self, is_meant: impl Fn(&Incarnation) -> bool) -> usize {
        self.connections.iter().filter(|it| is_meant(it)).count()
    }

    pub(super) fn index_of(&self, connection: ConnectionId) -> Option<usize> {
        self.connections.iter().rposition(|it| it.connection == connection)
    }

    pub(super) fn find_mut(&mut self, connection: ConnectionId) -> Option<&mut Incarnation> {
        let index = self.index_of(connection)?;
        self.connections.get_mut(index)
    }

    pub(super) fn add(&mut self, incarnation: Incarnation) {
        match incarnation.origin {
            ConnectionOrigin::Opened => {}
            ConnectionOrigin::Waiting => self.origin_of_children = ConnectionOrigin::Waiting,
            ConnectionOrigin::Expected | ConnectionOrigin::Accepted => {
                self.origin_of_children = ConnectionOrigin::Expected;
            }
        }
        self.connections.push(incarnation);
    }

    pub(super) fn remove(&mut self, connection: ConnectionId) -> Option<Incarnation> {
        Some(self.connections.remove(self.index_of(connection)?))
    }

    pub(super) fn at_mut(&mut self, index: usize) -> &mut Incarnation {
        &mut self.connections[index]
    }

    /// It crashes: it listens nowhere, and hears nothing until it comes up again.
    pub(super) fn go_down(&mut self) {
        self.listeners = Listeners::default();
        self.is_down = true;
    }

    pub(super) fn come_up(&mut self) {
        self.listeners = Listeners::default();
        self.is_down = false;
    }
}

/// How many listeners a host has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Listeners(usize);

impl Listeners {
    /// How many there are.
    pub fn count(self) -> usize {
        self.0
    }

    /// The state of the host while it has no connection.
    pub fn state(self) -> State {
        if self.0 > 0 { State::Listen } else { State::Closed }
    }

    /// A connection, or with `None` a listener, enters a state.
    pub(super) fn enter(&mut self, connection: Option<ConnectionId>, from: State, to: State) {
        // A SYN that arrives leaves the listener as it is; one that leaves was the listener itself.
        let is_listener = connection.is_none() || to == State::SynSent;
        match (from, to) {
            (State::Listen, State::Listen) => {}
            (State::Listen, _) if is_listener => self.0 = self.0.saturating_sub(1),
            (_, State::Listen) if connection.is_none() => self.0 += 1,
            _ => {}
        }
    }
}
