//! Between watching and cleaning up: those who were enrolled move, and tell the exchange.

use super::engine::Engine;
use super::in_turn::in_turn;
use super::streaks::CutShort;
use super::tracked::Tracked;
use super::{Error, News};
use crate::model::{LifeEvent, Phase, Submission};
use std::sync::Arc;

/// Sends the change of every enrollment that was accepted and has not changed yet. One that an earlier process sent and heard
/// no answer to is sent again under an idempotency key only. Returns why it stopped early, where it did.
pub(super) async fn change_all(engine: &Arc<Engine>) -> Result<Option<CutShort>, Error> {
    let flow = engine.target.exchange.flows.get(&LifeEvent::ChangeAddress);
    let may_ask_again = flow.is_some_and(|flow| flow.idempotency_header.is_some());
    let open = engine.probes_where(|tracked| must_be_changed(tracked, may_ask_again));
    engine.listener.tell(&News::PhaseBegan { phase: Phase::Change, probes: open.len() as u64 });
    in_turn(engine, open, LifeEvent::ChangeAddress).await
}

fn must_be_changed(tracked: &Tracked, may_ask_again: bool) -> bool {
    let is_open = tracked.is_open(LifeEvent::ChangeAddress, |_| may_ask_again);
    is_open && tracked.acts.submission(LifeEvent::Enroll) == Some(Submission::Accepted)
}

#[cfg(test)]
mod tests {
    use super::must_be_changed;
    use crate::model::{Captures, Event, LifeEvent, ProbeIndex, Submission};
    use crate::prober::tracked::Tracked;
    use chrono::DateTime;

    fn sending(action: LifeEvent) -> Event {
        Event::Sending { probe: ProbeIndex(0), action, intended_at: DateTime::UNIX_EPOCH, tells_commit: false }
    }

    fn answered(action: LifeEvent, submission: Submission) -> Event {
        let (reason, captures) = (None, Captures::default());
        Event::Answered { probe: ProbeIndex(0), action, submission, reason, captures, steps: Vec::new() }
    }

    #[test]
    fn whoever_is_enrolled_moves_once_and_again_only_under_a_key_where_no_answer_came() {
        let (enroll, change) = (LifeEvent::Enroll, LifeEvent::ChangeAddress);
        let accepted = [sending(enroll), answered(enroll, Submission::Accepted)];
        let with = |more: &[Event]| {
            let mut tracked = Tracked::new(1);
            accepted.iter().chain(more).for_each(|event| tracked.apply(DateTime::UNIX_EPOCH, event));
            [false, true].map(|may_ask_again| must_be_changed(&tracked, may_ask_again))
        };
        assert_eq!(with(&[]), [true, true]);
        assert_eq!(with(&[sending(change)]), [false, true]);
        for answer in [Submission::Accepted, Submission::Rejected, Submission::Indeterminate] {
            assert_eq!(with(&[sending(change), answered(change, answer)]), [false, false], "{answer}");
        }
        for answer in [Submission::Rejected, Submission::Indeterminate, Submission::Unsent] {
            let mut refused = Tracked::new(1);
            refused.apply(DateTime::UNIX_EPOCH, &sending(enroll));
            refused.apply(DateTime::UNIX_EPOCH, &answered(enroll, answer));
            assert!(!must_be_changed(&refused, true), "{answer}");
        }
    }
}
