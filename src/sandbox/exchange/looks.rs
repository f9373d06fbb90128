//! Looking at what the exchange holds.

use super::answer::Answer;
use super::book::{Book, Entry};
use crate::sandbox::refusal::{Refusal, authorize};
use crate::sandbox::show::Households;
use crate::sandbox::world::World;
use axum::extract::{Query, State};
use axum::http::HeaderMap;
use serde::Deserialize;
use std::sync::Arc;

/// By what a household is asked for; the first that is given counts.
#[derive(Debug, Deserialize)]
pub(super) struct Asked {
    application_id: Option<String>,
    exchange_id: Option<String>,
    policy_id: Option<String>,
    email: Option<String>,
}

/// `GET /api/enrollments?…`: the household's policies, cancelled ones too; an empty list where there are none.
pub(super) async fn look(
    State(world): State<Arc<World>>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Result<Answer, Refusal> {
    authorize(&headers, &world.config.token)?;
    let book = world.book();
    let found = book.find(&asked)?;
    let records = found.iter().flat_map(|entry| &entry.household.policies).map(|policy| &policy.record);
    let shown = serde_json::to_value(Households::of(records));
    Ok(Answer::ok(shown.map_err(|error| Refusal::not_written(&error))?))
}

impl Book {
    fn find(&self, asked: &Asked) -> Result<Vec<&Entry>, Refusal> {
        let one = |id: Option<&String>| id.into_iter().cloned().collect::<Vec<_>>();
        let ids = match asked {
            Asked { application_id: Some(id), .. } => one(Some(id)),
            Asked { exchange_id: Some(id), .. } => one(self.by_subscriber.get(id)),
            Asked { policy_id: Some(id), .. } => one(self.by_policy.get(id)),
            Asked { email: Some(email), .. } => self.by_email.get(&email.to_lowercase()).cloned().unwrap_or_default(),
            _ => {
                let reason = "ask by `application_id`, `exchange_id`, `policy_id`, or `email`";
                return Err(Refusal::bad_request("no_key", reason));
            }
        };
        Ok(ids.iter().filter_map(|id| self.applications.get(id)).collect())
    }
}
