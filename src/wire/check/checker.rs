//! Reads a file and gives out what is wrong with it.

use super::elements::{Characters, Check};
use super::envelope::{Envelopes, Level, nowhere};
use super::finding::{ElementPlace, Finding, Severity};
use super::history::History;
use super::marketplace::Marketplace;
use super::periods::Periods;
use super::rule::Rule;
use super::sink::{Here, Sink, shown};

use crate::wire::guide::walk::{Problem, Settled, Walk};
use crate::wire::guide::{Child, GE, GS, GUIDES, IEA, ISA, Index, SE, ST, SegmentAt, TA1, Usage};
use crate::wire::ssn::is_persons;
use crate::wire::x12::{Federal, Lost, LostKind, PlacedSegment, ReadError, Segments, Step};
use std::io::Read;

/// Whether, and how strictly, the marketplace's own rules are applied to 834s.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Profile {
    /// As errors where the envelope is the federal exchange's (`CMSFFM` in ISA06 or ISA08, or a tenant such as `VA0` in GS02
    /// or GS03), as warnings elsewhere: other exchanges, employers and Medicaid agencies have rules of their own.
    #[default]
    Auto,
    /// As errors everywhere.
    Federal,
    /// Not at all: the X12 standard and the implementation guide only.
    Guide,
}

/// What is asked of a check.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// The marketplace's rules.
    pub profile: Profile,
    /// At most this many findings of each rule are given out; all are counted.
    pub limit: u64,
}

impl Default for Options {
    fn default() -> Self {
        Self { profile: Profile::Auto, limit: 10 }
    }
}

/// What was read, and how much was wrong.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Totals {
    /// ISA to IEA.
    pub interchanges: u64,
    /// GS to GE.
    pub functional_groups: u64,
    /// ST to SE.
    pub transaction_sets: u64,
    /// Sets that no table was there for: only envelope and characters were checked.
    pub without_guide: u64,
    /// INS segments of 834s.
    pub members: u64,
    /// Segments of all kinds.
    pub segments: u64,
    /// Rules that are broken: errors, and warnings, given out or not.
    pub broken: Vec<(Rule, u64, u64)>,
}

impl Totals {
    /// All errors.
    pub fn errors(&self) -> u64 {
        self.broken.iter().map(|(_, errors, _)| errors).sum()
    }

    /// All warnings.
    pub fn warnings(&self) -> u64 {
        self.broken.iter().map(|(_, _, warnings)| warnings).sum()
    }
}

/// Checks one file, in constant memory (under 8 MB) however long it is.
#[derive(Debug)]
pub struct Checker<R> {
    segments: Segments<R>,
    state: State,
    is_ended: bool,
}

impl<R: Read> Checker<R> {
    /// A checker at the beginning of a file. `history` has the control numbers of files that were checked before.
    pub fn new(source: R, options: Options, history: History) -> Self {
        Self { segments: Segments::new(source), state: State::new(options, history), is_ended: false }
    }

    /// The next finding; `None` when the file is read. An error ends the check: the source failed, or holds no interchange.
    #[expect(clippy::should_implement_trait, reason = "a finding or a failure, which read better apart")]
    pub fn next(&mut self) -> Result<Option<Finding>, ReadError> {
        loop {
            if let Some(finding) = self.state.sink.pop() {
                return Ok(Some(finding));
            }
            if self.is_ended {
                return Ok(None);
            }
            let Self { segments, state, .. } = self;
            match segments.next() {
                Ok(Some(Step::Segment(found))) => state.segment(&found),
                Ok(Some(Step::Lost(lost))) => state.lost(&lost),
                Ok(None) => {
                    self.is_ended = true;
                    let place = self.segments.place();
                    self.state.envelopes.leave(Level::Outside, nowhere(place), &mut self.state.sink);
                }
                Err(error) => {
                    self.is_ended = true;
                    return Err(error);
                }
            }
        }
    }

    /// What was read so far.
    pub fn totals(&self) -> Totals {
        let counts = Rule::ALL.iter().map(|rule| (*rule, self.state.sink.count(*rule)));
        let broken = counts.filter(|(_, (errors, warnings))| errors + warnings > 0);
        Totals { broken: broken.map(|(rule, (e, w))| (rule, e, w)).collect(), ..self.state.totals.clone() }
    }

    /// The control numbers of this file and those before it.
    pub fn into_history(self) -> History {
        self.state.envelopes.history
    }
}

/// Tables of the segments around sets.
#[derive(Debug)]
struct Tables {
    isa: SegmentAt,
    iea: SegmentAt,
    gs: SegmentAt,
    ge: SegmentAt,
    st: SegmentAt,
    se: SegmentAt,
    ta1: SegmentAt,
}

/// Everything but the reader.
#[derive(Debug)]
struct State {
    sink: Sink,
    tables: Tables,
    characters: Characters,
    envelopes: Envelopes,
    walk: Option<Walk>,
    marketplace: Marketplace,
    periods: Periods,
    problems: Vec<Problem>,
    totals: Totals,
    federal: Federal,
}

impl State {
    fn new(options: Options, history: History) -> Self {
        let tables = Tables {
            isa: SegmentAt::new(&ISA),
            iea: SegmentAt::new(&IEA),
            gs: SegmentAt::new(&GS),
            ge: SegmentAt::new(&GE),
            st: SegmentAt::new(&ST),
            se: SegmentAt::new(&SE),
            ta1: SegmentAt::new(&TA1),
        };
        Self {
            sink: Sink::new(options.limit),
            tables,
            characters: Characters::new(crate::wire::x12::Delimiters::default()),
            envelopes: Envelopes::new(history, options.profile != Profile::Guide),
            walk: None,
            marketplace: Marketplace::new(options.profile),
            periods: Periods::default(),
            problems: Vec::new(),
            totals: Totals::default(),
            federal: Federal::default(),
        }
    }

    #[inline]
    fn segment(&mut self, found: &PlacedSegment<'_>) {
        self.totals.segments += 1;
        let id = found.segment.id();
        if !found.is_terminated {
            let here = Here { place: found.place, segment: id, in_loop: "" };
            self.sink.add(Rule::Unterminated, here, ElementPlace::default(), || {
                ("the end of the file".to_owned(), "a segment terminator".to_owned())
            });
        }
        match id {
            b"ISA" => self.isa(found),
            b"GS" => self.gs(found),
            b"ST" => self.st(found),
            b"SE" => self.se(found),
            b"GE" | b"IEA" => self.close(found),
            b"TA1" if self.envelopes.level == Level::Interchange => {
                self.envelopes.ta1();
                self.elements(found, |tables| &tables.ta1);
            }
            _ if self.envelopes.level == Level::Set => self.content(found),
            _ => {
                let here = Here { place: found.place, segment: id, in_loop: "" };
                self.envelopes.stray("a transaction set (ST to SE)", here, &mut self.sink);
            }
        }
    }

    fn elements(&mut self, found: &PlacedSegment<'_>, table: impl Fn(&Tables) -> &SegmentAt) {
        let table = table(&self.tables);
        let here = Here { place: found.place, segment: table.segment.id.as_bytes(), in_loop: "" };
        let is_header = table.segment.id == "ISA";
        Check { here, sink: &mut self.sink, characters: &self.characters, is_header }.segment(table, found.segment);
    }

    fn isa(&mut self, found: &PlacedSegment<'_>) {
        self.totals.interchanges += 1;
        self.federal.open(found.segment);
        self.characters = Characters::new(found.delimiters);
        let here = Here { place: found.place, segment: b"ISA", in_loop: "" };
        self.leave_set();
        self.envelopes.isa(found, here, &mut self.sink);
        self.elements(found, |tables| &tables.isa);
        self.marketplace.isa(found.segment, here, &mut self.sink);
    }

    fn gs(&mut self, found: &PlacedSegment<'_>) {
        self.totals.functional_groups += 1;
        self.federal.open(found.segment);
        let here = Here { place: found.place, segment: b"GS", in_loop: "" };
        self.leave_set();
        self.periods.group(found.segment);
        self.envelopes.gs(found.segment, here, &mut self.sink);
        self.elements(found, |tables| &tables.gs);
        self.marketplace.gs(found.segment, here, &mut self.sink);
    }

    fn st(&mut self, found: &PlacedSegment<'_>) {
        self.totals.transaction_sets += 1;
        let here = Here { place: found.place, segment: b"ST", in_loop: "" };
        self.leave_set();
        self.periods.set();
        self.envelopes.st(found.segment, here, &mut self.sink);
        self.elements(found, |tables| &tables.st);
        self.choose(found, here);
        self.marketplace.st(found.segment, here, &mut self.sink);
    }

    /// Chooses the guide, and says where the envelope disagrees with it. A set of another guide is not held to this one.
    fn choose(&mut self, found: &PlacedSegment<'_>, here: Here<'_>) {
        let [_, set, _, version] = found.segment.elements();
        let group = found.place.group();
        let said = group.map_or(version, |group| group.version.as_bytes());
        let Some(index) = Index::of_set(set).filter(|index| is_base(said, index.guide.version)) else {
            self.walk = None;
            self.totals.without_guide += 1;
            return self.sink.add(Rule::Version, here, ElementPlace::of(1), || {
                let found = format!("set {} of guide {}", shown(set), shown(said));
                (found, format!("a set that there is a table for: {}", tables()))
            });
        };
        match &mut self.walk {
            Some(walk) if std::ptr::eq(walk.index, index) => walk.restart(),
            walk => *walk = Some(Walk::new(index)),
        }
        let guide = index.guide;
        let kind = group.map_or(guide.group.as_bytes(), |group| group.kind.as_bytes());
        for (value, wanted, name, element) in
            [(kind, guide.group, "GS01", 1), (said, guide.version, "GS08", 3), (version, guide.version, "ST03", 3)]
        {
            if value == wanted.as_bytes() || value.is_empty() {
                continue;
            }
            let is_older = wanted == guide.version && is_base(value, wanted);
            let rule = if is_older { Rule::OlderVersion } else { Rule::Version };
            self.sink.add(rule, here, ElementPlace::of(element), || {
                (format!("{} in {name}", shown(value)), format!("`{wanted}`, which set {} follows", guide.set))
            });
        }
    }

    fn content(&mut self, found: &PlacedSegment<'_>) {
        let id = found.segment.id();
        let (place, sink) = (found.place, &mut self.sink);
        let Some(walk) = &mut self.walk else {
            sink.stated.note(found.segment, is_persons(found.segment, "", false));
            let here = Here { place, segment: id, in_loop: "" };
            return Check { here, sink, characters: &self.characters, is_header: false }.characters(found.segment);
        };
        let Settled { segment, in_loop } = walk.step(found.segment, &mut self.problems);
        let here = Here { place, segment: id, in_loop };
        sink.stated.note(found.segment, is_persons(found.segment, in_loop, self.federal.is_so()));
        for problem in self.problems.drain(..) {
            tell(walk.index, problem, here, sink);
        }
        let mut check = Check { here, sink, characters: &self.characters, is_header: false };
        match segment.and_then(|number| walk.index.segments.get(number)) {
            Some(table) => check.segment(table, found.segment),
            None => check.characters(found.segment),
        }
        if walk.index.guide.set == "834" {
            self.totals.members += u64::from(id == b"INS");
            self.periods.content(found.segment, here, &mut self.sink);
            self.marketplace.content(found.segment, found.delimiters, here, &mut self.sink);
        }
    }

    fn se(&mut self, found: &PlacedSegment<'_>) {
        let here = Here { place: found.place, segment: b"SE", in_loop: "" };
        if self.envelopes.level == Level::Set {
            self.close_walk(here);
            self.marketplace.se(here, &mut self.sink);
        }
        self.envelopes.se(found.segment, here, &mut self.sink);
        self.elements(found, |tables| &tables.se);
    }

    fn close(&mut self, found: &PlacedSegment<'_>) {
        let is_group = found.segment.id() == b"GE";
        let here = Here { place: found.place, segment: if is_group { b"GE" } else { b"IEA" }, in_loop: "" };
        self.leave_set();
        if is_group {
            self.envelopes.ge(found.segment, here, &mut self.sink);
            self.elements(found, |tables| &tables.ge);
        } else {
            self.envelopes.iea(found.segment, here, &mut self.sink);
            self.elements(found, |tables| &tables.iea);
        }
    }

    /// A set that is left without its trailer lacks nothing but that: what it would still have held is unknown.
    fn leave_set(&mut self) {
        if self.envelopes.level == Level::Set {
            self.marketplace.abandon();
        }
    }

    fn close_walk(&mut self, here: Here<'_>) {
        let Some(walk) = &mut self.walk else { return };
        walk.close(&mut self.problems);
        for problem in self.problems.drain(..) {
            tell(walk.index, problem, here, &mut self.sink);
        }
    }

    fn lost(&mut self, lost: &Lost<'_>) {
        let rule = match lost.kind {
            LostKind::TooLong => Rule::TooLong,
            LostKind::SmallLetters => Rule::SegmentName,
            // Where it stands, it is no character of a value.
            LostKind::LineBreak => return,
            LostKind::PaddedHeader
            | LostKind::JoinedLines
            | LostKind::Stray
            | LostKind::UnreadableHeader
            | LostKind::CutIntoLines
            | LostKind::Empty => Rule::Stray,
        };
        if lost.kind.is_written_oddly() {
            return self.sink.add(rule, nowhere(lost.place), ElementPlace::default(), || {
                (format!("`{}`: {}", lost.begins, lost.kind), "it as the standard writes it".to_owned())
            });
        }
        self.sink.add(rule, nowhere(lost.place), ElementPlace::default(), || {
            (format!("`{}` and so on, {} bytes: {}", lost.begins, lost.length, lost.kind), "a segment".to_owned())
        });
    }
}

/// Whether a version is this one, or the same without its errata.
fn is_base(version: &[u8], known: &str) -> bool {
    let base = known.split('A').next().unwrap_or(known);
    version == known.as_bytes() || version == base.as_bytes()
}

fn tables() -> String {
    let names: Vec<_> = GUIDES.iter().map(|guide| format!("{} of {}", guide.set, guide.version)).collect();
    names.join(", ")
}

/// Puts a problem of structure into words.
fn tell(index: &Index, problem: Problem, here: Here<'_>, sink: &mut Sink) {
    let child = |in_loop: usize, branch: usize| {
        let found = index.loops.get(in_loop).and_then(|found| found.branches.get(branch));
        found.map_or_else(String::new, |branch| describe(index, branch.child))
    };
    let whole = ElementPlace::default();
    let before = || if here.segment == b"SE" { "the set's end".to_owned() } else { shown(here.segment) };
    match problem {
        Problem::Missing { in_loop, branch } => {
            sink.add(Rule::MissingSegment, here, whole, || (before(), format!("{} before it", child(in_loop, branch))));
        }
        Problem::TooOften { in_loop, branch } => sink.add(Rule::TooOften, here, whole, || {
            let most = index.loops.get(in_loop).and_then(|found| found.branches.get(branch)).map_or(0, |b| b.most);
            (format!("{} once more", child(in_loop, branch)), format!("{most} at most"))
        }),
        Problem::OutOfOrder => sink.add(Rule::OutOfOrder, here, whole, || {
            (
                format!("{} after segments that it must precede", shown(here.segment)),
                "it earlier in its loop".to_owned(),
            )
        }),
        Problem::Unknown => sink.add(Rule::UnknownSegment, here, whole, || {
            (shown(here.segment), "a segment that the guide has at this place".to_owned())
        }),
        Problem::Qualifier { in_loop } => sink.add(Rule::Qualifier, here, ElementPlace::of(1), || {
            (format!("{} with a qualifier unknown here", shown(here.segment)), openings(index, in_loop, here.segment))
        }),
    }
}

fn describe(index: &Index, child: Child) -> String {
    match child {
        Child::Segment(number) => index.segments.get(number).map_or_else(String::new, |at| {
            let first = at.slots.first().map(|slot| slot.codes.list()).unwrap_or_default();
            let told = if let [(code, _)] = first { format!("*{code}") } else { String::new() };
            format!("segment `{}{told}` ({})", at.segment.id, at.segment.name)
        }),
        Child::Loop(number) => index.loops.get(number).map_or_else(String::new, |found| {
            let begin = found.branches.first().map(|branch| describe(index, branch.child)).unwrap_or_default();
            format!("loop {} ({}), which begins with {begin}", found.id, found.name)
        }),
    }
}

/// Qualifiers with which a segment begins a loop inside another.
fn openings(index: &Index, in_loop: usize, segment: &[u8]) -> String {
    let id = crate::wire::guide::pack(segment);
    let branches = index.loops.get(in_loop).map_or(&[][..], |found| &found.branches);
    let codes = branches.iter().filter(|branch| branch.id == id && branch.usage != Usage::Unused);
    let names: Vec<_> =
        codes.flat_map(|branch| branch.codes.list()).map(|(code, what)| format!("`{code}` ({what})")).collect();
    format!("one of {}", names.join(", "))
}

/// Whether a profile's rules of the marketplace are errors, for an envelope that is the federal exchange's or not.
pub(super) fn severity(profile: Profile, is_federal: bool) -> Severity {
    match (profile, is_federal) {
        (Profile::Federal, _) | (Profile::Auto, true) => Severity::Error,
        _ => Severity::Warning,
    }
}
