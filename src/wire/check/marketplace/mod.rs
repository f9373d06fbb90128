//! The federal exchange's own rules for 834s (CMS X12 834 Companion Guide v7.2), over what the X12 guide asks.
//!
//! They see one segment after the other with the loop it stands in, keep what a member and a set have said so far, and judge
//! at their end. A finding points at the segment it is about, though it may be known only later.

mod address;
mod asked;
mod category;
mod combination;
mod envelope;
mod group;
mod member;
mod places;
mod segments;
mod short;

use super::Profile;
use super::finding::ElementPlace;
use super::rule::Rule;
use super::sink::{Here, Sink};
use super::values::digits;
use crate::wire::x12::{Delimiters, Segment};
use address::races;
use category::CategoryFacts;
pub use category::is_known_category;
use envelope::EnvelopeFacts;
use group::GroupFacts;
use member::MemberFacts;

/// A segment that a finding may point at later.
#[derive(Debug, Clone, Copy, Default)]
struct At {
    offset: u64,
    number: u32,
    id: &'static str,
    in_loop: &'static str,
}

impl At {
    fn new(id: &'static str, here: Here<'_>) -> Self {
        Self { offset: here.place.offset, number: here.place.segment, id, in_loop: here.in_loop }
    }
}

/// Everything the rules remember.
#[derive(Debug)]
pub(super) struct Marketplace {
    profile: Profile,
    envelope: EnvelopeFacts,
    group: GroupFacts,
    member: Option<MemberFacts>,
    category: CategoryFacts,
}

impl Marketplace {
    pub(super) fn new(profile: Profile) -> Self {
        Self {
            profile,
            envelope: EnvelopeFacts::default(),
            group: GroupFacts::default(),
            member: None,
            category: CategoryFacts::default(),
        }
    }

    /// Forgets a set that ended badly.
    pub(super) fn abandon(&mut self) {
        self.group.clear();
        self.member = None;
        self.category = CategoryFacts::default();
    }

    /// Takes in a segment between ST and SE.
    #[inline]
    pub(super) fn content(&mut self, segment: Segment<'_>, delimiters: Delimiters, here: Here<'_>, sink: &mut Sink) {
        if self.profile == Profile::Guide {
            return;
        }
        if here.segment == b"DMG" {
            races(segment, delimiters, here, sink);
        }
        match (here.segment, here.in_loop) {
            (b"INS", "2000") => {
                self.finish_member(here, sink);
                self.member = Some(MemberFacts::new(segment, here, sink));
            }
            (b"LX", "2700") => {
                self.finish_category(here, sink);
                self.number(segment, here, sink);
            }
            (b"LX" | b"LE", _) => self.finish_category(here, sink),
            (_, "2750") => self.category.take(segment, here),
            _ => match &mut self.member {
                Some(member) => member.take(segment, here, sink),
                None => self.group.header(segment, here, sink),
            },
        }
    }

    /// Categories are numbered one after the other; after a leap from there on.
    fn number(&mut self, lx: Segment<'_>, here: Here<'_>, sink: &mut Sink) {
        let (Some(member), Some(number)) = (&mut self.member, digits(lx.element(1))) else { return };
        let expected = std::mem::replace(&mut member.category, number) + 1;
        if number != expected {
            sink.add(Rule::Category, here, ElementPlace::of(1), || (format!("`{number}`"), format!("`{expected}`")));
        }
    }

    /// Judges the set at its end.
    pub(super) fn se(&mut self, here: Here<'_>, sink: &mut Sink) {
        if self.profile != Profile::Guide {
            self.finish_member(here, sink);
            self.group.finish(here, sink);
        }
        self.abandon();
    }

    fn finish_category(&mut self, here: Here<'_>, sink: &mut Sink) {
        let category = std::mem::take(&mut self.category);
        if let Some(member) = &mut self.member {
            category.finish(member, &self.envelope, here, sink);
        }
    }

    fn finish_member(&mut self, here: Here<'_>, sink: &mut Sink) {
        self.finish_category(here, sink);
        if let Some(member) = self.member.take() {
            member.finish(&self.envelope, here, sink);
            self.group.add(&member, self.envelope.way, here, sink);
        }
    }
}

/// Adds a finding at a segment that went by before.
fn tell(
    rule: Rule,
    at: At,
    element: usize,
    (here, sink): (Here<'_>, &mut Sink),
    texts: impl FnOnce() -> (String, String),
) {
    let mut place = here.place.clone();
    place.offset = at.offset;
    place.segment = at.number;
    let here = Here { place: &place, segment: at.id.as_bytes(), in_loop: at.in_loop };
    sink.add(rule, here, ElementPlace::of(element), texts);
}
