//! One event for many probes that are enrolled already.

use super::engine::Engine;
use super::line::{Line, Slots};
use super::streaks::{CutShort, Ended};
use super::submit::{carry_out, wall_time};
use super::{Error, watch};
use crate::model::{Event, JourneyStep, ProbeIndex};
use std::sync::Arc;
use tokio::time::Instant;

/// Carries the event out for each of them; ends early where the run is stopped, time is up, or a streak of answers says so.
/// Returns why, where it was the answers.
pub(super) async fn in_turn(
    engine: &Arc<Engine>,
    probes: Vec<ProbeIndex>,
    action: JourneyStep,
) -> Result<Option<CutShort>, Error> {
    let mut line = Line::new(engine, action);
    for (n, probe) in (0u32..).zip(probes) {
        let Some(turn) = line.next(n).await? else { break };
        let (engine, slots, intended) = (Arc::clone(engine), line.slots(), turn.intended);
        line.send(turn, async move { one(&engine, probe, action, (intended, &slots)).await.map(Some) });
    }
    line.finish().await
}

async fn one(
    engine: &Engine,
    probe: ProbeIndex,
    action: JourneyStep,
    (intended, slots): (Instant, &Slots),
) -> Result<Ended, Error> {
    let intended_at = wall_time(engine.now(), intended);
    engine.announce(vec![Event::Sending { probe, action, intended_at, tells_commit: false }]).await?;
    slots.begin(intended);
    // said of the household as the event leaves it
    let context = engine.context(probe);
    let ended = carry_out(engine, probe, action, (&context, intended)).await?;
    watch::join(engine, probe, action);
    Ok(ended)
}
