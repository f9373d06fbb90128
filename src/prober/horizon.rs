//! Until when a record is waited for at a waypoint.

use crate::model::{JourneyStep, RunPlan, WaypointPlan};
use crate::reconcile::{Breaks, Due, limit_at};
use chrono::{DateTime, TimeDelta, Utc};
use std::time::Duration;

/// Shortest patience with a waypoint that cannot be read when the horizon has come.
const LEAST_PATIENCE: TimeDelta = TimeDelta::seconds(5);

/// The moments that matter for one probe at one waypoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(clippy::struct_field_names, reason = "instants end in `_at` everywhere")]
pub(super) struct Horizon {
    /// It has to be there.
    pub(super) limit_at: DateTime<Utc>,
    /// What a healthy look has not found after this is missing.
    pub(super) missing_at: DateTime<Utc>,
    /// A waypoint still blind now is given up.
    pub(super) give_up_at: DateTime<Utc>,
}

impl Horizon {
    /// For a step that was intended at a moment, by the judge's own limit and grace.
    /// What was sent before a break is waited for from there anew, as the judge does.
    pub(super) fn new(
        plan: &RunPlan,
        waypoint: &WaypointPlan,
        step: JourneyStep,
        (intended_at, breaks): (DateTime<Utc>, &Breaks),
    ) -> Self {
        let limit = |from| limit_at(waypoint.limit_of(step), waypoint.windows.as_ref(), plan.zone, from);
        let due = Due::new((intended_at, intended_at), limit, plan.grace_share, breaks);
        let allowed = (limit(intended_at) - intended_at).to_std().unwrap_or_default();
        let patience = TimeDelta::from_std(allowed / 2).unwrap_or(LEAST_PATIENCE).max(LEAST_PATIENCE);
        let give_up_at = due.given_up_at.checked_add_signed(patience).unwrap_or(DateTime::<Utc>::MAX_UTC);
        Self { limit_at: due.limit_at, missing_at: due.given_up_at, give_up_at }
    }

    /// The next moment after which a look would tell something new, where one is still ahead.
    pub(super) fn next_milestone(&self, now: DateTime<Utc>) -> Option<Duration> {
        let ahead = [self.limit_at, self.missing_at].into_iter().find(|at| *at > now)?;
        (ahead - now).to_std().ok()
    }
}
