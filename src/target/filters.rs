//! Filters for what other systems write: date formats, digits, padding, codes, lengths.

use crate::model::{Relationship, in_ascii};
use chrono::NaiveDate;
use minijinja::value::ValueKind;
use minijinja::{Environment, Error, ErrorKind, Value};
use std::fmt::Write as _;

/// The names of the filters that this program adds to minijinja's own, for messages and the reference.
pub const FILTERS: &[&str] = &[
    "date",
    "digits",
    "pad",
    "upper",
    "lower",
    "map",
    "relationship_code",
    "truncate_to",
    "ascii",
    "tojson",
    "urlencode",
];

/// What a text of an address begins with: an address as it stands where it is one, and a part of a path otherwise. For templates of
/// our own making.
pub(super) const OF_ADDRESS: &str = "_address";

/// Adds them.
pub(super) fn add_to(environment: &mut Environment<'static>) {
    environment.add_filter("date", date);
    environment
        .add_filter("digits", |value: Value| on_text(&value, |t| t.chars().filter(char::is_ascii_digit).collect()));
    environment.add_filter("pad", |value: Value, length: usize| pad(&value, length));
    environment.add_filter("map", |value: Value, words: Value| map(value, &words));
    environment.add_filter("relationship_code", relationship_code);
    environment
        .add_filter("truncate_to", |value: Value, length: usize| on_text(&value, |t| t.chars().take(length).collect()));
    environment.add_filter("ascii", |value: Value| on_text(&value, in_ascii));
    environment.add_filter("tojson", |value: Value| to_json(&value));
    environment.add_filter("urlencode", |value: Value| {
        check_known(&value)?;
        Ok::<_, Error>(Value::from_safe_string(percent_encode(&text_of(&value), b"")))
    });
    environment.add_filter(OF_ADDRESS, |value: Value| {
        check_known(&value)?;
        let text = text_of(&value);
        let is_address = ["http://", "https://", "/"].iter().any(|start| text.starts_with(start));
        Ok::<_, Error>(Value::from_safe_string(if is_address { text } else { percent_encode(&text, b"") }))
    });
    environment.add_filter("upper", |value: Value| on_text(&value, str::to_uppercase));
    environment.add_filter("e", |value: Value| on_text(&value, escaped));
    environment.add_filter("escape", |value: Value| on_text(&value, escaped));
    environment.add_filter("lower", |value: Value| on_text(&value, str::to_lowercase));
}

/// As XML and HTML carry it. (The template language's own filter writes `none` where there is nothing.)
fn escaped(text: &str) -> String {
    let entity = |c| match c {
        '&' => "&amp;",
        '<' => "&lt;",
        '>' => "&gt;",
        '"' => "&quot;",
        '\'' => "&#39;",
        _ => "",
    };
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match entity(c) {
            "" => safe.push(c),
            entity => safe.push_str(entity),
        }
    }
    safe
}

/// Nothing stays nothing; anything else is treated as text. What nobody has given a value is an error, as it is without
/// a filter: it would be sent as if there were none.
fn on_text(value: &Value, change: impl Fn(&str) -> String) -> Result<Value, Error> {
    check_known(value)?;
    Ok(if value.is_none() { value.clone() } else { Value::from(change(&text_of(value))) })
}

/// Refuses what nobody has given a value, also inside lists and mappings.
fn check_known(value: &Value) -> Result<(), Error> {
    match value.kind() {
        ValueKind::Undefined => Err(Error::from(ErrorKind::UndefinedError)),
        ValueKind::Seq | ValueKind::Iterable => value.try_iter()?.try_for_each(|item| check_known(&item)),
        ValueKind::Map => value.try_iter()?.try_for_each(|key| check_known(&value.get_item(&key)?)),
        _ => Ok(()),
    }
}

fn text_of(value: &Value) -> String {
    if value.is_none() { String::new() } else { value.to_string() }
}

fn failure(message: impl Into<String>) -> Error {
    Error::new(ErrorKind::InvalidOperation, message.into())
}

/// `2014-01-01 | date('%m/%d/%Y')` is `01/01/2014`.
fn date(value: Value, format: &str) -> Result<Value, Error> {
    check_known(&value)?;
    if value.is_none() {
        return Ok(value);
    }
    let date = NaiveDate::parse_from_str(&value.to_string(), "%Y-%m-%d")
        .map_err(|_| failure("`date` needs a date such as 2014-01-01"))?;
    let mut text = String::new();
    write!(text, "{}", date.format(format)).map_err(|_| failure(format!("`{format}` is no date format")))?;
    Ok(Value::from(text))
}

/// Zeros in front, to the length.
fn pad(value: &Value, length: usize) -> Result<Value, Error> {
    on_text(value, |text| format!("{text:0>width$}", width = length.min(1_000)))
}

/// `relationship | map({'spouse': '01'})`; a word that is not listed stays as it is.
fn map(value: Value, words: &Value) -> Result<Value, Error> {
    check_known(&value)?;
    let found = words.get_item(&value)?;
    Ok(if found.is_undefined() { value } else { found })
}

/// The X12 code of a relationship (INS02).
fn relationship_code(value: &str) -> Result<String, Error> {
    let known = Relationship::parse(value).ok_or_else(|| failure("`relationship_code` needs a relationship"))?;
    Ok(known.x12_code().to_owned())
}

fn to_json(value: &Value) -> Result<Value, Error> {
    check_known(value)?;
    serde_json::to_string(value).map(Value::from_safe_string).map_err(|e| failure(e.to_string()))
}

/// Everything percent-encoded but letters, digits, `-._~`, and the bytes of `also`.
pub(super) fn percent_encode(text: &str, also: &[u8]) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) || also.contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            // Writing to a String cannot fail.
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    encoded
}
