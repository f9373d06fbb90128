//! The JSON report, `johndoe.report/1`.

use super::clean::clean;
use crate::model::Summary;

/// The summary as indented JSON with a line feed at its end; what could steer a terminal is written as `\u001b`. Its names are fixed;
/// `docs/reference/json-report.md` lists them.
pub fn json(summary: &Summary) -> String {
    let mut text = serde_json::to_string_pretty(summary).unwrap_or_else(|error| {
        // every key is text and every number finite, so this cannot happen; if it does, say so in the same format
        serde_json::json!({ "schema": summary.schema, "reasons": [error.to_string()] }).to_string()
    });
    text.push('\n');
    clean(&text).into_owned()
}
