//! Times as scripts write them.

use std::fmt;

use crate::tcp::KeepAlive;
use crate::time::Duration;

/// A span as scripts write it: `50ms`, exact.
pub(super) struct DurationWord(pub Duration);

impl fmt::Display for DurationWord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let us = self.0.as_us();
        if us.is_multiple_of(1000) { write!(f, "{}ms", us / 1000) } else { write!(f, "{us}us") }
    }
}

/// When a silent peer is asked: `1000ms every 200ms probes 3`.
pub(super) struct KeepAliveWords(pub KeepAlive);

impl fmt::Display for KeepAliveWords {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let KeepAlive { idle, interval, probes } = self.0;
        write!(f, "{} every {} probes {probes}", DurationWord(idle), DurationWord(interval))
    }
}
