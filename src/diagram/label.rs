//! What an arrow says.

use std::fmt::Write;

use crate::segment::Segment;

use super::scene::{Run, Weight};

/// What a segment mainly is, for its looks: the first of these that fits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SegmentKind {
    /// It resets.
    Rst,
    /// It opens.
    Syn,
    /// It closes.
    Fin,
    /// It carries text.
    Data,
    /// It only acknowledges, or does nothing at all.
    Ack,
}

impl SegmentKind {
    /// What `segment` mainly is.
    pub fn of(segment: &Segment) -> Self {
        if segment.flags.rst {
            SegmentKind::Rst
        } else if segment.flags.syn {
            SegmentKind::Syn
        } else if segment.flags.fin {
            SegmentKind::Fin
        } else if !segment.payload.is_empty() {
            SegmentKind::Data
        } else {
            SegmentKind::Ack
        }
    }

    /// Its class name.
    pub const fn class(self) -> &'static str {
        match self {
            SegmentKind::Rst => "segment-rst",
            SegmentKind::Syn => "segment-syn",
            SegmentKind::Fin => "segment-fin",
            SegmentKind::Data => "segment-data",
            SegmentKind::Ack => "segment-ack",
        }
    }
}

/// What an arrow says: `SYN, ACK seq=300 ack=101`; where there is text, `seq` runs from its first to its last octet:
/// `PSH, ACK seq=101–145 ack=301`.
///
/// ```
/// use synfin::diagram::segment_label;
/// use synfin::{segment::Segment, seq::SeqNumber};
///
/// let ack = Segment::ack(SeqNumber(101), SeqNumber(301));
/// assert_eq!(segment_label(&ack), "ACK seq=101 ack=301");
/// assert_eq!(segment_label(&Segment { payload: vec![0; 45].into(), ..ack }), "ACK seq=101–145 ack=301");
/// ```
pub fn segment_label(segment: &Segment) -> String {
    runs(segment).into_iter().map(|run| run.text).collect()
}

/// The label in its two styles: the flags and the numbers.
pub(super) fn runs(segment: &Segment) -> Vec<Run> {
    let mut numbers = format!(" seq={}", segment.seq);
    if let Some(rest) = u32::try_from(segment.payload.len()).unwrap_or(u32::MAX).checked_sub(1) {
        let last = segment.text_seq() + rest;
        if last != segment.seq {
            let _ = write!(numbers, "–{last}");
        }
    }
    if let Some(ack) = segment.ack {
        let _ = write!(numbers, " ack={ack}");
    }
    vec![
        Run { class: "flags", weight: Weight::Bold, text: segment.control().to_string() },
        Run { class: "", weight: Weight::Regular, text: numbers },
    ]
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::*;
    use crate::segment::Flags;
    use crate::seq::SeqNumber;

    #[test]
    fn labels_name_the_first_and_the_last_octet() {
        let psh = Flags { psh: true, ..Flags::default() };
        let data = |octets: usize| Segment {
            payload: Bytes::from(vec![0; octets]),
            flags: psh,
            ..Segment::ack(SeqNumber(101), SeqNumber(301))
        };
        assert_eq!(segment_label(&data(45)), "PSH, ACK seq=101–145 ack=301");
        assert_eq!(segment_label(&data(1)), "PSH, ACK seq=101 ack=301");
        assert_eq!(segment_label(&data(0)), "PSH, ACK seq=101 ack=301");
        let last = Segment { flags: Flags { fin: true, ..psh }, ..data(45) };
        assert_eq!(segment_label(&last), "FIN, PSH, ACK seq=101–145 ack=301");
        let wrapped = Segment { seq: SeqNumber(u32::MAX), ..data(3) };
        assert_eq!(segment_label(&wrapped), "PSH, ACK seq=4294967295–1 ack=301");
        assert_eq!(segment_label(&Segment::syn(SeqNumber(100))), "SYN seq=100");
        assert_eq!(segment_label(&Segment::rst(SeqNumber(100))), "RST seq=100");
    }
}
