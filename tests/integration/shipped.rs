//! What is shipped beside the program holds what it promises: scenarios, targets, changelog.

use crate::cli::{Desk, brief, shipped};
use crate::files::schema_faults;
use std::path::Path;

fn text(name: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(name)).expect("a shipped file")
}

/// Names of the shipped scenarios.
fn scenarios() -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    let entries = std::fs::read_dir(folder).expect("the folder").map(|e| e.expect("an entry").file_name());
    let mut names: Vec<_> = entries.filter_map(|n| n.into_string().ok()).filter(|n| n.ends_with(".yaml")).collect();
    names.sort();
    assert!(names.len() >= 4, "{names:?}");
    names
}

#[test]
fn every_scenario_fits_the_shipped_target_and_the_printed_schema() {
    let desk = Desk::new();
    let schema = |of: &str| {
        let printed = desk.johndoe(&["schema", of]);
        serde_json::from_str(&printed.ends(0, &[]).out).expect("a schema")
    };
    let (of_scenario, of_target): (serde_json::Value, serde_json::Value) = (schema("scenario"), schema("target"));
    assert_eq!(schema_faults(&of_target, &text("scenarios/targets/sandbox.yaml")), Vec::<String>::new());
    for name in scenarios() {
        let told = desk.johndoe(&["check", &shipped(&name), &shipped("targets/sandbox.yaml")]);
        assert_eq!(told.ends(0, &[]).err, "", "{name}");
        assert_eq!(schema_faults(&of_scenario, &text(&format!("scenarios/{name}"))), Vec::<String>::new(), "{name}");
    }
}

#[test]
fn every_target_can_be_read_and_fits_the_first_scenario_and_the_printed_schema() {
    let desk = Desk::new();
    let schema = serde_json::from_str(&desk.johndoe(&["schema", "target"]).ends(0, &[]).out).expect("a schema");
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/targets");
    let entries = std::fs::read_dir(folder).expect("the folder").map(|e| e.expect("an entry").file_name());
    let names: Vec<_> = entries.filter_map(|n| n.into_string().ok()).collect();
    assert!(names.len() >= 3, "{names:?}");
    for name in names {
        let told = desk.johndoe(&["check", &shipped("first-enrollment.yaml"), &shipped(&format!("targets/{name}"))]);
        assert_eq!(told.ends(0, &[]).err, "", "{name}");
        assert_eq!(schema_faults(&schema, &text(&format!("scenarios/targets/{name}"))), Vec::<String>::new(), "{name}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_scenario_passes_at_a_sandbox_without_faults() {
    let (desk, running) = Desk::at_sandbox("").await;
    let target = shipped("targets/sandbox.yaml");
    let run = |name: &str| {
        let ledger = format!("{name}.db");
        let scenario = brief(name);
        let words = ["run", &scenario, "--target", &target, "--count", "6", "--ledger", &ledger, "--json"];
        (name.to_owned(), desk.johndoe(&words))
    };
    let names = scenarios();
    let told: Vec<_> = std::thread::scope(|threads| {
        let started: Vec<_> = names.iter().map(|name| threads.spawn(|| run(name))).collect();
        started.into_iter().map(|thread| thread.join().expect("a run")).collect()
    });
    for (name, told) in told {
        let report: serde_json::Value = serde_json::from_str(&told.ends(0, &[]).out).expect("JSON");
        assert_eq!((&report["verdict"], &report["counts"]["accepted"]), (&"pass".into(), &6.into()), "{name}");
    }
    running.stop().await;
}

/// The scenarios named after what went wrong in 2013, each with the fault that its first lines say.
fn failures_of_2013() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/2013");
    let entries = std::fs::read_dir(folder).expect("the folder").map(|e| e.expect("an entry").file_name());
    let names = entries.filter_map(|n| n.into_string().ok()).filter(|n| n.ends_with(".yaml"));
    let with_fault = |name: String| {
        let text = text(&format!("scenarios/2013/{name}"));
        let fault = text.split_once("johndoe sandbox --fault '").and_then(|(_, rest)| rest.split_once('\''));
        let fault = fault.unwrap_or_else(|| panic!("{name} says no fault")).0.to_owned();
        (format!("2013/{name}"), fault)
    };
    names.map(with_fault).collect()
}

#[test]
fn every_failure_of_2013_fits_the_shipped_target_and_says_what_happened_when() {
    let desk = Desk::new();
    assert!(failures_of_2013().len() >= 12);
    for (name, _) in failures_of_2013() {
        let told = desk.johndoe(&["check", &shipped(&name), &shipped("targets/sandbox.yaml")]);
        assert_eq!(told.ends(0, &[]).err, "", "{name}");
        let text = text(&format!("scenarios/{name}"));
        assert!(text.starts_with("# ") && (text.contains("2013") || text.contains("guide v7.2")), "{name}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_failure_of_2013_is_found_where_it_is_planted() {
    let mut runs = Vec::new();
    for (name, fault) in failures_of_2013() {
        let (desk, running) = Desk::at_sandbox(&fault).await;
        runs.push((name, desk, running));
    }
    let target = shipped("targets/sandbox.yaml");
    let run = |(name, desk, _): &(String, Desk, _)| {
        let few = ["--count", "12", "--set", "objective.decide=estimate"];
        desk.johndoe(&[&["run", &shipped(name), "--target", &target, "--json"], &few[..]].concat())
    };
    let told: Vec<_> = std::thread::scope(|threads| {
        let started: Vec<_> = runs.iter().map(|one| threads.spawn(|| run(one))).collect();
        started.into_iter().map(|thread| thread.join().expect("a run")).collect()
    });
    for ((name, _, running), told) in runs.into_iter().zip(told) {
        let planted = running.truth();
        assert!(!planted.is_empty(), "{name}: nothing was planted");
        let report: serde_json::Value =
            serde_json::from_str(&told.out).unwrap_or_else(|e| panic!("{name}: {e} {}", told.err));
        assert_eq!(report["verdict"], "fail", "{name}: {}", report["reasons"]);
        running.stop().await;
    }
}

#[test]
fn the_changelog_has_this_version() {
    let version = format!("## [{}]", env!("CARGO_PKG_VERSION"));
    assert!(text("CHANGELOG.md").contains(&version), "{version}");
}
