//! Cancelling before coverage begins.

use super::answer::Answer;
use super::applications::unknown;
use super::book::Entry;
use crate::model::{Field, GroupRecord};
use crate::sandbox::fault::{FaultKind, Planted};
use crate::sandbox::outbound::Message;
use crate::sandbox::record::cancellation;
use crate::sandbox::refusal::{Refusal, authorize};
use crate::sandbox::world::World;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use serde_json::{Value, json};
use std::sync::Arc;

/// `POST /api/applications/{id}/cancel`: cancels every policy of an application; again is no error.
pub(super) async fn cancel_application(
    State(world): State<Arc<World>>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Answer, Refusal> {
    authorize(&headers, &world.config.token)?;
    let mut book = world.book();
    let entry = book.applications.get_mut(&id).ok_or_else(|| unknown(&id))?;
    let policies = cancel(&world, entry, None);
    Ok(Answer::ok(json!({"applicationId": id, "status": "cancelled", "policies": policies})))
}

/// `POST /api/policies/{id}/cancel`: cancels one policy; again is no error.
pub(super) async fn cancel_policy(
    State(world): State<Arc<World>>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Answer, Refusal> {
    authorize(&headers, &world.config.token)?;
    let unknown = || Refusal::not_found("policy_unknown", format!("there is no policy `{id}`"));
    let mut book = world.book();
    let application = book.by_policy.get(&id).cloned().ok_or_else(unknown)?;
    let entry = book.applications.get_mut(&application).ok_or_else(unknown)?;
    cancel(&world, entry, Some(&id));
    Ok(Answer::ok(json!({"policyId": id, "status": "cancelled"})))
}

/// Cancels the application's policies (or the one of this id) that stand, and tells the issuers.
fn cancel(world: &World, entry: &mut Entry, only: Option<&str>) -> Vec<Value> {
    let mut told = Vec::new();
    for policy in &mut entry.policies {
        let id = policy.record.facts.text(Field::PolicyId).map(str::to_owned);
        if only.is_some() && id.as_deref() != only {
            continue;
        }
        told.push(json!({"policyId": id, "status": "cancelled"}));
        if std::mem::replace(&mut policy.is_cancelled, true) {
            continue;
        }
        world.counters.count(&entry.marker, |counts| counts.cancellations += 1);
        let now = world.clock.now();
        if let Some(planted) = entry.planted.as_ref().filter(|p| loses_cancellation(p, &policy.record)) {
            world.note(planted, &policy.record, "its cancellation is never sent");
        } else {
            for (issuer, sent) in &policy.sent {
                world.outbound.send_cancellation(Message::new(issuer.clone(), cancellation(sent, now)));
            }
        }
        policy.record = cancelled(&policy.record);
    }
    told
}

fn loses_cancellation(planted: &Planted, record: &GroupRecord) -> bool {
    planted.spec.kind == FaultKind::CancelLost && planted.concerns(record)
}

/// The policy as the exchange goes on showing it.
fn cancelled(record: &GroupRecord) -> GroupRecord {
    let mut record = record.clone();
    record.facts.set(Field::PolicyStatus, "cancelled");
    record.facts.set_or_absent(Field::BenefitEnd, record.facts.value(Field::BenefitBegin).cloned());
    record
}
