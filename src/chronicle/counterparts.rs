//! How incarnations begin and end, and who is at their other end.

use crate::seq::SeqNumber;
use crate::tcp::{ConnectionId, ConnectionOrigin, Side, Sockets, State};
use crate::trace::Trace;

use super::incarnation::is_synchronized;
use super::{Account, Incarnation, IncarnationId};

impl Account {
    /// Another incarnation begins now.
    pub(super) fn incarnate(
        &mut self,
        side: Side,
        connection: ConnectionId,
        sockets: Option<Sockets>,
        state: State,
        origin: ConnectionOrigin,
    ) -> Incarnation {
        let id = IncarnationId(self.next_incarnation);
        self.next_incarnation = self.next_incarnation.saturating_add(1);
        Incarnation {
            id,
            side,
            connection,
            sockets,
            state,
            iss: None,
            irs: None,
            created: self.now,
            began: self.now,
            ended: None,
            origin,
            is_synchronized: false,
            counterpart: None,
            half_open_since: None,
            is_bound: false,
            previous: None,
        }
    }

    /// A connection is forgotten.
    pub(super) fn end(&mut self, side: Side, connection: ConnectionId) {
        let Some(mut it) = self.hosts[side as usize].remove(connection) else { return };
        let sockets = it.sockets;
        let previous = it.previous.take();
        self.close(it);
        self.ended.extend(previous.map(|it| *it));
        self.judge_opposite(side, sockets);
    }

    /// An incarnation has come to its end.
    fn close(&mut self, it: Incarnation) {
        self.ended.push(Incarnation { ended: Some(self.now), ..it });
    }

    /// A connection enters a state.
    pub(super) fn enter(&mut self, trace: &Trace, side: Side, connection: ConnectionId, from: State, to: State) {
        if self.hosts[side as usize].index_of(connection).is_none() {
            return;
        }
        match (from, to) {
            // A SYN takes over the sockets of an incarnation in TIME-WAIT (RFC 9293 MAY-2) …
            (State::TimeWait, State::SynReceived) => self.take_over(trace, side, connection, to),
            // … and proves to be stale.
            (State::SynReceived, State::TimeWait) => self.revive(side, connection),
            (State::SynSent, State::SynReceived | State::Established) => {
                self.learn_from_arrival(trace, side, connection);
            }
            _ => {}
        }
        let Some(it) = self.hosts[side as usize].find_mut(connection) else { return };
        it.state = to;
        it.is_synchronized |= is_synchronized(to);
        let replaced = if to == State::SynReceived { None } else { it.previous.take() };
        self.ended.extend(replaced.map(|it| *it));
        self.meet(side, connection);
    }

    fn take_over(&mut self, trace: &Trace, side: Side, connection: ConnectionId, state: State) {
        let origin = self.host(side).origin_of_children;
        let sockets = self.incarnation(side, connection).and_then(|it| it.sockets);
        let next = self.incarnate(side, connection, sockets, state, origin);
        let now = self.now;
        let Some(it) = self.hosts[side as usize].find_mut(connection) else { return };
        let previous = std::mem::replace(it, next);
        it.created = previous.created;
        it.previous = Some(Box::new(Incarnation { ended: Some(now), ..previous }));
        self.learn_from_arrival(trace, side, connection);
    }

    fn revive(&mut self, side: Side, connection: ConnectionId) {
        let Some(it) = self.hosts[side as usize].find_mut(connection) else { return };
        let Some(previous) = it.previous.take() else { return };
        let stale = std::mem::replace(it, Incarnation { ended: None, ..*previous });
        self.close(stale);
    }

    /// A SYN leaves: now the connection has a number.
    pub(super) fn learn_iss(&mut self, side: Side, connection: ConnectionId, iss: SeqNumber) {
        if let Some(it) = self.hosts[side as usize].find_mut(connection)
            && it.iss.is_none()
        {
            it.iss = Some(iss);
            self.meet(side, connection);
        }
    }

    /// Takes the other side's initial sequence number from the segment that just arrived.
    pub(super) fn learn_from_arrival(&mut self, trace: &Trace, side: Side, connection: ConnectionId) {
        let Some(segment) = self.arriving_segment(trace) else { return };
        let Some(it) = self.hosts[side as usize].find_mut(connection) else { return };
        if segment.flags.syn {
            it.irs = Some(segment.seq);
        } else {
            // What opens a connection without a SYN of its own answers a SYN cookie: it acknowledges our SYN, and its own
            // SYN came before (RFC 4987 §3.6).
            it.irs = Some(segment.seq - 1);
            it.iss = segment.ack.map(|ack| ack - 1);
        }
    }

    /// Looks whether an incarnation has a counterpart, after its numbers or its state have changed; and so for the one at
    /// the other end.
    pub(super) fn meet(&mut self, side: Side, connection: ConnectionId) {
        let Some(index) = self.hosts[side as usize].index_of(connection) else { return };
        self.judge(side, index);
        self.judge_opposite(side, self.hosts[side as usize].connections()[index].sockets);
    }

    fn judge_opposite(&mut self, side: Side, sockets: Option<Sockets>) {
        if let Some(index) = self.opposite(side, sockets) {
            self.judge(side.other(), index);
        }
    }

    fn judge(&mut self, side: Side, index: usize) {
        let it = &self.host(side).connections()[index];
        let counterpart = self.present_counterpart(it).map(|other| (other.id, other.irs.is_some()));
        let now = self.now;
        let it = self.hosts[side as usize].at_mut(index);
        if let Some((id, is_mutual)) = counterpart {
            it.counterpart = Some(id);
            it.is_bound |= is_mutual;
            it.half_open_since = None;
        } else if it.counterpart.is_some() && it.expects_something() {
            it.half_open_since.get_or_insert(now);
        }
    }

    /// The counterpart of an incarnation, if it is there.
    pub fn present_counterpart(&self, it: &Incarnation) -> Option<&Incarnation> {
        let other = &self.host(it.side.other()).connections()[self.opposite(it.side, it.sockets)?];
        (it.knows_numbers_of(other) && it.may_meet(other.id) && other.may_meet(it.id)).then_some(other)
    }

    /// Where the connection of the other host is that lies between the same sockets.
    fn opposite(&self, side: Side, sockets: Option<Sockets>) -> Option<usize> {
        let Sockets { local, remote } = sockets?;
        let mirrored = Some(Sockets { local: remote, remote: local });
        self.host(side.other()).connections().iter().rposition(|it| it.sockets == mirrored)
    }
}
