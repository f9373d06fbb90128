//! One real person who shares a name and a birth date with ours: nobody's policy is touched, and nobody is called missing.

use super::Desk;
use crate::far_side::{FarSide, told};
use serde_json::json;

const TARGET: &str = "target: test\nenvironment: test\nallow_hosts: [127.0.0.1]\nexchange:\n  base_url: URL\n  flows:\n    \
    enroll:\n      - {name: apply, post: /apply, json: {a: b}, capture: {application_id: {jsonpath: $.id, required: false}}}\n    \
    cancel:\n      - {name: cancel, post: \"/cancel/{{ application_id }}\"}\n\
    plans: [{plan_id: 12345VA0010001, state: VA, line: medical}]\nlimits: {rate: 1000/s, in_flight: 1}\n\
    waypoints:\n  - name: issuer\n    feed: json_api\n    base_url: URL\n    poll: {first_after: 20ms, every: 50ms, at_most: 50ms}\n    \
    lookup: {get: \"/members?last={{ subscriber.name.last }}&born={{ subscriber.birth_date }}\"}\n    records: $[*]\n    \
    fields: {application_id: $.app, last_name: $.last, birth_date: $.born, phone: $.phone}\n";

fn scenario() -> &'static str {
    "scenario: trial\nobjective: {decide: estimate}\npopulation: {count: 1, seed: 7, as_of: 2013-11-15, states: [VA]}\njourney:\n  - event: enroll\n    \
     expect: {at: {issuer: 300ms}}\n"
}

#[tokio::test(flavor = "multi_thread")]
async fn who_shares_a_name_and_a_birth_date_is_possible_and_whoever_has_no_proof_is_listed() {
    for (status, submission) in [(500, "indeterminate"), (201, "accepted"), (422, "rejected")] {
        let far = FarSide::start(move |asked, _| match asked.path.as_str() {
            "/apply" => told(status, "{}"),
            "/members" => {
                let said = |name: &str| {
                    asked.query.split('&').find_map(|part| part.strip_prefix(&format!("{name}="))).unwrap()
                };
                let real =
                    json!([{"app": "REALAPP999", "last": said("last"), "born": said("born"), "phone": "8043334444"}]);
                told(200, &real.to_string())
            }
            _ => told(200, "{}"),
        })
        .await;
        let desk = Desk::new();
        desk.write("target.yaml", &TARGET.replace("URL", &far.url()));
        desk.write("mine.yaml", scenario());
        let told = desk.johndoe(&["run", "mine.yaml", "--target", "target.yaml", "--json"]);
        assert!(far.paths().iter().all(|path| !path.starts_with("POST /cancel")), "{status}: {:?}", far.paths());
        let report: serde_json::Value = serde_json::from_str(&told.out).unwrap_or_else(|e| panic!("{e}: {}", told.err));
        let probe = &report["probes"][0];
        assert_eq!(probe["submission"], submission, "{report}");
        let shown = desk.johndoe(&["show", "latest/0"]).out;
        for stranger in ["REALAPP999", "8043334444"] {
            assert!(!told.out.contains(stranger) && !shown.contains(stranger), "{status}: {shown}");
        }
        if submission == "rejected" {
            assert_eq!(probe["remaining"], serde_json::Value::Null, "a definite refusal left nobody in");
            continue;
        }
        let at = &probe["groups"][0]["waypoints"][0];
        assert_eq!((&at["arrival"], &report["counts"]["missing"]), (&json!("undecided"), &json!(0)), "{report}");
        assert!(shown.contains("a record may be theirs") && !shown.contains("not there"), "{shown}");
        let left = &probe["remaining"];
        assert!(left["marker"].as_str().unwrap().ends_with("@example.org"), "{left}");
        assert!(left["sent_at"].is_string() && left["ids"] == json!([]), "{left}");
        let page = desk.johndoe(&["report"]).out;
        assert!(page.contains("Not taken out again, or not provably"), "{page}");
        assert!(page.contains(left["name"].as_str().unwrap()) && page.contains("no ids known"), "{page}");
    }
}
