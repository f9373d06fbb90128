//! Where nobody ever looked, since the target looks elsewhere: for an issuer without an address at a waypoint, and in a folder that
//! is not the one into which the files come. What is not looked at is neither missing nor gone.

use super::case::Case;
use super::group::Place;
use super::history::History;
use crate::model::{FeedKind, ProbeIndex, RunPlan};
use std::collections::{BTreeMap, BTreeSet};

/// From as many households on it is taken for a rule that they are seen behind a folder and not in it.
const FEWEST: usize = 2;

/// Folders in which not one file ever lay, while households were seen behind them: so many.
#[derive(Debug, Default)]
pub(super) struct Unfound(BTreeMap<u16, usize>);

impl Unfound {
    /// Of everything that was read and seen.
    pub(super) fn of(plan: &RunPlan, history: &History<'_>, cases: &BTreeMap<ProbeIndex, Case<'_>>) -> Self {
        let is_empty = |(index, feed): &(u16, FeedKind)| {
            let was_seen = || history.sightings.iter().any(|sighting| sighting.waypoint == *index);
            *feed == FeedKind::EdiFolder && !history.with_files.contains(index) && !was_seen()
        };
        let behind = |index: u16| {
            let is_behind = |case: &&Case<'_>| case.seen.iter().any(|seen| seen.sighting.waypoint > index);
            cases.values().filter(is_behind).count()
        };
        let waypoints = (0_u16..).zip(plan.waypoints.iter().map(|waypoint| waypoint.feed));
        let empty = waypoints.filter(is_empty).map(|(index, _)| (index, behind(index)));
        Self(empty.filter(|(_, households)| *households >= FEWEST).collect())
    }

    /// A sentence for each.
    pub(super) fn reasons(&self, plan: &RunPlan) -> Vec<String> {
        let reason = |(index, households): (&u16, &usize)| {
            let name = &plan.waypoints.get(usize::from(*index))?.name;
            Some(format!(
                "at `{name}` not one file was found, before the run or since, while {households} households were seen behind it: see \
                 whether `path` is the folder into which the files come, and `names` what they are called"
            ))
        };
        self.0.iter().filter_map(reason).collect()
    }

    fn holds(&self, index: u16) -> bool {
        self.0.contains_key(&index)
    }
}

/// Why nobody ever looks at this place for this group, in words.
pub(super) fn out_of_sight(place: &Place<'_>) -> Option<String> {
    let name = &place.waypoint.name;
    if place.court.unfound.holds(place.index) {
        return Some(format!("not one file was ever found at `{name}`"));
    }
    let issuer = place.issuer()?;
    let read = place.court.plan.reads_only.get(name)?;
    let is_read = read.iter().any(|at| place.is_at_home(issuer, at.as_str()));
    (!is_read).then(|| format!("the target has no address for issuer `{issuer}` at `{name}`"))
}

/// Of these issuers those for which the target has no address at some waypoint, in a sentence.
pub(super) fn without_address<'a>(plan: &RunPlan, issuers: impl Iterator<Item = &'a str>) -> Option<String> {
    let issuers: BTreeSet<&str> = issuers.collect();
    let lacks = |issuer: &str| {
        let here = plan.reads_only.iter().filter(|(_, read)| !read.iter().any(|known| known.as_str() == issuer));
        here.map(|(waypoint, _)| format!("`{issuer}` at `{waypoint}`")).collect::<Vec<_>>()
    };
    let places: Vec<String> = issuers.into_iter().flat_map(lacks).collect();
    let remedy = "give it one under `per_issuer`, or leave its plans out of the target's `plans`";
    (!places.is_empty()).then(|| format!("the target has no address for issuer {}: {remedy}", places.join(", ")))
}
