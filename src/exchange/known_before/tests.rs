//! What says that somebody was known before, and what says something else.

use super::{Answer, Ours};
use serde_json::{Value, json};

fn answer(body: &Value, headers: &[(&str, &str)]) -> Answer {
    let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    Answer { status: 200, headers, body: body.to_string().into_bytes(), ..Answer::default() }
}

fn says_known_before(body: &Value) -> bool {
    super::says_known_before(&answer(body, &[]), Ours { is_of_ours: &|_, _| false, was_looked_for: false })
}

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
fn a_search_and_those_who_were_met_say_it() {
    for answer in [
        json!({"resourceType": "Bundle", "type": "searchset", "entry": [{"resource": {"id": "M1"}}]}),
        json!({"entry": [{"resource": {"id": "M1"}, "search": {"mode": "match", "score": 0.9}}]}),
        json!({"Bundle": {"type": {"@value": "searchset"}, "entry": {"resource": {"Patient": {"id": "M1"}}}}}),
        json!({"id": "M1", "candidates": [{"id": "M1", "score": 98}]}),
        json!({"id": "M1", "matches": [{"id": "M1"}]}),
        json!({"id": "M1", "matchedPersons": [{"id": "M1", "address": "9 Elm"}]}),
        json!({"id": "M1", "possibleMatches": ["M1"], "candidateIds": ["M1"]}),
        json!({"id": "M1", "match": {"personId": "M1", "score": 98}}),
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
        json!({"id": "M1", "duplicate": "none", "duplicateOf": "N/A", "existingPersonId": "-"}),
        json!({"id": "M1", "experianResult": "MATCHED", "kba": {"outcome": "MATCH"}, "identity": "MATCHED"}),
        json!({"id": "M1", "checks": [{"type": "IDENTITY_PROOFING", "result": "MATCHED"}]}),
        json!({"id": "M1", "candidates": [{"planId": "12345VA0010001"}], "matches": [], "candidateIds": []}),
        json!({"id": "M1", "match": {"status": "NO_MATCH", "score": 0}, "matches": {"count": 0}}),
        json!({"resourceType": "Bundle", "type": "transaction-response", "entry": [{"response": {"status": "201"}}]}),
        json!("exists"),
    ] {
        assert!(!says_known_before(&answer), "{answer}");
    }
}

#[test]
fn a_header_of_its_own_says_it_too() {
    let says = |name: &str, value: &str| {
        let answer = answer(&json!({"id": "M1"}), &[("content-type", "application/json"), (name, value)]);
        super::says_known_before(&answer, Ours { is_of_ours: &|_, _| false, was_looked_for: false })
    };
    for (name, value) in [
        ("X-Match", "EXACT"),
        ("X-Match", "1"),
        ("X-Duplicate", "true"),
        ("x-existing", "Y"),
        ("X-Acme-Duplicate-Of", "M1"),
        ("X-Person-Status", "existing"),
        ("X-Result", "MATCHED"),
        ("X-Created", "false"),
    ] {
        assert!(says(name, value), "{name}: {value}");
    }
    for (name, value) in [
        ("X-Match", "none"),
        ("X-Match", "0"),
        ("X-Duplicate", "false"),
        ("X-Duplicate", "0"),
        ("X-Non-Duplicate", "1"),
        ("X-Cache-Match", "exact"),
        ("X-Request-Duplicate", "true"),
        ("X-Identity", "MATCHED"),
        ("X-Created", "true"),
        ("If-None-Match", "exact"),
    ] {
        assert!(!says(name, value), "{name}: {value}");
    }
}

#[test]
fn what_is_said_of_what_is_proved_ours_is_no_news_and_of_somebody_beside_it_is() {
    let of = |body: Value, was_looked_for: bool| {
        let is_of_ours = |record: &Value, told: &[String]| {
            record.get("id") == Some(&json!("OURS")) && told.contains(&"application".to_owned())
        };
        super::says_known_before(&answer(&body, &[]), Ours { is_of_ours: &is_of_ours, was_looked_for })
    };
    assert!(!of(json!({"id": "OURS", "message": "Existing application updated"}), false));
    assert!(of(json!({"id": "OURS", "message": "Existing person linked"}), false));
    assert!(of(json!({"id": "OURS", "message": "Existing application updated", "existingPersonId": "M1"}), false));
    assert!(of(json!({"message": "Existing application updated", "person": {"id": "OURS", "existing": true}}), false));
    let found = json!({"type": "searchset", "entry": [{"resource": {"id": "M1"}, "search": {"mode": "match"}}]});
    assert!(of(found.clone(), false) && !of(found, true));
}
