//! Code lists of the 270 and 271 with their words, in the field's own terms (005010X279A1).

/// AAA03 (X12 element 901), why a request is rejected.
const REJECTS: &[(&str, &str)] = &[
    ("04", "authorized quantity exceeded"),
    ("15", "required application data missing"),
    ("33", "input errors"),
    ("35", "out of network"),
    ("41", "authorization or access restrictions"),
    ("42", "unable to respond at current time"),
    ("43", "invalid or missing provider identification"),
    ("44", "invalid or missing provider name"),
    ("45", "invalid or missing provider specialty"),
    ("46", "invalid or missing provider phone number"),
    ("47", "invalid or missing provider state"),
    ("48", "invalid or missing referring provider identification number"),
    ("49", "provider is not primary care physician"),
    ("50", "provider ineligible for inquiries"),
    ("51", "provider not on file"),
    ("52", "service dates not within provider plan enrollment"),
    ("53", "inquired benefit inconsistent with provider type"),
    ("54", "inappropriate product or service id qualifier"),
    ("55", "inappropriate product or service id"),
    ("56", "inappropriate date"),
    ("57", "invalid or missing dates of service"),
    ("58", "invalid or missing date of birth"),
    ("60", "date of birth follows dates of service"),
    ("61", "date of death precedes dates of service"),
    ("62", "date of service not within allowable inquiry period"),
    ("63", "date of service in future"),
    ("64", "invalid or missing patient id"),
    ("65", "invalid or missing patient name"),
    ("66", "invalid or missing patient gender code"),
    ("67", "patient not found"),
    ("68", "duplicate patient id number"),
    ("69", "inconsistent with patient's age"),
    ("70", "inconsistent with patient's gender"),
    ("71", "patient birth date does not match that for the patient on the database"),
    ("72", "invalid or missing subscriber id"),
    ("73", "invalid or missing subscriber name"),
    ("74", "invalid or missing subscriber gender code"),
    ("75", "subscriber not found"),
    ("76", "duplicate subscriber id number"),
    ("77", "subscriber found, patient not found"),
    ("78", "subscriber not in group or plan identified"),
    ("79", "invalid participant identification"),
    ("80", "no response received, transaction terminated"),
    ("97", "invalid or missing provider address"),
    ("98", "experimental service or procedure"),
    ("T4", "payer name or identifier missing"),
];

/// AAA04 (X12 element 889), what is to be done.
const FOLLOW_UPS: &[(&str, &str)] = &[
    ("C", "please correct and resubmit"),
    ("N", "resubmission not allowed"),
    ("P", "please resubmit original transaction"),
    ("R", "resubmission allowed"),
    ("S", "do not resubmit; inquiry initiated to a third party"),
    ("W", "please wait 30 days and resubmit"),
    ("X", "please wait 10 days and resubmit"),
    ("Y", "do not resubmit; the request is held and will be answered"),
];

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
    words(REJECTS, code)
}

/// The words of a follow-up action (AAA04); `None` where the code is not in the list.
pub fn follow_up_words(code: &str) -> Option<&'static str> {
    words(FOLLOW_UPS, code)
}

/// The words of an eligibility information code (EB01); `None` where it says nothing of whether there is coverage.
pub fn benefit_words(code: &str) -> Option<&'static str> {
    words(BENEFITS, code)
}

fn words(list: &'static [(&str, &str)], code: &str) -> Option<&'static str> {
    list.iter().find(|(known, _)| *known == code).map(|(_, words)| *words)
}
