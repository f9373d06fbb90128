//! Places where files lie, near or far: what is there, and what is in it.

use super::listing::Stamp;
use std::fmt;
use std::io::{self, Read, Seek};

/// A folder's files. Every call blocks, and fails with [`io::ErrorKind::NotFound`] where the file (or folder) is gone.
pub(super) trait Files: fmt::Debug + Send + Sync {
    /// Names with sizes and ages of the files there whose names are wanted, in no order; folders and other things that are
    /// no files are left out. Fails where the folder cannot be read.
    fn list(&self, wanted: &dyn Fn(&str) -> bool) -> io::Result<Vec<(String, Stamp)>>;

    /// Size and age of one file; `None` for what is no file.
    fn stamp(&self, name: &str) -> io::Result<Option<Stamp>>;

    /// The bytes of one file, from its beginning.
    fn open(&self, name: &str) -> io::Result<Box<dyn Source>>;

    /// The place as people know it, without secrets.
    fn shown(&self) -> String;
}

/// Bytes that can be read from any place on.
pub(super) trait Source: Read + Seek + Send {}

impl<T: Read + Seek + Send> Source for T {}
