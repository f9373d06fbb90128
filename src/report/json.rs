//! The JSON report, `johndoe.report/2`, and the version before it.

use super::clean::clean;
use crate::model::{GroupSummary, LifeEvent, SCHEMA_1, Summary};

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

/// The same in version 1, for programs that were written for it: without what that did not know. Of a finding that it had no word for, the
/// word of now is kept, and so is its number.
pub fn json_1(summary: &Summary) -> String {
    let mut summary = Summary { schema: SCHEMA_1.to_owned(), by_step: Vec::new(), ..summary.clone() };
    summary.counts.found = None;
    summary.counts.stale = summary.counts.stale.filter(|stale| *stale > 0);
    for group in summary.probes.iter_mut().flat_map(|probe| &mut probe.groups) {
        let GroupSummary { journey, waypoints, changes, .. } = group;
        journey.clear();
        waypoints.iter_mut().chain(changes).for_each(|at| at.not_due = None);
    }
    json(&summary)
}

/// The first event of a journey that version 1 of the report cannot say: it had words for who is enrolled, moves, and is taken out.
pub fn beyond_json_1(journey: impl IntoIterator<Item = LifeEvent>) -> Option<LifeEvent> {
    let known = [LifeEvent::Enroll, LifeEvent::ChangeAddress, LifeEvent::Cancel];
    journey.into_iter().find(|event| !known.contains(event))
}
