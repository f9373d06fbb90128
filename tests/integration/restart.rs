//! The process is killed at points chosen by a seed; `resume` loses nothing and submits nothing twice.

use crate::trial::{TARGET, overlay, scenario_of, start_sandbox};
use johndoe::sandbox::Running;
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;
use tempfile::TempDir;

const HOUSEHOLDS: u32 = 24;
/// Moments after which the process is killed, in milliseconds: while it submits, watches, waits, and cleans up.
const MOMENTS: u64 = 10;
const LATEST_MOMENT_MS: u64 = 6_000;

/// The binary under test, told where the sandbox is by its environment alone.
fn johndoe(running: &Running, folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_johndoe"));
    command.current_dir(folder).stdin(Stdio::null()).stderr(Stdio::null());
    command.env("JOHNDOE_LEDGER", folder.join("ledger.db"));
    command.envs(overlay(running).0);
    command
}

/// Whether the target declares an idempotency key: without one, what was sent and not answered may not be sent again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Key {
    Declared,
    Undeclared,
}

/// How the 834 files are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    Folder,
    Sftp,
}

/// The target's text for a way.
fn target_by(way: Way) -> String {
    match way {
        #[cfg(feature = "sftp")]
        Way::Sftp => crate::trial::over_sftp(TARGET),
        _ => TARGET.to_owned(),
    }
}

/// With a key nothing is lost and long limits cost nothing; without one, what never left is waited for.
fn limits(key: Key) -> &'static str {
    match key {
        Key::Declared => "edi_834: 90s, issuer: 90s",
        Key::Undeclared => "edi_834: 15s, issuer: 15s",
    }
}

fn run_command(running: &Running, folder: &Path, key: Key, way: Way) -> Command {
    let mut text = target_by(way);
    if key == Key::Undeclared {
        text = text.lines().filter(|line| !line.contains("idempotency_header")).collect::<Vec<_>>().join("\n");
    }
    let target = folder.join("target.yaml");
    std::fs::write(&target, text).expect("a target file");
    let scenario = scenario_of(HOUSEHOLDS, "").replace("200/s", "20/s").replace("edi_834: 6s, issuer: 8s", limits(key));
    std::fs::write(folder.join("scenario.yaml"), scenario).expect("a scenario file");
    let mut command = johndoe(running, folder);
    command.args(["run", "scenario.yaml", "--json", "--target"]).arg(target);
    command
}

/// Counts of a JSON report, but for those that time decides.
fn counts(report: &[u8]) -> BTreeMap<String, u64> {
    let report: Value =
        serde_json::from_slice(report).unwrap_or_else(|e| panic!("{e}: {}", String::from_utf8_lossy(report)));
    let counts = report["counts"].as_object().expect("counts").clone();
    counts.into_iter().map(|(name, n)| (name, n.as_u64().expect("a number"))).collect()
}

/// The moments: a fixed sequence (a linear congruence with a fixed seed), spread over the life of a run.
fn moments() -> Vec<u64> {
    let mut state: u64 = 20_131_001;
    let mut next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        state >> 33
    };
    (0..MOMENTS).map(|n| (n * LATEST_MOMENT_MS + next() % LATEST_MOMENT_MS) / MOMENTS).collect()
}

/// Runs, is killed after the moment, resumes, and gives the totals; nobody is enrolled twice.
async fn killed_after(moment: u64, key: Key, way: Way) -> BTreeMap<String, u64> {
    let folder = TempDir::new().expect("a folder");
    let running = start_sandbox(folder.path(), "", 1).await;
    let mut first = run_command(&running, folder.path(), key, way).stdout(Stdio::null()).spawn().expect("a process");
    tokio::time::sleep(Duration::from_millis(moment)).await;
    // It may have ended by itself already: then resume only reports.
    let _ = first.kill();
    first.wait().expect("its end");
    let mut resume = if folder.path().join("ledger.db").exists() && has_run(&running, folder.path()) {
        let mut resume = johndoe(&running, folder.path());
        resume.args(["resume", "latest", "--json"]);
        resume
    } else {
        run_command(&running, folder.path(), key, way)
    };
    let resumed = tokio::task::spawn_blocking(move || resume.output()).await.expect("a task").expect("output");
    let counters = running.counters();
    for (marker, counts) in &counters {
        assert!(
            counts.enrollments <= 1,
            "{marker} was enrolled {} times (killed after {moment} ms)",
            counts.enrollments
        );
    }
    let enrolled = counters.values().filter(|c| c.enrollments == 1).count();
    if key == Key::Declared {
        assert_eq!(enrolled, HOUSEHOLDS as usize, "killed after {moment} ms");
    }
    running.stop().await;
    counts(&resumed.stdout)
}

fn has_run(running: &Running, folder: &Path) -> bool {
    let listed = johndoe(running, folder).args(["runs"]).stdout(Stdio::piped()).output().expect("runs");
    String::from_utf8_lossy(&listed.stdout).contains("trial")
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_at_any_point_a_run_resumes_to_the_same_totals_and_nobody_is_enrolled_twice() {
    let folder = TempDir::new().expect("a folder");
    let running = start_sandbox(folder.path(), "", 1).await;
    let mut undisturbed = run_command(&running, folder.path(), Key::Declared, Way::Folder);
    let output = tokio::task::spawn_blocking(move || undisturbed.output()).await.expect("a task").expect("output");
    let expected = counts(&output.stdout);
    assert_eq!(expected["accepted"], u64::from(HOUSEHOLDS), "{expected:?}");
    assert_eq!(expected["residue"], 0, "{expected:?}");
    running.stop().await;
    let ways = [Way::Folder, Way::Sftp].into_iter().cycle();
    let trials: Vec<_> = moments()
        .into_iter()
        .zip(ways)
        .map(|(moment, way)| (moment, tokio::spawn(killed_after(moment, Key::Declared, way))))
        .collect();
    for (moment, trial) in trials {
        assert_eq!(trial.await.expect("a trial"), expected, "killed after {moment} ms");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn without_an_idempotency_key_what_was_sent_is_looked_for_and_not_sent_again() {
    let trials: Vec<_> = moments()
        .into_iter()
        .take(3)
        .map(|moment| (moment, tokio::spawn(killed_after(moment, Key::Undeclared, Way::Folder))))
        .collect();
    for (moment, trial) in trials {
        let counts = trial.await.expect("a trial");
        let answered: u64 = ["accepted", "rejected", "indeterminate", "unsent"].iter().map(|name| counts[*name]).sum();
        assert_eq!(answered, u64::from(HOUSEHOLDS), "killed after {moment} ms: {counts:?}");
        assert_eq!((counts["rejected"], counts["duplicated"], counts["unexpected"]), (0, 0, 0), "{counts:?}");
    }
}

/// A pause that a kill may fall into, for those with children alone, and a payment for all behind it.
const ON_TERMS: &str = "  - {event: change_address, after: 2s, when: {children: 1..}, expect: {at: {edi_834: 90s, issuer: 90s}}}\n  \
     - {event: pay, after: answered, expect: {at: {issuer: 90s}}}\ngrace:";

/// Killed after the moment and resumed: each step of each household once, and of those only for whom it is.
async fn on_terms_killed_after(moment: u64) {
    let folder = TempDir::new().expect("a folder");
    let running = start_sandbox(folder.path(), "", 1).await;
    let mut first = run_command(&running, folder.path(), Key::Declared, Way::Folder);
    let text = std::fs::read_to_string(folder.path().join("scenario.yaml")).expect("a scenario");
    let text = text.replace("count: 24", "count: 8").replace("grace:", ON_TERMS);
    std::fs::write(folder.path().join("scenario.yaml"), text).expect("a scenario file");
    let mut first = first.stdout(Stdio::null()).spawn().expect("a process");
    while !has_run(&running, folder.path()) {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    tokio::time::sleep(Duration::from_millis(moment)).await;
    let _ = first.kill();
    first.wait().expect("its end");
    let mut resume = johndoe(&running, folder.path());
    resume.args(["resume", "latest", "--json"]);
    let resumed = tokio::task::spawn_blocking(move || resume.output()).await.expect("a task").expect("output");
    let report: Value = serde_json::from_slice(&resumed.stdout).expect("a report");
    assert_eq!((&report["counts"]["accepted"], &report["counts"]["residue"]), (&8.into(), &0.into()), "{report}");
    assert_eq!(report["verdict"], "pass", "killed after {moment} ms: {}", report["reasons"]);
    let passed_over = |probe: &Value| probe["passed_over"].as_array().map_or(0, Vec::len);
    let probes = report["probes"].as_array().expect("probes");
    let counted = probes.iter().filter(|probe| passed_over(probe) == 1).count();
    assert!((1..8).contains(&counted), "some have children: {counted}");
    for (marker, counts) in running.counters() {
        assert_eq!((counts.enrollments, counts.cancellations > 0), (1, true), "{marker}");
    }
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_while_it_waits_for_a_step_on_terms_a_run_goes_on_to_the_same_end() {
    let trials = [300, 1_000, 1_800, 2_600].map(|moment| tokio::spawn(on_terms_killed_after(moment)));
    for trial in trials {
        trial.await.expect("a trial");
    }
}
