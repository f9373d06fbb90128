//! Real people stand beside ours in whatever an exchange and an issuer answer: nobody acts on them, and nobody takes them for the proof
//! that ours are gone.

use super::Desk;
use super::only_proof::{APPLY, BY_REF, asked_in_a_run};
use crate::far_side::{Asked, FarSide, Told, told};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

/// An exchange that creates `OURS-1`, `OURS-2`, …, and answers anything else but a cancellation like this.
fn exchange(answer: Told) -> impl Fn(&Asked, usize) -> Told + Clone + Send + Sync + 'static {
    move |asked, before| match asked.path.as_str() {
        "/apply" => {
            let id = format!("OURS-{}", before + 1);
            told(201, &json!({"id": id, "policy": id.replace("OURS", "P")}).to_string())
        }
        "/members" => told(200, "[]"),
        path if path.starts_with("/cancel") || path.starts_with("/move") => told(200, "{}"),
        _ => answer.clone(),
    }
}

fn names_a_stranger(asked: &Asked) -> bool {
    [&asked.path, &asked.query, &asked.body].iter().any(|text| text.contains("REAL"))
}

const PAGE: &str = "<html><table><tr data-case=\"REALAPP999\"><tr data-case=\"OURS-1\"></table></html>";
const SOAP: &str = "<Envelope><Body><cases><case id=\"REALAPP999\"/><case id=\"OURS-1\"/></cases></Body></Envelope>";

fn page(body: &str) -> Told {
    (200, vec![("content-type", "text/html".to_owned())], body.to_owned())
}

/// Ways in which an answer to our own id leads to a stranger: how it is asked, what is taken of it, how that is said, what it answers.
fn ways() -> Vec<(&'static str, &'static str, &'static str, Told)> {
    let both = json!([{"id": "REALAPP999"}, {"id": "OURS-1"}]);
    let of = |body: Value| told(200, &body.to_string());
    let post = "post: /cases, json: {app: '{{ application_id }}'}";
    let to_ours = "post: '/cases/{{ application_id }}'";
    let by_regex = "{regex: 'case=\"(\\w+)\"'}";
    let header = (200, vec![("x-case", "REALAPP999".to_owned())], "{}".to_owned());
    vec![
        ("post: /cases, form: {filter: '{{ application_id }}'}", by_regex, "ref", page(PAGE)),
        (
            "post: /cases, body: '<get>{{ application_id }}</get>', content_type: text/xml",
            "{regex: 'id=\"(\\w+)\"'}",
            "ref",
            told(200, SOAP),
        ),
        (post, "{regex: '\"id\":\"(\\w+)\"'}", "ref", of(json!({"list": both}))),
        (post, "{header: X-Case}", "ref", header),
        (post, "$.list", "ref[0].id", of(json!({"list": both}))),
        (post, "'$.ids'", "ref[0]", of(json!({"ids": ["REALAPP999", "OURS-1"]}))),
        (
            post,
            "'$.cases.*.id'",
            "ref",
            of(json!({"cases": {"REALAPP999": {"id": "REALAPP999"}, "OURS-1": {"id": "OURS-1"}}})),
        ),
        (post, "$.case", "ref.replaces", of(json!({"case": {"id": "OURS-1", "replaces": "REALAPP999"}}))),
        (post, "$.members", "ref[0].id", of(json!({"application": "OURS-1", "members": both}))),
        (post, "$.rows.row.id", "ref", of(json!({"rows": {"row": {"id": "REALAPP999"}}}))),
        (post, "$.first.id", "ref", of(json!({"first": {"id": "REALAPP999"}, "second": {"id": "OURS-1"}}))),
        (post, "$.xml", "ref[7:17]", of(json!({"xml": "<c id=\"REALAPP999\"/>"}))),
        (
            "get: '/cases?ref={{ application_id }}'",
            "$.case",
            "ref.replaces",
            of(json!({"case": {"id": "OURS-1", "replaces": "REALAPP999"}})),
        ),
        ("get: '/cases/{{ application_id }}'", "'$.list[0].id'", "ref", of(json!({"list": both}))),
        ("get: '/cases/{{ application_id }}'", by_regex, "ref", page(PAGE)),
        (to_ours, "$.ref", "ref", of(json!({"ref": "REALAPP999", "application": "REALAPP777"}))),
        (to_ours, "$.ref", "ref", of(json!({"ref": "REALAPP999", "application": {"id": "REALAPP777"}}))),
        (to_ours, "$.ref", "ref", of(json!({"ref": "REALAPP999", "people": [{"email": "jane@example.org"}]}))),
        (to_ours, "$.ref", "ref", of(json!({"ref": "REALAPP999", "personStatus": "Existing"}))),
        (to_ours, "$.data.ref", "ref", of(json!({"data": {"ref": "REALAPP999", "existing": true}}))),
        (
            "get: '/cases/{{ application_id }}'",
            "$.ref",
            "ref",
            of(json!({"ref": "REALAPP999", "applicationNumber": "REALAPP777"})),
        ),
    ]
}

#[test]
fn whatever_way_a_later_flow_takes_it_what_stands_beside_others_names_nobody() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    for (how, taken, said, answer) in ways() {
        let cancel = format!(
            "      - {{name: look, {how}, capture: {{ref: {taken}}}}}\n      - {{name: cancel, post: '/cancel/{{{{ {said} }}}}'}}\n"
        );
        let far = runtime.block_on(FarSide::start(exchange(answer)));
        let (asked, _) = asked_in_a_run(&far, ("", APPLY, &cancel));
        assert!(asked.iter().any(|asked| asked.path.starts_with("/cases")), "{cancel}: nobody looked");
        let named = asked.iter().find(|asked| names_a_stranger(asked));
        assert!(named.is_none(), "{cancel}: {named:?}");
    }
}

#[test]
fn no_stranger_is_changed_either() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let far = runtime.block_on(FarSide::start(exchange(told(200, SOAP))));
    let change = "    change_address:\n      - {name: find, post: /cases, body: '<get>{{ application_id }}</get>', content_type: text/xml, \
                  capture: {ref: {regex: 'id=\"(\\w+)\"'}}}\n      - {name: move, post: '/move/{{ ref }}', \
                  json: {street: '{{ subscriber.address.street_1 }}'}}\n";
    let cancel = "      - {name: cancel, post: '/cancel/{{ application_id }}'}\n";
    let enroll = APPLIES.replace("email: '", "street: '{{ subscriber.address.street_1 }}', email: '");
    let waypoint = WAYPOINT.replace("email: $.email", "email: $.email, address.street_1: $.street");
    let desk = desk(&far.url(), (&enroll, change, cancel), &waypoint);
    let target = std::fs::read_to_string(desk.path("target.yaml")).unwrap();
    desk.write("target.yaml", &target.replace("phone, address.street_1]", "phone]"));
    desk.write("mine.yaml", &scenario(1, "  - event: change_address\n"));
    let ran = desk.johndoe(&["run", "mine.yaml", "--target", "target.yaml", "--json"]);
    let asked = far.asked();
    assert!(asked.iter().any(|asked| asked.path == "/cases"), "{:?} {}", far.paths(), ran.err);
    assert!(!asked.iter().any(|asked| names_a_stranger(asked) || asked.path.starts_with("/move")), "{:?}", far.paths());
}

#[test]
fn what_an_act_for_our_id_gave_alone_and_a_token_beside_our_id_are_said() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let post = "post: /cases, json: {app: '{{ application_id }}'}";
    let of = |body: Value| told(200, &body.to_string());
    let token = "      - {name: cancel, post: '/cancel/{{ application_id }}', form: {csrf_token: '{{ ref }}'}}\n";
    for (how, taken, step, answer, path) in [
        (post, "$.request.id", BY_REF, of(json!({"request": {"id": "CR-9"}})), "/cancel/CR-9"),
        ("post: '/cases/{{ application_id }}'", "$.ids[0]", BY_REF, of(json!({"ids": ["CR-9"]})), "/cancel/CR-9"),
        (post, "$.list[0].id", BY_REF, of(json!({"list": [{"id": "CR-9", "application": "OURS-1"}]})), "/cancel/CR-9"),
        (
            "get: '/cases/{{ application_id }}'",
            "$.ref",
            BY_REF,
            of(json!({"ref": "CR-9", "policy": "P-1"})),
            "/cancel/CR-9",
        ),
        (
            post,
            "{header: Location}",
            BY_REF,
            (201, vec![("location", "CR-9".to_owned())], String::new()),
            "/cancel/CR-9",
        ),
        (post, "{regex: 'value=\"(\\w+)\"'}", token, page("<html><input value=\"c17\">"), "/cancel/OURS-1"),
        (
            "post: /cases, form: {a: '{{ application_id }}'}",
            "{regex: 'case=\"(\\S+)\"'}",
            BY_REF,
            page("<html><tr case=\"OURS-1\">"),
            "/cancel/OURS-1",
        ),
    ] {
        let expect = if answer.2.starts_with("<html") { ", expect: {regex: html}" } else { "" };
        let capture = if taken.starts_with('{') { taken.to_owned() } else { format!("'{taken}'") };
        let cancel = format!("      - {{name: look, {how}{expect}, capture: {{ref: {capture}}}}}\n{step}");
        let far = runtime.block_on(FarSide::start(exchange(answer)));
        let (asked, _) = asked_in_a_run(&far, ("", APPLY, &cancel));
        assert!(asked.iter().any(|asked| asked.path == path), "{cancel}: {asked:?}");
    }
}

const WAYPOINT: &str = "waypoints:\n  - name: issuer\n    feed: json_api\n    base_url: URL\n    within: 400ms\n    lookups:\n      \
    - {get: '/members?id={{ application_id }}'}\n    records: $.records[*]\n    members: $.people[*]\n    \
    status: {path: $.status, active: ACTIVE, cancelled: CANCELLED}\n    \
    fields: {exchange_assigned_policy_id: $.policy, application_id: $.app, last_name: $.last, first_name: $.first, \
    birth_date: $.dob, email: $.email}\n    poll: {first_after: 20ms, every: 50ms, at_most: 50ms}\n";
const APPLIES: &str = "      - name: apply\n        post: /apply\n        json: {email: '{{ subscriber.email }}', \
    last: '{{ subscriber.name.last }}', dob: '{{ subscriber.birth_date }}', first: '{{ subscriber.name.first }}'}\n        \
    commits: true\n        capture: {application_id: $.id, exchange_assigned_policy_id: $.policy}\n";
const CANCELS: &str = "      - {name: cancel, post: '/cancel/{{ application_id }}'}\n";

fn scenario(count: u32, more: &str) -> String {
    format!(
        "scenario: trial\nobjective: {{decide: estimate}}\npopulation: {{count: {count}, seed: 1, as_of: 2013-11-15, states: [VA], household_size: {{1: 1}}}}\njourney:\n  \
         - event: enroll\n    expect: {{at: {{issuer: 400ms}}}}\n{more}"
    )
}

/// A desk with a target of these flows (to enroll, in between, to cancel) and a scenario of two households.
fn desk(url: &str, (enroll, between, cancel): (&str, &str, &str), waypoint: &str) -> Desk {
    let desk = Desk::new();
    desk.write(
        "target.yaml",
        &format!(
            "target: test\nenvironment: test\nallow_hosts: [127.0.0.1]\nexchange:\n  base_url: {url}\n  flows:\n    enroll:\n{enroll}\
             {between}    cancel:\n{cancel}plans: [{{plan_id: 12345VA0010001, state: VA, line: medical}}]\n\
             limits: {{rate: 1000/s, in_flight: 2}}\ncarries: {{not_asked: [ssn, zip, phone, address.street_1]}}\n{}",
            waypoint.replace("URL", url)
        ),
    );
    desk.write("mine.yaml", &scenario(2, "  - event: cancel\n    expect: {policy_status: cancelled}\n"));
    desk
}

/// A run's report.
fn report(desk: &Desk, more: &[&str]) -> Value {
    let told = desk.johndoe(&[&["run", "mine.yaml", "--target", "target.yaml", "--json"], more].concat());
    serde_json::from_str(&told.out).unwrap_or_else(|e| panic!("{e}: {}", told.err))
}

fn cleanups(report: &Value) -> Vec<&str> {
    let probes = report["probes"].as_array().unwrap().iter();
    probes.map(|probe| probe["groups"][0]["cleanup"].as_str().unwrap_or("none")).collect()
}

/// Whoever applied, by application, and what is told of them once cancellations came.
#[derive(Clone, Default)]
struct Books {
    applied: Arc<Mutex<BTreeMap<String, Value>>>,
    cancelled: Arc<Mutex<bool>>,
}

impl Books {
    fn record(&self, id: &str, status: &str) -> Value {
        let applied = self.applied.lock().unwrap();
        json!({"app": id, "policy": id.replace("OURS", "P"), "status": status, "people": [applied[id]]})
    }

    /// The system: `after` answers the question by an id once a cancellation came.
    fn answer(&self, asked: &Asked, before: usize, after: &dyn Fn(&Self, &str) -> Told) -> Told {
        match asked.path.as_str() {
            "/apply" => {
                let id = format!("OURS-{}", before + 1);
                self.applied.lock().unwrap().insert(id.clone(), serde_json::from_str(&asked.body).unwrap());
                told(201, &json!({"id": id, "policy": id.replace("OURS", "P")}).to_string())
            }
            "/members" => {
                let id = asked.query.trim_start_matches("id=");
                match *self.cancelled.lock().unwrap() {
                    true => after(self, id),
                    false if self.applied.lock().unwrap().contains_key(id) => records(&[self.record(id, "ACTIVE")]),
                    false => told(404, ""),
                }
            }
            _ => {
                *self.cancelled.lock().unwrap() = true;
                told(200, "{}")
            }
        }
    }
}

fn records(records: &[Value]) -> Told {
    told(200, &json!({"records": records}).to_string())
}

fn stranger(n: u32) -> Value {
    json!({"app": format!("REAL-{n}"), "policy": format!("RP-{n}"), "status": "ACTIVE",
        "people": [{"last": "Realsmith", "first": "Jane", "dob": format!("1951-11-2{n}"), "email": format!("jane{n}@real.test")}]})
}

type After = fn(&Books, &str) -> Told;

async fn system(after: After) -> FarSide {
    let books = Books::default();
    FarSide::start(move |asked, before| books.answer(asked, before, &after)).await
}

#[tokio::test(flavor = "multi_thread")]
async fn others_who_stand_under_our_id_prove_nobody_gone() {
    let ways: [(&str, After, bool); 7] = [
        ("another stranger for each", |_, id| records(&[stranger(if id == "OURS-1" { 1 } else { 2 })]), false),
        ("the same stranger for both", |_, _| records(&[stranger(1)]), false),
        ("two strangers", |_, _| records(&[stranger(1), stranger(2)]), false),
        (
            "the other household, cancelled",
            |books, id| {
                let other = if id == "OURS-1" { "OURS-2" } else { "OURS-1" };
                records(&[books.record(other, "CANCELLED")])
            },
            false,
        ),
        ("page one of several", |_, _| told(200, r#"{"records": [], "paging": {"next": {"after": "x"}}}"#), false),
        (
            "a gateway's page",
            |_, _| (404, vec![("content-type", "text/html".to_owned())], "<html>nginx".to_owned()),
            false,
        ),
        ("nobody", |_, _| told(404, ""), true),
    ];
    for (what, after, is_gone) in ways {
        let far = system(after).await;
        let report = report(&desk(&far.url(), (APPLIES, "", CANCELS), WAYPOINT), &[]);
        let expected = if is_gone { "gone" } else { "residue" };
        assert_eq!(cleanups(&report), [expected; 2], "{what}: {report}");
        assert_eq!(report["verdict"] == "pass", is_gone, "{what}");
    }
}

/// The third household was told the second one's id: what is shown under it is the second one's, and says nothing of the third.
#[tokio::test(flavor = "multi_thread")]
async fn the_record_of_another_household_under_an_id_told_twice_proves_nobody_gone() {
    let books = Books::default();
    let far = FarSide::start(move |asked, before| {
        let answer = books.answer(asked, before, &|books: &Books, id: &str| match id {
            "OURS-1" => records(&[books.record(id, "CANCELLED")]),
            _ => told(404, ""),
        });
        // the last one was told the id of the one before
        let is_last = asked.path == "/apply" && before == 1;
        if is_last { told(201, r#"{"id": "OURS-1", "policy": "P-9"}"#) } else { answer }
    })
    .await;
    let report = report(&desk(&far.url(), (APPLIES, "", CANCELS), WAYPOINT), &[]);
    assert!(!cleanups(&report).iter().all(|cleanup| *cleanup == "gone"), "{report}");
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_cancelled_by_what_is_nobodys_id() {
    let capture = "        capture: {ref: $.ref, batch: $.batch}\n";
    let enroll = APPLIES.split("        capture").next().unwrap().to_owned() + capture;
    let by_name =
        "{name: cancel, post: /cancel, json: {last: '{{ subscriber.name.last }}', dob: '{{ subscriber.birth_date }}'}}";
    let by = |what: &str| format!("{{name: cancel, post: '/cancel/{{{{ {what} }}}}'}}");
    // what every household is told as its `ref`, where it is not its own: the same for all, its name, its birth date
    let ways: [(&str, String); 9] = [
        ("B2013-7", by("ref")),
        ("B2013-7", by("batch")),
        ("ALL", by("ref")),
        ("last", by("ref")),
        ("dob", by("ref")),
        ("own", by_name.to_owned()),
        ("own", by("ref[:3]")),
        ("own", by("ref | length")),
        ("own", "{name: cancel, post: '/cancel/REAL{{ ref }}'}".to_owned()),
    ];
    for (what, cancel) in ways {
        let far = FarSide::start(move |asked, before| match asked.path.as_str() {
            "/apply" => {
                let body: Value = serde_json::from_str(&asked.body).unwrap();
                let own = json!(format!("OURS-{before}"));
                let told_as = if what == "own" { &own } else { body.get(what).unwrap_or(&Value::Null) };
                let told_as = if told_as.is_null() { json!(what) } else { told_as.clone() };
                told(201, &json!({"ref": told_as, "batch": "B2013-7"}).to_string())
            }
            "/members" => told(404, ""),
            _ => told(200, "{}"),
        })
        .await;
        let desk = desk(
            &far.url(),
            (&enroll, "", &format!("      - {cancel}\n")),
            &WAYPOINT.replace("application_id", "ref").replace("ref: $.app, ", ""),
        );
        desk.write("mine.yaml", &scenario(2, ""));
        let report = report(&desk, &["--keep"]);
        assert_eq!(report["counts"]["accepted"], 2, "{what} {cancel}: {report}");
        // a process of its own has heard nothing of what the others were told but from the ledger
        let swept = desk.johndoe(&["sweep"]);
        assert_ne!(swept.code, Some(0), "{what} {cancel}: {}", swept.out);
        let cancelled: Vec<String> = far.paths().into_iter().filter(|path| path.contains("/cancel")).collect();
        assert!(cancelled.is_empty(), "{what} {cancel}: {cancelled:?} {}", swept.err);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_no_to_a_cancellation_is_no_yes_whatever_its_status() {
    let to_login = (302, vec![("location", "/login?expired=1".to_owned())], String::new());
    let ways: [(Told, &str); 8] = [
        (told(200, r#"{"success": false, "message": "locked"}"#), "residue"),
        (told(200, r#"{"error": "policy is locked"}"#), "residue"),
        (told(200, r#"{"status": "FAILED"}"#), "residue"),
        (told(207, r#"{"results": [{"id": "OURS-1", "status": 423}]}"#), "residue"),
        (told(200, "<Envelope><Body><Fault><faultcode>Server</faultcode></Fault></Body></Envelope>"), "residue"),
        (to_login, "residue"),
        (told(200, r#"{"success": true, "errors": []}"#), "gone"),
        (told(200, ""), "gone"),
    ];
    for (answer, expected) in ways {
        let said = answer.clone();
        let far = FarSide::start(move |asked, before| match asked.path.as_str() {
            "/apply" => {
                told(201, &json!({"id": format!("OURS-{before}"), "policy": format!("P-{before}")}).to_string())
            }
            "/members" => told(404, ""),
            _ => said.clone(),
        })
        .await;
        let cancel = CANCELS.replace("}'}", "}', redirects: false}");
        let desk = desk(&far.url(), (APPLIES, "", &cancel), WAYPOINT);
        let report = report(&desk, &[]);
        assert_eq!(cleanups(&report), [expected; 2], "{answer:?}: {report}");
        if expected == "residue" {
            let swept = desk.johndoe(&["sweep"]);
            assert_ne!(swept.code, Some(0), "{answer:?}: {} {}", swept.out, swept.err);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whom_an_application_that_was_refused_names_is_not_cancelled() {
    for (status, answer) in [
        (200, json!({"success": false, "id": "REAL-1", "policy": "RP-1"})),
        (200, json!({"errors": [{"code": "DUP"}], "id": "REAL-1", "policy": "RP-1"})),
        (200, json!({"status": "FAILED", "id": "REAL-1", "policy": "RP-1"})),
        (200, json!({"duplicate": true, "id": "REAL-1", "policy": "RP-1"})),
        (200, json!({"created": false, "id": "REAL-1", "policy": "RP-1"})),
        (208, json!({"id": "REAL-1", "policy": "RP-1"})),
    ] {
        let said = answer.to_string();
        let far = FarSide::start(move |asked, _| match asked.path.as_str() {
            "/apply" => told(status, &said),
            "/members" => told(404, ""),
            _ => told(200, "{}"),
        })
        .await;
        let desk = desk(&far.url(), (APPLIES, "", CANCELS), WAYPOINT);
        desk.write("mine.yaml", &scenario(1, ""));
        report(&desk, &[]);
        assert!(!far.paths().iter().any(|path| path.contains("/cancel")), "{answer}: {:?}", far.paths());
    }
}

/// Where no step says that it commits, what the first one created may be an enrollment, whatever is said to the second.
#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_after_what_was_created_leaves_something_to_clean() {
    let enroll = APPLIES.replace("        commits: true\n", "")
        + "      - {name: pay, post: '/pay/{{ application_id }}', json: {a: 1}}\n";
    for status in [422, 404, 409] {
        let far = FarSide::start(move |asked, before| match asked.path.as_str() {
            "/apply" => {
                told(201, &json!({"id": format!("OURS-{before}"), "policy": format!("P-{before}")}).to_string())
            }
            "/members" => told(404, ""),
            path if path.starts_with("/pay") => told(status, "{}"),
            _ => told(200, "{}"),
        })
        .await;
        let desk = desk(&far.url(), (&enroll, "", CANCELS), WAYPOINT);
        desk.write("mine.yaml", &scenario(1, ""));
        let report = report(&desk, &[]);
        assert_eq!(report["probes"][0]["submission"], "indeterminate", "{report}");
        assert_ne!(cleanups(&report), ["nothing_to_clean"], "{status}: {report}");
        assert!(far.paths().iter().any(|path| path.starts_with("POST /cancel/OURS")), "{:?}", far.paths());
    }
}

/// Whatever comes after it, a GET whose path or parameter is an order does what it says.
#[test]
fn a_get_that_gives_an_order_in_whatever_words_names_no_stranger() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    for path in [
        "/cancellation/{{ ref }}",
        "/docancel?id={{ ref }}",
        "/x?action=cancel&id={{ ref }}",
        "/drop/{{ ref }}",
        "/disenrollment/{{ ref }}",
    ] {
        let cancel = format!(
            "      - {{name: look, get: /clients, capture: {{ref: '$.list[0].id'}}}}\n      - {{name: cancel, get: '{path}'}}\n      \
             - {{name: out, post: /logout}}\n"
        );
        let list = told(200, &json!({"list": [{"id": "REALAPP999"}]}).to_string());
        let far = runtime.block_on(FarSide::start(exchange(list)));
        let (asked, _) = asked_in_a_run(&far, ("", APPLY, &cancel));
        let named = asked.iter().find(|asked| names_a_stranger(asked));
        assert!(named.is_none(), "{path}: {named:?}");
    }
}

/// What lets a waypoint be asked is no id: it must not lie in the ledger.
#[test]
fn a_waypoint_is_not_asked_with_a_token_that_a_flow_captured() {
    let enroll = APPLIES.replace("capture: {", "capture: {tk: $.token, ");
    let desk = desk(
        "http://127.0.0.1:9",
        (&enroll, "", CANCELS),
        &WAYPOINT.replace("    within", "    headers: {X-Auth-Token: '{{ tk }}'}\n    within"),
    );
    let told = desk.johndoe(&["check", "target.yaml", "mine.yaml"]);
    assert_eq!(told.code, Some(2), "{} {}", told.out, told.err);
    assert!(told.err.contains("`tk`") && told.err.contains("X-Auth-Token"), "{}", told.err);
}
