//! What one answer of a JSON or XML API says: records, nobody, or nothing.

use super::elsewhere::not_of_the_system;
use super::gathered::Unanswered;
use super::grouping::{as_groups, from_members};
use super::mapping::{Mapped, items, map_record};
use super::paging::incomplete_by;
use crate::clock::{Clock, SystemClock};
use crate::model::{Facts, Field, GroupRecord, IssuerId, Place};
use crate::net::retry_after;
use crate::target::{Answer, Context, Dialect, JsonPath, json_of, xml_of};
use serde_json::Value as Json;

/// Why an answer to what a redirect made of a question proves no absence.
pub(super) const LED_AWAY: &str =
    "a redirect led to another resource, and nobody is there; say its address in the look-up";

/// What one request brought.
pub(super) enum Reply {
    /// An answer that holds records, or an empty list of them.
    Records {
        /// Its pages.
        answers: Vec<Json>,
        /// By what it says that it is not the whole one.
        incomplete: Option<String>,
        /// It answers the question as that was put: no redirect led to another resource.
        as_asked: bool,
        /// What may be wrong with how it was asked, in words.
        hint: Option<String>,
    },
    Absent,
    Blind(Unanswered),
}

impl Reply {
    /// The same, to a question that was put so, or that a redirect made another of: what is not there is not what was asked for.
    pub(super) fn noting(self, as_asked: bool) -> Self {
        match self {
            Self::Records { answers, incomplete, hint, .. } => Self::Records { answers, incomplete, as_asked, hint },
            Self::Absent if !as_asked => {
                Self::Blind(Unanswered { reason: LED_AWAY.to_owned(), retry_after: None, is_heard: true })
            }
            other => other,
        }
    }
}

/// Tells records from absence, and absence from an answer that says nothing (401, 403, 429, 5xx, no JSON).
pub(super) fn read(dialect: &Dialect, answer: &Answer, ctx: &Context) -> Reply {
    let absent = &dialect.absent;
    let by_condition = absent.condition.as_ref().is_some_and(|condition| condition.holds(answer, ctx));
    if by_condition || answer.status == 204 {
        return Reply::Absent;
    }
    if absent.status.contains(&answer.status) {
        let unheard = |reason| Reply::Blind(Unanswered { reason, retry_after: None, is_heard: true });
        return not_of_the_system(answer).map_or(Reply::Absent, unheard);
    }
    if !(200..300).contains(&answer.status) {
        let retry_after = retry_after(&answer.headers, SystemClock.now());
        let reason = format!("the look-up was answered {}", answer.status);
        return Reply::Blind(Unanswered { reason, retry_after, is_heard: true });
    }
    match document(dialect, answer) {
        Ok(json) => {
            let json = dialect.with_keys(json);
            let incomplete = incomplete_by(answer, &json, &found_in(dialect, &json));
            let incomplete = incomplete.or_else(|| left_out(&dialect.records, &json));
            Reply::Records { answers: vec![json], incomplete, as_asked: true, hint: None }
        }
        Err(reason) => Reply::Blind(Unanswered { reason, retry_after: None, is_heard: true }),
    }
}

/// The answer as what the target's paths lead through.
fn document(dialect: &Dialect, answer: &Answer) -> Result<Json, String> {
    if dialect.records.is_of_elements() {
        let read = if answer.is_html_page() { Err("it is an HTML page") } else { xml_of(&answer.body) };
        return read.map_err(|words| format!("the answer is no XML ({words})"));
    }
    // The parser's text may quote the answer; its position does not.
    json_of(&answer.body).map_err(|e| format!("the answer is no JSON (at line {} column {})", e.line(), e.column()))
}

/// The records that an answer holds.
pub(super) fn found_in<'a>(dialect: &Dialect, answer: &'a Json) -> Vec<&'a Json> {
    dialect.records.query(answer).into_iter().flat_map(items).collect()
}

/// In words that something stands among the records, or in place of their list, that is none.
pub(super) fn not_records(dialect: &Dialect, answer: &Json) -> Option<String> {
    let path = &dialect.records;
    // an element of XML that holds nothing is an empty list
    let is_empty = |value: &Json| path.is_of_elements() && value.as_str() == Some("");
    let is_text = |value: &Json| !value.is_null() && !value.is_object() && !value.is_array() && !is_empty(value);
    let lists = path.parent().map(|list| list.query(answer)).unwrap_or_default();
    let in_lists = lists.iter().filter_map(|list| list.as_array()).flatten();
    let leaves = path.query(answer);
    let of_lists = leaves.iter().filter_map(|found| found.as_array()).flatten();
    let is_odd = in_lists.chain(of_lists).any(Json::is_null)
        || leaves.iter().copied().flat_map(items).any(|record| is_text(record) && says_nothing(dialect, record))
        || leaves.is_empty() && lists.into_iter().any(is_text);
    is_odd.then(|| {
        format!(
            "where the target's `records` ({path}) should lead to objects, the answer holds something that is none; correct \
             `records`, or say with `absent` how nobody looks"
        )
    })
}

/// Whether the mapping finds nothing in a record.
fn says_nothing(dialect: &Dialect, record: &Json) -> bool {
    let Mapped { group, members } = map_record(dialect, record);
    let is_empty = |facts: &Facts| facts.stated().iter().all(|field| facts.value(field).is_none());
    is_empty(&group) && members.iter().all(is_empty)
}

/// By what an answer's records are not all of them, where the target takes some by their places.
pub(super) fn left_out(records: &JsonPath, answer: &Json) -> Option<String> {
    let (taken, all) = records.left_out(answer)?;
    Some(format!("the target's `records` ({records}) leads to {taken} of {all} there"))
}

/// The records of the answers to several questions, page by page and each with the place of its question. The same record in
/// the answer to another member's question is the same record, not a second one; on another page of one answer it is there twice,
/// but for a list that grows while it is read (`is_list`), where it moved to the next page meanwhile.
pub(super) fn records<'a>(dialect: &Dialect, pages: &'a [(usize, Json)], is_list: bool) -> Vec<(usize, &'a Json)> {
    let mut records: Vec<(usize, &Json)> = Vec::new();
    for (question, page) in pages {
        let known = records.len();
        for record in dialect.records.query(page).into_iter().flat_map(items) {
            let is_same = |(other, before): &(usize, &Json)| (is_list || other != question) && *before == record;
            if !records.iter().take(known).any(is_same) {
                records.push((*question, record));
            }
        }
    }
    records
}

pub(super) fn groups(
    dialect: &Dialect,
    records: &[(usize, &Json)],
    issuer: Option<&IssuerId>,
    place: &Place,
) -> Vec<GroupRecord> {
    let nothing = |record: &Json| record.is_null() || record.as_array().is_some_and(Vec::is_empty);
    let something = records.iter().filter(|(_, record)| !nothing(record));
    let mapped = something.map(|(answer, record)| (*answer, map_record(dialect, record)));
    let mut groups = if dialect.members.is_some() {
        as_groups(mapped.collect(), place)
    } else {
        from_members(mapped.map(|(_, mapped)| mapped).collect(), place)
    };
    for group in &mut groups {
        if let (Some(issuer), None) = (issuer, group.facts.value(Field::Issuer)) {
            group.facts.set(Field::Issuer, issuer.as_str());
        }
    }
    groups
}
