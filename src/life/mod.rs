//! What happens in the life of a household that is enrolled: of each change what it makes of the household, where that can be seen,
//! and why it is told. Pure. The listing of this folder is the catalogue.

mod add_dependent;
mod change_address;
mod change_agent;
mod change_plan;
mod correct_person;
pub mod dates;
mod divorce;
mod happening;
mod marry;
mod miss_payment;
mod pay;
mod policies;
mod reinstate;
mod remove_dependent;
mod renew;
mod report_income;
#[cfg(test)]
mod sample;
mod subscriber_dies;
mod terminate;

use crate::model::{
    Captures, Change, CoverageLine, Draw, Facts, FeedKind, Field, FieldSet, Household, JourneyStep, LifeEvent, PlanId,
    RunPlan, Since, TransactionReason, WaypointPlan,
};
use happening::Happening;
pub use policies::{
    PolicyLife, ends_as, ends_policies, ends_some, is_end_shown_at, is_told_by_exchange, other_plan, plans_after,
    policies, replaces_policies, turns_policies,
};
use std::collections::BTreeMap;

/// What the catalogue says of an event; of the enrollment and of its end it says nothing.
fn happening(change: Change) -> Option<&'static Happening> {
    match change.event {
        LifeEvent::AddDependent => Some(&add_dependent::HAPPENING),
        LifeEvent::ChangeAddress => Some(&change_address::HAPPENING),
        LifeEvent::ChangeAgent => Some(&change_agent::HAPPENING),
        LifeEvent::CorrectPerson => Some(&correct_person::HAPPENING),
        LifeEvent::Divorce => Some(&divorce::HAPPENING),
        LifeEvent::Marry => Some(&marry::HAPPENING),
        LifeEvent::ChangePlan => Some(&change_plan::HAPPENING),
        LifeEvent::MissPayment => Some(&miss_payment::HAPPENING),
        LifeEvent::Pay => Some(&pay::HAPPENING),
        LifeEvent::RemoveDependent => Some(&remove_dependent::HAPPENING),
        LifeEvent::Reinstate => Some(&reinstate::HAPPENING),
        LifeEvent::Renew => Some(&renew::HAPPENING),
        LifeEvent::ReportIncome => Some(&report_income::HAPPENING),
        LifeEvent::SubscriberDies => Some(&subscriber_dies::HAPPENING),
        LifeEvent::Terminate => Some(&terminate::HAPPENING),
        LifeEvent::Enroll | LifeEvent::Cancel => None,
    }
}

/// The household after these changes, in order. What cannot happen to it does not, and is not counted among what did: so whoever folds the
/// steps of a journey has the same people as whoever folds those that were sent.
pub fn after(household: &Household, changes: impl IntoIterator<Item = Change>) -> Household {
    let (mut life, mut before): (Household, Vec<Change>) = (household.clone(), Vec::new());
    for change in changes {
        let times = before.iter().filter(|earlier| **earlier == change).count();
        settle(&mut life);
        if let Some(happening) = happening(change).filter(|happening| (happening.applies)(&life, change)) {
            (happening.apply)(&mut life, change, times);
            before.push(change);
        }
    }
    life
}

/// Who joined or left with an earlier step is no news at the next.
fn settle(life: &mut Household) {
    for person in &mut life.people {
        person.since = person.since.map(|since| match since {
            Since::Joins | Since::Joined => Since::Joined,
            Since::Leaves | Since::Left => Since::Left,
        });
    }
}

/// Why a step of the journey passes a household over, in words; `None` where it is for it. `enrolled`: the household as it enrolled;
/// `before`: the changes before the step that may stand. Engine and judge ask here alone, so that they never differ.
pub fn passed_over(
    plan: &RunPlan,
    (enrolled, chosen): (&Household, &BTreeMap<CoverageLine, PlanId>),
    before: &[(JourneyStep, Change)],
    step: JourneyStep,
) -> Option<String> {
    let changes = || before.iter().map(|(_, change)| *change);
    let (life, change) = (after(enrolled, changes()), plan.change_at(step));
    if happening(change).is_some_and(|happening| !(happening.applies)(&life, change)) {
        return Some(format!("{} cannot happen to it", words_for(change)));
    }
    if let Some(why) = policies::stand_otherwise(enrolled, before, change.event) {
        return Some(why.to_owned());
    }
    if policies::has_no_other_plan((enrolled, chosen), changes(), change, &plan.offers) {
        return Some("no other plan is on offer to it".to_owned());
    }
    plan.terms_of(step).when.broken_by(&life, Draw { seed: plan.seed, step: step.number })
}

/// What is known of what the exchange told after a change that was answered with this: what it decides anew at such a change, or was of a
/// policy that ended with it, holds no longer as it was told before. `household`: as it was until then.
pub fn told(mut before: Captures, household: &Household, change: Change, answer: Captures) -> Captures {
    unsettle(&mut before, change);
    policies::forget_ended(&mut before, household, change);
    before.add(answer);
    before
}

/// Forgets what the exchange decides anew at a change.
pub fn unsettle(told: &mut Captures, change: Change) {
    let fields = unsettled_by(change);
    let forget = |facts: &mut Facts| fields.iter().for_each(|field: &Field| facts.unset(*field));
    told.groups.iter_mut().for_each(|group| forget(&mut group.facts));
    told.members.iter_mut().for_each(forget);
}

fn unsettled_by(change: Change) -> &'static [Field] {
    happening(change).map_or(&[], |happening| (happening.unsettles)(change))
}

/// Fields that a change may change: where none of them shows, it cannot be seen.
pub fn fields_of(change: Change) -> FieldSet {
    happening(change).map_or(FieldSet::EMPTY, |happening| (happening.fields)(change))
}

/// What a change may make anew of the policy of a line: all of one that ends or begins with it; nothing of one that goes on beside such a
/// one; else its own fields and what the exchange decides anew with them.
pub fn decides(change: Change, line: CoverageLine) -> FieldSet {
    match (policies::turns_line(change.event, line), turns_policies(change.event)) {
        (true, _) => FieldSet::all(),
        (false, true) => FieldSet::EMPTY,
        (false, false) => fields_of(change).union(unsettled_by(change).iter().copied().collect()),
    }
}

/// Fields of which only the exchange's own answer says what they have become.
pub fn told_by_answer(change: Change) -> FieldSet {
    let decided: FieldSet = unsettled_by(change).iter().copied().collect();
    decided.intersection(fields_of(change))
}

/// How templates end that say what a change changes; a whole person, household or application says it, too. Empty where the request
/// itself is all that is said.
pub fn said_as(change: Change) -> &'static [&'static str] {
    happening(change).map_or(&[], |happening| (happening.said_as)(change))
}

/// Why the exchange tells it (CMS companion guide v7.2 p. 112); `None` where it tells nobody, so that only states show it.
pub fn reason_of(change: Change) -> Option<TransactionReason> {
    happening(change).and_then(|happening| happening.reason)
}

/// The policy status that a change leaves behind, where it is another one.
pub fn leaves(change: impl Into<Change>) -> Option<&'static str> {
    happening(change.into()).and_then(|happening| happening.leaves)
}

/// Whether a waypoint shows a change: a state, or a message that the exchange sends because of it.
pub fn is_shown_at(waypoint: &WaypointPlan, change: Change) -> bool {
    if turns_policies(change.event) {
        return is_end_shown_at(waypoint, change.event);
    }
    let is_told = waypoint.feed != FeedKind::EdiFolder || reason_of(change).is_some();
    is_told && waypoint.shows_changes(fields_of(change))
}

/// What a step is called in a sentence.
pub fn words_for(change: Change) -> &'static str {
    match change.event {
        LifeEvent::Enroll => "the enrollment",
        LifeEvent::Cancel => "the cancellation",
        _ => happening(change).map_or("the change", |happening| (happening.words)(change)),
    }
}
