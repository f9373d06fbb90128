//! Between watching and cleaning up: what happens in the lives of those who were enrolled, one step of the journey after another.

use super::engine::Engine;
use super::in_turn::in_turn;
use super::streaks::CutShort;
use super::tracked::Tracked;
use super::{Error, News};
use crate::model::{JourneyStep, Phase, Submission};
use std::sync::Arc;

/// Sends a change of every enrollment that was accepted and has not been sent this one yet. One that an earlier process sent and heard
/// no answer to is sent again under an idempotency key only. Returns why it stopped early, where it did.
pub(super) async fn change_all(engine: &Arc<Engine>, step: JourneyStep) -> Result<Option<CutShort>, Error> {
    let flow = engine.target.exchange.flows.get(&step.event);
    let may_ask_again = flow.is_some_and(|flow| flow.idempotency_header.is_some());
    let mut open = engine.probes_where(|tracked| must_be_changed(tracked, step, may_ask_again));
    // what cannot happen to a household does not: who has no spouse is not divorced
    open.retain(|probe| engine.may_have(*probe, step));
    engine.listener.tell(&News::PhaseBegan { phase: Phase::Change, probes: open.len() as u64 });
    in_turn(engine, open, step).await
}

fn must_be_changed(tracked: &Tracked, step: JourneyStep, may_ask_again: bool) -> bool {
    let is_open = tracked.is_open(step, |_| may_ask_again);
    is_open && tracked.acts.submission(JourneyStep::ENROLL) == Some(Submission::Accepted)
}

#[cfg(test)]
mod tests {
    use super::must_be_changed;
    use crate::model::{Captures, Event, JourneyStep, LifeEvent, ProbeIndex, Submission};
    use crate::prober::tracked::Tracked;
    use chrono::DateTime;

    fn sending(action: JourneyStep) -> Event {
        Event::Sending { probe: ProbeIndex(0), action, intended_at: DateTime::UNIX_EPOCH, tells_commit: false }
    }

    fn answered(action: JourneyStep, submission: Submission) -> Event {
        let (reason, captures) = (None, Captures::default());
        Event::Answered { probe: ProbeIndex(0), action, submission, reason, captures, steps: Vec::new() }
    }

    #[test]
    fn whoever_is_enrolled_moves_once_and_again_only_under_a_key_where_no_answer_came() {
        let (enroll, change): (_, JourneyStep) = (JourneyStep::ENROLL, LifeEvent::ChangeAddress.into());
        let accepted = [sending(enroll), answered(enroll, Submission::Accepted)];
        let with = |more: &[Event]| {
            let mut tracked = Tracked::new(1);
            accepted.iter().chain(more).for_each(|event| tracked.apply(DateTime::UNIX_EPOCH, event));
            [false, true].map(|may_ask_again| must_be_changed(&tracked, change, may_ask_again))
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
            assert!(!must_be_changed(&refused, change, true), "{answer}");
        }
    }
}
