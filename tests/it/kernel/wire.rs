//! Segments as the trials write them: relative numbers, no options, no content.

use std::fmt;

use synfin::segment::{Flags, Segment};
use synfin::seq::SeqNumber;

use super::corpus::{Flag, Sent};

/// A segment that left.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wire {
    pub flags: Flags,
    pub seq: Number,
    pub ack: Option<u32>,
    pub len: usize,
    /// The window that it announces. Only [`Wire::is_same_as`] leaves it out.
    pub wnd: u16,
}

/// A sequence number: relative to the sender's initial one, or as it stands in the header of a reset that belongs to no
/// connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Number {
    Relative(u32),
    Absolute(u32),
}

/// The initial numbers to which a segment's numbers are relative.
#[derive(Clone, Copy)]
pub struct Origins {
    pub seq: SeqNumber,
    pub ack: SeqNumber,
}

impl Wire {
    /// A segment of ours.
    pub fn of(segment: &Segment, origins: Origins) -> Self {
        // Only the reset that answers a segment without an acknowledgment has one; its number is zero for everybody.
        let belongs_to_none = segment.flags.rst && segment.ack.is_some();
        Self {
            flags: segment.flags,
            seq: if belongs_to_none {
                Number::Absolute(segment.seq.0)
            } else {
                Number::Relative(segment.seq.offset_from(origins.seq))
            },
            ack: segment.ack.map(|ack| ack.offset_from(origins.ack)),
            len: segment.payload.len(),
            wnd: segment.wnd,
        }
    }

    /// A segment that the kernel sent.
    pub fn recorded(sent: &Sent) -> Self {
        assert_eq!(sent.flags.contains(&Flag::Ack), sent.ack.is_some(), "the ACK flag and the number go together");
        Self {
            flags: flags_of(&sent.flags),
            seq: match (sent.seq_abs, sent.seq) {
                (Some(seq), _) => Number::Absolute(seq),
                (None, Some(seq)) => Number::Relative(modulo(seq)),
                (None, None) => panic!("a segment has a sequence number"),
            },
            ack: sent.ack.map(modulo),
            len: sent.len,
            wnd: sent.win,
        }
    }

    /// Whether everything but the window is the same.
    pub fn is_same_as(&self, other: &Self) -> bool {
        Self { wnd: other.wnd, ..self.clone() } == *other
    }

    /// The right edge of the announced window, in segments that say something about it.
    pub fn edge(&self) -> Option<u32> {
        self.ack.filter(|_| !self.flags.rst).map(|ack| ack.wrapping_add(u32::from(self.wnd)))
    }
}

/// The flags beside ACK.
pub fn flags_of(flags: &[Flag]) -> Flags {
    let has = |flag| flags.contains(&flag);
    Flags {
        syn: has(Flag::Syn),
        fin: has(Flag::Fin),
        rst: has(Flag::Rst),
        psh: has(Flag::Psh),
        urg: has(Flag::Urg),
        ..Flags::default()
    }
}

/// A relative number of the file, which may be written as a negative one.
pub fn modulo(number: i64) -> u32 {
    u32::try_from(number.rem_euclid(1 << 32)).expect("a remainder modulo 2^32 has 32 bits")
}

impl fmt::Display for Wire {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { flags, seq, ack, len, wnd } = self;
        let marks = [
            (flags.syn, "SYN"),
            (flags.fin, "FIN"),
            (flags.rst, "RST"),
            (flags.psh, "PSH"),
            (flags.urg, "URG"),
            (ack.is_some(), "ACK"),
        ];
        let names: Vec<&str> = marks.into_iter().filter_map(|(is_set, name)| is_set.then_some(name)).collect();
        f.write_str(if names.is_empty() { "no flags" } else { "" })?;
        write!(f, "{}", names.join(","))?;
        match seq {
            Number::Relative(seq) => write!(f, " seq={}", *seq as i32)?,
            Number::Absolute(seq) => write!(f, " seq={seq} (absolute)")?,
        }
        if let Some(ack) = ack {
            write!(f, " ack={}", *ack as i32)?;
        }
        if *len > 0 {
            write!(f, " len={len}")?;
        }
        write!(f, " win={wnd}")
    }
}
