//! How a redirect changes a request (RFC 9110 section 15.4).

use super::session::Hop;
use reqwest::Method;
use reqwest::header::{HeaderName, LOCATION};
use url::Url;

/// At most so many redirects are followed.
pub(super) const MOST: u32 = 10;

/// Headers that describe a body, and go with it.
const OF_THE_BODY: [&str; 5] =
    ["content-type", "content-length", "content-encoding", "content-language", "transfer-encoding"];

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

/// The request that follows a redirect: POST becomes GET after 301, 302 and 303; credentials stay behind where another
/// host is asked.
pub(super) fn follow(hop: &mut Hop, status: u16, to: Url) {
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
        hop.authorization = None;
        hop.headers.retain(|(name, value)| !is_credential(name) && !value.is_sensitive());
    }
    hop.url = to;
}

/// Whether credentials for one address are meant for the other too: same host and port, and not from TLS to plain.
pub(super) fn same_host(from: &Url, to: &Url) -> bool {
    let upgrade = from.scheme() == "http" && to.scheme() == "https" && from.port().is_none() && to.port().is_none();
    let same_port = from.scheme() == to.scheme() && from.port_or_known_default() == to.port_or_known_default();
    from.host_str() == to.host_str() && (same_port || upgrade)
}

fn is_credential(name: &HeaderName) -> bool {
    matches!(name.as_str(), "authorization" | "proxy-authorization" | "cookie" | "x-api-key" | "www-authenticate")
}

#[cfg(test)]
mod tests {
    use super::same_host;

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
