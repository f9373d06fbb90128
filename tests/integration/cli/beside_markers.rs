//! Ids that the exchange told nobody and an issuer shows beside a household's marker: they take it out again, unless they stand beside
//! another household's marker, too.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use super::Desk;
use crate::far_side::{FarSide, told};
use serde_json::json;

const TARGET: &str = "\
target: test
environment: test
allow_hosts: [127.0.0.1]
exchange:
  base_url: URL
  flows:
    enroll:
      - post: /apply
        json: {n: '{{ probe.index }}', last: '{{ subscriber.name.last }}', born: '{{ subscriber.birth_date }}'}
        capture: {exchange_assigned_policy_id: {jsonpath: $.policy, required: false}, application_id: {jsonpath: $.id, required: false}}
    cancel:
      - {post: '/cancel/{{ exchange_assigned_policy_id }}'}
plans: [{plan_id: 12345VA0010001, state: VA, line: medical}]
waypoints:
  - name: issuer
    feed: json_api
    base_url: URL
    poll: {first_after: 20ms, every: 50ms, at_most: 50ms}
    within: 400ms
    lookup: {get: '/members?n={{ probe.index }}&mail={{ subscriber.email }}'}
    records: $[*]
    fields: {email: $.mail, exchange_assigned_policy_id: $.policy, application_id: $.app, last_name: $.last}
";

/// Whom the exchange was told to take out, where an application is answered like this and an issuer shows `policy` for each household
/// (`#`: its number).
fn taken_out((status, answer): (u16, &str), record: &str) -> Vec<String> {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let (answer, record) = (answer.to_owned(), record.to_owned());
    let far = runtime.block_on(FarSide::start(move |asked, _| match asked.path.as_str() {
        "/apply" => {
            let body: serde_json::Value = serde_json::from_str(&asked.body).unwrap();
            told(status, &answer.replace('#', &body["n"].to_string().replace('"', "")))
        }
        "/members" => {
            let (n, mail) = asked.query.split_once("&mail=").unwrap();
            let mut shown: serde_json::Value =
                serde_json::from_str(&record.replace('#', n.trim_start_matches("n="))).unwrap();
            shown["mail"] = json!(mail.replace("%40", "@"));
            told(200, &json!([shown]).to_string())
        }
        _ => told(200, "{}"),
    }));
    let desk = Desk::new();
    desk.write("target.yaml", &TARGET.replace("URL", &far.url()));
    desk.write(
        "mine.yaml",
        "scenario: trial\nobjective: {decide: estimate}\npopulation: {count: 3, seed: 1, as_of: 2013-11-15, states: [VA], dental: 0}\n\
         journey:\n  - event: enroll\n    expect: {at: {issuer: 300ms}}\n",
    );
    for words in [&["run", "mine.yaml", "--target", "target.yaml"][..], &["sweep"]] {
        let ended = desk.johndoe(words);
        assert!(matches!(ended.code, Some(0 | 1 | 3 | 4 | 6)), "{:?}\n{}", ended.code, ended.err);
    }
    let mut taken: Vec<String> = far.paths().into_iter().filter(|path| path.contains("/cancel/")).collect();
    taken.sort();
    taken.dedup();
    taken
}

const OWN: &str = r#"{"policy": "P-#", "app": "A-#"}"#;
const ALL_OWN: [&str; 3] = ["POST /cancel/P-0", "POST /cancel/P-1", "POST /cancel/P-2"];

#[test]
fn who_was_accepted_without_an_id_is_taken_out_by_the_one_beside_the_marker() {
    for answer in [(202, "{}"), (201, r#"{"id": "A-#"}"#), (503, "")] {
        assert_eq!(taken_out(answer, OWN), ALL_OWN, "{answer:?}");
    }
}

#[test]
fn an_id_beside_the_markers_of_several_households_takes_nobody_out() {
    for answer in [(202, "{}"), (503, "")] {
        for record in [r#"{"policy": "REAL-P9"}"#, r#"{"policy": "P-#", "app": "REAL-A9"}"#] {
            assert_eq!(taken_out(answer, record), Vec::<String>::new(), "{answer:?} {record}");
        }
    }
    let told = (201, r#"{"id": "A-#", "policy": "P-#"}"#);
    assert_eq!(taken_out(told, r#"{"policy": "REAL-P9"}"#), ALL_OWN, "what the exchange told stays theirs");
}

#[test]
fn an_id_beside_another_application_than_we_were_told_takes_nobody_out() {
    assert_eq!(taken_out((201, r#"{"id": "B-#"}"#), OWN), Vec::<String>::new());
}
