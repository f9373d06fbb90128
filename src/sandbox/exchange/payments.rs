//! Paying first premiums, or not paying, and hearing from the issuers what came of them.

use super::answer::Answer;
use super::applications::unknown;
use super::book::Book;
use crate::model::{Field, GroupRecord, RecordKind};
use crate::sandbox::issuer::Issuer;
use crate::sandbox::refusal::{Refusal, authorize};
use crate::sandbox::world::World;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use serde_json::{Value, json};
use std::sync::Arc;

/// `POST /api/applications/{id}/payments`: pays the first premium of every policy of the application, at its issuer; again is
/// no error.
pub(super) async fn pay(
    State(world): State<Arc<World>>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Answer, Refusal> {
    at_issuers(&world, (&id, &headers), "paid", Issuer::pay)
}

/// `POST /api/applications/{id}/missed-payments`: the time for the next payment passes at every issuer of the application, and none was
/// made; again is no error.
pub(super) async fn miss(
    State(world): State<Arc<World>>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Answer, Refusal> {
    at_issuers(&world, (&id, &headers), "missed", Issuer::miss_payment)
}

/// Does something to every policy of an application where it was sent to, and says what that is called.
fn at_issuers(
    world: &World,
    (id, headers): (&str, &HeaderMap),
    called: &str,
    act: impl Fn(&Issuer, &str),
) -> Result<Answer, Refusal> {
    authorize(headers, &world.config.token)?;
    let book = world.book();
    let household = &book.applications.get(id).ok_or_else(|| unknown(id))?.household;
    if !household.is_enrolled {
        return Err(Refusal::new(StatusCode::CONFLICT, "not_enrolled", "there is no policy to pay for"));
    }
    let mut policies: Vec<Value> = Vec::new();
    for (issuer, sent) in household.policies.iter().flat_map(|policy| &policy.sent) {
        let policy = sent.facts.text(Field::PolicyId).unwrap_or_default();
        if let Some(issuer) = world.issuers.get(issuer) {
            act(issuer, policy);
        }
        policies.push(json!({"policyId": policy, "status": called}));
    }
    Ok(Answer::ok(json!({"applicationId": id, "status": called, "policies": policies})))
}

impl Book {
    /// Takes in what an issuer tells of a policy; what it tells of an unknown one is let go.
    pub(in crate::sandbox) fn hear(&mut self, told: &GroupRecord) {
        let Some(id) = told.facts.text(Field::PolicyId) else { return };
        let Some(status) = status_after(told.kind) else { return };
        let entry = self.by_policy.get(id).and_then(|application| self.applications.get_mut(application));
        let policies = entry.into_iter().flat_map(|entry| &mut entry.household.policies);
        for policy in policies.filter(|policy| policy.record.facts.text(Field::PolicyId) == Some(id)) {
            let facts = &mut policy.record.facts;
            for field in [Field::IssuerPolicyId, Field::IssuerSubscriberId] {
                facts.set_or_absent(field, told.facts.value(field).cloned());
            }
            // a cancelled policy is revived only by a reinstatement (CMS companion guide v7.2 p. 35)
            if told.kind == RecordKind::Reinstatement {
                policy.revive();
            } else if !policy.stands() {
                continue;
            }
            if status != "effectuated" {
                policy.end();
                let end = told.facts.value(Field::BenefitEnd).cloned();
                policy.record.facts.set_or_absent(Field::BenefitEnd, end);
            }
            policy.record.facts.set(Field::PolicyStatus, status);
        }
    }
}

/// What the issuer's transaction makes of a policy; `None` where the exchange does not act on it.
fn status_after(kind: RecordKind) -> Option<&'static str> {
    match kind {
        RecordKind::Effectuation | RecordKind::Reinstatement => Some("effectuated"),
        RecordKind::Cancellation => Some("cancelled"),
        RecordKind::Termination => Some("terminated"),
        _ => None,
    }
}
