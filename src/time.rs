//! Simulated time: integer microseconds since the start of the run. Nothing here reads a clock.

use std::fmt;
use std::ops::{Add, Sub};

/// A point in simulated time, in microseconds since the start of the run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Instant(u64);

/// A span of simulated time in microseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Duration(u64);

impl Instant {
    /// The start of the run.
    pub const ZERO: Self = Self(0);

    /// The point `us` microseconds after the start.
    pub const fn from_us(us: u64) -> Self {
        Self(us)
    }

    /// The point `ms` milliseconds after the start; saturates.
    pub const fn from_ms(ms: u64) -> Self {
        Self(ms.saturating_mul(1000))
    }

    /// Microseconds since the start.
    pub const fn as_us(self) -> u64 {
        self.0
    }

    /// How long after `earlier` this is; zero if it is not after it.
    pub const fn since(self, earlier: Self) -> Duration {
        Duration(self.0.saturating_sub(earlier.0))
    }
}

impl Duration {
    /// No time at all.
    pub const ZERO: Self = Self(0);

    /// `us` microseconds.
    pub const fn from_us(us: u64) -> Self {
        Self(us)
    }

    /// `ms` milliseconds; saturates.
    pub const fn from_ms(ms: u64) -> Self {
        Self(ms.saturating_mul(1000))
    }

    /// `s` seconds; saturates.
    pub const fn from_secs(s: u64) -> Self {
        Self(s.saturating_mul(1_000_000))
    }

    /// The number of microseconds.
    pub const fn as_us(self) -> u64 {
        self.0
    }

    /// This span `factor` times; saturates.
    pub const fn times(self, factor: u64) -> Self {
        Self(self.0.saturating_mul(factor))
    }

    /// A `divisor`th of this span, rounded down.
    ///
    /// # Panics
    /// If `divisor` is zero.
    pub const fn divided_by(self, divisor: u64) -> Self {
        Self(self.0 / divisor)
    }

    /// How far this span and `other` lie apart.
    pub const fn abs_diff(self, other: Self) -> Self {
        Self(self.0.abs_diff(other.0))
    }
}

impl Add<Duration> for Instant {
    type Output = Instant;
    fn add(self, span: Duration) -> Instant {
        Instant(self.0.saturating_add(span.0))
    }
}

impl Add for Duration {
    type Output = Duration;
    fn add(self, other: Duration) -> Duration {
        Duration(self.0.saturating_add(other.0))
    }
}

impl Sub for Duration {
    type Output = Duration;
    fn sub(self, other: Duration) -> Duration {
        Duration(self.0.saturating_sub(other.0))
    }
}

impl fmt::Display for Duration {
    /// The shortest exact form: `50 ms`, `1.5 s`, `240 s`, `7 µs`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let us = self.0;
        let (unit_us, unit) = match us {
            0 => (1000, "ms"),
            _ if us >= 1_000_000 => (1_000_000, "s"),
            _ if us >= 1000 => (1000, "ms"),
            _ => (1, "µs"),
        };
        write!(f, "{}", us / unit_us)?;
        let rest = us % unit_us;
        if rest != 0 {
            let width = if unit_us == 1_000_000 { 6 } else { 3 };
            let digits = format!("{rest:0width$}");
            write!(f, ".{}", digits.trim_end_matches('0'))?;
        }
        write!(f, " {unit}")
    }
}

impl fmt::Display for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Duration(self.0).fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_print_in_their_shortest_exact_form() {
        let table = [
            (0, "0 ms"),
            (7, "7 µs"),
            (1000, "1 ms"),
            (1500, "1.5 ms"),
            (50_000, "50 ms"),
            (1_000_000, "1 s"),
            (1_050_000, "1.05 s"),
            (240_000_000, "240 s"),
            (240_000_001, "240.000001 s"),
        ];
        for (us, text) in table {
            assert_eq!(Duration::from_us(us).to_string(), text);
        }
    }

    #[test]
    fn time_saturates_instead_of_wrapping() {
        let end = Instant::from_us(u64::MAX);
        assert_eq!(end + Duration::from_secs(1), end);
        assert_eq!(Instant::ZERO.since(end), Duration::ZERO);
        assert_eq!(Duration::from_secs(u64::MAX), Duration::from_us(u64::MAX));
    }
}
