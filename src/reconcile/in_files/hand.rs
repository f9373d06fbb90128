//! Files in the hand as the judge sees them: messages at one waypoint, all seen at one moment, after everything that was done.

use crate::model::{FeedKind, FieldSet, GroupRecord, IssuerId, Limit, RunPlan, Sighting, WaypointName, WaypointPlan};
use crate::reconcile::roster::Recognition;
use chrono::{DateTime, Utc};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

/// What was found in files: records of the run's people in order, and the issuers that the files are addressed to.
#[derive(Debug, Clone, Default)]
pub struct Filed {
    /// Records, each with whose it is.
    pub records: Vec<(Recognition, GroupRecord)>,
    /// Issuers, as far as they can be told.
    pub addressed_to: BTreeSet<IssuerId>,
}

/// The moment at which everything in the hand is seen: which came first is told by senders' times and places.
pub(super) const NOW: DateTime<Utc> = DateTime::<Utc>::MAX_UTC;

/// The run's own waypoint of 834 files, or one that shows everything where it has none.
pub(super) fn waypoint(plan: &RunPlan) -> WaypointPlan {
    let own = plan.waypoints.iter().find(|waypoint| waypoint.feed == FeedKind::EdiFolder);
    own.cloned().unwrap_or_else(|| WaypointPlan {
        name: WaypointName::new("files"),
        feed: FeedKind::EdiFolder,
        shows: FieldSet::all(),
        enroll_limit: Limit::Within(Duration::ZERO),
        change_limits: Vec::new(),
        cancel_limit: Limit::Within(Duration::ZERO),
        windows: None,
        absent_aptc_is_zero: false,
        acknowledges: None,
        due_when_paid: false,
        holds_applications: false,
        without_cancellations: false,
        carries: BTreeMap::new(),
        issuers_carry: BTreeMap::new(),
    })
}

/// Records as sightings.
pub(super) fn sightings(records: Vec<(Recognition, GroupRecord)>) -> Vec<(Recognition, Sighting)> {
    let sighting = |record| Sighting {
        waypoint: 0,
        issuer: None,
        asked_for: None,
        last_absent_at: None,
        first_seen_at: NOW,
        gone_at: None,
        record,
    };
    records.into_iter().map(|(whose, record)| (whose, sighting(record))).collect()
}
