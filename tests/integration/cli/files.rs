//! Mistakes in files, and in the naming of files: each told at its place, before anything is sent.

use super::{Desk, brief, shipped};

const SCENARIO: &str = "scenario: mine\njourney:\n  - event: enroll\n";

#[test]
fn each_mistake_in_a_scenario_is_shown_at_its_place_and_all_at_once() {
    let desk = Desk::new();
    let wrong = "scenario: mine\npopulation:\n  coun: 5\n  states: [VX]\n  as_of: 2013-02-30\njourney:\n  - event: enrol\n    \
                 expect: {at: {edi_834: soon}}\nload: {rate: fast}\n";
    desk.write("mine.yaml", wrong);
    let told = desk.johndoe(&["check", "mine.yaml"]);
    told.ends(2, &["mine.yaml:3:3", "did you mean `count`?", "mine.yaml:4:12", "`VX`", "mine.yaml:5:10"]);
    told.ends(2, &["mine.yaml:7:12", "`enrol`", "mine.yaml:8:28", "soon", "mine.yaml:9:14", "5/s"]);
    assert_eq!(told.out, "");
}

#[test]
fn each_mistake_in_a_target_is_shown_at_its_place_and_all_at_once() {
    let desk = Desk::new();
    let wrong = "target: mine\nexchange:\n  base_url: exchange.example\n  timezone: America/New_Yrok\n  flows:\n    enroll:\n      \
                 - post: /a\n        json: {a: \"{{ subscriber.emial }\"}\nwaypoints:\n  - {name: issuer, feed: json}\n";
    desk.write("mine.yaml", wrong);
    let told = desk.johndoe(&["check", "mine.yaml"]);
    told.ends(
        2,
        &["mine.yaml:3:13", "mine.yaml:4:13", "America/New_York", "mine.yaml:8:", "mine.yaml:10:26", "json_api"],
    );
}

#[test]
fn a_run_with_wrong_files_shows_the_mistakes_of_both() {
    let desk = Desk::new();
    desk.write("scenario.yaml", "scenario: mine\njourny: []\n");
    desk.write("target.yaml", "target: mine\nwaypionts: []\n");
    let told = desk.johndoe(&["run", "scenario.yaml", "--target", "target.yaml"]);
    told.ends(2, &["scenario.yaml:2:1", "target.yaml:2:1"]);
    assert!(!desk.path("ledger.db").exists(), "nothing was begun");
}

#[test]
fn a_file_that_is_not_there_and_a_folder_are_told() {
    let desk = Desk::new();
    desk.johndoe(&["check", "none.yaml"]).ends(2, &["there is no file `none.yaml`", "`scenarios/`"]);
    desk.johndoe(&["plan", "."]).ends(2, &["`.` is a folder"]);
    std::fs::write(desk.path("latin.yaml"), b"scenario: caf\xe9\n").expect("a file");
    desk.johndoe(&["check", "latin.yaml"]).ends(2, &["`latin.yaml` is not UTF-8 text"]);
    desk.write("empty.yaml", "");
    desk.johndoe(&["check", "empty.yaml"]).ends(2, &["empty.yaml"]);
}

/// A pipe without a writer would be waited for without end, and a device be read so.
#[cfg(unix)]
#[test]
fn no_file_that_is_named_may_be_a_pipe_or_a_device() {
    let desk = Desk::new();
    std::process::Command::new("mkfifo").arg(desk.path("pipe")).status().expect("a pipe");
    let target = std::fs::read_to_string(shipped("targets/sandbox.yaml")).expect("it");
    let secret = |of: &str| target.replacen("target: sandbox", &format!("target: \"${{file:{of}}}\""), 1);
    desk.write("mine.yaml", SCENARIO);
    for odd in ["pipe", "/dev/zero"] {
        desk.write("target.yaml", &secret(odd));
        for words in [
            &["check", odd] as &[_],
            &["check", "target.yaml"],
            &["plan", odd],
            &["run", odd, "--target", "target.yaml"],
            &["run", "mine.yaml", "--target", odd],
            &["x12", "inspect", odd],
            &["x12", "validate", odd],
            &["x12", "redact", odd],
            &["x12", "diff", odd, "mine.yaml"],
        ] {
            let told = desk.johndoe(words);
            assert!(told.err.contains("a device or a pipe"), "{words:?}: {}", told.err);
            assert_eq!(told.code, Some(2), "{words:?}");
        }
    }
}

#[test]
fn scenario_and_target_taken_for_each_other_are_told_in_one_sentence() {
    let desk = Desk::new();
    let (scenario, target) = (brief("first-enrollment.yaml"), shipped("targets/sandbox.yaml"));
    let told = desk.johndoe(&["run", &target, "--target", &scenario]);
    told.ends(
        2,
        &["is a target file, and a scenario file belongs here", "is a scenario file, and a target file belongs here"],
    );
    assert_eq!(told.err.lines().count(), 2, "{}", told.err);
}

#[test]
fn limits_for_a_waypoint_that_the_target_lacks_are_a_warning() {
    let desk = Desk::new();
    desk.write("mine.yaml", &format!("{SCENARIO}    expect: {{at: {{isuer: 5s}}}}\n"));
    let told = desk.johndoe(&["check", "mine.yaml", &shipped("targets/sandbox.yaml")]);
    told.ends(0, &["warning: mine.yaml at ", "no waypoint `isuer`", "it has `edi_834`, `issuer`"]);
    assert_eq!(told.out.lines().count(), 2, "{}", told.out);
}

#[test]
fn a_number_of_windows_where_there_are_none_is_refused_by_check_and_before_a_run() {
    let desk = Desk::new();
    desk.write("mine.yaml", &format!("{SCENARIO}    expect: {{at: {{issuer: 2 windows}}}}\n"));
    let target = shipped("targets/sandbox.yaml");
    let words = ["the limit of `enroll` at waypoint `issuer`", "add `windows.issuer` to the target"];
    desk.johndoe(&["check", "mine.yaml", &target]).ends(2, &words);
    desk.johndoe(&["run", "mine.yaml", "--target", &target]).ends(2, &words);
    desk.johndoe(&["run", "mine.yaml", "--target", &target, "--dry-run"]).ends(2, &words);
    assert!(!desk.path("ledger.db").exists(), "nothing was begun");
}

#[test]
fn words_that_are_no_command_flag_or_number_are_told_with_what_was_meant() {
    let desk = Desk::new();
    desk.johndoe(&["rn"]).ends(2, &["unrecognized subcommand 'rn'", "'run"]);
    desk.johndoe(&["plan", "x.yaml", "--cuont", "5"]).ends(2, &["--count"]);
    desk.johndoe(&["plan", "x.yaml", "--count", "0"]).ends(2, &["0 is not in 1"]);
    desk.johndoe(&["resume", "--deadline", "soon"]).ends(2, &["write it like 90s, 15m or 2h"]);
    desk.johndoe(&["sandbox", "--listen", "8340"]).ends(2, &["write it like 127.0.0.1:8340"]);
    desk.johndoe(&["sandbox", "--window", "0s"]).ends(2, &["longer than nothing"]);
    desk.johndoe(&["sandbox", "--fault", "lsoe=0.1"]).ends(2, &["did you mean `lose`?"]);
    let issuer = ["--issuer", "127.0.0.1:0"];
    let three = [&["sandbox", "--listen", "127.0.0.1:0"], issuer.as_slice(), &issuer, &issuer].concat();
    desk.johndoe(&three).ends(2, &["has 2 issuers"]);
    desk.johndoe(&three[..5]).ends(2, &["given once, and the sandbox has 2 issuers"]);
    let held = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let taken = held.local_addr().expect("its address");
    desk.johndoe(&["sandbox", "--listen", &taken.to_string()]).ends(2, &["(Address already in use", "port 0 for any"]);
    desk.johndoe(&[]).ends(2, &["Usage:", "demo"]);
}

#[test]
fn a_count_that_cannot_pass_is_told_by_check_and_plan_and_one_that_can_is_not() {
    let desk = Desk::new();
    let told = |population: &str, objective: &str| {
        desk.write("mine.yaml", &format!("{SCENARIO}population: {{{population}}}\nobjective: {{{objective}}}\n"));
        let (checked, planned) =
            (desk.johndoe(&["check", "mine.yaml"]), desk.johndoe(&["plan", "mine.yaml", "--probe", "0"]));
        let (checked, planned) = (checked.ends(0, &[]).err.clone(), planned.ends(0, &[]).err.clone());
        assert_eq!(checked, planned, "both say the same");
        checked
    };
    let few = told("count: 380", "error_rate: \"< 1%\"");
    assert!(
        few.contains("380 households cannot prove") && few.contains("below 1%") && few.contains("takes 381"),
        "{few}"
    );
    assert_eq!(told("count: 381", "error_rate: \"< 1%\""), "");
    assert_eq!(told("count: 6", "decide: estimate"), "");
    let late = told("count: 73", "error_rate: \"< 5%\"");
    assert!(late.contains("`on_time` of 99%"), "{late}");
    let sequential = "error_rate: \"< 5%\", on_time: \">= 90%\", decide: sequential, acceptable: \"< 1%\"";
    assert!(told("count: 71", sequential).contains("takes 72"));
    assert_eq!(told("count: 72", sequential), "");
}

#[test]
fn a_canary_is_checked_and_its_next_ticks_are_told_with_their_zone() {
    let desk = Desk::new();
    let sound = "canary: c\nschedules:\n  - {name: first, scenario: a.yaml, target: t.yaml, cron: \"30 6 * * *\", timezone: Asia/Tokyo}\n";
    desk.write("canary.yaml", sound);
    let told = desk.johndoe(&["check", "canary.yaml"]);
    told.ends(0, &["first: `30 6 * * *` in Asia/Tokyo, next 20", "06:30 JST"]);
    assert!(told.out.contains("canary.yaml: canary, no error"), "{}", told.out);
    desk.write("canary.yaml", &sound.replace("30 6 * * *", "30 6 31 2 *"));
    desk.johndoe(&["check", "canary.yaml"]).ends(2, &["canary.yaml:3:59", "no day of any year"]);
    desk.johndoe(&["run", "canary.yaml", "--target", "canary.yaml"]).ends(2, &["is a canary file"]);
}
