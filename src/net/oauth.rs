//! Access tokens by OAuth 2 client credentials (RFC 6749 section 4.4): asked for once for all who need one, renewed before they end,
//! kept in memory alone, and taken out of whatever is shown.

use super::{Door, Error, Failure, Payload, Request, Trace};
use crate::target::{Answer, ClientAuth, Evidence, OAuth2, Secrets};
use secrecy::{ExposeSecret, SecretString};
use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::Duration;
use tokio::time::Instant;
use url::form_urlencoded::Serializer;

/// A token server answers within this, or there is no token.
const WITHIN: Duration = Duration::from_secs(30);
/// A token is renewed so long before its end …
const MARGIN: Duration = Duration::from_secs(30);
/// … or this part of its life, where that is shorter.
const MARGIN_SHARE: u32 = 5;
/// Who was refused is not refused again at once: wrong credentials lock clients out.
const REFUSED_FOR: Duration = Duration::from_mins(1);
/// Where the token server is not there, those who wait do not ask one after another.
const FAILED_FOR: Duration = Duration::from_secs(1);
/// No clock overflows.
const LONGEST_LIFE: Duration = Duration::from_hours(24 * 365);
/// So many tokens are known again in what is shown.
const MOST_KNOWN: usize = 64;

/// What errors a token server has words for (RFC 6749 section 5.2): nobody's names.
const ERRORS: [&str; 7] = [
    "invalid_request",
    "invalid_client",
    "invalid_grant",
    "unauthorized_client",
    "unsupported_grant_type",
    "invalid_scope",
    "temporarily_unavailable",
];

/// A token.
#[derive(Clone)]
pub(super) struct Token {
    value: SecretString,
    /// When it is renewed; `None`: when it is refused.
    renew_at: Option<Instant>,
}

impl Token {
    /// The `Authorization` header's value.
    pub(super) fn authorization(&self) -> SecretString {
        SecretString::from(format!("Bearer {}", self.value.expose_secret()))
    }

    fn is_fresh(&self) -> bool {
        self.renew_at.is_none_or(|at| Instant::now() < at)
    }

    fn is(&self, other: &Self) -> bool {
        self.value.expose_secret() == other.value.expose_secret()
    }
}

/// The latest of one client.
#[derive(Default)]
struct Slot {
    token: Option<Token>,
    /// The latest failure, and until when nobody asks again.
    failed: Option<(Error, Instant)>,
}

/// By what tokens are shared: address, client, scope, and how the client says who it is.
type Client = (String, String, Option<String>, ClientAuth);

/// The tokens of a door.
#[derive(Default)]
pub(super) struct Tokens {
    slots: Mutex<HashMap<Client, Arc<tokio::sync::Mutex<Slot>>>>,
    /// Every token that was told lately: nothing shows it.
    known: RwLock<(Vec<String>, Secrets)>,
}

impl Tokens {
    fn slot(&self, oauth: &OAuth2) -> Arc<tokio::sync::Mutex<Slot>> {
        let id = oauth.client_id.expose_secret().to_owned();
        let client = (oauth.token_url.clone(), id, oauth.scope.clone(), oauth.client_auth);
        Arc::clone(self.slots.lock().unwrap_or_else(PoisonError::into_inner).entry(client).or_default())
    }

    fn learn(&self, token: &Token) {
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        if known.0.len() >= MOST_KNOWN {
            known.0.remove(0);
        }
        known.0.push(token.value.expose_secret().to_owned());
        known.1 = Secrets::new(known.0.iter().map(String::as_str), &[]);
    }

    /// The text without any token.
    pub(super) fn redact(&self, text: &str) -> Option<String> {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        (!known.1.is_empty()).then(|| known.1.redact(text))
    }

    /// Whether the text is a token, and nothing else.
    pub(super) fn has(&self, text: &str) -> bool {
        self.known.read().unwrap_or_else(PoisonError::into_inner).1.has(text)
    }
}

impl fmt::Debug for Tokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Tokens")
    }
}

impl Door {
    /// A token that lets this client in. Whoever comes while one is being fetched waits for that one. `refused`: the one that a request
    /// was just answered 401 with; another one is fetched unless somebody did already.
    pub(super) async fn token(&self, oauth: &OAuth2, refused: Option<&Token>) -> Result<Token, Failure> {
        let slot = self.tokens().slot(oauth);
        let unsent = |error| Failure { error, sent: false, requests: 0 };
        let Some(mut slot) = self.halt().await_or_give_up(slot.lock()).await else { return Err(unsent(Error::Halted)) };
        let is_refused = |token: &Token| refused.is_some_and(|refused| refused.is(token));
        if let Some(token) = slot.token.as_ref().filter(|token| token.is_fresh() && !is_refused(token)) {
            return Ok(token.clone());
        }
        if let Some((error, _)) = slot.failed.as_ref().filter(|(_, until)| Instant::now() < *until) {
            return Err(unsent(error.clone()));
        }
        slot.token = None;
        match self.fetch(oauth).await {
            Ok(token) => {
                self.tokens().learn(&token);
                (slot.token, slot.failed) = (Some(token.clone()), None);
                Ok(token)
            }
            Err(error) => {
                let pause =
                    if matches!(error, Error::NoToken { refused: true, .. }) { REFUSED_FOR } else { FAILED_FOR };
                if error != Error::Halted {
                    slot.failed = Some((error.clone(), Instant::now() + pause));
                }
                Err(unsent(error))
            }
        }
    }

    async fn fetch(&self, oauth: &OAuth2) -> Result<Token, Error> {
        let asked_at = Instant::now();
        let reply = self.session(Trace::of("oauth2", &oauth.token_url)).send_with(&request(oauth), None).await;
        let answer = reply.map_err(|failure| match failure.error {
            Error::TimedOut { .. } | Error::BrokenOff { .. } | Error::NotConnected { .. } => {
                Error::NoToken { host: host_of(&oauth.token_url), cause: failure.error.to_string(), refused: false }
            }
            other => other,
        })?;
        token_of(&answer.answer, asked_at).map_err(|cause| Error::NoToken {
            host: host_of(&oauth.token_url),
            cause,
            refused: matches!(answer.answer.status, 400 | 401 | 403),
        })
    }
}

fn host_of(address: &str) -> String {
    url::Url::parse(address).map(|url| super::door::host(&url)).unwrap_or_default()
}

/// Asks for a token. It is followed nowhere: credentials are for this address alone.
fn request(oauth: &OAuth2) -> Request {
    let mut request = Request::new("POST", oauth.token_url.clone(), WITHIN);
    request.follow_redirects = false;
    request.headers.push(("Accept".to_owned(), "application/json".to_owned()));
    let mut form = Serializer::new(String::new());
    form.append_pair("grant_type", "client_credentials");
    if let Some(scope) = &oauth.scope {
        form.append_pair("scope", scope);
    }
    let (id, secret) = (oauth.client_id.expose_secret(), oauth.client_secret.expose_secret());
    match oauth.client_auth {
        // RFC 6749 section 2.3.1: both are written as a form writes them, and joined then
        ClientAuth::Basic => request.basic(&encoded(id), &SecretString::from(encoded(secret))),
        ClientAuth::Body => {
            form.append_pair("client_id", id).append_pair("client_secret", secret);
        }
    }
    let bytes = form.finish().into();
    request.body = Some(Payload { content_type: "application/x-www-form-urlencoded".to_owned(), bytes });
    request
}

fn encoded(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

/// The token in an answer; else what is wrong, without anything that may be one.
fn token_of(answer: &Answer, asked_at: Instant) -> Result<Token, String> {
    let body = answer.json();
    let text = |key: &str| body.and_then(|body| body.get(key)).and_then(serde_json::Value::as_str);
    if answer.status != 200 {
        let error = text("error")
            .map(|error| if ERRORS.contains(&error) { error.to_owned() } else { Evidence::of(error).to_string() });
        let error = error.map_or_else(String::new, |error| format!(", `{error}`"));
        return Err(format!("it answered {}{error}", answer.status));
    }
    let Some(value) = text("access_token").filter(|token| !token.trim().is_empty()) else {
        return Err("its answer holds no `access_token`; see whether `token_url` is right".to_owned());
    };
    if text("token_type").is_some_and(|kind| !kind.eq_ignore_ascii_case("bearer")) {
        return Err("its token is of another type than `Bearer`, and nothing else is sent".to_owned());
    }
    let life = body.and_then(|body| body.get("expires_in")).and_then(|life| match life {
        serde_json::Value::Number(number) => number.as_f64(),
        serde_json::Value::String(text) => text.trim().parse().ok(),
        _ => None,
    });
    let life = life.filter(|life| *life > 0.0).and_then(|life| Duration::try_from_secs_f64(life).ok());
    let renew_at = life.map(|life| {
        let life = life.min(LONGEST_LIFE);
        asked_at + life.saturating_sub(MARGIN.min(life / MARGIN_SHARE))
    });
    Ok(Token { value: SecretString::from(value.to_owned()), renew_at })
}

#[cfg(test)]
mod tests {
    use super::{Token, token_of};
    use crate::target::Answer;
    use secrecy::ExposeSecret;
    use tokio::time::Instant;

    fn of(status: u16, body: &str) -> Result<Token, String> {
        token_of(&Answer { status, body: body.as_bytes().to_vec(), ..Answer::default() }, Instant::now())
    }

    #[tokio::test(start_paused = true)]
    async fn a_token_is_renewed_before_its_end() {
        for (life, left) in [("3600", 3570.0), ("\"10\"", 8.0), ("1.5", 1.2)] {
            let token =
                of(200, &format!("{{\"access_token\": \"t\", \"token_type\": \"bearer\", \"expires_in\": {life}}}"))
                    .unwrap();
            let renew = token.renew_at.unwrap().duration_since(Instant::now()).as_secs_f64();
            assert!((renew - left).abs() < 0.01 && token.is_fresh(), "{life}: {renew}");
        }
        for life in ["null", "0", "-1", "\"soon\"", "1e300"] {
            let token = of(200, &format!("{{\"access_token\": \"t\", \"expires_in\": {life}}}")).unwrap();
            assert!(token.is_fresh(), "{life}");
        }
    }

    #[test]
    fn what_is_no_token_is_told_without_its_words() {
        for (status, body, said) in [
            (401, "{\"error\": \"invalid_client\"}", "it answered 401, `invalid_client`"),
            (400, "{\"error\": \"Zyxwoman\"}", "it answered 400, `Aaaaaaaa`"),
            (500, "Zyxwoman", "it answered 500"),
            (302, "", "it answered 302"),
            (200, "<html>", "no `access_token`"),
            (200, "{\"access_token\": \"\"}", "no `access_token`"),
            (200, "{\"access_token\": \"t\", \"token_type\": \"mac\"}", "another type"),
        ] {
            let cause = of(status, body).err().unwrap();
            assert!(cause.contains(said) && !cause.contains("Zyx"), "{cause}");
        }
        assert_eq!(of(200, "{\"access_token\": \"t-1\"}").unwrap().value.expose_secret(), "t-1");
    }
}
