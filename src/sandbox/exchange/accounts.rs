//! Opening an account.

use super::answer::{Answer, Step, idempotency_key};
use crate::sandbox::refusal::{Refusal, authorize};
use crate::sandbox::world::World;
use axum::extract::State;
use axum::http::HeaderMap;
use serde_json::json;
use std::sync::Arc;

/// `POST /api/accounts`: opens an account and its session. The body is not looked at: an exchange may ask for anything.
pub(super) async fn open(State(world): State<Arc<World>>, headers: HeaderMap) -> Result<Answer, Refusal> {
    authorize(&headers, &world.config.token)?;
    let key = idempotency_key(&headers);
    let mut book = world.book();
    if let Some(answer) = book.answered(Step::Account, key.as_ref()) {
        return Ok(answer);
    }
    let (account, session) = (world.numbers.id(), format!("s{}", world.numbers.id()));
    book.accounts.insert(account.clone(), session.clone());
    book.sessions.insert(session.clone(), account.clone());
    let location = format!("/api/accounts/{account}");
    let answer = Answer { session: Some(session), ..Answer::created(json!({"id": account}), location) };
    book.keep(Step::Account, key, &answer);
    Ok(answer)
}
