//! Enrolling a household in the plans it chose: the step that commits, and where most faults begin.

use super::answer::{Answer, Step, idempotency_key};
use super::book::{Applied, Household};
use super::choice::{chosen_plans, policies};
use super::sending::{count_enrollment, hold, send};
use crate::model::{Field, GroupRecord, PlanId};
use crate::sandbox::fault::{FaultKind as Kind, Hop, Planted};
use crate::sandbox::record::{Policy, of_policy};
use crate::sandbox::refusal::{Refusal, authorize};
use crate::sandbox::world::World;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::Duration;

/// In 2013 the pages took eight seconds.
const SLOW: Duration = Duration::from_secs(8);

/// How an answer is given.
#[derive(Debug)]
enum Manner {
    AtOnce,
    After(Duration),
    Never,
}

/// `POST /api/applications/{id}/enrollments`: makes the policies and queues them for the issuers.
pub(super) async fn enroll(
    State(world): State<Arc<World>>,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Refusal> {
    authorize(&headers, &world.config.token)?;
    let chosen = chosen_plans(&body)?;
    let (answer, manner) = enroll_now(&world, &id, &headers, &chosen)?;
    match manner {
        Manner::AtOnce => {}
        Manner::After(pause) => wait(&world, pause).await,
        Manner::Never => world.stop.cancelled().await,
    }
    Ok(answer.into_response())
}

async fn wait(world: &World, pause: Duration) {
    tokio::select! {
        () = tokio::time::sleep(pause) => {}
        () = world.stop.cancelled() => {}
    }
}

fn enroll_now(world: &World, id: &str, headers: &HeaderMap, chosen: &[PlanId]) -> Result<(Answer, Manner), Refusal> {
    let key = idempotency_key(headers);
    let mut book = world.book();
    if let Some(answer) = book.answered(Step::Enrollment, key.as_ref()) {
        if let Some(entry) = book.applications.get(id) {
            world.counters.count(&entry.household.marker, |counts| counts.repeats += 1);
        }
        return Ok((answer, Manner::AtOnce));
    }
    let (applied, household) = book.own(id, headers)?;
    check_ready(applied, household)?;
    let settled = policies(world, applied, chosen)?;
    let outcome = settle(world, applied, household, &settled);
    if household.is_enrolled {
        for policy in settled {
            book.by_policy.insert(policy.id, id.to_owned());
        }
    }
    if let Some(kept) = &outcome.kept {
        book.keep(Step::Enrollment, key, kept);
    }
    Ok((outcome.given, outcome.manner))
}

fn check_ready(applied: &Applied, household: &Household) -> Result<(), Refusal> {
    let conflict = |code, reason| Err(Refusal::new(StatusCode::CONFLICT, code, reason));
    if applied.looks_pending > 0 {
        return conflict("eligibility_pending", "eligibility is not decided yet");
    }
    if household.is_enrolled {
        return conflict("already_enrolled", "the application is enrolled already");
    }
    if household.is_refused {
        return Err(not_eligible());
    }
    Ok(())
}

/// What came of a request to enroll.
struct Outcome {
    given: Answer,
    /// The answer to the same idempotency key's next request.
    kept: Option<Answer>,
    manner: Manner,
}

/// Enrolls, or does what the household's fault wants instead.
fn settle(world: &World, applied: &Applied, household: &mut Household, policies: &[Policy]) -> Outcome {
    let now = world.clock.now();
    let record = |policy| of_policy(&applied.application, &applied.ids, policy, now);
    let groups: Vec<GroupRecord> = policies.iter().map(record).collect();
    household.planted = world.faults.draw(&household.marker, &groups.iter().collect::<Vec<_>>());
    let planted = household.planted.clone();
    let at_exchange =
        planted.as_ref().filter(|p| p.spec.first_shows_at() == Hop::Exchange || p.spec.kind == Kind::Ghost);
    let Some(planted) = at_exchange else {
        return enroll_in(world, household, enrolled(applied, policies), groups);
    };
    settle_with_fault(world, household, enrolled(applied, policies), groups, planted)
}

fn settle_with_fault(
    world: &World,
    household: &mut Household,
    accepted: Answer,
    groups: Vec<GroupRecord>,
    planted: &Planted,
) -> Outcome {
    let told = groups.first().cloned();
    let note = |detail: &str| told.iter().for_each(|record| world.note(planted, record, detail));
    let refused = |refusal: Refusal| Outcome {
        given: refusal.clone().into(),
        kept: Some(refusal.into()),
        manner: Manner::AtOnce,
    };
    let given = |given: Answer, manner| Outcome { given, kept: Some(accepted.clone()), manner };
    match planted.spec.kind {
        Kind::RateLimit => return put_off(world, household, accepted, groups, planted),
        Kind::Reject => {
            note("refused, and nothing exists");
            household.is_refused = true;
            return refused(not_eligible());
        }
        Kind::Ghost => {
            note("refused, and sent downstream all the same");
            household.is_refused = true;
            for group in &groups {
                send(world, None, group);
            }
            return refused(not_eligible());
        }
        Kind::LoseAtExchange => {
            note("answered 201, and forgotten");
            household.is_enrolled = true;
            count_enrollment(world, household);
            return given(accepted.clone(), Manner::AtOnce);
        }
        Kind::BeginsLate => return begin_late(world, household, accepted, groups, planted),
        _ => {}
    }
    hold(world, household, groups);
    match planted.spec.kind {
        Kind::ErrorAfterAccept => {
            note("enrolled, and answered 502");
            let reason = "the gateway got no good answer";
            given(Refusal::new(StatusCode::BAD_GATEWAY, "bad_gateway", reason).into(), Manner::AtOnce)
        }
        Kind::TimeoutAfterAccept => {
            note("enrolled, and never answered");
            given(accepted.clone(), Manner::Never)
        }
        _ => {
            let pause = planted.spec.lasts.unwrap_or(SLOW);
            note(&format!("answered after {}", humantime::format_duration(pause)));
            given(accepted.clone(), Manner::After(pause))
        }
    }
}

/// Enrolls as if there were no fault at the exchange.
fn enroll_in(world: &World, household: &mut Household, answer: Answer, groups: Vec<GroupRecord>) -> Outcome {
    hold(world, household, groups);
    Outcome { kept: Some(answer.clone()), given: answer, manner: Manner::AtOnce }
}

/// Enrolls from a later day, and tells it.
fn begin_late(
    world: &World,
    household: &mut Household,
    mut accepted: Answer,
    mut groups: Vec<GroupRecord>,
    planted: &Planted,
) -> Outcome {
    let mut told = accepted.body.get_mut("policies").and_then(Value::as_array_mut);
    for (at, record) in groups.iter_mut().enumerate().filter(|(_, record)| planted.concerns(record)) {
        let Some(done) = planted.change(record) else { continue };
        world.note(planted, record, &done);
        let begin = record.facts.value(Field::BenefitBegin).map(ToString::to_string);
        let policy = told.as_mut().and_then(|policies| policies.get_mut(at));
        policy.zip(begin).into_iter().for_each(|(policy, begin)| policy["benefitBegin"] = begin.into());
    }
    enroll_in(world, household, accepted, groups)
}

/// 429 as often as the fault says, then as if nothing had been.
fn put_off(
    world: &World,
    household: &mut Household,
    accepted: Answer,
    groups: Vec<GroupRecord>,
    planted: &Planted,
) -> Outcome {
    if household.put_off >= planted.spec.times.unwrap_or(1) {
        return enroll_in(world, household, accepted, groups);
    }
    if let Some(record) = groups.first().filter(|_| household.put_off == 0) {
        world.note(planted, record, "put off with 429");
    }
    household.put_off += 1;
    let refusal =
        Refusal::new(StatusCode::TOO_MANY_REQUESTS, "too_many_requests", "too many requests; come again in a second");
    Outcome { given: refusal.into(), kept: None, manner: Manner::AtOnce }
}

fn not_eligible() -> Refusal {
    Refusal::unprocessable("not_eligible", "the household is not eligible to enroll")
}

/// The answer that tells the household what it has.
fn enrolled(applied: &Applied, policies: &[Policy]) -> Answer {
    let enrollment = &applied.ids.application;
    let body = json!({
        "enrollmentId": format!("E{enrollment}"),
        "applicationId": enrollment,
        "subscriberId": applied.ids.members.first(),
        "status": "enrolled",
        "policies": policies.iter().map(|policy| shown(applied, policy)).collect::<Vec<_>>(),
    });
    Answer::created(body, format!("/api/enrollments?application_id={enrollment}"))
}

pub(super) fn shown(applied: &Applied, policy: &Policy) -> Value {
    let members = applied.ids.members.iter().zip(&policy.premiums);
    let members: Vec<Value> = members.map(|(id, premium)| json!({"id": id, "premium": premium.to_string()})).collect();
    json!({
        "policyId": policy.id,
        "line": policy.line,
        "issuer": policy.issuer,
        "planId": format!("{}{}", policy.plan_id, policy.variant),
        "csrVariant": policy.variant,
        "benefitBegin": applied.application.coverage_begin,
        "premium": policy.premium_total().to_string(),
        "aptc": policy.aptc.to_string(),
        "totalResponsibility": policy.total_responsibility().to_string(),
        "ratingArea": applied.application.rating_area(),
        "members": members,
    })
}
