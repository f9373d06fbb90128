//! The policy status that the scenario says an event leaves behind.

use super::case::Seen;
use super::group::Place;
use crate::model::{Expectation, Field, JourneyStep, LifeEvent, RecordKind, RunPlan};

/// States in an expectation what the scenario says a step leaves behind; a later step that says nothing leaves what the one
/// before it left.
pub(super) fn state(
    expectation: &mut Expectation,
    plan: &RunPlan,
    steps: impl DoubleEndedIterator<Item = JourneyStep>,
) {
    let Some(status) = steps.rev().find_map(|step| plan.status_after(step)) else { return };
    for group in &mut expectation.groups {
        group.facts.set(Field::PolicyStatus, status);
    }
}

/// Whether a record says that coverage is out in another way than the scenario says a cancellation leaves it: terminated
/// where it is to be cancelled, or the reverse. In words.
pub(super) fn ended_otherwise(place: &Place<'_>, seen: &Seen<'_>) -> Option<String> {
    let wanted = place.court.plan.policy_status.get(&LifeEvent::Cancel)?;
    if !seen.takes_out() {
        return None;
    }
    let by_kind = match seen.sighting.record.kind {
        RecordKind::Cancellation => Some("cancelled"),
        RecordKind::Termination => Some("terminated"),
        _ => None,
    };
    let found = by_kind.or_else(|| seen.sighting.record.facts.text(Field::PolicyStatus))?;
    let differs = !found.eq_ignore_ascii_case(wanted);
    differs.then(|| format!("it was left `{found}` by its cancellation, expected `{wanted}`"))
}

/// The same of whatever a group's place shows last of its end.
pub(super) fn left_otherwise(place: &Place<'_>) -> Option<String> {
    let sent_at = place.case.history.cancel()?.sent_at;
    let seen = place.case.at(place.index, place.group);
    let ends: Vec<_> = seen.iter().filter(|seen| seen.takes_out() && seen.sighting.first_seen_at >= sent_at).collect();
    let as_asked = ends.iter().any(|seen| ended_otherwise(place, seen).is_none());
    if as_asked { None } else { ends.last().and_then(|seen| ended_otherwise(place, seen)) }
}
