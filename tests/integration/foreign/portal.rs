//! The web pages and interfaces of the marketplace and of the issuers' observers.

use super::application::{case_of_xml, element, persons_of_json};
use super::defect::Defect;
use super::edi::{Enrollment, dollars};
use super::pipeline::{Keystone, OBSERVER_PASSWORDS, PARTNER_KEY, PASSWORD};
use axum::extract::{Form, Path, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use base64::Engine as _;
use serde_json::{Value, json};
use std::collections::HashMap;
use std::sync::Arc;

type Shared = State<Arc<Keystone>>;

/// A visit to the portal.
#[derive(Debug, Clone, Default)]
pub(super) struct Visit {
    csrf: String,
    ticket: Option<String>,
}

pub(super) fn app(keystone: &Arc<Keystone>) -> Router {
    Router::new()
        .route("/portal/login", get(login_page).post(log_in))
        .route("/portal/home", get(home))
        .route("/portal/household", post(open_case))
        .route("/portal/case/{case}/persons", post(add_persons))
        .route("/portal/case/{case}/determination", post(ask_determination).get(determination))
        .route("/portal/enrol", post(enrol))
        .route("/portal/withdraw", post(withdraw))
        .with_state(Arc::clone(keystone))
}

/// The value of a cookie of the request.
fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    let sent = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = sent.flat_map(|line| line.split("; ")).filter_map(|pair| pair.split_once('='));
    pairs.find(|(n, _)| *n == name).map(|(_, value)| value.to_owned())
}

/// Refuses whoever has not signed in.
#[expect(clippy::result_large_err, reason = "the error is the answer")]
fn signed_in(keystone: &Keystone, headers: &HeaderMap) -> Result<(), Response> {
    let visit = cookie(headers, "KSSESSION").and_then(|id| keystone.state().sessions.get(&id).cloned());
    let ticket = visit.and_then(|visit| visit.ticket);
    if ticket.is_some() && ticket == cookie(headers, "KSAUTH") {
        return Ok(());
    }
    Err((StatusCode::UNAUTHORIZED, "<h1>Please sign in</h1>").into_response())
}

async fn login_page(State(keystone): Shared) -> Response {
    let (id, csrf) = {
        let mut state = keystone.state();
        let (id, csrf) = (state.number("sess-"), state.number("csrf~"));
        state.sessions.insert(id.clone(), Visit { csrf: csrf.clone(), ticket: None });
        (id, csrf)
    };
    let page = format!(
        "<html><form action=\"/portal/login\" method=\"post\">\n<input type=\"hidden\" name=\"csrf_token\" value=\"{csrf}\">\n\
         <input name=\"user\"><input name=\"password\" type=\"password\"></form></html>"
    );
    ([(header::SET_COOKIE, format!("KSSESSION={id}; Path=/portal; HttpOnly"))], Html(page)).into_response()
}

async fn log_in(State(keystone): Shared, headers: HeaderMap, Form(form): Form<HashMap<String, String>>) -> Response {
    let given = |name: &str| form.get(name).map(String::as_str).unwrap_or_default();
    let Some(id) = cookie(&headers, "KSSESSION") else { return StatusCode::FORBIDDEN.into_response() };
    let mut state = keystone.state();
    let ticket = state.number("T");
    let Some(visit) = state.sessions.get_mut(&id) else { return StatusCode::FORBIDDEN.into_response() };
    if visit.csrf != given("csrf_token") || given("user") != "john.doe" || given("password") != PASSWORD {
        // A portal that answers 200 to a wrong password, as portals do.
        let again = format!("<html>Unknown user or password {}</html>", given("password"));
        return Html(again).into_response();
    }
    visit.ticket = Some(ticket.clone());
    let cookie = format!("KSAUTH={ticket}; Path=/; HttpOnly");
    (StatusCode::SEE_OTHER, [(header::SET_COOKIE, cookie), (header::LOCATION, "/portal/home".to_owned())])
        .into_response()
}

async fn home(State(keystone): Shared, headers: HeaderMap) -> Response {
    match signed_in(&keystone, &headers) {
        Ok(()) => Html("<html><h1>Welcome back</h1></html>").into_response(),
        Err(answer) => answer,
    }
}

async fn open_case(State(keystone): Shared, headers: HeaderMap, body: String) -> Response {
    if let Err(answer) = signed_in(&keystone, &headers) {
        return answer;
    }
    let xml = headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).is_some_and(|t| t.contains("xml"));
    if !xml || element(&body, "Household").is_none() {
        return StatusCode::UNSUPPORTED_MEDIA_TYPE.into_response();
    }
    let mut state = keystone.state();
    let number = state.number("KS");
    match case_of_xml(number.clone(), &body) {
        Ok(case) => {
            state.cases.insert(number.clone(), case);
            let place = format!("/portal/case/{number}");
            (StatusCode::CREATED, [(header::LOCATION, place)], format!("<Case><No>{number}</No></Case>"))
                .into_response()
        }
        Err(why) => (StatusCode::BAD_REQUEST, why).into_response(),
    }
}

async fn add_persons(
    State(keystone): Shared,
    headers: HeaderMap,
    Path(number): Path<String>,
    Json(body): Json<Value>,
) -> Response {
    if let Err(answer) = signed_in(&keystone, &headers) {
        return answer;
    }
    let persons = match persons_of_json(&body) {
        Ok(persons) if persons.iter().filter(|p| p.is_self()).count() == 1 => persons,
        Ok(_) => return (StatusCode::UNPROCESSABLE_ENTITY, "one person is the subscriber").into_response(),
        Err(why) => return (StatusCode::UNPROCESSABLE_ENTITY, why).into_response(),
    };
    let mut state = keystone.state();
    let Some(case) = state.cases.get_mut(&number) else { return StatusCode::NOT_FOUND.into_response() };
    case.people = persons;
    let other = &body["others"][0];
    case.guardian = other["family"].as_str().zip(other["given"].as_str()).map(|(f, g)| (f.to_owned(), g.to_owned()));
    (StatusCode::ACCEPTED, Json(json!({ "taken": case.people.len() }))).into_response()
}

async fn ask_determination(State(keystone): Shared, headers: HeaderMap, Path(number): Path<String>) -> Response {
    if let Err(answer) = signed_in(&keystone, &headers) {
        return answer;
    }
    let mut state = keystone.state();
    state.deal(&number);
    let denied = state.truth.get(&number) == Some(&Defect::DeniedYetSent);
    let Some(case) = state.cases.get_mut(&number) else { return StatusCode::NOT_FOUND.into_response() };
    case.denied = denied;
    (StatusCode::ACCEPTED, Json(json!({ "status": "QUEUED" }))).into_response()
}

/// Queued, then being worked on, then final.
async fn determination(State(keystone): Shared, headers: HeaderMap, Path(number): Path<String>) -> Response {
    if let Err(answer) = signed_in(&keystone, &headers) {
        return answer;
    }
    let mut state = keystone.state();
    let Some(case) = state.cases.get_mut(&number) else { return StatusCode::NOT_FOUND.into_response() };
    case.polls += 1;
    let status = match (case.polls, case.denied) {
        (1, _) => "WORKING",
        (_, true) => "DENIED",
        _ => "ELIGIBLE",
    };
    let case = case.clone();
    if status == "DENIED" && !case.enrolled {
        ghost(&mut state, &case);
    }
    drop(state);
    Json(json!({ "status": status, "area": case.area })).into_response()
}

/// The refusal does not reach the batch.
fn ghost(state: &mut super::pipeline::State, case: &super::application::Case) {
    let home = case.people.iter().find(|p| p.is_self()).map(|p| p.home.state.clone()).unwrap_or_default();
    let policies = state.policies(case, &[(false, format!("41001{home}001000101"))]);
    state.ship(&policies, std::time::Duration::ZERO);
    if let Some(case) = state.cases.get_mut(&case.number) {
        case.enrolled = true;
    }
}

async fn enrol(State(keystone): Shared, headers: HeaderMap, Json(body): Json<Value>) -> Response {
    if let Err(answer) = signed_in(&keystone, &headers) {
        return answer;
    }
    let number = body["caseNo"].as_str().unwrap_or_default().to_owned();
    let (policies, defect) = {
        let mut state = keystone.state();
        *state.enrol_requests.entry(number.clone()).or_default() += 1;
        let Some(case) = state.cases.get(&number).cloned() else { return StatusCode::NOT_FOUND.into_response() };
        if case.denied || case.polls < 2 {
            return (StatusCode::CONFLICT, "not eligible").into_response();
        }
        let plans = chosen_plans(&body, case.income_cents);
        if plans.is_empty() {
            return (StatusCode::UNPROCESSABLE_ENTITY, "no plan").into_response();
        }
        (state.policies(&case, &plans), state.truth.get(&number).copied())
    };
    keystone.ship(&policies);
    match defect {
        Some(Defect::FailsAfterAccepting) => (StatusCode::INTERNAL_SERVER_ERROR, "<h1>Sorry</h1>").into_response(),
        Some(Defect::SilentAfterAccepting) => {
            tokio::time::sleep(keystone.silence()).await;
            Json(confirmation(&policies)).into_response()
        }
        _ => Json(confirmation(&policies)).into_response(),
    }
}

/// The marketplace decides the variant by income.
fn chosen_plans(body: &Value, income_cents: i64) -> Vec<(bool, String)> {
    let variant = if income_cents < 3_000_000 { "06" } else { "01" };
    let plan = |key: &str| body["plans"][key].as_str().filter(|p| p.len() == 14).map(str::to_owned);
    let medical = plan("medical").map(|p| (false, format!("{p}{variant}")));
    medical.into_iter().chain(plan("dental").map(|p| (true, format!("{p}01")))).collect()
}

/// Persons come sorted by the number they were given, backwards; dental before medical.
fn confirmation(policies: &[Enrollment]) -> Value {
    let written = policies.iter().rev().map(|policy| {
        json!({
            "kind": if policy.dental { "DEN" } else { "MED" },
            "policyNo": policy.policy,
            "holder": { "no": policy.subscriber },
            "plan": format!("{}-{}", &policy.plan[..14], &policy.plan[14..]),
            "premiumCents": policy.premium_cents,
            "credit": policy.credit_cents.map(dollars),
            "from": policy.start.format("%d %b %Y").to_string(),
        })
    });
    let written: Vec<Value> = written.collect();
    let insured = policies.first().map(|policy| policy.people.as_slice()).unwrap_or_default();
    let insured: Vec<Value> =
        insured.iter().rev().map(|p| json!({ "ref": p.who.line, "memberNo": p.number })).collect();
    json!({ "result": "OK", "policies": written, "insured": insured })
}

async fn withdraw(State(keystone): Shared, headers: HeaderMap, Form(form): Form<HashMap<String, String>>) -> Response {
    if let Err(answer) = signed_in(&keystone, &headers) {
        return answer;
    }
    let known = form.get("policyNo").is_some_and(|policy| keystone.state().withdraw(policy));
    let status = if known { StatusCode::OK } else { StatusCode::NOT_FOUND };
    (status, Json(json!({ "withdrawn": known }))).into_response()
}

pub(super) fn issuer_app(keystone: &Arc<Keystone>, issuer: usize) -> Router {
    let search = move |State(keystone): Shared, headers: HeaderMap, Query(query): Query<HashMap<String, String>>| {
        std::future::ready(search(&keystone, issuer, &headers, &query))
    };
    let query = move |State(keystone): Shared, headers: HeaderMap, Json(body): Json<Value>| {
        std::future::ready(members_query(&keystone, issuer, &headers, &body))
    };
    let app = if issuer == 0 {
        Router::new().route("/roster/search", get(search))
    } else {
        Router::new().route("/v3/members/query", post(query))
    };
    app.with_state(Arc::clone(keystone))
}

/// The second issuer always answers 200, and says within whether it knows anybody.
fn members_query(keystone: &Keystone, issuer: usize, headers: &HeaderMap, body: &Value) -> Response {
    if let Some(refusal) = refused(keystone, issuer, headers) {
        return refusal;
    }
    let key = body["holder"].as_str().or(body["case"].as_str()).unwrap_or_default();
    let contracts = super::roster::nested(&keystone.state().books[issuer], key);
    Json(json!({ "known": !contracts.is_empty(), "contracts": contracts })).into_response()
}

/// Why an observer gets no answer.
fn refused(keystone: &Keystone, issuer: usize, headers: &HeaderMap) -> Option<Response> {
    if keystone.is_down(issuer) {
        return Some((StatusCode::SERVICE_UNAVAILABLE, "maintenance").into_response());
    }
    let credentials = format!("observer:{}", OBSERVER_PASSWORDS[issuer]);
    let basic = format!("Basic {}", base64::engine::general_purpose::STANDARD.encode(credentials));
    let sent = |name: &str| headers.get(name).and_then(|v| v.to_str().ok()).unwrap_or_default().to_owned();
    let known = sent("authorization") == basic && sent("x-partner-key") == PARTNER_KEY;
    (!known).then(|| StatusCode::UNAUTHORIZED.into_response())
}

fn search(keystone: &Keystone, issuer: usize, headers: &HeaderMap, query: &HashMap<String, String>) -> Response {
    if let Some(refusal) = refused(keystone, issuer, headers) {
        return refusal;
    }
    let rows = query.get("key").map(|key| keystone.state().books[issuer].find(key)).unwrap_or_default();
    if rows.is_empty() {
        return (StatusCode::NOT_FOUND, Json(json!({ "message": "no such member" }))).into_response();
    }
    Json(json!({ "hits": rows.len(), "rows": rows })).into_response()
}
