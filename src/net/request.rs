//! A request as flows and look-ups ask for it, and its answer.

use crate::target::{Answer, OAuth2};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use secrecy::{ExposeSecret, SecretString};
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

/// What is to be sent. `Debug` shows no header and no body.
#[derive(Clone)]
pub struct Request {
    /// HTTP method, upper case.
    pub method: String,
    /// Whole address, query included.
    pub url: String,
    /// Headers, in order.
    pub headers: Vec<(String, String)>,
    /// The `Authorization` header's value; never sent to another host than the request's.
    pub authorization: Option<SecretString>,
    /// Who gives the token of that header, where it is fetched.
    pub oauth2: Option<Arc<OAuth2>>,
    /// Body.
    pub body: Option<Payload>,
    /// Whether redirects are followed.
    pub follow_redirects: bool,
    /// It does something to somebody, whatever its method: no redirect has it done to another.
    pub acts: bool,
    /// From here to the last byte of the last answer.
    pub within: Duration,
}

impl Request {
    /// A request with nothing but method, address and limit; redirects are followed.
    pub fn new(method: &str, url: String, within: Duration) -> Self {
        let (headers, authorization, oauth2, body) = (Vec::new(), None, None, None);
        let (method, follow_redirects, acts) = (method.to_owned(), true, false);
        Self { method, url, headers, authorization, oauth2, body, follow_redirects, acts, within }
    }

    /// Adds `Authorization: Bearer …`.
    pub(super) fn bearer(&mut self, token: &SecretString) {
        self.authorization = Some(SecretString::from(format!("Bearer {}", token.expose_secret())));
    }

    /// Adds `Authorization: Basic …` (RFC 7617).
    pub(super) fn basic(&mut self, user: &str, password: &SecretString) {
        let pair = STANDARD.encode(format!("{user}:{}", password.expose_secret()));
        self.authorization = Some(SecretString::from(format!("Basic {pair}")));
    }
}

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.url.split(['?', '#']).next().unwrap_or_default();
        f.debug_struct("Request").field("method", &self.method).field("url", &path).finish_non_exhaustive()
    }
}

/// A body with its kind.
#[derive(Debug, Clone)]
pub struct Payload {
    /// `Content-Type`; a header of that name in the request wins.
    pub content_type: String,
    /// The bytes.
    pub bytes: Bytes,
}

/// The answer to a request, redirects followed.
#[derive(Debug, Clone)]
pub struct Reply {
    /// The last answer.
    pub answer: Answer,
    /// Requests it took.
    pub requests: u32,
    /// It is the answer to the request as it was asked: no redirect led to another resource, or made another method of it.
    pub as_asked: bool,
}
