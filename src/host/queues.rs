//! The two queues of a listener: requests (the backlog), and established ones that no user has taken yet.

use std::net::SocketAddr;
use std::sync::Arc;

use crate::certain::certain;
use crate::endpoint::Takeover;
use crate::profile::{Accepting, Handshake, WhenFull};
use crate::rule::Rule;
use crate::segment::{Datagram, Segment};
use crate::tcp::{Call, ConnectionId, ConnectionOrigin, Role, State};
use crate::time::Instant;

use super::{Connection, Host, HostEffect, MOST_CONNECTIONS};

impl Host {
    /// How many requests it keeps: connections that a SYN made, in SYN-RECEIVED. These fill the backlog.
    pub fn requests(&self) -> usize {
        self.connections.iter().filter(|it| it.endpoint.is_request()).count()
    }

    /// How many of its connections are established and wait for their user.
    pub fn waiting(&self) -> usize {
        self.connections.iter().filter(|it| it.waits_for_its_user()).count()
    }

    /// The user takes the oldest connection that waits for it, of a port or of any. `None` if none waits.
    pub fn accept(&mut self, now: Instant, port: Option<u16>) -> Option<ConnectionId> {
        let is_wanted = |it: &Connection| it.waits_for_its_user() && port.is_none_or(|port| it.local.port() == port);
        let index = self.connections.iter().position(is_wanted)?;
        self.connections[index].origin = ConnectionOrigin::Accepted;
        let id = self.connections[index].id;
        self.with_connection(now, index, |endpoint, cx, outbox| endpoint.accept(cx, outbox));
        Some(id)
    }

    /// A request belongs to the user who has called on it.
    pub(super) fn claim(&mut self, id: ConnectionId) {
        let connection = self.connections.iter_mut().find(|it| it.id == id);
        if let Some(it) = connection.filter(|it| it.origin == ConnectionOrigin::Expected) {
            it.origin = ConnectionOrigin::Accepted;
        }
    }

    /// Whether a listener has no room for one more SYN.
    pub(super) fn is_full(&self, port: u16) -> bool {
        self.connections.len() == MOST_CONNECTIONS || self.queue_is_full(port)
    }

    /// Whether the queue in which a SYN would have to wait has no room.
    fn queue_is_full(&self, port: u16) -> bool {
        match self.profile.handshake {
            Handshake::ThreeWay => {
                let requests = self.children(port).filter(|it| it.endpoint.state() == State::SynReceived).count();
                requests >= usize::try_from(self.profile.backlog).unwrap_or(usize::MAX)
            }
            // Here the SYN itself establishes the connection: there never is a request, and it needs the room that otherwise
            // the last ACK of the handshake needs.
            Handshake::TwoWay => self.accept_queue_is_full(port),
        }
    }

    /// Whether there is no room for one more connection that waits for its user.
    pub(super) fn accept_queue_is_full(&self, port: u16) -> bool {
        let waiting = self.children(port).filter(|it| it.waits_for_its_user()).count();
        (self.profile.accepting == Accepting::OnCall
            && waiting >= usize::try_from(self.profile.accept_queue).unwrap_or(usize::MAX))
            || self.connections.len() == MOST_CONNECTIONS
    }

    /// A SYN for which there is no room: ignored, refused, or answered with a cookie.
    pub(super) fn refuse_syn(&mut self, now: Instant, local: SocketAddr, remote: SocketAddr, syn: &Segment) {
        if self.connections.len() < MOST_CONNECTIONS {
            self.journal.add(HostEffect::BacklogFull { port: local.port() });
        }
        // A cookie needs no room in the backlog, but the connection that it becomes needs some in the accept queue.
        if self.profile.syn_cookies && !self.accept_queue_is_full(local.port()) {
            let answer = self.answer_with_cookie(now, local, remote, syn);
            self.send_apart(local, remote, Rule::SynCookieSent, answer, Role::New);
            return;
        }
        match (self.profile.when_full, Segment::reset_for(syn)) {
            _ if self.connections.len() == MOST_CONNECTIONS => self.journal.because(None, Rule::HostFull),
            (WhenFull::Reset, Some(reset)) => {
                self.send_apart(local, remote, Rule::BacklogRefuses, reset, Role::Reset);
            }
            (WhenFull::Reset | WhenFull::Ignore, _) => self.journal.because(None, Rule::BacklogFull),
        }
    }

    /// Sends something for which there is no connection.
    fn send_apart(&mut self, local: SocketAddr, remote: SocketAddr, rule: Rule, segment: Segment, role: Role) {
        self.journal.because(None, rule);
        let datagram = Arc::new(Datagram { source: local, destination: remote, segment });
        self.journal.add(HostEffect::Send { connection: None, datagram, role });
    }

    /// Whether a SYN may take over the sockets of this connection; only one in TIME-WAIT asks.
    pub(super) fn takeover(&self, index: usize) -> Takeover {
        let Connection { local, remote, endpoint, .. } = &self.connections[index];
        if endpoint.state() != State::TimeWait {
            return Takeover::Possible;
        }
        match self.listener_for(local.port(), *remote).is_some() {
            false => Takeover::NobodyListens,
            // It takes the place of a connection that is there already, so the number of connections does not matter.
            true if self.queue_is_full(local.port()) => Takeover::NoRoom,
            true => Takeover::Possible,
        }
    }

    /// Whether the accept queue has no room for the connection that `segment` would establish; it is ignored or refused
    /// then.
    pub(super) fn accept_queue_stops(&mut self, now: Instant, index: usize, segment: &Segment) -> bool {
        let Connection { id, local, origin, ref endpoint, .. } = self.connections[index];
        if origin != ConnectionOrigin::Waiting
            || !endpoint.is_established_by(now, segment, &self.profile)
            || !self.accept_queue_is_full(local.port())
        {
            return false;
        }
        match self.profile.when_full {
            WhenFull::Ignore => self.journal.because(Some(id), Rule::AcceptQueueFull),
            WhenFull::Reset => {
                self.journal.because(Some(id), Rule::AcceptQueueRefuses);
                self.with_connection(now, index, |endpoint, cx, outbox| {
                    certain(endpoint.call(Call::Abort, cx, outbox), "a connection in SYN-RECEIVED can be aborted");
                });
            }
        }
        true
    }

    /// A listener has closed: what it has made and nobody has taken ends with it.
    pub(super) fn end_children(&mut self, now: Instant, port: u16) {
        let is_nobodys = |it: &Connection| {
            let is_request = !it.is_known() && it.endpoint.state() == State::SynReceived;
            it.is_child() && it.local.port() == port && (is_request || it.waits_for_its_user())
        };
        // Each of them is over then, and so is removed; or it is back in TIME-WAIT, and its user is the old one.
        while let Some(index) = self.connections.iter().position(is_nobodys) {
            self.with_connection(now, index, |endpoint, cx, outbox| endpoint.listener_closes(cx, outbox));
        }
    }

    fn children(&self, port: u16) -> impl Iterator<Item = &Connection> {
        self.connections.iter().filter(move |it| it.is_child() && it.local.port() == port)
    }
}
