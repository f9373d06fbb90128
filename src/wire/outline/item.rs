//! One item of an outline: a few fields, kept in memory that is used again.

use crate::wire::guide::codes::meaning;
use crate::wire::guide::{CodeSet, Codes};
use crate::wire::ssn::{self, Stated};
use crate::wire::x12::{Location, SegmentPlace};
use std::borrow::Cow;

/// What an item tells of.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum ItemKind {
    /// ISA.
    #[default]
    Interchange,
    /// TA1.
    Acknowledgement,
    /// GS.
    Group,
    /// ST, and of an 834 everything before its first member.
    Set,
    /// INS and what follows it, in an 834.
    Member,
    /// A segment of a set that is no 834.
    Segment,
    /// Bytes that are no segment.
    Lost,
    /// Envelopes that disagree: what stands in them is shown, and a receiver refuses it.
    Damage,
}

impl ItemKind {
    /// Its name in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Interchange => "interchange",
            Self::Acknowledgement => "interchange_acknowledgement",
            Self::Group => "group",
            Self::Set => "set",
            Self::Member => "member",
            Self::Segment => "segment",
            Self::Lost => "lost",
            Self::Damage => "damage",
        }
    }
}

/// A field of an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Field<'a> {
    /// Its name.
    pub name: &'static str,
    /// Its value as it stands in the file.
    pub value: &'a [u8],
    /// Of which of the member's coverages it tells, from 1; 0 where of none.
    pub coverage: u8,
    /// Of which other loop it tells, from 1, of the member or of the coverage: a reporting category, a person or an insurance
    /// beside the member, a language; 0 where of none.
    pub part: u16,
    is_hidden: bool,
    codes: Codes,
}

impl Field<'_> {
    /// What a code means, where it is one that is known.
    pub fn means(&self) -> Option<&'static str> {
        meaning(self.codes, self.value)
    }

    /// The value with all but the last four digits hidden, where it is or may be a Social Security number: the file calls it
    /// one, here or elsewhere, or it stands where somebody is identified and has the form of one.
    pub fn masked(&self) -> Option<String> {
        if self.is_hidden {
            return Some(String::from_utf8_lossy(&ssn::hidden(self.value)).into_owned());
        }
        let last = self.value.get(self.value.len().saturating_sub(4)..).unwrap_or_default();
        self.name.ends_with("ssn").then(|| format!("*****{}", String::from_utf8_lossy(last)))
    }

    /// The value as text that may be shown to people.
    pub fn shown(&self) -> Cow<'_, str> {
        self.masked().map_or_else(|| String::from_utf8_lossy(self.value), Cow::Owned)
    }
}

#[derive(Debug, Clone, Copy)]
struct Kept {
    name: &'static str,
    start: u32,
    end: u32,
    part: u16,
    coverage: u8,
    is_hidden: bool,
    codes: Codes,
}

/// No code has a meaning here.
const NONE: Codes = &[];

/// One item. Empty elements make no field.
#[derive(Debug, Clone, Default)]
pub struct Item {
    /// What it tells of.
    pub kind: ItemKind,
    /// Where its first segment begins, in bytes from the beginning of the file.
    pub offset: u64,
    /// The number of its first segment in the set, ST being 1; 0 outside sets.
    pub segment: u32,
    /// Of a member: its number among the members of the file, from 0.
    pub number: u32,
    /// ISA13, GS06 and ST02 of the envelopes that are open; empty where none is.
    pub control: [String; 3],
    /// What its segment or loop is called in the guide; empty where there is none.
    pub title: &'static str,
    fields: Vec<Kept>,
    text: Vec<u8>,
    /// Coverages that have begun, and the one that is open.
    coverages: u8,
    coverage: u8,
    /// The same of other loops.
    parts: u16,
    part: u16,
    /// Whether its envelopes are the federal exchange's.
    pub is_federal: bool,
    /// Of a set: whether the sponsor is the subscriber, as of an individual's coverage, and no employer.
    pub(in crate::wire) has_own_sponsor: bool,
    /// Whether what is added may be somebody's SSN for the place where it stands.
    is_persons: bool,
}

impl Item {
    /// Empties the item for another.
    pub(super) fn begin(&mut self, kind: ItemKind, title: &'static str, place: &SegmentPlace) {
        self.kind = kind;
        self.title = title;
        self.offset = place.offset;
        self.segment = place.segment;
        self.fields.clear();
        self.text.clear();
        (self.coverages, self.coverage, self.is_persons) = (0, 0, false);
        (self.parts, self.part, self.has_own_sponsor) = (0, 0, false);
        let open = [
            place.interchange().map(|at| &at.control),
            place.group().map(|at| &at.control),
            place.set().map(|at| &at.control),
        ];
        for (own, open) in self.control.iter_mut().zip(open) {
            own.clear();
            own.push_str(open.map_or("", String::as_str));
        }
    }

    /// Empties the item for what is wrong at a place.
    pub(super) fn begin_at(&mut self, kind: ItemKind, title: &'static str, at: &Location) {
        self.begin(kind, title, &SegmentPlace::default());
        self.offset = at.offset;
        self.segment = at.segment;
        let numbers = [&at.interchange, &at.functional_group, &at.transaction_set];
        for (own, number) in self.control.iter_mut().zip(numbers) {
            own.push_str(number.as_deref().unwrap_or_default());
        }
    }

    /// What is added from here on tells of another coverage.
    pub(super) fn begin_coverage(&mut self) {
        self.coverages = self.coverages.saturating_add(1);
        self.coverage = self.coverages;
        self.part = 0;
    }

    /// What is added from here on tells of another loop, in the coverage that is open or of the member.
    pub(super) fn begin_part(&mut self) {
        self.parts = self.parts.saturating_add(1);
        self.part = self.parts;
    }

    /// What is added from here on tells of the coverage or the member again.
    pub(super) fn end_part(&mut self) {
        self.part = 0;
    }

    /// What is added from here on tells of the member.
    pub(super) fn end_coverage(&mut self) {
        (self.coverage, self.part) = (0, 0);
    }

    /// Says whether what is added from here on identifies a person, so that nine digits may be an SSN.
    #[inline]
    pub(super) fn is_of_person(&mut self, is_persons: bool) {
        self.is_persons = is_persons;
    }

    /// Hides what the file calls an SSN elsewhere.
    pub(super) fn hide(&mut self, stated: &Stated) {
        let text = &self.text;
        for kept in self.fields.iter_mut().filter(|kept| !kept.is_hidden) {
            let value = text.get(kept.start as usize..kept.end as usize).unwrap_or_default();
            kept.is_hidden = stated.is_in(value);
        }
    }

    /// Adds a field, unless it is empty.
    #[inline]
    pub(super) fn add(&mut self, name: &'static str, value: &[u8]) {
        self.keep(name, value, NONE);
    }

    /// Adds a field with the qualifier that says what it is, where no name of a field does.
    #[cold]
    pub(super) fn add_with(&mut self, name: &'static str, qualifier: &[u8], value: &[u8]) {
        if qualifier.is_empty() || value.is_empty() {
            return self.add(name, value);
        }
        self.add(name, &[qualifier, b": ", value].concat());
    }

    /// Adds a code with its meaning.
    #[inline]
    pub(super) fn add_code(&mut self, name: &'static str, value: &[u8], codes: Codes) {
        self.keep(name, value, codes);
    }

    /// Adds an element with the codes of its table.
    pub(super) fn add_told(&mut self, name: &'static str, value: &[u8], codes: &CodeSet) {
        self.keep(name, value, codes.list());
    }

    /// Meanings are looked up by whoever asks for them. A code with blanks before it is none that is known.
    fn keep(&mut self, name: &'static str, written: &[u8], codes: Codes) {
        let value = written.trim_ascii();
        let codes = if value.len() == written.len() { codes } else { NONE };
        let start = u32::try_from(self.text.len()).unwrap_or(u32::MAX);
        if !value.is_empty() {
            self.text.extend_from_slice(value);
            let end = u32::try_from(self.text.len()).unwrap_or(u32::MAX);
            let is_hidden = self.is_persons && ssn::has_form(value);
            let (coverage, part) = (self.coverage, self.part);
            self.fields.push(Kept { name, start, end, part, coverage, is_hidden, codes });
        }
    }

    /// Adds another item's fields of these names.
    pub(in crate::wire) fn append(&mut self, other: &Self, names: &[&str]) {
        self.end_coverage();
        for field in other.fields().filter(|field| names.contains(&field.name)) {
            self.is_of_person(field.is_hidden);
            self.keep(field.name, field.value, field.codes);
        }
    }

    /// The fields, in the file's order.
    pub fn fields(&self) -> impl DoubleEndedIterator<Item = Field<'_>> + ExactSizeIterator {
        self.fields.iter().map(|kept| Field {
            name: kept.name,
            value: self.value(*kept),
            coverage: kept.coverage,
            part: kept.part,
            is_hidden: kept.is_hidden,
            codes: kept.codes,
        })
    }

    fn value(&self, kept: Kept) -> &[u8] {
        self.text.get(kept.start as usize..kept.end as usize).unwrap_or_default()
    }

    /// The bytes of all values, one after the other.
    pub(super) fn bytes(&self) -> &[u8] {
        &self.text
    }

    /// The first field of this name.
    pub fn field(&self, name: &str) -> Option<Field<'_>> {
        self.fields().find(|field| field.name == name)
    }

    /// The value of the first field of this name; empty where there is none.
    pub fn text(&self, name: &str) -> &[u8] {
        self.field(name).map_or(b"", |field| field.value)
    }
}
