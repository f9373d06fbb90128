//! How many more records would settle whether a share of errors is below a limit.

use super::proportion::{counted, widest_of};
use super::sequential::any_time_of;

/// More than this is not worth saying: nobody sends so many.
const MOST: u64 = 1 << 40;

/// How many more records would settle it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Needed {
    /// Without a further error, until the upper end lies below the limit.
    pub clean: Option<u64>,
    /// With errors at the share found so far, until the interval lies on one side of the limit; `None` where it never would, as
    /// where that share is the limit.
    pub at_this_rate: Option<u64>,
}

/// How many records beyond `trials` with `errors` would settle whether the share is below `limit`, by the widest interval of those
/// that apply: `looked_again` adds the one for repeated looks. `None` without trials.
pub fn needed(errors: u64, trials: u64, limit: f64, (confidence, looked_again): (f64, bool)) -> Option<Needed> {
    let (errors, trials) = counted(errors, trials)?;
    let interval = interval(confidence, looked_again);
    let clean = fewest(|more| interval(errors, trials + more)[1] < limit);
    let rate = errors / trials;
    let at_this_rate = fewest(|more| {
        let [low, high] = interval(errors + rate * more, trials + more);
        low > limit || high < limit
    });
    Some(Needed { clean, at_this_rate })
}

/// The fewest records without an error that prove a share below `limit`, looked at once; `None` where no number does.
pub fn fewest_clean(limit: f64, confidence: f64) -> Option<u64> {
    fewest_clean_of(limit, interval(confidence, false))
}

/// Whether so many records, were all of them good, prove a share below `limit`.
pub fn can_pass(records: u64, limit: f64, confidence: f64) -> bool {
    counted(0, records).is_some_and(|(_, records)| widest_of(0.0, records, confidence)[1] < limit)
}

fn interval(confidence: f64, looked_again: bool) -> impl Fn(f64, f64) -> [f64; 2] {
    move |errors, trials| {
        let once = widest_of(errors, trials, confidence);
        if looked_again { super::wider(once, any_time_of(errors, trials, confidence)) } else { once }
    }
}

pub(super) fn fewest_clean_of(limit: f64, interval: impl Fn(f64, f64) -> [f64; 2]) -> Option<u64> {
    fewest(|records| records > 0.0 && interval(0.0, records)[1] < limit)
}

/// The least whole number from which on something holds, by doubling and halving.
#[expect(clippy::cast_precision_loss, reason = "at most 2^40")]
fn fewest(holds: impl Fn(f64) -> bool) -> Option<u64> {
    let mut high = 1;
    while !holds(high as f64) {
        high *= 2;
        if high > MOST {
            return None;
        }
    }
    let mut low = if high == 1 { 0 } else { high / 2 };
    while low + 1 < high {
        let middle = low.midpoint(high);
        if holds(middle as f64) { high = middle } else { low = middle }
    }
    Some(if holds(low as f64) { low } else { high })
}

#[cfg(test)]
mod tests {
    use super::{can_pass, fewest_clean, needed};
    use crate::statistics::{any_time, widest};

    #[test]
    fn a_claim_of_less_than_a_hundredth_takes_381_clean_records() {
        // z² / (n + z²) < 1 %: Wilson's is the wider end where nothing failed
        assert_eq!(fewest_clean(0.01, 0.95), Some(381));
        assert!(can_pass(381, 0.01, 0.95) && !can_pass(380, 0.01, 0.95));
        assert!(!can_pass(0, 0.5, 0.95));
        assert_eq!(fewest_clean(0.0, 0.95), None);
    }

    #[test]
    fn so_many_more_do_settle_it_and_one_fewer_does_not() {
        for (errors, trials, limit) in [(0, 50, 0.01), (2, 50, 0.01), (13, 1204, 0.015), (3, 40, 0.3)] {
            for again in [false, true] {
                let clean = needed(errors, trials, limit, (0.95, again)).unwrap().clean.unwrap();
                let high = |more: u64| {
                    let once = widest(errors, trials + more, 0.95).unwrap()[1];
                    if again { once.max(any_time(errors, trials + more, 0.95).unwrap()[1]) } else { once }
                };
                assert!(high(clean) < limit, "{errors}/{trials} {again}: {clean}");
                assert!(clean == 0 || high(clean - 1) >= limit, "{errors}/{trials} {again}: {clean}");
            }
        }
    }

    /// 13 of 1,204 against 2 %, looked at again and again, about 1,500 more.
    #[test]
    fn the_worked_number_of_records_at_this_rate() {
        let more = needed(13, 1204, 0.02, (0.95, true)).unwrap().at_this_rate.unwrap();
        assert!((1000..=2000).contains(&more), "{more}");
        assert_eq!(needed(13, 1204, 0.02, (0.95, false)).unwrap().at_this_rate, Some(0));
        assert_eq!(needed(1, 100, 0.01, (0.95, false)).unwrap().at_this_rate, None, "exactly at the limit");
    }
}
