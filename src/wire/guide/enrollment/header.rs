//! Before the first member: BGN to loop 1000C.

use super::super::codes;
use super::super::elements::{REFERRED, day, reference};
use super::super::notation::{
    ANY, Codes, Condition, Element, Loop, Node, Segment, Usage, at_least_one, at_most_one, first_needs, may, must,
    paired, unused,
};

pub(super) static BEGIN: Segment = Segment::required(
    "BGN",
    "beginning",
    200,
    &[
        must(353, "purpose", codes::PURPOSE),
        must(127, "reference number of the set", ANY),
        must(373, "creation date", ANY),
        must(337, "creation time", ANY),
        may(623, "time zone", codes::TIME_ZONE),
        may(127, "reference number of the original set", ANY),
        unused(640),
        must(306, "action", codes::ACTION),
        unused(786),
    ],
)
.on(&[first_needs(&[5, 4])]);

pub(super) static MASTER_POLICY: Segment =
    Segment::situational("REF", "master policy number", 300, &reference(codes::MASTER_POLICY, "master policy number"))
        .on(REFERRED);

pub(super) static ACTION_DATE: Segment =
    Segment::situational("DTP", "file date", 400, &day(codes::FILE_DATE)).at_most(0);

pub(super) static TOTALS: Segment = Segment::situational(
    "QTY",
    "totals",
    600,
    &[must(673, "qualifier", codes::TOTAL), must(380, "total", ANY), unused(0), unused(61)],
)
.at_most(3)
.on(&[at_least_one(&[2, 4]), at_most_one(&[2, 4])]);

const fn party(entity: Codes, id: Codes) -> [Element; 6] {
    [
        must(98, "entity", entity),
        may(93, "name", ANY),
        must(66, "id qualifier", id),
        must(67, "id", ANY),
        unused(706),
        unused(98),
    ]
}

const PARTY: &[Condition] = &[at_least_one(&[2, 3]), paired(&[3, 4])];
const SPONSOR_ELEMENTS: &[Element] = &party(codes::SPONSOR, codes::SPONSOR_ID);
const PAYER_ELEMENTS: &[Element] = &party(codes::INSURER, codes::PARTY_ID);

static SPONSOR_NAME: Segment = Segment::required("N1", "sponsor", 700, SPONSOR_ELEMENTS).on(PARTY);
static PAYER_NAME: Segment = Segment::required("N1", "payer", 700, PAYER_ELEMENTS).on(PARTY);
static BROKER_NAME: Segment = Segment::required(
    "N1",
    "broker or third party administrator",
    700,
    &[
        must(98, "entity", codes::BROKER),
        must(93, "name", ANY),
        must(66, "id qualifier", codes::PARTY_ID),
        must(67, "id", ANY),
        unused(706),
        unused(98),
    ],
)
.on(PARTY);

static BROKER_ACCOUNT: Segment = Segment::required(
    "ACT",
    "broker's account",
    1200,
    &[
        must(508, "account number", ANY),
        unused(93),
        unused(66),
        unused(67),
        unused(569),
        may(508, "second account number", ANY),
        unused(352),
        unused(107),
        unused(1216),
    ],
)
.on(&[paired(&[3, 4]), first_needs(&[5, 6]), first_needs(&[7, 5])]);

pub(super) static SPONSOR: Loop = Loop {
    id: "1000A",
    name: "sponsor",
    position: 700,
    usage: Usage::Required,
    most: 1,
    content: &[Node::Segment(&SPONSOR_NAME)],
};

pub(super) static PAYER: Loop = Loop {
    id: "1000B",
    name: "payer",
    position: 1900,
    usage: Usage::Required,
    most: 1,
    content: &[Node::Segment(&PAYER_NAME)],
};

pub(super) static BROKER: Loop = Loop {
    id: "1000C",
    name: "broker or third party administrator",
    position: 3100,
    usage: Usage::Situational,
    most: 2,
    content: &[Node::Segment(&BROKER_NAME), Node::Loop(&ACCOUNT)],
};

static ACCOUNT: Loop = Loop {
    id: "1100C",
    name: "broker's account",
    position: 3600,
    usage: Usage::Situational,
    most: 1,
    content: &[Node::Segment(&BROKER_ACCOUNT)],
};
