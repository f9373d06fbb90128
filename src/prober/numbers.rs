//! Control numbers of files that are handed over: the ledger counts them.

use crate::exchange::ControlNumbers;
use crate::ledger::Recorder;
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use std::fmt;

/// The ledger's counter.
pub(super) struct LedgerNumbers {
    pub(super) recorder: Recorder,
}

impl ControlNumbers for LedgerNumbers {
    fn take(&self, count: u32) -> BoxFuture<'_, Result<u32, String>> {
        self.recorder.control_numbers(count).map(|taken| taken.map_err(|e| e.to_string())).boxed()
    }
}

impl fmt::Debug for LedgerNumbers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LedgerNumbers").field("run", self.recorder.run()).finish_non_exhaustive()
    }
}
