//! From templates of a target to the parts of a request.

use super::{Payload, Request};
use crate::target::{Auth, Body, Context, Place, Template, TemplateError};
use bytes::Bytes;
use std::sync::Arc;
use url::Url;
use url::form_urlencoded::Serializer;

impl Request {
    /// Adds credentials.
    pub fn authorize(&mut self, auth: &Auth) {
        match auth {
            Auth::Bearer(token) => self.bearer(token),
            Auth::Basic { user, password } => self.basic(user, password),
            Auth::OAuth2(oauth2) => self.oauth2 = Some(Arc::clone(oauth2)),
        }
    }
}

/// A path under a base address, or a whole address as it stands.
pub fn address(base_url: &str, path: &str) -> String {
    if path.starts_with("http://") || path.starts_with("https://") {
        return path.to_owned();
    }
    let slash = if path.starts_with('/') || path.starts_with('?') || path.is_empty() { "" } else { "/" };
    format!("{}{slash}{path}", base_url.trim_end_matches('/'))
}

/// The address with these query parameters, escaped, after those it has.
pub fn with_query(url: String, pairs: &[(String, String)]) -> String {
    if pairs.is_empty() {
        return url;
    }
    let query = Serializer::new(String::new()).extend_pairs(pairs).finish();
    let mark = if url.contains('?') { '&' } else { '?' };
    format!("{url}{mark}{query}")
}

/// Whether two addresses are of one host and port, so that credentials for one are meant for the other.
pub fn is_same_host(one: &str, other: &str) -> bool {
    is_below(one, other) || is_same_origin(one, other)
}

/// Whether the other address goes on where this one ends: what stands up to there, host and port with it, is the same.
fn is_below(one: &str, other: &str) -> bool {
    let base = one.trim_end_matches('/');
    let names_a_host = base.split_once("://").is_some_and(|(_, host)| !host.is_empty());
    names_a_host && other.strip_prefix(base).is_some_and(|rest| rest.starts_with(['/', '?']))
}

fn is_same_origin(one: &str, other: &str) -> bool {
    match (Url::parse(one), Url::parse(other)) {
        (Ok(one), Ok(other)) => one.origin() == other.origin(),
        _ => false,
    }
}

/// Names with their templates rendered. Fails where a template needs a name that is not known.
pub fn rendered(pairs: &[(String, Template)], ctx: &Context) -> Result<Vec<(String, String)>, TemplateError> {
    pairs.iter().map(|(name, template)| Ok((name.clone(), template.render(ctx)?))).collect()
}

/// A body with its content type; `None` for an empty one. Fails where a template needs a name that is not known.
pub fn payload(body: &Body, ctx: &Context) -> Result<Option<Payload>, TemplateError> {
    payload_with(body, &|_, template| template.render(ctx))
}

/// The same, where each template is rendered with what is known at its place.
pub fn payload_with(
    body: &Body,
    known: &dyn Fn(Place<'_>, &Template) -> Result<String, TemplateError>,
) -> Result<Option<Payload>, TemplateError> {
    let (content_type, text) = match body {
        Body::Empty => return Ok(None),
        Body::Json(tree) => ("application/json", tree.render_with(known)?.to_string()),
        Body::Form(pairs) => {
            let pairs: Result<Vec<_>, _> =
                pairs.iter().map(|(name, template)| Ok((name, known(Place::Field(name), template)?))).collect();
            let form = Serializer::new(String::new()).extend_pairs(pairs?).finish();
            ("application/x-www-form-urlencoded", form)
        }
        Body::Raw { content_type, text } => (content_type.as_str(), known(Place::Text, text)?),
    };
    Ok(Some(Payload { content_type: content_type.to_owned(), bytes: Bytes::from(text) }))
}

#[cfg(test)]
mod tests {
    use super::{address, is_same_host, with_query};

    #[test]
    fn paths_hang_below_the_base_and_whole_addresses_stand_alone() {
        assert_eq!(address("http://a.test/v1/", "/x"), "http://a.test/v1/x");
        assert_eq!(address("http://a.test", "x"), "http://a.test/x");
        assert_eq!(address("http://a.test", "https://b.test/x"), "https://b.test/x");
        assert_eq!(address("http://a.test/x", "?q=1"), "http://a.test/x?q=1");
    }

    #[test]
    fn credentials_are_for_one_host_and_port() {
        assert!(!is_same_host("http://a.test", "http://a.test.evil.test/x"));
        assert!(!is_same_host("http://a.test:1", "http://a.test:2"));
        assert!(
            !is_same_host("http://a.test", "http://a.test:81/x")
                && !is_same_host("http://a.test", "http://a.test@b.test/")
        );
        assert!(!is_same_host("http://", "http://a.test/x") && !is_same_host("", "/x"));
        assert!(is_same_host("http://a.test/", "http://a.test/x") && is_same_host("http://a.test", "http://a.test?x"));
        assert!(is_same_host("http://a.test/v1", "http://a.test:80/x"));
    }

    #[test]
    fn query_values_are_escaped_and_join_a_query_that_is_there() {
        let pairs = [("q".to_owned(), "a&b c".to_owned())];
        assert_eq!(with_query("http://a.test/x".to_owned(), &pairs), "http://a.test/x?q=a%26b+c");
        assert_eq!(with_query("http://a.test/x?y=1".to_owned(), &pairs), "http://a.test/x?y=1&q=a%26b+c");
    }
}
