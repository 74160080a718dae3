//! What an arrow says.

use std::fmt::Write;

use crate::segment::{Options, Segment};
use crate::text;

use super::scene::{TextRun, Weight};

/// The class of the options within a label.
pub(super) const OPTIONS_CLASS: &str = "options";

/// What a segment mainly is, which decides its looks: the first of these that fits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ArrowStyle {
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

impl ArrowStyle {
    /// What `segment` mainly is.
    pub fn of(segment: &Segment) -> Self {
        if segment.flags.rst {
            ArrowStyle::Rst
        } else if segment.flags.syn {
            ArrowStyle::Syn
        } else if segment.flags.fin {
            ArrowStyle::Fin
        } else if !segment.payload.is_empty() {
            ArrowStyle::Data
        } else {
            ArrowStyle::Ack
        }
    }

    /// Its class name.
    pub const fn class(self) -> &'static str {
        match self {
            ArrowStyle::Rst => "segment-rst",
            ArrowStyle::Syn => "segment-syn",
            ArrowStyle::Fin => "segment-fin",
            ArrowStyle::Data => "segment-data",
            ArrowStyle::Ack => "segment-ack",
        }
    }
}

/// What an arrow says: `SYN, ACK seq=300 ack=101`; where there is text, `seq` runs from its first to its last octet:
/// `PSH, ACK seq=101–145 ack=301`, and what it says where that is the point. Options stand behind if they are not the usual ones. The MSS on every SYN would only
/// be in the way, and so would the timestamps on every segment once both sides have agreed to send them.
///
/// ```
/// use synfin::diagram::segment_label;
/// use synfin::{segment::Segment, seq::SeqNumber};
///
/// let ack = Segment::ack(SeqNumber(101), SeqNumber(301));
/// assert_eq!(segment_label(&ack), "ACK seq=101 ack=301");
/// assert_eq!(segment_label(&Segment { payload: vec![b'a'; 45].into(), ..ack }), "ACK seq=101–145 ack=301");
/// ```
pub fn segment_label(segment: &Segment) -> String {
    runs(segment).into_iter().map(|run| run.text).collect()
}

/// The label in its styles: the flags, the numbers, and the options if they are worth it.
pub(super) fn runs(segment: &Segment) -> Vec<TextRun> {
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
    let mut runs = vec![
        TextRun { class: "flags", weight: Weight::Bold, text: segment.control().to_string() },
        TextRun { class: "", weight: Weight::Regular, text: numbers },
    ];
    if let Some(text) = text::payload(&segment.payload) {
        runs.push(TextRun { class: "payload", weight: Weight::Regular, text: format!(" {text}") });
    }
    let timestamps = segment.options.timestamps.filter(|_| segment.flags.syn);
    let options = Options { timestamps, ..segment.options };
    if !options.are_usual() {
        runs.push(TextRun { class: OPTIONS_CLASS, weight: Weight::Regular, text: format!(" {options}") });
    }
    runs
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::*;
    use crate::segment::{Flags, Options, Timestamps, USUAL_MSS};
    use crate::seq::SeqNumber;

    #[test]
    fn labels_name_the_first_and_the_last_octet() {
        let psh = Flags { psh: true, ..Flags::default() };
        let data = |octets: usize| Segment {
            payload: Bytes::from(vec![b'a'; octets]),
            flags: psh,
            ..Segment::ack(SeqNumber(101), SeqNumber(301))
        };
        assert_eq!(segment_label(&data(45)), "PSH, ACK seq=101–145 ack=301");
        assert_eq!(segment_label(&data(1)), "PSH, ACK seq=101 ack=301");
        assert_eq!(segment_label(&data(0)), "PSH, ACK seq=101 ack=301");
        let order = Segment { payload: Bytes::from_static(b"pay 100"), ..data(0) };
        assert_eq!(segment_label(&order), "PSH, ACK seq=101–107 ack=301 \"pay 100\"");
        let last = Segment { flags: Flags { fin: true, ..psh }, ..data(45) };
        assert_eq!(segment_label(&last), "FIN, PSH, ACK seq=101–145 ack=301");
        let wrapped = Segment { seq: SeqNumber(u32::MAX), ..data(3) };
        assert_eq!(segment_label(&wrapped), "PSH, ACK seq=4294967295–1 ack=301");
        assert_eq!(segment_label(&Segment::syn(SeqNumber(100))), "SYN seq=100");
        assert_eq!(segment_label(&Segment::rst(SeqNumber(100))), "RST seq=100");
    }

    #[test]
    fn labels_name_options_that_are_not_the_usual_ones() {
        let on = |segment, options| segment_label(&Segment { options, ..segment });
        let with = |options| on(Segment::syn(SeqNumber(100)), options);
        let usual = Options { mss: Some(USUAL_MSS), ..Options::default() };
        assert_eq!(with(usual), "SYN seq=100");
        assert_eq!(with(Options { window_scale: Some(2), ..usual }), "SYN seq=100 <mss 1000, ws 2>");
        let timestamps = Some(Timestamps { value: 60, echo: 10 });
        assert_eq!(with(Options { timestamps, ..usual }), "SYN seq=100 <mss 1000, ts 60/10>");
        let ack = Segment::ack(SeqNumber(101), SeqNumber(301));
        assert_eq!(on(ack.clone(), Options { timestamps, ..Options::default() }), "ACK seq=101 ack=301");
        // Learners send nonsense on purpose.
        let nonsense = Options { timestamps, window_scale: Some(2), ..Options::default() };
        assert_eq!(on(ack, nonsense), "ACK seq=101 ack=301 <ws 2>");
    }
}
