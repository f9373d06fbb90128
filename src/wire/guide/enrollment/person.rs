//! Loops 2100A and 2100B: who the member is, and what was wrongly said before.

use super::super::codes;
use super::super::elements::{LOCATED, NAMED, REACHED, contact, person, place};
use super::super::notation::{
    ANY, Codes, Condition, Element, Loop, Node, Segment, Usage, first_needs, first_needs_one, may, may_hold, must,
    paired, unused,
};
use super::shared::STREET_LINES;

const CONTACT_FUNCTION: Codes = &[("IP", "insured party")];
const COUNTY_KIND: Element = may(309, "kind of location", codes::PLACE_KIND);

static NAMES: Segment = Segment::required("NM1", "member's name", 300, &person(codes::MEMBER)).on(NAMED);
static CONTACT: Segment =
    Segment::situational("PER", "telephone and e-mail", 400, &contact(CONTACT_FUNCTION)).on(REACHED);

static RESIDENCE: Segment =
    Segment::situational("N4", "city, state, ZIP code, county", 600, &place(COUNTY_KIND, may(310, "county", ANY)))
        .on(LOCATED);

const RACES: Element = may_hold(
    "race or ethnicity",
    &[
        may(1109, "race", codes::RACE),
        may(1270, "code list", codes::RACE_LIST),
        may(1271, "race or ethnicity code", ANY),
    ],
)
.repeated(10);

const DEMOGRAPHIC: &[Condition] = &[paired(&[1, 2]), paired(&[10, 11]), first_needs(&[11, 5])];

/// DMG; where it corrects what was said before, any of it may be left out.
const fn demographics(format: Element, birth_date: Element, sex: Element) -> [Element; 11] {
    [
        format,
        birth_date,
        sex,
        may(1067, "marital status", codes::MARITAL_STATUS),
        RACES,
        may(1066, "citizenship", codes::CITIZENSHIP),
        unused(26),
        unused(659),
        unused(380),
        may(1270, "code list", codes::RACE_COLLECTION),
        may(1271, "how race or ethnicity was collected", ANY),
    ]
}

static DEMOGRAPHICS: Segment = Segment::situational(
    "DMG",
    "demographics",
    800,
    &demographics(must(1250, "format", codes::DAY), must(1251, "birth date", ANY), must(1068, "sex", codes::SEX)),
)
.on(DEMOGRAPHIC);

static EMPLOYMENT: Segment = Segment::situational(
    "EC",
    "employment class",
    1000,
    &[
        must(1176, "employment class", codes::EMPLOYMENT_CLASS),
        may(1176, "employment class", codes::EMPLOYMENT_CLASS),
        may(1176, "employment class", codes::EMPLOYMENT_CLASS),
        unused(954),
        unused(1201),
        unused(1149),
    ],
)
.at_most(0);

static INCOME: Segment = Segment::situational(
    "ICM",
    "income",
    1100,
    &[
        must(594, "frequency", codes::FREQUENCY),
        must(782, "wage", ANY),
        may(380, "hours", ANY),
        may(310, "location", ANY),
        may(1214, "salary grade", ANY),
        unused(100),
    ],
);

static AMOUNTS: Segment = Segment::situational(
    "AMT",
    "amount",
    1200,
    &[must(522, "qualifier", codes::AMOUNT), must(782, "amount", ANY), unused(478)],
)
.at_most(7);

static HEALTH: Segment = Segment::situational(
    "HLH",
    "health",
    1300,
    &[
        must(1212, "tobacco and substance use", codes::HEALTH),
        may(65, "height", ANY),
        may(81, "weight", ANY),
        unused(81),
        unused(352),
        unused(1213),
        unused(352),
    ],
);

static LANGUAGE: Segment = Segment::situational(
    "LUI",
    "language",
    1500,
    &[
        may(66, "code list", codes::LANGUAGE_LIST),
        may(67, "language", ANY),
        may(352, "language in words", ANY),
        may(1303, "use", codes::LANGUAGE_USE),
        unused(1476),
    ],
)
.at_most(0)
.on(&[paired(&[1, 2]), first_needs_one(&[4, 2, 3])]);

pub(super) static NAME: Loop = Loop {
    id: "2100A",
    name: "member's name",
    position: 300,
    usage: Usage::Required,
    most: 1,
    content: &[
        Node::Segment(&NAMES),
        Node::Segment(&CONTACT),
        STREET_LINES,
        Node::Segment(&RESIDENCE),
        Node::Segment(&DEMOGRAPHICS),
        Node::Segment(&EMPLOYMENT),
        Node::Segment(&INCOME),
        Node::Segment(&AMOUNTS),
        Node::Segment(&HEALTH),
        Node::Segment(&LANGUAGE),
    ],
};

static WRONG_NAMES: Segment =
    Segment::required("NM1", "prior incorrect name", 300, &person(codes::INCORRECT_MEMBER)).on(NAMED);

static WRONG_DEMOGRAPHICS: Segment = Segment::situational(
    "DMG",
    "prior incorrect demographics",
    800,
    &demographics(may(1250, "format", codes::DAY), may(1251, "birth date", ANY), may(1068, "sex", codes::SEX)),
)
.on(DEMOGRAPHIC);

pub(super) static INCORRECT_NAME: Loop = Loop {
    id: "2100B",
    name: "prior incorrect name",
    position: 300,
    usage: Usage::Situational,
    most: 1,
    content: &[Node::Segment(&WRONG_NAMES), Node::Segment(&WRONG_DEMOGRAPHICS)],
};
