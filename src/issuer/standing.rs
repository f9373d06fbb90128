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

/// How deep what is said of an answer may stand in it.
const DEPTH: usize = 3;

/// In words that an answer says that something went wrong, whatever its status was: it shows nobody, and proves no absence. What stands
/// in a list is a record's own, but for a list of what went wrong.
/// `found`: the records that it holds.
pub(super) fn trouble_in(answer: &Value, found: &[&Value]) -> Option<String> {
    let fields = answer.as_object()?;
    // RFC 9457: a description of a problem, whatever its status
    let is_problem = ["type", "title", "status"].iter().all(|name| fields.contains_key(*name));
    let name = trouble_below(answer, found, DEPTH).or(is_problem.then_some("title"))?;
    let is_plain = name.len() <= LONGEST_NAME && name.bytes().all(|byte| byte.is_ascii_alphabetic() || byte == b'_');
    let name = if is_plain { name } else { "error" };
    Some(format!("the answer shows nobody and says `{name}`; if that is how nobody looks, say so with `absent`"))
}

fn trouble_below<'a>(level: &'a Value, found: &[&Value], depth: usize) -> Option<&'a str> {
    let fields = level.as_object()?;
    let is_record = |value: &Value| found.iter().any(|record| std::ptr::eq(*record, value));
    // what a record holds is its own, but for what no record has
    let is_beside = |name: &str| !is_record(level) || ["meta", "header", "response"].contains(&name);
    let said = fields.iter().find(|(name, value)| is_trouble(name, value)).map(|(name, _)| name.as_str());
    said.or_else(|| {
        let below = depth.checked_sub(1)?;
        let levels = fields.iter().filter(|(name, inner)| is_beside(name) && !is_record(inner));
        levels.into_iter().find_map(|(_, inner)| trouble_below(inner, found, below))
    })
}

fn is_trouble(name: &str, value: &Value) -> bool {
    let name = name.to_ascii_lowercase();
    let says = |words: &[&str]| value.as_str().is_some_and(|text| words.contains(&text.to_ascii_lowercase().as_str()));
    if ["error", "fault", "exception"].iter().any(|word| name.contains(word)) && !name.contains("default") {
        return !is_nothing(value);
    }
    let is_true = || *value == Value::Bool(true) || says(&["true", "yes"]);
    match name.replace(['_', '-'], "").as_str() {
        "success" | "ok" | "succeeded" | "authenticated" | "authorized" | "available" => {
            *value == Value::Bool(false) || says(&["false", "no"])
        }
        "state" | "result" | "outcome" => says(&WENT_WRONG),
        "status" => says(&WENT_WRONG) || is_status_of_failure(value),
        "code" | "statuscode" | "httpstatus" | "httpcode" | "httpstatuscode" | "responsecode" => {
            is_status_of_failure(value)
        }
        "timedout" | "timeout" | "degraded" => is_true(),
        // Elasticsearch counts the shards that failed
        "failed" | "failures" | "skippedclusters" => {
            is_true()
                || value.as_u64().is_some_and(|failed| failed > 0)
                || value.as_array().is_some_and(|all| !all.is_empty())
        }
        // FHIR R4, OperationOutcome.issue
        "issue" | "issues" => value.as_array().is_some_and(|issues| issues.iter().any(is_grave)),
        _ => false,
    }
}

/// Words of a state in which nobody can say who is there.
const WENT_WRONG: [&str; 11] = [
    "error",
    "failed",
    "failure",
    "fail",
    "fault",
    "timeout",
    "unavailable",
    "degraded",
    "down",
    "partial",
    "timed_out",
];

/// A status of HTTP that says that the question was not answered, in the body of an answer that has another one.
fn is_status_of_failure(value: &Value) -> bool {
    let status = value.as_u64().or_else(|| value.as_str().and_then(|text| text.trim().parse().ok()));
    status.is_some_and(|status| (400..600).contains(&status) && !matches!(status, 404 | 410))
}

/// FHIR R4, issue-severity.
fn is_grave(issue: &Value) -> bool {
    let severity = issue.get("severity").and_then(Value::as_str);
    severity.is_some_and(|severity| ["fatal", "error"].iter().any(|grave| severity.eq_ignore_ascii_case(grave)))
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
            json!({"items": [], "status": 503}),
            json!({"items": [], "statusCode": "500"}),
            json!({"items": [], "code": 429}),
            json!({"type": "about:blank", "title": "Service Unavailable", "status": 503}),
            json!({"type": "about:blank", "title": "Try later", "status": "x"}),
            json!({"items": [], "resourceType": "OperationOutcome", "issue": [{"severity": "error", "code": "timeout"}]}),
            json!({"items": [], "_shards": {"total": 5, "successful": 3, "failed": 2}}),
            json!({"data": {"errors": [{"message": "boom"}], "items": []}}),
            json!({"items": [], "responseStatus": {"errorCode": "500"}}),
            json!({"items": [], "status": "UNAVAILABLE"}),
            json!({"items": [], "authenticated": false}),
        ] {
            assert!(trouble_in(&answer, &[]).is_some(), "{answer}");
        }
        for answer in [
            json!({"error": null, "errors": [], "success": true, "status": "ok"}),
            json!([]),
            json!({"items": []}),
            json!({"items": [], "status": 200, "code": 0, "_shards": {"total": 5, "failed": 0}, "timed_out": false}),
            json!({"items": [], "status": 404, "issue": [{"severity": "information"}]}),
            json!({"items": [{"status": "failed", "errors": ["x"]}], "meta": {"failures": []}}),
        ] {
            assert_eq!(trouble_in(&answer, &[]), None, "{answer}");
        }
        let stranger = json!({"member": {"state": "failed", "errors": ["unpaid"]}});
        assert_eq!(trouble_in(&stranger, &[&stranger["member"]]), None, "what a record holds is its own");
    }
}
