//! Files that an earlier process handed over, and whose answers it did not live to hear.

use super::flow::Exchange;
use super::hand_over::Answer;
use crate::model::{HandedOver, JourneyStep, ProbeIndex, Submission};
use crate::target::StepKind;
use futures_util::future::join_all;
use std::time::Duration;

/// A file of which nobody has heard the answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unheard {
    /// The probe.
    pub probe: ProbeIndex,
    /// What it was handed over for.
    pub action: JourneyStep,
    /// By what its acknowledgements name it.
    pub file: HandedOver,
    /// How long ago that was.
    pub ago: Duration,
}

/// What was said of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heard {
    /// The probe.
    pub probe: ProbeIndex,
    /// What it was handed over for.
    pub action: JourneyStep,
    /// `accepted` or `rejected`.
    pub submission: Submission,
    /// The receiver's words where it was rejected.
    pub reason: Option<String>,
}

impl Exchange {
    /// Takes away what was left of them half written, reads what came meanwhile, and waits for the rest as long as the step would
    /// have. What is definite is given out; of what is not, and where steps come after the file, nothing is known.
    pub async fn hear(&self, files: &[Unheard]) -> Vec<Heard> {
        let Some(desks) = self.desks() else { return Vec::new() };
        let mut waiters = Vec::new();
        for unheard in files {
            desks.discard(unheard.action.event, &unheard.file).await;
        }
        // all listen before the first looks
        for unheard in files {
            let Some(flow) = self.flow(unheard.action.event) else { continue };
            let is_last = flow.steps.len() == unheard.file.step as usize + 1;
            let step = flow.steps.last().filter(|_| is_last);
            let Some(StepKind::HandOver(step)) = step.map(|step| &step.kind) else { continue };
            if let Some((waiter, within)) = desks.listen_again((unheard.action.event, step), &unheard.file).await {
                waiters.push((unheard, waiter, within.saturating_sub(unheard.ago)));
            }
        }
        let answers = waiters.iter().map(|(unheard, waiter, within)| async move {
            let (submission, reason) = match waiter.answer(*within).await {
                Answer::Accepted => (Submission::Accepted, None),
                Answer::Refused(words) => (Submission::Rejected, Some(words)),
                Answer::Unknown(_) => return None,
            };
            Some(Heard { probe: unheard.probe, action: unheard.action, submission, reason })
        });
        join_all(answers).await.into_iter().flatten().collect()
    }
}
