//! Control numbers of files that are handed over: the ledger counts them.

use crate::clock::Clock;
use crate::exchange::ControlNumbers;
use crate::ledger::Recorder;
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use std::fmt;
use std::sync::Arc;

/// The ledger's counter, and the clock at which a new ledger begins to count.
pub(super) struct LedgerNumbers {
    pub(super) recorder: Recorder,
    pub(super) clock: Arc<dyn Clock>,
}

impl ControlNumbers for LedgerNumbers {
    fn take(&self, count: u32) -> BoxFuture<'_, Result<u32, String>> {
        let now = self.clock.now();
        self.recorder.control_numbers(count, now).map(|taken| taken.map_err(|e| e.to_string())).boxed()
    }
}

impl fmt::Debug for LedgerNumbers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LedgerNumbers").field("run", self.recorder.run()).finish_non_exhaustive()
    }
}
