//! Places of issuers that hold another issuer's records, all of them and nobody else's: then their addresses in the target are as
//! likely to be exchanged as the pipeline's routes, and misrouting cannot be judged there.

use super::case::{Case, Seen};
use super::compare::Rules;
use crate::model::{Field, IssuerId, ProbeIndex, RunPlan};
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
        for (probe, case) in cases {
            for seen in case.seen.iter().filter(|seen| seen.is_in_force()) {
                let at = seen.sighting.waypoint;
                let (Some(place), Some(waypoint)) = (place_of(seen), plan.waypoints.get(usize::from(at))) else {
                    continue;
                };
                let groups = seen.groups.iter().filter_map(|group| case.expectation.groups.get(*group));
                for own in groups.filter_map(|group| group.facts.text(Field::Issuer)) {
                    let is_own = Rules::at(plan, waypoint).is_issuer(own, place.as_str());
                    let place = if is_own { IssuerId::new(own) } else { place.clone() };
                    standing.entry(at).or_default().add(*probe, IssuerId::new(own), place);
                }
            }
        }
        let mut this = Self::default();
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
        self.households.iter().filter_map(reason).collect()
    }
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
        let whole = |own: &IssuerId| {
            let places = self.of.get(own)?;
            let place = places.first().filter(|place| places.len() == 1 && *place != own)?;
            self.at.get(place).is_some_and(|residents| residents.len() == 1).then(|| place.clone())
        };
        let moved: BTreeMap<IssuerId, IssuerId> =
            self.of.keys().filter_map(|own| Some((own.clone(), whole(own)?))).collect();
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
        let all = moved.len() == self.of.len();
        moved.iter().filter(|(own, _)| all || is_round(own)).map(|(own, place)| (own.clone(), place.clone())).collect()
    }
}
