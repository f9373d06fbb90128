//! Any bytes as a file that may still be growing: whether it is whole is said, and said the same of the same bytes read in
//! pieces.

#![no_main]

use johndoe::wire::x12::completeness;
use libfuzzer_sys::fuzz_target;
use std::io::Read;

/// Gives out a few bytes at a time, so that every boundary is a buffer's edge once.
struct Dripping<'a>(&'a [u8]);

impl Read for Dripping<'_> {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        let length = self.0.len().min(into.len()).min(7);
        let (now, later) = self.0.split_at(length);
        into[..length].copy_from_slice(now);
        self.0 = later;
        Ok(length)
    }
}

fuzz_target!(|bytes: &[u8]| {
    let whole = completeness(bytes).map_err(|error| error.to_string());
    let dripped = completeness(Dripping(bytes)).map_err(|error| error.to_string());
    assert_eq!(format!("{whole:?}"), format!("{dripped:?}"));
});
