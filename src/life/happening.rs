//! What the catalogue says of an event.

use super::policies::Policies;
use crate::model::{
    Change, Field, FieldSet, Household, Person, PersonName, Relationship, Sex, Since, TransactionReason,
};
use chrono::NaiveDate;

/// A kind of change in a household's life.
pub(super) struct Happening {
    /// What it is called in a sentence.
    pub(super) words: fn(Change) -> &'static str,
    /// Fields that it may change: where none of them shows, it cannot be seen.
    pub(super) fields: fn(Change) -> FieldSet,
    /// How templates end that say what it changes; a whole person, household or application says it, too.
    pub(super) said_as: fn(Change) -> &'static [&'static str],
    /// Why the exchange tells it (CMS companion guide v7.2 p. 112); `None`: it tells nobody, and only states show it.
    pub(super) reason: Option<TransactionReason>,
    /// What the exchange told before, and decides anew now.
    pub(super) unsettles: fn(Change) -> &'static [Field],
    /// What becomes of the policies in force.
    pub(super) policies: Policies,
    /// The policy status that it leaves behind, where it is another one.
    pub(super) leaves: Option<&'static str>,
    /// Whether it can happen to this household.
    pub(super) applies: fn(&Household, Change) -> bool,
    /// What it makes of the household; with how often the same happened before.
    pub(super) apply: fn(&mut Household, Change, usize),
}

/// What follows from another number of members: all amounts.
pub(super) const AMOUNTS: &[Field] = &[
    Field::PremiumTotal,
    Field::Premium,
    Field::Aptc,
    Field::TotalResponsibility,
    Field::CsrVariant,
    Field::CsrAmount,
];

/// What all changes of who is covered have in common.
pub(super) const fn who_is_covered() -> Happening {
    Happening {
        words: |_| "",
        fields: |_| [Field::MemberEnrolled].into_iter().collect(),
        said_as: |_| &[],
        reason: Some(TransactionReason::DemographicChange),
        unsettles: |_| AMOUNTS,
        policies: Policies::GoOn,
        leaves: None,
        applies: |_, _| true,
        apply: |_, _, _| {},
    }
}

/// What all events have in common of which a policy's status tells, and nothing else: they say whose policy it is and no more.
pub(super) const fn of_status() -> Happening {
    Happening {
        words: |_| "",
        fields: |_| [Field::PolicyStatus].into_iter().collect(),
        said_as: |_| &[],
        reason: None,
        unsettles: |_| &[],
        policies: Policies::GoOn,
        leaves: None,
        applies: |_, _| true,
        apply: |_, _, _| {},
    }
}

/// Who joins a household: of whom nothing is known beside this, and who lives where its subscriber does.
pub(super) struct Joiner {
    pub(super) name: PersonName,
    pub(super) birth_date: NaiveDate,
    pub(super) sex: Sex,
    pub(super) relationship: Relationship,
    pub(super) marital_status: Option<String>,
}

/// Somebody joins, after everybody else.
pub(super) fn brings_in(household: &mut Household, joiner: Joiner) {
    let address = household.subscriber().and_then(|subscriber| subscriber.address.clone());
    household.people.push(Person {
        tribal_member: household.people.iter().all(|person| person.tribal_member),
        name: joiner.name,
        birth_date: joiner.birth_date,
        sex: joiner.sex,
        relationship: joiner.relationship,
        applying: true,
        ssn: None,
        tobacco: false,
        marital_status: joiner.marital_status,
        phone: None,
        email: None,
        language: None,
        address,
        since: Some(Since::Joins),
    });
}

/// Somebody leaves, and keeps the place among the members that they had.
pub(super) fn takes_out(household: &mut Household, leaver: usize) {
    if let Some(person) = household.people.get_mut(leaver) {
        (person.applying, person.since) = (false, Some(Since::Leaves));
    }
}
