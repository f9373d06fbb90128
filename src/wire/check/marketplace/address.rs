//! Where and how people are reached, and what they say of their origin.

use super::super::finding::ElementPlace;
use super::super::rule::Rule;
use super::super::sink::{Here, Sink, shown};
use super::places::{serves_also, state_of_county, state_of_zip};
use super::segments::{is_telephone, is_zip};
use crate::wire::guide::codes::{self, meaning};
use crate::wire::x12::{Delimiters, Segment};

/// Telephone numbers.
pub(super) fn contact(segment: Segment<'_>, here: Here<'_>, sink: &mut Sink) {
    let [_, _, _, one, first, other, second, third_kind, third] = segment.elements();
    for (element, kind, number) in [(4, one, first), (6, other, second), (8, third_kind, third)] {
        let is_number = matches!(kind, b"TE" | b"AP" | b"HP" | b"WP" | b"CP" | b"BN");
        if is_number && !number.is_empty() && !is_telephone(number) {
            sink.add(Rule::Contact, here, ElementPlace::of(element), || {
                (shown(number), "ten digits that are not all the same".to_owned())
            });
        }
    }
}

/// City, state, ZIP code, county.
pub(super) fn place(segment: Segment<'_>, here: Here<'_>, sink: &mut Sink) {
    let [_, _, state, zip, abroad, kind, county] = segment.elements();
    for (element, value, what) in [(2, state, "the state"), (3, zip, "the ZIP code")] {
        if value.is_empty() && abroad.is_empty() && here.in_loop.starts_with("2100") {
            sink.add(Rule::Demographics, here, ElementPlace::of(element), || {
                ("nothing".to_owned(), format!("{what}, as no country is named"))
            });
        }
    }
    if abroad.is_empty() && !zip.is_empty() && !is_zip(zip) {
        sink.add(Rule::Contact, here, ElementPlace::of(3), || {
            (shown(zip), "five or nine digits that are not all the same".to_owned())
        });
    }
    let is_here = matches!(abroad, b"" | b"US" | b"USA");
    check_state((state, zip, if kind == b"CY" { county } else { b"" }), is_here, here, sink);
    let is_code = county.len() == 5 && county.iter().all(u8::is_ascii_digit);
    if kind == b"CY" && !is_code {
        sink.add(Rule::Demographics, here, ElementPlace::of(6), || {
            (shown(county), "the county's code of five digits (FIPS)".to_owned())
        });
    }
}

/// ZIP code and county are in the state that is named.
fn check_state((state, zip, county): (&[u8], &[u8], &[u8]), is_here: bool, here: Here<'_>, sink: &mut Sink) {
    if state.is_empty() || !is_here {
        return;
    }
    let of_zip = state_of_zip(zip).filter(|_| !serves_also(zip, state));
    for (element, value, found, what) in
        [(3, zip, of_zip, "a ZIP code"), (6, county, state_of_county(county), "a county")]
    {
        if let Some(other) = found.filter(|found| found.as_bytes() != state) {
            sink.add(Rule::Demographics, here, ElementPlace::of(element), || {
                (format!("{}, which is in {other}", shown(value)), format!("{what} in {}", shown(state)))
            });
        }
    }
}

/// DMG05: race and ethnicity by the exchange's table (CMS companion guide v7.2 p. 110).
pub(super) fn races(segment: Segment<'_>, delimiters: Delimiters, here: Here<'_>, sink: &mut Sink) {
    let all = segment.element(5);
    for race in all.split(|byte| Some(*byte) == delimiters.repetition) {
        let code = delimiters.components(race).nth(2).unwrap_or_default();
        if !code.is_empty() && meaning(codes::RACE_OR_ETHNICITY, code).is_none() {
            sink.add(Rule::Demographics, here, ElementPlace::of(5), || {
                (shown(code), "a code of the exchange's table of race and ethnicity, such as `2106-3`".to_owned())
            });
        }
    }
}
