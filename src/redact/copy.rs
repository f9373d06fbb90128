//! Copies a file, segment by segment.

use super::pseudonym::Key;
use super::segment::Context;
use crate::wire::x12::{Delimiters, ReadError, Segments, Step};
use std::cell::RefCell;
use std::io::{self, Read, Write};
use std::rc::Rc;

/// What was done.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Summary {
    /// Segments copied.
    pub segments: u64,
    /// Elements replaced.
    pub replaced: u64,
}

/// Why there is no copy. What was written before must be thrown away.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The file cannot be read, or is no X12.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The copy cannot be written.
    #[error("cannot write the copy: {0}")]
    Write(#[source] io::Error),
    /// Something in the file is not understood.
    #[error(
        "byte {offset}: {what}; what is not understood may be a name, so that nothing is copied; repair the file first"
    )]
    NotUnderstood {
        /// Where.
        offset: u64,
        /// What.
        what: String,
    },
}

/// The source, of which every byte that the reader has taken is kept until it has been copied.
struct Tee<R> {
    source: R,
    taken: Rc<RefCell<Vec<u8>>>,
}

impl<R: Read> Read for Tee<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.source.read(buffer)?;
        self.taken.borrow_mut().extend_from_slice(buffer.get(..count).unwrap_or_default());
        Ok(count)
    }
}

/// Bytes between segments that are kept: the terminator, line breaks and blanks.
struct Gaps {
    taken: Rc<RefCell<Vec<u8>>>,
    /// Offset in the file of the first byte held, and of the next byte to copy.
    base: u64,
    next: u64,
}

/// Copied bytes are thrown away in pieces of this size.
const PIECE: u64 = 1 << 18;

impl Gaps {
    /// Copies what stands between the segment before and this offset; everything but line breaks, blanks and one terminator
    /// is not understood.
    fn copy(&mut self, until: u64, terminator: u8, out: &mut Vec<u8>) -> Result<(), Error> {
        let mut taken = self.taken.borrow_mut();
        let index = |offset: u64| usize::try_from(offset - self.base).unwrap_or(usize::MAX);
        let gap = taken.get(index(self.next)..index(until)).unwrap_or_default();
        let is_blank = |byte: &u8| byte.is_ascii_whitespace() || *byte == terminator || matches!(byte, 0 | 0x1a);
        let mark: &[u8] = if self.next == 0 { b"\xef\xbb\xbf" } else { b"" };
        let rest = gap.strip_prefix(mark).unwrap_or(gap);
        if !rest.iter().all(is_blank) {
            return Err(Error::NotUnderstood { offset: self.next, what: "bytes that are no segment".to_owned() });
        }
        out.extend_from_slice(gap);
        self.next = until;
        if self.next - self.base > PIECE {
            let passed = index(self.next);
            taken.drain(..passed);
            self.base = self.next;
        }
        Ok(())
    }
}

/// Copies a file with its people replaced, in constant memory (under 8 MB).
pub fn redact(source: impl Read, key: &Key, mut copy: impl Write) -> Result<Summary, Error> {
    let taken = Rc::new(RefCell::new(Vec::new()));
    let mut segments = Segments::new(Tee { source, taken: Rc::clone(&taken) });
    let mut gaps = Gaps { taken, base: 0, next: 0 };
    let (mut context, mut summary, mut out) = (Context::default(), Summary::default(), Vec::new());
    let mut terminator = b'~';
    while let Some(step) = segments.next()? {
        match step {
            // A terminator too many is copied with what stands between segments.
            Step::Lost(lost) if !lost.kind.is_damage() => {}
            Step::Lost(lost) => {
                return Err(Error::NotUnderstood { offset: lost.place.offset, what: lost.kind.to_string() });
            }
            Step::Segment(found) => {
                if found.segment.id() != b"ISA" && found.place.set().is_none() && !is_control(found.segment.id()) {
                    let what = "a segment outside a transaction set".to_owned();
                    return Err(Error::NotUnderstood { offset: found.place.offset, what });
                }
                gaps.copy(found.place.offset, terminator, &mut out)?;
                terminator = found.delimiters.segment;
                summary.segments += 1;
                let from = out.len();
                summary.replaced += context.write(found.segment, found.delimiters, key, &mut out);
                tame(out.get_mut(from..).unwrap_or_default(), found.delimiters);
                gaps.next = found.place.offset + found.segment.bytes().len() as u64;
            }
        }
        if out.len() >= 1 << 16 {
            copy.write_all(&out).map_err(Error::Write)?;
            out.clear();
        }
    }
    gaps.copy(segments.place().offset, terminator, &mut out)?;
    copy.write_all(&out).and_then(|()| copy.flush()).map_err(Error::Write)?;
    Ok(summary)
}

/// Control characters that separate nothing say nothing, and may say something to the terminal that shows the copy. What stands there instead
/// is in no character set of X12 either.
fn tame(copied: &mut [u8], delimiters: Delimiters) {
    let separates = |byte: u8| {
        let Delimiters { element, segment, component, repetition } = delimiters;
        [element, segment, component].contains(&byte) || repetition == Some(byte) || byte.is_ascii_whitespace()
    };
    copied.iter_mut().filter(|byte| byte.is_ascii_control() && !separates(**byte)).for_each(|byte| *byte = b'`');
}

fn is_control(id: &[u8]) -> bool {
    matches!(id, b"GS" | b"GE" | b"IEA" | b"TA1" | b"SE" | b"ST")
}

#[cfg(test)]
mod tests {
    use super::tame;
    use crate::wire::x12::Delimiters;

    #[test]
    fn what_would_move_a_terminal_is_no_part_of_a_copy_and_what_separates_is() {
        let delimiters = Delimiters { element: 0x1d, segment: b'~', component: b':', repetition: Some(0x1f) };
        let mut copied = *b"GS\x1dBE\x1b]0;x\x07\x1f\x7f\r\n~";
        tame(&mut copied, delimiters);
        assert_eq!(&copied, b"GS\x1dBE`]0;x`\x1f`\r\n~");
    }
}
