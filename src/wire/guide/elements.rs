//! Rows of elements that stand at several places: names, addresses, contacts, dates, references.

use super::codes;
use super::notation::{
    ANY, Codes, Condition, Element, at_least_one, at_most_one, first_needs, may, must, paired, unused,
};

/// NM1's syntax notes.
pub(super) const NAMED: &[Condition] = &[paired(&[8, 9]), first_needs(&[11, 10]), first_needs(&[12, 3])];
/// PER's syntax notes.
pub(super) const REACHED: &[Condition] = &[paired(&[3, 4]), paired(&[5, 6]), paired(&[7, 8])];
/// N4's syntax notes.
pub(super) const LOCATED: &[Condition] = &[at_most_one(&[2, 7]), first_needs(&[6, 5]), first_needs(&[7, 4])];
/// REF's syntax note.
pub(super) const REFERRED: &[Condition] = &[at_least_one(&[2, 3])];

/// The names of NM1, from last name to suffix: all that a person can have.
pub(super) const fn names(last: Element, first: Element) -> [Element; 5] {
    [last, first, may(1037, "middle name", ANY), may(1038, "name prefix", ANY), may(1039, "name suffix", ANY)]
}

/// The names of NM1 where one says all.
pub(super) const fn only(name: Element) -> [Element; 5] {
    [name, unused(1036), unused(1037), unused(1038), unused(1039)]
}

/// The names of NM1, none of which must be there.
pub(super) const fn any_names(last: &'static str) -> [Element; 5] {
    names(may(1035, last, ANY), may(1036, "first name", ANY))
}

/// NM1's identifier, of these kinds.
pub(super) const fn by_id(kinds: Codes) -> [Element; 2] {
    [may(66, "id qualifier", kinds), may(67, "id", ANY)]
}

/// NM1 without an identifier.
pub(super) const NO_ID: [Element; 2] = [unused(66), unused(67)];

/// NM1.
pub(super) const fn name(entity: Codes, kind: Codes, names: [Element; 5], id: [Element; 2]) -> [Element; 12] {
    related_name(entity, kind, (names, id), unused(706))
}

/// NM1 that says how the one named is related to another.
pub(super) const fn related_name(
    entity: Codes,
    kind: Codes,
    (names, id): ([Element; 5], [Element; 2]),
    relation: Element,
) -> [Element; 12] {
    let [last, first, middle, prefix, suffix] = names;
    let [qualifier, id] = id;
    let (entity, kind) = (must(98, "entity", entity), must(1065, "person or organization", kind));
    [entity, kind, last, first, middle, prefix, suffix, qualifier, id, relation, unused(98), unused(1035)]
}

/// NM1 of a person whose last name is known.
pub(super) const fn person(entity: Codes) -> [Element; 12] {
    let names = names(must(1035, "last name", ANY), may(1036, "first name", ANY));
    name(entity, codes::PERSON, names, by_id(codes::PERSON_ID))
}

/// PER of a person.
pub(super) const fn contact(function: Codes) -> [Element; 9] {
    contact_by(function, unused(93), codes::CONTACT)
}

/// PER by certain means, with or without a name.
pub(super) const fn contact_by(function: Codes, name: Element, by: Codes) -> [Element; 9] {
    [
        must(366, "function", function),
        name,
        must(365, "kind of contact", by),
        must(364, "number or address", ANY),
        may(365, "kind of contact", by),
        may(364, "number or address", ANY),
        may(365, "kind of contact", by),
        may(364, "number or address", ANY),
        unused(443),
    ]
}

/// N3.
pub(super) const STREET: &[Element] = &[must(166, "street", ANY), may(166, "second line", ANY)];

/// N4 of a place whose county does not matter.
pub(super) const PLACE: &[Element] = &place(unused(309), unused(310));

/// N4, with what kind of location is told and which.
pub(super) const fn place(kind: Element, location: Element) -> [Element; 7] {
    [
        must(19, "city", ANY),
        may(156, "state", codes::STATE),
        may(116, "ZIP code", ANY),
        may(26, "country", ANY),
        kind,
        location,
        may(1715, "country subdivision", ANY),
    ]
}

/// DTP of a day.
pub(super) const fn day(qualifier: Codes) -> [Element; 3] {
    [must(374, "qualifier", qualifier), must(1250, "format", codes::DAY), must(1251, "date", ANY)]
}

/// DTP of a day or a period.
pub(super) const fn day_or_period(qualifier: Codes) -> [Element; 3] {
    [must(374, "qualifier", qualifier), must(1250, "format", codes::DAY_OR_PERIOD), must(1251, "date or period", ANY)]
}

/// REF that holds what it is named for.
pub(super) const fn reference(qualifier: Codes, name: &'static str) -> [Element; 4] {
    [must(128, "qualifier", qualifier), must(127, name, ANY), unused(352), unused(0)]
}
