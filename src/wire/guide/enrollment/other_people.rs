//! Loops 2100C to 2100H: mailing address, employer, school, parents and others who act for the member.

use super::super::codes;
use super::super::notation::{ANY, Codes, Element, Loop, Node, Segment, Usage, may, must, unused};
use super::shared::{
    CITY, LOCATED, NAMED, PLACE, REACHED, STREET, STREET_ADDRESS, contact, contact_by, nameless, person,
};

const fn beside(id: &'static str, name: &'static str, most: u16, content: &'static [Node]) -> Loop {
    Loop { id, name, position: 300, usage: Usage::Situational, most, content }
}

const MAILING_NAME: &[Element] = &nameless(codes::MAILING);
static MAIL: Segment = Segment::required("NM1", "mailing address", 300, MAILING_NAME).on(NAMED);
static MAIL_STREET: Segment = Segment::required("N3", "street", 500, STREET);
static MAIL_CITY: Segment = Segment::required("N4", "city, state, ZIP code", 600, PLACE).on(LOCATED);

pub(super) static MAILING: Loop = beside(
    "2100C",
    "mailing address",
    1,
    &[Node::Segment(&MAIL), Node::Segment(&MAIL_STREET), Node::Segment(&MAIL_CITY)],
);

static EMPLOYER_NAME: Segment = Segment::required(
    "NM1",
    "employer",
    300,
    &[
        must(98, "entity", codes::EMPLOYER),
        must(1065, "person or organization", codes::PERSON_OR_ORGANIZATION),
        may(1035, "last name or name", ANY),
        may(1036, "first name", ANY),
        may(1037, "middle name", ANY),
        may(1038, "name prefix", ANY),
        may(1039, "name suffix", ANY),
        may(66, "id qualifier", codes::EMPLOYER_ID),
        may(67, "id", ANY),
        unused(706),
        unused(98),
        unused(1035),
    ],
)
.on(NAMED);
const EMPLOYER_FUNCTION: Codes = &[("EP", "employer's contact")];
const EMPLOYER_CONTACT: &[Element] = &contact_by(EMPLOYER_FUNCTION, may(93, "name", ANY), codes::CONTACT);
static EMPLOYER_REACHED: Segment =
    Segment::situational("PER", "employer's telephone and e-mail", 400, EMPLOYER_CONTACT).on(REACHED);

pub(super) static EMPLOYER: Loop = beside(
    "2100D",
    "employer",
    3,
    &[
        Node::Segment(&EMPLOYER_NAME),
        Node::Segment(&EMPLOYER_REACHED),
        Node::Segment(&STREET_ADDRESS),
        Node::Segment(&CITY),
    ],
);

static SCHOOL_NAME: Segment = Segment::required(
    "NM1",
    "school",
    300,
    &[
        must(98, "entity", codes::SCHOOL),
        must(1065, "person or organization", codes::ORGANIZATION),
        must(1035, "name", ANY),
        unused(1036),
        unused(1037),
        unused(1038),
        unused(1039),
        unused(66),
        unused(67),
        unused(706),
        unused(98),
        unused(1035),
    ],
)
.on(NAMED);
const SCHOOL_FUNCTION: Codes = &[("SK", "school clerk")];
const SCHOOL_CONTACT: &[Element] = &contact_by(SCHOOL_FUNCTION, may(93, "name", ANY), codes::SCHOOL_CONTACT);
static SCHOOL_REACHED: Segment =
    Segment::situational("PER", "school's telephone and e-mail", 400, SCHOOL_CONTACT).on(REACHED);

pub(super) static SCHOOL: Loop = beside(
    "2100E",
    "school",
    3,
    &[
        Node::Segment(&SCHOOL_NAME),
        Node::Segment(&SCHOOL_REACHED),
        Node::Segment(&STREET_ADDRESS),
        Node::Segment(&CITY),
    ],
);

static PARENT_NAME: Segment = Segment::required(
    "NM1",
    "custodial parent",
    300,
    &[
        must(98, "entity", codes::CUSTODIAL_PARENT),
        must(1065, "person or organization", codes::PERSON),
        must(1035, "last name", ANY),
        must(1036, "first name", ANY),
        may(1037, "middle name", ANY),
        may(1038, "name prefix", ANY),
        may(1039, "name suffix", ANY),
        may(66, "id qualifier", codes::PERSON_ID),
        may(67, "id", ANY),
        unused(706),
        unused(98),
        unused(1035),
    ],
)
.on(NAMED);
const PARENT_FUNCTION: Codes = &[("PQ", "parent or guardian")];
const PARENT_CONTACT: &[Element] = &contact(PARENT_FUNCTION);
static PARENT_REACHED: Segment =
    Segment::situational("PER", "custodial parent's telephone and e-mail", 400, PARENT_CONTACT).on(REACHED);

pub(super) static CUSTODIAL_PARENT: Loop = beside(
    "2100F",
    "custodial parent",
    1,
    &[
        Node::Segment(&PARENT_NAME),
        Node::Segment(&PARENT_REACHED),
        Node::Segment(&STREET_ADDRESS),
        Node::Segment(&CITY),
    ],
);

const RESPONSIBLE_ELEMENTS: &[Element] = &person(codes::RESPONSIBLE);
static RESPONSIBLE_NAME: Segment = Segment::required("NM1", "responsible person", 300, RESPONSIBLE_ELEMENTS).on(NAMED);
const RESPONSIBLE_FUNCTION: Codes = &[("RP", "responsible person")];
const RESPONSIBLE_CONTACT: &[Element] = &contact(RESPONSIBLE_FUNCTION);
static RESPONSIBLE_REACHED: Segment =
    Segment::situational("PER", "responsible person's telephone and e-mail", 400, RESPONSIBLE_CONTACT).on(REACHED);

pub(super) static RESPONSIBLE: Loop = beside(
    "2100G",
    "responsible person",
    13,
    &[
        Node::Segment(&RESPONSIBLE_NAME),
        Node::Segment(&RESPONSIBLE_REACHED),
        Node::Segment(&STREET_ADDRESS),
        Node::Segment(&CITY),
    ],
);

static DROP_OFF_NAME: Segment = Segment::required(
    "NM1",
    "drop-off location",
    300,
    &[
        must(98, "entity", codes::DROP_OFF),
        must(1065, "person or organization", codes::PERSON),
        may(1035, "last name", ANY),
        may(1036, "first name", ANY),
        may(1037, "middle name", ANY),
        may(1038, "name prefix", ANY),
        may(1039, "name suffix", ANY),
        unused(66),
        unused(67),
        unused(706),
        unused(98),
        unused(1035),
    ],
)
.on(NAMED);

pub(super) static DROP_OFF: Loop = beside(
    "2100H",
    "drop-off location",
    1,
    &[Node::Segment(&DROP_OFF_NAME), Node::Segment(&STREET_ADDRESS), Node::Segment(&CITY)],
);
