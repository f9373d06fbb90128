//! Which of the plans on offer a household takes.

use super::draw::{FieldGroup, Streams, key};
use crate::model::{CoverageLine, Household, PlanId};
use std::collections::BTreeMap;

/// A plan that can be chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// 14 or 16 characters.
    pub plan_id: PlanId,
    /// Two-letter state it is offered in.
    pub state: String,
    /// Medical or dental.
    pub line: CoverageLine,
}

/// For each line the household wants, a plan offered where it lives; a line that nobody offers there is left out. Depends
/// on the household and on the set of offers, not on their order; a dental plan more does not change the medical choice.
pub fn plan_for(household: &Household, offers: &[Offer]) -> BTreeMap<CoverageLine, PlanId> {
    // the marker stands for scenario, seed and index
    let streams = Streams::new(key("johndoe plan", &household.marker, 0), household.index.0);
    let choose = |line: CoverageLine| {
        let here = |offer: &&Offer| offer.line == line && offer.state == household.address.state;
        let mut plans: Vec<&PlanId> = offers.iter().filter(here).map(|offer| &offer.plan_id).collect();
        plans.sort_unstable();
        plans.dedup();
        let mut stream = streams.person(FieldGroup::Plan, usize::from(line == CoverageLine::Dental));
        plans.get(stream.place(plans.len())).map(|plan| (line, (*plan).clone()))
    };
    household.lines.iter().copied().filter_map(choose).collect()
}
