//! A household that failed, with one attribute changed to what somebody has who passed.

use super::aspect::{ASPECTS, Aspect};
use crate::generator::shows;
use crate::model::{CoverageLine, EdgeCase, GeneratorVersion, Given, Household, Offer, PlanId};
use crate::punch::attributes_of;
use std::collections::BTreeSet;

/// What is on offer, and by which rules people are drawn.
#[derive(Debug, Clone, Copy)]
pub struct Shelf<'a> {
    /// The target's plans.
    pub offers: &'a [Offer],
    /// The version of the generator that drew the run's people.
    pub generator: GeneratorVersion,
}

impl Shelf<'_> {
    /// The plans of a line that are sold where a household lives, in order.
    pub(super) fn of(&self, household: &Household, line: CoverageLine) -> Vec<PlanId> {
        let here = |offer: &&Offer| offer.line == line && offer.state == household.address.state;
        let mut plans: Vec<PlanId> = self.offers.iter().filter(here).map(|offer| offer.plan_id.clone()).collect();
        plans.sort_unstable();
        plans
    }
}

/// One attribute changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// What was changed: `the family names`.
    pub name: &'static str,
    /// The household that failed, without it.
    pub without: Given,
    /// The nearest household that passed, with it; `None` where it has it as it is.
    pub with: Option<Given>,
    /// What no longer holds of the household that failed, in words.
    pub attributes: Vec<String>,
}

/// So many changes in all, what the nearest household shares is asked after as well.
const ENOUGH: usize = 14;
/// Whoever passed and is further away than so many others is no donor.
const DONORS: usize = 200;

/// What to change of a household that failed, one thing at a time: whatever differs from the nearest one who passed, the first of
/// `passing`. What the nearest one shares and the punch list asks after (a state, an issuer, a line) is taken from the nearest one that has
/// it not, since it may take that as well; and so is each attribute that a cause names (`wanted`). What is wanted comes first, then
/// what the punch list asks after.
pub fn changes(failing: &Given, passing: &[&Given], wanted: &BTreeSet<String>, shelf: Shelf<'_>) -> Vec<Change> {
    let Some(nearest) = passing.first() else { return Vec::new() };
    let passing = passing.get(..DONORS.min(passing.len())).unwrap_or_default();
    let by = |aspect: &Aspect, donor: &Given| change(aspect, failing, (donor, nearest), shelf);
    let other = |aspect: &Aspect| {
        let donors = passing.iter().skip(1).filter_map(|donor| by(aspect, donor));
        donors.into_iter().find(|change| !change.attributes.is_empty())
    };
    let mut all: Vec<Change> = ASPECTS.iter().filter_map(|aspect| by(aspect, nearest)).collect();
    let shared: Vec<&Aspect> = ASPECTS.iter().filter(|aspect| !all.iter().any(|of| of.name == aspect.name)).collect();
    all.extend(shared.into_iter().filter_map(other).take(ENOUGH.saturating_sub(all.len())));
    let held = attributes_of(&failing.household, &failing.plans);
    for word in wanted.intersection(&held) {
        let tells = |change: &Change| change.attributes.contains(word);
        if all.iter().any(tells) {
            continue;
        }
        let telling = |donor: &&Given| ASPECTS.iter().filter_map(|aspect| by(aspect, donor)).find(tells);
        if let Some(found) = passing.iter().find_map(telling) {
            all.retain(|known| known.name != found.name);
            all.push(found);
        }
    }
    let is_wanted = |change: &Change| change.attributes.iter().any(|words| wanted.contains(words));
    all.sort_by_key(|change| (!is_wanted(change), change.attributes.is_empty()));
    all
}

/// One aspect of a household that failed as a donor has it; `None` where both have it alike.
fn change(aspect: &Aspect, failing: &Given, (donor, nearest): (&Given, &Given), shelf: Shelf<'_>) -> Option<Change> {
    let taken = |to: &Given, from: &Given| {
        let mut taken = to.clone();
        (aspect.take)(&mut taken, from, &shelf);
        taken.household.edge_cases = still_shown(&taken.household, shelf.generator);
        let is_other = without_cases(&taken) != without_cases(to);
        is_other.then_some(taken)
    };
    let without = taken(failing, donor)?;
    let words = |of: &Given| attributes_of(&of.household, &of.plans);
    let attributes = words(failing).difference(&words(&without)).cloned().collect();
    Some(Change { name: aspect.name, with: taken(nearest, failing), without, attributes })
}

/// The cases that were dealt and can still be seen.
fn still_shown(household: &Household, generator: GeneratorVersion) -> Vec<EdgeCase> {
    household.edge_cases.iter().copied().filter(|case| shows(*case, household, generator)).collect()
}

fn without_cases(of: &Given) -> Given {
    Given { household: Household { edge_cases: Vec::new(), ..of.household.clone() }, plans: of.plans.clone() }
}
