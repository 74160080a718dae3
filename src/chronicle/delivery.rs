//! Whose text users receive.

use bytes::Bytes;
use litemap::LiteMap;
use smallvec::SmallVec;

use crate::segment::Segment;
use crate::seq::SeqNumber;
use crate::tcp::{ConnectionId, Reply, SegmentId, Side, State, UserEvent};
use crate::trace::{Event, EventKind, Trace};

use super::{Account, IncarnationId};

/// Follows the text of all incarnations to their users.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Deliveries {
    /// The segment whose arrival began the step, and which incarnation sent it.
    arriving: Option<(SegmentId, Option<IncarnationId>)>,
    streams: LiteMap<IncarnationId, Stream>,
}

/// Octets that a user receives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// Whose user.
    pub side: Side,
    /// On which connection.
    pub connection: ConnectionId,
    /// How many octets.
    pub octets: u64,
    /// How many of these are stale: no segment from the counterpart had brought this octet for this place of the stream by
    /// then, so it is from an old or a forged segment or from one of another incarnation.
    pub stale: u64,
    /// The segments with text that have arrived since the delivery before and are not the counterpart's.
    pub foreign: SmallVec<[SegmentId; 1]>,
}

/// The text that an incarnation receives.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Stream {
    /// How many octets the user has received.
    delivered: i64,
    /// The segments with text that arrived since the last delivery, and which incarnation sent them.
    arrived: Vec<(SegmentId, Option<IncarnationId>)>,
    /// What the counterpart's segments brought: the place of the first octet in the stream, and the text.
    genuine: Vec<(i64, Bytes)>,
}

impl Deliveries {
    /// Looks at the next event of a trace, which `account` does not know yet.
    pub fn before(&mut self, account: &Account, event: &Event) {
        if event.step as usize != account.steps() {
            for it in account.ended() {
                self.streams.remove(&it.id);
            }
            self.arriving = None;
        }
        if let EventKind::Arrived { segment, .. } = &event.kind {
            let sender = account.flight(*segment).and_then(|it| it.sender);
            self.arriving = Some((*segment, sender));
        }
    }

    /// Looks at the same event again, when `account` has taken it in; says what a user receives by it.
    pub fn after(&mut self, trace: &Trace, account: &Account, event: &Event) -> Option<Delivery> {
        match &event.kind {
            EventKind::Called { side, connection: Some(connection), result: Ok(Reply::Data(data)), .. } => {
                Some(self.deliver(trace, account, *side, *connection, data))
            }
            EventKind::Told { side, connection: Some(connection), event: UserEvent::Received(data) } => {
                Some(self.deliver(trace, account, *side, *connection, data))
            }
            // What makes a connection may bring text as well.
            EventKind::Arrived { side, connection: Some(connection), .. }
            | EventKind::Created { side, connection, .. }
            | EventKind::Entered {
                side,
                connection: Some(connection),
                from: State::TimeWait,
                to: State::SynReceived,
                ..
            } => {
                self.text_arrives(trace, account, *side, *connection);
                None
            }
            _ => None,
        }
    }

    /// The segment that just arrived may bring text to a connection. Whose text it is, the delivery decides: the numbers
    /// may not be known yet.
    fn text_arrives(&mut self, trace: &Trace, account: &Account, side: Side, connection: ConnectionId) {
        if let Some(arriving) = self.arriving
            && let Some(it) = account.incarnation(side, connection)
            && trace.datagram(arriving.0).is_some_and(|it| !it.segment.payload.is_empty())
        {
            self.streams.entry(it.id).or_default().arrived.push(arriving);
        }
    }

    fn deliver(
        &mut self,
        trace: &Trace,
        account: &Account,
        side: Side,
        connection: ConnectionId,
        data: &[u8],
    ) -> Delivery {
        let octets = data.len() as u64;
        let mut delivery = Delivery { side, connection, octets, stale: 0, foreign: SmallVec::new() };
        let Some(it) = account.incarnation(side, connection) else { return delivery };
        let Some(irs) = it.irs else { return delivery };
        let stream = self.streams.entry(it.id).or_default();
        for (segment, sender) in std::mem::take(&mut stream.arrived) {
            if sender.is_none() || sender != it.counterpart {
                delivery.foreign.push(segment);
            } else if let Some(datagram) = trace.datagram(segment) {
                stream.keep(irs, &datagram.segment);
            }
        }
        delivery.stale = stream.deliver(data);
        delivery
    }
}

impl Stream {
    /// Remembers the text of a segment of the counterpart, whose initial sequence number is `irs`.
    fn keep(&mut self, irs: SeqNumber, segment: &Segment) {
        // Sequence numbers are modulo 2^32, the stream is not: the text lies near what is delivered.
        let first_missing = irs + 1 + self.delivered as u32;
        let place = self.delivered + i64::from(segment.text_seq().distance_from(first_missing));
        self.genuine.push((place, segment.payload.clone()));
    }

    /// Delivers octets and says how many of them are stale.
    fn deliver(&mut self, data: &[u8]) -> u64 {
        let mut is_genuine = vec![false; data.len()];
        for (place, text) in &self.genuine {
            // How far the text begins after what is delivered, or before it.
            let ahead = usize::try_from(place - self.delivered).unwrap_or(0);
            let behind = usize::try_from(self.delivered - place).unwrap_or(0);
            let (Some(text), Some(data)) = (text.get(behind..), data.get(ahead..)) else { continue };
            for ((is_genuine, octet), given) in is_genuine[ahead..].iter_mut().zip(text).zip(data) {
                *is_genuine |= octet == given;
            }
        }
        self.delivered += data.len() as i64;
        self.genuine.retain(|(place, text)| place + text.len() as i64 > self.delivered);
        is_genuine.iter().filter(|is_genuine| !**is_genuine).count() as u64
    }
}
