//! The door: one HTTP client with the target's allow-list, authorities and secrets.

use super::error::{Refusal, find, is_of_tls, root_cause, without_quotations};
use super::oauth::Tokens;
use super::resolve::GuardedResolver;
use super::tls::{Client, Tls, tls};
use super::{AllowList, Error, Halt, Session, Trace};
use crate::target::{Evidence, Proxy, Secrets, Target};
use rustls::ClientConfig;
use secrecy::ExposeSecret;
use std::collections::HashMap;
use std::fmt;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;
use url::{Host, Url};

/// What this is, for whoever reads the far side's logs.
pub const USER_AGENT: &str =
    concat!("johndoe/", env!("CARGO_PKG_VERSION"), " (synthetic enrollment probe; no real person)");

/// A connection must stand within this; where it does not, nothing was sent.
const CONNECT_WITHIN: Duration = Duration::from_secs(10);

/// Idle connections are closed before the usual server (five seconds at the shortest) closes them under a request.
const IDLE_WITHIN: Duration = Duration::from_secs(4);

/// The way out to the network, shared by everything that asks; clones share connections, not cookies.
#[derive(Clone)]
pub struct Door {
    inner: Arc<Inner>,
    /// Ends what goes through.
    halt: Halt,
}

struct Inner {
    client: reqwest::Client,
    /// Those that show a certificate of ours, by the host that asks for it: nobody else is shown it.
    clients: HashMap<String, reqwest::Client>,
    allowed: Arc<AllowList>,
    secrets: Secrets,
    user_agent: String,
    no_authorities: Option<String>,
    tokens: Tokens,
    proxy: Option<Proxy>,
}

impl Door {
    /// A door to what the target allows. `user_agent` is sent with every request ([`USER_AGENT`] unless there is reason).
    /// Fails where `allow_hosts`, `ca_file` or a client certificate cannot be used.
    pub fn new(target: &Target, user_agent: &str) -> Result<Self, Error> {
        let allowed = Arc::new(AllowList::parse(&target.allow_hosts)?);
        let authorities = target.ca_file.as_deref();
        let Tls { config, no_authorities } = tls(authorities, None).map_err(|error| error.at(&target.secrets))?;
        let at_once = target.limits.in_flight.saturating_add(target.limits.look_ups);
        let client = client_with(config, (at_once, target.proxy.as_ref()), &allowed)?;
        let mut clients = HashMap::new();
        for (host, certificate) in &target.clients {
            let own = Client::read(host, certificate)?;
            let config = tls(authorities, Some((host, own))).map_err(|error| error.at(&target.secrets))?.config;
            clients.insert(host.clone(), client_with(config, (at_once, target.proxy.as_ref()), &allowed)?);
        }
        let (secrets, user_agent) = (target.secrets.clone(), user_agent.to_owned());
        let (tokens, proxy) = (Tokens::default(), target.proxy.clone());
        let inner = Arc::new(Inner { client, clients, allowed, secrets, user_agent, no_authorities, tokens, proxy });
        Ok(Self { inner, halt: Halt::never() })
    }

    /// A door to these hosts and no other, by the system's authorities, for whoever is told something and asked nothing.
    pub fn to_hosts(hosts: &[String], secrets: Secrets) -> Result<Self, Error> {
        let allowed = Arc::new(AllowList::parse(hosts)?);
        let Tls { config, no_authorities } = tls(None, None)?;
        let client = client_with(config, (1, None), &allowed)?;
        let (clients, user_agent) = (HashMap::new(), USER_AGENT.to_owned());
        let (tokens, proxy) = (Tokens::default(), None);
        let inner = Arc::new(Inner { client, clients, allowed, secrets, user_agent, no_authorities, tokens, proxy });
        Ok(Self { inner, halt: Halt::never() })
    }

    /// The same door, and nothing that goes through it is waited for beyond this halt.
    #[must_use]
    pub fn until(self, halt: Halt) -> Self {
        Self { halt, ..self }
    }

    /// What ends waits on whoever is behind the door.
    pub fn halt(&self) -> &Halt {
        &self.halt
    }

    /// One applicant's dealings, with cookies of its own.
    pub fn session(&self, trace: Trace) -> Session {
        Session::new(self.clone(), trace)
    }

    /// The text without the target's secrets.
    pub fn redact(&self, text: &str) -> String {
        let clean = self.inner.secrets.redact(text);
        self.inner.tokens.redact(&clean).unwrap_or(clean)
    }

    /// Whether the text is one of the target's secrets, and nothing else.
    pub(crate) fn is_secret(&self, text: &str) -> bool {
        self.inner.secrets.has(text) || self.inner.tokens.has(text)
    }

    /// A place of this machine or another, with `${env:NAME}` in it for what came from there.
    pub fn place(&self, text: &str) -> String {
        let clean = self.inner.secrets.place(text);
        self.inner.tokens.redact(&clean).unwrap_or(clean)
    }

    /// The access tokens that were told.
    pub(super) fn tokens(&self) -> &Tokens {
        &self.inner.tokens
    }

    /// Who asks at an address.
    pub(super) fn client(&self, url: &Url) -> &reqwest::Client {
        // an address of version 6 stands in brackets
        let host = url.host_str().map(|host| host.trim_matches(['[', ']']).to_ascii_lowercase());
        host.and_then(|host| self.inner.clients.get(&host)).unwrap_or(&self.inner.client)
    }

    pub(super) fn allowed(&self) -> &AllowList {
        &self.inner.allowed
    }

    pub(super) fn user_agent(&self) -> &str {
        &self.inner.user_agent
    }

    /// Refuses an address that may not be asked. A name is let through to the resolver where its addresses decide.
    pub(super) fn check(&self, url: &Url) -> Result<(), Error> {
        let bad = |cause: &str| Error::BadAddress { address: self.shown(url), cause: cause.to_owned() };
        if !matches!(url.scheme(), "http" | "https") {
            return Err(bad("only `http` and `https` are spoken"));
        }
        match url.host() {
            Some(Host::Ipv4(address)) => self.check_address(address.into())?,
            Some(Host::Ipv6(address)) => self.check_address(address.into())?,
            // whom a proxy reaches is known by name alone
            Some(Host::Domain(name)) if self.proxy_before(name).is_some() && !self.inner.allowed.allows_name(name) => {
                return Err(Error::NotAllowed { host: name.to_owned(), address: None });
            }
            Some(Host::Domain(_)) => {}
            None => return Err(bad("it names no host")),
        }
        match &self.inner.no_authorities {
            Some(cause) if url.scheme() == "https" => {
                Err(Error::NoAuthorities { host: host(url), cause: cause.clone() })
            }
            _ => Ok(()),
        }
    }

    /// Refuses an address that a far side leads to where nothing in the target could mean it: its name is then not even looked up.
    pub(super) fn check_led_to(&self, from: &Url, to: &Url) -> Result<(), Error> {
        match to.host() {
            Some(Host::Domain(name)) if from.host() != to.host() && !self.may_look_up(from, name) => {
                Err(led_away(from, name))
            }
            _ => Ok(()),
        }
    }

    /// Whether a name that a far side gives may be looked up at all: it is listed, or its neighbour's addresses are by their range.
    fn may_look_up(&self, from: &Url, name: &str) -> bool {
        let domain = |name: &str| name.split_once('.').map(|(_, domain)| domain.to_owned());
        let is_neighbour = from.domain().and_then(domain).is_some_and(|of| domain(name).is_some_and(|to| to == of));
        self.inner.allowed.allows_name(name) || is_neighbour && self.inner.allowed.may_allow_name(name)
    }

    /// The error of an address that a far side leads to: a name that nobody finds is none that is allowed.
    pub(super) fn of_led_to(&self, error: Error, (from, to): (&Url, &Url)) -> Error {
        match (error, to.host()) {
            (Error::NotConnected { cause, .. }, Some(Host::Domain(name)))
                if cause.contains("lookup") && !self.inner.allowed.allows_name(name) =>
            {
                led_away(from, name)
            }
            (error, _) => error,
        }
    }

    /// The proxy through which a host is reached.
    pub(super) fn proxy_before(&self, host: &str) -> Option<&Proxy> {
        let proxy = self.inner.proxy.as_ref()?;
        (!proxy.except.iter().any(|name| name.eq_ignore_ascii_case(host))).then_some(proxy)
    }

    fn check_address(&self, address: IpAddr) -> Result<(), Error> {
        let host = address.to_string();
        if self.inner.allowed.allows(&host, address) {
            return Ok(());
        }
        Err(Error::NotAllowed { host, address: Some(address) })
    }

    /// Says what a client's error means. Whether the request was sent is not decided here.
    pub(super) fn classify(&self, error: &reqwest::Error, url: &Url, within: Duration) -> Error {
        if let Some(Refusal { host, address }) = find::<Refusal>(error) {
            return Error::NotAllowed { host: host.clone(), address: *address };
        }
        let asked = url.host_str().unwrap_or_default();
        let cause = self.redact(&without_quotations(&root_cause(error).to_string(), &[asked]));
        let host = host(url);
        if error.is_connect() && is_of_tls(error) {
            return Error::NotTrusted { host, cause: of_certificate(cause) };
        }
        if error.is_connect() {
            return Error::NotConnected { host, cause };
        }
        if error.is_builder() {
            return Error::BadAddress { address: self.shown(url), cause };
        }
        if error.is_timeout() {
            return Error::TimedOut { host, within };
        }
        Error::BrokenOff { host, cause }
    }

    /// An address fit to be shown: no query, no credentials.
    fn shown(&self, url: &Url) -> String {
        self.redact(&format!("{}://{}{}", url.scheme(), host(url), url.path()))
    }
}

/// A client for so many requests at once, whose names lead nowhere that is not allowed.
fn client_with(
    tls: ClientConfig,
    (at_once, proxy): (u32, Option<&Proxy>),
    allowed: &Arc<AllowList>,
) -> Result<reqwest::Client, Error> {
    // the proxy itself is looked up too; as somebody to ask it is not allowed by that
    let reached = proxy.map_or_else(|| AllowList::clone(allowed), |proxy| allowed.with(&proxy.url));
    let builder = reqwest::Client::builder()
        .tls_backend_preconfigured(tls)
        .dns_resolver(Arc::new(GuardedResolver::new(Arc::new(reached))))
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy();
    let builder = match proxy {
        Some(proxy) => builder.proxy(through(proxy)?),
        None => builder,
    };
    builder
        .connect_timeout(CONNECT_WITHIN)
        .pool_idle_timeout(IDLE_WITHIN)
        .pool_max_idle_per_host(usize::try_from(at_once).unwrap_or(usize::MAX))
        .build()
        .map_err(|e| Error::NotSetUp { cause: root_cause(&e).to_string() })
}

fn through(proxy: &Proxy) -> Result<reqwest::Proxy, Error> {
    let not_set_up = |e: reqwest::Error| Error::NotSetUp { cause: format!("`proxy`: {}", root_cause(&e)) };
    let except = reqwest::NoProxy::from_string(&proxy.except.join(","));
    let all = reqwest::Proxy::all(&proxy.url).map_err(not_set_up)?.no_proxy(except);
    Ok(match &proxy.login {
        Some((user, password)) => all.basic_auth(user, password.expose_secret()),
        None => all,
    })
}

impl fmt::Debug for Door {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Door").field("allowed", &self.inner.allowed).finish_non_exhaustive()
    }
}

/// The name of a host that a far side leads to: its words, which may hold somebody's name, but for the domain that we asked.
fn led_away(from: &Url, name: &str) -> Error {
    let domain = from.domain().and_then(|from| from.split_once('.')).map_or("", |(_, domain)| domain);
    let shape = Evidence::knowing(name, &[domain]).to_string();
    if shape == name {
        return Error::NotAllowed { host: shape, address: None };
    }
    Error::LedAway { host: host(from), to: shape }
}

/// What a library calls in its own words, in those of who has to do something about it.
fn of_certificate(cause: String) -> String {
    if cause.contains("CaUsedAsEndEntity") {
        return "the certificate that it shows as its own is an authority's (self-signed, `CA:TRUE`), and no server's; let it                 show one that the authority signed, or make it with `basicConstraints = CA:FALSE`"
            .to_owned();
    }
    if cause.contains("UnknownIssuer") {
        return "its certificate is signed by an authority that is not known here".to_owned();
    }
    cause
}

/// Host and, where it is not the usual one, port.
pub(super) fn host(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}

#[cfg(test)]
mod tests {
    use super::of_certificate;

    #[test]
    fn a_certificate_that_cannot_be_trusted_is_told_in_words_that_say_what_to_do() {
        let told = |words: &str| of_certificate(words.to_owned());
        let own = told("invalid peer certificate: Other(OtherError(CaUsedAsEndEntity))");
        assert!(own.contains("self-signed") && own.contains("CA:FALSE") && !own.contains("OtherError"), "{own}");
        assert!(told("invalid peer certificate: UnknownIssuer").contains("an authority that is not known here"));
        assert_eq!(told("invalid peer certificate: Expired"), "invalid peer certificate: Expired");
    }
}
