//! The open model: slots at a fixed rate, whatever the answers take.

use crate::clock::spacing;
use std::time::Duration;
use tokio::time::Instant;

/// Longer than any run lasts: a hundred years.
const NEVER: Duration = Duration::from_hours(24 * 365 * 100);

/// Moments at which submissions are wanted.
#[derive(Debug, Clone)]
pub(super) struct Pace {
    began_at: Instant,
    /// Distance of two slots; `None`: as fast as the in-flight cap allows.
    slot: Option<Duration>,
}

impl Pace {
    /// Slots from now on.
    pub(super) fn new(rate_per_second: Option<f64>, began_at: Instant) -> Self {
        let slot = rate_per_second.filter(|rate| *rate > 0.0).map(spacing);
        Self { began_at, slot }
    }

    /// When the n-th submission (from 0) is wanted; without a rate, at once.
    pub(super) fn intended(&self, n: u32) -> Option<Instant> {
        let slot = self.slot?;
        // a moment that lies beyond what can be counted is one that never comes
        Some(self.began_at.checked_add(slot.saturating_mul(n)).unwrap_or(self.began_at + NEVER))
    }

    /// Whether a submission that starts now has missed its slot: it is late by more than one slot, and by more than the
    /// scheduling noise of a busy machine (50 ms).
    pub(super) fn missed(&self, intended: Instant, now: Instant) -> bool {
        let allowance = self.slot.unwrap_or_default().max(Duration::from_millis(50));
        now.saturating_duration_since(intended) > allowance
    }
}

#[cfg(test)]
mod tests {
    use super::{Duration, Instant, Pace};

    #[tokio::test(start_paused = true)]
    async fn slots_keep_the_rate_and_lateness_is_seen() {
        let start = Instant::now();
        let pace = Pace::new(Some(4.0), start);
        assert_eq!(pace.intended(8), Some(start + Duration::from_secs(2)));
        assert!(!pace.missed(start, start + Duration::from_millis(250)));
        assert!(pace.missed(start, start + Duration::from_millis(251)));
        assert_eq!(Pace::new(None, start).intended(3), None);
        for rate in [1e-18 / 3_600.0, f64::MIN_POSITIVE, 1e300] {
            let pace = Pace::new(Some(rate), start);
            assert!(pace.intended(u32::MAX) >= Some(start), "{rate}");
        }
    }
}
