//! What lies in a folder now.

use super::pattern::Pattern;
use crate::files::{Files, Source, Stamp, is_temporary};
use crate::model::IssuerId;
use std::io;
use std::sync::Arc;

/// A folder of 834 files.
#[derive(Debug, Clone)]
pub(super) struct Folder {
    pub(super) files: Arc<dyn Files>,
    /// The issuer whose files lie there; `None`: files of all issuers.
    pub(super) issuer: Option<IssuerId>,
    /// Put before file names where there are several folders, so that a name says which.
    pub(super) prefix: String,
}

/// A file of a folder, as the directory says.
#[derive(Debug, Clone)]
pub(super) struct Listed {
    /// Its name for people and for the ledger.
    pub(super) label: String,
    pub(super) issuer: Option<IssuerId>,
    pub(super) stamp: Stamp,
    name: String,
    files: Arc<dyn Files>,
}

impl Folder {
    /// The files to read, oldest first, by name where they are of one age. Fails where the folder cannot be read.
    pub(super) fn list(&self, names: &[Pattern]) -> io::Result<Vec<Listed>> {
        let asked_for = |name: &str| names.is_empty() || names.iter().any(|pattern| pattern.matches(name));
        let listed = self.files.list(&|name| asked_for(name) && !is_temporary(name))?;
        let mut found: Vec<Listed> = listed.into_iter().map(|(name, stamp)| self.listed(name, stamp)).collect();
        found.sort_by(|a, b| (a.stamp.modified, &a.label).cmp(&(b.stamp.modified, &b.label)));
        Ok(found)
    }

    fn listed(&self, name: String, stamp: Stamp) -> Listed {
        let (label, issuer) = (format!("{}{name}", self.prefix), self.issuer.clone());
        Listed { label, issuer, stamp, name, files: Arc::clone(&self.files) }
    }
}

impl Listed {
    /// Its bytes, from the beginning.
    pub(super) fn open(&self) -> io::Result<Box<dyn Source>> {
        self.files.open(&self.name)
    }

    /// Whether it was written to since it was listed.
    pub(super) fn has_changed(&self) -> io::Result<bool> {
        Ok(self.files.stamp(&self.name)? != Some(self.stamp))
    }
}

#[cfg(test)]
impl Listed {
    /// A file that is nowhere.
    pub(super) fn imagined(label: &str, stamp: Stamp) -> Self {
        let files = Arc::new(crate::files::LocalFiles::new("nowhere".into()));
        Self { label: label.to_owned(), issuer: None, stamp, name: label.to_owned(), files }
    }
}
