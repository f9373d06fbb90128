//! Places where files lie, near or far: what is there, and what is in it.

use std::fmt;
use std::io::{self, Read, Seek};
use std::time::SystemTime;

/// A folder's files. Every call blocks, and fails with [`io::ErrorKind::NotFound`] where the file (or folder) is gone.
pub trait Files: fmt::Debug + Send + Sync {
    /// The files there whose names are wanted, in no order; folders and other things that are no files are left out, and an
    /// entry that says nothing of itself stands beside them. Fails where the folder cannot be read, with [`io::ErrorKind::PermissionDenied`] where that will not
    /// change.
    fn list(&self, wanted: &dyn Fn(&str) -> bool) -> io::Result<Contents>;

    /// Size and age of one file; `None` for what is no file.
    fn stamp(&self, name: &str) -> io::Result<Option<Stamp>>;

    /// The bytes of one file, from its beginning.
    fn open(&self, name: &str) -> io::Result<Box<dyn Source>>;

    /// Puts a whole file there: under a temporary name first, so that nobody reads half of it, then renamed. A file that has
    /// the name already is left as it is, and that is a failure. The folder must be there.
    fn put(&self, name: &str, content: &[u8]) -> Result<(), NotPut>;

    /// Takes away what an attempt to put this file that was broken off left there under its temporary name.
    fn discard(&self, name: &str) -> io::Result<()>;

    /// The place as people know it, without secrets.
    fn shown(&self) -> String;
}

/// What lies in a folder.
#[derive(Debug, Default)]
pub struct Contents {
    /// Files, each by name with its size and age.
    pub files: Vec<(String, Stamp)>,
    /// Entries of which nobody can say whether they are files, and why: links in a circle or to nowhere, names that cannot be
    /// asked for.
    pub unreadable: Vec<(String, io::Error)>,
}

/// What changes when a file is written to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stamp {
    /// Bytes.
    pub size: u64,
    /// When it was last written to.
    pub modified: SystemTime,
}

/// Why a file was not put into a folder.
#[derive(Debug)]
pub struct NotPut {
    /// What went wrong.
    pub error: io::Error,
    /// Whether the file may lie there under its name all the same: it was being renamed, and nothing says how that ended.
    pub may_be_there: bool,
}

impl NotPut {
    /// The file does not lie there.
    pub(super) fn before(error: io::Error) -> Self {
        Self { error, may_be_there: false }
    }
}

/// Bytes that can be read from any place on.
pub trait Source: Read + Seek + Send {}

impl<T: Read + Seek + Send> Source for T {}
