//! Cancelling before coverage begins, and ending what has begun.

use super::answer::Answer;
use super::applications::unknown;
use super::book::{Enrolled, Household};
use super::handed_over::put_in_force;
use crate::model::{Field, GroupRecord, Value as Told};
use crate::sandbox::fault::{FaultKind, Planted};
use crate::sandbox::outbound::Message;
use crate::sandbox::record::{Ending, last_of_month};
use crate::sandbox::refusal::{Refusal, authorize};
use crate::sandbox::world::World;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use serde_json::{Value, json};
use std::sync::Arc;

/// `POST /api/applications/{id}/cancel`: cancels every policy of an application; again is no error.
pub(super) async fn cancel_application(
    State(world): State<Arc<World>>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Answer, Refusal> {
    of_application(&world, (&id, &headers), |household| {
        let policies = end_all(&world, household, None, &Ending::before_it_began(None));
        Ok(json!({"applicationId": id, "status": "cancelled", "policies": policies}))
    })
}

/// Does something to whatever became of an application.
fn of_application(
    world: &World,
    (id, headers): (&str, &HeaderMap),
    act: impl FnOnce(&mut Household) -> Result<Value, Refusal>,
) -> Result<Answer, Refusal> {
    authorize(headers, &world.config.token)?;
    let mut book = world.book();
    let entry = book.applications.get_mut(id).ok_or_else(|| unknown(id))?;
    act(&mut entry.household).map(Answer::ok)
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
    end_all(&world, &mut entry.household, Some(&id), &Ending::before_it_began(None));
    Ok(Answer::ok(json!({"policyId": id, "status": "cancelled"})))
}

/// `POST /api/applications/{id}/terminate`: ends every policy of an application with the month in which coverage begins; again is no
/// error.
pub(super) async fn terminate(
    State(world): State<Arc<World>>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Answer, Refusal> {
    of_application(&world, (&id, &headers), |household| {
        let begin = household.policies.iter().find_map(|policy| match policy.record.facts.value(Field::BenefitBegin) {
            Some(Told::Date(begin)) => Some(*begin),
            _ => None,
        });
        let Some(last_day) = begin.and_then(last_of_month) else {
            return Err(Refusal::new(StatusCode::CONFLICT, "not_enrolled", "there is no policy to terminate"));
        };
        let policies = end_all(&world, household, None, &Ending::on(last_day.into(), None));
        Ok(json!({"applicationId": id, "status": "terminated", "lastDay": last_day, "policies": policies}))
    })
}

/// `POST /api/applications/{id}/reinstate`: puts every policy of an application that was terminated in force again.
pub(super) async fn reinstate(
    State(world): State<Arc<World>>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Answer, Refusal> {
    of_application(&world, (&id, &headers), |household| {
        let is_terminated = |policy: &&mut Enrolled| policy.record.facts.has_status(&["terminated"]);
        let mut told: Vec<Value> = Vec::new();
        for policy in household.policies.iter_mut().filter(is_terminated) {
            if put_in_force(&world, policy, world.clock.now()) {
                told.push(json!({"policyId": policy.record.facts.text(Field::PolicyId), "status": "reinstated"}));
            }
        }
        if told.is_empty() {
            return Err(Refusal::new(
                StatusCode::CONFLICT,
                "not_terminated",
                "there is no policy to put in force again",
            ));
        }
        Ok(json!({"applicationId": id, "status": "reinstated", "policies": told}))
    })
}

/// Ends the application's policies (or the one of this id) that stand, and tells the issuers.
fn end_all(world: &World, household: &mut Household, only: Option<&str>, ending: &Ending) -> Vec<Value> {
    let mut told = Vec::new();
    for policy in &mut household.policies {
        let id = policy.record.facts.text(Field::PolicyId).map(str::to_owned);
        if only.is_some() && id.as_deref() != only {
            continue;
        }
        end_policy(world, &household.marker, household.planted.as_ref(), policy, ending);
        told.push(json!({"policyId": id, "status": policy.record.facts.text(Field::PolicyStatus)}));
    }
    told
}

/// Ends a policy that stands, and tells the issuers; one that has ended is left alone.
pub(super) fn end_policy(
    world: &World,
    marker: &str,
    planted: Option<&Planted>,
    policy: &mut Enrolled,
    ending: &Ending,
) {
    if !policy.end() {
        return;
    }
    world.counters.count(marker, |counts| counts.cancellations += 1);
    let now = world.clock.now();
    if let Some(planted) = planted.filter(|p| loses_cancellation(p, &policy.record)) {
        world.note(planted, &policy.record, "its cancellation is never sent");
    } else {
        for (issuer, sent) in &policy.sent {
            world.outbound.send_cancellation(Message::new(issuer.clone(), ending.of(sent, now)));
        }
    }
    ending.mark(&mut policy.record.facts);
}

fn loses_cancellation(planted: &Planted, record: &GroupRecord) -> bool {
    planted.spec.kind == FaultKind::CancelLost && planted.concerns(record)
}
