//! Segments: comparing and printing them.

use std::fmt;

use bytes::Bytes;

use synfin::segment::{Flags, Options, Segment, Timestamps};
use synfin::seq::SeqNumber;

use super::vectors::SegmentText;

/// The window of a segment that says nothing about it.
const WINDOW: u16 = 1000;

/// What the vectors say about a segment that leaves: everything but PSH, options and window.
#[derive(Clone, PartialEq, Eq)]
pub struct Wire {
    seq: u32,
    ack: Option<u32>,
    flags: Flags,
    len: usize,
}

impl Wire {
    pub fn expected(text: &SegmentText) -> Result<Self, String> {
        segment_of(text).map(|segment| Self::of(&segment))
    }

    pub fn of(segment: &Segment) -> Self {
        Self {
            seq: segment.seq.0,
            ack: segment.ack.map(|ack| ack.0),
            flags: Flags { psh: false, ..segment.flags },
            len: segment.payload.len(),
        }
    }
}

impl fmt::Display for Wire {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { seq, ack, flags, len } = self;
        let names =
            [(flags.syn, "SYN"), (flags.fin, "FIN"), (flags.rst, "RST"), (flags.urg, "URG"), (ack.is_some(), "ACK")];
        let names: Vec<&str> = names.into_iter().filter_map(|(is_set, name)| is_set.then_some(name)).collect();
        write!(f, "<SEQ={seq}>")?;
        if let Some(ack) = ack {
            write!(f, "<ACK={ack}>")?;
        }
        if *len > 0 {
            write!(f, "<DATA={len}>")?;
        }
        write!(f, "<CTL={}>", names.join(","))
    }
}

/// The segment that a vector injects or lets arrive.
pub fn segment_of(text: &SegmentText) -> Result<Segment, String> {
    let has = |name: &str| text.flags.iter().any(|flag| flag == name);
    if let Some(unknown) =
        text.flags.iter().find(|flag| !["SYN", "ACK", "FIN", "RST", "PSH", "URG"].contains(&flag.as_str()))
    {
        return Err(format!("unknown flag {unknown}"));
    }
    if has("ACK") != text.ack.is_some() {
        return Err("a segment's ACK flag and its acknowledgment number go together".to_owned());
    }
    Ok(Segment {
        seq: SeqNumber(text.seq),
        ack: text.ack.map(SeqNumber),
        flags: Flags {
            syn: has("SYN"),
            fin: has("FIN"),
            rst: has("RST"),
            psh: has("PSH"),
            urg: has("URG"),
            ..Flags::default()
        },
        wnd: text.wnd.unwrap_or(WINDOW),
        options: Options {
            mss: text.mss,
            timestamps: text.tsval.map(|value| Timestamps { value, echo: text.tsecr.unwrap_or(0) }),
            ..Options::default()
        },
        payload: octets(text.len),
    })
}

/// So many octets.
pub fn octets(len: u32) -> Bytes {
    (0..len).map(|octet| (octet % 251) as u8).collect()
}
