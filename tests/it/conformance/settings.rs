//! A vector's profile as ours.

use serde::Deserialize;
use serde_json::Value;

use synfin::profile::{
    AckMode, FinPlacement, Handshake, Profile, Reading, TimeWait, TimeWaitReuse, WhenListenerCloses,
};
use synfin::tcp::KeepAlive;

use super::vectors::{Ms, Peer, Settings};

/// The defaults of the file, then what the vector sets, then what it sets for this end alone. Users read only when the
/// vector calls RECEIVE, and every acknowledgment that cannot be accepted is answered, as the text says.
pub fn profile_of(defaults: &Settings, own: &Settings, peer: Option<Peer>) -> Result<Profile, String> {
    let mut profile = Profile {
        reading: Reading::OnCall,
        nagle: false,
        answer_gap: None,
        // The vectors were written so; RFC 9293 leaves it to the sender.
        fin: FinPlacement::Separate,
        // An end is one control block: where a listener is closed beside a connection, it only made room for it.
        when_listener_closes: WhenListenerCloses::Keep,
        ..Profile::default()
    };
    let (of_one_end, of_both): (Vec<_>, Vec<_>) =
        defaults.iter().chain(own).partition(|(key, value)| ["A", "B"].contains(&key.as_str()) && value.is_object());
    for (key, value) in of_both {
        set(&mut profile, key, value)?;
    }
    for (end, settings) in of_one_end {
        for (key, value) in settings.as_object().into_iter().flatten() {
            // What is meant for the other end must be understood too.
            let mut of_the_other_end = profile.clone();
            let is_ours = peer.is_some_and(|peer| format!("{peer:?}") == *end);
            set(if is_ours { &mut profile } else { &mut of_the_other_end }, key, value)?;
        }
    }
    Ok(profile)
}

fn set(profile: &mut Profile, key: &str, value: &Value) -> Result<(), String> {
    let wrong = || format!("profile: {key} cannot be {value}");
    let flag = || value.as_bool().ok_or_else(wrong);
    let number = || value.as_u64().ok_or_else(wrong);
    let ms = || Ms::deserialize(value).map(Ms::duration).map_err(|_| wrong());
    let optional_ms = || if value.is_null() { Ok(None) } else { ms().map(Some) };
    match key {
        "rfc5961" => profile.rfc5961 = flag()?,
        "rfc5961_ack_range" => profile.rfc5961_ack_range = flag()?,
        "simopen_trim_syn" => profile.simopen_trim_syn = flag()?,
        "timewait_fin_restart" => profile.timewait_fin_restart = flag()?,
        "timewait_literal_ack" => profile.timewait_literal_ack = flag()?,
        "rfc1337" => profile.rfc1337 = flag()?,
        "ack_mode" => {
            profile.ack_mode = match value.as_str() {
                Some("immediate") => AckMode::Immediate,
                Some("delayed") => AckMode::Delayed,
                _ => return Err(wrong()),
            }
        }
        "rfc6298_syn_fallback_ms" => profile.rto_after_lost_syn = ms()?,
        "initial_rto_ms" => profile.initial_rto = ms()?,
        "min_rto_ms" => profile.min_rto = ms()?,
        "max_rto_ms" => profile.max_rto = ms()?,
        "g_ms" => profile.clock_granularity = ms()?,
        "r1_count" => profile.r1_retransmissions = u32::try_from(number()?).map_err(|_| wrong())?,
        "r2_data_ms" => profile.r2_data = optional_ms()?,
        "r2_syn_ms" => profile.r2_syn = optional_ms()?,
        "user_timeout_ms" => profile.user_timeout = optional_ms()?,
        "msl_ms" => profile.msl = ms()?,
        "delack_ms" => profile.delayed_ack = ms()?,
        "mss" => profile.mss = u16::try_from(number()?).map_err(|_| wrong())?,
        "timewait_reuse" => {
            profile.timewait_reuse = match value.as_str() {
                Some("none") => TimeWaitReuse::Never,
                Some("rfc1122") => TimeWaitReuse::Rfc1122,
                Some("rfc6191") => TimeWaitReuse::Rfc6191,
                _ => return Err(wrong()),
            }
        }
        "challenge_ack_limit" => {
            profile.challenge_ack_limit = match value {
                Value::Null => None,
                _ => Some(u32::try_from(number()?).map_err(|_| wrong())?),
            }
        }
        // These are ours: the file of vectors does not know them.
        "handshake" => {
            profile.handshake = match value.as_str() {
                Some("three-way") => Handshake::ThreeWay,
                Some("two-way") => Handshake::TwoWay,
                _ => return Err(wrong()),
            }
        }
        "time_wait" => {
            profile.time_wait = match value.as_str() {
                Some("2msl") => TimeWait::TwoMsl,
                Some("none") => TimeWait::Skipped,
                _ => return Err(wrong()),
            }
        }
        "answer_gap_ms" => profile.answer_gap = optional_ms()?,
        "nagle" => profile.nagle = flag()?,
        "keep_alive_idle_ms" => {
            profile.keep_alive = optional_ms()?.map(|idle| KeepAlive { idle, ..KeepAlive::default() });
        }
        _ => return Err(format!("profile: unknown key {key}")),
    }
    Ok(())
}
