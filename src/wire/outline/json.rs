//! An item as one line of JSON, written without a tree in between: a file of gigabytes has many.

use super::item::{Field, Item, ItemKind};
use super::vocabulary::name_of_field;
use std::collections::HashMap;
use std::io::Write as _;

impl Item {
    /// Appends the item as a JSON object on a line of its own. Fields are strings under their names; a code's meaning stands
    /// beside it as `NAME_means`; a second field of a name is called `NAME_2`. Fields of members that are fields of the record
    /// stand under its dotted names, and once more under the names that they had before. Of Social Security numbers the last
    /// four digits are shown.
    pub fn write_json(&self, file: &str, out: &mut Vec<u8>) {
        out.extend_from_slice(b"{\"kind\":\"");
        out.extend_from_slice(self.kind.name().as_bytes());
        out.extend_from_slice(b"\",\"file\":");
        string(file.as_bytes(), out);
        for (name, value) in ["interchange_control", "group_control", "set_control"].iter().zip(&self.control) {
            if !value.is_empty() {
                Key::of_item(name).write("", out);
                string(value.as_bytes(), out);
            }
        }
        // Writing to memory does not fail.
        let _ = write!(out, ",\"segment_number\":{},\"offset\":{}", self.segment, self.offset);
        if !self.title.is_empty() && self.kind == ItemKind::Segment {
            out.extend_from_slice(b",\"title\":\"");
            out.extend_from_slice(self.title.as_bytes());
            out.push(b'"');
        }
        let (mut names, mut dotted) = (Names::default(), Names::default());
        let is_plain = is_plain(self.bytes());
        // Names from the guides' tables have blanks in them, and are nobody else's.
        let is_table = self.kind == ItemKind::Segment;
        let called = |name| if self.kind == ItemKind::Member { name_of_field(name, self.is_federal) } else { name };
        for (number, field) in self.fields().enumerate() {
            let before = || self.fields().take(number).map(|other| other.name);
            let name = called(field.name);
            if name != field.name {
                let earlier = dotted.earlier(name, || before().map(called).filter(|name| name.contains('.')));
                write_field(Key { name, earlier, is_table }, field, is_plain, out);
            }
            let key = Key { name: field.name, earlier: names.earlier(field.name, before), is_table };
            write_field(key, field, is_plain, out);
        }
        out.extend_from_slice(b"}\n");
    }
}

/// A field, with what its code means beside it.
fn write_field(key: Key, field: Field<'_>, is_plain: bool, out: &mut Vec<u8>) {
    key.write("", out);
    match field.masked() {
        Some(masked) => string(masked.as_bytes(), out),
        None if is_plain => quoted(field.value, out),
        None => string(field.value, out),
    }
    if let Some(means) = field.means() {
        key.write("_means", out);
        string(means.as_bytes(), out);
    }
}

/// Names that have been there, each as one bit of 256: a bit that is not set spares a look at every name before. Once one
/// is set they are counted, so that a member of a hundred thousand coverages is not gone through for each of them.
#[derive(Default)]
struct Names {
    bits: [u64; 4],
    counts: Option<HashMap<&'static str, usize>>,
}

impl Names {
    /// How often a name has been there; `before` has all the names so far.
    fn earlier<I: Iterator<Item = &'static str>>(&mut self, name: &'static str, before: impl FnOnce() -> I) -> usize {
        let is_first = self.is_first(name);
        if is_first && self.counts.is_none() {
            return 0;
        }
        let counts = self.counts.get_or_insert_with(|| {
            let mut counts = HashMap::new();
            before().for_each(|name| *counts.entry(name).or_default() += 1);
            counts
        });
        let count = counts.entry(name).or_default();
        *count += 1;
        *count - 1
    }

    /// Whether a name has surely not been there; from now on it has.
    fn is_first(&mut self, name: &str) -> bool {
        let name = name.as_bytes();
        let letter = |at: usize| name.get(at).copied().map_or(0, u64::from);
        let ends = letter(0) ^ letter(name.len() / 2) << 8 ^ letter(name.len().saturating_sub(1)) << 16;
        let mixed = (ends ^ (name.len() as u64) << 24).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let bit = 1 << (mixed >> 58);
        let Some(word) = self.bits.get_mut((mixed >> 56 & 3) as usize) else { return false };
        let is_first = *word & bit == 0;
        *word |= bit;
        is_first
    }
}

/// What a value stands under.
#[derive(Clone, Copy)]
struct Key {
    name: &'static str,
    /// Fields of the same name before it.
    earlier: usize,
    /// Whether blanks may be in the name.
    is_table: bool,
}

impl Key {
    fn of_item(name: &'static str) -> Self {
        Self { name, earlier: 0, is_table: false }
    }

    fn write(self, suffix: &str, out: &mut Vec<u8>) {
        out.extend_from_slice(b",\"");
        let start = out.len();
        out.extend_from_slice(self.name.as_bytes());
        if self.is_table {
            let own = out.get_mut(start..).unwrap_or_default();
            own.iter_mut().filter(|byte| **byte == b' ').for_each(|byte| *byte = b'_');
        }
        if self.earlier > 0 {
            // Writing to memory does not fail.
            let _ = write!(out, "_{}", self.earlier + 1);
        }
        if !suffix.is_empty() {
            out.extend_from_slice(suffix.as_bytes());
        }
        out.extend_from_slice(b"\":");
    }
}

/// Whether a text stands in JSON as it is.
fn is_plain(text: &[u8]) -> bool {
    // No early end: whole words of bytes are looked at together.
    let and_plain = |all: bool, byte: &u8| all & matches!(byte, b' '..=b'~') & !matches!(byte, b'"' | b'\\');
    text.iter().fold(true, and_plain)
}

/// A JSON string of a plain text.
fn quoted(text: &[u8], out: &mut Vec<u8>) {
    out.push(b'"');
    out.extend_from_slice(text);
    out.push(b'"');
}

/// A JSON string; what is no UTF-8 is taken as Latin-1, as old systems write it.
fn string(value: &[u8], out: &mut Vec<u8>) {
    if is_plain(value) {
        return quoted(value, out);
    }
    let latin = || value.iter().map(|byte| char::from(*byte)).collect::<String>();
    let text = std::str::from_utf8(value).map_or_else(|_| latin(), str::to_owned);
    out.extend_from_slice(serde_json::Value::String(text).to_string().as_bytes());
}

#[cfg(test)]
mod tests {
    use super::{Names, is_plain, string};
    use crate::wire::guide::{GUIDES, Index};
    use std::cell::Cell;

    #[test]
    fn the_names_before_are_looked_at_once_however_often_they_come_again() {
        let (looked, many) = (Cell::new(0), 100_000);
        let mut names = Names::default();
        let said = |number: usize| if number.is_multiple_of(2) { "coverage" } else { "plan_id" };
        for number in 0..many {
            let before = || {
                (0..number).map(|at| {
                    looked.set(looked.get() + 1);
                    said(at)
                })
            };
            assert_eq!(names.earlier(said(number), before), number / 2);
        }
        assert!(looked.get() < many, "{} names looked at for {many}", looked.get());
    }

    #[test]
    fn strings_are_json_whatever_they_hold() {
        for value in [&b"O'Neal"[..], b"a\"b\\c", b"tab\there", b"\xd1and\xfa", "Ñandú".as_bytes(), b"\0\x1b[31m"] {
            let mut out = Vec::new();
            string(value, &mut out);
            assert!(serde_json::from_slice::<String>(&out).is_ok(), "{value:?}");
        }
    }

    #[test]
    fn every_name_of_an_element_is_plain() {
        for index in GUIDES.iter().filter_map(|guide| Index::of_set(guide.set.as_bytes())) {
            let slots = index.segments.iter().flat_map(|found| &found.slots);
            for slot in slots.flat_map(|slot| slot.components.iter().chain([slot])) {
                assert!(is_plain(slot.element.name.as_bytes()), "{}", slot.element.name);
            }
        }
    }
}
