//! How time becomes height: in proportion, with long idle time cut out.

use crate::time::Duration;

/// How far down an arrow of typical duration leads.
pub const TYPICAL_DROP: f64 = 64.0;

/// Idle time that would be higher than this is cut; while something is on its way, the second limit counts.
const LONGEST: f64 = 200.0;
const LONGEST_IN_TRANSIT: f64 = 320.0;

/// How high a cut is, without and with something on its way.
const CUT: f64 = 72.0;
const CUT_IN_TRANSIT: f64 = 112.0;

/// The duration that counts as typical before any segment has traveled.
const DEFAULT_TRANSIT: Duration = Duration::from_ms(50);

/// The scale: the shortest way of a segment so far is drawn [`TYPICAL_DROP`] high. It never changes what was drawn.
#[derive(Clone, Debug, PartialEq)]
pub struct Scale {
    typical: Option<Duration>,
    is_given: bool,
}

/// How high a span of time is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Height {
    /// In proportion.
    Proportional(f64),
    /// Cut.
    Cut(f64),
}

impl Height {
    /// The height.
    pub fn units(self) -> f64 {
        match self {
            Height::Proportional(units) | Height::Cut(units) => units,
        }
    }
}

impl Scale {
    /// A scale for a link whose delay is known, or that is to be found out.
    pub fn new(transit: Option<Duration>) -> Self {
        Self { typical: transit, is_given: transit.is_some() }
    }

    /// A segment will take this long.
    pub fn learn(&mut self, transit: Duration) {
        let is_better =
            self.typical.is_none_or(|it| it == Duration::ZERO || (transit > Duration::ZERO && transit < it));
        if is_better && !self.is_given {
            self.typical = Some(transit);
        }
    }

    /// How far down a typical arrow leads: nowhere if segments take no time.
    pub fn typical_drop(&self) -> f64 {
        if self.typical == Some(Duration::ZERO) { 0.0 } else { TYPICAL_DROP }
    }

    /// How high a span of time is.
    pub fn height(&self, span: Duration, is_something_in_transit: bool) -> Height {
        let typical = match self.typical {
            None | Some(Duration::ZERO) => DEFAULT_TRANSIT,
            Some(typical) => typical,
        };
        let units = TYPICAL_DROP * as_float(span) / as_float(typical);
        let (longest, cut) =
            if is_something_in_transit { (LONGEST_IN_TRANSIT, CUT_IN_TRANSIT) } else { (LONGEST, CUT) };
        if units <= longest { Height::Proportional(units.round()) } else { Height::Cut(cut) }
    }
}

/// Which part of `whole` has passed after `part`; everything if there is nothing to pass.
pub fn ratio(part: Duration, whole: Duration) -> f64 {
    if whole == Duration::ZERO { 1.0 } else { (as_float(part) / as_float(whole)).min(1.0) }
}

/// Microseconds as a float, which is exact up to 2^53 of them: 285 years.
fn as_float(span: Duration) -> f64 {
    span.as_us() as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shortest_way_sets_the_scale() {
        let mut scale = Scale::new(None);
        assert_eq!(scale.height(Duration::from_ms(50), false), Height::Proportional(64.0));
        scale.learn(Duration::from_ms(500));
        assert_eq!(scale.height(Duration::from_ms(1000), false), Height::Proportional(128.0));
        scale.learn(Duration::from_ms(900));
        scale.learn(Duration::ZERO);
        assert_eq!(scale.height(Duration::from_ms(250), true), Height::Proportional(32.0));
        assert_eq!(scale.height(Duration::from_secs(240), false), Height::Cut(72.0));
        assert_eq!(Scale::new(Some(Duration::ZERO)).typical_drop(), 0.0);
    }

    #[test]
    fn the_parts_of_a_span_are_together_at_least_as_high_as_the_span() {
        let scale = Scale::new(Some(Duration::from_ms(50)));
        for (a, b) in [(10, 20), (100, 10), (100, 100), (200, 5), (1000, 1), (1000, 1000)] {
            for in_transit in [false, true] {
                let height = |ms| scale.height(Duration::from_ms(ms), in_transit).units();
                assert!(height(a) + height(b) + 1.0 >= height(a + b), "{a} and {b}");
            }
        }
    }
}
