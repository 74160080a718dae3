//! What is remembered of one incarnation while it, or its counterpart, is there.

use crate::seq::SeqNumber;
use crate::tcp::SegmentId;
use crate::time::Instant;

use super::Kind;

/// One incarnation, as far as its findings need it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Track {
    /// How it opens.
    pub way: Kind,
    /// Whether its opening was told.
    pub is_open: bool,
    /// Whether its FIN leaves before its SYN is acknowledged.
    pub is_unanswered: bool,
    /// Whether an answer to what it sent has come and was not taken, and whether it has a SYN cookie of a host that remembers nothing.
    pub ignores_answer: bool,
    pub has_cookie: bool,
    /// The SYN that made it, if nobody stands behind it.
    pub suspect: Option<Suspect>,
    /// Whether it was said that it is a ghost, or half-open.
    pub is_ghost: bool,
    pub is_half_open: bool,
    /// How many octets its user has handed over, how many the user has received, and how many it sent to nobody.
    pub handed_over: u64,
    pub received: u64,
    pub to_nobody: u64,
    /// Since when the other side's window is closed, and that of its TIME-WAIT.
    pub closed_since: Option<Instant>,
    pub waits_since: Option<Instant>,
    /// Its FIN, when it left first.
    pub fin: Option<Fin>,
    /// What first acknowledged the other side's FIN, and whether that was its own FIN.
    pub answers_fin: Option<(SegmentId, bool)>,
    /// What it sent is acknowledged up to here.
    pub una: Option<SeqNumber>,
    /// Whether it was said that the acknowledgment of its FIN is lost, and that it goes on sending behind the other's FIN.
    pub is_last_ack_lost: bool,
    pub uses_half_close: bool,
    /// Whether it ends because it was reset, or because nobody answers.
    pub has_learned: bool,
    /// What it sent that is not acknowledged yet, in the order in which it left.
    pub outgoing: Vec<Outgoing>,
    /// What it sent that acknowledged something and was not seen to arrive: the segment, and what it acknowledged.
    pub answers: Vec<(SegmentId, SeqNumber)>,
}

/// A SYN that nobody stands behind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Suspect {
    pub segment: SegmentId,
    pub is_forged: bool,
    /// Whether it was said that it is answered or believed.
    pub is_told: bool,
}

/// A FIN.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Fin {
    pub segment: SegmentId,
    pub at: Instant,
    /// The number behind it, and what its segment acknowledged.
    pub end: SeqNumber,
    pub ack: Option<SeqNumber>,
    /// The segment that acknowledged it.
    pub acknowledged_by: Option<SegmentId>,
}

/// A segment that occupies numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Outgoing {
    pub segment: SegmentId,
    pub at: Instant,
    pub seq: SeqNumber,
    pub end: SeqNumber,
    /// Whether it left from CLOSE-WAIT or later: behind the other side's FIN.
    pub is_behind_fin: bool,
    /// Whether a copy arrived undamaged, and was taken.
    pub has_arrived: bool,
    pub is_taken: bool,
}

impl Track {
    pub fn new() -> Self {
        Self {
            way: Kind::OpenedThreeWay,
            is_open: false,
            is_unanswered: false,
            ignores_answer: false,
            has_cookie: false,
            suspect: None,
            is_ghost: false,
            is_half_open: false,
            handed_over: 0,
            received: 0,
            to_nobody: 0,
            closed_since: None,
            waits_since: None,
            fin: None,
            answers_fin: None,
            una: None,
            is_last_ack_lost: false,
            uses_half_close: false,
            has_learned: false,
            outgoing: Vec::new(),
            answers: Vec::new(),
        }
    }

    /// Everything before this number is acknowledged.
    pub fn acknowledged(&mut self, una: SeqNumber) {
        self.una = Some(una);
        (self.is_unanswered, self.ignores_answer) = (false, false);
        self.outgoing.retain(|it| it.end.is_after(una));
    }
}
