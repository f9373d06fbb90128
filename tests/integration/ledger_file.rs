//! What a ledger file can suffer: it is not there, not ours, not writable, from the future, or read while it is
//! written.

use crate::ledger_history::{history, of, one, plan};
use johndoe::ledger::{self, Error, FORMAT, Ledger, SqliteLedger};
use johndoe::model::{Event, RunId};

#[test]
fn a_ledger_that_is_only_read_is_not_created() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("none.db");
    assert!(matches!(ledger::open_existing(path.to_str().unwrap()), Err(Error::NoLedger { .. })));
    assert!(!path.exists());
}

#[test]
fn a_file_that_is_no_ledger_is_refused_and_left_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let text = folder.path().join("notes.txt");
    std::fs::write(&text, "Dear diary, this is no database at all. ".repeat(40)).unwrap();
    let before = std::fs::read(&text).unwrap();
    assert!(matches!(SqliteLedger::open(&text), Err(Error::NotALedger { .. })));
    assert_eq!(std::fs::read(&text).unwrap(), before);

    let other = folder.path().join("other.db");
    let connection = rusqlite::Connection::open(&other).unwrap();
    connection.execute_batch("CREATE TABLE entry (id INTEGER)").unwrap();
    assert!(matches!(SqliteLedger::open(&other), Err(Error::NotALedger { .. })));
    let mode: String = connection.pragma_query_value(None, "journal_mode", |row| row.get(0)).unwrap();
    assert_eq!(mode, "delete", "another program's file keeps its mode");
}

/// Processes that are started at one moment find no ledger, and each makes it.
#[test]
fn a_ledger_that_several_make_at_one_moment_is_had_by_all_of_them() {
    for _ in 0..25 {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ledger.db");
        let together = std::sync::Barrier::new(8);
        let open = || {
            together.wait();
            SqliteLedger::open(&path).map(drop).map_err(|error| error.to_string())
        };
        let opened: Vec<_> = std::thread::scope(|scope| {
            let all: Vec<_> = (0..8).map(|_| scope.spawn(open)).collect();
            all.into_iter().map(|one| one.join().unwrap()).collect()
        });
        assert!(opened.iter().all(Result::is_ok), "{opened:?}");
    }
}

#[test]
fn a_place_that_cannot_be_written_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a file");
    std::fs::write(&file, "").unwrap();
    // Below a regular file: refused to everybody, root included.
    let Err(error) = SqliteLedger::open(&file.join("ledger.db")) else { panic!("opened below a file") };
    assert!(matches!(error, Error::Unwritable { .. }), "{error:?}");
    assert!(error.to_string().contains("--ledger"), "{error}");
    assert!(matches!(SqliteLedger::open(folder.path()), Err(Error::NotDurable { .. })), "a folder is no file");
}

#[test]
fn a_ledger_or_entry_from_the_future_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger.db");
    let run = RunId::new("r");
    let mut ledger = SqliteLedger::open(&path).unwrap();
    ledger.begin_run(&plan("r", 0), &serde_json::Value::Null).unwrap();
    ledger.append(&of(&run, history())).unwrap();

    let tinker = |sql: &str| rusqlite::Connection::open(&path).unwrap().execute_batch(sql).unwrap();
    tinker(r#"UPDATE entry SET payload = json_set(payload, '$.added_later', 1, '$.record.facts."group.new"', 'x')"#);
    assert_eq!(ledger.entries(&run).unwrap(), history(), "a key more is passed over");
    tinker("UPDATE entry SET format = 99 WHERE kind = 'gone'");
    let error = ledger.entries(&run).unwrap_err();
    assert!(matches!(error, Error::TooNew { found: 99, known: FORMAT, .. }), "{error:?}");
    tinker("UPDATE entry SET format = 1, payload = 'x' WHERE kind = 'gone'");
    assert!(matches!(ledger.entries(&run), Err(Error::Corrupt { .. })));
    tinker("PRAGMA user_version = 99");
    assert!(matches!(SqliteLedger::open(&path), Err(Error::TooNew { found: 99, .. })));
}

#[test]
fn readers_see_what_was_committed_while_a_writer_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger.db");
    let run = RunId::new("r");
    let mut writer = SqliteLedger::open(&path).unwrap();
    writer.begin_run(&plan("r", 0), &serde_json::Value::Null).unwrap();
    let reader = SqliteLedger::open(&path).unwrap();
    writer.append(&of(&run, history())).unwrap();
    let mut shown = 0;
    reader
        .visit_entries(&run, &mut |_, _| {
            shown += 1;
            writer.append(&one(&run, Event::MissedSlots { slots: 1 })).unwrap();
        })
        .unwrap();
    assert_eq!(shown, history().len(), "a reader sees the ledger as it was when it began");
    assert_eq!(reader.entries(&run).unwrap().len(), 2 * history().len());
}
