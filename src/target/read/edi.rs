//! A folder of 834 files.

use super::{Builder, words};
use crate::model::IssuerId;
use crate::source::Node;
use crate::target::waypoint::EdiFolder;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

impl Builder<'_> {
    pub(super) fn edi_folder(&mut self, node: &Node) -> EdiFolder {
        let mut folders: BTreeMap<Option<IssuerId>, PathBuf> = BTreeMap::new();
        folders.extend(node.text_of("path").map(|path| (None, PathBuf::from(path))));
        for entry in node.get("per_issuer").map_or(&[][..], Node::entries) {
            for key in
                ["base_url", "auth", "headers", "lookup", "lookups", "records", "members", "fields", "status", "absent"]
            {
                self.misplaced(&entry.value, key, "belongs to the feed `json_api`");
            }
            match entry.value.text_of("path") {
                Some(path) => {
                    folders.insert(Some(IssuerId::new(entry.key.as_str())), PathBuf::from(path));
                }
                None if entry.value.is_map() => {
                    self.report.error(entry.key_span, format!("issuer `{}` has no `path`", entry.key));
                }
                None => {}
            }
        }
        if node.get("path").is_some() == node.get("per_issuer").is_some() {
            self.report.error(node.span, "an `edi_folder` needs one of `path` and `per_issuer`");
        }
        let every = super::step::span_of_time(Some(node), "every").unwrap_or(Duration::from_secs(1));
        EdiFolder { folders, names: words(node.get("names")), every }
    }
}
