//! Killed between the answer that takes an enrollment and the one that ends it: the next process asks for the end.

use super::Desk;
use crate::far_side::{Asked, FarSide, Told, told};
use serde_json::json;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

const TARGET: &str = "target: t\nenvironment: test\nallow_hosts: [127.0.0.1]\nexchange:\n  base_url: URL\n  flows:\n    enroll:\n      \
     - {name: form, get: /login}\n      - {name: login, post: /login, json: {user: probe}, commits: false}\n      \
     - {name: account, post: /accounts, json: {mail: '{{ probe.marker }}'}, commits: false}\n      \
     - {name: apply, post: /apply, commits: true, json: {n: '{{ probe.index }}'}, capture: {application_id: $.id}}\n      \
     - {name: wait, get: '/status/{{ application_id }}', until: {jsonpath: $.state, equals: done, \
     refused: {jsonpath: $.state, equals: refused}, every: 20ms, within: 60s}, capture: {exchange_assigned_policy_id: {jsonpath: $.policy, required: false}}}\n    \
     cancel: [{post: '/cancel/{{ application_id }}'}]\nlimits: {rate: 100/s, in_flight: 4}\nwaypoints:\n  - name: issuer\n    \
     feed: json_api\n    base_url: URL\n    poll: {first_after: 20ms, every: 50ms, at_most: 50ms}\n    within: 200ms\n    \
     lookup: {get: '/members?id={{ application_id }}'}\n    records: $[*]\n    fields: {application_id: $.id}\n";

const SCENARIO: &str = "scenario: trial\nobjective: {decide: estimate}\npopulation: {count: 4, seed: 1, as_of: 2013-11-15, states: [VA]}\njourney:\n  - event: enroll\n    \
     expect: {at: {issuer: 200ms}}\nload: {rate: 100/s, in_flight: 4}\n";

/// An exchange that decides nothing before it is told to: then it takes two, refuses the third and does not know the fourth.
fn answer(asked: &Asked, is_decided: bool, applied: &AtomicUsize) -> Told {
    match asked.path.as_str() {
        "/apply" => {
            let n = applied.fetch_add(1, Ordering::SeqCst);
            told(202, &json!({"id": format!("APP-{n}")}).to_string())
        }
        "/status/APP-2" if is_decided => told(200, r#"{"state": "refused"}"#),
        "/status/APP-3" if is_decided => told(404, "{}"),
        path if path.starts_with("/status/") => {
            let state = if is_decided { "done" } else { "pending" };
            told(200, &json!({"state": state, "policy": path.replace("/status/APP", "POL")}).to_string())
        }
        "/members" => told(200, "[]"),
        _ => told(200, "{}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_before_the_end_of_an_enrollment_the_next_process_asks_for_it_and_sends_nothing_twice() {
    let (decided, applied) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)));
    let is_decided = Arc::clone(&decided);
    let far = FarSide::start(move |asked, _| answer(asked, is_decided.load(Ordering::SeqCst), &applied)).await;
    let desk = Desk::new();
    desk.write("target.yaml", &TARGET.replace("URL", &far.url()));
    desk.write("mine.yaml", SCENARIO);
    let mut run = desk.command(&["run", "mine.yaml", "--target", "target.yaml"]).spawn().expect("the program");
    let polled = |n: usize| far.paths().iter().any(|path| *path == format!("GET /status/APP-{n}"));
    while !(0..4).all(polled) {
        assert!(run.try_wait().expect("a process").is_none(), "it ended: {:?}", far.paths());
        tokio::task::yield_now().await;
    }
    run.kill().expect("to be killed");
    run.wait().expect("its end");
    decided.store(true, Ordering::SeqCst);
    let before = far.paths().len();
    let said = desk.johndoe(&["resume", "--json"]);
    let report: serde_json::Value = serde_json::from_str(&said.out).unwrap_or_else(|e| panic!("{e}: {}", said.err));
    let counts = |name: &str| report["counts"][name].as_u64();
    let all = ["accepted", "rejected", "indeterminate", "unsent"].map(counts);
    assert_eq!(all, [Some(2), Some(1), Some(1), Some(0)], "{}", said.out);
    let paths = far.paths();
    let since = paths.get(before..).unwrap_or_default();
    let times = |asked: &str| paths.iter().filter(|path| *path == asked).count();
    assert_eq!((times("POST /apply"), times("POST /accounts")), (4, 4), "{since:?}");
    assert!(since.contains(&"POST /login".to_owned()), "who asks logs in: {since:?}");
    // who is taken goes, and so does whoever may be; a refused one is never asked for again
    let cancelled = ["POST /cancel/APP-0", "POST /cancel/APP-1", "POST /cancel/APP-2", "POST /cancel/APP-3"].map(times);
    assert_eq!(cancelled, [1, 1, 0, 1], "{since:?}");
}
