//! The plans that can be chosen, and which one a household changes to.

use super::{CoverageLine, Destination, PlanId};
use serde::{Deserialize, Serialize};

/// A plan that can be chosen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offer {
    /// 14 or 16 characters.
    pub plan_id: PlanId,
    /// Two-letter state it is offered in.
    pub state: String,
    /// Medical or dental.
    pub line: CoverageLine,
}

/// The plan that whoever has `chosen` in a state changes to: of those on offer the next by its id, the first behind the last; of the
/// same issuer, or of another one. `None` where there is none. Does not depend on the order of the offers.
pub fn next_plan(
    offers: &[Offer],
    (state, line): (&str, CoverageLine),
    chosen: &PlanId,
    to: Destination,
) -> Option<PlanId> {
    let is_wanted = |plan: &PlanId| {
        let is_same = plan.issuer() == chosen.issuer();
        plan.standard_component() != chosen.standard_component() && is_same == (to == Destination::Plan)
    };
    let here = offers.iter().filter(|offer| offer.line == line && offer.state == state);
    let mut plans: Vec<&PlanId> = here.map(|offer| &offer.plan_id).filter(|plan| is_wanted(plan)).collect();
    plans.sort_unstable();
    plans.iter().find(|plan| **plan > chosen).or(plans.first()).map(|plan| PlanId::clone(plan))
}

#[cfg(test)]
mod tests {
    use super::{Offer, next_plan};
    use crate::model::{CoverageLine, Destination, PlanId};

    fn offers() -> Vec<Offer> {
        let offer = |plan: &str, line| Offer { plan_id: PlanId::new(plan), state: plan[5..7].to_owned(), line };
        [
            offer("54321VA0010001", CoverageLine::Medical),
            offer("12345VA0010002", CoverageLine::Medical),
            offer("12345VA0010001", CoverageLine::Medical),
            offer("12345OH0010001", CoverageLine::Medical),
            offer("12345VA0020001", CoverageLine::Dental),
        ]
        .to_vec()
    }

    #[test]
    fn the_next_plan_of_the_same_line_and_state_is_taken_and_none_where_there_is_no_other() {
        let next = |chosen: &str, line, to| next_plan(&offers(), ("VA", line), &PlanId::new(chosen), to);
        let plan = |id: &str| Some(PlanId::new(id));
        let medical = CoverageLine::Medical;
        assert_eq!(next("12345VA0010001", medical, Destination::Plan), plan("12345VA0010002"));
        assert_eq!(next("12345VA0010002", medical, Destination::Plan), plan("12345VA0010001"), "behind the last");
        assert_eq!(next("12345VA0010002", medical, Destination::Issuer), plan("54321VA0010001"));
        assert_eq!(next("54321VA0010001", medical, Destination::Issuer), plan("12345VA0010001"));
        assert_eq!(next("54321VA0010001", medical, Destination::Plan), None);
        assert_eq!(next("12345VA0020001", CoverageLine::Dental, Destination::Plan), None);
        assert_eq!(
            next("12345VA001000101", medical, Destination::Plan),
            plan("12345VA0010002"),
            "its own variant is no other"
        );
    }
}
