//! What became of a try, by the judgement on the run that it was a probe of.

use super::course::Came;
use crate::model::{FailureKind, GroupAtWaypoint, ProbeIndex, ProbeSummary, Submission, Summary};

/// Whether a probe failed in this way again. What could not be seen, or was not let in, says nothing.
pub fn came(summary: &Summary, probe: ProbeIndex, failure: &FailureKind) -> Came {
    let Some(probe) = summary.probes.iter().find(|of| of.index == probe) else {
        return Came::Unknown("it was not sent".to_owned());
    };
    let lines = probe.befell.iter().filter_map(|at| summary.punch.get(*at as usize));
    if lines.into_iter().any(|line| failure.is_of(line)) {
        return Came::Failed;
    }
    if matches!(probe.submission, Submission::Rejected | Submission::Unsent) {
        let why = probe.reason.as_deref().unwrap_or("no reason is known");
        return Came::Unknown(format!("its submission was {}: {why}", probe.submission.told()));
    }
    if probe.good == Some(true) || was_seen(probe, failure) {
        return Came::Passed;
    }
    match probe.good {
        Some(false) => Came::Unknown(format!("it failed otherwise before `{}`", failure.waypoint)),
        _ => Came::Unknown("what became of it could not be seen, or not in time".to_owned()),
    }
}

/// Whether every group of it was judged where the failure would have shown.
fn was_seen(probe: &ProbeSummary, failure: &FailureKind) -> bool {
    if failure.what.starts_with("cancellation") {
        return !probe.groups.is_empty() && probe.groups.iter().all(|group| group.cleanup == "gone");
    }
    let is_there = |waypoints: &[GroupAtWaypoint]| {
        waypoints.iter().any(|at| at.name == failure.waypoint && at.step == failure.step && at.integrity.is_some())
    };
    !probe.groups.is_empty() && probe.groups.iter().all(|group| group.steps().any(is_there))
}
