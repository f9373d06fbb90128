//! How a waypoint is asked for a probe, told so that a person can ask the same; nothing is sent.

use super::questions::inquiries;
use crate::model::IssuerId;
use crate::net::address;
use crate::target::{Context, JsonApi};

/// A request that only looks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ByHand {
    /// Whose system is asked; `None`: the one that answers for all.
    pub issuer: Option<IssuerId>,
    /// GET, or what the target says.
    pub method: String,
    /// The whole address.
    pub url: String,
    /// Names of headers that it bears and that may hold credentials.
    pub headers: Vec<String>,
    /// Its media type and text, where it has a body.
    pub body: Option<(String, String)>,
}

/// The look-ups of an API that can be asked for the household in `ctx`, at the systems of these issuers and the one of all.
pub fn by_hand(api: &JsonApi, ctx: &Context, issuers: &[IssuerId]) -> Vec<ByHand> {
    let is_theirs = |of: &Option<IssuerId>| of.as_ref().is_none_or(|issuer| issuers.contains(issuer));
    let mut all = Vec::new();
    for (issuer, endpoint) in api.endpoints.iter().filter(|(issuer, _)| is_theirs(issuer)) {
        let inquiries = inquiries(&endpoint.dialect, ctx, issuer.as_ref()).unwrap_or_default();
        let mut headers: Vec<String> = endpoint.headers.iter().map(|(name, _)| name.clone()).collect();
        headers.extend(endpoint.auth.iter().map(|_| "Authorization".to_owned()));
        for question in inquiries.into_iter().flat_map(|inquiry| inquiry.questions) {
            all.push(ByHand {
                issuer: issuer.clone(),
                method: question.method,
                url: address(&endpoint.base_url, &question.page.path),
                headers: headers.clone(),
                body: question
                    .page
                    .body
                    .map(|body| (body.content_type.clone(), String::from_utf8_lossy(&body.bytes).into_owned())),
            });
        }
    }
    all
}
