//! The policy status that the scenario says an event leaves behind.

use super::case::Seen;
use super::expect::expect_through;
use super::group::Place;
use crate::life;
use crate::model::{
    Captures, Change, CoverageLine, Expectation, Field, GroupRecord, Household, JourneyStep, LEFT_OTHERWISE, LifeEvent,
    PlanId, RecordKind, RunPlan,
};
use std::collections::BTreeMap;

/// What an accepted application should have become after these changes, in order: with what the exchange told by then, and in the
/// status that the latest step leaves behind which leaves one, by the scenario or by its nature.
pub fn expect_after(
    plan: &RunPlan,
    household: &Household,
    chosen: &BTreeMap<CoverageLine, PlanId>,
    (steps, captures): (&[(JourneyStep, Change)], &Captures),
) -> Expectation {
    let changes = || steps.iter().map(|(_, change)| *change);
    let mut expectation = if steps.is_empty() {
        expect_through(&plan.carries, household, chosen, captures)
    } else {
        let chosen = life::plans_after(household, chosen, changes(), &plan.offers);
        expect_through(&plan.carries, &life::after(household, changes()), &chosen, captures)
    };
    let policies = life::policies(&household.lines, steps.iter().map(|(step, _)| *step));
    let left = |(step, change): &(JourneyStep, Change)| plan.status_after(*step).or_else(|| life::leaves(*change));
    for group in &mut expectation.groups {
        // of what befell the policy before this one it knows nothing
        let own = policies.iter().rev().find(|policy| policy.line == group.line).map(|policy| policy.opened);
        let own = own.unwrap_or(JourneyStep::ENROLL);
        let since = steps.iter().filter(|(step, _)| *step > own).rev();
        let status = since.into_iter().find_map(left).or_else(|| plan.status_after(own));
        if let Some(status) = status {
            group.facts.set(Field::PolicyStatus, status);
        }
    }
    expectation
}

/// The status in which a step is to leave the policies that it ends, by the scenario or by its nature, behind these steps; `None` where
/// whichever fits.
pub fn left_by_end(plan: &RunPlan, step: JourneyStep, standing: impl IntoIterator<Item = JourneyStep>) -> Option<&str> {
    if !life::ends_policies(step.event) {
        return plan.policy_status.get(&LifeEvent::Cancel).map(String::as_str);
    }
    let standing = standing.into_iter().filter(|earlier| *earlier < step);
    let left = |step: JourneyStep| plan.status_after(step).or_else(|| life::leaves(step.event));
    let before = std::iter::once(JourneyStep::ENROLL).chain(standing).filter_map(left);
    plan.status_after(step).or_else(|| life::ends_as(step.event, before))
}

/// In what status a record says that coverage is out; `None` where it says none, or that it is in.
pub fn ended_as(record: &GroupRecord) -> Option<&str> {
    match record.kind {
        RecordKind::Cancellation => Some("cancelled"),
        RecordKind::Termination => Some("terminated"),
        _ if record.takes_out() => record.facts.text(Field::PolicyStatus),
        _ => None,
    }
}

/// Whether a record says that coverage is out in another way than the scenario says a cancellation leaves it: terminated
/// where it is to be cancelled, or the reverse. In words.
pub(super) fn ended_otherwise(place: &Place<'_>, seen: &Seen<'_>) -> Option<String> {
    let step = place.case.end_of(place.group).map_or(JourneyStep::CANCEL, |(step, _)| step);
    let standing = place.case.lives.iter().map(|life| life.step);
    let wanted = left_by_end(place.court.plan, step, standing)?;
    let found = ended_as(&seen.sighting.record).filter(|_| seen.takes_out())?;
    let differs = !found.eq_ignore_ascii_case(wanted);
    differs.then(|| format!("it was left `{found}` {LEFT_OTHERWISE} `{wanted}`"))
}

/// The same of whatever a group's place shows last of its end.
pub(super) fn left_otherwise(place: &Place<'_>) -> Option<String> {
    let sent_at = place.case.cancel_of(place.group)?.sent_at;
    let seen = place.case.at(place.index, place.group);
    let ends: Vec<_> = seen.iter().filter(|seen| seen.takes_out() && seen.sighting.first_seen_at >= sent_at).collect();
    let as_asked = ends.iter().any(|seen| ended_otherwise(place, seen).is_none());
    if as_asked { None } else { ends.last().and_then(|seen| ended_otherwise(place, seen)) }
}
