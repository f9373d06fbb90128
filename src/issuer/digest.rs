//! A file's content by its digest, taken while it is read.

use crate::model::hex;
use sha2::{Digest, Sha256};
use std::io::{self, Read};

/// Passes a source on and takes the SHA-256 of what went through, and of its beginning.
pub(super) struct Digesting<R> {
    source: R,
    hash: Sha256,
    /// Bytes still to come until the beginning ends.
    until_mark: Option<u64>,
    at_mark: Option<String>,
    length: u64,
}

/// What went through a [`Digesting`].
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Digests {
    /// Of all, hexadecimal.
    pub(super) whole: String,
    /// Of the beginning that was asked for, where the source was that long.
    pub(super) beginning: Option<String>,
    /// Bytes in all.
    pub(super) length: u64,
}

impl<R: Read> Digesting<R> {
    /// `mark`: the length of a beginning whose digest is wanted too.
    pub(super) fn new(source: R, mark: Option<u64>) -> Self {
        Self { source, hash: Sha256::new(), until_mark: mark, at_mark: None, length: 0 }
    }

    /// Reads what is left.
    pub(super) fn drain(&mut self) -> io::Result<()> {
        io::copy(self, &mut io::sink()).map(drop)
    }

    /// What went through so far.
    pub(super) fn finish(self) -> Digests {
        Digests { whole: hex(&self.hash.finalize()), beginning: self.at_mark, length: self.length }
    }

    /// What went through so far, of a source that is as long as this and is not read on: its length is in the digest.
    pub(super) fn finish_as(mut self, length: u64) -> Digests {
        self.take_in(&length.to_be_bytes());
        self.length = length;
        self.finish()
    }

    fn take_in(&mut self, bytes: &[u8]) {
        self.length += bytes.len() as u64;
        let Some(left) = self.until_mark else {
            self.hash.update(bytes);
            return;
        };
        let head = usize::try_from(left).unwrap_or(usize::MAX).min(bytes.len());
        let (beginning, rest) = bytes.split_at(head);
        self.hash.update(beginning);
        self.until_mark = Some(left - head as u64);
        if head as u64 == left {
            self.at_mark = Some(hex(&self.hash.clone().finalize()));
            self.until_mark = None;
            self.hash.update(rest);
        }
    }
}

impl<R: Read> Read for Digesting<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.source.read(buffer)?;
        self.take_in(buffer.get(..read).unwrap_or_default());
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::{Digesting, Digests};

    fn digests(mark: u64) -> Digests {
        let mut source = Digesting::new(&b"abcdef"[..], Some(mark));
        source.drain().unwrap();
        source.finish()
    }

    #[test]
    fn the_digest_is_of_the_whole_and_of_its_beginning() {
        let Digests { whole, beginning, length } = digests(3);
        // FIPS 180-2, appendix B.1: SHA-256 of "abc".
        let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!((beginning.as_deref(), length), (Some(abc), 6));
        assert_eq!(digests(7), Digests { whole, beginning: None, length });
    }
}
