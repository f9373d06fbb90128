//! Who drives a run: one process at a time, in epochs that only grow.

use super::RunLock;
use crate::model::{Entry, RunId, RunPlan};

/// One process's time with a run. Made by [`Ledger::claim`](super::Ledger::claim) alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    pub(super) run: RunId,
    pub(super) epoch: u64,
}

impl Claim {
    /// The run.
    pub fn run(&self) -> &RunId {
        &self.run
    }

    /// 1 for the first process that drove the run, and one more for each after it.
    pub fn epoch(&self) -> u64 {
        self.epoch
    }
}

/// A run in this process's hands, with all that its former drivers wrote: read after it was claimed, so that nobody adds
/// to it. Made by [`Ledger::take_over`](super::Ledger::take_over) alone.
#[derive(Debug)]
pub struct TakenOver {
    pub(super) lock: RunLock,
    pub(super) plan: RunPlan,
    pub(super) entries: Vec<Entry>,
}

impl TakenOver {
    /// The lock that keeps others away, what the run was asked to do, and its entries in their order.
    pub fn into_parts(self) -> (RunLock, RunPlan, Vec<Entry>) {
        (self.lock, self.plan, self.entries)
    }
}

/// Who a process is, as others are told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Holder {
    pub(super) host: String,
    pub(super) process: u32,
}

impl Holder {
    /// This process.
    pub(super) fn this() -> Self {
        let host = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
        Self { host: host.trim().to_owned(), process: std::process::id() }
    }
}

impl std::fmt::Display for Holder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "process {}", self.process)?;
        if self.host.is_empty() { Ok(()) } else { write!(f, " on `{}`", self.host) }
    }
}
