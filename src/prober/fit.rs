//! Whether a target has what a scenario asks for, so that nobody is sent for whom there is nothing.

use super::Error;
use crate::generator::Generator;
use crate::model::{CoverageLine, Household, ProbeIndex};
use crate::scenario::Scenario;
use crate::target::Target;

/// Where a target lists plans, each state that a household may live in must have one of each line that may be taken: for
/// the others the flow would ask for no plan at all.
pub(super) fn check_offers(scenario: &Scenario, target: &Target) -> Result<(), Error> {
    let people = &scenario.population;
    let dental = (people.dental_share > 0.0).then_some(CoverageLine::Dental);
    if dental.is_some() && !target.asks_for_dental() {
        return Err(Error::NoDental { target: target.name.clone() });
    }
    if target.plans.is_empty() {
        return Ok(());
    }
    let lacking = [Some(CoverageLine::Medical), dental].into_iter().flatten().filter_map(|line| {
        let offered = |state: &&String| target.plans.iter().any(|plan| plan.line == line && plan.state == **state);
        let states: Vec<&str> = people.states.iter().filter(|state| !offered(state)).map(String::as_str).collect();
        (!states.is_empty()).then(|| format!("no {line} plan in {}", states.join(", ")))
    });
    let lacking: Vec<String> = lacking.collect();
    if lacking.is_empty() {
        return Ok(());
    }
    let by_line = if dental.is_some() { ", or set `population.dental` to 0" } else { "" };
    Err(Error::NotOffered { target: target.name.clone(), lacking: lacking.join(" and "), by_line })
}

/// So many households are looked at before a run: the generator draws them in no time, and a scenario of millions is not
/// drawn twice.
const MOST_LOOKED_AT: u32 = 1_000;

/// No household that is known to be drawn has more people who apply than the target can carry.
pub(super) fn check_members(scenario: &Scenario, target: &Target) -> Result<(), Error> {
    if target.most_members().is_none() {
        return Ok(());
    }
    let generator = Generator::new(&scenario.name, &scenario.population);
    let drawn = 0..scenario.population.count.min(MOST_LOOKED_AT);
    let mut too_many = drawn
        .filter_map(|index| too_many_members(target, &generator.household(ProbeIndex(index))).map(|why| (index, why)));
    let Some((probe, why)) = too_many.next() else { return Ok(()) };
    let households = 1 + too_many.count();
    Err(Error::TooManyMembers { target: target.name.clone(), households, probe, why })
}

/// Why a household is not sent, where more people apply in it than the target can carry.
pub(super) fn too_many_members(target: &Target, household: &Household) -> Option<String> {
    let (most, how) = target.most_members()?;
    let members = household.people.iter().filter(|person| person.applying).count();
    let people = if most == 1 { "1 member" } else { &format!("{most} members") };
    (members > most).then(|| format!("the target carries {people} ({how}), this household has {members}"))
}
