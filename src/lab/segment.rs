//! Segments, and where their copies are.

use serde::Serialize;
#[cfg(target_arch = "wasm32")]
use tsify::Tsify;

use crate::chronicle::{Flight, Whereabouts};
use crate::history::History;
use crate::segment::{Flags, Options, Segment, Timestamps};
use crate::tcp::{Intrusion, Role, SegmentId};
use crate::text;
use crate::trace::Trace;

use super::offer::{self, SegmentOffer};
use super::{SideView, ms};

/// A control bit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "UPPERCASE")]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
#[expect(missing_docs, reason = "the names are the RFC's")]
pub enum FlagView {
    Syn,
    Fin,
    Rst,
    Psh,
    Urg,
    Ece,
    Cwr,
    Ack,
}

/// The options of a segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
pub struct OptionsView {
    /// The maximum segment size, in octets.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub mss: Option<u16>,
    /// The window scale, in bits.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub window_scale: Option<u8>,
    /// Whether selective acknowledgments may be sent.
    pub sack_permitted: bool,
    /// The timestamps.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub timestamps: Option<TimestampsView>,
}

/// The timestamps option, in milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
pub struct TimestampsView {
    /// The sender's clock.
    pub value: u32,
    /// The last value that it received.
    pub echo: u32,
}

impl From<Options> for OptionsView {
    fn from(options: Options) -> Self {
        Self {
            mss: options.mss,
            window_scale: options.window_scale,
            sack_permitted: options.sack_permitted,
            timestamps: options.timestamps.map(|Timestamps { value, echo }| TimestampsView { value, echo }),
        }
    }
}

/// A segment.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
pub struct SegmentView {
    /// Its number in this run, from 1, in the order in which segments left.
    pub id: u32,
    /// Who sent it; left out if no present connection did.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub from: Option<SideView>,
    /// Where it comes from, if no present connection sent it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub intrusion: Option<IntrusionView>,
    /// Whom it travels to.
    pub to: SideView,
    /// SEG.SEQ.
    pub seq: u32,
    /// SEG.ACK; left out without the ACK bit.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub ack: Option<u32>,
    /// The control bits that are set.
    pub flags: Vec<FlagView>,
    /// Octets of text.
    pub length: usize,
    /// What the text says, as a script quotes it, shortened; left out where it is nothing but a number of octets.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub text: Option<String>,
    /// SEG.WND as the header carries it: in octets, unless both sides agreed to scale windows; see `Lab.segment`.
    pub window: u16,
    /// Its options.
    pub options: OptionsView,
    /// All of it but what its text says, in one line; options where they are not the usual ones.
    pub label: String,
    /// Why it was sent; left out if no present connection sent it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub role: Option<RoleView>,
    /// When it left, in milliseconds.
    pub left_ms: f64,
    /// In a step: what became of its copies as it left. In a snapshot: its copies that are on their way.
    pub copies: Vec<CopyView>,
}

/// What a segment is for; the wire does not say, the sender knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
#[expect(missing_docs, reason = "they are those of `Role`")]
pub enum RoleView {
    New,
    Ack,
    Retransmission,
    Probe,
    KeepAlive,
    ChallengeAck,
    Reset,
    Abort,
}

/// Where a segment comes from that no present connection sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
pub enum IntrusionView {
    /// It is a duplicate of an earlier connection.
    Old,
    /// Somebody made it up.
    Forged,
    /// A middlebox on the link sent it, in the name of one of the two ends.
    Middlebox,
}

/// One copy of a segment.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(tag = "fate", rename_all = "kebab-case", rename_all_fields = "camelCase")]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
pub enum CopyView {
    /// On its way.
    InFlight {
        /// When it will arrive, in milliseconds.
        due_ms: f64,
        /// Whether it will arrive with a wrong checksum.
        damaged: bool,
    },
    /// On its way, until it is released.
    Held,
    /// It is lost.
    Lost,
    /// It has arrived.
    Arrived {
        /// When, in milliseconds.
        at_ms: f64,
    },
    /// Nobody saw where it went.
    Unknown,
}

/// A segment at the cursor.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
pub struct SegmentNow {
    /// How many octets its window stands for: what the header carries, shifted where both sides agreed to scale windows (RFC
    /// 7323 §2). Left out for a segment to which the run has not come.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub octets: Option<u32>,
    /// What has become of it: of its copies, that which is on its way, else held, else arrived.
    pub fate: CopyView,
    /// What can be done to it.
    pub offers: Vec<SegmentOffer>,
}

/// A segment at the cursor, also one to which the run has not come.
pub fn segment_now(history: &History, segment: SegmentId) -> SegmentNow {
    let trace = history.trace();
    let octets = trace.datagram(segment).map(|it| u32::from(it.segment.wnd) << trace.window_shift(segment));
    let copies = Flight::of(trace, segment).map(|flight| flight.copies).unwrap_or_default();
    let fate = copies.iter().min_by_key(|copy| match copy {
        Whereabouts::Due(_) | Whereabouts::Damaged(_) => 0,
        Whereabouts::Held => 1,
        Whereabouts::Arrived(_) => 2,
        Whereabouts::Lost(_) => 3,
        Whereabouts::Unknown => 4,
    });
    let fate = fate.map_or(CopyView::Lost, |copy| copy_view(*copy));
    SegmentNow { octets, fate, offers: offer::with_segment(segment, fate == CopyView::Held) }
}

/// A segment of a trace with these copies; `None` if there is no such segment.
pub(super) fn segment_view(trace: &Trace, id: SegmentId, copies: Vec<CopyView>) -> Option<SegmentView> {
    let known = trace.departure(id)?;
    let segment = &known.datagram.segment;
    Some(SegmentView {
        id: id.number(),
        from: known.from.map(Into::into),
        intrusion: known.intrusion.map(Into::into),
        to: known.to.into(),
        seq: segment.seq.0,
        ack: segment.ack.map(|ack| ack.0),
        flags: flag_views(segment),
        length: segment.payload.len(),
        text: text::payload(&segment.payload),
        window: segment.wnd,
        options: segment.options.into(),
        label: segment.to_string(),
        role: known.role.map(Into::into),
        left_ms: ms(known.at),
        copies,
    })
}

fn flag_views(segment: &Segment) -> Vec<FlagView> {
    let Flags { syn, fin, rst, psh, urg, ece, cwr } = segment.flags;
    [
        (syn, FlagView::Syn),
        (fin, FlagView::Fin),
        (rst, FlagView::Rst),
        (psh, FlagView::Psh),
        (urg, FlagView::Urg),
        (ece, FlagView::Ece),
        (cwr, FlagView::Cwr),
        (segment.ack.is_some(), FlagView::Ack),
    ]
    .into_iter()
    .filter_map(|(is_set, flag)| is_set.then_some(flag))
    .collect()
}

pub(super) fn copy_view(whereabouts: Whereabouts) -> CopyView {
    match whereabouts {
        Whereabouts::Due(at) => CopyView::InFlight { due_ms: ms(at), damaged: false },
        Whereabouts::Damaged(at) => CopyView::InFlight { due_ms: ms(at), damaged: true },
        Whereabouts::Held => CopyView::Held,
        Whereabouts::Lost(_) => CopyView::Lost,
        Whereabouts::Arrived(at) => CopyView::Arrived { at_ms: ms(at) },
        Whereabouts::Unknown => CopyView::Unknown,
    }
}

impl From<Intrusion> for IntrusionView {
    fn from(intrusion: Intrusion) -> Self {
        match intrusion {
            Intrusion::Old => IntrusionView::Old,
            Intrusion::Forged => IntrusionView::Forged,
            Intrusion::Middlebox => IntrusionView::Middlebox,
        }
    }
}

impl From<Role> for RoleView {
    fn from(role: Role) -> Self {
        match role {
            Role::New => RoleView::New,
            Role::Ack => RoleView::Ack,
            Role::Retransmission => RoleView::Retransmission,
            Role::Probe => RoleView::Probe,
            Role::KeepAlive => RoleView::KeepAlive,
            Role::ChallengeAck => RoleView::ChallengeAck,
            Role::Reset => RoleView::Reset,
            Role::Abort => RoleView::Abort,
        }
    }
}
