//! Opens the file so that a commit is durable, and readers and the writer do not stop each other.

use super::{failure, migrations};
use crate::ledger::Error;
use crate::ledger::same_file::{SameFile, identity};
use crate::ledger::{place, private};
use crate::model::Names;
use rusqlite::{Connection, OpenFlags};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// How long one process waits for another to finish writing: less than the ten seconds within which a signal ends a run.
pub(super) const BUSY_WITHIN: Duration = Duration::from_secs(8);

/// Between two attempts at a ledger that another process is making.
const PAUSE: Duration = Duration::from_millis(10);

/// Entries are some hundred bytes: larger pages than SQLite's 4,096 bytes mean fewer of them per commit.
const PAGE_BYTES: u32 = 8192;

/// KiB of pages kept in memory: the tables of enrollments and ids are written all over, and SQLite's 2,000 KiB hold them
/// for some ten thousand probes only.
const CACHE_KIB: i32 = 32_768;

/// Pages in the write-ahead log (64 MB) after which they are moved into the file.
const CHECKPOINT_AFTER_PAGES: u32 = 8192;

/// An open ledger.
pub(super) struct Opened {
    /// Every link followed.
    pub(super) path: PathBuf,
    pub(super) same_file: SameFile,
    pub(super) connection: Connection,
    /// Makes the pseudonyms of file names.
    pub(super) names: Names,
}

/// Opens, or creates with its folder, and migrates.
pub(super) fn open(path: &Path) -> Result<Opened, Error> {
    let resolved = match place::resolve(path) {
        // There is no folder yet.
        Err(Error::Unwritable { .. }) => {
            private::make_folder(place::folder_of(path)).map_err(|e| Error::of_io(path, &e))?;
            place::resolve(path)?
        }
        resolved => resolved?,
    };
    private::make_file(&resolved).map_err(|e| Error::of_io(&resolved, &e))?;
    let before = identity(&resolved).ok_or_else(|| Error::NoLedger { path: resolved.clone() })?;
    let connection = connect(&resolved)?;
    let same_file = SameFile::remember(&resolved, before)?;
    let names = names(&connection).map_err(|e| failure::read(&resolved, e))?;
    Ok(Opened { path: resolved, same_file, connection, names })
}

/// The key that was made when the ledger was.
pub(super) fn names(connection: &Connection) -> Result<Names, rusqlite::Error> {
    connection.query_row("SELECT key FROM names", [], |row| row.get(0)).map(Names::new)
}

/// Several processes may find no ledger at one moment. While one of them makes the file what it is to be, SQLite turns the others
/// away at once, however long they would wait: they come back.
fn connect(path: &Path) -> Result<Connection, Error> {
    let until = Instant::now() + BUSY_WITHIN;
    loop {
        match connect_once(path) {
            Err(Error::Busy { .. }) if Instant::now() < until => std::thread::sleep(PAUSE),
            connected => return connected,
        }
    }
}

fn connect_once(path: &Path) -> Result<Connection, Error> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let words = |e| failure::read(path, e);
    let mut connection = Connection::open_with_flags(path, flags).map_err(words)?;
    connection.busy_timeout(BUSY_WITHIN).map_err(words)?;
    // Before anything is changed: a file that is not ours is refused untouched.
    migrations::version(path, &connection)?;
    configure(&connection).map_err(words)?;
    migrations::migrate(path, &mut connection)?;
    Ok(connection)
}

fn configure(connection: &Connection) -> Result<(), rusqlite::Error> {
    connection.pragma_update(None, "page_size", PAGE_BYTES)?;
    let mode: String = connection.pragma_query_value(None, "journal_mode", |row| row.get(0))?;
    if mode != "wal" {
        connection.pragma_update(None, "journal_mode", "wal")?;
    }
    // Each commit is on the disk before it is reported: NORMAL would lose the last ones at a power cut.
    connection.pragma_update(None, "synchronous", "full")?;
    connection.pragma_update(None, "cache_size", -CACHE_KIB)?;
    connection.pragma_update(None, "wal_autocheckpoint", CHECKPOINT_AFTER_PAGES)?;
    connection.set_prepared_statement_cache_capacity(32);
    Ok(())
}
