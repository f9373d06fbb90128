//! 270: the question.

use super::super::notation::{ANY, Element, Guide, Loop, Node, Segment, Usage, may, may_hold, must};
use super::parties::{
    CITY, DATE, DEMOGRAPHICS, DEPENDENT_HL, DEPENDENT_NAME, DIAGNOSES, PROVIDER, RECEIVER_HL, RECEIVER_NAME, REFERENCE,
    RELATION, SOURCE_HL, SOURCE_NAME, STREET, SUBSCRIBER_HL, SUBSCRIBER_NAME, TRACE,
};

/// The guide.
pub(in super::super) static INQUIRY: Guide = Guide {
    version: "005010X279A1",
    set: "270",
    group: "HS",
    name: "eligibility inquiry",
    content: &[Node::Segment(&BEGIN), Node::Loop(&SOURCE)],
};

static BEGIN: Segment = Segment::required(
    "BHT",
    "beginning",
    200,
    &[
        must(1005, "structure", &[("0022", "source, receiver, subscriber, dependent")]),
        must(353, "purpose", &[("01", "cancellation"), ("13", "request")]),
        may(127, "reference number", ANY),
        must(373, "date", ANY),
        must(337, "time", ANY),
        may(640, "kind of transaction", &[("RT", "spend down")]),
    ],
);

const fn one(id: &'static str, name: &'static str, position: u16, content: &'static [Node]) -> Loop {
    Loop { id, name, position, usage: Usage::Required, most: 1, content }
}

const fn many(id: &'static str, name: &'static str, usage: Usage, content: &'static [Node]) -> Loop {
    Loop { id, name, position: 2000, usage, most: 0, content }
}

static SOURCE: Loop = many(
    "2000A",
    "information source",
    Usage::Required,
    &[Node::Segment(&SOURCE_HL), Node::Loop(&SOURCE_NAMED), Node::Loop(&RECEIVER)],
);
static SOURCE_NAMED: Loop = one("2100A", "information source's name", 300, &[Node::Segment(&SOURCE_NAME)]);

static RECEIVER: Loop = many(
    "2000B",
    "information receiver",
    Usage::Required,
    &[Node::Segment(&RECEIVER_HL), Node::Loop(&RECEIVER_NAMED), Node::Loop(&SUBSCRIBER)],
);
static RECEIVER_NAMED: Loop = one(
    "2100B",
    "information receiver's name",
    300,
    &[
        Node::Segment(&RECEIVER_NAME),
        Node::Segment(&REFERENCE),
        Node::Segment(&STREET),
        Node::Segment(&CITY),
        Node::Segment(&PROVIDER),
    ],
);

static SUBSCRIBER: Loop = many(
    "2000C",
    "subscriber",
    Usage::Required,
    &[Node::Segment(&SUBSCRIBER_HL), Node::Segment(&TRACE), Node::Loop(&SUBSCRIBER_NAMED), Node::Loop(&DEPENDENT)],
);
static SUBSCRIBER_NAMED: Loop = one(
    "2100C",
    "subscriber's name",
    300,
    &[
        Node::Segment(&SUBSCRIBER_NAME),
        Node::Segment(&REFERENCE),
        Node::Segment(&STREET),
        Node::Segment(&CITY),
        Node::Segment(&PROVIDER),
        Node::Segment(&DEMOGRAPHICS),
        Node::Segment(&RELATION),
        Node::Segment(&DIAGNOSES),
        Node::Segment(&DATE),
        Node::Loop(&QUESTION),
    ],
);

static DEPENDENT: Loop = many(
    "2000D",
    "dependent",
    Usage::Situational,
    &[Node::Segment(&DEPENDENT_HL), Node::Segment(&TRACE), Node::Loop(&DEPENDENT_NAMED)],
);
static DEPENDENT_NAMED: Loop = one(
    "2100D",
    "dependent's name",
    300,
    &[
        Node::Segment(&DEPENDENT_NAME),
        Node::Segment(&REFERENCE),
        Node::Segment(&STREET),
        Node::Segment(&CITY),
        Node::Segment(&PROVIDER),
        Node::Segment(&DEMOGRAPHICS),
        Node::Segment(&RELATION),
        Node::Segment(&DIAGNOSES),
        Node::Segment(&DATE),
        Node::Loop(&QUESTION),
    ],
);

const PROCEDURE: &[Element] = &[
    must(235, "code list", ANY),
    must(234, "procedure", ANY),
    may(1339, "modifier", ANY),
    may(1339, "modifier", ANY),
    may(1339, "modifier", ANY),
    may(1339, "modifier", ANY),
    may(352, "description", ANY),
    may(234, "product", ANY),
];

static ASKED: Segment = Segment::required(
    "EQ",
    "question",
    1300,
    &[
        may(1365, "service type", ANY).repeated(99),
        may_hold("procedure", PROCEDURE),
        may(1207, "coverage level", ANY),
        may(1336, "insurance type", ANY),
        may_hold(
            "diagnosis pointers",
            &[
                must(1328, "pointer", ANY),
                may(1328, "pointer", ANY),
                may(1328, "pointer", ANY),
                may(1328, "pointer", ANY),
            ],
        ),
    ],
);
static SPEND_DOWN: Segment =
    Segment::situational("AMT", "spend down", 1350, &[must(522, "qualifier", ANY), must(782, "amount", ANY)])
        .at_most(2);
static ADDITIONAL: Segment = Segment::situational(
    "III",
    "additional information",
    1700,
    &[must(1270, "code list", ANY), must(1271, "code", ANY)],
);
static AUTHORIZATION: Segment = Segment::situational(
    "REF",
    "prior authorization",
    1900,
    &[must(128, "qualifier", ANY), must(127, "identifier", ANY)],
);
static ASKED_DATE: Segment = Segment::situational(
    "DTP",
    "date",
    2000,
    &[
        must(374, "qualifier", super::super::codes::ELIGIBILITY_DATE),
        must(1250, "format", super::super::codes::DAY_OR_PERIOD),
        must(1251, "date or period", ANY),
    ],
);

/// The guide asks it of whoever is the patient, subscriber or dependent, so that each may lack it.
static QUESTION: Loop = Loop {
    id: "2110",
    name: "question",
    position: 1300,
    usage: Usage::Situational,
    most: 99,
    content: &[
        Node::Segment(&ASKED),
        Node::Segment(&SPEND_DOWN),
        Node::Segment(&ADDITIONAL),
        Node::Segment(&AUTHORIZATION),
        Node::Segment(&ASKED_DATE),
    ],
};
