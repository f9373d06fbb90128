//! Whether an answer says of whom it names that they were known before: then its ids may be a stranger's. It is understood by the words
//! that its names and values are made of, since every system has names of its own for it.

mod doubts;
mod header;
mod sentence;
#[cfg(test)]
mod tests;
mod words;

use crate::target::{Answer, may_be_id};
pub(super) use doubts::says_more_than_yes;
use sentence::is_sentence;
use serde_json::{Map, Value};
use words::{
    AROUND, DEGREES, ELSEWHERE, KNOWN, MET, NEW, OF_PLANS, PERSONS, PROOFS, REVERSED, SENTENCES, TELLS, THINGS, has,
    holds, words,
};

pub(super) use words::{SOMEBODY, has as has_one_of};

/// Whether a name is of a person: `subscriber`, `insuredPerson`.
pub(super) fn names_somebody_by(name: &str) -> bool {
    has(&words(name), SOMEBODY)
}

/// So deep it is looked for: what wraps an answer, and a part that tells of a search that it made.
const DEEPEST: usize = 5;
/// A word for what came of a request has no more words than this.
const LONGEST: usize = 6;

/// What is known of whoever an answer may be about.
#[derive(Clone, Copy)]
pub(super) struct Ours<'a> {
    /// Whether what is said in these words, somewhere in this record, is said of what is proved to be ours: that is known to us, too.
    pub(super) is_of_ours: &'a dyn Fn(&Value, &[String]) -> bool,
    /// It was only looked for what is proved, and whatever is taken stands in a record that shows it: who was found is ours.
    pub(super) was_looked_for: bool,
}

/// Whether it is said anywhere near the top of an answer, or in a header of its own: by a flag, by a word for what came of it, by a code,
/// by who was there, or in a sentence.
pub(super) fn says_known_before(answer: &Answer, ours: Ours<'_>) -> bool {
    let is_in_body = || answer.parsed().is_some_and(|body| is_said(body, (DEEPEST, true), ours));
    header::says_known_before(&answer.headers) || is_in_body()
}

/// `is_of_whom`: what stands here is of the one who was asked about, as far as the names around it say.
fn is_said(value: &Value, (deep, is_of_whom): (usize, bool), ours: Ours<'_>) -> bool {
    let fields = match value {
        Value::Object(fields) => fields,
        Value::Array(items) => return items.iter().any(|item| is_said(item, (deep, is_of_whom), ours)),
        _ => return false,
    };
    let is_of_whom = is_of_whom && !tells_of_a_check(fields);
    !ours.was_looked_for && was_searched_for(fields)
        || fields.iter().any(|(key, field)| {
            let name = words(key);
            if has(&name, ELSEWHERE) || has(&name, PROOFS) {
                return false;
            }
            let is_of_whom_too = || is_of_whom && (has(&name, AROUND) || is_key(key));
            says_by_itself(&name, plain(field), is_of_whom)
                && !(ours.is_of_ours)(value, &all_words(&name, plain(field)))
                || deep > 0 && is_said(field, (deep - 1, is_of_whom_too()), ours)
        })
}

/// Whether a record says that it came of a search, as answers of FHIR do: a bundle of what was found, or an entry of one.
fn was_searched_for(fields: &Map<String, Value>) -> bool {
    let is = |fields: &Map<String, Value>, name: &str, word: &str| {
        fields.get(name).and_then(|field| plain(field).as_str()).is_some_and(|text| text.eq_ignore_ascii_case(word))
    };
    let search = fields.get("search").and_then(Value::as_object);
    is(fields, "type", "searchset") || search.is_some_and(|search| is(search, "mode", "match"))
}

/// Whether a record says by its kind that it tells of what was checked of somebody: there a match is of what they said.
fn tells_of_a_check(fields: &Map<String, Value>) -> bool {
    let kinds = ["type", "service", "source", "kind", "check", "category"];
    let says = |name: &&str| fields.get(*name).and_then(|field| plain(field).as_str());
    kinds.iter().filter_map(says).any(|text| has(&words(text), PROOFS))
}

/// The words of a field, of its name and of what it says.
fn all_words(name: &[String], field: &Value) -> Vec<String> {
    let said = match field {
        Value::String(text) => words(text),
        Value::Array(items) => items.iter().filter_map(Value::as_str).flat_map(words).collect(),
        _ => Vec::new(),
    };
    [name, said.as_slice()].concat()
}

/// An id that something is keyed by says nothing of what it is.
fn is_key(name: &str) -> bool {
    name.bytes().any(|byte| byte.is_ascii_digit())
}

/// Of an element of XML with attributes its text, or what it says by the one attribute that FHIR gives it.
fn plain(field: &Value) -> &Value {
    let parts = field.as_object();
    parts.and_then(|parts| parts.get("#text").or_else(|| parts.get("@value"))).unwrap_or(field)
}

fn says_by_itself(name: &[String], field: &Value, is_of_whom: bool) -> bool {
    let says = |words: &[String]| says(words, is_of_whom);
    if let Some(yes) = as_flag(name, field) {
        return if yes { says(name) } else { says_new(name) };
    }
    let ends = |list: &str| name.last().is_some_and(|last| holds(list, last));
    match field {
        Value::String(text) if ends("type kind") && is_of_whom && has(&words(text), KNOWN) => says(&words(text)),
        Value::String(text) if ends(TELLS) || ends("type") && has(name, MET) => {
            let said = words(text);
            let is_of_code = ends("code statuscode resultcode") && has(&said, KNOWN) && !has(&said, REVERSED);
            let is_of_degree =
                has(name, MET) && is_of_whom && said.iter().all(|word| holds(DEGREES, word)) && !said.is_empty();
            said.len() <= LONGEST && says(&said) || is_of_code || is_of_degree
        }
        Value::String(text) if ends(SENTENCES) => is_sentence(text),
        Value::Array(items) if ends(SENTENCES) => items.iter().any(|item| says_by_itself(name, item, is_of_whom)),
        // whose id stands there was there
        Value::String(_) => holds_something(field) && names_somebody(name, is_of_whom),
        Value::Array(items) => items.iter().any(is_somebody) && says(name),
        Value::Object(parts) => {
            let has_id = || parts.iter().any(|(key, part)| may_be_id(key) && holds_something(part));
            says(name) && (has(name, KNOWN) && holds_something(field) || has_id() && is_somebody(field))
        }
        _ => false,
    }
}

/// Whether an item of a list of those who were met may be somebody, and no plan.
fn is_somebody(item: &Value) -> bool {
    let parts = item.as_object();
    let is_of_plans = parts.is_some_and(|parts| parts.keys().any(|key| has(&words(key), OF_PLANS)));
    !is_of_plans && holds_something(item)
}

/// Whether anything stands in a value but zeros, noes and nothing.
fn holds_something(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => false,
        Value::Bool(true) => true,
        Value::Number(number) => number.as_f64() != Some(0.0),
        Value::String(text) => {
            let none = ["", "0", "false", "no", "n", "none", "null", "nil", "n/a", "-"];
            !none.contains(&text.trim().to_ascii_lowercase().as_str())
        }
        Value::Array(items) => items.iter().any(holds_something),
        // that was looked is no find
        Value::Object(parts) => {
            parts.iter().any(|(key, part)| !has(&words(key), "checked check") && holds_something(part))
        }
    }
}

/// Whether what stands under a name is somebody who was there: `existingPersonId`, `duplicateOf`, `matches`, `linkedTo`.
fn names_somebody(name: &[String], is_of_whom: bool) -> bool {
    let leads = name
        .last()
        .is_some_and(|last| ["id", "ids", "of", "to", "into", "ref", "number", "matches"].contains(&last.as_str()));
    says(name, is_of_whom) && (has(name, KNOWN) || leads)
}

/// Whether words say that somebody was known, and nothing else.
fn says(words: &[String], is_of_whom: bool) -> bool {
    let all_in = |lists: &[&str]| words.iter().all(|word| lists.iter().any(|list| holds(list, word)));
    let is_on_file = || words.ends_with(&["on".to_owned(), "file".to_owned()]);
    let is_known = || (has(words, KNOWN) || is_on_file()) && all_in(&[KNOWN, MET, PERSONS, THINGS]);
    let is_met = || is_of_whom && has(words, MET) && all_in(&[MET, PERSONS, TELLS]);
    !has(words, REVERSED) && (is_known() || is_met())
}

fn says_new(words: &[String]) -> bool {
    has(words, NEW) && words.iter().all(|word| [NEW, PERSONS, THINGS].iter().any(|list| holds(list, word)))
}

/// Yes or no, as systems write them. A number is one where the name asks; else it counts.
fn as_flag(name: &[String], value: &Value) -> Option<bool> {
    match value {
        Value::Bool(flag) => Some(*flag),
        Value::Number(number) if has(name, "is was has") => match number.as_u64() {
            Some(0) => Some(false),
            Some(1) => Some(true),
            _ => None,
        },
        Value::String(text) => match text.trim().to_ascii_lowercase().as_str() {
            "true" | "y" | "yes" => Some(true),
            "false" | "n" | "no" => Some(false),
            "1" if has(name, "is was has") => Some(true),
            "0" if has(name, "is was has") => Some(false),
            _ => None,
        },
        _ => None,
    }
}
