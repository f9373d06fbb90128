//! `/metrics` over HTTP, on an address of this machine, and whatever else is to be served there.

use super::Mirror;
use super::metrics::{Form, metrics};
use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use std::net::SocketAddr;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

/// Serves until it is told to end, `/metrics` and what `beside` serves; gives the address at which it listens. Fails where nobody may
/// listen there.
pub async fn serve(
    at: SocketAddr,
    mirror: Mirror,
    beside: Router,
    end: CancellationToken,
) -> std::io::Result<SocketAddr> {
    let listener = TcpListener::bind(at).await?;
    let address = listener.local_addr()?;
    let router = Router::new().route("/metrics", get(page)).with_state(mirror).merge(beside);
    tokio::spawn(async move { axum::serve(listener, router).with_graceful_shutdown(end.cancelled_owned()).await });
    Ok(address)
}

async fn page(State(mirror): State<Mirror>, headers: HeaderMap) -> Response {
    let accept = headers.get(header::ACCEPT).and_then(|accept| accept.to_str().ok()).unwrap_or_default();
    let form = Form::accepted(accept);
    // before the first pass there is nothing to say, and nothing is made up
    let Some(status) = mirror.shown() else {
        return (StatusCode::SERVICE_UNAVAILABLE, "nothing is known yet\n").into_response();
    };
    ([(header::CONTENT_TYPE, form.content_type())], metrics(&status, form)).into_response()
}
