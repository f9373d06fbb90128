//! A child is born, and is covered from then on. No number has been issued to it yet.

use super::happening::{Happening, Joiner, brings_in, who_is_covered};
use crate::model::{Household, PersonName, Relationship, Sex, TransactionReason};
use chrono::Days;

/// As the people's own lists have none.
const FIRST_NAMES: [&str; 6] = ["Ottoline", "Caspian", "Perpetua", "Ignatius", "Thessaly", "Barnabas"];

pub(super) static HAPPENING: Happening = Happening {
    words: |_| "the birth of a dependent",
    reason: Some(TransactionReason::DemographicChange),
    applies: |household, _| household.subscriber().is_some(),
    apply: |household, _, before| born(household, before),
    ..who_is_covered()
};

/// The youngest, born some days before the application: it is known on the day on which the household applies.
fn born(household: &mut Household, before: usize) {
    let Some(subscriber) = household.subscriber() else { return };
    let taken = |first: &str| household.people.iter().any(|person| person.name.first.eq_ignore_ascii_case(first));
    let at = household.index.0 as usize + before;
    let names = FIRST_NAMES.iter().cycle().skip(at % FIRST_NAMES.len()).take(FIRST_NAMES.len());
    let first = names.copied().find(|first| !taken(first)).unwrap_or("Ottoline");
    let is_girl = FIRST_NAMES.iter().position(|name| *name == first).is_none_or(|at| at % 2 == 0);
    let days = 10 + u64::try_from(before).unwrap_or(0) * 300;
    let child = Joiner {
        name: PersonName { first: first.to_owned(), middle: None, last: subscriber.name.last.clone(), suffix: None },
        birth_date: household.as_of.checked_sub_days(Days::new(days)).unwrap_or(household.as_of),
        sex: if is_girl { Sex::Female } else { Sex::Male },
        relationship: Relationship::Child,
        marital_status: None,
    };
    brings_in(household, child);
}
