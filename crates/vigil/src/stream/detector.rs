//! The e-detector: evidence that the rate of failures is above its objective, in logarithms.
//!
//! S ← (S + 1) · (failed ? p/p0 : (1 − p)/(1 − p0)), for each alternative p; an alarm where their mean reaches the threshold.
//!
//! An undecided unit counts as passed. Whatever becomes of it, S will be no less: so an alarm is never raised of evidence that is
//! not there. (Were it left out, who is rejected at once among many whose success is known days later would be all there is to
//! see, and pipelines that keep their objective would raise alarms.) That costs no time where a loss is known at its limit and
//! success before: all who were sent before a loss are decided when it is.

use serde::{Deserialize, Serialize};

use super::bits;
use super::rate::Rate;

/// The alternatives 3 p0, 10 p0, 30 p0 (those below 50 %) and 95 %, with equal weights.
#[derive(Debug, Clone, PartialEq)]
pub struct Mixture {
    alternatives: Vec<Factors>,
}

/// What an outcome multiplies by, as logarithms.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Factors {
    failed: f64,
    passed: f64,
}

impl Mixture {
    /// The alternatives to a rate of at most `p0`. For p0 = 0 the first failure is all the evidence there can be.
    pub fn new(p0: f64) -> Self {
        let below = [3.0, 10.0, 30.0].into_iter().map(|times| times * p0).filter(|p| *p > 0.0 && *p < 0.5);
        let factors = |p: f64| Factors { failed: (p / p0).ln(), passed: ((1.0 - p) / (1.0 - p0)).ln() };
        Self { alternatives: below.chain([0.95]).map(factors).collect() }
    }

    /// No evidence yet.
    pub fn none(&self) -> Evidence {
        Evidence { sums: vec![Sum::default(); self.alternatives.len()] }
    }
}

/// The evidence so far, one sum for each alternative of its mixture.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Evidence {
    sums: Vec<Sum>,
}

/// One alternative's sum, and where the stretch that speaks for it began.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Sum {
    /// the logarithm of S
    #[serde(with = "bits")]
    log: f64,
    /// Page's cumulative sum: it is zero where the likeliest change begins
    #[serde(with = "bits")]
    page: f64,
    since: Option<i64>,
    rate: Rate,
}

impl Default for Sum {
    fn default() -> Self {
        Self { log: f64::NEG_INFINITY, page: 0.0, since: None, rate: Rate::default() }
    }
}

impl Evidence {
    /// Takes up the outcome of one unit, of which `at` (in milliseconds) says when it was meant to be sent: failed, passed, or
    /// undecided, which counts as passed.
    pub fn step(&mut self, mixture: &Mixture, at: i64, failed: Option<bool>) {
        for (sum, factors) in self.sums.iter_mut().zip(&mixture.alternatives) {
            sum.step(*factors, at, failed);
        }
    }

    /// The logarithm of the mean over the alternatives, which is held against the logarithm of the threshold.
    pub fn log_mean(&self) -> f64 {
        let logs = || self.sums.iter().map(|sum| sum.log);
        let largest = logs().fold(f64::NEG_INFINITY, f64::max);
        if largest.is_infinite() {
            return largest;
        }
        let count: f64 = self.sums.iter().map(|_| 1.0).sum();
        largest + (logs().map(|log| (log - largest).exp()).sum::<f64>() / count).ln()
    }

    /// Since when (in milliseconds) the likeliest alternative holds, and the outcomes since.
    pub(super) fn stretch(&self) -> Option<(i64, Rate)> {
        let by = |sum: &&Sum| sum.log;
        let likeliest = self.sums.iter().max_by(|a, b| by(a).total_cmp(&by(b)))?;
        Some((likeliest.since?, likeliest.rate))
    }
}

impl Sum {
    fn step(&mut self, factors: Factors, at: i64, failed: Option<bool>) {
        let factor = if failed == Some(true) { factors.failed } else { factors.passed };
        self.log = softplus(self.log) + factor;
        self.page = (self.page + factor).clamp(0.0, f64::MAX);
        if self.page > 0.0 {
            self.since = self.since.or(Some(at));
            self.rate.count(failed);
        } else {
            (self.since, self.rate) = (None, Rate::default());
        }
    }
}

/// ln(1 + eˣ), the logarithm of S + 1.
pub(super) fn softplus(x: f64) -> f64 {
    x.max(0.0) + (-x.abs()).exp().ln_1p()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(outcomes: &[Option<bool>], p0: f64) -> f64 {
        let mixture = Mixture::new(p0);
        let mut evidence = mixture.none();
        for (at, outcome) in outcomes.iter().enumerate() {
            evidence.step(&mixture, i64::try_from(at).unwrap(), *outcome);
        }
        evidence.log_mean().exp()
    }

    fn near(found: f64, expected: f64) {
        assert!((found / expected - 1.0).abs() < 1e-9, "{found} for {expected}");
    }

    #[test]
    fn the_recursion_is_the_one_of_the_paper() {
        let (failed, passed, undecided) = (Some(true), Some(false), None);
        // p0 = 1 %: alternatives 3, 10, 30 and 95 %
        near(after(&[failed], 0.01), (3.0 + 10.0 + 30.0 + 95.0) / 4.0);
        near(after(&[passed], 0.01), (0.97 + 0.90 + 0.70 + 0.05) / 0.99 / 4.0);
        near(after(&[failed, failed], 0.01), (4.0 * 3.0 + 11.0 * 10.0 + 31.0 * 30.0 + 96.0 * 95.0) / 4.0);
        near(after(&[failed, undecided], 0.01), after(&[failed, passed], 0.01));
        // p0 = 3 %: 30 p0 = 90 % is left out
        near(after(&[failed], 0.03), (3.0 + 10.0 + 0.95 / 0.03) / 3.0);
    }

    #[test]
    fn a_success_counts_for_no_more_than_it_should_in_the_long_run() {
        // where all pass, S tends to f / (1 − f) for each alternative
        let limit = |p: f64| ((1.0 - p) / 0.99) / (1.0 - (1.0 - p) / 0.99);
        let found = after(&vec![Some(false); 5000], 0.01);
        near(found, (limit(0.03) + limit(0.10) + limit(0.30) + limit(0.95)) / 4.0);
    }

    #[test]
    fn where_nothing_may_fail_the_first_failure_is_all_evidence() {
        assert!(after(&[Some(false); 10], 0.0).is_finite());
        assert!(after(&[Some(false), Some(true), Some(false)], 0.0).is_infinite());
    }

    #[test]
    fn a_long_outage_overflows_nothing() {
        let mixture = Mixture::new(1e-6);
        let mut evidence = mixture.none();
        for at in 0..100_000 {
            evidence.step(&mixture, at, Some(true));
        }
        assert!(evidence.log_mean().is_finite());
        let text = serde_json::to_string(&evidence).unwrap();
        assert_eq!(serde_json::from_str::<Evidence>(&text).unwrap(), evidence);
    }
}
