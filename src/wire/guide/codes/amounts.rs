//! What amounts and counts are of.

use super::Codes;

/// QTY01 of the header, element 673.
pub const TOTAL: Codes = &[("DT", "dependents"), ("ET", "employees"), ("TO", "members")];

/// AMT01, element 522.
pub const AMOUNT: Codes = &[
    ("B9", "co-insurance, actual"),
    ("C1", "co-payment"),
    ("D2", "deductible"),
    ("EBA", "expected expenditure"),
    ("FK", "other unlisted amount"),
    ("P3", "premium"),
    ("R", "spend down"),
];
