//! The issuers' own ids of members: an eligibility service may be asked by them, and earlier waypoints show them.

use super::engine::Engine;
use crate::issuer::IssuerMemberId;
use crate::model::{Captures, CoverageLine, FeedKind, Field, IssuerId, ProbeIndex, Sighting};
use crate::reconcile::{expect, paired};
use crate::target::{AskBy, Feed, Waypoint};

impl Engine {
    /// Keeps the ids that a sighting shows, where a waypoint may ask by them. What an eligibility service shows is not kept:
    /// one answer about several plans bears one id, which need not be each plan's.
    pub(super) fn keep_issuer_ids(&self, probe: ProbeIndex, sighting: &Sighting) {
        let members = &sighting.record.members;
        let asks = |waypoint: &Waypoint| matches!(&waypoint.feed, Feed::Eligibility(s) if s.ask_by == AskBy::MemberId);
        let shows = members.iter().any(|member| member.text(Field::IssuerMemberId).is_some());
        let at = self.plan.waypoints.get(usize::from(sighting.waypoint));
        let is_told_by_271 = at.is_some_and(|waypoint| waypoint.feed == FeedKind::Eligibility);
        if !shows || is_told_by_271 || !self.target.waypoints.iter().any(asks) {
            return;
        }
        let (household, plans) = self.household(probe);
        let expectation = expect(&household, &plans, &Captures::default());
        let people = expectation.groups.first().map(|group| group.members.as_slice()).unwrap_or_default();
        let facts = &sighting.record.facts;
        let issuer = sighting.issuer.clone().or_else(|| facts.text(Field::Issuer).map(IssuerId::new));
        let line = facts.text(Field::CoverageLine).and_then(CoverageLine::parse);
        let found = paired(people, members).into_iter().filter_map(|(member, at)| {
            let id = members.get(at)?.text(Field::IssuerMemberId)?.trim().to_owned();
            (!id.is_empty()).then(|| IssuerMemberId { issuer: issuer.clone(), line, member, id })
        });
        let found: Vec<_> = found.collect();
        self.with_mut(probe, |tracked| {
            for id in found {
                if !tracked.issuer_ids.contains(&id) {
                    tracked.issuer_ids.push(id);
                }
            }
        });
    }
}
