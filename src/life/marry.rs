//! The subscriber marries, and the spouse is covered from then on.

use super::happening::{Happening, Joiner, brings_in, who_is_covered};
use crate::model::{Household, Person, PersonName, Relationship, Sex, TransactionReason};
use chrono::Days;

/// As the people's own lists have none; who marries keeps the name.
const FAMILY_NAMES: [&str; 3] = ["Thistlemere", "Ravenscombe", "Oakhanger"];
const GIRLS: [&str; 3] = ["Leocadia", "Hermione", "Sunniva"];
const BOYS: [&str; 3] = ["Lysander", "Evander", "Peregrine"];

pub(super) static HAPPENING: Happening = Happening {
    words: |_| "the marriage",
    reason: Some(TransactionReason::DemographicChange),
    applies: |household, _| may_marry(household),
    apply: |household, _, before| married(household, before),
    ..who_is_covered()
};

/// A grown-up subscriber who stands first on the application and is not married.
fn may_marry(household: &Household) -> bool {
    let has_spouse = household.people.iter().any(|person| !person.has_left() && is_spouse(person));
    let is_free = |first: &Person| first.applying && first.age_on(household.as_of) >= 18;
    household.people.first().is_some_and(is_free) && !has_spouse
}

pub(super) fn is_spouse(person: &Person) -> bool {
    matches!(person.relationship, Relationship::Spouse | Relationship::LifePartner)
}

fn married(household: &mut Household, before: usize) {
    let at = (household.index.0 as usize + before) % FAMILY_NAMES.len();
    let Some(subscriber) = household.people.first_mut() else { return };
    subscriber.marital_status = Some("married".to_owned());
    let sex = if subscriber.sex == Sex::Female { Sex::Male } else { Sex::Female };
    let firsts = if sex == Sex::Female { GIRLS } else { BOYS };
    let name = |names: [&str; 3]| names.get(at).copied().unwrap_or_default().to_owned();
    let spouse = Joiner {
        name: PersonName { first: name(firsts), middle: None, last: name(FAMILY_NAMES), suffix: None },
        // some months older, so that nobody under age marries
        birth_date: subscriber.birth_date.checked_sub_days(Days::new(217)).unwrap_or(subscriber.birth_date),
        sex,
        relationship: Relationship::Spouse,
        marital_status: subscriber.marital_status.clone(),
    };
    brings_in(household, spouse);
}
