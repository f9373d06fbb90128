//! What happens in the lives of those who were enrolled: each household walks its journey at its own pace, one step when what it waits
//! for has come.

use super::Error;
use super::engine::Engine;
use super::in_turn::one;
use super::line::{Line, Sends};
use super::streaks::CutShort;
use super::tracked::Tracked;
use super::waits::{Wait, wait};
use crate::model::{JourneyStep, ProbeIndex, Submission};
use chrono::{DateTime, Utc};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc::UnboundedReceiver;

/// A step that is sent so long after its moment counts from that moment; one that is sent later, from when it is.
const MOST_LATE: Duration = Duration::from_secs(1);

/// How far this process has come with one household.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Progress {
    /// The number of the latest step that was decided on: sent, or passed over.
    through: u16,
    /// The step after it, once it is known which that is.
    next: Option<JourneyStep>,
    /// The step that was decided on waits for its turn, or is being sent.
    is_under_way: bool,
}

/// A step that is to be sent now.
#[derive(Debug, Clone, Copy)]
pub(super) struct Decided {
    probe: ProbeIndex,
    step: JourneyStep,
    /// How long ago it was to be sent: nobody looks at every moment.
    late_by: Duration,
}

impl Progress {
    /// Whether a step is on its way: nothing of the household is settled meanwhile.
    pub(super) fn is_under_way(self) -> bool {
        self.is_under_way
    }

    /// The next step, where it is known and nothing is on its way.
    pub(super) fn next(self) -> Option<JourneyStep> {
        self.next.filter(|_| !self.is_under_way)
    }

    /// Whether it is to be found out which step is the next.
    pub(super) fn must_look_ahead(self) -> bool {
        self.next.is_none() && !self.is_under_way
    }

    /// Whether no step is left to be decided on, of a journey that ends with this one.
    pub(super) fn is_over(self, last: u16) -> bool {
        self.through >= last && !self.is_under_way
    }
}

/// Finds a household's next step, once the one before it has come to its end: the first that is still to be sent and is for it as it is
/// now. Where there is none, its journey is over.
pub(super) fn look_ahead(engine: &Engine, probe: ProbeIndex) {
    let Some(progress) = engine.with(probe, |tracked| tracked.progress) else { return };
    let left = || engine.plan.change_steps().map(|(step, _)| step).filter(|step| step.number > progress.through);
    // what cannot happen to a household does not: who has no spouse is not divorced
    let is_next = |step: &JourneyStep| {
        engine.with(probe, |t| must_be_changed(t, *step, may_ask_again(engine, *step))).unwrap_or(false)
            && engine.may_have(probe, *step)
    };
    let next = left().find(is_next);
    let through = if next.is_some() { None } else { left().last() }.map_or(progress.through, |step| step.number);
    engine.with_mut(probe, |tracked| tracked.progress = Progress { through, next, is_under_way: false });
}

/// Decides on the step that is a household's next, now that what it waits for has come. Each is decided on once; what could not be begun
/// is for another process.
pub(super) fn decide_on_next(engine: &Engine, probe: ProbeIndex, now: DateTime<Utc>) -> Option<Decided> {
    engine.with_mut(probe, |tracked| {
        let step = tracked.progress.next()?;
        let late_by = match wait(engine, tracked, step, now) {
            // a process that was not there could not send it
            Wait::Over(Some(at)) => (now - at.max(engine.epoch.began_at())).to_std().unwrap_or_default(),
            _ => Duration::ZERO,
        };
        // what the harness was late by is not the pipeline's
        let late_by = if late_by > MOST_LATE { Duration::ZERO } else { late_by };
        tracked.progress = Progress { through: step.number, next: None, is_under_way: true };
        Some(Decided { probe, step, late_by })
    })?
}

/// Sends the steps that were decided on, until nobody decides on any more. Returns why it stopped early, where it did; what was decided
/// on and not begun is given back, for another process to send.
pub(super) async fn walk(
    engine: &Arc<Engine>,
    mut decided: UnboundedReceiver<Decided>,
) -> Result<Option<CutShort>, Error> {
    let mut line = Line::new(engine, Sends::Changes);
    let mut n = 0u32;
    while let Some(Decided { probe, step, late_by }) = decided.recv().await {
        let turn = if line.is_cut() { None } else { line.next(n).await? };
        let Some(turn) = turn else {
            ended(engine, probe);
            continue;
        };
        n = n.saturating_add(1);
        let (engine, slots, intended) = (Arc::clone(engine), line.slots(), turn.intended);
        line.send(turn, async move {
            let came_to = one(&engine, probe, (step, late_by), (intended, &slots)).await;
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

/// Whether a change is to be sent: of an enrollment that was accepted, once, and of nobody whom a process before began to take out.
fn must_be_changed(tracked: &Tracked, step: JourneyStep, may_ask_again: bool) -> bool {
    let is_open = tracked.is_open(step, |_| may_ask_again) && !tracked.acts.is_taken_out();
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
        assert_eq!(with(&[sending(JourneyStep::CANCEL)]), [false, false], "a sweep began to take them out");
        for answer in [Submission::Accepted, Submission::Rejected, Submission::Indeterminate] {
            assert_eq!(with(&[sending(JourneyStep::CANCEL), answered(JourneyStep::CANCEL, answer)]), [false, false]);
        }
        let unsent = [sending(JourneyStep::CANCEL), answered(JourneyStep::CANCEL, Submission::Unsent)];
        assert_eq!(with(&unsent), [true, true], "nothing of the cancellation left");
        for answer in [Submission::Rejected, Submission::Indeterminate, Submission::Unsent] {
            let mut refused = Tracked::new(1);
            refused.apply(DateTime::UNIX_EPOCH, &sending(enroll));
            refused.apply(DateTime::UNIX_EPOCH, &answered(enroll, answer));
            assert!(!must_be_changed(&refused, change, true), "{answer}");
        }
    }
}
