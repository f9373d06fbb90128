//! From a JSON record to facts, as the target's mapping says.

use crate::model::{Facts, Field, Value};
use crate::target::{Dialect, FieldMapping, JsonPath, StatusMapping};
use serde_json::Value as Json;

/// One record of an answer: the group's facts, and a member or several.
#[derive(Debug, Clone)]
pub(super) struct Mapped {
    pub(super) group: Facts,
    pub(super) members: Vec<Facts>,
}

/// Reads a record. Every field that the mapping lists is stated: with its value, or as absent.
pub(super) fn map_record(dialect: &Dialect, record: &Json) -> Mapped {
    let mut group = Facts::new();
    state_all(&mut group, dialect.fields.iter().filter(|m| m.field.is_group()), record);
    if let Some(status) = &dialect.status {
        group.set_or_absent(Field::PolicyStatus, policy_status(status, record));
    }
    let members = match &dialect.members {
        None => vec![map_member(dialect, record)],
        Some(path) => path.query(record).into_iter().map(|member| map_member(dialect, member)).collect(),
    };
    Mapped { group, members }
}

fn map_member(dialect: &Dialect, member: &Json) -> Facts {
    let mut facts = Facts::new();
    state_all(&mut facts, dialect.fields.iter().filter(|m| !m.field.is_group()), member);
    facts
}

fn state_all<'a>(facts: &mut Facts, mappings: impl Iterator<Item = &'a FieldMapping>, record: &Json) {
    // A plan id may say the variant too; what the mapping says of the variant itself comes after it and wins.
    for mapping in mappings {
        let value = value_of(mapping, record);
        match (mapping.field, value.as_ref().and_then(Value::as_text)) {
            (Field::PlanId, Some(text)) => facts.set_plan(text),
            _ => facts.set_or_absent(mapping.field, value),
        }
    }
}

fn value_of(mapping: &FieldMapping, record: &Json) -> Option<Value> {
    let texts: Vec<String> = mapping.paths.iter().filter_map(|path| first_text(path, record)).collect();
    let joined = texts.join(&mapping.joined_by);
    let text = match &mapping.part {
        Some((separator, at)) => joined.split(separator.as_str()).nth(*at).unwrap_or_default(),
        None => joined.as_str(),
    };
    let text = text.trim();
    if text.is_empty() {
        return None;
    }
    // A plan id is converted as text, so that its variant is not lost.
    let field = Some(mapping.field).filter(|field| *field != Field::PlanId);
    mapping.convert.apply(field, text)
}

/// The first text that is there; `null`, lists and objects are none.
fn first_text(path: &JsonPath, record: &Json) -> Option<String> {
    path.query(record).into_iter().find_map(|node| match node {
        Json::String(text) => Some(text.trim().to_owned()).filter(|text| !text.is_empty()),
        Json::Number(number) => Some(number.to_string()),
        Json::Bool(yes) => Some(yes.to_string()),
        Json::Null | Json::Array(_) | Json::Object(_) => None,
    })
}

/// The canonical status; a word that the mapping does not know stays as it is, and so differs from what is expected.
fn policy_status(mapping: &StatusMapping, record: &Json) -> Option<Value> {
    let word = first_text(&mapping.path, record)?;
    let known = [
        (&mapping.active, "effectuated"),
        (&mapping.pending, "initial"),
        (&mapping.cancelled, "cancelled"),
        (&mapping.terminated, "terminated"),
    ];
    let found = known.iter().find(|(words, _)| words.iter().any(|w| w.trim().eq_ignore_ascii_case(&word)));
    Some(found.map_or_else(|| Value::from(word.as_str()), |(_, status)| Value::from(*status)))
}
