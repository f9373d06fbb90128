//! Ledgers that are missing, old, in the wrong place, or no ledgers at all.

use super::{Desk, brief, shipped};
use crate::trial::scenario_of;
use std::path::Path;

fn run<'a>(target: &'a str, scenario: &'a str) -> Vec<&'a str> {
    vec!["run", scenario, "--target", target, "--count", "1"]
}

#[test]
fn a_ledger_that_is_not_there_yet_is_told_with_what_makes_one() {
    let desk = Desk::new();
    for words in [&["runs"] as &[_], &["show", "latest/0"], &["report"], &["resume"], &["sweep"]] {
        desk.johndoe(words).ends(2, &["no ledger at `", "a first `johndoe run` creates it"]);
    }
    assert!(!desk.path("ledger.db").exists(), "looking makes none");
}

#[test]
fn a_ledger_without_a_run_is_told_as_that() {
    let desk = Desk::new();
    drop(johndoe::ledger::open(desk.path("ledger.db").to_str().expect("text")).expect("a ledger"));
    for words in [&["resume"] as &[_], &["resume", "abc"], &["report"], &["show", "latest/0"]] {
        desk.johndoe(words).ends(2, &["holds no run", "`johndoe run` begins one"]);
    }
}

#[test]
fn a_ledger_below_a_regular_file_is_told_before_anything_is_sent() {
    let desk = Desk::new();
    desk.write("file", "");
    let (target, scenario) = (shipped("targets/sandbox.yaml"), brief("first-enrollment.yaml"));
    let words = [run(&target, &scenario), vec!["--ledger", "file/ledger.db"]].concat();
    desk.johndoe(&words).ends(2, &["ledger `file/ledger.db` cannot be written", "--ledger"]);
    desk.johndoe(&["runs", "--ledger", "."]).ends(2, &["ledger `.` cannot be relied on", "it is a folder"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ledger_that_keeps_nothing_is_refused_before_anything_is_sent() {
    let (mut desk, running) = Desk::at_sandbox("").await;
    desk.write("mine.yaml", &scenario_of(2, ""));
    let target = shipped("targets/sandbox.yaml");
    let run = ["run", "mine.yaml", "--target", &target];
    for ledger in ["", ":memory:", "sqlite::memory:", "file:l.db?mode=memory", "/dev/null"] {
        let told = desk.johndoe(&[&["--ledger", ledger], &run[..]].concat());
        told.ends(2, &["cannot be relied on to keep what is written", "--ledger"]);
        let told = desk.johndoe(&[&["--ledger", ledger], &run[..], &["--dry-run"]].concat());
        told.ends(2, &["cannot be relied on to keep what is written"]);
    }
    if Path::new("/dev/shm").is_dir() {
        let shared = tempfile::tempdir_in("/dev/shm").expect("a folder");
        let ledger = shared.path().join("l.db");
        let told = desk.johndoe(&[&["--ledger", ledger.to_str().expect("text")], &run[..]].concat());
        told.ends(2, &["cannot be relied on to keep what is written", "it lies in memory"]);
    }
    desk.set("JOHNDOE_LEDGER", "");
    desk.johndoe(&run).ends(2, &["is a variable unset?"]);
    assert!(running.counters().is_empty(), "{:?}", running.counters());
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ledger_with_a_second_name_is_driven_by_nobody_and_read_by_everybody() {
    let (desk, running) = Desk::at_sandbox("").await;
    desk.write("mine.yaml", &scenario_of(2, ""));
    let target = shipped("targets/sandbox.yaml");
    let run = ["run", "mine.yaml", "--target", &target];
    let code = desk.johndoe(&run).code;
    std::fs::hard_link(desk.path("ledger.db"), desk.path("backup.db")).expect("a second name");
    for words in [&["report", "--json"][..], &["report", "--json", "--ledger", "backup.db"]] {
        assert_eq!(desk.johndoe(words).code, code, "{words:?}");
    }
    desk.johndoe(&["runs"]).ends(0, &[]);
    for words in [&run[..], &["resume"], &["sweep"]] {
        desk.johndoe(words).ends(2, &["it has a second name (a hard link)"]);
    }
    running.stop().await;
}

/// An exchange that loses its caller's ledger while one household's answer is due, and never answers the other.
async fn ledger_thief(ledger: std::path::PathBuf) -> std::net::SocketAddr {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let came = std::sync::Arc::new(tokio::sync::Barrier::new(2));
    let answer = move || {
        let (came, ledger) = (std::sync::Arc::clone(&came), ledger.clone());
        async move {
            if !came.wait().await.is_leader() {
                std::future::pending::<()>().await;
            }
            std::fs::remove_file(ledger).expect("deleted");
            (axum::http::StatusCode::CREATED, r#"{"id": "APP-1"}"#)
        }
    };
    let router = axum::Router::new().route("/apply", axum::routing::post(answer));
    tokio::spawn(async move { axum::serve(listener, router).await });
    address
}

#[tokio::test(flavor = "multi_thread")]
async fn who_was_under_way_when_the_ledger_was_lost_is_told_beside_those_who_are_in() {
    let desk = Desk::new();
    let address = ledger_thief(desk.path("ledger.db")).await;
    desk.write(
        "target.yaml",
        &format!(
            "target: t\nallow_hosts: [127.0.0.1]\nexchange:\n  base_url: http://{address}\n  flows:\n    enroll:\n      steps:\n        \
             - {{get: /apply, expect: {{status: 405}}}}\n        - {{post: /apply, json: {{email: \"{{{{ subscriber.email }}}}\"}}, \
             capture: {{application_id: $.id}}}}\n    cancel:\n      steps: [{{post: \"/cancel/{{{{ application_id }}}}\"}}]\n\
             waypoints:\n  - {{name: edi_834, feed: edi_folder, path: ./out}}\n"
        ),
    );
    std::fs::create_dir(desk.path("out")).expect("a folder");
    desk.write(
        "mine.yaml",
        &scenario_of(2, "")
            .replace("exchange: 6s, ", "")
            .replace("dental: 0.2", "dental: 0")
            .replace(", issuer: 8s", ""),
    );
    let told = desk.johndoe(&["run", "mine.yaml", "--target", "target.yaml"]);
    told.ends(5, &["enrolled, or perhaps so", "household 0, ", "household 1, "]);
}

#[test]
fn a_file_that_is_no_ledger_is_left_as_it_is() {
    let desk = Desk::new();
    let text = "Dear diary, this is no database at all. ".repeat(40);
    desk.write("notes.txt", &text);
    let (target, scenario) = (shipped("targets/sandbox.yaml"), brief("first-enrollment.yaml"));
    let words = [run(&target, &scenario), vec!["--ledger", "notes.txt"]].concat();
    for words in [words.as_slice(), &["runs", "--ledger", "notes.txt"]] {
        desk.johndoe(words).ends(2, &["notes.txt` is no johndoe ledger", "name another file with `--ledger`"]);
    }
    assert_eq!(std::fs::read_to_string(desk.path("notes.txt")).expect("the file"), text);
    desk.johndoe(&["runs", "--ledger", "postgres://ann:s3cret@db/x"])
        .ends(2, &["postgres://db/x", "SQLite files only"]);
}

#[test]
fn an_old_ledger_is_listed_shown_and_reported() {
    let desk = Desk::new();
    let old = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/ledger/v1.db");
    std::fs::copy(old, desk.path("ledger.db")).expect("a copy");
    let listed = desk.johndoe(&["runs"]);
    assert!(
        listed
            .ends(0, &[])
            .out
            .contains("01949c00-0000-7000-8000-000000000001  2013-11-15 07:20:00Z  first-enrollment")
    );
    let shown = desk.johndoe(&["show", "latest/0"]);
    assert!(shown.ends(0, &[]).out.contains("Zoë O'Neil"), "{}", shown.out);
    let reported = desk.johndoe(&["report", "01949c00", "--json"]);
    let report: serde_json::Value = serde_json::from_str(&reported.out).expect("pure JSON");
    assert_eq!(report["schema"], "johndoe.report/2");
    assert_eq!(reported.code.map(i64::from), report["exit_code"].as_i64());
    assert_eq!(reported.out, desk.johndoe(&["report", "latest", "--json"]).out, "judged again, the same is said");
}

#[test]
fn runs_and_probes_that_are_not_there_are_told_with_what_is() {
    let desk = Desk::new();
    let old = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/ledger/v1.db");
    std::fs::copy(old, desk.path("ledger.db")).expect("a copy");
    desk.johndoe(&["report", "0ff"]).ends(2, &["no run `0ff`", "`johndoe runs` lists"]);
    desk.johndoe(&["show", "latest"]).ends(2, &["must be RUN/INDEX, such as latest/7"]);
    desk.johndoe(&["show", "latest/seven"]).ends(2, &["must be RUN/INDEX, such as latest/7"]);
    desk.johndoe(&["show", "latest/3"]).ends(2, &["has probes 0 to 2"]);
}
