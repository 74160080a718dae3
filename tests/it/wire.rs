//! Segments as bytes: what is written is read back, what is damaged is noticed, and a real kernel's bytes are read as
//! the kernel says and written as it wrote them.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::Path;

use bytes::Bytes;
use etherparse::{TcpHeader, TcpOptionElement};
use pcap_parser::{LegacyPcapSlice, PcapBlockOwned};
use proptest::prelude::*;
use serde::Deserialize;

use synfin::history::History;
use synfin::scenario::Scenario;
use synfin::segment::codec::{CodecError, Layer, decode, encode};
use synfin::segment::{Datagram, Flags, Options, Segment, Timestamps};
use synfin::seq::SeqNumber;
use synfin::tcp::Side;
use synfin::trace::EventKind;

use super::properties;

/// Where the checksum stands in a header of TCP.
const CHECKSUM: usize = 16;

const IPV4_HEADER: usize = 20;
const IPV6_HEADER: usize = 40;
const TCP_HEADER: usize = 20;

fn sockets() -> impl Strategy<Value = (SocketAddr, SocketAddr)> {
    let v4 = any::<(Ipv4Addr, Ipv4Addr)>().prop_map(|(from, to)| (IpAddr::V4(from), IpAddr::V4(to)));
    let v6 = any::<(Ipv6Addr, Ipv6Addr)>().prop_map(|(from, to)| (IpAddr::V6(from), IpAddr::V6(to)));
    (prop_oneof![v4, v6], any::<(u16, u16)>())
        .prop_map(|((from, to), ports)| (SocketAddr::new(from, ports.0), SocketAddr::new(to, ports.1)))
}

fn options() -> impl Strategy<Value = Options> {
    let timestamps = any::<Option<(u32, u32)>>();
    (any::<Option<u16>>(), any::<Option<u8>>(), any::<bool>(), timestamps).prop_map(
        |(mss, window_scale, sack_permitted, timestamps)| Options {
            mss,
            window_scale,
            sack_permitted,
            timestamps: timestamps.map(|(value, echo)| Timestamps { value, echo }),
        },
    )
}

fn datagram() -> impl Strategy<Value = Datagram> {
    let octets = prop_oneof![9 => prop::collection::vec(any::<u8>(), 0..80), 1 => Just(vec![7; 65_475])];
    (sockets(), any::<u32>(), any::<Option<u32>>(), any::<[bool; 7]>(), any::<u16>(), options(), octets).prop_map(
        |((source, destination), seq, ack, [syn, fin, rst, psh, urg, ece, cwr], wnd, options, octets)| Datagram {
            source,
            destination,
            segment: Segment {
                seq: SeqNumber(seq),
                ack: ack.map(SeqNumber),
                flags: Flags { syn, fin, rst, psh, urg, ece, cwr },
                wnd,
                options,
                payload: octets.into(),
            },
        },
    )
}

/// A packet to damage: short enough that every bit of it can be tried.
fn small_datagram() -> impl Strategy<Value = Datagram> {
    datagram().prop_map(|mut datagram| {
        datagram.segment.payload.truncate(80);
        datagram
    })
}

/// Bytes that look like a packet at first sight, so that the readers behind the first test are reached too.
fn nonsense() -> impl Strategy<Value = Vec<u8>> {
    let anything = prop::collection::vec(any::<u8>(), 0..120);
    let damage = prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..6);
    let damaged = (small_datagram(), damage, any::<prop::sample::Index>()).prop_map(|(datagram, damage, end)| {
        let mut packet = encode(&datagram).expect("it fits");
        for (place, value) in damage {
            let place = place.index(packet.len());
            packet[place] = value;
        }
        mend(&mut packet);
        packet.truncate(end.index(packet.len() * 4).min(packet.len()));
        packet
    });
    prop_oneof![anything, damaged]
}

/// Gives a packet right checksums where it still has headers, so that damage elsewhere has a chance to be read.
fn mend(packet: &mut [u8]) {
    let (pseudo_header, start) = match packet[0] >> 4 {
        4 => {
            let header = usize::from(packet[0] & 15) * 4;
            let Some(ip) = packet.get_mut(..header).filter(|ip| ip.len() >= IPV4_HEADER) else { return };
            ip[10..12].fill(0);
            let sum = checksum(&[ip]);
            ip[10..12].copy_from_slice(&sum.to_be_bytes());
            (ip[12..20].to_vec(), header)
        }
        6 => (packet[8..40].to_vec(), IPV6_HEADER),
        _ => return,
    };
    let tcp = &mut packet[start..];
    if tcp.len() >= TCP_HEADER {
        tcp[CHECKSUM..CHECKSUM + 2].fill(0);
        let len = u16::try_from(tcp.len()).expect("it came from a packet").to_be_bytes();
        let sum = checksum(&[&pseudo_header, &[0, 6], &len, tcp]);
        tcp[CHECKSUM..CHECKSUM + 2].copy_from_slice(&sum.to_be_bytes());
    }
}

/// The checksum of the internet, in the plainest way (RFC 1071): the twin of what the codec uses. All parts but the last
/// have an even number of octets.
fn checksum(parts: &[&[u8]]) -> u16 {
    let words = parts.concat();
    let mut sum: u64 = 0;
    for word in words.chunks(2) {
        sum += u64::from(word[0]) << 8 | word.get(1).copied().map_or(0, u64::from);
    }
    while sum > 0xffff {
        sum = (sum & 0xffff) + (sum >> 16);
    }
    !u16::try_from(sum).expect("it was folded")
}

proptest! {
    #![proptest_config(properties::cases(400))]

    #[test]
    fn what_is_written_is_read_back(datagram in datagram()) {
        let packet = encode(&datagram).expect("it fits");
        prop_assert_eq!(decode(&packet), Ok(datagram.clone()));
        // What follows a packet in a frame is not part of it.
        let padded = [&packet[..], &[0xa5; 6]].concat();
        prop_assert_eq!(decode(&padded), Ok(datagram));
    }

    #[test]
    fn the_checksums_are_those_of_plain_addition(datagram in datagram()) {
        let packet = encode(&datagram).expect("it fits");
        let mut mended = packet.clone();
        mend(&mut mended);
        prop_assert_eq!(mended, packet);
    }

    #[test]
    fn no_bytes_make_the_reader_panic(bytes in nonsense()) {
        if let Ok(datagram) = decode(&bytes) {
            // What was understood can be written, and says the same.
            prop_assert_eq!(encode(&datagram).and_then(|packet| decode(&packet)), Ok(datagram));
        }
    }
}

proptest! {
    // Each packet is damaged in each of its bits.
    #![proptest_config(properties::cases(40))]

    #[test]
    fn a_flipped_bit_is_noticed(datagram in small_datagram()) {
        let packet = encode(&datagram).expect("it fits");
        for bit in 0..packet.len() * 8 {
            let octet = bit / 8;
            // No checksum is about these of IPv6: version, traffic class, flow label, and the hop limit. The payload
            // length is part of TCP's sum, but so is what a shorter one cuts off.
            if datagram.source.is_ipv6() && (octet < 6 || octet == 7) {
                continue;
            }
            let mut damaged = packet.clone();
            damaged[octet] ^= 1 << (bit % 8);
            prop_assert!(decode(&damaged).is_err(), "bit {} of octet {octet}", bit % 8);
        }
    }

    #[test]
    fn a_packet_that_is_cut_off_is_noticed(datagram in small_datagram()) {
        let packet = encode(&datagram).expect("it fits");
        for len in 0..packet.len() {
            prop_assert!(matches!(decode(&packet[..len]), Err(CodecError::Short { .. })), "{len} octets");
        }
    }
}

fn v4() -> (SocketAddr, SocketAddr) {
    (([192, 0, 2, 1], 49152).into(), ([192, 0, 2, 2], 80).into())
}

fn v6() -> (SocketAddr, SocketAddr) {
    let address = |last| Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, last);
    ((address(1), 49152).into(), (address(2), 80).into())
}

fn with_text((source, destination): (SocketAddr, SocketAddr), octets: usize) -> Datagram {
    let segment = Segment { payload: Bytes::from(vec![b'x'; octets]), ..Segment::ack(SeqNumber(101), SeqNumber(301)) };
    Datagram { source, destination, segment }
}

#[test]
fn text_fills_a_packet_and_not_one_octet_more() {
    for (sockets, most) in [(v4(), 65_535 - IPV4_HEADER - TCP_HEADER), (v6(), 65_535 - TCP_HEADER)] {
        let full = with_text(sockets, most);
        assert_eq!(encode(&full).and_then(|packet| decode(&packet)), Ok(full));
        assert_eq!(encode(&with_text(sockets, most + 1)), Err(CodecError::TooLong { found: most + 1, most }));
        let mut with_options = with_text(sockets, most);
        with_options.segment.options.mss = Some(1460);
        assert_eq!(encode(&with_options), Err(CodecError::TooLong { found: most, most: most - 4 }));
    }
}

#[test]
fn addresses_of_two_versions_make_no_packet() {
    let mixed = Datagram { source: v6().0, ..with_text(v4(), 0) };
    assert_eq!(encode(&mixed), Err(CodecError::MixedFamilies));
    let mixed = Datagram { destination: v6().1, ..with_text(v4(), 0) };
    assert_eq!(encode(&mixed), Err(CodecError::MixedFamilies));
}

/// An undamaged packet over IPv4 or IPv6, changed by `change` and given right checksums again.
fn changed(sockets: (SocketAddr, SocketAddr), change: impl FnOnce(&mut Vec<u8>)) -> Result<Datagram, CodecError> {
    let mut packet = encode(&with_text(sockets, 10)).expect("it fits");
    change(&mut packet);
    mend(&mut packet);
    decode(&packet)
}

#[test]
fn what_is_no_whole_tcp_segment_is_refused_with_the_reason() {
    use CodecError::{BadExtension, Fragment, HeaderTooShort, NoPayloadLength, NotTcp, Short, UnknownVersion};
    let more_fragments = |packet: &mut Vec<u8>| packet[6] = 0x20;
    let later_fragment = |packet: &mut Vec<u8>| packet[7] = 1;
    let table: [(&str, Result<Datagram, CodecError>, CodecError); 13] = [
        ("nothing", decode(&[]), Short { layer: Layer::Ip, expected: 1, found: 0 }),
        ("version 5", changed(v4(), |packet| packet[0] = 0x55), UnknownVersion(5)),
        (
            "a short IPv4 header",
            changed(v4(), |packet| packet[0] = 0x44),
            HeaderTooShort { layer: Layer::Ip, found: 4 },
        ),
        (
            "a total length shorter than the header",
            changed(v4(), |packet| packet[2..4].copy_from_slice(&[0, 19])),
            Short { layer: Layer::Ip, expected: 20, found: 19 },
        ),
        ("a first fragment", changed(v4(), more_fragments), Fragment),
        ("a later fragment", changed(v4(), later_fragment), Fragment),
        ("UDP", changed(v4(), |packet| packet[9] = 17), NotTcp(17)),
        ("UDP over IPv6", changed(v6(), |packet| packet[6] = 17), NotTcp(17)),
        ("payload length 0", changed(v6(), |packet| packet[4..6].fill(0)), NoPayloadLength),
        (
            "a hop-by-hop header that is not the first",
            changed(v6(), |packet| {
                packet[6] = 60;
                packet[40..48].copy_from_slice(&[0, 0, 1, 4, 0, 0, 0, 0]);
            }),
            BadExtension,
        ),
        (
            "a fragment of IPv6",
            changed(v6(), |packet| {
                packet[6] = 44;
                packet[40..48].copy_from_slice(&[6, 0, 0, 1, 0, 0, 0, 0]);
            }),
            Fragment,
        ),
        (
            "text inside the header",
            changed(v4(), |packet| packet[IPV4_HEADER + 12] = 4 << 4),
            HeaderTooShort { layer: Layer::Tcp, found: 4 },
        ),
        (
            "a header longer than the packet",
            changed(v4(), |packet| packet[IPV4_HEADER + 12] = 8 << 4),
            Short { layer: Layer::Tcp, expected: 32, found: 30 },
        ),
    ];
    for (name, found, expected) in table {
        assert_eq!(found, Err(expected), "{name}");
    }
}

#[test]
fn a_wrong_checksum_says_whose_it_is() {
    let mut packet = encode(&with_text(v4(), 10)).expect("it fits");
    packet[8] -= 1;
    assert_eq!(decode(&packet), Err(CodecError::BadChecksum(Layer::Ip)));
    let mut packet = encode(&with_text(v4(), 10)).expect("it fits");
    *packet.last_mut().expect("there is text") += 1;
    assert_eq!(decode(&packet), Err(CodecError::BadChecksum(Layer::Tcp)));
}

/// Both forms of zero are equal where sums are taken modulo 2^16 - 1.
#[test]
fn a_checksum_of_zero_may_be_written_in_both_ways() {
    // The sequence number is chosen so that the sum of everything else is all ones.
    let mut datagram = with_text(v4(), 0);
    datagram.segment.seq = SeqNumber(0);
    let packet = encode(&datagram).expect("it fits");
    let sum = u16::from_be_bytes([packet[IPV4_HEADER + CHECKSUM], packet[IPV4_HEADER + CHECKSUM + 1]]);
    datagram.segment.seq = SeqNumber(u32::from(sum));
    let mut packet = encode(&datagram).expect("it fits");
    let checksum = &mut packet[IPV4_HEADER + CHECKSUM..IPV4_HEADER + CHECKSUM + 2];
    assert_eq!(checksum, [0, 0]);
    checksum.fill(0xff);
    assert_eq!(decode(&packet), Ok(datagram));
}

/// A segment whose options are these octets, a multiple of 4.
fn options_read_from(octets: &[u8]) -> Result<Options, CodecError> {
    changed(v4(), |packet| {
        packet.splice(IPV4_HEADER + TCP_HEADER.., octets.iter().copied());
        packet[3] = u8::try_from(packet.len()).expect("it is a small packet");
        packet[IPV4_HEADER + 12] = u8::try_from(5 + octets.len() / 4).expect("a header is small") << 4;
    })
    .map(|datagram| datagram.segment.options)
}

#[test]
fn options_are_read_whatever_stands_between_them() {
    let mss = Options { mss: Some(1460), ..Options::default() };
    let table: [(&str, &[u8], Options); 8] = [
        ("padding before", &[1, 1, 1, 1, 2, 4, 5, 180], mss),
        ("the list ends before the header does", &[2, 4, 5, 180, 0, 2, 4, 9], mss),
        ("an unknown option before", &[254, 6, 1, 2, 3, 4, 2, 4, 5, 180, 0, 0], mss),
        ("unknown options that are empty", &[34, 2, 34, 2, 2, 4, 5, 180], mss),
        ("selective acknowledgments before", &[1, 1, 5, 10, 0, 0, 0, 1, 0, 0, 0, 2, 2, 4, 5, 180], mss),
        ("the later one counts", &[2, 4, 1, 1, 2, 4, 5, 180], mss),
        ("nothing", &[], Options::default()),
        (
            "all of them, as Linux offers them",
            &[2, 4, 5, 180, 4, 2, 8, 10, 0, 0, 0, 7, 0, 0, 0, 9, 1, 3, 3, 14],
            Options {
                mss: Some(1460),
                window_scale: Some(14),
                sack_permitted: true,
                timestamps: Some(Timestamps { value: 7, echo: 9 }),
            },
        ),
    ];
    for (name, octets, expected) in table {
        assert_eq!(options_read_from(octets), Ok(expected), "{name}");
    }
}

#[test]
fn an_option_of_an_impossible_length_is_refused() {
    let table: [(&str, &[u8], u8, usize); 9] = [
        ("an unknown one of length 0", &[254, 0, 1, 1], 254, 4),
        ("an unknown one of length 1", &[1, 254, 1, 1], 254, 3),
        ("an unknown one beyond the header", &[254, 5, 1, 1], 254, 4),
        ("an unknown one without a length", &[1, 1, 1, 254], 254, 1),
        ("MSS of 3 octets", &[2, 3, 5, 1], 2, 4),
        ("MSS that is cut off", &[1, 2, 4, 5], 2, 3),
        ("a window scale of 4 octets", &[3, 4, 7, 7], 3, 4),
        ("timestamps without values", &[8, 2, 1, 1], 8, 4),
        ("selective acknowledgments of half a block", &[5, 6, 0, 0, 0, 1, 1, 1], 5, 8),
    ];
    for (name, octets, kind, left) in table {
        assert_eq!(options_read_from(octets), Err(CodecError::BadOption { kind, left }), "{name}");
    }
}

/// The MSS counts on a header without options; whoever sends some, sends so much less text (RFC 9293 §3.7.1, MUST-16).
#[test]
fn a_packet_is_no_longer_than_the_mss_allows_whatever_its_options() {
    const MSS: usize = 536;
    for (options, text) in [("", MSS), (", timestamps on", MSS - 12)] {
        for ack in ["immediate", "delayed"] {
            let script = format!(
                "client isn 100, mss {MSS}{options}
                 server isn 300, listen 80, mss {MSS}, ack {ack}{options}
                 link delay 50ms
                 at 0ms client open
                 when client ESTABLISHED client send 3000"
            );
            let mut run = History::new(Scenario::parse(&script).expect("the script is right"));
            run.run_to_end();
            let sent = |side| {
                run.trace().events().iter().filter_map(move |event| match &event.kind {
                    EventKind::Sent { side: sender, datagram, .. } if *sender == side => Some(datagram),
                    _ => None,
                })
            };
            let packets: Vec<_> = sent(Side::Client).map(|datagram| encode(datagram).expect("it fits").len()).collect();
            assert_eq!(packets.iter().max(), Some(&(IPV4_HEADER + TCP_HEADER + MSS)), "{script}");
            // As many as fit, each of them full but the last; and two of them are acknowledged at once.
            let texts: Vec<_> = sent(Side::Client).map(|it| it.segment.payload.len()).filter(|len| *len > 0).collect();
            assert_eq!(texts[0], text, "{script}");
            assert_eq!(texts.len(), 3000usize.div_ceil(text), "{script}");
            let acks = sent(Side::Server).skip(1).count();
            assert_eq!(acks, if ack == "delayed" { texts.len() / 2 } else { texts.len() }, "{script}");
        }
    }
}

/// What the kernel says about a segment on the link.
#[derive(Debug, PartialEq, Eq, Deserialize)]
struct Wire {
    src: IpAddr,
    sport: u16,
    dst: IpAddr,
    dport: u16,
    flags: String,
    seq: u32,
    ack: Option<u32>,
    win: u16,
    len: usize,
    ipid: u16,
}

impl Wire {
    fn of(datagram: &Datagram, ipid: u16) -> Self {
        let Segment { seq, ack, flags, wnd, payload, .. } = &datagram.segment;
        let marks = [(flags.fin, 'F'), (flags.syn, 'S'), (flags.rst, 'R'), (flags.psh, 'P'), (ack.is_some(), '.')];
        Self {
            src: datagram.source.ip(),
            sport: datagram.source.port(),
            dst: datagram.destination.ip(),
            dport: datagram.destination.port(),
            flags: marks.into_iter().filter_map(|(is_set, mark)| is_set.then_some(mark)).collect(),
            seq: seq.0,
            ack: ack.map(|ack| ack.0),
            win: *wnd,
            len: payload.len(),
            ipid,
        }
    }
}

#[test]
fn what_a_kernel_wrote_is_read_as_the_kernel_says_and_written_as_it_wrote_it() {
    #[derive(Deserialize)]
    struct Truth {
        wire_log: Vec<Wire>,
    }
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/captures");
    let (mut captures, mut identical, mut with_sack) = (0, 0, 0);
    for entry in std::fs::read_dir(&folder).expect("the captures are there") {
        let path = entry.expect("the captures can be listed").path();
        let name = path.file_name().expect("a file has a name").to_string_lossy().into_owned();
        let Some(story) = name.strip_suffix(".client.pcap") else { continue };
        captures += 1;
        let truth = std::fs::read_to_string(folder.join(format!("{story}.truth.json"))).expect("it has a truth");
        let mut truth = serde_json::from_str::<Truth>(&truth).expect("the truth has the known form").wire_log;
        let bytes = std::fs::read(&path).expect("the capture can be read");
        for block in LegacyPcapSlice::from_slice(&bytes).expect("the file is a capture") {
            let Ok(PcapBlockOwned::Legacy(block)) = block else { panic!("{story}: the capture is whole") };
            // A header of Ethernet stands before the packet.
            let packet = &block.data[14..];
            let ipid = u16::from_be_bytes([packet[4], packet[5]]);
            let datagram = decode(packet).unwrap_or_else(|error| panic!("{story}: {error}"));
            let seen = Wire::of(&datagram, ipid);
            let place = truth.iter().position(|wire| *wire == seen);
            truth.remove(place.unwrap_or_else(|| panic!("{story}: the kernel says nothing of {seen:?}")));

            let written = encode(&datagram).expect("it came from a packet");
            if has_selective_acknowledgment(packet) {
                with_sack += 1;
                assert_eq!(decode(&written), Ok(datagram), "{story}: it says the same without");
                continue;
            }
            assert_eq!(written[IPV4_HEADER..], packet[IPV4_HEADER..written.len()], "{story}: {datagram}");
            if ipid == 0 {
                identical += 1;
                assert_eq!(written, packet[..written.len()], "{story}: {datagram}");
            }
        }
        assert!(truth.is_empty(), "{story}: never captured: {truth:?}");
    }
    assert_eq!(captures, 8, "every capture was read");
    assert!(identical > 0, "where the kernel numbers no packets, the whole packet is the same");
    assert_eq!(with_sack, 2, "in a simultaneous open, each side tells the other that it has seen its SYN twice");
}

/// Whether a packet of IPv4 without options carries a block of the SACK option, which our segments do not have.
fn has_selective_acknowledgment(packet: &[u8]) -> bool {
    let (tcp, _) = TcpHeader::from_slice(&packet[IPV4_HEADER..]).expect("the codec has read it");
    tcp.options_iterator().any(|option| matches!(option, Ok(TcpOptionElement::SelectiveAcknowledgement(..))))
}
