//! The open model: slots at a fixed rate, whatever the answers take; and the target's own limits, which all that is sent obeys together.

use super::engine::locked;
use crate::clock::spacing;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::Instant;

/// Longer than any run lasts: a hundred years.
const NEVER: Duration = Duration::from_hours(24 * 365 * 100);

/// Moments at which journeys are to begin.
#[derive(Debug, Clone)]
pub(super) struct Pace {
    began_at: Instant,
    /// Distance of two slots.
    slot: Duration,
}

impl Pace {
    /// Slots from this moment on; `None` for what is no rate.
    pub(super) fn new(rate_per_second: f64, began_at: Instant) -> Option<Self> {
        (rate_per_second > 0.0).then(|| Self { began_at, slot: spacing(rate_per_second) })
    }

    /// When the n-th journey (from 0) is to begin.
    pub(super) fn intended(&self, n: u32) -> Instant {
        // a moment that lies beyond what can be counted is one that never comes
        self.began_at.checked_add(self.slot.saturating_mul(n)).unwrap_or(self.began_at + NEVER)
    }

    /// Distance of two slots.
    pub(super) fn slot(&self) -> Duration {
        self.slot
    }
}

/// Whether a flow that begins now has missed its moment: it is late by more than one slot, and by more than the scheduling noise of a
/// busy machine (50 ms).
pub(super) fn is_missed(slot: Duration, intended: Instant, now: Instant) -> bool {
    now.saturating_duration_since(intended) > slot.max(Duration::from_millis(50))
}

/// What the target allows, and how much of a scenario may be under way: one for everything that a run sends.
#[derive(Debug)]
pub(super) struct Pacer {
    /// Distance of two slots that the target allows.
    slot: Duration,
    free_at: Mutex<Instant>,
    of_target: Arc<Semaphore>,
    of_scenario: Arc<Semaphore>,
}

/// A place among the flows under way.
#[derive(Debug)]
pub(super) struct Permit {
    _of_target: OwnedSemaphorePermit,
    _of_scenario: Option<OwnedSemaphorePermit>,
}

impl Pacer {
    /// For a target that takes so many flows a second and at once, and a scenario that wants so many at once.
    pub(super) fn new(rate_per_second: f64, in_flight: u32, of_scenario: u32) -> Self {
        let places = |most: u32| Arc::new(Semaphore::new(most.max(1) as usize));
        let (of_target, of_scenario) = (places(in_flight), places(of_scenario));
        Self { slot: spacing(rate_per_second), free_at: Mutex::new(Instant::now()), of_target, of_scenario }
    }

    /// The next free slot at or after a moment that has come, waited for.
    pub(super) async fn slot(&self, wanted: Instant) -> Instant {
        let slot = {
            let mut free_at = locked(&self.free_at);
            let slot = wanted.max(*free_at);
            *free_at = slot.checked_add(self.slot).unwrap_or(slot + NEVER);
            slot
        };
        tokio::time::sleep_until(slot).await;
        slot
    }

    /// A place among the flows under way; taking out obeys the target's limit alone.
    pub(super) async fn place(&self, takes_out: bool) -> Option<Permit> {
        let of_scenario =
            if takes_out { None } else { Some(Arc::clone(&self.of_scenario).acquire_owned().await.ok()?) };
        Some(Permit { _of_target: Arc::clone(&self.of_target).acquire_owned().await.ok()?, _of_scenario: of_scenario })
    }
}

#[cfg(test)]
mod tests {
    use super::{Duration, Instant, Pace, Pacer, is_missed};
    use futures_util::FutureExt;

    #[tokio::test(start_paused = true)]
    async fn slots_keep_the_rate_and_lateness_is_seen() {
        let start = Instant::now();
        let pace = Pace::new(4.0, start).unwrap();
        assert_eq!(pace.intended(8), start + Duration::from_secs(2));
        assert!(!is_missed(pace.slot(), start, start + Duration::from_millis(250)));
        assert!(is_missed(pace.slot(), start, start + Duration::from_millis(251)));
        assert!(Pace::new(0.0, start).is_none());
        for rate in [1e-18 / 3_600.0, f64::MIN_POSITIVE, 1e300] {
            assert!(Pace::new(rate, start).unwrap().intended(u32::MAX) >= start, "{rate}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn the_target_is_never_asked_faster_than_it_allows_whoever_asks() {
        let (pacer, start) = (Pacer::new(10.0, 2, 1), Instant::now());
        let slot = Duration::from_millis(100);
        // a late start does not move the slots after it
        assert_eq!(pacer.slot(start).await, start);
        tokio::time::advance(Duration::from_millis(105)).await;
        assert_eq!(pacer.slot(start + slot).await, start + slot);
        assert_eq!(pacer.slot(Instant::now()).await, start + 2 * slot);
        // what was not used is gone
        tokio::time::advance(Duration::from_secs(1)).await;
        let now = Instant::now();
        assert_eq!(pacer.slot(now).await, now);
        assert_eq!(pacer.slot(now).await, now + slot);
    }

    #[tokio::test]
    async fn a_scenario_has_its_own_places_and_taking_out_only_the_targets() {
        let pacer = Pacer::new(10.0, 2, 1);
        let one = pacer.place(false).now_or_never().flatten();
        assert!(one.is_some());
        assert!(pacer.place(false).now_or_never().is_none(), "the scenario wants one at once");
        let other = pacer.place(true).now_or_never().flatten();
        assert!(other.is_some());
        assert!(pacer.place(true).now_or_never().is_none(), "the target takes two");
        drop(one);
        assert!(pacer.place(false).now_or_never().flatten().is_some());
    }
}
