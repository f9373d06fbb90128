//! Addresses of the exchange.

use super::{accounts, applications, cancellations, changes, enrollments, looks, payments, renewals, replacements};
use crate::sandbox::world::World;
use axum::Router;
use axum::routing::{get, post};
use std::sync::Arc;

/// The exchange's API.
pub(in crate::sandbox) fn router(world: Arc<World>) -> Router {
    Router::new()
        .route("/api/accounts", post(accounts::open))
        .route("/api/accounts/{id}/applications", post(applications::take))
        .route("/api/applications/{id}/eligibility", get(applications::eligibility))
        .route("/api/applications/{id}/plans", get(applications::plans))
        .route("/api/applications/{id}/enrollments", post(enrollments::enroll))
        .route("/api/applications/{id}/payments", post(payments::pay))
        .route("/api/applications/{id}/missed-payments", post(payments::miss))
        .route("/api/applications/{id}/changes", post(changes::change))
        .route("/api/applications/{id}/replacements", post(replacements::replace))
        .route("/api/applications/{id}/renewals", post(renewals::renew))
        .route("/api/applications/{id}/terminate", post(cancellations::terminate))
        .route("/api/applications/{id}/reinstate", post(cancellations::reinstate))
        .route("/api/applications/{id}/cancel", post(cancellations::cancel_application))
        .route("/api/policies/{id}/cancel", post(cancellations::cancel_policy))
        .route("/api/enrollments", get(looks::look))
        .with_state(world)
}
