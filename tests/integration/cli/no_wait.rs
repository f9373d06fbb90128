//! `--no-wait`: a scheduled job calls again and again, and goes by exit codes.

use super::{Desk, shipped};
use serde_json::Value;

const SCENARIO: &str = "scenario: mine\npopulation: {count: 3, seed: 4}\nobjective: {decide: estimate}\njourney:\n  - event: enroll\n    \
     expect: {at: {edi_834: 20s, issuer: 20s}}\n  - include: rest.yaml\n";
const REST: &str = "- event: change_address\n  after: 2s\n  expect: {at: {edi_834: 20s, issuer: 20s}}\n- event: cancel\n  \
     expect: {at: {edi_834: 20s, issuer: 20s}}\n";

#[tokio::test(flavor = "multi_thread")]
async fn every_call_ends_with_3_until_the_last_says_what_came_of_it() {
    let (desk, running) = Desk::at_sandbox("").await;
    desk.write("mine.yaml", SCENARIO);
    desk.write("rest.yaml", REST);
    let target = shipped("targets/sandbox.yaml");
    let first = desk.johndoe(&["run", "mine.yaml", "--target", &target, "--no-wait", "--json", "--deadline", "10m"]);
    let mut told: Value = serde_json::from_str(&first.ends(3, &["more is due at "]).out).expect("JSON");
    assert!(told["next_due_at"].is_string(), "{told}");
    // the ledger has all that is needed
    desk.write("rest.yaml", "- event: cancel\n");
    let mut calls = 0;
    while told["next_due_at"].is_string() {
        calls += 1;
        assert!(calls < 300, "{told}");
        assert_eq!((&told["verdict"], &told["exit_code"]), (&"inconclusive".into(), &3.into()));
        let again = desk.johndoe(&["resume", "--no-wait", "--json"]);
        told = serde_json::from_str(&again.out).unwrap_or_else(|e| panic!("{e}: {}", again.err));
    }
    assert_eq!((&told["verdict"], &told["counts"]["accepted"]), (&"pass".into(), &3.into()), "{told}");
    desk.johndoe(&["report", "--json"]).ends(0, &[]);
    running.stop().await;
}
