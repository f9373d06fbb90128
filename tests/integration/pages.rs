//! A system that shows one page of everybody to whoever asks: who stands on another page is not missing.

use crate::cli::Desk;
use crate::far_side::{FarSide, told};
use serde_json::{Value as Json, json};
use std::sync::Mutex;

const SCENARIO: &str = "scenario: mine\nobjective: {decide: estimate}\npopulation: {count: 4, household_size: {1: 1}}\njourney:\n  - event: enroll\n    \
                        expect: {at: {issuer: 1s}}\ngrace: 0%\n";

/// The first two who applied, whoever is asked for.
fn first_page(applied: &[String]) -> Json {
    let record = |(at, email): (usize, &String)| json!({"id": format!("A{at}"), "email": email});
    let records: Vec<Json> = applied.iter().enumerate().take(2).map(record).collect();
    json!({"page": 1, "pages": applied.len().div_ceil(2), "records": records})
}

#[tokio::test(flavor = "multi_thread")]
async fn whom_a_page_of_several_does_not_show_is_not_missing() {
    let applied = std::sync::Arc::new(Mutex::new(Vec::<String>::new()));
    let far = FarSide::start(move |asked, _| {
        let mut applied = applied.lock().unwrap();
        if asked.path == "/apply" {
            let body: Json = serde_json::from_str(&asked.body).unwrap();
            applied.push(body["email"].as_str().unwrap().to_owned());
            return told(201, &json!({"id": format!("A{}", applied.len() - 1)}).to_string());
        }
        told(200, &first_page(&applied).to_string())
    })
    .await;
    let desk = Desk::new();
    let url = far.url();
    desk.write(
        "target.yaml",
        &format!(
            "target: mine\nexchange:\n  base_url: {url}\n  flows:\n    enroll:\n      - post: /apply\n        \
             json: {{email: \"{{{{ subscriber.email }}}}\"}}\n        capture: {{application_id: $.id}}\n    \
             cancel: [{{post: /cancel}}]\nwaypoints:\n  - name: issuer\n    feed: json_api\n    base_url: {url}\n    \
             lookup: {{get: \"/members?id={{{{ application_id }}}}\"}}\n    records: $.records[*]\n    \
             poll: {{first_after: 100ms, every: 200ms}}\n    fields: {{application_id: $.id, email: $.email}}\n\
             allow_hosts: [127.0.0.1]\n"
        ),
    );
    desk.write("scenario.yaml", SCENARIO);
    let said = desk.johndoe(&["run", "scenario.yaml", "--target", "target.yaml", "--json", "--keep"]);
    let report: Json = serde_json::from_str(&said.out).unwrap();
    let counts = &report["counts"];
    assert_eq!((&counts["missing"], &counts["blind"]), (&json!(0), &json!(2)), "{counts}\n{}", said.err);
    assert!(report["reasons"].to_string().contains("page 1 of 2"), "{}", report["reasons"]);
}

/// Two people apply, and of the two records of each household a page shows the first.
#[tokio::test(flavor = "multi_thread")]
async fn a_member_whom_a_page_of_several_does_not_show_is_not_left_out() {
    for (shown, blind) in [(1, 2), (2, 0)] {
        let applied = std::sync::Arc::new(Mutex::new(Vec::<Json>::new()));
        let far = FarSide::start(move |asked, _| {
            let mut applied = applied.lock().unwrap();
            if asked.path == "/apply" {
                let body: Json = serde_json::from_str(&asked.body).unwrap();
                let id = format!("A{}", applied.len());
                let people = body["people"].as_array().unwrap().iter();
                applied.extend(people.map(|one| json!({"id": id, "one": one})));
                return told(201, &json!({"id": id}).to_string());
            }
            let own = |row: &&Json| asked.query.contains(row["id"].as_str().unwrap());
            let rows: Vec<_> = applied.iter().filter(own).take(shown).collect();
            told(200, &json!({"page": 1, "pages": 2, "records": rows}).to_string())
        })
        .await;
        let desk = Desk::new();
        let url = far.url();
        desk.write(
            "target.yaml",
            &format!(
                "target: mine\nexchange:\n  base_url: {url}\n  flows:\n    enroll:\n      - post: /apply\n        \
                 json: {{people: \"{{{{ members }}}}\"}}\n        capture: {{application_id: $.id}}\n    \
                 cancel: [{{post: /cancel}}]\nwaypoints:\n  - name: issuer\n    feed: json_api\n    base_url: {url}\n    \
                 lookup: {{get: \"/members?id={{{{ application_id }}}}\"}}\n    records: $.records[*]\n    \
                 poll: {{first_after: 100ms, every: 200ms}}\n    fields: {{application_id: $.id, \
                 first_name: $.one.name.first, last_name: $.one.name.last, birth_date: $.one.birth_date}}\n\
                 allow_hosts: [127.0.0.1]\n"
            ),
        );
        desk.write(
            "scenario.yaml",
            &SCENARIO.replace("count: 4, household_size: {1: 1}", "count: 2, household_size: {2: 1}"),
        );
        let said = desk.johndoe(&["run", "scenario.yaml", "--target", "target.yaml", "--json", "--keep"]);
        let report: Json = serde_json::from_str(&said.out).unwrap_or_else(|e| panic!("{e}: {}", said.err));
        let counts = &report["counts"];
        assert_eq!(counts["blind"], blind, "{shown}: {counts}\n{}", said.err);
        assert!(!report.to_string().contains("member.enrolled"), "{shown}: {}", report["probes"]);
    }
}

/// One system answers for two issuers, and shows of each household's two policies the first: the other one is not missing, whoever
/// sells it.
#[tokio::test(flavor = "multi_thread")]
async fn a_policy_that_a_page_of_several_does_not_show_is_not_missing() {
    let applied = std::sync::Arc::new(Mutex::new(Vec::<Json>::new()));
    let far = FarSide::start(move |asked, _| {
        let mut applied = applied.lock().unwrap();
        if asked.path == "/apply" {
            let body: Json = serde_json::from_str(&asked.body).unwrap();
            let id = format!("A{}", applied.len());
            applied.push(body);
            return told(201, &json!({"id": id}).to_string());
        }
        let of = |at: &usize| asked.query.ends_with(&format!("=A{at}"));
        let Some(at) = (0..applied.len()).find(of) else { return told(200, r#"{"records": []}"#) };
        let record = json!({"id": format!("A{at}"), "plan": applied[at]["plans"][0], "people": applied[at]["people"]});
        told(200, &json!({"page": 1, "pages": 2, "records": [record]}).to_string())
    })
    .await;
    let desk = Desk::new();
    let url = far.url();
    desk.write(
        "target.yaml",
        &format!(
            "target: mine\nexchange:\n  base_url: {url}\n  flows:\n    enroll:\n      - post: /apply\n        \
             json: {{people: \"{{{{ members }}}}\", plans: [\"{{{{ plan_id }}}}\", \"{{{{ dental_plan_id }}}}\"]}}\n        \
             capture: {{application_id: $.id}}\n    \
             cancel: [{{post: /cancel}}]\nwaypoints:\n  - name: issuer\n    feed: json_api\n    base_url: {url}\n    \
             lookup: {{get: \"/members?id={{{{ application_id }}}}\"}}\n    records: $.records[*]\n    members: $.people[*]\n    \
             poll: {{first_after: 100ms, every: 200ms}}\n    fields: {{application_id: $.id, plan_id: $.plan, \
             first_name: $.name.first, last_name: $.name.last, birth_date: $.birth_date}}\nplans:\n  \
             - {{plan_id: 71001VA0010001, state: VA, line: medical}}\n  - {{plan_id: 72002VA0020001, state: VA, line: dental}}\n\
             allow_hosts: [127.0.0.1]\n"
        ),
    );
    desk.write(
        "scenario.yaml",
        &SCENARIO.replace(
            "count: 4, household_size: {1: 1}",
            "count: 2, household_size: {2: 1}, states: [VA], dental: 100%",
        ),
    );
    let said = desk.johndoe(&["run", "scenario.yaml", "--target", "target.yaml", "--json", "--keep"]);
    let report: Json = serde_json::from_str(&said.out).unwrap_or_else(|e| panic!("{e}: {}", said.err));
    let counts = &report["counts"];
    assert_eq!((&counts["missing"], &counts["blind"]), (&json!(0), &json!(2)), "{counts}\n{}", said.err);
}
