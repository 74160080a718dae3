//! Segments as the simulation handles them: header fields by their RFC names, options and text (RFC 9293 §3.1).
//! [`codec`] writes them as bytes and reads them back.

pub mod codec;

use std::fmt;
use std::net::SocketAddr;

use bytes::Bytes;

use crate::seq::SeqNumber;

/// The MSS that our hosts announce unless a story says otherwise, in octets: round numbers are easier to follow.
pub const USUAL_MSS: u16 = 1000;

/// The largest shift of a window (RFC 7323 §2.3).
pub const MOST_WINDOW_SHIFT: u8 = 14;

/// One TCP segment. Any combination of flags can be built, because learners send nonsense on purpose; the endpoint
/// itself uses the constructors below.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Segment {
    /// SEG.SEQ: the sequence number of the first octet, or of the SYN when there is one.
    pub seq: SeqNumber,
    /// SEG.ACK. Whether it is there *is* the ACK flag: without the flag the field has no meaning.
    pub ack: Option<SeqNumber>,
    /// The other control bits.
    pub flags: Flags,
    /// SEG.WND as the header carries it: in octets, unless both sides agreed to scale windows.
    pub wnd: u16,
    /// The options.
    pub options: Options,
    /// The text: the octets of the user's data.
    pub payload: Bytes,
}

/// A segment with the sockets it travels between: what the internet layer carries.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Datagram {
    /// The sender's socket.
    pub source: SocketAddr,
    /// The receiver's socket.
    pub destination: SocketAddr,
    /// The segment.
    pub segment: Segment,
}

/// Control bits other than ACK (RFC 9293 §3.1).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Flags {
    /// Synchronize sequence numbers; occupies one sequence number.
    pub syn: bool,
    /// No more data from the sender; occupies one sequence number.
    pub fin: bool,
    /// Reset the connection.
    pub rst: bool,
    /// Push.
    pub psh: bool,
    /// The urgent pointer is significant. Drawn, but not acted upon.
    pub urg: bool,
    /// ECN-Echo (RFC 3168 §6.1). Shown, but not acted upon.
    pub ece: bool,
    /// Congestion window reduced (RFC 3168 §6.1). Shown, but not acted upon.
    pub cwr: bool,
}

/// The options that a connection's life needs (RFC 9293 §3.2).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Options {
    /// Maximum segment size, in octets; only valid on a SYN.
    pub mss: Option<u16>,
    /// Window scale: by how many bits the sender shifts its windows; only valid on a SYN (RFC 7323 §2).
    pub window_scale: Option<u8>,
    /// Selective acknowledgments may be sent; only valid on a SYN (RFC 2018 §2). None are sent: they are not modeled.
    pub sack_permitted: bool,
    /// Timestamps (RFC 7323 §3).
    pub timestamps: Option<Timestamps>,
}

/// The timestamps option: TSval and TSecr, in milliseconds (RFC 7323 §3.2).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Timestamps {
    /// TSval: the sender's clock.
    pub value: u32,
    /// TSecr: the last value it received.
    pub echo: u32,
}

impl Segment {
    /// `<SEQ=iss><CTL=SYN>`.
    pub fn syn(iss: SeqNumber) -> Self {
        Self { seq: iss, flags: Flags { syn: true, ..Flags::default() }, ..Self::default() }
    }

    /// `<SEQ=iss><ACK=ack><CTL=SYN,ACK>`.
    pub fn syn_ack(iss: SeqNumber, ack: SeqNumber) -> Self {
        Self { ack: Some(ack), ..Self::syn(iss) }
    }

    /// `<SEQ=seq><ACK=ack><CTL=ACK>`: a bare acknowledgment, which occupies nothing.
    pub fn ack(seq: SeqNumber, ack: SeqNumber) -> Self {
        Self { seq, ack: Some(ack), ..Self::default() }
    }

    /// `<SEQ=seq><CTL=RST>`.
    pub fn rst(seq: SeqNumber) -> Self {
        Self { seq, flags: Flags { rst: true, ..Flags::default() }, ..Self::default() }
    }

    /// The reset that answers `offending` where no connection wants it (RFC 9293 §3.5.2 and §3.10.7.1): it takes its
    /// numbers from the segment it answers. `None` for a reset, which is never answered.
    pub fn reset_for(offending: &Segment) -> Option<Self> {
        if offending.flags.rst {
            return None;
        }
        Some(match offending.ack {
            Some(ack) => Self::rst(ack),
            None => Self { ack: Some(offending.seq + offending.len()), ..Self::rst(SeqNumber(0)) },
        })
    }

    /// SEG.LEN: the sequence numbers this segment occupies, counting SYN and FIN (RFC 9293 §3.4).
    pub fn len(&self) -> u32 {
        let text = u32::try_from(self.payload.len()).unwrap_or(u32::MAX);
        text.saturating_add(u32::from(self.flags.syn)).saturating_add(u32::from(self.flags.fin))
    }

    /// Whether the segment occupies no sequence numbers.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The sequence number of the first octet of text: one later where there is a SYN.
    pub fn text_seq(&self) -> SeqNumber {
        self.seq + u32::from(self.flags.syn)
    }

    /// The first sequence number after this segment.
    pub fn end(&self) -> SeqNumber {
        self.seq + self.len()
    }

    /// The names of the flags that are set, in the RFC's writing: `SYN, ACK`.
    pub fn control(&self) -> Control<'_> {
        Control(self)
    }
}

/// Writes the control bits of a segment; see [`Segment::control`].
#[derive(Clone, Copy, Debug)]
pub struct Control<'a>(&'a Segment);

impl fmt::Display for Control<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Segment { flags, ack, .. } = self.0;
        let names = [
            (flags.syn, "SYN"),
            (flags.fin, "FIN"),
            (flags.rst, "RST"),
            (flags.psh, "PSH"),
            (flags.urg, "URG"),
            (flags.ece, "ECE"),
            (flags.cwr, "CWR"),
            (ack.is_some(), "ACK"),
        ];
        let mut separator = "";
        for name in names.into_iter().filter_map(|(is_set, name)| is_set.then_some(name)) {
            write!(f, "{separator}{name}")?;
            separator = ", ";
        }
        if separator.is_empty() { f.write_str("no flags") } else { Ok(()) }
    }
}

impl Options {
    /// Whether there is nothing worth a remark: no option, or the usual MSS alone, as on nearly every SYN.
    pub fn are_usual(&self) -> bool {
        let Self { mss, window_scale, sack_permitted, timestamps } = self;
        mss.is_none_or(|mss| mss == USUAL_MSS) && window_scale.is_none() && !sack_permitted && timestamps.is_none()
    }
}

impl fmt::Display for Options {
    /// `<mss 1460, ws 2, sack, ts 60/10>`: the window scale in bits, of the timestamps the value and the echo. Nothing
    /// where there is no option.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { mss, window_scale, sack_permitted, timestamps } = self;
        let options = [
            mss.map(|mss| format!("mss {mss}")),
            window_scale.map(|shift| format!("ws {shift}")),
            sack_permitted.then(|| "sack".to_owned()),
            timestamps.map(|Timestamps { value, echo }| format!("ts {value}/{echo}")),
        ];
        let mut before = "<";
        for option in options.into_iter().flatten() {
            write!(f, "{before}{option}")?;
            before = ", ";
        }
        if before == "<" { Ok(()) } else { f.write_str(">") }
    }
}

impl fmt::Display for Segment {
    /// `SYN, ACK seq=300 ack=101`; text is given as `len=`, in octets, and options where they are not the
    /// [usual](Options::are_usual) ones.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} seq={}", self.control(), self.seq)?;
        if let Some(ack) = self.ack {
            write!(f, " ack={ack}")?;
        }
        if !self.payload.is_empty() {
            write!(f, " len={}", self.payload.len())?;
        }
        if self.options.are_usual() { Ok(()) } else { write!(f, " {}", self.options) }
    }
}

impl fmt::Display for Datagram {
    /// `192.0.2.1:49152 to 192.0.2.2:80: SYN seq=100`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} to {}: {}", self.source, self.destination, self.segment)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn segments_print_as_the_rfc_writes_them() {
        let (c, s) = (SeqNumber(100), SeqNumber(300));
        assert_eq!(Segment::syn(c).to_string(), "SYN seq=100");
        assert_eq!(Segment::syn_ack(s, c + 1).to_string(), "SYN, ACK seq=300 ack=101");
        assert_eq!(Segment::ack(c + 1, s + 1).to_string(), "ACK seq=101 ack=301");
        assert_eq!(Segment::rst(c).to_string(), "RST seq=100");
        assert_eq!(Segment::default().to_string(), "no flags seq=0");
        let flags = Flags { ece: true, cwr: true, ..Segment::syn(c).flags };
        assert_eq!(Segment { flags, ..Segment::syn(c) }.to_string(), "SYN, ECE, CWR seq=100");
        let data = Segment { payload: Bytes::from_static(b"hello"), ..Segment::ack(c + 1, s + 1) };
        assert_eq!(data.to_string(), "ACK seq=101 ack=301 len=5");
    }

    #[test]
    fn options_print_where_they_are_not_the_usual_ones() {
        let all = Options {
            mss: Some(1460),
            window_scale: Some(2),
            sack_permitted: true,
            timestamps: Some(Timestamps { value: 60, echo: 10 }),
        };
        let usual = Options { mss: Some(USUAL_MSS), ..Options::default() };
        let of = |options| (Segment { options, ..Segment::syn(SeqNumber(100)) }).to_string();
        assert_eq!(of(all), "SYN seq=100 <mss 1460, ws 2, sack, ts 60/10>");
        assert_eq!(of(Options { mss: Some(536), ..usual }), "SYN seq=100 <mss 536>");
        assert_eq!(of(Options { sack_permitted: true, ..usual }), "SYN seq=100 <mss 1000, sack>");
        assert_eq!(of(Options { timestamps: all.timestamps, ..Options::default() }), "SYN seq=100 <ts 60/10>");
        assert_eq!(of(usual), "SYN seq=100");
        assert_eq!(usual.to_string(), "<mss 1000>");
        assert_eq!(Options::default().to_string(), "");
    }

    /// Shows 9293-3.4-LEN.
    #[test]
    fn syn_and_fin_occupy_one_sequence_number_each() {
        let text = Bytes::from_static(b"abc");
        for (syn, fin, expected) in [(false, false, 3), (true, false, 4), (false, true, 4), (true, true, 5)] {
            let segment = Segment {
                seq: SeqNumber(u32::MAX),
                flags: Flags { syn, fin, ..Flags::default() },
                payload: text.clone(),
                ..Segment::default()
            };
            assert_eq!(segment.len(), expected);
            assert_eq!(segment.end(), SeqNumber(expected - 1));
        }
        assert!(Segment::ack(SeqNumber(1), SeqNumber(1)).is_empty());
    }

    #[test]
    fn a_reset_takes_its_numbers_from_the_segment_it_answers() {
        let syn = Segment::syn(SeqNumber(100));
        assert_eq!(Segment::reset_for(&syn).unwrap().to_string(), "RST, ACK seq=0 ack=101");
        let ack = Segment::ack(SeqNumber(5), SeqNumber(301));
        assert_eq!(Segment::reset_for(&ack).unwrap().to_string(), "RST seq=301");
        assert_eq!(Segment::reset_for(&Segment::rst(SeqNumber(1))), None);
    }
}
