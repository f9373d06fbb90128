//! What a file says: its bytes as they are, or decompressed where it is compressed with gzip, whatever its name.
//!
//! Digests, offsets and records are all of what the file says, so that a compressed copy is known as the same content.

use super::folder::Source;
use crate::wire::x12::Completeness;
use flate2::read::MultiGzDecoder;
use std::io::{self, BufReader, Read, SeekFrom};
use thiserror::Error;

/// How a gzip member begins, with its one method (RFC 1952, section 2.3.1).
const MAGIC: [u8; 3] = [0x1f, 0x8b, 0x08];

/// Bytes asked for at once.
const CHUNK: usize = 64 << 10;

/// So many bytes may come out of any file …
const SURELY_HARMLESS: u64 = 64 << 20;
/// … and beyond them so many for each byte that went in: enrollment files shrink ten- to thirtyfold.
const MOST_FOR_ONE: u64 = 250;

/// What is wrong with a compressed file, which no second look at the network or the disk will mend.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
enum Flaw {
    #[error("its compressed content (gzip) has no end yet")]
    NoEnd,
    #[error("its compressed content (gzip) is damaged: {0}")]
    Damaged(String),
    #[error("its compressed content (gzip) grows beyond {MOST_FOR_ONE} bytes for each, which no enrollment file does")]
    Bomb,
}

/// What a file says. A compressed one that has no end, or is damaged, ends where it does, and then has a flaw.
pub struct Unpacked {
    bytes: Box<dyn Read>,
    flaw: Option<Flaw>,
}

/// What a file says, from an offset on. Fails where the source does.
pub fn unpack(mut source: Box<dyn Source>, from: u64) -> io::Result<Unpacked> {
    if head_of(&mut source)? != MAGIC {
        source.seek(SeekFrom::Start(from))?;
        return Ok(Unpacked { bytes: source, flaw: None });
    }
    source.rewind()?;
    let mut unpacked = Unpacked { bytes: Box::new(Inflated::new(source)), flaw: None };
    io::copy(&mut unpacked.by_ref().take(from), &mut io::sink())?;
    Ok(unpacked)
}

impl Unpacked {
    /// What the file itself lacks, once it is read to its end.
    pub fn flaw(&self) -> Option<Completeness> {
        let flaw = self.flaw.as_ref()?;
        Some(Completeness::Incomplete { reason: flaw.to_string(), closed: *flaw != Flaw::NoEnd })
    }
}

impl Read for Unpacked {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.flaw.is_some() {
            return Ok(0);
        }
        self.bytes.read(buffer).or_else(|e| {
            self.flaw = e.get_ref().and_then(|inner| inner.downcast_ref::<Flaw>()).cloned();
            if self.flaw.is_some() { Ok(0) } else { Err(e) }
        })
    }
}

/// What a stream says, which cannot be gone back in, such as standard input. A compressed one that has no end, or is damaged,
/// fails where it does; so does one that grows too much. Fails where the stream does.
pub fn unpack_stream(mut source: impl Read + Send + 'static) -> io::Result<Box<dyn Read + Send>> {
    let head = head_of(&mut source)?;
    let is_compressed = head == MAGIC;
    let whole = io::Cursor::new(head).chain(source);
    Ok(if is_compressed { Box::new(Inflated::new(whole)) } else { Box::new(whole) })
}

fn head_of(source: &mut dyn Read) -> io::Result<Vec<u8>> {
    let mut head = Vec::with_capacity(MAGIC.len());
    source.take(MAGIC.len() as u64).read_to_end(&mut head)?;
    Ok(head)
}

/// Decompresses every member of a file, and tells trouble with the file from trouble with the place it lies at.
struct Inflated<R> {
    decoder: MultiGzDecoder<BufReader<Watched<R>>>,
    given: u64,
}

/// Counts what a source gives, and remembers whether it failed.
struct Watched<R> {
    source: R,
    taken: u64,
    failed: bool,
}

impl<R: Read> Inflated<R> {
    fn new(source: R) -> Self {
        let watched = Watched { source, taken: 0, failed: false };
        Self { decoder: MultiGzDecoder::new(BufReader::with_capacity(CHUNK, watched)), given: 0 }
    }

    fn meaning(&self, error: io::Error) -> io::Error {
        if self.decoder.get_ref().get_ref().failed {
            return error;
        }
        let flaw = match error.kind() {
            io::ErrorKind::UnexpectedEof => Flaw::NoEnd,
            _ => Flaw::Damaged(error.to_string()),
        };
        io::Error::new(io::ErrorKind::InvalidData, flaw)
    }
}

impl<R: Read> Read for Inflated<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let given = self.decoder.read(buffer).map_err(|e| self.meaning(e))?;
        self.given += given as u64;
        let most = self.decoder.get_ref().get_ref().taken.saturating_mul(MOST_FOR_ONE);
        if self.given > most.max(SURELY_HARMLESS) {
            return Err(io::Error::new(io::ErrorKind::InvalidData, Flaw::Bomb));
        }
        Ok(given)
    }
}

impl<R: Read> Read for Watched<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.source.read(buffer);
        match &read {
            Ok(count) => self.taken += *count as u64,
            Err(e) => self.failed = e.kind() != io::ErrorKind::Interrupted,
        }
        read
    }
}

#[cfg(test)]
mod tests {
    use super::{Completeness, unpack, unpack_stream};
    use flate2::Compression;
    use flate2::write::GzEncoder;
    use std::io::{self, Cursor, Read, Seek, SeekFrom, Write};

    fn gzip(text: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(text).unwrap();
        encoder.finish().unwrap()
    }

    fn read(bytes: &[u8], from: u64) -> (Vec<u8>, Option<Completeness>) {
        let mut unpacked = unpack(Box::new(Cursor::new(bytes.to_vec())), from).unwrap();
        let mut read = Vec::new();
        unpacked.read_to_end(&mut read).unwrap();
        (read, unpacked.flaw())
    }

    #[test]
    fn plain_and_compressed_files_say_the_same_from_any_offset() {
        let several = [gzip(b"ISA*"), gzip(b"00*"), gzip(b""), gzip(b"..")].concat();
        for from in [0, 3, 5, 9, 12] {
            let expected = b"ISA*00*..".get(from..).unwrap_or_default();
            for bytes in [b"ISA*00*..".as_slice(), &gzip(b"ISA*00*.."), &several] {
                assert_eq!(read(bytes, from as u64), (expected.to_vec(), None));
            }
        }
        assert_eq!(read(&[], 0), (Vec::new(), None));
        assert_eq!(read(&[0x1f], 0), (vec![0x1f], None));
    }

    #[test]
    fn streams_say_the_same_and_fail_where_a_compressed_one_ends_too_early() {
        let stream = |bytes: &[u8]| {
            let mut read = Vec::new();
            let ended = unpack_stream(Cursor::new(bytes.to_vec())).unwrap().read_to_end(&mut read);
            (read, ended.map_err(|e| e.to_string()).err())
        };
        let several = [gzip(b"ISA*"), gzip(b"00*"), gzip(b"..")].concat();
        for bytes in [b"ISA*00*..".as_slice(), &gzip(b"ISA*00*.."), &several] {
            assert_eq!(stream(bytes), (b"ISA*00*..".to_vec(), None));
        }
        assert_eq!(stream(&[0x1f]), (vec![0x1f], None));
        let whole = gzip(&b"ISA*00*          *00*".repeat(9));
        let (_, flaw) = stream(&whole[..whole.len() - 1]);
        assert_eq!(flaw.as_deref(), Some("its compressed content (gzip) has no end yet"));
    }

    #[test]
    fn every_prefix_of_a_compressed_file_has_no_end_yet_and_a_damaged_one_never_will() {
        let whole = gzip(&b"ISA*00*          *00*".repeat(9));
        for end in 3..whole.len() {
            let (_, found) = read(&whole[..end], 0);
            assert!(matches!(found, Some(Completeness::Incomplete { closed: false, .. })), "{end}: {found:?}");
        }
        let mut damaged = whole.clone();
        *damaged.last_mut().unwrap() ^= 1;
        let (_, found) = read(&damaged, 0);
        assert!(matches!(found, Some(Completeness::Incomplete { closed: true, .. })), "{found:?}");
    }

    #[test]
    fn a_bomb_is_given_up_long_before_its_end() {
        let bomb = gzip(&vec![0; 80 << 20]);
        let mut source = unpack(Box::new(Cursor::new(bomb)), 0).unwrap();
        let given = io::copy(&mut source, &mut io::sink()).unwrap();
        assert!(given <= 64 << 20 && source.flaw().is_some(), "{given}");
    }

    #[test]
    fn trouble_with_the_place_is_no_flaw_of_the_file() {
        /// Hangs up after the beginning.
        struct HangsUp(Cursor<Vec<u8>>);
        impl Read for HangsUp {
            fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
                match self.0.read(buffer)? {
                    0 => Err(io::ErrorKind::UnexpectedEof.into()),
                    count => Ok(count),
                }
            }
        }
        impl Seek for HangsUp {
            fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
                self.0.seek(to)
            }
        }
        let begun = gzip(b"ISA*00*..")[..12].to_vec();
        let mut source = unpack(Box::new(HangsUp(Cursor::new(begun))), 0).unwrap();
        assert!(io::copy(&mut source, &mut io::sink()).is_err() && source.flaw().is_none());
    }
}
