//! Whether records stand where the target says: an answer that does not even have the list is one that was not understood,
//! until some answer of the same system has shown it, and never where it says that something went wrong.

use crate::model::IssuerId;
use crate::target::Dialect;
use serde_json::Value;
use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

/// The systems that have shown the place of their records. Some leave an empty list out, and only whoever has shown it
/// once is known to.
#[derive(Debug, Default)]
pub(super) struct Standing(Mutex<BTreeSet<Option<IssuerId>>>);

impl Standing {
    /// Takes in an answer; in words what is wrong with it, where it lacks the place and no answer has shown it yet.
    pub(super) fn lacks(&self, owner: Option<&IssuerId>, dialect: &Dialect, answer: &Value) -> Option<String> {
        let parent = dialect.records.parent()?;
        let mut shown = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if !parent.query(answer).is_empty() {
            shown.insert(owner.cloned());
            return None;
        }
        (!shown.contains(&owner.cloned())).then(|| {
            format!(
                "the answer has no `{parent}`, where the target's `records` ({}) should stand; correct `records`, or say \
                 with `absent` how nobody looks",
                dialect.records
            )
        })
    }
}

/// A longer name of a field may be anything.
const LONGEST_NAME: usize = 24;

/// In words that an answer says that something went wrong, whatever its status was: it shows nobody, and proves no absence.
pub(super) fn trouble_in(answer: &Value) -> Option<String> {
    let said = answer.as_object()?;
    let levels =
        ["meta", "header", "result", "response", "status"].into_iter().filter_map(|name| said.get(name)?.as_object());
    let mut all = std::iter::once(said).chain(levels).flatten();
    let (name, _) = all.find(|(name, value)| is_trouble(name, value))?;
    let is_plain = name.len() <= LONGEST_NAME && name.bytes().all(|byte| byte.is_ascii_alphabetic() || byte == b'_');
    let name = if is_plain { name } else { "error" };
    Some(format!("the answer shows nobody and says `{name}`; if that is how nobody looks, say so with `absent`"))
}

fn is_trouble(name: &str, value: &Value) -> bool {
    let name = name.to_ascii_lowercase();
    let says = |words: &[&str]| value.as_str().is_some_and(|text| words.contains(&text.to_ascii_lowercase().as_str()));
    if ["error", "fault", "exception"].iter().any(|word| name.contains(word)) {
        return !is_nothing(value);
    }
    match name.replace('_', "").as_str() {
        "success" | "ok" | "succeeded" => *value == Value::Bool(false) || says(&["false", "no"]),
        "status" | "state" | "result" | "outcome" => says(&["error", "failed", "failure", "fail", "fault", "timeout"]),
        "timedout" | "failed" => *value == Value::Bool(true),
        _ => false,
    }
}

fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => true,
        Value::Bool(true) => false,
        Value::Number(number) => number.as_f64() == Some(0.0),
        Value::String(text) => text.trim().is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(fields) => fields.is_empty(),
    }
}

#[cfg(test)]
mod tests {
    use super::trouble_in;
    use serde_json::json;

    #[test]
    fn an_answer_that_says_that_something_went_wrong_proves_nothing() {
        for answer in [
            json!({"error": "database"}),
            json!({"Errors": [{"code": 7}]}),
            json!({"items": [], "success": false}),
            json!({"items": [], "success": "false"}),
            json!({"items": [], "errorMessage": "down"}),
            json!({"items": [], "status": "ERROR"}),
            json!({"items": [], "meta": {"errors": ["down"]}}),
            json!({"hits": [], "timed_out": true}),
        ] {
            assert!(trouble_in(&answer).is_some(), "{answer}");
        }
        for answer in
            [json!({"error": null, "errors": [], "success": true, "status": "ok"}), json!([]), json!({"items": []})]
        {
            assert_eq!(trouble_in(&answer), None, "{answer}");
        }
    }
}
