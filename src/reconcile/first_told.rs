//! What an exchange tells first of a policy in the answer to a later step: how it was before that step too, unless the step decides it.

use super::status::expect_after;
use crate::life;
use crate::model::{
    Captures, Change, CoverageLine, ExpectedGroup, Fact, Facts, FieldSet, Household, JourneyStep, PlanId, RunPlan,
};
use std::collections::BTreeMap;

/// Takes the groups of the policies in force as they were known before the latest of these steps, and as they are since it was answered.
/// Gives those of which the answer told first what the step does not decide, by their places, as they were: with that. It is no change
/// of theirs, since nothing says that it was otherwise before; nor is it expected of what came before the step, where nobody knew it.
pub fn first_told(
    plan: &RunPlan,
    (household, chosen): (&Household, &BTreeMap<CoverageLine, PlanId>),
    steps: &[(JourneyStep, Change)],
    (before, after): (&[ExpectedGroup], &[ExpectedGroup]),
) -> BTreeMap<usize, ExpectedGroup> {
    let Some((_, change)) = steps.last() else { return BTreeMap::new() };
    let both = || before.iter().zip(after).enumerate();
    let is_news = |(_, (was, is)): &(usize, (&ExpectedGroup, &ExpectedGroup))| !news(*change, was, is).is_empty();
    if !both().any(|of| is_news(&of)) {
        return BTreeMap::new();
    }
    // whatever is stated without a word of the exchange's is the journey's own
    let untold = expect_after(plan, household, chosen, (steps, &Captures::default()));
    let told = both().filter(is_news).filter_map(|(at, (was, is))| {
        let untold = untold.groups.iter().find(|group| group.line == is.line)?;
        Some((at, with(was, (is, untold), life::decides(*change, is.line))))
    });
    told.collect()
}

/// What is stated of a group only since a change that does not decide it.
fn news(change: Change, was: &ExpectedGroup, is: &ExpectedGroup) -> FieldSet {
    let of_members = was.members.iter().zip(&is.members).chain([(&was.facts, &is.facts)]);
    let stated = of_members.map(|(was, is)| is.stated().difference(was.stated()));
    stated.fold(FieldSet::EMPTY, FieldSet::union).difference(life::decides(change, is.line))
}

fn with(was: &ExpectedGroup, (is, untold): (&ExpectedGroup, &ExpectedGroup), decided: FieldSet) -> ExpectedGroup {
    let mut known = was.clone();
    let members = known.members.iter_mut().zip(&is.members).zip(&untold.members);
    let all = members.chain([((&mut known.facts, &is.facts), &untold.facts)]);
    all.for_each(|((known, is), untold)| take_over(known, (is, untold), decided));
    known
}

fn take_over(known: &mut Facts, (is, untold): (&Facts, &Facts), decided: FieldSet) {
    let told = is.stated().difference(known.stated()).difference(decided);
    for field in told.iter().filter(|field| untold.get(*field) == Fact::Unstated) {
        known.set_or_absent(field, is.value(field).cloned());
    }
}
