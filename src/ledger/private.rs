//! Files and folders for their owner alone: a ledger tells who was sent where, and with what.

use std::fs::{DirBuilder, OpenOptions};
use std::io::{Error, ErrorKind, Write as _};
use std::path::Path;

/// Makes an empty file where there is none; one that is there stays as it is. It gets its name when it is complete and
/// closed: closing a database's file lets go of the locks that its own handle in this process has on it.
pub(super) fn make_file(path: &Path) -> Result<(), Error> {
    if path.try_exists()? {
        return Ok(());
    }
    // Temporary files are their owner's alone.
    let made =
        tempfile::Builder::new().prefix(".johndoe-").tempfile_in(super::place::folder_of(path))?.into_temp_path();
    match made.persist_noclobber(path) {
        // Another process was quicker.
        Err(e) if e.error.kind() == ErrorKind::AlreadyExists => Ok(()),
        made => made.map_err(Error::from),
    }
}

/// Makes a folder, and those above it, where there is none; one that is there keeps its mode.
pub(super) fn make_folder(path: &Path) -> Result<(), Error> {
    let mut builder = DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.recursive(true).create(path)
}

/// Whether a folder's disk has no room: tried with a file that is gone at once, as large as what SQLite asks for beside a
/// ledger.
pub(super) fn is_full(folder: &Path) -> bool {
    let tried = tempfile::Builder::new()
        .prefix(".johndoe-")
        .tempfile_in(folder)
        .and_then(|mut file| file.write_all(&vec![0; 64 << 10]));
    tried.is_err_and(|e| matches!(e.kind(), ErrorKind::StorageFull | ErrorKind::QuotaExceeded))
}

/// Options by which a file that is created is its owner's alone.
pub(super) fn options() -> OpenOptions {
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}
