//! The policies of a household that its journey ends and begins: how they stand, and what is known of each.

use super::engine::Engine;
use super::tracked::Tracked;
use crate::life;
use crate::model::{Change, Household, JourneyStep, ProbeIndex, Submission};

/// How a probe's policies stand after the steps of its journey that end some or begin others.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct PoliciesStanding {
    /// How many have ended.
    pub(super) ended: usize,
    /// All have, and the exchange said so of each: nobody is left to be taken out.
    pub(super) is_out: bool,
}

impl Tracked {
    /// Has what is known be the new policies' own, now that the step which begins them was taken. `before`: the household until then.
    pub(super) fn begin_policies(&mut self, before: &Household, change: Change) {
        let Some(begun) = self.begun.take() else { return };
        self.ended.push(self.known());
        self.proof.begin_policies(before, change, *begun);
    }
}

impl Engine {
    /// The household as it was until a step.
    pub(super) fn household_before(&self, probe: ProbeIndex, step: JourneyStep) -> Household {
        let before = self.steps_of(probe).into_iter().filter(|(at, _)| *at < step).map(|(_, change)| change);
        life::after(&self.household(probe).0, before)
    }

    /// Notes how a probe's policies stand after the steps that end some or begin others.
    pub(super) fn count_policies(&self, probe: ProbeIndex, household: &Household) {
        let steps: Vec<JourneyStep> = self.steps_of(probe).into_iter().map(|(step, _)| step).collect();
        if !steps.iter().any(|step| life::turns_policies(step.event)) {
            return;
        }
        let policies = life::policies(&household.lines, steps);
        let (now, plans) = self.household_now(probe);
        let is_told = |t: &Tracked, step| t.acts.submission(step) == Some(Submission::Accepted);
        self.with_mut(probe, |tracked| {
            // what was put in force again is the same policy
            let mut last = policies.iter().filter(|policy| !policy.goes_on);
            let all = last.clone().count();
            let ended = last.clone().filter(|policy| policy.closed.is_some()).count();
            let is_out = last.all(|policy| policy.closed.is_some_and(|step| is_told(tracked, step)));
            let begun_later = all.saturating_sub(household.lines.len());
            tracked.standing = PoliciesStanding { ended, is_out: is_out && !policies.is_empty() };
            tracked.groups += begun_later;
            let issuers = now.lines.iter().filter_map(|line| plans.get(line)?.issuer());
            for issuer in issuers {
                if !tracked.issuers.contains(&issuer) {
                    tracked.issuers.push(issuer);
                }
            }
        });
    }
}
