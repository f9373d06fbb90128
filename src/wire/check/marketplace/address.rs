//! Where and how people are reached.

use super::super::finding::ElementPlace;
use super::super::rule::Rule;
use super::super::sink::{Here, Sink, shown};
use super::segments::{is_telephone, is_zip};
use crate::wire::x12::Segment;

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
    let is_code = county.len() == 5 && county.iter().all(u8::is_ascii_digit);
    if kind == b"CY" && !is_code {
        sink.add(Rule::Demographics, here, ElementPlace::of(6), || {
            (shown(county), "the county's code of five digits (FIPS)".to_owned())
        });
    }
}
