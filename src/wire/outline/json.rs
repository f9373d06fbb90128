//! An item as one line of JSON, written without a tree in between: a file of gigabytes has many.

use super::item::{Field, Item};
use std::io::Write as _;

impl Item {
    /// Appends the item as a JSON object on a line of its own. Fields are strings under their names; a code's meaning stands
    /// beside it as `NAME_means`; a second field of a name is called `NAME_2`. Of Social Security numbers the last four
    /// digits are shown.
    pub fn write_json(&self, file: &str, out: &mut Vec<u8>) {
        out.extend_from_slice(b"{\"kind\":\"");
        out.extend_from_slice(self.kind.name().as_bytes());
        out.extend_from_slice(b"\",\"file\":");
        string(file.as_bytes(), out);
        for (name, value) in ["interchange_control", "group_control", "set_control"].iter().zip(&self.control) {
            if !value.is_empty() {
                key(name, "", 0, out);
                string(value.as_bytes(), out);
            }
        }
        // Writing to memory does not fail.
        let _ = write!(out, ",\"segment_number\":{},\"offset\":{}", self.segment, self.offset);
        if !self.title.is_empty() && self.kind == super::ItemKind::Segment {
            out.extend_from_slice(b",\"title\":\"");
            out.extend_from_slice(self.title.as_bytes());
            out.push(b'"');
        }
        let mut names = Names::default();
        for (number, field) in self.fields().enumerate() {
            let is_first = names.is_first(field.name);
            let earlier = || self.fields().take(number).filter(|other| other.name == field.name).count();
            write_field(field, if is_first { 0 } else { earlier() }, out);
        }
        out.extend_from_slice(b"}\n");
    }
}

/// Names that have been there, each as one bit of 256: a bit that is not set spares a look at every name before.
#[derive(Default)]
struct Names([u64; 4]);

impl Names {
    /// Whether a name has surely not been there; from now on it has.
    fn is_first(&mut self, name: &str) -> bool {
        let name = name.as_bytes();
        let letter = |at: usize| name.get(at).copied().map_or(0, u64::from);
        let ends = letter(0) ^ letter(name.len() / 2) << 8 ^ letter(name.len().saturating_sub(1)) << 16;
        let mixed = (ends ^ (name.len() as u64) << 24).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let bit = 1 << (mixed >> 58);
        let Some(word) = self.0.get_mut((mixed >> 56 & 3) as usize) else { return false };
        let is_first = *word & bit == 0;
        *word |= bit;
        is_first
    }
}

fn write_field(field: Field<'_>, earlier: usize, out: &mut Vec<u8>) {
    key(field.name, "", earlier, out);
    match field.masked() {
        Some(masked) => string(masked.as_bytes(), out),
        None => string(field.value, out),
    }
    if let Some(means) = field.means() {
        key(field.name, "_means", earlier, out);
        string(means.as_bytes(), out);
    }
}

fn key(name: &str, suffix: &str, earlier: usize, out: &mut Vec<u8>) {
    out.extend_from_slice(b",\"");
    let start = out.len();
    out.extend_from_slice(name.as_bytes());
    // Names from the guides' tables have blanks in them.
    if name.contains(' ') {
        let own = out.get_mut(start..).unwrap_or_default();
        own.iter_mut().filter(|byte| **byte == b' ').for_each(|byte| *byte = b'_');
    }
    if earlier > 0 {
        let _ = write!(out, "_{}", earlier + 1);
    }
    out.extend_from_slice(suffix.as_bytes());
    out.extend_from_slice(b"\":");
}

/// A JSON string; what is no UTF-8 is taken as Latin-1, as old systems write it.
fn string(value: &[u8], out: &mut Vec<u8>) {
    out.push(b'"');
    // No early end: whole words of bytes are looked at together.
    let is_plain = |all: bool, byte: &u8| all & matches!(byte, b' '..=b'~') & !matches!(byte, b'"' | b'\\');
    if value.iter().fold(true, is_plain) {
        out.extend_from_slice(value);
    } else {
        let latin = || value.iter().map(|byte| char::from(*byte)).collect::<String>();
        let text = std::str::from_utf8(value).map_or_else(|_| latin(), str::to_owned);
        let quoted = serde_json::Value::String(text).to_string();
        out.extend_from_slice(quoted.get(1..quoted.len() - 1).unwrap_or_default().as_bytes());
    }
    out.push(b'"');
}

#[cfg(test)]
mod tests {
    use super::string;

    #[test]
    fn strings_are_json_whatever_they_hold() {
        for value in [&b"O'Neal"[..], b"a\"b\\c", b"tab\there", b"\xd1and\xfa", "Ñandú".as_bytes(), b"\0\x1b[31m"] {
            let mut out = Vec::new();
            string(value, &mut out);
            assert!(serde_json::from_slice::<String>(&out).is_ok(), "{value:?}");
        }
    }
}
