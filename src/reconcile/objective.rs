//! The objective held against what was found: by an interval, or by a sequential test. By the share itself: `verdict`.

use super::rates::is_error;
use super::share::{beside, percent};
use super::tally::JudgedProbe;
use super::verdict::{Bench, groups};
use crate::model::{Existence, Verdict};
use crate::statistics::{Ruling, Sprt, widest};

impl Bench<'_> {
    /// FAIL where the whole interval lies above the limit, PASS where it lies below, and else not settled.
    pub(super) fn by_interval(&mut self, limit: f64) {
        let (errors, trials) = (self.rate.errors, self.rate.trials);
        let (Some(estimate), Some([low, high])) = (self.rate.estimate, self.rate.widest) else { return };
        let sure = percent(self.rate.confidence);
        let found = format!(
            "{errors} of {trials} enrollment groups are not good ({}); {} to {} would fit, at a confidence of {sure}{}",
            percent(estimate),
            percent(low),
            percent(high),
            self.why_so_wide()
        );
        let objective = percent(limit);
        if low > limit {
            let [low, limit] = beside(low, limit);
            self.say(Verdict::Fail, format!("{found}: {low} at least, and the objective is less than {limit}"));
        } else if high < limit {
            let [high, limit] = beside(high, limit);
            self.say(Verdict::Pass, format!("{found}: {high} at most, and the objective is less than {limit}"));
        } else {
            let reason =
                format!("{found}: whether it is less than {objective} is not settled{}", self.more_would_settle());
            self.say(Verdict::Inconclusive, reason);
        }
    }

    fn why_so_wide(&self) -> String {
        let clusters = self.rate.clustered.iter().filter(|of| of.applies);
        let of = |of: &crate::model::ClusteredRate| {
            format!("; errors come by {}: they lie in {} of {}", of.by, of.with_errors, of.clusters)
        };
        let mut why: String = clusters.map(of).collect();
        if self.looked_again {
            why += "; it is looked at more than once";
        }
        why
    }

    fn more_would_settle(&self) -> String {
        match (self.rate.more_clean, self.rate.more_at_this_rate) {
            (Some(clean), Some(more)) if self.rate.errors > 0 => {
                format!(
                    ": {clean} more without an error would prove it, and about {more} more at this rate would settle it"
                )
            }
            (Some(clean), _) => format!(": {clean} more without an error would prove it"),
            (None, Some(more)) => format!(": about {more} more at this rate would settle it"),
            (None, None) => String::new(),
        }
    }

    /// A sequential test over households in the order in which they were meant to be sent, up to the first of which it is not known
    /// whether it is good: known failures would come before known successes otherwise.
    pub(super) fn by_sequence(&mut self, limit: f64) {
        let objective = &self.court.plan.objective;
        let confidence = objective.confidence;
        let test =
            objective.acceptable.and_then(|acceptable| Sprt::new(acceptable, limit, confidence).zip(Some(acceptable)));
        let Some((test, acceptable)) = test else { return self.by_interval(limit) };
        let mut order: Vec<&JudgedProbe> = self.judged.iter().collect();
        order.sort_by_key(|probe| (probe.intended_at.is_none(), probe.intended_at, probe.summary.index));
        let known: Vec<bool> = order
            .into_iter()
            .filter(|probe| probe.exists() || probe.may_exist())
            .map_while(|probe| self.failed(probe))
            .collect();
        let [acceptable, limit] = [percent(acceptable), percent(limit)];
        let tested = format!(
            "a sequential test of {acceptable} against {limit}, which errs with at most {}",
            percent(1.0 - confidence)
        );
        match test.rule(known.iter().copied()) {
            Ruling::Accept(after) => {
                self.say(
                    Verdict::Pass,
                    format!("{tested}, accepts after {after} households: {acceptable} or less are not good"),
                );
            }
            Ruling::Reject(after) => {
                self.say(
                    Verdict::Fail,
                    format!("{tested}, rejects after {after} households: {limit} or more are not good"),
                );
            }
            Ruling::Open => {
                let errors = known.iter().filter(|is_error| **is_error).count();
                let reason = format!(
                    "{tested}, is not settled after {} households of which {errors} are not good; without an error it takes {}",
                    known.len(),
                    test.clean_records()
                );
                self.say(Verdict::Inconclusive, reason);
            }
        }
    }

    /// Whether something of a household is not good; `None` while that is not known.
    fn failed(&self, probe: &JudgedProbe) -> Option<bool> {
        let of = || probe.groups.iter().map(|group| is_error(self.court.plan, group));
        if of().any(|error| error == Some(true)) {
            return Some(true);
        }
        (probe.summary.existence != Existence::Unknown && of().all(|error| error.is_some())).then_some(false)
    }

    /// The share on time: `on_time` of `all` surely, and `undecided` more perhaps.
    pub(super) fn on_time_by_interval(&mut self, target: f64, (on_time, undecided, all): (u64, u64, u64)) {
        let confidence = self.rate.confidence;
        let may_exist = self.groups_that_may_exist();
        let best = widest(all - on_time - undecided, all, confidence).map(|[low, _]| 1.0 - low);
        let worst = widest(all + may_exist - on_time, all + may_exist, confidence).map(|[_, high]| 1.0 - high);
        let (Some(best), Some(worst)) = (best, worst) else { return };
        let sure = percent(confidence);
        if best < target {
            let [found, limit] = beside(best, target);
            let reason = format!(
                "{on_time} of {} arrived on time: {found} at most, at a confidence of {sure}, and the objective is at least {limit}",
                groups(all)
            );
            self.say(Verdict::Fail, reason);
        } else if worst < target {
            let reason = format!(
                "{on_time} of {} surely arrived on time: {} at least, at a confidence of {sure}; whether it is {} is not settled",
                groups(all),
                percent(worst),
                percent(target)
            );
            self.say(Verdict::Inconclusive, reason);
        }
    }
}
