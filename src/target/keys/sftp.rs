//! The keys of a login over SFTP.

use super::forms::DURATION;
use crate::source::{Fault, Key, Leaf, Shape};
use crate::target::sftp::{HostKey, SftpAddress};

/// A folder of this machine, or one behind an address.
pub(super) static FOLDER: Shape = Shape::Leaf(Leaf {
    expected: "a folder, or an address such as sftp://drop.example/outbound",
    pattern: None,
    fault: |s| {
        let Some((scheme, _)) = s.text.split_once("://") else {
            // `sftp:/host` and `sftp:host` would be looked for as folders of this machine, and wait there for ever
            let meant = s.text.strip_prefix("sftp:")?.trim_start_matches('/');
            let message = format!("`{}` is no address of a folder", s.written);
            return Some(Fault { message: Some(message), help: Some(format!("write `sftp://{meant}`")) });
        };
        if scheme != "sftp" {
            let message = format!("`{scheme}` is not spoken: files are read from folders and `sftp://`");
            return Some(Fault::message(message));
        }
        let fault = SftpAddress::parse(&s.text).err()?;
        Some(Fault::message(format!("`{}` is no address of a folder: {fault}", s.written)))
    },
});

pub(super) static SFTP: Shape = Shape::Keys {
    name: "`sftp`",
    keys: &[
        Key::optional("user", &Shape::Text, "Who logs in, where the address does not say it."),
        Key::optional("password", &Shape::Text, "Their password, best as `${env:NAME}` or `${file:PATH}`."),
        Key::optional("key", &PRIVATE_KEY, "Their private key, as `${file:PATH}`: OpenSSH, PEM or PuTTY."),
        Key::optional("passphrase", &Shape::Text, "What the private key is locked with."),
        Key::required(
            "host_key",
            &HOST_KEYS,
            "The server's host key, or several: `SHA256:…`, or the public key line. Any other is refused.",
        ),
        Key::optional(
            "connect_within",
            &DURATION,
            "Connection, host key and login must be done within this; 20s unless said.",
        ),
        Key::optional("request_within", &DURATION, "Each request must be answered within this; 30s unless said."),
    ],
};

static HOST_KEYS: Shape = Shape::Either(&[&HOST_KEY, &HOST_KEY_LIST]);
static HOST_KEY_LIST: Shape = Shape::List(&HOST_KEY);
static HOST_KEY: Shape = Shape::Leaf(Leaf {
    expected: "a host key: `SHA256:` with 43 characters, or a line such as `ssh-ed25519 AAAA…`",
    pattern: None,
    fault: |s| Fault::unless(HostKey::parse(&s.text).is_some()),
});
static PRIVATE_KEY: Shape = Shape::Leaf(Leaf {
    expected: "the text of a private key, brought in with `${file:PATH}`",
    pattern: None,
    fault: |s| Fault::unless(s.text.contains("PRIVATE KEY-----") || s.text.starts_with("PuTTY-User-Key-File-")),
});
