//! Where a ledger may lie, under which names, and what happens when it does not stay there.
#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use crate::ledger_history::{one, plan};
use johndoe::ledger::{self, Error, Ledger, Recorder, SqliteLedger};
use johndoe::model::{Entry, Event, RunId};
use std::fs::Permissions;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::Path;

fn begun(path: &Path) -> (SqliteLedger, RunId) {
    let mut ledger = SqliteLedger::open(path).unwrap();
    ledger.begin_run(&plan("r", 0), &serde_json::Value::Null).unwrap();
    (ledger, RunId::new("r"))
}

#[test]
fn what_keeps_nothing_is_no_ledger() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    symlink(at("nowhere"), at("dangling")).unwrap();
    symlink("/proc/self/fd/1", at("open")).unwrap();
    symlink("open", at("open again")).unwrap();
    symlink("/proc/self/fd", at("all open")).unwrap();
    drop(begun(Path::new(&at("one.db"))));
    std::fs::hard_link(at("one.db"), at("two.db")).unwrap();
    let made = std::process::Command::new("mkfifo").arg(at("pipe")).status().unwrap();
    assert!(made.success());
    for (location, why) in [
        (String::new(), "a variable unset"),
        ("sqlite:".to_owned(), "a variable unset"),
        (":memory:".to_owned(), "memory"),
        ("sqlite::memory:".to_owned(), "memory"),
        ("file:l.db?mode=memory".to_owned(), "plain path"),
        ("/dev/null".to_owned(), "a device"),
        ("/dev/stdout".to_owned(), "a device"),
        ("/dev/nowhere/l.db".to_owned(), "a device"),
        ("/proc/self/fd/1".to_owned(), "the open file"),
        (at("open"), "the open file"),
        (at("open again"), "the open file"),
        (at("all open/1"), "the open file"),
        ("   ".to_owned(), "only blanks"),
        ("sqlite:\t".to_owned(), "only blanks"),
        (at(" "), "only blanks"),
        (at("one.db/"), "a folder"),
        (at("new.db/"), "a folder"),
        (at("new/new.db//"), "a folder"),
        (at("pipe"), "a pipe"),
        (at(""), "a folder"),
        (at("dangling"), "leads nowhere"),
        (at("two.db"), "second name"),
    ] {
        for opened in [ledger::open(&location), ledger::open_existing(&location)] {
            let Err(error) = opened else { panic!("`{location}` was opened") };
            assert!(matches!(error, Error::NotDurable { .. }), "{location}: {error:?}");
            assert!(error.to_string().contains(why), "{error}");
        }
    }
    for made in ["nowhere", "new", "new.db"] {
        assert!(!folder.path().join(made).exists(), "{made}");
    }
}

#[test]
fn under_whatever_name_a_run_is_driven_once() {
    let folder = tempfile::tempdir().unwrap();
    let real = folder.path().join("real");
    std::fs::create_dir(&real).unwrap();
    let (ledger, run) = begun(&real.join("l.db"));
    symlink(real.join("l.db"), folder.path().join("link.db")).unwrap();
    symlink(folder.path().join("link.db"), folder.path().join("again.db")).unwrap();
    symlink(&real, folder.path().join("folder")).unwrap();
    let held = ledger.claim(&run).unwrap();
    let names = ["link.db", "again.db", "folder/l.db", "real/../folder/./l.db"].map(|name| folder.path().join(name));
    for name in &names {
        let Err(Error::Claimed { holder, .. }) = SqliteLedger::open(name).unwrap().claim(&run) else {
            panic!("claimed twice by {}", name.display())
        };
        assert!(holder.contains(&std::process::id().to_string()), "{holder}");
    }
    drop(held);
    let epochs = names.map(|name| SqliteLedger::open(&name).unwrap().claim(&run).unwrap().claim().epoch());
    assert_eq!(epochs, [2, 3, 4, 5], "each claim is one more than all before");
}

#[test]
fn a_ledger_that_is_deleted_or_replaced_while_it_is_open_takes_nothing_more() {
    for (ends, is_replaced) in [("", false), ("", true), ("-wal", false), ("-shm", false)] {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("l.db");
        let (mut ledger, run) = begun(&path);
        ledger.append(&one(&run, Event::MissedSlots { slots: 1 })).unwrap();
        let victim = folder.path().join(format!("l.db{ends}"));
        let copy = folder.path().join("copy");
        std::fs::copy(&victim, &copy).unwrap();
        std::fs::remove_file(&victim).unwrap();
        if is_replaced {
            std::fs::rename(&copy, &victim).unwrap();
        }
        let error = ledger.append(&one(&run, Event::Finished)).unwrap_err();
        let Error::Lost { file, .. } = &error else { panic!("{error:?}") };
        assert_eq!(file.file_name(), victim.file_name(), "{error}");
    }
}

#[tokio::test]
async fn once_another_has_claimed_the_run_its_former_driver_writes_nothing_and_gets_no_numbers() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("l.db");
    let (ledger, run) = begun(&path);
    let former = ledger.claim(&run).unwrap();
    let recorder = Recorder::start(Box::new(ledger), former.claim()).unwrap();
    let entry = || Entry { at: crate::ledger_history::at(0), event: Event::MissedSlots { slots: 1 } };
    recorder.record(entry()).await.unwrap();
    // Somebody takes the folder of locks away, and then the run.
    std::fs::remove_dir_all(folder.path().join("l.db.locks")).unwrap();
    let other = SqliteLedger::open(&path).unwrap();
    let taken = other.take_over(&run).unwrap();
    assert!(matches!(recorder.control_numbers(1).await, Err(Error::Superseded { .. })));
    assert!(matches!(recorder.record(entry()).await, Err(Error::Superseded { .. })));
    let (lock, _, entries) = taken.into_parts();
    assert_eq!((lock.claim().epoch(), entries.len()), (2, 1));
    assert_eq!(other.entries(&run).unwrap().len(), 1);
}

#[test]
fn ledger_and_locks_are_their_owners_alone_and_a_mode_that_was_chosen_stays() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("new").join("l.db");
    let (ledger, run) = begun(&path);
    let _held = ledger.claim(&run).unwrap();
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    for (name, is) in [("l.db", 0o600), ("l.db-wal", 0o600), ("l.db-shm", 0o600), ("l.db.locks/r.lock", 0o600)] {
        assert_eq!(mode(&path.with_file_name(name)), is, "{name}");
    }
    assert_eq!((mode(path.parent().unwrap()), mode(&path.with_file_name("l.db.locks"))), (0o700, 0o700));
    let left: Vec<_> = std::fs::read_dir(path.parent().unwrap()).unwrap().map(|e| e.unwrap().file_name()).collect();
    assert_eq!(left.len(), 4, "nothing else stays behind: {left:?}");
    drop(ledger);
    std::fs::set_permissions(&path, Permissions::from_mode(0o640)).unwrap();
    drop(SqliteLedger::open(&path).unwrap());
    assert_eq!(mode(&path), 0o640);
}
