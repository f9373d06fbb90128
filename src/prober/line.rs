//! Whatever is sent, one household after another: each in its slot, no more under way than may be, and no further where a streak of
//! answers says so.

use super::Error;
use super::engine::Engine;
use super::pace::{Pace, Permit, is_missed};
use super::streaks::{CutShort, Ended, Streaks};
use crate::model::Event;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use tokio::task::JoinSet;
use tokio::time::Instant;

/// What a line sends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sends {
    /// Enrollments: journeys begin at the scenario's rate.
    Enrollments,
    /// Later steps, as soon as what they wait for holds.
    Changes,
    /// What takes people out, which the target's limits alone hold up.
    Ends,
}

/// A line: slots, places, and flows under way.
pub(super) struct Line<'a> {
    engine: &'a Engine,
    sends: Sends,
    slots: Arc<Slots>,
    under_way: JoinSet<Result<(), Error>>,
    /// Ends sending where it is no use, or not safe, to go on. Nothing ends taking out.
    streaks: Option<Arc<Streaks>>,
}

/// A place among the flows under way.
pub(super) struct Turn {
    /// When the schedule wanted it.
    pub(super) intended: Instant,
    permit: Permit,
}

impl<'a> Line<'a> {
    /// A line whose slots begin now.
    pub(super) fn new(engine: &'a Engine, sends: Sends) -> Self {
        let (load, caps) = (&engine.scenario.load, &engine.target.limits);
        let own_rate = load.rate_per_second.filter(|_| sends == Sends::Enrollments);
        let pace = own_rate.and_then(|rate| Pace::new(rate.min(caps.rate_per_second), Instant::now()));
        let missed = AtomicU64::new(0);
        let streaks = || Arc::new(Streaks::new(engine.first_byte.clone(), engine.plan.submission_expected));
        Self {
            engine,
            sends,
            slots: Arc::new(Slots {
                can_be_missed: load.rate_per_second.is_some() && sends != Sends::Ends,
                pace,
                missed,
            }),
            under_way: JoinSet::new(),
            streaks: (sends != Sends::Ends).then(streaks),
        }
    }

    /// The schedule.
    pub(super) fn slots(&self) -> Arc<Slots> {
        Arc::clone(&self.slots)
    }

    /// Waits for the n-th slot and for a place among the flows under way; `None` where the run is stopped, time is up, or a streak
    /// of answers ends it. A broken ledger ends the run.
    pub(super) async fn next(&mut self, n: u32) -> Result<Option<Turn>, Error> {
        let pacer = &self.engine.pacer;
        let turn = async {
            let intended = match &self.slots.pace {
                Some(pace) => {
                    let intended = pace.intended(n);
                    tokio::time::sleep_until(intended).await;
                    pacer.slot(intended).await;
                    intended
                }
                None => pacer.slot(Instant::now()).await,
            };
            Some(Turn { intended, permit: pacer.place(self.sends == Sends::Ends).await? })
        };
        let turn = tokio::select! {
            biased;
            () = self.engine.halt.called() => None,
            turn = turn => turn,
        };
        while let Some(ended) = self.under_way.try_join_next() {
            ended.map_err(|e| Error::Broken(e.to_string()))??;
        }
        Ok(turn.filter(|_| !self.is_cut()))
    }

    /// Whether a streak of answers says that nothing more is to be sent.
    pub(super) fn is_cut(&self) -> bool {
        self.streaks.as_ref().is_some_and(|streaks| streaks.cut_short().is_some())
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
    /// `None`: as fast as the target allows.
    pace: Option<Pace>,
    /// Where a scenario asks for "as fast as allowed" nothing can be missed.
    can_be_missed: bool,
    missed: AtomicU64,
}

impl Slots {
    /// A flow's intent is written and its first request goes out now: everything that the harness itself takes lies
    /// before this moment (a late timer, a wait for a place in flight, a slow disk), and nothing that the exchange takes.
    pub(super) fn begin(&self, intended: Instant) {
        let slot = self.pace.as_ref().map(Pace::slot).unwrap_or_default();
        if self.can_be_missed && is_missed(slot, intended, Instant::now()) {
            self.missed.fetch_add(1, Ordering::Relaxed);
        }
    }
}
