//! The settings of a host: one table, from which they are read and written.

use crate::profile::{
    ACK_DELAY_LIMIT, Accepting, AckMode, FinPlacement, Handshake, Reading, SynAgain, TimeWait, TimeWaitOpen,
    TimeWaitReuse, WhenFull, WhenListenerCloses,
};
use crate::scenario::HostSetup;
use crate::segment::MOST_WINDOW_SHIFT;
use crate::seq::SeqNumber;
use crate::tcp::KeepAlive;
use crate::time::Duration;

use super::print::{DurationWord, KeepAliveWords};
use super::words::{LineReader, Parsed};
use super::{LATEST, SHORTEST};

/// A setting of a host: what it may be, how it is read and how it is written.
pub struct Setting {
    /// The word by which scripts know it.
    pub name: &'static str,
    /// What may follow.
    pub values: Values,
    read: fn(&mut LineReader<'_>, &mut HostSetup) -> Parsed<()>,
    /// The value, if it is not the default.
    pub(super) write: fn(&HostSetup, &HostSetup) -> Option<String>,
}

/// What a setting may be.
#[derive(Clone, Copy, Debug)]
pub enum Values {
    /// One of these words.
    OneOf(fn() -> Vec<&'static str>),
    /// A number from the first to the second.
    Number(u64, u64),
    /// The same, or `none`.
    NumberOrNone(u64, u64),
    /// Such numbers, one or more.
    Numbers(u64, u64),
    /// A time from the first to the second.
    Time(Duration, Duration),
    /// A time, or `none`.
    TimeOrNone,
    /// When a silent peer is asked.
    KeepAlive,
}

pub(super) const SWITCH: &[(&str, bool)] = &[("on", true), ("off", false)];
const ACK_MODES: &[(&str, AckMode)] = &[("immediate", AckMode::Immediate), ("delayed", AckMode::Delayed)];
const FINS: &[(&str, FinPlacement)] = &[("with-text", FinPlacement::WithText), ("separate", FinPlacement::Separate)];
const HANDSHAKES: &[(&str, Handshake)] = &[("three-way", Handshake::ThreeWay), ("two-way", Handshake::TwoWay)];
const TIME_WAITS: &[(&str, TimeWait)] = &[("2msl", TimeWait::TwoMsl), ("none", TimeWait::Skipped)];
const REUSES: &[(&str, TimeWaitReuse)] =
    &[("never", TimeWaitReuse::Never), ("rfc1122", TimeWaitReuse::Rfc1122), ("rfc6191", TimeWaitReuse::Rfc6191)];
const TIME_WAIT_OPENS: &[(&str, TimeWaitOpen)] =
    &[("never", TimeWaitOpen::Never), ("timestamps", TimeWaitOpen::Timestamps)];
const SYN_AGAINS: &[(&str, SynAgain)] = &[("rto", SynAgain::AfterRto), ("at-once", SynAgain::AtOnce)];
const ACCEPTINGS: &[(&str, Accepting)] = &[("eager", Accepting::Eager), ("on-call", Accepting::OnCall)];
const WHEN_FULL: &[(&str, WhenFull)] = &[("ignore", WhenFull::Ignore), ("reset", WhenFull::Reset)];
const WHEN_LISTENER_CLOSES: &[(&str, WhenListenerCloses)] =
    &[("end", WhenListenerCloses::End), ("keep", WhenListenerCloses::Keep)];
const READINGS: &[(&str, Reading)] = &[("eager", Reading::Eager), ("on-call", Reading::OnCall)];

/// The last one that is below the limit, to the microsecond.
const LONGEST_ACK_DELAY: Duration = Duration::from_us(ACK_DELAY_LIMIT.as_us() - 1);

macro_rules! profile_setting {
    ($name:literal, $field:ident, duration) => {
        Setting {
            name: $name,
            values: Values::Time(Duration::ZERO, LATEST),
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
            values: Values::Time(SHORTEST, LATEST),
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
            values: Values::TimeOrNone,
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
    ($name:literal, $field:ident, number $least:literal to $most:expr) => {
        Setting {
            name: $name,
            values: Values::Number($least, $most as u64),
            read: |words, setup| {
                setup.profile.$field = words.number($least, $most)?;
                Ok(())
            },
            write: |setup, default| changed(setup.profile.$field, default.profile.$field).map(|it| it.to_string()),
        }
    };
    ($name:literal, $field:ident, $choices:ident) => {
        Setting {
            name: $name,
            values: Values::OneOf(|| $choices.iter().map(|(name, _)| *name).collect()),
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

/// The settings of a host. This table is all that reading and writing them, the tests of the format and the check of its
/// documentation go by.
pub const SETTINGS: &[Setting] = &[
    Setting {
        name: "isn",
        values: Values::Numbers(0, u32::MAX as u64),
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
        values: Values::Number(0, u64::MAX),
        read: |words, setup| {
            setup.seed = words.number(0, u64::MAX)?;
            Ok(())
        },
        write: |setup, default| changed(setup.seed, default.seed).map(|seed| seed.to_string()),
    },
    Setting {
        name: "listen",
        values: Values::Numbers(1, u16::MAX as u64),
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
        values: Values::Number(1, u16::MAX as u64),
        read: |words, setup| {
            setup.port = Some(words.number(1, u16::MAX)?);
            Ok(())
        },
        write: |setup, _| setup.port.map(|port| port.to_string()),
    },
    profile_setting!("ack", ack_mode, ACK_MODES),
    Setting {
        name: "ack-delay",
        values: Values::Time(Duration::ZERO, LONGEST_ACK_DELAY),
        read: |words, setup| {
            setup.profile.delayed_ack = words.duration_below(ACK_DELAY_LIMIT)?;
            Ok(())
        },
        write: |setup, default| {
            changed(setup.profile.delayed_ack, default.profile.delayed_ack).map(|span| DurationWord(span).to_string())
        },
    },
    profile_setting!("reading", reading, READINGS),
    profile_setting!("fin", fin, FINS),
    profile_setting!("nagle", nagle, SWITCH),
    profile_setting!("mss", mss, number 1 to u16::MAX),
    profile_setting!("buffer", receive_buffer, number 1 to u32::MAX),
    profile_setting!("backlog", backlog, number 0 to u32::MAX),
    profile_setting!("accepting", accepting, ACCEPTINGS),
    profile_setting!("accept-queue", accept_queue, number 0 to u32::MAX),
    profile_setting!("when-full", when_full, WHEN_FULL),
    profile_setting!("when-listener-closes", when_listener_closes, WHEN_LISTENER_CLOSES),
    profile_setting!("syn-cookies", syn_cookies, SWITCH),
    profile_setting!("quiet-time", quiet_time, duration),
    Setting {
        name: "keep-alive",
        values: Values::KeepAlive,
        read: |words, setup| {
            setup.profile.keep_alive = Some(keep_alive(words)?);
            Ok(())
        },
        write: |setup, _| setup.profile.keep_alive.map(|it| KeepAliveWords(it).to_string()),
    },
    profile_setting!("linger", linger, duration or none),
    profile_setting!("fin-wait-2", fin_wait_2, duration or none),
    profile_setting!("msl", msl, duration),
    profile_setting!("rto", initial_rto, duration of a clock),
    profile_setting!("min-rto", min_rto, duration of a clock),
    profile_setting!("max-rto", max_rto, duration of a clock),
    profile_setting!("rto-after-lost-syn", rto_after_lost_syn, duration of a clock),
    profile_setting!("clock-granularity", clock_granularity, duration of a clock),
    profile_setting!("r1", r1_retransmissions, number 1 to u32::MAX),
    profile_setting!("r2", r2_data, duration or none),
    profile_setting!("r2-syn", r2_syn, duration or none),
    profile_setting!("send-buffer", send_buffer, number 1 to u32::MAX),
    profile_setting!("rfc5961", rfc5961, SWITCH),
    profile_setting!("rfc5961-ack-range", rfc5961_ack_range, SWITCH),
    profile_setting!("rfc1337", rfc1337, SWITCH),
    profile_setting!("handshake", handshake, HANDSHAKES),
    profile_setting!("time-wait", time_wait, TIME_WAITS),
    profile_setting!("time-wait-reuse", timewait_reuse, REUSES),
    profile_setting!("time-wait-open", timewait_open, TIME_WAIT_OPENS),
    profile_setting!("syn-again", syn_again, SYN_AGAINS),
    profile_setting!("sack-permitted", sack_permitted, SWITCH),
    profile_setting!("timestamps", timestamps, SWITCH),
    Setting {
        name: "window-scale",
        values: Values::Number(0, MOST_WINDOW_SHIFT as u64),
        read: |words, setup| {
            setup.profile.window_scale = Some(words.number(0, MOST_WINDOW_SHIFT)?);
            Ok(())
        },
        write: |setup, _| setup.profile.window_scale.map(|shift| shift.to_string()),
    },
    Setting {
        name: "challenge-limit",
        values: Values::NumberOrNone(0, u32::MAX as u64),
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
pub(super) fn keep_alive(words: &mut LineReader<'_>) -> Parsed<KeepAlive> {
    let idle = words.duration_from(SHORTEST)?;
    let KeepAlive { interval, probes, .. } = KeepAlive::default();
    let interval = words.optional("every", |words| words.duration_from(SHORTEST))?.unwrap_or(interval);
    let probes = words.optional("probes", |words| words.number(2, 100))?.unwrap_or(probes);
    Ok(KeepAlive { idle, interval, probes })
}

fn changed<T: PartialEq>(value: T, default: T) -> Option<T> {
    (value != default).then_some(value)
}

pub(super) fn setting(words: &mut LineReader<'_>, setup: &mut HostSetup) -> Parsed<()> {
    let choices: Vec<(&str, &Setting)> = SETTINGS.iter().map(|setting| (setting.name, setting)).collect();
    let setting = words.one_of(&choices)?;
    (setting.read)(words, setup)
}
