//! What is no segment, or is written oddly.

use super::place::SegmentPlace;
use crate::wire::x12::damage::CUT_INTO_LINES;
use crate::wire::x12::window::WINDOW_LIMIT;

/// Bytes that are no segment. Blanks and line breaks between segments are not counted among them. What is only written oddly is
/// given out as a segment after it, and has no bytes of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lost<'a> {
    /// Why they are none.
    pub kind: LostKind,
    /// The first of them, fit for a message.
    pub begins: String,
    /// How many bytes.
    pub length: u64,
    /// Where they begin.
    pub place: &'a SegmentPlace,
}

/// Why bytes are no segment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LostKind {
    /// Something else stands where an interchange header is expected.
    #[error("no interchange header `ISA` where one is expected")]
    Stray,
    /// An ISA whose delimiters cannot be told, and all that follows it up to the next one.
    #[error("interchange header is unreadable: no sixteen elements with a terminator after them")]
    UnreadableHeader,
    /// An ISA that is cut, and whose lines are not all of one length: what was taken out of them cannot be told.
    #[error("{CUT_INTO_LINES}")]
    CutIntoLines,
    /// Lines of one length, which end inside segments: they are joined, and nothing is lost.
    #[error("{CUT_INTO_LINES}")]
    JoinedLines,
    /// A line break inside a segment, told at the first; the segment is given out with it, and nothing is lost.
    #[error("a line break stands inside a segment; it is read as it stands")]
    LineBreak,
    /// Blanks or a line break between ISA16 and its terminator; they are passed over, and nothing is lost.
    #[error("blanks or a line break stand between ISA16 and the terminator; they are passed over")]
    PaddedHeader,
    /// Segment identifiers in small letters, told at the first; they are given out as capitals, and nothing is lost.
    #[error("segment identifiers are written in small letters; they are read as capitals")]
    SmallLetters,
    /// Nothing stands between two terminators: a mistake by which nothing is lost.
    #[error("empty segment")]
    Empty,
    /// A segment longer than the reader keeps; it counts as one in its set.
    #[error("segment is longer than {WINDOW_LIMIT} bytes")]
    TooLong,
}

impl LostKind {
    /// Whether something is wrong that must be told by every reader. Readers pass over a terminator too many and take values as
    /// they stand; a check tells it.
    pub fn is_damage(self) -> bool {
        !matches!(self, Self::Empty | Self::LineBreak)
    }

    /// Whether all is read in spite of it: what is told is how the file is written.
    pub fn is_written_oddly(self) -> bool {
        matches!(self, Self::JoinedLines | Self::LineBreak | Self::PaddedHeader | Self::SmallLetters)
    }
}
