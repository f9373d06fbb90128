//! What is shipped beside the program holds what it promises: scenarios, targets, changelog.

use crate::cli::{Desk, shipped};
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
        let scenario = shipped(name);
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

#[test]
fn the_changelog_has_this_version() {
    let version = format!("## [{}]", env!("CARGO_PKG_VERSION"));
    assert!(text("CHANGELOG.md").contains(&version), "{version}");
}
