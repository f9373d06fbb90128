//! Which of a household's changes a record tells of: messages say one, states show the latest that had reached them.

use super::case::{Case, Life, Seen};
use super::change::{Shown, changed, shown_of};
use super::equality::{Equality, Setting, equality};
use super::pairing::pair;
use crate::model::{ExpectedGroup, Fact, Facts, FeedKind, FieldSet, GroupRecord, RecordKind, WaypointPlan};

/// Finds for every record of a case the change that it tells of, or shows; none where it is of the enrollment.
pub(super) fn assign(case: &mut Case<'_>, waypoints: &[WaypointPlan]) {
    if case.lives.is_empty() {
        return;
    }
    let lives: Vec<Option<usize>> = {
        let mut told = Told::default();
        case.seen.iter().map(|seen| told.life_of(case, seen, waypoints)).collect()
    };
    for (seen, life) in case.seen.iter_mut().zip(lives) {
        seen.life = life;
    }
}

/// What was told so far, in the order in which it came.
#[derive(Debug, Default)]
struct Told<'a>(Vec<(u16, &'a GroupRecord, usize)>);

impl<'a> Told<'a> {
    /// The change that a record agrees with most, among those sent before it came. A message that agrees with several is the
    /// first of which nothing was told here yet, and the same one said again is of the same; a state is of the latest.
    fn life_of(&mut self, case: &Case<'a>, seen: &Seen<'a>, waypoints: &[WaypointPlan]) -> Option<usize> {
        let (at, record) = (seen.sighting.waypoint, &seen.sighting.record);
        let waypoint = waypoints.get(usize::from(at))?;
        let group = *seen.groups.iter().find(|group| may_tell(case, **group, seen, waypoint))?;
        let said = |(of, other, _): &&(u16, &GroupRecord, usize)| {
            *of == at && other.facts == record.facts && other.members == record.members
        };
        let is_message = waypoint.feed == FeedKind::EdiFolder;
        let again = self.0.iter().find(said).filter(|_| is_message).map(|(_, _, life)| *life);
        let agreeing = agreeing(case, group, seen);
        let untold = || agreeing.iter().find(|life| !self.0.iter().any(|(of, _, told)| *of == at && told == *life));
        let first = if is_message { untold() } else { None };
        let life = again.or_else(|| first.or(agreeing.last()).copied())?;
        if is_message {
            self.0.push((at, record, life));
        }
        Some(life)
    }
}

/// Whether a record tells of any change: it came since one was sent, and shows otherwise what that changed; of messages whatever
/// says that it is a change.
fn may_tell(case: &Case<'_>, group: usize, seen: &Seen<'_>, waypoint: &WaypointPlan) -> bool {
    let record = &seen.sighting.record;
    let Some(enrolled) = case.expectation.groups.get(group) else { return false };
    let is_message = waypoint.feed == FeedKind::EdiFolder;
    let shows = |life: &Life| {
        let Some(after) = life.expectation.groups.get(group) else { return false };
        shown_of(enrolled, after, waypoint.shows, record).contains(&Shown::Otherwise)
    };
    let says_so = is_message && record.kind == RecordKind::Maintenance;
    let enrolls = is_message && record.kind == RecordKind::InitialEnrollment;
    sent_before(case, seen).any(|(_, life)| says_so || (!enrolls && shows(life)))
}

fn sent_before<'c>(case: &'c Case<'_>, seen: &Seen<'_>) -> impl Iterator<Item = (usize, &'c Life)> {
    let seen_at = seen.sighting.first_seen_at;
    case.lives.iter().enumerate().filter(move |(_, life)| seen_at >= life.act.sent_at)
}

/// The changes that a record agrees with most in all that any of them changed, in order.
fn agreeing(case: &Case<'_>, group: usize, seen: &Seen<'_>) -> Vec<usize> {
    let of = |life: &Life| life.expectation.groups.get(group).cloned();
    let candidates: Vec<(usize, ExpectedGroup)> =
        sent_before(case, seen).filter_map(|(at, life)| Some((at, of(life)?))).collect();
    if candidates.len() < 2 {
        return candidates.into_iter().map(|(at, _)| at).collect();
    }
    let Some(enrolled) = case.expectation.groups.get(group) else { return Vec::new() };
    let agreement = |after: &ExpectedGroup| agreement(enrolled, &candidates, after, &seen.sighting.record);
    let agreements: Vec<(usize, i64)> = candidates.iter().map(|(at, after)| (*at, agreement(after))).collect();
    let most = agreements.iter().map(|(_, agreement)| *agreement).max();
    agreements.into_iter().filter(|(_, agreement)| Some(*agreement) == most).map(|(at, _)| at).collect()
}

/// Values that a record shows as they are after a change, less those that it shows otherwise.
fn agreement(
    enrolled: &ExpectedGroup,
    lives: &[(usize, ExpectedGroup)],
    after: &ExpectedGroup,
    record: &GroupRecord,
) -> i64 {
    let nobody = Facts::new();
    let mut sum = 0;
    for (at, found) in pair(&after.members, &record.members).pairs {
        let (Some(is), Some(found)) = (after.members.get(at), record.members.get(found)) else { continue };
        let was = enrolled.members.get(at).unwrap_or(&nobody);
        let of_life = |(_, life): &(usize, ExpectedGroup)| life.members.get(at).map(|facts| changed(was, facts));
        let fields = lives.iter().filter_map(of_life).fold(FieldSet::EMPTY, FieldSet::union);
        for field in fields.iter().filter(|field| found.get(*field) != Fact::Unstated) {
            sum += match equality(field, is.get(field), found.get(field), Setting::default()) {
                Equality::Different => -1,
                Equality::Equal | Equality::Equivalent(_) => 1,
            };
        }
    }
    sum
}
