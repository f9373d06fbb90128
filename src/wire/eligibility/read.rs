//! Reads a file of 271s, or whatever else came in its place.

use super::loops::{Done, Loops};
use super::person::Person;
use super::rejection::Rejection;
use crate::model::Evidence;
use crate::wire::x12::text::{decode, number};
use crate::wire::x12::{Location, PlacedSegment, ReadError, Segment, Segments, Step};
use std::collections::VecDeque;
use std::fmt;
use std::io::Read;

/// What an answer holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Item {
    /// Somebody.
    Person(Box<Person>),
    /// The payer, or who asked, was rejected: nobody is answered.
    Rejected(Rejection),
    /// A TA1, 999 or 997: the question was not answered but acknowledged.
    Acknowledged(Acknowledgement),
    /// Something that cannot be read; reading goes on after it. What was given out of the same set before is not to be trusted.
    Broken(Broken),
}

/// An acknowledgement in place of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Acknowledgement {
    /// `TA1`, `999` or `997`.
    pub set: &'static str,
    /// TA104, AK901: `A` accepted, `E` accepted with errors, `P` in part, `R` rejected and others that reject.
    pub code: String,
    /// IK501 of the question itself, where it is one that rejects; empty otherwise. Some receivers reject the set and accept the
    /// group that it is all of.
    pub set_code: String,
    /// The codes that say why, as they stand: `note 023`, `IK3 NM1 segment 8: 8`, `IK5 R 5`.
    pub why: Vec<String>,
    /// Where.
    pub at: Location,
}

impl Acknowledgement {
    /// Whether what it answers was taken.
    pub fn is_accepted(&self) -> bool {
        matches!(self.code.as_str(), "A" | "E") && self.set_code.is_empty()
    }
}

impl fmt::Display for Acknowledgement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words = match self.code.as_str() {
            "A" => "accepted",
            "E" => "accepted with errors",
            "P" => "accepted in part",
            "M" | "W" | "X" => "rejected for security reasons",
            _ => "rejected",
        };
        write!(f, "{} `{}` ({words})", self.set, Evidence::code(&self.code))?;
        if !self.set_code.is_empty() && matches!(self.code.as_str(), "A" | "E") {
            write!(f, ", and the question in it `{}` (rejected)", Evidence::code(&self.set_code))?;
        }
        if self.why.is_empty() { Ok(()) } else { write!(f, ": {}", self.why.join(", ")) }
    }
}

/// Something that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{what} ({at})")]
pub struct Broken {
    /// What, found and expected.
    pub what: String,
    /// Where.
    pub at: Location,
}

/// Reads answers from a source of bytes: one real-time answer, or a batch of any length. One person is held at a time.
pub struct Responses<R> {
    segments: Segments<R>,
    loops: Loops,
    acknowledged: Option<Acknowledgement>,
    found: VecDeque<Item>,
    sets_in_group: u32,
    is_ended: bool,
}

/// The most reasons of one acknowledgement that are kept.
const MOST_REASONS: usize = 20;

impl<R: Read> Responses<R> {
    /// A reader at the beginning of a file.
    pub fn new(source: R) -> Self {
        Self {
            segments: Segments::new(source),
            loops: Loops::default(),
            acknowledged: None,
            found: VecDeque::new(),
            sets_in_group: 0,
            is_ended: false,
        }
    }

    /// The next item; `None` at the end. An error ends the file: the source failed, or it holds no interchange.
    #[expect(clippy::should_implement_trait, reason = "it fails and ends, as the other readers do")]
    pub fn next(&mut self) -> Result<Option<Item>, ReadError> {
        loop {
            if let Some(item) = self.found.pop_front() {
                return Ok(Some(item));
            }
            if self.is_ended {
                return Ok(None);
            }
            if let Err(error) = self.advance() {
                self.is_ended = true;
                return Err(error);
            }
        }
    }

    /// Everything that is left.
    pub fn collect(mut self) -> Result<Vec<Item>, ReadError> {
        let mut items = Vec::new();
        while let Some(item) = self.next()? {
            items.push(item);
        }
        Ok(items)
    }

    fn advance(&mut self) -> Result<(), ReadError> {
        let Self { segments, loops, acknowledged, found, sets_in_group, is_ended } = self;
        let placed = match segments.next()? {
            Some(Step::Segment(placed)) => placed,
            Some(Step::Lost(lost)) if !lost.kind.is_damage() => return Ok(()),
            Some(Step::Lost(lost)) => {
                let what = format!("{} (`{}`)", lost.kind, Evidence::of(&lost.begins));
                found.push_back(broken(what, lost.place.to_location()));
                return Ok(());
            }
            None => {
                *is_ended = true;
                let place = segments.place();
                if place.interchange().is_some() {
                    let what = "it ends inside an interchange; expected trailers SE, GE and IEA".to_owned();
                    found.push_back(broken(what, place.to_location()));
                }
                return Ok(());
            }
        };
        match placed.segment.id() {
            b"TA1" => found.push_back(Item::Acknowledged(interchange_acknowledgement(placed))),
            b"GS" => *sets_in_group = 0,
            b"IEA" => found.extend(check_control("IEA", placed).map(Item::Broken)),
            b"GE" => found.extend(check_count("GE", placed, *sets_in_group)),
            b"ST" => {
                *sets_in_group += 1;
                found.extend(loops.end().map(item));
                found.extend(begin(placed, acknowledged));
            }
            b"SE" => {
                found.extend(loops.end().map(|done| done_item(done, placed)));
                found.extend(acknowledged.take().map(Item::Acknowledged));
                found.extend(check_set(placed));
            }
            _ => match acknowledged {
                Some(acknowledgement) => acknowledgement.take(placed.segment),
                None if is_answer(placed) => found.extend(loops.take(placed).map(|done| done_item(done, placed))),
                None => {}
            },
        }
        Ok(())
    }
}

fn done_item(done: Done, placed: PlacedSegment<'_>) -> Item {
    match done {
        Done::TooLarge => broken("a person has more segments than are kept".to_owned(), placed.place.to_location()),
        done => item(done),
    }
}

fn item(done: Done) -> Item {
    match done {
        Done::Person(person) => Item::Person(person),
        Done::Rejected(rejection) => Item::Rejected(rejection),
        Done::TooLarge => broken("a person has more segments than are kept".to_owned(), Location::default()),
    }
}

fn broken(what: String, at: Location) -> Item {
    Item::Broken(Broken { what, at })
}

fn is_answer(placed: PlacedSegment<'_>) -> bool {
    placed.place.set().is_some_and(|set| set.kind == "271")
}

/// A set begins: an answer, an acknowledgement, or something that was not asked for.
fn begin(placed: PlacedSegment<'_>, acknowledged: &mut Option<Acknowledgement>) -> Option<Item> {
    let kind = placed.place.set().map(|set| set.kind.as_str()).unwrap_or_default();
    let set = match kind {
        "271" => return None,
        "999" => "999",
        "997" => "997",
        _ => {
            let what =
                format!("found a transaction set `{}`, expected a 271 or an acknowledgement", Evidence::code(kind));
            return Some(broken(what, placed.place.to_location()));
        }
    };
    let at = placed.place.to_location();
    *acknowledged = Some(Acknowledgement { set, code: String::new(), set_code: String::new(), why: Vec::new(), at });
    None
}

/// Whether a set's trailer agrees with what was read.
fn check_set(placed: PlacedSegment<'_>) -> Option<Item> {
    let control = check_control("SE", placed).map(Item::Broken);
    control.or_else(|| check_count("SE", placed, placed.place.segment))
}

/// Whether a trailer has its header's control number; one that is cut off has not.
pub(super) fn check_control(trailer: &str, placed: PlacedSegment<'_>) -> Option<Broken> {
    let opened = match trailer {
        "SE" => placed.place.set().map(|set| set.control.as_str()),
        _ => placed.place.interchange().map(|interchange| interchange.control.as_str()),
    };
    let said = decode(placed.segment.element(2).trim_ascii());
    let same = opened.is_some_and(|opened| said.trim_start_matches('0') == opened.trim_start_matches('0'));
    let (said, opened) = (Evidence::code(&said), Evidence::code(opened.unwrap_or_default()));
    let what = || format!("trailer `{trailer}` has control number `{said}`; expected `{opened}`, as its header has");
    (!same).then(|| Broken { what: what(), at: placed.place.to_location() })
}

fn check_count(trailer: &str, placed: PlacedSegment<'_>, counted: u32) -> Option<Item> {
    let said = placed.segment.element(1).trim_ascii();
    let what = || {
        let said = Evidence::code(&decode(said));
        format!("trailer `{trailer}` counts `{said}`; expected `{counted}`, as found")
    };
    (number(said) != Some(counted)).then(|| broken(what(), placed.place.to_location()))
}

fn interchange_acknowledgement(placed: PlacedSegment<'_>) -> Acknowledgement {
    let [_, _, _, _, code, note] = placed.segment.elements();
    let note = decode(note.trim_ascii());
    let why = if matches!(&*note, "" | "000") { Vec::new() } else { vec![format!("note {}", Evidence::code(&note))] };
    let code = decode(code.trim_ascii()).into_owned();
    Acknowledgement { set: "TA1", code, set_code: String::new(), why, at: placed.place.to_location() }
}

impl Acknowledgement {
    fn take(&mut self, segment: Segment<'_>) {
        let [id, first, second, third, fourth] = segment.elements().map(|e: &[u8]| decode(e.trim_ascii()));
        let shown = |code: &str| Evidence::code(code);
        let why = match &*id {
            "AK9" => {
                self.code = first.into_owned();
                return;
            }
            "IK3" | "AK3" => format!("{id} {} segment {}: {}", shown(&first), shown(&second), shown(&fourth)),
            "IK4" | "AK4" => format!("{id} element {}: {}", shown(&first), shown(&third)),
            "IK5" | "AK5" => {
                if matches!(&*first, "R" | "M" | "W" | "X") {
                    self.set_code = first.to_string();
                }
                format!("{id} {} {}", shown(&first), shown(&second))
            }
            _ => return,
        };
        if self.why.len() < MOST_REASONS {
            self.why.push(why.trim_end().trim_end_matches(':').to_owned());
        }
    }
}
