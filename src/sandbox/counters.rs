//! How often each household was enrolled: what a test of "nothing is sent twice" counts.

use serde::Serialize;
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

/// What came for one household, by its marker. Answers repeated for an idempotency key count under `repeats` only.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Applications made.
    pub applications: u32,
    /// Enrollments made (also those whose answer was an error, or never came).
    pub enrollments: u32,
    /// Policies cancelled.
    pub cancellations: u32,
    /// Requests with an idempotency key that was known already.
    pub repeats: u32,
}

/// Counts of every household.
#[derive(Debug, Default)]
pub(super) struct Counters(Mutex<BTreeMap<String, Counts>>);

impl Counters {
    /// Changes a household's counts.
    pub(super) fn count(&self, marker: &str, change: impl FnOnce(&mut Counts)) {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match counts.get_mut(marker) {
            Some(counts) => change(counts),
            None => change(counts.entry(marker.to_owned()).or_default()),
        }
    }

    /// All counts so far.
    pub(super) fn all(&self) -> BTreeMap<String, Counts> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
