//! Whether there is an enrollment at all, whatever the exchange answered: only what exists can be lost.

use super::case::Case;
use super::group::{Court, Place};
use crate::model::{Existence, Submission};

/// What is said of a group of which nobody knows whether the exchange took it, and that was not found.
pub(super) const NOBODY_KNOWS: &str = "not found, and nobody knows whether the exchange took the application";

/// Whether a case's enrollment exists: it was accepted, or something of it was recognised; or what else is known.
pub(super) fn existence(court: Court<'_>, case: &Case<'_>) -> Existence {
    let is_seen = !case.seen.is_empty() || !case.history.acks.is_empty();
    match case.history.submission() {
        Submission::Accepted => Existence::Accepted,
        _ if is_seen => Existence::Seen,
        Submission::Rejected | Submission::Unsent => Existence::No,
        Submission::Indeterminate if was_not_taken(court, case) => Existence::NotTaken,
        Submission::Indeterminate => Existence::Unknown,
    }
}

/// The same of a policy that a change began, by the answer to that change.
pub(super) fn existence_of(answer: Option<Submission>, is_seen: bool) -> Existence {
    match answer {
        Some(Submission::Accepted) => Existence::Accepted,
        _ if is_seen => Existence::Seen,
        Some(Submission::Indeterminate) => Existence::Unknown,
        _ => Existence::No,
    }
}

/// Whether a healthy look at what the exchange itself holds found nothing that may be it, after limit and grace.
fn was_not_taken(court: Court<'_>, case: &Case<'_>) -> bool {
    let holds = (0_u16..).zip(&court.plan.waypoints).filter(|(_, waypoint)| waypoint.holds_applications);
    let groups = || case.expectation.groups.iter().enumerate();
    holds.into_iter().any(|(index, waypoint)| {
        let mut places = groups().map(|(group, expected)| {
            let existence = Existence::Unknown;
            Place { court, case, existence, group, expected, index, waypoint }
        });
        !case.expectation.groups.is_empty() && places.all(|place| place.was_looked_for_in_vain())
    })
}
