//! What SQLite's result codes mean to somebody who keeps a ledger.

use crate::ledger::Error;
use crate::ledger::FORMAT;
use crate::ledger::found::Unreadable;
use crate::ledger::{place, private};
use rusqlite::ErrorCode;
use std::path::Path;

/// Words for a failure of SQLite.
pub(super) fn read(path: &Path, error: rusqlite::Error) -> Error {
    let (path, detail) = (path.to_owned(), error.to_string());
    // A quota and a limit on the size of files are told by a code that SQLite reports as a failed write.
    if error.sqlite_error().is_some_and(|e| e.extended_code == rusqlite::ffi::SQLITE_IOERR_WRITE) {
        return Error::Full { path };
    }
    match error.sqlite_error_code() {
        Some(ErrorCode::DiskFull) => Error::Full { path },
        // SQLite does not say why it could not make or lengthen a file.
        Some(ErrorCode::CannotOpen | ErrorCode::SystemIoFailure) if private::is_full(place::folder_of(&path)) => {
            Error::Full { path }
        }
        Some(ErrorCode::CannotOpen | ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => {
            Error::Unwritable { path, detail }
        }
        Some(ErrorCode::NotADatabase) => Error::NotALedger { path, detail },
        Some(ErrorCode::DatabaseCorrupt) => Error::Corrupt { path, detail },
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Error::Busy { path },
        _ => Error::other(path, error),
    }
}

/// Words for a stored entry, or plan, that cannot be understood.
pub(super) fn unreadable(path: &Path, what: &str, why: Unreadable) -> Error {
    match why {
        Unreadable::TooNew(found) => {
            Error::TooNew { what: format!("{what} in ledger `{}`", path.display()), found, known: FORMAT }
        }
        Unreadable::Damaged(detail) => Error::Corrupt { path: path.to_owned(), detail: format!("{what}: {detail}") },
    }
}
