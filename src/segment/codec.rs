//! Segments as the bytes of IP packets and back: IPv4 and IPv6, with their checksums (RFC 9293 §3.1, §3.2).
//!
//! ```
//! use synfin::segment::{Datagram, Segment, codec};
//! use synfin::seq::SeqNumber;
//!
//! let datagram = Datagram {
//!     source: "192.0.2.1:49152".parse()?,
//!     destination: "192.0.2.2:80".parse()?,
//!     segment: Segment::syn(SeqNumber(100)),
//! };
//! let packet = codec::encode(&datagram)?;
//! assert_eq!(packet.len(), 20 + 20, "an IPv4 and a TCP header");
//! assert_eq!(codec::decode(&packet)?, datagram);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! What a [`Segment`] says survives both ways. What it has no field for does not: the urgent pointer (written as 0), the
//! reserved bits, the acknowledgment number of a segment without ACK, selective acknowledgments and
//! options that we do not know, the padding and the order of options, and of IP everything but the addresses: time to
//! live, identification, traffic class, flow label, options, extension headers, and the scope of a [`SocketAddr`].

use std::fmt;
use std::net::{IpAddr, SocketAddr};

use bytes::Bytes;
use etherparse::checksum::Sum16BitWords;
use etherparse::err::{LenError, ip, tcp};
use etherparse::{
    IpSlice, Ipv4Header, Ipv6Header, TcpHeader, TcpOptionElement, TcpOptionReadError, TcpOptionsIterator, TcpSlice,
    ip_number,
};

use crate::seq::SeqNumber;

use super::{Datagram, Flags, Options, Segment, Timestamps};

/// How many routers a packet may pass; what Linux writes.
const TIME_TO_LIVE: u8 = 64;

/// The most octets that the length field of an IP header can count: with the header in IPv4, without it in IPv6.
const MOST_OCTETS: usize = u16::MAX as usize;

/// Why the length of what [`tcp_header`] has accepted is within what IP can say.
const FITS: &str = "the header was only made because all of it fits";

/// The octets of an option's kind and length fields.
const OPTION_HEADER: usize = 2;

/// Why a datagram is no packet, or bytes are no datagram.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CodecError {
    /// One socket has an IPv4 address and the other an IPv6 address.
    #[error("one address is of IPv4 and the other of IPv6, expected both of one version")]
    MixedFamilies,
    /// The length field of the IP header cannot count that far.
    #[error("found {found} octets of text, expected at most {most} in one packet with these options")]
    TooLong {
        /// Octets of text.
        found: usize,
        /// How many would fit.
        most: usize,
    },
    /// Neither IPv4 nor IPv6.
    #[error("found version {0} of IP, expected 4 or 6")]
    UnknownVersion(u8),
    /// The bytes end before what they announce.
    #[error("{layer} needs {expected} octets here, found {found}")]
    Short {
        /// Where.
        layer: Layer,
        /// How many octets there should be at least.
        expected: usize,
        /// How many there are.
        found: usize,
    },
    /// A header says that it is shorter than a header can be.
    #[error("found an {layer} header of {found} words of 32 bits, expected at least 5")]
    HeaderTooShort {
        /// Whose.
        layer: Layer,
        /// Its length in words of 32 bits.
        found: u8,
    },
    /// An IPv6 packet that is empty, or a jumbogram, whose length has more than 16 bits (RFC 2675).
    #[error("found an IPv6 packet with payload length 0, expected one with a TCP segment of less than 65536 octets")]
    NoPayloadLength,
    /// A header between those of IP and TCP contradicts itself.
    #[error("found a malformed extension header of IP")]
    BadExtension,
    /// It is a part of a packet.
    #[error("found a fragment, expected a whole packet")]
    Fragment,
    /// The packet carries something else.
    #[error("found protocol {0}, expected 6 (TCP)")]
    NotTcp(u8),
    /// The octets were damaged on their way.
    #[error("the checksum of {0} is wrong")]
    BadChecksum(Layer),
    /// An option of TCP cannot have the length that it says it has (RFC 9293 MUST-7).
    #[error("found option {kind} with an impossible length, {left} octets before the end of the options")]
    BadOption {
        /// The option's kind.
        kind: u8,
        /// How many octets of options there are from its kind on.
        left: usize,
    },
}

/// Whose header it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layer {
    /// IPv4 or IPv6.
    Ip,
    /// TCP.
    Tcp,
}

impl fmt::Display for Layer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Layer::Ip => "IP",
            Layer::Tcp => "TCP",
        })
    }
}

/// Writes a datagram as one IP packet of the version of its addresses. Options stand in the order, and with the padding,
/// in which Linux writes them.
///
/// # Errors
/// If the addresses are of two versions, or the text is too long for one packet.
pub fn encode(datagram: &Datagram) -> Result<Vec<u8>, CodecError> {
    let text = &datagram.segment.payload;
    match (datagram.source.ip(), datagram.destination.ip()) {
        (IpAddr::V4(from), IpAddr::V4(to)) => {
            let (from, to) = (from.octets(), to.octets());
            let mut tcp = tcp_header(datagram, MOST_OCTETS - Ipv4Header::MIN_LEN)?;
            tcp.checksum = tcp.calc_checksum_ipv4_raw(from, to, text).expect(FITS);
            let octets = u16::try_from(tcp.header_len() + text.len()).expect(FITS);
            let mut ip = Ipv4Header::new(octets, TIME_TO_LIVE, ip_number::TCP, from, to).expect(FITS);
            ip.header_checksum = ip.calc_header_checksum();
            Ok([&ip.to_bytes()[..], &tcp.to_bytes(), text].concat())
        }
        (IpAddr::V6(from), IpAddr::V6(to)) => {
            let (from, to) = (from.octets(), to.octets());
            let mut tcp = tcp_header(datagram, MOST_OCTETS)?;
            tcp.checksum = tcp.calc_checksum_ipv6_raw(from, to, text).expect(FITS);
            let ip = Ipv6Header {
                payload_length: u16::try_from(tcp.header_len() + text.len()).expect(FITS),
                next_header: ip_number::TCP,
                hop_limit: TIME_TO_LIVE,
                source: from,
                destination: to,
                ..Ipv6Header::default()
            };
            Ok([&ip.to_bytes()[..], &tcp.to_bytes(), text].concat())
        }
        (IpAddr::V4(_), IpAddr::V6(_)) | (IpAddr::V6(_), IpAddr::V4(_)) => Err(CodecError::MixedFamilies),
    }
}

/// Reads one IP packet. What follows it, such as the padding of a short Ethernet frame, is ignored; so are the options
/// and the extension headers of IP. Where an option of TCP stands twice, the later one counts.
///
/// # Errors
/// If the bytes are not one whole, undamaged TCP segment.
pub fn decode(packet: &[u8]) -> Result<Datagram, CodecError> {
    let ip = IpSlice::from_slice(packet).map_err(ip_error)?;
    let addresses = check_ip(&ip)?;
    if ip.is_fragmenting_payload() {
        return Err(CodecError::Fragment);
    }
    if ip.payload_ip_number() != ip_number::TCP {
        return Err(CodecError::NotTcp(ip.payload_ip_number().0));
    }
    let octets = ip.payload().payload;
    let tcp = TcpSlice::from_slice(octets).map_err(tcp_error)?;
    check_tcp(addresses, octets)?;
    Ok(Datagram {
        source: SocketAddr::new(ip.source_addr(), tcp.source_port()),
        destination: SocketAddr::new(ip.destination_addr(), tcp.destination_port()),
        segment: Segment {
            seq: SeqNumber(tcp.sequence_number()),
            ack: tcp.ack().then(|| SeqNumber(tcp.acknowledgment_number())),
            flags: Flags {
                syn: tcp.syn(),
                fin: tcp.fin(),
                rst: tcp.rst(),
                psh: tcp.psh(),
                urg: tcp.urg(),
                ece: tcp.ece(),
                cwr: tcp.cwr(),
            },
            wnd: tcp.window_size(),
            options: read_options(tcp.options())?,
            payload: Bytes::copy_from_slice(tcp.payload()),
        },
    })
}

/// The header of TCP, still without its checksum, if it and the text fit into `room` octets.
fn tcp_header(datagram: &Datagram, room: usize) -> Result<TcpHeader, CodecError> {
    let Segment { seq, ack, flags, wnd, options, payload } = &datagram.segment;
    let Flags { syn, fin, rst, psh, urg, ece, cwr } = *flags;
    let (source, destination) = (datagram.source.port(), datagram.destination.port());
    let mut header = TcpHeader {
        acknowledgment_number: ack.map_or(0, |ack| ack.0),
        ack: ack.is_some(),
        syn,
        fin,
        rst,
        psh,
        urg,
        ece,
        cwr,
        ..TcpHeader::new(source, destination, seq.0, *wnd)
    };
    header.set_options(&elements_of(options)).expect("all options together take 20 of 40 octets");
    let most = room - header.header_len();
    if payload.len() > most {
        return Err(CodecError::TooLong { found: payload.len(), most });
    }
    Ok(header)
}

/// The options in the order in which Linux writes them, each group padded to 32 bits.
fn elements_of(options: &Options) -> Vec<TcpOptionElement> {
    use TcpOptionElement::{MaximumSegmentSize, Noop, SelectiveAcknowledgementPermitted, Timestamp, WindowScale};
    let Options { mss, window_scale, sack_permitted, timestamps } = *options;
    let mut elements = Vec::new();
    elements.extend(mss.map(MaximumSegmentSize));
    if sack_permitted && timestamps.is_none() {
        elements.extend([Noop, Noop, SelectiveAcknowledgementPermitted]);
    }
    if let Some(Timestamps { value, echo }) = timestamps {
        // The two octets of SACK-permitted pad the ten of the timestamps.
        elements.extend(if sack_permitted { vec![SelectiveAcknowledgementPermitted] } else { vec![Noop, Noop] });
        elements.push(Timestamp(value, echo));
    }
    if let Some(shift) = window_scale {
        elements.extend([Noop, WindowScale(shift)]);
    }
    elements
}

/// Reads the options of TCP. Those that we do not know are passed over by their length (RFC 9293 MUST-6).
fn read_options(mut rest: &[u8]) -> Result<Options, CodecError> {
    let mut options = Options::default();
    loop {
        let mut elements = TcpOptionsIterator::from_slice(rest);
        match elements.next() {
            // The end of the list, or of the header.
            None => return Ok(options),
            Some(Ok(element)) => {
                match element {
                    TcpOptionElement::MaximumSegmentSize(mss) => options.mss = Some(mss),
                    TcpOptionElement::WindowScale(shift) => options.window_scale = Some(shift),
                    TcpOptionElement::SelectiveAcknowledgementPermitted => options.sack_permitted = true,
                    TcpOptionElement::Timestamp(value, echo) => options.timestamps = Some(Timestamps { value, echo }),
                    TcpOptionElement::Noop | TcpOptionElement::SelectiveAcknowledgement(..) => {}
                }
                rest = elements.rest();
            }
            Some(Err(TcpOptionReadError::UnknownId(kind))) => {
                let bad = CodecError::BadOption { kind, left: rest.len() };
                let len = rest.get(1).map(|len| usize::from(*len)).filter(|len| *len >= OPTION_HEADER).ok_or(bad)?;
                rest = rest.get(len..).ok_or(bad)?;
            }
            Some(Err(
                TcpOptionReadError::UnexpectedEndOfSlice { option_id: kind, .. }
                | TcpOptionReadError::UnexpectedSize { option_id: kind, .. },
            )) => return Err(CodecError::BadOption { kind, left: rest.len() }),
        }
    }
}

/// Checks what the header of IP says about itself, and begins the sum that TCP's checksum is about with the addresses.
fn check_ip(ip: &IpSlice<'_>) -> Result<Sum16BitWords, CodecError> {
    match ip {
        IpSlice::Ipv4(packet) => {
            let header = packet.header();
            // With the checksum itself in the sum, nothing must remain (RFC 1071 §1).
            if Sum16BitWords::new().add_slice(header.slice()).ones_complement() != 0 {
                return Err(CodecError::BadChecksum(Layer::Ip));
            }
            Ok(Sum16BitWords::new().add_4bytes(header.source()).add_4bytes(header.destination()))
        }
        IpSlice::Ipv6(packet) => {
            let header = packet.header();
            if header.payload_length() == 0 {
                return Err(CodecError::NoPayloadLength);
            }
            Ok(Sum16BitWords::new().add_16bytes(header.source()).add_16bytes(header.destination()))
        }
    }
}

/// Checks the checksum over the addresses, the protocol, the length, and `octets`: the header and the text of TCP
/// (RFC 9293 §3.1).
fn check_tcp(mut addresses: Sum16BitWords, octets: &[u8]) -> Result<(), CodecError> {
    let len = u32::try_from(octets.len()).expect("the length field of IP has 16 bits");
    let sum = addresses.add_4bytes(len.to_be_bytes()).add_2bytes([0, ip_number::TCP.0]).add_slice(octets);
    if sum.ones_complement() == 0 { Ok(()) } else { Err(CodecError::BadChecksum(Layer::Tcp)) }
}

fn ip_error(error: ip::SliceError) -> CodecError {
    match error {
        ip::SliceError::Len(error) => short(Layer::Ip, &error),
        ip::SliceError::IpHeaders(error) => match error {
            ip::HeadersError::Ip(ip::HeaderError::UnsupportedIpVersion { version_number }) => {
                CodecError::UnknownVersion(version_number)
            }
            ip::HeadersError::Ip(ip::HeaderError::Ipv4HeaderLengthSmallerThanHeader { ihl }) => {
                CodecError::HeaderTooShort { layer: Layer::Ip, found: ihl }
            }
            ip::HeadersError::Ipv4Ext(_) | ip::HeadersError::Ipv6Ext(_) => CodecError::BadExtension,
        },
    }
}

fn tcp_error(error: tcp::HeaderSliceError) -> CodecError {
    match error {
        tcp::HeaderSliceError::Len(error) => short(Layer::Tcp, &error),
        tcp::HeaderSliceError::Content(tcp::HeaderError::DataOffsetTooSmall { data_offset }) => {
            CodecError::HeaderTooShort { layer: Layer::Tcp, found: data_offset }
        }
    }
}

fn short(layer: Layer, error: &LenError) -> CodecError {
    CodecError::Short { layer, expected: error.required_len, found: error.len }
}
