//! What happens in the lives of those who were enrolled: each household walks its journey at its own pace, one step when the one before
//! is settled everywhere.

use super::Error;
use super::engine::Engine;
use super::in_turn::one;
use super::line::{Line, Sends};
use super::streaks::CutShort;
use super::tracked::Tracked;
use crate::model::{JourneyStep, ProbeIndex, Submission};
use std::sync::Arc;
use tokio::sync::mpsc::UnboundedReceiver;

/// How far this process has come with one household.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Progress {
    /// The number of the latest step that was decided on: sent, or passed over.
    through: u16,
    /// That step waits for its turn, or is being sent.
    is_under_way: bool,
}

impl Progress {
    /// Whether a step is on its way: nothing of the household is settled meanwhile.
    pub(super) fn is_under_way(self) -> bool {
        self.is_under_way
    }

    /// Whether no step is left to be decided on, of a journey that ends with this one.
    pub(super) fn is_over(self, last: u16) -> bool {
        self.through >= last && !self.is_under_way
    }
}

/// Decides on a household's next step, once what it has is settled: the first that is still to be sent and can happen to it as it is now.
/// Each is decided on once; what could not be begun is for another process.
pub(super) fn next_step(engine: &Engine, probe: ProbeIndex) -> Option<JourneyStep> {
    let progress = engine.with(probe, |tracked| tracked.progress)?;
    let left = || engine.plan.change_steps().map(|(step, _)| step).filter(|step| step.number > progress.through);
    // what cannot happen to a household does not: who has no spouse is not divorced
    let is_next = |step: &JourneyStep| {
        engine.with(probe, |t| must_be_changed(t, *step, may_ask_again(engine, *step))).unwrap_or(false)
            && engine.may_have(probe, *step)
    };
    let next = left().find(is_next);
    let through = next.or_else(|| left().last()).map_or(progress.through, |step| step.number);
    engine.with_mut(probe, |tracked| tracked.progress = Progress { through, is_under_way: next.is_some() });
    next
}

/// Sends the steps that were decided on, until nobody decides on any more. Returns why it stopped early, where it did; what was decided
/// on and not begun is given back, for another process to send.
pub(super) async fn walk(
    engine: &Arc<Engine>,
    mut decided: UnboundedReceiver<(ProbeIndex, JourneyStep)>,
) -> Result<Option<CutShort>, Error> {
    let mut line = Line::new(engine, Sends::Changes);
    let mut n = 0u32;
    while let Some((probe, step)) = decided.recv().await {
        let turn = if line.is_cut() { None } else { line.next(n).await? };
        let Some(turn) = turn else {
            ended(engine, probe);
            continue;
        };
        n = n.saturating_add(1);
        let (engine, slots, intended) = (Arc::clone(engine), line.slots(), turn.intended);
        line.send(turn, async move {
            let came_to = one(&engine, probe, step, (intended, &slots)).await;
            ended(&engine, probe);
            came_to.map(Some)
        });
    }
    line.finish().await
}

fn ended(engine: &Engine, probe: ProbeIndex) {
    engine.with_mut(probe, |tracked| tracked.progress.is_under_way = false);
}

/// One that an earlier process sent and heard no answer to is sent again under an idempotency key only.
fn may_ask_again(engine: &Engine, step: JourneyStep) -> bool {
    engine.target.exchange.flows.get(&step.event).is_some_and(|flow| flow.idempotency_header.is_some())
}

/// Whether a change is to be sent: of an enrollment that was accepted, and once.
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
