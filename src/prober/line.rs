//! Whatever is sent, one household after another: each in its slot, no more under way than may be, and no further where a streak of
//! answers says so.

use super::Error;
use super::engine::Engine;
use super::pace::Pace;
use super::streaks::{CutShort, Ended, Streaks};
use crate::model::{Event, JourneyStep, LifeEvent};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::JoinSet;
use tokio::time::Instant;

/// The line of one event: slots, permits, and flows under way.
pub(super) struct Line<'a> {
    engine: &'a Engine,
    slots: Arc<Slots>,
    permits: Arc<Semaphore>,
    under_way: JoinSet<Result<(), Error>>,
    /// Ends sending where it is no use, or not safe, to go on. Nothing ends taking out.
    streaks: Option<Arc<Streaks>>,
}

/// A place among the flows under way.
pub(super) struct Turn {
    /// When the schedule wanted it.
    pub(super) intended: Instant,
    permit: OwnedSemaphorePermit,
}

impl<'a> Line<'a> {
    /// A line whose slots begin now: at the scenario's load and within the target's limits; taking out obeys the target's alone.
    pub(super) fn new(engine: &'a Engine, action: JourneyStep) -> Self {
        let (load, caps) = (&engine.scenario.load, &engine.target.limits);
        let takes_out = action.event == LifeEvent::Cancel;
        let own_rate = load.rate_per_second.filter(|_| !takes_out);
        let rate = own_rate.map_or(caps.rate_per_second, |rate| rate.min(caps.rate_per_second));
        let in_flight = if takes_out { caps.in_flight } else { load.in_flight.min(caps.in_flight) };
        let streaks = || Arc::new(Streaks::new(engine.first_byte.clone(), engine.plan.submission_expected));
        Self {
            engine,
            slots: Arc::new(Slots {
                pace: Pace::new(Some(rate), Instant::now()),
                // Without a rate of its own the scenario asks for "as fast as allowed": nothing can be missed then.
                can_be_missed: own_rate.is_some(),
                missed: AtomicU64::new(0),
            }),
            permits: Arc::new(Semaphore::new(in_flight.max(1) as usize)),
            under_way: JoinSet::new(),
            streaks: (!takes_out).then(streaks),
        }
    }

    /// The schedule.
    pub(super) fn slots(&self) -> Arc<Slots> {
        Arc::clone(&self.slots)
    }

    /// Waits for the n-th slot and for a place among the flows under way; `None` where the run is stopped, time is up, or a streak
    /// of answers ends it. A broken ledger ends the run.
    pub(super) async fn next(&mut self, n: u32) -> Result<Option<Turn>, Error> {
        let intended = self.slots.pace.intended(n).unwrap_or_else(Instant::now);
        let permit = async {
            tokio::time::sleep_until(intended).await;
            Arc::clone(&self.permits).acquire_owned().await.ok()
        };
        let permit = tokio::select! {
            biased;
            () = self.engine.halt.called() => None,
            permit = permit => permit,
        };
        while let Some(ended) = self.under_way.try_join_next() {
            ended.map_err(|e| Error::Broken(e.to_string()))??;
        }
        let is_cut = self.streaks.as_ref().is_some_and(|streaks| streaks.cut_short().is_some());
        Ok(permit.filter(|_| !is_cut).map(|permit| Turn { intended, permit }))
    }

    /// Lets a flow go: `None` of it is one that was not begun, and counts in no streak.
    pub(super) fn send(
        &mut self,
        turn: Turn,
        flow: impl Future<Output = Result<Option<Ended>, Error>> + Send + 'static,
    ) {
        let streaks = self.streaks.clone();
        self.under_way.spawn(async move {
            let ended = flow.await?;
            // whoever gets the place next has heard of it
            if let (Some(streaks), Some(ended)) = (streaks, ended) {
                streaks.count(&ended);
            }
            drop(turn.permit);
            Ok(())
        });
    }

    /// Waits for the flows under way and writes down what the line came to. Returns why it stopped early, where it did.
    pub(super) async fn finish(mut self) -> Result<Option<CutShort>, Error> {
        while let Some(ended) = self.under_way.join_next().await {
            ended.map_err(|e| Error::Broken(e.to_string()))??;
        }
        let slots = self.slots.missed.load(Ordering::Relaxed);
        if slots > 0 {
            self.engine.announce(vec![Event::MissedSlots { slots }]).await?;
        }
        Ok(self.streaks.and_then(|streaks| streaks.at_the_end()))
    }
}

/// The schedule, and how many of its slots were missed.
pub(super) struct Slots {
    pace: Pace,
    can_be_missed: bool,
    missed: AtomicU64,
}

impl Slots {
    /// A flow's intent is written and its first request goes out now: everything that the harness itself takes lies
    /// before this moment (a late timer, a wait for a place in flight, a slow disk), and nothing that the exchange takes.
    pub(super) fn begin(&self, intended: Instant) {
        if self.can_be_missed && self.pace.missed(intended, Instant::now()) {
            self.missed.fetch_add(1, Ordering::Relaxed);
        }
    }
}
