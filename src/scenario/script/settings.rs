//! The settings of a host: one table, from which they are read and written.

use crate::profile::{ACK_DELAY_LIMIT, Accepting, AckMode, Handshake, Reading, TimeWait, TimeWaitReuse, WhenFull};
use crate::scenario::HostSetup;
use crate::segment::MOST_WINDOW_SHIFT;
use crate::seq::SeqNumber;
use crate::tcp::KeepAlive;

use super::SHORTEST;
use super::print::{DurationWord, KeepAliveWords};
use super::words::{Parsed, Words};

/// A setting of a host: how it is read and how it is written. The format's list of settings is this table.
pub(super) struct Setting {
    pub(super) name: &'static str,
    read: fn(&mut Words<'_>, &mut HostSetup) -> Parsed<()>,
    /// The value, if it is not the default.
    pub(super) write: fn(&HostSetup, &HostSetup) -> Option<String>,
}

pub(super) const SWITCH: &[(&str, bool)] = &[("on", true), ("off", false)];
const ACK_MODES: &[(&str, AckMode)] = &[("immediate", AckMode::Immediate), ("delayed", AckMode::Delayed)];
const HANDSHAKES: &[(&str, Handshake)] = &[("three-way", Handshake::ThreeWay), ("two-way", Handshake::TwoWay)];
const TIME_WAITS: &[(&str, TimeWait)] = &[("2msl", TimeWait::TwoMsl), ("none", TimeWait::Skipped)];
const REUSES: &[(&str, TimeWaitReuse)] =
    &[("never", TimeWaitReuse::Never), ("rfc1122", TimeWaitReuse::Rfc1122), ("rfc6191", TimeWaitReuse::Rfc6191)];
const ACCEPTINGS: &[(&str, Accepting)] = &[("eager", Accepting::Eager), ("on-call", Accepting::OnCall)];
const WHEN_FULL: &[(&str, WhenFull)] = &[("ignore", WhenFull::Ignore), ("reset", WhenFull::Reset)];
const READINGS: &[(&str, Reading)] = &[("eager", Reading::Eager), ("on-call", Reading::OnCall)];

macro_rules! profile_setting {
    ($name:literal, $field:ident, duration) => {
        Setting {
            name: $name,
            read: |words, setup| {
                setup.profile.$field = words.duration()?;
                Ok(())
            },
            write: |setup, default| {
                changed(setup.profile.$field, default.profile.$field).map(|span| DurationWord(span).to_string())
            },
        }
    };
    ($name:literal, $field:ident, duration of a clock) => {
        Setting {
            name: $name,
            read: |words, setup| {
                setup.profile.$field = words.duration_from(SHORTEST)?;
                Ok(())
            },
            write: |setup, default| {
                changed(setup.profile.$field, default.profile.$field).map(|span| DurationWord(span).to_string())
            },
        }
    };
    ($name:literal, $field:ident, duration or none) => {
        Setting {
            name: $name,
            read: |words, setup| {
                setup.profile.$field = if words.next_is("none") { None } else { Some(words.duration()?) };
                Ok(())
            },
            write: |setup, default| {
                let span = changed(setup.profile.$field, default.profile.$field)?;
                Some(span.map_or("none".to_owned(), |span| DurationWord(span).to_string()))
            },
        }
    };
    ($name:literal, $field:ident, number $least:literal) => {
        Setting {
            name: $name,
            read: |words, setup| {
                setup.profile.$field = words.number($least, !0)?;
                Ok(())
            },
            write: |setup, default| changed(setup.profile.$field, default.profile.$field).map(|it| it.to_string()),
        }
    };
    ($name:literal, $field:ident, $choices:ident) => {
        Setting {
            name: $name,
            read: |words, setup| {
                setup.profile.$field = words.one_of($choices)?;
                Ok(())
            },
            write: |setup, default| {
                let value = changed(setup.profile.$field, default.profile.$field)?;
                $choices.iter().find(|(_, choice)| *choice == value).map(|(name, _)| (*name).to_owned())
            },
        }
    };
}

pub(super) const SETTINGS: &[Setting] = &[
    Setting {
        name: "isn",
        read: |words, setup| {
            setup.isns.push(SeqNumber(words.number(0, u32::MAX)?));
            while words.is_at_plain() {
                setup.isns.push(SeqNumber(words.number(0, u32::MAX)?));
            }
            Ok(())
        },
        write: |setup, _| {
            let isns: Vec<String> = setup.isns.iter().map(SeqNumber::to_string).collect();
            (!isns.is_empty()).then(|| isns.join(" "))
        },
    },
    Setting {
        name: "seed",
        read: |words, setup| {
            setup.seed = words.number(0, u64::MAX)?;
            Ok(())
        },
        write: |setup, default| changed(setup.seed, default.seed).map(|seed| seed.to_string()),
    },
    Setting {
        name: "listen",
        read: |words, setup| {
            setup.listen.push(words.number(1, u16::MAX)?);
            while words.is_at_plain() {
                setup.listen.push(words.number(1, u16::MAX)?);
            }
            Ok(())
        },
        write: |setup, _| {
            let ports: Vec<String> = setup.listen.iter().map(u16::to_string).collect();
            (!ports.is_empty()).then(|| ports.join(" "))
        },
    },
    Setting {
        name: "port",
        read: |words, setup| {
            setup.port = Some(words.number(1, u16::MAX)?);
            Ok(())
        },
        write: |setup, _| setup.port.map(|port| port.to_string()),
    },
    profile_setting!("ack", ack_mode, ACK_MODES),
    Setting {
        name: "ack-delay",
        read: |words, setup| {
            setup.profile.delayed_ack = words.duration_below(ACK_DELAY_LIMIT)?;
            Ok(())
        },
        write: |setup, default| {
            changed(setup.profile.delayed_ack, default.profile.delayed_ack).map(|span| DurationWord(span).to_string())
        },
    },
    profile_setting!("reading", reading, READINGS),
    profile_setting!("nagle", nagle, SWITCH),
    profile_setting!("mss", mss, number 1),
    profile_setting!("buffer", receive_buffer, number 1),
    profile_setting!("backlog", backlog, number 0),
    profile_setting!("accepting", accepting, ACCEPTINGS),
    profile_setting!("accept-queue", accept_queue, number 0),
    profile_setting!("when-full", when_full, WHEN_FULL),
    profile_setting!("syn-cookies", syn_cookies, SWITCH),
    profile_setting!("quiet-time", quiet_time, duration),
    Setting {
        name: "keep-alive",
        read: |words, setup| {
            setup.profile.keep_alive = Some(keep_alive(words)?);
            Ok(())
        },
        write: |setup, _| setup.profile.keep_alive.map(|it| KeepAliveWords(it).to_string()),
    },
    profile_setting!("msl", msl, duration),
    profile_setting!("rto", initial_rto, duration of a clock),
    profile_setting!("min-rto", min_rto, duration of a clock),
    profile_setting!("max-rto", max_rto, duration of a clock),
    profile_setting!("rto-after-lost-syn", rto_after_lost_syn, duration of a clock),
    profile_setting!("clock-granularity", clock_granularity, duration of a clock),
    profile_setting!("r1", r1_retransmissions, number 1),
    profile_setting!("r2", r2_data, duration or none),
    profile_setting!("r2-syn", r2_syn, duration or none),
    profile_setting!("send-buffer", send_buffer, number 1),
    profile_setting!("rfc5961", rfc5961, SWITCH),
    profile_setting!("rfc5961-ack-range", rfc5961_ack_range, SWITCH),
    profile_setting!("rfc1337", rfc1337, SWITCH),
    profile_setting!("handshake", handshake, HANDSHAKES),
    profile_setting!("time-wait", time_wait, TIME_WAITS),
    profile_setting!("time-wait-reuse", timewait_reuse, REUSES),
    profile_setting!("sack-permitted", sack_permitted, SWITCH),
    profile_setting!("timestamps", timestamps, SWITCH),
    Setting {
        name: "window-scale",
        read: |words, setup| {
            setup.profile.window_scale = Some(words.number(0, MOST_WINDOW_SHIFT)?);
            Ok(())
        },
        write: |setup, _| setup.profile.window_scale.map(|shift| shift.to_string()),
    },
    Setting {
        name: "challenge-limit",
        read: |words, setup| {
            setup.profile.challenge_ack_limit =
                if words.next_is("none") { None } else { Some(words.number(0, u32::MAX)?) };
            Ok(())
        },
        write: |setup, default| {
            let limit = changed(setup.profile.challenge_ack_limit, default.profile.challenge_ack_limit)?;
            Some(limit.map_or("none".to_owned(), |limit| limit.to_string()))
        },
    },
    profile_setting!("answer-gap", answer_gap, duration or none),
    profile_setting!("simopen-trim-syn", simopen_trim_syn, SWITCH),
    profile_setting!("timewait-fin-restart", timewait_fin_restart, SWITCH),
    profile_setting!("timewait-literal-ack", timewait_literal_ack, SWITCH),
    profile_setting!("user-timeout", user_timeout, duration or none),
];

/// `1s every 200ms probes 3`.
pub(super) fn keep_alive(words: &mut Words<'_>) -> Parsed<KeepAlive> {
    let idle = words.duration_from(SHORTEST)?;
    let KeepAlive { interval, probes, .. } = KeepAlive::default();
    let interval = words.optional("every", |words| words.duration_from(SHORTEST))?.unwrap_or(interval);
    let probes = words.optional("probes", |words| words.number(2, 100))?.unwrap_or(probes);
    Ok(KeepAlive { idle, interval, probes })
}

fn changed<T: PartialEq>(value: T, default: T) -> Option<T> {
    (value != default).then_some(value)
}

pub(super) fn setting(words: &mut Words<'_>, setup: &mut HostSetup) -> Parsed<()> {
    let choices: Vec<(&str, &Setting)> = SETTINGS.iter().map(|setting| (setting.name, setting)).collect();
    let setting = words.one_of(&choices)?;
    (setting.read)(words, setup)
}
