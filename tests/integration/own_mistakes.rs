//! Mistakes in a target that look like losses on the way, over real sockets: each is told as the target's, and nobody is accused.

use crate::cli::Desk;
use crate::far_side::{Asked, FarSide, Told, told};
use serde_json::{Value as Json, json};
use std::sync::{Arc, Mutex};

/// An exchange and two issuers that lose nothing: `/apply`, `/cancel`, `/ISSUER/members?mail=…` and `/all/members`.
async fn faultless() -> FarSide {
    let applied = Arc::new(Mutex::new(Vec::<Json>::new()));
    FarSide::start(move |asked, _| answer(&mut applied.lock().unwrap(), asked)).await
}

fn answer(applied: &mut Vec<Json>, asked: &Asked) -> Told {
    let body = || serde_json::from_str::<Json>(&asked.body).unwrap();
    let (issuer, of) = asked.path.trim_start_matches('/').split_once('/').unwrap_or_default();
    match (asked.path.as_str(), of) {
        ("/apply", _) => {
            let id = format!("POL-{:05}", applied.len());
            let mut application = body();
            application["id"] = json!(id);
            application["state"] = json!("ACTIVE");
            applied.push(application);
            told(201, &json!({"id": id}).to_string())
        }
        ("/cancel", _) => {
            let id = body()["id"].clone();
            applied.iter_mut().filter(|one| one["id"] == id).for_each(|one| one["state"] = json!("VOID"));
            told(200, "{}")
        }
        (_, "members") => {
            let mail = asked.query.trim_start_matches("mail=").replace("%40", "@");
            let is_here = |one: &&Json| issuer == "all" || one["plan"].as_str().unwrap_or_default().starts_with(issuer);
            let is_asked = |one: &&Json| mail.is_empty() || one["people"][0]["email"] == json!(mail);
            let found: Vec<&Json> = applied.iter().filter(is_here).filter(is_asked).collect();
            told(200, &json!({"hits": found}).to_string())
        }
        _ => told(404, "{}"),
    }
}

/// A target for it whose waypoint asks `lookups` at these addresses, and reads by these paths.
fn target(url: &str, at: &str, lookup: &str, paths: &str) -> String {
    format!(
        "target: mine\nexchange:\n  base_url: {url}\n  flows:\n    enroll:\n      - post: /apply\n        commits: true\n        \
         json: {{plan: \"{{{{ plan_id }}}}\", people: \"{{{{ members }}}}\"}}\n        \
         capture: {{exchange_assigned_policy_id: $.id}}\n    cancel: [{{post: /cancel, json: {{id: \"{{{{ \
         exchange_assigned_policy_id }}}}\"}}}}]\nwaypoints:\n  - name: issuer\n    feed: json_api\n    {at}\n    lookup: \
         {{get: \"{lookup}\"}}\n    {paths}\n    status: {{path: $.state, active: [ACTIVE], cancelled: [VOID]}}\n    \
         poll: {{first_after: 100ms, every: 200ms}}\n    fields: {{exchange_assigned_policy_id: $.id, plan_id: $.plan, \
         member.email: $.email, last_name: $.name.last, first_name: $.name.first, birth_date: $.birth_date}}\n\
         plans:\n  - {{plan_id: 12345VA0010001, state: VA, line: medical}}\n  - {{plan_id: 54321VA0010001, state: VA, line: medical}}\n\
         allow_hosts: [127.0.0.1]\n"
    )
}

const SCENARIO: &str = "scenario: mine\nobjective: {decide: estimate}\npopulation: {count: 8, seed: 7, states: [VA], household_size: {2: 1, 3: 1}}\njourney:\n  \
                        - {event: enroll, expect: {at: {issuer: 2s}}}\n  - {event: cancel, expect: {at: {issuer: 2s}}}\n";

/// The report of a run, and its exit code.
fn run(target: &str, scenario: &str) -> (Option<i32>, Json) {
    let desk = Desk::new();
    desk.write("target.yaml", target);
    desk.write("scenario.yaml", scenario);
    let said = desk.johndoe(&["run", "scenario.yaml", "--target", "target.yaml", "--json"]);
    let report = serde_json::from_str(&said.out).unwrap_or_else(|e| panic!("{e}: {}{}", said.out, said.err));
    (said.code, report)
}

const BY_MAIL: &str = "/members?mail={{ probe.marker }}";
const WHOLE: &str = "records: $.hits[*]\n    members: $.people[*]";

#[tokio::test(flavor = "multi_thread")]
async fn a_faultless_pipeline_passes() {
    let far = faultless().await;
    let (code, report) = run(&target(&far.url(), &format!("base_url: {}/all", far.url()), BY_MAIL, WHOLE), SCENARIO);
    assert_eq!(code, Some(0), "{report:#}");
}

#[tokio::test(flavor = "multi_thread")]
async fn one_person_of_a_list_where_all_are_meant_is_the_targets_mistake() {
    let far = faultless().await;
    let paths = "records: $.hits[*]\n    members: $.people[0]";
    let (code, report) = run(&target(&far.url(), &format!("base_url: {}/all", far.url()), BY_MAIL, paths), SCENARIO);
    assert_eq!((code, &report["counts"]["altered"]), (Some(4), &json!(0)), "{report:#}");
    assert!(report["reasons"].to_string().contains("`$.people[0]` leads to 1 of "), "{report:#}");
}

#[tokio::test(flavor = "multi_thread")]
async fn one_record_of_a_list_where_all_are_meant_is_the_targets_mistake() {
    let far = faultless().await;
    let paths = "records: $.hits[0]\n    members: $.people[*]";
    let at = format!("base_url: {}/all", far.url());
    let (code, report) = run(&target(&far.url(), &at, "/members", paths), SCENARIO);
    assert_eq!((code, &report["counts"]["missing"]), (Some(4), &json!(0)), "{report:#}");
    assert!(report["reasons"].to_string().contains("`records` ($.hits[0]) leads to 1 of "), "{report:#}");
}

#[tokio::test(flavor = "multi_thread")]
async fn two_issuers_addresses_exchanged_are_not_the_pipelines_misrouting() {
    let far = faultless().await;
    let url = far.url();
    let at = |one: &str, other: &str| {
        format!("per_issuer: {{\"12345\": {{base_url: {url}/{one}}}, \"54321\": {{base_url: {url}/{other}}}}}")
    };
    let (code, report) = run(&target(&url, &at("12345", "54321"), BY_MAIL, WHOLE), SCENARIO);
    assert_eq!(code, Some(0), "{report:#}");
    let (code, report) = run(&target(&url, &at("54321", "12345"), BY_MAIL, WHOLE), SCENARIO);
    assert_eq!((code, &report["counts"]["misrouted"]), (Some(3), &json!(0)), "{report:#}");
    assert!(report["reasons"].to_string().contains("stands at another issuer's place"), "{report:#}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_issuer_without_an_address_is_told_beforehand_and_nobody_there_is_missing() {
    let far = faultless().await;
    let at = format!("per_issuer: {{\"12345\": {{base_url: {}/12345}}}}", far.url());
    let desk = Desk::new();
    desk.write("target.yaml", &target(&far.url(), &at, BY_MAIL, WHOLE));
    desk.write("scenario.yaml", SCENARIO);
    let said = desk.johndoe(&["run", "scenario.yaml", "--target", "target.yaml", "--json"]);
    assert!(said.err.contains("no address for issuer `54321`"), "{}", said.err);
    let report: Json = serde_json::from_str(&said.out).unwrap();
    assert_eq!((said.code, &report["counts"]["missing"]), (Some(4), &json!(0)), "{report:#}");
    assert!(report["reasons"].to_string().contains("no address for issuer `54321` at `issuer`"), "{report:#}");
    let cleanups = report["probes"].as_array().unwrap().iter().flat_map(|probe| probe["groups"].as_array().unwrap());
    let of_unread = cleanups.filter(|group| group["issuer"] == json!("54321"));
    assert!(of_unread.into_iter().all(|group| group["cleanup"] != json!("gone")), "{report:#}");
}

/// The same target, asking elsewhere.
fn asking(far: &FarSide, right: &str, wrong: &str) -> String {
    let text = target(&far.url(), &format!("base_url: {}/all", far.url()), BY_MAIL, WHOLE);
    assert!(text.contains(right), "{text}");
    text.replace(right, wrong)
}

#[tokio::test(flavor = "multi_thread")]
async fn an_application_sent_where_nothing_is_was_refused_by_nobody() {
    let far = faultless().await;
    let wrong = asking(&far, "post: /apply", "post: /applications");
    let (code, report) = run(&wrong, SCENARIO);
    assert_eq!(code, Some(5), "{report:#}");
    let counts = &report["counts"];
    assert_eq!((&counts["rejected"], &counts["accepted"]), (&json!(0), &json!(0)), "{report:#}");
    let reasons = report["reasons"].to_string();
    assert!(reasons.contains("had nothing at the address of a step 3 times in a row"), "{reasons}");
    assert!(reasons.contains("answered 404") && reasons.contains("of no household"), "{reasons}");
    // two are too few to stop for, and no refusals that the scenario may want
    let refused = "scenario: mine\npopulation: {count: 2, seed: 7, states: [VA]}\njourney:\n  - {event: enroll, expect: \
                   {submission: rejected}}\n";
    let (code, report) = run(&wrong, refused);
    assert_eq!((code, &report["counts"]["rejected"]), (Some(3), &json!(0)), "{report:#}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cancellation_sent_where_nothing_is_was_refused_by_nobody() {
    let far = faultless().await;
    let (code, report) = run(&asking(&far, "{post: /cancel,", "{post: /withdraw,"), SCENARIO);
    assert_eq!(code, Some(3), "{report:#}");
    let reasons = report["reasons"].to_string();
    assert!(reasons.contains("was not carried out (") && !reasons.contains("refused to cancel"), "{reasons}");
    assert_eq!(report["counts"]["good"], json!(8), "{report:#}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_some_household_was_answered_at_is_the_right_place() {
    let taken = Arc::new(Mutex::new(Vec::<Json>::new()));
    let far = FarSide::start(move |asked, _| {
        let mut taken = taken.lock().unwrap();
        let is_later = asked.path == "/apply" && taken.len() >= 2;
        if is_later { told(404, r#"{"error": "no such plan"}"#) } else { answer(&mut taken, asked) }
    });
    let far = far.await;
    let one_by_one = asking(&far, "allow_hosts:", "limits: {in_flight: 1}\nallow_hosts:");
    let (code, report) = run(&one_by_one, SCENARIO);
    assert_eq!((code, &report["counts"]["rejected"]), (Some(1), &json!(6)), "{report:#}");
}
