//! What reference numbers identify.

use super::Codes;

/// REF01 of the header.
pub const MASTER_POLICY: Codes = &[("38", "master policy number")];
/// REF01 of loop 2000, required.
pub const SUBSCRIBER_ID: Codes = &[("0F", "subscriber number")];
/// REF01 of loop 2000.
pub const POLICY: Codes = &[("1L", "group or policy number")];
/// REF01 of loop 2000, others; the exchange uses 17, 23, 6O, ABB, Q4 and ZZ (CMS companion guide v7.2 p. 18).
pub const MEMBER_REFERENCE: Codes = &[
    ("17", "client reporting category (exchange-assigned member id)"),
    ("23", "client number (issuer-assigned member id)"),
    ("3H", "case number"),
    ("4A", "personal identification number"),
    ("6O", "cross reference number (payment transaction id)"),
    ("ABB", "personal id number (prior issuer-assigned member id)"),
    ("D3", "NABP pharmacy number"),
    ("DX", "department or agency number"),
    ("F6", "health insurance claim number"),
    ("P5", "position code"),
    ("Q4", "prior identifier number (prior issuer-assigned subscriber id)"),
    ("QQ", "unit number"),
    ("ZZ", "mutually defined (issuer-assigned subscriber id)"),
];
/// REF01 of loop 2300.
pub const COVERAGE_REFERENCE: Codes = &[
    ("17", "client reporting category"),
    ("1L", "group or policy number (exchange-assigned policy id)"),
    ("9V", "payment category"),
    ("CE", "class of contract (plan id)"),
    ("E8", "service contract number"),
    ("M7", "medical assistance category"),
    ("PID", "program identification number"),
    ("RB", "rate code number"),
    ("X9", "internal control number (issuer policy id)"),
    ("XM", "issuer number (prior issuer policy id)"),
    ("XX1", "special program code"),
    ("XX2", "service area code"),
    ("ZX", "county code"),
    ("ZZ", "mutually defined"),
];
/// REF01 of loop 2300.
pub const PRIOR_COVERAGE: Codes = &[("QQ", "months of prior coverage")];
/// REF01 of loop 2320.
pub const BENEFITS_REFERENCE: Codes = &[
    ("60", "account suffix code"),
    ("6P", "group number"),
    ("SY", "Social Security number"),
    ("ZZ", "mutually defined"),
];
/// REF01 of loop 2750.
pub const CATEGORY_REFERENCE: Codes = &[
    ("00", "contracting district number"),
    ("17", "client reporting category"),
    ("18", "plan number"),
    ("19", "division identifier"),
    ("26", "union number"),
    ("3L", "branch identifier"),
    ("6M", "application number"),
    ("9V", "payment category"),
    ("9X", "account category"),
    ("GE", "geographic number"),
    ("LU", "location number"),
    ("PID", "program identification number"),
    ("XX1", "special program code"),
    ("XX2", "service area code"),
    ("YY", "geographic key"),
    ("ZZ", "mutually defined"),
];
/// N101 of loop 1000A.
pub const SPONSOR: Codes = &[("P5", "plan sponsor")];
/// N101 of loop 1000B.
pub const INSURER: Codes = &[("IN", "insurer")];
/// N101 of loop 1000C.
pub const BROKER: Codes = &[("BO", "broker or sales office"), ("TV", "third party administrator")];
/// N101 of loop 2750.
pub const CATEGORY: Codes = &[("75", "participant (reporting category)")];
/// LS01 and LE01.
pub const REPORTING_LOOP: Codes = &[("2700", "member reporting categories")];
