//! Loop 2000: one member.

use super::super::codes;
use super::super::elements::{REFERRED, day, reference};
use super::super::notation::{ANY, Loop, Node, Segment, Usage, may, may_hold, must, paired, unused};
use super::coverage::COVERAGE;
use super::other_people::{CUSTODIAL_PARENT, DROP_OFF, EMPLOYER, MAILING, RESPONSIBLE, SCHOOL};
use super::person::{INCORRECT_NAME, NAME};
use super::reporting::REPORTING;

static INSURED: Segment = Segment::required(
    "INS",
    "member",
    100,
    &[
        must(1073, "whether the subscriber", codes::YES_NO),
        must(1069, "relationship", codes::RELATIONSHIP),
        must(875, "maintenance type", codes::MAINTENANCE),
        may(1203, "maintenance reason", codes::REASON),
        must(1216, "benefit status", codes::BENEFIT_STATUS),
        may_hold(
            "Medicare status",
            &[
                must(1218, "Medicare plan", codes::MEDICARE),
                may(1701, "reason of eligibility", codes::MEDICARE_REASON),
                unused(1701),
                unused(1701),
            ],
        ),
        may(1219, "COBRA event", codes::COBRA_EVENT),
        may(584, "employment status", codes::EMPLOYMENT),
        may(1220, "student status", codes::STUDENT),
        may(1073, "whether handicapped", codes::YES_NO),
        may(1250, "format", codes::DAY),
        may(1251, "date of death", ANY),
        may(1165, "confidentiality", codes::CONFIDENTIALITY),
        unused(19),
        unused(156),
        unused(26),
        may(1470, "birth sequence", ANY),
    ],
)
.on(&[paired(&[11, 12])]);

static SUBSCRIBER_ID: Segment =
    Segment::required("REF", "subscriber number", 200, &reference(codes::SUBSCRIBER_ID, "subscriber number"))
        .on(REFERRED);

static POLICY: Segment =
    Segment::situational("REF", "policy number", 200, &reference(codes::POLICY, "policy number")).on(REFERRED);

static OTHER_ID: Segment =
    Segment::situational("REF", "supplemental identifier", 200, &reference(codes::MEMBER_REFERENCE, "identifier"))
        .at_most(13)
        .on(REFERRED);

static DATES: Segment = Segment::situational("DTP", "member date", 250, &day(codes::MEMBER_DATE)).at_most(24);

pub(super) static MEMBER: Loop = Loop {
    id: "2000",
    name: "member",
    position: 5000,
    usage: Usage::Required,
    most: 0,
    content: &[
        Node::Segment(&INSURED),
        Node::Segment(&SUBSCRIBER_ID),
        Node::Segment(&POLICY),
        Node::Segment(&OTHER_ID),
        Node::Segment(&DATES),
        Node::Loop(&NAME),
        Node::Loop(&INCORRECT_NAME),
        Node::Loop(&MAILING),
        Node::Loop(&EMPLOYER),
        Node::Loop(&SCHOOL),
        Node::Loop(&CUSTODIAL_PARENT),
        Node::Loop(&RESPONSIBLE),
        Node::Loop(&DROP_OFF),
        Node::Loop(&DISABILITY),
        Node::Loop(&COVERAGE),
        Node::Loop(&REPORTING),
    ],
};

static DISABLED: Segment = Segment::required(
    "DSB",
    "disability",
    2000,
    &[
        must(1146, "kind of disability", codes::DISABILITY),
        unused(380),
        unused(1149),
        unused(1154),
        unused(1161),
        unused(782),
        may(235, "diagnosis code list", codes::DIAGNOSIS_LIST),
        may(1137, "diagnosis", ANY),
    ],
)
.on(&[paired(&[7, 8])]);

static DISABILITY_DATES: Segment =
    Segment::situational("DTP", "disability date", 2100, &day(codes::DISABILITY_DATE)).at_most(2);

static DISABILITY: Loop = Loop {
    id: "2200",
    name: "disability",
    position: 2000,
    usage: Usage::Situational,
    most: 0,
    content: &[Node::Segment(&DISABLED), Node::Segment(&DISABILITY_DATES)],
};
