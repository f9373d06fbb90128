//! The records of an 834 that is handed over: what is expected downstream, by the same fold as the judge's.

use crate::life;
use crate::model::{
    ExpectedGroup, Facts, Field, GroupRecord, Household, LifeEvent, MemberChange, Place, RecordKind, Since,
};
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
    let ExpectedGroup { line, mut facts, members, .. } = group;
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
    let mut members = told(household, members);
    if event == LifeEvent::Cancel {
        members.retain(|member| member.text(Field::MemberChange) != Some(MemberChange::Removed.as_str()));
    }
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

/// The members of whom an 834 tells, whoever leaves with this step among them: on the day on which coverage begins, or would have.
///
/// Nothing is expected of how the other children of a child-only application are related to the one who became the subscriber, and an
/// 834 must say something (INS02): what the household says of them.
fn told(household: &Household, members: Vec<Facts>) -> Vec<Facts> {
    let mut told = Vec::with_capacity(members.len());
    for (mut facts, person) in members.into_iter().zip(household.members()) {
        match person.since {
            Some(Since::Left) => continue,
            Some(Since::Leaves) => facts.set(Field::MemberBenefitEnd, household.coverage_begin),
            Some(Since::Joins | Since::Joined) | None => {}
        }
        if facts.text(Field::Relationship).is_none() {
            facts.set(Field::Relationship, person.relationship);
        }
        told.push(facts);
    }
    told
}
