//! A step of a flow, carried out as often as it is to be: once, or once for each member or group.

use super::flow::{Exchange, captures_something, is_wanted};
use super::known::Known;
use super::obstacle::Obstacle;
use super::progress::Progress;
use crate::model::{LifeEvent, Submission};
use crate::target::{Context, Each, FlowStep, Turn};
use std::borrow::Cow;

/// Said of what was asked for in several requests of which one was answered yes and another no.
pub(super) const IN_PART: &str = "what was asked for besides was not refused, so that a part of it may stand";

impl Exchange {
    /// Carries out the step at a place of the flow with what is known, which grows by what its answers tell. The first turn that does
    /// not hold ends it, but of a cancellation: what the turns before did is in the trail, as if each were a step of its own.
    pub(super) async fn turns(
        &self,
        progress: &mut Progress<'_>,
        (at, step): (usize, &FlowStep),
        (base, known): (&Context, &mut Known),
    ) -> Result<(), (Submission, String)> {
        progress.at = at;
        let is_last = at + 1 == progress.flow.steps.len();
        let turns = Turn::all(step.each, base);
        let is_outcome_of_several = step.each == Some(Each::Groups) && turns.len() > 1 && step.reads();
        let (mut failed, mut asked) = (None, Asked { answered_yes: false, is_outcome_of_several });
        for turn in turns {
            progress.turn = turn;
            let steps_before = progress.steps.len();
            match self.turn(progress, (at, step), (base, known)).await {
                Ok(()) => asked.answered_yes |= progress.steps.len() > steps_before,
                // a policy that cannot be cancelled, or is out already, keeps none of the others in
                Err(why) if progress.action.event == LifeEvent::Cancel && !self.door.halt().is_called() => {
                    failed = failed.or(Some(why));
                    continue;
                }
                Err(why) => return Err(asked.in_part(why, progress)),
            }
            // Putting what is known together again is the dearest part of a step: only where a later one may ask for more.
            if captures_something(step) && !(is_last && turn.is_none_or(|turn| !turn.goes_on())) {
                *known = progress.taken.known(base);
            }
        }
        progress.turn = None;
        failed.map_or(Ok(()), |why| Err(asked.in_part(why, progress)))
    }

    async fn turn(
        &self,
        progress: &mut Progress<'_>,
        (at, step): (usize, &FlowStep),
        (base, known): (&Context, &mut Known),
    ) -> Result<(), (Submission, String)> {
        let now = bound(progress.turn, known);
        if !is_wanted(step, &now).map_err(|reason| progress.fail(at, reason))? {
            self.tell_other(progress, step, "skipped: `when` does not hold");
            return Ok(());
        }
        if self.door.halt().is_called() && !progress.trail.touched {
            let reason = format!("{}: the run was being ended, and nothing more was sent", step.name);
            let ended = progress.fail(at, reason);
            progress.obstacle = Some(Obstacle::Ended);
            return Err(ended);
        }
        let before = progress.trail;
        if let Err(refused) = self.step(progress, at, step, &now).await {
            self.let_in_again(progress, base).await.ok_or(refused)?;
            // who is not let in has done nothing
            progress.trail = before;
            *known = progress.taken.known(base);
            let now = bound(progress.turn, known);
            self.step(progress, at, step, &now).await?;
        }
        Ok(())
    }
}

/// What became of a step's requests for several.
#[derive(Debug, Clone, Copy)]
struct Asked {
    /// One of them was carried out, and answered as expected.
    answered_yes: bool,
    /// It only asks what became of a request for each of several groups.
    is_outcome_of_several: bool,
}

impl Asked {
    /// The end of a step of which one request was answered no. What another one was answered yes to stands, so that the no is to a
    /// part, and not to all that was asked for.
    fn in_part(self, (submission, why): (Submission, String), progress: &Progress<'_>) -> (Submission, String) {
        // of what is only asked for the outcome of each, all was asked for before
        let asks_for_others = self.is_outcome_of_several;
        if submission == Submission::Rejected && progress.trail.touched && (self.answered_yes || asks_for_others) {
            return (Submission::Indeterminate, format!("{why}; {IN_PART}"));
        }
        (submission, why)
    }
}

/// What is known, with whose turn it is.
fn bound(turn: Option<Turn>, known: &Known) -> Cow<'_, Known> {
    turn.map_or(Cow::Borrowed(known), |turn| Cow::Owned(known.in_turn(turn)))
}
