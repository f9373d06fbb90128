//! 271: the answer.

use super::super::codes;
use super::super::elements::day_or_period;
use super::super::notation::{ANY, Guide, Loop, Node, Segment, Usage, may, may_hold, must, unused};
use super::parties::{
    ADDRESS, CONTACT, DEPENDENT_HL, DEPENDENT_NAME, ENTITY_NAME, PATIENT, POINTERS, PROCEDURE, PROVIDER, RECEIVER_HL,
    RECEIVER_NAME, SOURCE_HL, SOURCE_NAME, SUBSCRIBER_HL, SUBSCRIBER_NAME, TRACE, WHO_AND_WHERE, bearer, level,
    rejection,
};

/// The guide.
pub(in super::super) static ANSWER: Guide = Guide {
    version: "005010X279A1",
    set: "271",
    group: "HB",
    name: "eligibility answer",
    content: &[Node::Segment(&BEGIN), Node::Loop(&SOURCE)],
};

static BEGIN: Segment = Segment::required(
    "BHT",
    "beginning",
    200,
    &[
        must(1005, "structure", &[("0022", "source, receiver, subscriber, dependent")]),
        must(353, "purpose", &[("06", "confirmation"), ("11", "response")]),
        may(127, "reference number", ANY),
        must(373, "date", ANY),
        must(337, "time", ANY),
        unused(640),
    ],
);

static LEVEL_REJECTION: Segment = rejection(250);
static REJECTION: Segment = rejection(850);
static BENEFIT_REJECTION: Segment = rejection(1600);

static SOURCE: Loop = level(
    "2000A",
    "information source",
    Usage::Required,
    &[Node::Segment(&SOURCE_HL), Node::Segment(&LEVEL_REJECTION), Node::Loop(&SOURCE_NAMED), Node::Loop(&RECEIVER)],
);
static SOURCE_NAMED: Loop = bearer(
    "2100A",
    "information source's name",
    &[Node::Segment(&SOURCE_NAME), Node::Segment(&CONTACT), Node::Segment(&REJECTION)],
);

static RECEIVER: Loop = level(
    "2000B",
    "information receiver",
    Usage::Situational,
    &[Node::Segment(&RECEIVER_HL), Node::Loop(&RECEIVER_NAMED), Node::Loop(&SUBSCRIBER)],
);
static RECEIVER_NAMED: Loop = bearer("2100B", "information receiver's name", &RECEIVER_TOLD);

const RECEIVER_TOLD: [Node; 6] = {
    let [reference, street, city] = WHO_AND_WHERE;
    [Node::Segment(&RECEIVER_NAME), reference, street, city, Node::Segment(&REJECTION), Node::Segment(&PROVIDER)]
};

/// What is told of a patient, subscriber or dependent, and answered.
const fn patient(name: &'static Segment) -> [Node; 12] {
    let [reference, street, city] = WHO_AND_WHERE;
    let [provider, demographics, relation, diagnoses, date] = PATIENT;
    let (name, rejection) = (Node::Segment(name), Node::Segment(&REJECTION));
    let (military, benefits) = (Node::Segment(&MILITARY), Node::Loop(&BENEFITS));
    [name, reference, street, city, rejection, provider, demographics, relation, diagnoses, date, military, benefits]
}

static SUBSCRIBER: Loop = level(
    "2000C",
    "subscriber",
    Usage::Situational,
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

static MILITARY: Segment = Segment::situational(
    "MPI",
    "military personnel",
    1275,
    &[
        must(1201, "information status", ANY),
        must(584, "employment status", ANY),
        must(1595, "branch", ANY),
        may(352, "description", ANY),
        may(1596, "rank", ANY),
        may(1250, "format", codes::DAY_OR_PERIOD),
        may(1251, "date or period", ANY),
    ],
);

static BENEFIT: Segment = Segment::required(
    "EB",
    "benefit",
    1300,
    &[
        must(1390, "benefit", codes::BENEFIT),
        may(1207, "coverage level", ANY),
        may(1365, "service type", ANY).repeated(99),
        may(1336, "insurance type", ANY),
        may(1204, "plan", ANY),
        may(615, "period", ANY),
        may(782, "amount", ANY),
        may(954, "share", ANY),
        may(673, "quantity qualifier", ANY),
        may(380, "quantity", ANY),
        may(1073, "whether authorization is required", ANY),
        may(1073, "whether in the plan's network", ANY),
        may_hold("procedure", PROCEDURE),
        may_hold("diagnosis pointers", POINTERS),
    ],
);
static DELIVERY: Segment = Segment::situational(
    "HSD",
    "delivery of services",
    1350,
    &[
        may(673, "quantity qualifier", ANY),
        may(380, "quantity", ANY),
        may(355, "unit", ANY),
        may(1167, "sampling", ANY),
        may(615, "period", ANY),
        may(616, "number of periods", ANY),
        may(678, "pattern", ANY),
        may(679, "time of day", ANY),
    ],
)
.at_most(9);
static BENEFIT_REFERENCE: Segment = Segment::situational(
    "REF",
    "additional identification",
    1400,
    &[must(128, "qualifier", ANY), must(127, "identifier", ANY), may(352, "description", ANY)],
)
.at_most(9);
static BENEFIT_DATE: Segment =
    Segment::situational("DTP", "date", 1500, &day_or_period(codes::ELIGIBILITY_DATE)).at_most(20);
static MESSAGE: Segment = Segment::situational("MSG", "message", 2500, &[must(933, "text", ANY)]).at_most(10);

static BENEFITS: Loop = Loop {
    id: "2110",
    name: "benefit",
    position: 1300,
    usage: Usage::Situational,
    most: 0,
    content: &[
        Node::Segment(&BENEFIT),
        Node::Segment(&DELIVERY),
        Node::Segment(&BENEFIT_REFERENCE),
        Node::Segment(&BENEFIT_DATE),
        Node::Segment(&BENEFIT_REJECTION),
        Node::Segment(&MESSAGE),
        Node::Loop(&ADDITIONAL),
        Node::Loop(&RELATED),
    ],
};

static ADDITIONAL_CODE: Segment = Segment::required(
    "III",
    "additional information",
    2600,
    &[may(1270, "code list", ANY), may(1271, "code", ANY), may(1136, "category", ANY), may(933, "text", ANY)],
);
static ADDITIONAL: Loop = Loop {
    id: "2115",
    name: "additional information",
    position: 2600,
    usage: Usage::Situational,
    most: 10,
    content: &[Node::Segment(&ADDITIONAL_CODE)],
};

static BEGINS: Segment = Segment::required("LS", "related entities begin", 3300, &[must(447, "loop", ANY)]);
static ENDS: Segment = Segment::required("LE", "related entities end", 3500, &[must(447, "loop", ANY)]);
static RELATED: Loop = Loop {
    id: "LS",
    name: "related entities",
    position: 3300,
    usage: Usage::Situational,
    most: 1,
    content: &[Node::Segment(&BEGINS), Node::Loop(&ENTITY), Node::Segment(&ENDS)],
};
static ENTITY: Loop = Loop {
    id: "2120",
    name: "related entity",
    position: 3400,
    usage: Usage::Required,
    most: 23,
    content: &ENTITY_TOLD,
};
const ENTITY_TOLD: [Node; 5] = {
    let [street, city] = ADDRESS;
    [Node::Segment(&ENTITY_NAME), street, city, Node::Segment(&CONTACT), Node::Segment(&PROVIDER)]
};
