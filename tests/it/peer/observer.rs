//! Somebody who sees every packet on the link, writes it down, and checks that our side never sends more than the other
//! has said it takes.

use std::fmt::Write as _;

use synfin::segment::{Datagram, Options, Segment, codec};
use synfin::seq::SeqNumber;
use synfin::tcp::Side;
use synfin::time::Instant;

/// What was seen.
pub struct Observer {
    our_side: Side,
    /// What passed, a line for each segment when it left: relative numbers, and the window as the header has it.
    pub ladder: String,
    halves: [Half; 2],
}

/// What is known of one side from what it sends and receives.
#[derive(Default)]
struct Half {
    isn: Option<SeqNumber>,
    /// What its SYN offers.
    offers: Options,
    /// What it was told that it may send.
    window: Option<Window>,
}

/// The window that one side was told of.
struct Window {
    /// What the other side acknowledged.
    una: SeqNumber,
    /// The largest window that it announced. The last one would be too strict: a repeated segment acknowledges, but its
    /// window does not count, because it is older than the one that told the window last (RFC 9293 §3.10.7.4).
    most: u32,
}

impl Drop for Observer {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("{}", self.ladder);
        }
    }
}

impl Observer {
    /// One who has seen nothing yet.
    pub fn new(our_side: Side) -> Self {
        Self { our_side, ladder: String::new(), halves: Default::default() }
    }

    /// A packet leaves, and so many copies of it will arrive.
    pub fn leaves(&mut self, now: Instant, from: Side, packet: &[u8], copies: usize) {
        let Datagram { source, segment, .. } = codec::decode(packet).expect("both ends write whole packets");
        let half = &mut self.halves[from as usize];
        if segment.flags.syn {
            half.isn = Some(segment.seq);
            half.offers = segment.options;
        }
        self.write(now, from, &segment, copies);
        if from == self.our_side && !segment.flags.syn {
            self.check(&segment, source.is_ipv4(), packet);
        }
    }

    /// A packet arrives.
    pub fn arrives(&mut self, at: Side, packet: &[u8]) {
        let Datagram { segment, .. } = codec::decode(packet).expect("the link damages nothing");
        let Some(ack) = segment.ack.filter(|_| !segment.flags.rst) else { return };
        let wnd = u32::from(segment.wnd) << if segment.flags.syn { 0 } else { self.shift(at.other()) };
        let window = self.halves[at as usize].window.get_or_insert(Window { una: ack, most: wnd });
        if ack.is_after(window.una) {
            window.una = ack;
        }
        window.most = window.most.max(wnd);
    }

    fn check(&self, segment: &Segment, is_ipv4: bool, packet: &[u8]) {
        let [ours, theirs] = [self.our_side, self.our_side.other()].map(|side| &self.halves[side as usize]);
        if let Some(Window { una, most }) = ours.window.as_ref().filter(|_| !segment.is_empty()) {
            // One octet or a FIN may go out to ask whether a window has opened (RFC 9293 §3.8.6.1).
            assert!(!segment.end().is_after(*una + *most + 1), "we send beyond the window");
        }
        // The MSS is about text and options together (RFC 9293 §3.7.1).
        let octets = packet.len() - if is_ipv4 { 20 } else { 40 } - 20;
        let mss = usize::from(theirs.offers.mss.expect("smoltcp always says"));
        assert!(octets <= mss, "we send {octets} octets, the MSS is {mss}");
    }

    /// By how much `side` shifts its windows; not at all unless both SYNs offer it.
    fn shift(&self, side: Side) -> u8 {
        let offer = |side: Side| self.halves[side as usize].offers.window_scale;
        offer(side.other()).and(offer(side)).unwrap_or(0)
    }

    fn write(&mut self, now: Instant, from: Side, segment: &Segment, copies: usize) {
        let relative = |number: SeqNumber, of: Side| {
            let isn = self.halves[of as usize].isn.expect("numbers are seen after the SYN that begins them");
            number.offset_from(isn)
        };
        let Options { mss, window_scale, sack_permitted, timestamps } = segment.options;
        let words = [
            Some(format!("{:>7} {} {}", now.to_string(), from.name(), segment.control())),
            Some(format!(" seq={}", relative(segment.seq, from))),
            segment.ack.map(|ack| format!(" ack={}", relative(ack, from.other()))),
            (!segment.payload.is_empty()).then(|| format!(" len={}", segment.payload.len())),
            Some(format!(" wnd={}", segment.wnd)),
            mss.map(|mss| format!(" mss={mss}")),
            window_scale.map(|shift| format!(" scale={shift}")),
            sack_permitted.then(|| " sack".to_owned()),
            timestamps.map(|_| " ts".to_owned()),
            (copies != 1).then(|| format!(" ({copies} copies)")),
        ];
        let line: String = words.into_iter().flatten().collect();
        writeln!(self.ladder, "{line}").expect("a string takes everything");
    }
}
