//! Reads a file of interchanges as a stream of enrollment groups, in constant memory.

use super::damage::{Damage, DamageKind};
use super::delimiters::{Delimiters, PREFACE, detect, has_header_behind};
use super::envelope::{Envelope, Level, Turn, excerpt};
use super::error::ReadError;
use super::group::EnrollmentGroup;
use super::held::{Held, ReadyGroup, Stop, trim};
use super::lines::Lines;
use super::segment::{Segment, Span};
use super::window::{WINDOW_LIMIT, Window};
use crate::model::Evidence;
use std::collections::VecDeque;
use std::io::Read;

/// What the reader gives out.
#[derive(Debug)]
pub enum Item<'a> {
    /// An enrollment group of an undamaged set.
    Group(EnrollmentGroup<'a>),
    /// Something that could not be read; reading goes on after it.
    Damage(Damage),
}

/// What a file held, as far as it has been read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FileReport {
    /// ISA to IEA.
    pub interchanges: u64,
    /// GS to GE.
    pub functional_groups: u64,
    /// Groups that are no enrollments (999 and others), passed over.
    pub other_groups: u64,
    /// ST to SE, of any kind.
    pub transaction_sets: u64,
    /// TA1 segments, passed over.
    pub interchange_acknowledgements: u64,
    /// Enrollment groups given out.
    pub enrollment_groups: u64,
    /// Members of these; one who holds two lines is counted in both groups.
    pub members: u64,
    /// Damages given out.
    pub damages: u64,
    /// What was read so far ends with an interchange's trailer.
    pub closed: bool,
    /// The whole file was read.
    pub ended: bool,
}

impl FileReport {
    /// Whether the whole file was read, is closed, and holds no damage.
    pub fn is_complete(&self) -> bool {
        self.ended && self.closed && self.damages == 0
    }
}

/// Reads enrollment groups from a source of bytes.
///
/// Memory is bounded (under 10 MB) however long the file is: the set being read is held up to a window of 1 MiB, which is
/// about 1,800 members; a larger set is given out in parts, and a single group larger than that is damage.
#[derive(Debug)]
pub struct Reader<R> {
    source: R,
    window: Window,
    delimiters: Delimiters,
    envelope: Envelope,
    held: Held,
    ready: Vec<ReadyGroup>,
    /// How many of `ready` have been given out, and how many members these groups take up.
    given: usize,
    taken: usize,
    found: Vec<Damage>,
    damages: VecDeque<Damage>,
    /// Bytes between interchanges have been reported.
    is_lost: bool,
    report: FileReport,
    /// Whether groups of damaged sets are given out, too.
    gives_refused: bool,
}

impl<R: Read> Reader<R> {
    /// A reader at the beginning of a file. Reads are large; the source needs no buffer of its own.
    pub fn new(source: R) -> Self {
        Self {
            source,
            window: Window::new(),
            delimiters: Delimiters::default(),
            envelope: Envelope::default(),
            held: Held::default(),
            ready: Vec::new(),
            given: 0,
            taken: 0,
            found: Vec::new(),
            damages: VecDeque::new(),
            is_lost: false,
            report: FileReport::default(),
            gives_refused: false,
        }
    }

    /// Gives out the groups of damaged sets as well, after the damage, where they are still at hand: they say of themselves that
    /// they are refused, and are not counted.
    #[must_use]
    pub fn with_refused(self) -> Self {
        Self { gives_refused: true, ..self }
    }

    /// The next group or damage; `None` at the end of the file. An error ends the file.
    #[expect(clippy::should_implement_trait, reason = "it lends from the window, which `Iterator` cannot")]
    pub fn next(&mut self) -> Result<Option<Item<'_>>, ReadError> {
        loop {
            if let Some(damage) = self.damages.pop_front() {
                self.report.damages += 1;
                return Ok(Some(Item::Damage(damage)));
            }
            if self.given < self.ready.len() {
                self.given += 1;
                return Ok(self.group().map(Item::Group));
            }
            self.release();
            if self.report.ended {
                return Ok(None);
            }
            let advanced = self.advance();
            self.damages.extend(self.found.drain(..));
            if let Err(error) = advanced {
                self.report.ended = true;
                return Err(error);
            }
        }
    }

    /// What the file held so far.
    pub fn report(&self) -> &FileReport {
        &self.report
    }

    /// Reads the rest without giving it out, and says what the file held.
    pub fn finish(mut self) -> Result<FileReport, ReadError> {
        while self.next()?.is_some() {}
        Ok(self.report)
    }

    fn group(&mut self) -> Option<EnrollmentGroup<'_>> {
        let ready = self.ready.get(self.given.checked_sub(1)?)?;
        let members = self.held.members.get(ready.members.clone())?;
        let in_line = members.iter().filter(|m| m.is_in(ready.line, ready.is_first_line)).count();
        if !ready.is_refused {
            self.report.enrollment_groups += 1;
            self.report.members += in_line as u64;
        }
        let first = members.first().and_then(|member| member.segments(&self.held.segments).first());
        let offset = self.window.offset(first.map_or(0, |span| span.start as usize));
        let (bytes, separator) = (self.window.bytes(), self.delimiters.element);
        Some(EnrollmentGroup { bytes, separator, envelope: &self.envelope, held: &self.held, ready, offset })
    }

    /// Forgets what has been given out.
    fn release(&mut self) {
        if self.ready.is_empty() {
            return;
        }
        self.held.release(self.taken);
        self.ready.clear();
        self.given = 0;
    }

    fn advance(&mut self) -> Result<(), ReadError> {
        match self.envelope.level {
            Level::Outside => self.enter_interchange(),
            Level::Set if self.envelope.is_enrollment => self.read_set(),
            _ => self.pass(),
        }
    }

    /// Takes in the content of an enrollment set until its end, or until the window is full.
    fn read_set(&mut self) -> Result<(), ReadError> {
        let Self { window, held, envelope, delimiters, .. } = self;
        match held.scan(window.bytes(), window.at, *delimiters, &mut envelope.segments) {
            Stop::Control { segment, next } => self.control(segment, next),
            Stop::Starved { next } => {
                self.window.at = next;
                self.starve()?;
            }
            Stop::Full { next } => {
                self.window.at = next;
                self.give_part();
            }
        }
        Ok(())
    }

    /// Goes by a segment between sets, or one of a set that is not read.
    fn pass(&mut self) -> Result<(), ReadError> {
        let at = self.window.at;
        let Some(length) = memchr::memchr(self.delimiters.segment, self.window.rest()) else {
            return self.starve();
        };
        let next = at + length + 1;
        let Some(segment) = trim(self.window.bytes(), at, at + length) else {
            self.window.at = next;
            return Ok(());
        };
        let is_content = self.envelope.level == Level::Set
            && !super::held::is_control(segment.of(self.window.bytes()), self.delimiters.element);
        if is_content {
            self.envelope.segments += 1;
            self.window.at = next;
        } else {
            self.control(segment, next);
        }
        Ok(())
    }

    fn control(&mut self, segment: Span, next: usize) {
        let content = segment.of(self.window.bytes());
        let offset = self.window.offset(segment.start as usize);
        let is_header = is_interchange_header(content);
        let separator = if is_header { content.get(3).copied().unwrap_or(b'*') } else { self.delimiters.element };
        let before = self.found.len();
        let turn = self.envelope.take(Segment::new(content, separator), offset, &mut self.report, &mut self.found);
        // An interchange header brings its own delimiters: it is read again, as one.
        self.window.at = if is_header { segment.start as usize } else { next };
        match turn {
            Turn::Sound => self.give(self.held.members.len()),
            Turn::Opened => self.held.clear(),
            Turn::Damaged => self.discard(before),
            Turn::None => {}
        }
    }

    /// Forgets the set, and says so at the first of its damages.
    fn discard(&mut self, first: usize) {
        if let Some(damage) = self.found.get_mut(first) {
            damage.unread_members = self.held.members.len();
        }
        if self.gives_refused && !self.held.members.is_empty() {
            self.give(self.held.members.len());
            self.ready.iter_mut().for_each(|ready| ready.is_refused = true);
        } else {
            self.held.clear();
        }
    }

    /// Makes groups of the first members that are held.
    fn give(&mut self, members: usize) {
        self.held.gather(self.window.bytes(), self.delimiters.element, members, &mut self.ready);
        self.taken = members;
    }

    /// Makes room in the middle of a set.
    fn give_part(&mut self) {
        let until = self.held.open_run(self.window.bytes(), self.delimiters.element);
        if until > 0 {
            return self.give(until);
        }
        let kind = DamageKind::GroupTooLarge { limit: WINDOW_LIMIT };
        self.found.push(self.envelope.damage(kind, self.window.offset(self.window.at)));
        self.envelope.spoiled = true;
        self.held.members.clear();
        self.held.segments.clear();
        self.held.skipping = true;
    }

    /// Reads more, or ends.
    fn starve(&mut self) -> Result<(), ReadError> {
        let keep = self.held.keep_from().unwrap_or(self.window.at);
        if self.window.ended {
            self.end();
        } else if !self.window.is_full(keep) {
            let moved = self.window.fill(&mut self.source, keep)?;
            self.held.move_down(moved);
        } else if self.held.segments.is_empty() {
            self.drop_long_segment();
        } else {
            self.give_part();
        }
        Ok(())
    }

    fn drop_long_segment(&mut self) {
        let kind = DamageKind::SegmentTooLong { limit: WINDOW_LIMIT };
        self.found.push(self.envelope.damage(kind, self.window.offset(self.window.at)));
        self.envelope.spoiled = true;
        self.window.at = self.window.bytes().len();
    }

    /// The source has no more. A last trailer may lack its terminator, where its control number shows that it is whole.
    fn end(&mut self) {
        let (at, end) = (self.window.at, self.window.bytes().len());
        if let Some(last) = trim(self.window.bytes(), at, end) {
            let content = last.of(self.window.bytes());
            let [id, _, control] = Segment::new(content, self.delimiters.element).elements();
            if id == b"IEA" && control == self.envelope.isa(13).as_bytes() {
                self.control(last, end);
            }
        }
        let before = self.found.len();
        if self.envelope.end_of_file(self.window.offset(end), &mut self.found) == Turn::Damaged {
            self.discard(before);
        }
        self.window.at = end;
        self.report.ended = true;
    }

    fn enter_interchange(&mut self) -> Result<(), ReadError> {
        self.skip_blanks();
        let waits = self.window.rest().len() < PREFACE && !self.window.ended;
        if waits {
            let keep = self.window.at;
            self.window.fill(&mut self.source, keep)?;
            return Ok(());
        }
        let rest = self.window.rest();
        if rest.is_empty() {
            self.report.ended = true;
            return if self.report.interchanges == 0 && !self.is_lost { Err(ReadError::Empty) } else { Ok(()) };
        }
        if !is_interchange_header(rest) {
            return self.refuse_or_skip();
        }
        let Some(header) = detect(rest) else {
            self.lose(DamageKind::UnreadableHeader);
            return Ok(());
        };
        let isa = rest.get(..header.length).unwrap_or_default();
        if header.is_cut(rest) || Lines::of(rest).is_some() {
            self.lose(DamageKind::CutIntoLines);
            return Ok(());
        }
        let offset = self.window.offset(self.window.at);
        self.envelope.open_interchange(Segment::new(isa, header.delimiters.element), offset, &mut self.found);
        self.window.at += header.length + 1;
        self.delimiters = header.delimiters;
        self.is_lost = false;
        self.report.interchanges += 1;
        self.report.closed = false;
        Ok(())
    }

    /// Blanks between interchanges, a byte order mark, the NUL and Ctrl-Z that old systems end files with, and a segment
    /// terminator too many after a trailer.
    fn skip_blanks(&mut self) {
        let rest = self.window.rest();
        let mark = if self.window.offset(self.window.at) == 0 && rest.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
        let terminator = (self.report.interchanges > 0).then_some(self.delimiters.segment);
        let blank = |b: &u8| b.is_ascii_whitespace() || matches!(b, 0 | 0x1a) || Some(*b) == terminator;
        let blanks = rest.iter().skip(mark).take_while(|b| blank(b)).count();
        self.window.at += mark + blanks;
    }

    fn refuse_or_skip(&mut self) -> Result<(), ReadError> {
        let rest = self.window.rest();
        if self.report.interchanges > 0 || self.is_lost {
            self.lose(DamageKind::StrayBytes { begins: Evidence::of(&excerpt(rest)) });
            return Ok(());
        }
        let refusal = ReadError::refusal(rest);
        // Something was put before the interchange, such as a mail's header.
        let is_before = refusal.may_have_a_header_behind() && has_header_behind(rest, self.window.ended);
        if is_before {
            self.lose(DamageKind::StrayBytes { begins: Evidence::of(&excerpt(rest)) });
            return Ok(());
        }
        Err(refusal)
    }

    /// Reports once what is no interchange, and looks for the next header.
    fn lose(&mut self, kind: DamageKind) {
        if !std::mem::replace(&mut self.is_lost, true) {
            self.found.push(self.envelope.damage(kind, self.window.offset(self.window.at)));
        }
        self.report.closed = false;
        let rest = self.window.rest();
        let later = memchr::memmem::find_iter(rest.get(1..).unwrap_or_default(), "ISA").map(|at| at + 1);
        let header = later.into_iter().find(|at| is_interchange_header(rest.get(*at..).unwrap_or_default()));
        // A header may begin in the last bytes that were read.
        let tail = if self.window.ended { rest.len() } else { rest.len().saturating_sub(3).max(1) };
        self.window.at += header.unwrap_or(tail);
    }
}

fn is_interchange_header(bytes: &[u8]) -> bool {
    bytes.starts_with(b"ISA") && bytes.get(3).is_some_and(|b| !b.is_ascii_alphanumeric())
}
