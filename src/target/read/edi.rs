//! Folders of 834 files, or of their acknowledgements.

use super::sftp::is_remote;
use super::{Builder, words};
use crate::model::{IssuerId, WaypointName};
use crate::source::{Node, nearest};
use crate::target::waypoint::{AckFolder, Directory, EdiFolder};
use std::collections::BTreeMap;
use std::time::Duration;

impl Builder<'_> {
    pub(super) fn edi_folder(&mut self, node: &Node) -> EdiFolder {
        let mut folders: BTreeMap<Option<IssuerId>, Directory> = BTreeMap::new();
        folders.extend(self.directory(node, None).map(|directory| (None, directory)));
        for entry in node.get("per_issuer").map_or(&[][..], Node::entries) {
            if entry.value.is_map() && entry.value.get("path").is_none() {
                self.report.error(entry.key_span, format!("issuer `{}` has no `path`", entry.key));
            }
            let directory = self.directory(&entry.value, node.get("sftp"));
            folders.extend(directory.map(|d| (Some(IssuerId::new(entry.key.as_str())), d)));
        }
        let feed = node.text_of("feed").unwrap_or("edi_folder");
        if node.get("path").is_some() == node.get("per_issuer").is_some() {
            self.report.error(node.span, format!("an `{feed}` needs one of `path` and `per_issuer`"));
        }
        let per_issuer = node.get("per_issuer").map_or(&[][..], Node::entries).iter().map(|entry| &entry.value);
        if !per_issuer.chain([node]).any(is_remote) {
            self.misplaced(node, "sftp", "belongs to a `path` that begins with `sftp://`");
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
