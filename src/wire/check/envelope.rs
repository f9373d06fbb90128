//! Interchange, group and set: opened, counted, closed, their control numbers compared and remembered.

use super::finding::ElementPlace;
use super::history::{History, Seen};
use super::rule::Rule;
use super::sink::{Here, Sink, shown};
use crate::wire::x12::{PlacedSegment, Segment, SegmentPlace};

/// How deep in the envelopes the checker stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Level {
    #[default]
    Outside,
    Interchange,
    Group,
    Set,
}

/// The envelopes as they stand.
#[derive(Debug, Default)]
pub(super) struct Envelopes {
    pub(super) level: Level,
    interchange: Vec<u8>,
    group: Vec<u8>,
    set: Vec<u8>,
    groups: u64,
    sets: u64,
    /// ISA05 and ISA06.
    sender: Vec<u8>,
    /// ISA13 of this file by sender, GS06 of this interchange, ST02 of this group.
    seen_interchanges: History,
    seen_groups: Seen,
    seen_sets: Seen,
    /// Numbers of all files, this one included.
    pub(super) history: History,
    /// Whether the exchange's own rule is asked, by which no number is ever used again.
    asks_new: bool,
    /// Something stood outside its envelope and was told.
    is_told: bool,
    /// The interchange has a TA1, which needs no group beside it.
    has_acknowledgement: bool,
}

/// A trailer, or what else has a count and a control number.
struct Trailer<'a> {
    count: &'a [u8],
    control: &'a [u8],
}

impl Envelopes {
    /// Before a file; `history` has the numbers of those before it.
    pub(super) fn new(history: History, asks_new: bool) -> Self {
        Self { history, asks_new, ..Self::default() }
    }

    /// Opens an interchange.
    pub(super) fn isa(&mut self, found: &PlacedSegment<'_>, here: Here<'_>, sink: &mut Sink) {
        self.leave(Level::Outside, here, sink);
        self.level = Level::Interchange;
        self.groups = 0;
        (self.is_told, self.has_acknowledgement) = (false, false);
        self.seen_groups.clear();
        let [_, _, _, _, _, kind, sender] = found.segment.elements();
        self.sender = [kind.trim_ascii(), b"*", sender.trim_ascii()].concat();
        keep(&mut self.interchange, found.segment.element(13));
        let control = &self.interchange;
        let inside = self.seen_interchanges.of(&self.sender).interchanges.repeats(control);
        let ever = self.asks_new && self.history.of(&self.sender).interchanges.repeats(control);
        unique(control, (inside, ever), 13, here, sink);
    }

    /// Opens a functional group.
    pub(super) fn gs(&mut self, segment: Segment<'_>, here: Here<'_>, sink: &mut Sink) {
        if self.level == Level::Outside {
            return self.stray("an interchange (ISA to IEA)", here, sink);
        }
        self.leave(Level::Interchange, here, sink);
        self.level = Level::Group;
        self.groups += 1;
        self.sets = 0;
        self.is_told = false;
        self.seen_sets.clear();
        keep(&mut self.group, segment.element(6));
        let inside = self.seen_groups.repeats(&self.group);
        let ever = self.asks_new && self.history.of(&self.sender).groups.repeats(&self.group);
        unique(&self.group, (inside, ever), 6, here, sink);
    }

    /// Opens a transaction set.
    pub(super) fn st(&mut self, segment: Segment<'_>, here: Here<'_>, sink: &mut Sink) {
        if self.level < Level::Group {
            self.stray("a functional group (GS to GE)", here, sink);
        }
        self.leave(self.level.min(Level::Group), here, sink);
        self.level = Level::Set;
        self.sets += 1;
        self.is_told = false;
        keep(&mut self.set, segment.element(2));
        // Other sets, such as acknowledgements, are numbered from 1 in each group.
        let asks_new = self.asks_new && segment.element(1) == b"834";
        let inside = self.seen_sets.repeats(&self.set);
        let ever = asks_new && self.history.of(&self.sender).sets.repeats(&self.set);
        unique(&self.set, (inside, ever), 2, here, sink);
    }

    /// Closes a transaction set; whether one was open.
    pub(super) fn se(&mut self, segment: Segment<'_>, here: Here<'_>, sink: &mut Sink) -> bool {
        if self.level != Level::Set {
            self.stray("a transaction set (ST to SE)", here, sink);
            return false;
        }
        trailer(segment, u64::from(here.place.segment), &self.set, here, sink);
        self.level = if here.place.group().is_some() { Level::Group } else { Level::Interchange };
        true
    }

    /// Closes a functional group.
    pub(super) fn ge(&mut self, segment: Segment<'_>, here: Here<'_>, sink: &mut Sink) {
        self.leave(self.level.min(Level::Group), here, sink);
        if self.level != Level::Group {
            return self.stray("a functional group (GS to GE)", here, sink);
        }
        trailer(segment, self.sets, &self.group, here, sink);
        self.tell_empty(self.sets == 0, "a transaction set (ST to SE)", here, sink);
        self.level = Level::Interchange;
    }

    /// Closes an interchange.
    pub(super) fn iea(&mut self, segment: Segment<'_>, here: Here<'_>, sink: &mut Sink) {
        self.leave(self.level.min(Level::Interchange), here, sink);
        if self.level != Level::Interchange {
            return self.stray("an interchange (ISA to IEA)", here, sink);
        }
        trailer(segment, self.groups, &self.interchange, here, sink);
        let is_empty = self.groups == 0 && !self.has_acknowledgement;
        self.tell_empty(is_empty, "a functional group (GS to GE) or TA1", here, sink);
        self.level = Level::Outside;
    }

    /// Takes in a TA1.
    pub(super) fn ta1(&mut self) {
        self.has_acknowledgement = true;
    }

    /// An envelope around nothing was not meant to be empty; where its content stood outside, that has been told.
    fn tell_empty(&self, is_empty: bool, lacks: &str, here: Here<'_>, sink: &mut Sink) {
        if is_empty && !self.is_told {
            sink.add(Rule::MissingSegment, here, ElementPlace::default(), || {
                (shown(here.segment), format!("{lacks} before it"))
            });
        }
    }

    /// A segment outside the envelope it belongs into; told once in each envelope.
    pub(super) fn stray(&mut self, belongs_in: &str, here: Here<'_>, sink: &mut Sink) {
        if !std::mem::replace(&mut self.is_told, true) {
            sink.add(Rule::OutsideEnvelope, here, ElementPlace::default(), || {
                ("the segment outside".to_owned(), format!("it inside {belongs_in}"))
            });
        }
    }

    /// Tells of every envelope inside `level` that has not been closed, and leaves it.
    pub(super) fn leave(&mut self, level: Level, here: Here<'_>, sink: &mut Sink) {
        while self.level > level {
            let (trailer, outer, opened) = match self.level {
                Level::Set => ("SE", Level::Group, &self.set),
                Level::Group => ("GE", Level::Interchange, &self.group),
                _ => ("IEA", Level::Outside, &self.interchange),
            };
            sink.add(Rule::Unclosed, here, ElementPlace::default(), || {
                let found =
                    if here.segment.is_empty() { "the end of the file".to_owned() } else { shown(here.segment) };
                (found, format!("the trailer `{trailer}` with control number {} before it", shown(opened)))
            });
            self.level = outer;
        }
    }
}

fn trailer(segment: Segment<'_>, counted: u64, opened: &[u8], here: Here<'_>, sink: &mut Sink) {
    let [_, count, control] = segment.elements();
    let said = Trailer { count: count.trim_ascii(), control: control.trim_ascii() };
    let number = std::str::from_utf8(said.count).ok().and_then(|text| text.parse::<u64>().ok());
    if number != Some(counted) && !said.count.is_empty() {
        sink.add(Rule::Count, here, ElementPlace::of(1), || (shown(said.count), format!("`{counted}`, as counted")));
    }
    if said.control != opened && !said.control.is_empty() {
        sink.add(Rule::ControlDiffers, here, ElementPlace::of(2), || {
            (shown(said.control), format!("{}, as in the header", shown(opened)))
        });
    }
}

/// A control number must be new in its envelope; the exchange wants it new in all its files, where that is looked at.
fn unique(control: &[u8], (again_inside, again_ever): (bool, bool), element: usize, here: Here<'_>, sink: &mut Sink) {
    if control.is_empty() {
        return;
    }
    let rule = match (again_inside, again_ever) {
        (true, _) => Rule::ControlRepeated,
        (false, true) => Rule::NumberReused,
        (false, false) => return,
    };
    sink.add(rule, here, ElementPlace::of(element), || {
        (format!("{} again", shown(control)), "a control number that was not used before".to_owned())
    });
}

fn keep(place: &mut Vec<u8>, element: &[u8]) {
    place.clear();
    place.extend_from_slice(element.trim_ascii());
}

/// Where a finding stands that belongs to no segment.
pub(super) fn nowhere(place: &SegmentPlace) -> Here<'_> {
    Here { place, segment: b"", in_loop: "" }
}
