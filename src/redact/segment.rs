//! One segment, its elements replaced.

use super::known::is_known;
use super::policy::{Treatment, treatment};
use super::pseudonym::Key;
use crate::wire::x12::{Delimiters, Segment};

/// What carries over from segment to segment.
#[derive(Debug, Default)]
pub(super) struct Context {
    /// N102 of the reporting category that is open.
    category: Vec<u8>,
    /// The year in which the group was written (GS04).
    year: Option<u32>,
}

impl Context {
    /// Appends a segment with its people replaced; how many elements were.
    pub(super) fn write(&mut self, segment: Segment<'_>, delimiters: Delimiters, key: &Key, out: &mut Vec<u8>) -> u64 {
        let elements: Vec<&[u8]> = segment.as_written().collect();
        self.note(&elements);
        let mut replaced = 0;
        for (number, value) in elements.iter().enumerate() {
            if number > 0 {
                out.push(delimiters.element);
            }
            if number == 0 || value.is_empty() {
                out.extend_from_slice(value);
                continue;
            }
            let how = treatment(&elements, number, &self.category);
            let before = out.len();
            put(how, value, (delimiters, self.earliest_year()), key, out);
            replaced += u64::from(out.get(before..) != Some(*value));
        }
        replaced
    }

    fn note(&mut self, elements: &[&[u8]]) {
        match elements {
            [b"N1", b"75", name, ..] => self.category = name.to_vec(),
            [b"REF" | b"DTP", ..] => {}
            [b"GS", _, _, _, date, ..] => self.year = year_of(date),
            _ => self.category.clear(),
        }
    }
}

/// Coverage is told for so many years at most; what happened before may be somebody's birth.
const YEARS: u32 = 15;

impl Context {
    fn earliest_year(&self) -> u32 {
        self.year.map_or(0, |year| year.saturating_sub(YEARS))
    }
}

fn year_of(date: &[u8]) -> Option<u32> {
    std::str::from_utf8(date.get(..4)?).ok()?.parse().ok()
}

/// A day, a period or a time, no part of which lies before that year.
fn is_recent_day(value: &[u8], earliest: u32) -> bool {
    let is_day = |part: &[u8]| {
        part.len() >= 8 && part.iter().all(u8::is_ascii_digit) && year_of(part).is_some_and(|year| year >= earliest)
    };
    value.split(|byte| *byte == b'-').all(is_day)
}

/// A number with no more than seven digits before its point.
fn is_amount(value: &[u8]) -> bool {
    let value = value.strip_prefix(b"-").unwrap_or(value);
    let whole = value.split(|byte| *byte == b'.').next().unwrap_or_default();
    let is_number = value.iter().all(|byte| byte.is_ascii_digit() || *byte == b'.');
    is_number && whole.len() <= 7 && value.len() - whole.len() <= 5
}

/// Whose number or name of the trade it is: an issuer's HIOS id with whatever digits and state follow, the exchange's, and what is
/// too short for a name. A tax id may be somebody's SSN.
fn is_partner_id(value: &[u8]) -> bool {
    let is_hios = value.len() != 9
        && value.len() <= 15
        && value.iter().take(5).filter(|byte| byte.is_ascii_digit()).count() == 5
        && value.iter().filter(|byte| byte.is_ascii_alphabetic()).count() <= 2;
    value.len() <= 3 || is_hios || [&b"CMSFFM"[..], b"CMS", b"FFM"].contains(&value)
}

/// Words of plans' names, of which none is anybody's.
const PLAN_WORDS: &[&[u8]] = &[
    b"ACA",
    b"BASIC",
    b"BENEFIT",
    b"BRONZE",
    b"BUY",
    b"CARE",
    b"CATASTROPHIC",
    b"CDHP",
    b"CHIP",
    b"CHOICE",
    b"COMPREHENSIVE",
    b"COPAY",
    b"COVERAGE",
    b"DEDUCTIBLE",
    b"DENTAL",
    b"DHMO",
    b"DPPO",
    b"EMPLOYEE",
    b"ENHANCED",
    b"EPO",
    b"ESSENTIAL",
    b"EXPANDED",
    b"EYE",
    b"FAMILY",
    b"FSA",
    b"GOLD",
    b"GROUP",
    b"HDHP",
    b"HEALTH",
    b"HIGH",
    b"HMO",
    b"HRA",
    b"HSA",
    b"INDEMNITY",
    b"INDIVIDUAL",
    b"LEVEL",
    b"LIFE",
    b"LOW",
    b"MAJOR",
    b"MEDICAL",
    b"MEDICAID",
    b"MEDICARE",
    b"NETWORK",
    b"ONLY",
    b"OPTION",
    b"PEDIATRIC",
    b"PLAN",
    b"PLATINUM",
    b"PLUS",
    b"POS",
    b"PPO",
    b"PREFERRED",
    b"PREMIUM",
    b"PREVENTIVE",
    b"QHP",
    b"SAVER",
    b"SELECT",
    b"SILVER",
    b"STANDARD",
    b"STD",
    b"TIER",
    b"UP",
    b"VALUE",
    b"VIS",
    b"VISION",
];

/// Whether every word is one of plans, or a code: a few letters and digits, fewer digits than any number of a person has.
fn is_plan_name(value: &[u8]) -> bool {
    let digits = value.iter().filter(|byte| byte.is_ascii_digit()).count();
    let words = value.split(|byte| !byte.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let is_of_plan = |word: &[u8]| {
        let is_code =
            word.iter().any(u8::is_ascii_digit) && word.iter().filter(|b| b.is_ascii_alphabetic()).count() <= 4;
        is_code || word.len() <= 2 || PLAN_WORDS.contains(&word.to_ascii_uppercase().as_slice())
    };
    digits <= 6 && value.is_ascii() && words.clone().count() > 0 && words.clone().all(is_of_plan)
}

/// The name of a business unit (CTX01-1): which element it is, in the guides' words.
fn is_unit_name(value: &[u8]) -> bool {
    const WORDS: &[&[u8]] = &[b"SITUATIONAL", b"TRIGGER", b"PATIENT", b"SUBSCRIBER", b"NAME", b"NUMBER"];
    let is_element = |word: &[u8]| {
        let (segment, number) = word.split_at(word.len().saturating_sub(2));
        let number = std::str::from_utf8(number).ok().and_then(|number| number.parse().ok());
        number.is_some_and(|number| is_known(segment, number))
    };
    value.split(|byte| *byte == b' ').all(|word| WORDS.contains(&word) || is_element(word))
}

/// The name of a segment of some guide, of a loop (`2100A`), a position, the number of a data element, or a code (`8`, `I10`).
fn is_pointer(value: &[u8]) -> bool {
    let digits = value.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let (number, letters) = value.split_at(digits);
    let is_loop = digits == 4 && letters.len() <= 2 && letters.iter().all(u8::is_ascii_uppercase);
    let is_coded = |rest: &[u8]| value.len() <= CODE && rest.iter().all(u8::is_ascii_digit);
    value.len() <= 2
        || letters.is_empty() && number.len() <= 6
        || is_loop
        || is_known(value, 1)
        || value.split_first().is_some_and(|(_, rest)| is_coded(rest))
}

/// Kept codes are no longer than this.
const CODE: usize = 3;

/// The blanks that fill an element up stay around its replacement.
fn put(how: Treatment, value: &[u8], of: (Delimiters, u32), key: &Key, out: &mut Vec<u8>) {
    let core = value.trim_ascii();
    let start = value.len() - value.trim_ascii_start().len();
    out.extend_from_slice(value.get(..start).unwrap_or_default());
    if !core.is_empty() {
        put_core(how, core, of, key, out);
    }
    out.extend_from_slice(value.get((start + core.len()).min(value.len())..).unwrap_or_default());
}

fn put_core(how: Treatment, value: &[u8], (delimiters, earliest): (Delimiters, u32), key: &Key, out: &mut Vec<u8>) {
    let is_separator = |byte: &u8| {
        [delimiters.element, delimiters.segment, delimiters.component].contains(byte)
            || delimiters.repetition == Some(*byte)
    };
    let replacement = match how {
        Treatment::Keep => return out.extend_from_slice(value),
        Treatment::KeepCode | Treatment::KeepPointer | Treatment::Race | Treatment::Unit => {
            return components(how, value, delimiters, key, out);
        }
        Treatment::KeepDay if is_recent_day(value, earliest) => return out.extend_from_slice(value),
        Treatment::KeepAmount if is_amount(value) => return out.extend_from_slice(value),
        Treatment::KeepPartner if is_partner_id(value) => return out.extend_from_slice(value),
        Treatment::KeepPlan if is_plan_name(value) => return out.extend_from_slice(value),
        Treatment::KeepControl if value.iter().all(u8::is_ascii_digit) => return out.extend_from_slice(value),
        // A separator where none belongs stays.
        Treatment::FirstName | Treatment::LastName | Treatment::Initial | Treatment::Street | Treatment::City
            if value.iter().any(is_separator) =>
        {
            key.same_shape("text", value)
        }
        Treatment::FirstName => key.first_name(value),
        Treatment::LastName => key.last_name(value),
        Treatment::Initial => key.initial(value),
        Treatment::Ssn => key.ssn(value),
        Treatment::Telephone => key.telephone(value),
        Treatment::Email => key.email(value),
        Treatment::Street => key.street(value),
        Treatment::City => key.city(value),
        Treatment::Zip => key.zip(value),
        Treatment::County => key.county(value),
        Treatment::BirthDate | Treatment::KeepDay => key.birth_date(value),
        Treatment::KeepOrigin => {
            let (number, origin) = apart_from_origin(value);
            [key.same_shape("identifier", number), origin.to_vec()].concat()
        }
        Treatment::Identifier | Treatment::KeepControl | Treatment::KeepPartner => key.same_shape("identifier", value),
        Treatment::Text | Treatment::KeepAmount | Treatment::KeepPlan => key.same_shape("text", value),
    };
    // A replacement holds no separator, whatever the file's are.
    out.extend(
        replacement
            .iter()
            .zip(separators(&replacement, value))
            .map(|(byte, was)| if is_separator(byte) && !was { b'x' } else { *byte }),
    );
}

/// An application's number, and the code of its origin with the hyphen before it, where there is one (`710000001-05`; CMS companion guide
/// v7.2 p. 109).
fn apart_from_origin(value: &[u8]) -> (&[u8], &[u8]) {
    let at = value.iter().rposition(|byte| *byte == b'-').unwrap_or(value.len());
    let (number, origin) = value.split_at(at);
    let is_code = (2..=3).contains(&origin.len()) && origin.iter().skip(1).all(u8::is_ascii_digit);
    if is_code { (number, origin) } else { (value, &[]) }
}

/// For each byte of a replacement, whether the value had the same there: a separator that was there stays.
fn separators<'a>(replacement: &'a [u8], value: &'a [u8]) -> impl Iterator<Item = bool> + 'a {
    replacement.iter().enumerate().map(|(at, byte)| value.get(at) == Some(byte))
}

/// Each component of each repetition by itself: codes are kept, and the name of a business unit; a race becomes one that says
/// nothing ("other race").
fn components(how: Treatment, value: &[u8], delimiters: Delimiters, key: &Key, out: &mut Vec<u8>) {
    let is_separator = |byte: &u8| *byte == delimiters.component || Some(*byte) == delimiters.repetition;
    for (number, piece) in value.split_inclusive(is_separator).enumerate() {
        let (part, separator) = match piece.split_last() {
            Some((last, part)) if is_separator(last) => (part, Some(*last)),
            _ => (piece, None),
        };
        let is_unit = how == Treatment::Unit && number == 0 && is_unit_name(part);
        let is_pointer = how == Treatment::KeepPointer && is_pointer(part);
        if is_unit || is_pointer || part.len() <= CODE && (how == Treatment::KeepCode || part == b"RET") {
            out.extend_from_slice(part);
        } else if how == Treatment::Race && !part.is_empty() {
            out.extend_from_slice(if part.len() == 1 { b"7" } else { b"2131-1" });
        } else {
            out.extend_from_slice(&key.same_shape("code", part));
        }
        out.extend(separator);
    }
}
