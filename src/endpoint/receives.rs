//! RECEIVEs that wait for data (RFC 9293 §3.9.1.3).

use std::collections::VecDeque;

use crate::rule::Rule;
use crate::tcp::{CallError, Reply};

use super::outbox::Outbox;

/// How many RECEIVEs may wait at once.
const MOST_OUTSTANDING_RECEIVES: usize = 64;

/// RECEIVEs that wait for data: how many octets each asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Receives {
    wanted: VecDeque<u32>,
}

impl Receives {
    /// Lets one more wait.
    ///
    /// # Errors
    /// "insufficient resources" where too many wait already.
    pub fn queue(&mut self, octets: u32, out: &mut Outbox) -> Result<Reply, CallError> {
        if self.wanted.len() == MOST_OUTSTANDING_RECEIVES {
            return Err(CallError::InsufficientResources);
        }
        out.because(Rule::ReceiveWaits);
        self.wanted.push_back(octets);
        Ok(Reply::Queued)
    }

    /// The next one to be served.
    pub fn next(&mut self) -> Option<u32> {
        self.wanted.pop_front()
    }

    /// How many wait.
    pub fn len(&self) -> usize {
        self.wanted.len()
    }

    /// Ends all of them; says whether there were any.
    pub fn flush(&mut self) -> bool {
        let had_any = !self.wanted.is_empty();
        self.wanted.clear();
        had_any
    }
}
