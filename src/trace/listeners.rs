//! How many listeners a host has, as its trace tells.

use crate::tcp::{ConnectionId, State};

/// The listeners of one host.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Listeners(u32);

impl Listeners {
    /// A connection, or with `None` a listener, enters a state.
    pub fn enter(&mut self, connection: Option<ConnectionId>, from: State, to: State) {
        // A SYN that arrives leaves the listener as it is; one that leaves was the listener itself.
        let is_listener = connection.is_none() || to == State::SynSent;
        match (from, to) {
            (State::Listen, State::Listen) => {}
            (State::Listen, _) if is_listener => self.0 = self.0.saturating_sub(1),
            (_, State::Listen) if connection.is_none() => self.0 += 1,
            _ => {}
        }
    }

    /// The host crashes: it listens nowhere.
    pub fn forget(&mut self) {
        self.0 = 0;
    }

    /// The state of the host while it has no connection.
    pub fn state(self) -> State {
        if self.0 > 0 { State::Listen } else { State::Closed }
    }
}
