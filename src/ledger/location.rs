//! Where a ledger is: a path, or an address with a scheme.

use super::sqlite::SqliteLedger;
use super::{Error, Ledger, place};
use std::path::PathBuf;

/// Opens the ledger at a path or `sqlite:PATH`, and creates it (with its folder) where there is none. Other schemes
/// fail with `Unsupported`.
pub fn open(location: &str) -> Result<Box<dyn Ledger>, Error> {
    Ok(Box::new(sqlite(location)?))
}

/// Opens the ledger at a path or `sqlite:PATH`; fails with `NoLedger` where there is none.
pub fn open_existing(location: &str) -> Result<Box<dyn Ledger>, Error> {
    Ok(Box::new(sqlite_existing(location)?))
}

/// Opens a ledger to look at: one that cannot be written, such as a copy on a read-only medium or another person's, or that has a
/// second name, is read as it lies. Fails with `NoLedger` where there is none.
pub fn open_to_read(location: &str) -> Result<Box<dyn Ledger>, Error> {
    Ok(Box::new(sqlite_to_read(location)?))
}

pub(super) fn sqlite(location: &str) -> Result<SqliteLedger, Error> {
    SqliteLedger::open(&path_of(location)?)
}

pub(super) fn sqlite_existing(location: &str) -> Result<SqliteLedger, Error> {
    let path = path_of(location)?;
    match place::resolve(&path) {
        Ok(resolved) if resolved.exists() => {}
        Err(refused @ Error::NotDurable { .. }) => return Err(refused),
        _ => return Err(Error::NoLedger { path }),
    }
    SqliteLedger::open(&path)
}

pub(super) fn sqlite_to_read(location: &str) -> Result<SqliteLedger, Error> {
    match sqlite_existing(location) {
        Err(Error::Unwritable { .. } | Error::Full { .. } | Error::NotDurable { .. }) => {
            SqliteLedger::open_read_only(&path_of(location)?)
        }
        opened => opened,
    }
}

/// Whether a ledger could be kept there, without making it: fails with `NotDurable` where the location leads to no file of a disk of
/// this machine.
pub fn check_place(location: &str) -> Result<(), Error> {
    match place::resolve(&path_of(location)?) {
        Err(refused @ Error::NotDurable { .. }) => Err(refused),
        // There is no folder yet, or none that can be looked into now.
        _ => Ok(()),
    }
}

/// The file that a location names. A scheme is letters before `://`; everything else is a path, also `C:\ledger.db`.
fn path_of(location: &str) -> Result<PathBuf, Error> {
    if let Some(path) = location.strip_prefix("sqlite://").or_else(|| location.strip_prefix("sqlite:")) {
        return Ok(PathBuf::from(path));
    }
    match location.split_once("://") {
        None => Ok(PathBuf::from(location)),
        Some((scheme, rest)) => Err(Error::Unsupported { location: format!("{scheme}://{}", without_password(rest)) }),
    }
}

fn without_password(rest: &str) -> &str {
    rest.rsplit_once('@').map_or(rest, |(_, host)| host)
}

#[cfg(test)]
mod tests {
    use super::{PathBuf, path_of};

    #[test]
    fn paths_and_sqlite_addresses_name_files() {
        for (location, path) in [
            ("a/b.db", "a/b.db"),
            ("sqlite:a.db", "a.db"),
            ("sqlite:///var/a.db", "/var/a.db"),
            ("C:\\a.db", "C:\\a.db"),
        ] {
            assert_eq!(path_of(location).unwrap(), PathBuf::from(path));
        }
    }

    #[test]
    fn another_database_is_refused_without_showing_its_password() {
        let refusal = path_of("postgres://joe:s3cret@db/x").unwrap_err().to_string();
        assert!(refusal.contains("postgres://db/x") && refusal.contains("SQLite files only"), "{refusal}");
        assert!(!refusal.contains("s3cret"), "{refusal}");
    }
}
