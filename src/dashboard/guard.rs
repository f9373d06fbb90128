//! Who may look: on loopback whoever is on this machine, elsewhere who has the token.

use super::Asked;
use axum::http::{HeaderMap, header};
use sha2::{Digest, Sha256};
use std::net::{IpAddr, SocketAddr};

/// A token of fewer characters could be tried out.
const SHORTEST: usize = 16;
/// The cookie by which a browser that showed the token is known again.
const COOKIE: &str = "johndoe_dashboard";

/// What somebody who may look has to show. Neither the token nor anything that shows it again is kept or printed.
#[derive(Clone)]
pub struct Token {
    digest: [u8; 32],
    session: [u8; 32],
}

/// The token could be tried out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("has {0} characters and needs {SHORTEST} at least; `openssl rand -hex 24` makes one")]
pub struct WeakToken(usize);

impl Token {
    /// Fails where it is too short.
    pub fn new(text: &str) -> Result<Self, WeakToken> {
        let characters = text.chars().count();
        if characters < SHORTEST {
            return Err(WeakToken(characters));
        }
        let digest: [u8; 32] = Sha256::digest(text).into();
        Ok(Self { digest, session: Sha256::digest(session_of(&digest)).into() })
    }

    /// Whether this is it. Digests are compared, and all of them: how long it takes says nothing of the token.
    fn is(&self, shown: &str) -> bool {
        same(&self.digest, &Sha256::digest(shown).into())
    }

    fn is_session(&self, shown: &str) -> bool {
        same(&self.session, &Sha256::digest(shown).into())
    }
}

impl std::fmt::Debug for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("[REDACTED]")
    }
}

fn session_of(digest: &[u8; 32]) -> String {
    crate::model::hex(&Sha256::digest([b"johndoe dashboard session ".as_slice(), digest].concat()))
}

fn same(a: &[u8; 32], b: &[u8; 32]) -> bool {
    std::hint::black_box(a.iter().zip(b).fold(0, |differing, (a, b)| differing | (a ^ b))) == 0
}

/// What is let through.
#[derive(Debug, Clone)]
pub struct Guard {
    token: Option<Token>,
    is_loopback: bool,
}

/// What becomes of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Access {
    /// It is answered.
    Granted,
    /// It is for somebody else: a page of another site whose name leads here would read what is shown.
    OtherHost,
    /// The token was not shown.
    TokenNeeded,
}

impl Guard {
    /// For a server at this address. Nothing where the address is not of this machine alone, and no token is asked for.
    pub fn new(at: SocketAddr, token: Option<Token>) -> Option<Self> {
        let is_loopback = at.ip().to_canonical().is_loopback();
        (is_loopback || token.is_some()).then_some(Self { token, is_loopback })
    }

    pub(super) fn access(&self, headers: &HeaderMap, asked: Option<&Asked>) -> Access {
        if self.is_loopback && !named_locally(headers) {
            return Access::OtherHost;
        }
        match &self.token {
            Some(token) if asked != Some(&Asked::Login) && !shows(token, headers) => Access::TokenNeeded,
            _ => Access::Granted,
        }
    }

    /// The cookie for who has filled in the form, where what was filled in is the token.
    pub(super) fn cookie_for(&self, shown: &str) -> Option<String> {
        let token = self.token.as_ref().filter(|token| token.is(shown.trim()))?;
        let session = session_of(&token.digest);
        Some(format!("{COOKIE}={session}; Path=/; HttpOnly; SameSite=Strict; Max-Age=43200"))
    }
}

/// Whether the request was made to this machine by a name that nobody else can give it: DNS may lead any other name here.
fn named_locally(headers: &HeaderMap) -> bool {
    let mut hosts = headers.get_all(header::HOST).iter();
    let (Some(Ok(host)), None) = (hosts.next().map(|host| host.to_str()), hosts.next()) else { return false };
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    };
    let bare = name.strip_prefix('[').and_then(|name| name.strip_suffix(']')).unwrap_or(name);
    name.eq_ignore_ascii_case("localhost") || bare.parse().is_ok_and(|ip: IpAddr| ip.to_canonical().is_loopback())
}

fn shows(token: &Token, headers: &HeaderMap) -> bool {
    let text = |name| headers.get_all(name).iter().filter_map(|value| value.to_str().ok());
    let bearer = |value: &str| {
        let (scheme, shown) = value.split_once(' ')?;
        scheme.eq_ignore_ascii_case("bearer").then(|| token.is(shown.trim()))
    };
    let cookie = |value: &str| {
        let pairs = value.split(';').filter_map(|pair| pair.trim().split_once('='));
        pairs.filter(|(name, _)| *name == COOKIE).any(|(_, shown)| token.is_session(shown))
    };
    text(header::AUTHORIZATION).any(|value| bearer(value) == Some(true)) || text(header::COOKIE).any(cookie)
}

#[cfg(test)]
mod tests {
    use super::{Access, Asked, Guard, Token, header};
    use axum::http::{HeaderMap, HeaderName};

    const SECRET: &str = "correct horse battery";

    fn headers(pairs: &[(HeaderName, &str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (name.clone(), value.parse().unwrap())).collect()
    }

    #[test]
    fn on_loopback_only_names_of_this_machine_are_answered() {
        let guard = Guard::new("127.0.0.1:8834".parse().unwrap(), None).unwrap();
        let access = |host: &str| guard.access(&headers(&[(header::HOST, host)]), Some(&Asked::Now));
        for host in ["127.0.0.1:8834", "localhost", "LOCALHOST:1", "[::1]:8834", "127.1.2.3"] {
            assert_eq!(access(host), Access::Granted, "{host}");
        }
        for host in ["evil.example", "localhost.evil.example", "127.0.0.1.evil.example:8834", "10.0.0.1", "", "[::1].x"]
        {
            assert_eq!(access(host), Access::OtherHost, "{host}");
        }
        assert_eq!(guard.access(&HeaderMap::new(), None), Access::OtherHost);
        let twice = [(header::HOST, "localhost"), (header::HOST, "evil.example")];
        let mut both = HeaderMap::new();
        for (name, value) in twice {
            both.append(name, value.parse().unwrap());
        }
        assert_eq!(guard.access(&both, None), Access::OtherHost);
    }

    #[test]
    fn elsewhere_a_token_is_needed_and_nothing_else_serves() {
        let at = "0.0.0.0:8834".parse().unwrap();
        assert!(Guard::new(at, None).is_none(), "without a token nobody listens there");
        let guard = Guard::new(at, Some(Token::new(SECRET).unwrap())).unwrap();
        let access = |pairs: &[(HeaderName, &str)]| guard.access(&headers(pairs), Some(&Asked::Now));
        assert_eq!(access(&[]), Access::TokenNeeded);
        let bearer = format!("Bearer {SECRET}");
        assert_eq!(access(&[(header::AUTHORIZATION, &bearer)]), Access::Granted);
        for wrong in [format!("Basic {SECRET}"), format!("Bearer {SECRET}x"), "Bearer".to_owned(), SECRET.to_owned()] {
            assert_eq!(access(&[(header::AUTHORIZATION, &wrong)]), Access::TokenNeeded, "{wrong}");
        }
        assert_eq!(guard.cookie_for("something else entirely"), None);
        let cookie = guard.cookie_for(SECRET).unwrap();
        assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite") && !cookie.contains(SECRET), "{cookie}");
        let kept = format!("other=1; {}", cookie.split(';').next().unwrap());
        assert_eq!(access(&[(header::COOKIE, &kept)]), Access::Granted);
        let forged = format!("johndoe_dashboard={SECRET}");
        assert_eq!(access(&[(header::COOKIE, &forged)]), Access::TokenNeeded);
        assert_eq!(guard.access(&HeaderMap::new(), Some(&Asked::Login)), Access::Granted);
    }

    #[test]
    fn a_token_that_could_be_tried_out_is_none() {
        assert!(Token::new("short").unwrap_err().to_string().contains("has 5 characters and needs 16"));
        assert_eq!(format!("{:?}", Token::new(SECRET).unwrap()), "[REDACTED]");
    }
}
