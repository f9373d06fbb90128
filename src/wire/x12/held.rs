//! The part of a transaction set that is held in the window: its segments, and the members they make up.

use super::delimiters::Delimiters;
use super::family::Loops;
use super::segment::{Segment, Span};
use crate::model::CoverageLine;
use memchr::memchr_iter;
use std::ops::Range;

/// More segments than this are not held; a window of real members has about half as many.
pub(super) const SEGMENT_LIMIT: usize = 96 << 10;

/// A coverage line as HD03 tells it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Line {
    Medical,
    Dental,
    /// Vision and the like: no line of the canonical record.
    Other,
}

impl Line {
    /// HD03 (X12 element 1205) as the exchange and as employers use it.
    pub(super) fn of_code(code: &[u8]) -> Self {
        match code {
            b"HLT" | b"HMO" | b"PPO" | b"POS" | b"EPO" | b"MM" => Self::Medical,
            b"DEN" | b"DCP" => Self::Dental,
            _ => Self::Other,
        }
    }

    pub(super) fn canonical(self) -> Option<CoverageLine> {
        match self {
            Self::Medical => Some(CoverageLine::Medical),
            Self::Dental => Some(CoverageLine::Dental),
            Self::Other => None,
        }
    }

    fn bit(self) -> u8 {
        1 << self as u8
    }
}

/// One member loop.
#[derive(Debug, Clone, Copy)]
pub(super) struct MemberSpan {
    /// Its segments, as indexes into [`Held::segments`].
    first: u32,
    end: u32,
    /// Number of its INS within the set, ST being 1.
    pub(super) number: u32,
    /// REF*0F; an empty span where there is none.
    pub(super) key: Span,
    pub(super) is_subscriber: bool,
    /// A bit for each line of its coverages.
    pub(super) lines: u8,
    /// Which group it was put into.
    pub(super) group: u32,
}

impl MemberSpan {
    pub(super) fn segments(self, all: &[Span]) -> &[Span] {
        all.get(self.first as usize..self.end as usize).unwrap_or_default()
    }

    /// Whether the member belongs to the group of a line; one without any coverage segment goes with the first line.
    pub(super) fn is_in(self, line: Option<Line>, is_first_line: bool) -> bool {
        line.is_none_or(|line| self.lines & line.bit() != 0 || (self.lines == 0 && is_first_line))
    }
}

/// An enrollment group that can be given out.
#[derive(Debug, Clone)]
pub(super) struct ReadyGroup {
    pub(super) members: Range<usize>,
    /// Set where the members hold several lines, of which this group is one.
    pub(super) line: Option<Line>,
    pub(super) is_first_line: bool,
    /// Of a damaged set: its receiver refuses it.
    pub(super) is_refused: bool,
}

/// Why scanning stopped.
#[derive(Debug, Clone, Copy)]
pub(super) enum Stop {
    /// At a segment that opens or closes an envelope; `next` is the byte after its terminator.
    Control { segment: Span, next: usize },
    /// No terminator in what is left, from `next` on.
    Starved { next: usize },
    /// As many segments are held as may be.
    Full { next: usize },
}

/// Segments and members of the set that is being read.
#[derive(Debug, Default)]
pub(super) struct Held {
    pub(super) segments: Vec<Span>,
    pub(super) members: Vec<MemberSpan>,
    /// BGN and N1 segments before the first member, one after the other; `header_ends` is where each ends.
    pub(super) header: Vec<u8>,
    pub(super) header_ends: Vec<usize>,
    /// The group in hand was too large: everything goes by until the next subscriber.
    pub(super) skipping: bool,
}

/// A set's header is kept up to this size.
const HEADER_LIMIT: usize = 16 << 10;

impl Held {
    /// Forgets the set.
    pub(super) fn clear(&mut self) {
        self.segments.clear();
        self.members.clear();
        self.header.clear();
        self.header_ends.clear();
        self.skipping = false;
    }

    /// First byte that is still needed.
    pub(super) fn keep_from(&self) -> Option<usize> {
        self.segments.first().map(|span| span.start as usize)
    }

    /// Everything has moved down in the window.
    pub(super) fn move_down(&mut self, by: usize) {
        let by = u32::try_from(by).unwrap_or(u32::MAX);
        let down = |span: &mut Span| {
            *span = Span { start: span.start.saturating_sub(by), end: span.end.saturating_sub(by) };
        };
        self.segments.iter_mut().for_each(down);
        self.members.iter_mut().for_each(|member| down(&mut member.key));
    }

    /// Takes in a set's content from `from` on. `count` is the number of segments in the set so far.
    pub(super) fn scan(&mut self, bytes: &[u8], from: usize, delimiters: Delimiters, count: &mut u32) -> Stop {
        let rest = bytes.get(from..).unwrap_or_default();
        let mut next = from;
        for end in memchr_iter(delimiters.segment, rest) {
            let Some(segment) = trim(bytes, next, from + end) else {
                next = from + end + 1;
                continue;
            };
            next = from + end + 1;
            let content = segment.of(bytes);
            if is_control(content, delimiters.element) {
                return Stop::Control { segment, next };
            }
            *count += 1;
            self.take(segment, content, delimiters.element, *count);
            if self.segments.len() >= SEGMENT_LIMIT {
                return Stop::Full { next };
            }
        }
        Stop::Starved { next }
    }

    #[inline]
    fn take(&mut self, segment: Span, content: &[u8], separator: u8, count: u32) {
        match content {
            [b'I', b'N', b'S', ..] => self.begin_member(segment, content, separator, count),
            [b'R', b'E', b'F', _, b'0', b'F', s, ..] if *s == separator || *s == b' ' => {
                self.note_key(segment, content, separator);
            }
            [b'H', b'D', s, ..] if *s == separator => self.note_line(content, separator),
            _ => {}
        }
        if let Some(member) = self.members.last_mut() {
            self.segments.push(segment);
            member.end += 1;
        } else if !self.skipping {
            self.note_header(content);
        }
    }

    fn begin_member(&mut self, segment: Span, content: &[u8], separator: u8, count: u32) {
        let [_, is_subscriber] = Segment::new(content, separator).elements();
        let is_subscriber = is_subscriber == b"Y";
        if self.skipping && !is_subscriber {
            return;
        }
        self.skipping = false;
        let first = u32::try_from(self.segments.len()).unwrap_or(u32::MAX);
        let key = Span { start: segment.start, end: segment.start };
        self.members.push(MemberSpan { first, end: first, number: count, key, is_subscriber, lines: 0, group: 0 });
    }

    fn note_key(&mut self, segment: Span, content: &[u8], separator: u8) {
        let Some(member) = self.members.last_mut().filter(|member| member.key.start == member.key.end) else { return };
        let [_, qualifier, value] = Segment::new(content, separator).elements();
        let at = value.as_ptr().addr() - content.as_ptr().addr();
        if let (b"0F", Ok(at), Ok(length)) = (qualifier, u32::try_from(at), u32::try_from(value.len())) {
            let start = segment.start + at;
            member.key = Span { start, end: start + length };
        }
    }

    fn note_line(&mut self, content: &[u8], separator: u8) {
        if let Some(member) = self.members.last_mut() {
            let [_, _, _, code] = Segment::new(content, separator).elements();
            member.lines |= Line::of_code(code).bit();
        }
    }

    fn note_header(&mut self, content: &[u8]) {
        let wanted = content.starts_with(b"BGN") || content.starts_with(b"N1");
        if wanted && self.header.len() + content.len() <= HEADER_LIMIT {
            self.header.extend_from_slice(content);
            self.header_ends.push(self.header.len());
        }
    }

    /// Where the group in hand begins: the members from here on may still be joined by others.
    pub(super) fn open_run(&self, bytes: &[u8], separator: u8) -> usize {
        super::family::open_run(&self.members, Loops { bytes, segments: &self.segments, separator })
    }

    /// Puts the members before `until` together as groups, and gives one group for each line that they hold.
    pub(super) fn gather(&mut self, bytes: &[u8], separator: u8, until: usize, ready: &mut Vec<ReadyGroup>) {
        let members = self.members.get_mut(..until).unwrap_or_default();
        super::family::assign(members, Loops { bytes, segments: &self.segments, separator });
        let mut from = 0;
        for run in members.chunk_by(|a, b| a.group == b.group) {
            push_lines(run, from..from + run.len(), ready);
            from += run.len();
        }
    }

    /// Forgets members whose groups have been given out.
    pub(super) fn release(&mut self, members: usize) {
        let first_kept = self.members.get(members).map(|member| member.first);
        let Some(first) = first_kept else {
            self.segments.clear();
            self.members.clear();
            return;
        };
        self.segments.drain(..first as usize);
        self.members.drain(..members);
        for member in &mut self.members {
            member.first -= first;
            member.end -= first;
        }
    }
}

fn push_lines(run: &[MemberSpan], members: Range<usize>, ready: &mut Vec<ReadyGroup>) {
    let lines = run.iter().fold(0, |all, member| all | member.lines);
    if lines.count_ones() < 2 {
        ready.push(ReadyGroup { members, line: None, is_first_line: true, is_refused: false });
        return;
    }
    let held = [Line::Medical, Line::Dental, Line::Other].into_iter().filter(|line| lines & line.bit() != 0);
    for (at, line) in held.enumerate() {
        let (members, line) = (members.clone(), Some(line));
        ready.push(ReadyGroup { members, line, is_first_line: at == 0, is_refused: false });
    }
}

/// A segment without the line breaks and blanks that some senders put around it; `None` where nothing is left.
#[inline]
pub(super) fn trim(bytes: &[u8], start: usize, end: usize) -> Option<Span> {
    let mut content = bytes.get(start..end)?;
    let mut start = start;
    while let [b' ' | b'\r' | b'\n' | b'\t', tail @ ..] = content {
        content = tail;
        start += 1;
    }
    while let [head @ .., b'\r' | b'\n'] = content {
        content = head;
    }
    let whole = Span { start: u32::try_from(start).ok()?, end: u32::try_from(start + content.len()).ok()? };
    (!content.is_empty()).then_some(whole)
}

/// Whether a segment opens or closes an envelope.
#[inline]
pub(super) fn is_control(content: &[u8], separator: u8) -> bool {
    match content {
        [b'S', b'E' | b'T'] | [b'G', b'S' | b'E'] | [b'I', b'E', b'A'] => true,
        [b'S', b'E' | b'T', s, ..] | [b'G', b'S' | b'E', s, ..] | [b'I', b'E', b'A', s, ..] => *s == separator,
        // The next interchange may have delimiters of its own.
        [b'I', b'S', b'A', s, ..] => !s.is_ascii_alphanumeric(),
        _ => false,
    }
}
