//! Households whose answers a system exchanged: whoever asks for one of them is shown another, and it is shown to whoever asks for
//! another alone.

use super::case::Case;
use crate::model::{Finding, FindingKind, IssuerId, ProbeIndex, RunPlan};
use std::collections::{BTreeMap, BTreeSet};

/// A system: a waypoint, and whose it is where each issuer has one of its own.
type System<'a> = (u16, Option<&'a IssuerId>);

/// Whom a system showed in force to whoever asked for a household, and in which place.
type Answers<'a> = BTreeMap<(System<'a>, ProbeIndex), BTreeMap<ProbeIndex, String>>;

/// Households that a system shows in each other's place for good, told to each with whom it was exchanged. Who is shown in another's
/// answer beside that one, as in a list or a search, is exchanged with nobody; nor is who is shown to nobody.
pub(super) fn swapped(plan: &RunPlan, cases: &BTreeMap<ProbeIndex, Case<'_>>) -> Vec<(ProbeIndex, u16, Finding)> {
    let answers = answers(cases);
    let mut askers: BTreeMap<(System<'_>, ProbeIndex), BTreeSet<ProbeIndex>> = BTreeMap::new();
    for ((system, asked), shown) in &answers {
        for owner in shown.keys() {
            askers.entry((*system, *owner)).or_default().insert(*asked);
        }
    }
    let told = answers.keys().filter_map(|key| {
        let (system, household) = *key;
        let (other, place) = alone(&answers, *key).filter(|(other, _)| **other != household)?;
        let asker = askers.get(key)?.first().filter(|asker| **asker != household)?;
        alone(&answers, (system, *asker))?;
        let waypoint = plan.waypoints.get(usize::from(system.0))?.name.to_string();
        let detail = format!(
            "asked for by its own ids, it shows probe {other} ({place}), and itself where probe {asker} is asked for: their answers are \
             exchanged"
        );
        Some((household, system.0, Finding { kind: FindingKind::IdCollision, waypoint, detail }))
    });
    told.collect()
}

/// The one household that was shown to whoever asked for this one, where there was but one.
fn alone<'s, 'a>(answers: &'s Answers<'a>, key: (System<'a>, ProbeIndex)) -> Option<(&'s ProbeIndex, &'s String)> {
    answers.get(&key).filter(|shown| shown.len() == 1)?.first_key_value()
}

fn answers<'a>(cases: &BTreeMap<ProbeIndex, Case<'a>>) -> Answers<'a> {
    let mut answers = Answers::new();
    for (owner, case) in cases {
        for seen in case.seen.iter().filter(|seen| seen.is_in_force()) {
            let sighting = seen.sighting;
            let Some(asked) = sighting.asked_for else { continue };
            let system = (sighting.waypoint, sighting.issuer.as_ref());
            let shown = answers.entry((system, asked)).or_default();
            shown.entry(*owner).or_insert_with(|| sighting.record.place.to_string());
        }
    }
    answers
}
