//! From a step's templates to a request.

use crate::net::{Request, address, is_same_host, payload, rendered, with_query};
use crate::target::{Context, Exchange, RequestStep, TemplateError};

/// Renders a step. `idempotency` is the header's name and value where the flow declares one. Fails where a name is not
/// known (yet).
pub(super) fn compose(
    exchange: &Exchange,
    step: &RequestStep,
    ctx: &Context,
    idempotency: Option<(&str, &str)>,
) -> Result<Request, TemplateError> {
    let path = step.path.render(ctx)?;
    let url = with_query(address(&exchange.base_url, &path), &rendered(&step.query, ctx)?);
    let own_host = is_same_host(&exchange.base_url, &url);
    let mut request = Request::new(&step.method, url, step.within);
    request.follow_redirects = step.follow_redirects;
    if own_host {
        request.headers = rendered(&exchange.headers, ctx)?;
    }
    for (name, value) in rendered(&step.headers, ctx)? {
        request.headers.retain(|(n, _)| !n.eq_ignore_ascii_case(&name));
        request.headers.push((name, value));
    }
    if let Some((name, value)) = idempotency {
        request.headers.push((name.to_owned(), value.to_owned()));
    }
    // The exchange's credentials are for the exchange; a step that asks somebody else brings its own.
    let shared = exchange.auth.as_ref().filter(|_| own_host);
    if let Some(auth) = step.auth.as_ref().map_or(shared, Option::as_ref) {
        request.authorize(auth);
    }
    request.body = payload(&step.body, ctx)?;
    Ok(request)
}
