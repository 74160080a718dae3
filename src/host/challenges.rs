//! How many challenge ACKs a host sends (RFC 5961 §7).

use crate::time::{Duration, Instant};

/// How many challenge ACKs were sent in the second that began at `since` (RFC 5961 §7).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Challenges {
    since: Instant,
    sent: u32,
}

impl Challenges {
    /// Whether one more may be sent now.
    pub fn may_send(&mut self, now: Instant, limit: Option<u32>) -> bool {
        if now.since(self.since) >= Duration::from_secs(1) {
            *self = Self { since: now, sent: 0 };
        }
        limit.is_none_or(|limit| self.sent < limit)
    }

    /// One was sent.
    pub fn was_sent(&mut self) {
        self.sent = self.sent.saturating_add(1);
    }
}
