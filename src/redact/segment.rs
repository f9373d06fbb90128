//! One segment, its elements replaced.

use super::policy::{Treatment, treatment};
use super::pseudonym::Key;
use crate::wire::x12::{Delimiters, Segment};

/// What carries over from segment to segment.
#[derive(Debug, Default)]
pub(super) struct Context {
    /// N102 of the reporting category that is open.
    category: Vec<u8>,
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
            put(how, value, delimiters, key, out);
            replaced += u64::from(out.get(before..) != Some(*value));
        }
        replaced
    }

    fn note(&mut self, elements: &[&[u8]]) {
        match elements {
            [b"N1", b"75", name, ..] => self.category = name.to_vec(),
            [b"REF" | b"DTP", ..] => {}
            _ => self.category.clear(),
        }
    }
}

/// Kept codes are no longer than this.
const CODE: usize = 3;

fn put(how: Treatment, value: &[u8], delimiters: Delimiters, key: &Key, out: &mut Vec<u8>) {
    let replacement = match how {
        Treatment::Keep => return out.extend_from_slice(value),
        Treatment::KeepCode | Treatment::Race => return components(how, value, delimiters, key, out),
        Treatment::FirstName => key.first_name(value),
        Treatment::LastName => key.last_name(value),
        Treatment::Initial => key.first_name(value).into_iter().take(1).collect(),
        Treatment::Ssn => key.ssn(value),
        Treatment::Telephone => key.telephone(value),
        Treatment::Email => key.email(value),
        Treatment::Street => key.street(value),
        Treatment::City => {
            if value.iter().any(u8::is_ascii_lowercase) {
                b"Springfield".to_vec()
            } else {
                b"SPRINGFIELD".to_vec()
            }
        }
        Treatment::Zip => key.zip(value),
        Treatment::County => county(value, key),
        Treatment::BirthDate => key.birth_date(value),
        Treatment::Identifier => key.same_shape("identifier", value),
        Treatment::Text => key.same_shape("text", value),
    };
    // A replacement holds no separator, whatever the file's are.
    let is_separator = |byte: &u8| {
        [delimiters.element, delimiters.segment, delimiters.component].contains(byte)
            || delimiters.repetition == Some(*byte)
    };
    out.extend(
        replacement
            .iter()
            .zip(separators(&replacement, value))
            .map(|(byte, was)| if is_separator(byte) && !was { b'x' } else { *byte }),
    );
}

/// For each byte of a replacement, whether the value had the same there: a separator that was there stays.
fn separators<'a>(replacement: &'a [u8], value: &'a [u8]) -> impl Iterator<Item = bool> + 'a {
    replacement.iter().enumerate().map(|(at, byte)| value.get(at) == Some(byte))
}

/// The state's digits as they were, and a county that many states have.
fn county(value: &[u8], key: &Key) -> Vec<u8> {
    let is_code = value.len() == 5 && value.iter().all(u8::is_ascii_digit);
    if !is_code {
        return key.same_shape("county", value);
    }
    [value.get(..2).unwrap_or_default(), b"001"].concat()
}

/// Each component of each repetition by itself: codes are kept, a race becomes one that says nothing ("other race").
fn components(how: Treatment, value: &[u8], delimiters: Delimiters, key: &Key, out: &mut Vec<u8>) {
    let is_separator = |byte: &u8| *byte == delimiters.component || Some(*byte) == delimiters.repetition;
    for piece in value.split_inclusive(is_separator) {
        let (part, separator) = match piece.split_last() {
            Some((last, part)) if is_separator(last) => (part, Some(*last)),
            _ => (piece, None),
        };
        if part.len() <= CODE && (how == Treatment::KeepCode || part == b"RET") {
            out.extend_from_slice(part);
        } else if how == Treatment::Race && !part.is_empty() {
            out.extend_from_slice(if part.len() == 1 { b"7" } else { b"2131-1" });
        } else {
            out.extend_from_slice(&key.same_shape("code", part));
        }
        out.extend(separator);
    }
}
