//! What arrived and was not yet given to the user: out-of-order text, and text in order that waits for a RECEIVE.

use std::collections::VecDeque;
use std::mem;

use bytes::{Bytes, BytesMut};
use smallvec::SmallVec;

use crate::certain::certain;
use crate::seq::SeqNumber;

/// Text and FIN that arrived and were not yet taken, most of it ahead of RCV.NXT (RFC 9293 SHLD-31). Bounded by the
/// window: only what lies inside it gets here.
///
/// Segments that contradict each other, which cannot all be honest, are settled in the order of their sequence numbers,
/// as if each were processed completely before the next one (§3.10.7.4: "further processing is done in SEG.SEQ order"):
/// text that lies where the FIN of an earlier segment lies does not count, and neither does a FIN inside the text of an
/// earlier segment. Of two segments that span the same numbers, the one that came first stays.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Reassembly {
    /// Disjoint pieces in rising order of sequence number.
    pieces: SmallVec<[Piece; 1]>,
    /// The FINs that arrived, at most one for each number of the window. Of several, that of the earliest segment
    /// counts: a forged one must not keep the real one out.
    fins: SmallVec<[Fin; 1]>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Piece {
    seq: SeqNumber,
    text: Bytes,
    /// Where the text of the segment that brought it begins; of several segments that did, the earliest.
    begin: SeqNumber,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Fin {
    seq: SeqNumber,
    /// Where the text of the segment that brought it begins; its own number where there is none.
    begin: SeqNumber,
}

impl Reassembly {
    /// Keeps the part of `text` at `seq` that lies at or after `next` and was not there before. What is there stays:
    /// later copies of an octet never replace the first.
    pub fn keep(&mut self, next: SeqNumber, seq: SeqNumber, mut text: Bytes) {
        let begin = seq;
        if self.fins.iter().any(|fin| fin.begin == begin && fin.seq.offset_from(begin) as usize + 1 == text.len()) {
            text.truncate(text.len() - 1);
        }
        let mut offset = seq.distance_from(next);
        if offset < 0 {
            let already = usize::try_from(offset.unsigned_abs()).unwrap_or(usize::MAX).min(text.len());
            text = text.slice(already..);
            offset = 0;
        }
        // Offsets from RCV.NXT are plain numbers, so that the merge below needs no arithmetic modulo 2^32.
        let mut start = offset.unsigned_abs();
        let mut at = 0;
        while !text.is_empty() {
            let Some(piece) = self.pieces.get_mut(at) else {
                self.pieces.push(Piece { seq: next + start, text, begin });
                return;
            };
            let (piece_start, piece_end) = (piece.seq.offset_from(next), piece.end().offset_from(next));
            if start < piece_start {
                let room = usize::try_from(piece_start - start).unwrap_or(usize::MAX).min(text.len());
                let fresh = text.split_to(room);
                self.pieces.insert(at, Piece { seq: next + start, text: fresh, begin });
                start = piece_start;
                at += 1;
            } else {
                let known = usize::try_from(piece_end.saturating_sub(start)).unwrap_or(usize::MAX).min(text.len());
                // An earlier segment vouches for octets that are there; then it covers the piece from its beginning on.
                if known > 0 && begin.is_before(piece.begin) {
                    let rest = Piece { seq: next + start + known as u32, text: piece.text.split_off(known), ..*piece };
                    piece.begin = begin;
                    if !rest.text.is_empty() {
                        self.pieces.insert(at + 1, rest);
                    }
                }
                text = text.slice(known..);
                start = start.max(piece_end);
                at += 1;
            }
        }
    }

    /// Remembers that a FIN occupies `seq`, in a segment whose text begins at `begin`.
    pub fn keep_fin(&mut self, begin: SeqNumber, seq: SeqNumber) {
        match self.fins.iter_mut().find(|fin| fin.seq == seq) {
            Some(known) if begin.is_before(known.begin) => known.begin = begin,
            Some(_) => {}
            None => self.fins.push(Fin { seq, begin }),
        }
    }

    /// Takes the text that begins at `next`, if any is there and no FIN is before it: call until it returns `None`,
    /// moving `next` on.
    pub fn take(&mut self, next: SeqNumber) -> Option<Bytes> {
        let first = self.pieces.first().filter(|first| first.seq == next)?;
        // The FIN of the earliest segment, of those that come before the segment of this piece.
        let fin = self
            .fins
            .iter()
            .filter(|fin| fin.begin.is_before(first.begin) && !fin.seq.is_before(next))
            .min_by_key(|fin| fin.begin.distance_from(next));
        let until_fin = fin.map(|fin| usize::try_from(fin.seq.offset_from(next)).unwrap_or(usize::MAX));
        let octets = until_fin.unwrap_or(usize::MAX).min(first.text.len());
        let text = first.text.slice(..octets);
        // What lies behind the FIN stays until the FIN is taken.
        if octets == first.text.len() {
            self.pieces.remove(0);
        } else {
            let rest = &mut self.pieces[0];
            rest.seq = next + certain(u32::try_from(octets), "a piece lies inside a window");
            rest.text = rest.text.slice(octets..);
        }
        (octets > 0).then_some(text)
    }

    /// Takes the FIN if it is at `next`; nothing behind it will ever be wanted. Those that text has meanwhile covered
    /// were nonsense: they are forgotten.
    pub fn take_fin(&mut self, next: SeqNumber) -> bool {
        if self.fins.is_empty() {
            return false;
        }
        let is_taken = self.fins.iter().any(|fin| fin.seq == next);
        if is_taken {
            *self = Self::default();
        }
        self.fins.retain(|fin| fin.seq.is_after(next));
        is_taken
    }

    /// How many octets wait for something missing before them.
    pub fn held(&self) -> usize {
        self.pieces.iter().map(|piece| piece.text.len()).sum()
    }

    /// Whether a FIN waits for something missing before it.
    pub fn holds_fin(&self) -> bool {
        !self.fins.is_empty()
    }

    /// The ranges held: first sequence number and length in octets.
    pub fn ranges(&self) -> impl Iterator<Item = (SeqNumber, usize)> + '_ {
        self.pieces.iter().map(|piece| (piece.seq, piece.text.len()))
    }
}

impl Piece {
    fn end(&self) -> SeqNumber {
        self.seq + certain(u32::try_from(self.text.len()), "a piece lies inside a window of at most 2^32 octets")
    }
}

/// Octets in order, in the pieces in which they came.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Octets {
    /// Mostly there is one piece at the most. It is empty only where there is none.
    first: Bytes,
    rest: VecDeque<Bytes>,
    len: usize,
}

impl Octets {
    /// How many octets are there.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Appends `text`.
    pub fn push(&mut self, text: Bytes) {
        self.len += text.len();
        if self.first.is_empty() {
            self.first = text;
        } else if !text.is_empty() {
            self.rest.push_back(text);
        }
    }

    /// Takes up to `most` octets from the front; copies only where the octets came in several pieces.
    pub fn take(&mut self, most: usize) -> Bytes {
        let wanted = most.min(self.len);
        self.len -= wanted;
        if wanted <= self.first.len() {
            return self.take_of_first(wanted);
        }
        let mut joined = BytesMut::with_capacity(wanted);
        while joined.len() < wanted {
            let part = self.take_of_first((wanted - joined.len()).min(self.first.len()));
            joined.extend_from_slice(&part);
        }
        joined.freeze()
    }

    /// Takes so many octets of the first piece; where it is used up, the next one becomes the first.
    fn take_of_first(&mut self, octets: usize) -> Bytes {
        if octets < self.first.len() {
            return self.first.split_to(octets);
        }
        mem::replace(&mut self.first, self.rest.pop_front().unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Keeps pieces of a known text in every order and compares with a naive map from offset to octet.
    #[test]
    fn any_order_of_overlapping_pieces_gives_the_text_back() {
        let text: Vec<u8> = (0..24).collect();
        let start = SeqNumber(u32::MAX - 7);
        let pieces = [(0usize, 5usize), (3, 9), (7, 8), (10, 20), (12, 14), (18, 24), (5, 6)];
        for rotation in 0..pieces.len() {
            for step in 1..pieces.len() {
                let mut reassembly = Reassembly::default();
                let mut naive = [None; 24];
                for turn in 0..pieces.len() {
                    let (from, to) = pieces[(rotation + turn * step) % pieces.len()];
                    reassembly.keep(start, start + from as u32, Bytes::copy_from_slice(&text[from..to]));
                    for offset in from..to {
                        naive[offset] = Some(text[offset]);
                    }
                    assert_eq!(reassembly.held(), naive.iter().flatten().count());
                }
                let mut got = Vec::new();
                let mut next = start;
                while let Some(piece) = reassembly.take(next) {
                    next = next + piece.len() as u32;
                    got.extend_from_slice(&piece);
                }
                let expected: Vec<u8> = naive.iter().map_while(|octet| *octet).collect();
                assert_eq!(got, expected, "rotation {rotation}, step {step}");
            }
        }
    }

    /// Shows 9293-3.10.7.4-TRIM.
    #[test]
    fn what_lies_before_next_is_cut_off_and_first_copies_stay() {
        let mut reassembly = Reassembly::default();
        let next = SeqNumber(100);
        reassembly.keep(next, SeqNumber(98), Bytes::from_static(b"xxab"));
        reassembly.keep(next, SeqNumber(100), Bytes::from_static(b"ZZc"));
        assert_eq!(reassembly.take(next), Some(Bytes::from_static(b"ab")));
        assert_eq!(reassembly.take(next + 2), Some(Bytes::from_static(b"c")));
        reassembly.keep(next + 3, SeqNumber(90), Bytes::from_static(b"old"));
        assert_eq!(reassembly.held(), 0);
    }

    /// A FIN without text.
    fn keep_bare_fin(reassembly: &mut Reassembly, seq: u32) {
        reassembly.keep_fin(SeqNumber(seq), SeqNumber(seq));
    }

    #[test]
    fn a_fin_waits_for_its_turn_and_the_first_one_counts() {
        let mut reassembly = Reassembly::default();
        keep_bare_fin(&mut reassembly, 120);
        keep_bare_fin(&mut reassembly, 110);
        keep_bare_fin(&mut reassembly, 120);
        assert!(!reassembly.take_fin(SeqNumber(100)) && reassembly.holds_fin());
        assert!(reassembly.take_fin(SeqNumber(110)) && !reassembly.holds_fin());
        keep_bare_fin(&mut reassembly, 120);
        assert!(!reassembly.take_fin(SeqNumber(125)) && !reassembly.holds_fin(), "text has covered it");
    }

    /// Takes everything there is from `next` on: the text, and whether the FIN follows it.
    fn take_all(reassembly: &mut Reassembly, next: u32) -> (Vec<u8>, bool) {
        let mut text = Vec::new();
        let at = |text: &Vec<u8>| SeqNumber(next) + text.len() as u32;
        while let Some(piece) = reassembly.take(at(&text)) {
            text.extend_from_slice(&piece);
        }
        let has_fin = reassembly.take_fin(at(&text));
        (text, has_fin)
    }

    #[test]
    fn of_contradicting_segments_the_one_that_begins_first_is_right() {
        // Text at 102 that claims the number of the FIN behind the text at 101.
        let mut text_first = Reassembly::default();
        text_first.keep(SeqNumber(101), SeqNumber(102), Bytes::from_static(b"bcdef"));
        text_first.keep(SeqNumber(101), SeqNumber(101), Bytes::from_static(b"abc"));
        text_first.keep_fin(SeqNumber(101), SeqNumber(104));
        assert_eq!(take_all(&mut text_first, 101), (b"abc".to_vec(), true));
        assert_eq!((text_first.held(), text_first.holds_fin()), (0, false), "nothing behind the FIN is wanted");

        // A FIN at 102 inside the text at 101, which has a FIN of its own.
        let mut fin_first = Reassembly::default();
        keep_bare_fin(&mut fin_first, 102);
        fin_first.keep(SeqNumber(101), SeqNumber(101), Bytes::from_static(b"abc"));
        fin_first.keep_fin(SeqNumber(101), SeqNumber(104));
        assert_eq!(take_all(&mut fin_first, 101), (b"abc".to_vec(), true));

        // Both wait behind a gap: the FIN's segment begins first, whichever came first.
        for fin_comes_first in [true, false] {
            let mut gap = Reassembly::default();
            let keep_with_fin = |gap: &mut Reassembly| {
                gap.keep(SeqNumber(101), SeqNumber(102), Bytes::from_static(b"bc"));
                gap.keep_fin(SeqNumber(102), SeqNumber(104));
            };
            if fin_comes_first {
                keep_with_fin(&mut gap);
            }
            gap.keep(SeqNumber(101), SeqNumber(103), Bytes::from_static(b"cdef"));
            if !fin_comes_first {
                keep_with_fin(&mut gap);
            }
            assert_eq!(take_all(&mut gap, 101), (vec![], false));
            gap.keep(SeqNumber(101), SeqNumber(101), Bytes::from_static(b"a"));
            assert_eq!(take_all(&mut gap, 101), (b"abc".to_vec(), true), "FIN first: {fin_comes_first}");
        }

        // A FIN that the text at 101 covers, and one behind the text that waits at the same number.
        let mut two_fins = Reassembly::default();
        keep_bare_fin(&mut two_fins, 102);
        two_fins.keep(SeqNumber(101), SeqNumber(102), Bytes::from_static(b"bcd"));
        two_fins.keep_fin(SeqNumber(102), SeqNumber(105));
        two_fins.keep(SeqNumber(101), SeqNumber(101), Bytes::from_static(b"ab"));
        assert_eq!(take_all(&mut two_fins, 101), (b"abcd".to_vec(), true));

        // The text begins first: the FIN inside it is nonsense.
        let mut nonsense = Reassembly::default();
        keep_bare_fin(&mut nonsense, 103);
        nonsense.keep(SeqNumber(101), SeqNumber(101), Bytes::from_static(b"abcd"));
        assert_eq!(take_all(&mut nonsense, 101), (b"abcd".to_vec(), false));
        assert!(!nonsense.holds_fin());

        // The text at 101 covers the FIN at 104 too, although its octets were there already from later segments.
        let mut vouched = Reassembly::default();
        vouched.keep(SeqNumber(101), SeqNumber(102), Bytes::from_static(b"bc"));
        vouched.keep_fin(SeqNumber(102), SeqNumber(104));
        vouched.keep(SeqNumber(101), SeqNumber(103), Bytes::from_static(b"cdef"));
        vouched.keep(SeqNumber(101), SeqNumber(101), Bytes::from_static(b"abcde"));
        assert_eq!(take_all(&mut vouched, 101), (b"abcdef".to_vec(), false));
        assert!(!vouched.holds_fin());
    }

    #[test]
    fn of_segments_that_span_the_same_numbers_the_first_one_stays() {
        for text in [b"b".as_slice(), b"bcd"] {
            let last = SeqNumber(101) + text.len() as u32;
            let without_last = &text[..text.len() - 1];
            let mut fin_first = Reassembly::default();
            fin_first.keep(SeqNumber(101), SeqNumber(102), Bytes::from_static(without_last));
            fin_first.keep_fin(SeqNumber(102), last);
            fin_first.keep(SeqNumber(101), SeqNumber(102), Bytes::from_static(text));
            fin_first.keep(SeqNumber(101), SeqNumber(101), Bytes::from_static(b"a"));
            assert_eq!(take_all(&mut fin_first, 101), ([b"a", without_last].concat(), true));

            let mut text_first = Reassembly::default();
            text_first.keep(SeqNumber(101), SeqNumber(102), Bytes::from_static(text));
            text_first.keep(SeqNumber(101), SeqNumber(102), Bytes::from_static(without_last));
            text_first.keep_fin(SeqNumber(102), last);
            text_first.keep(SeqNumber(101), SeqNumber(101), Bytes::from_static(b"a"));
            assert_eq!(take_all(&mut text_first, 101), ([b"a", text].concat(), false));
        }
    }

    #[test]
    fn octets_come_out_in_order_whatever_the_sizes() {
        let text: Vec<u8> = (0..60).collect();
        for most in 1..=60 {
            let mut octets = Octets::default();
            for piece in text.chunks(7) {
                octets.push(Bytes::copy_from_slice(piece));
            }
            let mut got = Vec::new();
            while !octets.is_empty() {
                let before = octets.len();
                let part = octets.take(most);
                assert_eq!((part.len(), octets.len()), (most.min(before), before - part.len()));
                got.extend_from_slice(&part);
            }
            assert_eq!(got, text, "taken {most} at a time");
        }
    }
}
