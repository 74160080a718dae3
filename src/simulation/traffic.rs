//! What is in the network: every copy of every segment that has not arrived.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use smallvec::SmallVec;

use crate::host::MOST_CONNECTIONS;
use crate::in_place::push_in_place;
use crate::network::{Carried, Copies, Link, Refusal, Transit, apply, resets_for};
use crate::segment::{Datagram, Segment};
use crate::tcp::{Action, ConnectionId, Intrusion, Role, SegmentId, Side};
use crate::time::Instant;
use crate::trace::{EventKind, Fate, Record, Source};

use super::{DeedError, MOST_IN_TRANSIT};

/// Of so many SYN,ACKs it is remembered which they were: as many as a host has connections.
const SYN_ACKS_REMEMBERED: usize = MOST_CONNECTIONS;

/// The link and what is on it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Traffic {
    link: Link,
    /// Where each side is to be found.
    addresses: [IpAddr; 2],
    in_transit: Vec<InTransit>,
    /// How many segments have a number.
    named: usize,
    /// The last SYN,ACKs that left: nobody else remembers a cookie.
    syn_acks: SmallVec<[Arc<Datagram>; 2]>,
}

/// A copy of a segment in the network.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct InTransit {
    /// Which segment.
    pub segment: SegmentId,
    /// Which copy of it.
    pub copy: u32,
    /// How many copies of it there ever were.
    pub copies: u32,
    /// Who sent it; `None` if no present connection did.
    pub from: Option<Side>,
    /// Whom it travels to.
    pub to: Side,
    /// What it is.
    pub datagram: Arc<Datagram>,
    /// When it arrives, and whether its octets are still what was sent.
    pub carried: Carried,
}

impl Traffic {
    /// Nothing is on its way yet.
    pub fn new(link: Link, addresses: [IpAddr; 2]) -> Self {
        Self { link, addresses, in_transit: Vec::new(), named: 0, syn_acks: SmallVec::new() }
    }

    /// The link.
    pub fn link(&self) -> &Link {
        &self.link
    }

    /// The link, to change it.
    pub fn link_mut(&mut self) -> &mut Link {
        &mut self.link
    }

    /// What has not arrived.
    pub fn in_transit(&self) -> &[InTransit] {
        &self.in_transit
    }

    /// What arrives next, and when: at one instant in the order in which the segments left.
    pub fn next_arrival(&self) -> Option<(Instant, usize)> {
        let mut next: Option<((Instant, SegmentId, u32), usize)> = None;
        for (index, it) in self.in_transit.iter().enumerate() {
            if let Transit::Due(at) = it.carried.transit {
                let key = (at, it.segment, it.copy);
                if next.is_none_or(|(first, _)| key < first) {
                    next = Some((key, index));
                }
            }
        }
        next.map(|((at, ..), index)| (at, index))
    }

    /// Takes what arrives out of the network.
    pub fn take(&mut self, index: usize) -> InTransit {
        self.in_transit.remove(index)
    }

    /// A segment leaves.
    pub fn send(
        &mut self,
        now: Instant,
        side: Side,
        connection: Option<ConnectionId>,
        datagram: Arc<Datagram>,
        role: Role,
        record: &mut impl Record,
    ) {
        let segment = self.name_segment();
        if datagram.segment.flags.syn && datagram.segment.ack.is_some() {
            self.remember_syn_ack(&datagram);
        }
        let sent = &datagram;
        record.leave(now, segment, move || EventKind::Sent {
            side,
            connection,
            segment,
            datagram: Arc::clone(sent),
            role: Some(role),
        });
        let (from, to) = (Some(side), side.other());
        let room = MOST_IN_TRANSIT.saturating_sub(self.in_transit.len());
        let is_for_somebody = datagram.destination.ip() == self.addresses[to as usize];
        if room > 0
            && is_for_somebody
            && let Some(carried) = self.link.carry_plainly(now, side)
        {
            let it = InTransit { segment, copy: 0, copies: 1, from, to, datagram, carried };
            self.put(now, it, record);
            return;
        }
        let mut copies = self.link.carry(now, side, &datagram.segment);
        if let Some(refusal) = self.link.inspect(now, to, &datagram) {
            self.stop(now, segment, &datagram, refusal, record);
            return;
        }
        // A network that is full loses whatever else is sent. What goes to an address that nobody has is lost too, such as the
        // answer to a SYN whose source address is forged (RFC 4987 §2.1).
        copies.truncate(if is_for_somebody { room } else { 0 });
        if copies.is_empty() {
            record.route(now, segment, 0, Fate::Lost);
        }
        let count = u32::try_from(copies.len()).unwrap_or(u32::MAX);
        for (copy, carried) in (0..).zip(copies) {
            let datagram = Arc::clone(&datagram);
            self.put(now, InTransit { segment, copy, copies: count, from, to, datagram, carried }, record);
        }
    }

    /// A copy sets out.
    #[inline(always)]
    fn put(&mut self, now: Instant, it: InTransit, record: &mut impl Record) {
        record.route(now, it.segment, it.copy, fate_of(it.carried));
        push_in_place(&mut self.in_transit, move || it);
    }

    /// Something happens to a segment on its way.
    pub fn interfere(
        &mut self,
        now: Instant,
        segment: SegmentId,
        action: Action,
        record: &mut impl Record,
    ) -> Result<(), DeedError> {
        if segment.index() >= self.named {
            return Err(DeedError::NoSuchSegment(segment));
        }
        let indices: Vec<usize> =
            (0..self.in_transit.len()).filter(|index| self.in_transit[*index].segment == segment).collect();
        let Some(first) = indices.first().map(|index| self.in_transit[*index].clone()) else {
            return Err(DeedError::NotOnItsWay(segment));
        };
        let before: Copies = indices.iter().map(|index| self.in_transit[*index].carried).collect();
        if action == Action::Release && !before.iter().any(|it| it.transit == Transit::Held) {
            return Err(DeedError::NotHeld(segment));
        }
        if matches!(action, Action::Duplicate(_)) && self.in_transit.len() >= MOST_IN_TRANSIT {
            return Err(DeedError::TooManyInTransit);
        }
        let mut after = before.clone();
        apply(action, &mut after, now, self.link.delay);
        record.begin(now, Source::Segment(segment), || EventKind::Interfered { segment, action });
        let mut copies = first.copies;
        for (place, index) in indices.iter().enumerate() {
            let it = &mut self.in_transit[*index];
            let copy = it.copy;
            match after.get(place) {
                Some(carried) if *carried == it.carried => {}
                Some(carried) => {
                    it.carried = *carried;
                    record.route(now, segment, copy, fate_of(*carried));
                }
                None => record.route(now, segment, copy, Fate::Lost),
            }
        }
        if after.is_empty() {
            self.in_transit.retain(|it| it.segment != segment);
        }
        for carried in after.into_iter().skip(before.len()) {
            self.put(now, InTransit { copy: copies, carried, ..first.clone() }, record);
            copies += 1;
        }
        for it in self.in_transit.iter_mut().filter(|it| it.segment == segment) {
            it.copies = copies;
        }
        Ok(())
    }

    /// A segment that no present connection sent enters the network.
    pub fn intrude(
        &mut self,
        now: Instant,
        intrusion: Intrusion,
        to: Side,
        datagram: Arc<Datagram>,
        record: &mut impl Record,
    ) -> Result<(), DeedError> {
        if self.in_transit.len() >= MOST_IN_TRANSIT {
            return Err(DeedError::TooManyInTransit);
        }
        let segment = self.name_segment();
        record.begin(now, Source::Intruder(segment), || EventKind::Intruded {
            segment,
            intrusion,
            to,
            datagram: Arc::clone(&datagram),
        });
        match self.link.inspect(now, to, &datagram) {
            Some(refusal) => self.stop(now, segment, &datagram, refusal, record),
            None => self.put_in(now, segment, to, datagram, record),
        }
        Ok(())
    }

    /// What no present connection sent sets out.
    fn put_in(
        &mut self,
        now: Instant,
        segment: SegmentId,
        to: Side,
        datagram: Arc<Datagram>,
        record: &mut impl Record,
    ) {
        let carried = Carried::due(now + self.link.delay);
        self.put(now, InTransit { segment, copy: 0, copies: 1, from: None, to, datagram, carried }, record);
    }

    /// The middlebox stops a segment, and may reset both ends: it stands in the middle, so that its resets arrive when the segment
    /// itself, or the answer to it, would have.
    #[cold]
    fn stop(
        &mut self,
        now: Instant,
        segment: SegmentId,
        datagram: &Datagram,
        refusal: Refusal,
        record: &mut impl Record,
    ) {
        record.route(now, segment, 0, Fate::Stopped(refusal.objection));
        for reset in refusal.resets.then(|| resets_for(datagram)).flatten().into_iter().flatten() {
            // An address that nobody has gets nothing, and neither does anybody where the network is full.
            let to = Side::BOTH.into_iter().find(|side| self.addresses[*side as usize] == reset.destination.ip());
            let Some(to) = to.filter(|_| self.in_transit.len() < MOST_IN_TRANSIT) else { continue };
            let (segment, datagram) = (self.name_segment(), Arc::new(reset));
            let sent = &datagram;
            record.leave(now, segment, move || EventKind::Intruded {
                segment,
                intrusion: Intrusion::Middlebox,
                to,
                datagram: Arc::clone(sent),
            });
            self.put_in(now, segment, to, datagram, record);
        }
    }

    /// Checks what must hold after every event.
    ///
    /// # Panics
    /// If an invariant is broken, with its name.
    pub fn check_invariants(&self, now: Instant) {
        assert!(self.in_transit.len() <= MOST_IN_TRANSIT, "the network is bounded");
        for it in &self.in_transit {
            assert!(
                matches!(it.carried.transit, Transit::Held)
                    || matches!(it.carried.transit, Transit::Due(at) if at >= now),
                "no copy is late"
            );
        }
    }

    #[cold]
    fn remember_syn_ack(&mut self, datagram: &Arc<Datagram>) {
        if self.syn_acks.len() == SYN_ACKS_REMEMBERED {
            self.syn_acks.remove(0);
        }
        self.syn_acks.push(Arc::clone(datagram));
    }

    /// The last SYN,ACK between two sockets, if it is remembered.
    pub fn last_syn_ack(&self, source: SocketAddr, destination: SocketAddr) -> Option<&Segment> {
        let is_it = |it: &&Arc<Datagram>| (it.source, it.destination) == (source, destination);
        self.syn_acks.iter().rev().find(is_it).map(|it| &it.segment)
    }

    fn name_segment(&mut self) -> SegmentId {
        let id = SegmentId::after(self.named);
        self.named += 1;
        id
    }
}

fn fate_of(carried: Carried) -> Fate {
    match carried {
        Carried { transit: Transit::Held, .. } => Fate::Held,
        Carried { transit: Transit::Due(at), is_intact: true } => Fate::Due(at),
        Carried { transit: Transit::Due(at), is_intact: false } => Fate::Damaged(at),
    }
}
