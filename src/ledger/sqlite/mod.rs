//! The ledger in a SQLite file.

mod append;
mod control;
mod failure;
mod migrations;
mod opening;
mod query;
mod reading;
mod watch;
mod writing;

use super::claim::Holder;
use super::same_file::SameFile;
use super::{Claim, Error, Ledger, Row, RunListing, RunLock, Seq, lock};
use crate::model::{Entry, Names, ProbeId, ProbeIndex, RunId, RunPlan};
use rusqlite::Connection;
use std::collections::{BTreeSet, HashMap};
use std::path::{Path, PathBuf};

/// A ledger in a SQLite file, through one connection. Several processes, and several of these in one process, may have
/// the same file open: they read while one writes, and write one after another.
#[derive(Debug)]
pub struct SqliteLedger {
    /// Every link followed.
    path: PathBuf,
    same_file: SameFile,
    /// In whose name it writes.
    claim: Option<Claim>,
    connection: Connection,
    names: Names,
    /// Keys of runs that were written to, so that appending need not ask.
    run_keys: HashMap<RunId, i64>,
}

impl SqliteLedger {
    /// Opens the ledger at this path; creates it, and its folder, where there is none. A ledger of an earlier version
    /// is brought up to date. Fails with `NotDurable` where the path leads to no file of a disk of this machine.
    pub fn open(path: &Path) -> Result<Self, Error> {
        let opening::Opened { path, same_file, connection, names } = opening::open(path)?;
        Ok(Self { path, same_file, claim: None, connection, names, run_keys: HashMap::new() })
    }

    /// Opens a ledger of which nothing is changed, nor beside it: the file may be read-only, and its folder too. Whatever
    /// writes fails with `Unwritable`. Fails with `ReadOnly` where not everything in it could be read so.
    pub fn open_read_only(path: &Path) -> Result<Self, Error> {
        let opening::Opened { path, same_file, connection, names } = reading::open(path)?;
        Ok(Self { path, same_file, claim: None, connection, names, run_keys: HashMap::new() })
    }

    /// Lets the file grow to this many bytes and no further (to the page): writes beyond fail with `Full`.
    pub fn limit_size(&mut self, bytes: u64) -> Result<(), Error> {
        let failure = |e| failure::read(&self.path, e);
        let page: u32 = self.connection.pragma_query_value(None, "page_size", |row| row.get(0)).map_err(failure)?;
        let pages = i64::try_from(bytes / u64::from(page.max(1))).unwrap_or(i64::MAX);
        self.connection.pragma_update_and_check(None, "max_page_count", pages, |_| Ok(())).map_err(failure)
    }
}

impl Ledger for SqliteLedger {
    fn begin_run(&mut self, plan: &RunPlan, header: &serde_json::Value) -> Result<(), Error> {
        append::begin_run(self, plan, header)
    }

    fn append_rows(&mut self, rows: &[Row]) -> Result<Vec<Seq>, Error> {
        append::append_rows(self, rows)
    }

    fn visit_entries(&self, run: &RunId, visit: &mut dyn FnMut(Seq, Entry)) -> Result<(), Error> {
        query::visit_entries(self, run, visit)
    }

    fn entries_of_probe(&self, run: &RunId, probe: ProbeIndex) -> Result<Vec<Entry>, Error> {
        query::entries_of_probe(self, run, probe)
    }

    fn runs(&self) -> Result<Vec<RunListing>, Error> {
        query::runs(self)
    }

    fn run_plan(&self, run: &RunId) -> Result<(RunPlan, serde_json::Value), Error> {
        query::run_plan(self, run)
    }

    fn find_run(&self, name: &str) -> Result<RunId, Error> {
        query::find_run(self, name)
    }

    fn already_read(&self, run: &RunId, waypoint: u16) -> Result<BTreeSet<(String, String)>, Error> {
        query::already_read(self, run, waypoint)
    }

    fn names(&self) -> Names {
        self.names.clone()
    }

    fn open_enrollments(&self) -> Result<Vec<ProbeId>, Error> {
        query::open_enrollments(self)
    }

    fn has_twin(&self, run: &RunId) -> Result<bool, Error> {
        query::has_twin(self, run)
    }

    fn twin_left_residue(&self, run: &RunId) -> Result<bool, Error> {
        query::twin_left_residue(self, run)
    }

    fn twin_ids(&self, run: &RunId) -> Result<Vec<String>, Error> {
        query::twin_ids(self, run)
    }

    fn foreign_ids(&self, except: &RunId) -> Result<Vec<String>, Error> {
        query::foreign_ids(self, except)
    }

    fn take_control_numbers(&mut self, count: u32) -> Result<u32, Error> {
        control::take(self, count)
    }

    fn claim(&self, run: &RunId) -> Result<RunLock, Error> {
        let key = query::run_key(self, run)?;
        lock::claim(&self.path, run, |holder: &Holder| writing::raise(self, (run, key), holder))
    }

    fn write_under(&mut self, claim: Claim) {
        self.claim = Some(claim);
    }

    fn prune(&mut self, run: &RunId) -> Result<(), Error> {
        let _held = self.claim(run)?;
        append::prune(self, run)
    }
}
