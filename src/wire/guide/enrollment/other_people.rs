//! Loops 2100C to 2100H: mailing address, employer, school, parents and others who act for the member.

use super::super::codes;
use super::super::elements::{
    LOCATED, NAMED, NO_ID, PLACE, REACHED, STREET, any_names, by_id, contact, contact_by, name, names, only, person,
};
use super::super::notation::{ANY, Codes, Element, Loop, Node, Segment, Usage, may, must, unused};
use super::shared::{ADDRESS, reached_at};

const fn beside(id: &'static str, name: &'static str, most: u16, content: &'static [Node]) -> Loop {
    Loop { id, name, position: 300, usage: Usage::Situational, most, content }
}

/// NM1 of one of these loops.
const fn who(name: &'static str, elements: &'static [Element]) -> Segment {
    Segment::required("NM1", name, 300, elements).on(NAMED)
}

/// PER of one of these loops.
const fn by(name: &'static str, elements: &'static [Element]) -> Segment {
    Segment::situational("PER", name, 400, elements).on(REACHED)
}

static MAIL: Segment = who("mailing address", &name(codes::MAILING, codes::PERSON, only(unused(1035)), NO_ID));
static MAIL_STREET: Segment = Segment::required("N3", "street", 500, STREET);
static MAIL_CITY: Segment = Segment::required("N4", "city, state, ZIP code", 600, PLACE).on(LOCATED);

pub(super) static MAILING: Loop = beside(
    "2100C",
    "mailing address",
    1,
    &[Node::Segment(&MAIL), Node::Segment(&MAIL_STREET), Node::Segment(&MAIL_CITY)],
);

const EMPLOYER_FUNCTION: Codes = &[("EP", "employer's contact")];
static EMPLOYER_NAME: Segment = who(
    "employer",
    &name(codes::EMPLOYER, codes::PERSON_OR_ORGANIZATION, any_names("last name or name"), by_id(codes::EMPLOYER_ID)),
);
static EMPLOYER_REACHED: Segment =
    by("employer's telephone and e-mail", &contact_by(EMPLOYER_FUNCTION, may(93, "name", ANY), codes::CONTACT));
pub(super) static EMPLOYER: Loop = beside("2100D", "employer", 3, &reached_at(&EMPLOYER_NAME, &EMPLOYER_REACHED));

const SCHOOL_FUNCTION: Codes = &[("SK", "school clerk")];
static SCHOOL_NAME: Segment =
    who("school", &name(codes::SCHOOL, codes::ORGANIZATION, only(must(1035, "name", ANY)), NO_ID));
static SCHOOL_REACHED: Segment =
    by("school's telephone and e-mail", &contact_by(SCHOOL_FUNCTION, may(93, "name", ANY), codes::SCHOOL_CONTACT));
pub(super) static SCHOOL: Loop = beside("2100E", "school", 3, &reached_at(&SCHOOL_NAME, &SCHOOL_REACHED));

const PARENT_FUNCTION: Codes = &[("PQ", "parent or guardian")];
const PARENT_NAMES: [Element; 5] = names(must(1035, "last name", ANY), must(1036, "first name", ANY));
static PARENT_NAME: Segment =
    who("custodial parent", &name(codes::CUSTODIAL_PARENT, codes::PERSON, PARENT_NAMES, by_id(codes::PERSON_ID)));
static PARENT_REACHED: Segment = by("custodial parent's telephone and e-mail", &contact(PARENT_FUNCTION));
pub(super) static CUSTODIAL_PARENT: Loop =
    beside("2100F", "custodial parent", 1, &reached_at(&PARENT_NAME, &PARENT_REACHED));

const RESPONSIBLE_FUNCTION: Codes = &[("RP", "responsible person")];
static RESPONSIBLE_NAME: Segment = who("responsible person", &person(codes::RESPONSIBLE));
static RESPONSIBLE_REACHED: Segment = by("responsible person's telephone and e-mail", &contact(RESPONSIBLE_FUNCTION));
pub(super) static RESPONSIBLE: Loop =
    beside("2100G", "responsible person", 13, &reached_at(&RESPONSIBLE_NAME, &RESPONSIBLE_REACHED));

static DROP_OFF_NAME: Segment =
    who("drop-off location", &name(codes::DROP_OFF, codes::PERSON, any_names("last name"), NO_ID));
const DROP_OFF_ADDRESS: [Node; 3] = {
    let [street, city] = ADDRESS;
    [Node::Segment(&DROP_OFF_NAME), street, city]
};
pub(super) static DROP_OFF: Loop = beside("2100H", "drop-off location", 1, &DROP_OFF_ADDRESS);
