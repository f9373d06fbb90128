//! Faults of who is in a group and as what.

use super::dice::Dice;
use super::traits::is_child;
use crate::model::{Cents, Facts, Field, FieldSet, GroupRecord, Value};
use chrono::{Datelike, NaiveDate};

/// What stays with the place in the group when people change places.
const OF_THE_PLACE: [Field; 4] = [Field::MemberId, Field::Relationship, Field::Subscriber, Field::Premium];

/// A child becomes a spouse; where there is no child, a spouse a child; else any dependent a spouse.
pub(super) fn relationship(record: &mut GroupRecord, dice: &Dice) -> Option<String> {
    let is = |member: &Facts, test: fn(&str) -> bool| member.text(Field::Relationship).is_some_and(test);
    let dependents = || record.members.iter().enumerate().skip(1);
    let children: Vec<usize> = dependents().filter(|(_, m)| is(m, is_child)).map(|(i, _)| i).collect();
    let spouse = dependents().find(|(_, m)| is(m, |r| r == "spouse")).map(|(i, _)| i);
    let (chosen, new) = match (children.get(dice.pick(children.len())), spouse) {
        (Some(child), _) => (*child, "spouse"),
        (None, Some(spouse)) => (spouse, "child"),
        (None, None) => (1, "spouse"),
    };
    let member = record.members.get_mut(chosen)?;
    let old = member.text(Field::Relationship)?.to_owned();
    member.set(Field::Relationship, new);
    Some(format!("relationship of member {}: `{old}` became `{new}`", chosen + 1))
}

/// The subscriber and the last dependent change places.
pub(super) fn swap(record: &mut GroupRecord) -> Option<String> {
    let last = record.members.len().checked_sub(1).filter(|last| *last > 0)?;
    let (first, rest) = record.members.split_first_mut()?;
    let other = rest.last_mut()?;
    std::mem::swap(first, other);
    // only the people move: ids, relationship and premium are the place's
    for field in OF_THE_PLACE {
        let (a, b) = (first.value(field).cloned(), other.value(field).cloned());
        first.set_or_absent(field, b);
        other.set_or_absent(field, a);
    }
    Some(format!("members 1 and {} changed places", last + 1))
}

/// The last dependent is left out, and is no more paid for.
pub(super) fn drop_dependent(record: &mut GroupRecord) -> Option<String> {
    if record.members.len() < 2 {
        return None;
    }
    let dropped = record.members.pop()?;
    Some(format!("member {} ({}) was left out", record.members.len() + 1, called(&dropped)))
}

/// A child that nobody applied for: born a year before coverage, living with the subscriber.
pub(super) fn add_dependent(record: &mut GroupRecord) -> Option<String> {
    let subscriber = record.members.first()?;
    let mut child = Facts::new();
    let copied: FieldSet =
        [Field::NameLast, Field::Street1, Field::Street2, Field::City, Field::State, Field::Zip, Field::County]
            .into_iter()
            .collect();
    for field in copied.iter() {
        child.set_or_absent(field, subscriber.value(field).cloned());
    }
    child.set(Field::MemberEnrolled, true);
    child.set(Field::NameFirst, "Zebulon");
    child.set(Field::Sex, "male");
    child.set(Field::Relationship, "child");
    child.set(Field::Subscriber, false);
    child.set(Field::BirthDate, added_birth_date(record));
    child.set(Field::MemberId, format!("{}9", subscriber.text(Field::MemberId)?));
    child.set(Field::Premium, Cents(0));
    for field in [Field::NameMiddle, Field::NameSuffix, Field::Ssn, Field::Tobacco, Field::Phone, Field::Email] {
        child.set_absent(field);
    }
    let detail = format!("{} was added", called(&child));
    record.members.push(child);
    Some(detail)
}

fn added_birth_date(record: &GroupRecord) -> NaiveDate {
    match record.facts.value(Field::BenefitBegin) {
        Some(Value::Date(begin)) => NaiveDate::from_ymd_opt(begin.year() - 1, 5, 4).unwrap_or(*begin),
        _ => NaiveDate::default(),
    }
}

/// The last dependent carries the subscriber's id: one id for two people.
pub(super) fn id_twice(record: &mut GroupRecord) -> Option<String> {
    let (first, rest) = record.members.split_first_mut()?;
    let (id, other) = (first.text(Field::MemberId)?, rest.last_mut()?);
    let detail = format!("{} got id `{id}`, which is {}'s", called(other), called(first));
    other.set(Field::MemberId, id);
    Some(detail)
}

/// A member was born a day earlier, as when a zone's offset is taken off a date at midnight.
pub(super) fn born_a_day_earlier(record: &mut GroupRecord, dice: &Dice) -> Option<String> {
    let chosen = dice.pick(record.members.len());
    let member = record.members.get_mut(chosen)?;
    let Some(Value::Date(day)) = member.value(Field::BirthDate) else { return None };
    let (day, earlier) = (*day, day.pred_opt()?);
    member.set(Field::BirthDate, earlier);
    Some(format!("birth date of member {}: `{day}` became `{earlier}`", chosen + 1))
}

fn called(member: &Facts) -> String {
    let part = |field| member.text(field).unwrap_or_default();
    format!("{} {}", part(Field::NameFirst), part(Field::NameLast)).trim().to_owned()
}
