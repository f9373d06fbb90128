//! What a household has one of for good (a policy, an application, a case): by what names it is told, and which ids of it an answer shows.

use super::known::Known;
use super::own::texts;
use crate::model::{Captures, Field};
use crate::target::{has_word_of, is_made_of, may_be_id, text_of};
use serde_json::Value;
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
        Value::Object(fields) => fields.iter().for_each(|(key, field)| {
            let is_part = is_made_of(key, &["id", "number", "no", "value"]);
            let name = match key.as_str() {
                // the text of an element of XML that has attributes too
                "#text" => under.to_owned(),
                key if is_part => format!("{under}_{key}"),
                key => key.to_owned(),
            };
            ids_by_kind(field, &name, found);
        }),
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

/// What a record is called by, in it or in what it wraps.
pub(super) fn bare_id(record: &Value) -> Option<String> {
    let fields = record.as_object()?;
    let own = fields.iter().find(|(key, _)| is_made_of(key, &["id", "number", "no"])).and_then(|(_, id)| text_of(id));
    let wraps = |(key, _): &(&String, &Value)| is_made_of(key, &["data", "result", "response", "body", "payload"]);
    own.or_else(|| fields.iter().find(wraps).and_then(|(_, inner)| bare_id(inner)))
}

/// What kind of id a name is of, where a household has one of it for good: a change or a transaction has another each time.
fn kind_of(name: &str) -> Option<usize> {
    if !may_be_id(name) || has_word_of(name, &PASSING) {
        return None;
    }
    KINDS.iter().position(|words| has_word_of(name, words))
}
