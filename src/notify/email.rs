//! A message as an e-mail.

use crate::canary::{Email, Payload, Tls};
use crate::net::{Letter, MailServer, Secured, Unsent, send_letter};
use johndoe_vigil::delivery::Answer;
use secrecy::ExposeSecret;
use sha2::{Digest as _, Sha256};
use std::fmt::Write as _;
use std::time::Duration;

/// A mail server that takes longer has not answered.
const WITHIN: Duration = Duration::from_secs(30);

/// Sends it.
pub(super) async fn send(email: &Email, payload: &Payload) -> Answer {
    let server = MailServer {
        host: email.server.clone(),
        port: email.port,
        secured: match email.tls {
            Tls::Implicit => Secured::FromTheFirstByte,
            Tls::StartTls => Secured::ByStartTls,
            Tls::None => Secured::Not,
        },
        login: email.login.clone(),
    };
    let to: Vec<&str> = email.to.iter().map(ExposeSecret::expose_secret).collect();
    // a key may hold what an id of a letter may not
    let id = Sha256::digest(payload.key.as_bytes()).iter().fold(String::new(), |mut id, byte| {
        // writing to memory does not fail
        let _ = write!(id, "{byte:02x}");
        id
    });
    let letter =
        Letter { from: email.from.expose_secret(), to: &to, subject: &payload.title, text: &payload.text, id: &id };
    match send_letter(&server, letter, WITHIN).await {
        Ok(()) => Answer::Taken,
        Err(Unsent::Later(_)) => Answer::Later { retry_after: None },
        Err(Unsent::Failed(why)) => Answer::Failed { why },
    }
}
