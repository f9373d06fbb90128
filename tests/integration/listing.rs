//! An issuer that tells everybody of the day in one list, in pages, among strangers: read once a poll, however many are looked for.

use crate::cli::Desk;
use crate::far_side::{Asked, FarSide, Told, told};
use crate::secrets::search;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

const TARGET: &str = r#"target: listed
exchange:
  base_url: ${env:URL}
  flows:
    enroll:
      - post: /applications
        json: "{{ application }}"
        capture: {application_id: $.id, exchange_assigned_policy_id: $.policy}
    cancel:
      - post: "/applications/{{ application_id }}/withdrawal"
waypoints:
  - name: issuer
    feed: list
    base_url: ${env:URL}
    lookup: {get: "/day?since={{ today }}", next: {number: page}}
    records: $.policies[*]
    members: $.people[*]
    fields:
      exchange_assigned_policy_id: $.number
      name.first: $.first
      name.last: $.last
      birth_date: $.born
      email: $.mail
    status: {path: $.state, active: IN, cancelled: OUT}
    every: 300ms
"#;
const SCENARIO: &str = "scenario: day\npopulation: {count: 12, seed: 3, states: [VA], dental: 0}\njourney:\n  \
     - {event: enroll, expect: {at: {issuer: 4s}, policy_status: effectuated}}\n  - {event: cancel, expect: {at: {issuer: 4s}}}\n\
     load: {rate: 100/s}\nobjective: {decide: estimate}\n";
/// Of people who are nobody's business.
const STRANGERS: usize = 7;
const STRANGER: &str = "Plantagenet";

/// What the issuer does wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fault {
    None,
    /// It has no second policy.
    Lost,
    /// It has the second policy's people without their last letters.
    Altered,
    /// It does not hear of the second policy's cancellation.
    Stays,
    /// It answers nothing but 503 after the first readings.
    Down,
    /// Its list breaks off after the first page, which says that there are more.
    Short,
}

#[derive(Debug)]
struct World {
    fault: Fault,
    policies: BTreeMap<String, (Value, bool)>,
    read: usize,
}

impl World {
    fn answer(&mut self, asked: &Asked) -> Told {
        let parts: Vec<&str> = asked.path.trim_matches('/').split('/').collect();
        match parts.as_slice() {
            ["applications"] => {
                let body: Value = serde_json::from_str(&asked.body).unwrap_or_default();
                let id = format!("{}", 1000 + self.policies.len());
                self.policies.insert(id.clone(), (body, true));
                told(201, &json!({"id": id, "policy": format!("P{id}")}).to_string())
            }
            ["applications", id, "withdrawal"] => match self.policies.get_mut(*id) {
                Some(policy) => {
                    policy.1 = policy.1 && self.fault == Fault::Stays && *id == "1001";
                    told(200, "{}")
                }
                None => told(404, "{\"error\": \"unknown\"}"),
            },
            ["day"] => self.day(asked),
            _ => told(404, "{\"error\": \"no such thing\"}"),
        }
    }

    fn day(&mut self, asked: &Asked) -> Told {
        let of = |name: &str| {
            let mut pairs = url::form_urlencoded::parse(asked.query.as_bytes());
            pairs.find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
        };
        if of("since").is_none_or(|day| day.parse::<chrono::NaiveDate>().is_err()) {
            return told(400, "{\"error\": \"since which day?\"}");
        }
        let page: usize = of("page").and_then(|page| page.parse().ok()).unwrap_or(1);
        self.read += usize::from(page == 1);
        if self.fault == Fault::Down && self.read > 1 {
            return told(503, "");
        }
        let all = self.all();
        if self.fault == Fault::Short {
            let first: Vec<&Value> = all.iter().take(3).collect();
            return if page == 1 {
                told(200, &json!({"policies": first, "total": all.len()}).to_string())
            } else {
                told(500, "")
            };
        }
        let of_page: Vec<&Value> = all.iter().skip((page - 1) * 5).take(5).collect();
        told(200, &json!({"policies": of_page}).to_string())
    }

    fn all(&self) -> Vec<Value> {
        let strangers = (0..STRANGERS).map(|n| {
            let person = json!({"first": "Henry", "last": STRANGER, "born": "1970-01-01", "mail": format!("h{n}@stranger.example")});
            json!({"number": format!("S{n}"), "state": "IN", "people": [person]})
        });
        let ours = self.policies.iter().filter(|(id, _)| self.fault != Fault::Lost || *id != "1001");
        let ours = ours.map(|(id, (who, is_in))| {
            let cut = |name: &str| if self.fault == Fault::Altered && id == "1001" { name[..name.len() - 1].to_owned() } else { name.to_owned() };
            let people = who["people"].as_array().into_iter().flatten().filter(|person| person["applying"] == json!(true)).map(|person| {
                let last = person["name"]["last"].as_str().unwrap_or_default();
                json!({"first": person["name"]["first"], "last": cut(last), "born": person["birth_date"], "mail": person["email"]})
            });
            let people: Vec<Value> = people.collect();
            json!({"number": format!("P{id}"), "state": if *is_in { "IN" } else { "OUT" }, "people": people})
        });
        strangers.chain(ours).collect()
    }
}

struct Ran {
    code: Option<i32>,
    report: Value,
    readings: usize,
}

async fn run(fault: Fault) -> Ran {
    let world = Arc::new(Mutex::new(World { fault, policies: BTreeMap::new(), read: 0 }));
    let of = Arc::clone(&world);
    let far = FarSide::start(move |asked, _| of.lock().expect("the world").answer(asked)).await;
    let mut desk = Desk::new();
    desk.set("URL", &far.url());
    desk.write("listed.yaml", TARGET);
    desk.write("day.yaml", SCENARIO);
    desk.johndoe(&["check", "day.yaml", "listed.yaml"]).ends(0, &[]);
    let run = desk.johndoe(&["run", "day.yaml", "--target", "listed.yaml", "--json"]);
    let report: Value = serde_json::from_str(&run.out).unwrap_or_else(|_| panic!("no JSON: {}{}", run.out, run.err));
    let told = desk.johndoe(&["report", "latest", "--full"]);
    let code = run.code;
    search(&desk, &[run, told], &[STRANGER.to_owned(), "stranger.example".to_owned()], &[]);
    let readings = world.lock().expect("the world").read;
    Ran { code, report, readings }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_is_read_once_a_poll_and_not_once_a_household() {
    let ran = run(Fault::None).await;
    assert_eq!(
        (ran.code, &ran.report["verdict"], &ran.report["counts"]["residue"]),
        (Some(0), &json!("pass"), &json!(0))
    );
    assert_eq!(ran.report["waypoints"][0]["on_time"], json!(12), "{}", ran.report["waypoints"][0]);
    assert_eq!(ran.report["counts"]["strangers_dropped"], json!(STRANGERS), "{}", ran.report["waypoints"][0]);
    // one before anybody is enrolled; then as many as the clock wants, and none for each household
    assert!(ran.readings < 12, "{} readings for twelve households", ran.readings);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_list_lacks_or_has_wrong_is_found_of_the_one_whose_it_is() {
    for (fault, what) in [(Fault::Lost, "missing"), (Fault::Altered, "altered")] {
        let ran = run(fault).await;
        assert_eq!(ran.report["verdict"], "fail", "{fault:?}");
        let at = &ran.report["waypoints"][0];
        let counted = (&at["missing"], &at["altered"]);
        let expected = if what == "missing" { (json!(1), json!(0)) } else { (json!(0), json!(1)) };
        assert_eq!(counted, (&expected.0, &expected.1), "{fault:?}: {}", ran.report["punch"]);
    }
    let stays = run(Fault::Stays).await;
    assert_eq!(stays.report["counts"]["residue"], json!(1), "{}", stays.report["counts"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_that_is_not_answered_or_not_whole_proves_nobody_missing() {
    for fault in [Fault::Down, Fault::Short] {
        let ran = run(fault).await;
        let at = &ran.report["waypoints"][0];
        assert_ne!(ran.report["verdict"], "pass", "{fault:?}");
        assert_eq!(at["missing"], json!(0), "{fault:?}: {at}");
        assert!(ran.report["counts"]["residue"].as_u64().is_some_and(|left| left > 0), "{fault:?}");
    }
}
