//! The next year: the same people are enrolled in policies that begin with it, and those of this year go on to its end.

use super::answer::Answer;
use super::applications::unknown;
use super::book::{Applied, Book, Enrolled};
use super::choice::policies;
use super::enrollments::shown;
use super::replacements::{Asked, applied, begin, is_of_line};
use crate::model::{Field, GroupRecord, PlanId, RecordKind, TransactionReason, Value as Told};
use crate::sandbox::fault::{FaultKind, Planted};
use crate::sandbox::outbound::Message;
use crate::sandbox::record::{Ending, Policy, of_policy};
use crate::sandbox::refusal::{Refusal, authorize};
use crate::sandbox::world::World;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use serde_json::{Value, json};
use std::sync::Arc;

/// `POST /api/applications/{id}/renewals`: takes an `application` for the next year and the `plans` chosen in it, and begins a policy of
/// each beside the one that stands, of whose end nobody is told. An application whose `renewal` is `passive` is renewed by the exchange
/// itself, and told so. Again is no error. The answer shows the next year's policies.
pub(super) async fn renew(
    State(world): State<Arc<World>>,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Answer, Refusal> {
    authorize(&headers, &world.config.token)?;
    let Asked { application, plans } = Asked::parse(&body)?;
    let mut book = world.book();
    let (now, others) = applied(&world, &book, &id, application)?;
    if others.subscriber_differs() || others.joined_or_left() {
        let reason = "a renewal is of the people who are covered".to_owned();
        return Err(Refusal::unprocessable("other_people", reason));
    }
    let stands = renewed(&world, &mut book, (&id, &plans), &now)?;
    let shown: Vec<Value> = stands.iter().map(|policy| shown(&now, policy)).collect();
    if let Some(entry) = book.applications.get_mut(&id) {
        entry.applied = Some(now);
    }
    Ok(Answer::ok(json!({"applicationId": id, "status": "renewed", "policies": shown})))
}

/// Begins next year's policies; gives them in the order chosen.
fn renewed(
    world: &World,
    book: &mut Book,
    (id, chosen): (&str, &[PlanId]),
    now: &Applied,
) -> Result<Vec<Policy>, Refusal> {
    let wanted = policies(world, now, chosen)?;
    let household = &mut book.applications.get_mut(id).ok_or_else(|| unknown(id))?.household;
    let mut year: Vec<Policy> = Vec::new();
    let mut begun: Vec<String> = Vec::new();
    for policy in wanted {
        let is_held = |held: &Enrolled| held.stands() && is_of_line(&held.record, policy.line);
        let Some(at) = household.policies.iter().rposition(is_held) else {
            return Err(Refusal::new(
                StatusCode::CONFLICT,
                "not_enrolled",
                format!("no {} policy stands", policy.line),
            ));
        };
        let Some(held) = household.policies.get(at) else { continue };
        if begins(held) == Some(now.application.coverage_begin) {
            let id = held.record.facts.text(Field::PolicyId).unwrap_or_default().to_owned();
            year.push(Policy { id, ..policy });
            continue;
        }
        if begins(held) > Some(now.application.coverage_begin) {
            let reason = "the year of a renewal is later than the one that is renewed".to_owned();
            return Err(Refusal::unprocessable("not_next_year", reason));
        }
        let record = record_of(world, now, &policy);
        let told = told_of(world, household.planted.as_ref(), held, &record);
        begin(world, household, Some(at), record, told);
        begun.push(policy.id.clone());
        year.push(policy);
    }
    book.by_policy.extend(begun.into_iter().map(|policy| (policy, id.to_owned())));
    Ok(year)
}

fn begins(held: &Enrolled) -> Option<chrono::NaiveDate> {
    match held.record.facts.value(Field::BenefitBegin) {
        Some(Told::Date(begin)) => Some(*begin),
        _ => None,
    }
}

/// Next year's policy, as an automatic re-enrollment where the exchange renews it by itself, else as a first enrollment (CMS companion
/// guide v7.2 p. 111).
fn record_of(world: &World, now: &Applied, policy: &Policy) -> GroupRecord {
    let mut record = of_policy(&now.application, &now.ids, policy, world.clock.now());
    if now.application.renewal.as_deref() == Some("passive") {
        record.kind = RecordKind::AutomaticReenrollment;
        record.facts.set(Field::TransactionReason, TransactionReason::Passive.as_str());
    }
    record
}

/// What is told of next year's policy, as the household's fault has it; nothing where it is lost.
fn told_of(world: &World, planted: Option<&Planted>, held: &Enrolled, begun: &GroupRecord) -> Option<GroupRecord> {
    match planted.map(|planted| (planted, planted.spec.kind)) {
        Some((planted, FaultKind::RenewalUntold)) => {
            world.note(planted, begun, "the policy of the next year is never sent");
            None
        }
        Some((planted, FaultKind::RenewalEndsOld)) => {
            world.note(planted, &held.record, "with the policy of the next year the one of this year is cancelled");
            let ending = Ending::before_it_began(Some(TransactionReason::ChangeInCircumstances.to_string()));
            for (issuer, sent) in &held.sent {
                let message = ending.of(sent, world.clock.now());
                world.outbound.send_cancellation(Message::new(issuer.clone(), message));
            }
            Some(begun.clone())
        }
        _ => Some(begun.clone()),
    }
}
