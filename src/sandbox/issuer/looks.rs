//! An issuer's API: its addresses, and look-ups.

use super::books::Issuer;
use super::keys::Asked;
use super::payer;
use super::trouble::Trouble;
use crate::model::IssuerId;
use crate::sandbox::refusal::{Refusal, authorize};
use crate::sandbox::show::Households;
use crate::sandbox::world::World;
use axum::Router;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use std::sync::Arc;

/// The API of one issuer.
pub(in crate::sandbox) fn router(world: Arc<World>, issuer: IssuerId) -> Router {
    Router::new().route("/members", get(look)).route("/core", post(payer::answer)).with_state((world, issuer))
}

/// `GET /members?…`: the policies found, cancelled ones too; an empty list where there are none.
async fn look(
    State((world, issuer)): State<(Arc<World>, IssuerId)>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let issuer = world.issuers.get(&issuer).ok_or_else(|| Refusal::not_found("issuer_unknown", "no such issuer"))?;
    authorize(&headers, &issuer.config.token)?;
    let (found, trouble) = look_now(&world, issuer, asked)?;
    match trouble {
        Some(Trouble::Down(_)) => {
            return Err(Refusal::new(StatusCode::SERVICE_UNAVAILABLE, "out_of_service", "out of service"));
        }
        Some(Trouble::Slow(pause)) => tokio::select! {
            () = tokio::time::sleep(pause) => {}
            () = world.stop.cancelled() => {}
        },
        None => {}
    }
    Ok(([(header::CONTENT_TYPE, "application/json")], found).into_response())
}

fn look_now(world: &World, issuer: &Issuer, asked: Asked) -> Result<(Vec<u8>, Option<Trouble>), Refusal> {
    let reason = "ask by `exchange_id`, `policy_id`, `application_id`, `email`, or `last_name` and `birth_date`";
    let key = asked.key().ok_or_else(|| Refusal::bad_request("no_key", reason))?;
    let mut books = issuer.books();
    let (found, trouble) = books.look(&key, world.clock.now());
    let shown = serde_json::to_vec(&Households::of(found.into_iter()));
    Ok((shown.map_err(|error| Refusal::not_written(&error))?, trouble))
}
