//! A group's life step by step: of each what the exchange answered, and one word for each waypoint.

use super::cleanup::{Cleanup, state_at};
use super::group::Place;
use super::tally::JudgedProbe;
use crate::life;
use crate::model::{
    GroupAtWaypoint, JourneyStep, NotDue, RunPlan, StepAtWaypoint, StepCounts, StepCountsAt, StepOfGroup, StepOutcome,
    StepTotals, Submission,
};

/// The journey of a group, from the step that began it to the one that ended it: `opened` is what became of the one, `changes` of
/// those behind it, each at every waypoint, and `cleanup` of the end.
pub(super) fn journey(
    places: &[Place<'_>],
    (opened, changes): (&[GroupAtWaypoint], &[GroupAtWaypoint]),
    cleanup: Cleanup,
) -> Vec<StepOfGroup> {
    let Some(first) = places.first() else { return Vec::new() };
    let (plan, case) = (first.court.plan, first.case);
    let begun = case.opening_of(first.group).map_or(JourneyStep::ENROLL, |(step, _)| step);
    let ended = case.end_of(first.group).map(|(step, _)| step);
    let is_of_it = |step: &JourneyStep| *step >= begun && ended.is_none_or(|end| *step <= end);
    let one = |step: JourneyStep| {
        let judged: Vec<&GroupAtWaypoint> = if step == begun {
            opened.iter().collect()
        } else {
            changes.iter().filter(|at| at.step == Some(step)).collect()
        };
        let outcome = |(at, place): (usize, &Place<'_>)| {
            let of_step = judged.get(at).map(|here| StepOutcome::from(*here));
            let is_end = step == JourneyStep::CANCEL || ended == Some(step);
            let of_end = is_end.then(|| end_at(place, step, cleanup));
            let untold = |outcome: &StepOutcome| is_end && *outcome >= StepOutcome::Superseded;
            of_step.filter(|outcome| !untold(outcome)).or(of_end).unwrap_or(StepOutcome::CutOff)
        };
        let at = |(at, place): (usize, &Place<'_>)| StepAtWaypoint {
            name: place.waypoint.name.to_string(),
            outcome: outcome((at, place)),
        };
        StepOfGroup {
            step: place_of(plan, step),
            event: step.event,
            submission: case.history.acts.submission(step),
            waypoints: places.iter().enumerate().map(at).collect(),
        }
    };
    steps(plan).filter(is_of_it).map(one).collect()
}

/// The steps of a plan's journey, in order.
fn steps(plan: &RunPlan) -> impl Iterator<Item = JourneyStep> {
    let changes = plan.change_steps().map(|(step, _)| step);
    let cancel = plan.cancel_is_probed.then_some(JourneyStep::CANCEL);
    [JourneyStep::ENROLL].into_iter().chain(changes).chain(cancel)
}

/// A step's place in the journey as the scenario has it, where what takes out is the last.
fn place_of(plan: &RunPlan, step: JourneyStep) -> u16 {
    if step == JourneyStep::CANCEL { plan.last_change().saturating_add(1) } else { step.number }
}

/// What became at a waypoint of the step that ended a group.
fn end_at(place: &Place<'_>, step: JourneyStep, cleanup: Cleanup) -> StepOutcome {
    let is_sent = place.case.end_of(place.group).is_some_and(|(end, act)| end == step && act.may_stand());
    match cleanup {
        Cleanup::Nothing => NotDue::CutOff.into(),
        _ if !life::is_end_shown_at(place.waypoint, step.event) => NotDue::NotShown.into(),
        Cleanup::Pending if !is_sent => StepOutcome::Pending,
        _ if !is_sent => NotDue::CutOff.into(),
        _ => match state_at(place) {
            Cleanup::Nothing | Cleanup::Gone => StepOutcome::Gone,
            Cleanup::Pending => StepOutcome::Pending,
            Cleanup::Blind => StepOutcome::Blind,
            Cleanup::Kept | Cleanup::Residue | Cleanup::InForce => StepOutcome::Residue,
        },
    }
}

/// Each step of the journey over all households that were begun.
pub(super) fn totals(plan: &RunPlan, judged: &[JudgedProbe]) -> Vec<StepTotals> {
    steps(plan).map(|step| total(plan, step, judged)).collect()
}

fn total(plan: &RunPlan, step: JourneyStep, judged: &[JudgedProbe]) -> StepTotals {
    let number = place_of(plan, step);
    let mut counts = StepCounts::default();
    let at = |name| StepCountsAt { name, ..StepCountsAt::default() };
    let mut waypoints: Vec<_> = plan.waypoints.iter().map(|waypoint| at(waypoint.name.to_string())).collect();
    for probe in judged {
        let groups = || probe.groups.iter().flat_map(|group| &group.summary.journey).filter(|of| of.step == number);
        *match groups().find_map(|of| of.submission) {
            Some(Submission::Accepted) => &mut counts.accepted,
            Some(Submission::Rejected) => &mut counts.rejected,
            Some(Submission::Indeterminate) => &mut counts.indeterminate,
            Some(Submission::Unsent) => &mut counts.unsent,
            None => &mut counts.not_sent,
        } += 1;
        for of in groups() {
            of.waypoints.iter().map(|at| at.outcome).min().into_iter().for_each(|worst| counts.groups.add(worst));
            for (at, all) in of.waypoints.iter().zip(&mut waypoints) {
                all.groups.add(at.outcome);
            }
        }
    }
    StepTotals { step: number, event: step.event, counts, waypoints }
}
