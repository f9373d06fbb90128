//! Whether an answer says of whom it names that they were known before: then its ids may be a stranger's. It is understood by the words
//! that its names and values are made of, since every system has names of its own for it.

use crate::target::words_of_name;
use serde_json::{Map, Value};

/// Words that say so beside whatever else a name says of a record …
const KNOWN: [&str; 11] = [
    "duplicate",
    "duplicated",
    "dup",
    "existing",
    "exist",
    "exists",
    "existed",
    "preexisting",
    "already",
    "reused",
    "dedup",
];
/// … and words that say so of a person alone: an address is matched, and an account linked, of whomever is new.
const MET: [&str; 7] = ["match", "matched", "matches", "matching", "found", "linked", "known"];
/// People, and words without a meaning of their own.
const PERSONS: [&str; 44] = [
    "person",
    "people",
    "member",
    "applicant",
    "individual",
    "subscriber",
    "record",
    "customer",
    "client",
    "party",
    "enrollee",
    "mpi",
    "index",
    "master",
    "registry",
    "is",
    "was",
    "were",
    "has",
    "had",
    "be",
    "been",
    "are",
    "it",
    "in",
    "on",
    "to",
    "of",
    "by",
    "the",
    "a",
    "an",
    "as",
    "with",
    "exact",
    "before",
    "possible",
    "potential",
    "likely",
    "id",
    "ids",
    "ref",
    "number",
    "resolved",
];
/// What may stand beside a word of the first kind.
const THINGS: [&str; 32] = [
    "application",
    "app",
    "enrollment",
    "policy",
    "entry",
    "file",
    "system",
    "database",
    "status",
    "state",
    "outcome",
    "code",
    "result",
    "action",
    "disposition",
    "resolution",
    "type",
    "flag",
    "present",
    "registered",
    "enrolled",
    "created",
    "added",
    "stored",
    "recorded",
    "loaded",
    "applied",
    "submitted",
    "returned",
    "reference",
    "this",
    "previously",
];
/// Words that say so where they hold a no.
const NEW: [&str; 6] = ["new", "newly", "created", "create", "inserted", "added"];
/// Words that turn it round.
const REVERSED: [&str; 9] = ["no", "not", "non", "never", "none", "without", "un", "nobody", "t"];
/// What names end with that tell what came of a request.
const TELLS: [&str; 14] = [
    "status",
    "outcome",
    "result",
    "disposition",
    "action",
    "resolution",
    "match",
    "matchtype",
    "state",
    "code",
    "op",
    "matchstatus",
    "statuscode",
    "resultcode",
];
/// What names end with that hold sentences for people.
const SENTENCES: [&str; 12] = [
    "message",
    "msg",
    "text",
    "detail",
    "description",
    "warning",
    "note",
    "info",
    "reason",
    "remark",
    "comment",
    "notice",
];
/// Parts of an answer that tell of something else than of who was asked about.
const ELSEWHERE: [&str; 22] = [
    "coverage",
    "plan",
    "address",
    "eligibility",
    "verification",
    "document",
    "income",
    "subsidy",
    "premium",
    "payment",
    "rating",
    "network",
    "provider",
    "question",
    "attestation",
    "employer",
    "broker",
    "agent",
    "tax",
    "phone",
    "carrier",
    "issuer",
];
/// So deep it is looked for: what wraps an answer, and a part that tells of a search that it made.
const DEEPEST: usize = 5;
/// A word for what came of a request has no more words than this.
const LONGEST: usize = 6;

/// Whether it is said anywhere near the top of an answer: by a flag, by a word for what came of it, by a code, by an id of who was there,
/// or in a sentence.
pub(super) fn says_known_before(body: &Value) -> bool {
    is_said(body, DEEPEST)
}

fn is_said(value: &Value, deep: usize) -> bool {
    match value {
        Value::Object(fields) => fields.iter().any(|(key, field)| {
            let name = words(key);
            says_by_itself(&name, plain(field)) || deep > 0 && !has(&name, &ELSEWHERE) && is_said(field, deep - 1)
        }),
        Value::Array(items) => items.iter().any(|item| is_said(item, deep)),
        _ => false,
    }
}

/// Of an element of XML with attributes its text.
fn plain(field: &Value) -> &Value {
    field.as_object().and_then(|parts: &Map<String, Value>| parts.get("#text")).unwrap_or(field)
}

fn says_by_itself(name: &[String], field: &Value) -> bool {
    if let Some(yes) = as_flag(field) {
        return if yes { says(name) } else { says_new(name) };
    }
    let ends = |list: &[&str]| name.last().is_some_and(|last| holds(list, last));
    match field {
        Value::String(text) if ends(&TELLS) || ends(&["type"]) && has(name, &MET) => {
            let said = words(text);
            let is_of_code =
                ends(&["code", "statuscode", "resultcode"]) && has(&said, &KNOWN) && !has(&said, &REVERSED);
            said.len() <= LONGEST && says(&said) || is_of_code
        }
        Value::String(text) if ends(&SENTENCES) => is_sentence(text),
        Value::Array(items) if ends(&SENTENCES) => items.iter().any(|item| says_by_itself(name, item)),
        // whose id stands there was there
        Value::String(text) => !text.trim().is_empty() && names_somebody(name),
        Value::Array(items) => !items.is_empty() && names_somebody(name),
        Value::Object(parts) => !parts.is_empty() && says(name) && has(name, &KNOWN),
        _ => false,
    }
}

/// Whether what stands under a name is somebody who was there: `existingPersonId`, `duplicateOf`, `matches`, `linkedTo`.
fn names_somebody(name: &[String]) -> bool {
    let leads =
        name.last().is_some_and(|last| ["id", "ids", "of", "to", "ref", "number", "matches"].contains(&last.as_str()));
    says(name) && (has(name, &KNOWN) || leads)
}

/// Whether words say that somebody was known, and nothing else.
fn says(words: &[String]) -> bool {
    let all_in = |lists: &[&[&str]]| words.iter().all(|word| lists.iter().any(|list| holds(list, word)));
    !has(words, &REVERSED)
        && (has(words, &KNOWN) && all_in(&[&KNOWN, &MET, &PERSONS, &THINGS])
            || has(words, &MET) && all_in(&[&MET, &PERSONS, &TELLS]))
}

fn says_new(words: &[String]) -> bool {
    has(words, &NEW) && words.iter().all(|word| [&NEW[..], &PERSONS, &THINGS].iter().any(|list| holds(list, word)))
}

fn has(words: &[String], list: &[&str]) -> bool {
    words.iter().any(|word| holds(list, word))
}

fn holds(list: &[&str], word: &str) -> bool {
    list.contains(&word) || list.contains(&singular(word))
}

fn singular(word: &str) -> &str {
    word.strip_suffix('s').unwrap_or(word)
}

/// The words of a name or a value; of several that were written as one those which are known here.
fn words(text: &str) -> Vec<String> {
    words_of_name(text).into_iter().flat_map(|word| apart(&word).unwrap_or(vec![word])).collect()
}

/// `alreadyexists` as the two words that it is, where all of it is made of words that are known here.
fn apart(word: &str) -> Option<Vec<String>> {
    if word.is_empty() {
        return Some(Vec::new());
    }
    let known = [&KNOWN[..], &MET, &PERSONS, &THINGS, &NEW, &REVERSED];
    let mut fits: Vec<&str> =
        known.into_iter().flatten().copied().filter(|part| part.len() > 1 && word.starts_with(part)).collect();
    fits.sort_by_key(|part| std::cmp::Reverse(part.len()));
    fits.into_iter().find_map(|part| {
        let mut rest = apart(word.get(part.len()..)?)?;
        rest.insert(0, part.to_owned());
        Some(rest)
    })
}

/// Whether a sentence says it: `already` with what somebody already is, or an existing or duplicate somebody.
fn is_sentence(text: &str) -> bool {
    let lower = text.to_lowercase();
    let said: Vec<&str> = lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    said.iter().enumerate().any(|(at, word)| {
        let before = said.get(at.saturating_sub(3)..at).unwrap_or_default();
        let after = said.get(at + 1..(at + 4).min(said.len())).unwrap_or_default();
        let follows = |list: &[&str]| after.iter().any(|word| holds(list, word));
        let is_it = match *word {
            "already" => {
                follows(&[
                    "exist",
                    "exists",
                    "existed",
                    "present",
                    "file",
                    "registered",
                    "known",
                    "enrolled",
                    "in",
                    "there",
                ]) || follows(&["created", "added", "recorded", "stored", "loaded", "applied"])
            }
            "existing" | "duplicate" | "matched" => after.first().is_some_and(|next| {
                [
                    "person",
                    "member",
                    "record",
                    "applicant",
                    "individual",
                    "existing",
                    "of",
                    "found",
                    "application",
                    "customer",
                    "party",
                ]
                .contains(next)
            }),
            _ => false,
        };
        is_it && !before.iter().any(|word| REVERSED.contains(word))
    })
}

/// Yes or no, as systems write them.
fn as_flag(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(flag) => Some(*flag),
        Value::Number(number) => match number.as_u64() {
            Some(0) => Some(false),
            Some(1) => Some(true),
            _ => None,
        },
        Value::String(text) => match text.trim().to_ascii_lowercase().as_str() {
            "true" | "y" | "yes" | "1" => Some(true),
            "false" | "n" | "no" | "0" => Some(false),
            _ => None,
        },
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::says_known_before;
    use serde_json::json;

    #[test]
    fn flags_words_codes_and_sentences_say_it() {
        for answer in [
            json!({"id": "M1", "created": false}),
            json!({"id": "M1", "isNew": false}),
            json!({"id": "M1", "newPerson": "N"}),
            json!({"id": "M1", "existing": true}),
            json!({"id": "M1", "already_exists": "Y"}),
            json!({"id": "M1", "matchFound": true}),
            json!({"id": "M1", "status": "ALREADY_EXISTS"}),
            json!({"id": "M1", "outcome": "MATCHED"}),
            json!({"id": "M1", "result": "FOUND"}),
            json!({"id": "M1", "matchType": "EXACT_MATCH"}),
            json!({"id": "M1", "personStatus": "Existing"}),
            json!({"id": "M1", "disposition": "matched-existing"}),
            json!({"id": "M1", "message": "Person already exists in master person index; linked"}),
            json!({"id": "M1", "warning": "Existing person record returned"}),
            json!({"id": "M1", "warnings": ["person already on file"]}),
            json!({"id": "M1", "warnings": [{"code": "DUPLICATE_PERSON", "text": "see index"}]}),
            json!({"data": {"id": "M1", "mpi": {"matched": true, "score": 98}}}),
            json!([{"id": "M1", "duplicate": true}]),
            json!({"id": "M1", "status": "DUPLICATE_FOUND"}),
            json!({"id": "M1", "status": "ALREADY_PRESENT"}),
            json!({"id": "M1", "result": "EXISTING_PERSON"}),
            json!({"id": "M1", "statusCode": "PERSON_EXISTS"}),
            json!({"id": "M1", "resolution": "RESOLVED_TO_EXISTING"}),
            json!({"id": "M1", "code": "ERR-DUPLICATE-SSN"}),
            json!({"id": "M1", "wasExisting": true}),
            json!({"id": "M1", "personFound": true}),
            json!({"id": "M1", "newlyCreated": false}),
            json!({"id": "M1", "isDuplicatePerson": true}),
            json!({"id": "M1", "alreadyexists": "true"}),
            json!({"id": "M1", "existingPersonId": "M1"}),
            json!({"id": "M1", "potentialDuplicates": ["M1"]}),
            json!({"id": "M1", "linkedTo": "M1"}),
            json!({"id": "M1", "message": "Person is already present"}),
            json!({"id": "M1", "message": "This individual has already been registered."}),
            json!({"data": {"createPerson": {"id": "M1", "existing": true}}}),
            json!({"individuals": [{"id": "M1", "matchStatus": "EXISTING"}]}),
            json!({"people": {"M1": {"matched": true}}}),
            json!({"answer": {"@created": "false", "id": "M1"}}),
            json!({"answer": {"existing": {"@type": "b", "#text": "true"}}}),
            json!({"Envelope": {"Body": {"Response": {"return": {"MatchResult": "EXISTING", "id": "M1"}}}}}),
        ] {
            assert!(says_known_before(&answer), "{answer}");
        }
    }

    #[test]
    fn what_says_something_else_does_not() {
        for answer in [
            json!({"id": "M1", "created": true, "duplicate": false, "matched": false}),
            json!({"id": "M1", "status": "created"}),
            json!({"id": "M1", "status": "updated", "message": "No existing record; created"}),
            json!({"id": "M1", "message": "the person did not already exist"}),
            json!({"id": "M1", "message": "created without an existing record"}),
            json!({"id": "M1", "code": "201", "coverage": {"existing": true}}),
            json!({"id": "M1", "plan": {"match": true}}),
            json!({"id": "M1", "found": 12}),
            json!({"id": "M1", "addressMatched": true, "ssnMatched": true, "accountLinked": true}),
            json!({"id": "M1", "existingCoverage": true, "isNewborn": false, "newToMarketplace": false}),
            json!({"id": "M1", "duplicates": [], "existingPersonId": null, "duplicateCheck": "PASSED"}),
            json!({"id": "M1", "matchStatus": "NO_MATCH", "status": "NOT_FOUND", "result": "unmatched"}),
            json!({"id": "M1", "message": "No duplicate found; the plan is already effective"}),
            json!({"id": "M1", "status": "created", "verification": {"status": "MATCHED"}}),
            json!({"id": "M1", "description": "Bronze plan for existing conditions"}),
            json!("exists"),
        ] {
            assert!(!says_known_before(&answer), "{answer}");
        }
    }
}
