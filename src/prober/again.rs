//! Whether a run may go on: the same target, and every guard that stood at its beginning.

use super::{Error, Job, check_fit};
use crate::model::{RunId, RunPlan};
use crate::target::Environment;

/// What a person typed when a run is to go on.
#[derive(Debug, Clone, Copy, Default)]
pub struct Said<'a> {
    /// `--confirm`.
    pub confirm: Option<&'a str>,
    /// Whether `--target` was given: flows may be mended.
    pub mended: bool,
}

/// Refuses where the job, made of the ledger's header or of a mended target, is not what the run was begun with: another
/// target, production without its confirmation, a limit passed, a flow missing. Asks nobody; nothing is sent.
pub fn check_again(job: &Job, plan: &RunPlan, said: Said<'_>) -> Result<(), Error> {
    let target = &job.target;
    let confirmed = said.confirm == Some(target.name.as_str());
    let differences = differences(job, plan, said.mended);
    if !differences.is_empty() {
        return Err(Error::OtherTarget { run: name(&plan.run), differences: differences.join("; ") });
    }
    if job.header.fingerprint.is_none() && !confirmed && !said.mended {
        return Err(Error::NoFingerprint { run: name(&plan.run), target: target.name.clone() });
    }
    if target.environment == Environment::Production && !confirmed {
        return Err(Error::NotConfirmed { target: target.name.clone() });
    }
    check_fit(&job.scenario, target)
}

/// What the fingerprint says, and what the plan says where there is none.
fn differences(job: &Job, plan: &RunPlan, mended: bool) -> Vec<String> {
    if let Some(fingerprint) = &job.header.fingerprint {
        return fingerprint.differences(&job.target.identity, mended);
    }
    let mut differences = Vec::new();
    if plan.target != job.target.name {
        differences.push(format!("`target` was `{}` and is `{}`", plan.target, job.target.name));
    }
    let was: Vec<&str> = plan.waypoints.iter().map(|w| w.name.as_str()).collect();
    let now: Vec<&str> = job.target.waypoints.iter().map(|w| w.name.as_str()).collect();
    if was != now {
        differences.push(format!("`waypoints` were `{}` and are `{}`", was.join(", "), now.join(", ")));
    }
    differences
}

fn name(run: &RunId) -> String {
    run.to_string()
}
