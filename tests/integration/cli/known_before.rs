//! Whoever was known before may be a stranger, whatever says so; and words take nothing away that is proved.

use super::only_proof::{APPLY, asked_in_a_run};
use crate::far_side::{Asked, FarSide, Told, told};
use serde_json::{Value, json};

const BY_ID: &str = "      - {name: cancel, post: '/cancel/{{ application_id }}'}\n";
const BY_POLICY: &str = "      - {name: cancel, post: '/cancel/{{ exchange_assigned_policy_id }}'}\n";

/// Answers whoever applies so, whoever updates so, and takes every cancellation.
fn exchange(applying: Told, updating: Told) -> impl Fn(&Asked, usize) -> Told + Clone + Send + Sync + 'static {
    move |asked, _| match asked.path.as_str() {
        "/apply" => applying.clone(),
        "/members" => told(200, "[]"),
        path if path.starts_with("/cancel") => told(200, "{}"),
        _ => updating.clone(),
    }
}

/// Whom the run cancelled.
fn cancelled((applying, updating): (Told, Told), (enroll, cancel): (&str, &str)) -> Vec<String> {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let far = runtime.block_on(FarSide::start(exchange(applying, updating)));
    let (asked, _) = asked_in_a_run(&far, ("", enroll, cancel));
    assert!(asked.iter().any(|asked| asked.path == "/apply"), "nobody applied");
    let paths = asked.into_iter().map(|asked| asked.path);
    paths.filter_map(|path| path.strip_prefix("/cancel/").map(str::to_owned)).collect()
}

fn of(body: &Value) -> Told {
    told(200, &body.to_string())
}

#[test]
fn whom_a_search_a_list_of_candidates_or_a_header_names_is_not_cancelled() {
    let plain = json!({"id": "REAL-1"});
    let with_header = |name: &'static str, value: &str| (201, vec![(name, value.to_owned())], plain.to_string());
    for answer in [
        of(
            &json!({"id": "REAL-1", "resourceType": "Bundle", "type": "searchset", "entry": [{"resource": {"id": "REAL-1"}}]}),
        ),
        of(&json!({"id": "REAL-1", "entry": [{"resource": {"id": "REAL-1"}, "search": {"mode": "match"}}]})),
        of(&json!({"id": "REAL-1", "candidates": [{"id": "REAL-1", "score": 97}]})),
        of(&json!({"id": "REAL-1", "matchedPersons": [{"id": "REAL-1"}]})),
        with_header("x-match", "EXACT"),
        with_header("x-duplicate", "true"),
        with_header("x-existing", "1"),
        with_header("x-acme-duplicate-of", "REAL-1"),
    ] {
        let cancelled = cancelled((answer.clone(), told(200, "{}")), (APPLY, BY_ID));
        assert!(cancelled.is_empty(), "{answer:?}: {cancelled:?}");
    }
}

#[test]
fn a_proof_of_identity_that_matched_makes_nobody_known() {
    for body in [
        json!({"id": "OURS-1", "experianResult": "MATCHED"}),
        json!({"id": "OURS-1", "checks": [{"type": "identity_proofing", "result": "MATCHED"}]}),
    ] {
        assert_eq!(cancelled((of(&body), told(200, "{}")), (APPLY, BY_ID)), ["OURS-1"], "{body}");
    }
}

/// A second step that completes the application which the first one created.
#[test]
fn what_is_said_of_our_own_application_disowns_nothing() {
    let update = |takes: &str| {
        format!(
            "{APPLY}      - {{name: complete, put: '/complete/{{{{ application_id }}}}', json: {{last: '{{{{ subscriber.name.last }}}}'}}, capture: {{{takes}}}}}\n"
        )
    };
    let id = "application_id: $.id";
    let both = "application_id: $.id, exchange_assigned_policy_id: $.policy";
    let created = || told(201, r#"{"id": "OURS-1"}"#);
    for (takes, cancel, body, expected) in [
        (id, BY_ID, json!({"id": "OURS-1", "message": "Existing application updated"}), Some("OURS-1")),
        (both, BY_ID, json!({"id": "OURS-1", "policy": "P-1", "status": "EXISTING"}), Some("OURS-1")),
        (
            both,
            BY_POLICY,
            json!({"id": "OURS-1", "policy": "P-1", "message": "Existing application updated"}),
            Some("P-1"),
        ),
        (both, BY_POLICY, json!({"id": "OURS-1", "policy": "REAL-1", "message": "Existing person linked"}), None),
        (both, BY_POLICY, json!({"id": "REAL-2", "policy": "REAL-1", "message": "Existing application updated"}), None),
        (both, BY_POLICY, json!({"id": "OURS-1", "policy": "REAL-1", "status": "EXISTING"}), None),
    ] {
        let cancelled = cancelled((created(), of(&body)), (&update(takes), cancel));
        assert_eq!(cancelled, Vec::from_iter(expected.map(str::to_owned)), "{takes} {body}");
    }
}

/// A later flow that asks at an address of ours, and goes on by what the answer told.
#[test]
fn in_a_later_flow_words_about_our_application_disown_nothing_and_words_about_a_person_do() {
    let look = "      - {name: look, put: '/cases/{{ application_id }}', json: {id: '{{ application_id }}'}, capture: {ref: $.ref}}\n      \
                - {name: cancel, post: '/cancel/{{ ref }}'}\n";
    let created = || told(201, r#"{"id": "OURS-1"}"#);
    for (body, expected) in [
        (json!({"id": "OURS-1", "ref": "CR-9", "message": "Existing application updated"}), Some("CR-9")),
        (json!({"applicationId": "OURS-1", "ref": "CR-9", "applicationStatus": "EXISTING"}), Some("CR-9")),
        (json!({"id": "OURS-1", "ref": "OURS-1", "status": "EXISTING"}), Some("OURS-1")),
        (json!({"id": "OURS-1", "ref": "REAL-9", "message": "Existing member linked to application"}), None),
        (json!({"id": "REAL-1", "ref": "REAL-9", "message": "Existing application updated"}), None),
    ] {
        let cancelled = cancelled((created(), of(&body)), (APPLY, look));
        assert_eq!(cancelled, Vec::from_iter(expected.map(str::to_owned)), "{body}");
    }
}

/// Whoever runs the program hears it once, the report tells it of each, and those who run the exchange get the ids, as not proved.
#[test]
fn what_is_not_used_of_an_answer_is_told_where_people_look_and_who_cannot_be_looked_for_is_blind() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let answer = of(&json!({"id": "REAL-1", "status": "RECONCILED"}));
    let far = runtime.block_on(FarSide::start(exchange(answer, told(200, "{}"))));
    let desk = super::Desk::new();
    let url = far.url();
    desk.write(
        "target.yaml",
        &format!(
            "target: test\nenvironment: test\nallow_hosts: [127.0.0.1]\nexchange:\n  base_url: {url}\n  flows:\n    enroll:\n{APPLY}    \
             cancel:\n{BY_ID}plans: [{{plan_id: 12345VA0010001, state: VA, line: medical}}]\nwaypoints:\n  - name: issuer\n    \
             feed: json_api\n    base_url: {url}\n    poll: {{first_after: 20ms, every: 50ms, at_most: 50ms}}\n    within: 100ms\n    \
             lookups: [{{get: '/members?app={{{{ application_id }}}}'}}]\n    records: $[*]\n    fields: {{email: $.mail, application_id: $.app}}\n"
        ),
    );
    desk.write(
        "mine.yaml",
        "scenario: trial\nobjective: {decide: estimate}\npopulation: {count: 3, seed: 1, as_of: 2013-11-15, states: [VA]}\njourney:\n  - event: enroll\n    \
         expect: {at: {issuer: 100ms}}\n",
    );
    let ended = desk.johndoe(&["run", "mine.yaml", "--target", "target.yaml", "--json"]);
    let report: Value = serde_json::from_str(&ended.out).unwrap_or_else(|e| panic!("{e}: {}", ended.err));
    assert_eq!(ended.err.matches("`status` (`AAAAAAAAAA`)").count(), 1, "{}", ended.err);
    assert_eq!(ended.code, Some(4), "{report}");
    for probe in report["probes"].as_array().unwrap() {
        assert_eq!(probe["submission"], "accepted");
        assert_eq!(probe["groups"][0]["waypoints"][0]["arrival"], "blind", "{probe}");
        let (reason, left) = (probe["reason"].as_str().unwrap(), &probe["remaining"]);
        assert!(reason.contains("`status` (`AAAAAAAAAA`)") && reason.contains("`reads: false`"), "{reason}");
        assert_eq!((&left["ids"], left["not_proved"].as_str()), (&json!([]), Some(reason)));
    }
    let told_apart = [desk.johndoe(&["show", "latest/0"]).out, desk.johndoe(&["report"]).out];
    for told in told_apart.map(|told| told.split_whitespace().collect::<Vec<_>>().join(" ")) {
        assert!(told.contains("`status` (`AAAAAAAAAA`)") && told.contains("REAL-1"), "{told}");
    }
    assert!(far.paths().iter().all(|path| !path.contains("/cancel")), "{:?}", far.paths());
}
