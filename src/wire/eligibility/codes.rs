//! Code lists of the 270 and 271 with their words, in the field's own terms (005010X279A1).

use crate::wire::guide::codes::{FOLLOW_UP, REJECTION};

/// EB01 (X12 element 1390), as far as it says whether there is coverage.
const BENEFITS: &[(&str, &str)] = &[
    ("1", "active coverage"),
    ("2", "active, full risk capitation"),
    ("3", "active, services capitated"),
    ("4", "active, services capitated to primary care physician"),
    ("5", "active, pending investigation"),
    ("6", "inactive"),
    ("7", "inactive, pending eligibility update"),
    ("8", "inactive, pending investigation"),
    ("I", "non-covered"),
    ("U", "contact following entity for eligibility or benefit information"),
    ("V", "cannot process"),
    ("W", "other source of data"),
];

/// The words of a reject reason (AAA03); `None` where the code is not in the list.
pub fn reject_words(code: &str) -> Option<&'static str> {
    words(REJECTION, code)
}

/// The words of a follow-up action (AAA04); `None` where the code is not in the list.
pub fn follow_up_words(code: &str) -> Option<&'static str> {
    words(FOLLOW_UP, code)
}

/// The words of an eligibility information code (EB01); `None` where it says nothing of whether there is coverage.
pub fn benefit_words(code: &str) -> Option<&'static str> {
    words(BENEFITS, code)
}

fn words(list: &'static [(&str, &str)], code: &str) -> Option<&'static str> {
    list.iter().find(|(known, _)| *known == code).map(|(_, words)| *words)
}
