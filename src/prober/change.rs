//! Between watching and cleaning up: those who were enrolled move, and tell the exchange.

use super::engine::Engine;
use super::horizon::Goal;
use super::in_turn::in_turn;
use super::tracked::{Progress, Tracked};
use super::{Error, News};
use crate::model::{LifeEvent, Phase, Submission};
use std::sync::Arc;

/// Sends the change of every enrollment that was accepted and has not changed yet. One that an earlier process sent and heard
/// no answer to is sent again under an idempotency key only.
pub(super) async fn change_all(engine: &Arc<Engine>) -> Result<(), Error> {
    let flow = engine.target.exchange.flows.get(&LifeEvent::ChangeAddress);
    let may_ask_again = flow.is_some_and(|flow| flow.idempotency_header.is_some());
    let open = engine.probes_where(|tracked| must_be_changed(tracked, may_ask_again));
    engine.listener.tell(&News::PhaseBegan { phase: Phase::Change, probes: open.len() as u64 });
    in_turn(engine, open, (LifeEvent::ChangeAddress, Goal::Changed)).await
}

fn must_be_changed(tracked: &Tracked, may_ask_again: bool) -> bool {
    let is_open = match tracked.change {
        Progress::Idle => true,
        Progress::Sent { .. } => may_ask_again,
        Progress::Answered { .. } => false,
    };
    is_open && tracked.enroll.submission() == Some(Submission::Accepted)
}
