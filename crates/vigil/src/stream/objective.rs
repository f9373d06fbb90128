//! What a stream is held to.

use chrono::TimeDelta;

use crate::Mistake;

/// A failure rate of which nobody says that it is met: above it the words degraded and failing lose their meaning.
const LARGEST: f64 = 0.3;
/// What is called failing however large the objective is.
pub(super) const FAILING_AT_MOST: f64 = 0.3;

/// The objective of one stream, with everything that decides when it is broken and when it is met again.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Objective {
    pub(super) p0: f64,
    pub(super) outcomes_a_month: f64,
    pub(super) threshold: f64,
    pub(super) stale_after: TimeDelta,
}

impl Objective {
    /// `p0`: the failure rate that is still allowed, of units; `outcomes_a_month`: as planned; `threshold`: see
    /// [`super::Budget::threshold`]; `stale_after`: without an outcome for so long nothing is known.
    pub fn new(p0: f64, outcomes_a_month: f64, threshold: f64, stale_after: TimeDelta) -> Result<Self, Mistake> {
        if !(0.0..=LARGEST).contains(&p0) {
            let help = "an objective is the share of failures that is still fine; write for example `< 1%`";
            return Err(Mistake::new("objective", format!("{} %", p0 * 100.0), "0 % to 30 %", help));
        }
        if outcomes_a_month.is_nan() || outcomes_a_month < 1.0 || threshold.is_nan() || threshold < 1.0 {
            let found = format!("{outcomes_a_month} outcomes a month");
            return Err(Mistake::new(
                "schedule",
                found,
                "at least one a month",
                "nothing can be said of a rate without outcomes",
            ));
        }
        Ok(Self { p0, outcomes_a_month, threshold, stale_after })
    }

    /// From this rate on it is failing, and not only degraded.
    pub(super) fn failing_from(&self) -> f64 {
        (10.0 * self.p0).min(FAILING_AT_MOST)
    }

    /// The rate that recovery is told from, after one whose lower bound was `bound`: the largest of 3 p0, 10 p0 and 30 % below
    /// it, at least 3 p0; where nothing may fail, at least 3 %, or it would take a month.
    pub(super) fn recovers_from(&self, bound: f64) -> f64 {
        let least = if self.p0 > 0.0 { 3.0 * self.p0 } else { 0.03 };
        let candidates = [3.0 * self.p0, 10.0 * self.p0, FAILING_AT_MOST];
        candidates.into_iter().filter(|p| *p < bound).fold(least, f64::max)
    }
}
