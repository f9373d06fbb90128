//! The durable, append-only record of everything that was done and seen.
//!
//! A ledger is one SQLite file (beside it SQLite's own `-wal` and `-shm`, and a folder `.locks` with a file per run
//! that is being driven). Its tables: `run` (one line per run, with its plan), `entry` (what happened, in order, as
//! versioned JSON with a few columns to find it by), `enrollment` (where each probe's enrollment stands, for
//! sweeping), `assigned_id` (ids that the exchange gave), `claim` (who drives each run, in which epoch) and `watch` (the
//! lines of canaries). `migrations/sqlite` has them with a comment for each column.
//!
//! [`Ledger`] has the verbs, [`WatchLog`] those of a canary's lines; [`Recorder`] writes from async code, many entries per commit.

mod claim;
mod entry;
mod error;
mod found;
mod location;
mod lock;
mod moment;
mod names;
mod payload;
mod place;
mod private;
mod queue;
mod recorder;
mod same_file;
mod sqlite;
mod verbs;
mod watch_log;

pub use claim::{Claim, TakenOver};
pub use entry::{FORMAT, Row};
pub use error::Error;
pub use location::{check_place, open, open_existing, open_to_read};
pub use lock::RunLock;
pub use recorder::{Recorder, Twins};
pub use sqlite::SqliteLedger;
pub use verbs::{EnrollmentCounts, Ledger, RunListing, RunState, Seq};
pub use watch_log::{WatchLock, WatchLog, WatchRow};
