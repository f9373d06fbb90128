//! Where output goes: data on standard output, messages on standard error, reports where they were wanted.

use super::{Desk, Told, brief, shipped};
#[cfg(unix)]
use crate::ledger_read_only::Disk;
use std::fs::File;
use std::path::Path;
use std::process::Stdio;

/// A desk with an old ledger on it: something to print, without a run.
fn desk_with_a_ledger() -> Desk {
    let desk = Desk::new();
    let old = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/ledger/v1.db");
    std::fs::copy(old, desk.path("ledger.db")).expect("a copy");
    desk
}

/// Every command that prints something and needs nobody.
fn printing(scenario: &str) -> Vec<Vec<&str>> {
    let texts: [&[&str]; 11] = [
        &["runs"],
        &["show", "latest/0"],
        &["report"],
        &["report", "--json"],
        &["plan", scenario],
        &["plan", scenario, "--json"],
        &["check", scenario],
        &["keys", "target"],
        &["schema", "target"],
        &["fields"],
        &["completions", "bash"],
    ];
    texts.iter().map(|words| words.to_vec()).collect()
}

#[test]
fn a_reader_that_goes_away_is_no_failure() {
    let (desk, scenario) = (desk_with_a_ledger(), brief("families.yaml"));
    for words in printing(&scenario) {
        let mut child =
            desk.command(&words).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program");
        drop(child.stdout.take());
        let told = Told::of(&child.wait_with_output().expect("its end"));
        assert_eq!(told.err, "", "{words:?}");
        assert!(matches!(told.code, Some(0 | 1 | 3)), "{words:?}: {:?}", told.code);
    }
}

#[test]
fn a_full_disk_under_standard_output_is_told_and_is_a_failure() {
    let (desk, scenario) = (desk_with_a_ledger(), brief("families.yaml"));
    let Ok(full) = File::options().write(true).open("/dev/full") else { return };
    for words in printing(&scenario) {
        let full = full.try_clone().expect("a handle");
        let told = Told::of(&desk.command(&words).stdout(full).stderr(Stdio::piped()).output().expect("the program"));
        told.ends(70, &["cannot write to standard output: No space left"]);
    }
}

#[test]
fn messages_that_nobody_reads_stop_nothing() {
    let desk = Desk::new();
    let mut child = desk.command(&["check", "none.yaml"]).stderr(Stdio::piped()).spawn().expect("the program");
    drop(child.stderr.take());
    assert_eq!(child.wait().expect("its end").code(), Some(2));
}

#[test]
fn a_report_goes_where_it_was_wanted_and_json_is_nothing_but_json() {
    let desk = desk_with_a_ledger();
    let told = desk.johndoe(&["report", "--json", "--report", "text=report.txt", "--report", "json=report.json"]);
    serde_json::from_str::<serde_json::Value>(&told.out).expect("JSON alone");
    let read = |name| std::fs::read_to_string(desk.path(name)).expect("a report");
    assert_eq!(read("report.json").trim_end(), told.out.trim_end());
    assert!(read("report.txt").contains("households planned") && !read("report.txt").contains('\u{1b}'));
    let on_output = desk.johndoe(&["report", "--report", "json=-"]);
    assert_eq!(on_output.out, told.out);
}

#[test]
fn a_report_to_a_place_that_cannot_be_is_told_before_anything_is_sent() {
    let desk = Desk::new();
    let (scenario, target) = (brief("first-enrollment.yaml"), shipped("targets/sandbox.yaml"));
    let told =
        |report: &str| desk.johndoe(&["run", &scenario, "--target", &target, "--count", "1", "--report", report]);
    told("json=none/report.json").ends(2, &["cannot write `none/report.json`", "make the folder `none` first"]);
    told("json=.").ends(2, &["`.` is no regular file", "or `-` for standard output"]);
    told("pdf=report.pdf").ends(2, &["`pdf` is no report format; these are: text, json, json1, html, junit, md, csv"]);
    told("report.json").ends(2, &["must be FORMAT=PATH, such as json=report.json"]);
    assert!(!desk.path("ledger.db").exists(), "nothing was begun");
}

#[test]
fn version_1_of_the_json_is_written_for_what_it_can_say_and_refused_for_the_rest_before_anything_is_sent() {
    let desk = Desk::new();
    let (scenario, target) = (shipped("corrections.yaml"), shipped("targets/sandbox.yaml"));
    let told = desk.johndoe(&["run", &scenario, "--target", &target, "--count", "1", "--report", "json1=old.json"]);
    let why =
        "`--report json1` cannot say what becomes of `correct_person`: version 1 of the JSON report knows journeys of";
    told.ends(2, &[why, "`--report json` says every journey"]);
    assert!(!desk.path("ledger.db").exists() && !desk.path("old.json").exists(), "nothing was begun");

    let desk = desk_with_a_ledger();
    desk.johndoe(&["report", "--report", "json1=old.json", "--report", "json=new.json"]);
    let read = |name| std::fs::read_to_string(desk.path(name)).expect("a report");
    let (old, new) = (read("old.json"), read("new.json"));
    assert!(old.contains("\"schema\": \"johndoe.report/1\"") && new.contains("\"schema\": \"johndoe.report/2\""));
    for key in ["\"journey\"", "\"by_step\"", "\"stale\""] {
        assert!(new.contains(key) && !old.contains(key), "{key}");
    }
}

#[test]
fn no_report_takes_the_place_of_the_ledger_or_of_what_a_run_is_made_of() {
    let desk = desk_with_a_ledger();
    let ledger = std::fs::read(desk.path("ledger.db")).expect("a ledger");
    std::fs::hard_link(desk.path("ledger.db"), desk.path("other.json")).expect("a second name");
    for place in ["json=ledger.db", "text=./ledger.db", "json=other.json"] {
        let told = desk.johndoe(&["report", "--ledger", "ledger.db", "--report", place]);
        told.ends(2, &["would take the place of `ledger.db`", "name another file"]);
    }
    assert!(std::fs::read(desk.path("ledger.db")).expect("a ledger") == ledger);
    std::fs::remove_file(desk.path("other.json")).expect("no second name");
    let (scenario, target) = (desk.path("s.yaml"), desk.path("t.yaml"));
    std::fs::copy(shipped("families.yaml"), &scenario).expect("a copy");
    std::fs::copy(shipped("targets/sandbox.yaml"), &target).expect("a copy");
    let run = ["run", "s.yaml", "--target", "t.yaml", "--count", "1", "--report"];
    for place in ["json=t.yaml", "text=s.yaml"] {
        desk.johndoe(&[&run[..], &[place]].concat()).ends(2, &["would take the place of"]);
    }
}

#[test]
fn an_earlier_report_stays_until_the_new_one_is_written_and_a_full_disk_loses_no_other() {
    let desk = desk_with_a_ledger();
    desk.write("old.json", "an earlier report");
    desk.johndoe(&["report", "0ff", "--report", "json=old.json"]).ends(2, &[]);
    assert_eq!(std::fs::read_to_string(desk.path("old.json")).expect("it"), "an earlier report");
    let place = desk.path("disk");
    let Some(mounted) = Disk::mounted(&place, "size=4k") else {
        println!("not tried: no disk can be mounted here");
        return;
    };
    std::fs::write(desk.path("disk/report.json"), "an earlier report").expect("room for a few bytes");
    let told = desk.johndoe(&["report", "--report", "json=disk/report.json", "--report", "text=report.txt"]);
    told.ends(70, &["the disk is full: free space", "nothing is lost: `johndoe report 01949c00-"]);
    assert!(desk.path("report.txt").exists() && told.out.contains("households planned"));
    assert_eq!(std::fs::read_to_string(desk.path("disk/report.json")).expect("it"), "an earlier report");
    drop(mounted);
}

#[cfg(unix)]
#[test]
fn a_report_replaces_a_file_and_nothing_else_and_is_its_owners_alone() {
    use std::os::unix::fs::{MetadataExt as _, symlink};
    let desk = desk_with_a_ledger();
    desk.write("victim", "precious");
    symlink(desk.path("victim"), desk.path("link")).expect("a link");
    std::process::Command::new("mkfifo").arg(desk.path("pipe")).status().expect("a pipe");
    for place in ["link", "pipe", "/dev/null", "."] {
        let report = format!("text={place}");
        desk.johndoe(&["report", "--report", &report]).ends(2, &["is no regular file", "--report"]);
    }
    assert_eq!(std::fs::read_to_string(desk.path("victim")).expect("it"), "precious");
    desk.johndoe(&["report", "--report", "text=new.txt", "--report", "json=victim"]);
    for name in ["new.txt", "victim"] {
        let about = std::fs::symlink_metadata(desk.path(name)).expect("a report");
        assert!(about.is_file() && about.len() > 100, "{name}");
        assert_eq!(about.mode() & 0o777, 0o600, "{name}");
    }
    let left = std::fs::read_dir(desk.path(".")).expect("the desk").flatten();
    assert_eq!(left.filter(|e| e.file_name().to_string_lossy().starts_with(".johndoe-")).count(), 0);
}

#[test]
fn colour_is_used_where_it_is_asked_for_and_nowhere_else() {
    let mut desk = desk_with_a_ledger();
    let colored = |told: &Told| told.out.contains('\u{1b}');
    assert!(!colored(&desk.johndoe(&["report"])), "not a terminal");
    assert!(colored(&desk.johndoe(&["report", "--color", "always"])));
    assert!(!colored(&desk.johndoe(&["report", "--color", "never"])));
    desk.set("NO_COLOR", "1");
    assert!(!colored(&desk.johndoe(&["report"])));
}

#[test]
fn help_is_data_with_examples_for_the_program_and_every_command() {
    let desk = Desk::new();
    let program = desk.johndoe(&["--help"]);
    assert!(program.ends(0, &[]).out.contains("70  harness error"), "{}", program.out);
    let commands = program.out.lines().skip_while(|l| *l != "Commands:").skip(1).take_while(|l| !l.is_empty());
    let names: Vec<_> = commands
        .filter_map(|l| l.strip_prefix("  ")?.split(char::is_whitespace).next())
        .filter(|n| !n.is_empty())
        .collect();
    assert!(names.len() > 15, "{names:?}");
    for name in names.iter().filter(|n| **n != "help") {
        let help = desk.johndoe(&[name, "--help"]);
        assert!(help.ends(0, &[]).out.contains(&format!("johndoe {name}")), "{}", help.out);
        assert!(help.out.contains("Example"), "{}", help.out);
    }
    assert!(desk.johndoe(&["--version"]).out.contains(env!("CARGO_PKG_VERSION")));
}

#[test]
fn no_report_takes_the_place_of_a_ledger_that_the_run_is_about_to_make() {
    let desk = Desk::new();
    std::fs::copy(shipped("families.yaml"), desk.path("s.yaml")).expect("a copy");
    std::fs::copy(shipped("targets/sandbox.yaml"), desk.path("t.yaml")).expect("a copy");
    for (ledger, place) in
        [("l.db", "json=l.db"), ("./l.db", "html=l.db"), ("l.db", "csv=./l.db"), ("l.db", "md=l.db-wal")]
    {
        let told = desk.johndoe(&["run", "s.yaml", "--target", "t.yaml", "--ledger", ledger, "--report", place]);
        told.ends(2, &["would take the place of"]);
        assert!(!desk.path("l.db").exists(), "nothing was begun");
    }
}
