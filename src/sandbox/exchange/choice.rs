//! Which plans a household chose, and what its policies come to.

use super::applications::rated;
use super::book::Applied;
use crate::model::{Cents, CoverageLine, Field, GroupRecord, PlanId};
use crate::sandbox::offer::Offer;
use crate::sandbox::record::Policy;
use crate::sandbox::refusal::Refusal;
use crate::sandbox::world::World;
use serde_json::Value;

/// Variant of a plan without reduced cost sharing.
const NO_REDUCTION: &str = "01";

/// The plans of `{"plans": [{"planId": …}, …]}` (or `plan_id`, or the ids alone), in the order chosen.
pub(super) fn chosen_plans(body: &[u8]) -> Result<Vec<PlanId>, Refusal> {
    let body: Value =
        serde_json::from_slice(body).map_err(|error| Refusal::bad_request("not_json", error.to_string()))?;
    let id = |plan: &Value| {
        let text = plan.as_str().or_else(|| plan.get("planId").or_else(|| plan.get("plan_id"))?.as_str());
        text.map(PlanId::parse)
    };
    let plans: Option<Vec<PlanId>> =
        body.get("plans").and_then(Value::as_array).and_then(|plans| plans.iter().map(id).collect());
    plans
        .filter(|plans| !plans.is_empty())
        .ok_or_else(|| Refusal::unprocessable("no_plan_chosen", "`plans` must list one plan id for each line"))
}

/// The policies of the plans chosen.
pub(super) fn policies(world: &World, applied: &Applied, chosen: &[PlanId]) -> Result<Vec<Policy>, Refusal> {
    let state = &applied.application.address.state;
    let offers = world.offers(state);
    let mut policies: Vec<Policy> = Vec::new();
    for plan in chosen {
        let offer =
            offers.iter().find(|offer| offer.plan_id.as_str() == plan.standard_component()).ok_or_else(|| {
                Refusal::unprocessable("plan_not_offered", format!("plan `{plan}` is not offered in {state}"))
            })?;
        if policies.iter().any(|policy| policy.line == offer.line) {
            return Err(Refusal::unprocessable("line_twice", format!("more than one {} plan is chosen", offer.line)));
        }
        policies.push(policy(world, applied, offer));
    }
    Ok(policies)
}

/// What a policy that is held comes to now: the same plan, for whoever is on the application.
pub(super) fn settled(world: &World, applied: &Applied, held: &GroupRecord) -> Result<Policy, Refusal> {
    let plan = held.facts.text(Field::PlanId).map(PlanId::parse);
    let now = policies(world, applied, &plan.into_iter().collect::<Vec<_>>())?.pop();
    let now = now.ok_or_else(|| Refusal::unprocessable("plan_not_offered", "the policy names no plan".to_owned()))?;
    Ok(Policy { id: held.facts.text(Field::PolicyId).unwrap_or_default().to_owned(), ..now })
}

/// Credit and reduced cost sharing go to the medical plan; the credit never exceeds its premium.
fn policy(world: &World, applied: &Applied, offer: &Offer) -> Policy {
    let premiums = offer.premiums(&rated(&applied.application));
    let total: Cents = premiums.iter().copied().sum();
    let is_medical = offer.line == CoverageLine::Medical;
    Policy {
        id: world.numbers.id(),
        line: offer.line,
        issuer: offer.issuer.clone(),
        plan_id: offer.plan_id.clone(),
        variant: if is_medical { applied.eligibility.csr_variant } else { NO_REDUCTION },
        aptc: if is_medical { applied.eligibility.aptc.min(total) } else { Cents(0) },
        premiums,
    }
}
