//! TIME-WAIT.

use super::Resumption;
use super::situation::{Kind, Meeting, Situation};

pub fn time_wait_ack(s: &Situation<'_>) -> Option<Resumption> {
    let m = meeting(s)?;
    let is_met = m.is_plain() && m.segment.is_empty() && m.begins_at_next() && m.is_ack_refused();
    (is_met && m.kernel_kept_silent() && m.we_acknowledged()).then_some(Resumption::AsWeAre)
}

pub fn time_wait_without_ack(s: &Situation<'_>) -> Option<Resumption> {
    let m = meeting(s)?;
    let is_met = m.is_plain() && m.is_acceptable() && m.segment.ack.is_none();
    (is_met && m.kernel_acknowledged() && m.we_kept_silent()).then_some(Resumption::AsWeAre)
}

pub fn time_wait_reset(s: &Situation<'_>) -> Option<Resumption> {
    let m = meeting(s)?;
    let is_met = m.segment.flags.rst && m.is_acceptable() && !m.begins_at_next();
    (is_met && m.kernel_kept_silent() && m.we_acknowledged()).then_some(Resumption::AsWeAre)
}

pub fn time_wait_syn(s: &Situation<'_>) -> Option<Resumption> {
    let m = meeting(s)?;
    let is_met = m.is_syn() && m.segment.ack.is_none() && m.begins_at_next();
    let we_reopened = s.we_accepted_request(m.segment);
    (is_met && m.kernel_acknowledged() && we_reopened).then(|| Resumption::from(s.before.clone()))
}

fn meeting<'a>(s: &'a Situation<'a>) -> Option<Meeting<'a>> {
    s.meeting().filter(|m| m.kind == Kind::TimeWait)
}
