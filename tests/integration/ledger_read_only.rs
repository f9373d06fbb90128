//! A ledger that can be read and not written: on a read-only medium, another person's, or on a disk without room.
#![cfg(unix)]

use crate::cli::{Desk, Told};
use crate::ledger_history::{history, of, one, plan};
use johndoe::ledger::{self, Error, Ledger, SqliteLedger};
use johndoe::model::{Event, RunId};
use std::fs::Permissions;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::Command;

/// Nobody in particular.
const NOBODY: u32 = 65_534;

/// A ledger in a folder of the desk, closed, with one run of so many entries.
fn written(desk: &Desk) -> usize {
    let folder = desk.path("kept");
    std::fs::create_dir(&folder).unwrap();
    let mut ledger = SqliteLedger::open(&folder.join("l.db")).unwrap();
    ledger.begin_run(&plan("r", 1), &serde_json::Value::Null).unwrap();
    ledger.append(&of(&RunId::new("r"), history())).unwrap();
    history().len()
}

fn mode(path: &Path, mode: u32) {
    std::fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
}

/// The program, run by somebody whom modes bind: they do not bind root.
fn bound(desk: &Desk, words: &[&str]) -> Told {
    let mut command = desk.command(&[words, &["--ledger", "kept/l.db"]].concat());
    if std::fs::metadata("/proc/self").is_ok_and(|own| own.uid() == 0) {
        command.uid(NOBODY).gid(NOBODY);
    }
    Told::of(&command.output().expect("the program"))
}

#[test]
fn a_read_only_ledger_is_listed_and_reported_whatever_cannot_be_written() {
    for (of_file, of_folder) in [(0o444, 0o555), (0o444, 0o777), (0o644, 0o555)] {
        let desk = Desk::new();
        written(&desk);
        let folder = desk.path("kept");
        mode(&desk.path("."), 0o755);
        mode(&folder.join("l.db"), of_file);
        mode(&folder, of_folder);
        let files = || std::fs::read_dir(&folder).unwrap().count();
        let before = files();
        for words in [&["runs"] as &[_], &["report", "r"], &["report", "r", "--json"]] {
            let told = bound(&desk, words);
            assert!(
                matches!(told.code, Some(0 | 1 | 3)),
                "{of_file:o} in {of_folder:o}: {:?}\n{}",
                told.code,
                told.err
            );
            assert!(told.out.contains('r') && told.err.is_empty(), "{}", told.err);
        }
        if of_folder == 0o555 {
            assert_eq!(files(), before, "nothing is left");
        }
        mode(&folder, 0o755);
    }
}

#[test]
fn entries_that_lie_in_the_log_are_never_passed_over() {
    let desk = Desk::new();
    written(&desk);
    let (path, run) = (desk.path("kept/l.db"), RunId::new("r"));
    let mut writer = SqliteLedger::open(&path).unwrap();
    writer.append(&one(&run, Event::Finished)).unwrap();
    // As a copy of a ledger in use lies on a medium: the log is there, what writers share is not.
    let copy = desk.path("copy");
    std::fs::create_dir(&copy).unwrap();
    for name in ["l.db", "l.db-wal"] {
        std::fs::copy(desk.path("kept").join(name), copy.join(name)).unwrap();
        mode(&copy.join(name), 0o444);
    }
    mode(&desk.path("."), 0o755);
    mode(&copy, 0o555);
    let mut command = desk.command(&["runs", "--ledger", "copy/l.db"]);
    if std::fs::metadata("/proc/self").is_ok_and(|own| own.uid() == 0) {
        command.uid(NOBODY).gid(NOBODY);
    }
    let told = Told::of(&command.output().unwrap());
    told.ends(2, &["can only be read here", "l.db-wal", "copy it"]);
    mode(&copy, 0o755);
}

#[test]
fn what_was_opened_to_be_read_takes_nothing() {
    let desk = Desk::new();
    let entries = written(&desk);
    let path = desk.path("kept/l.db");
    let mut ledger = SqliteLedger::open_read_only(&path).unwrap();
    let run = RunId::new("r");
    assert_eq!(ledger.entries(&run).unwrap().len(), entries);
    let refused = ledger.append(&one(&run, Event::Finished)).unwrap_err();
    assert!(matches!(refused, Error::Unwritable { .. }), "{refused:?}");
    let old = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/ledger/v1.db");
    std::fs::copy(old, desk.path("old.db")).unwrap();
    let Err(error) = SqliteLedger::open_read_only(&desk.path("old.db")) else { panic!("read") };
    assert!(error.to_string().contains("earlier version"), "{error}");
}

/// A disk of its own, where this process may make one.
pub(crate) struct Disk<'a>(&'a Path);

impl<'a> Disk<'a> {
    pub(crate) fn mounted(at: &'a Path, options: &str) -> Option<Self> {
        std::fs::create_dir(at).ok()?;
        let mounted = Command::new("mount").args(["-t", "tmpfs", "-o", options, "johndoe-test"]).arg(at).output();
        mounted.is_ok_and(|told| told.status.success()).then_some(Self(at))
    }
}

impl Drop for Disk<'_> {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(self.0).output();
    }
}

#[test]
fn a_disk_without_room_is_called_full_and_not_unwritable() {
    let folder = tempfile::tempdir().unwrap();
    // Room for two files beside the folder itself, and SQLite needs three.
    let at = folder.path().join("names");
    let Some(disk) = Disk::mounted(&at, "size=1m,nr_inodes=3") else {
        println!("not tried: no disk can be mounted here");
        return;
    };
    let Err(error) = ledger::open(disk.0.join("l.db").to_str().unwrap()) else { panic!("opened") };
    assert!(matches!(error, Error::Full { .. }), "{error}");
    assert!(error.to_string().contains("free space"), "{error}");
    drop(disk);

    // A ledger that was closed, and then no room: what is only read is read all the same.
    let at = folder.path().join("bytes");
    let disk = Disk::mounted(&at, "size=1m").unwrap();
    let path = disk.0.join("l.db");
    let mut made = SqliteLedger::open(&path).unwrap();
    made.begin_run(&plan("r", 1), &serde_json::Value::Null).unwrap();
    drop(made);
    let filled = std::fs::write(disk.0.join("fill"), vec![0; 2 << 20]);
    assert!(filled.is_err(), "the disk is full");
    let location = path.to_str().unwrap();
    let Err(error) = ledger::open_existing(location) else { panic!("opened") };
    assert!(matches!(error, Error::Full { .. }), "{error}");
    assert_eq!(ledger::open_to_read(location).unwrap().runs().unwrap().len(), 1);
}
