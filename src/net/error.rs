//! What can go wrong between the door and the far side.

use crate::target::{Evidence, Secrets};
use std::fmt::Write as _;
use std::net::IpAddr;
use std::time::Duration;
use thiserror::Error;

/// Longest cause that is told, in characters.
const LONGEST: usize = 300;

/// Why a request has no answer, or a door could not be made. Texts hold no query, no credential and no body.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Error {
    /// `allow_hosts` cannot be read.
    #[error(
        "`{entry}` is no host: write a name, `*.name`, an address or a block such as `10.0.0.0/8`, without scheme or port"
    )]
    BadAllowEntry {
        /// As written.
        entry: String,
    },
    /// The file of extra certificate authorities cannot be used.
    #[error("the certificate authorities in `{path}` cannot be read: {cause}")]
    BadAuthorities {
        /// The file.
        path: String,
        /// Why.
        cause: String,
    },
    /// A client certificate cannot be used.
    #[error(
        "the client certificate for `{host}` cannot be used: {cause}; expected a certificate and its private key, both in PEM"
    )]
    BadClientCertificate {
        /// The host that it is for.
        host: String,
        /// Why.
        cause: String,
    },
    /// The HTTP client cannot be set up.
    #[error("the HTTP client cannot be set up: {cause}")]
    NotSetUp {
        /// Why.
        cause: String,
    },
    /// The address is none.
    #[error("`{address}` is no address that can be asked: {cause}")]
    BadAddress {
        /// Without its query.
        address: String,
        /// Why.
        cause: String,
    },
    /// The method or a header cannot be sent.
    #[error("{what} `{name}` holds characters that HTTP does not allow")]
    BadPart {
        /// `method` or `header`.
        what: &'static str,
        /// Its name.
        name: String,
    },
    /// The host is not allowed, by its name or by what it resolves to.
    #[error("{} is not in `allow_hosts`; add it there if it may be reached", shown(.host, *.address))]
    NotAllowed {
        /// The host as asked for.
        host: String,
        /// What it resolved to, where that was the trouble.
        address: Option<IpAddr>,
    },
    /// A far side leads to a host that nobody allowed, by a name of which only the shape may be told.
    #[error(
        "`{host}` leads to `{to}`, which is not in `allow_hosts` (a name that nobody here wrote is told by its shape: `curl -sI` of \
         the same address shows it); add it there if it may be reached"
    )]
    LedAway {
        /// Who leads there: host and port.
        host: String,
        /// The shape of the name.
        to: String,
    },
    /// The machine knows no certificate authority, so no TLS peer can be verified.
    #[error("`{host}` cannot be verified: {cause}; install the system's CA certificates or set `ca_file`")]
    NoAuthorities {
        /// The host.
        host: String,
        /// What the look for authorities said.
        cause: String,
    },
    /// The peer is not who it should be, or speaks no TLS. Nothing was sent.
    #[error("no connection to `{host}`: {cause}; where its authority is your own, name it in `ca_file`")]
    NotTrusted {
        /// Host and port.
        host: String,
        /// Why.
        cause: String,
    },
    /// A token server gives no access token. Nothing was sent to whom it is for.
    #[error(
        "no access token from `{host}`: {cause}; check `token_url`, `client_id`, `client_secret` and `scope` under `oauth2`"
    )]
    NoToken {
        /// Host and port.
        host: String,
        /// Why, in words without secrets.
        cause: String,
        /// Whether the client was refused: asking again does not help.
        refused: bool,
    },
    /// No connection came about: name unknown, refused, unreachable. Nothing was sent.
    #[error("no connection to `{host}`: {cause}")]
    NotConnected {
        /// Host and port.
        host: String,
        /// Why.
        cause: String,
    },
    /// No (whole) answer in time.
    #[error("no answer from `{host}` within {}", humantime::format_duration(*.within))]
    TimedOut {
        /// Host and port.
        host: String,
        /// The limit.
        within: Duration,
    },
    /// The connection broke, or what came was no HTTP.
    #[error("the answer of `{host}` broke off: {cause}")]
    BrokenOff {
        /// Host and port.
        host: String,
        /// Why.
        cause: String,
    },
    /// The run, or its time, came to an end before the answer did.
    #[error("the run was being ended, and the answer was not waited for")]
    Halted,
    /// The answer is larger than any that is expected.
    #[error("the answer of `{host}` is larger than {limit} bytes")]
    TooLarge {
        /// Host and port.
        host: String,
        /// The limit in bytes.
        limit: usize,
    },
    /// The answer comes in a coding or a character encoding that is not read.
    #[error(
        "the answer of `{host}` comes in the encoding `{encoding}`, which is not read; expected gzip, deflate or none, and \
         UTF-8, UTF-16 or Latin-1"
    )]
    Encoded {
        /// Host and port.
        host: String,
        /// Its name.
        encoding: String,
    },
    /// Redirects without end.
    #[error("`{host}` redirects more than {limit} times")]
    TooManyRedirects {
        /// The last host.
        host: String,
        /// The limit.
        limit: u32,
    },
    /// A server shows another key than the one it is known by. Nothing was sent to it.
    #[error(
        "the host key of `{host}` is not the one in `host_key`: it shows {shown}, expected {pinned}; nobody was logged in. \
         Somebody may stand between. Only if its operator confirms the new key by another way, put it into `host_key`"
    )]
    HostKey {
        /// Host and port.
        host: String,
        /// What it shows.
        shown: String,
        /// What was expected.
        pinned: String,
    },
    /// A server does not let the user in.
    #[error("`{host}` does not let `{user}` in: tried {tried}, it takes {taken}; check `user`, `password` and `key`")]
    LoginRefused {
        /// Host and port.
        host: String,
        /// Who.
        user: String,
        /// Ways that were tried.
        tried: String,
        /// Ways that the server takes now.
        taken: String,
    },
    /// A private key cannot be read.
    #[error("the private key of `{user}` for `{host}` cannot be read: {cause}; check `key` and `passphrase`")]
    BadPrivateKey {
        /// Whose.
        user: String,
        /// Host and port.
        host: String,
        /// Why.
        cause: String,
    },
    /// A server speaks SSH, and not its file transfer protocol.
    #[error("`{host}` speaks no SFTP: {cause}")]
    NoSftp {
        /// Host and port.
        host: String,
        /// Why.
        cause: String,
    },
    /// A file or folder is not there (any more).
    #[error("there is no `{path}` at `{host}`")]
    NoSuchFile {
        /// Host and port.
        host: String,
        /// As the server calls it.
        path: String,
    },
    /// A server does not give a file or folder.
    #[error("`{host}` does not give `{path}`: {cause}")]
    NotGiven {
        /// Host and port.
        host: String,
        /// As the server calls it.
        path: String,
        /// Its words.
        cause: String,
    },
    /// A file is to be put where there is one of that name.
    #[error("there is a `{path}` at `{host}` already; it was left as it is")]
    NameTaken {
        /// Host and port.
        host: String,
        /// As the server calls it.
        path: String,
    },
    /// A server does not take a file.
    #[error("`{host}` does not take `{path}`: {cause}")]
    NotTaken {
        /// Host and port.
        host: String,
        /// As the server calls it.
        path: String,
        /// Its words.
        cause: String,
    },
    /// A redirect would repeat a request that acts at another address, or take a body to another host.
    #[error(
        "`{host}` redirects with status {status} to `{to}`, and the request was not repeated there: one that acts, or has a \
         body, is repeated once at most, at the same address over TLS or with a slash at its end. Whether it was carried out \
         is not known; if it is meant for that address, name it in the step"
    )]
    NotRepeated {
        /// The host.
        host: String,
        /// Where it redirects to: host, port, and the shape of its path.
        to: String,
        /// The status of the redirect.
        status: u16,
    },
    /// A redirect that leads nowhere.
    #[error("`{host}` redirects to an address that cannot be read")]
    BadRedirect {
        /// The host.
        host: String,
    },
}

impl Error {
    /// The same, with its place told by what it was read from.
    pub(super) fn at(self, secrets: &Secrets) -> Self {
        match self {
            Self::BadAuthorities { path, cause } => Self::BadAuthorities { path: secrets.place(&path), cause },
            other => other,
        }
    }

    /// Whether a server will not have us, or is not the one it should be: asking again changes nothing.
    pub fn is_refusal(&self) -> bool {
        matches!(self, Self::HostKey { .. } | Self::LoginRefused { .. } | Self::BadPrivateKey { .. })
    }
}

fn shown(host: &str, address: Option<IpAddr>) -> String {
    match address {
        Some(address) if address.to_string() != host => format!("`{host}` resolves to `{address}`, which"),
        _ => format!("`{host}`"),
    }
}

/// A refusal inside the resolver; it travels through the client's error and is found again by type.
#[derive(Debug, Clone, Error)]
#[error("`{host}` is not allowed")]
pub(super) struct Refusal {
    pub(super) host: String,
    pub(super) address: Option<IpAddr>,
}

/// The deepest cause of an error, which says what happened without naming the address that was asked.
pub(super) fn root_cause<'a>(error: &'a (dyn std::error::Error + 'static)) -> &'a (dyn std::error::Error + 'static) {
    let mut cause = error;
    while let Some(deeper) = cause.source() {
        cause = deeper;
    }
    cause
}

/// A library's words for what went wrong. What it quotes are the peer's: names in a certificate, bytes of an answer, a reason
/// given for hanging up.
pub(super) fn without_quotations(words: &str, own: &[&str]) -> String {
    let mut told = String::new();
    let mut rest = words;
    while let Some((before, quoted)) = rest.split_once('"') {
        let end = quoted.find('"').unwrap_or(quoted.len());
        let (inner, after) = quoted.split_at_checked(end).unwrap_or((quoted, ""));
        told.push_str(before);
        let _ = write!(told, "\"{}\"", Evidence::knowing(inner, own));
        rest = after.strip_prefix('"').unwrap_or_default();
    }
    told.push_str(rest);
    told.chars().filter(|c| !c.is_control()).take(LONGEST).collect()
}

/// The first error of this type among an error and its causes.
pub(super) fn find<'a, E: std::error::Error + 'static>(error: &'a (dyn std::error::Error + 'static)) -> Option<&'a E> {
    std::iter::successors(Some(error), |e| e.source()).find_map(|e| e.downcast_ref())
}

/// Whether TLS found fault with the peer. An I/O error hides what it wraps from its list of causes, which may be another one.
pub(super) fn is_of_tls(error: &(dyn std::error::Error + 'static)) -> bool {
    let wrapped = |e: &(dyn std::error::Error + 'static)| {
        let inner = e.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
        inner.is_some_and(|inner| is_of_tls(inner))
    };
    std::iter::successors(Some(error), |e| e.source()).any(|e| e.is::<rustls::Error>() || wrapped(e))
}

#[cfg(test)]
mod tests {
    use super::without_quotations;

    #[test]
    fn what_a_library_quotes_is_the_peers_and_keeps_its_shape_alone() {
        let told = |words| without_quotations(words, &["exchange.test"]);
        assert_eq!(
            told(r#"not valid for name "exchange.test"; only valid for DnsName("zyxwoman.qvrtson.test")"#),
            r#"not valid for name "exchange.test"; only valid for DnsName("aaaaaaaa.aaaaaaa.aaaa")"#
        );
        assert_eq!(told(r#"go away ("219-45-9911"#), r#"go away ("999-99-9999""#);
        assert_eq!(told("Connection refused (os error 111)"), "Connection refused (os error 111)");
        assert!(told(&"x".repeat(9000)).len() < 400);
    }
}
