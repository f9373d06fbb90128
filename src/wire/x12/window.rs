//! The reader's buffer: a window over the source that keeps what is still needed and never outgrows its bound.

use super::lines::Lines;
use std::io::{self, ErrorKind, Read};

/// At most this much of a file is in memory. Enrollment groups are put together across this distance.
pub(super) const WINDOW_LIMIT: usize = 1 << 20;
const FIRST_SIZE: usize = 256 << 10;
const READ_SIZE: usize = 128 << 10;

/// Bytes of the file from `base` on, without the breaks of lines that were joined.
#[derive(Debug)]
pub(super) struct Window {
    bytes: Vec<u8>,
    filled: usize,
    /// Next byte to look at.
    pub(super) at: usize,
    /// How many bytes came before the first that is held, breaks that were taken out not among them.
    base: u64,
    lines: Option<Joining>,
    /// The source has no more.
    pub(super) ended: bool,
}

/// Lines that are being joined.
#[derive(Debug)]
struct Joining {
    lines: Lines,
    /// Where they begin, as [`Window::index`] counts.
    begin: u64,
    /// What was taken out of others before them.
    before: u64,
}

impl Joining {
    /// How many bytes were taken out before an index.
    fn taken_out(&self, index: u64) -> u64 {
        self.before + index.checked_sub(self.begin).map_or(0, |behind| self.lines.taken_out(behind))
    }
}

impl Window {
    pub(super) fn new() -> Self {
        Self { bytes: vec![0; FIRST_SIZE], filled: 0, at: 0, base: 0, lines: None, ended: false }
    }

    /// What is held, from the first byte kept.
    pub(super) fn bytes(&self) -> &[u8] {
        self.bytes.get(..self.filled).unwrap_or_default()
    }

    /// What has not been looked at.
    pub(super) fn rest(&self) -> &[u8] {
        self.bytes.get(self.at..self.filled).unwrap_or_default()
    }

    /// Offset in the file of a position in the window.
    pub(super) fn offset(&self, position: usize) -> u64 {
        let index = self.index(position);
        index + self.lines.as_ref().map_or(0, |joining| joining.taken_out(index))
    }

    /// How many bytes came before a position in the window: its offset in the file, but for breaks that were taken out.
    pub(super) fn index(&self, position: usize) -> u64 {
        self.base + position as u64
    }

    /// Position in the window of an index; `None` before what is held.
    pub(super) fn position(&self, index: u64) -> Option<usize> {
        usize::try_from(index.checked_sub(self.base)?).ok()
    }

    /// Takes the breaks of these lines out of what has not been looked at, and out of what is still to come.
    pub(super) fn join(&mut self, lines: Lines) {
        let begin = self.index(self.at);
        let before = self.lines.as_ref().map_or(0, |joining| joining.taken_out(begin));
        self.lines = Some(Joining { lines, begin, before });
        self.join_from(self.at);
    }

    fn join_from(&mut self, from: usize) {
        if let (Some(joining), Some(new)) = (&mut self.lines, self.bytes.get_mut(from..self.filled)) {
            self.filled = from + joining.lines.join(new).length;
        }
    }

    /// Makes capitals of the small letters at a position.
    pub(super) fn make_capitals(&mut self, from: usize, length: usize) {
        self.bytes.get_mut(from..from + length).unwrap_or_default().make_ascii_uppercase();
    }

    /// Whether nothing more fits beside what must be kept.
    pub(super) fn is_full(&self, keep: usize) -> bool {
        self.filled - keep >= WINDOW_LIMIT
    }

    /// Reads more. Bytes before `keep` may go; the answer is by how much every position has moved down.
    pub(super) fn fill(&mut self, source: &mut impl Read, keep: usize) -> io::Result<usize> {
        let moved = self.make_room(keep);
        let end = (self.filled + READ_SIZE).min(self.bytes.len());
        let room = self.bytes.get_mut(self.filled..end).unwrap_or_default();
        let wanted = room.len();
        let read = loop {
            match source.read(room) {
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                other => break other?,
            }
        };
        // A reader that claims more than it was given room for is broken; what it claims is not there.
        let from = self.filled;
        self.filled += read.min(wanted);
        self.ended = read == 0;
        self.join_from(from);
        Ok(moved)
    }

    fn make_room(&mut self, keep: usize) -> usize {
        if self.filled + READ_SIZE <= self.bytes.len() {
            return 0;
        }
        // Moving is paid for by at least as many bytes that went before.
        if keep >= self.filled - keep {
            self.bytes.copy_within(keep..self.filled, 0);
            self.filled -= keep;
            self.at -= keep;
            self.base += keep as u64;
            return keep;
        }
        self.bytes.resize((self.bytes.len() * 2).min(2 * WINDOW_LIMIT + READ_SIZE), 0);
        0
    }
}
