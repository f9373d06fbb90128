//! A rate of failures, and how sure it is: exact bounds after Clopper and Pearson (Biometrika 1934), each at 95 %.

use crate::beta;
use serde::{Deserialize, Serialize};

/// The chance that a bound is wrong on its side.
const WRONG: f64 = 0.05;

/// Outcomes counted: failed, passed, and undecided.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rate {
    /// units with a failure
    pub failed: u64,
    /// units without
    pub passed: u64,
    /// units of which it is not known yet
    pub undecided: u64,
}

impl Rate {
    pub(super) fn count(&mut self, failed: Option<bool>) {
        match failed {
            Some(true) => self.failed += 1,
            Some(false) => self.passed += 1,
            None => self.undecided += 1,
        }
    }

    pub(super) fn take_back(&mut self, failed: Option<bool>) {
        let counted = match failed {
            Some(true) => &mut self.failed,
            Some(false) => &mut self.passed,
            None => &mut self.undecided,
        };
        *counted = counted.saturating_sub(1);
    }

    /// What the rate is at least: every undecided unit is counted as passed.
    pub fn lower(&self) -> f64 {
        lower_bound(self.failed, self.failed + self.passed + self.undecided)
    }

    /// What the rate is at most: every undecided unit is counted as failed.
    pub fn upper(&self) -> f64 {
        upper_bound(self.failed + self.undecided, self.failed + self.passed + self.undecided)
    }
}

/// The lower bound of a chance that came true `k` times of `n`.
pub fn lower_bound(k: u64, n: u64) -> f64 {
    if k == 0 || n == 0 {
        return 0.0;
    }
    if k >= n {
        return WRONG.powf(1.0 / float(n));
    }
    // P(X ≥ k | p) = I_p(k, n − k + 1)
    beta::quantile(WRONG, float(k), float(n - k + 1))
}

/// The upper bound of a chance that came true `k` times of `n`.
pub fn upper_bound(k: u64, n: u64) -> f64 {
    if k >= n {
        return 1.0;
    }
    beta::quantile(1.0 - WRONG, float(k + 1), float(n - k))
}

#[expect(clippy::cast_precision_loss, reason = "counts of outcomes are far below 2^52")]
fn float(n: u64) -> f64 {
    n as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(found: f64, expected: f64) {
        assert!((found - expected).abs() < 5e-5, "{found} for {expected}");
    }

    #[test]
    fn bounds_are_the_exact_ones() {
        // one-sided 95 % is two-sided 90 %: 0.05^(1/n) where all failed, 1 − 0.05^(1/n) where none did
        near(lower_bound(4, 4), 0.05f64.powf(0.25));
        near(upper_bound(0, 299), 1.0 - 0.05f64.powf(1.0 / 299.0));
        assert!(upper_bound(0, 299) < 0.01 && upper_bound(0, 298) > 0.01);
        // P(X ≥ 1) = 0.05 and P(X ≤ 9) = 0.05, by hand
        near(lower_bound(1, 10), 1.0 - 0.95f64.powf(0.1));
        near(upper_bound(9, 10), 0.95f64.powf(0.1));
        // the median of a symmetric beta lies in the middle
        near(lower_bound(500, 1000) + upper_bound(500, 1000), 1.0);
    }

    #[test]
    fn of_nothing_nothing_is_known() {
        assert!((lower_bound(0, 0), upper_bound(0, 0)) == (0.0, 1.0));
        assert!((lower_bound(0, 9), upper_bound(9, 9)) == (0.0, 1.0));
    }

    #[test]
    fn the_undecided_speak_for_neither_side() {
        let rate = Rate { failed: 3, passed: 5, undecided: 2 };
        near(rate.lower(), lower_bound(3, 10));
        near(rate.upper(), upper_bound(5, 10));
    }
}
