//! Taking an application, deciding its eligibility, showing its plans.

use super::answer::{Answer, Step, idempotency_key, no_session, session};
use super::book::{Applied, Book, Entry, Household};
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
    let (applied, household) = opened(&world, account, application, eligibility);
    world.counters.count(&household.marker, |counts| counts.applications += 1);
    let answer = taken(&applied);
    book.keep(Step::Application, key, &answer);
    book.file(applied, household);
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
pub(super) fn decide(world: &World, application: &Application) -> Eligibility {
    let rated = rated(application);
    let silver = world.offers(&application.address.state).into_iter().filter(|o| o.line == CoverageLine::Medical);
    let mut costs: Vec<Cents> = silver.map(|offer| offer.premiums(&rated).into_iter().sum()).collect();
    costs.sort_unstable();
    let benchmark = costs.get(1).or(costs.first()).copied().unwrap_or_default();
    let is_tribal = application.members().all(|member| member.tribal_member);
    eligibility::decide(Cents(application.income_cents), application.people.len(), is_tribal, benchmark)
}

/// The members as premiums see them.
pub(super) fn rated(application: &Application) -> Vec<Rated> {
    application.members().map(|m| Rated { age: application.age(m), tobacco: m.tobacco }).collect()
}

fn opened(world: &World, account: String, application: Application, eligibility: Eligibility) -> (Applied, Household) {
    let id = world.numbers.id();
    let members: Vec<String> = application.members().map(|_| world.numbers.id()).collect();
    let marker = application.household_marker().map_or_else(|| id.clone(), str::to_owned);
    let is_pending = id.bytes().map(usize::from).sum::<usize>().is_multiple_of(PENDING_ONE_IN);
    let ids = GivenIds { application: id, members };
    let looks_pending = u32::from(is_pending);
    let household = Household { marker, ..Household::default() };
    (Applied { account, application, ids, eligibility, looks_pending }, household)
}

fn taken(applied: &Applied) -> Answer {
    let people = applied.application.members().zip(&applied.ids.members).enumerate();
    let members: Vec<Value> = people
        .map(|(i, (applicant, id))| json!({"id": id, "name": full_name(applicant), "subscriber": i == 0}))
        .collect();
    let id = &applied.ids.application;
    let body = json!({
        "applicationId": id,
        "subscriberId": applied.ids.members.first(),
        "status": "submitted",
        "members": members,
    });
    Answer::created(body, format!("/api/applications/{id}"))
}

fn full_name(applicant: &Applicant) -> String {
    format!("{} {}", applicant.name.first, applicant.name.last).trim().to_owned()
}

impl Book {
    fn file(&mut self, applied: Applied, household: Household) {
        let id = applied.ids.application.clone();
        let email = applied.application.members().next().and_then(|m| m.email.as_deref());
        self.index(&id, applied.ids.members.first().map(String::as_str), email);
        self.applications.insert(id, Entry { applied: Some(applied), household });
    }

    /// Has an application found by its subscriber's id and mailbox.
    pub(super) fn index(&mut self, application: &str, subscriber: Option<&str>, email: Option<&str>) {
        if let Some(subscriber) = subscriber {
            self.by_subscriber.insert(subscriber.to_owned(), application.to_owned());
        }
        if let Some(email) = email {
            self.by_email.entry(email.to_lowercase()).or_default().push(application.to_owned());
        }
    }

    /// The application of this id, where the session is its owner's.
    pub(super) fn own(&mut self, id: &str, headers: &HeaderMap) -> Result<(&mut Applied, &mut Household), Refusal> {
        let account = session(headers).and_then(|session| self.sessions.get(session)).ok_or_else(no_session)?;
        let Some(Entry { applied: Some(applied), household }) = self.applications.get_mut(id) else {
            return Err(unknown(id));
        };
        if applied.account != *account {
            let reason = "the application belongs to another account";
            return Err(Refusal::new(StatusCode::FORBIDDEN, "not_your_account", reason));
        }
        Ok((applied, household))
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
    let (applied, _) = book.own(&id, &headers)?;
    if applied.looks_pending > 0 {
        applied.looks_pending -= 1;
        return Ok(Answer::ok(json!({"status": "pending"})));
    }
    Ok(Answer::ok(json!({
        "status": "complete",
        "aptc": applied.eligibility.aptc.to_string(),
        "csrVariant": applied.eligibility.csr_variant,
        "ratingArea": applied.application.rating_area(),
        "incomePercentOfPoverty": applied.eligibility.percent_of_poverty,
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
    let application = &book.own(&id, &headers)?.0.application;
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
