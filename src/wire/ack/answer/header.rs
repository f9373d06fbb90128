//! What is wrong with an interchange header by itself.

use crate::wire::x12::{Segment, number};

/// The note (TA105) for a header; `None` where it can be received.
pub(super) fn note(isa: Segment<'_>) -> Option<&'static str> {
    let is_blank = |at: usize| isa.element(at).trim_ascii().is_empty();
    let is_one_of = |at: usize, codes: &[&[u8]]| codes.contains(&isa.element(at).trim_ascii());
    let checks = [
        (is_blank(6), "006"),
        (is_blank(8), "008"),
        (!is_date(isa.element(9)), "014"),
        (!is_time(isa.element(10)), "015"),
        (!is_one_of(12, &[b"00501", b"00401"]), "017"),
        (!is_number(isa.element(13)), "018"),
        (!is_one_of(14, &[b"0", b"1"]), "019"),
        (!is_one_of(15, &[b"P", b"T", b"I"]), "020"),
    ];
    checks.into_iter().find(|(is_wrong, _)| *is_wrong).map(|(_, note)| note)
}

/// YYMMDD; the century is not said, so 29 February is accepted in every fourth year.
fn is_date(element: &[u8]) -> bool {
    let part = |from: usize| element.get(from..from + 2).and_then(number);
    let (Some(year), Some(month), Some(day)) = (part(0), part(2), part(4)) else { return false };
    let year = i32::try_from(year).unwrap_or_default() + 2000;
    element.len() == 6 && chrono::NaiveDate::from_ymd_opt(year, month, day).is_some()
}

/// HHMM.
fn is_time(element: &[u8]) -> bool {
    let part = |from: usize| element.get(from..from + 2).and_then(number);
    element.len() == 4 && part(0).is_some_and(|hour| hour < 24) && part(2).is_some_and(|minute| minute < 60)
}

fn is_number(element: &[u8]) -> bool {
    let element = element.trim_ascii();
    element.len() == 9 && number(element).is_some()
}
