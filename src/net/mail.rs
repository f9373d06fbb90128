//! E-mails: one letter over SMTP, kept from others as it is said.

use lettre::message::header::ContentType;
use lettre::message::{Mailbox, Message};
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Tls, TlsParameters};
use lettre::{AsyncSmtpTransport, AsyncTransport, Tokio1Executor};
use secrecy::{ExposeSecret, SecretString};
use std::time::Duration;

/// How what is sent is kept from others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Secured {
    /// By TLS from the first byte.
    FromTheFirstByte,
    /// By TLS from `STARTTLS` on; a server that has none is told nothing.
    ByStartTls,
    /// Not at all.
    Not,
}

/// Who takes letters. `Debug` shows no name.
#[derive(Debug, Clone)]
pub struct MailServer {
    /// Its name.
    pub host: SecretString,
    /// Its port.
    pub port: u16,
    /// How what is sent is kept from others.
    pub secured: Secured,
    /// Who logs in, and with what password.
    pub login: Option<(SecretString, SecretString)>,
}

/// One letter.
#[derive(Debug, Clone, Copy)]
pub struct Letter<'a> {
    /// Who it is from.
    pub from: &'a str,
    /// Whom it is to.
    pub to: &'a [&'a str],
    /// Its subject.
    pub subject: &'a str,
    /// Its text.
    pub text: &'a str,
    /// The same for every copy of it: receivers deduplicate by it. Letters and digits.
    pub id: &'a str,
}

/// Why a letter was not taken, in words that hold no name of server or people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unsent {
    /// The server may take it later (a reply of 4xx).
    Later(String),
    /// It did not take it, or was not reached.
    Failed(String),
}

/// Sends a letter; fails where it is not known to be taken within this time.
pub async fn send_letter(server: &MailServer, letter: Letter<'_>, within: Duration) -> Result<(), Unsent> {
    let message = message(letter).map_err(Unsent::Failed)?;
    let transport = transport(server, within).map_err(Unsent::Failed)?;
    match tokio::time::timeout(within, transport.send(message)).await {
        Ok(Ok(_)) => Ok(()),
        Ok(Err(error)) => Err(refused(&error)),
        Err(_) => Err(Unsent::Failed(format!("no answer within {} s", within.as_secs()))),
    }
}

fn message(letter: Letter<'_>) -> Result<Message, String> {
    let mailbox = |text: &str| text.parse::<Mailbox>().map_err(|_| "a mailbox that cannot be written to".to_owned());
    let subject: String = letter.subject.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let mut message = Message::builder()
        .from(mailbox(letter.from)?)
        .subject(subject)
        .message_id(Some(format!("<{}@johndoe.invalid>", letter.id)))
        .header(ContentType::TEXT_PLAIN);
    for to in letter.to {
        message = message.to(mailbox(to)?);
    }
    message.body(letter.text.to_owned()).map_err(|_| "a letter that cannot be written".to_owned())
}

fn transport(server: &MailServer, within: Duration) -> Result<AsyncSmtpTransport<Tokio1Executor>, String> {
    let host = server.host.expose_secret();
    let parameters =
        || TlsParameters::new_rustls(host.to_owned()).map_err(|_| "TLS cannot be set up on this machine".to_owned());
    let tls = match server.secured {
        Secured::FromTheFirstByte => Tls::Wrapper(parameters()?),
        Secured::ByStartTls => Tls::Required(parameters()?),
        Secured::Not => Tls::None,
    };
    let builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(host).port(server.port).tls(tls);
    let builder = builder.timeout(Some(within));
    Ok(match &server.login {
        Some((user, password)) => {
            let login = Credentials::new(user.expose_secret().to_owned(), password.expose_secret().to_owned());
            builder.credentials(login).build()
        }
        None => builder.build(),
    })
}

/// What the library tells may quote the server, and that whom it was to: only the kind of the failure is told.
fn refused(error: &lettre::transport::smtp::Error) -> Unsent {
    let code = error.status().map(|code| code.to_string());
    match code {
        Some(code) if error.is_transient() => Unsent::Later(format!("the mail server answered {code}")),
        Some(code) => Unsent::Failed(format!("the mail server answered {code}")),
        None if error.is_timeout() => Unsent::Failed("no answer in time".to_owned()),
        None if error.is_tls() => Unsent::Failed("the mail server's TLS cannot be trusted".to_owned()),
        None => Unsent::Failed("the mail server was not reached, or spoke no SMTP".to_owned()),
    }
}
