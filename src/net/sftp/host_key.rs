//! Connecting to a server that shows one of the keys it is known by.

use crate::net::{Door, Error};
use crate::target::{HostKey, SftpFolder};
use russh::client::{Config, Handle, Handler, connect_stream};
use russh::keys::{Algorithm, EcdsaCurve, HashAlg, PublicKeyOrCertificate};
use russh::{AlgorithmKind, Preferred, SshId};
use std::borrow::Cow;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// What this is, for whoever reads the far side's logs (RFC 4253, section 4.2).
const SOFTWARE: &str = concat!("SSH-2.0-johndoe_", env!("CARGO_PKG_VERSION"));

/// A silent connection is asked for a sign of life this often; after three without an answer it is dead.
const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// Bytes that may be under way on a connection.
const WINDOW: u32 = 8 << 20;

/// Lets a connection go on where the server's key is one that is pinned, and remembers the key.
pub(super) struct Checker {
    pinned: Vec<HostKey>,
    shown: Arc<Mutex<Option<HostKey>>>,
}

impl Handler for Checker {
    type Error = russh::Error;

    async fn check_server_key(&mut self, key: &PublicKeyOrCertificate) -> Result<bool, russh::Error> {
        let PublicKeyOrCertificate::PublicKey { key, .. } = key else { return Ok(false) };
        let shown = HostKey {
            algorithm: Some(key.algorithm().to_string()),
            fingerprint: key.fingerprint(HashAlg::Sha256).to_string(),
        };
        let known = self.pinned.iter().any(|pinned| pinned.fingerprint == shown.fingerprint);
        *self.shown.lock().unwrap_or_else(PoisonError::into_inner) = Some(shown);
        Ok(known)
    }
}

/// A connection to the server that is pinned. A server has a key of each kind, and shows the first kind that it is asked for:
/// where only a fingerprint is known, kinds are asked for one after the other until the key with it is shown.
pub(super) async fn connect(door: &Door, to: &SftpFolder) -> Result<Handle<Checker>, Error> {
    let host = super::folder::host(to);
    let (mut kinds, mut others) = (kinds(&to.host_keys), Vec::new());
    while !kinds.is_empty() {
        let stream = door.dial(&to.address.host, to.address.port).await?;
        let shown = Arc::default();
        let checker = Checker { pinned: to.host_keys.clone(), shown: Arc::clone(&shown) };
        let error = match connect_stream(config(&kinds), stream, checker).await {
            Ok(connection) => return Ok(connection),
            Err(error) => error,
        };
        let shown = shown.lock().unwrap_or_else(PoisonError::into_inner).take();
        match (error, shown) {
            (russh::Error::UnknownKey, Some(other)) => {
                kinds.retain(|kind| !is_of_kind(kind, &other));
                others.push(other);
            }
            (russh::Error::NoCommonAlgo { kind: AlgorithmKind::Key, .. }, _) => break,
            (error, _) => return Err(Error::NotConnected { host, cause: super::line::words(&error) }),
        }
    }
    Err(Error::HostKey { host, shown: list(&others), pinned: list(&to.host_keys) })
}

fn config(kinds: &[Algorithm]) -> Arc<Config> {
    Arc::new(Config {
        client_id: SshId::Standard(Cow::Borrowed(SOFTWARE)),
        window_size: WINDOW,
        keepalive_interval: Some(KEEP_ALIVE),
        preferred: Preferred { key: Cow::Owned(kinds.to_vec()), ..Preferred::DEFAULT },
        ..Config::default()
    })
}

/// Kinds of host keys to ask for: those of the pinned keys where all are known, else all but those signed with SHA-1.
fn kinds(pinned: &[HostKey]) -> Vec<Algorithm> {
    let named = |kind: &Algorithm| pinned.iter().any(|key| key.algorithm.is_none() || is_of_kind(kind, key));
    let curve = |curve| Algorithm::Ecdsa { curve };
    let rsa = |hash| Algorithm::Rsa { hash: Some(hash) };
    let all = [
        Algorithm::Ed25519,
        curve(EcdsaCurve::NistP256),
        curve(EcdsaCurve::NistP384),
        curve(EcdsaCurve::NistP521),
        rsa(HashAlg::Sha512),
        rsa(HashAlg::Sha256),
    ];
    all.into_iter().filter(named).collect()
}

/// Whether a key can be shown under an algorithm; RSA keys are shown under several (RFC 8332).
fn is_of_kind(kind: &Algorithm, key: &HostKey) -> bool {
    let name = match kind {
        Algorithm::Rsa { .. } => "ssh-rsa",
        other => other.as_str(),
    };
    key.algorithm.as_deref() == Some(name)
}

fn list(keys: &[HostKey]) -> String {
    if keys.is_empty() {
        return "no key of that kind".to_owned();
    }
    keys.iter().map(ToString::to_string).collect::<Vec<_>>().join(" or ")
}

#[cfg(test)]
mod tests {
    use super::{Algorithm, HostKey, is_of_kind, kinds};

    fn key(algorithm: Option<&str>) -> HostKey {
        HostKey { algorithm: algorithm.map(str::to_owned), fingerprint: "SHA256:x".to_owned() }
    }

    #[test]
    fn only_kinds_that_could_be_pinned_are_asked_for() {
        assert_eq!(kinds(&[key(Some("ssh-ed25519"))]), [Algorithm::Ed25519]);
        assert_eq!(kinds(&[key(Some("ssh-rsa"))]).len(), 2);
        assert_eq!(kinds(&[key(Some("ssh-ed25519")), key(None)]).len(), 6);
        assert!(kinds(&[key(Some("ssh-dss"))]).is_empty());
        assert!(is_of_kind(&kinds(&[key(None)])[1], &key(Some("ecdsa-sha2-nistp256"))));
    }
}
