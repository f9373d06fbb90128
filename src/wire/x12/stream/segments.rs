//! The reader of segments.

use super::ends::Ends;
use super::lost::{Lost, LostKind};
use super::place::{Closes, SegmentPlace};
use crate::wire::x12::ReadError;
use crate::wire::x12::delimiters::{Delimiters, ISA_LOOKAHEAD, PREFACE, detect, has_header_behind};
use crate::wire::x12::envelope::excerpt;
use crate::wire::x12::held::trim;
use crate::wire::x12::lines::Lines;
use crate::wire::x12::segment::{Segment, Span};
use crate::wire::x12::window::{WINDOW_LIMIT, Window};
use memchr::{memchr2, memmem};
use std::io::Read;

/// What the reader gives out.
#[derive(Debug)]
pub enum Step<'a> {
    /// A segment, control segments (ISA, GS, ST, SE, GE, IEA, TA1) among them.
    Segment(PlacedSegment<'a>),
    /// Bytes that are no segment.
    Lost(Lost<'a>),
}

/// A segment in its place.
#[derive(Debug, Clone, Copy)]
pub struct PlacedSegment<'a> {
    /// The segment.
    pub segment: Segment<'a>,
    /// Where it stands.
    pub place: &'a SegmentPlace,
    /// The separators of its interchange.
    pub delimiters: Delimiters,
    /// Whether its terminator was there: the last segment of a file may lack it, or the file is truncated.
    pub is_terminated: bool,
}

/// Reads the segments of a file of interchanges, in constant memory (under 3 MB) however long the file is.
#[derive(Debug)]
pub struct Segments<R> {
    source: R,
    window: Window,
    ends: Ends,
    delimiters: Delimiters,
    place: SegmentPlace,
    /// What the segment given out last closes.
    closes: Option<Closes>,
    /// Something has been given out: what is no interchange is lost from now on, and not the file refused.
    is_begun: bool,
    is_ended: bool,
    told: Told,
}

/// What has been told of how the file is written.
#[derive(Debug, Default)]
struct Told {
    /// Where a padded header stands.
    padded: Option<u64>,
    small_letters: bool,
    line_break: bool,
}

/// What was found, before it is lent.
enum Found {
    Segment { span: Span, is_terminated: bool },
    Lost { kind: LostKind, begins: String, length: u64 },
}

impl<R: Read> Segments<R> {
    /// A reader at the beginning of a file. Reads are large; the source needs no buffer of its own.
    pub fn new(source: R) -> Self {
        Self {
            source,
            window: Window::new(),
            ends: Ends::default(),
            delimiters: Delimiters::default(),
            place: SegmentPlace::default(),
            closes: None,
            is_begun: false,
            is_ended: false,
            told: Told::default(),
        }
    }

    /// The next segment, or what stands in its place; `None` at the end of the file. An error ends the file: the source
    /// failed, or it holds no interchange.
    #[expect(clippy::should_implement_trait, reason = "it lends from the window, which `Iterator` cannot")]
    pub fn next(&mut self) -> Result<Option<Step<'_>>, ReadError> {
        if let Some(closes) = self.closes.take() {
            self.place.close(closes);
        }
        if let Some(span) = self.cut_plain() {
            return Ok(Some(self.lend(Found::Segment { span, is_terminated: true })));
        }
        while !self.is_ended {
            let found = if self.place.interchange().is_some() { self.cut() } else { self.enter() };
            match found {
                Ok(Some(found)) => return Ok(Some(self.lend(found))),
                Ok(None) => {}
                Err(error) => {
                    self.is_ended = true;
                    return Err(error);
                }
            }
        }
        self.place.offset = self.window.offset(self.window.at);
        Ok(None)
    }

    /// Where the reader stands: at the segment given out last, or, after the last, at the end of the file with the envelopes
    /// that are still open.
    pub fn place(&self) -> &SegmentPlace {
        &self.place
    }

    fn lend(&mut self, found: Found) -> Step<'_> {
        self.is_begun = true;
        let Self { window, delimiters, place, .. } = self;
        match found {
            Found::Segment { span, is_terminated } => {
                let segment = Segment::new(span.of(window.bytes()), delimiters.element);
                Step::Segment(PlacedSegment { segment, place, delimiters: *delimiters, is_terminated })
            }
            Found::Lost { kind, begins, length } => Step::Lost(Lost { kind, begins, length, place }),
        }
    }

    /// Cuts off the next segment of an interchange where nothing is the matter with it; `None`: [`Self::cut`] must look.
    #[inline]
    fn cut_plain(&mut self) -> Option<Span> {
        let (span, end) = self.plain()?;
        let segment = Segment::new(span.of(self.window.bytes()), self.delimiters.element);
        let is_odd = has_small_letters(segment.bytes(), self.delimiters.element)
            || (!self.told.line_break && has_line_break(segment.bytes()));
        if is_odd || is_header(segment.bytes()) {
            return None;
        }
        self.closes = self.place.enter(segment, self.window.offset(span.start as usize));
        self.window.at = end + 1;
        Some(span)
    }

    /// What comes next in an interchange, and where its terminator stands, where both are held.
    #[inline]
    fn plain(&mut self) -> Option<(Span, usize)> {
        if self.is_ended || self.place.interchange().is_none() {
            return None;
        }
        let at = self.window.at;
        let end = self.ends.first(self.delimiters.segment, &self.window)?;
        let span = trim(self.window.bytes(), at, end).filter(|_| end - at < WINDOW_LIMIT)?;
        Some((span, end))
    }

    /// Goes by segments that are neither of an envelope nor an INS, as many as are held, counting them. Some may be left for
    /// [`Self::next`].
    pub(in crate::wire) fn pass_content(&mut self) {
        while self.closes.is_none()
            && let Some((span, end)) = self.plain()
            && !matches!(span.of(self.window.bytes()), [b'I' | b'G' | b'S' | b'T' | b'a'..=b'z', ..])
        {
            self.place.count(None);
            self.window.at = end + 1;
        }
    }

    /// Cuts off what comes next in an interchange. `None`: there is more to read first.
    fn cut(&mut self) -> Result<Option<Found>, ReadError> {
        let at = self.window.at;
        let Some(length) = self.ends.first(self.delimiters.segment, &self.window).map(|end| end - at) else {
            return self.cut_without_end();
        };
        if length >= WINDOW_LIMIT {
            return self.too_long().map(Some);
        }
        let Some(span) = trim(self.window.bytes(), at, at + length) else {
            return Ok(self.empty(length));
        };
        if is_header(span.of(self.window.bytes())) {
            return self.reenter(span);
        }
        if let Some(told) = self.tell_small_letters(span).or_else(|| self.tell_line_break(span)) {
            return Ok(Some(told));
        }
        self.window.at = at + length + 1;
        Ok(Some(self.segment(span, true)))
    }

    /// Makes capitals of a segment's identifier. The first of a file is told before it is read.
    fn tell_small_letters(&mut self, span: Span) -> Option<Found> {
        let bytes = span.of(self.window.bytes());
        if !has_small_letters(bytes, self.delimiters.element) {
            return None;
        }
        let length = bytes.iter().take_while(|byte| **byte != self.delimiters.element).count();
        if self.told.small_letters {
            self.window.make_capitals(span.start as usize, length);
            return None;
        }
        self.told.small_letters = true;
        let begins = excerpt(bytes.get(..length).unwrap_or_default());
        self.place.offset = self.window.offset(span.start as usize);
        Some(Found::Lost { kind: LostKind::SmallLetters, begins, length: 0 })
    }

    /// Tells the first line break that stands inside a segment: what it was put there for, or instead of, nobody knows.
    fn tell_line_break(&mut self, span: Span) -> Option<Found> {
        let bytes = span.of(self.window.bytes());
        if self.told.line_break || !has_line_break(bytes) {
            return None;
        }
        self.told.line_break = true;
        let begins = excerpt(Segment::new(bytes, self.delimiters.element).id());
        self.place.offset = self.window.offset(span.start as usize);
        Some(Found::Lost { kind: LostKind::LineBreak, begins, length: 0 })
    }

    fn segment(&mut self, span: Span, is_terminated: bool) -> Found {
        let segment = Segment::new(span.of(self.window.bytes()), self.delimiters.element);
        self.closes = self.place.enter(segment, self.window.offset(span.start as usize));
        Found::Segment { span, is_terminated }
    }

    /// The next interchange brings its own delimiters.
    fn reenter(&mut self, header: Span) -> Result<Option<Found>, ReadError> {
        self.place.close(Closes::Interchange);
        self.window.at = header.start as usize;
        self.enter()
    }

    /// A line break may end a segment and its line; between two other terminators nothing is a mistake.
    fn empty(&mut self, length: usize) -> Option<Found> {
        let begins = excerpt(self.window.rest().get(..=length).unwrap_or_default());
        self.place.offset = self.window.offset(self.window.at);
        self.window.at += length + 1;
        let is_mistake = !self.delimiters.segment.is_ascii_whitespace();
        is_mistake.then_some(Found::Lost { kind: LostKind::Empty, begins, length: length as u64 + 1 })
    }

    fn cut_without_end(&mut self) -> Result<Option<Found>, ReadError> {
        let (at, end) = (self.window.at, self.window.bytes().len());
        let rest = trim(self.window.bytes(), at, end);
        if let Some(span) = rest.filter(|span| is_header(span.of(self.window.bytes()))) {
            return self.reenter(span);
        }
        if self.window.ended {
            self.window.at = end;
            // The file's end is no place to begin to tell how it is written.
            self.told.small_letters |= rest.is_some();
            if let Some(span) = rest {
                self.tell_small_letters(span);
            }
            let last = rest.map(|span| self.segment(span, false));
            self.is_ended = true;
            return Ok(last);
        }
        if self.window.is_full(at) {
            return self.too_long().map(Some);
        }
        self.window.fill(&mut self.source, at)?;
        Ok(None)
    }

    /// Passes over a segment that outgrows the window, up to its terminator or to the next interchange.
    fn too_long(&mut self) -> Result<Found, ReadError> {
        let (start, begins) = (self.window.offset(self.window.at), excerpt(self.window.rest()));
        loop {
            if let Some(length) = self.length_of_long() {
                self.window.at += length;
                break;
            }
            if !self.pass_and_fill()? {
                self.is_ended = true;
                break;
            }
        }
        self.place.offset = start;
        self.place.count(None);
        let length = self.window.offset(self.window.at) - start;
        Ok(Found::Lost { kind: LostKind::TooLong, begins, length })
    }

    /// Bytes up to and with the terminator, or before an interchange header that comes sooner; `None` where neither is held.
    fn length_of_long(&self) -> Option<usize> {
        let rest = self.window.rest();
        let terminator = memchr::memchr(self.delimiters.segment, rest);
        // A header that begins before the terminator must be held whole to be told.
        let is_told = self.window.ended || terminator.is_none_or(|at| at + ISA_LOOKAHEAD <= rest.len());
        let header = find_header(rest, self.window.ended).filter(|at| terminator.is_none_or(|t| *at < t));
        header.or(terminator.filter(|_| is_told).map(|at| at + 1))
    }

    /// Goes by what is held but for the bytes in which a header may begin, and reads more; `false` at the end of the file, where
    /// everything has gone by.
    fn pass_and_fill(&mut self) -> Result<bool, ReadError> {
        let held = self.window.rest().len();
        let ended = self.window.ended;
        self.window.at += if ended { held } else { held.saturating_sub(ISA_LOOKAHEAD) };
        if !ended {
            self.window.fill(&mut self.source, self.window.at)?;
        }
        Ok(!ended)
    }

    /// Between interchanges: finds the next.
    fn enter(&mut self) -> Result<Option<Found>, ReadError> {
        self.skip_blanks();
        if self.window.rest().len() < PREFACE && !self.window.ended {
            self.window.fill(&mut self.source, self.window.at)?;
            return Ok(None);
        }
        let rest = self.window.rest();
        if rest.is_empty() {
            self.is_ended = true;
            return if self.is_begun { Ok(None) } else { Err(ReadError::Empty) };
        }
        if self.is_begun && rest.first() == Some(&self.delimiters.segment) {
            return Ok(self.empty(0));
        }
        if !is_header(rest) {
            return self.refuse_or_lose().map(Some);
        }
        if let Some(lines) = Lines::of(rest) {
            return Ok(Some(self.join(lines)));
        }
        let Some(header) = detect(rest) else {
            return self.lose(LostKind::UnreadableHeader).map(Some);
        };
        if header.is_cut(rest) {
            return self.lose(LostKind::CutIntoLines).map(Some);
        }
        let offset = self.window.offset(self.window.at);
        if header.is_padded() && self.told.padded != Some(offset) {
            let begins = excerpt(rest);
            self.told.padded = Some(offset);
            self.place.offset = offset;
            return Ok(Some(Found::Lost { kind: LostKind::PaddedHeader, begins, length: 0 }));
        }
        let (start, end) = (self.window.at, self.window.at + header.length);
        let Some(span) = trim(self.window.bytes(), start, end) else { return Ok(None) };
        self.delimiters = header.delimiters;
        self.window.at = end + 1;
        let isa = Segment::new(span.of(self.window.bytes()), self.delimiters.element);
        self.place.open_interchange(isa, self.window.offset(start));
        Ok(Some(Found::Segment { span, is_terminated: true }))
    }

    /// Has lines joined from here on, and tells it.
    fn join(&mut self, lines: Lines) -> Found {
        let begins = excerpt(self.window.rest());
        self.place.offset = self.window.offset(self.window.at);
        self.window.join(lines);
        // What was looked up has moved.
        self.ends = Ends::default();
        Found::Lost { kind: LostKind::JoinedLines, begins, length: 0 }
    }

    /// Blanks between interchanges, a byte order mark, and the NUL and Ctrl-Z that old systems end files with.
    fn skip_blanks(&mut self) {
        let rest = self.window.rest();
        let mark = if self.window.offset(self.window.at) == 0 && rest.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
        let is_blank = |b: &u8| b.is_ascii_whitespace() || matches!(b, 0 | 0x1a);
        self.window.at += mark + rest.iter().skip(mark).take_while(|b| is_blank(b)).count();
    }

    fn refuse_or_lose(&mut self) -> Result<Found, ReadError> {
        if self.is_begun {
            return self.lose(LostKind::Stray);
        }
        let refusal = ReadError::refusal(self.window.rest());
        // Something was put before the interchange, such as a mail's header.
        let is_before = refusal.may_have_a_header_behind() && has_header_behind(self.window.rest(), self.window.ended);
        if is_before { self.lose(LostKind::Stray) } else { Err(refusal) }
    }

    /// Goes on to the next interchange header.
    fn lose(&mut self, kind: LostKind) -> Result<Found, ReadError> {
        let (start, begins) = (self.window.offset(self.window.at), excerpt(self.window.rest()));
        loop {
            // The first byte is none of the next header's.
            let own = usize::from(self.window.offset(self.window.at) == start);
            let rest = self.window.rest().get(own..).unwrap_or_default();
            if let Some(at) = find_header(rest, self.window.ended) {
                self.window.at += own + at;
                break;
            }
            if !self.pass_and_fill()? {
                break;
            }
        }
        self.place.offset = start;
        let length = self.window.offset(self.window.at) - start;
        Ok(Found::Lost { kind, begins, length })
    }
}

/// Whether an identifier of two or three characters has small letters in it.
#[inline]
fn has_small_letters(bytes: &[u8], separator: u8) -> bool {
    let id = match bytes {
        [one, two, end, ..] if *end == separator => [*one, *two, b'A'],
        [one, two, three, end, ..] if *end == separator => [*one, *two, *three],
        _ => return false,
    };
    id.iter().any(u8::is_ascii_lowercase) && id.iter().all(u8::is_ascii_alphanumeric)
}

#[inline]
fn has_line_break(bytes: &[u8]) -> bool {
    memchr2(b'\r', b'\n', bytes).is_some()
}

#[inline]
fn is_header(bytes: &[u8]) -> bool {
    bytes.starts_with(b"ISA") && bytes.get(3).is_some_and(|b| !b.is_ascii_alphanumeric())
}

/// The first interchange header that can be read. One that is cut off is none yet, unless nothing will follow it.
fn find_header(bytes: &[u8], is_all: bool) -> Option<usize> {
    let readable = |at: &usize| {
        let rest = bytes.get(*at..).unwrap_or_default();
        is_header(rest) && (is_all || rest.len() >= ISA_LOOKAHEAD) && detect(rest).is_some()
    };
    memmem::find_iter(bytes, "ISA").find(readable)
}
