//! Whether a scenario has enough households to pass at all.

use johndoe::model::{Decide, SubmissionExpected};
use johndoe::scenario::Scenario;
use johndoe::statistics::{Sprt, can_pass, fewest_clean};

/// Why a scenario cannot pass, however good the pipeline is; `None` where it can, or where nothing has to be proved by numbers.
pub(crate) fn cannot_pass(scenario: &Scenario) -> Option<String> {
    let (count, objective) = (u64::from(scenario.population.count), &scenario.objective);
    let is_refused = scenario.journey.first().is_some_and(|step| step.submission == SubmissionExpected::Rejected);
    if is_refused || objective.decide == Decide::Estimate {
        return None;
    }
    let confidence = objective.confidence;
    let limit = objective.error_rate_below.map(|limit| (limit, "`error_rate` below", limit));
    let late = objective.on_time_at_least.map(|target| (1.0 - target, "`on_time` of", target));
    let sequential =
        || Some(Sprt::new(objective.acceptable?, objective.error_rate_below?, confidence)?.clean_records());
    let (needed, what, share) = match (objective.decide, sequential()) {
        (Decide::Sequential, Some(needed)) if needed > count => {
            (needed, "`error_rate` below", objective.error_rate_below.unwrap_or_default())
        }
        (Decide::Sequential, Some(_)) => proof(late, count, confidence)?,
        _ => proof(limit, count, confidence).or_else(|| proof(late, count, confidence))?,
    };
    Some(format!(
        "{count} households cannot prove an {what} {}%, were all of them good: that takes {needed}, so the verdict will be \
         inconclusive at best; raise `count`, loosen the objective, or say `decide: estimate`",
        (share * 1e6).round() / 1e4
    ))
}

type Claim = (f64, &'static str, f64);

/// How many it takes to prove that at most so large a share is bad, where so many do not; and what was claimed.
fn proof(claim: Option<Claim>, count: u64, confidence: f64) -> Option<(u64, &'static str, f64)> {
    let (limit, what, share) = claim.filter(|(limit, _, _)| !can_pass(count, *limit, confidence))?;
    fewest_clean(limit, confidence).map(|needed| (needed, what, share))
}
