//! Which flows are under way, for whoever has to wait until they have ended.

use super::engine::locked;
use std::collections::BTreeSet;
use std::sync::Mutex;
use tokio::sync::Notify;

/// Flows under way. A file that is found while a flow runs may hold that flow's enrollment under ids that are not known
/// yet; it is read when the flows that were under way have ended.
#[derive(Debug, Default)]
pub(super) struct Flights {
    open: Mutex<(u64, BTreeSet<u64>)>,
    landed: Notify,
}

impl Flights {
    /// A flow begins; it ends when the guard is dropped.
    pub(super) fn depart(&self) -> Flight<'_> {
        let mut open = locked(&self.open);
        let number = open.0;
        open.0 += 1;
        open.1.insert(number);
        Flight { flights: self, number }
    }

    /// Marks this moment: flows that begin later are not waited for.
    pub(super) fn mark(&self) -> Mark {
        Mark(locked(&self.open).0)
    }

    /// Waits until every flow that was under way at the mark has ended.
    pub(super) async fn landed(&self, Mark(barrier): Mark) {
        loop {
            let landed = self.landed.notified();
            if locked(&self.open).1.first().is_none_or(|oldest| *oldest >= barrier) {
                return;
            }
            landed.await;
        }
    }
}

/// A moment among the departures.
#[derive(Debug, Clone, Copy)]
pub(super) struct Mark(u64);

/// A flow under way.
pub(super) struct Flight<'a> {
    flights: &'a Flights,
    number: u64,
}

impl Drop for Flight<'_> {
    fn drop(&mut self) {
        locked(&self.flights.open).1.remove(&self.number);
        self.flights.landed.notify_waiters();
    }
}

#[cfg(test)]
mod tests {
    use super::Flights;
    use futures_util::FutureExt;

    #[test]
    fn landed_waits_for_older_flows_and_not_for_newer_ones() {
        let flights = Flights::default();
        let old = flights.depart();
        let mut wait = Box::pin(flights.landed(flights.mark()));
        assert!(wait.as_mut().now_or_never().is_none());
        let newer = flights.depart();
        drop(old);
        assert!(wait.now_or_never().is_some());
        drop(newer);
    }
}
