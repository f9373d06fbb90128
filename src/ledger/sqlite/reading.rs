//! Opens a ledger that can be read and not written, without leaving a trace.

use super::opening::{BUSY_WITHIN, Opened, names};
use super::{failure, migrations};
use crate::ledger::same_file::{SameFile, beside, identity};
use crate::ledger::{Error, place};
use rusqlite::{Connection, OpenFlags};
use std::fmt::Write as _;
use std::path::Path;

/// Opens what is there; nothing is created, migrated or moved out of the write-ahead log.
pub(super) fn open(path: &Path) -> Result<Opened, Error> {
    let resolved = place::resolve_to_read(path)?;
    let before = identity(&resolved).ok_or_else(|| Error::NoLedger { path: resolved.clone() })?;
    let connection = match connect(&resolved, &resolved, OpenFlags::empty()) {
        Err(refused @ (Error::Unwritable { .. } | Error::Full { .. })) => as_it_lies(&resolved, refused)?,
        connected => connected?,
    };
    let same_file = SameFile::remember(&resolved, before)?;
    let names = names(&connection).map_err(|e| failure::read(&resolved, e))?;
    Ok(Opened { path: resolved, same_file, connection, names })
}

/// Takes the file for one that nobody changes. SQLite needs a file beside a ledger even to read it, to agree with writers
/// on who is where in the write-ahead log; where the folder or the disk takes none, nobody with our rights writes there either. What
/// lies in that log would be passed over so, and half a ledger is not told for a whole one.
fn as_it_lies(path: &Path, first: Error) -> Result<Connection, Error> {
    let refused = |why: String| Error::ReadOnly { path: path.to_owned(), why };
    let log = beside(path, "-wal");
    if std::fs::metadata(&log).is_ok_and(|found| found.len() > 0) {
        return Err(refused(format!(
            "its last entries lie in `{}`, to be read only where that can be written",
            log.display()
        )));
    }
    match connect(path, Path::new(&address(path)), OpenFlags::SQLITE_OPEN_URI) {
        Err(Error::Unwritable { detail, .. }) => Err(refused(detail)),
        Err(Error::Full { .. }) => Err(first),
        connected => connected,
    }
}

fn connect(path: &Path, name: &Path, flags: OpenFlags) -> Result<Connection, Error> {
    let words = |e| failure::read(path, e);
    let flags = flags | OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(name, flags).map_err(words)?;
    connection.busy_timeout(BUSY_WITHIN).map_err(words)?;
    if !migrations::is_current(path, &connection)? {
        let why = "it is of an earlier version of johndoe, and is brought up to date before it is read".to_owned();
        return Err(Error::ReadOnly { path: path.to_owned(), why });
    }
    Ok(connection)
}

/// The file's address, as SQLite takes it; every byte that could mean something in an address is written out.
fn address(path: &Path) -> String {
    let mut address = "file:".to_owned();
    for byte in path.as_os_str().as_encoded_bytes() {
        match byte {
            b'/' | b'.' | b'-' | b'_' | b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' => address.push(char::from(*byte)),
            byte => {
                // Writing to memory does not fail.
                let _ = write!(address, "%{byte:02X}");
            }
        }
    }
    address + "?mode=ro&immutable=1"
}

#[cfg(test)]
mod tests {
    use super::{Path, address};

    #[test]
    fn no_character_of_a_path_means_anything_in_an_address() {
        let address = address(Path::new("/a b/50%/is it?/#1/l-2.db"));
        assert_eq!(address, "file:/a%20b/50%25/is%20it%3F/%231/l-2.db?mode=ro&immutable=1");
    }
}
