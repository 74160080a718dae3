//! What both SYNs agreed on: window scaling, selective acknowledgments, timestamps (RFC 7323, RFC 2018).

use crate::segment::{Options, Segment};

/// The octets of the timestamps option in a header, with their padding (RFC 7323 appendix A).
const TIMESTAMPS_OCTETS: u32 = 12;

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

    /// Takes over the timestamp of an acceptable segment that begins at or before what was acknowledged last
    /// (RFC 7323 §4.3).
    pub fn update_ts_recent(&mut self, segment: &Segment) {
        if let (Some(recent), Some(timestamps)) = (&mut self.ts_recent, segment.options.timestamps)
            && timestamps.value.wrapping_sub(*recent) as i32 >= 0
        {
            *recent = timestamps.value;
        }
    }
}
