//! Whether a target has what the rows of a scenario ask for, so that nobody is sent otherwise than their row says.

use super::Error;
use super::plan::offers;
use crate::generator::Generator;
use crate::model::{Household, Offer, ProbeIndex, Row};
use crate::scenario::Scenario;
use crate::target::Target;
use std::collections::BTreeSet;

/// So many rows are looked at.
const MOST_LOOKED_AT: usize = 10_000;

/// Each row can be met: its plans are on offer where the household lives, its cases fit together, and every value that a flow asks for is
/// given.
pub(super) fn check_rows(scenario: &Scenario, target: &Target) -> Result<(), Error> {
    let people = &scenario.population;
    let generator = Generator::new(&scenario.name, people);
    let (offers, wanted) = (offers(target), target.values_wanted());
    for (index, row) in (0..).zip(people.given()).take(MOST_LOOKED_AT) {
        let household = generator.household(ProbeIndex(index));
        let what = not_offered(&household, &offers).or_else(|| unfit(&household, row)).or_else(|| unsaid(row, &wanted));
        if let Some(what) = what {
            return Err(Error::Row { row: index + 1, target: target.name.clone(), what });
        }
    }
    let is_drawn = u32::try_from(people.given().len()).is_ok_and(|given| given < people.count);
    match wanted.first().filter(|_| is_drawn) {
        Some(value) => Err(Error::NoValue { target: target.name.clone(), value: value.clone() }),
        None => Ok(()),
    }
}

/// A plan of the row that is not on offer where the household lives; where a target lists none, the exchange decides.
fn not_offered(household: &Household, offers: &[Offer]) -> Option<String> {
    let state = &household.address.state;
    let here = |offer: &&Offer| offer.state == *state;
    let mut asked = household.wishes.plans.iter().filter(|_| !offers.is_empty());
    let lacking = asked.find(|(line, plan)| {
        let mut here = offers.iter().filter(here).filter(|offer| offer.line == **line);
        !here.any(|offer| offer.plan_id.standard_component() == plan.standard_component())
    });
    lacking.map(|(line, plan)| format!("asks for the {line} plan {plan}, which its `plans` do not have in {state}"))
}

fn unfit(household: &Household, row: &Row) -> Option<String> {
    let asked = row.edge_cases.as_ref()?;
    let missing = asked.iter().find(|case| !household.edge_cases.contains(case))?;
    Some(format!("asks for the edge case `{missing}`, which does not fit together with one before it"))
}

fn unsaid(row: &Row, wanted: &BTreeSet<String>) -> Option<String> {
    let missing = wanted.iter().find(|name| !row.wishes.values.contains_key(*name))?;
    Some(format!("gives no value `{missing}`, which a flow asks for as `{{{{ values.{missing} }}}}`"))
}
