//! Numbers that are never given twice: ids and X12 control numbers.

use chrono::{DateTime, Utc};
use std::sync::atomic::{AtomicU64, Ordering};

/// Gives out numbers. They begin at the start's second, so that a sandbox started later repeats none of an earlier one's.
#[derive(Debug)]
pub(super) struct Numbers {
    ids: AtomicU64,
    controls: AtomicU64,
}

/// Control numbers have nine digits at most (ISA13).
const CONTROLS: u64 = 999_999_999;

impl Numbers {
    /// Numbers of a sandbox started at this moment.
    pub(super) fn from(started_at: DateTime<Utc>) -> Self {
        let millis = started_at.timestamp_millis().unsigned_abs();
        Self { ids: AtomicU64::new(millis * 1_000), controls: AtomicU64::new(millis / 10) }
    }

    /// An id nobody else has: account, application, member, policy.
    pub(super) fn id(&self) -> String {
        self.ids.fetch_add(1, Ordering::Relaxed).to_string()
    }

    /// A control number, from 1 to 999,999,999.
    pub(super) fn control(&self) -> u32 {
        self.controls(1)
    }

    /// The first of so many control numbers in a row.
    pub(super) fn controls(&self, count: usize) -> u32 {
        let next = self.controls.fetch_add(count as u64, Ordering::Relaxed) % CONTROLS + 1;
        u32::try_from(next).unwrap_or(1)
    }
}

#[cfg(test)]
mod tests {
    use super::Numbers;
    use chrono::DateTime;

    #[test]
    fn a_later_sandbox_repeats_no_id() {
        let early = Numbers::from(DateTime::from_timestamp(1_700_000_000, 0).unwrap());
        let late = Numbers::from(DateTime::from_timestamp(1_700_000_001, 0).unwrap());
        let given: Vec<String> = (0..1_000).map(|_| early.id()).collect();
        assert!(!given.contains(&late.id()));
        assert_ne!(early.control(), early.control());
    }
}
