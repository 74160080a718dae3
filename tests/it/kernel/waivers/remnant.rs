//! After `close()`. The process cannot read any more (§3.6.1, MAY-1), and in FIN-WAIT-2 the kernel keeps no socket but a
//! remnant, which knows RCV.NXT, the window and SND.NXT and little else.

use synfin::segment::{Flags, Segment};

use super::super::ours::has_received_fin;
use super::Resumption;
use super::situation::{Kind, Situation};

pub fn text_after_close(s: &Situation<'_>) -> Option<Resumption> {
    let m = s.meeting().filter(|_| s.before.is_orphan())?;
    let is_new = match m.kind {
        Kind::Full => m.has_text_beyond_next() && !has_received_fin(m.state),
        Kind::Remnant => m.segment.end().is_after(m.v.rcv_nxt) && !m.brings_fin_only(),
        Kind::Request | Kind::TimeWait => false,
    };
    let is_met = m.is_plain() && m.is_acceptable() && is_new;
    (is_met && m.kernel_reset() && m.we_processed()).then(|| Resumption::from(s.before.given_up()))
}

pub fn remnant_syn(s: &Situation<'_>) -> Option<Resumption> {
    let m = s.meeting()?;
    let is_met = m.kind == Kind::Remnant && m.is_syn() && m.is_acceptable() && m.begins_before_next();
    let flags = Flags { syn: false, ..m.segment.flags };
    let without_syn = Segment { seq: m.segment.text_seq(), flags, ..m.segment.clone() };
    (is_met && m.we_acknowledged()).then(|| Resumption::instead(s, without_syn))
}

pub fn remnant_answers_reset(s: &Situation<'_>) -> Option<Resumption> {
    let m = s.meeting()?;
    let is_met = m.kind == Kind::Remnant && m.segment.flags.rst && !m.is_acceptable();
    (is_met && m.kernel_acknowledged() && m.we_kept_silent()).then_some(Resumption::AsWeAre)
}

pub fn remnant_ack(s: &Situation<'_>) -> Option<Resumption> {
    let m = s.meeting()?;
    let is_wanted = m.segment.is_empty() || m.brings_fin_only();
    let is_met = m.kind == Kind::Remnant && m.is_plain() && m.is_acceptable() && m.is_ack_refused() && is_wanted;
    let good = Segment { ack: Some(m.v.snd_nxt), ..m.segment.clone() };
    (is_met && m.we_acknowledged()).then(|| Resumption::instead(s, good))
}
