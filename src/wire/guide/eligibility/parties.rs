//! What inquiry and answer share: hierarchy, names, addresses.

use super::super::codes;
use super::super::elements::{self, REACHED, any_names, by_id, day_or_period, place, related_name};
use super::super::notation::{
    ANY, Codes, Element, Loop, Node, Segment, Usage, at_least_one, first_needs, may, may_hold, must, paired, unused,
};

/// A level of the hierarchy: HL and what it holds.
pub(super) const fn level(id: &'static str, name: &'static str, usage: Usage, content: &'static [Node]) -> Loop {
    Loop { id, name, position: 2000, usage, most: 0, content }
}

/// The name on a level, and what is told of who bears it.
pub(super) const fn bearer(id: &'static str, name: &'static str, content: &'static [Node]) -> Loop {
    Loop { id, name, position: 300, usage: Usage::Required, most: 1, content }
}

const SOURCE_LEVEL: Codes = &[("20", "information source")];
const RECEIVER_LEVEL: Codes = &[("21", "information receiver")];
const SUBSCRIBER_LEVEL: Codes = &[("22", "subscriber")];
const DEPENDENT_LEVEL: Codes = &[("23", "dependent")];
const CHILDREN: Codes = &[("0", "none below"), ("1", "others below")];

const fn hierarchy(parent: Element, code: Codes) -> [Element; 4] {
    [must(628, "number", ANY), parent, must(735, "level", code), may(736, "whether others are below", CHILDREN)]
}

const SOURCE_ELEMENTS: &[Element] = &hierarchy(unused(628), SOURCE_LEVEL);
const RECEIVER_ELEMENTS: &[Element] = &hierarchy(must(628, "parent", ANY), RECEIVER_LEVEL);
const SUBSCRIBER_ELEMENTS: &[Element] = &hierarchy(must(628, "parent", ANY), SUBSCRIBER_LEVEL);
const DEPENDENT_ELEMENTS: &[Element] = &hierarchy(must(628, "parent", ANY), DEPENDENT_LEVEL);

pub(super) static SOURCE_HL: Segment = Segment::required("HL", "information source", 100, SOURCE_ELEMENTS).told_by(3);
pub(super) static RECEIVER_HL: Segment =
    Segment::required("HL", "information receiver", 100, RECEIVER_ELEMENTS).told_by(3);
pub(super) static SUBSCRIBER_HL: Segment = Segment::required("HL", "subscriber", 100, SUBSCRIBER_ELEMENTS).told_by(3);
pub(super) static DEPENDENT_HL: Segment = Segment::required("HL", "dependent", 100, DEPENDENT_ELEMENTS).told_by(3);

const fn named(entity: Codes) -> [Element; 12] {
    let by = (any_names("last name or name"), by_id(ANY));
    related_name(entity, codes::PERSON_OR_ORGANIZATION, by, may(706, "relationship", ANY))
}

const SOURCE: Codes = &[
    ("2B", "third party administrator"),
    ("36", "employer"),
    ("GP", "gateway provider"),
    ("P5", "plan sponsor"),
    ("PR", "payer"),
];
const RECEIVER: Codes = &[
    ("1P", "provider"),
    ("2B", "third party administrator"),
    ("36", "employer"),
    ("80", "hospital"),
    ("FA", "facility"),
    ("GP", "gateway provider"),
    ("P5", "plan sponsor"),
    ("PR", "payer"),
];
const INSURED: Codes = &[("IL", "insured or subscriber")];
const DEPENDENT: Codes = &[("03", "dependent")];

const SOURCE_NAMED: &[Element] = &named(SOURCE);
const RECEIVER_NAMED: &[Element] = &named(RECEIVER);
const INSURED_NAMED: &[Element] = &named(INSURED);
const DEPENDENT_NAMED: &[Element] = &named(DEPENDENT);
const ENTITY_NAMED: &[Element] = &named(ANY);

pub(super) static SOURCE_NAME: Segment =
    Segment::required("NM1", "information source's name", 300, SOURCE_NAMED).on(&[paired(&[8, 9])]);
pub(super) static RECEIVER_NAME: Segment =
    Segment::required("NM1", "information receiver's name", 300, RECEIVER_NAMED).on(&[paired(&[8, 9])]);
pub(super) static SUBSCRIBER_NAME: Segment =
    Segment::required("NM1", "subscriber's name", 300, INSURED_NAMED).on(&[paired(&[8, 9])]);
pub(super) static DEPENDENT_NAME: Segment =
    Segment::required("NM1", "dependent's name", 300, DEPENDENT_NAMED).on(&[paired(&[8, 9])]);
pub(super) static ENTITY_NAME: Segment =
    Segment::required("NM1", "related entity's name", 300, ENTITY_NAMED).on(&[paired(&[8, 9])]);

static REFERENCE: Segment = Segment::situational(
    "REF",
    "additional identification",
    400,
    &[must(128, "qualifier", ANY), may(127, "identifier", ANY), may(352, "description", ANY), unused(0)],
)
.at_most(9)
.on(&[at_least_one(&[2, 3])]);

static STREET: Segment = Segment::situational("N3", "street", 600, elements::STREET);

static CITY: Segment = Segment::situational(
    "N4",
    "city, state, ZIP code",
    700,
    &place(may(309, "kind of location", ANY), may(310, "location", ANY)),
)
.on(&[first_needs(&[6, 5]), first_needs(&[7, 4])]);

/// What more is known of somebody who is named: other identifiers, street, city.
pub(super) const WHO_AND_WHERE: [Node; 3] = [Node::Segment(&REFERENCE), Node::Segment(&STREET), Node::Segment(&CITY)];
/// Where somebody is.
pub(super) const ADDRESS: [Node; 2] = [Node::Segment(&STREET), Node::Segment(&CITY)];

pub(super) static CONTACT: Segment = Segment::situational(
    "PER",
    "contact",
    800,
    &[
        must(366, "function", ANY),
        may(93, "name", ANY),
        may(365, "kind of contact", ANY),
        may(364, "number or address", ANY),
        may(365, "kind of contact", ANY),
        may(364, "number or address", ANY),
        may(365, "kind of contact", ANY),
        may(364, "number or address", ANY),
        unused(443),
    ],
)
.at_most(3)
.on(REACHED);

const REJECTED: [Element; 4] = [
    must(1073, "whether the request was valid", codes::YES_NO),
    unused(559),
    must(901, "reason", codes::REJECTION),
    must(889, "follow-up", codes::FOLLOW_UP),
];

/// AAA at this position.
pub(super) const fn rejection(position: u16) -> Segment {
    Segment::situational("AAA", "rejection", position, &REJECTED).at_most(9)
}

pub(super) static PROVIDER: Segment = Segment::situational(
    "PRV",
    "provider",
    900,
    &[
        must(1221, "role", ANY),
        may(128, "qualifier", ANY),
        may(127, "identifier", ANY),
        unused(156),
        unused(0),
        unused(1223),
    ],
)
.on(&[paired(&[2, 3])]);

static DEMOGRAPHICS: Segment = Segment::situational(
    "DMG",
    "demographics",
    1000,
    &[may(1250, "format", codes::DAY), may(1251, "birth date", ANY), may(1068, "sex", codes::SEX)],
)
.on(&[paired(&[1, 2])]);

static RELATION: Segment = Segment::situational(
    "INS",
    "relationship",
    1100,
    &[
        must(1073, "whether the subscriber", codes::YES_NO),
        must(1069, "relationship", codes::RELATIONSHIP_OF_ELIGIBILITY),
        may(875, "maintenance type", ANY),
        may(1203, "maintenance reason", ANY),
        unused(1216),
        unused(0),
        unused(1219),
        unused(584),
        unused(1220),
        unused(1073),
        unused(1250),
        unused(1251),
        unused(1165),
        unused(19),
        unused(156),
        unused(26),
        may(1470, "birth sequence", ANY),
    ],
);

const DIAGNOSIS: Element = may_hold("diagnosis", &[must(1270, "code list", ANY), must(1271, "diagnosis", ANY)]);

static DIAGNOSES: Segment = Segment::situational(
    "HI",
    "diagnoses",
    1150,
    &[must_hold_diagnosis(), DIAGNOSIS, DIAGNOSIS, DIAGNOSIS, DIAGNOSIS, DIAGNOSIS, DIAGNOSIS, DIAGNOSIS],
);

const fn must_hold_diagnosis() -> Element {
    Element { usage: super::super::notation::Usage::Required, ..DIAGNOSIS }
}

static DATE: Segment = Segment::situational("DTP", "date", 1200, &day_or_period(codes::ELIGIBILITY_DATE)).at_most(9);

pub(super) static TRACE: Segment = Segment::situational(
    "TRN",
    "trace number",
    200,
    &[
        must(481, "kind of trace", &[("1", "current transaction"), ("2", "referenced transaction")]),
        must(127, "trace number", ANY),
        must(509, "company", ANY),
        may(127, "division", ANY),
    ],
)
.at_most(3);

/// What is told of a patient between the provider and the benefits.
pub(super) const PATIENT: [Node; 5] = [
    Node::Segment(&PROVIDER),
    Node::Segment(&DEMOGRAPHICS),
    Node::Segment(&RELATION),
    Node::Segment(&DIAGNOSES),
    Node::Segment(&DATE),
];

/// A procedure and its modifiers.
pub(super) const PROCEDURE: &[Element] = &[
    must(235, "code list", ANY),
    must(234, "procedure", ANY),
    may(1339, "modifier", ANY),
    may(1339, "modifier", ANY),
    may(1339, "modifier", ANY),
    may(1339, "modifier", ANY),
    may(352, "description", ANY),
    may(234, "product", ANY),
];

/// Which of the diagnoses are meant.
pub(super) const POINTERS: &[Element] =
    &[must(1328, "pointer", ANY), may(1328, "pointer", ANY), may(1328, "pointer", ANY), may(1328, "pointer", ANY)];
