//! What is shown of a canary while it works, without holding it up.

use super::Status;
use std::sync::{Arc, Mutex, PoisonError};

/// The last state that was shown; clones show the same.
#[derive(Debug, Clone, Default)]
pub struct Mirror(Arc<Mutex<Option<Arc<Status>>>>);

impl Mirror {
    /// Shows this from now on.
    pub(super) fn show(&self, status: Status) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(Arc::new(status));
    }

    /// What is shown; none before the first pass.
    pub fn shown(&self) -> Option<Arc<Status>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
