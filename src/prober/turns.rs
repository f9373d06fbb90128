//! One look at a time for each household at a waypoint: of two answers whose looks overlap nobody knows which state was the later one.

use super::engine::locked;
use crate::model::ProbeIndex;
use std::collections::HashSet;
use std::sync::Mutex;
use tokio::sync::Notify;

/// Whose turn it is.
#[derive(Debug, Default)]
pub(super) struct Turns {
    taken: Mutex<HashSet<ProbeIndex>>,
    ended: Notify,
}

impl Turns {
    /// Waits until no other look for the probe is under way. The turn ends when the guard is dropped.
    pub(super) async fn of(&self, probe: ProbeIndex) -> Turn<'_> {
        loop {
            let mut ended = std::pin::pin!(self.ended.notified());
            ended.as_mut().enable();
            if locked(&self.taken).insert(probe) {
                return Turn { turns: self, probe };
            }
            ended.await;
        }
    }
}

/// A look under way.
pub(super) struct Turn<'a> {
    turns: &'a Turns,
    probe: ProbeIndex,
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        locked(&self.turns.taken).remove(&self.probe);
        self.turns.ended.notify_waiters();
    }
}

#[cfg(test)]
mod tests {
    use super::Turns;
    use crate::model::ProbeIndex;
    use futures_util::FutureExt;

    #[test]
    fn who_is_looked_for_waits_for_the_look_before_and_nobody_elses_does() {
        let turns = Turns::default();
        let first = turns.of(ProbeIndex(1)).now_or_never().expect("a turn");
        assert!(turns.of(ProbeIndex(2)).now_or_never().is_some());
        let mut next = Box::pin(turns.of(ProbeIndex(1)));
        assert!(next.as_mut().now_or_never().is_none());
        drop(first);
        assert!(next.now_or_never().is_some());
    }
}
