//! Whether a target has what a scenario asks for, so that nobody is sent for whom there is nothing.

use super::Error;
use crate::model::CoverageLine;
use crate::scenario::Scenario;
use crate::target::Target;

/// Where a target lists plans, each state that a household may live in must have one of each line that may be taken: for
/// the others the flow would ask for no plan at all.
pub(super) fn check_offers(scenario: &Scenario, target: &Target) -> Result<(), Error> {
    if target.plans.is_empty() {
        return Ok(());
    }
    let people = &scenario.population;
    let dental = (people.dental_share > 0.0).then_some(CoverageLine::Dental);
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
