//! The process is killed at points chosen by a seed; `resume` loses nothing and submits nothing twice.

use crate::trial::{scenario_of, start_sandbox};
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
    command.env("JOHNDOE_EXCHANGE_URL", format!("http://{}", running.exchange));
    command.env("JOHNDOE_OUTBOUND", &running.outbound);
    for (issuer, address) in &running.issuers {
        command.env(format!("JOHNDOE_ISSUER_{issuer}_URL"), format!("http://{address}"));
    }
    command
}

fn run_command(running: &Running, folder: &Path) -> Command {
    let target = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/targets/sandbox.yaml");
    // Nothing is lost here, so that long limits cost nothing: what a dead process could not see must not look late.
    let scenario = scenario_of(HOUSEHOLDS, "")
        .replace("200/s", "20/s")
        .replace("edi_834: 6s, issuer: 8s", "edi_834: 90s, issuer: 90s");
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
async fn killed_after(moment: u64) -> BTreeMap<String, u64> {
    let folder = TempDir::new().expect("a folder");
    let running = start_sandbox(folder.path(), "", 1).await;
    let mut first = run_command(&running, folder.path()).stdout(Stdio::null()).spawn().expect("a process");
    tokio::time::sleep(Duration::from_millis(moment)).await;
    // It may have ended by itself already: then resume only reports.
    let _ = first.kill();
    first.wait().expect("its end");
    let mut resume = if folder.path().join("ledger.db").exists() && has_run(&running, folder.path()) {
        let mut resume = johndoe(&running, folder.path());
        resume.args(["resume", "latest", "--json"]);
        resume
    } else {
        run_command(&running, folder.path())
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
    assert_eq!(
        counters.values().filter(|c| c.enrollments == 1).count(),
        HOUSEHOLDS as usize,
        "killed after {moment} ms"
    );
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
    let mut undisturbed = run_command(&running, folder.path());
    let output = tokio::task::spawn_blocking(move || undisturbed.output()).await.expect("a task").expect("output");
    let expected = counts(&output.stdout);
    assert_eq!(expected["accepted"], u64::from(HOUSEHOLDS), "{expected:?}");
    assert_eq!(expected["residue"], 0, "{expected:?}");
    running.stop().await;
    let trials: Vec<_> = moments().into_iter().map(|moment| (moment, tokio::spawn(killed_after(moment)))).collect();
    for (moment, trial) in trials {
        assert_eq!(trial.await.expect("a trial"), expected, "killed after {moment} ms");
    }
}
