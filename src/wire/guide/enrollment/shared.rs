//! Segments that several persons' loops share: names, contact, addresses.

use super::super::codes;
use super::super::notation::{
    ANY, Codes, Condition, Element, Segment, at_most_one, first_needs, may, must, paired, unused,
};

/// NM1's syntax notes.
pub(super) const NAMED: &[Condition] = &[paired(&[8, 9]), first_needs(&[11, 10]), first_needs(&[12, 3])];
/// PER's syntax notes.
pub(super) const REACHED: &[Condition] = &[paired(&[3, 4]), paired(&[5, 6]), paired(&[7, 8])];
/// N4's syntax notes.
pub(super) const LOCATED: &[Condition] = &[at_most_one(&[2, 7]), first_needs(&[6, 5]), first_needs(&[7, 4])];

/// NM1 of a person whose last name is known.
pub(super) const fn person(entity: Codes) -> [Element; 12] {
    [
        must(98, "entity", entity),
        must(1065, "person or organization", codes::PERSON),
        must(1035, "last name", ANY),
        may(1036, "first name", ANY),
        may(1037, "middle name", ANY),
        may(1038, "name prefix", ANY),
        may(1039, "name suffix", ANY),
        may(66, "id qualifier", codes::PERSON_ID),
        may(67, "id", ANY),
        unused(706),
        unused(98),
        unused(1035),
    ]
}

/// NM1 that says only what follows, without a name.
pub(super) const fn nameless(entity: Codes) -> [Element; 12] {
    [
        must(98, "entity", entity),
        must(1065, "person or organization", codes::PERSON),
        unused(1035),
        unused(1036),
        unused(1037),
        unused(1038),
        unused(1039),
        unused(66),
        unused(67),
        unused(706),
        unused(98),
        unused(1035),
    ]
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
pub(super) const PLACE: &[Element] = &[
    must(19, "city", ANY),
    may(156, "state", codes::STATE),
    may(116, "ZIP code", ANY),
    may(26, "country", ANY),
    unused(309),
    unused(310),
    may(1715, "country subdivision", ANY),
];

/// N3 of several loops.
pub(super) static STREET_ADDRESS: Segment = Segment::situational("N3", "street", 500, STREET);
/// N4 of several loops.
pub(super) static CITY: Segment = Segment::situational("N4", "city, state, ZIP code", 600, PLACE).on(LOCATED);
