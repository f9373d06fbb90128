//! An issuer that answers the ids of households with the wrong households, or with nobody any more: the engine asks, waits and judges, and a
//! peer of our own plays exchange and issuer.

use crate::cli::Desk;
use crate::far_side::{Asked, FarSide, Told, told};
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};

/// What the issuer does wrong to the first household that applies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mistake {
    None,
    /// Whoever asks for it is shown the second one.
    ShowsAnother,
    /// And whoever asks for the second one is shown the first.
    Exchanges,
    /// It forgets it once it is terminated.
    Forgets,
}

/// A policy: whose it is, and its status.
#[derive(Debug, Clone)]
struct Policy {
    applied: Value,
    status: Option<&'static str>,
}

fn answer(policies: &mut Vec<Policy>, asked: &Asked, mistake: Mistake) -> Told {
    let mut parts = asked.path.trim_matches('/').split('/');
    let (action, at) =
        (parts.next().unwrap_or_default(), parts.next().and_then(|id| id.strip_prefix("POL-")?.parse().ok()));
    if action == "apply" {
        let id = format!("POL-{}", policies.len());
        policies.push(Policy { applied: serde_json::from_str(&asked.body).unwrap(), status: Some("ACTIVE") });
        return told(201, &json!({ "id": id }).to_string());
    }
    let at: usize = at.unwrap_or_default();
    if action == "members" {
        let shown = match (mistake, at) {
            (Mistake::ShowsAnother | Mistake::Exchanges, 0) => 1,
            (Mistake::Exchanges, 1) => 0,
            _ => at,
        };
        let record = policies.get(shown).and_then(|policy| {
            let Policy { applied, status } = policy;
            Some(json!({"id": format!("POL-{shown}"), "who": applied, "status": (*status)?}))
        });
        return told(200, &Value::from_iter(record).to_string());
    }
    let status = match action {
        "terminate" if mistake == Mistake::Forgets && at == 0 => None,
        "terminate" => Some("TERMINATED"),
        "reinstate" => Some("ACTIVE"),
        _ => Some("CANCELLED"),
    };
    if let Some(policy) = policies.get_mut(at).filter(|policy| policy.status.is_some()) {
        policy.status = status;
    }
    told(200, "{}")
}

const TARGET: &str = r#"target: mine
exchange:
  base_url: URL
  flows:
    enroll:
      - post: /apply
        json: {last: "{{ subscriber.name.last }}", first: "{{ subscriber.name.first }}", dob: "{{ subscriber.birth_date }}", mail: "{{ subscriber.email }}"}
        capture: {exchange_assigned_policy_id: $.id}
    terminate: [{post: "/terminate/{{ exchange_assigned_policy_id }}"}]
    reinstate: [{post: "/reinstate/{{ exchange_assigned_policy_id }}"}]
    cancel: [{post: "/cancel/{{ exchange_assigned_policy_id }}"}]
waypoints:
  - name: issuer
    feed: json_api
    base_url: URL
    lookups: [{get: "/members/{{ exchange_assigned_policy_id }}"}]
    records: $[*]
    status: {path: $.status, active: ACTIVE, cancelled: CANCELLED, terminated: TERMINATED}
    poll: {first_after: 100ms, every: 200ms}
    fields: {exchange_assigned_policy_id: $.id, last_name: $.who.last, first_name: $.who.first, birth_date: $.who.dob, email: $.who.mail}
allow_hosts: [127.0.0.1]
"#;

/// The report of three households, one after another, that are enrolled, go through these steps and are taken out; and the exit code.
async fn reported(mistake: Mistake, steps: &[&str]) -> (Value, Option<i32>) {
    let policies = Mutex::new(Vec::new());
    let far = FarSide::start({
        let policies = Arc::new(policies);
        move |asked, _| answer(&mut policies.lock().unwrap(), asked, mistake)
    })
    .await;
    let desk = Desk::new();
    desk.write("target.yaml", &TARGET.replace("URL", &far.url()));
    let step = |event: &str| format!("  - event: {event}\n    expect: {{at: {{issuer: 2s}}}}\n");
    let steps = [vec![step("enroll")], steps.iter().map(|event| step(event)).collect()].concat().concat();
    let scenario = format!(
        "scenario: mine\nobjective: {{decide: estimate}}\npopulation: {{count: 3, seed: 7, household_size: {{1: 1}}}}\njourney:\n{steps}  \
         - event: cancel\ngrace: 100%\nload: {{in_flight: 1}}\n"
    );
    desk.write("scenario.yaml", &scenario);
    let said = desk.johndoe(&["run", "scenario.yaml", "--target", "target.yaml", "--json"]);
    let report = serde_json::from_str(&said.out).unwrap_or_else(|e| panic!("{e}: {}{}", said.out, said.err));
    (report, said.code)
}

/// What became of a household's policies at the issuer: each one's arrival, and in what words it was not found.
fn at_issuer(report: &Value, probe: usize) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let groups = report["probes"][probe]["groups"].as_array().expect("groups");
    groups
        .iter()
        .map(|group| (text(&group["waypoints"][0]["arrival"]), text(&group["waypoints"][0]["not_found"])))
        .collect()
}

/// The kinds of a household's findings, with what is said of them.
fn found(report: &Value, probe: usize) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let all = report["probes"][probe]["findings"].as_array().expect("findings");
    all.iter().map(|finding| (text(&finding["kind"]), text(&finding["detail"]))).collect()
}

fn on_time(policies: usize) -> Vec<(String, String)> {
    vec![("on_time".to_owned(), String::new()); policies]
}

#[tokio::test(flavor = "multi_thread")]
async fn an_issuer_without_a_mistake_passes() {
    let (report, code) = reported(Mistake::None, &["terminate", "reinstate"]).await;
    assert_eq!(code, Some(0), "{report:#}");
    for probe in 0..3 {
        assert_eq!((at_issuer(&report, probe), found(&report, probe)), (on_time(2), vec![]), "{report:#}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_asks_for_a_household_and_is_shown_another_of_the_run_misses_it_and_names_that_one() {
    let (report, code) = reported(Mistake::ShowsAnother, &[]).await;
    let [(arrival, words)] = at_issuer(&report, 0).try_into().expect("one policy");
    assert_eq!(arrival, "missing", "{report:#}");
    assert!(words.contains("probe 1 in its place"), "{words}");
    for probe in 1..3 {
        assert_eq!((at_issuer(&report, probe), found(&report, probe)), (on_time(1), vec![]), "{report:#}");
    }
    assert_eq!(code, Some(1), "{report:#}");
}

#[tokio::test(flavor = "multi_thread")]
async fn two_households_that_an_issuer_exchanges_for_good_are_told_with_each_other() {
    let (report, code) = reported(Mistake::Exchanges, &[]).await;
    for (probe, other) in [(0, 1), (1, 0)] {
        let found = found(&report, probe);
        let names =
            |(kind, detail): &(String, String)| kind == "id_collision" && detail.contains(&format!("probe {other}"));
        assert!(found.iter().any(names), "{probe}: {found:?}");
    }
    assert_eq!((at_issuer(&report, 2), found(&report, 2)), (on_time(1), vec![]), "{report:#}");
    assert_eq!(code, Some(1), "{report:#}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_policy_that_vanished_before_its_reinstatement_is_waited_for_and_missing() {
    let (report, code) = reported(Mistake::Forgets, &["terminate", "reinstate"]).await;
    let arrivals: Vec<String> = at_issuer(&report, 0).into_iter().map(|(arrival, _)| arrival).collect();
    assert_eq!(arrivals, ["on_time", "missing"], "{report:#}");
    for probe in 1..3 {
        assert_eq!((at_issuer(&report, probe), found(&report, probe)), (on_time(2), vec![]), "{report:#}");
    }
    assert_eq!(code, Some(1), "{report:#}");
}
