//! Places of issuers that hold another issuer's records, all of them and nobody else's: then their addresses in the target are as
//! likely to be exchanged as the pipeline's routes, and misrouting cannot be judged there. The same of what messages call them.

use super::case::{Case, Seen};
use super::compare::Rules;
use crate::model::{FeedKind, Field, IssuerId, ProbeIndex, RunPlan};
use std::collections::{BTreeMap, BTreeSet};

/// From as many households on what stands elsewhere is taken for a rule and not for one household's mishap.
const FEWEST: usize = 2;

/// Whose place holds whose records, by waypoint, where that is another issuer's than the target says.
#[derive(Debug, Default)]
pub(super) struct Exchanged {
    /// By waypoint and the issuer whose records these are: the issuer at whose place they all stand.
    places: BTreeMap<(u16, IssuerId), IssuerId>,
    /// Households seen so, by waypoint.
    households: BTreeMap<u16, usize>,
    /// By waypoint and the issuer whose messages these are: the issuer that they all name.
    names: BTreeMap<(u16, IssuerId), IssuerId>,
    /// Households whose messages do so, by waypoint.
    named: BTreeMap<u16, usize>,
}

/// Where the records of each issuer stand at one waypoint.
#[derive(Debug, Default)]
struct Standing {
    of: BTreeMap<IssuerId, BTreeSet<IssuerId>>,
    at: BTreeMap<IssuerId, BTreeSet<IssuerId>>,
    households: BTreeMap<IssuerId, BTreeSet<ProbeIndex>>,
}

impl Exchanged {
    /// Of everything that was seen of the cases.
    pub(super) fn of(plan: &RunPlan, cases: &BTreeMap<ProbeIndex, Case<'_>>) -> Self {
        let mut standing: BTreeMap<u16, Standing> = BTreeMap::new();
        let mut naming: BTreeMap<u16, Standing> = BTreeMap::new();
        for (probe, case) in cases {
            for seen in case.seen.iter().filter(|seen| seen.is_in_force()) {
                let at = seen.sighting.waypoint;
                let Some(waypoint) = plan.waypoints.get(usize::from(at)) else { continue };
                let groups = seen.groups.iter().filter_map(|group| case.expectation.groups.get(*group));
                let owns: Vec<&str> = groups.filter_map(|group| group.facts.text(Field::Issuer)).collect();
                for own in owns.iter().filter(|_| waypoint.feed == FeedKind::EdiFolder) {
                    if let Some(named) = named_in(seen, own) {
                        naming.entry(at).or_default().add(*probe, IssuerId::new(*own), named);
                    }
                }
                let Some(place) = place_of(seen) else { continue };
                for own in owns {
                    let is_own = Rules::at(plan, waypoint).is_issuer(own, place.as_str());
                    let place = if is_own { IssuerId::new(own) } else { place.clone() };
                    standing.entry(at).or_default().add(*probe, IssuerId::new(own), place);
                }
            }
        }
        let mut this = Self::default();
        for (waypoint, naming) in naming {
            let exchanged = naming.round();
            let of = exchanged.keys().filter_map(|own| naming.households.get(own));
            let households: BTreeSet<ProbeIndex> = of.flatten().copied().collect();
            if households.len() >= FEWEST {
                this.named.insert(waypoint, households.len());
                this.names.extend(exchanged.into_iter().map(|(own, named)| ((waypoint, own), named)));
            }
        }
        for (waypoint, standing) in standing {
            let exchanged = standing.exchanged();
            let of = exchanged.keys().filter_map(|own| standing.households.get(own));
            let households: BTreeSet<ProbeIndex> = of.flatten().copied().collect();
            if households.len() >= FEWEST {
                this.households.insert(waypoint, households.len());
                this.places.extend(exchanged.into_iter().map(|(own, place)| ((waypoint, own), place)));
            }
        }
        this
    }

    /// At whose place this issuer's records stand, where that is another's.
    pub(super) fn place_of(&self, waypoint: u16, issuer: &str) -> Option<&IssuerId> {
        if self.places.is_empty() {
            return None;
        }
        self.places.get(&(waypoint, IssuerId::new(issuer)))
    }

    /// Whether what a message names as its issuer is the one that all messages of this issuer name.
    pub(super) fn is_called_so(&self, waypoint: u16, issuer: &str, named: &str) -> bool {
        if self.names.is_empty() {
            return false;
        }
        let known = self.names.get(&(waypoint, IssuerId::new(issuer)));
        known.is_some_and(|known| other_than(named, issuer).is_some_and(|other| other == *known))
    }

    /// A sentence for each waypoint at which nobody can say whether the pipeline or the target confused the issuers.
    pub(super) fn reasons(&self, plan: &RunPlan) -> Vec<String> {
        let reason = |(at, households): (&u16, &usize)| {
            let waypoint = plan.waypoints.get(usize::from(*at))?;
            let here = self.places.iter().filter(|((of, _), _)| of == at);
            let each: Vec<String> =
                here.map(|((_, own), place)| format!("`{own}` at the place of `{place}`")).collect();
            Some(format!(
                "at `{}` every record of {households} households stands at another issuer's place and none at its own ({}), so it was \
                 not judged whether they are misrouted: see whether the target's `per_issuer` has the addresses or folders of two \
                 issuers exchanged, unless the pipeline has",
                waypoint.name,
                each.join(", ")
            ))
        };
        let naming = |(at, households): (&u16, &usize)| {
            let waypoint = plan.waypoints.get(usize::from(*at))?;
            let here = self.names.iter().filter(|((of, _), _)| of == at);
            let each: Vec<String> =
                here.map(|((_, own), named)| format!("`{own}` by what `{named}` is called")).collect();
            Some(format!(
                "at `{}` every message of {households} households names another issuer than its own ({}), so it was not judged whether \
                 they are misrouted: see whether the target's `issuers` has the names or tax ids of two issuers exchanged, unless the \
                 pipeline has",
                waypoint.name,
                each.join(", ")
            ))
        };
        let places = self.households.iter().filter_map(reason);
        places.chain(self.named.iter().filter_map(naming)).collect()
    }
}

/// The issuer that a message names; its own where it names no other.
fn named_in(seen: &Seen<'_>, own: &str) -> Option<IssuerId> {
    let record = &seen.sighting.record;
    let said = record.place.addressed_to.as_deref().or_else(|| record.facts.text(Field::Issuer))?;
    Some(other_than(said, own).unwrap_or_else(|| IssuerId::new(own)))
}

/// The one issuer besides this one in what says an issuer, or several that contradict each other: `12345 by ISA08 and 54321 by N104`.
fn other_than(said: &str, own: &str) -> Option<IssuerId> {
    let id = |part: &str| part.split_once(" by ").map_or(part, |(id, _)| id).trim().to_owned();
    let others: BTreeSet<String> = said.split(" and ").map(id).filter(|id| id != own).collect();
    others.into_iter().next().map(IssuerId::new)
}

/// The issuer at whose place a record stands, where each has one of its own: whose API showed it, or whose folder its file lies in.
/// To whom a file is addressed is the sender's word, and no place.
fn place_of(seen: &Seen<'_>) -> Option<IssuerId> {
    let record = &seen.sighting.record;
    let folder = || record.place.source.split_once('/').map(|(folder, _)| folder);
    let is_folders = |issuer: &&str| folder() == Some(*issuer);
    seen.sighting.issuer.clone().or_else(|| record.facts.text(Field::Issuer).filter(is_folders).map(IssuerId::new))
}

impl Standing {
    fn add(&mut self, probe: ProbeIndex, own: IssuerId, place: IssuerId) {
        self.of.entry(own.clone()).or_default().insert(place.clone());
        self.at.entry(place).or_default().insert(own.clone());
        self.households.entry(own).or_default().insert(probe);
    }

    /// Issuers whose records all stand at one other issuer's place, where nobody else's stand; and either that issuer's own stand
    /// so, too, and so on round to the first, or nobody's record stands at its own place.
    fn exchanged(&self) -> BTreeMap<IssuerId, IssuerId> {
        let (moved, round) = (self.moved(), self.round());
        if moved.len() == self.of.len() { moved } else { round }
    }

    /// Issuers whose records all stand at one other issuer's place, where nobody else's stand.
    fn moved(&self) -> BTreeMap<IssuerId, IssuerId> {
        let whole = |own: &IssuerId| {
            let places = self.of.get(own)?;
            let place = places.first().filter(|place| places.len() == 1 && *place != own)?;
            self.at.get(place).is_some_and(|residents| residents.len() == 1).then(|| place.clone())
        };
        self.of.keys().filter_map(|own| Some((own.clone(), whole(own)?))).collect()
    }

    /// Those of them of which that issuer's own stand so, too, and so on round to the first.
    fn round(&self) -> BTreeMap<IssuerId, IssuerId> {
        let moved = self.moved();
        let is_round = |own: &IssuerId| {
            let mut at = moved.get(own);
            for _ in 0..moved.len() {
                match at {
                    Some(place) if place == own => return true,
                    Some(place) => at = moved.get(place),
                    None => return false,
                }
            }
            false
        };
        moved.iter().filter(|(own, _)| is_round(own)).map(|(own, place)| (own.clone(), place.clone())).collect()
    }
}
