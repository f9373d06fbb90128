//! Interchange, functional group and transaction set (X12.5, X12.6, release 005010).

use super::codes;
use super::notation::{ANY, Codes, Element, Segment, must};

const NO_INFORMATION: Codes = &[("00", "none"), ("03", "additional data identification")];
const NO_SECURITY: Codes = &[("00", "none"), ("01", "password")];
const PARTY: Codes = &[
    ("01", "Dun & Bradstreet number"),
    ("14", "Dun & Bradstreet number plus suffix"),
    ("20", "health industry number"),
    ("27", "carrier identification number"),
    ("28", "fiscal intermediary identification number"),
    ("29", "Medicare provider and supplier number"),
    ("30", "federal tax identification number"),
    ("33", "NAIC company code"),
    ("ZZ", "mutually defined"),
];
const VERSION: Codes = &[("00501", "version 005010")];
const ACKNOWLEDGEMENT: Codes = &[("0", "no acknowledgement asked for"), ("1", "acknowledgement asked for")];
const USAGE: Codes = &[("P", "production"), ("T", "test")];
const AGENCY: Codes = &[("X", "Accredited Standards Committee X12")];

/// Begins an interchange.
pub static ISA: Segment = Segment::required(
    "ISA",
    "interchange header",
    1,
    &[
        must(9001, "authorization qualifier", NO_INFORMATION),
        must(9002, "authorization information", ANY),
        must(9003, "security qualifier", NO_SECURITY),
        must(9004, "security information", ANY),
        must(9005, "sender id qualifier", PARTY),
        must(9006, "sender id", ANY),
        must(9005, "receiver id qualifier", PARTY),
        must(9007, "receiver id", ANY),
        must(9008, "date", ANY),
        must(9009, "time", ANY),
        must(9065, "repetition separator", ANY),
        must(9011, "version", VERSION),
        must(9012, "interchange control number", ANY),
        must(9013, "acknowledgement requested", ACKNOWLEDGEMENT),
        must(9014, "usage", USAGE),
        must(9015, "component separator", ANY),
    ],
);

/// Ends an interchange.
pub static IEA: Segment = Segment::required(
    "IEA",
    "interchange trailer",
    9,
    &[must(9016, "number of functional groups", ANY), must(9012, "interchange control number", ANY)],
);

const GROUP: &[Element] = &[
    must(479, "functional identifier", ANY),
    must(142, "sender", ANY),
    must(124, "receiver", ANY),
    must(373, "date", ANY),
    must(337, "time", ANY),
    must(28, "group control number", ANY),
    must(455, "responsible agency", AGENCY),
    must(480, "implementation guide", ANY),
];
/// Begins a functional group.
pub static GS: Segment = Segment::required("GS", "functional group header", 2, GROUP);

/// Ends a functional group.
pub static GE: Segment = Segment::required(
    "GE",
    "functional group trailer",
    8,
    &[must(97, "number of transaction sets", ANY), must(28, "group control number", ANY)],
);

/// Begins a transaction set.
pub static ST: Segment = Segment::required(
    "ST",
    "transaction set header",
    3,
    &[must(143, "transaction set", ANY), must(329, "set control number", ANY), must(1705, "implementation guide", ANY)],
);

/// Ends a transaction set.
pub static SE: Segment = Segment::required(
    "SE",
    "transaction set trailer",
    7,
    &[must(96, "number of segments", ANY), must(329, "set control number", ANY)],
);

/// Acknowledges an interchange.
pub static TA1: Segment = Segment::situational(
    "TA1",
    "interchange acknowledgement",
    2,
    &[
        must(9012, "acknowledged interchange control number", ANY),
        must(9008, "acknowledged interchange date", ANY),
        must(9009, "acknowledged interchange time", ANY),
        must(9017, "answer", codes::INTERCHANGE_ANSWER),
        must(9018, "note", codes::INTERCHANGE_NOTE),
    ],
);
