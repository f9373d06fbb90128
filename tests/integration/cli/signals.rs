//! Ctrl-C, SIGTERM, SIGQUIT and SIGHUP: the run stops in good order, says how to go on, and goes on.
#![cfg(unix)]

use super::{Desk, Told, shipped};
use crate::trial::scenario_of;
use johndoe::sandbox::Running;
use std::io::Read;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

const HOUSEHOLDS: u32 = 30;

/// A run under way, some of its households submitted.
async fn begun(desk: &Desk, running: &Running) -> Child {
    let slow = scenario_of(HOUSEHOLDS, "").replace("60/s", "10/s").replace("share: 0.5", "share: 0");
    desk.write("mine.yaml", &slow);
    let words = ["run", "mine.yaml", "--target", &shipped("targets/sandbox.yaml"), "--json"];
    let mut command = hung_up_on(&desk.command(&words));
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program");
    while running.counters().values().filter(|c| c.enrollments > 0).count() < 3 {
        tokio::task::yield_now().await;
    }
    child
}

/// The same command as somebody at a terminal starts it: whoever runs the tests may have asked that all outlive theirs.
fn hung_up_on(command: &Command) -> Command {
    let mut env = Command::new("env");
    env.arg("--default-signal=HUP").arg(command.get_program()).args(command.get_args());
    env.envs(command.get_envs().filter_map(|(name, value)| Some((name, value?)))).env_remove("NO_COLOR");
    env.current_dir(command.get_current_dir().expect("a folder")).stdin(Stdio::null());
    env
}

fn signal(child: &Child, name: &str) {
    let sent = Command::new("kill").args([&format!("-{name}"), &child.id().to_string()]).status().expect("kill");
    assert!(sent.success());
}

async fn stopped_by(name: &str, code: i32) {
    let (desk, running) = Desk::at_sandbox("").await;
    let child = begun(&desk, &running).await;
    signal(&child, name);
    let told = Told::of(&child.wait_with_output().expect("its end"));
    told.ends(code, &["stopping: what is under way is finished", "the ledger is whole. Go on with: johndoe resume 0"]);
    let enrolled = running.counters().values().filter(|c| c.enrollments > 0).count();
    assert!(enrolled < HOUSEHOLDS as usize, "it stopped while it submitted");

    let resume = told.err.lines().find_map(|l| l.split("Go on with: johndoe ").nth(1)).expect("what to type");
    let words: Vec<_> = resume.split_whitespace().chain(["--json"]).collect();
    let resumed = desk.johndoe(&words);
    let report: serde_json::Value =
        serde_json::from_str(&resumed.out).unwrap_or_else(|e| panic!("{e}: {}", resumed.err));
    assert_eq!((resumed.code, &report["counts"]["accepted"]), (Some(0), &HOUSEHOLDS.into()), "{}", resumed.out);
    let counters = running.counters();
    assert_eq!(counters.len(), HOUSEHOLDS as usize);
    assert!(counters.values().all(|c| c.enrollments == 1), "{counters:?}");
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn ctrl_c_during_submission_ends_with_130_and_resume_finishes() {
    stopped_by("INT", 130).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sigterm_during_submission_ends_with_143_and_resume_finishes() {
    stopped_by("TERM", 143).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sigquit_during_submission_ends_with_131_and_resume_finishes() {
    stopped_by("QUIT", 131).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_closed_terminal_during_submission_ends_with_129_and_resume_finishes() {
    stopped_by("HUP", 129).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_signal_ends_a_run_whose_report_nobody_reads() {
    let (desk, running) = Desk::at_sandbox("").await;
    desk.write("mine.yaml", &scenario_of(60, "").replace("share: 0.5", "share: 0"));
    let words = ["run", "mine.yaml", "--target", &shipped("targets/sandbox.yaml"), "--json", "-q"];
    let mut child = desk.command(&words).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("the program");
    // its first byte is there: the rest of the report fills the pipe and waits
    let mut report = child.stdout.take().expect("a pipe");
    let begun = tokio::task::spawn_blocking(move || {
        let first = report.read_exact(&mut [0]);
        first.map(|()| report)
    });
    let _unread = begun.await.expect("a thread").expect("a report");
    assert!(child.try_wait().expect("its state").is_none(), "the report fits into the pipe: make it longer");
    signal(&child, "TERM");
    let asked = Instant::now();
    let ended = loop {
        match child.try_wait().expect("its state") {
            Some(ended) => break ended,
            None if asked.elapsed() > Duration::from_secs(15) => {
                child.kill().expect("to be killed");
            }
            None => tokio::time::sleep(Duration::from_millis(50)).await,
        }
    };
    assert_eq!(ended.code(), Some(143), "after {:?}", asked.elapsed());
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_may_not_grow_any_more_is_told_and_kills_nobody() {
    let (desk, running) = Desk::at_sandbox("").await;
    desk.write("mine.yaml", &scenario_of(HOUSEHOLDS, ""));
    let run = desk.command(&["run", "mine.yaml", "--target", &shipped("targets/sandbox.yaml"), "--json"]);
    let mut shell = Command::new("sh");
    shell.args(["-c", "ulimit -f 400; exec \"$0\" \"$@\""]).arg(run.get_program()).args(run.get_args());
    shell.envs(run.get_envs().filter_map(|(name, value)| Some((name, value?))));
    let told = Told::of(&shell.current_dir(desk.path("")).output().expect("the program"));
    assert!(matches!(told.code, Some(5 | 70)), "{:?} {}", told.code, told.err);
    assert!(told.err.contains("ledger"), "{}", told.err);
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_demo_that_was_stopped_is_neither_resumed_nor_swept() {
    let desk = Desk::new();
    let child =
        desk.command(&["demo", "--count", "40"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it");
    while !desk.johndoe(&["runs"]).out.contains("first-enrollment") {
        tokio::task::yield_now().await;
    }
    signal(&child, "INT");
    Told::of(&child.wait_with_output().expect("its end")).ends(130, &["`johndoe demo` shows another"]);
    desk.johndoe(&["resume"]).ends(2, &["was a demo, and its sandbox ended with it"]);
    assert!(desk.johndoe(&["sweep"]).ends(0, &[]).out.contains("nothing to sweep: the exchange says"));
}
