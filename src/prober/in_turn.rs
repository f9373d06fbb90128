//! One event for one household that is enrolled already, and for many of them in turn.

use super::engine::Engine;
use super::line::{Line, Sends, Slots};
use super::streaks::Ended;
use super::submit::{carry_out, wall_time};
use super::{Error, watch};
use crate::life;
use crate::model::{Event, JourneyStep, ProbeIndex};
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;

/// Takes each of them out; ends early where the run is stopped or time is up.
pub(super) async fn take_out_in_turn(engine: &Arc<Engine>, probes: Vec<ProbeIndex>) -> Result<(), Error> {
    let mut line = Line::new(engine, Sends::Ends);
    for (n, probe) in (0u32..).zip(probes) {
        let Some(turn) = line.next(n).await? else { break };
        let (engine, slots, intended) = (Arc::clone(engine), line.slots(), turn.intended);
        line.send(turn, async move {
            let end = (JourneyStep::CANCEL, Duration::ZERO);
            one(&engine, probe, end, (intended, &slots)).await.map(Some)
        });
    }
    line.finish().await.map(drop)
}

/// Writes down that a step is sent, sends it, and writes down the answer; from then on its records are looked for. `late_by`: so long
/// before its slot it was to be sent; what the target's own limits hold up after that is not counted.
pub(super) async fn one(
    engine: &Engine,
    probe: ProbeIndex,
    (step, late_by): (JourneyStep, Duration),
    (intended, slots): (Instant, &Slots),
) -> Result<Ended, Error> {
    let wanted = intended.checked_sub(late_by).unwrap_or(intended);
    let intended_at = wall_time(engine.now(), wanted);
    if life::turns_policies(step.event) {
        // what never came, and whether an end was ever carried out, is told by how things stood until now: of what ends here, or goes on
        // as another policy, no later look says it
        engine.settle_looks(probe).await?;
    }
    engine.announce(vec![Event::Sending { probe, action: step, intended_at, tells_commit: false }]).await?;
    slots.begin(intended);
    // said of the household as the event leaves it
    let context = engine.context(probe);
    let ended = carry_out(engine, probe, step, (&context, intended)).await?;
    watch::join(engine, probe, step);
    Ok(ended)
}
