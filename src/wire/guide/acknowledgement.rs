//! 999 Implementation Acknowledgment, 005010X231A1.

use super::codes;
use super::notation::{ANY, Codes, Element, Guide, Loop, Node, Segment, Usage, may, may_hold, must, must_hold};

/// The guide.
pub(super) static X231A1: Guide = Guide {
    version: "005010X231A1",
    set: "999",
    group: "FA",
    name: "implementation acknowledgement",
    content: &[Node::Segment(&GROUP), Node::Loop(&SET), Node::Segment(&GROUP_ANSWER)],
};

static GROUP: Segment = Segment::required(
    "AK1",
    "acknowledged functional group",
    200,
    &[
        must(479, "functional identifier", codes::ACKNOWLEDGED_GROUP),
        must(28, "group control number", ANY),
        must(480, "implementation guide", ANY),
    ],
);

static GROUP_ANSWER: Segment = Segment::required(
    "AK9",
    "answer for the functional group",
    900,
    &[
        must(715, "answer", codes::GROUP_ANSWER),
        must(97, "sets included", ANY),
        must(123, "sets received", ANY),
        must(2, "sets accepted", ANY),
        may(716, "error", codes::GROUP_ERROR),
        may(716, "error", codes::GROUP_ERROR),
        may(716, "error", codes::GROUP_ERROR),
        may(716, "error", codes::GROUP_ERROR),
        may(716, "error", codes::GROUP_ERROR),
    ],
);

static SET: Loop = Loop {
    id: "2000",
    name: "acknowledged transaction set",
    position: 300,
    usage: Usage::Situational,
    most: 0,
    content: &[Node::Segment(&SET_NAME), Node::Loop(&SEGMENT), Node::Segment(&SET_ANSWER)],
};

static SET_NAME: Segment = Segment::required(
    "AK2",
    "acknowledged transaction set",
    300,
    &[
        must(143, "transaction set", codes::ACKNOWLEDGED_SET),
        must(329, "set control number", ANY),
        may(1705, "implementation guide", ANY),
    ],
);

static SET_ANSWER: Segment = Segment::required(
    "IK5",
    "answer for the transaction set",
    800,
    &[
        must(717, "answer", codes::SET_ANSWER),
        may(618, "error", codes::SET_ERROR),
        may(618, "error", codes::SET_ERROR),
        may(618, "error", codes::SET_ERROR),
        may(618, "error", codes::SET_ERROR),
        may(618, "error", codes::SET_ERROR),
    ],
);

static SEGMENT: Loop = Loop {
    id: "2100",
    name: "segment in error",
    position: 400,
    usage: Usage::Situational,
    most: 0,
    content: &[Node::Segment(&SEGMENT_NAME), Node::Segment(&CONTEXT), Node::Loop(&ELEMENT)],
};

static SEGMENT_NAME: Segment = Segment::required(
    "IK3",
    "segment in error",
    400,
    &[
        must(721, "segment", ANY),
        must(719, "position in the set", ANY),
        may(447, "loop", ANY),
        may(620, "error", codes::SEGMENT_ERROR),
    ],
);

const POSITION: &[Element] = &[must(722, "element", ANY), may(1528, "component", ANY), may(1686, "repetition", ANY)];
const REFERENCE: &[Element] = &[must(725, "data element", ANY), may(725, "data element", ANY)];
const CONTEXT_NAME: Codes = ANY;
const CONTEXT_ELEMENTS: &[Element] = &[
    must_hold("context", &[must(9999, "name", CONTEXT_NAME), may(9998, "reference", ANY)]).repeated(10),
    may(721, "segment", ANY),
    may(719, "position in the set", ANY),
    may(447, "loop", ANY),
    may_hold("position in the segment", POSITION),
    may_hold("data element", REFERENCE),
];

static CONTEXT: Segment = Segment::situational("CTX", "context", 500, CONTEXT_ELEMENTS).at_most(10);
static ELEMENT_CONTEXT: Segment = Segment::situational("CTX", "context", 700, CONTEXT_ELEMENTS).at_most(10);

static ELEMENT: Loop = Loop {
    id: "2110",
    name: "element in error",
    position: 600,
    usage: Usage::Situational,
    most: 0,
    content: &[Node::Segment(&ELEMENT_NAME), Node::Segment(&ELEMENT_CONTEXT)],
};

static ELEMENT_NAME: Segment = Segment::required(
    "IK4",
    "element in error",
    600,
    &[
        must_hold("position in the segment", POSITION),
        may(725, "data element", ANY),
        must(621, "error", codes::ELEMENT_ERROR),
        may(724, "copy of the bad element", ANY),
    ],
);
