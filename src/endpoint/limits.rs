//! How patient one connection is. Its user may say so: RFC 9293 MUST-21 (R1 and R2), MUST-24 (keep-alive), §3.9.1.1 and
//! §3.9.1.2 (user timeout).

use crate::profile::Profile;
use crate::tcp::{KeepAlive, Limit};
use crate::time::Duration;

/// The limits of one connection: those of its host until its user sets others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Limits {
    /// R1: at so many repetitions of one segment the user is warned (§3.8.3).
    pub r1: u32,
    /// R2 for data and FIN; `None`: never.
    pub r2: Option<Duration>,
    /// R2 for a SYN; `None`: never.
    pub r2_syn: Option<Duration>,
    /// The user timeout (§3.9.1.1).
    pub user_timeout: Option<Duration>,
    /// When a silent peer is probed (§3.8.4).
    pub keep_alive: Option<KeepAlive>,
}

impl Limits {
    /// Those with which the connections of a host begin.
    pub fn of(profile: &Profile) -> Self {
        Self {
            r1: profile.r1_retransmissions,
            r2: profile.r2_data,
            r2_syn: profile.r2_syn,
            user_timeout: profile.user_timeout,
            keep_alive: profile.keep_alive,
        }
    }

    /// Those of an OPEN that may name a user timeout.
    pub(super) fn with_timeout(profile: &Profile, timeout: Option<Duration>) -> Self {
        let limits = Self::of(profile);
        Self { user_timeout: timeout.or(limits.user_timeout), ..limits }
    }

    pub(super) fn set(&mut self, limit: Limit) {
        match limit {
            Limit::R1(r1) => self.r1 = r1,
            Limit::R2(r2) => self.r2 = r2,
            Limit::R2Syn(r2_syn) => self.r2_syn = r2_syn,
            Limit::UserTimeout(user_timeout) => self.user_timeout = user_timeout,
            Limit::KeepAlive(keep_alive) => self.keep_alive = keep_alive,
        }
    }
}
