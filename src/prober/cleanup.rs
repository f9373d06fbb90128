//! Phase three: takes the synthetic people out again. What was sent and never answered is cancelled too, as soon as
//! anything told its ids.

use super::engine::Engine;
use super::horizon::Goal;
use super::submit::{carry_out, wall_time};
use super::tracked::Tracked;
use super::{Error, News, watch};
use crate::model::{Event, LifeEvent, Phase, ProbeIndex, Submission};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio::time::Instant;

/// Cancels every enrollment that may exist and is not cancelled yet. A cancellation that was lost is sent again: taking
/// somebody out twice harms nobody, leaving them in does.
pub(super) async fn cancel_all(engine: &Arc<Engine>) -> Result<(), Error> {
    let open = engine.probes_where(must_be_cancelled);
    engine.listener.tell(&News::PhaseBegan { phase: Phase::Cleanup, probes: open.len() as u64 });
    if !engine.target.exchange.flows.contains_key(&LifeEvent::Cancel) {
        if !open.is_empty() {
            let note = format!("target `{}` has no `cancel` flow: {} households stay", engine.target.name, open.len());
            engine.listener.tell(&News::Note(note));
        }
        return Ok(());
    }
    let permits = Arc::new(Semaphore::new(engine.target.limits.in_flight.max(1) as usize));
    let slot = Duration::from_secs_f64(1.0 / engine.target.limits.rate_per_second.max(0.001));
    let began = Instant::now();
    let mut under_way: JoinSet<Result<(), Error>> = JoinSet::new();
    for (n, probe) in (0u32..).zip(open) {
        tokio::time::sleep_until(began + slot.saturating_mul(n)).await;
        let Ok(permit) = Arc::clone(&permits).acquire_owned().await else { break };
        if engine.stop.is_cancelled() {
            break;
        }
        let engine = Arc::clone(engine);
        under_way.spawn(async move {
            cancel(&engine, probe).await?;
            drop(permit);
            Ok(())
        });
    }
    while let Some(ended) = under_way.join_next().await {
        ended.map_err(|e| Error::Broken(e.to_string()))??;
    }
    Ok(())
}

/// Whether a probe must be (or must be again) cancelled.
pub(super) fn must_be_cancelled(tracked: &Tracked) -> bool {
    tracked.may_exist() && tracked.cancel.submission() != Some(Submission::Accepted)
}

async fn cancel(engine: &Engine, probe: ProbeIndex) -> Result<(), Error> {
    let context = engine.context(probe);
    let intended = Instant::now();
    let intended_at = wall_time(engine.now(), intended);
    engine.announce(vec![Event::Sending { probe, action: LifeEvent::Cancel, intended_at }]).await?;
    carry_out(engine, probe, LifeEvent::Cancel, (&context, intended)).await?;
    watch::join(engine, probe, Goal::Cancelled);
    Ok(())
}
