//! The send and receive sequence spaces: SND.* and RCV.* (RFC 9293 §3.3.1, §3.4).

use crate::segment::Segment;
use crate::seq::SeqNumber;

/// The send sequence space.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct SendSpace {
    /// ISS: the initial send sequence number.
    pub iss: SeqNumber,
    /// SND.UNA: the oldest number not yet acknowledged.
    pub una: SeqNumber,
    /// SND.NXT: the next number to be sent.
    pub nxt: SeqNumber,
    /// SND.WND: the window the other side last announced, in octets.
    pub wnd: u32,
    /// SND.WL1: the sequence number of the segment that last updated the window.
    pub wl1: SeqNumber,
    /// SND.WL2: the acknowledgment number of the segment that last updated the window.
    pub wl2: SeqNumber,
    /// MAX.SND.WND: the largest window the other side ever announced.
    pub max_wnd: u32,
    /// The largest text we may send, in octets: what the other side's MSS option and our own limit allow, and the options
    /// of each segment leave (RFC 9293 §3.7.1).
    pub mss: u32,
}

impl SendSpace {
    /// A space in which only a SYN was sent.
    pub fn after_syn(iss: SeqNumber, mss: u32) -> Self {
        Self { iss, una: iss, nxt: iss + 1, wnd: 0, wl1: SeqNumber(0), wl2: iss, max_wnd: 0, mss }
    }

    /// Numbers sent and not yet acknowledged.
    pub fn in_flight(&self) -> u32 {
        self.nxt.offset_from(self.una)
    }

    /// The number for a segment that carries none of its own, an acknowledgment or a reset: SND.NXT, but not beyond what the
    /// other side has announced, where it would not be read. What lies there was sent by a probe, and refused; or the window
    /// has shrunk.
    pub fn nxt_in_window(&self) -> SeqNumber {
        // Until our SYN is acknowledged, no window was announced.
        let is_beyond = self.una != self.iss && self.window_end().is_before(self.nxt);
        if is_beyond { self.window_end() } else { self.nxt }
    }

    /// How many octets the window still allows: U = SND.UNA + SND.WND - SND.NXT, zero if negative
    /// (RFC 9293 §3.8.6.2.1).
    pub fn usable(&self) -> u32 {
        self.wnd.saturating_sub(self.in_flight())
    }

    /// SND.UNA < SEG.ACK =< SND.NXT: the acknowledgment says something new that can be true.
    pub fn is_acceptable(&self, ack: SeqNumber) -> bool {
        self.una.is_before(ack) && ack.is_at_or_before(self.nxt)
    }

    /// SEG.ACK > SND.NXT: it acknowledges what was never sent.
    pub fn is_unsent(&self, ack: SeqNumber) -> bool {
        ack.is_after(self.nxt)
    }

    /// Takes the window of an acceptable segment, `wnd` octets, unless the segment is older than the one that last
    /// updated it (RFC 9293 §3.10.7.4, check 5). Says whether it did.
    pub fn update_window(&mut self, segment: &Segment, ack: SeqNumber, wnd: u32) -> bool {
        let is_newer = self.wl1.is_before(segment.seq) || (self.wl1 == segment.seq && self.wl2.is_at_or_before(ack));
        if is_newer {
            self.set_window(segment, ack, wnd);
        }
        is_newer
    }

    /// SND.UNA + SND.WND: the first number for which the other side has announced no room.
    pub fn window_end(&self) -> SeqNumber {
        self.una + self.wnd
    }

    /// Takes the window of `segment`, `wnd` octets, whatever came before, as on entering ESTABLISHED.
    pub fn set_window(&mut self, segment: &Segment, ack: SeqNumber, wnd: u32) {
        self.wnd = wnd;
        self.wl1 = segment.seq;
        self.wl2 = ack;
        self.max_wnd = self.max_wnd.max(self.wnd);
    }
}

/// What became of the receive window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reopened {
    /// It is as wide as the buffer allows.
    NothingToGain,
    /// There is more room, but too little to be worth telling.
    NotYet,
    /// Its right edge has moved.
    Far,
}

/// The receive sequence space.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ReceiveSpace {
    /// IRS: the initial receive sequence number.
    pub irs: SeqNumber,
    /// RCV.NXT: the next number expected.
    pub nxt: SeqNumber,
    /// RCV.WND: how many octets from RCV.NXT on are welcome.
    pub wnd: u32,
}

impl ReceiveSpace {
    /// A space in which the SYN `irs` was received and `wnd` octets are welcome.
    pub fn after_syn(irs: SeqNumber, wnd: u32) -> Self {
        Self { irs, nxt: irs + 1, wnd }
    }

    /// The acceptability test (RFC 9293 §3.4, table 6 and §3.10.7.4, first check).
    pub fn is_acceptable(&self, seq: SeqNumber, len: u32) -> bool {
        match (len, self.wnd) {
            (0, 0) => seq == self.nxt,
            (0, wnd) => seq.is_within(self.nxt, wnd),
            (_, 0) => false,
            (len, wnd) => seq.is_within(self.nxt, wnd) || (seq + (len - 1)).is_within(self.nxt, wnd),
        }
    }

    /// Accepts `octets` from RCV.NXT on. The right edge of the window stays where it is (RFC 9293 SHLD-14).
    pub fn accept(&mut self, octets: u32) {
        self.nxt = self.nxt + octets;
        self.wnd = self.wnd.saturating_sub(octets);
    }

    /// Moves the right edge of the window if there is enough room to be worth telling, against the silly window
    /// syndrome (RFC 9293 MUST-39, §3.8.6.2.2): at least a full segment or half the buffer.
    pub fn reopen(&mut self, free: u32, buffer: u32, mss: u32) -> Reopened {
        match free.saturating_sub(self.wnd) {
            0 => Reopened::NothingToGain,
            gain if gain < (buffer / 2).min(mss) => Reopened::NotYet,
            _ => {
                self.wnd = free;
                Reopened::Far
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Shows 9293-3.4-ACC.
    #[test]
    fn the_acceptability_test_has_its_four_cases() {
        let open = ReceiveSpace { irs: SeqNumber(99), nxt: SeqNumber(100), wnd: 10 };
        let closed = ReceiveSpace { wnd: 0, ..open.clone() };
        let table = [
            (&open, 100, 0, true),
            (&open, 109, 0, true),
            (&open, 110, 0, false),
            (&open, 99, 0, false),
            (&open, 95, 5, false),
            (&open, 95, 6, true),
            (&open, 109, 5, true),
            (&open, 110, 1, false),
            (&open, 95, 40, false),
            (&closed, 100, 0, true),
            (&closed, 101, 0, false),
            (&closed, 100, 1, false),
        ];
        for (space, seq, len, expected) in table {
            assert_eq!(space.is_acceptable(SeqNumber(seq), len), expected, "{space:?} seq={seq} len={len}");
        }
    }

    #[test]
    fn the_window_reopens_only_when_it_is_worth_telling() {
        let mut space = ReceiveSpace::after_syn(SeqNumber(99), 4000);
        space.accept(600);
        assert_eq!((space.nxt, space.wnd), (SeqNumber(700), 3400));
        assert_eq!(space.reopen(4000, 4000, 1000), Reopened::NotYet, "600 octets are less than a segment");
        space.accept(400);
        assert_eq!(space.reopen(4000, 4000, 1000), Reopened::Far);
        assert_eq!(space.wnd, 4000);
        assert_eq!(space.reopen(4000, 4000, 1000), Reopened::NothingToGain);
        let mut small = ReceiveSpace { irs: SeqNumber(0), nxt: SeqNumber(1), wnd: 0 };
        assert_eq!(small.reopen(4, 10, 1000), Reopened::NotYet);
        assert_eq!(small.reopen(5, 10, 1000), Reopened::Far, "half of a small buffer is enough");
    }

    /// Shows 9293-3.10.7.4-WND.
    #[test]
    fn an_older_segment_does_not_update_the_window() {
        let mut space = SendSpace::after_syn(SeqNumber(100), 1000);
        let segment = |seq| Segment::ack(SeqNumber(seq), SeqNumber(101));
        space.set_window(&segment(500), SeqNumber(101), 70);
        space.update_window(&segment(499), SeqNumber(101), 10);
        assert_eq!(space.wnd, 70);
        space.update_window(&segment(500), SeqNumber(101), 20);
        assert_eq!((space.wnd, space.max_wnd), (20, 70));
        space.update_window(&segment(500), SeqNumber(100), 30);
        assert_eq!(space.wnd, 20, "same segment, older acknowledgment");
    }
}
