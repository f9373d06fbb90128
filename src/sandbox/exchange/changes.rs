//! Telling the exchange what changed in a household: who is covered, where its members live, who they are, what it earns, and who helps it.

use super::answer::Answer;
use super::applications::unknown;
use super::book::{Applied, Entry};
use super::choice::settled;
use super::enrollments::shown;
use super::handed_over;
use super::others::{Others, renewed};
use crate::model::{Facts, Field, GroupRecord, MemberChange, Place, RecordKind, TransactionReason};
use crate::sandbox::application::Application;
use crate::sandbox::record::{Policy, corrections, joining, whereabouts};
use crate::sandbox::refusal::{Refusal, authorize};
use crate::sandbox::world::World;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use serde_json::{Value, json};
use std::sync::Arc;

/// `POST /api/applications/{id}/changes`: takes over from an application, as it would be made today, who is covered, who the members
/// are, where they live, how they are reached, what they earn and who helps them, and tells the issuers of every policy that stands. What it tells a
/// second time changes nothing and is not sent on. The answer says what each policy costs now, and for whom.
pub(super) async fn change(
    State(world): State<Arc<World>>,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Answer, Refusal> {
    authorize(&headers, &world.config.token)?;
    let application = Application::parse(&body)?;
    let (now, told, policies) = decided(&world, &id, application)?;
    for told in &told {
        let refuse = |why| Refusal::new(StatusCode::CONFLICT, "not_changed", format!("{why}"));
        handed_over::change(&world, told).map_err(refuse)?;
    }
    if let Some(entry) = world.book().applications.get_mut(&id) {
        entry.applied = Some(now);
    }
    Ok(Answer::ok(json!({
        "applicationId": id, "status": "changed", "changed": told.len(), "policies": policies,
    })))
}

/// The application as it is now, what each policy that stands and shows it otherwise is to be told, and what all of them come to.
fn decided(
    world: &World,
    id: &str,
    application: Application,
) -> Result<(Applied, Vec<GroupRecord>, Vec<Value>), Refusal> {
    let book = world.book();
    let Entry { applied, household } = book.applications.get(id).ok_or_else(|| unknown(id))?;
    let Some(before) = applied.as_ref().filter(|_| household.is_enrolled) else {
        return Err(Refusal::new(StatusCode::CONFLICT, "not_enrolled", "there is no policy to change"));
    };
    let (now, others) = renewed(world, id, before, application);
    if others.subscriber_differs() {
        let reason = "another subscriber is another policy".to_owned();
        return Err(Refusal::unprocessable("other_subscriber", reason));
    }
    let (mut told, mut policies) = (Vec::new(), Vec::new());
    for held in household.policies.iter().filter(|policy| policy.stands()) {
        let was = settled(world, before, &held.record)?;
        let policy = settled(world, &now, &held.record)?;
        told.extend(message((before, &now), &others, &held.record, (&was, &policy)));
        policies.push(shown(&now, &policy));
    }
    Ok((now, told, policies))
}

/// The change as a policy is told it; nothing where it says nothing that the policy does not show.
fn message(
    (before, now): (&Applied, &Applied),
    others: &Others,
    held: &GroupRecord,
    (was, policy): (&Policy, &Policy),
) -> Option<GroupRecord> {
    let application = &now.application;
    let mut members: Vec<Facts> = whereabouts(application, &now.ids);
    let is_held = |facts: &Facts| {
        let id = facts.value(Field::MemberId);
        let held = held.members.iter().find(|held| held.value(Field::MemberId) == id);
        held.is_none_or(|held| facts.values().all(|(field, value)| held.value(field) == Some(value)))
    };
    let area = application.rating_area();
    let is_rated_otherwise = held.facts.text(Field::RatingArea) != Some(area.as_str());
    let has_moved = is_rated_otherwise || !members.iter().all(is_held);
    let mut facts = amounts(was, policy);
    let (is_dearer, has_others) = (facts.values().next().is_some(), others.joined_or_left());
    facts.set_or_absent(Field::RatingArea, is_rated_otherwise.then_some(area));
    let has_other_agent = other_agent(application, held, &mut facts);
    let mut is_corrected = false;
    for (at, member) in members.iter_mut().enumerate() {
        match others.was.get(at).copied().flatten() {
            Some(was) => {
                let correction = corrections(&before.application, was, application, at);
                is_corrected |= correction.values().next().is_some();
                correction.values().for_each(|(field, value)| member.set(field, value.clone()));
            }
            None => *member = joining(application, at, &now.ids),
        }
        if has_others {
            member.set_or_absent(Field::Premium, policy.premiums.get(at).copied());
        }
    }
    members.extend(others.left.iter().map(|id| leaving(application, id)));
    let reason = match () {
        () if is_corrected => TransactionReason::IdentityChange,
        () if has_others => TransactionReason::DemographicChange,
        () if has_moved => TransactionReason::ResidenceChange,
        () if is_dearer => TransactionReason::FinancialChange,
        () => TransactionReason::AgentChange,
    };
    facts.set_or_absent(Field::PolicyId, held.facts.value(Field::PolicyId).cloned());
    facts.set(Field::ChangeEffective, application.coverage_begin);
    facts.set(Field::TransactionReason, reason.as_str());
    let told = GroupRecord { kind: RecordKind::Maintenance, event_at: None, facts, members, place: Place::default() };
    (is_corrected || has_others || has_moved || is_dearer || has_other_agent).then_some(told)
}

/// Says who helps now, where that is somebody else. An application that names nobody takes nobody away.
fn other_agent(application: &Application, held: &GroupRecord, facts: &mut Facts) -> bool {
    let other = application.npn().filter(|npn| held.facts.text(Field::AgentNpn) != Some(*npn));
    other.is_some_and(|npn| {
        facts.set(Field::AgentNpn, npn);
        true
    })
}

/// What the policy costs now, where that is something else.
fn amounts(was: &Policy, now: &Policy) -> Facts {
    let mut news = Facts::new();
    for (field, before, after) in [
        (Field::PremiumTotal, was.premium_total(), now.premium_total()),
        (Field::Aptc, was.aptc, now.aptc),
        (Field::TotalResponsibility, was.total_responsibility(), now.total_responsibility()),
    ] {
        if before != after {
            news.set(field, after);
        }
    }
    if was.variant != now.variant {
        news.set(Field::CsrVariant, now.variant);
    }
    news
}

/// Who leaves before coverage begins was never covered: it ends on the day it would have begun (CMS companion guide v7.2 p. 58).
fn leaving(application: &Application, id: &str) -> Facts {
    let mut facts = Facts::new();
    facts.set(Field::MemberId, id);
    facts.set(Field::MemberChange, MemberChange::Removed.as_str());
    facts.set(Field::MemberBenefitEnd, application.coverage_begin);
    facts
}
