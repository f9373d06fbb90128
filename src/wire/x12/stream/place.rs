//! Where a segment stands: the byte, the envelopes that are open around it, its number in the set.

use crate::wire::x12::Location;
use crate::wire::x12::segment::Segment;
use crate::wire::x12::text::decode;

/// An interchange that is open.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct InterchangePlace {
    /// Its number in the file, from 1.
    pub number: u64,
    /// ISA13.
    pub control: String,
}

/// A functional group that is open.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct GroupPlace {
    /// Its number in the interchange, from 1.
    pub number: u64,
    /// GS01, the functional identifier code, such as `BE`.
    pub kind: String,
    /// GS06.
    pub control: String,
    /// GS08, version and implementation guide.
    pub version: String,
}

/// A transaction set that is open.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SetPlace {
    /// Its number in the functional group (or in the interchange, outside a group), from 1.
    pub number: u64,
    /// ST01, such as `834`.
    pub kind: String,
    /// ST02.
    pub control: String,
    /// ST03, the implementation guide; empty where the set does not say it.
    pub guide: String,
}

/// Where a segment stands. A header and a trailer stand inside the envelope that they open and close.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SegmentPlace {
    /// Offset in bytes of its first byte from the beginning of the file.
    pub offset: u64,
    /// Its number within the transaction set, ST being 1; 0 outside a set.
    pub segment: u32,
    interchange: Open<InterchangePlace>,
    group: Open<GroupPlace>,
    set: Open<SetPlace>,
}

/// What an envelope says of itself, kept while it is closed so that its strings are used again.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Open<T> {
    said: T,
    is_open: bool,
}

impl<T> Open<T> {
    fn get(&self) -> Option<&T> {
        self.is_open.then_some(&self.said)
    }
}

/// What a segment closes once it has been looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Closes {
    Set,
    Group,
    Interchange,
}

impl SegmentPlace {
    /// The interchange that is open here.
    pub fn interchange(&self) -> Option<&InterchangePlace> {
        self.interchange.get()
    }

    /// The functional group that is open here.
    pub fn group(&self) -> Option<&GroupPlace> {
        self.group.get()
    }

    /// The transaction set that is open here.
    pub fn set(&self) -> Option<&SetPlace> {
        self.set.get()
    }

    /// The place in the form that damage is reported in.
    pub fn to_location(&self) -> Location {
        Location {
            interchange: self.interchange().map(|at| at.control.clone()),
            functional_group: self.group().map(|at| at.control.clone()),
            transaction_set: self.set().map(|at| at.control.clone()),
            segment: self.segment,
            offset: self.offset,
        }
    }

    /// Takes in the next segment of an interchange; the answer is what it closes.
    #[inline]
    pub(super) fn enter(&mut self, segment: Segment<'_>, offset: u64) -> Option<Closes> {
        self.offset = offset;
        if !matches!(segment.bytes(), [b'S' | b'G' | b'I', ..]) {
            return self.count(None);
        }
        match segment.id() {
            b"ST" => self.open_set(segment),
            b"GS" => self.open_group(segment),
            b"SE" => return self.count(Some(Closes::Set)),
            b"GE" => return Some(self.leave_for(Closes::Group)),
            b"IEA" => return Some(self.leave_for(Closes::Interchange)),
            _ => return self.count(None),
        }
        None
    }

    /// Counts what stands where a segment should.
    pub(super) fn count(&mut self, closes: Option<Closes>) -> Option<Closes> {
        self.segment = if self.set.is_open { self.segment.saturating_add(1) } else { 0 };
        closes
    }

    pub(super) fn open_interchange(&mut self, isa: Segment<'_>, offset: u64) {
        self.close(Closes::Interchange);
        self.offset = offset;
        self.interchange.is_open = true;
        let said = &mut self.interchange.said;
        said.number += 1;
        keep(&mut said.control, isa.element(13));
        self.group.said.number = 0;
        self.set.said.number = 0;
    }

    fn open_group(&mut self, gs: Segment<'_>) {
        self.close(Closes::Group);
        let [_, kind, _, _, _, _, control, _, version] = gs.elements();
        self.group.is_open = true;
        let said = &mut self.group.said;
        said.number += 1;
        keep(&mut said.kind, kind);
        keep(&mut said.control, control);
        keep(&mut said.version, version);
        self.set.said.number = 0;
    }

    fn open_set(&mut self, st: Segment<'_>) {
        let [_, kind, control, guide] = st.elements();
        self.set.is_open = true;
        self.segment = 1;
        let said = &mut self.set.said;
        said.number += 1;
        keep(&mut said.kind, kind);
        keep(&mut said.control, control);
        keep(&mut said.guide, guide);
    }

    /// A trailer stands in its own envelope, and in none inside that.
    fn leave_for(&mut self, trailer: Closes) -> Closes {
        self.close(Closes::Set);
        if trailer == Closes::Interchange {
            self.close(Closes::Group);
        }
        trailer
    }

    /// Closes an envelope and those inside it.
    pub(super) fn close(&mut self, closes: Closes) {
        self.set.is_open = false;
        self.segment = 0;
        if closes != Closes::Set {
            self.group.is_open = false;
        }
        if closes == Closes::Interchange {
            self.interchange.is_open = false;
        }
    }
}

fn keep(place: &mut String, element: &[u8]) {
    place.clear();
    place.push_str(&decode(element.trim_ascii()));
}
