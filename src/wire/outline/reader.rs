//! The reader of outlines.

use super::enrollment::{header, member};
use super::item::{Item, ItemKind};
use super::references::Category;
use super::segments::{Tables, acknowledgement, by_table, group, interchange, plain};
use crate::wire::guide::Index;
use crate::wire::guide::trail::Trail;
use crate::wire::ssn::{Stated, is_persons};
use crate::wire::x12::{Audit, Damage, DamageKind, Federal, Lost, LostKind, PlacedSegment, ReadError, Segments, Step};
use std::collections::VecDeque;
use std::io::Read;
use std::iter::Peekable;
use std::vec;

/// Reads a file of interchanges as items, in constant memory (under 4 MB, and the largest member).
#[derive(Debug)]
pub struct Outline<R> {
    segments: Segments<R>,
    state: State,
    is_ended: bool,
    /// The header of a set, until its first member has been read: what that calls an SSN is hidden before it, too.
    held: Item,
    /// What was found after it, and is to be given out next.
    waiting: Option<Result<Option<Found>, ReadError>>,
}

#[derive(Debug)]
struct State {
    tables: Tables,
    trail: Option<Trail>,
    is_enrollment: bool,
    /// What is being read, and what has been.
    open: Item,
    is_open: bool,
    ready: Item,
    category: Category,
    choice: Choice,
    audit: Audit,
    /// The first thing for which the file is not whole.
    flaw: Option<Damage>,
    /// What is wrong with the envelopes, after the item that is ready.
    damages: VecDeque<Item>,
    /// What is written oddly inside the item that is open, for after it.
    oddities: VecDeque<Item>,
    /// The damage that is told.
    damage: Item,
    stated: Stated,
    federal: Federal,
}

/// Which members are shown.
#[derive(Debug)]
struct Choice {
    /// How many members have been met.
    members: u32,
    /// The members that are wanted and to come, where not all are.
    wanted: Option<Peekable<vec::IntoIter<u32>>>,
    /// Whether the one being read is none of them.
    is_passing: bool,
}

impl Choice {
    /// The number of the member that begins; `None` where it is not wanted.
    fn next(&mut self) -> Option<u32> {
        let number = self.members;
        self.members += 1;
        self.is_passing = self.wanted.as_mut().is_some_and(|wanted| wanted.next_if_eq(&number).is_none());
        (!self.is_passing).then_some(number)
    }
}

impl<R: Read> Outline<R> {
    /// An outline from the beginning of a file. Reads are large; the source needs no buffer of its own.
    pub fn new(source: R) -> Self {
        Self::with(source, None)
    }

    /// An outline with no other members than these, by their numbers, in order: the rest goes by without being looked into.
    pub fn of_members(source: R, wanted: Vec<u32>) -> Self {
        Self::with(source, Some(wanted))
    }

    fn with(source: R, wanted: Option<Vec<u32>>) -> Self {
        let state = State {
            tables: Tables::new(),
            trail: None,
            is_enrollment: false,
            open: Item::default(),
            is_open: false,
            ready: Item::default(),
            category: Category::default(),
            choice: Choice {
                members: 0,
                wanted: wanted.map(|wanted| wanted.into_iter().peekable()),
                is_passing: false,
            },
            audit: Audit::default(),
            flaw: None,
            damages: VecDeque::new(),
            oddities: VecDeque::new(),
            damage: Item::default(),
            stated: Stated::default(),
            federal: Federal::default(),
        };
        Self { segments: Segments::new(source), state, is_ended: false, held: Item::default(), waiting: None }
    }

    /// The next item; `None` at the end of the file. An error ends the file: the source failed, or it holds no interchange.
    #[expect(clippy::should_implement_trait, reason = "it lends the item, which `Iterator` cannot")]
    pub fn next(&mut self) -> Result<Option<&Item>, ReadError> {
        Ok(self.find()?.map(|found| &*self.found(found)))
    }

    /// The first thing so far for which the file is not whole: something lacks, or counts and control numbers disagree. Control
    /// numbers that are used twice do not make a file less whole.
    pub fn flaw(&self) -> Option<&Damage> {
        self.state.flaw.as_ref()
    }

    /// Puts the next item into `item`, whose memory is used again; `false` at the end of the file.
    pub(super) fn next_into(&mut self, item: &mut Item) -> Result<bool, ReadError> {
        let found = self.find()?;
        Ok(found.map(|found| std::mem::swap(self.found(found), item)).is_some())
    }

    fn found(&mut self, found: Found) -> &mut Item {
        match found {
            Found::Held => &mut self.held,
            Found::Ready => &mut self.state.ready,
            Found::Damage => &mut self.state.damage,
        }
    }

    /// Reads on until there is an item; past the header of a set until what follows it is known.
    fn find(&mut self) -> Result<Option<Found>, ReadError> {
        let found = match self.waiting.take() {
            Some(waiting) => waiting,
            None => self.read_on(),
        };
        if !matches!(found, Ok(Some(Found::Ready))) || self.state.ready.kind != ItemKind::Set {
            return found;
        }
        std::mem::swap(&mut self.state.ready, &mut self.held);
        self.waiting = Some(self.read_on());
        self.held.hide(&self.state.stated);
        Ok(Some(Found::Held))
    }

    /// Reads on until an item is complete.
    fn read_on(&mut self) -> Result<Option<Found>, ReadError> {
        let Self { segments, state, is_ended, .. } = self;
        while !*is_ended || !state.damages.is_empty() {
            if let Some(damage) = state.damages.pop_front() {
                state.damage = damage;
                return Ok(Some(Found::Damage));
            }
            if state.choice.is_passing {
                segments.pass_content();
                state.audit.note(segments.place().segment);
            }
            let is_ready = match segments.next() {
                Ok(Some(Step::Segment(found))) => state.segment(&found),
                Ok(Some(Step::Lost(lost))) if lost.kind == LostKind::Empty => false,
                Ok(Some(Step::Lost(lost))) => state.lost(&lost),
                Ok(None) => {
                    *is_ended = true;
                    let damages = state.audit.end(segments.place().offset);
                    state.damage(&damages);
                    state.flush()
                }
                Err(error) => {
                    *is_ended = true;
                    return Err(error);
                }
            };
            if is_ready {
                return Ok(Some(Found::Ready));
            }
        }
        Ok(None)
    }
}

/// Which item has been found.
#[derive(Debug, Clone, Copy)]
enum Found {
    Held,
    Ready,
    Damage,
}

impl State {
    /// Makes what is open ready; whether something was.
    fn flush(&mut self) -> bool {
        self.oddities.append(&mut self.damages);
        std::mem::swap(&mut self.oddities, &mut self.damages);
        self.open.hide(&self.stated);
        std::mem::swap(&mut self.open, &mut self.ready);
        std::mem::replace(&mut self.is_open, false)
    }

    fn begin(&mut self, kind: ItemKind, title: &'static str, found: &PlacedSegment<'_>) -> bool {
        let is_ready = self.flush();
        self.open.begin(kind, title, found.place);
        self.open.is_federal = self.federal.is_so();
        self.is_open = true;
        is_ready
    }

    #[inline]
    fn segment(&mut self, found: &PlacedSegment<'_>) -> bool {
        let segment = found.segment;
        let id = segment.id();
        if found.place.segment > 1 && is_content(id) {
            self.audit.note(found.place.segment);
            return self.of_set(id, found);
        }
        self.federal.open(segment);
        let mut damages = self.audit.take(&Step::Segment(*found));
        damages.extend(of_width(found));
        self.damage(&damages);
        match id {
            b"ISA" => {
                let is_ready = self.begin(ItemKind::Interchange, "interchange", found);
                interchange(&mut self.open, &self.tables, segment);
                is_ready
            }
            b"TA1" => {
                let is_ready = self.begin(ItemKind::Acknowledgement, "interchange acknowledgement", found);
                acknowledgement(&mut self.open, &self.tables, segment);
                is_ready
            }
            b"GS" => {
                let is_ready = self.begin(ItemKind::Group, "functional group", found);
                group(&mut self.open, &self.tables, segment);
                is_ready
            }
            b"ST" => self.set(found),
            b"SE" | b"GE" | b"IEA" => self.flush(),
            // What stands outside its envelope is told after what was told before it.
            _ if found.place.set().is_none() => !self.damages.is_empty() && self.flush(),
            _ => self.of_set(id, found),
        }
    }

    /// A segment between ST and SE.
    #[inline]
    fn of_set(&mut self, id: &[u8], found: &PlacedSegment<'_>) -> bool {
        match id {
            b"INS" if self.is_enrollment => self.member(id, found),
            _ if self.is_enrollment => !self.choice.is_passing && self.content(id, found),
            _ => self.other(id, found),
        }
    }

    fn member(&mut self, id: &[u8], found: &PlacedSegment<'_>) -> bool {
        let Some(number) = self.choice.next() else { return self.flush() };
        let is_ready = self.begin(ItemKind::Member, "member", found);
        self.open.number = number;
        self.content(id, found);
        is_ready
    }

    /// A member whose INS is missing begins with what follows it.
    #[cold]
    fn member_without_beginning(&mut self, found: &PlacedSegment<'_>) -> bool {
        let Some(number) = self.choice.next() else { return self.flush() };
        self.category.forget();
        let is_ready = self.begin(ItemKind::Member, "member", found);
        self.open.number = number;
        is_ready
    }

    fn set(&mut self, found: &PlacedSegment<'_>) -> bool {
        let [_, set, _, version] = found.segment.elements();
        let index = Index::of_set(set);
        self.is_enrollment = set == b"834";
        self.choice.is_passing = false;
        match (&mut self.trail, index) {
            (Some(trail), Some(index)) if std::ptr::eq(trail.index, index) => trail.restart(),
            (trail, index) => *trail = index.map(Trail::new),
        }
        let is_ready = self.begin(ItemKind::Set, index.map_or("transaction set", |index| index.guide.name), found);
        self.open.add("set", set);
        self.open.add("guide", version);
        is_ready
    }

    /// A segment of an 834; whether it made an item ready.
    fn content(&mut self, id: &[u8], found: &PlacedSegment<'_>) -> bool {
        let Some(trail) = &mut self.trail else { return false };
        let in_loop = trail.step(id, found.segment).in_loop;
        let is_first = self.open.kind == ItemKind::Set && begins_person(id, found, in_loop);
        let is_ready = is_first && self.member_without_beginning(found);
        if self.choice.is_passing {
            return is_ready;
        }
        let is_persons = is_persons(found.segment, in_loop, self.federal.is_so());
        self.stated.note(found.segment, is_persons);
        self.open.is_of_person(is_persons);
        match self.open.kind {
            ItemKind::Member => member(&mut self.open, &mut self.category, found.segment, in_loop, found.delimiters),
            _ => header(&mut self.open, found.segment),
        }
        is_ready
    }

    /// A segment of another set.
    fn other(&mut self, id: &[u8], found: &PlacedSegment<'_>) -> bool {
        let index = self.trail.as_ref().map(|trail| trail.index);
        let settled = self.trail.as_mut().map(|trail| trail.step(id, found.segment));
        let table = settled.and_then(|settled| settled.segment);
        let named = index.zip(table).and_then(|(index, number)| index.segments.get(number));
        let is_ready = self.begin(ItemKind::Segment, named.map_or("", |table| table.segment.name), found);
        self.open.add("segment", id);
        let is_persons = is_persons(found.segment, "", false);
        self.stated.note(found.segment, is_persons);
        self.open.is_of_person(is_persons);
        match index.zip(table) {
            Some((index, number)) => by_table(&mut self.open, index, number, found.segment, found.delimiters),
            None => plain(&mut self.open, found.segment),
        }
        is_ready
    }

    /// Tells what is wrong with the envelopes here, once the item that is open has been given out.
    fn damage(&mut self, damages: &[Damage]) {
        let Some(first) = damages.first() else { return };
        // Nothing is missing from a file of which this is said.
        let is_flaw =
            |damage: &&Damage| !matches!(damage.kind, DamageKind::Repeated { .. } | DamageKind::HeaderWidth { .. });
        self.flaw = self.flaw.take().or_else(|| damages.iter().find(is_flaw).cloned());
        self.damages.push_back(damaged(first, damages));
    }

    /// What is written oddly is told after the item in which it stands.
    fn oddity(&mut self, lost: &Lost<'_>) -> bool {
        let Some(odd) = Damage::of_lost(lost) else { return false };
        self.flaw = self.flaw.take().or_else(|| Some(odd.clone()));
        self.oddities.push_back(damaged(&odd, std::slice::from_ref(&odd)));
        if !self.is_open {
            self.flush();
        }
        false
    }

    fn lost(&mut self, lost: &Lost<'_>) -> bool {
        if lost.kind.is_written_oddly() {
            return self.oddity(lost);
        }
        if lost.place.segment > 0 {
            self.audit.note(lost.place.segment);
        }
        self.flaw = self.flaw.take().or_else(|| Damage::of_lost(lost));
        // Inside a set it is part of what is being told.
        if self.is_open && self.is_enrollment && lost.place.set().is_some() {
            let text = format!("{} and so on, {} bytes at byte {}", lost.begins, lost.length, lost.place.offset);
            self.open.is_of_person(true);
            self.open.add("lost", text.as_bytes());
            return false;
        }
        let is_ready = self.flush();
        self.open.begin(ItemKind::Lost, "bytes that are no segment", lost.place);
        self.is_open = true;
        self.open.is_of_person(true);
        self.open.add("begins", lost.begins.as_bytes());
        self.open.add("why", lost.kind.to_string().as_bytes());
        is_ready
    }
}

fn damaged(first: &Damage, all: &[Damage]) -> Item {
    let mut item = Item::default();
    item.begin_at(ItemKind::Damage, "envelopes that disagree", &first.at);
    for damage in all {
        item.add("problem", damage.kind.to_string().as_bytes());
    }
    item
}

/// What is wrong with the width of an interchange header: every receiver that counts columns refuses it.
fn of_width(found: &PlacedSegment<'_>) -> Option<Damage> {
    let width = found.segment.bytes().trim_ascii_end().len();
    let is_wrong = found.segment.id() == b"ISA" && width != HEADER_WIDTH;
    is_wrong.then(|| Damage {
        kind: DamageKind::HeaderWidth { width },
        at: found.place.to_location(),
        unread_members: 0,
    })
}

/// Bytes of an ISA (X12.5).
const HEADER_WIDTH: usize = 105;

#[inline]
fn is_content(id: &[u8]) -> bool {
    !matches!(id, b"ISA" | b"TA1" | b"GS" | b"ST" | b"SE" | b"GE" | b"IEA")
}

/// Whether a segment is of a person, and of none of the parties that other guides have in the header.
#[inline]
fn begins_person(id: &[u8], found: &PlacedSegment<'_>, in_loop: &str) -> bool {
    match id {
        b"REF" => in_loop == "2000" && found.segment.element(1) == b"0F",
        b"NM1" => in_loop == "2100A",
        _ => false,
    }
}
