//! A connection's timers: a table of named deadlines (RFC 9293 §3.10.8).

use crate::tcp::Timer;
use crate::time::Instant;

/// The deadlines that are set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Timers {
    /// [`NEVER`] where the timer is stopped.
    deadlines: [Instant; Timer::ALL.len()],
}

/// The end of time. A deadline that is due then is due just before it.
const NEVER: Instant = Instant::from_us(u64::MAX);
const LAST: Instant = Instant::from_us(u64::MAX - 1);

impl Default for Timers {
    /// None is running.
    fn default() -> Self {
        Self { deadlines: [NEVER; Timer::ALL.len()] }
    }
}

impl Timers {
    /// Sets `timer` to expire at `deadline`, whatever it was before.
    pub fn start(&mut self, timer: Timer, deadline: Instant) {
        self.deadlines[timer as usize] = deadline.min(LAST);
    }

    /// Sets `timer` unless it is running.
    pub fn start_if_stopped(&mut self, timer: Timer, deadline: Instant) {
        if !self.is_running(timer) {
            self.start(timer, deadline);
        }
    }

    /// Stops `timer`.
    pub fn stop(&mut self, timer: Timer) {
        self.deadlines[timer as usize] = NEVER;
    }

    /// Stops everything.
    pub fn stop_all(&mut self) {
        *self = Self::default();
    }

    /// When `timer` expires, if it is running.
    pub fn deadline(&self, timer: Timer) -> Option<Instant> {
        Some(self.deadlines[timer as usize]).filter(|deadline| *deadline != NEVER)
    }

    /// Whether `timer` is running.
    pub fn is_running(&self, timer: Timer) -> bool {
        self.deadlines[timer as usize] != NEVER
    }

    /// When the next timer expires.
    pub fn next_deadline(&self) -> Option<Instant> {
        let next = self.deadlines.into_iter().fold(NEVER, Instant::min);
        Some(next).filter(|deadline| *deadline != NEVER)
    }

    /// The next timer to expire and when: the minimum of the table, ties by the order of [`Timer::ALL`].
    pub fn next(&self) -> Option<(Instant, Timer)> {
        let mut next = (NEVER, Timer::Retransmission);
        for (timer, deadline) in Timer::ALL.into_iter().zip(self.deadlines) {
            if deadline < next.0 {
                next = (deadline, timer);
            }
        }
        Some(next).filter(|(deadline, _)| *deadline != NEVER)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tcp::Timer;

    #[test]
    fn the_earliest_deadline_is_next_and_ties_have_an_order() {
        let mut timers = Timers::default();
        assert_eq!((timers.next(), timers.next_deadline()), (None, None));
        timers.start(Timer::TimeWait, Instant::from_ms(5));
        timers.start(Timer::DelayedAck, Instant::from_ms(5));
        assert_eq!(timers.next(), Some((Instant::from_ms(5), Timer::DelayedAck)));
        assert_eq!(timers.next_deadline(), Some(Instant::from_ms(5)));
        timers.start_if_stopped(Timer::TimeWait, Instant::from_ms(1));
        assert_eq!(timers.deadline(Timer::TimeWait), Some(Instant::from_ms(5)));
        timers.start(Timer::Retransmission, Instant::from_ms(4));
        assert_eq!(timers.next(), Some((Instant::from_ms(4), Timer::Retransmission)));
        timers.stop(Timer::Retransmission);
        assert!(!timers.is_running(Timer::Retransmission));
        timers.stop_all();
        assert_eq!(timers, Timers::default());
        timers.start(Timer::TimeWait, Instant::from_us(u64::MAX));
        assert!(timers.is_running(Timer::TimeWait) && timers.next().is_some(), "as long as time lasts");
    }
}
