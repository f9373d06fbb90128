//! Whether an answer says of whom it names that they were known before: then its ids may be a stranger's.

use serde_json::Value;

/// Names that say so where they hold a yes.
const THERE: [&str; 22] = [
    "duplicate",
    "isduplicate",
    "duplicatefound",
    "existing",
    "isexisting",
    "existed",
    "preexisting",
    "exists",
    "alreadyexists",
    "alreadyexisted",
    "alreadyknown",
    "alreadyregistered",
    "alreadyenrolled",
    "knownbefore",
    "match",
    "matched",
    "ismatch",
    "ismatched",
    "matchfound",
    "found",
    "reused",
    "linked",
];
/// Names that say so where they hold a no.
const NEW: [&str; 11] = [
    "created",
    "iscreated",
    "wascreated",
    "inserted",
    "new",
    "isnew",
    "newperson",
    "newmember",
    "newrecord",
    "newapplicant",
    "isnewperson",
];
/// Words that say so under a name that tells what came of a request.
const WORDS: [&str; 20] = [
    "alreadyexists",
    "alreadyexisted",
    "alreadyknown",
    "alreadyregistered",
    "alreadyenrolled",
    "exists",
    "existing",
    "existed",
    "duplicate",
    "isduplicate",
    "match",
    "matched",
    "exact",
    "exactmatch",
    "matchedexisting",
    "existingmatched",
    "found",
    "known",
    "linked",
    "reused",
];
/// What names end with that tell what came of a request.
const TELLS: [&str; 11] =
    ["status", "outcome", "result", "disposition", "action", "resolution", "match", "matchtype", "state", "code", "op"];
/// What sentences say it with …
const SENTENCES: [&str; 12] = [
    "already exist",
    "already on file",
    "already registered",
    "already known",
    "already enrolled",
    "already in the",
    "existing person",
    "existing member",
    "existing record",
    "existing applicant",
    "existing individual",
    "matched existing",
];
/// … and what sentences begin those words with that say the reverse.
const REVERSED: [&str; 4] = ["no ", "not ", "never ", "without "];
/// So deep it is looked for: what wraps an answer, and a part that tells of a search that it made.
const DEEPEST: usize = 3;

/// Whether it is said anywhere near the top of an answer: by a flag, by a word for what came of it, by a code, or in a sentence.
pub(super) fn says_known_before(body: &Value) -> bool {
    is_said(body, DEEPEST)
}

fn is_said(value: &Value, deep: usize) -> bool {
    match value {
        Value::Object(fields) => fields.iter().any(|(key, field)| {
            let name = bare(key);
            says_by_itself(&name, field) || deep > 0 && is_wrapper(&name) && is_said(field, deep - 1)
        }),
        Value::Array(items) => items.iter().any(|item| is_said(item, deep)),
        _ => false,
    }
}

fn says_by_itself(name: &str, field: &Value) -> bool {
    if let Some(yes) = as_flag(field) {
        return yes && THERE.contains(&name) || !yes && NEW.contains(&name);
    }
    let Value::String(text) = field else {
        let Value::Array(items) = field else { return false };
        return tells_in_words(name) && items.iter().any(|item| says_by_itself(name, item));
    };
    let word = bare(text);
    let tells = TELLS.iter().any(|end| name.ends_with(end));
    let is_code =
        || name.ends_with("code") && ["duplicate", "already", "existing"].iter().any(|part| word.contains(part));
    tells && WORDS.contains(&word.as_str()) || is_code() || tells_in_words(name) && is_sentence(text)
}

/// Names that hold sentences for people.
fn tells_in_words(name: &str) -> bool {
    [
        "message",
        "msg",
        "text",
        "detail",
        "details",
        "description",
        "warning",
        "warnings",
        "note",
        "notes",
        "info",
        "reason",
    ]
    .iter()
    .any(|end| name.ends_with(end))
}

/// Parts of an answer that tell of the whole: none of them is a record of somebody else's.
fn is_wrapper(name: &str) -> bool {
    [
        "data",
        "result",
        "results",
        "response",
        "body",
        "payload",
        "meta",
        "mpi",
        "match",
        "matching",
        "warnings",
        "messages",
        "notices",
        "info",
        "identity",
        "person",
        "member",
        "applicant",
        "application",
        "outcome",
        "status",
        "errors",
    ]
    .contains(&name)
}

fn is_sentence(text: &str) -> bool {
    let text = text.to_lowercase();
    SENTENCES.iter().any(|said| {
        text.match_indices(said).any(|(at, _)| {
            let before = text.get(..at).unwrap_or_default();
            !REVERSED.iter().any(|no| before.ends_with(no) || before.ends_with(&format!("{no}an ")))
        })
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

/// Letters and digits alone, in small letters.
fn bare(text: &str) -> String {
    text.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
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
            json!("exists"),
        ] {
            assert!(!says_known_before(&answer), "{answer}");
        }
    }
}
