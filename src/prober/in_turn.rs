//! One event for many probes that are enrolled already, each in its slot, and no more under way than may be.

use super::engine::Engine;
use super::horizon::Goal;
use super::pace::Pace;
use super::streaks::{CutShort, Ended, Streaks};
use super::submit::{carry_out, wall_time};
use super::{Error, watch};
use crate::model::{Event, LifeEvent, ProbeIndex};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio::time::Instant;

/// How fast, and how many at once: the scenario's load and the target's limits; taking out obeys the target's alone.
struct Speed {
    rate_per_second: f64,
    in_flight: u32,
}

impl Speed {
    fn of(engine: &Engine, action: LifeEvent) -> Self {
        let (load, limits) = (&engine.scenario.load, &engine.target.limits);
        let (rate_per_second, in_flight) = (limits.rate_per_second, limits.in_flight.max(1));
        match action {
            LifeEvent::Cancel => Self { rate_per_second, in_flight },
            LifeEvent::Enroll | LifeEvent::ChangeAddress => Self {
                rate_per_second: load.rate_per_second.map_or(rate_per_second, |rate| rate.min(rate_per_second)),
                in_flight: load.in_flight.min(in_flight).max(1),
            },
        }
    }
}

/// What those under way share.
struct Line {
    pace: Pace,
    missed: AtomicU64,
    /// Ends sending where it is no use, or not safe, to go on. Nothing ends taking out.
    streaks: Option<Streaks>,
}

/// Carries the event out for each of them; ends early where the run is stopped, time is up, or a streak of answers says so.
pub(super) async fn in_turn(
    engine: &Arc<Engine>,
    probes: Vec<ProbeIndex>,
    (action, goal): (LifeEvent, Goal),
) -> Result<Option<CutShort>, Error> {
    let Speed { rate_per_second, in_flight } = Speed::of(engine, action);
    let permits = Arc::new(Semaphore::new(in_flight as usize));
    let streaks = || Streaks::new(engine.first_byte.clone(), engine.plan.submission_expected);
    let line = Arc::new(Line {
        pace: Pace::new(Some(rate_per_second), Instant::now()),
        missed: AtomicU64::new(0),
        streaks: (action != LifeEvent::Cancel).then(streaks),
    });
    let mut under_way: JoinSet<Result<(), Error>> = JoinSet::new();
    for (n, probe) in (0u32..).zip(probes) {
        let intended = line.pace.intended(n).unwrap_or_else(Instant::now);
        let turn = async {
            tokio::time::sleep_until(intended).await;
            Arc::clone(&permits).acquire_owned().await.ok()
        };
        let permit = tokio::select! {
            biased;
            () = engine.halt.called() => None,
            permit = turn => permit,
        };
        let Some(permit) = permit.filter(|_| line.cut_short().is_none()) else { break };
        let (engine, line) = (Arc::clone(engine), Arc::clone(&line));
        under_way.spawn(async move {
            let ended = one(&engine, probe, (action, goal), (intended, &line)).await?;
            if let Some(streaks) = &line.streaks {
                streaks.count(&ended);
            }
            drop(permit);
            Ok(())
        });
    }
    while let Some(ended) = under_way.join_next().await {
        ended.map_err(|e| Error::Broken(e.to_string()))??;
    }
    let slots = line.missed.load(Ordering::Relaxed);
    // without a rate of its own the scenario asks for "as fast as allowed": nothing can be missed then
    if slots > 0 && action != LifeEvent::Cancel && engine.scenario.load.rate_per_second.is_some() {
        engine.announce(vec![Event::MissedSlots { slots }]).await?;
    }
    Ok(line.cut_short())
}

impl Line {
    fn cut_short(&self) -> Option<CutShort> {
        self.streaks.as_ref()?.cut_short()
    }
}

async fn one(
    engine: &Engine,
    probe: ProbeIndex,
    (action, goal): (LifeEvent, Goal),
    (intended, line): (Instant, &Line),
) -> Result<Ended, Error> {
    let intended_at = wall_time(engine.now(), intended);
    engine.announce(vec![Event::Sending { probe, action, intended_at, tells_commit: false }]).await?;
    if line.pace.missed(intended, Instant::now()) {
        line.missed.fetch_add(1, Ordering::Relaxed);
    }
    // said of the household as the event leaves it
    let context = engine.context(probe);
    let ended = carry_out(engine, probe, action, (&context, intended)).await?;
    watch::join(engine, probe, goal);
    Ok(ended)
}
