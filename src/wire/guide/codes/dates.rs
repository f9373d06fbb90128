//! What dates tell of, and how they are written.

use super::Codes;

/// Element 1250: one day.
pub const DAY: Codes = &[("D8", "day")];
/// Element 1250: a day or a period.
pub const DAY_OR_PERIOD: Codes = &[("D8", "day"), ("RD8", "period")];

/// DTP01 of the header.
pub const FILE_DATE: Codes = &[
    ("007", "effective"),
    ("090", "report begins"),
    ("091", "report ends"),
    ("303", "maintenance effective"),
    ("382", "enrollment"),
    ("388", "payment commences"),
];

/// DTP01 of loop 2000.
pub const MEMBER_DATE: Codes = &[
    ("050", "received"),
    ("286", "retirement"),
    ("296", "initial disability period, return to work"),
    ("297", "initial disability period, last day worked"),
    ("300", "enrollment signature"),
    ("301", "COBRA qualifying event"),
    ("303", "maintenance effective"),
    ("336", "employment begins"),
    ("337", "employment ends"),
    ("338", "Medicare begins"),
    ("339", "Medicare ends"),
    ("340", "COBRA begins"),
    ("341", "COBRA ends"),
    ("350", "education begins"),
    ("351", "education ends"),
    ("356", "eligibility begins"),
    ("357", "eligibility ends"),
    ("383", "adjusted hire"),
    ("385", "credited service begins"),
    ("386", "credited service ends"),
    ("393", "plan participation suspended"),
    ("394", "rehire"),
    ("473", "Medicaid begins"),
    ("474", "Medicaid ends"),
];

/// DTP01 of loop 2200.
pub const DISABILITY_DATE: Codes = &[("360", "disability begins"), ("361", "disability ends")];

/// DTP01 of loop 2300.
pub const COVERAGE_DATE: Codes = &[
    ("300", "enrollment signature"),
    ("303", "maintenance effective"),
    ("343", "premium paid until"),
    ("348", "benefit begins"),
    ("349", "benefit ends"),
    ("543", "last premium paid"),
    ("695", "previous period"),
];

/// DTP01 of loop 2320.
pub const BENEFITS_DATE: Codes =
    &[("344", "coordination of benefits begins"), ("345", "coordination of benefits ends")];

/// DTP01 of loop 2750.
pub const EFFECTIVE: Codes = &[("007", "effective")];

/// BGN05, element 623.
pub const TIME_ZONE: Codes = &[
    ("01", "UTC+1"),
    ("02", "UTC+2"),
    ("03", "UTC+3"),
    ("04", "UTC+4"),
    ("05", "UTC+5"),
    ("06", "UTC+6"),
    ("07", "UTC+7"),
    ("08", "UTC+8"),
    ("09", "UTC+9"),
    ("10", "UTC+10"),
    ("11", "UTC+11"),
    ("12", "UTC+12"),
    ("13", "UTC-12"),
    ("14", "UTC-11"),
    ("15", "UTC-10"),
    ("16", "UTC-9"),
    ("17", "UTC-8"),
    ("18", "UTC-7"),
    ("19", "UTC-6"),
    ("20", "UTC-5"),
    ("21", "UTC-4"),
    ("22", "UTC-3"),
    ("23", "UTC-2"),
    ("24", "UTC-1"),
    ("AD", "Alaska daylight time"),
    ("AS", "Alaska standard time"),
    ("AT", "Alaska time"),
    ("CD", "central daylight time"),
    ("CS", "central standard time"),
    ("CT", "central time"),
    ("ED", "eastern daylight time"),
    ("ES", "eastern standard time"),
    ("ET", "eastern time"),
    ("GM", "Greenwich mean time"),
    ("HD", "Hawaii-Aleutian daylight time"),
    ("HS", "Hawaii-Aleutian standard time"),
    ("HT", "Hawaii-Aleutian time"),
    ("LT", "local time"),
    ("MD", "mountain daylight time"),
    ("MS", "mountain standard time"),
    ("MT", "mountain time"),
    ("ND", "Newfoundland daylight time"),
    ("NS", "Newfoundland standard time"),
    ("NT", "Newfoundland time"),
    ("PD", "Pacific daylight time"),
    ("PS", "Pacific standard time"),
    ("PT", "Pacific time"),
    ("TD", "Atlantic daylight time"),
    ("TS", "Atlantic standard time"),
    ("TT", "Atlantic time"),
    ("UT", "universal time"),
];
