//! A source that is slow.

use std::io::Read;

/// Gives out a few bytes at a time, so that every boundary is a buffer's edge once.
pub struct Dripping<'a>(pub &'a [u8]);

impl Read for Dripping<'_> {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        let length = self.0.len().min(into.len()).min(7);
        let (now, later) = self.0.split_at(length);
        into[..length].copy_from_slice(now);
        self.0 = later;
        Ok(length)
    }
}
