//! What the exchange answers, and how requests are known again.

use crate::sandbox::refusal::{Refusal, say_when_to_retry};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::Value;

const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");
const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");
const SESSION: &str = "sandbox_session";

/// What kind of request an idempotency key belongs to: the same key may serve each request of a flow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Step {
    Account,
    Application,
    Enrollment,
}

/// An answer that can be given again.
#[derive(Debug, Clone)]
pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) body: Value,
    pub(super) location: Option<String>,
    /// Session to set as a cookie.
    pub(super) session: Option<String>,
    /// It was given before, for the same idempotency key.
    pub(super) replayed: bool,
}

impl Answer {
    pub(super) fn ok(body: Value) -> Self {
        Self { status: StatusCode::OK, body, location: None, session: None, replayed: false }
    }

    pub(super) fn created(body: Value, location: String) -> Self {
        Self { status: StatusCode::CREATED, location: Some(location), ..Self::ok(body) }
    }
}

impl From<Refusal> for Answer {
    fn from(refusal: Refusal) -> Self {
        Self { status: refusal.status, ..Self::ok(refusal.body()) }
    }
}

impl IntoResponse for Answer {
    fn into_response(self) -> Response {
        let mut response = (self.status, axum::Json(self.body)).into_response();
        let mut add = |name: HeaderName, text: &str| {
            if let Ok(value) = HeaderValue::from_str(text) {
                response.headers_mut().insert(name, value);
            }
        };
        if let Some(location) = &self.location {
            add(header::LOCATION, location);
        }
        if let Some(session) = &self.session {
            add(header::SET_COOKIE, &format!("{SESSION}={session}; Path=/; HttpOnly"));
        }
        if self.replayed {
            add(REPLAYED, "true");
        }
        say_when_to_retry(&mut response);
        response
    }
}

/// The request's idempotency key.
pub(super) fn idempotency_key(headers: &HeaderMap) -> Option<String> {
    headers.get(IDEMPOTENCY_KEY)?.to_str().ok().map(str::to_owned)
}

/// The session of the request's cookies.
pub(super) fn session(headers: &HeaderMap) -> Option<&str> {
    let cookies = headers.get_all(header::COOKIE).into_iter().filter_map(|value| value.to_str().ok());
    cookies.flat_map(|line| line.split(';')).find_map(|cookie| cookie.trim().strip_prefix(SESSION)?.strip_prefix('='))
}

/// The refusal of a request without a session.
pub(super) fn no_session() -> Refusal {
    Refusal::new(StatusCode::UNAUTHORIZED, "session_missing", "the cookie of `POST /api/accounts` is needed")
}
