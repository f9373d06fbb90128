//! Numbers that can be defended: intervals on a share, what repeated looks and clusters make of them, exact tests, and quantiles of
//! latencies that were not all seen. Pure.

mod cluster;
mod exact;
mod latency;
mod proportion;
mod sequential;
mod settle;

pub use cluster::{Cluster, Clustering, clustering, kish};
pub use exact::{LogFactorials, holm, mcnemar};
pub use latency::{Arrived, Observation, Outcome, curve, quantile};
pub use proportion::{clean_records_needed, clopper_pearson, wider, widest, wilson};
pub use sequential::{Ruling, Sprt, any_time};
pub use settle::{Needed, can_pass, fewest_clean, needed};

/// What an independent library says: scipy 1.17.1 and statsmodels 0.15.0 (`proportion_confint`, `hypergeom.sf`, `binomtest`,
/// `multipletests`).
#[cfg(test)]
mod tests {
    use super::{LogFactorials, clopper_pearson, holm, mcnemar, wilson};

    fn is_equal(found: f64, told: f64) -> bool {
        (found - told).abs() <= told.abs() * 1e-8 + 1e-15
    }

    #[test]
    fn intervals_are_those_of_statsmodels() {
        for (errors, trials, confidence, by_wilson, by_beta) in [
            (0, 30, 0.95, [0.0, 0.113_513_393], [0.0, 0.115_703_308]),
            (1, 100, 0.95, [0.001_767_432_06, 0.054_486_196_2], [0.000_253_146_033, 0.054_459_385_4]),
            (13, 1204, 0.95, [0.006_320_790_17, 0.018_385_646_8], [0.005_761_305_39, 0.018_393_011_4]),
            (25, 100, 0.90, [0.185_997_924, 0.327_173_436], [0.180_157_047, 0.331_321_554]),
            (499, 500, 0.99, [0.983_191_227, 0.999_765_146], [0.985_234_929, 0.999_989_975]),
            (37, 10000, 0.95, [0.002_685_648_04, 0.005_095_508_74], [0.002_606_439_01, 0.005_096_391_25]),
        ] {
            let found = [wilson(errors, trials, confidence), clopper_pearson(errors, trials, confidence)];
            for (found, told) in found.into_iter().map(Option::unwrap).zip([by_wilson, by_beta]) {
                assert!(
                    is_equal(found[0], told[0]) && is_equal(found[1], told[1]),
                    "{errors}/{trials}: {found:?} {told:?}"
                );
            }
        }
    }

    #[test]
    fn exact_tests_are_those_of_scipy_and_statsmodels() {
        for (all, failing, covered, both, told) in [
            (2000, 25, 40, 6, 5.823_116_65e-6),
            (60, 5, 9, 4, 0.001_199_667_78),
            (10000, 120, 300, 12, 0.000_248_681_493),
            (100, 50, 50, 30, 0.035_671_201_7),
        ] {
            let found = LogFactorials::up_to(all).tail(all, failing, covered, both);
            assert!(is_equal(found, told), "{all} {failing} {covered} {both}: {found} {told}");
        }
        for (broken, mended, told) in [(7, 0, 0.015_625), (12, 3, 0.035_156_25), (40, 22, 0.030_015_864_3)] {
            assert!(is_equal(mcnemar(broken, mended), told), "{broken} {mended}");
        }
        let corrected = holm(&[0.01, 0.04, 0.03, 0.005, 0.2]);
        assert!(corrected.iter().zip([0.04, 0.09, 0.09, 0.025, 0.2]).all(|(found, told)| is_equal(*found, told)));
    }
}
