//! One applicant's dealings with the far side: requests in turn, with cookies kept between them.

use super::body::MarkedBody;
use super::decoded::{ACCEPTED, Undecoded, decoded};
use super::door::host;
use super::{Door, Error, Payload, Reply, Request, Trace, redirect};
use crate::target::Answer;
use bytes::{Bytes, BytesMut};
use cookie_store::CookieStore;
use reqwest::Method;
use reqwest::header::{
    ACCEPT_ENCODING, AUTHORIZATION, CONTENT_LENGTH, CONTENT_TYPE, COOKIE, HeaderMap, HeaderName, HeaderValue,
    SET_COOKIE, USER_AGENT,
};
use secrecy::{ExposeSecret, SecretString};
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use thiserror::Error as ThisError;
use url::Url;

/// Answers larger than this are not read.
const MOST_BYTES: usize = 16 << 20;

/// What a browser would keep of one site, about; a far side that sets more sets them in vain.
const MOST_COOKIES: usize = 100;
/// The longest that a browser takes, name and attributes with it (RFC 6265 section 6.1).
const LONGEST_COOKIE: usize = 4096;

/// A request without an answer that can be used.
#[derive(Debug, Clone, PartialEq, Eq, ThisError)]
#[error("{error}")]
pub struct Failure {
    /// What happened.
    pub error: Error,
    /// Whether anything may have reached the far side. `false` is certain: no connection came about, or none took the
    /// body.
    pub sent: bool,
    /// Requests that were made, the failed one included.
    pub requests: u32,
}

/// Requests of one applicant (or one look-up), in turn; cookies are kept from one to the next and shared with nobody.
pub struct Session {
    door: Door,
    jar: CookieStore,
    trace: Trace,
    requests: u64,
}

/// The cookies of a session that has ended. `Debug` shows none.
#[derive(Clone)]
pub struct Jar(CookieStore);

impl fmt::Debug for Jar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Jar")
    }
}

/// One request of a chain of redirects.
pub(super) struct Hop {
    pub(super) method: Method,
    pub(super) url: Url,
    pub(super) headers: Vec<(HeaderName, HeaderValue)>,
    pub(super) authorization: Option<SecretString>,
    pub(super) body: Option<Payload>,
    /// A redirect led to another port or scheme of the host whose cookies these are.
    pub(super) without_cookies: bool,
    /// A redirect had a request that acts sent once more.
    pub(super) was_repeated: bool,
    /// It does something to somebody although its method says that it does not.
    pub(super) acts: bool,
}

/// How far a chain has come, readable when it is cut off by its time limit.
#[derive(Default)]
struct Progress {
    requests: u32,
    /// An earlier request of the chain was answered.
    answered: bool,
    /// The request under way may be on the wire: it has no body by which one could tell.
    bodiless: bool,
    /// A connection took the body of the request under way.
    taken: Arc<AtomicBool>,
}

impl Progress {
    fn maybe_sent(&self) -> bool {
        self.answered || self.bodiless || self.taken.load(Ordering::SeqCst)
    }
}

impl Session {
    pub(super) fn new(door: Door, trace: Trace) -> Self {
        Self { door, jar: CookieStore::default(), trace, requests: 0 }
    }

    /// The same session, going on with the cookies of one before.
    #[must_use]
    pub fn with_jar(self, Jar(jar): Jar) -> Self {
        Self { jar, ..self }
    }

    /// Ends the session; its cookies, where it has any.
    pub fn into_jar(self) -> Option<Jar> {
        self.jar.iter_unexpired().next()?;
        Some(Jar(self.jar))
    }

    /// The values of its cookies: never to be written.
    pub fn cookies(&self) -> impl Iterator<Item = &str> {
        self.jar.iter_any().map(|cookie| cookie.value())
    }

    /// Sends a request, follows its redirects where asked to, and reads the answer to its end, all within the request's
    /// limit and the door's halt. Whatever comes back with a status is an answer, not a failure. Where an access token lets it in,
    /// one is fetched first where there is none, and once more where that is answered 401, which says that nothing was done.
    pub async fn send(&mut self, request: &Request) -> Result<Reply, Failure> {
        let Some(oauth2) = &request.oauth2 else { return self.send_with(request, None).await };
        let door = self.door.clone();
        let token = door.token(oauth2, None).await?;
        let reply = self.send_with(request, Some(token.authorization())).await?;
        // after a redirect nobody knows which of the requests was refused
        if reply.answer.status != 401 || reply.requests > 1 {
            return Ok(reply);
        }
        let Ok(token) = door.token(oauth2, Some(&token)).await else { return Ok(reply) };
        match self.send_with(request, Some(token.authorization())).await {
            Ok(again) => Ok(Reply { requests: again.requests + reply.requests, ..again }),
            Err(failure) => Err(Failure { requests: failure.requests + reply.requests, ..failure }),
        }
    }

    /// The same with this authorization, where there is one, in place of the request's own.
    pub(super) async fn send_with(
        &mut self,
        request: &Request,
        authorization: Option<SecretString>,
    ) -> Result<Reply, Failure> {
        let mut progress = Progress::default();
        let mut asked = String::new();
        let halt = self.door.halt().clone();
        if halt.is_over() {
            return Err(Failure { error: Error::Halted, sent: false, requests: 0 });
        }
        let chain = self.chain((request, authorization), &mut progress, &mut asked);
        let chain = tokio::time::timeout(request.within, chain);
        let error = match halt.await_or_give_up(chain).await {
            Some(Ok(Ok((answer, as_asked)))) => return Ok(Reply { answer, requests: progress.requests, as_asked }),
            Some(Ok(Err(error))) => error,
            Some(Err(_)) => Error::TimedOut { host: asked, within: request.within },
            None => Error::Halted,
        };
        Err(Failure { sent: progress.answered || sent_despite(&error, &progress), error, requests: progress.requests })
    }

    async fn chain(
        &mut self,
        (request, authorization): (&Request, Option<SecretString>),
        progress: &mut Progress,
        asked: &mut String,
    ) -> Result<(Answer, bool), Error> {
        let mut hop = self.first(request)?;
        hop.authorization = authorization.or(hop.authorization);
        let written = (hop.method.clone(), hop.url.clone());
        loop {
            *asked = host(&hop.url);
            let was_led = progress.requests > 0;
            let (status, headers, body) = match self.hop(&hop, request.within, progress).await {
                Err(error) if was_led => return Err(self.door.of_led_to(error, (&written.1, &hop.url))),
                ended => ended?,
            };
            match redirect::location(status, &headers, &hop.url).filter(|_| request.follow_redirects) {
                None => {
                    let as_asked = hop.method == written.0 && redirect::is_same_resource(&written.1, &hop.url);
                    return Ok((self.answer(status, &headers, body, &hop.url), as_asked));
                }
                Some(Err(())) => return Err(Error::BadRedirect { host: host(&hop.url) }),
                Some(Ok(_)) if progress.requests > redirect::MOST => {
                    return Err(Error::TooManyRedirects { host: host(&hop.url), limit: redirect::MOST });
                }
                Some(Ok(to)) => {
                    let checked = self.door.check(&to).and_then(|()| self.door.check_led_to(&hop.url, &to));
                    checked.map_err(|e| redirect::without_path(e, &to))?;
                    redirect::follow(&mut hop, status, to)?;
                }
            }
        }
    }

    fn first(&self, request: &Request) -> Result<Hop, Error> {
        let method = Method::from_bytes(request.method.as_bytes());
        let method = method.map_err(|_| Error::BadPart { what: "method", name: request.method.clone() })?;
        let url = Url::parse(&request.url).map_err(|e| {
            let address = request.url.split(['?', '#']).next().unwrap_or_default();
            Error::BadAddress { address: self.door.redact(address), cause: e.to_string() }
        })?;
        let headers: Result<_, _> = request.headers.iter().map(|(n, v)| self.header(n, v)).collect();
        let (authorization, body) = (request.authorization.clone(), request.body.clone());
        let (acts, without_cookies, was_repeated) = (request.acts, false, false);
        Ok(Hop { method, url, headers: headers?, authorization, body, without_cookies, was_repeated, acts })
    }

    /// A header fit to be sent; one that holds a secret of the target is marked so that nothing shows it.
    fn header(&self, name: &str, value: &str) -> Result<(HeaderName, HeaderValue), Error> {
        let bad = || Error::BadPart { what: "header", name: name.to_owned() };
        let mut sent = HeaderValue::from_str(value).map_err(|_| bad())?;
        sent.set_sensitive(self.door.redact(value) != value);
        Ok((HeaderName::from_bytes(name.as_bytes()).map_err(|_| bad())?, sent))
    }

    async fn hop(
        &mut self,
        hop: &Hop,
        within: Duration,
        progress: &mut Progress,
    ) -> Result<(u16, HeaderMap, Bytes), Error> {
        self.door.check(&hop.url)?;
        progress.requests += 1;
        progress.taken = Arc::default();
        progress.bodiless = hop.body.as_ref().is_none_or(|body| body.bytes.is_empty());
        self.requests += 1;
        let sending = self.build(hop, &progress.taken)?.send().await;
        let mut response = sending.map_err(|e| self.door.classify(&e, &hop.url, within))?;
        progress.taken.store(true, Ordering::SeqCst);
        self.keep_cookies(response.headers(), &hop.url);
        let body = self.read(&mut response, &hop.url, within).await?;
        progress.answered = true;
        let body = match decoded(response.headers(), body, MOST_BYTES) {
            Ok(body) => body,
            // its status says what happened
            Err(_) if !response.status().is_success() => Bytes::new(),
            Err(why) => return Err(undecoded(why, host(&hop.url))),
        };
        Ok((response.status().as_u16(), response.headers().clone(), body))
    }

    fn build(&self, hop: &Hop, taken: &Arc<AtomicBool>) -> Result<reqwest::RequestBuilder, Error> {
        let mut headers: HeaderMap = HeaderMap::new();
        for (name, value) in &hop.headers {
            headers.append(name, value.clone());
        }
        if let Some(body) = hop.body.as_ref().filter(|_| !headers.contains_key(CONTENT_TYPE)) {
            headers.insert(CONTENT_TYPE, self.header("content-type", &body.content_type)?.1);
        }
        if hop.body.is_none() && matches!(hop.method, Method::POST | Method::PUT | Method::PATCH) {
            // RFC 9110 section 8.6; some servers answer 411 without it.
            headers.insert(CONTENT_LENGTH, HeaderValue::from_static("0"));
        }
        headers.insert(USER_AGENT, self.header("user-agent", self.door.user_agent())?.1);
        headers.insert("traceparent", self.header("traceparent", &self.trace.parent(self.requests))?.1);
        headers.entry(ACCEPT_ENCODING).or_insert(HeaderValue::from_static(ACCEPTED));
        if let Some(authorization) = hop.authorization.as_ref().filter(|_| !headers.contains_key(AUTHORIZATION)) {
            headers.insert(AUTHORIZATION, self.header("authorization", authorization.expose_secret())?.1);
        }
        if !hop.without_cookies
            && let Some(cookies) = self.cookie_header(&hop.url)?
        {
            headers.insert(COOKIE, cookies);
        }
        let request = self.door.client(&hop.url).request(hop.method.clone(), hop.url.clone()).headers(headers);
        Ok(match &hop.body {
            Some(body) => request.body(reqwest::Body::wrap(MarkedBody::new(body.bytes.clone(), Arc::clone(taken)))),
            None => request,
        })
    }

    fn cookie_header(&self, url: &Url) -> Result<Option<HeaderValue>, Error> {
        let pairs: Vec<_> = self.jar.get_request_values(url).map(|(name, value)| format!("{name}={value}")).collect();
        if pairs.is_empty() {
            return Ok(None);
        }
        Ok(Some(self.header("cookie", &pairs.join("; "))?.1))
    }

    fn keep_cookies(&mut self, headers: &HeaderMap, url: &Url) {
        let texts = headers.get_all(SET_COOKIE).iter().filter_map(|value| value.to_str().ok());
        for text in texts.filter(|text| text.len() <= LONGEST_COOKIE) {
            if self.jar.iter_any().count() >= MOST_COOKIES {
                return;
            }
            // A cookie that the jar refuses (another domain's, unreadable) is one a browser would refuse too.
            let _ = self.jar.parse(text, url);
        }
    }

    async fn read(&self, response: &mut reqwest::Response, url: &Url, within: Duration) -> Result<Bytes, Error> {
        let too_large = || Error::TooLarge { host: host(url), limit: MOST_BYTES };
        if response.content_length().is_some_and(|length| length > MOST_BYTES as u64) {
            return Err(too_large());
        }
        let mut body = BytesMut::new();
        while let Some(chunk) = response.chunk().await.map_err(|e| self.door.classify(&e, url, within))? {
            if body.len() + chunk.len() > MOST_BYTES {
                return Err(too_large());
            }
            body.extend_from_slice(&chunk);
        }
        Ok(body.freeze())
    }

    fn answer(&self, status: u16, headers: &HeaderMap, body: Bytes, url: &Url) -> Answer {
        let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
        let headers = headers.iter().map(|(name, value)| (name.as_str().to_owned(), text(value))).collect();
        let cookies = self.jar.iter_unexpired().map(|c| (c.name().to_owned(), c.value().to_owned())).collect();
        Answer { status, headers, body: body.into(), url: url.to_string(), cookies, ..Answer::default() }
    }
}

fn undecoded(why: Undecoded, host: String) -> Error {
    match why {
        Undecoded::Unknown(encoding) => Error::Encoded { host, encoding },
        Undecoded::Spoiled(coding) => {
            Error::BrokenOff { host, cause: format!("it is not the `{coding}` that it says") }
        }
        Undecoded::TooLarge => Error::TooLarge { host, limit: MOST_BYTES },
    }
}

/// Whether the request that failed may have reached the far side.
fn sent_despite(error: &Error, progress: &Progress) -> bool {
    match error {
        Error::TimedOut { .. } | Error::BrokenOff { .. } | Error::Halted => progress.maybe_sent(),
        Error::TooLarge { .. }
        | Error::Encoded { .. }
        | Error::TooManyRedirects { .. }
        | Error::NotRepeated { .. }
        | Error::BadRedirect { .. } => true,
        _ => false,
    }
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session").field("requests", &self.requests).finish_non_exhaustive()
    }
}
