//! Whether an answer says that something went wrong, whatever its status is: it shows nobody, and is no yes.

use super::selector::Answer;
use serde_json::{Map, Value};

/// A longer name of a field may be anything.
const LONGEST_NAME: usize = 24;

/// How deep what is said of an answer may stand in it.
const DEPTH: usize = 3;

/// The name under which an answer says that something went wrong, whatever its status was: it shows nobody, and proves no absence. What
/// stands in a list is a record's own, but for a list of what went wrong.
/// `found`: the records that it holds.
pub fn trouble_in(answer: &Value, found: &[&Value]) -> Option<String> {
    let fields = answer.as_object()?;
    // RFC 9457: a description of a problem, whatever its status
    let is_problem = ["type", "title", "status"].iter().all(|name| fields.contains_key(*name));
    trouble_below(answer, found, DEPTH).or(is_problem.then_some("title")).map(shown)
}

/// By what the answer to a request that acts says no, whatever its status is: in a field of its own or of what it is wrapped in, as a
/// fault in XML, or of a part of several (207). What it says of people and programs deeper down is theirs.
pub fn no_in(answer: &Answer) -> Option<String> {
    if answer.status == 207 {
        let is_failed = match answer.json() {
            Some(json) => has_failed_part(json, DEPTH),
            None => ["HTTP/1.1 4", "HTTP/1.1 5"].iter().any(|failed| text_of(answer).contains(failed)),
        };
        return is_failed.then(|| "207, and one of its parts failed".to_owned());
    }
    if answer.json().is_none() {
        return fault_in(answer);
    }
    let fields = answer.json()?.as_object()?;
    let is_wrapped = |name: &str| WRAPPERS.contains(&name.to_ascii_lowercase().as_str());
    let inner = fields.iter().filter(|(name, _)| is_wrapped(name)).filter_map(|(_, inner)| inner.as_object());
    std::iter::once(fields).chain(inner).find_map(no_by).map(shown)
}

/// What a whole answer may stand in, or what is said of it.
const WRAPPERS: [&str; 9] = ["data", "response", "result", "body", "payload", "meta", "header", "status", "d"];

fn no_by(fields: &Map<String, Value>) -> Option<&str> {
    let refuses = |name: &str, value: &Value| {
        matches!(name.to_ascii_lowercase().as_str(), "status" | "state" | "result" | "outcome")
            && says(value, &["rejected", "denied", "refused", "invalid", "locked", "unauthorized", "forbidden"])
    };
    let said = fields.iter().find(|(name, value)| is_trouble(name, value) || refuses(name, value));
    said.map(|(name, _)| name.as_str()).or_else(|| is_rpc_failure(fields).then_some("code"))
}

fn has_failed_part(level: &Value, depth: usize) -> bool {
    let is_failed = |name: &str, value: &Value| is_trouble(name, value) || name == "status" && is_missing(value);
    let deeper = |value: &Value| depth > 0 && has_failed_part(value, depth.saturating_sub(1));
    match level {
        Value::Object(fields) => fields.iter().any(|(name, value)| is_failed(name, value) || deeper(value)),
        Value::Array(items) => items.iter().any(deeper),
        _ => false,
    }
}

/// 404 and 410 of a part say that nothing was done to it.
fn is_missing(value: &Value) -> bool {
    number_of(value).is_some_and(|status| matches!(status, 404 | 410))
}

/// SOAP 1.1 and 1.2, and plain XML that says no.
fn fault_in(answer: &Answer) -> Option<String> {
    let text = text_of(answer);
    let is_xml = text.trim_start().starts_with('<') && !answer.is_html_page();
    let text = text.to_ascii_lowercase();
    let signs = ["<fault", ":fault>", ":fault ", ":fault/", "<success>false", "<status>error", "<status>failed"];
    let said = signs.iter().any(|sign| text.contains(sign));
    (is_xml && said).then(|| "Fault".to_owned())
}

fn text_of(answer: &Answer) -> String {
    String::from_utf8_lossy(&answer.body).into_owned()
}

fn shown(name: &str) -> String {
    let is_plain = name.len() <= LONGEST_NAME && name.bytes().all(|byte| byte.is_ascii_alphabetic() || byte == b'_');
    if is_plain { name.to_owned() } else { "error".to_owned() }
}

fn trouble_below<'a>(level: &'a Value, found: &[&Value], depth: usize) -> Option<&'a str> {
    let fields = level.as_object()?;
    let is_record = |value: &Value| found.iter().any(|record| std::ptr::eq(*record, value));
    // what a record holds is its own, but for what no record has
    let is_beside = |name: &str| !is_record(level) || ["meta", "header", "response"].contains(&name);
    let said = fields.iter().find(|(name, value)| is_trouble(name, value)).map(|(name, _)| name.as_str());
    let said = said.or_else(|| (!is_record(level) && is_rpc_failure(fields)).then_some("code"));
    said.or_else(|| {
        let below = depth.checked_sub(1)?;
        let levels = fields.iter().filter(|(name, inner)| is_beside(name) && !is_record(inner));
        levels.into_iter().find_map(|(_, inner)| trouble_below(inner, found, below))
    })
}

/// google.rpc.Status: a code from 1 to 16 beside a message; 5 is "not found".
fn is_rpc_failure(fields: &Map<String, Value>) -> bool {
    let is_failure = |code: u64| (1..=16).contains(&code) && code != 5;
    fields.get("code").and_then(Value::as_u64).is_some_and(is_failure)
        && fields.contains_key("message")
        && fields.get("details").is_some_and(Value::is_array)
}

fn is_trouble(name: &str, value: &Value) -> bool {
    let name = name.to_ascii_lowercase();
    if ["error", "fault", "exception"].iter().any(|word| name.contains(word)) && !name.contains("default") {
        return !is_nothing(value);
    }
    let is_true = || *value == Value::Bool(true) || says(value, &["true", "yes"]);
    match name.replace(['_', '-'], "").as_str() {
        "success" | "ok" | "succeeded" | "successful" | "authenticated" | "authorized" | "available" => {
            *value == Value::Bool(false) || says(value, &["false", "no"])
        }
        "state" | "result" | "outcome" | "ack" | "responsetype" | "severity" => says(value, &WENT_WRONG),
        "status" => says(value, &WENT_WRONG) || is_status_of_failure(value),
        "statustext" | "reasonphrase" => names_failure(value),
        "code" | "statuscode" | "httpstatus" | "httpcode" | "httpstatuscode" | "responsecode" | "resultcode" => {
            is_status_of_failure(value) || names_failure(value)
        }
        "returncode" => {
            number_of(value).is_some_and(|code| code != 0 && !(200..300).contains(&code)) || names_failure(value)
        }
        "timedout" | "timeout" | "degraded" | "accessdenied" | "denied" | "unauthorized" | "forbidden" | "offline"
        | "ratelimited" | "throttled" | "maintenance" => is_true(),
        // Elasticsearch counts the shards that failed
        "failed" | "failures" | "skippedclusters" => {
            is_true()
                || value.as_u64().is_some_and(|failed| failed > 0)
                || value.as_array().is_some_and(|all| !all.is_empty())
        }
        // FHIR R4, OperationOutcome.issue
        "issue" | "issues" | "messages" => value.as_array().is_some_and(|issues| issues.iter().any(is_grave)),
        _ => false,
    }
}

fn says(value: &Value, words: &[&str]) -> bool {
    value.as_str().is_some_and(|text| words.contains(&text.trim().to_ascii_lowercase().as_str()))
}

/// Words of a state in which nobody can say who is there.
const WENT_WRONG: [&str; 12] = [
    "error",
    "failed",
    "failure",
    "fail",
    "fatal",
    "fault",
    "timeout",
    "unavailable",
    "degraded",
    "down",
    "partial",
    "timed_out",
];

/// A code or a text that names a failure: `E500`, `INTERNAL_FAILURE`, `Internal Server Error`.
fn names_failure(value: &Value) -> bool {
    let Some(text) = value.as_str() else { return false };
    let text = text.trim().to_ascii_lowercase();
    let is_numbered =
        text.strip_prefix('e').is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_digit()));
    let words = ["error", "fail", "unavailable", "denied", "unauthor", "forbidden", "timeout", "timed out"];
    is_numbered || words.iter().any(|word| text.contains(word))
}

fn number_of(value: &Value) -> Option<u64> {
    value.as_u64().or_else(|| value.as_str().and_then(|text| text.trim().parse().ok()))
}

/// A status of HTTP that says that the question was not answered, in the body of an answer that has another one.
fn is_status_of_failure(value: &Value) -> bool {
    number_of(value).is_some_and(|status| (400..600).contains(&status) && !matches!(status, 404 | 410))
}

/// FHIR R4, issue-severity.
fn is_grave(issue: &Value) -> bool {
    let severity = ["severity", "level", "type"].iter().find_map(|name| issue.get(name).and_then(Value::as_str));
    severity.is_some_and(|severity| ["fatal", "error"].iter().any(|grave| severity.eq_ignore_ascii_case(grave)))
}

fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => true,
        Value::Bool(true) => false,
        Value::Number(number) => number.as_f64() == Some(0.0),
        Value::String(text) => {
            let text = text.trim().trim_end_matches('.').to_ascii_lowercase().replace(['_', '-'], " ");
            text.bytes().all(|b| matches!(b, b'0' | b' ')) || NOTHING.contains(&text.as_str())
        }
        Value::Array(items) => items.iter().all(is_nothing),
        Value::Object(fields) => fields.values().all(|value| is_nothing(value) && !is_a_bare_no(value)),
    }
}

/// A no as the whole of what an error says is what it says.
fn is_a_bare_no(value: &Value) -> bool {
    let text = value.as_str().unwrap_or_default().trim().trim_end_matches('.').to_ascii_lowercase();
    matches!(text.as_str(), "no" | "n" | "false")
}

/// Words in the place of an error that say that there is none.
const NOTHING: [&str; 16] = [
    "none",
    "no",
    "n",
    "false",
    "null",
    "nil",
    "n/a",
    "na",
    "ok",
    "okay",
    "success",
    "successful",
    "no error",
    "no errors",
    "noerror",
    "error free",
];

#[cfg(test)]
mod tests {
    use super::{no_in, trouble_in};
    use crate::target::Answer;
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
            json!({"code": 14, "message": "unavailable", "details": []}),
            json!({"items": [], "resultCode": "E500"}),
            json!({"items": [], "returnCode": 8, "returnMessage": "backend"}),
            json!({"items": [], "accessDenied": true}),
            json!({"items": [], "ack": "Failure"}),
            json!({"items": [], "status": {"code": "INTERNAL_FAILURE"}}),
            json!({"items": [], "statusText": "Internal Server Error"}),
            json!({"items": [], "messages": [{"severity": "ERROR", "code": "DB01"}]}),
            json!({"items": [], "rateLimited": true}),
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
            json!({"items": [], "errorCode": "0", "resultCode": "0000", "returnCode": 0, "code": 1, "message": "success"}),
            json!({"items": [], "code": 5, "message": "not found", "details": []}),
            json!({"items": [], "resultCode": "OK", "severity": "INFO", "messages": [], "maintenance": false}),
            json!({"items": [], "error": "N", "errorText": "Success", "errorInfo": {"code": 0, "message": "no error"}}),
            json!({"items": [], "errors": [{"code": 0}], "fault": "N/A", "exception": {"code": "0", "text": "OK."}}),
        ] {
            assert_eq!(trouble_in(&answer, &[]), None, "{answer}");
        }
        let stranger = json!({"member": {"state": "failed", "errors": ["unpaid"]}});
        assert_eq!(trouble_in(&stranger, &[&stranger["member"]]), None, "what a record holds is its own");
    }

    fn says_no(status: u16, body: &str) -> bool {
        no_in(&Answer { status, body: body.as_bytes().to_vec(), ..Answer::default() }).is_some()
    }

    #[test]
    fn what_acts_was_not_done_where_the_answer_says_so_whatever_its_status() {
        for (status, body) in [
            (200, r#"{"success": false, "message": "locked"}"#),
            (200, r#"{"error": "policy is locked"}"#),
            (200, r#"{"error": "Y"}"#),
            (200, r#"{"error": {"code": 0, "message": "policy is locked"}}"#),
            (200, r#"{"errors": [{"code": 0}, {"code": 7}]}"#),
            (200, r#"{"status": "FAILED"}"#),
            (200, r#"{"status": "REJECTED"}"#),
            (200, r#"{"data": {"errors": [{"code": "DUP"}]}}"#),
            (207, r#"{"results": [{"id": "A1", "status": 423}]}"#),
            (207, r#"{"results": [{"id": "A1", "status": 404}]}"#),
            (207, "<multistatus><status>HTTP/1.1 423 Locked</status></multistatus>"),
            (200, "<Envelope><Body><Fault><faultcode>Server</faultcode></Fault></Body></Envelope>"),
            (200, "<s:Envelope><s:Body><s:Fault/></s:Body></s:Envelope>"),
        ] {
            assert!(says_no(status, body), "{status} {body}");
        }
        for (status, body) in [
            (200, ""),
            (200, "{}"),
            (200, r#"{"id": "A1", "errors": [], "success": true}"#),
            (200, r#"{"id": "A1", "error": "N"}"#),
            (200, r#"{"id": "A1", "error": "SUCCESS", "errorDetail": {"code": 0}}"#),
            (207, r#"{"results": [{"id": "A1", "status": 200}]}"#),
            (201, r#"{"application": {"programs": {"medicaid": {"status": "denied"}}}}"#),
            (201, r#"{"id": "A1", "members": [{"status": "failed"}]}"#),
            (200, "<Envelope><Body><cancelled/></Body></Envelope>"),
        ] {
            assert!(!says_no(status, body), "{status} {body}");
        }
    }
}
