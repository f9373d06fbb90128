//! Loops 2300 to 2330: coverage, its providers, and other insurance.

use super::super::codes;
use super::super::elements::{
    LOCATED, NAMED, PLACE, REACHED, REFERRED, STREET, any_names, by_id, contact, day, day_or_period, name, only,
    reference, related_name,
};
use super::super::notation::{ANY, Codes, Loop, Node, Segment, Usage, may, must, unused};
use super::shared::ADDRESS;

static COVERED: Segment = Segment::required(
    "HD",
    "coverage",
    2600,
    &[
        must(875, "maintenance type", codes::COVERAGE_MAINTENANCE),
        unused(1203),
        must(1205, "insurance line", codes::INSURANCE_LINE),
        may(1204, "plan description", ANY),
        may(1207, "coverage level", codes::COVERAGE_LEVEL),
        unused(609),
        unused(609),
        unused(1209),
        may(1073, "whether enrolled late", codes::YES_NO),
        unused(1211),
        unused(1073),
    ],
);

static DATES: Segment =
    Segment::required("DTP", "coverage date", 2700, &day_or_period(codes::COVERAGE_DATE)).at_most(6);

static AMOUNTS: Segment = Segment::situational(
    "AMT",
    "amount",
    2800,
    &[must(522, "qualifier", codes::AMOUNT), must(782, "amount", ANY), unused(478)],
)
.at_most(9);

static REFERENCES: Segment =
    Segment::situational("REF", "policy reference", 2900, &reference(codes::COVERAGE_REFERENCE, "identifier"))
        .at_most(14)
        .on(REFERRED);

static PRIOR_MONTHS: Segment =
    Segment::situational("REF", "months of prior coverage", 2900, &reference(codes::PRIOR_COVERAGE, "months"))
        .on(REFERRED);

static CARD: Segment = Segment::situational(
    "IDC",
    "identification card",
    3000,
    &[
        must(1204, "plan description", ANY),
        must(1215, "kind of card", codes::CARD),
        may(380, "number of cards", ANY),
        may(306, "action", codes::CARD_ACTION),
    ],
)
.at_most(3);

pub(super) static COVERAGE: Loop = Loop {
    id: "2300",
    name: "coverage",
    position: 2600,
    usage: Usage::Situational,
    most: 99,
    content: &[
        Node::Segment(&COVERED),
        Node::Segment(&DATES),
        Node::Segment(&AMOUNTS),
        Node::Segment(&REFERENCES),
        Node::Segment(&PRIOR_MONTHS),
        Node::Segment(&CARD),
        Node::Loop(&PROVIDER),
        Node::Loop(&OTHER_INSURANCE),
    ],
};

static PROVIDER_NUMBER: Segment = Segment::required("LX", "provider", 3100, &[must(554, "number in sequence", ANY)]);

static PROVIDER_NAME: Segment = Segment::required(
    "NM1",
    "provider's name",
    3200,
    &related_name(
        codes::PROVIDER,
        codes::PERSON_OR_ORGANIZATION,
        (any_names("last name or name"), by_id(codes::PROVIDER_ID)),
        must(706, "relation to the patient", codes::PROVIDER_RELATION),
    ),
)
.on(NAMED);

static PROVIDER_STREET: Segment = Segment::situational("N3", "provider's street", 3500, STREET).at_most(2);
static PROVIDER_CITY: Segment = Segment::situational("N4", "provider's city, state, ZIP code", 3600, PLACE).on(LOCATED);
const PROVIDER_FUNCTION: Codes = &[("IC", "information contact")];
static PROVIDER_CONTACT: Segment =
    Segment::situational("PER", "provider's telephone and e-mail", 3700, &contact(PROVIDER_FUNCTION))
        .at_most(2)
        .on(REACHED);
static PROVIDER_CHANGE: Segment = Segment::situational(
    "PLA",
    "change of provider",
    3950,
    &[
        must(306, "action", codes::PROVIDER_ACTION),
        must(98, "entity", &[("1P", "provider")]),
        must(373, "effective date", ANY),
        unused(337),
        must(1203, "reason", codes::PROVIDER_REASON),
    ],
);

static PROVIDER: Loop = Loop {
    id: "2310",
    name: "provider",
    position: 3100,
    usage: Usage::Situational,
    most: 30,
    content: &[
        Node::Segment(&PROVIDER_NUMBER),
        Node::Segment(&PROVIDER_NAME),
        Node::Segment(&PROVIDER_STREET),
        Node::Segment(&PROVIDER_CITY),
        Node::Segment(&PROVIDER_CONTACT),
        Node::Segment(&PROVIDER_CHANGE),
    ],
};

static COORDINATED: Segment = Segment::required(
    "COB",
    "other insurance",
    4000,
    &[
        must(1138, "order of payers", codes::PAYER_ORDER),
        may(127, "group or policy number", ANY),
        must(1143, "coordination of benefits", codes::COORDINATION),
        may(1365, "service", codes::COORDINATED_SERVICE).repeated(9),
    ],
);

static OTHER_REFERENCES: Segment = Segment::situational(
    "REF",
    "other insurance's identifier",
    4050,
    &reference(codes::BENEFITS_REFERENCE, "identifier"),
)
.at_most(4)
.on(REFERRED);

static OTHER_DATES: Segment =
    Segment::situational("DTP", "other insurance's date", 4070, &day(codes::BENEFITS_DATE)).at_most(2);

static OTHER_INSURANCE: Loop = Loop {
    id: "2320",
    name: "other insurance",
    position: 4000,
    usage: Usage::Situational,
    most: 5,
    content: &[
        Node::Segment(&COORDINATED),
        Node::Segment(&OTHER_REFERENCES),
        Node::Segment(&OTHER_DATES),
        Node::Loop(&OTHER_INSURER),
    ],
};

static INSURER_NAME: Segment = Segment::required(
    "NM1",
    "other insurer",
    300,
    &name(codes::OTHER_INSURER, codes::ORGANIZATION, only(may(1035, "name", ANY)), by_id(codes::INSURER_ID)),
)
.on(NAMED);

static INSURER_CONTACT: Segment = Segment::situational(
    "PER",
    "other insurer's telephone",
    700,
    &[
        must(366, "function", &[("CN", "general contact")]),
        unused(93),
        must(365, "kind of contact", codes::TELEPHONE),
        must(364, "number", ANY),
        unused(365),
        unused(364),
        unused(365),
        unused(364),
        unused(443),
    ],
)
.on(REACHED);

static OTHER_INSURER: Loop =
    Loop { id: "2330", name: "other insurer", position: 4510, usage: Usage::Situational, most: 3, content: &INSURER };

const INSURER: [Node; 4] = {
    let [street, city] = ADDRESS;
    [Node::Segment(&INSURER_NAME), street, city, Node::Segment(&INSURER_CONTACT)]
};
