//! What is said of coverage and of the set as a whole.

use super::Codes;

/// BGN01, element 353.
pub const PURPOSE: Codes = &[("00", "original"), ("15", "re-submission"), ("22", "information copy")];

/// BGN08, element 306.
pub const ACTION: Codes = &[("2", "change (update)"), ("4", "verify"), ("RX", "replace")];

/// HD03, element 1205.
pub const INSURANCE_LINE: Codes = &[
    ("AG", "preventive care"),
    ("AH", "24-hour care"),
    ("AJ", "Medicare risk"),
    ("AK", "mental health"),
    ("DCP", "dental capitation"),
    ("DEN", "dental"),
    ("EPO", "exclusive provider organization"),
    ("FAC", "facility"),
    ("HE", "hearing"),
    ("HLT", "health"),
    ("HMO", "health maintenance organization"),
    ("LTC", "long-term care"),
    ("LTD", "long-term disability"),
    ("MM", "major medical"),
    ("MOD", "mail order drug"),
    ("PDG", "prescription drug"),
    ("POS", "point of service"),
    ("PPO", "preferred provider organization"),
    ("PRA", "practitioners"),
    ("STD", "short-term disability"),
    ("UR", "utilization review"),
    ("VIS", "vision"),
];

/// HD05, element 1207.
pub const COVERAGE_LEVEL: Codes = &[
    ("CHD", "children only"),
    ("DEP", "dependents only"),
    ("E1D", "employee and one dependent"),
    ("E2D", "employee and two dependents"),
    ("E3D", "employee and three dependents"),
    ("E5D", "employee and one or more dependents"),
    ("E6D", "employee and two or more dependents"),
    ("E7D", "employee and three or more dependents"),
    ("E8D", "employee and four or more dependents"),
    ("E9D", "employee and five or more dependents"),
    ("ECH", "employee and children"),
    ("EMP", "employee only"),
    ("ESP", "employee and spouse"),
    ("FAM", "family"),
    ("IND", "individual"),
    ("SPC", "spouse and children"),
    ("SPO", "spouse only"),
    ("TWO", "two party"),
];

/// IDC02, element 1215.
pub const CARD: Codes = &[("D", "dental card"), ("H", "health card"), ("P", "prescription drug card")];
/// IDC04, element 306.
pub const CARD_ACTION: Codes = &[("1", "add"), ("2", "change (update)"), ("RX", "replace")];
/// PLA01, element 306.
pub const PROVIDER_ACTION: Codes = &[("2", "change (update)")];

/// COB01, element 1138.
pub const PAYER_ORDER: Codes = &[("P", "primary"), ("S", "secondary"), ("T", "tertiary"), ("U", "unknown")];
/// COB03, element 1143.
pub const COORDINATION: Codes =
    &[("1", "coordination of benefits"), ("5", "unknown"), ("6", "no coordination of benefits")];
/// COB04, element 1365.
pub const COORDINATED_SERVICE: Codes = &[
    ("1", "medical care"),
    ("35", "dental care"),
    ("48", "hospital, inpatient"),
    ("50", "hospital, outpatient"),
    ("54", "long-term care"),
    ("89", "free-standing prescription drug"),
    ("90", "mail order prescription drug"),
    ("A4", "psychiatric"),
    ("AG", "skilled nursing care"),
    ("AL", "vision"),
    ("BB", "partial hospitalization, psychiatric"),
];
