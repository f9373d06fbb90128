//! A folder on this machine, or one behind `sftp://`.

use super::Builder;
use super::step::{REQUEST_WITHIN, span_of_time};
use crate::source::{Node, Span};
use crate::target::sftp::{HostKey, SftpAddress, SftpFolder};
use crate::target::waypoint::Directory;
use std::path::PathBuf;
use std::time::Duration;

/// Connection, host key and login, unless the target says otherwise.
const CONNECT_WITHIN: Duration = Duration::from_secs(20);

/// Whether a mapping's `path` is an address.
pub(super) fn is_remote(node: &Node) -> bool {
    node.text_of("path").is_some_and(|path| path.starts_with("sftp://"))
}

impl Builder<'_> {
    /// The folder that a mapping's `path` names; its `sftp` says how to log in, or else `shared` does.
    pub(super) fn directory(&mut self, node: &Node, shared: Option<&Node>) -> Option<Directory> {
        let path = node.get("path")?;
        let text = path.text()?;
        if !is_remote(node) {
            if shared.is_some() {
                self.misplaced(node, "sftp", "belongs to a `path` that begins with `sftp://`");
            }
            return Some(Directory::Local(PathBuf::from(text)));
        }
        let address = SftpAddress::parse(text).ok()?;
        self.note_host(path, text);
        let Some(login) = node.get("sftp").or(shared) else {
            self.report
                .error(
                    path.span,
                    "an `sftp://` folder without `sftp`: nothing says who logs in, and what the server's key is",
                )
                .help("add `sftp: {user: …, password: ${env:NAME}, host_key: \"SHA256:…\"}`");
            return None;
        };
        self.login(address, path.span, login).map(|folder| Directory::Sftp(Box::new(folder)))
    }

    fn login(&mut self, address: SftpAddress, at: Span, node: &Node) -> Option<SftpFolder> {
        let secret = |key: &str| node.text_of(key).map(|text| text.to_owned().into());
        if node.get("password").is_none() && node.get("key").is_none() && node.is_map() {
            self.report.error(node.span, "`sftp` needs `password` or `key`, or both where the server asks for both");
        }
        if node.get("key").is_none() {
            self.misplaced(node, "passphrase", "unlocks a `key`, and there is none");
        }
        let user = self.user(&address, at, node)?;
        let host_keys = node.get("host_key").map_or(&[][..], Node::items_or_self);
        Some(SftpFolder {
            user,
            password: secret("password"),
            key: secret("key"),
            passphrase: secret("passphrase"),
            host_keys: host_keys.iter().filter_map(|n| HostKey::parse(n.text()?)).collect(),
            connect_within: span_of_time(Some(node), "connect_within").unwrap_or(CONNECT_WITHIN),
            request_within: span_of_time(Some(node), "request_within").unwrap_or(REQUEST_WITHIN),
            address,
        })
    }

    fn user(&mut self, address: &SftpAddress, at: Span, node: &Node) -> Option<String> {
        match (address.user.clone(), node.text_of("user")) {
            (Some(user), None) => Some(user),
            (None, Some(user)) => Some(user.to_owned()),
            (Some(user), Some(other)) if user == other => Some(user),
            (Some(_), Some(_)) => {
                self.report.error(at, "the address and `sftp` name two users");
                None
            }
            (None, None) => {
                self.report.error(at, "nothing says who logs in").help("write `sftp://user@…`, or `sftp: {user: …}`");
                None
            }
        }
    }
}
