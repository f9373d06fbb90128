//! The last phase: takes the synthetic people out again. What was sent and never answered is cancelled too, as soon as
//! anything told its ids.

use super::engine::Engine;
use super::horizon::Goal;
use super::in_turn::in_turn;
use super::tracked::Tracked;
use super::{Error, News};
use crate::model::{LifeEvent, Phase, Submission};
use std::sync::Arc;

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
    in_turn(engine, open, (LifeEvent::Cancel, Goal::Cancelled)).await
}

/// Whether a probe must be (or must be again) cancelled.
pub(super) fn must_be_cancelled(tracked: &Tracked) -> bool {
    tracked.may_exist() && tracked.cancel.submission() != Some(Submission::Accepted)
}
