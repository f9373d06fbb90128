//! Runs that must not begin, cannot go on, or must send nothing.

use super::{Desk, shipped};
use crate::trial::scenario_of;
use johndoe::ledger;
use std::process::Command;

/// A port of this machine that nobody listens on: it was free a moment ago.
fn nobody() -> String {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    format!("http://{}", listener.local_addr().expect("its address"))
}

#[test]
fn an_exchange_that_is_down_is_inconclusive_and_nothing_is_called_missing() {
    let mut desk = Desk::new();
    let down = nobody();
    for name in ["JOHNDOE_EXCHANGE_URL", "JOHNDOE_ISSUER_12345_URL", "JOHNDOE_ISSUER_54321_URL"] {
        desk.set(name, &down);
    }
    desk.write("mine.yaml", &scenario_of(2, ""));
    let told = desk.johndoe(&["run", "mine.yaml", "--target", &shipped("targets/sandbox.yaml")]);
    told.ends(
        3,
        &["Nobody was enrolled: no connection came about. Does the exchange at http://127.0.0.1:", "`johndoe sandbox`"],
    );
    assert!(
        told.out.contains("2 of 2 applications could not be submitted: create account: no connection"),
        "{}",
        told.out
    );
    assert!(!told.out.contains("missing"), "{}", told.out);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_that_takes_nothing_is_not_blamed_on_an_exchange_that_was_never_asked() {
    let (mut desk, running) = Desk::at_sandbox("").await;
    desk.set("JOHNDOE_INTAKE", &desk.path("nowhere").to_string_lossy());
    let target = std::fs::read_to_string(shipped("targets/sandbox-employer.yaml")).expect("the target");
    desk.write("target.yaml", &target.replace("exchange:\n", "exchange:\n  base_url: http://127.0.0.1:1\n"));
    desk.write("mine.yaml", &scenario_of(2, "").replace("states: [VA, OH, MA]", "states: [VA, OH]"));
    let told = desk.johndoe(&["run", "mine.yaml", "--target", "target.yaml"]);
    told.ends(3, &["Nothing was handed over. `johndoe show latest/0` says why."]);
    assert!(!told.err.contains("Does the exchange"), "{}", told.err);
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dry_run_sends_nothing_and_writes_nothing() {
    let (desk, running) = Desk::at_sandbox("").await;
    desk.write("mine.yaml", &scenario_of(3, ""));
    let words =
        ["run", "mine.yaml", "--target", &shipped("targets/sandbox.yaml"), "--dry-run", "--report", "json=r.json"];
    let told = desk.johndoe(&words);
    assert!(
        told.ends(0, &[]).out.contains("would enroll 3 households of `trial` (seed 7) through http://"),
        "{}",
        told.out
    );
    // the first household's requests, as far as no answer tells more
    for part in [
        "/api/accounts\n{",
        "\"email\": \"john.doe.",
        "POST /api/accounts/{{ account }}/",
        "an answer before it tells `account`",
    ] {
        assert!(told.out.contains(part), "{part}: {}", told.out);
    }
    let plan = desk.johndoe(&[&words[..], &["--json"]].concat());
    let plan: serde_json::Value = serde_json::from_str(&plan.out).expect("JSON");
    assert_eq!(plan["count"], 3);
    assert!(running.counters().is_empty(), "{:?}", running.counters());
    assert!(!desk.path("ledger.db").exists() && !desk.path("r.json").exists());
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn production_asks_for_its_name_and_sends_one_household_unless_told_otherwise() {
    let (desk, running) = Desk::at_sandbox("").await;
    let shipped = std::fs::read_to_string(shipped("targets/sandbox.yaml")).expect("the target");
    let production =
        shipped.replace("environment: test", "environment: production").replace("target: sandbox", "target: real");
    desk.write("real.yaml", &production);
    desk.write("mine.yaml", &scenario_of(5, ""));
    let run = ["run", "mine.yaml", "--target", "real.yaml", "--json"];
    desk.johndoe(&run).ends(2, &["target `real` is production", "--confirm real"]);
    desk.johndoe(&[&run[..], &["--dry-run"]].concat()).ends(0, &[]);
    desk.johndoe(&[&run[..], &["--confirm", "sandbox"]].concat()).ends(2, &["--confirm real"]);
    assert!(running.counters().is_empty(), "{:?}", running.counters());
    let told = desk.johndoe(&[&run[..], &["--confirm", "real"]].concat());
    let report: serde_json::Value = serde_json::from_str(&told.out).expect("JSON");
    assert_eq!(report["counts"]["accepted"], 1, "{}", told.err);
    assert!(told.err.contains("enrolling: 0 of 1\n"), "a plain line without a terminal: {}", told.err);
    assert!(!told.err.contains(['\r', '\u{1b}']), "no moving line without a terminal: {:?}", told.err);
    assert!(told.err.lines().count() < 20, "now and then only: {}", told.err);
    assert_eq!(running.counters().len(), 1);
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_run_is_driven_by_one_process() {
    let (desk, running) = Desk::at_sandbox("").await;
    desk.write("mine.yaml", &scenario_of(3, ""));
    let words = ["run", "mine.yaml", "--target", &shipped("targets/sandbox.yaml"), "--json"];
    let first = desk.command(&words).stdout(std::process::Stdio::piped()).spawn().expect("the program");
    while running.counters().is_empty() {
        tokio::task::yield_now().await;
    }
    desk.johndoe(&["resume"]).ends(2, &["is driven by process", "wait for it to end, or stop it first"]);
    let ended = first.wait_with_output().expect("its end");
    assert_eq!(ended.status.code(), Some(0), "{}", String::from_utf8_lossy(&ended.stdout));
    desk.johndoe(&["resume"]).ends(0, &["has come to its end already"]);
    assert!(running.counters().values().all(|c| c.enrollments == 1));
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_room_for_the_ledger_stops_the_run_in_words_and_it_is_resumed_when_there_is_room() {
    let (desk, running) = Desk::at_sandbox("").await;
    desk.write("mine.yaml", &scenario_of(60, ""));
    // Files of this process may grow to 200 kB and no further; the signal that says so is passed over, as on a full disk.
    let limited = "trap '' XFSZ; ulimit -f 200; exec \"$0\" \"$@\"";
    let run = desk.command(&["run", "mine.yaml", "--target", &shipped("targets/sandbox.yaml"), "--json"]);
    let mut bash = Command::new("bash");
    bash.args(["-c", limited]).arg(run.get_program()).args(run.get_args()).current_dir(desk.path(""));
    bash.envs(run.get_envs().filter_map(|(name, value)| Some((name, value?))));
    let told = super::Told::of(&bash.output().expect("bash"));
    told.ends(70, &["no room left to write ledger", "free space on that disk, then `johndoe resume`"]);
    let told = desk.johndoe(&["resume", "--json"]);
    let report: serde_json::Value = serde_json::from_str(&told.out).unwrap_or_else(|e| panic!("{e}: {}", told.err));
    let counters = running.counters();
    assert!(counters.values().all(|c| c.enrollments <= 1), "{counters:?}");
    assert_eq!(report["counts"]["planned"], 60, "{}", told.err);
    assert_eq!(report["counts"]["residue"], 0, "{}", told.out);
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sweep_goes_on_past_a_run_that_somebody_else_drives_and_tells_whom_it_left() {
    let (desk, running) = Desk::at_sandbox("").await;
    desk.write("mine.yaml", &scenario_of(2, ""));
    let target = shipped("targets/sandbox.yaml");
    for seed in ["1", "2"] {
        let told = desk.johndoe(&["run", "mine.yaml", "--target", &target, "--keep", "--seed", seed]);
        assert_ne!(told.code, Some(2), "{}", told.err);
    }
    let ledger = ledger::open_existing(&desk.path("ledger.db").to_string_lossy()).expect("a ledger");
    let first = ledger.runs().expect("two runs").pop().expect("the older one").run;
    let held = ledger.claim(&first).expect("a claim");
    let cancelled = || running.counters().values().filter(|counts| counts.cancellations > 0).count();
    let left = format!("run {first}: left as it is, with 2 households");
    desk.johndoe(&["sweep"]).ends(6, &["is driven by process", &left]);
    assert_eq!(cancelled(), 2, "those of the other run are out");
    drop(held);
    desk.johndoe(&["sweep"]).ends(0, &[]);
    assert_eq!(cancelled(), 4);
    running.stop().await;
}
