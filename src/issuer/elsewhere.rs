//! Answers with the status of an absence that somebody else gave: a gateway or a log-in that stands before the system.

use crate::target::{Answer, trouble_in};
use serde_json::Value;

/// So much of an answer is looked at.
const LOOKED_AT: usize = 2048;

/// What gateways, routers and guards say in place of the system: none of it says that somebody is not there.
const OF_OTHERS: [&str; 16] = [
    "unauthorized",
    "unauthenticated",
    "not authorized",
    "forbidden",
    "access denied",
    "no route",
    "default backend",
    "page not found",
    "tenantnotfound",
    "tenant not found",
    "unavailable",
    "timed out",
    "timeout",
    "upstream",
    "bad gateway",
    "maintenance",
];

/// In words that an answer with a status that means absence is not the system's own: a page for browsers, or what stands before the
/// system saying why it did not ask.
pub(super) fn not_of_the_system(answer: &Answer) -> Option<String> {
    let status = answer.status;
    let but = "it is no answer of the system that was asked; if that is how nobody looks, say so with a condition under `absent`";
    if answer.is_html_page() {
        return Some(format!("the look-up was answered {status} with an HTML page: {but}"));
    }
    let text = String::from_utf8_lossy(answer.body.get(..LOOKED_AT).unwrap_or(&answer.body)).to_ascii_lowercase();
    let says_trouble = || answer.json().is_some_and(|body| trouble_in(&only_codes(body), &[]).is_some());
    let is_of_others = OF_OTHERS.iter().any(|words| text.contains(words)) || says_trouble();
    is_of_others.then(|| format!("the look-up was answered {status} by who did not let it through: {but}"))
}

/// Of a body that says 404 an error is expected, whatever it is called: what counts are other codes.
fn only_codes(body: &Value) -> Value {
    let fields = body.as_object().into_iter().flatten();
    let is_code = |name: &str| matches!(name.to_ascii_lowercase().as_str(), "status" | "code" | "statuscode");
    let codes = fields.filter(|(name, value)| is_code(name) && !value.is_object());
    Value::Object(
        codes.filter(|(_, value)| value.is_number()).map(|(name, value)| (name.clone(), value.clone())).collect(),
    )
}

#[cfg(test)]
mod tests {
    use super::not_of_the_system;
    use crate::target::Answer;

    #[test]
    fn who_did_not_let_the_question_through_says_of_nobody_that_they_are_not_there() {
        let is_of_others = |body: &str| {
            not_of_the_system(&Answer { status: 404, body: body.as_bytes().to_vec(), ..Answer::default() }).is_some()
        };
        for body in [
            "<html>nginx 404 Not Found</html>",
            r#"{"error": "unauthorized"}"#,
            r#"{"error": {"code": "TenantNotFound"}}"#,
            r#"{"error": "no Route matched with those values"}"#,
            r#"{"status": 503, "error": "x"}"#,
            "default backend - 404",
            "404 page not found",
        ] {
            assert!(is_of_others(body), "{body}");
        }
        for body in [
            "",
            "{}",
            "Not Found",
            r#"{"error": "not found"}"#,
            r#"{"message": "no such member"}"#,
            r#"{"status": 404, "error": "Not Found", "path": "/members"}"#,
            r#"{"type": "about:blank", "title": "Not Found", "status": 404}"#,
        ] {
            assert!(!is_of_others(body), "{body}");
        }
    }
}
