//! Which of the plans on offer a household takes.

use super::draw::{FieldGroup, Streams, key};
use crate::model::{CoverageLine, Household, Offer, PlanId, without_run};
use std::collections::BTreeMap;

/// For each line the household wants, the plan that its row asks for, or else one offered where it lives; a line that nobody offers there is left out. Depends
/// on the household and on the set of offers, not on their order; a dental plan more does not change the medical choice.
pub fn plan_for(household: &Household, offers: &[Offer]) -> BTreeMap<CoverageLine, PlanId> {
    // the marker stands for scenario, seed and index; in every run the same plan is taken
    let streams = Streams::new(key("johndoe plan", &without_run(&household.marker), 0), household.index.0);
    let choose = |line: CoverageLine| {
        if let Some(plan) = household.wishes.plans.get(&line) {
            return Some((line, plan.clone()));
        }
        let here = |offer: &&Offer| offer.line == line && offer.state == household.address.state;
        let mut plans: Vec<&PlanId> = offers.iter().filter(here).map(|offer| &offer.plan_id).collect();
        plans.sort_unstable();
        plans.dedup();
        let mut stream = streams.person(FieldGroup::Plan, usize::from(line == CoverageLine::Dental));
        plans.get(stream.place(plans.len())).map(|plan| (line, (*plan).clone()))
    };
    household.lines.iter().copied().filter_map(choose).collect()
}

#[cfg(test)]
mod tests {
    use super::plan_for;
    use crate::generator::household;
    use crate::model::{CoverageLine, GeneratorVersion, Household, Offer, PlanId, Population, ProbeIndex, SsnPolicy};
    use std::collections::{BTreeMap, BTreeSet};

    fn in_ohio(index: u32) -> Household {
        let population = Population {
            count: 1,
            seed: 2013,
            as_of: "2013-11-15".parse().unwrap(),
            coverage_begin: None,
            states: vec!["OH".to_owned()],
            household_size: BTreeMap::from([(2, 1)]),
            edge_case_share: 0.0,
            edge_cases: Vec::new(),
            several: true,
            dental_share: 1.0,
            agent_share: 0.0,
            ssn: SsnPolicy::None,
            generator: GeneratorVersion::NEWEST,
            rows: Vec::new(),
        };
        household("offers", &population, ProbeIndex(index))
    }

    fn offer(plan_id: &str, state: &str, line: CoverageLine) -> Offer {
        Offer { plan_id: PlanId::new(plan_id), state: state.to_owned(), line }
    }

    fn medical() -> Vec<Offer> {
        ["12345OH0010001", "12345OH0010002", "67890OH0020001"].map(|id| offer(id, "OH", CoverageLine::Medical)).to_vec()
    }

    #[test]
    fn a_plan_of_the_state_is_taken_and_all_are_by_somebody() {
        let mut offers = medical();
        offers.push(offer("12345VA0010001", "VA", CoverageLine::Medical));
        let taken: BTreeSet<_> =
            (0..100).filter_map(|i| plan_for(&in_ohio(i), &offers).remove(&CoverageLine::Medical)).collect();
        assert_eq!(taken, medical().into_iter().map(|offer| offer.plan_id).collect());
    }

    #[test]
    fn neither_order_nor_a_dental_offer_changes_the_medical_choice() {
        for index in 0..20 {
            let household = in_ohio(index);
            let chosen = plan_for(&household, &medical());
            let mut others = medical();
            others.reverse();
            others.push(offer("12345OH0990001", "OH", CoverageLine::Dental));
            let with_dental = plan_for(&household, &others);
            assert_eq!(with_dental.get(&CoverageLine::Medical), chosen.get(&CoverageLine::Medical));
            assert!(with_dental.contains_key(&CoverageLine::Dental));
        }
    }

    #[test]
    fn a_line_that_nobody_offers_is_left_out() {
        let chosen = plan_for(&in_ohio(0), &medical());
        assert_eq!(chosen.keys().copied().collect::<Vec<_>>(), [CoverageLine::Medical]);
        assert!(plan_for(&in_ohio(0), &[]).is_empty());
    }
}
