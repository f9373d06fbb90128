//! Files that are written for others to find: whole, under their name, or not there.

use super::failure::Failure;
use std::fs::File;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use tempfile::NamedTempFile;

/// A file on its way to its name, which it gets when it is kept; dropped before that, it goes away. It lies beside its place,
/// readable by its owner, under a name that nobody can guess and that was not there: nothing that was put there before is
/// followed.
pub(crate) struct Kept {
    place: PathBuf,
    partial: NamedTempFile,
}

impl Kept {
    /// Begins a file for this place. Fails where something lies there that is no regular file: a device, a pipe, a socket, a
    /// folder or a link is never replaced. `instead` says what else can be done.
    pub(crate) fn begin(place: &Path, instead: &str) -> Result<Self, Failure> {
        only_a_file(place, instead)?;
        let folder = place.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let beside = tempfile::Builder::new().prefix(".johndoe-").suffix(".partial").tempfile_in(folder);
        let partial = beside.map_err(|e| unwritable(place, &e))?;
        Ok(Self { place: place.to_owned(), partial })
    }

    /// What to write to.
    pub(crate) fn file(&self) -> &File {
        self.partial.as_file()
    }

    /// Gives it its name, in place of an earlier file.
    pub(crate) fn keep(self, instead: &str) -> Result<(), Failure> {
        only_a_file(&self.place, instead)?;
        self.partial.persist(&self.place).map(drop).map_err(|e| unwritable(&self.place, &e.error))
    }
}

fn only_a_file(place: &Path, instead: &str) -> Result<(), Failure> {
    match std::fs::symlink_metadata(place) {
        Ok(about) if !about.is_file() => Err(Failure::usage(format!(
            "`{}` is no regular file, and only such a file is replaced; {instead}",
            place.display()
        ))),
        Err(e) if e.kind() != ErrorKind::NotFound => Err(unwritable(place, &e)),
        _ => Ok(()),
    }
}

/// What keeps a file from being written, and what to do where that is known.
pub(crate) fn unwritable(place: &Path, error: &std::io::Error) -> Failure {
    let folder = place.parent().filter(|folder| !folder.as_os_str().is_empty() && !folder.exists());
    let help = match (error.kind(), folder) {
        (ErrorKind::StorageFull | ErrorKind::QuotaExceeded, _) => {
            "; the disk is full: free space on it, or name a file on another".to_owned()
        }
        (_, Some(folder)) => format!("; make the folder `{}` first", folder.display()),
        _ => String::new(),
    };
    Failure::usage(format!("cannot write `{}`: {error}{help}", place.display()))
}
