//! Whether the record that a value stands in shows what is our own. What stands beside the record shows nothing of it, nor what repeats
//! the question, nor a year that reads like an id.

use crate::target::{Standing, has_word_of, is_made_of, leads_to_others, may_be_id, words_of_name};
use serde_json::{Map, Value};
use std::collections::BTreeSet;

/// Names of parts of a record, which tell of what it is about.
const PARTS: [&str; 21] = [
    "application",
    "app",
    "policy",
    "policie",
    "enrollment",
    "case",
    "subscriber",
    "applicant",
    "insured",
    "enrollee",
    "member",
    "people",
    "person",
    "household",
    "contact",
    "identifier",
    "id",
    "attribute",
    "property",
    "propertie",
    "detail",
];
/// Names of what a record, or a part of it, is wrapped in.
const WRAPS: [&str; 26] = [
    "data",
    "result",
    "response",
    "return",
    "answer",
    "reply",
    "record",
    "item",
    "resource",
    "entity",
    "value",
    "content",
    "info",
    "information",
    "output",
    "document",
    "file",
    "summary",
    "status",
    "ref",
    "reference",
    "key",
    "coverage",
    "plan",
    "group",
    "d",
];
/// Names of lists in a record that hold what is of the record; any other list may hold everybody's.
const PART_LISTS: [&str; 12] = [
    "member",
    "people",
    "person",
    "dependent",
    "applicant",
    "enrollee",
    "insured",
    "policy",
    "policie",
    "enrollment",
    "coverage",
    "group",
];

/// Words of names under which an answer says what was asked, and not what was found.
const OF_QUESTIONS: [&str; 38] = [
    "query",
    "queried",
    "request",
    "requested",
    "param",
    "params",
    "parameter",
    "arg",
    "args",
    "argument",
    "filter",
    "criteria",
    "search",
    "searched",
    "term",
    "q",
    "where",
    "lookup",
    "input",
    "echo",
    "trace",
    "correlation",
    "link",
    "self",
    "href",
    "url",
    "uri",
    "path",
    "instance",
    "body",
    "payload",
    "asked",
    "given",
    "received",
    "sent",
    "original",
    "message",
    "msg",
];

/// What a request said that is our own.
#[derive(Debug, Default)]
pub(super) struct SaidOfOurs {
    /// Ids, letter by letter: two that differ in the case of a letter may be of two people.
    pub(super) ids: BTreeSet<String>,
    /// Marks, in small letters.
    pub(super) marks: BTreeSet<String>,
    /// Names of the query under which it was said: what holds a list may repeat them.
    pub(super) asked_as: BTreeSet<String>,
}

impl SaidOfOurs {
    /// Whether the innermost record around a value shows it. Of a record further out only what it says itself counts, and only where
    /// its names do not lead to somebody else, or to a list of whomever there is.
    pub(super) fn is_shown_around(&self, standing: &Standing<'_>) -> bool {
        let (mut is_item, mut was_in_a_list, mut is_innermost) = (false, false, true);
        let last = standing.around.len().saturating_sub(1);
        for (at, (node, name)) in standing.around.iter().enumerate() {
            let Some(name) = name else {
                (is_item, was_in_a_list) = (true, true);
                continue;
            };
            let Value::Object(fields) = node else { return false };
            // by a name that nobody knows one comes to whomever else there is
            let is_part =
                || words_of_name(name).iter().all(|word| is_made_of(word, &PARTS) || is_made_of(word, &WRAPS));
            if leads_to_others(name)
                || !is_innermost && !is_item && !is_part()
                || is_item && !(is_made_of(name, &PART_LISTS))
            {
                return false;
            }
            let is_envelope = was_in_a_list && at == last;
            let repeats = |key: &String| is_envelope && self.asked_as.contains(&key.to_ascii_lowercase());
            if fields.iter().any(|(key, field)| !repeats(key) && self.is_shown_by((key, field), is_innermost)) {
                return true;
            }
            (is_item, is_innermost) = (false, false);
        }
        false
    }

    /// Whether ids stand anywhere in an answer that are neither ours nor among these, or ours stand there at all (beside a record that does
    /// not show them): then it tells of several, and nobody knows of whom a value is. What repeats the question tells of nobody.
    pub(super) fn are_others_in(&self, level: &Value, taken: &BTreeSet<String>) -> bool {
        let is_other = |key: &str, text: String| self.ids.contains(&text) || may_be_id(key) && !taken.contains(&text);
        match level {
            Value::Object(fields) => fields.iter().filter(|(key, _)| !is_echo(key)).any(|(key, field)| match field {
                Value::String(text) => is_other(key, text.trim().to_owned()),
                Value::Number(number) => is_other(key, number.to_string()),
                _ => self.ids.contains(key) || self.are_others_in(field, taken),
            }),
            Value::Array(items) => items.iter().any(|item| self.are_others_in(item, taken)),
            _ => false,
        }
    }

    /// Whether a field shows it; `deep`: or a part of the record that stands there.
    fn is_shown_by(&self, (key, field): (&str, &Value), deep: bool) -> bool {
        match field {
            _ if is_echo(key) => false,
            Value::Object(fields) => deep && is_made_of(key, &PARTS) && self.is_shown_in(key, fields),
            // of a list that names others too nobody knows whom the record is about
            Value::Array(items) => {
                deep && !items.is_empty() && items.iter().all(|item| self.is_shown_by_item(key, item))
            }
            scalar => self.is_ours(key, scalar),
        }
    }

    fn is_shown_by_item(&self, key: &str, item: &Value) -> bool {
        match item {
            Value::Object(fields) => is_made_of(key, &PARTS) && self.is_shown_in(key, fields),
            Value::Array(_) => false,
            scalar => self.is_ours(key, scalar),
        }
    }

    fn is_shown_in(&self, key: &str, fields: &Map<String, Value>) -> bool {
        // `identifier: {value: …}` says it one deeper
        let name = |own: &'_ String| if own == "value" { key.to_owned() } else { own.clone() };
        fields.iter().any(|(own, field)| self.is_shown_by((&name(own), field), true))
    }

    fn is_ours(&self, key: &str, value: &Value) -> bool {
        let text = match value {
            Value::String(text) => text.trim().to_owned(),
            Value::Number(number) => number.to_string(),
            _ => return false,
        };
        self.marks.contains(&text.to_ascii_lowercase()) || may_be_id(key) && self.ids.contains(&text)
    }
}

/// Whether a field of this name says what was asked, and not what was found.
pub(super) fn is_echo(name: &str) -> bool {
    has_word_of(name, &OF_QUESTIONS)
}

#[cfg(test)]
mod tests {
    use super::SaidOfOurs;
    use crate::target::JsonPath;
    use serde_json::{Value, json};

    fn shows(path: &str, answer: &Value) -> bool {
        let ours = SaidOfOurs {
            ids: ["APP771".to_owned(), "a0xB1q".to_owned(), "1950".to_owned()].into(),
            marks: ["me@a.test".to_owned()].into(),
            asked_as: ["ref".to_owned()].into(),
        };
        let standings = JsonPath::parse(path).unwrap().standings(answer);
        !standings.is_empty() && standings.iter().all(|standing| ours.is_shown_around(standing))
    }

    #[test]
    fn a_record_shows_whose_it_is_by_what_it_says_itself_or_in_its_parts() {
        for (path, answer) in [
            ("$.id", json!({"id": "E1", "applicationId": "APP771"})),
            ("$.id", json!({"id": "E1", "application": {"id": "APP771"}})),
            ("$.id", json!({"id": "E1", "identifiers": [{"value": "APP771"}]})),
            ("$.id", json!({"id": "E1", "subscriber": {"name": "x", "mail": "Me@a.test"}})),
            ("$.list[0].id", json!({"list": [{"id": "E1", "policyid": "APP771"}, {"id": "E2"}]})),
            ("$.list[*].id", json!({"list": [{"id": "APP771"}]})),
            ("$.data.attributes.policy", json!({"data": {"id": "APP771", "attributes": {"policy": "P1"}}})),
            ("$.list[0].members[0].id", json!({"list": [{"id": "APP771", "members": [{"id": "M1"}, {"id": "M2"}]}]})),
            ("$.members[0].id", json!({"application": "APP771", "members": [{"id": "M1"}]})),
            ("$.list[0].ref", json!({"list": [{"ref": "APP771"}]})),
            ("$.list[0].ref", json!({"list": [{"ref": "X", "case_no": 1950}]})),
            ("$.list[0].id", json!({"list": [{"id": "E1", "contact": "me@a.test"}]})),
            (
                "$.application.policyRecord.ref",
                json!({"app": "APP771", "application": {"policyRecord": {"ref": "P1"}}}),
            ),
        ] {
            assert!(shows(path, &answer), "{path} {answer}");
        }
    }

    #[test]
    fn what_stands_beside_a_record_or_leads_to_another_proves_nothing() {
        for (path, answer) in [
            ("$.list[0].id", json!({"list": [{"id": "REAL", "next": {"id": "APP771"}}]})),
            ("$.list[0].id", json!({"list": [{"id": "REAL", "previousApplicationId": "APP771"}]})),
            ("$.list[0].id", json!({"list": [{"id": "REAL", "possibleDuplicates": ["APP771"]}]})),
            ("$.list[0].id", json!({"list": [{"id": "REAL", "applications": [{"id": "APP771"}, {"id": "R2"}]}]})),
            ("$.brokers[0].cases[0].id", json!({"brokers": [{"cases": [{"id": "REAL"}, {"id": "APP771"}]}]})),
            ("$.newest", json!({"newest": "REAL", "items": [{"id": "REAL"}, {"id": "APP771"}]})),
            ("$.items.*.id", json!({"items": {"REAL": {"id": "REAL"}, "APP771": {"id": "APP771"}}})),
            ("$.spouse.id", json!({"subscriber": {"id": "APP771"}, "spouse": {"id": "REAL"}})),
            ("$.neighbour.ref", json!({"app": "APP771", "neighbour": {"ref": "REAL"}})),
            ("$.household.neighbour.ref", json!({"app": "APP771", "household": {"neighbour": {"ref": "REAL"}}})),
            ("$.list[0].ref", json!({"list": [{"ref": "REAL", "parentApplication": "APP771"}]})),
            ("$.list[0].ref", json!({"list": [{"ref": "REAL", "siblingId": "APP771"}]})),
            ("$.duplicateOf", json!({"id": "APP771", "duplicateOf": "REAL"})),
            ("$.id", json!({"application": "APP771", "list": [{"id": "REAL"}]})),
            ("$.results[0].id", json!({"application": "APP771", "results": [{"id": "REAL"}]})),
            ("$.members[0].id", json!({"ref": "APP771", "members": [{"id": "REAL"}]})),
        ] {
            assert!(!shows(path, &answer), "{path} {answer}");
        }
    }

    #[test]
    fn what_repeats_the_question_proves_nothing() {
        for name in [
            "q",
            "where",
            "args",
            "term",
            "search",
            "criteria",
            "params",
            "input",
            "lookup",
            "self",
            "appliedFilter",
            "message",
            "requestId",
        ] {
            for said in [json!("APP771"), json!("me@a.test"), json!({"ref": "APP771"}), json!(["APP771"])] {
                let answer = json!({"id": "REAL", name: said});
                assert!(!shows("$.id", &answer), "{answer}");
            }
        }
        let deeper = json!({"data": {"q": "APP771", "customer": {"id": "REAL"}}});
        assert!(!shows("$.data.customer.id", &deeper));
    }

    #[test]
    fn a_year_a_count_and_an_id_in_other_letters_are_not_ours() {
        for other in [
            json!({"id": "REAL", "birthYear": 1950}),
            json!({"id": "REAL", "born": {"year": 1950}}),
            json!({"id": "REAL", "memberCount": 1950}),
            json!({"id": "REAL", "premium": 1950}),
            json!({"id": "A0XB1Q"}),
        ] {
            assert!(!shows("$.id", &other), "{other}");
        }
    }
}
