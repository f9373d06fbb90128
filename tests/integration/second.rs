//! The second exchange of the guide, whose target is read from its page: tokens that end, one request for each person, GraphQL in pages,
//! an issuer in XML. A peer of our own plays both.

use crate::cli::Desk;
use crate::far_side::{Asked, FarSide, Told, told};
use crate::secrets::search;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::{Arc, Mutex};

const SECRET: &str = "planted-client-secret";
/// So many requests a token lets in.
const USES: usize = 5;

#[derive(Debug, Clone, Default)]
struct Application {
    people: Vec<Value>,
    policies: Vec<(String, String)>,
    is_withdrawn: bool,
}

/// What both systems know.
#[derive(Debug, Default)]
struct World {
    applications: BTreeMap<String, Application>,
    tokens: Vec<usize>,
    /// Requests that were carried out, by their keys.
    keys: BTreeSet<String>,
    twice: usize,
    /// The issuer gives every child another name.
    is_faulty: bool,
}

impl World {
    fn answer(&mut self, asked: &Asked) -> Told {
        let parts: Vec<&str> = asked.path.trim_matches('/').split('/').collect();
        match (parts.as_slice(), asked.method.as_str()) {
            (["token"], _) => self.token(asked),
            (["health"], _) => told(200, "{}"),
            (["policies"], _) => self.policies(asked),
            _ if !self.lets_in(asked) => told(401, "{\"error\": \"expired\"}"),
            (["graphql"], _) => told(200, &self.graphql(asked).to_string()),
            (path, "POST") => self.post(path, asked),
            _ => told(404, "{\"error\": \"no such thing\"}"),
        }
    }

    fn token(&mut self, asked: &Asked) -> Told {
        if asked.header("authorization").is_none_or(|given| !given.starts_with("Basic ")) {
            return told(401, "{\"error\": \"invalid_client\"}");
        }
        self.tokens.push(0);
        let token = format!("planted-token-{}", self.tokens.len());
        told(200, &json!({"access_token": token, "token_type": "bearer", "expires_in": 600}).to_string())
    }

    /// Whether a token lets in; each does so often and no more.
    fn lets_in(&mut self, asked: &Asked) -> bool {
        let token = asked.header("authorization").and_then(|given| given.strip_prefix("Bearer planted-token-"));
        let number = token.and_then(|number| number.parse::<usize>().ok()).unwrap_or_default();
        let Some(uses) = number.checked_sub(1).and_then(|at| self.tokens.get_mut(at)) else { return false };
        *uses += 1;
        *uses <= USES
    }

    fn post(&mut self, path: &[&str], asked: &Asked) -> Told {
        let body: Value = serde_json::from_str(&asked.body).unwrap_or_default();
        if let Some(key) = asked.header("idempotency-key") {
            self.twice += usize::from(!self.keys.insert(key.to_owned()));
        }
        if let ["applications"] = path {
            let id = format!("APP-{}", self.applications.len() + 1001);
            self.applications.insert(id.clone(), Application::default());
            return told(201, &json!({"id": id}).to_string());
        }
        let known = path.get(1).and_then(|id| Some(((*id).to_owned(), self.applications.get_mut(*id)?)));
        let (Some((id, application)), Some(what)) = (known, path.get(2)) else {
            return told(404, "{\"error\": \"no such application\"}");
        };
        match *what {
            "people" => {
                let number = format!("PER-{}-{}", id.trim_start_matches("APP-"), application.people.len() + 1);
                let mut person = body;
                person["ref"] = json!(number);
                application.people.push(person);
                (201, vec![("x-person", number)], "{}".to_owned())
            }
            "enrollments" => {
                let policy =
                    format!("POL-{}-{}", id.trim_start_matches("APP-"), body["line"].as_str().unwrap_or_default());
                application.policies.push((policy.clone(), body["plan"].to_string()));
                told(201, &json!({"policy": policy, "premium": {"dollars": 312, "cents": 7}}).to_string())
            }
            "withdrawal" => {
                application.is_withdrawn = true;
                told(200, "{}")
            }
            _ => told(404, "{\"error\": \"no such thing\"}"),
        }
    }

    /// Two people a page, each in each of the policies.
    fn graphql(&self, asked: &Asked) -> Value {
        let body: Value = serde_json::from_str(&asked.body).unwrap_or_default();
        let id = body["variables"]["id"].as_str().unwrap_or_default();
        let Some(application) = self.applications.get(id) else {
            return json!({"data": {"application": {"members": {"nodes": [], "pageInfo": {"endCursor": null}}}}});
        };
        let from: usize = body["variables"]["after"].as_str().and_then(|after| after.parse().ok()).unwrap_or_default();
        let state = if application.is_withdrawn { "WITHDRAWN" } else { "TAKEN" };
        let of = |person: &Value, policy: &str| {
            let born: chrono::NaiveDate = person["born"].as_str().and_then(|day| day.parse().ok()).expect("a day");
            let millis = born.and_hms_opt(5, 0, 0).expect("a time").and_utc().timestamp_millis();
            json!({"ref": person["ref"], "first": person["first"], "last": person["last"], "dob": millis, "policy": policy, "state": state})
        };
        let policies = || application.policies.iter().map(|(policy, _)| policy);
        let all: Vec<Value> =
            policies().flat_map(|policy| application.people.iter().map(|person| of(person, policy))).collect();
        let page: Vec<&Value> = all.iter().skip(from).take(2).collect();
        let next = (from + 2 < all.len()).then(|| (from + 2).to_string());
        json!({"data": {"application": {"members": {"nodes": page, "pageInfo": {"endCursor": next}}}}})
    }

    fn policies(&self, asked: &Asked) -> Told {
        let number = asked.query.strip_prefix("number=").unwrap_or_default();
        let holds = |application: &&Application| application.policies.iter().any(|(policy, _)| policy == number);
        let policy = self.applications.values().find(holds).map(|application| self.policy(number, application));
        let body = format!(
            "<?xml version=\"1.0\"?><a:Answer xmlns:a=\"urn:a\"><Policies>{}</Policies></a:Answer>",
            policy.unwrap_or_default()
        );
        (200, vec![("content-type", "application/xml".to_owned())], body)
    }

    fn policy(&self, number: &str, application: &Application) -> String {
        let state = if application.is_withdrawn { "V" } else { "P" };
        let person = |person: &Value| {
            let text =
                |name: &str| person[name].as_str().unwrap_or_default().replace('&', "&amp;").replace('<', "&lt;");
            let relation = text("relation");
            let relation = match relation.as_str() {
                "self" => "EE",
                "spouse" => "SP",
                "child" => "CH",
                other => other,
            };
            let last = if self.is_faulty && relation == "CH" { "Lost".to_owned() } else { text("last") };
            let born: chrono::NaiveDate = text("born").parse().expect("a day");
            format!(
                "<Person id=\"{}\"><Name kind=\"short\"><First>X</First></Name><Name kind=\"legal\"><First>{}</First><Last>{last}</Last></Name>\
                 <Born>{}</Born><Relation>{relation}</Relation></Person>",
                text("ref"),
                text("first"),
                born.format("%m/%d/%Y")
            )
        };
        let people: String = application.people.iter().map(person).collect();
        format!(
            "<a:Policy number=\"{number}\" state=\"{state}\"><Premium><Dollars>312</Dollars><Cents>07</Cents></Premium>\
             <Insured>{people}</Insured></a:Policy>"
        )
    }
}

/// The target as the page has it.
fn target() -> String {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/guide/second-exchange.md");
    let page = std::fs::read_to_string(page).expect("the page");
    let block = page.split("```yaml target save=second.yaml\n").nth(1).expect("the target");
    block.split("```").next().expect("its end").to_owned()
}

async fn desk(is_faulty: bool) -> (Desk, FarSide, Arc<Mutex<World>>) {
    let world = Arc::new(Mutex::new(World { is_faulty, ..World::default() }));
    let of = Arc::clone(&world);
    let far = FarSide::start(move |asked, _| of.lock().expect("the world").answer(asked)).await;
    let mut desk = Desk::new();
    desk.set("JOHNDOE_SECOND_URL", &far.url());
    desk.set("JOHNDOE_SECOND_ISSUER_URL", &far.url());
    desk.set("SECOND_SECRET", SECRET);
    desk.write("second.yaml", &target());
    desk.write(
        "families.yaml",
        "scenario: families\npopulation: {count: 6, seed: 7, states: [VA], household_size: {1: 1, 3: 2, 5: 1}, dental: 0.5}\njourney:\n  \
         - event: enroll\n  - event: cancel\nload: {rate: 100/s, in_flight: 3}\nobjective: {decide: estimate}\n",
    );
    (desk, far, world)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_target_of_the_page_passes_where_all_is_well_and_no_token_is_written_down() {
    let (desk, far, world) = desk(false).await;
    desk.johndoe(&["check", "families.yaml", "second.yaml"]).ends(0, &[]);
    let dry = desk.johndoe(&["run", "families.yaml", "--target", "second.yaml", "--dry-run"]);
    assert!(
        dry.out.contains("member 1 of ") && dry.out.contains("an answer before it tells `application_id`"),
        "{}",
        dry.out
    );
    let run = desk.johndoe(&["run", "families.yaml", "--target", "second.yaml", "--json"]);
    run.ends(0, &[]);
    let report: Value = serde_json::from_str(&run.out).expect("JSON");
    assert_eq!(
        (&report["verdict"], &report["counts"]["accepted"], &report["counts"]["residue"]),
        (&json!("pass"), &json!(6), &json!(0))
    );
    let said = desk.johndoe(&["try", "second.yaml", "--wait", "5s"]);
    said.ends(0, &[]);
    for shown in
        ["step 2 of 3: add person, member 2 of 2", "records  `/Answer/Policies/Policy`: 1 found", "proved ours"]
    {
        assert!(said.out.contains(shown), "`{shown}` is not in:\n{}", said.out);
    }
    {
        let world = world.lock().expect("the world");
        assert!(world.applications.values().all(|application| application.is_withdrawn));
        assert!(world.tokens.len() > 3, "tokens end after {USES} requests: {:?}", world.tokens);
        assert_eq!(world.twice, 0, "no request was carried out twice");
        let people: usize = world.applications.values().map(|application| application.people.len()).sum();
        let posted = far.asked().iter().filter(|asked| asked.path.ends_with("/people")).count();
        assert!(people > 12 && posted >= people, "{people} people, {posted} requests");
    }
    let planted = ["planted-token", SECRET].map(ToOwned::to_owned);
    search(&desk, &[run, said, dry], &planted, &[]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_that_the_issuer_has_wrong_is_found_there_and_nowhere_else() {
    let (desk, _far, _world) = desk(true).await;
    let run = desk.johndoe(&["run", "families.yaml", "--target", "second.yaml", "--json"]);
    run.ends(1, &[]);
    let report: Value = serde_json::from_str(&run.out).expect("JSON");
    assert_eq!(report["verdict"], "fail", "{}", run.out);
    let told = desk.johndoe(&["report", "latest"]);
    assert!(told.out.contains("member.name.last") && told.out.contains("issuer"), "{}", told.out);
    let waypoints = report["waypoints"].as_array().expect("waypoints");
    let altered = |name: &str| {
        let of = waypoints.iter().find(|waypoint| waypoint["name"] == name).expect("the waypoint");
        of["altered"].as_u64().or(of["counts"]["altered"].as_u64())
    };
    assert_eq!(altered("exchange"), Some(0), "{}", run.out);
    assert!(altered("issuer").is_some_and(|altered| altered > 0), "{}", run.out);
}
