//! What INS says of a member.

use super::Codes;

/// INS02, element 1069: how the member is related to the subscriber.
pub const RELATIONSHIP: Codes = &[
    ("01", "spouse"),
    ("03", "father or mother"),
    ("04", "grandfather or grandmother"),
    ("05", "grandson or granddaughter"),
    ("06", "uncle or aunt"),
    ("07", "nephew or niece"),
    ("08", "cousin"),
    ("09", "adopted child"),
    ("10", "foster child"),
    ("11", "son-in-law or daughter-in-law"),
    ("12", "brother-in-law or sister-in-law"),
    ("13", "mother-in-law or father-in-law"),
    ("14", "brother or sister"),
    ("15", "ward"),
    ("16", "stepparent"),
    ("17", "stepchild"),
    ("18", "self"),
    ("19", "child"),
    ("23", "sponsored dependent"),
    ("24", "dependent of a minor dependent"),
    ("25", "former spouse"),
    ("26", "guardian"),
    ("31", "court-appointed guardian"),
    ("38", "collateral dependent"),
    ("53", "life partner"),
    ("60", "annuitant"),
    ("D2", "trustee"),
    ("G8", "other relationship"),
    ("G9", "other relative"),
];

/// INS03, element 875: what is done to the member's record.
pub const MAINTENANCE: Codes = &[
    ("001", "change"),
    ("021", "addition"),
    ("024", "cancellation or termination"),
    ("025", "reinstatement"),
    ("030", "audit or compare"),
];

/// HD01, element 875: what is done to the coverage.
pub const COVERAGE_MAINTENANCE: Codes = &[
    ("001", "change"),
    ("002", "delete"),
    ("021", "addition"),
    ("024", "cancellation or termination"),
    ("025", "reinstatement"),
    ("026", "correction"),
    ("030", "audit or compare"),
    ("032", "employee information not applicable"),
];

/// INS04, element 1203: why.
pub const REASON: Codes = &[
    ("01", "divorce"),
    ("02", "birth"),
    ("03", "death"),
    ("04", "retirement"),
    ("05", "adoption"),
    ("06", "strike"),
    ("07", "end of benefits"),
    ("08", "end of employment"),
    ("09", "COBRA"),
    ("10", "COBRA premium paid"),
    ("11", "surviving spouse"),
    ("14", "voluntary withdrawal"),
    ("15", "change of primary care provider"),
    ("16", "quit"),
    ("17", "dismissed"),
    ("18", "suspended"),
    ("20", "active"),
    ("21", "disability"),
    ("22", "change of plan"),
    ("25", "change of identifying data"),
    ("26", "declined coverage"),
    ("27", "pre-enrollment"),
    ("28", "initial enrollment"),
    ("29", "selection of benefits"),
    ("31", "legal separation"),
    ("32", "marriage"),
    ("33", "personnel data"),
    ("37", "leave of absence with benefits"),
    ("38", "leave of absence without benefits"),
    ("39", "laid off with benefits"),
    ("40", "laid off without benefits"),
    ("41", "re-enrollment"),
    ("43", "change of location"),
    ("59", "non-payment"),
    ("AA", "dissatisfied with office staff"),
    ("AB", "dissatisfied with medical care"),
    ("AC", "inconvenient office location"),
    ("AD", "dissatisfied with office hours"),
    ("AE", "no appointment in due time"),
    ("AF", "dissatisfied with referrals"),
    ("AG", "not shown respect or attention"),
    ("AH", "moved to a new location"),
    ("AI", "no reason given"),
    ("AJ", "appointment not kept in time"),
    ("AL", "benefits selected by algorithm"),
    ("EC", "member's selection of benefits"),
    ("XN", "notification only"),
    ("XT", "transfer"),
];

/// PLA05, element 1203: why a provider changed.
pub const PROVIDER_REASON: Codes = &[
    ("14", "voluntary withdrawal"),
    ("22", "change of plan"),
    ("46", "current customer information file in error"),
    ("AA", "dissatisfied with office staff"),
    ("AB", "dissatisfied with medical care"),
    ("AC", "inconvenient office location"),
    ("AD", "dissatisfied with office hours"),
    ("AE", "no appointment in due time"),
    ("AF", "dissatisfied with referrals"),
    ("AG", "not shown respect or attention"),
    ("AH", "moved to a new location"),
    ("AI", "no reason given"),
    ("AJ", "appointment not kept in time"),
];

/// INS05, element 1216.
pub const BENEFIT_STATUS: Codes = &[("A", "active"), ("C", "COBRA"), ("S", "surviving insured"), ("T", "TEFRA")];

/// INS06-1, element 1218.
pub const MEDICARE: Codes = &[
    ("A", "Medicare part A"),
    ("B", "Medicare part B"),
    ("C", "Medicare parts A and B"),
    ("D", "Medicare, part unknown"),
    ("E", "no Medicare"),
];

/// INS06-2, element 1701.
pub const MEDICARE_REASON: Codes = &[("0", "age"), ("1", "disability"), ("2", "end-stage renal disease")];

/// INS07, element 1219.
pub const COBRA_EVENT: Codes = &[
    ("1", "end of employment"),
    ("2", "fewer hours"),
    ("3", "Medicare"),
    ("4", "death"),
    ("5", "divorce"),
    ("6", "separation"),
    ("7", "ineligible child"),
    ("8", "bankruptcy of a retired member's former employer"),
    ("9", "layoff"),
    ("10", "leave of absence"),
    ("ZZ", "other"),
];

/// INS08, element 584.
pub const EMPLOYMENT: Codes = &[
    ("AC", "active"),
    ("AO", "active military, overseas"),
    ("AU", "active military, USA"),
    ("FT", "full-time"),
    ("L1", "leave of absence"),
    ("PT", "part-time"),
    ("RT", "retired"),
    ("TE", "terminated"),
];

/// INS09, element 1220.
pub const STUDENT: Codes = &[("F", "full-time student"), ("N", "no student"), ("P", "part-time student")];

/// INS13, element 1165.
pub const CONFIDENTIALITY: Codes = &[("R", "restricted"), ("U", "unrestricted")];

/// EC01, element 1176.
pub const EMPLOYMENT_CLASS: Codes = &[
    ("01", "union"),
    ("02", "non-union"),
    ("03", "executive"),
    ("04", "non-executive"),
    ("05", "management"),
    ("06", "non-management"),
    ("07", "hourly"),
    ("08", "salaried"),
    ("09", "administrative"),
    ("10", "non-administrative"),
    ("11", "exempt"),
    ("12", "non-exempt"),
    ("17", "highly compensated"),
    ("18", "key employee"),
    ("19", "bargaining"),
    ("20", "non-bargaining"),
    ("21", "owner"),
    ("22", "president"),
    ("23", "vice president"),
];

/// ICM01, element 594.
pub const FREQUENCY: Codes = &[
    ("1", "weekly"),
    ("2", "every two weeks"),
    ("3", "twice a month"),
    ("4", "monthly"),
    ("6", "daily"),
    ("7", "annual"),
    ("8", "every two calendar months"),
    ("9", "lump sum"),
    ("B", "year to date"),
    ("C", "single"),
    ("H", "hourly"),
    ("Q", "quarterly"),
    ("S", "twice a year"),
    ("U", "unknown"),
];
