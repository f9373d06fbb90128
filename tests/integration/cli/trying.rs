//! `try`: one household, step by step; what is shown of it, and that it is taken out again.

use super::{Desk, Told, shipped};
use crate::far_side::{FarSide, told};
use johndoe::sandbox::Running;

fn enrolled(running: &Running) -> usize {
    running.counters().values().filter(|c| c.enrollments > 0).count()
}

fn cancelled(running: &Running) -> usize {
    running.counters().values().filter(|c| c.cancellations > 0).count()
}

#[track_caller]
fn shows(told: &Told, words: &[&str]) {
    for shown in words {
        assert!(told.out.contains(shown), "`{shown}` is not in:\n{}", told.out);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_step_and_each_waypoint_is_shown_and_the_household_is_taken_out_again() {
    let (desk, running) = Desk::at_sandbox("").await;
    let told = desk.johndoe(&["try", &shipped("targets/sandbox.yaml")]);
    told.ends(0, &[]);
    shows(
        &told,
        &[
            "`enroll`, step 2 of 4: submit application",
            "> authorization: [REDACTED]",
            "< 201 (a single JSON value",
            "\"status\": \"submitted\"",
            "capture  account (`$.id`): 1 value",
            "proved ours",
            "until    `$.status` equals `complete`: yes",
            "expect   `$.status` equals `enrolled`: yes",
            "`enroll`: accepted",
            "waypoint `edi_834`, as it was seen last",
            "taken for ours by exchange_ids, proved",
            "waypoint `issuer`, as it was seen last",
            "records  `$.households[*]`: 1 found",
            "field    member.birth_date (`$.dob`): in 2 of 2",
            "could be recognised by group.exchange_assigned_policy_id ×1",
            "$.households[*].members[*].dob  text ×2  9999-99-99",
            "`cancel`, step 1 of 1: cancel",
            "verdict: pass",
            "nobody is left in",
        ],
    );
    assert!(!told.out.contains("sandbox\n") && !told.out.contains("Bearer"), "a secret is shown:\n{}", told.out);
    assert_eq!((enrolled(&running), cancelled(&running)), (1, 1));
    assert!(desk.johndoe(&["runs"]).out.contains("try"), "it is a run of the ledger");
    assert!(desk.johndoe(&["show", "latest/0"]).out.contains("issuer"));
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn it_ends_after_the_step_that_is_asked_for_and_nobody_stays() {
    let (desk, running) = Desk::at_sandbox("").await;
    let target = shipped("targets/sandbox.yaml");
    let told = desk.johndoe(&["try", &target, "--step", "2"]);
    told.ends(0, &[]);
    shows(&told, &["step 2 of 4", "it ends after step 2, as was asked", "nobody was enrolled", "--step 3"]);
    assert!(!told.out.contains("step 3 of 4"), "{}", told.out);
    assert_eq!(enrolled(&running), 0);
    desk.johndoe(&["try", &target, "--step", "4"]).ends(0, &[]);
    assert_eq!((enrolled(&running), cancelled(&running)), (1, 1));
    desk.johndoe(&["try", &target, "--step", "5"]).ends(2, &["--step 5", "has 4 steps", "expected 1 to 4"]);
    running.stop().await;
}

/// A target of one exchange that is its own waypoint.
fn target(url: &str) -> String {
    format!(
        "target: mine\nexchange:\n  base_url: {url}\n  flows:\n    enroll:\n      \
         - {{name: find, get: /search, capture: {{other: {{jsonpath: $.id, required: false}}}}}}\n      \
         - {{name: look, get: \"/people/{{{{ other }}}}\"}}\n      \
         - {{name: apply, post: /apply, json: {{mail: \"{{{{ subscriber.email }}}}\"}}, capture: {{application_id: $.id}}}}\n      \
         - {{name: more, post: \"/more/{{{{ application_id }}}}\", expect: {{jsonpath: $.state, equals: done}}}}\n    \
         cancel: [{{post: \"/cancel/{{{{ application_id }}}}\"}}]\nwaypoints:\n  - name: issuer\n    feed: json_api\n    \
         base_url: {url}\n    within: 300ms\n    poll: {{first_after: 10ms, every: 50ms}}\n    \
         lookup: {{get: \"/members/{{{{ application_id }}}}\", next: {{path: $.next}}}}\n    records: $.list[*]\n    \
         fields: {{application_id: $.app, last_name: $.nachname}}\nallow_hosts: [127.0.0.1]\n"
    )
}

/// Whoever applies is held, until the cancellation works.
async fn exchange(cancel: u16) -> FarSide {
    FarSide::start(move |asked, _| match asked.path.as_str() {
        "/people/REAL-77001" => told(200, r#"{"name": "REAL-77001", "id": "77001", "x": "REAL"}"#),
        "/search" => told(200, r#"{"id": "REAL-77001"}"#),
        "/apply" => told(201, r#"{"id": "OURS-77002"}"#),
        "/more/OURS-77002" => told(200, r#"{"state": "Qvrtson"}"#),
        "/cancel/OURS-77002" => told(cancel, "{}"),
        "/members/OURS-77002" if asked.query.is_empty() => {
            told(200, r#"{"list": [], "next": "/members/OURS-77002?after=Qvrtson-REAL-77001"}"#)
        }
        _ => told(
            200,
            r#"{"list": [{"app": "OURS-77002", "nachname": "Doe"}, {"app": "REAL-77001", "nachname": "Qvrtson"}]}"#,
        ),
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn who_cannot_be_taken_out_is_told_as_residue_and_a_stranger_is_told_of_nowhere() {
    let far = exchange(500).await;
    let desk = Desk::new();
    desk.write("t.yaml", &target(&far.url()));
    let told = desk.johndoe(&["try", "t.yaml", "--step", "3", "--wait", "1s"]);
    told.ends(6, &[]);
    shows(
        &told,
        &[
            "capture  other (`$.id`): 1 value: AAAA-99999; it proves nobody to be ours",
            "capture  application_id (`$.id`): 1 value: OURS-77002; proved ours",
            "records  `$.list[*]`: 2 found",
            "1 records of other people, counted and dropped",
            "NOT taken out again",
        ],
    );
    assert!(!told.out.contains("REAL-77001") && !told.out.contains("Qvrtson"), "{}", told.out);
    let told = desk.johndoe(&["try", "t.yaml", "--wait", "1s"]);
    shows(&told, &["expect   `$.state` equals `done`: no", "! more: not as expected"]);
    assert!(!told.out.contains("Qvrtson"), "{}", told.out);
}

#[tokio::test(flavor = "multi_thread")]
async fn production_asks_for_its_name_before_anybody_is_sent() {
    let far = exchange(200).await;
    let desk = Desk::new();
    desk.write("t.yaml", &target(&far.url()).replace("target: mine", "target: mine\nenvironment: production"));
    desk.johndoe(&["try", "t.yaml"]).ends(2, &["--confirm mine"]);
    assert!(far.asked().is_empty(), "{:?}", far.paths());
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn ctrl_c_takes_out_whoever_is_in() {
    let (desk, running) = Desk::at_sandbox("lose_at_issuer=1").await;
    let mut command = desk.command(&["try", &shipped("targets/sandbox.yaml"), "--wait", "10m"]);
    let child = command.stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::piped()).spawn().expect("it");
    while enrolled(&running) == 0 {
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    tokio::time::sleep(std::time::Duration::from_millis(300)).await;
    let sent = std::process::Command::new("kill").args(["-INT", &child.id().to_string()]).status().expect("kill");
    assert!(sent.success());
    let told = Told::of(&child.wait_with_output().expect("its end"));
    told.ends(130, &["ending: whoever is in is taken out first"]);
    shows(&told, &["`cancel`, step 1 of 1", "nobody is left in"]);
    assert_eq!((enrolled(&running), cancelled(&running)), (1, 1));
    running.stop().await;
}

/// A cancellation that is put off for minutes: whoever pressed Ctrl-C is not held for so long.
#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn ctrl_c_ends_it_though_the_exchange_puts_the_cancellation_off() {
    let far = FarSide::start(|asked, _| match asked.path.as_str() {
        "/apply" => told(201, r#"{"id": "OURS-77002"}"#),
        "/more/OURS-77002" => told(200, r#"{"state": "done"}"#),
        "/cancel/OURS-77002" => (503, vec![("retry-after", "300".to_owned())], "{}".to_owned()),
        _ => told(200, r#"{"id": "S-1", "list": []}"#),
    })
    .await;
    let desk = Desk::new();
    let target = target(&far.url()).replace("cancel: [{post:", "cancel: [{retry: {attempts: 3}, post:");
    desk.write("t.yaml", &target.replace("within: 300ms", "within: 10m"));
    let mut command = desk.command(&["try", "t.yaml", "--wait", "10m"]);
    let child = command.stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::piped()).spawn().expect("it");
    while !far.asked().iter().any(|asked| asked.path.starts_with("/members")) {
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    let sent = std::process::Command::new("kill").args(["-INT", &child.id().to_string()]).status().expect("kill");
    assert!(sent.success());
    let told = Told::of(&child.wait_with_output().expect("its end"));
    told.ends(130, &["ending: whoever is in is taken out first", "stopping: what is under way is finished"]);
    shows(&told, &["NOT taken out again"]);
}

/// The issuer never answers: whoever pressed Ctrl-C does not wait for its answer, and the household is taken out in the time that is left.
#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn ctrl_c_takes_out_whoever_is_in_though_a_look_is_not_answered() {
    let far = FarSide::start(|asked, _| match asked.path.as_str() {
        "/search" => told(200, r#"{"id": "S-1"}"#),
        "/apply" => told(201, r#"{"id": "OURS-77002"}"#),
        "/more/OURS-77002" => told(200, r#"{"state": "done"}"#),
        _ => told(200, "{}"),
    })
    .await;
    let issuer = FarSide::mute(false).await;
    let desk = Desk::new();
    let (at, probe) =
        (format!("base_url: {}\n    within", issuer.url()), format!("probe: {}/health\n    within", far.url()));
    let target = target(&far.url()).replace(&format!("base_url: {}\n    within", far.url()), &at);
    desk.write("t.yaml", &target.replace("within: 300ms", &probe.replace("within", "within: 10m")));
    let mut command = desk.command(&["try", "t.yaml", "--wait", "10m"]);
    let mut child =
        command.stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::piped()).spawn().expect("it");
    while issuer.asked().is_empty() {
        assert_eq!(child.try_wait().expect("whether it ended"), None, "it ended before it looked: {:?}", far.paths());
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    let sent = std::process::Command::new("kill").args(["-INT", &child.id().to_string()]).status().expect("kill");
    assert!(sent.success());
    let told = Told::of(&child.wait_with_output().expect("its end"));
    told.ends(130, &["ending: whoever is in is taken out first"]);
    assert!(far.paths().contains(&"POST /cancel/OURS-77002".to_owned()), "{:?}: {}", far.paths(), told.out);
}
