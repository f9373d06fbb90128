//! The records of an 834 that is handed over: what is expected downstream, by the same fold as the judge's.

use crate::life;
use crate::model::{ExpectedGroup, Facts, Field, GroupRecord, Household, LifeEvent, Place, RecordKind};
use crate::reconcile::expect;
use crate::target::Context;
use chrono::{DateTime, Utc};

/// One record for each enrollment group. Fails where something is not known that an 834 must say.
pub(super) fn records(event: LifeEvent, context: &Context, now: DateTime<Utc>) -> Result<Vec<GroupRecord>, String> {
    let household = context.household();
    let expected = expect(household, &context.plans(), context.captures()).groups;
    if expected.is_empty() {
        return Err("the household takes no plan: there is nothing to hand over".to_owned());
    }
    expected.into_iter().map(|group| record(event, household, group, now)).collect()
}

fn record(
    event: LifeEvent,
    household: &Household,
    group: ExpectedGroup,
    now: DateTime<Utc>,
) -> Result<GroupRecord, String> {
    let ExpectedGroup { line, mut facts, mut members } = group;
    let unknown = match event {
        LifeEvent::Enroll => "say it in `facts`, or capture it before",
        _ => "the enrollment's own `facts`, its captures or a record that was seen say it, and none of them did",
    };
    for (field, remedy) in
        [(Field::SubscriberId, unknown), (Field::PlanId, "list `plans` in the target, or say it in `facts`")]
    {
        if facts.text(field).is_none_or(str::is_empty) {
            return Err(format!("the {line} enrollment has no `{field}`: {remedy}"));
        }
    }
    related(household, &mut members);
    let kind = match event {
        LifeEvent::Enroll => RecordKind::InitialEnrollment,
        LifeEvent::Cancel => {
            // It ends on the day that it would have begun (CMS companion guide v7.2 p. 54 to 60).
            facts.set(Field::BenefitEnd, household.coverage_begin);
            RecordKind::Cancellation
        }
        change => {
            // It holds from the day on which coverage begins, and the amounts with it, as before.
            facts.set(Field::ChangeEffective, household.coverage_begin);
            if let Some(reason) = life::reason_of(change.into()) {
                facts.set(Field::TransactionReason, reason.as_str());
            }
            RecordKind::Maintenance
        }
    };
    Ok(GroupRecord { kind, event_at: Some(now), facts, members, place: Place::default() })
}

/// Nothing is expected of how the other children of a child-only application are related to the one who became the
/// subscriber, and an 834 must say something (INS02): what the household says of them.
fn related(household: &Household, members: &mut [Facts]) {
    let applying = household.people.iter().filter(|person| person.applying);
    for (facts, person) in members.iter_mut().zip(applying) {
        if facts.text(Field::Relationship).is_none() {
            facts.set(Field::Relationship, person.relationship);
        }
    }
}
