//! How the sandbox's servers say no.

use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

/// An answer that is not the one hoped for: a status, a word for machines, and a reason for people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Refusal {
    pub(super) status: StatusCode,
    pub(super) code: &'static str,
    pub(super) reason: String,
}

impl Refusal {
    pub(super) fn new(status: StatusCode, code: &'static str, reason: impl Into<String>) -> Self {
        Self { status, code, reason: reason.into() }
    }

    pub(super) fn bad_request(code: &'static str, reason: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, code, reason)
    }

    pub(super) fn unprocessable(code: &'static str, reason: impl Into<String>) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, code, reason)
    }

    pub(super) fn not_found(code: &'static str, reason: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, code, reason)
    }

    /// The answer that could not be written down.
    pub(super) fn not_written(error: &serde_json::Error) -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "not_written", error.to_string())
    }

    /// The body that every refusal has.
    pub(super) fn body(&self) -> Value {
        json!({"error": {"code": self.code, "reason": self.reason}})
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let mut response = (self.status, axum::Json(self.body())).into_response();
        say_when_to_retry(&mut response);
        response
    }
}

/// 429 and 503 say when to come again: in a second.
pub(super) fn say_when_to_retry(response: &mut Response) {
    if matches!(response.status(), StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE) {
        response.headers_mut().insert(header::RETRY_AFTER, header::HeaderValue::from_static("1"));
    }
}

/// Checks the bearer token of a request.
pub(super) fn authorize(headers: &HeaderMap, token: &str) -> Result<(), Refusal> {
    let sent = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    match sent.and_then(|value| value.strip_prefix("Bearer ")) {
        Some(sent) if sent == token => Ok(()),
        _ => Err(Refusal::new(StatusCode::UNAUTHORIZED, "token_invalid", "a valid bearer token is needed")),
    }
}
