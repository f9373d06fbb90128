//! What a household has one of for good (a policy, an application, a case): by what names it is told, and which ids of it an answer shows.

use super::known::Known;
use super::own::texts;
use crate::model::{Captures, Field};
use crate::target::{has_word_of, is_made_of, may_be_id, text_of, words_of_name};
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};

/// What a household has one of for good, by the words that name it.
pub(super) const KINDS: [&[&str]; 6] = [
    &["policy", "policie", "contract"],
    &["application", "app"],
    &["enrollment"],
    &["household", "family"],
    &["case"],
    &["account"],
];
/// Whether a kind is of what begins anew with each policy.
pub(super) fn is_of_policies(kind: usize) -> bool {
    KINDS.get(kind).is_some_and(|words| words.contains(&"policy") || words.contains(&"enrollment"))
}

/// Words of names by which something is called.
const OF_IDS: [&str; 4] = ["id", "number", "no", "value"];
/// Words of names of what wraps an answer.
const WRAPS: [&str; 5] = ["data", "result", "response", "body", "payload"];

/// What each step has of its own.
const PASSING: [&str; 9] =
    ["change", "transaction", "request", "event", "session", "order", "message", "batch", "confirmation"];

/// What is proved of what a household has one of.
pub(super) fn kinds_of(known: &Known) -> BTreeMap<usize, BTreeSet<String>> {
    let Captures { groups, other, .. } = known.proved.captures();
    let of_fields = groups.iter().flat_map(|group| {
        let fields = [Field::PolicyId, Field::ApplicationId];
        fields.into_iter().filter_map(|field| Some((field.name().to_owned(), group.facts.text(field)?.to_owned())))
    });
    let proved = other.iter().filter(|(name, _)| known.is_proved(name));
    let of_names = proved.flat_map(|(name, value)| texts(value).into_iter().map(move |text| (name.clone(), text)));
    let mut kinds: BTreeMap<usize, BTreeSet<String>> = BTreeMap::new();
    for (name, text) in of_fields.chain(of_names) {
        if let Some(kind) = kind_of(&name) {
            kinds.entry(kind).or_default().insert(text.trim().to_owned());
        }
    }
    kinds
}

/// Ids in an answer of what a household has one of: `policy: {id: …}` says one as `policyId` does.
pub(super) fn ids_by_kind(value: &Value, under: &str, found: &mut BTreeMap<usize, BTreeSet<String>>) {
    match value {
        Value::Object(fields) => {
            let of_type = type_of(fields);
            for (key, field) in fields {
                let is_part = is_made_of(key, &OF_IDS);
                let name = match (key.as_str(), &of_type) {
                    // the text of an element of XML that has attributes too
                    ("#text", _) => under.to_owned(),
                    // what a resource of JSON:API or FHIR is stands beside its id
                    (key, Some(of_type)) if is_part => format!("{of_type}_{key}"),
                    (key, None) if is_part => format!("{under}_{key}"),
                    (key, _) => key.to_owned(),
                };
                ids_by_kind(field, &name, found);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| ids_by_kind(item, under, found)),
        scalar => {
            // a word says in what state it is
            let text = text_of(scalar).filter(|text| text.bytes().any(|byte| byte.is_ascii_digit()));
            if let Some((kind, text)) = kind_of(under).zip(text) {
                found.entry(kind).or_default().insert(text.trim().to_owned());
            }
        }
    }
}

/// The kind that a record says it is of, where it is one that a household has one of.
fn type_of(fields: &Map<String, Value>) -> Option<String> {
    let said = ["type", "resourceType", "kind"].iter().find_map(|name| fields.get(*name)?.as_str());
    said.filter(|of| kind_of(&format!("{of}_id")).is_some()).map(str::to_owned)
}

/// Whether an answer calls what was asked for under this name otherwise than it was asked for: another ticket or job than the address says.
pub(super) fn is_called_otherwise(body: &Value, (name, asked): (&str, &str)) -> bool {
    let mut shown = BTreeSet::new();
    called(body, &stem(name), &mut shown);
    !shown.is_empty() && !shown.contains(asked.trim())
}

fn called(value: &Value, stem: &[String], shown: &mut BTreeSet<String>) {
    let Some(fields) = value.as_object() else { return };
    let of_type = fields.get("type").and_then(Value::as_str).is_some_and(|of| is_stem_of(of, stem));
    for (key, field) in fields {
        match field {
            field if of_type && is_made_of(key, &OF_IDS) => shown.extend(text_of(field)),
            Value::Object(_) if is_made_of(key, &WRAPS) => called(field, stem, shown),
            Value::Object(inner) if is_stem_of(key, stem) => {
                shown
                    .extend(inner.iter().filter(|(key, _)| is_made_of(key, &OF_IDS)).filter_map(|(_, id)| text_of(id)));
            }
            field if is_stem_of(key, stem) => shown.extend(text_of(field)),
            _ => {}
        }
    }
}

/// Whether a name names this, be it in the plural.
fn is_stem_of(name: &str, stem: &[String]) -> bool {
    let words = self::stem(name);
    let is = |(word, of): (&String, &String)| word == of || word.strip_suffix('s') == Some(of);
    !words.is_empty() && words.len() == stem.len() && words.iter().zip(stem).all(is)
}

/// What a name names, without that it is its id: `ticketId` is a ticket's.
fn stem(name: &str) -> Vec<String> {
    let words = words_of_name(name);
    words.into_iter().filter(|word| !OF_IDS.contains(&word.as_str())).collect()
}

/// What a record is called by, in it or in what it wraps.
pub(super) fn bare_id(record: &Value) -> Option<String> {
    let fields = record.as_object()?;
    let own = fields.iter().find(|(key, _)| is_made_of(key, &OF_IDS)).and_then(|(_, id)| text_of(id));
    let wraps = |(key, _): &(&String, &Value)| is_made_of(key, &WRAPS);
    own.or_else(|| fields.iter().find(wraps).and_then(|(_, inner)| bare_id(inner)))
}

/// What kind of id a name is of, where a household has one of it for good: a change or a transaction has another each time.
fn kind_of(name: &str) -> Option<usize> {
    if !may_be_id(name) || has_word_of(name, &PASSING) {
        return None;
    }
    KINDS.iter().position(|words| has_word_of(name, words))
}
