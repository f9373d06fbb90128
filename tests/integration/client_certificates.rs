//! Client certificates: shown to the host that asks for one and to no other, at the exchange and at waypoints.

use crate::far_side::{Variables, context};
use johndoe::exchange::Exchange;
use johndoe::model::{LifeEvent, Submission};
use johndoe::net::{Door, Request, Trace, USER_AGENT};
use johndoe::target::Target;
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use rustls::RootCertStore;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::WebPkiClientVerifier;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::time::Instant;
use tokio_rustls::TlsAcceptor;

/// An authority of our own.
struct Authority {
    pem: String,
    issuer: Issuer<'static, KeyPair>,
}

impl Authority {
    fn new() -> Self {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let pem = params.self_signed(&key).unwrap().pem();
        Self { pem, issuer: Issuer::new(params, key) }
    }

    /// A certificate for these names, and its key.
    fn signed(&self, names: &[&str]) -> (rcgen::Certificate, KeyPair) {
        let key = KeyPair::generate().unwrap();
        let params = CertificateParams::new(names.iter().map(ToString::to_string).collect::<Vec<_>>()).unwrap();
        (params.signed_by(&key, &self.issuer).unwrap(), key)
    }
}

/// A server that takes whoever shows a certificate of the authority; gives its port.
async fn server(authority: &Authority) -> u16 {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut roots = RootCertStore::empty();
    let pem = rustls::pki_types::pem::PemObject::from_pem_slice(authority.pem.as_bytes()).unwrap();
    roots.add(pem).unwrap();
    let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&provider));
    let (certificate, key) = authority.signed(&["127.0.0.1", "localhost"]);
    let chain: Vec<CertificateDer<'static>> = vec![certificate.der().clone()];
    let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_client_cert_verifier(verifier.allow_unauthenticated().build().unwrap())
        .with_single_cert(chain, key)
        .unwrap();
    let (acceptor, listener) = (TlsAcceptor::from(Arc::new(config)), TcpListener::bind("127.0.0.1:0").await.unwrap());
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let acceptor = acceptor.clone();
            tokio::spawn(async move {
                let Ok(mut stream) = acceptor.accept(stream).await else { return };
                let is_known = stream.get_ref().1.peer_certificates().is_some();
                let mut read = [0; 8192];
                drop(stream.read(&mut read).await);
                let (status, body) =
                    if is_known { ("201 Created", "{\"id\": \"A-7\"}") } else { ("403 Forbidden", "{}") };
                let length = body.len();
                let answer =
                    format!("HTTP/1.1 {status}\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}");
                drop(stream.write_all(answer.as_bytes()).await);
                drop(stream.shutdown().await);
            });
        }
    });
    port
}

/// A target whose certificate is for this host; what it holds is said by these variables.
fn target(folder: &TempDir, port: u16, host: &str, variables: &[(&'static str, String)]) -> Target {
    let text = format!(
        "target: t\nallow_hosts: [127.0.0.1, localhost, \"::1\"]\nexchange:\n  base_url: https://127.0.0.1:{port}\n  flows:\n    \
         enroll: [{{post: /apply, json: {{mail: \"{{{{ subscriber.email }}}}\"}}, capture: {{application_id: $.id}}}}]\nwaypoints:\n  \
         - {{name: edi, feed: edi_folder, path: out}}\ntls:\n  ca_file: {}\n  clients:\n    {host}: {{certificate: \"${{env:CERTIFICATE}}\", \
         key: \"${{env:KEY}}\"}}\n",
        folder.path().join("ca.pem").display()
    );
    let variables = Variables(variables.iter().cloned().collect::<BTreeMap<_, _>>());
    johndoe::target::parse(&text, "t.yaml", &variables).unwrap_or_else(|e| panic!("{e}"))
}

#[tokio::test]
async fn a_certificate_is_shown_to_the_host_that_it_is_for_and_to_no_other() {
    let (folder, authority) = (TempDir::new().unwrap(), Authority::new());
    std::fs::write(folder.path().join("ca.pem"), &authority.pem).unwrap();
    let port = server(&authority).await;
    let (certificate, key) = authority.signed(&["probe"]);
    let variables = [("CERTIFICATE", certificate.pem()), ("KEY", key.serialize_pem())];
    for (host, expected) in [("127.0.0.1", Submission::Accepted), ("localhost", Submission::Unsent)] {
        let target = target(&folder, port, host, &variables);
        let door = Door::new(&target, USER_AGENT).unwrap();
        let answered =
            Exchange::new(door.clone(), &target).carry_out(LifeEvent::Enroll, &context(), Instant::now()).await;
        assert_eq!(answered.submission, expected, "{host}: {answered:?}");
        let elsewhere = Request::new("GET", format!("https://LOCALHOST:{port}/"), Duration::from_secs(5));
        let reply = door.session(Trace::of("r", "p")).send(&elsewhere).await.unwrap();
        assert_eq!(reply.answer.status == 201, host == "localhost");
        let said = format!("{target:?} {door:?}");
        assert!(!said.contains("PRIVATE KEY") && !said.contains("BEGIN CERTIFICATE"), "{said}");
        assert!(!door.redact(&key.serialize_pem()).contains("PRIVATE KEY"), "no output has it");
    }
}

#[tokio::test]
async fn a_certificate_that_cannot_be_used_is_told_before_anything_is_asked_and_not_shown() {
    let (folder, authority) = (TempDir::new().unwrap(), Authority::new());
    std::fs::write(folder.path().join("ca.pem"), &authority.pem).unwrap();
    let (certificate, key) = authority.signed(&["probe"]);
    let (_, other) = authority.signed(&["other"]);
    for (certificate, key, words) in [
        ("planted words".to_owned(), key.serialize_pem(), "`certificate` holds no `BEGIN CERTIFICATE`"),
        (certificate.pem(), "planted words".to_owned(), "`key` holds no private key"),
        (certificate.pem(), other.serialize_pem(), "the client certificate for `127.0.0.1` cannot be used"),
    ] {
        let target = target(&folder, 9, "127.0.0.1", &[("CERTIFICATE", certificate), ("KEY", key)]);
        let told = Door::new(&target, USER_AGENT).unwrap_err().to_string();
        assert!(told.contains(words) && told.contains("127.0.0.1") && !told.contains("planted"), "{told}");
    }
}

#[tokio::test]
async fn a_certificate_in_pkcs12_is_shown_too_in_new_and_old_encryptions() {
    let (folder, authority) = (TempDir::new().unwrap(), Authority::new());
    std::fs::write(folder.path().join("ca.pem"), &authority.pem).unwrap();
    let port = server(&authority).await;
    let (certificate, key) = authority.signed(&["probe"]);
    std::fs::write(folder.path().join("probe.pem"), certificate.pem()).unwrap();
    std::fs::write(folder.path().join("probe.key"), key.serialize_pem()).unwrap();
    let with_pkcs12 = |file: &str, password: &str| {
        let text = format!(
            "target: t\nallow_hosts: [127.0.0.1]\nexchange:\n  base_url: https://127.0.0.1:{port}\n  flows:\n    \
             enroll: [{{post: /apply, json: {{mail: \"{{{{ subscriber.email }}}}\"}}, capture: {{application_id: $.id}}}}]\nwaypoints:\n  \
             - {{name: edi, feed: edi_folder, path: out}}\ntls:\n  ca_file: {ca}\n  clients:\n    \
             127.0.0.1: {{pkcs12: {file}, password: \"${{env:PASSWORD}}\"}}\n",
            ca = folder.path().join("ca.pem").display(),
            file = folder.path().join(file).display()
        );
        let variables = Variables(BTreeMap::from([("PASSWORD", password.to_owned())]));
        johndoe::target::parse(&text, "t.yaml", &variables).unwrap_or_else(|e| panic!("{e}"))
    };
    for (file, how) in [("new.p12", &[][..]), ("old.p12", &["-legacy"])] {
        let made = std::process::Command::new("openssl")
            .args([
                "pkcs12",
                "-export",
                "-in",
                "probe.pem",
                "-inkey",
                "probe.key",
                "-passout",
                "pass:planted",
                "-out",
                file,
            ])
            .args(how)
            .current_dir(folder.path())
            .output()
            .expect("openssl");
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        let target = with_pkcs12(file, "planted");
        let door = Door::new(&target, USER_AGENT).unwrap();
        let answered = Exchange::new(door, &target).carry_out(LifeEvent::Enroll, &context(), Instant::now()).await;
        assert_eq!(answered.submission, Submission::Accepted, "{file}: {answered:?}");
    }
    for (file, password, words) in [
        ("new.p12", "planted-wrong", "is none, or `password` is not its password"),
        ("probe.pem", "planted", "is none, or"),
        ("nowhere.p12", "planted", "cannot be read"),
    ] {
        let told = Door::new(&with_pkcs12(file, password), USER_AGENT).unwrap_err().to_string();
        assert!(told.contains(words) && !told.contains("planted"), "{told}");
    }
}
