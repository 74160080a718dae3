//! The settings of a host: one table, by which they are read and written.

use crate::profile::{
    ACK_DELAY_LIMIT, Accepting, AckMode, FinPlacement, Handshake, Reading, SynAgain, TimeWait, TimeWaitOpen,
    TimeWaitReuse, WhenFull, WhenListenerCloses,
};
use crate::scenario::HostSetup;
use crate::segment::MOST_WINDOW_SHIFT;
use crate::seq::SeqNumber;
use crate::tcp::KeepAlive;
use crate::time::Duration;

use super::spans::{DurationWord, KeepAliveWords};
use super::words::{LineReader, Parsed};
use super::{LATEST, SHORTEST};

/// A setting of a host: what it may be, and where it stands.
pub struct Setting {
    /// The word by which scripts know it.
    pub name: &'static str,
    /// What may follow.
    pub values: Values,
    place: fn(&mut HostSetup) -> Place<'_>,
}

/// What a setting may be.
#[derive(Clone, Copy, Debug)]
pub enum Values {
    /// One of these words.
    OneOf(&'static [&'static str]),
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

/// Where a setting stands.
enum Place<'a> {
    One(&'a mut dyn Quantity),
    Isns(&'a mut Vec<SeqNumber>),
    Ports(&'a mut Vec<u16>),
    KeepAlive(&'a mut Option<KeepAlive>),
}

/// The value of a setting as a number: of a time its microseconds, of a choice its place among the words, of `none` nothing.
trait Quantity {
    fn get(&self) -> Option<u64>;
    /// The value lies within what the setting may be.
    fn set(&mut self, value: Option<u64>);
}

macro_rules! numbers {
    ($($type:ident),+) => {$(
        impl Quantity for $type {
            fn get(&self) -> Option<u64> {
                Some(u64::from(*self))
            }

            fn set(&mut self, value: Option<u64>) {
                *self = value.map_or(0, |value| value as $type);
            }
        }

        impl Quantity for Option<$type> {
            fn get(&self) -> Option<u64> {
                self.map(u64::from)
            }

            fn set(&mut self, value: Option<u64>) {
                *self = value.map(|value| value as $type);
            }
        }
    )+};
}

numbers!(u8, u16, u32, u64);

impl Quantity for Duration {
    fn get(&self) -> Option<u64> {
        Some(self.as_us())
    }

    fn set(&mut self, value: Option<u64>) {
        *self = Duration::from_us(value.unwrap_or_default());
    }
}

impl Quantity for Option<Duration> {
    fn get(&self) -> Option<u64> {
        self.map(Duration::as_us)
    }

    fn set(&mut self, value: Option<u64>) {
        *self = value.map(Duration::from_us);
    }
}

/// The words of a choice, and what each of them means.
macro_rules! choices {
    ($($type:ident $words:ident: $($word:literal $value:expr),+;)+) => {$(
        pub(super) const $words: &[&str] = &[$($word),+];

        impl Quantity for $type {
            fn get(&self) -> Option<u64> {
                [$($value),+].iter().position(|it| it == self).map(|place| place as u64)
            }

            fn set(&mut self, value: Option<u64>) {
                *self = [$($value),+][value.unwrap_or_default() as usize];
            }
        }
    )+};
}

choices! {
    bool SWITCH: "on" true, "off" false;
    AckMode ACK_MODES: "immediate" AckMode::Immediate, "delayed" AckMode::Delayed;
    Handshake HANDSHAKES: "three-way" Handshake::ThreeWay, "two-way" Handshake::TwoWay;
    TimeWait TIME_WAITS: "2msl" TimeWait::TwoMsl, "none" TimeWait::Skipped;
    TimeWaitReuse REUSES:
        "never" TimeWaitReuse::Never, "rfc1122" TimeWaitReuse::Rfc1122, "rfc6191" TimeWaitReuse::Rfc6191;
    FinPlacement FINS: "with-text" FinPlacement::WithText, "separate" FinPlacement::Separate;
    TimeWaitOpen TIME_WAIT_OPENS: "never" TimeWaitOpen::Never, "timestamps" TimeWaitOpen::Timestamps;
    SynAgain SYN_AGAINS: "rto" SynAgain::AfterRto, "at-once" SynAgain::AtOnce;
    Accepting ACCEPTINGS: "eager" Accepting::Eager, "on-call" Accepting::OnCall;
    WhenFull WHEN_FULL: "ignore" WhenFull::Ignore, "reset" WhenFull::Reset;
    WhenListenerCloses WHEN_LISTENER_CLOSES: "end" WhenListenerCloses::End, "keep" WhenListenerCloses::Keep;
    Reading READINGS: "eager" Reading::Eager, "on-call" Reading::OnCall;
}

/// The last one that is below the limit, to the microsecond.
const LONGEST_ACK_DELAY: Duration = Duration::from_us(ACK_DELAY_LIMIT.as_us() - 1);
const ANY_TIME: Values = Values::Time(Duration::ZERO, LATEST);
/// The time of a clock, which must go on.
const CLOCK: Values = Values::Time(SHORTEST, LATEST);

const fn up_to(most: u32) -> Values {
    Values::Number(0, most as u64)
}

const fn from_one(most: u32) -> Values {
    Values::Number(1, most as u64)
}

/// The word of a setting, what may follow, and the field of a [`HostSetup`] that it sets.
macro_rules! settings {
    ($($name:literal $values:expr, $kind:ident $($field:ident).+;)+) => {
        /// The settings of a host. This table is all that reading and writing them, the tests of the format and the check
        /// of its documentation go by.
        pub const SETTINGS: &[Setting] = &[$(Setting {
            name: $name,
            values: $values,
            place: |setup| Place::$kind(&mut setup.$($field).+),
        }),+];
    };
}

settings! {
    "isn" Values::Numbers(0, u32::MAX as u64), Isns isns;
    "seed" Values::Number(0, u64::MAX), One seed;
    "listen" Values::Numbers(1, u16::MAX as u64), Ports listen;
    "port" from_one(u16::MAX as u32), One port;
    "ack" Values::OneOf(ACK_MODES), One profile.ack_mode;
    "ack-delay" Values::Time(Duration::ZERO, LONGEST_ACK_DELAY), One profile.delayed_ack;
    "reading" Values::OneOf(READINGS), One profile.reading;
    "fin" Values::OneOf(FINS), One profile.fin;
    "nagle" Values::OneOf(SWITCH), One profile.nagle;
    "mss" from_one(u16::MAX as u32), One profile.mss;
    "buffer" from_one(u32::MAX), One profile.receive_buffer;
    "backlog" up_to(u32::MAX), One profile.backlog;
    "accepting" Values::OneOf(ACCEPTINGS), One profile.accepting;
    "accept-queue" up_to(u32::MAX), One profile.accept_queue;
    "when-full" Values::OneOf(WHEN_FULL), One profile.when_full;
    "when-listener-closes" Values::OneOf(WHEN_LISTENER_CLOSES), One profile.when_listener_closes;
    "syn-cookies" Values::OneOf(SWITCH), One profile.syn_cookies;
    "quiet-time" ANY_TIME, One profile.quiet_time;
    "keep-alive" Values::KeepAlive, KeepAlive profile.keep_alive;
    "linger" Values::TimeOrNone, One profile.linger;
    "fin-wait-2" Values::TimeOrNone, One profile.fin_wait_2;
    "msl" ANY_TIME, One profile.msl;
    "rto" CLOCK, One profile.initial_rto;
    "min-rto" CLOCK, One profile.min_rto;
    "max-rto" CLOCK, One profile.max_rto;
    "rto-after-lost-syn" CLOCK, One profile.rto_after_lost_syn;
    "clock-granularity" CLOCK, One profile.clock_granularity;
    "r1" from_one(u32::MAX), One profile.r1_retransmissions;
    "r2" Values::TimeOrNone, One profile.r2_data;
    "r2-syn" Values::TimeOrNone, One profile.r2_syn;
    "send-buffer" from_one(u32::MAX), One profile.send_buffer;
    "rfc5961" Values::OneOf(SWITCH), One profile.rfc5961;
    "rfc5961-ack-range" Values::OneOf(SWITCH), One profile.rfc5961_ack_range;
    "rfc1337" Values::OneOf(SWITCH), One profile.rfc1337;
    "handshake" Values::OneOf(HANDSHAKES), One profile.handshake;
    "time-wait" Values::OneOf(TIME_WAITS), One profile.time_wait;
    "time-wait-reuse" Values::OneOf(REUSES), One profile.timewait_reuse;
    "time-wait-open" Values::OneOf(TIME_WAIT_OPENS), One profile.timewait_open;
    "syn-again" Values::OneOf(SYN_AGAINS), One profile.syn_again;
    "sack-permitted" Values::OneOf(SWITCH), One profile.sack_permitted;
    "timestamps" Values::OneOf(SWITCH), One profile.timestamps;
    "window-scale" up_to(MOST_WINDOW_SHIFT as u32), One profile.window_scale;
    "challenge-limit" Values::NumberOrNone(0, u32::MAX as u64), One profile.challenge_ack_limit;
    "answer-gap" Values::TimeOrNone, One profile.answer_gap;
    "simopen-trim-syn" Values::OneOf(SWITCH), One profile.simopen_trim_syn;
    "timewait-fin-restart" Values::OneOf(SWITCH), One profile.timewait_fin_restart;
    "timewait-literal-ack" Values::OneOf(SWITCH), One profile.timewait_literal_ack;
    "user-timeout" Values::TimeOrNone, One profile.user_timeout;
}

/// Reads the name of a setting and what follows.
pub(super) fn setting(words: &mut LineReader<'_>, setup: &mut HostSetup) -> Parsed<()> {
    let setting = &SETTINGS[words.place_among(None, SETTINGS.len(), &|index| SETTINGS[index].name)?];
    match (setting.place)(setup) {
        Place::One(place) => place.set(value(words, setting.values)?),
        Place::Isns(isns) => while_plain(words, |words| {
            isns.push(SeqNumber(words.number(0, u32::MAX)?));
            Ok(())
        })?,
        Place::Ports(ports) => while_plain(words, |words| {
            ports.push(words.number(1, u16::MAX)?);
            Ok(())
        })?,
        Place::KeepAlive(place) => *place = Some(keep_alive(words)?),
    }
    Ok(())
}

/// Once, and again while there are words.
fn while_plain(words: &mut LineReader<'_>, mut read: impl FnMut(&mut LineReader<'_>) -> Parsed<()>) -> Parsed<()> {
    read(words)?;
    while words.is_at_plain() {
        words.asks("a comma");
        read(words)?;
    }
    Ok(())
}

fn value(words: &mut LineReader<'_>, values: Values) -> Parsed<Option<u64>> {
    Ok(Some(match values {
        Values::OneOf(names) => words.one_of_names(names)? as u64,
        Values::NumberOrNone(..) | Values::TimeOrNone if words.next_is("none") => return Ok(None),
        Values::Number(least, most) | Values::NumberOrNone(least, most) | Values::Numbers(least, most) => {
            words.number(least, most)?
        }
        Values::Time(Duration::ZERO, LATEST) | Values::TimeOrNone | Values::KeepAlive => words.duration()?.as_us(),
        Values::Time(least, LATEST) => words.duration_from(least)?.as_us(),
        Values::Time(_, most) => words.duration_below(Duration::from_us(most.as_us() + 1))?.as_us(),
    }))
}

/// What a script says of a host: each setting that is not the default, separated by commas.
pub(super) fn written(setup: &HostSetup) -> String {
    // Places are there to be written to.
    let (mut setup, mut default) = (setup.clone(), HostSetup::default());
    let mut text = String::new();
    for setting in SETTINGS {
        let value = match ((setting.place)(&mut setup), (setting.place)(&mut default)) {
            (Place::One(place), Place::One(default)) if place.get() != default.get() => {
                match (setting.values, place.get()) {
                    (_, None) => "none".to_owned(),
                    (Values::OneOf(names), Some(place)) => names[place as usize].to_owned(),
                    (Values::Time(..) | Values::TimeOrNone, Some(us)) => {
                        DurationWord(Duration::from_us(us)).to_string()
                    }
                    (_, Some(number)) => number.to_string(),
                }
            }
            (Place::Isns(isns), _) => spaced(&mut isns.iter().map(|isn| u64::from(isn.0))),
            (Place::Ports(ports), _) => spaced(&mut ports.iter().map(|port| u64::from(*port))),
            (Place::KeepAlive(Some(keep_alive)), _) => KeepAliveWords(*keep_alive).to_string(),
            _ => continue,
        };
        if !value.is_empty() {
            text += if text.is_empty() { "" } else { ", " };
            text += setting.name;
            text += " ";
            text += &value;
        }
    }
    text
}

fn spaced(numbers: &mut dyn Iterator<Item = u64>) -> String {
    let mut text = String::new();
    for number in numbers {
        text += if text.is_empty() { "" } else { " " };
        text += &number.to_string();
    }
    text
}

/// `1s every 200ms probes 3`.
pub(super) fn keep_alive(words: &mut LineReader<'_>) -> Parsed<KeepAlive> {
    let idle = words.duration_from(SHORTEST)?;
    let KeepAlive { interval, probes, .. } = KeepAlive::default();
    let interval = words.optional("every", |words| words.duration_from(SHORTEST))?.unwrap_or(interval);
    let probes = words.optional("probes", |words| words.number(2, 100))?.unwrap_or(probes);
    Ok(KeepAlive { idle, interval, probes })
}
