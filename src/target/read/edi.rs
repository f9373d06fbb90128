//! A folder of 834 files, or of their acknowledgements.

use super::{Builder, words};
use crate::model::{IssuerId, WaypointName};
use crate::source::{Node, nearest};
use crate::target::waypoint::{AckFolder, EdiFolder};
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
        let feed = node.text_of("feed").unwrap_or("edi_folder");
        if node.get("path").is_some() == node.get("per_issuer").is_some() {
            self.report.error(node.span, format!("an `{feed}` needs one of `path` and `per_issuer`"));
        }
        let every = super::step::span_of_time(Some(node), "every").unwrap_or(Duration::from_secs(1));
        EdiFolder { folders, names: words(node.get("names")), every }
    }

    /// `None` where the waypoint whose files are acknowledged cannot be told; what is wrong is reported.
    pub(super) fn ack_folder(&mut self, node: &Node, waypoints: &[Node]) -> Option<AckFolder> {
        let folder = self.edi_folder(node);
        let is_edi = |waypoint: &&Node| waypoint.text_of("feed") == Some("edi_folder");
        let names: Vec<&str> = waypoints.iter().filter(is_edi).filter_map(|w| w.text_of("name")).collect();
        let (of, span) = match (node.get("of"), names.as_slice()) {
            (Some(of), _) => (of.text()?, of.span),
            (None, [only]) => (*only, node.span),
            (None, _) => {
                let message =
                    format!("an `ack` needs `of`: there are {} waypoints with feed `edi_folder`", names.len());
                self.report.error(node.span, message);
                return None;
            }
        };
        if !names.contains(&of) {
            let error = self.report.error(span, format!("no waypoint with feed `edi_folder` is called `{of}`"));
            error.did_you_mean(nearest(of, names.iter().copied()));
            return None;
        }
        Some(AckFolder { folder, of: WaypointName::new(of) })
    }
}
