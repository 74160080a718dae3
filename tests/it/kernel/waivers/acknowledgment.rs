//! Which acknowledgments are too old (§3.10.7.4 fifth, MAY-12; RFC 5961 §5.2).

use synfin::endpoint::State;
use synfin::segment::Segment;

use super::super::ours::Event;
use super::Resumption;
use super::situation::{Kind, Situation};

pub fn too_old_ack(s: &Situation<'_>) -> Option<Resumption> {
    let m = s.meeting()?;
    let is_between = m.is_ack_too_old_for_the_kernel() && !m.is_ack_too_old();
    if !(m.kind == Kind::Full && m.is_plain() && m.is_acceptable() && is_between && m.kernel_acknowledged()) {
        return None;
    }
    // Up to the limit an old acknowledgment is as good as a repeated one.
    let repeated = Event::Segment(Segment { ack: Some(m.v.una), ..m.segment.clone() });
    let is_as_repeated = s.before.clone().apply(&repeated, s.window).is_same_as(s.ours);
    is_as_repeated.then(|| Resumption::from(s.before.clone()))
}

pub fn header_prediction(s: &Situation<'_>) -> Option<Resumption> {
    let m = s.meeting()?;
    let is_text = m.is_plain() && !m.segment.flags.fin && !m.segment.is_empty() && m.begins_at_next();
    let is_met = m.kind == Kind::Full && m.state == State::Established && is_text && m.is_ack_too_old();
    let repeated = Segment { ack: Some(m.v.una), ..m.segment.clone() };
    (is_met && m.we_acknowledged() && !m.kernel_acknowledged()).then(|| Resumption::instead(s, repeated))
}
