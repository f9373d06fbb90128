//! Latency quantiles from polls: arrival is known to an interval, and what has not arrived counts too.

/// What became of something that was waited for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Outcome {
    /// It came, after at least the first and at most the second number of seconds.
    Arrived(f64, f64),
    /// It had not come after so many seconds, and may yet come.
    Waiting(f64),
    /// It was judged lost: it never comes, which is more than not having come yet.
    Never,
}

/// One latency, in seconds from the intended moment.
pub type Observation = Outcome;

/// Quantile `share` (0 to 1) as `[lower, upper]` in seconds: the Kaplan–Meier quantile over the lower bounds and over the
/// upper bounds. `None` where so large a share has not arrived within what was watched.
pub fn quantile(observations: &[Observation], share: f64) -> Option<[f64; 2]> {
    let low = kaplan_meier(observations, share, |low, _| low)?;
    let high = kaplan_meier(observations, share, |_, high| high)?;
    Some([low, high.max(low)])
}

/// One moment at which something arrived: from then on, so large a share had.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Arrived {
    /// Seconds from the intended moment.
    pub seconds: f64,
    /// The estimated share that had arrived (0 to 1).
    pub share: f64,
    /// Its band (Greenwood's, on the log–log scale).
    pub band: [f64; 2],
}

/// How the share that has arrived grows: Kaplan and Meier's estimate over the upper bounds, a step for each moment of arrivals, with its
/// band at a two-sided `confidence`.
pub fn curve(observations: &[Observation], confidence: f64) -> Vec<Arrived> {
    let z = super::proportion::normal_quantile(0.5 + 0.5 * confidence);
    let mut times: Vec<(f64, bool)> = observations
        .iter()
        .filter_map(|observation| match *observation {
            Outcome::Arrived(_, high) => Some((high, true)),
            Outcome::Waiting(until) => Some((until, false)),
            Outcome::Never => None,
        })
        .collect();
    times.sort_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1)));
    let (mut at_risk, mut waiting, mut greenwood) = (count(observations.len()), 1.0, 0.0);
    let mut curve: Vec<Arrived> = Vec::new();
    for (seconds, arrived) in times {
        if arrived {
            waiting *= 1.0 - 1.0 / at_risk;
            greenwood += 1.0 / (at_risk * (at_risk - 1.0));
            let step = Arrived { seconds, share: 1.0 - waiting, band: band(waiting, greenwood, z) };
            match curve.last_mut() {
                Some(last) if last.seconds >= seconds => *last = step,
                _ => curve.push(step),
            }
        }
        at_risk -= 1.0;
    }
    curve
}

/// The band of the share that has arrived, of the share that has not and Greenwood's sum.
fn band(waiting: f64, greenwood: f64, z: f64) -> [f64; 2] {
    if waiting <= 0.0 || waiting >= 1.0 {
        return [1.0 - waiting; 2];
    }
    let spread = (z * greenwood.sqrt() / waiting.ln()).abs().exp();
    [1.0 - waiting.powf(1.0 / spread), 1.0 - waiting.powf(spread)]
}

/// First moment at which the estimated share of what has not arrived falls to 1 − `share`.
fn kaplan_meier(observations: &[Observation], share: f64, bound: impl Fn(f64, f64) -> f64) -> Option<f64> {
    let mut times: Vec<(f64, bool)> = observations
        .iter()
        .filter_map(|observation| match *observation {
            Outcome::Arrived(low, high) => Some((bound(low, high), true)),
            Outcome::Waiting(until) => Some((until, false)),
            // stays at risk for ever
            Outcome::Never => None,
        })
        .collect();
    // of what happens at one moment, arrivals come first: something last seen absent then was still waited for
    times.sort_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1)));
    let mut at_risk = count(observations.len());
    let mut waiting = 1.0;
    for (moment, arrived) in times {
        if arrived {
            waiting *= 1.0 - 1.0 / at_risk;
            if waiting <= 1.0 - share + 1e-9 {
                return Some(moment);
            }
        }
        at_risk -= 1.0;
    }
    None
}

#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
fn count(length: usize) -> f64 {
    length as f64
}

#[cfg(test)]
mod tests {
    use super::{Outcome, curve, quantile};

    #[test]
    fn without_censoring_it_is_the_order_statistic() {
        let all: Vec<_> = (1..=100).map(|n| Outcome::Arrived(f64::from(n) - 1.0, f64::from(n))).collect();
        assert_eq!(quantile(&all, 0.5), Some([49.0, 50.0]));
        assert_eq!(quantile(&all, 0.99), Some([98.0, 99.0]));
    }

    #[test]
    fn the_lost_are_at_infinity_and_not_left_out() {
        let mut seen: Vec<_> = (1..=90).map(|n| Outcome::Arrived(f64::from(n), f64::from(n))).collect();
        seen.extend([Outcome::Never; 10]);
        assert_eq!(quantile(&seen, 0.9), Some([90.0, 90.0]));
        assert_eq!(quantile(&seen, 0.95), None, "not reached must be sayable");
    }

    #[test]
    fn what_is_still_waited_for_is_censored_and_shifts_later_quantiles() {
        // worked by hand: arrivals at 1, 3, 4 and one still absent at 2: S = 3/4, then 3/4 · 1/2, then 0
        let some =
            [Outcome::Arrived(1.0, 1.0), Outcome::Waiting(2.0), Outcome::Arrived(3.0, 3.0), Outcome::Arrived(4.0, 4.0)];
        assert_eq!(quantile(&some, 0.25), Some([1.0, 1.0]));
        assert_eq!(quantile(&some, 0.5), Some([3.0, 3.0]));
        assert_eq!(quantile(&some, 0.9), Some([4.0, 4.0]));
        assert_eq!(quantile(&[Outcome::Waiting(5.0)], 0.5), None);
        // whoever was waited for until the moment of an arrival was still at risk then
        assert_eq!(quantile(&[Outcome::Waiting(5.0), Outcome::Arrived(5.0, 5.0)], 0.9), None);
        assert_eq!(quantile(&[], 0.5), None);
    }

    /// statsmodels 0.15.0, `SurvfuncRight` of times 1, 2, 3, 3, 4, 5 of which 2 and 5 are censored; the band by hand.
    #[test]
    fn the_curve_is_that_of_a_library() {
        let some = [(1.0, true), (2.0, false), (3.0, true), (3.0, true), (4.0, true), (5.0, false)];
        let some = some.map(|(at, came)| if came { Outcome::Arrived(at, at) } else { Outcome::Waiting(at) });
        let curve = curve(&some, 0.95);
        let shares: Vec<_> = curve.iter().map(|step| (step.seconds, step.share)).collect();
        for ((at, share), (seconds, told)) in
            shares.iter().zip([(1.0, 1.0 / 6.0), (3.0, 7.0 / 12.0), (4.0, 0.791_666_667)])
        {
            assert!((at - seconds).abs() < 1e-12 && (share - told).abs() < 1e-9, "{shares:?}");
        }
        for step in &curve {
            assert!(step.band[0] < step.share && step.share < step.band[1], "{step:?}");
        }
        assert!(
            (curve[0].band[0] - 0.025_0).abs() < 1e-3 && (curve[0].band[1] - 0.726_7).abs() < 1e-3,
            "{:?}",
            curve[0]
        );
    }

    /// Submissions over an hour, watched for that hour; the naive median is a quarter too small,
    /// Kaplan–Meier's is not.
    #[test]
    fn a_watch_that_ends_early_does_not_make_the_pipeline_look_fast() {
        let latency = |n: u32| f64::from(n % 100) + 0.5;
        let observations: Vec<_> = (0..1000)
            .map(|n| {
                let watched = 100.0 - f64::from(n / 10);
                if latency(n * 37) <= watched {
                    Outcome::Arrived(latency(n * 37), latency(n * 37))
                } else {
                    Outcome::Waiting(watched)
                }
            })
            .collect();
        let [median, _] = quantile(&observations, 0.5).unwrap();
        assert!((45.0..55.0).contains(&median), "{median}");
    }
}
