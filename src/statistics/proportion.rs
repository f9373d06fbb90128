//! Intervals on a share of errors, and how many clean records a claim needs.

use johndoe_vigil::beta;

/// Wilson's score interval for `errors` among `trials` at a two-sided `confidence` (0.95): what is shown. `None` without
/// trials.
pub fn wilson(errors: u64, trials: u64, confidence: f64) -> Option<[f64; 2]> {
    let (errors, trials) = counted(errors, trials)?;
    Some(wilson_of(errors, trials, confidence))
}

/// The same of counts that need not be whole, such as an effective number of records; `trials` above 0.
pub(super) fn wilson_of(errors: f64, trials: f64, confidence: f64) -> [f64; 2] {
    let z = normal_quantile(0.5 + 0.5 * confidence);
    let share = errors / trials;
    let shrink = 1.0 + z * z / trials;
    let middle = (share + z * z / (2.0 * trials)) / shrink;
    let half = z / shrink * (share * (1.0 - share) / trials + z * z / (4.0 * trials * trials)).sqrt();
    // at the edges the two terms cancel exactly on paper and nearly in floating point
    let low = if errors == 0.0 { 0.0 } else { (middle - half).max(0.0) };
    let high = if errors >= trials { 1.0 } else { (middle + half).min(1.0) };
    [low, high]
}

/// Clopper and Pearson's interval: never narrower than it claims, for audits. `None` without trials.
pub fn clopper_pearson(errors: u64, trials: u64, confidence: f64) -> Option<[f64; 2]> {
    let (errors, trials) = counted(errors, trials)?;
    Some(clopper_pearson_of(errors, trials, confidence))
}

/// The same of counts that need not be whole; `trials` above 0.
pub(super) fn clopper_pearson_of(errors: f64, trials: f64, confidence: f64) -> [f64; 2] {
    let tail = 0.5 * (1.0 - confidence);
    let low = if errors == 0.0 { 0.0 } else { beta::quantile(tail, errors, trials - errors + 1.0) };
    let high = if errors >= trials { 1.0 } else { beta::quantile(1.0 - tail, errors + 1.0, trials - errors) };
    [low, high]
}

/// The wider of both at either end: what a claim may rest on that is made once, of records that fail one by one. `None` without
/// trials.
pub fn widest(errors: u64, trials: u64, confidence: f64) -> Option<[f64; 2]> {
    let (errors, trials) = counted(errors, trials)?;
    Some(widest_of(errors, trials, confidence))
}

/// The same of counts that need not be whole; `trials` above 0.
pub(super) fn widest_of(errors: f64, trials: f64, confidence: f64) -> [f64; 2] {
    wider(wilson_of(errors, trials, confidence), clopper_pearson_of(errors, trials, confidence))
}

/// From the lower of both ends to the upper.
pub fn wider(one: [f64; 2], other: [f64; 2]) -> [f64; 2] {
    let ([low, high], [other_low, other_high]) = (one, other);
    [low.min(other_low), high.max(other_high)]
}

/// How many more records without an error it takes until the share of errors can be claimed to be below `target` at a
/// one-sided `confidence`: with no errors yet, the rule of three. 0 where it can be claimed already; `None` where no
/// number does (a target of 0).
pub fn clean_records_needed(errors: u64, trials: u64, target: f64, confidence: f64) -> Option<u64> {
    let needed = trials_needed(errors, target, confidence)?;
    Some(needed.saturating_sub(trials))
}

/// Fewest trials at which `errors` errors leave the one-sided upper bound at or below `target`.
fn trials_needed(errors: u64, target: f64, confidence: f64) -> Option<u64> {
    if !(target > 0.0 && target < 1.0 && confidence > 0.0 && confidence < 1.0) {
        return None;
    }
    let claimed = |trials: u64| upper(errors, trials, confidence) <= target;
    let mut high = errors.max(1);
    while !claimed(high) {
        high = high.checked_mul(2).filter(|h| *h < 1 << 40)?;
    }
    let mut low = high / 2;
    while low + 1 < high {
        let middle = low.midpoint(high);
        if claimed(middle) { high = middle } else { low = middle }
    }
    Some(high)
}

/// Clopper and Pearson's one-sided upper bound.
fn upper(errors: u64, trials: u64, confidence: f64) -> f64 {
    match counted(errors, trials) {
        Some((errors, trials)) if errors < trials => beta::quantile(confidence, errors + 1.0, trials - errors),
        _ => 1.0,
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
pub(super) fn counted(errors: u64, trials: u64) -> Option<(f64, f64)> {
    (trials > 0).then(|| (errors.min(trials) as f64, trials as f64))
}

/// The standard normal distribution's quantile (Acklam's rational approximation, error below 1.2e-9).
pub(super) fn normal_quantile(share: f64) -> f64 {
    const A: [f64; 6] = [
        -3.969_683_028_665_376e1,
        2.209_460_984_245_205e2,
        -2.759_285_104_469_687e2,
        1.383_577_518_672_69e2,
        -3.066_479_806_614_716e1,
        2.506_628_277_459_239,
    ];
    const B: [f64; 6] = [
        -5.447_609_879_822_406e1,
        1.615_858_368_580_409e2,
        -1.556_989_798_598_866e2,
        6.680_131_188_771_972e1,
        -1.328_068_155_288_572e1,
        1.0,
    ];
    const C: [f64; 6] = [
        -7.784_894_002_430_293e-3,
        -3.223_964_580_411_365e-1,
        -2.400_758_277_161_838,
        -2.549_732_539_343_734,
        4.374_664_141_464_968,
        2.938_163_982_698_783,
    ];
    const D: [f64; 5] =
        [7.784_695_709_041_462e-3, 3.224_671_290_700_398e-1, 2.445_134_137_142_996, 3.754_408_661_907_416, 1.0];
    let horner = |terms: &[f64], x: f64| terms.iter().fold(0.0, |sum, term| sum * x + term);
    let share = share.clamp(1e-12, 1.0 - 1e-12);
    if share > 1.0 - 0.024_25 {
        return -normal_quantile(1.0 - share);
    }
    if share < 0.024_25 {
        let q = (-2.0 * share.ln()).sqrt();
        return horner(&C, q) / horner(&D, q);
    }
    let q = share - 0.5;
    horner(&A, q * q) * q / horner(&B, q * q)
}

#[cfg(test)]
mod tests {
    use super::{clean_records_needed, clopper_pearson, trials_needed, wilson};

    /// In per cent: errors, trials, Wilson, Clopper–Pearson; 0 errors are exact at the low end.
    const WORKED: &[(u64, u64, [f64; 2], [f64; 2])] = &[
        (0, 30, [0.0, 11.35], [0.0, 11.57]),
        (0, 300, [0.0, 1.26], [0.0, 1.22]),
        (0, 1000, [0.0, 0.383], [0.0, 0.368]),
        (1, 100, [0.18, 5.45], [0.03, 5.45]),
        (10, 1000, [0.54, 1.83], [0.48, 1.83]),
        (25, 100, [17.5, 34.3], [16.9, 34.7]),
        (13, 1204, [0.63, 1.84], [0.58, 1.84]),
    ];

    #[test]
    fn intervals_are_the_worked_ones() {
        for (errors, trials, by_wilson, by_clopper_pearson) in WORKED {
            for (interval, worked) in [
                (wilson(*errors, *trials, 0.95), by_wilson),
                (clopper_pearson(*errors, *trials, 0.95), by_clopper_pearson),
            ] {
                for (found, expected) in interval.unwrap().into_iter().zip(worked) {
                    assert!((found * 100.0 - expected).abs() < 0.05, "{errors}/{trials}: {found} for {expected} %");
                }
            }
        }
    }

    #[test]
    fn the_edges_are_exact() {
        assert_eq!(wilson(0, 17, 0.95).unwrap()[0].to_bits(), 0.0_f64.to_bits());
        assert_eq!(wilson(17, 17, 0.95).unwrap()[1].to_bits(), 1.0_f64.to_bits());
        let [low, high] = clopper_pearson(0, 30, 0.95).unwrap();
        assert!(low == 0.0 && (high - (1.0 - 0.025_f64.powf(1.0 / 30.0))).abs() < 1e-12);
        let [low, high] = clopper_pearson(30, 30, 0.95).unwrap();
        assert!(high >= 1.0 && (low - 0.025_f64.powf(1.0 / 30.0)).abs() < 1e-12);
        assert_eq!(wilson(0, 0, 0.95), None);
        assert_eq!(clopper_pearson(0, 0, 0.95), None);
    }

    #[test]
    fn rule_of_three_counts_the_clean_records_a_claim_needs() {
        assert_eq!(trials_needed(0, 0.01, 0.95), Some(299));
        assert_eq!(trials_needed(0, 0.001, 0.95), Some(2995));
        assert_eq!(clean_records_needed(0, 50, 0.01, 0.95), Some(249));
        assert_eq!(clean_records_needed(0, 400, 0.01, 0.95), Some(0));
        assert_eq!(clean_records_needed(0, 50, 0.0, 0.95), None);
        assert!(clean_records_needed(2, 50, 0.01, 0.95).unwrap() > 500);
    }
}
