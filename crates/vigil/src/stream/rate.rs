//! A rate of failures, and how sure it is: exact bounds after Clopper and Pearson (Biometrika 1934), each at 95 %.

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
    bisect(|p| incomplete_beta(p, float(k), float(n - k + 1)) < WRONG)
}

/// The upper bound of a chance that came true `k` times of `n`.
pub fn upper_bound(k: u64, n: u64) -> f64 {
    if k >= n {
        return 1.0;
    }
    bisect(|p| incomplete_beta(p, float(k + 1), float(n - k)) < 1.0 - WRONG)
}

#[allow(clippy::cast_precision_loss, reason = "counts of outcomes are far below 2^52")]
fn float(n: u64) -> f64 {
    n as f64
}

/// Where in 0 to 1 `below` ceases to hold.
fn bisect(below: impl Fn(f64) -> bool) -> f64 {
    let (mut low, mut high) = (0.0, 1.0);
    for _ in 0..50 {
        let middle = f64::midpoint(low, high);
        if below(middle) { low = middle } else { high = middle }
    }
    f64::midpoint(low, high)
}

/// The regularised incomplete beta function `I_x(a, b)`, by its continued fraction (Press and others, Numerical Recipes, 6.4).
fn incomplete_beta(x: f64, a: f64, b: f64) -> f64 {
    if x <= 0.0 || x >= 1.0 {
        return x.clamp(0.0, 1.0);
    }
    let front = (ln_gamma(a + b) - ln_gamma(a) - ln_gamma(b) + a * x.ln() + b * (-x).ln_1p()).exp();
    if x < (a + 1.0) / (a + b + 2.0) {
        front * fraction(x, a, b) / a
    } else {
        1.0 - front * fraction(1.0 - x, b, a) / b
    }
}

/// Lentz's way through the continued fraction.
#[allow(clippy::many_single_char_names, reason = "the names of the formula")]
fn fraction(x: f64, a: f64, b: f64) -> f64 {
    let kept = |value: f64| if value.abs() < 1e-300 { 1e-300 } else { value };
    let mut c = 1.0;
    let mut d = 1.0 / kept(1.0 - (a + b) * x / (a + 1.0));
    let mut sum = d;
    for m in 1..2000 {
        let m = f64::from(m);
        let even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
        let odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
        for term in [even, odd] {
            d = 1.0 / kept(1.0 + term * d);
            c = kept(1.0 + term / c);
            sum *= c * d;
        }
        if (c * d - 1.0).abs() < 1e-14 {
            break;
        }
    }
    sum
}

/// The logarithm of the gamma function for arguments of at least 1, by Stirling's series from 10 on.
fn ln_gamma(x: f64) -> f64 {
    let mut shifted = x;
    let mut product = 1.0;
    while shifted < 10.0 {
        product *= shifted;
        shifted += 1.0;
    }
    let inverse = 1.0 / (shifted * shifted);
    let series = (1.0 / 12.0 - inverse * (1.0 / 360.0 - inverse * (1.0 / 1260.0 - inverse / 1680.0))) / shifted;
    let half_ln_2_pi = 0.918_938_533_204_672_7;
    (shifted - 0.5) * shifted.ln() - shifted + half_ln_2_pi + series - f64::ln(product)
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

    #[test]
    fn gamma_is_the_factorial() {
        near(ln_gamma(1.0), 0.0);
        near(ln_gamma(11.0), 3_628_800f64.ln());
        near(ln_gamma(0.5 + 1.0), (std::f64::consts::PI.sqrt() / 2.0).ln());
    }
}
