//! Telling the exchange what changed in a household: where its members live, and who they are.

use super::answer::Answer;
use super::applications::unknown;
use super::handed_over;
use crate::model::{Facts, Field, GroupRecord, Place, RecordKind, TransactionReason};
use crate::sandbox::application::Application;
use crate::sandbox::record::{GivenIds, corrections, whereabouts};
use crate::sandbox::refusal::{Refusal, authorize};
use crate::sandbox::world::World;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use serde_json::json;
use std::sync::Arc;

/// `POST /api/applications/{id}/changes`: takes over from an application, as it would be made today, who its members are, where they
/// live and how they are reached, and tells the issuers of every policy that stands. What it tells a second time changes nothing and
/// is not sent on.
pub(super) async fn change(
    State(world): State<Arc<World>>,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Answer, Refusal> {
    authorize(&headers, &world.config.token)?;
    let application = Application::parse(&body)?;
    let told = told(&world, &id, &application)?;
    for told in &told {
        let refuse = |why| Refusal::new(StatusCode::CONFLICT, "not_changed", format!("{why}"));
        handed_over::change(&world, told).map_err(refuse)?;
    }
    if let Some(applied) = world.book().applications.get_mut(&id).and_then(|entry| entry.applied.as_mut()) {
        applied.application = application;
    }
    Ok(Answer::ok(json!({"applicationId": id, "status": "changed", "policies": told.len()})))
}

/// What each policy that stands and shows the members elsewhere is to be told.
fn told(world: &World, id: &str, application: &Application) -> Result<Vec<GroupRecord>, Refusal> {
    let book = world.book();
    let entry = book.applications.get(id).ok_or_else(|| unknown(id))?;
    let Some(applied) = entry.applied.as_ref().filter(|_| entry.household.is_enrolled) else {
        return Err(Refusal::new(StatusCode::CONFLICT, "not_enrolled", "there is no policy to change"));
    };
    if application.members().count() != applied.ids.members.len() {
        return Err(Refusal::unprocessable("other_people", "a change keeps the members as they were".to_owned()));
    }
    let policies = entry.household.policies.iter().filter(|policy| policy.stands());
    let corrections = corrections(&applied.application, application);
    let told = policies.map(|policy| message(application, (&applied.ids, &corrections), &policy.record));
    Ok(told.filter_map(|(told, is_news)| is_news.then_some(told)).collect())
}

/// The change as a policy is told it, and whether it says anything that the policy does not show.
fn message(
    application: &Application,
    (ids, corrections): (&GivenIds, &[Facts]),
    held: &GroupRecord,
) -> (GroupRecord, bool) {
    let mut members: Vec<Facts> = whereabouts(application, ids);
    let mut pairs = members.iter().zip(&held.members);
    let has_moved = pairs.any(|(now, held)| now.values().any(|(field, value)| held.value(field) != Some(value)));
    let is_corrected = corrections.iter().any(|member| member.values().next().is_some());
    for (member, correction) in members.iter_mut().zip(corrections) {
        for (field, value) in correction.values() {
            member.set(field, value.clone());
        }
    }
    let reason = if is_corrected { TransactionReason::IdentityChange } else { TransactionReason::ResidenceChange };
    let mut facts = Facts::new();
    facts.set_or_absent(Field::PolicyId, held.facts.value(Field::PolicyId).cloned());
    facts.set(Field::ChangeEffective, application.coverage_begin);
    facts.set(Field::TransactionReason, reason.as_str());
    let told = GroupRecord { kind: RecordKind::Maintenance, event_at: None, facts, members, place: Place::default() };
    (told, has_moved || is_corrected)
}
