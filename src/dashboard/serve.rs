//! The dashboard over HTTP.

use super::guard::Access;
use super::pages;
use super::{Asked, Guard, Listed, Records, Spread, Trouble};
use crate::ledger::RunListing;
use crate::model::ProbeIndex;
use axum::Router;
use axum::body::{Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

/// Runs on one page of the history: each is judged for it once.
const ON_A_PAGE: usize = 25;
/// Pairs of scenario and target on the page of now.
const PAIRS: usize = 50;
/// A form holds a token and nothing else.
const LONGEST_FORM: usize = 4096;
/// Whoever is being answered when it ends is waited for so long.
const ENDS_WITHIN: Duration = Duration::from_secs(3);

/// What is sent with every page: nobody keeps it, frames it, or learns from it where somebody was.
const HEADERS: [(HeaderName, &str); 5] = [
    (header::CACHE_CONTROL, "no-store"),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "no-referrer"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
];

#[derive(Clone)]
struct Dashboard {
    records: Arc<Records>,
    guard: Guard,
}

/// Every page, and a page for whatever is none.
pub fn router(records: Records, guard: Guard) -> Router {
    Router::new().fallback(answer).with_state(Dashboard { records: Arc::new(records), guard })
}

/// Serves until it is told to end.
pub async fn serve(listener: TcpListener, router: Router, end: CancellationToken) -> std::io::Result<()> {
    let late = {
        let end = end.clone();
        async move {
            end.cancelled_owned().await;
            tokio::time::sleep(ENDS_WITHIN).await;
        }
    };
    let served = axum::serve(listener, router).with_graceful_shutdown(end.cancelled_owned());
    tokio::select! {
        ended = served => ended,
        () = late => Ok(()),
    }
}

async fn answer(State(dashboard): State<Dashboard>, request: Request) -> Response {
    let asked = Asked::parse(request.uri().path(), request.uri().query());
    match dashboard.guard.access(request.headers(), asked.as_ref()) {
        Access::OtherHost => {
            let why = "This server answers to localhost, 127.0.0.1 and [::1] only, so that no page of another site can read it by a \
                       name of its own.";
            return shown(StatusCode::MISDIRECTED_REQUEST, pages::trouble("Not this host", why));
        }
        Access::TokenNeeded => {
            let mut response = shown(StatusCode::UNAUTHORIZED, pages::login(false));
            response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
            return response;
        }
        Access::Granted => {}
    }
    let Some(asked) = asked else {
        return shown(StatusCode::NOT_FOUND, pages::trouble("Not found", "There is no such page."));
    };
    match (request.method(), &asked) {
        (&Method::POST, Asked::Login) => log_in(&dashboard.guard, request).await,
        (&Method::GET | &Method::HEAD, Asked::Login) => shown(StatusCode::OK, pages::login(false)),
        (&Method::GET | &Method::HEAD, _) => drawn(dashboard.records, asked).await,
        _ => {
            let why = "The dashboard is looked at; nothing can be sent to it.";
            let mut response = shown(StatusCode::METHOD_NOT_ALLOWED, pages::trouble("Not that way", why));
            response.headers_mut().insert(header::ALLOW, HeaderValue::from_static("GET, HEAD"));
            response
        }
    }
}

async fn log_in(guard: &Guard, request: Request) -> Response {
    let form = to_bytes(request.into_body(), LONGEST_FORM).await.unwrap_or_default();
    let Some(cookie) = token_of(&form).and_then(|token| guard.cookie_for(&token)?.parse().ok()) else {
        return shown(StatusCode::UNAUTHORIZED, pages::login(true));
    };
    let mut response = shown(StatusCode::SEE_OTHER, String::new());
    response.headers_mut().insert(header::SET_COOKIE, cookie);
    response.headers_mut().insert(header::LOCATION, HeaderValue::from_static("/"));
    response
}

fn token_of(form: &Bytes) -> Option<String> {
    url::form_urlencoded::parse(form).find(|(name, _)| name == "token").map(|(_, token)| token.into_owned())
}

/// Reading and judging block, and so they are done beside whoever answers.
async fn drawn(records: Arc<Records>, asked: Asked) -> Response {
    match tokio::task::spawn_blocking(move || draw(&records, &asked)).await {
        Ok(Ok(page)) => shown(StatusCode::OK, page),
        Ok(Err(Trouble::NotThere(why))) => shown(StatusCode::NOT_FOUND, pages::trouble("Not found", &why)),
        Ok(Err(Trouble::Unreadable(why))) => {
            shown(StatusCode::SERVICE_UNAVAILABLE, pages::trouble("The ledger cannot be read", &why))
        }
        Err(_) => {
            let why = "Drawing this page failed; what the program printed on standard error says how.";
            shown(StatusCode::INTERNAL_SERVER_ERROR, pages::trouble("Failed", why))
        }
    }
}

fn draw(records: &Records, asked: &Asked) -> Result<String, Trouble> {
    match asked {
        Asked::Now => now(records),
        Asked::History { scenario, target, from } => {
            let spread = Spread { scenario: scenario.clone(), target: target.clone(), from: *from, of: 0 };
            history(records, spread)
        }
        Asked::Run(name) => {
            let listing = records.find(name)?;
            Ok(pages::run(&listing, &*records.judged(&listing)?, records.now()))
        }
        Asked::Punch(name) => {
            let listing = records.find(name)?;
            Ok(pages::punch(&listing, &*records.judged(&listing)?, records.now()))
        }
        Asked::Probe(name, index) => {
            let listing = records.find(name)?;
            Ok(pages::probe(&listing, &records.probe(&listing, ProbeIndex(*index))?, records.now()))
        }
        Asked::Search { word, from } => Ok(pages::search(word, *from, &records.search(word, *from)?, records.now())),
        Asked::Login => Ok(pages::login(false)),
    }
}

fn now(records: &Records) -> Result<String, Trouble> {
    let mut known = BTreeSet::new();
    let mut latest = records.runs()?;
    latest.retain(|run| known.insert((run.scenario.clone(), run.target.clone())));
    let more = latest.len().saturating_sub(PAIRS);
    let shown: Vec<Listed> = latest.into_iter().take(PAIRS).map(|run| listed(records, run)).collect();
    let canaries = records.canaries().map_err(|trouble| trouble.to_string());
    Ok(pages::now(&shown, more, &canaries, records.now()))
}

fn history(records: &Records, mut spread: Spread) -> Result<String, Trouble> {
    let is_wanted = |wanted: &Option<String>, name: &str| wanted.as_deref().is_none_or(|wanted| wanted == name);
    let mut runs = records.runs()?;
    runs.retain(|run| is_wanted(&spread.scenario, &run.scenario) && is_wanted(&spread.target, &run.target));
    spread.of = runs.len();
    let shown = runs.into_iter().skip(spread.from).take(ON_A_PAGE);
    let shown: Vec<Listed> = shown.map(|run| listed(records, run)).collect();
    Ok(pages::history(&shown, &spread, ON_A_PAGE, records.now()))
}

/// One that cannot be judged takes no other from the list.
fn listed(records: &Records, listing: RunListing) -> Listed {
    let brief = records.brief(&listing).map_err(|trouble| trouble.to_string());
    Listed { listing, brief }
}

fn shown(status: StatusCode, page: String) -> Response {
    let kind = [(header::CONTENT_TYPE, "text/html; charset=utf-8"), (header::CONTENT_SECURITY_POLICY, pages::policy())];
    (status, HEADERS, kind, page).into_response()
}
