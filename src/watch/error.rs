//! What can go wrong with a canary, beside what goes wrong with its runs.

use crate::ledger;

/// Why a canary cannot go on.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The ledger gave way.
    #[error(transparent)]
    Ledger(#[from] ledger::Error),
    /// A line of its own log cannot be read.
    #[error(
        "line {line} of the canary's log cannot be read ({why}); it was written by another version, or the ledger is damaged: name \
         another with `--ledger`"
    )]
    Unreadable {
        /// Its number.
        line: i64,
        /// Why.
        why: String,
    },
    /// What is configured cannot work.
    #[error("{0}")]
    Setup(String),
    /// A part of this program failed.
    #[error("the canary failed: {0}")]
    Broken(String),
}
