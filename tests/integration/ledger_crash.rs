//! SIGKILL at many points: what was told durable is there afterwards, and the file is sound.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use crate::ledger_history::{at, of, plan, seen};
use johndoe::ledger::{Error, Ledger, SqliteLedger};
use johndoe::model::{Entry, RunId};
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

/// Set in the child process that `kill_at_any_point…` starts: the ledger it writes to.
const CHILD_LEDGER: &str = "JOHNDOE_TEST_CHILD_LEDGER";

/// Not a test of its own: what the killed process does. Prints each number once the entry is told durable.
#[test]
fn child_that_appends_until_it_is_killed() {
    let Ok(path) = std::env::var(CHILD_LEDGER) else { return };
    let mut ledger = SqliteLedger::open(Path::new(&path)).unwrap();
    let run = RunId::new(format!("child-{}", std::process::id()));
    ledger.begin_run(&plan(run.as_str(), 0), &serde_json::Value::Null).unwrap();
    let _held = ledger.claim(&run).unwrap();
    println!("run {run}");
    for slots in 0.. {
        let rows: Vec<Entry> = (0..=slots % 7).map(|_| Entry { at: at(0), event: seen(None, "POL") }).collect();
        for seq in ledger.append(&of(&run, rows)).unwrap() {
            println!("seq {}", seq.0);
        }
    }
}

#[test]
fn kill_at_any_point_loses_nothing_that_was_told_durable() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger.db");
    drop(SqliteLedger::open(&path).unwrap());
    // Numbers printed before the kill, from a fixed sequence: after 1 line, after some hundred, and between.
    for kill_after in [1, 2, 3, 5, 8, 17, 40, 101, 230, 411, 640, 977] {
        let (run, printed) = run_child_and_kill(&path, kill_after);
        let ledger = SqliteLedger::open(&path).unwrap();
        let mut kept = Vec::new();
        ledger.visit_entries(&run, &mut |seq, _| kept.push(seq.0)).unwrap();
        assert!(kept.len() >= printed.len(), "{} printed, {} kept", printed.len(), kept.len());
        assert_eq!(kept[..printed.len()], printed, "killed after {kill_after} lines");
        assert!(ledger.claim(&run).is_ok(), "a killed process holds nothing");
        let check = rusqlite::Connection::open(&path).unwrap();
        let sound: String = check.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
        assert_eq!(sound, "ok");
    }
}

/// Kills the child once it has printed so many numbers; gives its run, and all numbers it got out.
fn run_child_and_kill(path: &Path, kill_after: usize) -> (RunId, Vec<i64>) {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "ledger_crash::child_that_appends_until_it_is_killed", "--nocapture", "--test-threads=1"])
        .env(CHILD_LEDGER, path)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let (mut run, mut printed) = (None, Vec::new());
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    for line in lines.map_while(Result::ok) {
        if let Some((_, id)) = line.split_once("run child-") {
            run = Some(RunId::new(format!("child-{id}")));
        }
        // The kill may cut the last line short: then it is no number that anybody could have read.
        printed.extend(line.strip_prefix("seq ").and_then(|seq| seq.parse::<i64>().ok()));
        if printed.len() == kill_after {
            let Err(Error::Claimed { holder, .. }) = SqliteLedger::open(path).unwrap().claim(run.as_ref().unwrap())
            else {
                panic!("the run was free while its process lived");
            };
            assert!(holder.contains(&format!("process {}", child.id())), "{holder}");
            child.kill().unwrap();
        }
    }
    child.wait().unwrap();
    (run.unwrap(), printed)
}
