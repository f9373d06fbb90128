//! The log of a canary: lines that any process may append, in one order.

use super::lock::{self, Held};
use super::sqlite::SqliteLedger;
use super::{Error, Seq, location};
use chrono::{DateTime, Utc};

/// The version in which payloads of the log are written.
pub(super) const WATCH_FORMAT: i64 = 1;

/// One line of a canary's log, as it is stored; what its payload means is its reader's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WatchRow {
    /// When it was written down.
    pub at: DateTime<Utc>,
    /// What kind of thing it tells.
    pub kind: String,
    /// JSON: the rest.
    pub payload: String,
}

/// The log of one canary in a ledger.
#[derive(Debug)]
pub struct WatchLog {
    ledger: SqliteLedger,
    canary: String,
}

/// Held by the one canary that watches with a ledger, until dropped or until its process ends in any way.
#[derive(Debug)]
pub struct WatchLock(#[expect(dead_code, reason = "it is held, and never read")] Held);

impl WatchLog {
    /// Opens the log of a canary, and creates the ledger where there is none.
    pub fn open(location: &str, canary: &str) -> Result<Self, Error> {
        Ok(Self { ledger: location::sqlite(location)?, canary: canary.to_owned() })
    }

    /// The same where there must be a ledger already.
    pub fn open_existing(location: &str, canary: &str) -> Result<Self, Error> {
        Ok(Self { ledger: location::sqlite_existing(location)?, canary: canary.to_owned() })
    }

    /// The same to look at, also where nothing can be written.
    pub fn open_to_read(location: &str, canary: &str) -> Result<Self, Error> {
        Ok(Self { ledger: location::sqlite_to_read(location)?, canary: canary.to_owned() })
    }

    /// The canaries of which a ledger has lines, by name.
    pub fn canaries(location: &str) -> Result<Vec<String>, Error> {
        location::sqlite_to_read(location)?.canaries()
    }

    /// Makes this process the only one that watches with this ledger. Fails with `Watched` where another does.
    pub fn claim(&self) -> Result<WatchLock, Error> {
        lock::claim_watch(self.ledger.path()).map(WatchLock)
    }

    /// Appends lines, all or none, where the last line of this canary is `after`; durable on return. Gives the number of the last one,
    /// and none where another process has appended a line since: then nothing is written.
    pub fn append(&mut self, after: Seq, rows: &[WatchRow]) -> Result<Option<Seq>, Error> {
        self.ledger.append_watch(&self.canary, after, rows)
    }

    /// Shows the lines after one, in their order. The first is after `Seq(0)`.
    pub fn visit(&self, after: Seq, visit: &mut dyn FnMut(Seq, WatchRow)) -> Result<(), Error> {
        self.ledger.visit_watch(&self.canary, after, visit)
    }
}
