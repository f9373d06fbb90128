//! Loops 2700 and 2750: the member's reporting categories, which is where an exchange states amounts.

use super::super::codes;
use super::super::elements::{REFERRED, day_or_period, reference};
use super::super::notation::{ANY, Loop, Node, Segment, Usage, at_least_one, must, paired, unused};

static BEGINS: Segment =
    Segment::required("LS", "reporting categories begin", 6880, &[must(447, "loop", codes::REPORTING_LOOP)]);
static ENDS: Segment =
    Segment::required("LE", "reporting categories end", 6885, &[must(447, "loop", codes::REPORTING_LOOP)]);

/// LS to LE. The guide makes LE situational only because the whole loop is: what LS begins, LE must end (X12.6).
pub(super) static REPORTING: Loop = Loop {
    id: "LS",
    name: "reporting categories",
    position: 6880,
    usage: Usage::Situational,
    most: 1,
    content: &[Node::Segment(&BEGINS), Node::Loop(&CATEGORY), Node::Segment(&ENDS)],
};

static NUMBER: Segment = Segment::required("LX", "reporting category", 6881, &[must(554, "number in sequence", ANY)]);

static CATEGORY: Loop = Loop {
    id: "2700",
    name: "reporting category",
    position: 6881,
    usage: Usage::Situational,
    most: 0,
    content: &[Node::Segment(&NUMBER), Node::Loop(&VALUE)],
};

static NAME: Segment = Segment::required(
    "N1",
    "category's name",
    6882,
    &[must(98, "entity", codes::CATEGORY), must(93, "name", ANY), unused(66), unused(67), unused(706), unused(98)],
)
.on(&[at_least_one(&[2, 3]), paired(&[3, 4])]);

static REFERENCE: Segment =
    Segment::situational("REF", "category's value", 6883, &reference(codes::CATEGORY_REFERENCE, "value")).on(REFERRED);

static DATE: Segment = Segment::situational("DTP", "category's date", 6884, &day_or_period(codes::EFFECTIVE));

static VALUE: Loop = Loop {
    id: "2750",
    name: "category's value",
    position: 6882,
    usage: Usage::Situational,
    most: 1,
    content: &[Node::Segment(&NAME), Node::Segment(&REFERENCE), Node::Segment(&DATE)],
};
