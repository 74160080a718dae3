//! What is kept of one side of one connection, and what a segment proves to it.

use smallvec::SmallVec;

use crate::chronicle::{Incarnation, IncarnationId};
use crate::rule::Rule;
use crate::seq::SeqNumber;
use crate::tcp::{SegmentId, State};
use crate::time::Instant;
use crate::trace::EventKind;

use super::ledger::{Assumption, Basis, Fact, Ledger, Level};
use super::octets::{FIN, Octets, SYN};
use super::origin::Origin;
use super::{Arrival, Step};

/// How many segments with a FIN are remembered that arrived before what lies before them.
const MOST_EARLY_FINS: usize = 4;

/// One side of one connection.
#[derive(Clone, Debug)]
pub(super) struct Mind {
    pub ledger: Ledger,
    pub incarnation: IncarnationId,
    pub octets: Octets,
    /// Whether the other side's SYN was taken, and which incarnation sent it.
    has_number: bool,
    pub taken: Option<IncarnationId>,
    /// The assumption that was broken when that was no SYN of the other side.
    syn_broken: Option<Assumption>,
    /// How many octets the user has handed over.
    handed: u64,
    /// How many octets there are up to the FIN and with it, once it has left.
    pub fin_end: Option<u64>,
    /// Whether the other side's FIN was taken, and the segments that have brought one.
    pub fin_is_taken: bool,
    early_fins: SmallVec<[EarlyFin; 1]>,
    /// Whether its number is a SYN cookie, chosen before there was a connection.
    pub is_of_cookie: bool,
    /// Whether its SYN met a listener, and not another SYN.
    pub has_met_listener: bool,
    /// Whether nobody will say that the last acknowledgment has arrived.
    pub is_last_ack_unseen: bool,
    /// The assumption that was broken when it took something that the other side did not send.
    pub tainted: Option<Assumption>,
    /// When it last sent something, and last started the clock of TIME-WAIT.
    pub last_sent: Instant,
    pub clock_set: Instant,
    /// When that clock ends.
    pub clock_ends: Instant,
    /// From which state it went to CLOSED or LISTEN, and whether it is over.
    pub left_from: Option<State>,
    pub is_over: bool,
    /// The one in TIME-WAIT whose sockets it took over, while that may come back.
    pub previous: Option<Box<Mind>>,
}

/// A segment that has brought a FIN.
#[derive(Clone, Copy, Debug)]
struct EarlyFin {
    end: SeqNumber,
    segment: SegmentId,
    broken: Option<Assumption>,
}

impl Mind {
    pub fn new(it: &Incarnation) -> Self {
        Self {
            ledger: Ledger::new(it.side, it.connection),
            incarnation: it.id,
            octets: Octets::default(),
            has_number: false,
            taken: None,
            syn_broken: None,
            handed: 0,
            fin_end: None,
            fin_is_taken: false,
            early_fins: SmallVec::new(),
            is_of_cookie: false,
            has_met_listener: false,
            is_last_ack_unseen: false,
            tainted: None,
            last_sent: Instant::ZERO,
            clock_set: Instant::ZERO,
            clock_ends: Instant::ZERO,
            left_from: None,
            is_over: false,
            previous: None,
        }
    }

    /// The user gives so many octets to SEND.
    pub fn hand_over(&mut self, octets: u64, by: Basis) {
        if octets > 0 {
            self.handed += octets;
            self.ledger.set(Fact::PeerHasText, Level::Unknown, by);
            self.ledger.set(Fact::ApplicationRead, Level::Cannot, by);
        }
    }

    /// The segment arrives that began the step, after which the other side's number, once it was taken, and the state are these.
    pub fn arrives(
        &mut self,
        step: &Step<'_>,
        (irs, state): (Option<SeqNumber>, State),
        origin: Origin,
        is_two_way: bool,
    ) {
        let Some(arrival) = &step.arrival else { return };
        let Some(segment) = step.trace.datagram(arrival.segment).map(|it| &it.segment) else { return };
        let decided = |rule: Rule| rules(step, arrival).any(|it| it == rule);
        if decided(Rule::ReturnsToTimeWait) {
            // It ended one that is no more; the one that is back has got nothing.
            return;
        }
        let by = step.by;
        let covered = self.octets.acknowledged_by(segment.ack);
        let level = if covered.is_some() { Level::Sure } else { Level::Seems };
        if segment.flags.rst {
            let ends_it = self.is_over && self.left_from.is_some();
            if ends_it {
                self.ledger.empty(by);
                self.ledger.prove(Fact::PeerGone, Level::Sure, origin.of_nobody, by);
                if covered.is_some() {
                    self.ledger.prove(Fact::MeToPeer, Level::Sure, origin.of_peer.or(origin.of_nobody), by);
                }
            }
            self.ledger.prove(Fact::PeerToMe, level, origin.of_host, by);
            return;
        }
        self.ledger.prove(Fact::PeerToMe, level, origin.of_host, by);
        // Into a closed window only the acknowledgment goes (RFC 9293 §3.10.7.4, first check).
        let is_window_closed = decided(Rule::WindowIsClosed);
        let is_ack_taken = state != State::SynReceived && !segment.flags.syn;
        if rules(step, arrival).any(is_refusal) || (is_window_closed && !is_ack_taken) {
            return;
        }
        let sender = arrival.tag.as_ref().and_then(|tag| tag.sender);
        let is_news = covered.is_some_and(|covered| self.octets.is_news(covered));
        if origin.of_peer.is_some() && (is_news || (!segment.is_empty() && !is_window_closed)) {
            self.tainted = self.tainted.or(origin.of_peer);
        }
        if irs.is_some() && !self.has_number {
            self.has_number = true;
            self.taken = sender;
            self.syn_broken = origin.of_peer;
            self.ledger.prove(Fact::PeerNumber, Level::Seems, origin.of_peer, by);
            self.ledger.prove(Fact::PeerWantsThis, Level::Seems, origin.of_peer, by);
        }
        // An acknowledgment of the other side makes no SYN good that was not its own.
        let of_syn = if self.taken == sender { None } else { self.syn_broken };
        if let Some(covered) = covered {
            self.is_acknowledged(covered, origin, of_syn, by);
        }
        if is_window_closed {
            return;
        }
        // Text is sent from ESTABLISHED on, and that is where one comes to whose SYN was acknowledged; but not where a listener
        // takes any SYN for a connection.
        let is_text = !segment.payload.is_empty() && !segment.flags.syn && decided(Rule::TextInOrder);
        let is_from_established = !(is_two_way && self.has_met_listener);
        if is_text && is_from_established && self.ledger.entry(Fact::PeerNumber).taken_for == Level::Sure {
            self.ledger.prove(Fact::PeerKnowsNumber, Level::Sure, origin.of_informed.or(of_syn), by);
        }
        self.take_fin(segment.flags.fin.then_some(EarlyFin {
            end: segment.end(),
            segment: arrival.segment,
            broken: origin.of_peer,
        }));
    }

    /// The other side acknowledges so many octets.
    fn is_acknowledged(&mut self, covered: u64, origin: Origin, of_syn: Option<Assumption>, by: Basis) {
        let known = self.octets.acknowledge(covered);
        let (of_peer, of_informed) = (origin.of_peer, origin.of_informed);
        let has_fin = self.fin_end.is_some_and(|end| covered >= end);
        let has_text = self.handed > 0 && covered > self.handed;
        // That the other side knows of its own SYN or FIN is worth what that one is.
        // That the other side knows that its FIN was taken is worth what the FIN was that was taken.
        let of_fin = of_informed.or(self.ledger.entry(Fact::PeerEnded).broken);
        let proofs = [
            (Fact::MeToPeer, of_informed, true),
            (Fact::PeerNumber, of_peer.or(of_syn), self.has_number),
            (Fact::PeerHasNumber, of_peer, true),
            (Fact::PeerWantsThis, of_peer.or(of_syn), self.has_number && (!self.is_of_cookie || covered > 1)),
            (Fact::PeerKnowsNumber, of_informed.or(of_syn), known & SYN != 0),
            (Fact::PeerHasText, of_informed, has_text),
            (Fact::PeerKnowsEnd, of_informed, has_fin),
            (Fact::PeerKnowsEndSeen, of_fin, known & FIN != 0),
        ];
        for (fact, broken, is_proven) in proofs {
            if is_proven {
                self.ledger.prove(fact, Level::Sure, broken, by);
            }
        }
    }

    /// Whether the other side's FIN is taken, perhaps one that this segment has brought. It rests on the segment that brought it:
    /// what fills the gap before it may have left earlier.
    fn take_fin(&mut self, arriving: Option<EarlyFin>) {
        if self.ledger.entry(Fact::PeerEnded).taken_for != Level::Unknown {
            return self.confirm_fin();
        }
        if let Some(fin) = arriving
            && self.early_fins.len() < MOST_EARLY_FINS
            && !self.early_fins.iter().any(|it| it.end == fin.end && it.broken.is_none())
        {
            self.early_fins.push(fin);
        }
        if !self.fin_is_taken {
            return;
        }
        let first = self.early_fins.iter().copied().reduce(|a, b| if b.end.is_before(a.end) { b } else { a });
        self.early_fins.clear();
        if let Some(fin) = first {
            let is_sure = self.ledger.entry(Fact::PeerNumber).taken_for == Level::Sure;
            let level = if is_sure { Level::Sure } else { Level::Seems };
            self.ledger.prove(Fact::PeerEnded, level, fin.broken, Basis::Segment(fin.segment));
        }
    }

    /// A FIN that was taken while the other side's number only seemed to be the right one is certain once that is.
    fn confirm_fin(&mut self) {
        let entry = self.ledger.entry(Fact::PeerEnded);
        if let (Level::Sure, Some(by)) = (self.ledger.entry(Fact::PeerNumber).taken_for, entry.by) {
            self.ledger.prove(Fact::PeerEnded, Level::Sure, entry.broken, by);
        }
    }

    /// The step is over.
    pub fn settle(&mut self, step: &Step<'_>, left: Option<Assumption>) {
        let segment = step.arrival.as_ref().and_then(|it| step.trace.datagram(it.segment)).map(|it| &it.segment);
        let is_reset = segment.is_some_and(|it| it.flags.rst);
        // What a reset has emptied stays so.
        let may_be_told = self.is_last_ack_unseen && !(self.is_over && is_reset);
        if may_be_told && self.ledger.entry(Fact::PeerKnowsEndSeen).taken_for == Level::Unknown {
            self.ledger.set(Fact::PeerKnowsEndSeen, Level::Cannot, step.by);
        }
        let Some(from) = self.left_from.filter(|_| self.is_over) else {
            if self.is_over {
                self.ledger.empty(step.by);
            }
            return;
        };
        let is_in_order = match from {
            State::LastAck => segment.is_some_and(|it| !it.flags.rst && !it.flags.syn),
            State::TimeWait => step.by == Basis::Timer || decided(step, Rule::OpenTakesTimeWait),
            State::SynSent => decided(step, Rule::CloseInSynSent),
            _ => decided(step, Rule::TimeWaitSkipped),
        };
        if is_in_order {
            // What was sent since the clock was started may be there for longer than it runs, or be answered.
            if from == State::TimeWait && step.by == Basis::Timer && self.last_sent <= self.clock_set {
                self.ledger.prove(Fact::NetworkClean, Level::Sure, left, step.by);
            }
        } else if !is_reset {
            self.ledger.empty(step.by);
        }
    }
}

/// The rules that were applied to the segment that arrived.
fn rules<'a>(step: &'a Step<'_>, arrival: &Arrival) -> impl Iterator<Item = Rule> + 'a {
    let (arrived_at, arrived_for) = (arrival.side, arrival.connection);
    step.events.iter().filter_map(move |event| match &event.kind {
        EventKind::Decided { side, connection, rule } if *side == arrived_at && *connection == arrived_for => {
            Some(*rule)
        }
        _ => None,
    })
}

fn decided(step: &Step<'_>, rule: Rule) -> bool {
    step.events.iter().any(|event| matches!(event.kind, EventKind::Decided { rule: it, .. } if it == rule))
}

/// Whether a rule says that a segment does not pass the checks of RFC 9293 §3.10.7, so that nothing in it counts.
const fn is_refusal(rule: Rule) -> bool {
    matches!(
        rule,
        Rule::AckNotOfOurSynInSynSent
            | Rule::ResetNotForOurSyn
            | Rule::NoSynInSynSent
            | Rule::AckNotOfOurSyn
            | Rule::DuplicateSyn
            | Rule::DuplicateSynAck
            | Rule::DuplicateFin
            | Rule::TimestampMissing
            | Rule::TimestampIsOld
            | Rule::SegmentBeforeWindow
            | Rule::SegmentBeyondWindow
            | Rule::KeepAliveAnswered
            | Rule::ResetOutsideWindow
            | Rule::ResetChallenged
            | Rule::ResetIgnoredInTimeWait
            | Rule::SynReturnsToListen
            | Rule::SynChallenged
            | Rule::SynInWindowResets
            | Rule::NoAck
            | Rule::AckOfUnsent
            | Rule::AckTooOld
            | Rule::TwoWaySynAckAgain
            | Rule::SynNotProvablyNew
            | Rule::SynNotBeyond
            | Rule::AcceptQueueFull
            | Rule::AcceptQueueRefuses
            | Rule::BacklogFull
            | Rule::BacklogRefuses
            | Rule::TextForNobody
    )
}
