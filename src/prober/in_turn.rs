//! One event for many probes that are enrolled already: at the target's rate, and no more under way than it allows.

use super::engine::Engine;
use super::horizon::Goal;
use super::submit::{carry_out, wall_time};
use super::{Error, watch};
use crate::clock::spacing;
use crate::model::{Event, LifeEvent, ProbeIndex};
use std::sync::Arc;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio::time::Instant;

/// Carries the event out for each of them; ends early where the run is stopped or time is up.
pub(super) async fn in_turn(
    engine: &Arc<Engine>,
    probes: Vec<ProbeIndex>,
    (action, goal): (LifeEvent, Goal),
) -> Result<(), Error> {
    let permits = Arc::new(Semaphore::new(engine.target.limits.in_flight.max(1) as usize));
    let slot = spacing(engine.target.limits.rate_per_second);
    let began = Instant::now();
    let mut under_way: JoinSet<Result<(), Error>> = JoinSet::new();
    for (n, probe) in (0u32..).zip(probes) {
        let turn = async {
            tokio::time::sleep_until(began + slot.saturating_mul(n)).await;
            Arc::clone(&permits).acquire_owned().await.ok()
        };
        let permit = tokio::select! {
            biased;
            () = engine.halt.called() => None,
            permit = turn => permit,
        };
        let Some(permit) = permit else { break };
        let engine = Arc::clone(engine);
        under_way.spawn(async move {
            one(&engine, probe, (action, goal)).await?;
            drop(permit);
            Ok(())
        });
    }
    while let Some(ended) = under_way.join_next().await {
        ended.map_err(|e| Error::Broken(e.to_string()))??;
    }
    Ok(())
}

async fn one(engine: &Engine, probe: ProbeIndex, (action, goal): (LifeEvent, Goal)) -> Result<(), Error> {
    let intended = Instant::now();
    let intended_at = wall_time(engine.now(), intended);
    engine.announce(vec![Event::Sending { probe, action, intended_at, tells_commit: false }]).await?;
    // said of the household as the event leaves it
    let context = engine.context(probe);
    carry_out(engine, probe, action, (&context, intended)).await?;
    watch::join(engine, probe, goal);
    Ok(())
}
