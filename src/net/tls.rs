//! TLS with rustls and ring; authorities of the system and of the target's `ca_file`.

use super::Error;
use crate::target::ClientCertificate;
use p12_keystore::{KeyStore, Pkcs12ImportPolicy};
use rustls::crypto::{CryptoProvider, ring};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ClientConfig, RootCertStore};
use rustls_platform_verifier::Verifier;
use secrecy::ExposeSecret;
use std::path::Path;
use std::sync::Arc;

/// A TLS configuration, and why it can verify nobody where the machine has no authorities (plain HTTP works all the same).
pub(super) struct Tls {
    pub(super) config: ClientConfig,
    pub(super) no_authorities: Option<String>,
}

/// Who we are to a host that asks for a certificate.
pub(super) struct Client {
    certificates: Vec<CertificateDer<'static>>,
    key: PrivateKeyDer<'static>,
}

impl Client {
    /// Reads both parts. Nothing of them stands in an error.
    pub(super) fn read(host: &str, client: &ClientCertificate) -> Result<Self, Error> {
        let read = match client {
            ClientCertificate::Pem { certificate, key } => Self::of_pem(certificate, key.expose_secret()),
            ClientCertificate::Pkcs12 { file, password } => Self::of_pkcs12(file, password.expose_secret()),
        };
        read.map_err(|cause| Error::BadClientCertificate { host: host.to_owned(), cause })
    }

    fn of_pem(certificate: &str, key: &str) -> Result<Self, String> {
        let certificates: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(certificate.as_bytes()).collect();
        let certificates = certificates.map_err(|_| "`certificate` is no PEM")?;
        if certificates.is_empty() {
            return Err("`certificate` holds no `BEGIN CERTIFICATE`".to_owned());
        }
        let key = PrivateKeyDer::from_pem_slice(key.as_bytes());
        let key =
            key.map_err(|_| "`key` holds no private key that is not encrypted; a locked one goes into `pkcs12`")?;
        Ok(Self { certificates, key })
    }

    fn of_pkcs12(file: &Path, password: &str) -> Result<Self, String> {
        let bytes =
            super::plain_file::read_plain(file).map_err(|e| format!("the file of `pkcs12` cannot be read: {e}"))?;
        let store = KeyStore::from_pkcs12(&bytes, password, Pkcs12ImportPolicy::Relaxed)
            .map_err(|_| "the file of `pkcs12` is none, or `password` is not its password")?;
        let (_, chain) = store.private_key_chain().ok_or("the file of `pkcs12` holds no private key")?;
        let certificates: Vec<_> =
            chain.certs().iter().map(|certificate| CertificateDer::from(certificate.as_der().to_vec())).collect();
        if certificates.is_empty() {
            return Err("the file of `pkcs12` holds no certificate for its key".to_owned());
        }
        let key = PrivateKeyDer::try_from(chain.key().as_der().to_vec())?;
        Ok(Self { certificates, key })
    }
}

/// Builds the configuration: TLS 1.2 and 1.3, HTTP/2 before HTTP/1.1. `client`: who we are, where we are asked.
pub(super) fn tls(ca_file: Option<&Path>, client: Option<(&str, Client)>) -> Result<Tls, Error> {
    let extra = ca_file.map(read_authorities).transpose()?.unwrap_or_default();
    let provider = Arc::new(ring::default_provider());
    let not_set_up = |e: rustls::Error| Error::NotSetUp { cause: e.to_string() };
    let builder = ClientConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()
        .map_err(not_set_up)?;
    let (trusting, no_authorities) = match verifier(extra, provider) {
        Ok(verifier) => (builder.dangerous().with_custom_certificate_verifier(Arc::new(verifier)), None),
        Err(e) => (builder.with_root_certificates(RootCertStore::empty()), Some(e.to_string())),
    };
    let mut config = match client {
        None => trusting.with_no_client_auth(),
        Some((host, client)) => trusting
            .with_client_auth_cert(client.certificates, client.key)
            .map_err(|e| Error::BadClientCertificate { host: host.to_owned(), cause: e.to_string() })?,
    };
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(Tls { config, no_authorities })
}

fn verifier(extra: Vec<CertificateDer<'static>>, provider: Arc<CryptoProvider>) -> Result<Verifier, rustls::Error> {
    Verifier::new_with_extra_roots(extra, provider)
}

fn read_authorities(path: &Path) -> Result<Vec<CertificateDer<'static>>, Error> {
    let bad = |cause: String| Error::BadAuthorities { path: path.display().to_string(), cause };
    let pem = super::plain_file::read_plain(path).map_err(|e| bad(e.to_string()))?;
    let found: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&pem).collect();
    let found = found.map_err(|e| bad(e.to_string()))?;
    if found.is_empty() {
        return Err(bad("it holds no `BEGIN CERTIFICATE`".to_owned()));
    }
    Ok(found)
}
