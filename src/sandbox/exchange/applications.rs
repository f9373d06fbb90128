//! Taking an application, deciding its eligibility, showing its plans.

use super::answer::{Answer, Step, idempotency_key, no_session, session};
use super::book::{Book, Entry};
use crate::model::{Cents, CoverageLine};
use crate::sandbox::application::{Applicant, Application};
use crate::sandbox::eligibility::{self, Eligibility};
use crate::sandbox::offer::{Offer, Rated};
use crate::sandbox::record::GivenIds;
use crate::sandbox::refusal::{Refusal, authorize};
use crate::sandbox::world::World;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use serde_json::{Value, json};
use std::sync::Arc;

/// One application in so many is not decided at its first look.
const PENDING_ONE_IN: usize = 4;

/// `POST /api/accounts/{id}/applications`: checks the application and gives out ids.
pub(super) async fn take(
    State(world): State<Arc<World>>,
    Path(account): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Answer, Refusal> {
    authorize(&headers, &world.config.token)?;
    let session = session(&headers).ok_or_else(no_session)?;
    let key = idempotency_key(&headers);
    check_owner(&world.book(), &account, session)?;
    let application = Application::parse(&body)?;
    let eligibility = decide(&world, &application);
    let mut book = world.book();
    if let Some(answer) = book.answered(Step::Application, key.as_ref()) {
        count_repeat(&world, &application);
        return Ok(answer);
    }
    let entry = entry(&world, account, application, eligibility);
    world.counters.count(&entry.marker, |counts| counts.applications += 1);
    let answer = taken(&entry);
    book.keep(Step::Application, key, &answer);
    book.file(entry);
    Ok(answer)
}

/// The session must be one of the account's owner.
fn check_owner(book: &Book, account: &str, session: &str) -> Result<(), Refusal> {
    let owner = book.sessions.get(session).ok_or_else(no_session)?;
    if !book.accounts.contains_key(account) {
        return Err(Refusal::not_found("account_unknown", format!("there is no account `{account}`")));
    }
    if owner != account {
        let reason = "the session belongs to another account";
        return Err(Refusal::new(StatusCode::FORBIDDEN, "not_your_account", reason));
    }
    Ok(())
}

fn count_repeat(world: &World, application: &Application) {
    if let Some(marker) = application.household_marker() {
        world.counters.count(marker, |counts| counts.repeats += 1);
    }
}

/// Eligibility by the second-lowest silver plan of the state: of two issuers' one plan each, the dearer.
fn decide(world: &World, application: &Application) -> Eligibility {
    let rated = rated(application);
    let silver = world.offers(&application.address.state).into_iter().filter(|o| o.line == CoverageLine::Medical);
    let mut costs: Vec<Cents> = silver.map(|offer| offer.premiums(&rated).into_iter().sum()).collect();
    costs.sort_unstable();
    let benchmark = costs.get(1).or(costs.first()).copied().unwrap_or_default();
    eligibility::decide(Cents(application.income_cents), application.people.len(), benchmark)
}

/// The members as premiums see them.
pub(super) fn rated(application: &Application) -> Vec<Rated> {
    application.members().map(|m| Rated { age: application.age(m), tobacco: m.tobacco }).collect()
}

fn entry(world: &World, account: String, application: Application, eligibility: Eligibility) -> Entry {
    let id = world.numbers.id();
    let members: Vec<String> = application.members().map(|_| world.numbers.id()).collect();
    let marker = application.household_marker().map_or_else(|| id.clone(), str::to_owned);
    let is_pending = id.bytes().map(usize::from).sum::<usize>().is_multiple_of(PENDING_ONE_IN);
    Entry {
        account,
        marker,
        application,
        ids: GivenIds { application: id, members },
        eligibility,
        looks_pending: u32::from(is_pending),
        is_enrolled: false,
        is_refused: false,
        policies: Vec::new(),
        planted: None,
        put_off: 0,
    }
}

fn taken(entry: &Entry) -> Answer {
    let people = entry.application.members().zip(&entry.ids.members).enumerate();
    let members: Vec<Value> = people
        .map(|(i, (applicant, id))| json!({"id": id, "name": full_name(applicant), "subscriber": i == 0}))
        .collect();
    let id = &entry.ids.application;
    let body = json!({
        "applicationId": id,
        "subscriberId": entry.ids.members.first(),
        "status": "submitted",
        "members": members,
    });
    Answer::created(body, format!("/api/applications/{id}"))
}

fn full_name(applicant: &Applicant) -> String {
    format!("{} {}", applicant.name.first, applicant.name.last).trim().to_owned()
}

impl Book {
    fn file(&mut self, entry: Entry) {
        let id = entry.ids.application.clone();
        if let Some(subscriber) = entry.ids.members.first() {
            self.by_subscriber.insert(subscriber.clone(), id.clone());
        }
        if let Some(email) = entry.application.members().next().and_then(|m| m.email.as_ref()) {
            self.by_email.entry(email.to_lowercase()).or_default().push(id.clone());
        }
        self.applications.insert(id, entry);
    }

    /// The application of this id, where the session is its owner's.
    pub(super) fn own(&mut self, id: &str, headers: &HeaderMap) -> Result<&mut Entry, Refusal> {
        let account = session(headers).and_then(|session| self.sessions.get(session)).ok_or_else(no_session)?;
        let entry = self.applications.get_mut(id).ok_or_else(|| unknown(id))?;
        if entry.account != *account {
            let reason = "the application belongs to another account";
            return Err(Refusal::new(StatusCode::FORBIDDEN, "not_your_account", reason));
        }
        Ok(entry)
    }
}

/// The refusal of an application id that was never given.
pub(super) fn unknown(id: &str) -> Refusal {
    Refusal::not_found("application_unknown", format!("there is no application `{id}`"))
}

/// `GET /api/applications/{id}/eligibility`: pending at first for some, then what the household may have.
pub(super) async fn eligibility(
    State(world): State<Arc<World>>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Answer, Refusal> {
    authorize(&headers, &world.config.token)?;
    let mut book = world.book();
    let entry = book.own(&id, &headers)?;
    if entry.looks_pending > 0 {
        entry.looks_pending -= 1;
        return Ok(Answer::ok(json!({"status": "pending"})));
    }
    Ok(Answer::ok(json!({
        "status": "complete",
        "aptc": entry.eligibility.aptc.to_string(),
        "csrVariant": entry.eligibility.csr_variant,
        "ratingArea": entry.application.rating_area(),
        "incomePercentOfPoverty": entry.eligibility.percent_of_poverty,
    })))
}

/// `GET /api/applications/{id}/plans`: what is offered where the household lives, with its premium a month.
pub(super) async fn plans(
    State(world): State<Arc<World>>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Answer, Refusal> {
    authorize(&headers, &world.config.token)?;
    let mut book = world.book();
    let application = &book.own(&id, &headers)?.application;
    let rated = rated(application);
    let plans: Vec<Value> = world.offers(&application.address.state).iter().map(|o| shown(&world, o, &rated)).collect();
    Ok(Answer::ok(json!({"plans": plans})))
}

fn shown(world: &World, offer: &Offer, members: &[Rated]) -> Value {
    let issuer = world.config.issuers.iter().find(|issuer| issuer.id == offer.issuer);
    let premium: Cents = offer.premiums(members).into_iter().sum();
    json!({
        "planId": offer.plan_id,
        "line": offer.line,
        "issuer": offer.issuer,
        "name": format!("{} {}", issuer.map_or("", |issuer| issuer.name.as_str()), offer.line),
        "premium": premium.to_string(),
    })
}
