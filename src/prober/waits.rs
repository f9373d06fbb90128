//! What the next step of a household waits for, and whether that has come: asked of what its entries left, so that it is the same in
//! every process.

use super::engine::Engine;
use super::tracked::Tracked;
use super::watch::{Awaited, goal_of, is_settled_at};
use crate::model::{After, JourneyStep, WaypointName};
use crate::reconcile::sent_from;
use chrono::{DateTime, Utc};

/// How it stands with what a step waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wait {
    /// It has come; where it is a moment, then.
    Over(Option<DateTime<Utc>>),
    /// It is a moment that is still ahead.
    Until(DateTime<Utc>),
    /// Something is to be seen, or given up, first.
    ForSight,
}

/// What a probe's next step waits for, once the step before it has come to its end.
pub(super) fn wait(engine: &Engine, tracked: &Tracked, next: JourneyStep, now: DateTime<Utc>) -> Wait {
    let Some(goal) = goal_of(tracked, Awaited::Life) else { return Wait::ForSight };
    let all_settled = |mut waypoints: Vec<usize>| {
        waypoints.retain(|waypoint| !is_settled_at(engine, tracked, *waypoint, (goal, now)));
        if waypoints.is_empty() { Wait::Over(None) } else { Wait::ForSight }
    };
    let everywhere = || (0..engine.plan.waypoints.len()).collect();
    let begun = tracked.acts.steps().filter(|(step, _)| *step < next).last();
    let after = match begun {
        // nobody will answer it any more
        Some((_, act)) if act.is_unanswered() => &After::Settled,
        _ => &engine.plan.terms_of(next).after,
    };
    match (after, begun) {
        (After::Settled, _) => all_settled(everywhere()),
        (After::Seen(names), _) => all_settled(named(engine, names)),
        (after, Some((_, act))) => match sent_from(&engine.plan, after, act.intended_at, engine.epoch.breaks()) {
            Some(at) if at > now => Wait::Until(at),
            moment => Wait::Over(moment),
        },
        (_, None) => Wait::ForSight,
    }
}

fn named(engine: &Engine, names: &[WaypointName]) -> Vec<usize> {
    let waypoints = engine.plan.waypoints.iter().enumerate();
    waypoints.filter(|(_, waypoint)| names.contains(&waypoint.name)).map(|(at, _)| at).collect()
}
