//! The last of the dependents leaves: has grown up, or is covered elsewhere.

use super::happening::{Happening, takes_out, who_is_covered};
use crate::model::{Household, Person, Relationship, TransactionReason};

pub(super) static HAPPENING: Happening = Happening {
    words: |_| "the leaving of a dependent",
    reason: Some(TransactionReason::DemographicChange),
    applies: |household, _| leaver(household).is_some(),
    apply: |household, _, _| {
        if let Some(leaver) = leaver(household) {
            takes_out(household, leaver);
        }
    },
    ..who_is_covered()
};

/// The last who is neither the subscriber nor a spouse.
fn leaver(household: &Household) -> Option<usize> {
    let subscriber = household.people.iter().position(|person| person.applying)?;
    let is_dependent = |person: &Person| {
        person.applying && !matches!(person.relationship, Relationship::Spouse | Relationship::LifePartner)
    };
    household.people.iter().rposition(is_dependent).filter(|at| *at != subscriber)
}
