//! Brings a ledger file to the present version, step by step.

use super::failure;
use crate::ledger::Error;
use rusqlite::{Connection, TransactionBehavior};
use std::path::Path;

/// Marks a file as ours: "JDOE" in SQLite's `application_id`.
pub(super) const APPLICATION_ID: i32 = 0x4A44_4F45;

/// Step n brings version n - 1 to version n; a released step is never edited.
const STEPS: &[&str] = &[
    include_str!("../migrations/sqlite/0001_entries.sql"),
    include_str!("../migrations/sqlite/0002_control_numbers.sql"),
    include_str!("../migrations/sqlite/0003_claims.sql"),
    include_str!("../migrations/sqlite/0004_names.sql"),
    include_str!("../migrations/sqlite/0005_watch.sql"),
];

/// Applies what is missing, all or nothing. Refuses files that are not ours or from the future, and leaves them alone.
pub(super) fn migrate(path: &Path, connection: &mut Connection) -> Result<(), Error> {
    if version(path, connection)? == STEPS.len() {
        return Ok(());
    }
    let words = |e| failure::read(path, e);
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(words)?;
    // Asked again under the lock: another process may have done it meanwhile.
    let from = version(path, &transaction)?;
    for step in STEPS.iter().skip(from) {
        transaction.execute_batch(step).map_err(words)?;
    }
    transaction.pragma_update(None, "application_id", APPLICATION_ID).map_err(words)?;
    transaction.pragma_update(None, "user_version", latest()).map_err(words)?;
    transaction.commit().map_err(words)
}

/// How many steps the file has had: 0 where it is empty.
pub(super) fn version(path: &Path, connection: &Connection) -> Result<usize, Error> {
    // in one statement, which sees one state of the file: another process may be making it now
    let asked = "SELECT (SELECT application_id FROM pragma_application_id), (SELECT user_version FROM pragma_user_version), \
                 count(*) FROM sqlite_schema";
    let told = connection.query_row(asked, [], |row| <(i64, i64, i64)>::try_from(row));
    let (application, version, tables) = told.map_err(|e| failure::read(path, e))?;
    if application == 0 && version == 0 && tables == 0 {
        return Ok(0);
    }
    if application != i64::from(APPLICATION_ID) {
        let detail = "a SQLite file of another program".to_owned();
        return Err(Error::NotALedger { path: path.to_owned(), detail });
    }
    match usize::try_from(version) {
        Ok(steps) if steps <= STEPS.len() => Ok(steps),
        _ => Err(Error::TooNew { what: format!("ledger `{}`", path.display()), found: version, known: latest() }),
    }
}

/// Whether nothing is missing.
pub(super) fn is_current(path: &Path, connection: &Connection) -> Result<bool, Error> {
    Ok(version(path, connection)? == STEPS.len())
}

fn latest() -> i64 {
    i64::try_from(STEPS.len()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::STEPS;
    use sha2::{Digest, Sha256};

    /// A released step is what every ledger out there has had. What changes comes as a new step.
    #[test]
    fn released_steps_are_as_they_were_released() {
        let digests: Vec<u64> = STEPS.iter().map(|step| digest_of(step)).collect();
        assert_eq!(
            digests,
            [
                0x1b16_c775_97db_cf45,
                0xa962_d313_8e14_34ed,
                0xb5fc_7e80_bedc_7337,
                0x61d6_aea2_b117_3a59,
                0x8cf9_5062_b478_8fc4
            ]
        );
    }

    /// The first eight bytes of SHA-256.
    fn digest_of(step: &str) -> u64 {
        Sha256::digest(step.as_bytes()).iter().take(8).fold(0, |number, byte| number << 8 | u64::from(*byte))
    }
}
