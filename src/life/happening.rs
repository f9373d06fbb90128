//! What the catalogue says of an event.

use crate::model::{Change, Field, FieldSet, Household, Since, TransactionReason};

/// A kind of change in a household's life.
pub(super) struct Happening {
    /// What it is called in a sentence.
    pub(super) words: fn(Change) -> &'static str,
    /// Fields that it may change: where none of them shows, it cannot be seen.
    pub(super) fields: fn(Change) -> FieldSet,
    /// How templates end that say what it changes; a whole person, household or application says it, too.
    pub(super) said_as: fn(Change) -> &'static [&'static str],
    /// Why the exchange tells it (CMS companion guide v7.2 p. 112).
    pub(super) reason: TransactionReason,
    /// What the exchange told before, and decides anew now.
    pub(super) unsettles: &'static [Field],
    /// Whether it can happen to this household.
    pub(super) applies: fn(&Household, Change) -> bool,
    /// What it makes of the household; with how often the same happened before.
    pub(super) apply: fn(&mut Household, Change, usize),
}

/// What follows from another number of members: all amounts.
const AMOUNTS: &[Field] = &[
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
        reason: TransactionReason::DemographicChange,
        unsettles: AMOUNTS,
        applies: |_, _| true,
        apply: |_, _, _| {},
    }
}

/// Somebody leaves, and keeps the place among the members that they had.
pub(super) fn takes_out(household: &mut Household, leaver: usize) {
    if let Some(person) = household.people.get_mut(leaver) {
        (person.applying, person.since) = (false, Some(Since::Leaves));
    }
}
