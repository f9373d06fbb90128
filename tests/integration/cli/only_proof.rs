//! Whatever an exchange and an issuer answer, no request says an id that no proof gave.

use super::Desk;
use crate::far_side::{Asked, FarSide, Told, told};
use proptest::prelude::*;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{Arc, Mutex};

const HOUSEHOLDS: u32 = 30;

/// Ids that begin with `OURS` answer our own act or stand beside this run's marker; all that begin with `REAL` are a stranger's.
#[derive(Clone)]
struct Answers {
    seed: u64,
    /// What was applied for, by the household's place.
    applied: Arc<Mutex<BTreeMap<String, Value>>>,
}

impl Answers {
    /// One of so many ways to answer, for this household and question.
    fn choice(&self, what: &str, n: &str, of: u64) -> u64 {
        let mut hasher = DefaultHasher::new();
        (self.seed, what, n).hash(&mut hasher);
        hasher.finish() % of
    }

    fn answer(&self, asked: &Asked) -> Told {
        match asked.path.as_str() {
            "/people" => {
                let n = asked.query.rsplit('=').next().unwrap_or_default();
                told(200, &json!({"id": format!("REAL-A{n}"), "policy": format!("REAL-P{n}")}).to_string())
            }
            "/apply" => self.apply(&asked.body),
            "/members" => told(200, &Value::Array(self.members(&asked.query)).to_string()),
            _ => told(200, "{}"),
        }
    }

    fn apply(&self, body: &str) -> Told {
        let body: Value = serde_json::from_str(body).unwrap();
        let n = body["n"].as_str().unwrap().to_owned();
        self.applied.lock().unwrap().insert(n.clone(), body);
        let of = |whose: &str| json!({"id": format!("{whose}-A{n}"), "policy": format!("{whose}-P{n}")}).to_string();
        match self.choice("apply", &n, 8) {
            0 => told(201, &of("OURS")),
            1 => told(500, &of("REAL")),
            2 => told(201, "{}"),
            3 => told(422, &of("REAL")),
            // "somebody like that is known already"
            4 => told(409, &of("REAL")),
            5 => told(201, &json!({"id": format!("OURS-A{n}")}).to_string()),
            6 => told(200, &json!({"policy": format!("OURS-P{n}")}).to_string()),
            _ => told(502, ""),
        }
    }

    /// What an issuer shows to a question by name or by policy.
    fn members(&self, query: &str) -> Vec<Value> {
        let n = query.rsplit('=').next().unwrap_or_default();
        let applied = self.applied.lock().unwrap();
        let Some(applied) = applied.get(n) else { return Vec::new() };
        let stranger = json!({
            "application": format!("REAL-A{n}"), "policy": format!("REAL-P{n}"), "subscriber": format!("REAL-S{n}"),
            "last": applied["last"], "first": applied["first"], "born": applied["born"],
        });
        let with = |more: Value| {
            let mut record = stranger.clone();
            record.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            record
        };
        let ours = with(json!({"application": format!("OURS-A{n}"), "policy": format!("OURS-P{n}"),
            "subscriber": format!("OURS-S{n}"), "mail": applied["marker"]}));
        let marker = applied["marker"].as_str().unwrap();
        let parts: Vec<&str> = marker.split('.').collect();
        let of_another_run = marker.replace(parts[3], &"7".repeat(parts[3].len()));
        match self.choice("members", n, 8) {
            0 => Vec::new(),
            1 => vec![with(json!({"mail": "jane@example.com", "street": "77 REALSTREET"}))],
            2 => vec![stranger],
            3 => vec![with(json!({"street": applied["street"]}))],
            4 => vec![ours],
            5 => vec![with(json!({"mail": of_another_run}))],
            6 => vec![stranger, ours],
            // our own policy's id on a record that shows nothing of us
            _ => vec![with(json!({"policy": format!("OURS-P{n}")}))],
        }
    }
}

fn target(url: &str) -> String {
    format!(
        "target: test\nenvironment: test\nallow_hosts: [127.0.0.1]\nexchange:\n  base_url: {url}\n  flows:\n    enroll:\n      \
         - name: search\n        get: '/people?last={{{{ subscriber.name.last }}}}&n={{{{ probe.index }}}}'\n        \
           capture: {{application_id: {{jsonpath: $.id, required: false}}}}\n      \
         - name: apply\n        post: /apply\n        expect: {{status: [200, 201, 409]}}\n        commits: true\n        \
           json: {{n: 'n{{{{ probe.index }}}}', last: '{{{{ subscriber.name.last }}}}', first: '{{{{ subscriber.name.first }}}}', \
         born: '{{{{ subscriber.birth_date }}}}', street: '{{{{ subscriber.address.street_1 }}}}', marker: '{{{{ probe.marker }}}}'}}\n        \
           capture:\n          application_id: {{jsonpath: $.id, required: false}}\n          \
             exchange_assigned_policy_id: {{jsonpath: $.policy, required: false}}\n    \
         cancel:\n      - {{post: '/cancel/{{{{ application_id }}}}'}}\n\
         plans: [{{plan_id: 12345VA0010001, state: VA, line: medical}}]\n\
         limits: {{rate: 1000/s, in_flight: 4}}\nwaypoints:\n  - name: issuer\n    feed: json_api\n    base_url: {url}\n    \
         poll: {{first_after: 20ms, every: 50ms, at_most: 50ms}}\n    within: 200ms\n    lookups:\n      \
         - {{get: '/members?policy={{{{ exchange_assigned_policy_id }}}}&n=n{{{{ probe.index }}}}'}}\n      \
         - {{get: '/members?last={{{{ subscriber.name.last }}}}&born={{{{ subscriber.birth_date }}}}&n=n{{{{ probe.index }}}}'}}\n    \
         records: $[*]\n    fields:\n      application_id: $.application\n      exchange_assigned_policy_id: $.policy\n      \
         exchange_assigned_subscriber_id: $.subscriber\n      last_name: $.last\n      first_name: $.first\n      \
         birth_date: $.born\n      email: $.mail\n      member.address.street_1: $.street\n"
    )
}

/// What the far side was asked in a run whose answers come of this seed.
fn requests_of(seed: u64) -> Vec<Asked> {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let answers = Answers { seed, applied: Arc::default() };
    let far = runtime.block_on(FarSide::start(move |asked, _| answers.answer(asked)));
    let desk = Desk::new();
    desk.write("target.yaml", &target(&far.url()));
    desk.write(
        "mine.yaml",
        &format!(
            "scenario: trial\nobjective: {{decide: estimate}}\npopulation: {{count: {HOUSEHOLDS}, seed: {}, as_of: 2013-11-15, states: [VA], household_size: {{1: 1, 2: 1}}}}\n\
             journey:\n  - event: enroll\n    expect: {{at: {{issuer: 200ms}}}}\nload: {{rate: 1000/s, in_flight: 4}}\n",
            seed % 1000
        ),
    );
    let ended = desk.johndoe(&["run", "mine.yaml", "--target", "target.yaml", "--json"]);
    assert!(matches!(ended.code, Some(1 | 3 | 4 | 6)), "{:?}\n{}", ended.code, ended.err);
    far.asked()
}

/// An exchange that creates whoever applies, and tells of a stranger wherever it is not asked for what it created.
fn exchange_with_strangers(applying: Told) -> impl Fn(&Asked, usize) -> Told + Clone + Send + Sync + 'static {
    let applied = Arc::new(Mutex::new(0));
    move |asked, _| {
        let stranger =
            r#"{"id": "REAL-1", "policy": "REAL-2", "ref": "REAL-3", "list": [{"id": "REAL-4"}], "csrf": "c-1"}"#;
        match asked.path.as_str() {
            "/apply" => {
                let mut applied = applied.lock().unwrap();
                *applied += 1;
                let (status, headers, body) = applying.clone();
                let sent: Value = serde_json::from_str(&asked.body).unwrap_or_default();
                let echo = |name: &str| sent[name].as_str().unwrap_or_default().to_owned();
                let body = body.replace("WHO", &echo("last")).replace("BORN", &echo("born"));
                (status, headers, body.replace("-N", &format!("-{applied}")))
            }
            path if path.starts_with("/applications/") => {
                let own = path.rsplit('/').next().unwrap_or_default();
                told(200, &json!({"ref": format!("OURS-R{own}"), "policy": "REAL-9"}).to_string())
            }
            "/moved" => (303, vec![("location", "/elsewhere".to_owned())], String::new()),
            "/gone" => told(504, ""),
            "/elsewhere" => (503, vec![("retry-after", "0".to_owned())], String::new()),
            "/members" => told(200, "[]"),
            "/mine" => {
                let mailbox = asked.query.trim_start_matches("email=").replace("%40", "@");
                told(200, &json!({"list": [{"mail": mailbox, "ref": format!("OURS-R{mailbox}")}]}).to_string())
            }
            _ => (200, vec![("set-cookie", "app=REAL-5; Path=/".to_owned())], stranger.to_owned()),
        }
    }
}

/// What a far side was asked in a run of one household with these steps.
pub(super) fn asked_in_a_run(far: &FarSide, (more, enroll, cancel): (&str, &str, &str)) -> (Vec<Asked>, Option<i32>) {
    let flat = |steps: &str| steps.replace("NAMED", "last={{ subscriber.name.last }}&dob={{ subscriber.birth_date }}");
    let url = far.url();
    let target = format!(
        "target: test\nenvironment: test\nallow_hosts: [127.0.0.1]\nexchange:\n  base_url: {url}\n{}  flows:\n    enroll:\n{}    \
         cancel:\n{}plans: [{{plan_id: 12345VA0010001, state: VA, line: medical}}]\nwaypoints:\n  - name: issuer\n    \
         feed: json_api\n    base_url: {url}\n    poll: {{first_after: 20ms, every: 50ms, at_most: 50ms}}\n    within: 100ms\n    \
         lookups: [{{get: '/members?email={{{{ subscriber.email }}}}'}}]\n    records: $[*]\n    fields: {{email: $.mail}}\n",
        flat(more),
        flat(enroll),
        flat(cancel),
    );
    let desk = Desk::new();
    desk.write("target.yaml", &target);
    desk.write(
        "mine.yaml",
        "scenario: trial\nobjective: {decide: estimate}\npopulation: {count: 1, seed: 1, as_of: 2013-11-15, states: [VA]}\njourney:\n  - event: enroll\n    \
         expect: {at: {issuer: 100ms}}\n",
    );
    let ended = desk.johndoe(&["run", "mine.yaml", "--target", "target.yaml", "--json"]);
    assert!(matches!(ended.code, Some(1 | 3 | 4 | 5 | 6)), "{cancel}: {:?}\n{}", ended.code, ended.err);
    (far.asked(), ended.code)
}

pub(super) const APPLY: &str = "      - {name: apply, post: /apply, commits: true, json: {last: '{{ subscriber.name.last }}', born: '{{ subscriber.birth_date }}'}, \
                     capture: {application_id: $.id, tenant: {jsonpath: $.tenant, required: false}, \
                     carrier: {jsonpath: $.carrier, required: false}, who: {jsonpath: $.who, required: false}, \
                     born: {jsonpath: $.born, required: false}}}\n";
pub(super) const BY_REF: &str = "      - {name: cancel, post: '/cancel/{{ ref }}'}\n";
const BY_ID: &str = "      - {name: cancel, post: '/cancel/{{ application_id }}'}\n";
const LOGIN: &str = "      - {name: login, post: /login, json: {user: probe}, commits: false}\n";

#[test]
fn nobody_is_acted_on_by_what_a_search_a_list_a_login_a_cookie_or_a_session_told() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let look = |how: &str, capture: &str| format!("      - {{name: look, {how}, capture: {{{capture}}}}}\n");
    let search = "get: '/search?NAMED'";
    let by_groups = "get: '/search?last={{ groups[0].members[0].name.last }}'";
    let posted = |path: &str| format!("post: {path}, json: {{last: '{{{{ subscriber.name.last }}}}', dob: x}}");
    let body = "      - {name: cancel, post: /cancel, json: {who: '{{ ref }}'}}\n";
    let query = "      - {name: cancel, post: /cancel, query: {who: '{{ ref }}'}}\n";
    let by_token = "      - {name: cancel, post: '/cancel/{{ ref }}', headers: {X-Session-Token: '{{ ref }}'}}\n";
    let by_get = "      - {name: cancel, get: '/cancel/{{ ref }}'}\n";
    let session = |how: &str| format!("  session:\n    - {{name: look, {how}, capture: {{ref: $.ref}}}}\n");
    let with_names = "  headers: {X-Name: '{{ subscriber.name.last }} {{ subscriber.birth_date }}'}\n".to_owned();
    let none = String::new;
    let cases: Vec<(String, String)> = vec![
        (none(), look(search, "ref: {jsonpath: $.ref, secret: true}") + BY_REF),
        (none(), look(search, "ref: $.ref") + by_token),
        (none(), look(search, "ref: {cookie: app}") + BY_REF),
        (session(search), BY_REF.to_owned()),
        (session("post: /login"), BY_REF.to_owned()),
        (none(), look("get: /clients", "ref: '$.list[0].id'") + BY_REF),
        (none(), look("get: /clients", "ref: '$.list[0].id'") + body),
        (none(), look("get: /clients", "ref: '$.list[0].id'") + query),
        (none(), look("get: /clients", "ref: '$.list[0].id'") + by_get),
        (none(), look("get: /clients", "ref: '$.list[0].id'") + &body.replace("who", "planEnrollmentId")),
        (none(), look("get: /clients", "ref: '$.list[0].id'") + &body.replace("who", "sid")),
        (none(), look("get: '/find?id={{ application_id }}'", "ref: '$.list[0].id'") + BY_REF),
        (none(), look("get: '/clients#{{ application_id }}'", "ref: '$.list[0].id'") + BY_REF),
        (
            none(),
            look("get: '/clients?NAMED'", "plan_id: '$.list[0].id', rating_area: $.ref")
                + "      - {name: cancel, post: '/cancel/{{ rating_area }}', json: {of: '{{ plan_id }}'}}\n",
        ),
        (none(), LOGIN.to_owned() + &look("get: /clients", "application_id: '$.list[0].id'") + BY_ID),
        (none(), look("post: /login, json: {user: probe}", "ref: $.ref") + BY_REF),
        (none(), look(by_groups, "ref: $.ref") + BY_REF),
        (
            none(),
            LOGIN.to_owned()
                + &look(by_groups, "exchange_assigned_policy_id: $.ref")
                + "      - {name: cancel, post: '/cancel/{{ exchange_assigned_policy_id }}'}\n",
        ),
        (
            with_names,
            LOGIN.to_owned()
                + &look("get: /x", "exchange_assigned_policy_id: $.ref")
                + "      - {name: cancel, post: '/cancel/{{ exchange_assigned_policy_id }}'}\n",
        ),
        (none(), look("get: '/search?NAMED&id={{ application_id }}'", "ref: $.ref") + BY_REF),
        (none(), look(&posted("/search.do"), "ref: $.ref") + BY_REF),
        (none(), look(&posted("/members-search.json"), "ref: $.ref") + BY_REF),
        (none(), look(&posted("/people"), "ref: $.ref") + BY_REF),
        (
            none(),
            look(&posted("/people"), "issuer_assigned_policy_id: $.ref")
                + "      - {name: cancel, post: '/cancel/{{ issuer_assigned_policy_id }}'}\n",
        ),
    ];
    for (more, cancel) in cases {
        let far = runtime.block_on(FarSide::start(exchange_with_strangers(told(201, r#"{"id": "OURS-N"}"#))));
        no_cancellation_names_a_stranger(&far, (&more, &cancel));
    }
}

/// Whatever comes after it, a GET whose path is an order does what it says.
#[test]
fn a_get_that_cancels_names_no_stranger_where_other_steps_follow() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    for after in ["{name: out, post: /logout}", "{name: bye, get: /bye}"] {
        let cancel = format!(
            "      - {{name: look, get: /clients, capture: {{ref: '$.list[0].id'}}}}\n      \
             - {{name: cancel, get: '/cancel/{{{{ ref }}}}'}}\n      - {after}\n"
        );
        let far = runtime.block_on(FarSide::start(exchange_with_strangers(told(201, r#"{"id": "OURS-N"}"#))));
        no_cancellation_names_a_stranger(&far, ("", &cancel));
    }
}

/// An id of one digit stands in many requests that are not about it, and so does a key of ours in a header.
#[test]
fn what_stands_in_a_request_by_chance_proves_nobody() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let posted = "post: /people, json: {last: '{{ subscriber.name.last }}', page: 1}";
    for how in [
        "get: /api/1/clients",
        "get: '/api/1/clients?page=1'",
        "get: '/api/1/plans/{{ groups[0].plan_id }}/clients'",
        "get: '/api/1/{{ groups | length }}/clients'",
        posted,
        "post: /people, json: {last: '{{ subscriber.name.last }}'}, headers: {X-Correlation-Id: '{{ probe.id }}'}",
        "post: /people, json: {last: '{{ subscriber.name.last }}'}, headers: {X-From: '{{ subscriber.email }}'}",
    ] {
        let cancel = format!("      - {{name: look, {how}, capture: {{ref: '$.list[0].id'}}}}\n{BY_REF}");
        let far = runtime.block_on(FarSide::start(exchange_with_strangers(told(201, r#"{"id": "1"}"#))));
        no_cancellation_names_a_stranger(&far, ("", &cancel));
    }
}

/// What is left of an address without its id is everybody's, and so is a request that names nobody.
#[test]
fn a_cancellation_without_anybody_to_be_cancelled_is_not_sent() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    for step in [
        "{name: cancel, delete: '/cancel/{{ application_id[90:] }}'}",
        "{name: cancel, delete: '/cancel/{{ application_id[90:] }}/now'}",
        "{name: cancel, post: /cancel}",
        "{name: cancel, post: '/cancel?run={{ run.id }}'}",
        "{name: cancel, post: '/cancel/{{ plan_id }}'}",
        "{name: cancel, post: /cancel, json: {effective: '{{ household.coverage_begin }}'}}",
        "{name: cancel, post: /cancel, json: {state: '{{ subscriber.address.state }}'}}",
        "{name: cancel, post: /cancel, headers: {X-Correlation-Id: '{{ probe.id }}'}}",
        "{name: look, get: /clients, capture: {ref: $.ref}}\n      - {name: cancel, post: /cancel, json: {planNumber: '{{ ref }}'}}",
        "{name: home, get: /home}\n      - {name: cancel, post: /cancel}",
        "{name: home, get: /home, capture: {csrf: {jsonpath: $.csrf, secret: true}}}\n      - {name: cancel, post: /cancel, \
         headers: {X-CSRF-Token: '{{ csrf }}'}}",
        "{name: login, post: /login, json: {user: probe}}\n      - {name: cancel, post: /cancel}",
        "{name: cancel, delete: '/cancel?id={{ application_id[90:] }}'}",
        "{name: cancel, delete: '/cancel?year=2014&id={{ application_id[90:] }}'}",
        "{name: cancel, delete: '/cancel?$filter=id%20eq%20{{ application_id[90:] }}'}",
        "{name: cancel, delete: /cancel, query: {id: '{{ application_id[90:] }}', who: '{{ probe.marker }}'}}",
        "{name: cancel, post: /cancel, json: {id: '{{ application_id[90:] }}'}}",
        "{name: cancel, post: /cancel, json: {ids: ['{{ application_id[90:] }}']}}",
        "{name: cancel, post: /cancel, form: {id: '{{ application_id[90:] }}', who: '{{ probe.marker }}'}}",
    ] {
        let far = runtime.block_on(FarSide::start(exchange_with_strangers(told(201, r#"{"id": "OURS-N"}"#))));
        let (asked, _) = asked_in_a_run(&far, ("", APPLY, &format!("      - {step}\n")));
        assert!(!asked.iter().any(|request| request.path.starts_with("/cancel")), "{step}: {asked:?}");
    }
}

/// Who logged in as the household may say "mine"; whoever else did, as anybody does, may not.
#[test]
fn a_cancellation_that_names_nobody_is_sent_after_a_log_in_of_the_household_alone() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    for (session, is_sent) in [
        ("  session: [{post: /login, form: {user: '{{ subscriber.email }}'}}]\n", true),
        ("  session: [{post: /login, form: {user: probe}}]\n", false),
        (
            "  session: [{post: /refused, form: {user: '{{ subscriber.email }}'}, expect: {status: [200, 401]}}]\n",
            false,
        ),
    ] {
        let answer = exchange_with_strangers(told(201, r#"{"id": "OURS-N"}"#));
        let far = runtime.block_on(FarSide::start(move |asked, before| match asked.path.as_str() {
            "/refused" => (401, vec![("set-cookie", "balancer=abcdefgh; Path=/".to_owned())], "{}".to_owned()),
            _ => answer(asked, before),
        }));
        let (asked, _) = asked_in_a_run(&far, (session, APPLY, "      - {name: cancel, post: /cancel}\n"));
        assert_eq!(asked.iter().any(|request| request.path == "/cancel"), is_sent, "{session}: {asked:?}");
    }
}

#[test]
fn a_log_in_that_let_in_nobody_or_somebody_else_lets_no_cancellation_go() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let cookie = || vec![("set-cookie", "sid=abcdefgh; Path=/".to_owned())];
    let page = "<html><form><p>Wrong password</p><input type=password name=p></form></html>";
    let back = [cookie(), vec![("location", "/login?error=1".to_owned())]].concat();
    for (answer, is_sent) in [
        ((200, cookie(), json!({"welcome": "back"}).to_string()), true),
        ((200, cookie(), json!({"error": "unknown user"}).to_string()), false),
        ((200, cookie(), json!({"authenticated": false, "role": "guest"}).to_string()), false),
        ((200, cookie(), json!({"user": "q.zyxwoman@gmail.com", "welcome": "Qvrtina Zyxwoman"}).to_string()), false),
        ((200, [cookie(), vec![("content-type", "text/html".to_owned())]].concat(), page.to_owned()), false),
        ((302, back, String::new()), false),
    ] {
        let others = exchange_with_strangers(told(201, r#"{"id": "OURS-N"}"#));
        let said = format!("{answer:?}");
        let far = runtime.block_on(FarSide::start(move |asked, before| match asked.path.as_str() {
            "/enter" => answer.clone(),
            "/login" => (200, vec![("content-type", "text/html".to_owned())], page.to_owned()),
            _ => others(asked, before),
        }));
        let session = "  session: [{post: /enter, form: {user: '{{ subscriber.email }}'}}]\n";
        let (asked, _) = asked_in_a_run(&far, (session, APPLY, "      - {name: cancel, post: /cancel}\n"));
        assert_eq!(asked.iter().any(|request| request.path == "/cancel"), is_sent, "{said}");
    }
}

/// An exchange whose `/cases` says this, whoever asks.
fn exchange_that_lists(
    applying: &str,
    cases: &Value,
) -> impl Fn(&Asked, usize) -> Told + Clone + Send + Sync + 'static {
    let (answer, cases) = (exchange_with_strangers(told(201, applying)), cases.to_string());
    move |asked, before| match asked.path.as_str() {
        "/cases" => told(200, &cases),
        _ => answer(asked, before),
    }
}

/// A record is proved by what it says itself, and not by what stands beside it, repeats the question or only reads alike.
#[test]
fn what_only_stands_in_the_same_answer_as_an_id_of_ours_proves_nobody() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let of = |ours: &str, path: &str, cases: Value| {
        let capture = format!("capture: {{application_id: '{path}'}}");
        for (asked_by, capture) in
            [("get: '/cases?ref=ID'", capture.as_str()), ("post: /cases, json: {ref: ID}", &capture)]
        {
            let asked_by = asked_by.replace(
                "ID",
                if asked_by.starts_with("post") { "'{{ application_id }}'" } else { "{{ application_id }}" },
            );
            let cancel = format!("      - {{name: look, {asked_by}, {capture}}}\n{BY_ID}");
            let created = json!({"id": ours}).to_string();
            let far = runtime.block_on(FarSide::start(exchange_that_lists(&created, &cases)));
            no_cancellation_names_a_stranger(&far, ("", &cancel));
            let free = cancel.replace("capture: {application_id:", "capture: {ref:").replace(BY_ID, BY_REF);
            let far = runtime.block_on(FarSide::start(exchange_that_lists(&created, &cases)));
            no_cancellation_names_a_stranger(&far, ("", &free));
        }
    };
    let nested = json!({"brokers": [{"cases": [{"id": "REAL-1"}, {"id": "APP771"}]}]});
    of("APP771", "$.brokers[0].cases[0].id", nested);
    of("APP771", "$.list[0].id", json!({"list": [{"id": "REAL-1", "next": {"id": "APP771"}}, {"id": "APP771"}]}));
    of("APP771", "$.list[0].id", json!({"list": [{"id": "REAL-1", "args": {"ref": "APP771"}}]}));
    of("1950", "$.list[0].id", json!({"list": [{"id": "REAL-1", "born": {"year": 1950}}, {"id": 1950}]}));
    of("rEAL-1q", "$.list[0].id", json!({"list": [{"id": "REAL-1Q"}, {"id": "rEAL-1q"}]}));
}

/// A record that shows our id beside another of its own still proves that one.
#[test]
fn a_record_of_a_list_that_shows_our_id_proves_what_stands_in_it() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let cases = json!({"list": [{"ref": "OURS-R", "application": {"id": "APP771"}}, {"ref": "REAL-1"}]});
    for asked_by in ["get: '/cases?of={{ application_id }}'", "post: /cases, json: {of: '{{ application_id }}'}"] {
        let far = runtime.block_on(FarSide::start(exchange_that_lists(r#"{"id": "APP771"}"#, &cases)));
        let cancel = format!("      - {{name: look, {asked_by}, capture: {{ref: '$.list[0].ref'}}}}\n{BY_REF}");
        let (asked, _) = asked_in_a_run(&far, ("", APPLY, &cancel));
        assert!(asked.iter().any(|request| request.path == "/cancel/OURS-R"), "{asked_by}: {asked:?}");
    }
}

/// Once something was done for us, a request that says nothing of ours is about anybody all the same.
#[test]
fn a_post_without_an_id_proves_nobody_after_an_act() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let open = "      - {name: open, post: /open, json: {id: '{{ application_id }}'}}\n";
    for body in ["{page: 1}", "{plan: '{{ plan_id }}'}"] {
        let cancel = format!(
            "{open}      - {{name: queue, post: /worklist, json: {body}, capture: {{ref: '$.list[0].id'}}}}\n{BY_REF}"
        );
        let far = runtime.block_on(FarSide::start(exchange_with_strangers(told(201, r#"{"id": "OURS-N"}"#))));
        no_cancellation_names_a_stranger(&far, ("", &cancel));
    }
}

#[test]
fn an_id_that_contradicts_what_was_told_before_is_not_acted_on() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let apply =
        APPLY.replace("{application_id: $.id,", "{application_id: $.id, exchange_assigned_policy_id: $.policy,");
    let cancel = "      - {name: read, get: '/applications/{{ application_id }}', capture: {exchange_assigned_policy_id: $.policy}}\n      \
                  - {name: cancel, post: '/cancel/{{ exchange_assigned_policy_id }}'}\n";
    let created = r#"{"id": "OURS-N", "policy": "OURS-PN"}"#;
    let far = runtime.block_on(FarSide::start(exchange_with_strangers(told(201, created))));
    let (asked, _) = asked_in_a_run(&far, ("", &apply, cancel));
    let cancelled: Vec<_> = asked.iter().filter(|request| request.path.starts_with("/cancel")).collect();
    assert!(cancelled.len() == 1 && cancelled.iter().all(|it| it.path == "/cancel/OURS-PN"), "{cancelled:?}");
}

/// What a redirect led to says nothing of whether the application was processed; a GET that enrolls is no read.
#[test]
fn an_application_is_not_sent_again_for_what_a_redirect_led_to_or_because_it_is_a_get() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let again = "retry: {attempts: 3, pause: 1ms}";
    for (step, path) in [
        (format!("post: /moved, commits: true, {again}, json: {{last: '{{{{ subscriber.name.last }}}}'}}"), "/moved"),
        (format!("get: '/gone?of={{{{ probe.marker }}}}', commits: true, {again}, expect: {{status: 200}}"), "/gone"),
    ] {
        let far = runtime.block_on(FarSide::start(exchange_with_strangers(told(201, "{}"))));
        let enroll = format!("      - {{name: apply, {step}}}\n");
        let cancel = "      - {name: cancel, post: '/cancel/{{ probe.marker }}'}\n";
        let (asked, code) = asked_in_a_run(&far, ("", &enroll, cancel));
        let times = asked.iter().filter(|request| request.path == path).count();
        assert_eq!(times, 1, "{code:?} {step}: {asked:?}");
    }
}

/// An id that is only counted, cut or tested is not asked by, nor what many share or the household said itself.
#[test]
fn a_read_whose_path_says_no_id_of_ours_proves_nobody() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    for path in [
        "/{{ tenant }}/clients",
        "/{{ carrier }}/clients",
        "/{{ who }}/clients",
        "/{{ born }}/clients",
        "/clients/{{ application_id | length }}",
        "/clients/{{ application_id[:3] }}",
        "/clients{% if application_id %}{% endif %}",
        "/clients{% set x = application_id %}",
        "/clients;id={{ application_id }}",
        "/clients-{{ application_id is defined }}",
    ] {
        let cancel = format!("      - {{name: look, get: '{path}', capture: {{ref: '$.list[0].id'}}}}\n{BY_REF}");
        let created = r#"{"id": "OURS-N", "tenant": "t-2013", "carrier": "C-77", "who": "WHO", "born": "BORN"}"#;
        let far = runtime.block_on(FarSide::start(exchange_with_strangers(told(201, created))));
        no_cancellation_names_a_stranger(&far, ("", &cancel));
        assert!(far.asked().iter().any(|request| request.path.contains("clients")), "{path} was not asked");
    }
}

fn no_cancellation_names_a_stranger(far: &FarSide, (more, cancel): (&str, &str)) {
    let (asked, _) = asked_in_a_run(far, (more, APPLY, cancel));
    for request in asked.iter().filter(|request| request.path.starts_with("/cancel")) {
        let said = format!("{} {}?{} {}", request.method, request.path, request.query, request.body);
        assert!(!said.contains("REAL"), "{more}{cancel}: {said}");
    }
}

/// Whoever does not know a parameter answers with everybody, and the first is a stranger.
#[test]
fn a_search_by_our_own_mark_proves_nobody_who_does_not_show_it() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let marks = ["subscriber.email", "household.marker", "probe.marker", "probe.id", "probe.idempotency_key"];
    let (all, first) = ("$.ref", "'$.list[0].id'");
    for (mark, path) in marks.iter().flat_map(|mark| [(mark, all), (mark, first)]) {
        for how in [
            format!("get: '/look?by={{{{ {mark} }}}}'"),
            format!("post: /look, reads: true, json: {{by: '{{{{ {mark} }}}}'}}"),
        ] {
            let look = format!("      - {{name: look, {how}, capture: {{ref: {path}}}}}\n");
            let far = runtime.block_on(FarSide::start(exchange_with_strangers(told(201, r#"{"id": "OURS-N"}"#))));
            let (asked, _) = asked_in_a_run(&far, ("", &format!("{APPLY}{look}"), BY_REF));
            assert!(asked.iter().any(|request| request.path == "/look"), "{how}");
            let said = asked.iter().find(|request| request.path.starts_with("/cancel"));
            assert!(said.is_none(), "{how} {path}: {said:?}");
        }
    }
    // one that shows the mark beside the id is ours, and so is what a path names by it
    for look in [
        "get: '/mine?email={{ subscriber.email }}', capture: {ref: '$.list[0].ref'}",
        "get: '/applications/{{ probe.id }}', capture: {ref: $.ref}",
    ] {
        let far = runtime.block_on(FarSide::start(exchange_with_strangers(told(201, r#"{"id": "OURS-N"}"#))));
        let enroll = format!("{APPLY}      - {{name: look, {look}}}\n");
        let (asked, _) = asked_in_a_run(&far, ("", &enroll, BY_REF));
        assert!(asked.iter().any(|request| request.path.starts_with("/cancel/OURS-R")), "{look}: {asked:?}");
    }
}

#[test]
fn an_answer_that_says_that_somebody_was_known_before_proves_nobody_though_nothing_was_sent_before() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let apply =
        APPLY.replace("commits: true", "commits: true, exists: {status: 200, jsonpath: $.known, equals: 'yes'}");
    let far =
        runtime.block_on(FarSide::start(exchange_with_strangers(told(200, r#"{"id": "REAL-N", "known": "yes"}"#))));
    no_cancellation_names_a_stranger_of(&far, &apply);
}

fn no_cancellation_names_a_stranger_of(far: &FarSide, enroll: &str) {
    let (asked, _) = asked_in_a_run(far, ("", enroll, BY_ID));
    assert!(asked.iter().any(|request| request.path == "/apply"));
    assert!(!asked.iter().any(|request| request.path.starts_with("/cancel")), "{asked:?}");
}

#[test]
fn what_an_application_is_redirected_to_proves_nothing() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    for (status, to) in
        [(303, "/search?last=x"), (302, "/existing/REAL"), (303, "/apply/REAL"), (301, "/existing/REAL")]
    {
        let answer = (status, vec![("location", to.to_owned())], String::new());
        let far = runtime.block_on(FarSide::start(exchange_with_strangers(answer)));
        let (asked, _) = asked_in_a_run(&far, ("", APPLY, BY_ID));
        let cancelled: Vec<_> = asked.iter().filter(|request| request.path.starts_with("/cancel")).collect();
        assert!(cancelled.is_empty(), "{status} {to}: {cancelled:?}");
        assert!(asked.iter().any(|request| request.path != "/apply"), "nothing was followed");
    }
}

#[test]
fn tokens_of_pages_and_logins_let_requests_in_and_ids_of_our_own_act() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let page = "      - {name: page, get: /form, capture: {csrf: $.csrf, sid: {cookie: app}}}\n";
    let by_token = "      - {name: cancel, post: '/cancel/{{ application_id }}?_csrf={{ csrf }}', headers: {X-Session: '{{ sid }}'}, \
                    form: {csrf_token: '{{ csrf }}'}}\n";
    let read = "      - {name: read, get: '/applications/{{ application_id }}', capture: {ref: $.ref}}\n";
    for (enroll, cancel, expected) in [
        (format!("{page}{LOGIN}{APPLY}"), format!("{page}{LOGIN}{by_token}"), "/cancel/OURS-1"),
        (APPLY.to_owned(), format!("{LOGIN}{read}{BY_REF}"), "/cancel/OURS-ROURS-1"),
        (APPLY.replace("commits: true", "commits: true, reads: false"), BY_ID.to_owned(), "/cancel/OURS-1"),
    ] {
        let far = runtime.block_on(FarSide::start(exchange_with_strangers(told(200, r#"{"id": "OURS-N"}"#))));
        let (asked, _) = asked_in_a_run(&far, ("", &enroll, &cancel));
        let of_cancel: Vec<_> = asked.iter().filter(|request| request.path.starts_with("/cancel")).collect();
        assert!(of_cancel.iter().any(|request| request.path == expected), "{cancel}: {of_cancel:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 5, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_request_ever_carries_an_id_that_no_proof_gave(seed in any::<u64>()) {
        let asked = requests_of(seed);
        for request in &asked {
            let said = format!("{} {}?{} {}", request.method, request.path, request.query, request.body);
            prop_assert!(!said.contains("REAL"), "seed {seed}: {said}");
        }
        let cancelled = asked.iter().filter(|request| request.path.starts_with("/cancel/OURS-A")).count();
        prop_assert!(cancelled > 0, "seed {seed}: nobody was cancelled");
        let searched = asked.iter().filter(|request| request.path == "/people").count();
        prop_assert_eq!(searched, HOUSEHOLDS as usize);
    }
}
