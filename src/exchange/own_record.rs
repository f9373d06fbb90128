//! Whether an answer's record is about our household: it shows what the request asked by.

use crate::target::{Answer, Capture, RequestStep, Selector};
use serde_json::Value;
use std::collections::BTreeSet;

/// Whether everything that a step takes from its answer stands in a record that holds one of our own values as well. Of what is
/// not taken by a JSONPath nobody can tell in what record it stands. `own` is asked only where there is something to tell.
pub(super) fn shows_own(request: &RequestStep, answer: &Answer, own: impl FnOnce() -> BTreeSet<String>) -> bool {
    let records: Option<Vec<&Value>> =
        request.captures.iter().map(|capture| records(capture, answer)).try_fold(Vec::new(), |mut all, records| {
            all.extend(records?);
            Some(all)
        });
    let Some(records) = records.filter(|records| !records.is_empty()) else { return false };
    let own = own();
    records.into_iter().all(|record| holds(record, &own))
}

fn records<'a>(capture: &Capture, answer: &'a Answer) -> Option<Vec<&'a Value>> {
    match &capture.select {
        Selector::JsonPath(path) => Some(path.records(answer.json()?)),
        _ => None,
    }
}

fn holds(value: &Value, own: &BTreeSet<String>) -> bool {
    let is_own = |text: &str| own.iter().any(|own| own.trim().eq_ignore_ascii_case(text.trim()));
    match value {
        Value::String(text) => is_own(text),
        Value::Number(number) => is_own(&number.to_string()),
        Value::Array(items) => items.iter().any(|item| holds(item, own)),
        Value::Object(fields) => fields.values().any(|field| holds(field, own)),
        Value::Null | Value::Bool(_) => false,
    }
}
