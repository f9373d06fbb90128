//! Exact tests, in logarithms: factorials of a few hundred are beyond floating point already.

/// Logarithms of the factorials up to a number.
#[derive(Debug, Clone)]
pub struct LogFactorials(Vec<f64>);

impl LogFactorials {
    /// Of 0 to `most`.
    #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
    pub fn up_to(most: usize) -> Self {
        let mut sum = 0.0;
        let next = |n: usize| {
            if n > 1 {
                sum += (n as f64).ln();
            }
            sum
        };
        Self((0..=most).map(next).collect())
    }

    /// Logarithm of the number of ways to choose `some` of `all`; −∞ where there is none, or `all` is beyond the table.
    fn choose(&self, all: usize, some: usize) -> f64 {
        let of = |n: usize| self.0.get(n).copied();
        let ways = || Some(of(all)? - of(some)? - of(all.checked_sub(some)?)?);
        ways().unwrap_or(f64::NEG_INFINITY)
    }

    /// Fisher's exact tail: of `all` households `failing` fail; the chance that among `covered` of them, drawn blindly, `both` or more
    /// fail. Source: R. A. Fisher, The Design of Experiments, 1935: the tail of the hypergeometric distribution.
    pub fn tail(&self, all: usize, failing: usize, covered: usize, both: usize) -> f64 {
        let whole = self.choose(all, covered);
        let good = all.saturating_sub(failing);
        let chance = |k: usize| {
            let others = covered.checked_sub(k).map_or(f64::NEG_INFINITY, |rest| self.choose(good, rest));
            (self.choose(failing, k) + others - whole).exp()
        };
        (both..=failing.min(covered)).map(chance).sum::<f64>().min(1.0)
    }
}

/// The exact two-sided test of `McNemar` on the pairs that differ: `broken` went from good to bad, `mended` the other way.
pub fn mcnemar(broken: u64, mended: u64) -> f64 {
    let pairs = usize::try_from(broken.saturating_add(mended)).unwrap_or(usize::MAX).min(10_000_000);
    let more = usize::try_from(broken.max(mended)).unwrap_or(usize::MAX);
    let table = LogFactorials::up_to(pairs);
    #[expect(clippy::cast_precision_loss, reason = "at most ten million")]
    let halves = pairs as f64 * std::f64::consts::LN_2;
    let tail: f64 = (more..=pairs).map(|k| (table.choose(pairs, k) - halves).exp()).sum();
    (2.0 * tail).min(1.0)
}

/// Holm's step-down correction: for each of several p-values the one that holds for all of them together, in the same order.
pub fn holm(values: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    let value = |at: usize| values.get(at).copied().unwrap_or(1.0);
    order.sort_by(|a, b| value(*a).total_cmp(&value(*b)));
    let mut corrected = vec![1.0; values.len()];
    let mut least = 0.0_f64;
    for (before, at) in order.into_iter().enumerate() {
        #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
        let left = (values.len() - before) as f64;
        least = least.max((value(at) * left).min(1.0));
        if let Some(slot) = corrected.get_mut(at) {
            *slot = least;
        }
    }
    corrected
}

#[cfg(test)]
mod tests {
    use super::{LogFactorials, holm, mcnemar};

    #[test]
    fn fishers_tail_is_that_of_the_tea_taster_and_of_whole_populations() {
        let table = LogFactorials::up_to(5000);
        assert!((table.tail(8, 4, 4, 4) - 1.0 / 70.0).abs() < 1e-12);
        assert!((table.tail(8, 4, 4, 3) - 17.0 / 70.0).abs() < 1e-12);
        assert!((table.tail(8, 4, 4, 0) - 1.0).abs() < 1e-12);
        // where library versions have returned 0 or NaN: a rule that covers 10 of 5,000, all of which fail, and nobody else
        let p = table.tail(5000, 10, 10, 10);
        assert!(p > 0.0 && p < 1e-25, "{p}");
        assert!((table.tail(3, 3, 3, 3) - 1.0).abs() < 1e-12);
        assert!(table.tail(10, 2, 3, 3).abs() < 1e-300, "more than fail cannot fail");
    }

    /// Worked by hand.
    #[test]
    fn seven_newly_broken_and_none_mended_are_no_accident() {
        assert!((mcnemar(7, 0) - 0.015_625).abs() < 1e-12);
        assert!((mcnemar(0, 7) - 0.015_625).abs() < 1e-12);
        assert!((mcnemar(5, 5) - 1.0).abs() < 1e-12);
        assert!((mcnemar(0, 0) - 1.0).abs() < 1e-12);
    }

    #[test]
    fn holm_steps_down() {
        let corrected = holm(&[0.01, 0.04, 0.03, 0.005]);
        for (found, worked) in corrected.iter().zip([0.03, 0.06, 0.06, 0.02]) {
            assert!((found - worked).abs() < 1e-12, "{corrected:?}");
        }
        assert_eq!(holm(&[]), Vec::<f64>::new());
    }
}
