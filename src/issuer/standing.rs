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

/// In words that an answer says that something went wrong, whatever its status was: it shows nobody, and proves no absence.
pub(super) fn trouble_in(answer: &Value) -> Option<String> {
    let said = answer.as_object()?;
    let is_trouble = |name: &str, value: &Value| match name.to_ascii_lowercase().as_str() {
        "error" | "errors" | "fault" | "faults" | "exception" => !is_nothing(value),
        "success" | "ok" | "succeeded" => *value == Value::Bool(false),
        _ => false,
    };
    let (name, _) = said.iter().find(|(name, value)| is_trouble(name, value))?;
    Some(format!("the answer shows nobody and says `{name}`; if that is how nobody looks, say so with `absent`"))
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
        for answer in [json!({"error": "database"}), json!({"Errors": [{}]}), json!({"items": [], "success": false})] {
            assert!(trouble_in(&answer).is_some(), "{answer}");
        }
        for answer in [json!({"error": null, "errors": [], "success": true}), json!([]), json!({"items": []})] {
            assert_eq!(trouble_in(&answer), None, "{answer}");
        }
    }
}
