//! Whether an answer says of whom it names that they were known before: then its ids may be a stranger's. It is understood by the words
//! that its names and values are made of, since every system has names of its own for it.

use crate::target::words_of_name;
use serde_json::{Map, Value};

/// Words that say so beside whatever else a name says of a record …
const KNOWN: [&str; 12] = [
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
    "merged",
];
/// … and words that say so of a person alone: an address is matched, and an account linked, of whomever is new.
const MET: [&str; 7] = ["match", "matched", "matches", "matching", "found", "linked", "known"];
/// How well somebody was met.
const DEGREES: [&str; 7] = ["exact", "full", "strong", "high", "certain", "probable", "partial"];
/// People, and words without a meaning of their own.
const PERSONS: [&str; 48] = [
    "person",
    "people",
    "member",
    "applicant",
    "individual",
    "subscriber",
    "record",
    "customer",
    "consumer",
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
    "into",
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
    "pre",
    "file",
];
/// What may stand beside a word of the first kind.
const THINGS: [&str; 33] = [
    "application",
    "app",
    "enrollment",
    "policy",
    "entry",
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
    "indicator",
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
    "user",
];
/// Words that say so where they hold a no.
const NEW: [&str; 6] = ["new", "newly", "created", "create", "inserted", "added"];
/// Words that turn it round, or leave it open.
const REVERSED: [&str; 14] =
    ["no", "not", "non", "never", "none", "without", "un", "nobody", "t", "if", "may", "might", "could", "whether"];
/// What names end with that tell what came of a request.
const TELLS: [&str; 15] = [
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
    "indicator",
];
/// What names end with that hold sentences for people.
const SENTENCES: [&str; 13] = [
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
    "title",
];
/// Parts of an answer that tell of something else than of who was asked about: what was checked of them, and whose log-in it was.
const ELSEWHERE: [&str; 42] = [
    "coverage",
    "plan",
    "address",
    "eligibility",
    "verification",
    "verify",
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
    "ssa",
    "ssn",
    "identity",
    "proofing",
    "ridp",
    "vlp",
    "hub",
    "citizenship",
    "lawful",
    "presence",
    "immigration",
    "location",
    "geocode",
    "account",
    "user",
    "login",
    "session",
    "household",
    "fdsh",
];
/// What a whole answer, or what tells of somebody in it, may stand in.
const AROUND: [&str; 34] = [
    "data",
    "result",
    "results",
    "response",
    "body",
    "payload",
    "envelope",
    "return",
    "answer",
    "meta",
    "mpi",
    "match",
    "matching",
    "search",
    "outcome",
    "status",
    "person",
    "people",
    "member",
    "applicant",
    "individual",
    "subscriber",
    "application",
    "enrollment",
    "create",
    "add",
    "register",
    "lookup",
    "warning",
    "message",
    "notice",
    "info",
    "d",
    "item",
];
/// So deep it is looked for: what wraps an answer, and a part that tells of a search that it made.
const DEEPEST: usize = 5;
/// A word for what came of a request has no more words than this.
const LONGEST: usize = 6;

/// Whether it is said anywhere near the top of an answer: by a flag, by a word for what came of it, by a code, by an id of who was there,
/// or in a sentence.
pub(super) fn says_known_before(body: &Value) -> bool {
    is_said(body, DEEPEST, true)
}

/// `is_of_whom`: what stands here is of the one who was asked about, as far as the names around it say.
fn is_said(value: &Value, deep: usize, is_of_whom: bool) -> bool {
    match value {
        Value::Object(fields) => fields.iter().any(|(key, field)| {
            let name = words(key);
            if has(&name, &ELSEWHERE) {
                return false;
            }
            let is_of_whom_too = || is_of_whom && (has(&name, &AROUND) || is_key(key));
            says_by_itself(&name, plain(field), is_of_whom) || deep > 0 && is_said(field, deep - 1, is_of_whom_too())
        }),
        Value::Array(items) => items.iter().any(|item| is_said(item, deep, is_of_whom)),
        _ => false,
    }
}

/// An id that something is keyed by says nothing of what it is.
fn is_key(name: &str) -> bool {
    name.bytes().any(|byte| byte.is_ascii_digit())
}

/// Of an element of XML with attributes its text.
fn plain(field: &Value) -> &Value {
    field.as_object().and_then(|parts: &Map<String, Value>| parts.get("#text")).unwrap_or(field)
}

fn says_by_itself(name: &[String], field: &Value, is_of_whom: bool) -> bool {
    let says = |words: &[String]| says(words, is_of_whom);
    if let Some(yes) = as_flag(name, field) {
        return if yes { says(name) } else { says_new(name) };
    }
    let ends = |list: &[&str]| name.last().is_some_and(|last| holds(list, last));
    match field {
        Value::String(text) if ends(&TELLS) || ends(&["type"]) && has(name, &MET) => {
            let said = words(text);
            let is_of_code =
                ends(&["code", "statuscode", "resultcode"]) && has(&said, &KNOWN) && !has(&said, &REVERSED);
            let is_of_degree =
                has(name, &MET) && is_of_whom && said.iter().all(|word| holds(&DEGREES, word)) && !said.is_empty();
            said.len() <= LONGEST && says(&said) || is_of_code || is_of_degree
        }
        Value::String(text) if ends(&SENTENCES) => is_sentence(text),
        Value::Array(items) if ends(&SENTENCES) => items.iter().any(|item| says_by_itself(name, item, is_of_whom)),
        // whose id stands there was there
        Value::String(text) => !text.trim().is_empty() && names_somebody(name, is_of_whom),
        Value::Array(items) => items.iter().any(holds_something) && names_somebody(name, is_of_whom),
        Value::Object(_) => holds_something(field) && says(name) && has(name, &KNOWN),
        _ => false,
    }
}

/// Whether anything stands in a value but zeros, noes and nothing.
fn holds_something(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => false,
        Value::Bool(true) => true,
        Value::Number(number) => number.as_f64() != Some(0.0),
        Value::String(text) => !matches!(text.trim(), "" | "0" | "false" | "no" | "N"),
        Value::Array(items) => items.iter().any(holds_something),
        // that was looked is no find
        Value::Object(parts) => {
            parts.iter().any(|(key, part)| !has(&words(key), &["checked", "check"]) && holds_something(part))
        }
    }
}

/// Whether what stands under a name is somebody who was there: `existingPersonId`, `duplicateOf`, `matches`, `linkedTo`.
fn names_somebody(name: &[String], is_of_whom: bool) -> bool {
    let leads = name
        .last()
        .is_some_and(|last| ["id", "ids", "of", "to", "into", "ref", "number", "matches"].contains(&last.as_str()));
    says(name, is_of_whom) && (has(name, &KNOWN) || leads)
}

/// Whether words say that somebody was known, and nothing else.
fn says(words: &[String], is_of_whom: bool) -> bool {
    let all_in = |lists: &[&[&str]]| words.iter().all(|word| lists.iter().any(|list| holds(list, word)));
    let is_on_file = || words.ends_with(&["on".to_owned(), "file".to_owned()]);
    let is_known = || (has(words, &KNOWN) || is_on_file()) && all_in(&[&KNOWN, &MET, &PERSONS, &THINGS]);
    let is_met = || is_of_whom && has(words, &MET) && all_in(&[&MET, &PERSONS, &TELLS]);
    !has(words, &REVERSED) && (is_known() || is_met())
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

/// Whether a sentence says it: `already` with what somebody already is, or an existing or duplicate somebody, or that somebody exists; not
/// where it speaks of coverage, or leaves it open.
fn is_sentence(text: &str) -> bool {
    let lower = text.to_lowercase();
    let said: Vec<&str> = lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    if said.iter().any(|word| ["coverage", "medicare", "medicaid", "insurance", "employer", "premium"].contains(word)) {
        return false;
    }
    let is_somebody = |word: &&str| {
        [
            "person",
            "member",
            "record",
            "applicant",
            "individual",
            "customer",
            "consumer",
            "party",
            "enrollee",
            "subscriber",
        ]
        .contains(word)
    };
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
                    "taken",
                ]) || follows(&["created", "added", "recorded", "stored", "loaded"])
            }
            "existing" | "duplicate" | "matched" | "matching" => after
                .iter()
                .take(2)
                .any(|next| is_somebody(next) || ["existing", "of", "found", "application", "entry"].contains(next)),
            "exists" => before.iter().any(is_somebody),
            _ => false,
        };
        is_it && !said.get(..at).unwrap_or_default().iter().any(|word| REVERSED.contains(word))
    })
}

/// Yes or no, as systems write them. A number is one where the name asks; else it counts.
fn as_flag(name: &[String], value: &Value) -> Option<bool> {
    match value {
        Value::Bool(flag) => Some(*flag),
        Value::Number(number) if has(name, &["is", "was", "has"]) => match number.as_u64() {
            Some(0) => Some(false),
            Some(1) => Some(true),
            _ => None,
        },
        Value::String(text) => match text.trim().to_ascii_lowercase().as_str() {
            "true" | "y" | "yes" => Some(true),
            "false" | "n" | "no" => Some(false),
            "1" if has(name, &["is", "was", "has"]) => Some(true),
            "0" if has(name, &["is", "was", "has"]) => Some(false),
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
            json!({"id": "M1", "existingConsumer": true}),
            json!({"id": "M1", "status": "FOUND_EXISTING_CONSUMER"}),
            json!({"id": "M1", "preExisting": true}),
            json!({"id": "M1", "onFile": true}),
            json!({"id": "M1", "title": "Person already exists"}),
            json!({"id": "M1", "message": "Member record exists; using it"}),
            json!({"id": "M1", "message": "A matching person was found"}),
            json!({"id": "M1", "message": "Existing consumer returned"}),
            json!({"id": "M1", "duplicateIndicator": "Y"}),
            json!({"id": "M1", "personMatchResult": "EXACT"}),
            json!({"id": "M1", "mergedInto": "M1"}),
            json!({"id": "M1", "status": "merged"}),
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
            json!({"id": "M1", "identity": {"status": "MATCHED"}, "ssaStatus": "MATCHED", "hub": {"recordFound": true}}),
            json!({"id": "M1", "citizenship": {"result": "MATCH"}, "lawfulPresence": {"code": "MATCHED"}}),
            json!({"id": "M1", "hubResponses": [{"service": "SSA", "outcome": "match"}], "account": {"existing": true}}),
            json!({"id": "M1", "location": {"matched": true}, "user": {"isNew": false}, "checks": {"matched": true}}),
            json!({"id": "M1", "duplicates": {"count": 0}, "existing": {"count": 0}, "dedup": {"checked": true}}),
            json!({"id": "M1", "newMembers": 0, "created": 0, "updated": 1}),
            json!({"id": "M1", "notice": "If you are already enrolled in other coverage, report it"}),
            json!({"id": "M1", "notice": "Applicant may already be enrolled in employer coverage"}),
            json!({"id": "M1", "notice": "Your premium is already applied to your account"}),
            json!("exists"),
        ] {
            assert!(!says_known_before(&answer), "{answer}");
        }
    }
}
