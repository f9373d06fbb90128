//! Whether the files that a process has open are still those that others find at their paths.

use super::Error;
use std::path::{Path, PathBuf};

/// A ledger's file and the two that the database keeps beside it, as they were when they were opened. They are looked at by
/// path alone: to open one and close it again would let go of the database's own locks on it.
#[derive(Debug)]
pub(super) struct SameFile {
    ledger: PathBuf,
    files: Vec<(PathBuf, Identity)>,
}

impl SameFile {
    /// Remembers which files these are. `before` is what `identity` gave before the ledger was opened: a file that was
    /// replaced meanwhile is told.
    pub(super) fn remember(ledger: &Path, before: Identity) -> Result<Self, Error> {
        let files: Vec<_> = ["", "-wal", "-shm"]
            .into_iter()
            .map(|end| beside(ledger, end))
            .filter_map(|path| identity(&path).map(|found| (path, found)))
            .collect();
        let same = Self { ledger: ledger.to_owned(), files };
        match same.files.first() {
            Some((path, found)) if path == ledger && *found == before => Ok(same),
            _ => Err(same.lost(ledger)),
        }
    }

    /// Fails with `Lost` where one of them is gone, or another file in its place.
    pub(super) fn check(&self) -> Result<(), Error> {
        match self.files.iter().find(|(path, remembered)| identity(path).as_ref() != Some(remembered)) {
            None => Ok(()),
            Some((path, _)) => Err(self.lost(path)),
        }
    }

    fn lost(&self, file: &Path) -> Error {
        Error::Lost { path: self.ledger.clone(), file: file.to_owned() }
    }
}

/// The path of a file that the database keeps beside a ledger.
pub(super) fn beside(ledger: &Path, end: &str) -> PathBuf {
    let mut path = ledger.as_os_str().to_owned();
    path.push(end);
    PathBuf::from(path)
}

/// What tells one file from another of the same name: its device and its number there.
#[cfg(unix)]
pub(super) type Identity = (u64, u64);

/// The file at a path, where there is one.
#[cfg(unix)]
pub(super) fn identity(path: &Path) -> Option<Identity> {
    use std::os::unix::fs::MetadataExt as _;
    std::fs::symlink_metadata(path).ok().map(|found| (found.dev(), found.ino()))
}

/// Elsewhere open files cannot be deleted or replaced; only their being there is looked at.
#[cfg(not(unix))]
pub(super) type Identity = ();

/// Whether there is a file at a path.
#[cfg(not(unix))]
pub(super) fn identity(path: &Path) -> Option<Identity> {
    std::fs::symlink_metadata(path).ok().map(|_| ())
}
