//! What stands for folders on other machines where the program is built without SFTP.

use super::folder::{Contents, Files, NotPut, Source, Stamp};
use std::io;

/// A folder that cannot be looked into.
#[derive(Debug)]
pub(super) struct NoSftp {
    address: String,
}

impl NoSftp {
    pub(super) fn new(address: String) -> Self {
        Self { address }
    }
}

fn unspoken() -> io::Error {
    io::Error::other("this program was built without SFTP; build it with the feature `sftp`")
}

impl Files for NoSftp {
    fn list(&self, _: &dyn Fn(&str) -> bool) -> io::Result<Contents> {
        Err(unspoken())
    }

    fn stamp(&self, _: &str) -> io::Result<Option<Stamp>> {
        Err(unspoken())
    }

    fn open(&self, _: &str) -> io::Result<Box<dyn Source>> {
        Err(unspoken())
    }

    fn put(&self, _: &str, _: &[u8]) -> Result<(), NotPut> {
        Err(NotPut::before(unspoken()))
    }

    fn discard(&self, _: &str) -> io::Result<()> {
        Err(unspoken())
    }

    fn shown(&self) -> String {
        self.address.clone()
    }
}
