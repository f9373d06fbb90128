//! One address to which is posted, through the door to its host alone.

use crate::net::{Door, Error, Payload, Request, Trace, retry_after};
use crate::target::{Answer as Answered, Secrets};
use chrono::{DateTime, Utc};
use johndoe_vigil::delivery::Answer;
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;
use std::fmt;
use std::time::Duration;
use url::Url;

/// Whoever answers later than this has not answered.
const WITHIN: Duration = Duration::from_secs(10);

/// An address, and the door to its host. `Debug` shows neither.
pub(super) struct Postbox {
    address: SecretString,
    door: Door,
}

impl Postbox {
    /// The way to an address. No part of it is in the error.
    pub(super) fn at(address: &SecretString) -> Result<Self, String> {
        let text = address.expose_secret();
        let url = Url::parse(text).map_err(|_| "its address is none".to_owned())?;
        let host = url.host_str().ok_or("its address names no host")?.to_owned();
        let pieces = url.path_segments().into_iter().flatten().map(ToOwned::to_owned);
        let hidden: Vec<String> = pieces.chain([text.to_owned(), host.clone()]).collect();
        let secrets = Secrets::new(hidden.iter().map(String::as_str), &[]);
        let door = Door::to_hosts(&[host], secrets).map_err(|_| "no way to its host can be set up".to_owned())?;
        Ok(Self { address: address.clone(), door })
    }

    /// Posts JSON, with the key by which it is known again.
    pub(super) async fn post(&self, body: &Value, key: &str, now: DateTime<Utc>) -> Answer {
        let payload =
            Payload { content_type: "application/json".to_owned(), bytes: body.to_string().into_bytes().into() };
        // a header holds visible characters of ASCII
        let key: String = key.chars().map(|c| if c.is_ascii_graphic() { c } else { '_' }).collect();
        let request = Request {
            headers: vec![("Idempotency-Key".to_owned(), key)],
            body: Some(payload),
            ..self.request("POST", "")
        };
        match self.send(&request).await {
            Ok(answered) => said(&answered, now),
            Err(error) => Answer::Failed { why: in_words(&error) },
        }
    }

    /// Posts text to the address with this at its end.
    pub(super) async fn post_text(&self, end: &str, text: &str) {
        let payload = Payload { content_type: "text/plain; charset=utf-8".to_owned(), bytes: text.to_owned().into() };
        let request = Request { body: Some(payload), ..self.request("POST", end) };
        drop(self.send(&request).await);
    }

    fn request(&self, method: &str, end: &str) -> Request {
        let mut url = self.address.expose_secret().to_owned();
        if !end.is_empty()
            && let Ok(mut longer) = Url::parse(&url)
        {
            let path = format!("{}{end}", longer.path().trim_end_matches('/'));
            longer.set_path(&path);
            url = longer.into();
        }
        Request { follow_redirects: false, acts: true, ..Request::new(method, url, WITHIN) }
    }

    async fn send(&self, request: &Request) -> Result<Answered, Error> {
        let mut session = self.door.session(Trace::of("canary", "message"));
        session.send(request).await.map(|reply| reply.answer).map_err(|failure| failure.error)
    }
}

/// What an answer means.
fn said(answered: &Answered, now: DateTime<Utc>) -> Answer {
    let wait = retry_after(&answered.headers, now).map(|wait| u32::try_from(wait.as_secs()).unwrap_or(u32::MAX));
    match (answered.status, wait) {
        (200..=299, _) => Answer::Taken,
        (429, _) | (503, Some(_)) => Answer::Later { retry_after: wait },
        (413, _) => Answer::TooLarge,
        (status, _) => Answer::Failed { why: format!("it answered {status}") },
    }
}

/// Why there is no answer, without host, address or what was sent.
fn in_words(error: &Error) -> String {
    match error {
        Error::NotConnected { .. } => "no connection came about".to_owned(),
        Error::TimedOut { within, .. } => format!("no answer within {} s", within.as_secs()),
        Error::NotTrusted { .. } | Error::NoAuthorities { .. } => "its certificate cannot be trusted".to_owned(),
        Error::BrokenOff { .. } => "the connection broke off".to_owned(),
        Error::NotAllowed { .. } | Error::LedAway { .. } => {
            "its host leads to an address that is never reached".to_owned()
        }
        _ => "it cannot be asked, or its answer cannot be read".to_owned(),
    }
}

impl fmt::Debug for Postbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Postbox")
    }
}
