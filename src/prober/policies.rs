//! The policies of a household that its journey ends and begins: how they stand, and what is known of each.

use super::engine::Engine;
use super::tracked::Tracked;
use crate::life;
use crate::model::{Change, Facts, Field, Household, IssuerId, JourneyStep, PlanId, ProbeIndex, Submission};

/// How a probe's policies stand after the steps of its journey that end some or begin others.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct PoliciesStanding {
    /// How many have ended.
    pub(super) ended: usize,
    /// All have, and the exchange said so of each: nobody is left to be taken out.
    pub(super) is_out: bool,
}

impl Tracked {
    /// Whether its cancellation, or another end of one of its policies, was sent and may have been taken.
    pub(super) fn is_ended(&self) -> bool {
        let ends = |step: JourneyStep| step == JourneyStep::CANCEL || life::ends_some(step.event);
        self.acts.steps().any(|(step, act)| ends(step) && act.may_stand())
    }

    /// Has what is known be the new policies' own, now that the step which begins them was taken. `before`: the household until then.
    pub(super) fn begin_policies(&mut self, before: &Household, change: Change) {
        let Some(begun) = self.begun.take() else { return };
        self.ended.push(self.known());
        self.proof.begin_policies(before, change, *begun);
    }

    /// Who holds policies that have ended, as far as it was told: whether they are gone is for those to say.
    fn issuers_of_ended(&self) -> Vec<IssuerId> {
        let facts = self.ended.iter().flat_map(|known| &known.groups).map(|group| &group.facts);
        let of = |facts: &Facts| match facts.text(Field::Issuer) {
            Some(issuer) => Some(IssuerId::new(issuer)),
            None => PlanId::new(facts.text(Field::PlanId)?).issuer(),
        };
        facts.filter_map(of).collect()
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
        let (steps, changes): (Vec<JourneyStep>, Vec<Change>) = self.steps_of(probe).into_iter().unzip();
        if !steps.iter().any(|step| life::turns_policies(step.event)) {
            return;
        }
        let policies = life::policies(&household.lines, steps);
        let chosen = self.issuers_chosen(probe, household, &changes);
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
            for issuer in chosen.into_iter().chain(tracked.issuers_of_ended()) {
                if !tracked.issuers.contains(&issuer) {
                    tracked.issuers.push(issuer);
                }
            }
        });
    }

    /// The issuers of every plan that a household had chosen, from its enrollment to the last of these changes: an exchange need not
    /// have told whose the old one was.
    fn issuers_chosen(&self, probe: ProbeIndex, household: &Household, changes: &[Change]) -> Vec<IssuerId> {
        let (_, plans) = self.household(probe);
        let until = |count: usize| changes.iter().take(count).copied();
        let after = |count| life::plans_after(household, &plans, until(count), &self.plan.offers).into_values();
        (0..=changes.len()).flat_map(after).filter_map(|plan| plan.issuer()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::Tracked;
    use crate::model::{Captures, CoverageLine, Facts, Field, GroupCapture, IssuerId};

    fn told(pairs: &[(Field, &str)]) -> GroupCapture {
        let mut facts = Facts::new();
        for (field, text) in pairs {
            facts.set(*field, *text);
        }
        GroupCapture { line: Some(CoverageLine::Medical), facts }
    }

    #[test]
    fn whoever_holds_what_has_ended_is_asked_whether_it_is_gone() {
        let mut tracked = Tracked::new(1);
        assert_eq!(tracked.issuers_of_ended(), Vec::<IssuerId>::new());
        let groups = vec![
            told(&[(Field::PlanId, "68312OH0010001"), (Field::PolicyId, "P1")]),
            told(&[(Field::PlanId, "68312OH0010001"), (Field::Issuer, "21587")]),
            told(&[(Field::PolicyId, "P3")]),
        ];
        tracked.ended.push(Captures { groups, ..Captures::default() });
        assert_eq!(tracked.issuers_of_ended(), ["68312", "21587"].map(IssuerId::new));
    }
}
