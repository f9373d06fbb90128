//! The program as it is typed: `canary` with its commands, its signals and its exit codes, and a process that is killed.
#![cfg(unix)]

use crate::cli::{Desk, Told};
use crate::far_side::{FarSide, told};
use crate::trial::{brisk_target, scenario_within};
use johndoe::sandbox::Running;
use std::io::{Read as _, Write as _};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

const HOUSEHOLDS: u32 = 8;

/// A desk with a canary's files on it; its target leads to a sandbox, and its channel to a receiver.
async fn desk(faults: &str, every: &str) -> (Desk, Running, FarSide) {
    let (mut desk, running) = Desk::at_sandbox(faults).await;
    let receiver = FarSide::start(|_, _| told(200, "")).await;
    let scenario = scenario_within("2s", "2s", "3s", "0%", HOUSEHOLDS, "").replace("share: 0.5", "share: 0");
    desk.write("s.yaml", &scenario.replace("decide: estimate", "error_rate: \"< 1%\"").replace("60/s", "8/s"));
    desk.write("t.yaml", &brisk_target());
    desk.set("HOOK", &format!("http://{}/hook/s3cr3t-token", receiver.address));
    desk.write(
        "watch.yaml",
        &format!(
            "canary: watch\nschedules:\n  - {{name: trial, scenario: s.yaml, target: t.yaml, every: {every}}}\n\
             channels:\n  - {{name: hook, webhook: \"${{env:HOOK}}\"}}\n"
        ),
    );
    (desk, running, receiver)
}

fn kinds(receiver: &FarSide) -> Vec<String> {
    let kind =
        |body: &str| serde_json::from_str::<serde_json::Value>(body).unwrap()["kind"].as_str().unwrap().to_owned();
    receiver.asked().iter().map(|asked| kind(&asked.body)).collect()
}

fn signal(child: &Child, name: &str) {
    let sent = Command::new("kill").args([&format!("-{name}"), &child.id().to_string()]).status().expect("kill");
    assert!(sent.success());
}

/// The first page of the dashboard whose address was told.
fn first_page(said: &str) -> String {
    let at = said.split("the dashboard at http://").nth(1).and_then(|rest| rest.split('/').next()).expect("an address");
    let mut stream = std::net::TcpStream::connect(at).expect("the dashboard");
    write!(stream, "GET / HTTP/1.1\r\nHost: {at}\r\nConnection: close\r\n\r\n").expect("to be asked");
    let mut page = String::new();
    stream.read_to_string(&mut page).expect("a page");
    page
}

/// Asks again until it is so.
async fn until(what: &str, mut is_so: impl FnMut() -> bool) {
    let end = Instant::now() + Duration::from_secs(60);
    while !is_so() {
        assert!(Instant::now() < end, "{what}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn once_takes_the_tick_tells_the_alarm_and_ends_as_it_stands() {
    let (desk, running, receiver) = desk("lose=1.0", "12h").await;
    let first = desk.johndoe(&["canary", "watch.yaml", "--once"]);
    first.ends(1, &["trial: tick of ", "run 1, seed 7", "is over: 0 groups good", "trial: failing"]);
    assert_eq!(kinds(&receiver), ["firing"]);
    // its tick is taken: the next start has nothing to send, and stands as before
    desk.johndoe(&["canary", "watch.yaml", "--once"]).ends(1, &[]);
    assert_eq!((running.counters().len(), kinds(&receiver).len()), (HOUSEHOLDS as usize, 1));

    let status = desk.johndoe(&["canary", "status", "watch.yaml"]);
    assert!(status.ends(0, &[]).out.contains("failing       trial missing: 0 passed, 8 failed"), "{}", status.out);
    let json: serde_json::Value =
        serde_json::from_str(&desk.johndoe(&["canary", "status", "watch.yaml", "--json"]).out).unwrap();
    assert_eq!(json["alarms"][0]["level"], "failing");
    let explained = desk.johndoe(&["canary", "explain", "trial missing"]);
    for line in ["trial missing#1\n", "raised as failing: ", "told (firing): trial: failing", "channel `hook` has it"] {
        assert!(explained.ends(0, &[]).out.contains(line), "`{line}` is not in:\n{}", explained.out);
    }
    desk.johndoe(&["canary", "explain", "trial"]).ends(2, &["no one alarm is `trial`: it could be `trial"]);
    let acknowledged = desk.johndoe(&["canary", "ack", "trial missing", "--for", "2h"]);
    assert!(acknowledged.ends(0, &[]).out.contains("trial missing#1: acknowledged"), "{}", acknowledged.out);
    desk.johndoe(&["canary", "silence", "--group", "trial", "--for", "1h"]).ends(0, &[]);
    let status = desk.johndoe(&["canary", "status", "watch.yaml"]).out;
    assert!(status.contains("; silenced; acknowledged until "), "{status}");
    let said = [first, explained];
    crate::secrets::search(&desk, &said, &["s3cr3t".to_owned()], &[]);
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_canary_that_is_killed_while_it_sends_goes_on_and_sends_and_tells_nothing_twice() {
    let (desk, running, receiver) = desk("lose=1.0", "12h").await;
    let words = ["canary", "watch.yaml", "--once"];
    let mut child = desk.command(&words).stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("the program");
    until("somebody is sent", || running.counters().values().filter(|c| c.enrollments > 0).count() >= 2).await;
    child.kill().expect("to be killed");
    child.wait().expect("its end");
    let sent = running.counters().values().filter(|c| c.enrollments > 0).count();
    assert!(sent < HOUSEHOLDS as usize, "it was killed while it sent");
    desk.johndoe(&words).ends(1, &["trial: failing"]);
    desk.johndoe(&words).ends(1, &[]);
    let counters = running.counters();
    assert!(counters.values().all(|c| c.enrollments <= 1), "{counters:?}");
    assert!(counters.len() <= HOUSEHOLDS as usize, "{counters:?}");
    assert_eq!(kinds(&receiver), ["firing"]);
    let open = johndoe::ledger::open_existing(&desk.path("ledger.db").to_string_lossy()).unwrap().open_enrollments();
    assert!(open.unwrap().is_empty(), "everybody was taken out");
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_canary_a_ledger_which_reads_its_file_again_at_a_hangup_and_ends_at_a_sigterm() {
    let (desk, running, _receiver) = desk("", "12h").await;
    let text = std::fs::read_to_string(desk.path("watch.yaml")).unwrap();
    desk.write("watch.yaml", &format!("metrics: 127.0.0.1:0\n{text}"));
    let log = desk.path("said.txt");
    let mut command = Command::new("env");
    let typed = desk.command(&["canary", "watch.yaml"]);
    command.arg("--default-signal=HUP").arg(typed.get_program()).args(typed.get_args());
    command.envs(typed.get_envs().filter_map(|(name, value)| Some((name, value?)))).current_dir(desk.path(""));
    let mut child = command.stdin(Stdio::null()).stderr(std::fs::File::create(&log).unwrap()).spawn().expect("it");
    let said = || std::fs::read_to_string(&log).unwrap_or_default();
    until("it listens", || said().contains("metrics at http://127.0.0.1:")).await;
    desk.johndoe(&["canary", "watch.yaml"])
        .ends(2, &["a canary watches with ledger", &format!("process {}", child.id())]);

    let sound = std::fs::read_to_string(desk.path("watch.yaml")).unwrap();
    desk.write("watch.yaml", &sound.replace("every: 12h", "every: soon"));
    signal(&child, "HUP");
    until("the bad file is refused", || {
        said().contains("the file was refused, and what was watched by before goes on")
    })
    .await;
    assert!(said().contains("watch.yaml:4:"), "{}", said());
    desk.write("watch.yaml", &sound);
    signal(&child, "HUP");
    until("the good one is taken", || said().contains("the file was read again")).await;

    desk.johndoe(&["canary", "kill", "watch.yaml"]).ends(0, &[]);
    until("the switch is taken up", || {
        let shown = desk.johndoe(&["canary", "status", "watch.yaml"]).out;
        shown.contains("NOTHING IS SENT: the kill switch was thrown by")
    })
    .await;
    let now = first_page(&said());
    assert!(now.starts_with("HTTP/1.1 200") && now.contains("the kill switch was thrown by"), "{now}");
    desk.johndoe(&["canary", "unkill"]).ends(0, &[]);
    signal(&child, "TERM");
    assert_eq!(child.wait().expect("its end").code(), Some(143), "{}", said());
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_canary_cannot_do_is_said_before_anything_is_sent() {
    let (desk, running, _receiver) = desk("", "12h").await;
    let text = std::fs::read_to_string(desk.path("watch.yaml")).unwrap();
    desk.johndoe(&["canary", "status", "watch.yaml"]).ends(2, &["no ledger at"]);
    desk.write("lost.yaml", &text.replace("s.yaml", "nowhere.yaml"));
    desk.johndoe(&["canary", "lost.yaml", "--once"]).ends(2, &["there is no file `nowhere.yaml`"]);
    desk.johndoe(&["check", "lost.yaml"]).ends(0, &["it cannot watch yet", "nowhere.yaml"]);
    let target = std::fs::read_to_string(desk.path("t.yaml")).unwrap();
    desk.write("t.yaml", &target.replace("environment: test ", "environment: production "));
    let refused = desk.johndoe(&["canary", "watch.yaml", "--once"]);
    refused.ends(2, &["--confirm"]);
    assert!(running.counters().is_empty());
    let two = "  - {name: again, scenario: s.yaml, target: other.yaml, every: 6h}\n";
    desk.write("t.yaml", &target);
    desk.write("other.yaml", &target.replace("target: sandbox", "target: other"));
    desk.write("two.yaml", &text.replace("channels:\n", &format!("{two}channels:\n")));
    desk.johndoe(&["canary", "two.yaml", "--once"]).ends(2, &["whose outcomes would be counted as one"]);
    Told::of(&desk.command(&["canary", "explain", "x"]).output().expect("it")).ends(2, &[]);
    running.stop().await;
}
