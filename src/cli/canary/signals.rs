//! What a canary hears from the system: to read its file again, and to end.

use crate::cli::drive::next_signal;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

/// SIGHUP.
const HANGUP: u8 = 1;

/// What was heard.
#[derive(Clone, Default)]
pub(super) struct Signals {
    pub(super) end: CancellationToken,
    pub(super) reload: Arc<Notify>,
    number: Arc<AtomicU8>,
}

impl Signals {
    /// Listens from now on. `stays`: SIGHUP has the file read again; otherwise it ends the process, as a closed terminal does.
    pub(super) fn listen(stays: bool) -> Self {
        let signals = Self::default();
        let heard = signals.clone();
        tokio::spawn(async move {
            loop {
                match next_signal().await {
                    HANGUP if stays => heard.reload.notify_one(),
                    number if heard.number.swap(number, Ordering::Relaxed) != 0 => {
                        // asked a second time: at once
                        std::process::exit(128 + i32::from(number));
                    }
                    _ => heard.end.cancel(),
                }
            }
        });
        signals
    }

    /// The signal that ended it, where one did.
    pub(super) fn ended_by(&self) -> Option<u8> {
        Some(self.number.load(Ordering::Relaxed)).filter(|number| *number != 0)
    }
}
