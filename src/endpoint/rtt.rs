//! The retransmission timeout (RFC 6298): smoothed round-trip time, Karn's rule, back-off.

use crate::profile::Profile;
use crate::seq::SeqNumber;
use crate::time::{Duration, Instant};

/// Estimates the round-trip time of one connection and keeps its RTO.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct RttEstimator {
    smoothed: Option<Smoothed>,
    rto: Duration,
    timing: Option<Timing>,
}

/// SRTT and RTTVAR.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Smoothed {
    srtt: Duration,
    rttvar: Duration,
}

/// The one segment whose round trip is being measured: an acknowledgment at or beyond `end` completes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Timing {
    end: SeqNumber,
    sent_at: Instant,
}

impl RttEstimator {
    /// An estimator that has measured nothing: the RTO is the profile's initial one (§2.1).
    pub fn new(profile: &Profile) -> Self {
        Self { smoothed: None, rto: profile.initial_rto, timing: None }
    }

    /// The current retransmission timeout.
    pub fn rto(&self) -> Duration {
        self.rto
    }

    /// SRTT, if anything was measured.
    pub fn srtt(&self) -> Option<Duration> {
        self.smoothed.map(|smoothed| smoothed.srtt)
    }

    /// New sequence numbers up to `end` leave: time them unless a measurement is under way.
    pub fn sent(&mut self, now: Instant, end: SeqNumber) {
        self.timing.get_or_insert(Timing { end, sent_at: now });
    }

    /// Something was retransmitted: its acknowledgment would be ambiguous, so measure nothing (§3, Karn's algorithm).
    pub fn retransmitted(&mut self) {
        self.timing = None;
    }

    /// An acknowledgment of new data arrived; takes the sample if it covers the timed segment (§2.2, §2.3). Says whether
    /// it did.
    pub fn acknowledged(&mut self, now: Instant, ack: SeqNumber, profile: &Profile) -> bool {
        let Some(timing) = self.timing.filter(|timing| timing.end.is_at_or_before(ack)) else { return false };
        self.timing = None;
        self.sample(now.since(timing.sent_at), profile);
        true
    }

    /// The timer expired: double the RTO, up to the profile's maximum (§5.5, §2.5).
    pub fn back_off(&mut self, profile: &Profile) {
        self.rto = self.rto.times(2).min(profile.max_rto);
    }

    /// A closed window has opened. It was asked less and less often, but nothing was lost: the RTO is that of the
    /// measurements again, or where there are none, one with which data may begin (§5.7).
    pub fn window_opened(&mut self, profile: &Profile) {
        self.timing = None;
        self.rto = match self.smoothed {
            Some(smoothed) => smoothed.rto(profile),
            None => self.rto.min(profile.rto_after_lost_syn),
        };
    }

    /// The handshake is over and its SYN had to be retransmitted: data starts with the conservative RTO (§5.7).
    pub fn restart_after_lost_syn(&mut self, profile: &Profile) {
        self.rto = profile.rto_after_lost_syn;
    }

    fn sample(&mut self, r: Duration, profile: &Profile) {
        let next = match self.smoothed {
            None => Smoothed { srtt: r, rttvar: r.divided_by(2) },
            // RTTVAR uses the SRTT from before the sample; alpha = 1/8, beta = 1/4.
            Some(Smoothed { srtt, rttvar }) => Smoothed {
                rttvar: (rttvar.times(3) + srtt.abs_diff(r)).divided_by(4),
                srtt: (srtt.times(7) + r).divided_by(8),
            },
        };
        self.smoothed = Some(next);
        self.rto = next.rto(profile);
    }
}

impl Smoothed {
    /// SRTT + max(G, 4·RTTVAR), within the profile's bounds (§2.2-2.5).
    fn rto(self, profile: &Profile) -> Duration {
        let rto = self.srtt + self.rttvar.times(4).max(profile.clock_granularity);
        rto.max(profile.min_rto).min(profile.max_rto)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(ms: u64) -> Instant {
        Instant::from_ms(ms)
    }

    /// Shows MUST-18, 6298-2.2, 6298-2.3.
    #[test]
    fn first_and_later_samples_follow_the_formulas() {
        let profile = Profile { min_rto: Duration::ZERO, ..Profile::default() };
        let mut rtt = RttEstimator::new(&profile);
        assert_eq!(rtt.rto(), Duration::from_secs(1));
        rtt.sent(at(0), SeqNumber(10));
        rtt.acknowledged(at(100), SeqNumber(10), &profile);
        assert_eq!((rtt.srtt(), rtt.rto()), (Some(Duration::from_ms(100)), Duration::from_ms(300)));
        // RTTVAR = 3/4·50 + 1/4·|100-180| = 57.5 ms; SRTT = 7/8·100 + 1/8·180 = 110 ms; RTO = 110 + 4·57.5 ms.
        rtt.sent(at(200), SeqNumber(20));
        rtt.acknowledged(at(380), SeqNumber(25), &profile);
        assert_eq!((rtt.srtt(), rtt.rto()), (Some(Duration::from_ms(110)), Duration::from_ms(340)));
    }

    /// Shows 6298-2.3.
    #[test]
    fn estimates_agree_with_a_floating_point_twin() {
        let profile = Profile { min_rto: Duration::ZERO, max_rto: Duration::from_secs(1000), ..Profile::default() };
        let mut rtt = RttEstimator::new(&profile);
        let (mut srtt, mut rttvar) = (0.0f64, 0.0f64);
        for turn in 0..200u32 {
            let r_us = 40_000 + u64::from(turn * 7919 % 23_001);
            rtt.sent(Instant::ZERO, SeqNumber(turn));
            rtt.acknowledged(Instant::from_us(r_us), SeqNumber(turn), &profile);
            let r = r_us as f64;
            if turn == 0 {
                (srtt, rttvar) = (r, r / 2.0);
            } else {
                rttvar = 0.75 * rttvar + 0.25 * (srtt - r).abs();
                srtt = 0.875 * srtt + 0.125 * r;
            }
            let rto = srtt + (4.0 * rttvar).max(1000.0);
            assert!((rtt.rto().as_us() as f64 - rto).abs() < 40.0, "turn {turn}: {} against {rto}", rtt.rto());
        }
    }

    /// Shows MUST-18, 6298-3.
    #[test]
    fn a_retransmitted_segment_gives_no_sample() {
        let profile = Profile::default();
        let mut rtt = RttEstimator::new(&profile);
        rtt.sent(at(0), SeqNumber(10));
        rtt.retransmitted();
        rtt.back_off(&profile);
        rtt.acknowledged(at(1050), SeqNumber(10), &profile);
        assert_eq!((rtt.srtt(), rtt.rto()), (None, Duration::from_secs(2)));
    }

    /// Shows 6298-2.5.
    #[test]
    fn back_off_stops_at_the_maximum() {
        let profile = Profile::default();
        let mut rtt = RttEstimator::new(&profile);
        let seconds: Vec<u64> = (0..8)
            .map(|_| {
                rtt.back_off(&profile);
                rtt.rto().as_us() / 1_000_000
            })
            .collect();
        assert_eq!(seconds, [2, 4, 8, 16, 32, 60, 60, 60]);
    }
}
