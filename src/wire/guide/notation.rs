//! The nouns a guide is written in.

/// Codes that are allowed, each with its meaning; none: whatever fits the data type.
pub type Codes = &'static [(&'static str, &'static str)];

/// Whether something must, may or must not be there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Usage {
    /// Always there.
    Required,
    /// There when its situation arises.
    Situational,
    /// The guide says "not used".
    Unused,
}

/// A transaction set as an implementation guide prescribes it.
#[derive(Debug)]
pub struct Guide {
    /// GS08 and ST03.
    pub version: &'static str,
    /// ST01.
    pub set: &'static str,
    /// GS01.
    pub group: &'static str,
    /// In words.
    pub name: &'static str,
    /// What stands between ST and SE.
    pub content: &'static [Node],
}

/// What a loop holds.
#[derive(Debug)]
pub enum Node {
    /// One segment, or several of a kind.
    Segment(&'static Segment),
    /// Segments that repeat together.
    Loop(&'static Loop),
}

/// Segments that repeat together; the first segment begins it.
#[derive(Debug)]
pub struct Loop {
    /// Its number in the guide.
    pub id: &'static str,
    /// What it tells of.
    pub name: &'static str,
    /// Where it stands; those of one position may come in any order.
    pub position: u16,
    /// Whether it must be there.
    pub usage: Usage,
    /// How often at most; 0 is without limit.
    pub most: u16,
    /// In order.
    pub content: &'static [Node],
}

/// A segment at its place in a guide.
#[derive(Debug)]
pub struct Segment {
    /// Its identifier.
    pub id: &'static str,
    /// What it tells.
    pub name: &'static str,
    /// Where it stands; those of one position may come in any order.
    pub position: u16,
    /// Whether it must be there.
    pub usage: Usage,
    /// How often at most; 0 is without limit.
    pub most: u16,
    /// The element whose codes tell it from others of its identifier (1 unless it is an HL).
    pub told_by: u8,
    /// In order, from 1.
    pub elements: &'static [Element],
    /// Which elements need one another.
    pub conditions: &'static [Condition],
}

impl Segment {
    /// A segment that must be there once.
    pub const fn required(id: &'static str, name: &'static str, position: u16, elements: &'static [Element]) -> Self {
        Self { id, name, position, usage: Usage::Required, most: 1, told_by: 1, elements, conditions: &[] }
    }

    /// A segment that may be there once.
    pub const fn situational(
        id: &'static str,
        name: &'static str,
        position: u16,
        elements: &'static [Element],
    ) -> Self {
        Self { id, name, position, usage: Usage::Situational, most: 1, told_by: 1, elements, conditions: &[] }
    }

    /// The same, so often at most; 0 is without limit.
    #[must_use]
    pub const fn at_most(self, most: u16) -> Self {
        Self { most, ..self }
    }

    /// The same, with elements that need one another.
    #[must_use]
    pub const fn on(self, conditions: &'static [Condition]) -> Self {
        Self { conditions, ..self }
    }

    /// The same, told from others of its identifier by this element.
    #[must_use]
    pub const fn told_by(self, told_by: u8) -> Self {
        Self { told_by, ..self }
    }
}

/// How elements of one segment need one another, as the standard's syntax notes say it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Condition {
    /// How.
    pub relation: Relation,
    /// The elements' numbers.
    pub elements: &'static [u8],
}

/// The relations of the standard's syntax notes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Relation {
    /// P: if one is there, all are.
    Paired,
    /// R: at least one is there.
    AtLeastOne,
    /// E: at most one is there.
    AtMostOne,
    /// C: if the first is there, all are.
    First,
    /// L: if the first is there, one of the others is.
    FirstNeedsOne,
}

/// P: if one is there, all are.
pub(super) const fn paired(elements: &'static [u8]) -> Condition {
    Condition { relation: Relation::Paired, elements }
}

/// R: at least one is there.
pub(super) const fn at_least_one(elements: &'static [u8]) -> Condition {
    Condition { relation: Relation::AtLeastOne, elements }
}

/// E: at most one is there.
pub(super) const fn at_most_one(elements: &'static [u8]) -> Condition {
    Condition { relation: Relation::AtMostOne, elements }
}

/// C: if the first is there, all are.
pub(super) const fn first_needs(elements: &'static [u8]) -> Condition {
    Condition { relation: Relation::First, elements }
}

/// L: if the first is there, one of the others is.
pub(super) const fn first_needs_one(elements: &'static [u8]) -> Condition {
    Condition { relation: Relation::FirstNeedsOne, elements }
}

/// An element at its place in a segment, or a component in a composite element.
#[derive(Debug)]
pub struct Element {
    /// Its number in the data element dictionary; 0 for a composite element.
    pub number: u16,
    /// What it holds.
    pub name: &'static str,
    /// Whether it must be there.
    pub usage: Usage,
    /// The codes that are allowed.
    pub codes: Codes,
    /// Of a composite element.
    pub components: &'static [Element],
    /// How often it may be repeated within its place.
    pub most: u16,
}

impl Element {
    /// The same, repeated so often at most.
    pub(super) const fn repeated(self, most: u16) -> Self {
        Self { most, ..self }
    }
}

/// No code list.
pub(super) const ANY: Codes = &[];

/// An element that must be there.
pub(super) const fn must(number: u16, name: &'static str, codes: Codes) -> Element {
    Element { number, name, usage: Usage::Required, codes, components: &[], most: 1 }
}

/// An element that may be there.
pub(super) const fn may(number: u16, name: &'static str, codes: Codes) -> Element {
    Element { number, name, usage: Usage::Situational, codes, components: &[], most: 1 }
}

/// An element that must not be there.
pub(super) const fn unused(number: u16) -> Element {
    Element { number, name: "not used", usage: Usage::Unused, codes: ANY, components: &[], most: 1 }
}

/// A composite element that must be there.
pub(super) const fn must_hold(name: &'static str, components: &'static [Element]) -> Element {
    Element { number: 0, name, usage: Usage::Required, codes: ANY, components, most: 1 }
}

/// A composite element that may be there.
pub(super) const fn may_hold(name: &'static str, components: &'static [Element]) -> Element {
    Element { number: 0, name, usage: Usage::Situational, codes: ANY, components, most: 1 }
}
