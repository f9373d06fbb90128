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
/// headers of ours and cookies stay behind. Fails where a request that acts would be repeated elsewhere, whose resource may be
/// a stranger's, or a second time: each may have been carried out; and where a body would have to go to another host.
pub(super) fn follow(hop: &mut Hop, status: u16, to: Url) -> Result<(), Error> {
    let becomes_get = match status {
        303 => hop.method != Method::HEAD,
        301 | 302 => hop.method == Method::POST,
        _ => false,
    };
    if becomes_get {
        // what follows it looks at what came of it
        hop.acts &= hop.method == Method::GET;
        hop.method = Method::GET;
        hop.body = None;
        hop.headers.retain(|(name, _)| !OF_THE_BODY.contains(&name.as_str()));
    }
    let acts = hop.acts || hop.method != Method::GET && hop.method != Method::HEAD;
    let may_act = !hop.was_repeated && is_other_spelling(&hop.url, &to);
    let has_body = hop.body.as_ref().is_some_and(|body| !body.bytes.is_empty());
    if acts && !may_act || has_body && !same_host(&hop.url, &to) {
        let to = format!("{}{}", host(&to), Evidence::of(to.path()));
        return Err(Error::NotRepeated { host: host(&hop.url), to, status });
    }
    hop.was_repeated |= acts;
    if !same_host(&hop.url, &to) {
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

/// Whether an address is the same resource's, and not written the same.
fn is_other_spelling(from: &Url, to: &Url) -> bool {
    is_same_resource(from, to) && (from.scheme(), from.path()) != (to.scheme(), to.path())
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
            was_repeated: false,
            acts: false,
        }
    }

    fn names(hop: &Hop) -> Vec<&str> {
        hop.headers.iter().map(|(name, _)| name.as_str()).collect()
    }

    #[test]
    fn a_redirect_at_the_same_origin_keeps_body_headers_and_credentials() {
        for status in [307, 308] {
            let mut hop = hop();
            follow(&mut hop, status, "https://a.test/login/".parse().unwrap()).unwrap();
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

    /// Follows from `https://a.test/cancel/A1`, with a body and without; whether both were refused.
    fn is_refused(method: &Method, status: u16, to: &str) -> bool {
        let refused = [true, false].map(|has_body| {
            let mut hop = hop();
            (hop.method, hop.url) = (method.clone(), "https://a.test/cancel/A1".parse().unwrap());
            hop.body = hop.body.filter(|_| has_body);
            match follow(&mut hop, status, to.parse().unwrap()) {
                Err(Error::NotRepeated { host, to, status: told }) => {
                    assert_eq!((host.as_str(), told), ("a.test", status));
                    assert!(!to.contains("REALAPP999"), "{to}");
                    true
                }
                followed => followed.is_err(),
            }
        });
        assert_eq!(refused[0], refused[1], "{method} {status} {to}");
        refused[0]
    }

    #[test]
    fn a_request_that_acts_goes_on_to_no_other_resource() {
        let elsewhere =
            ["https://a.test/cancel/REALAPP999", "https://a.test/cancel/A1?of=REALAPP999", "https://b.test/x"];
        let itself = "https://a.test/cancel/A1";
        for to in elsewhere.into_iter().chain([itself, "http://a.test/cancel/A1", "https://a.test/cancel/A%31/"]) {
            for (method, status) in
                [(Method::POST, 307), (Method::POST, 308), (Method::PUT, 302), (Method::DELETE, 301)]
            {
                assert!(is_refused(&method, status, to), "{method} {status} {to}");
            }
            for (method, status) in [(Method::POST, 301), (Method::POST, 303), (Method::DELETE, 303)] {
                assert!(!is_refused(&method, status, to), "{method} {status} {to}");
            }
        }
        assert!(!is_refused(&Method::DELETE, 301, "https://a.test/cancel/A1/"));
        let mut read = hop();
        (read.method, read.body) = (Method::GET, None);
        follow(&mut read, 307, "https://b.test/x".parse().unwrap()).unwrap();
    }

    #[test]
    fn a_get_that_acts_goes_on_to_no_other_resource_either() {
        let led = |status, to: &str| {
            let mut hop = hop();
            (hop.method, hop.body, hop.acts) = (Method::GET, None, true);
            hop.url = "http://a.test/cancel/A1".parse().unwrap();
            follow(&mut hop, status, to.parse().unwrap())
        };
        for status in [301, 302, 303, 307, 308] {
            for to in ["http://a.test/cancel/REALAPP999", "http://a.test/cancel/A1?of=REALAPP999", "http://b.test/x"] {
                assert!(matches!(led(status, to), Err(Error::NotRepeated { .. })), "{status} {to}");
            }
            assert!(led(status, "https://a.test/cancel/A1").is_ok(), "{status}");
        }
        let mut posted = hop();
        posted.acts = true;
        follow(&mut posted, 303, "https://a.test/applications/7".parse().unwrap()).unwrap();
        assert!(!posted.acts, "what it leads to looks at what was done");
    }

    #[test]
    fn a_request_that_acts_is_repeated_once() {
        let mut hop = hop();
        hop.url = "http://a.test/apply".parse().unwrap();
        follow(&mut hop, 308, "https://a.test/apply".parse().unwrap()).unwrap();
        let again = follow(&mut hop, 308, "https://a.test/apply/".parse().unwrap());
        assert!(matches!(again, Err(Error::NotRepeated { status: 308, .. })), "{again:?}");
    }

    #[test]
    fn a_body_never_follows_to_another_origin() {
        let mut hop = hop();
        hop.method = Method::GET;
        let refused = follow(&mut hop, 307, "https://b.test/x".parse().unwrap());
        assert!(matches!(refused, Err(Error::NotRepeated { status: 307, .. })), "{refused:?}");
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
