//! 999 Implementation Acknowledgment, 005010X231A1, and the 997 Functional Acknowledgment that came before it, 005010X230.

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

/// The guide of the 997: segments AK1 to AK9, and no codes of implementation guides.
pub(super) static X230: Guide = Guide {
    version: "005010X230",
    set: "997",
    group: "FA",
    name: "functional acknowledgement",
    content: &[Node::Segment(&OLD_GROUP), Node::Loop(&OLD_SET), Node::Segment(&GROUP_ANSWER)],
};

const IN_GUIDE: Element = must(480, "implementation guide", ANY);

const fn of_group(guide: Element) -> [Element; 3] {
    [must(479, "functional identifier", codes::ACKNOWLEDGED_GROUP), must(28, "group control number", ANY), guide]
}

static GROUP: Segment = Segment::required("AK1", GROUP_NAME, 200, &of_group(IN_GUIDE));
static OLD_GROUP: Segment = Segment::required("AK1", GROUP_NAME, 200, &of_group(may(480, "implementation guide", ANY)));
const GROUP_NAME: &str = "acknowledged functional group";

const fn errors(number: u16, codes: Codes) -> [Element; 5] {
    [
        may(number, "error", codes),
        may(number, "error", codes),
        may(number, "error", codes),
        may(number, "error", codes),
        may(number, "error", codes),
    ]
}

const GROUP_ANSWERED: [Element; 9] = {
    let [first, second, third, fourth, fifth] = errors(716, codes::GROUP_ERROR);
    let answer = must(715, "answer", codes::GROUP_ANSWER);
    let (included, received) = (must(97, "sets included", ANY), must(123, "sets received", ANY));
    [answer, included, received, must(2, "sets accepted", ANY), first, second, third, fourth, fifth]
};

static GROUP_ANSWER: Segment = Segment::required("AK9", "answer for the functional group", 900, &GROUP_ANSWERED);

const fn acknowledged(content: &'static [Node]) -> Loop {
    Loop {
        id: "2000",
        name: "acknowledged transaction set",
        position: 300,
        usage: Usage::Situational,
        most: 0,
        content,
    }
}

static SET: Loop = acknowledged(&[Node::Segment(&SET_NAME), Node::Loop(&SEGMENT), Node::Segment(&SET_ANSWER)]);
static OLD_SET: Loop =
    acknowledged(&[Node::Segment(&SET_NAME), Node::Loop(&OLD_SEGMENT), Node::Segment(&OLD_SET_ANSWER)]);

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

const fn answered(answer: u16, error: u16, codes: Codes) -> [Element; 6] {
    let [first, second, third, fourth, fifth] = errors(error, codes);
    [must(answer, "answer", codes::SET_ANSWER), first, second, third, fourth, fifth]
}

const SET_ANSWERED: &str = "answer for the transaction set";
static SET_ANSWER: Segment = Segment::required("IK5", SET_ANSWERED, 800, &answered(717, 618, codes::SET_ERROR));
static OLD_SET_ANSWER: Segment = Segment::required("AK5", SET_ANSWERED, 800, &answered(717, 718, codes::OLD_SET_ERROR));

const fn in_error(content: &'static [Node]) -> Loop {
    Loop { id: "2100", name: "segment in error", position: 400, usage: Usage::Situational, most: 0, content }
}

static SEGMENT: Loop = in_error(&[Node::Segment(&SEGMENT_NAME), Node::Segment(&CONTEXT), Node::Loop(&ELEMENT)]);
static OLD_SEGMENT: Loop = in_error(&[Node::Segment(&OLD_SEGMENT_NAME), Node::Segment(&OLD_ELEMENT_NAME)]);

const fn named_segment(error: Element) -> [Element; 4] {
    [must(721, "segment", ANY), must(719, "position in the set", ANY), may(447, "loop", ANY), error]
}

static SEGMENT_NAME: Segment =
    Segment::required("IK3", "segment in error", 400, &named_segment(may(620, "error", codes::SEGMENT_ERROR)));
static OLD_SEGMENT_NAME: Segment =
    Segment::required("AK3", "segment in error", 400, &named_segment(may(720, "error", codes::OLD_SEGMENT_ERROR)));

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

const fn named_element(error: Element) -> [Element; 4] {
    [
        must_hold("position in the segment", POSITION),
        may(725, "data element", ANY),
        error,
        may(724, "copy of the bad element", ANY),
    ]
}

static ELEMENT_NAME: Segment =
    Segment::required("IK4", "element in error", 600, &named_element(must(621, "error", codes::ELEMENT_ERROR)));
static OLD_ELEMENT_NAME: Segment =
    Segment::situational("AK4", "element in error", 600, &named_element(must(723, "error", codes::OLD_ELEMENT_ERROR)))
        .at_most(99);
