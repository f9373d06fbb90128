//! Policies that were put in force again: each is one policy under the same ids, and two groups, the one that ended and the one as which
//! it goes on.

use super::case::{Case, Seen};
use super::group::Place;
use super::timeliness::Due;
use crate::life::PolicyLife;
use crate::model::{JourneyStep, RecordKind};
use chrono::{DateTime, Utc};

impl Case<'_> {
    /// The groups that a record speaks for as they stood when it was seen: of a policy that was put in force again before it, the policy
    /// as it goes on. A state in force that nobody ever saw ended shows both.
    pub(super) fn as_they_stood(&self, seen: &Seen<'_>) -> Vec<usize> {
        let (sighting, ends_at) = (seen.sighting, seen.ends_at);
        let mut stood = Vec::with_capacity(seen.groups.len());
        for meant in seen.groups.iter().copied() {
            let mut at = self.went_on_from(meant);
            while let Some((later, again_at)) = self.went_on_as(at) {
                let lasts = sighting.record.kind == RecordKind::Snapshot && sighting.record.is_in_force();
                if lasts && sighting.first_seen_at < again_at && ends_at.is_none_or(|end| end > again_at) {
                    stood.push(at);
                } else if sighting.first_seen_at < again_at {
                    break;
                }
                at = later;
            }
            stood.push(at);
        }
        stood.dedup();
        if sighting.record.takes_out() {
            // one that names no policy is of those whose end was sent last before it
            let sent = |group: &usize| self.cancelled_at(*group).filter(|at| *at <= sighting.first_seen_at);
            if let Some(latest) = stood.iter().filter_map(sent).max() {
                stood.retain(|group| sent(group) == Some(latest));
            }
        }
        stood
    }

    /// As which group a policy went on that was put in force again, and when that was sent.
    fn went_on_as(&self, group: usize) -> Option<(usize, DateTime<Utc>)> {
        let policy = self.policies.get(group).filter(|policy| policy.goes_on)?;
        let is_it = |later: &&PolicyLife| later.line == policy.line && Some(later.opened) > policy.closed;
        let (at, later) = self.policies.iter().enumerate().skip(group + 1).find(|(_, later)| is_it(later))?;
        Some((at, self.history.acts.of(later.opened)?.sent_at))
    }

    /// The step that put a policy in force again, of a group that ended before it.
    fn put_back_by(&self, group: usize) -> Option<JourneyStep> {
        let (later, _) = self.went_on_as(group)?;
        self.policies.get(later).map(|policy| policy.opened)
    }

    /// The group as which a policy began that goes on as this one: by an id that was told late its records fit what it went on as best.
    fn went_on_from(&self, group: usize) -> usize {
        let is_it = |earlier: &usize| self.went_on_as(*earlier).is_some_and(|(later, _)| later == group);
        (0..group).find(is_it).map_or(group, |earlier| self.went_on_from(earlier))
    }

    /// Whether it is a policy that was put in force again.
    pub(super) fn is_in_again(&self, group: usize) -> bool {
        self.went_on_from(group) != group
    }
}

/// What a system still showed in force of a policy whose end was long due, by the last look before the policy was put in force again:
/// the end was never carried out, whatever became of the policy since.
pub(super) fn never_ended<'a>(place: &Place<'a>, due: Due) -> Option<(&'a Seen<'a>, DateTime<Utc>)> {
    let again = place.case.put_back_by(place.group).filter(|_| !place.is_edi() && !place.may_be_there())?;
    let look = place.last_look_before(again).filter(|look| *look >= due.given_up_at)?;
    let here = place.case.at(place.index, place.group).into_iter();
    Some((here.filter(|seen| seen.is_surely_in_force()).find(|seen| seen.is_shown_at(look))?, look))
}
