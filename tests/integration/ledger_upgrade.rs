//! Opens each checked-in ledger of an earlier version: what was once recorded stays readable.
//!
//! `tests/fixtures/ledger/v1.db` was made once, by the code of ledger version 1, with `make_a_ledger_of_this_version`
//! below, and is never made anew: an old ledger out there cannot be made anew either. If a test here fails, the code is
//! wrong, not the file. A new version of the ledger adds a file of its own (`v2.db`) and a test for it; so does a new format
//! of payloads (`v1-format2.db`: the same tables, another format).
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use crate::ledger_history::{history, plan};
use johndoe::ledger::{Ledger, RunState, SqliteLedger};
use johndoe::model::{Cents, Entry, Event, Field, JourneyStep, ProbeIndex, RunId, Submission, Value};
use std::path::{Path, PathBuf};

/// A copy to open, because opening may write (migrations, the write-ahead log).
fn copy_of(name: &str, folder: &Path) -> PathBuf {
    let fixture = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/ledger").join(name);
    let copy = folder.join("ledger.db");
    std::fs::copy(&fixture, &copy).unwrap();
    copy
}

#[test]
fn a_ledger_of_version_1_opens_and_reads() {
    it_opens_and_reads("v1.db");
}

#[test]
fn a_ledger_of_version_1_with_payloads_of_format_2_opens_and_reads() {
    it_opens_and_reads("v1-format2.db");
}

#[test]
fn a_ledger_of_version_4_with_payloads_that_number_no_steps_opens_and_reads() {
    it_opens_and_reads("v4.db");
}

fn it_opens_and_reads(fixture: &str) {
    let folder = tempfile::tempdir().unwrap();
    let ledger = SqliteLedger::open(&copy_of(fixture, folder.path())).unwrap();
    let run = ledger.find_run("latest").unwrap();
    assert_eq!(run.as_str(), "01949c00-0000-7000-8000-000000000001");
    let listed = &ledger.runs().unwrap()[0];
    assert_eq!((listed.scenario.as_str(), listed.target.as_str()), ("first-enrollment", "sandbox"));
    assert_eq!((listed.state, listed.entries), (RunState::Finished, 21));
    assert_eq!(listed.started_at.to_rfc3339(), "2013-11-15T07:20:00.123456+00:00");

    let (plan, header) = ledger.run_plan(&run).unwrap();
    assert_eq!((plan.seed, plan.count, plan.zone), (2013, 3, chrono_tz::America::New_York));
    assert_eq!(plan.waypoints[0].name.as_str(), "edi_834");
    assert_eq!(header, serde_json::json!({"scenario_file": "first-enrollment.yaml"}));
    entries_of_version_1_say_what_they_said(&ledger.entries(&run).unwrap());
    assert_eq!(ledger.open_enrollments().unwrap().len(), 2);
}

fn entries_of_version_1_say_what_they_said(entries: &[Entry]) {
    assert_eq!(entries.len(), 21);
    let Event::Planned { household, plans } = &entries[0].event else { panic!("{:?}", entries[0]) };
    assert_eq!(household.people[0].name.to_string(), "Zoë O'Neil \"Q\" Jr");
    assert_eq!((household.address.zip.as_str(), plans.len()), ("01001", 1));
    let Event::Answered { probe, action, submission, captures, steps, .. } = &entries[7].event else {
        panic!("{:?}", entries[7])
    };
    assert_eq!((*probe, *action, *submission), (ProbeIndex(0), JourneyStep::ENROLL, Submission::Accepted));
    assert_eq!(captures.groups[0].facts.value(Field::Aptc), Some(&Value::Money(Cents(25_058))));
    assert_eq!(captures.members[0].text(Field::MemberId), Some("MEM-0"));
    assert_eq!((steps[0].micros, steps[0].status), (123_456, Some(201)));
    let Event::Seen { sighting } = &entries[16].event else { panic!("{:?}", entries[16]) };
    assert_eq!(sighting.record.place.to_string(), "out 1.edi segment 5");
    assert_eq!(sighting.record.members[0].text(Field::NameLast), Some("O'NEIL"));
    assert!(sighting.record.members[0].stated().contains(Field::Ssn), "absence is kept");
    assert_eq!(entries[20].event, Event::Finished);
    assert_eq!(entries[..20], history(), "every kind of event, with every field");
}

#[test]
fn an_old_ledger_can_be_written_on() {
    let folder = tempfile::tempdir().unwrap();
    let path = copy_of("v1.db", folder.path());
    let mut ledger = SqliteLedger::open(&path).unwrap();
    let old = ledger.find_run("latest").unwrap();
    ledger.append(&[(old.clone(), history().remove(10))]).unwrap();
    ledger.begin_run(&plan("02", 60), &serde_json::Value::Null).unwrap();
    ledger.append(&[(RunId::new("02"), history().remove(10))]).unwrap();
    let reopened = SqliteLedger::open(&path).unwrap();
    assert_eq!(reopened.entries(&old).unwrap().len(), 22);
    assert_eq!(reopened.entries(&RunId::new("02")).unwrap().len(), 1);
}

#[test]
fn names_of_files_from_before_there_were_pseudonyms_are_read_as_what_they_would_be_called_now() {
    let folder = tempfile::tempdir().unwrap();
    let (path, run) = (folder.path().join("ledger.db"), RunId::new("01"));
    let mut ledger = SqliteLedger::open(&path).unwrap();
    ledger.begin_run(&plan("01", 0), &serde_json::Value::Null).unwrap();
    let mut entry = history().into_iter().find(|entry| matches!(entry.event, Event::FileRead { .. })).unwrap();
    let Event::FileRead { name, digest, waypoint, .. } = &mut entry.event else { panic!("{entry:?}") };
    *name = "12345/Zyxwoman_219459911.edi".to_owned();
    let (digest, waypoint) = (digest.clone(), *waypoint);
    ledger.append(&[(run.clone(), entry)]).unwrap();
    let connection = rusqlite::Connection::open(&path).unwrap();
    connection.execute("UPDATE entry SET format = 3", []).unwrap();

    let again = SqliteLedger::open(&path).unwrap();
    let called = ledger.names().of("12345/", "Zyxwoman_219459911.edi");
    assert!(called.starts_with("12345/Aaaaaaaa_999999999.edi#"), "{called}");
    assert_eq!(called, again.names().of("12345/", "Zyxwoman_219459911.edi"), "the key is kept");
    let read = again.already_read(&run, waypoint).unwrap();
    assert_eq!(read.into_iter().collect::<Vec<_>>(), [(called.to_string(), digest)]);
    let another = SqliteLedger::open(&folder.path().join("another.db")).unwrap();
    assert_ne!(called, another.names().of("12345/", "Zyxwoman_219459911.edi"), "each ledger has its own");
}

/// Made `v1.db`, and makes the file of the next version, at the path in `JOHNDOE_NEW_LEDGER`.
#[test]
#[ignore = "run by hand, once per version of the ledger"]
fn make_a_ledger_of_this_version() {
    let path = std::env::var("JOHNDOE_NEW_LEDGER").expect("JOHNDOE_NEW_LEDGER names the file to make");
    assert!(!Path::new(&path).exists(), "`{path}` is there; a released ledger is never made anew");
    let mut ledger = SqliteLedger::open(Path::new(&path)).unwrap();
    let run = RunId::new("01949c00-0000-7000-8000-000000000001");
    ledger.begin_run(&plan(run.as_str(), 0), &serde_json::json!({"scenario_file": "first-enrollment.yaml"})).unwrap();
    let mut entries = history();
    let at = entries[0].at;
    entries.push(Entry { at, event: Event::Finished });
    let entries: Vec<_> = entries.into_iter().map(|entry| (run.clone(), entry)).collect();
    ledger.append(&entries).unwrap();
}
