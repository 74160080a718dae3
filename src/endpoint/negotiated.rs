//! What both SYNs agreed on: window scaling, selective acknowledgments, timestamps (RFC 7323, RFC 2018).

use crate::segment::{Options, Segment};
use crate::seq::SeqNumber;
use crate::time::{Duration, Instant};

/// The octets of the timestamps option in a header, with their padding (RFC 7323 appendix A).
const TIMESTAMPS_OCTETS: u32 = 12;

/// For how long TS.Recent says what is old: a clock of milliseconds goes half around in 24.8 days (RFC 7323 §5.5).
const LIFE_OF_TS_RECENT: Duration = Duration::from_secs(24 * 24 * 3600);

/// What holds for the segments of a connection once both SYNs are known. An option is on only if both sides offered it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Negotiated {
    /// Both shifts, if windows are scaled (RFC 7323 §2.2).
    pub scale: Option<WindowScale>,
    /// Whether selective acknowledgments may be sent.
    pub sack_permitted: bool,
    /// TS.Recent, if timestamps are on: the value to echo, in the other side's milliseconds (RFC 7323 §4.3).
    pub ts_recent: Option<u32>,
}

/// By how many bits windows are shifted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct WindowScale {
    /// Snd.Wind.Shift: for the windows that we receive.
    pub send: u8,
    /// Rcv.Wind.Shift: for the windows that we announce.
    pub receive: u8,
}

impl Negotiated {
    /// What our offer and the other side's SYN have in common.
    pub fn new(ours: &Options, theirs: &Options) -> Self {
        let scale = ours.window_scale.zip(theirs.window_scale);
        let timestamps = ours.timestamps.zip(theirs.timestamps);
        Self {
            // RFC 7323 §2.3: a larger shift is taken as the largest.
            scale: scale
                .map(|(receive, send)| WindowScale { send: send.min(crate::segment::MOST_WINDOW_SHIFT), receive }),
            sack_permitted: ours.sack_permitted && theirs.sack_permitted,
            ts_recent: timestamps.map(|(_, theirs)| theirs.value),
        }
    }

    /// The window that a segment announces, in octets; those of SYNs are never scaled (RFC 7323 §2.2).
    pub fn window_of(&self, segment: &Segment) -> u32 {
        let shift = self.scale.filter(|_| !segment.flags.syn).map_or(0, |scale| scale.send);
        u32::from(segment.wnd) << shift
    }

    /// How much text fits into a segment where `mss` octets do: the options that it carries take their room from them
    /// (RFC 9293 §3.7.1: Eff.snd.MSS).
    pub fn text_within(&self, mss: u32) -> u32 {
        let options = if self.ts_recent.is_some() { TIMESTAMPS_OCTETS } else { 0 };
        mss.saturating_sub(options).max(1)
    }

    /// By how much our windows are shifted.
    pub fn receive_shift(&self) -> u8 {
        self.scale.map_or(0, |scale| scale.receive)
    }
}

/// What the timestamp of a segment says about its age (RFC 7323 §5.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Age {
    /// It is not older than what was received before, or there is nothing to compare it with.
    Current,
    /// It lacks the option that was agreed on.
    Unknown,
    /// It is older than TS.Recent.
    Old,
}

/// By what TS.Recent is judged and replaced, where timestamps are on (RFC 7323 §4.3, §5.5).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TimestampClock {
    /// Last.ACK.sent: the acknowledgment number of the segment that left last.
    pub last_ack_sent: SeqNumber,
    /// When TS.Recent was taken over.
    pub taken_at: Instant,
}

impl TimestampClock {
    /// Whether TS.Recent is so old that the other side's clock may have gone half around since.
    fn is_outdated(self, now: Instant) -> bool {
        now.since(self.taken_at) > LIFE_OF_TS_RECENT
    }
}

impl Negotiated {
    /// How old a segment is by its timestamp. A reset is never judged by it (§5.2).
    pub fn age_of(&self, segment: &Segment, clock: TimestampClock, now: Instant) -> Age {
        match (self.ts_recent, segment.options.timestamps) {
            (Some(_), _) if segment.flags.rst => Age::Current,
            (Some(_), None) => Age::Unknown,
            (Some(recent), Some(timestamps)) if is_before(timestamps.value, recent) && !clock.is_outdated(now) => {
                Age::Old
            }
            (Some(_), Some(_)) | (None, _) => Age::Current,
        }
    }

    /// Takes over the timestamp of an acceptable segment that is not [`Age::Old`] and begins at or before what was
    /// acknowledged last (§4.3); never that of a reset (§5.2).
    pub fn update_ts_recent(&mut self, segment: &Segment, clock: &mut TimestampClock, now: Instant) {
        let theirs = segment.options.timestamps.filter(|_| !segment.flags.rst);
        if let (Some(recent), Some(timestamps)) = (&mut self.ts_recent, theirs)
            && segment.seq.is_at_or_before(clock.last_ack_sent)
        {
            *recent = timestamps.value;
            clock.taken_at = now;
        }
    }
}

/// Whether one timestamp is older than another, as of a clock that goes around.
fn is_before(one: u32, other: u32) -> bool {
    (one.wrapping_sub(other) as i32) < 0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::segment::Timestamps;

    fn stamped(seq: u32, value: u32) -> Segment {
        let options = Options { timestamps: Some(Timestamps { value, echo: 0 }), ..Options::default() };
        Segment { options, ..Segment::ack(SeqNumber(seq), SeqNumber(301)) }
    }

    fn rst(segment: &Segment) -> Segment {
        Segment { options: segment.options, ..Segment::rst(segment.seq) }
    }

    /// TS.Recent 1000, taken at 0, where 101 was acknowledged last.
    fn connection() -> (Negotiated, TimestampClock) {
        let negotiated = Negotiated { ts_recent: Some(1000), ..Negotiated::default() };
        (negotiated, TimestampClock { last_ack_sent: SeqNumber(101), taken_at: Instant::ZERO })
    }

    /// Shows 7323-PAWS, 7323-TSRST.
    #[test]
    fn a_segment_is_old_by_its_timestamp_alone_and_a_reset_never_is() {
        let (negotiated, clock) = connection();
        let age = |segment: &Segment| negotiated.age_of(segment, clock, Instant::from_ms(1));
        let half_around = 1 << 31;
        for (value, expected) in [
            (1000, Age::Current),
            (1001, Age::Current),
            (999, Age::Old),
            (1000 + half_around - 1, Age::Current),
            (1000 + half_around, Age::Old),
        ] {
            assert_eq!(age(&stamped(5000, value)), expected, "{value}");
            assert_eq!(age(&rst(&stamped(5000, value))), Age::Current, "a reset with {value}");
        }
        assert_eq!(age(&Segment::ack(SeqNumber(101), SeqNumber(301))), Age::Unknown);
        assert_eq!(age(&Segment::rst(SeqNumber(101))), Age::Current);
        let without = Negotiated::default();
        assert_eq!(without.age_of(&stamped(101, 999), clock, Instant::ZERO), Age::Current, "nothing was agreed on");
    }

    /// RFC 7323 §5.5.
    ///
    /// Shows 7323-PAWS.
    #[test]
    fn after_24_days_of_silence_no_timestamp_is_old() {
        let (mut negotiated, mut clock) = connection();
        let day = Duration::from_secs(24 * 3600);
        let old = stamped(101, 1);
        let after = |days| Instant::ZERO + day.times(days);
        assert_eq!(negotiated.age_of(&old, clock, after(24)), Age::Old);
        let later = after(24) + Duration::from_ms(1);
        assert_eq!(negotiated.age_of(&old, clock, later), Age::Current);
        negotiated.update_ts_recent(&old, &mut clock, later);
        assert_eq!((negotiated.ts_recent, clock.taken_at), (Some(1), later), "a new beginning");
        assert_eq!(negotiated.age_of(&stamped(101, 0), clock, later), Age::Old);
    }

    /// RFC 7323 §4.3.
    #[test]
    fn only_what_begins_at_or_before_the_last_acknowledgment_changes_ts_recent_and_no_reset_does() {
        for (segment, expected) in [
            (stamped(101, 2000), 2000),
            (stamped(90, 2000), 2000),
            (stamped(102, 2000), 1000),
            (rst(&stamped(101, 2000)), 1000),
            (Segment::ack(SeqNumber(101), SeqNumber(301)), 1000),
        ] {
            let (mut negotiated, mut clock) = connection();
            negotiated.update_ts_recent(&segment, &mut clock, Instant::from_ms(7));
            assert_eq!(negotiated.ts_recent, Some(expected), "{segment}");
            assert_eq!(clock.taken_at, Instant::from_ms(if expected == 2000 { 7 } else { 0 }), "{segment}");
        }
    }
}
