//! Whether a segment comes from whom its receiver believes in.

use crate::chronicle::{Incarnation, IncarnationId};
use crate::tcp::{ConnectionId, Intrusion, SegmentId, Side};
use crate::trace::EventKind;

use super::{Assumption, Minds, Step};

/// What the wire does not say of a segment that is in the network.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Tag {
    pub segment: SegmentId,
    /// Which incarnation sent it; `None` if no connection did.
    pub sender: Option<IncarnationId>,
    /// Which incarnation sent the SYN that this one had taken by then.
    pub taken: Option<IncarnationId>,
    /// Whose segment had just arrived when it left.
    pub answered: Option<IncarnationId>,
    /// Whether this one was still there when the step was over, and which assumption was broken for it by what had just arrived.
    pub is_kept: bool,
    pub provoked: Option<Assumption>,
    /// Which assumption was broken for whoever sent it.
    pub tainted: Option<Assumption>,
}

/// A segment that arrives.
pub(super) struct Arrival {
    pub side: Side,
    pub segment: SegmentId,
    pub connection: Option<ConnectionId>,
    pub tag: Option<Tag>,
}

/// Where a segment comes from, as whoever sees both hosts and the network can tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Origin {
    /// Which assumption is broken if its receiver takes it for a segment of the incarnation that it believes in.
    pub of_peer: Option<Assumption>,
    /// … for one that the other host sent since the receiver's incarnation began.
    pub of_host: Option<Assumption>,
    /// … for a reset of a host that has no such connection.
    pub of_nobody: Option<Assumption>,
    /// … for one of somebody whom nothing foreign has reached.
    pub of_informed: Option<Assumption>,
}

impl Minds {
    /// The arrival that begins a step.
    pub(super) fn arrival(&self, first: &EventKind) -> Option<Arrival> {
        let EventKind::Arrived { side, segment, connection, .. } = first else { return None };
        let index = self.tags.binary_search_by_key(segment, |tag| tag.segment).ok();
        let tag = index.map(|index| self.tags[index].clone());
        Some(Arrival { side: *side, segment: *segment, connection: *connection, tag })
    }

    /// Where the arriving segment comes from, seen from an incarnation that gets it.
    pub(super) fn origin(&self, step: &Step<'_>, it: &Incarnation) -> Origin {
        let genuine = Origin { of_peer: None, of_host: None, of_nobody: None, of_informed: None };
        let Some(arrival) = &step.arrival else { return genuine };
        let Some(departure) = step.trace.departure(arrival.segment) else { return genuine };
        let Some(tag) = &arrival.tag else {
            // Neither side sent it.
            let broken = Some(match departure.intrusion {
                Some(Intrusion::Forged) => Assumption::Numbers,
                Some(Intrusion::Middlebox) => Assumption::Path,
                Some(Intrusion::Old) | None => Assumption::TimeWait,
            });
            return Origin { of_peer: broken, of_host: broken, of_nobody: broken, of_informed: broken };
        };
        // Whoever has taken the SYN of another incarnation answers that one, also where the numbers are the same. What opens a
        // connection by a SYN cookie has taken nobody's.
        let says_taken = departure.datagram.segment.ack.is_some() && !self.is_of_cookie(it);
        let is_of_counterpart =
            tag.taken == Some(it.id) || (!says_taken && tag.sender.is_some() && tag.sender == it.counterpart);
        // A reset, and what no connection sends, says nothing but that.
        let is_answer =
            tag.answered == Some(it.id) && (departure.connection.is_none() || departure.datagram.segment.flags.rst);
        let is_overdue = self.msl.is_some_and(|msl| self.account.now().since(departure.at) > msl);
        let old = tag.tainted.or(Some(if is_overdue { Assumption::Lifetime } else { Assumption::TimeWait }));
        let of_peer = if is_of_counterpart || is_answer { None } else { old };
        let is_recent = departure.at >= it.began;
        Origin {
            of_peer,
            of_host: if is_recent { None } else { of_peer },
            of_nobody: match () {
                // Whoever resets a connection is without it then. A counterpart that is not has answered something that is not ours.
                () if tag.sender.is_some() && tag.sender == it.counterpart && tag.is_kept => {
                    Some(tag.provoked.unwrap_or(Assumption::Protocol))
                }
                () if is_answer || (tag.sender.is_none() && is_recent) => None,
                () => of_peer,
            },
            of_informed: of_peer.or(tag.tainted),
        }
    }

    fn is_of_cookie(&self, it: &Incarnation) -> bool {
        self.live.iter().any(|mind| mind.incarnation == it.id && mind.is_of_cookie)
    }
}
