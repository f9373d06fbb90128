//! 270: the question.

use super::super::codes;
use super::super::elements::day_or_period;
use super::super::notation::{ANY, Guide, Loop, Node, Segment, Usage, may, may_hold, must};
use super::parties::{
    DEPENDENT_HL, DEPENDENT_NAME, PATIENT, POINTERS, PROCEDURE, PROVIDER, RECEIVER_HL, RECEIVER_NAME, SOURCE_HL,
    SOURCE_NAME, SUBSCRIBER_HL, SUBSCRIBER_NAME, TRACE, WHO_AND_WHERE, bearer, level,
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

static SOURCE: Loop = level(
    "2000A",
    "information source",
    Usage::Required,
    &[Node::Segment(&SOURCE_HL), Node::Loop(&SOURCE_NAMED), Node::Loop(&RECEIVER)],
);
static SOURCE_NAMED: Loop = bearer("2100A", "information source's name", &[Node::Segment(&SOURCE_NAME)]);

static RECEIVER: Loop = level(
    "2000B",
    "information receiver",
    Usage::Required,
    &[Node::Segment(&RECEIVER_HL), Node::Loop(&RECEIVER_NAMED), Node::Loop(&SUBSCRIBER)],
);
static RECEIVER_NAMED: Loop = bearer("2100B", "information receiver's name", &RECEIVER_TOLD);

const RECEIVER_TOLD: [Node; 5] = {
    let [reference, street, city] = WHO_AND_WHERE;
    [Node::Segment(&RECEIVER_NAME), reference, street, city, Node::Segment(&PROVIDER)]
};

/// What is told of a patient, subscriber or dependent, and asked.
const fn patient(name: &'static Segment) -> [Node; 10] {
    let [reference, street, city] = WHO_AND_WHERE;
    let [provider, demographics, relation, diagnoses, date] = PATIENT;
    let question = Node::Loop(&QUESTION);
    [Node::Segment(name), reference, street, city, provider, demographics, relation, diagnoses, date, question]
}

static SUBSCRIBER: Loop = level(
    "2000C",
    "subscriber",
    Usage::Required,
    &[Node::Segment(&SUBSCRIBER_HL), Node::Segment(&TRACE), Node::Loop(&SUBSCRIBER_NAMED), Node::Loop(&DEPENDENT)],
);
static SUBSCRIBER_NAMED: Loop = bearer("2100C", "subscriber's name", &patient(&SUBSCRIBER_NAME));

static DEPENDENT: Loop = level(
    "2000D",
    "dependent",
    Usage::Situational,
    &[Node::Segment(&DEPENDENT_HL), Node::Segment(&TRACE), Node::Loop(&DEPENDENT_NAMED)],
);
static DEPENDENT_NAMED: Loop = bearer("2100D", "dependent's name", &patient(&DEPENDENT_NAME));

static ASKED: Segment = Segment::required(
    "EQ",
    "question",
    1300,
    &[
        may(1365, "service type", ANY).repeated(99),
        may_hold("procedure", PROCEDURE),
        may(1207, "coverage level", ANY),
        may(1336, "insurance type", ANY),
        may_hold("diagnosis pointers", POINTERS),
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
static ASKED_DATE: Segment = Segment::situational("DTP", "date", 2000, &day_or_period(codes::ELIGIBILITY_DATE));

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
