//! What lies in a folder now.

use super::pattern::{Pattern, is_temporary};
use crate::model::IssuerId;
use std::fs;
use std::io;
use std::path::PathBuf;
use std::time::SystemTime;

/// A folder of 834 files.
#[derive(Debug, Clone)]
pub(super) struct Folder {
    pub(super) path: PathBuf,
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
    pub(super) path: PathBuf,
    pub(super) issuer: Option<IssuerId>,
    pub(super) stamp: Stamp,
}

/// What changes when a file is written to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Stamp {
    pub(super) size: u64,
    pub(super) modified: SystemTime,
}

impl Folder {
    /// The files to read, oldest first, by name where they are of one age. Fails where the folder cannot be read.
    pub(super) fn list(&self, names: &[Pattern]) -> io::Result<Vec<Listed>> {
        let mut found = Vec::new();
        for entry in fs::read_dir(&self.path)? {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            let wanted = names.is_empty() || names.iter().any(|pattern| pattern.matches(&name));
            if !wanted || is_temporary(&name) {
                continue;
            }
            match stamp(&entry.path()) {
                Ok(Some(stamp)) => {
                    let (label, issuer) = (format!("{}{name}", self.prefix), self.issuer.clone());
                    found.push(Listed { label, path: entry.path(), issuer, stamp });
                }
                Ok(None) => {}
                // Renamed or taken away since the directory was read.
                Err(e) if e.kind() == io::ErrorKind::NotFound => {}
                Err(e) => return Err(e),
            }
        }
        found.sort_by(|a, b| (a.stamp.modified, &a.label).cmp(&(b.stamp.modified, &b.label)));
        Ok(found)
    }
}

/// Size and age of a file; `None` for what is no file.
pub(super) fn stamp(path: &std::path::Path) -> io::Result<Option<Stamp>> {
    let data = fs::metadata(path)?;
    if !data.is_file() {
        return Ok(None);
    }
    Ok(Some(Stamp { size: data.len(), modified: data.modified().unwrap_or(SystemTime::UNIX_EPOCH) }))
}
