//! TLS with rustls and ring; authorities of the system and of the target's `ca_file`.

use super::Error;
use rustls::crypto::{CryptoProvider, ring};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};
use rustls_platform_verifier::Verifier;
use std::path::Path;
use std::sync::Arc;

/// A TLS configuration, and why it can verify nobody where the machine has no authorities (plain HTTP works all the same).
pub(super) struct Tls {
    pub(super) config: ClientConfig,
    pub(super) no_authorities: Option<String>,
}

/// Builds the configuration: TLS 1.2 and 1.3, HTTP/2 before HTTP/1.1.
pub(super) fn tls(ca_file: Option<&Path>) -> Result<Tls, Error> {
    let extra = ca_file.map(read_authorities).transpose()?.unwrap_or_default();
    let provider = Arc::new(ring::default_provider());
    let not_set_up = |e: rustls::Error| Error::NotSetUp { cause: e.to_string() };
    let builder = ClientConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()
        .map_err(not_set_up)?;
    let (mut config, no_authorities) = match verifier(extra, provider) {
        Ok(verifier) => {
            let trusting = builder.dangerous().with_custom_certificate_verifier(Arc::new(verifier));
            (trusting.with_no_client_auth(), None)
        }
        Err(e) => (builder.with_root_certificates(RootCertStore::empty()).with_no_client_auth(), Some(e.to_string())),
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
