//! The queue of what may have to be repeated (RFC 9293 §3.8.1).

use bytes::Bytes;
use smallvec::{SmallVec, smallvec};

use crate::certain::certain;
use crate::segment::Flags;
use crate::seq::SeqNumber;
use crate::time::Instant;

/// What was sent and is not acknowledged, oldest first (RFC 9293 §3.8.1).
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct RetransmissionQueue {
    /// Mostly there is one at the most.
    sent: SmallVec<[Sent; 1]>,
}

/// One segment's worth of sequence numbers.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Sent {
    pub seq: SeqNumber,
    pub flags: Flags,
    pub text: Bytes,
    pub first_sent: Instant,
    pub retransmissions: u32,
}

impl Sent {
    /// The first number after it.
    pub fn end(&self) -> SeqNumber {
        let text = certain(u32::try_from(self.text.len()), "a segment's text is at most the MSS");
        self.seq + text + u32::from(self.flags.syn) + u32::from(self.flags.fin)
    }
}

impl RetransmissionQueue {
    /// A queue that holds a SYN.
    pub fn with_syn(iss: SeqNumber, first_sent: Instant, retransmissions: u32) -> Self {
        let flags = Flags { syn: true, ..Flags::default() };
        Self { sent: smallvec![Sent { seq: iss, flags, text: Bytes::new(), first_sent, retransmissions }] }
    }

    pub fn push(&mut self, sent: Sent) {
        self.sent.push(sent);
    }

    pub fn is_empty(&self) -> bool {
        self.sent.is_empty()
    }

    pub fn first_seq(&self) -> Option<SeqNumber> {
        self.sent.first().map(|oldest| oldest.seq)
    }

    pub fn end(&self) -> Option<SeqNumber> {
        self.sent.last().map(Sent::end)
    }

    pub fn oldest_mut(&mut self) -> Option<&mut Sent> {
        self.sent.first_mut()
    }

    pub fn iter(&self) -> impl Iterator<Item = &Sent> {
        self.sent.iter()
    }

    /// Whether our SYN is in it.
    pub fn holds_syn(&self) -> bool {
        self.sent.first().is_some_and(|oldest| oldest.flags.syn)
    }

    /// How many octets of text are in it.
    pub fn text_len(&self) -> usize {
        self.sent.iter().map(|sent| sent.text.len()).sum()
    }

    /// Drops what `ack` covers; a segment that is covered in part is cut.
    pub fn acknowledge(&mut self, ack: SeqNumber) -> Acknowledged {
        let mut acknowledged = Acknowledged::default();
        let mut covered = 0;
        for sent in self.sent.iter().take_while(|sent| sent.end().is_at_or_before(ack)) {
            acknowledged.text |= !sent.text.is_empty();
            acknowledged.repeated |= sent.retransmissions > 0;
            acknowledged.repeated_syn |= sent.flags.syn && sent.retransmissions > 0;
            covered += 1;
        }
        if covered == self.sent.len() {
            self.sent.clear();
            return acknowledged;
        }
        self.sent.drain(..covered);
        if let Some(oldest) = self.sent.first_mut().filter(|oldest| oldest.seq.is_before(ack)) {
            let covered = usize::try_from(ack.offset_from(oldest.seq)).unwrap_or(usize::MAX);
            oldest.text = oldest.text.slice(covered.min(oldest.text.len())..);
            oldest.seq = ack;
            // PSH is about text: a FIN of which the text has arrived is pushed by nobody.
            oldest.flags.psh &= !oldest.text.is_empty();
            acknowledged.text = true;
            acknowledged.repeated |= oldest.retransmissions > 0;
        }
        acknowledged
    }

    /// The other side has answered, with progress or from behind a closed window: patience starts anew.
    pub fn answered(&mut self, now: Instant) {
        if let Some(oldest) = self.sent.first_mut() {
            oldest.first_sent = now;
            oldest.retransmissions = 0;
        }
    }
}

/// What an acknowledgment took off the queue.
#[derive(Clone, Copy, Debug, Default)]
pub struct Acknowledged {
    /// Some text.
    pub text: bool,
    /// Something that had been sent more than once.
    pub repeated: bool,
    /// A SYN that had been sent more than once.
    pub repeated_syn: bool,
}
