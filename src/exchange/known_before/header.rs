//! Headers of an exchange's own that say that somebody was known before.

use super::words::{ELSEWHERE, KNOWN, PROOFS, REVERSED, has, words};
use super::{holds_something, says_by_itself};
use serde_json::Value;

/// Parts of a request's way that headers tell of, and nobody.
const OF_THE_WAY: &str = "cache cached route rule request url path host origin cors etag cookie header waf";

/// Whether a header that no standard has says it, such as `X-Match: exact` or `X-Acme-Duplicate: true`.
pub(super) fn says_known_before(headers: &[(String, String)]) -> bool {
    headers.iter().any(|(name, value)| {
        let name = words(name);
        let Some((_, name)) = name.split_first().filter(|(first, _)| *first == "x") else { return false };
        let value = value.trim();
        let field = Value::String(match value {
            "1" => "true".to_owned(),
            "0" => "false".to_owned(),
            value => value.to_owned(),
        });
        if [ELSEWHERE, PROOFS, OF_THE_WAY].iter().any(|list| has(name, list)) {
            return false;
        }
        // whose name stands before it, nobody knows
        let by_name = has(name, KNOWN) && !has(name, REVERSED) && holds_something(&field);
        by_name || says_by_itself(name, &field, true)
    })
}
