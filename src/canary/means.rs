//! How a channel is told: read from its keys, of which one says how, and the rest more of that.

use super::payload::Template;
use super::read::{number, span};
use crate::source::{Entry, Node, Report};
use chrono::TimeDelta;
use secrecy::SecretString;

/// How a channel is told. `Debug` shows no address.
#[derive(Debug, Clone)]
pub enum Means {
    /// By posting to an address, which is a secret.
    Webhook {
        /// The address.
        address: SecretString,
        /// What is posted.
        template: Template,
        /// The key by which `PagerDuty` knows the service.
        routing_key: Option<SecretString>,
    },
    /// By posting alarms to Alertmanager.
    Alertmanager {
        /// Its address, which is a secret.
        address: SecretString,
        /// An alarm holds so long after it was last posted.
        hold: TimeDelta,
    },
    /// By e-mail.
    Email(Email),
    /// By a program that reads it.
    Command(Vec<String>),
}

/// An e-mail channel. `Debug` shows nothing of it but its kind of TLS.
#[derive(Debug, Clone)]
pub struct Email {
    /// The mail server's name.
    pub server: SecretString,
    /// Its port.
    pub port: u16,
    /// How what is sent is kept from others.
    pub tls: Tls,
    /// Who logs in, and with what password.
    pub login: Option<(SecretString, SecretString)>,
    /// Who it is from.
    pub from: SecretString,
    /// Whom it is to.
    pub to: Vec<SecretString>,
}

/// How what is sent is kept from others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tls {
    /// From the first byte.
    Implicit,
    /// From `STARTTLS` on, which must succeed.
    StartTls,
    /// Not at all.
    None,
}

/// The keys of which each channel has one.
const KINDS: [&str; 4] = ["webhook", "alertmanager", "email", "command"];
/// The keys that say more of one of them.
const MORE: [(&str, &str); 4] =
    [("template", "webhook"), ("routing_key", "webhook"), ("body", "webhook"), ("hold", "alertmanager")];

/// Reads how a channel is told. What the check has refused is passed over in silence.
pub(super) fn means(node: &Node, report: &mut Report) -> Option<Means> {
    let kind = kind(node, report)?;
    for (key, of) in MORE.iter().filter(|(_, of)| *of != kind.key) {
        if let Some(entry) = node.entry(key) {
            report.error(entry.key_span, format!("`{key}` in a channel without `{of}`, of which it says more"));
        }
    }
    match kind.key.as_str() {
        "webhook" => webhook(node, kind, report),
        "alertmanager" => Some(Means::Alertmanager {
            address: secret(&kind.value)?,
            hold: span(node, "hold").unwrap_or(TimeDelta::hours(24)),
        }),
        "email" => email(&kind.value, report).map(Means::Email),
        _ => Some(Means::Command(texts(&kind.value))),
    }
}

fn kind<'n>(node: &'n Node, report: &mut Report) -> Option<&'n Entry> {
    let kinds: Vec<&Entry> = KINDS.iter().filter_map(|kind| node.entry(kind)).collect();
    match kinds.as_slice() {
        [one] => Some(one),
        [] => {
            let help = "write for example `webhook: ${env:PAGER_ADDRESS}`";
            let message = "a channel without `webhook`, `alertmanager`, `email` and `command`, expected one of these";
            report.error(node.span, message).help(help);
            None
        }
        [first, second, ..] => {
            let message = format!("a channel with `{}` and `{}`, expected one of the two", first.key, second.key);
            report.error(second.key_span, message);
            None
        }
    }
}

fn webhook(node: &Node, kind: &Entry, report: &mut Report) -> Option<Means> {
    let template = match (node.entry("template"), node.entry("body")) {
        (Some(_), Some(body)) => {
            report.error(body.key_span, "a webhook with `template` and `body`, expected one of the two");
            return None;
        }
        (_, Some(body)) => match Template::own(body.value.text()?) {
            Ok(template) => template,
            Err(why) => {
                let help = "every variable goes through `tojson`, as in {\"text\": {{ text | tojson }}}";
                report.error(body.value.span, format!("a body that cannot be sent: {why}, expected JSON")).help(help);
                return None;
            }
        },
        _ => Template::named(node.text_of("template").unwrap_or("json")),
    };
    let routing_key = node.entry("routing_key");
    match (&template, routing_key) {
        (Template::PagerDuty, None) => {
            let help = "write `routing_key: ${env:PAGERDUTY_ROUTING_KEY}`, the integration key of the service";
            report.error(node.span, "PagerDuty without `routing_key`, by which it knows the service").help(help);
            return None;
        }
        (Template::PagerDuty, Some(_)) | (_, None) => {}
        (_, Some(entry)) => {
            report.error(entry.key_span, "`routing_key` in a webhook whose template is not `pagerduty`");
        }
    }
    let routing_key = routing_key.and_then(|entry| secret(&entry.value));
    Some(Means::Webhook { address: secret(&kind.value)?, template, routing_key })
}

fn email(node: &Node, report: &mut Report) -> Option<Email> {
    only_mailboxes(node, report);
    let (tls, usual_port) = match node.text_of("tls")? {
        "implicit" => (Tls::Implicit, 465),
        "starttls" => (Tls::StartTls, 587),
        _ => (Tls::None, 25),
    };
    let login = match (node.entry("user"), node.entry("password")) {
        (Some(_), Some(password)) if tls == Tls::None => {
            let message = "a password that would be sent without TLS, expected `tls: starttls` or `implicit`";
            report.error(password.key_span, message);
            return None;
        }
        (Some(user), Some(password)) => Some((secret(&user.value)?, secret(&password.value)?)),
        (None, None) => None,
        (user, password) => {
            let there = user.or(password)?;
            report.error(there.key_span, "one of `user` and `password` without the other, expected both or none");
            return None;
        }
    };
    let to: Vec<SecretString> = texts(node.get("to")?).into_iter().map(Into::into).collect();
    Some(Email {
        server: node.text_of("server")?.to_owned().into(),
        port: number(node, "port").unwrap_or(usual_port),
        tls,
        login,
        from: node.text_of("from")?.to_owned().into(),
        to,
    })
}

fn only_mailboxes(node: &Node, report: &mut Report) {
    let is_mailbox =
        |text: &str| text.rsplit_once('@').is_some_and(|(name, host)| !name.is_empty() && !host.is_empty());
    let mailboxes = node.get("to").into_iter().flat_map(Node::items).chain(node.get("from"));
    for mailbox in mailboxes.filter(|mailbox| mailbox.text().is_some_and(|text| !is_mailbox(text))) {
        report.error(mailbox.span, "found no mailbox, expected one such as operations@example.org");
    }
}

fn secret(node: &Node) -> Option<SecretString> {
    node.text().map(|text| text.to_owned().into())
}

fn texts(node: &Node) -> Vec<String> {
    node.items().iter().filter_map(Node::text).map(ToOwned::to_owned).collect()
}
