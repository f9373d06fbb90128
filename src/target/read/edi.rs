//! Folders of 834 files.

use super::sftp::is_remote;
use super::{Builder, words};
use crate::model::IssuerId;
use crate::source::Node;
use crate::target::waypoint::{Directory, EdiFolder};
use std::collections::BTreeMap;
use std::time::Duration;

impl Builder<'_> {
    pub(super) fn edi_folder(&mut self, node: &Node) -> EdiFolder {
        let mut folders: BTreeMap<Option<IssuerId>, Directory> = BTreeMap::new();
        folders.extend(self.directory(node, None).map(|directory| (None, directory)));
        for entry in node.get("per_issuer").map_or(&[][..], Node::entries) {
            for key in
                ["base_url", "auth", "headers", "lookup", "lookups", "records", "members", "fields", "status", "absent"]
            {
                self.misplaced(&entry.value, key, "belongs to the feed `json_api`");
            }
            if entry.value.is_map() && entry.value.get("path").is_none() {
                self.report.error(entry.key_span, format!("issuer `{}` has no `path`", entry.key));
            }
            let directory = self.directory(&entry.value, node.get("sftp"));
            folders.extend(directory.map(|d| (Some(IssuerId::new(entry.key.as_str())), d)));
        }
        if node.get("path").is_some() == node.get("per_issuer").is_some() {
            self.report.error(node.span, "an `edi_folder` needs one of `path` and `per_issuer`");
        }
        let per_issuer = node.get("per_issuer").map_or(&[][..], Node::entries).iter().map(|entry| &entry.value);
        if !per_issuer.chain([node]).any(is_remote) {
            self.misplaced(node, "sftp", "belongs to a `path` that begins with `sftp://`");
        }
        let every = super::step::span_of_time(Some(node), "every").unwrap_or(Duration::from_secs(1));
        EdiFolder { folders, names: words(node.get("names")), every }
    }
}
