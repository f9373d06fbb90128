//! Errors that come in clusters: one lost file is five hundred lost families, and far less evidence than five hundred.

use super::proportion::widest_of;
use johndoe_vigil::beta;

/// Records that share a fate: those of one file, or of one household.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Cluster {
    /// Records of which it is known whether they are good.
    pub trials: u64,
    /// Those that are not.
    pub errors: u64,
}

/// What clusters make of a share.
#[derive(Debug, Clone, PartialEq)]
pub struct Clustering {
    /// Clusters with at least one record.
    pub clusters: u64,
    /// Those with at least one error.
    pub with_errors: u64,
    /// By how much the variance exceeds that of records which fail one by one (Kish; estimated as that of a ratio over clusters).
    pub design_effect: f64,
    /// How many records that fail one by one would say as much.
    pub effective_records: f64,
    /// Whether errors lie in fewer clusters than chance puts them, at 5 % (Pearson's test of homogeneity).
    pub is_clustered: bool,
    /// The interval for clustered records (Korn and Graubard: the wider of Wilson and Clopper–Pearson for the effective number,
    /// reduced for few clusters).
    pub interval: [f64; 2],
}

/// Kish's design effect of clusters of `mean_size` records whose fates correlate by `correlation`.
pub fn kish(mean_size: f64, correlation: f64) -> f64 {
    1.0 + (mean_size - 1.0) * correlation
}

/// What clusters make of the share of errors at a two-sided `confidence`. `None` where it cannot be told: fewer than two clusters, no
/// cluster with two records, no errors, or nothing but errors.
#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
pub fn clustering(clusters: impl IntoIterator<Item = Cluster>, confidence: f64) -> Option<Clustering> {
    let filled: Vec<Cluster> = clusters.into_iter().filter(|cluster| cluster.trials > 0).collect();
    let count = filled.len();
    let (trials, errors) = filled.iter().fold((0, 0), |(t, e), of| (t + of.trials, e + of.errors));
    if count < 2 || errors == 0 || errors == trials || trials == count as u64 {
        return None;
    }
    let (of, n) = (count as f64, trials as f64);
    let share = errors as f64 / n;
    let deviation = |of: &Cluster| of.errors as f64 - share * of.trials as f64;
    let squares: f64 = filled.iter().map(|of| deviation(of).powi(2)).sum();
    let variance = of / (of - 1.0) * squares / (n * n);
    let alone = share * (1.0 - share) / n;
    let design_effect = variance / alone;
    let chi_squared: f64 =
        filled.iter().map(|of| deviation(of).powi(2) / (of.trials as f64 * share * (1.0 - share))).sum();
    let few = (student(confidence, n - 1.0) / student(confidence, of - 1.0)).powi(2);
    let effective = (n / design_effect.max(1.0) * few).min(n);
    Some(Clustering {
        clusters: count as u64,
        with_errors: filled.iter().filter(|of| of.errors > 0).count() as u64,
        design_effect,
        effective_records: effective,
        is_clustered: chi_squared > chi_squared_95(of - 1.0),
        interval: widest_of(share * effective, effective, confidence),
    })
}

/// The two-sided quantile of Student's distribution.
fn student(confidence: f64, freedom: f64) -> f64 {
    let x = beta::quantile(1.0 - confidence, 0.5 * freedom, 0.5);
    (freedom * (1.0 - x) / x).sqrt()
}

/// The 95 % quantile of chi-squared (Wilson and Hilferty; within 1 % from two degrees on, and 3.75 for 3.84 at one).
fn chi_squared_95(freedom: f64) -> f64 {
    const Z: f64 = 1.644_853_626_951_472_2;
    let of = 2.0 / (9.0 * freedom);
    freedom * (1.0 - of + Z * of.sqrt()).powi(3)
}

#[cfg(test)]
mod tests {
    use super::{Cluster, chi_squared_95, clustering, kish, student};
    use crate::statistics::widest;

    /// Worked by hand: clusters of several sizes.
    #[test]
    fn design_effects_are_the_worked_ones() {
        assert!((kish(50.0, 0.1) - 5.9).abs() < 1e-12);
        assert!((kish(500.0, 0.2) - 100.8).abs() < 1e-9);
    }

    #[test]
    fn quantiles_are_those_of_the_tables() {
        for (freedom, t) in [(1.0, 12.706), (9.0, 2.262), (30.0, 2.042), (1000.0, 1.962)] {
            assert!((student(0.95, freedom) - t).abs() < 0.001, "{freedom}");
        }
        for (freedom, quantile) in [(2.0, 5.991), (9.0, 16.919), (30.0, 43.773), (100.0, 124.342)] {
            assert!((chi_squared_95(freedom) / quantile - 1.0).abs() < 0.01, "{freedom}");
        }
    }

    #[test]
    fn one_lost_file_of_ten_is_one_of_ten_and_not_fifty_of_five_hundred() {
        let files = (0..10).map(|at| Cluster { trials: 50, errors: if at == 3 { 50 } else { 0 } });
        let found = clustering(files, 0.95).unwrap();
        assert!(found.is_clustered && (found.clusters, found.with_errors) == (10, 1));
        assert!((found.design_effect - 50.0 * 10.0 / 9.0).abs() < 1e-9, "{found:?}");
        assert!(found.effective_records < 10.0, "{found:?}");
        let [low, high] = widest(50, 500, 0.95).unwrap();
        assert!(found.interval[0] < 0.01 && low > 0.07, "{found:?}");
        assert!(found.interval[1] > 0.4 && high < 0.14, "{found:?}");
    }

    #[test]
    fn errors_that_are_spread_out_are_not_clustered() {
        let files = (0..10).map(|at| Cluster { trials: 50, errors: 4 + at % 3 });
        let found = clustering(files, 0.95).unwrap();
        assert!(!found.is_clustered && found.design_effect < 1.0, "{found:?}");
        let none = (0..10).map(|_| Cluster { trials: 50, errors: 0 });
        assert_eq!(clustering(none, 0.95), None);
        assert_eq!(clustering([Cluster { trials: 50, errors: 7 }], 0.95), None, "one file");
        let alone = (0..50).map(|at| Cluster { trials: 1, errors: at % 2 });
        assert_eq!(clustering(alone, 0.95), None, "nobody shares anything");
    }
}
