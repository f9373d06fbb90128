//! Another plan, or another subscriber: what stood ends, and other policies begin in its place.

use super::answer::Answer;
use super::applications::unknown;
use super::book::{Applied, Book, Enrolled, Entry, Household};
use super::cancellations::end_policy;
use super::choice::{chosen_plans, policies};
use super::enrollments::shown;
use super::others::{Others, renewed};
use super::sending::send;
use crate::model::{CoverageLine, Field, GroupRecord, PlanId, TransactionReason};
use crate::sandbox::application::Application;
use crate::sandbox::fault::{FaultKind, Planted};
use crate::sandbox::record::{Ending, Policy, of_policy};
use crate::sandbox::refusal::{Refusal, authorize};
use crate::sandbox::world::World;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use serde_json::{Value, json};
use std::sync::Arc;

/// `POST /api/applications/{id}/replacements`: takes an `application` as it would be made today and the `plans` chosen; every policy that
/// stands and has another plan, or another subscriber, ends, and one begins in its place. What is as it was stays. The answer shows what
/// stands now.
pub(super) async fn replace(
    State(world): State<Arc<World>>,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Answer, Refusal> {
    authorize(&headers, &world.config.token)?;
    let Asked { application, plans: chosen } = Asked::parse(&body)?;
    let mut book = world.book();
    let (now, others) = applied(&world, &book, &id, application)?;
    let stands = replaced(&world, &mut book, (&id, &chosen), (&now, &others))?;
    let shown: Vec<Value> = stands.iter().map(|policy| shown(&now, policy)).collect();
    if let Some(entry) = book.applications.get_mut(&id) {
        entry.applied = Some(now);
    }
    Ok(Answer::ok(json!({"applicationId": id, "status": "replaced", "policies": shown})))
}

/// What is asked for: an application, and the plans chosen.
pub(super) struct Asked {
    pub(super) application: Application,
    pub(super) plans: Vec<PlanId>,
}

impl Asked {
    pub(super) fn parse(body: &[u8]) -> Result<Self, Refusal> {
        let plans = chosen_plans(body)?;
        let body: Value =
            serde_json::from_slice(body).map_err(|error| Refusal::bad_request("not_json", error.to_string()))?;
        let application = Application::parse(body.get("application").unwrap_or(&Value::Null).to_string().as_bytes())?;
        Ok(Self { application, plans })
    }
}

/// The application as it is now, and who of it was on the one before.
pub(super) fn applied(
    world: &World,
    book: &Book,
    id: &str,
    application: Application,
) -> Result<(Applied, Others), Refusal> {
    let Entry { applied, household } = book.applications.get(id).ok_or_else(|| unknown(id))?;
    let stands = household.policies.iter().any(Enrolled::stands);
    let Some(before) = applied.as_ref().filter(|_| household.is_enrolled && stands) else {
        return Err(Refusal::new(StatusCode::CONFLICT, "not_enrolled", "there is no policy to replace"));
    };
    Ok(renewed(world, id, before, application))
}

/// Ends what is chosen otherwise and begins what is chosen; gives what stands then, in the order chosen.
fn replaced(
    world: &World,
    book: &mut Book,
    (id, chosen): (&str, &[PlanId]),
    (now, others): (&Applied, &Others),
) -> Result<Vec<Policy>, Refusal> {
    let wanted = policies(world, now, chosen)?;
    let entry = book.applications.get_mut(id).ok_or_else(|| unknown(id))?;
    let household = &mut entry.household;
    let mut stand = Vec::new();
    let mut begun = Vec::new();
    for policy in wanted {
        let at = household.policies.iter().position(|held| held.stands() && is_of_line(&held.record, policy.line));
        let held = at.and_then(|at| household.policies.get_mut(at));
        let is_as_chosen = |held: &Enrolled| {
            held.record.facts.text(Field::PlanId) == Some(policy.plan_id.as_str()) && !others.subscriber_differs()
        };
        let before = held.as_ref().map(|held| held.record.clone());
        match held {
            Some(held) if is_as_chosen(held) => {
                let id = held.record.facts.text(Field::PolicyId).unwrap_or_default().to_owned();
                stand.push(Policy { id, ..policy });
                continue;
            }
            Some(held) => {
                let ending = Ending::before_it_began(Some(TransactionReason::ChangeInCircumstances.to_string()));
                end_policy(world, &household.marker, household.planted.as_ref(), held, &ending);
            }
            None => {}
        }
        let mut record = of_policy(&now.application, &now.ids, &policy, world.clock.now());
        record.facts.set(Field::TransactionReason, TransactionReason::ChangeInCircumstances.as_str());
        let told = told_of(world, household.planted.as_ref(), &record, before.as_ref());
        begin(world, household, at, record, told);
        begun.push(policy.id.clone());
        stand.push(policy);
    }
    for policy in begun {
        book.by_policy.insert(policy, id.to_owned());
    }
    if let Some(subscriber) = now.ids.members.first() {
        book.by_subscriber.insert(subscriber.clone(), id.to_owned());
    }
    Ok(stand)
}

/// Sends what is told of a policy that begins, and has it stand behind the one whose place it takes: every answer lists a household's
/// policies in one order, in which a target tells them apart.
pub(super) fn begin(
    world: &World,
    household: &mut Household,
    at: Option<usize>,
    record: GroupRecord,
    told: Option<GroupRecord>,
) {
    let sent = told.map(|told| send(world, None, &told)).unwrap_or_default();
    let place = at.map_or(household.policies.len(), |at| at + 1);
    household.policies.insert(place, Enrolled { record, sent, ended: None });
}

/// What is told of a policy that begins, as the household's fault has it; nothing where it is lost.
fn told_of(
    world: &World,
    planted: Option<&Planted>,
    begun: &GroupRecord,
    before: Option<&GroupRecord>,
) -> Option<GroupRecord> {
    match planted.map(|planted| (planted, planted.spec.kind)) {
        Some((planted, FaultKind::NewPolicyLost)) => {
            world.note(planted, begun, "the policy that begins in another's place is never sent");
            None
        }
        Some((planted, FaultKind::NewPolicyStale)) => {
            world.note(planted, begun, "the policy that begins is told as the one before it was");
            let mut told = before.unwrap_or(begun).clone();
            (told.kind, told.event_at) = (begun.kind, begun.event_at);
            for field in [Field::PolicyId, Field::PolicyStatus, Field::BenefitEnd, Field::TransactionReason] {
                told.facts.set_or_absent(field, begun.facts.value(field).cloned());
            }
            Some(told)
        }
        _ => Some(begun.clone()),
    }
}

pub(super) fn is_of_line(record: &GroupRecord, line: CoverageLine) -> bool {
    record.facts.text(Field::CoverageLine) == Some(line.as_str())
}
