//! Enrollments that an earlier process saw taken, and whose last steps it did not live to carry out.

use super::earlier::Earlier;
use super::flow::{Answered, Exchange};
use super::verdict::Trail;
use crate::model::{JourneyStep, LifeEvent, Submission};
use crate::target::{Context, Flow, FlowStep, StepKind};
use tokio::time::Instant;

impl Exchange {
    /// Asks what became of an enrollment that was sent and not heard of to its end, where the answer to the step that commits told an id,
    /// and every step after it only reads: they are carried out with what is known, after those that log in. A definite end is given
    /// out; of whatever else comes nothing is known, nor of a step for each of which nobody knows which turn was the last.
    pub async fn go_on(&self, ctx: &Context) -> Option<Answered> {
        let flow = self.flow(LifeEvent::Enroll)?;
        let committed = committed_at(flow)?;
        let told = flow.steps.get(committed).filter(|step| step.each.is_none())?.captures();
        let (before, after) = (flow.steps.get(..committed)?, flow.steps.get(committed + 1..)?);
        let asked_by = after.iter().flat_map(FlowStep::names);
        let knows = |name: &String| told.iter().any(|capture| capture.name == *name) && ctx.knows(name);
        if !asked_by.into_iter().any(|name| knows(&name)) {
            return None;
        }
        let last_login = before.iter().rposition(FlowStep::logs_in);
        let lets_in = |at: &usize| before.get(*at).is_some_and(|step| step.logs_in() || step.reads());
        let entry = (0..last_login.map_or(0, |last| last + 1)).filter(lets_in);
        let mut progress = self.begin(flow, JourneyStep::ENROLL, ctx, (Instant::now(), Earlier::default()));
        progress.trail = Trail { touched: true, committed: true };
        (progress.created, progress.commit_is_told) = (true, true);
        for at in entry.chain(committed + 1..flow.steps.len()) {
            match self.step_at(&mut progress, at, ctx).await {
                Ok(()) => {}
                // a word of the target's for a refusal is final
                Err((Submission::Rejected, reason)) if at > committed => {
                    return Some(self.end(progress, Err((Submission::Rejected, reason)), ctx));
                }
                Err(_) => return None,
            }
        }
        Some(self.end(progress, Ok(()), ctx))
    }
}

/// The step that commits, where some come after it and all of them only read.
fn committed_at(flow: &Flow) -> Option<usize> {
    let last_act = flow.steps.iter().rposition(|step| !reads(step))?;
    (last_act + 1 < flow.steps.len()).then_some(last_act)
}

fn reads(step: &FlowStep) -> bool {
    matches!(step.kind, StepKind::Request(_)) && step.reads() && !step.acts()
}
