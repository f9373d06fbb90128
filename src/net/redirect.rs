//! How a redirect changes a request (RFC 9110 section 15.4).

use super::Error;
use super::door::host;
use super::session::Hop;
use crate::target::Evidence;
use reqwest::Method;
use reqwest::header::LOCATION;
use url::Url;

/// At most so many redirects are followed.
pub(super) const MOST: u32 = 10;

/// Headers that describe a body, and go with it.
const OF_THE_BODY: [&str; 5] =
    ["content-type", "content-length", "content-encoding", "content-language", "transfer-encoding"];

/// Headers that say nothing but what answer is wanted: no more goes to another host, for what a header holds may have come
/// from a secret or from an earlier answer.
const FOR_ANYBODY: [&str; 3] = ["accept", "accept-language", "cache-control"];

/// Where an answer redirects to; `None` where it does not, and an error where its `Location` cannot be read.
pub(super) fn location(status: u16, headers: &reqwest::header::HeaderMap, from: &Url) -> Option<Result<Url, ()>> {
    if !matches!(status, 301 | 302 | 303 | 307 | 308) {
        return None;
    }
    let text = headers.get(LOCATION)?;
    // Some servers send UTF-8 in `Location`; the parser escapes it.
    let text = std::str::from_utf8(text.as_bytes());
    Some(text.map_err(drop).and_then(|text| from.join(text).map_err(drop)))
}

/// The request that follows a redirect: POST becomes GET after 301, 302 and 303. Where another host is asked, credentials,
/// headers of ours and cookies stay behind; fails where a body would have to go there.
pub(super) fn follow(hop: &mut Hop, status: u16, to: Url) -> Result<(), Error> {
    let becomes_get = match status {
        303 => hop.method != Method::HEAD,
        301 | 302 => hop.method == Method::POST,
        _ => false,
    };
    if becomes_get {
        hop.method = Method::GET;
        hop.body = None;
        hop.headers.retain(|(name, _)| !OF_THE_BODY.contains(&name.as_str()));
    }
    if !same_host(&hop.url, &to) {
        if hop.body.as_ref().is_some_and(|body| !body.bytes.is_empty()) {
            return Err(Error::BodyElsewhere { host: host(&hop.url), to: host(&to), status });
        }
        hop.authorization = None;
        hop.headers.retain(|(name, _)| FOR_ANYBODY.contains(&name.as_str()));
        // The jar tells names apart, and neither ports nor schemes.
        hop.without_cookies |= hop.url.host_str() == to.host_str();
    }
    hop.url = to;
    Ok(())
}

/// Whether credentials for one address are meant for the other too: same host and port, and not from TLS to plain.
pub(super) fn same_host(from: &Url, to: &Url) -> bool {
    let upgrade = from.scheme() == "http" && to.scheme() == "https" && from.port().is_none() && to.port().is_none();
    let same_port = from.scheme() == to.scheme() && from.port_or_known_default() == to.port_or_known_default();
    from.host_str() == to.host_str() && (same_port || upgrade)
}

/// Whether a redirect led to nothing but another spelling of the same: TLS, or a slash at the end.
pub(super) fn is_same_resource(from: &Url, to: &Url) -> bool {
    let path = |url: &Url| url.path().trim_end_matches('/').to_owned();
    same_host(from, to) && path(from) == path(to) && from.query() == to.query()
}

/// The error of an address that an answer redirects to: its path is the far side's words, and may hold somebody's name.
pub(super) fn without_path(error: Error, to: &Url) -> Error {
    match error {
        Error::BadAddress { cause, .. } => {
            let part = |text: &str| Evidence::of(text).to_string();
            let (scheme, host, path) = (part(to.scheme()), part(to.host_str().unwrap_or_default()), part(to.path()));
            Error::BadAddress { address: format!("{scheme}://{host}{path}"), cause }
        }
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::{follow, same_host};
    use crate::net::session::Hop;
    use crate::net::{Error, Payload};
    use reqwest::Method;
    use reqwest::header::{HeaderName, HeaderValue};

    /// A request with a body, a captured token in a header of the target's own, and a harmless header.
    fn hop() -> Hop {
        let header = |name, value| (HeaderName::from_static(name), HeaderValue::from_static(value));
        Hop {
            method: Method::POST,
            url: "https://a.test/login".parse().unwrap(),
            headers: vec![header("x-household", "captured"), header("accept", "text/html")],
            authorization: Some("Bearer t".to_owned().into()),
            body: Some(Payload { content_type: "text/plain".to_owned(), bytes: "password=p".into() }),
            without_cookies: false,
        }
    }

    fn names(hop: &Hop) -> Vec<&str> {
        hop.headers.iter().map(|(name, _)| name.as_str()).collect()
    }

    #[test]
    fn a_redirect_at_the_same_origin_keeps_body_headers_and_credentials() {
        for status in [307, 308] {
            let mut hop = hop();
            follow(&mut hop, status, "https://a.test/next".parse().unwrap()).unwrap();
            assert_eq!(names(&hop), ["x-household", "accept"]);
            assert!(hop.authorization.is_some() && hop.body.is_some() && !hop.without_cookies);
        }
    }

    #[test]
    fn a_redirect_to_another_origin_takes_no_header_of_ours_along() {
        for (to, without_cookies) in
            [("https://b.test/x", false), ("https://a.test:8443/x", true), ("http://a.test/x", true)]
        {
            let mut hop = hop();
            follow(&mut hop, 303, to.parse().unwrap()).unwrap();
            assert_eq!(names(&hop), ["accept"], "{to}");
            assert!(hop.authorization.is_none() && hop.body.is_none(), "{to}");
            assert_eq!(hop.without_cookies, without_cookies, "{to}");
        }
    }

    #[test]
    fn a_body_never_follows_to_another_origin() {
        for (method, status) in [(Method::POST, 307), (Method::POST, 308), (Method::PUT, 302)] {
            let mut hop = hop();
            hop.method = method;
            let refused = follow(&mut hop, status, "https://b.test/x".parse().unwrap());
            let (host, to) = ("a.test".to_owned(), "b.test".to_owned());
            assert_eq!(refused, Err(Error::BodyElsewhere { host, to, status }));
        }
    }

    #[test]
    fn credentials_go_to_the_same_host_and_never_from_tls_to_plain() {
        let same = |a: &str, b: &str| same_host(&a.parse().unwrap(), &b.parse().unwrap());
        assert!(same("http://a.test/x", "http://a.test/y"));
        assert!(same("http://a.test/x", "https://a.test/x"));
        assert!(!same("https://a.test/x", "http://a.test/x"));
        assert!(!same("http://a.test/x", "http://b.test/x"));
        assert!(!same("http://a.test:1/x", "http://a.test:2/x"));
    }
}
