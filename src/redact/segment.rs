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

/// The blanks that fill an element up stay around its replacement.
fn put(how: Treatment, value: &[u8], delimiters: Delimiters, key: &Key, out: &mut Vec<u8>) {
    let core = value.trim_ascii();
    let start = value.len() - value.trim_ascii_start().len();
    out.extend_from_slice(value.get(..start).unwrap_or_default());
    if !core.is_empty() {
        put_core(how, core, delimiters, key, out);
    }
    out.extend_from_slice(value.get((start + core.len()).min(value.len())..).unwrap_or_default());
}

fn put_core(how: Treatment, value: &[u8], delimiters: Delimiters, key: &Key, out: &mut Vec<u8>) {
    let is_separator = |byte: &u8| {
        [delimiters.element, delimiters.segment, delimiters.component].contains(byte)
            || delimiters.repetition == Some(*byte)
    };
    let replacement = match how {
        Treatment::Keep => return out.extend_from_slice(value),
        Treatment::KeepCode | Treatment::Race | Treatment::Unit => return components(how, value, delimiters, key, out),
        Treatment::KeepDay if value.iter().all(|byte| byte.is_ascii_digit() || *byte == b'-') => {
            return out.extend_from_slice(value);
        }
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
        Treatment::BirthDate => key.birth_date(value),
        Treatment::Identifier => key.same_shape("identifier", value),
        Treatment::Text | Treatment::KeepDay => key.same_shape("text", value),
    };
    // A replacement holds no separator, whatever the file's are.
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

/// Each component of each repetition by itself: codes are kept, and the name of a business unit; a race becomes one that says
/// nothing ("other race").
fn components(how: Treatment, value: &[u8], delimiters: Delimiters, key: &Key, out: &mut Vec<u8>) {
    let is_separator = |byte: &u8| *byte == delimiters.component || Some(*byte) == delimiters.repetition;
    for (number, piece) in value.split_inclusive(is_separator).enumerate() {
        let (part, separator) = match piece.split_last() {
            Some((last, part)) if is_separator(last) => (part, Some(*last)),
            _ => (piece, None),
        };
        let is_unit = how == Treatment::Unit && number == 0;
        if is_unit || part.len() <= CODE && (how == Treatment::KeepCode || part == b"RET") {
            out.extend_from_slice(part);
        } else if how == Treatment::Race && !part.is_empty() {
            out.extend_from_slice(if part.len() == 1 { b"7" } else { b"2131-1" });
        } else {
            out.extend_from_slice(&key.same_shape("code", part));
        }
        out.extend(separator);
    }
}
