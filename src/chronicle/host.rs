//! What one host has.

use crate::tcp::{ConnectionId, ConnectionOrigin, State};

use super::Incarnation;

/// What one host has: its connections, its listeners, and whether it runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HostAccount {
    connections: Vec<Incarnation>,
    /// The ports on which it listens, in ascending order.
    listening: Vec<u16>,
    is_down: bool,
    /// How the host makes children, as far as it has made any.
    pub(super) origin_of_children: ConnectionOrigin,
}

impl Default for HostAccount {
    /// A host that runs and has nothing.
    fn default() -> Self {
        Self {
            connections: Vec::new(),
            listening: Vec::new(),
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

    /// The ports on which it listens, in ascending order.
    pub fn listening(&self) -> &[u16] {
        &self.listening
    }

    /// The state of a host that has no connection: LISTEN, if it listens anywhere.
    pub fn state_without_connection(&self) -> State {
        if self.listening.is_empty() { State::Closed } else { State::Listen }
    }

    /// Whether it runs.
    pub fn is_up(&self) -> bool {
        !self.is_down
    }

    /// The state for which the host stands: that of its youngest connection, else that of its listeners.
    pub fn state(&self) -> State {
        self.connections.last().map_or(self.state_without_connection(), |it| it.state)
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

    /// A connection, or with `None` a listener, with this local port enters a state.
    pub(super) fn listen(&mut self, connection: Option<ConnectionId>, port: u16, from: State, to: State) {
        // A SYN that arrives leaves the listener as it is; one that leaves was the listener itself.
        let is_listener = connection.is_none() || to == State::SynSent;
        match (from, to, self.listening.binary_search(&port)) {
            (State::Listen, State::Listen, _) => {}
            (State::Listen, _, Ok(index)) if is_listener => {
                self.listening.remove(index);
            }
            (_, State::Listen, Err(index)) if connection.is_none() => self.listening.insert(index, port),
            _ => {}
        }
    }

    /// It crashes: it listens nowhere, and hears nothing until it comes up again.
    pub(super) fn go_down(&mut self) {
        self.listening.clear();
        self.is_down = true;
    }

    pub(super) fn come_up(&mut self) {
        self.listening.clear();
        self.is_down = false;
    }
}
