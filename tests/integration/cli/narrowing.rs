//! `narrow` at a sandbox with planted causes: what is proved, that it stands in the punch list, and that nobody stays.

use super::{Desk, Told};
use crate::trial::{brisk_target, start_sandbox};
use johndoe::generator::Generator;
use johndoe::model::ProbeIndex;
use johndoe::sandbox::Running;
use serde_json::Value;
#[cfg(unix)]
use std::process::{Command, Stdio};

const SCENARIO: &str = "scenario: proof\nobjective: {decide: estimate}\n\
    population:\n  count: 40\n  seed: 7\n  as_of: 2013-11-15\n  states: [VA, OH, MA]\n  \
    edge_cases: {share: 0.5, include: [apostrophe, hyphenated_surname, stepchild, newborn, leap_day_birth, po_box]}\n  \
    ssn: never_issued\n  dental: 0.3\njourney:\n  - event: enroll\n  - event: cancel\n\
    load: {rate: 60/s, in_flight: 200}\n";

/// A run at a sandbox with these faults, and its JSON report.
async fn failed(faults: &str) -> (Desk, Running, Value) {
    let mut desk = Desk::new();
    let running = start_sandbox(desk.folder.path(), faults, 1).await;
    desk.lead_to(&running);
    desk.write("mine.yaml", SCENARIO);
    desk.write("target.yaml", &brisk_target());
    let told = desk.johndoe(&["run", "mine.yaml", "--target", "target.yaml", "--json"]);
    told.ends(1, &[]);
    let report = serde_json::from_str(&told.out).unwrap_or_else(|e| panic!("{e}: {}", told.out));
    (desk, running, report)
}

/// The run, and a probe of it that failed so.
fn who_failed(report: &Value, what: &str) -> (String, String) {
    let line = report["punch"].as_array().unwrap().iter().find(|line| line["what"] == what);
    let line = line.unwrap_or_else(|| panic!("`{what}` is not in {}", report["punch"]));
    let (run, probe) = line["examples"][0].as_str().unwrap().split_once('/').unwrap();
    (run.to_owned(), probe.to_owned())
}

fn proof(told: &Told) -> Value {
    told.ends(0, &[]);
    serde_json::from_str(&told.out).unwrap_or_else(|e| panic!("{e}: {}", told.out))
}

fn attributes(proof: &Value) -> Vec<String> {
    let all = proof["factors"]
        .as_array()
        .into_iter()
        .flatten()
        .flat_map(|of| of["attributes"].as_array().into_iter().flatten());
    all.map(|words| words.as_str().unwrap().to_owned()).collect()
}

/// Everybody whom anything sent in was taken out again.
fn nobody_stays(running: &Running) {
    let counters = running.counters();
    assert!(counters.values().all(|of| of.enrollments == 0 || of.cancellations > 0), "{counters:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn causes_that_always_strike_are_proved_and_what_struck_once_is_not_reproduced() {
    let scenario = johndoe::scenario::parse(SCENARIO, "mine.yaml").unwrap();
    let stem = Generator::new(&scenario.name, &scenario.population).household(ProbeIndex(5)).marker;
    let stem = stem.split('@').next().unwrap();
    let faults = format!(
        "alter:member.birth_date@marker={stem}@value=1950-05-05=1,apostrophe_lost=1,effective_date@state=OH@has_dental=1"
    );
    let (desk, running, report) = failed(&faults).await;

    let (run, probe) = who_failed(&report, "apostrophe dropped");
    let one = proof(&desk.johndoe(&["narrow", &run, &probe, "--json", "--seed", "100"]));
    assert_eq!(one["answer"], "one", "{one}");
    assert!(attributes(&one).iter().any(|words| words == "an apostrophe in a name"), "{one}");
    assert_eq!(one["unchanged"], serde_json::json!({"tried": 5, "failed": 5}));
    assert_eq!(one["factors"][0]["tries"], serde_json::json!({"tried": 5, "failed": 0}));
    assert!(one["sent"].as_u64().unwrap() <= 24, "{one}");

    let (_, probe) = who_failed(&report, "benefit begin date 1 month late");
    let pair = proof(&desk.johndoe(&["narrow", &run, &probe, "--json", "--seed", "200"]));
    assert_eq!(pair["answer"], "together", "{pair}");
    let takes = attributes(&pair);
    assert!(["state OH", "dental beside medical"].iter().all(|of| takes.iter().any(|words| words == of)), "{pair}");
    assert!(pair["sent"].as_u64().unwrap() <= 24, "{pair}");

    let gone = proof(&desk.johndoe(&["narrow", &run, "5", "--json", "--seed", "300"]));
    assert_eq!((&gone["answer"], &gone["sent"]), (&"not_reproduced".into(), &5.into()), "{gone}");

    let again = desk.johndoe(&["report", &run]);
    for words in ["fails with an apostrophe in a name, 5 of 5; passes without, 5 of 5", "not reproduced"] {
        assert!(again.out.contains(words), "`{words}` is not in:\n{}", again.out);
    }
    nobody_stays(&running);
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cause_that_strikes_half_the_time_is_proved_by_more_tries() {
    let (desk, running, report) = failed("apostrophe_lost=0.5").await;
    let (run, probe) = who_failed(&report, "apostrophe dropped");
    let half = proof(&desk.johndoe(&["narrow", &run, &probe, "--json", "--seed", "100"]));
    assert_eq!(half["answer"], "one", "{half}");
    assert!(attributes(&half).iter().any(|words| words == "an apostrophe in a name"), "{half}");
    assert!((25..=150).contains(&half["sent"].as_u64().unwrap()), "{half}");
    nobody_stays(&running);
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_sent_where_it_is_only_shown_or_where_nobody_failed() {
    let (desk, running, report) = failed("apostrophe_lost=1").await;
    let sent = running.counters().len();
    let (run, _) = who_failed(&report, "apostrophe dropped");
    let shown = desk.johndoe(&["narrow", &run, "--dry-run"]);
    shown.ends(0, &[]);
    assert!(shown.out.contains("the family names (no longer: an apostrophe in a name"), "{}", shown.out);
    let good = report["probes"].as_array().unwrap().iter().find(|probe| probe["good"] == true).unwrap();
    let good = good["index"].to_string();
    desk.johndoe(&["narrow", &run, &good]).ends(2, &["did not fail"]);
    desk.johndoe(&["narrow", &run, "99"]).ends(2, &["there is no probe 99"]);
    assert_eq!(running.counters().len(), sent);
    running.stop().await;
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn a_signal_in_the_middle_takes_out_whoever_is_in() {
    let (desk, running, report) = failed("apostrophe_lost=1").await;
    let sent = running.counters().len();
    let (run, _) = who_failed(&report, "apostrophe dropped");
    let mut command = desk.command(&["narrow", &run]);
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program");
    while running.counters().len() < sent + 2 {
        tokio::task::yield_now().await;
    }
    let signalled = Command::new("kill").args(["-TERM", &child.id().to_string()]).status().expect("kill");
    assert!(signalled.success());
    let told = Told::of(&child.wait_with_output().expect("its end"));
    told.ends(143, &["whoever is in is taken out first", "no answer"]);
    nobody_stays(&running);
    assert!(!desk.johndoe(&["report", &run]).out.contains("sent again"), "there is no answer");
    running.stop().await;
}
