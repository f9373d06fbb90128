//! A first look at the segments of an 834 set: known, complete, with dates that exist.

use crate::wire::ack::{ElementError, SegmentError};
use crate::wire::x12::{PlacedSegment, Segment, day, decode};

/// The segments of 005010X220A1.
const KNOWN: [&[u8]; 31] = [
    b"ST", b"BGN", b"REF", b"DTP", b"QTY", b"N1", b"ACT", b"INS", b"NM1", b"PER", b"N3", b"N4", b"DMG", b"EC", b"ICM",
    b"AMT", b"HLH", b"LUI", b"DSB", b"HD", b"IDC", b"LX", b"PLA", b"COB", b"LS", b"LE", b"SE", b"N2", b"DX", b"III",
    b"TXI",
];

/// Elements that the standard makes mandatory, with X12's numbers for them: segment, position, number.
const MANDATORY: [(&[u8], u8, &str); 22] = [
    (b"BGN", 1, "353"),
    (b"BGN", 2, "127"),
    (b"BGN", 3, "373"),
    (b"REF", 1, "128"),
    (b"DTP", 1, "374"),
    (b"DTP", 2, "1250"),
    (b"DTP", 3, "1251"),
    (b"QTY", 1, "673"),
    (b"N1", 1, "98"),
    (b"INS", 1, "1073"),
    (b"INS", 2, "1069"),
    (b"INS", 3, "875"),
    (b"NM1", 1, "98"),
    (b"NM1", 2, "1065"),
    (b"PER", 1, "366"),
    (b"N3", 1, "166"),
    (b"AMT", 1, "522"),
    (b"AMT", 2, "782"),
    (b"HD", 1, "875"),
    (b"LX", 1, "554"),
    (b"PLA", 1, "306"),
    (b"LUI", 1, "66"),
];

/// What is wrong with a segment of an 834 set; `None` where nothing of what is looked for is.
pub(super) fn fault(found: &PlacedSegment<'_>) -> Option<SegmentError> {
    let (segment, position) = (found.segment, found.place.segment);
    if !KNOWN.contains(&segment.id()) {
        return Some(error(segment, position, "1", Vec::new()));
    }
    if position == 2 && segment.id() != b"BGN" {
        return Some(SegmentError { segment: "BGN".to_owned(), ..error(segment, position, "3", Vec::new()) });
    }
    let elements: Vec<_> = missing(segment).chain(bad_date(segment)).collect();
    (!elements.is_empty()).then(|| error(segment, position, "8", elements))
}

fn error(segment: Segment<'_>, position: u32, code: &str, elements: Vec<ElementError>) -> SegmentError {
    // IK301 holds three characters.
    let segment = decode(segment.id()).chars().take(3).collect();
    SegmentError { segment, position: Some(position), code: code.to_owned(), elements, ..SegmentError::default() }
}

fn missing(segment: Segment<'_>) -> impl Iterator<Item = ElementError> {
    let of_segment = MANDATORY.iter().filter(move |(id, _, _)| *id == segment.id());
    let empty = of_segment.filter(move |(_, at, _)| segment.element(usize::from(*at)).trim_ascii().is_empty());
    empty.map(|(_, at, number)| element(u32::from(*at), number, "1", ""))
}

/// A date in format D8 (DTP03, DMG02) that does not exist.
fn bad_date(segment: Segment<'_>) -> Option<ElementError> {
    let [id, first, second, third] = segment.elements();
    let (format, text, position) = match id {
        b"DTP" => (second, third, 3),
        b"DMG" => (first, second, 2),
        _ => return None,
    };
    let is_bad = format == b"D8" && !text.is_empty() && day(text).is_none();
    is_bad.then(|| element(position, "1251", "8", &decode(text)))
}

fn element(position: u32, data_element: &str, code: &str, bad_value: &str) -> ElementError {
    ElementError {
        position: Some(position),
        data_element: data_element.to_owned(),
        code: code.to_owned(),
        bad_value: bad_value.to_owned(),
        ..ElementError::default()
    }
}
