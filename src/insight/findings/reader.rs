//! Reads a trace event by event and says what is found.

use litemap::LiteMap;
use smallvec::{SmallVec, smallvec};

use crate::chronicle::{Account, Deliveries, Incarnation, IncarnationId, Reading, Whereabouts};
use crate::rule::Rule;
use crate::segment::Segment;
use crate::seq::SeqNumber;
use crate::tcp::{Call, ConnectionId, ConnectionOrigin, Intrusion, Role, SegmentId, Side, State};
use crate::time::Instant;
use crate::trace::{Event, EventKind, Trace};

use super::track::{Fin, Outgoing, Suspect, Track};
use super::{Cost, Finding, Kind, Party};

/// How many of the segments are remembered that acknowledge something for no connection: the SYN,ACK with a cookie.
const MOST_ANSWERS_OF_NOBODY: usize = 16;

/// What is known after some steps.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Reader {
    account: Account,
    /// The step that is read, and its time.
    step: usize,
    now: Instant,
    deliveries: Deliveries,
    tracks: LiteMap<IncarnationId, Track>,
    /// What left lately for no connection and acknowledged something: from which side, which segment, and what.
    answers_of_nobody: Vec<(Side, SegmentId, SeqNumber)>,
    /// What arrived in this step.
    arriving: Option<Arriving>,
    /// How the connection opens that comes to be in this step, and the last reason.
    way: Option<Kind>,
    reason: Option<Rule>,
}

/// The segment whose arrival began the step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Arriving {
    segment: SegmentId,
    /// Who sent it, and which incarnation.
    from: Option<Side>,
    sender: Option<IncarnationId>,
    intrusion: Option<Intrusion>,
}

impl Reading for Reader {
    type Told = Finding;

    fn steps(&self) -> usize {
        self.account.steps()
    }

    fn read_step(&mut self, trace: &Trace, found: &mut Vec<Finding>) {
        (self.arriving, self.way, self.reason) = (None, None, None);
        self.step = self.steps() + 1;
        for event in trace.step(self.step) {
            self.now = event.at;
            self.deliveries.before(&self.account, event);
            self.before(trace, event, found);
            self.account.take(trace, event);
            self.after(trace, event, found);
        }
        self.look_around(trace, found);
        self.forget();
    }

    fn step_of(found: &Finding) -> usize {
        found.step
    }
}

impl Reader {
    /// Those that stay because somebody does not close, or for whom nobody has come.
    pub fn left(&self) -> Vec<Finding> {
        let mut found = Vec::new();
        for side in Side::BOTH {
            for it in self.account.host(side).connections() {
                let track = self.tracks.get(&it.id);
                if it.is_ghost() && track.is_some_and(|track| !track.is_ghost) {
                    self.add(&mut found, Kind::Ghost, side, Some(it.connection)).cost.places = Some(1);
                }
                let (kind, of) = match it.state {
                    State::CloseWait => (Kind::StaysInCloseWait, Party::Side(side)),
                    State::FinWait2 if self.account.present_counterpart(it).is_some() => {
                        (Kind::StaysInFinWait2, Party::Side(side.other()))
                    }
                    State::FinWait2 => (Kind::StaysInFinWait2, Party::Nobody),
                    _ => continue,
                };
                self.add(&mut found, kind, side, Some(it.connection)).of = Some(of);
            }
        }
        found.iter_mut().for_each(|it| it.segments.clear());
        found
    }

    /// Something is found now.
    fn add<'a>(
        &self,
        found: &'a mut Vec<Finding>,
        kind: Kind,
        side: Side,
        connection: Option<ConnectionId>,
    ) -> &'a mut Finding {
        let segments = self.arriving.map(|it| it.segment).into_iter().collect();
        let (step, at) = (self.step, self.now);
        found.push(Finding { kind, side, connection, step, at, of: None, segments, cost: Cost::default() });
        found.last_mut().expect("it was just put there")
    }

    /// What is remembered of the present incarnation of a connection.
    fn track(&mut self, side: Side, connection: Option<ConnectionId>) -> Option<&mut Track> {
        let id = self.account.incarnation(side, connection?)?.id;
        Some(self.tracks.entry(id).or_insert_with(Track::new))
    }

    /// What is remembered of the counterpart of the present incarnation of a connection, also when it is gone.
    fn other(&self, side: Side, connection: Option<ConnectionId>) -> Option<&Track> {
        self.tracks.get(&self.other_end(self.account.incarnation(side, connection?)?)?)
    }

    /// The counterpart of an incarnation, or who takes it for its own: before the SYN,ACK only the other end knows both numbers.
    fn other_end(&self, it: &Incarnation) -> Option<IncarnationId> {
        let others = self.account.host(it.side.other()).connections();
        it.counterpart.or_else(|| others.iter().find(|other| other.counterpart == Some(it.id)).map(|other| other.id))
    }

    /// Looks at an event that the account does not know yet.
    fn before(&mut self, trace: &Trace, event: &Event, found: &mut Vec<Finding>) {
        match &event.kind {
            EventKind::Arrived { side, segment, copy, connection } => {
                self.arrive(trace, *segment, *copy);
                self.ignore_for_now(trace, *side, *connection);
            }
            EventKind::Crashed { side } => {
                let places = self.account.host(*side).connections().len() as u64;
                self.add(found, Kind::Crashed, *side, None).cost.places = Some(places).filter(|it| *it > 0);
            }
            EventKind::Decided { side, connection, rule } => {
                self.reason = Some(*rule);
                self.decide(trace, *side, *connection, *rule, found);
            }
            _ => {}
        }
    }

    /// A copy of a segment arrives.
    fn arrive(&mut self, trace: &Trace, segment: SegmentId, copy: u32) {
        let flight = self.account.flight(segment);
        let sender = flight.and_then(|it| it.sender);
        let place = flight.and_then(|it| it.copies.get(copy as usize));
        let is_damaged = matches!(place, Some(Whereabouts::Damaged(_)));
        let departure = trace.departure(segment);
        let (from, intrusion) = departure.map_or((None, None), |it| (it.from, it.intrusion));
        self.arriving = Some(Arriving { segment, from, sender, intrusion });
        if is_damaged {
            return;
        }
        match sender.and_then(|id| self.tracks.get_mut(&id)) {
            Some(track) => {
                track.answers.retain(|(id, _)| *id != segment);
                for it in track.outgoing.iter_mut().filter(|it| it.segment == segment) {
                    it.has_arrived = true;
                }
            }
            None => self.answers_of_nobody.retain(|(_, id, _)| *id != segment),
        }
    }

    /// What arrived may acknowledge something. Until that is decided, it is not taken.
    fn ignore_for_now(&mut self, trace: &Trace, side: Side, connection: Option<ConnectionId>) {
        let Some(ack) = self.arrived(trace).filter(|it| !it.flags.rst).and_then(|it| it.ack) else { return };
        if let Some(track) = self.track(side, connection) {
            track.ignores_answer |= track.outgoing.iter().any(|it| it.seq.is_before(ack));
        }
    }

    /// The segment that arrived.
    fn arrived<'a>(&self, trace: &'a Trace) -> Option<&'a Segment> {
        Some(&trace.datagram(self.arriving?.segment)?.segment)
    }

    /// The receiver takes what arrived, or answers it as something that it wants.
    fn taken(&mut self) {
        let Some(Arriving { segment, sender: Some(sender), .. }) = self.arriving else { return };
        let Some(track) = self.tracks.get_mut(&sender) else { return };
        for it in track.outgoing.iter_mut().filter(|it| it.segment == segment) {
            it.is_taken = true;
        }
    }

    fn decide(
        &mut self,
        trace: &Trace,
        side: Side,
        connection: Option<ConnectionId>,
        rule: Rule,
        found: &mut Vec<Finding>,
    ) {
        let state = self.account.state_of(side, connection);
        let is_forged = self.arriving.is_some_and(|it| it.intrusion == Some(Intrusion::Forged));
        match rule {
            Rule::SynInListen | Rule::SynReusesTimeWait | Rule::SimultaneousOpen | Rule::SynTextKept => self.taken(),
            Rule::TwoWayHandshake => {
                self.taken();
                self.way = Some(Kind::OpenedTwoWay);
            }
            Rule::SynCookieReturned => self.way = Some(Kind::OpenedWithCookie),
            Rule::SynCookieSent => {
                self.taken();
                let places = self.account.host(side).requests() as u64;
                self.add(found, Kind::CookieSent, side, connection).cost.places = Some(places).filter(|it| *it > 0);
            }
            Rule::BacklogFull | Rule::BacklogRefuses => {
                let places = self.account.host(side).requests() as u64;
                self.add(found, Kind::BacklogFull, side, connection).cost.places = Some(places).filter(|it| *it > 0);
            }
            Rule::HostFull => {
                let places = self.account.host(side).connections().len() as u64;
                self.add(found, Kind::BacklogFull, side, connection).cost.places = Some(places).filter(|it| *it > 0);
            }
            Rule::AcceptQueueFull | Rule::AcceptQueueRefuses => {
                let places = self.account.host(side).waiting() as u64;
                self.add(found, Kind::AcceptQueueFull, side, connection).cost.places =
                    Some(places).filter(|it| *it > 0);
            }
            Rule::TextInOrder | Rule::GapFilled => {
                self.taken();
                self.text_is_taken(found);
            }
            Rule::TextOutOfOrder
            | Rule::FinReceived
            | Rule::FinCrossesFin
            | Rule::FinInFinWait2
            | Rule::FinOutOfOrder => self.taken(),
            Rule::SynAckOfOurSyn => {
                self.taken();
                self.acknowledge(trace, side, connection, found);
            }
            Rule::OurSynAcknowledged | Rule::AckAdvances => self.acknowledge(trace, side, connection, found),
            Rule::OurFinAcknowledged | Rule::OurFinAcknowledgedInClosing | Rule::OurFinAcknowledgedInLastAck => {
                self.acknowledge(trace, side, connection, found);
                self.fin_is_acknowledged(side, connection, found);
            }
            Rule::ResetEndsConnection
            | Rule::ResetWhileLeaving
            | Rule::SynInWindowResets
            | Rule::ResetReturnsToListen
            | Rule::ListenerIsGone
            | Rule::ResetRefuses
            | Rule::ResetOfOurSyn => {
                if is_forged {
                    self.add(found, Kind::BlindResetAccepted, side, connection);
                }
                if let Some(track) = self.track(side, connection) {
                    track.has_learned = true;
                }
                if matches!(rule, Rule::ResetRefuses | Rule::ResetOfOurSyn) {
                    let began = connection.and_then(|id| self.account.incarnation(side, id)).map(|it| it.began);
                    let now = self.now;
                    self.add(found, Kind::Refused, side, connection).cost.time = began.map(|began| now.since(began));
                } else if state == State::TimeWait {
                    self.time_wait_ends(found, Kind::TimeWaitAssassinated, side, connection);
                } else if self.is_synchronized(side, connection) {
                    let from = self.arriving.and_then(|it| it.from).map_or(Party::Nobody, Party::Side);
                    self.reset(found, side, connection, from);
                }
            }
            Rule::ResetOutsideWindow
            | Rule::ResetChallenged
            | Rule::ResetNotForOurSyn
            | Rule::ResetIgnoredInTimeWait
            | Rule::SynChallenged
            | Rule::SegmentBeforeWindow
            | Rule::SegmentBeyondWindow => {
                let is_attack = self.arrived(trace).is_some_and(|it| it.flags.rst || it.flags.syn);
                if is_forged && is_attack {
                    self.add(found, Kind::BlindResetStopped, side, connection);
                }
            }
            Rule::FinInTimeWait => self.time_wait_ends(found, Kind::TimeWaitRestarted, side, connection),
            Rule::TimeWaitOver => self.time_wait_ends(found, Kind::TimeWaitOver, side, connection),
            Rule::OpenTakesTimeWait | Rule::TimeWaitSkipped => {
                self.time_wait_ends(found, Kind::TimeWaitCutShort, side, connection);
            }
            Rule::WindowCloses => {
                let now = self.now;
                let is_new = self.track(side, connection).is_some_and(|it| it.closed_since.replace(now).is_none());
                if is_new {
                    self.add(found, Kind::ZeroWindow, side, connection);
                }
            }
            Rule::SmallWindowWaits | Rule::WindowNotWorthTelling => {
                self.add(found, Kind::SillyWindowAvoided, side, connection);
            }
            Rule::GiveUp | Rule::UserTimeout | Rule::KeepAliveUnanswered => self.give_up(found, side, connection),
            _ => {}
        }
    }

    fn is_synchronized(&self, side: Side, connection: Option<ConnectionId>) -> bool {
        connection.and_then(|id| self.account.incarnation(side, id)).is_some_and(|it| it.is_synchronized)
    }

    /// Text that arrived is taken. It may have left behind the receiver's FIN.
    fn text_is_taken(&mut self, found: &mut Vec<Finding>) {
        let Some(Arriving { segment, from: Some(from), sender: Some(sender), .. }) = self.arriving else { return };
        let Some(connection) = self.connection_of(from, sender) else { return };
        let Some(track) = self.tracks.get_mut(&sender) else { return };
        let is_behind_fin = track.outgoing.iter().any(|it| it.segment == segment && it.is_behind_fin);
        if is_behind_fin && !track.uses_half_close {
            track.uses_half_close = true;
            self.add(found, Kind::HalfCloseUsed, from, Some(connection));
        }
    }

    /// The connection whose present incarnation this is.
    fn connection_of(&self, side: Side, id: IncarnationId) -> Option<ConnectionId> {
        self.account.host(side).connections().iter().find(|it| it.id == id).map(|it| it.connection)
    }

    /// What arrived acknowledges something new, and may say that the window is open again.
    fn acknowledge(&mut self, trace: &Trace, side: Side, connection: Option<ConnectionId>, found: &mut Vec<Finding>) {
        let Some(segment) = self.arrived(trace) else { return };
        let Some(ack) = segment.ack else { return };
        if let Some(track) = self.track(side, connection) {
            track.acknowledged(ack);
        }
        let counterpart = connection.and_then(|id| self.account.incarnation(side, id)?.counterpart);
        if let Some(other) = counterpart.and_then(|id| self.tracks.get_mut(&id)) {
            other.answers.retain(|(_, it)| it.is_after(ack));
        }
        self.look_at_window(segment, side, connection, found);
    }

    fn look_at_window(
        &mut self,
        segment: &Segment,
        side: Side,
        connection: Option<ConnectionId>,
        found: &mut Vec<Finding>,
    ) {
        if segment.wnd == 0 {
            return;
        }
        let since = self.track(side, connection).and_then(|it| it.closed_since.take());
        if let Some(since) = since {
            let time = self.now.since(since);
            self.add(found, Kind::WindowReopened, side, connection).cost.time = Some(time);
        }
    }

    fn fin_is_acknowledged(&mut self, side: Side, connection: Option<ConnectionId>, found: &mut Vec<Finding>) {
        let now = self.now;
        let by = self.arriving.map(|it| it.segment);
        let Some(track) = self.track(side, connection) else { return };
        let Some(fin) = &mut track.fin else { return };
        fin.acknowledged_by = by;
        let fin = *fin;
        let answers_fin = track.answers_fin;
        if std::mem::take(&mut track.is_last_ack_lost) {
            let it = self.add(found, Kind::LastAckRepaired, side, connection);
            it.segments.insert(0, fin.segment);
            it.cost.time = Some(now.since(fin.at));
        }
        let Some(other) = self.other(side, connection) else { return };
        let Some(other_fin) = other.fin.filter(|it| it.acknowledged_by.is_some()) else { return };
        // Whose FIN left first, and what first acknowledged it.
        let is_ours_first = fin.segment < other_fin.segment;
        let (first, second) = if is_ours_first { (fin, other_fin) } else { (other_fin, fin) };
        let answer = if is_ours_first { other.answers_fin } else { answers_fin };
        let kind = match answer {
            _ if second.ack != Some(first.end) => Kind::ClosedSimultaneously,
            Some((_, true)) => Kind::ClosedInThree,
            _ => Kind::ClosedInFour,
        };
        let opposite = || {
            let it = self.account.incarnation(side, connection?)?;
            self.account.present_counterpart(it).map(|it| it.connection)
        };
        // Where the other end is forgotten already, what is found stands at this one.
        let (side, connection) = match opposite() {
            Some(id) if !is_ours_first => (side.other(), Some(id)),
            _ => (side, connection),
        };
        let last = second.acknowledged_by.or(first.acknowledged_by);
        let it = self.add(found, kind, side, connection);
        it.segments.clear();
        for id in [Some(first.segment), answer.map(|it| it.0), Some(second.segment), last].into_iter().flatten() {
            let place = it.segments.partition_point(|other| *other < id);
            if it.segments.get(place) != Some(&id) {
                it.segments.insert(place, id);
            }
        }
        it.cost.time = Some(now.since(first.at));
    }

    /// TIME-WAIT comes to an end, or begins anew.
    fn time_wait_ends(&self, found: &mut Vec<Finding>, kind: Kind, side: Side, connection: Option<ConnectionId>) {
        let id = connection.and_then(|id| self.account.incarnation(side, id)).map(|it| it.id);
        let since = id.and_then(|id| self.tracks.get(&id)).and_then(|it| it.waits_since);
        let now = self.now;
        self.add(found, kind, side, connection).cost.time = Some(now.since(since.unwrap_or(now)));
    }

    /// A connection ends by a reset.
    fn reset(&self, found: &mut Vec<Finding>, side: Side, connection: Option<ConnectionId>, of: Party) {
        let id = connection.and_then(|id| self.account.incarnation(side, id)).map(|it| it.id);
        let handed_over = id.and_then(|id| self.tracks.get(&id)).map_or(0, |it| it.handed_over);
        let received = self.other(side, connection).map_or(0, |it| it.received);
        let lost = handed_over.saturating_sub(received);
        let it = self.add(found, Kind::ClosedByReset, side, connection);
        it.of = Some(of);
        it.cost.octets = (lost > 0).then_some(lost);
    }

    /// Nobody answers for too long.
    fn give_up(&mut self, found: &mut Vec<Finding>, side: Side, connection: Option<ConnectionId>) {
        let now = self.now;
        let Some(track) = self.track(side, connection) else { return };
        track.has_learned = true;
        let oldest = track.outgoing.first().copied();
        let it = self.add(found, Kind::GaveUp, side, connection);
        if let Some(oldest) = oldest {
            it.segments = smallvec![oldest.segment];
            it.cost.time = Some(now.since(oldest.at));
        }
    }

    /// Looks at an event that the account has just taken in.
    fn after(&mut self, trace: &Trace, event: &Event, found: &mut Vec<Finding>) {
        if let Some(it) = self.deliveries.after(trace, &self.account, event) {
            if let Some(track) = self.track(it.side, Some(it.connection)) {
                track.received += it.octets;
            }
            if it.stale > 0 {
                let is_forged =
                    |id: &SegmentId| trace.departure(*id).is_some_and(|it| it.intrusion == Some(Intrusion::Forged));
                let is_all_forged = !it.foreign.is_empty() && it.foreign.iter().all(is_forged);
                let kind = if is_all_forged { Kind::ForgedTextTaken } else { Kind::OldTextDelivered };
                let finding = self.add(found, kind, it.side, Some(it.connection));
                finding.segments = it.foreign.iter().copied().collect();
                finding.cost.octets = Some(it.stale);
            }
        }
        match &event.kind {
            EventKind::Called { side, connection, call, result: Ok(_) } => {
                if let Call::Send { data, .. } = &**call
                    && let Some(track) = self.track(*side, *connection)
                {
                    track.handed_over += data.len() as u64;
                }
            }
            EventKind::Created { side, connection, origin, .. } if *origin != ConnectionOrigin::Opened => {
                self.suspect(trace, *side, *connection);
            }
            EventKind::Entered { side, connection: Some(id), from, to, .. } => {
                self.enter(trace, *side, *id, *from, *to, found)
            }
            EventKind::Decided { side, connection, rule: Rule::WindowUpdated } => {
                if let Some(segment) = self.arrived(trace) {
                    self.look_at_window(segment, *side, *connection, found);
                }
            }
            EventKind::Sent { side, connection, segment, datagram, role } => {
                self.send(*side, *connection, *segment, &datagram.segment, *role, found);
            }
            _ => {}
        }
    }

    /// A SYN has made an incarnation. Perhaps nobody stands behind it.
    fn suspect(&mut self, trace: &Trace, side: Side, connection: ConnectionId) {
        let Some(arriving) = self.arriving else { return };
        if !self.arrived(trace).is_some_and(|it| it.flags.syn) {
            return;
        }
        let Some(it) = self.account.incarnation(side, connection) else { return };
        if self.account.present_counterpart(it).is_none() {
            let is_forged = arriving.intrusion == Some(Intrusion::Forged);
            let suspect = Suspect { segment: arriving.segment, is_forged, is_told: false };
            if let Some(track) = self.track(side, Some(connection)) {
                track.suspect = Some(suspect);
            }
        }
    }

    fn enter(
        &mut self,
        trace: &Trace,
        side: Side,
        connection: ConnectionId,
        from: State,
        to: State,
        found: &mut Vec<Finding>,
    ) {
        let now = self.now;
        match (from, to) {
            (State::TimeWait, State::SynReceived) => {
                let previous = self.account.incarnation(side, connection).and_then(|it| it.previous()).map(|it| it.id);
                let since = previous.and_then(|id| self.tracks.get(&id)).and_then(|it| it.waits_since);
                let it = self.add(found, Kind::TimeWaitCutShort, side, Some(connection));
                it.cost.time = since.map(|since| now.since(since));
                self.suspect(trace, side, connection);
            }
            (State::SynReceived, State::TimeWait) => {}
            (_, State::TimeWait) => {
                if let Some(track) = self.track(side, Some(connection)) {
                    track.waits_since = Some(now);
                }
                self.add(found, Kind::TimeWaitBegan, side, Some(connection));
            }
            (State::SynReceived, State::FinWait1) => {
                if let Some(track) = self.track(side, Some(connection)) {
                    track.is_unanswered = track.una.is_none();
                }
            }
            (State::SynSent, State::SynReceived) => {
                self.suspect(trace, side, connection);
                if let Some(track) = self.track(side, Some(connection)).filter(|it| it.suspect.is_none()) {
                    track.way = Kind::OpenedSimultaneously;
                }
            }
            _ => {}
        }
    }

    /// A segment leaves.
    fn send(
        &mut self,
        side: Side,
        connection: Option<ConnectionId>,
        id: SegmentId,
        segment: &Segment,
        role: Option<Role>,
        found: &mut Vec<Finding>,
    ) {
        let now = self.now;
        match role {
            Some(Role::ChallengeAck) => self.add(found, Kind::ChallengeAck, side, connection).segments.insert(0, id),
            Some(Role::Probe) => self.add(found, Kind::WindowProbe, side, connection).segments = smallvec![id],
            Some(Role::KeepAlive) => self.add(found, Kind::KeepAlive, side, connection).segments = smallvec![id],
            Some(Role::Abort) if self.is_synchronized(side, connection) => {
                self.reset(found, side, connection, Party::Side(side));
                if let Some(it) = found.last_mut() {
                    it.segments = smallvec![id];
                }
            }
            // What a probe carried was refused: that is no repetition.
            Some(Role::Retransmission) if self.reason != Some(Rule::RefusedTextAgain) => {
                self.repeat(side, connection, id, segment, found);
            }
            _ => {}
        }
        let state = self.account.state_of(side, connection);
        let present = connection.and_then(|id| self.account.incarnation(side, id));
        let is_to_nobody = present.is_some_and(|it| it.is_synchronized && it.sockets.is_some())
            && present.and_then(|it| self.account.present_counterpart(it)).is_none();
        let other = self.other(side, connection);
        let (other_una, other_fin) = (other.and_then(|it| it.una), other.and_then(|it| it.fin));
        let is_refused_again = role == Some(Role::Retransmission) && self.reason == Some(Rule::RefusedTextAgain);
        let Some(track) = self.track(side, connection) else {
            if let Some(ack) = segment.ack.filter(|_| !segment.flags.rst) {
                if self.answers_of_nobody.len() == MOST_ANSWERS_OF_NOBODY {
                    self.answers_of_nobody.remove(0);
                }
                self.answers_of_nobody.push((side, id, ack));
            }
            return;
        };
        if is_refused_again {
            track.outgoing.retain(|it| it.seq != segment.seq);
        }
        if is_to_nobody {
            track.to_nobody += segment.payload.len() as u64;
        }
        if segment.flags.fin && track.fin.is_none() {
            let (end, ack) = (segment.end(), segment.ack);
            track.fin = Some(Fin { segment: id, at: now, end, ack, acknowledged_by: None });
        }
        if let Some(ack) = segment.ack.filter(|_| !segment.flags.rst) {
            if other_una.is_none_or(|una| ack.is_after(una)) {
                track.answers.push((id, ack));
            }
            if other_fin.is_some_and(|it| it.end == ack) {
                track.answers_fin.get_or_insert((id, segment.flags.fin));
            }
        }
        if !segment.is_empty() {
            let is_behind_fin = matches!(state, State::CloseWait | State::LastAck);
            track.outgoing.push(Outgoing {
                segment: id,
                at: now,
                seq: segment.seq,
                end: segment.end(),
                is_behind_fin: is_behind_fin && !segment.payload.is_empty(),
                has_arrived: false,
                is_taken: false,
            });
        }
        let suspect = track.suspect.as_mut().filter(|it| !it.is_told && segment.flags.syn);
        if let Some(suspect) = suspect {
            suspect.is_told = true;
            let kind = match (state, suspect.is_forged) {
                (State::SynReceived, true) => Kind::ForgedSynAnswered,
                (State::SynReceived, false) => Kind::OldSynAnswered,
                // It is believed: the end of the step says so.
                _ => return,
            };
            let syn = suspect.segment;
            let it = self.add(found, kind, side, connection);
            it.segments = smallvec![syn, id];
            it.cost.places = Some(1);
        }
    }

    /// A segment is sent again. Why that was necessary, or was not, is known from what became of the earlier copies and of
    /// their answers.
    fn repeat(
        &mut self,
        side: Side,
        connection: Option<ConnectionId>,
        id: SegmentId,
        segment: &Segment,
        found: &mut Vec<Finding>,
    ) {
        let Some(present) = connection.and_then(|id| self.account.incarnation(side, id)) else { return };
        let is_last = segment.flags.fin && matches!(present.state, State::LastAck | State::Closing);
        let Some(track) = self.tracks.get(&present.id) else { return };
        let is_meant = |it: &&Outgoing| it.seq.is_at_or_before(segment.seq) && it.end.is_after(segment.seq);
        let Some(first) = track.outgoing.iter().find(is_meant).copied() else { return };
        let (mut has_arrived, mut is_taken, mut is_late, mut last) = (false, false, false, first);
        for it in track.outgoing.iter().filter(is_meant) {
            has_arrived |= it.has_arrived;
            is_taken |= it.is_taken;
            is_late |= self.is_on_its_way(it.segment);
            last = *it;
        }
        let mut answer = None;
        let other = self.other_end(present).and_then(|id| self.tracks.get(&id));
        let answers = other.map_or(&[][..], |it| &it.answers);
        let of_nobody = self.answers_of_nobody.iter().filter(|it| it.0 != side).map(|it| (it.1, it.2));
        for (id, _) in answers.iter().copied().chain(of_nobody).filter(|it| it.1.is_after(segment.seq)) {
            answer = Some(id);
            if self.is_on_its_way(id) {
                break;
            }
        }
        let kind = match answer {
            _ if !has_arrived && is_late => Kind::RepeatedLate,
            _ if !has_arrived => Kind::RepeatedLost,
            _ if !is_taken || track.ignores_answer => Kind::RepeatedNotTaken,
            Some(id) if !self.is_on_its_way(id) => Kind::RepeatedAckLost,
            _ => Kind::RepeatedLate,
        };
        let now = self.now;
        if kind == Kind::RepeatedNotTaken && track.closed_since.is_some() {
            // It asks the closed window again.
            self.add(found, Kind::WindowProbe, side, connection).segments = smallvec![id];
            return;
        }
        let it = self.add(found, kind, side, connection);
        it.segments = smallvec![last.segment, id];
        if let Some(answer) = answer.filter(|_| kind == Kind::RepeatedAckLost) {
            it.segments.insert(1, answer);
        }
        it.cost.time = Some(now.since(last.at));
        it.cost.octets = Some(segment.payload.len() as u64).filter(|octets| *octets > 0);
        if is_last && kind == Kind::RepeatedAckLost {
            let again = Finding { kind: Kind::LastAckLost, ..it.clone() };
            found.push(again);
            if let Some(track) = self.track(side, connection) {
                track.is_last_ack_lost = true;
            }
        }
    }

    /// Whether a copy of a segment may still arrive undamaged.
    fn is_on_its_way(&self, segment: SegmentId) -> bool {
        let flight = self.account.flight(segment);
        flight.is_some_and(|it| it.copies.iter().any(|it| matches!(it, Whereabouts::Due(_) | Whereabouts::Held)))
    }

    /// What the step has made of the connections.
    fn look_around(&mut self, trace: &Trace, found: &mut Vec<Finding>) {
        if let Some(way) = self.way
            && let Some(Arriving { from, .. }) = self.arriving
        {
            let side = from.map_or(Side::Server, Side::other);
            let youngest = self.account.host(side).connections().last().map(|it| it.connection);
            if let Some(track) = self.track(side, youngest) {
                track.way = way;
            }
        }
        for side in Side::BOTH {
            for index in 0..self.account.host(side).connections().len() {
                let it = &self.account.host(side).connections()[index];
                // Of most there is nothing new: a host may have a thousand.
                if self.may_be_news(it) {
                    let it = it.clone();
                    self.look_at(&it, found);
                    self.look_at_opening(trace, &it, found);
                }
            }
        }
        for it in self.account.ended().to_vec() {
            self.look_at(&it, found);
            self.look_at_end(trace, &it, found);
        }
    }

    /// Whether an incarnation is something that was not said of it.
    fn may_be_news(&self, it: &Incarnation) -> bool {
        let (is_ghost, is_half_open) = (it.is_ghost(), it.half_open_since.is_some());
        if !is_ghost && !is_half_open && !it.is_synchronized {
            return false;
        }
        self.tracks.get(&it.id).is_none_or(|track| {
            (is_ghost && !track.is_ghost)
                || (is_half_open && !track.is_half_open)
                || (it.is_synchronized && !track.is_open)
        })
    }

    /// Whether an incarnation has become a ghost, or half-open.
    fn look_at(&mut self, it: &Incarnation, found: &mut Vec<Finding>) {
        let connection = Some(it.connection);
        let track = self.tracks.entry(it.id).or_insert_with(Track::new);
        // Whoever got a SYN,ACK of a host that remembers nothing has a counterpart as soon as its cookie comes back.
        let from_nobody = self.arriving.is_some_and(|it| it.sender.is_none() && it.intrusion.is_none());
        if it.is_ghost() && !track.is_ghost && from_nobody && it.ended.is_none() {
            track.has_cookie = true;
        }
        if it.is_ghost() && !track.is_ghost && !(track.has_cookie && it.ended.is_none()) {
            track.is_ghost = true;
            if let Some(suspect) = track.suspect.filter(|it| !it.is_forged) {
                self.add(found, Kind::OldSynBelieved, it.side, connection).segments = smallvec![suspect.segment];
            }
            self.add(found, Kind::Ghost, it.side, connection).cost.places = Some(1);
        }
        let track = self.tracks.entry(it.id).or_insert_with(Track::new);
        if it.half_open_since.is_some() && !track.is_half_open {
            track.is_half_open = true;
            self.add(found, Kind::HalfOpen, it.side, connection).segments = SmallVec::new();
        }
    }

    /// Whether both ends are open now.
    fn look_at_opening(&mut self, trace: &Trace, it: &Incarnation, found: &mut Vec<Finding>) {
        let is_told = self.tracks.get(&it.id).is_some_and(|track| track.is_open);
        if is_told || !it.is_synchronized {
            return;
        }
        let Some(other) = self.account.present_counterpart(it).filter(|it| it.is_synchronized) else { return };
        let other = (other.id, other.side, other.connection, other.began, other.is_child());
        if [it.id, other.0].iter().any(|id| self.tracks.get(id).is_some_and(|track| track.is_unanswered)) {
            return;
        }
        let mut way = Kind::OpenedThreeWay;
        for id in [it.id, other.0] {
            let track = self.tracks.entry(id).or_insert_with(Track::new);
            track.is_open = true;
            if track.way != Kind::OpenedThreeWay {
                way = track.way;
            }
        }
        // Who opened first.
        let is_others = if it.is_child() == other.4 { other.3 < it.began } else { it.is_child() };
        let (side, connection, began) =
            if is_others { (other.1, other.2, other.3) } else { (it.side, it.connection, it.began) };
        let time = self.now.since(began);
        let (segments, is_whole) = self.chain(trace);
        let finding = self.add(found, way, side, Some(connection));
        finding.cost.time = Some(time);
        finding.cost.trips = u32::try_from(segments.len()).ok().filter(|_| is_whole);
        finding.segments = segments;
    }

    /// The segments that led to this step one after the other, each sent because the one before arrived; and whether a SYN
    /// was the first of them.
    fn chain(&self, trace: &Trace) -> (SmallVec<[SegmentId; 4]>, bool) {
        let mut segments = SmallVec::new();
        let mut step = self.step;
        while let Some(EventKind::Arrived { segment, .. }) = trace.step(step).first().map(|it| &it.kind)
            && let Some(departure) = trace.departure(*segment)
        {
            segments.insert(0, *segment);
            step = departure.step as usize;
            // What came before the SYN is another matter.
            if departure.datagram.segment.flags.syn && departure.datagram.segment.ack.is_none() {
                return (segments, true);
            }
        }
        (segments, false)
    }

    /// An incarnation has come to its end.
    fn look_at_end(&mut self, trace: &Trace, it: &Incarnation, found: &mut Vec<Finding>) {
        let Some(track) = self.tracks.get(&it.id).cloned() else { return };
        let connection = Some(it.connection);
        let now = self.now;
        let answer = self.arrived(trace).filter(|it| it.flags.rst || it.flags.syn);
        if let Some(suspect) = track.suspect.filter(|it| !it.is_forged)
            && it.counterpart.is_none()
            && answer.is_some()
        {
            let finding = self.add(found, Kind::OldSynUnmasked, it.side, connection);
            finding.segments.insert(0, suspect.segment);
            finding.cost.time = Some(now.since(it.began));
        }
        if track.is_ghost {
            let finding = self.add(found, Kind::GhostOver, it.side, connection);
            finding.cost.time = Some(now.since(it.began));
            finding.cost.octets = (track.to_nobody > 0).then_some(track.to_nobody);
        }
        if let Some(since) = it.half_open_since.filter(|_| track.has_learned) {
            let finding = self.add(found, Kind::HalfOpenFound, it.side, connection);
            finding.cost.time = Some(now.since(since));
        }
    }

    /// Forgets those that have ended, once their counterparts have.
    fn forget(&mut self) {
        for it in self.account.ended().to_vec() {
            let side = it.side.other();
            match it.counterpart {
                Some(id) if self.connection_of(side, id).is_some() => {}
                counterpart => {
                    self.tracks.remove(&it.id);
                    if let Some(id) = counterpart {
                        self.tracks.remove(&id);
                    }
                }
            }
        }
    }
}
