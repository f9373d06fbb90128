//! XML answers as the values that paths lead through. No document types, and no entities but XML's own.
//!
//! An element is an object of its parts: attributes under `@name`, text under `#text`, elements under their local names, those of one
//! name as a list where there are several. One with nothing but text is that text; one that is `xsi:nil` is `null`.

use quick_xml::Reader;
use quick_xml::events::{BytesRef, BytesStart, Event};
use serde_json::{Map, Value};

/// Deeper documents are refused.
const DEEPEST: usize = 128;
/// The name under which the text stands of an element that has attributes or elements too.
pub(super) const TEXT: &str = "#text";

/// An element that is open.
struct Open {
    name: String,
    parts: Map<String, Value>,
    text: String,
    is_nil: bool,
}

/// Whether a text begins as XML does, and not as JSON.
pub(super) fn begins_as_xml(body: &[u8]) -> bool {
    let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
    body.trim_ascii_start().first() == Some(&b'<')
}

/// The document; an object with its outermost element. `Err` says in words what is wrong with it, and quotes nothing of it.
pub fn xml_of(body: &[u8]) -> Result<Value, &'static str> {
    let text =
        std::str::from_utf8(body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body)).map_err(|_| "it is not UTF-8")?;
    let mut reader = Reader::from_str(text);
    reader.config_mut().expand_empty_elements = true;
    let mut open = vec![Open::new(String::new())];
    loop {
        match reader.read_event().map_err(|_| "it is not well-formed")? {
            Event::Start(start) if open.len() > DEEPEST => {
                drop(start);
                return Err("its elements are nested too deeply");
            }
            Event::Start(start) => open.push(opened(&start)?),
            Event::End(_) => close(&mut open),
            Event::Text(text) => add(&mut open, &text),
            Event::CData(text) => add(&mut open, &text),
            Event::GeneralRef(reference) => {
                let c = resolved(&reference).ok_or("it has an entity that XML does not know")?;
                add(&mut open, c.encode_utf8(&mut [0; 4]));
            }
            Event::DocType(_) => return Err("it has a document type, which is refused"),
            Event::Eof => break,
            _ => {}
        }
    }
    match (open.pop(), open.len()) {
        (Some(document), 0) if !document.parts.is_empty() => Ok(Value::Object(document.parts)),
        (_, 0) => Err("it has no element"),
        _ => Err("it ends before its elements do"),
    }
}

impl Open {
    fn new(name: String) -> Self {
        Self { name, parts: Map::new(), text: String::new(), is_nil: false }
    }

    fn into_value(mut self) -> Value {
        let text = self.text.trim();
        if self.is_nil && self.parts.is_empty() {
            return Value::Null;
        }
        if self.parts.is_empty() {
            return Value::String(text.to_owned());
        }
        if !text.is_empty() {
            self.parts.insert(TEXT.to_owned(), Value::String(text.to_owned()));
        }
        Value::Object(self.parts)
    }
}

fn add(open: &mut [Open], text: &str) {
    if let Some(innermost) = open.last_mut() {
        innermost.text.push_str(text);
    }
}

fn opened(start: &BytesStart<'_>) -> Result<Open, &'static str> {
    let mut open = Open::new(start.local_name().as_ref().to_owned());
    for attribute in start.attributes() {
        let attribute = attribute.map_err(|_| "it is not well-formed")?;
        let name = attribute.key.local_name().as_ref().to_owned();
        let value = attribute
            .normalized_value(quick_xml::XmlVersion::Implicit1_0)
            .map_err(|_| "it has an entity that XML does not know")?;
        let is_declaration = attribute.key.as_namespace_binding().is_some();
        match name.as_str() {
            "nil" => open.is_nil = matches!(value.as_ref(), "true" | "1"),
            _ if is_declaration => {}
            _ => drop(open.parts.insert(format!("@{name}"), Value::String(value.into_owned()))),
        }
    }
    Ok(open)
}

/// Puts the innermost element into the one around it.
fn close(open: &mut Vec<Open>) {
    let Some(closed) = open.pop().filter(|_| !open.is_empty()) else { return };
    let name = closed.name.clone();
    let value = closed.into_value();
    let Some(around) = open.last_mut() else { return };
    match around.parts.get_mut(&name) {
        Some(Value::Array(several)) => several.push(value),
        Some(one) => *one = Value::Array(vec![one.take(), value]),
        None => drop(around.parts.insert(name, value)),
    }
}

/// The character that a reference stands for; of entities only XML's own five.
fn resolved(reference: &BytesRef<'_>) -> Option<char> {
    if let Some(character) = reference.resolve_char_ref().ok()? {
        return Some(character);
    }
    match &**reference {
        "lt" => Some('<'),
        "gt" => Some('>'),
        "amp" => Some('&'),
        "apos" => Some('\''),
        "quot" => Some('"'),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::xml_of;
    use serde_json::json;

    #[test]
    fn elements_attributes_and_texts_are_read_and_several_of_one_name_are_a_list() {
        let document =
            br#"<?xml version="1.0"?><!-- c --><s:R xmlns:s="urn:x" xmlns="urn:y"><Id type="a">7 &amp; &#56;</Id>
            <P><N>Ann</N></P><P><N><![CDATA[B<o]]></N><Mid/></P><Gone xsi:nil="true"/></s:R>"#;
        let expected = json!({"R": {"Id": {"@type": "a", "#text": "7 & 8"},
            "P": [{"N": "Ann"}, {"N": "B<o", "Mid": ""}], "Gone": null}});
        assert_eq!(xml_of(document), Ok(expected));
    }

    #[test]
    fn what_is_no_xml_or_brings_entities_of_its_own_is_refused() {
        for (text, words) in [
            ("<a><b></a>", "it is not well-formed"),
            ("<a>", "it ends before its elements do"),
            ("<!DOCTYPE a [<!ENTITY x 'y'>]><a>&x;</a>", "it has a document type, which is refused"),
            ("<a>&x;</a>", "it has an entity that XML does not know"),
            ("", "it has no element"),
        ] {
            assert_eq!(xml_of(text.as_bytes()), Err(words), "{text}");
        }
        let deep = format!("{}{}", "<a>".repeat(5000), "</a>".repeat(5000));
        assert_eq!(xml_of(deep.as_bytes()), Err("its elements are nested too deeply"));
    }
}
