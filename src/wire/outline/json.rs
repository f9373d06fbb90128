//! An item as one line of JSON, written without a tree in between: a file of gigabytes has many.

use super::item::{Field, Item};

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
        out.extend_from_slice(format!(",\"segment_number\":{},\"offset\":{}", self.segment, self.offset).as_bytes());
        if !self.title.is_empty() && self.kind == super::ItemKind::Segment {
            out.extend_from_slice(b",\"title\":\"");
            out.extend_from_slice(self.title.as_bytes());
            out.push(b'"');
        }
        for (number, field) in self.fields().enumerate() {
            let earlier = self.fields().take(number).filter(|other| other.name == field.name).count();
            write_field(field, earlier, out);
        }
        out.extend_from_slice(b"}\n");
    }
}

fn write_field(field: Field<'_>, earlier: usize, out: &mut Vec<u8>) {
    key(field.name, "", earlier, out);
    match field.masked() {
        Some(masked) => string(masked.as_bytes(), out),
        None => string(field.value, out),
    }
    if let Some(means) = field.means {
        key(field.name, "_means", earlier, out);
        string(means.as_bytes(), out);
    }
}

fn key(name: &str, suffix: &str, earlier: usize, out: &mut Vec<u8>) {
    out.extend_from_slice(b",\"");
    out.extend(name.bytes().map(|byte| if byte == b' ' { b'_' } else { byte }));
    out.extend_from_slice(suffix.as_bytes());
    if earlier > 0 {
        out.extend_from_slice(format!("_{}", earlier + 1).as_bytes());
    }
    out.extend_from_slice(b"\":");
}

/// A JSON string; what is no UTF-8 is taken as Latin-1, as old systems write it.
fn string(value: &[u8], out: &mut Vec<u8>) {
    out.push(b'"');
    if value.iter().all(|byte| matches!(byte, b' '..=b'~') && !matches!(byte, b'"' | b'\\')) {
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
