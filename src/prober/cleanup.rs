//! The last phase: takes the synthetic people out again. What was sent and never answered is cancelled too, where anything proved
//! its ids. Who cannot be named by anything proved is left for a person at the exchange, and told.

use super::engine::Engine;
use super::in_turn::take_out_in_turn;
use super::tracked::Tracked;
use super::{Error, News};
use crate::model::{LifeEvent, Phase};
use crate::target::Flow;
use std::sync::Arc;

/// Cancels every enrollment that may exist and is not cancelled yet. A cancellation that was lost is sent again: taking
/// somebody out twice harms nobody, leaving them in does.
pub(super) async fn cancel_all(engine: &Arc<Engine>) -> Result<(), Error> {
    let may_be_named = engine.target.exchange.flows.get(&LifeEvent::Cancel).is_some_and(Flow::asks_by_marks_alone);
    let open = engine.probes_where(|tracked| must_be_cancelled(tracked, may_be_named));
    engine.listener.tell(&News::PhaseBegan { phase: Phase::Cleanup, probes: open.len() as u64 });
    if !engine.target.exchange.flows.contains_key(&LifeEvent::Cancel) {
        if !open.is_empty() {
            let note = format!("target `{}` has no `cancel` flow: {} households stay", engine.target.name, open.len());
            engine.listener.tell(&News::Note(note));
        }
        return Ok(());
    }
    take_out_in_turn(engine, open).await
}

/// Whether a probe must be (or must be again) cancelled. `may_be_named`: the flow names it by what no stranger has, ids or not.
pub(super) fn must_be_cancelled(tracked: &Tracked, may_be_named: bool) -> bool {
    tracked.must_be_taken_out(may_be_named) && !tracked.acts.is_cancelled()
}
