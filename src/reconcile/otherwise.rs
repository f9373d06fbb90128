//! Whether the exchange itself says that it enrolled something else than it was asked for, or than the rules of effective dates allow.

use super::effective::{join_against_rule, policy_against_rule};
use super::findings::Finds;
use super::group::Place;
use crate::life;
use crate::model::{
    Captures, CoverageLine, Facts, Field, Finding, FindingKind, JourneyStep, PlanId, SUBMISSION, Value,
};
use chrono::NaiveDate;

/// Compares what was asked for with what the answers to the step that began a group told of it: its plan, and its first day where the target says
/// that it asks for one. Downstream what was told is expected, since that is what the exchange has to pass on.
pub(super) fn enrolled_otherwise(place: &Place<'_>, finds: &mut Finds) {
    let (case, history) = (place.case, place.case.history);
    let begun = case.opening_of(place.group).filter(|(_, act)| act.may_stand());
    let Some((household, (step, _))) = history.household.zip(begun) else { return };
    let line = place.expected.line;
    let is_alone = household.lines.len() == 1;
    let captures = if step == JourneyStep::ENROLL { history.captures.clone() } else { history.answer_to(step) };
    let groups = captures.groups.iter();
    // what is told once for several groups says of none which it is of
    let told = groups.filter(|told| told.line == Some(line) || told.line.is_none() && is_alone);
    let until = || case.lives.iter().filter(|life| life.step <= step).map(|life| life.change);
    let first_day = life::after(household, until()).coverage_begin;
    let plans = history.plans.map(|plans| life::plans_after(household, plans, until(), &place.court.plan.offers));
    let asked_plan = plans.as_ref().and_then(|plans| plans.get(&line));
    let of_policy = told.flat_map(|told| {
        let plan = told.facts.text(Field::PlanId).map(PlanId::parse);
        [
            asked_plan.zip(plan).and_then(|(asked, told)| other_plan(asked, &told)),
            day_told(&told.facts, Field::BenefitBegin).and_then(|told| other_begin(place, first_day, told)),
        ]
    });
    let against_rule = first_day_told(&captures, line).and_then(|told| policy_against_rule(place, step, told));
    let others: Vec<String> = of_policy.flatten().chain(against_rule).chain(join_against_rule(place)).collect();
    if !others.is_empty() {
        let (kind, waypoint, detail) = (FindingKind::EnrolledOtherwise, SUBMISSION.to_owned(), others.join("; "));
        finds.put(Some(place.group), place.index, Finding { kind, waypoint, detail });
    }
}

/// The first day that an answer told of a line's policy; a day that is told once for all is every policy's.
fn first_day_told(captures: &Captures, line: CoverageLine) -> Option<NaiveDate> {
    let told = |of: Option<CoverageLine>| {
        let mut of_line = captures.groups.iter().filter(|told| told.line == of);
        of_line.find_map(|told| day_told(&told.facts, Field::BenefitBegin))
    };
    told(Some(line)).or_else(|| told(None))
}

/// A day of which an answer told.
pub(super) fn day_told(facts: &Facts, field: Field) -> Option<NaiveDate> {
    match facts.value(field) {
        Some(Value::Date(day)) => Some(*day),
        _ => None,
    }
}

fn other_plan(asked: &PlanId, told: &PlanId) -> Option<String> {
    let differs = |asked: &str, told: &str| !asked.trim().eq_ignore_ascii_case(told.trim());
    let is_other = differs(asked.standard_component(), told.standard_component())
        || matches!((asked.variant(), told.variant()), (Some(asked), Some(told)) if differs(asked, told));
    is_other.then(|| format!("asked for plan {asked}, and the exchange says that it enrolled {told}"))
}

fn other_begin(place: &Place<'_>, asked: NaiveDate, told: NaiveDate) -> Option<String> {
    let mut of_target = Facts::new();
    of_target.set(Field::BenefitBegin, asked);
    // where the target asks for no day, the exchange decides
    place.court.plan.carries.fold(&mut of_target);
    let asks = of_target.value(Field::BenefitBegin).is_some() && !place.court.plan.ignore.contains(Field::BenefitBegin);
    (asks && told != asked)
        .then(|| format!("asked for coverage from {asked}, and the exchange says that it begins on {told}"))
}
