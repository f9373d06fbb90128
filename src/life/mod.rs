//! What happens in the life of a household that is enrolled: of each change what it makes of the household, where that can be seen,
//! and why it is told. Pure. The listing of this folder is the catalogue.

mod change_address;
mod correct_person;

use crate::model::{Change, Correction, FieldSet, Household, LifeEvent, TransactionReason};

/// The household after these changes, in order.
pub fn after(household: &Household, changes: impl IntoIterator<Item = Change>) -> Household {
    let (mut life, mut before): (Household, Vec<Change>) = (household.clone(), Vec::new());
    for change in changes {
        let times = before.iter().filter(|earlier| **earlier == change).count();
        match change.event {
            LifeEvent::ChangeAddress => life = change_address::moved(&life, times),
            LifeEvent::CorrectPerson => life = correct_person::corrected(&life, corrected(change), times),
            LifeEvent::Enroll | LifeEvent::Cancel => {}
        }
        before.push(change);
    }
    life
}

/// Fields of a member that a change may change: where none of them shows, it cannot be seen.
pub fn fields_of(change: Change) -> FieldSet {
    match change.event {
        LifeEvent::ChangeAddress => change_address::fields(),
        LifeEvent::CorrectPerson => correct_person::fields(corrected(change)),
        LifeEvent::Enroll | LifeEvent::Cancel => FieldSet::EMPTY,
    }
}

/// How templates end that say what a change changes; a whole person, household or application says it, too.
pub fn said_as(change: Change) -> &'static [&'static str] {
    match change.event {
        LifeEvent::ChangeAddress => change_address::SAID_AS,
        LifeEvent::CorrectPerson => correct_person::said_as(corrected(change)),
        LifeEvent::Enroll | LifeEvent::Cancel => &[],
    }
}

/// Why the exchange tells it (CMS companion guide v7.2 p. 112).
pub fn reason_of(change: Change) -> Option<TransactionReason> {
    match change.event {
        LifeEvent::ChangeAddress => Some(TransactionReason::ResidenceChange),
        LifeEvent::CorrectPerson => Some(TransactionReason::IdentityChange),
        LifeEvent::Enroll | LifeEvent::Cancel => None,
    }
}

/// What a change is called in a sentence.
pub fn words_for(change: Change) -> &'static str {
    match change.event {
        LifeEvent::ChangeAddress => "the change of address",
        LifeEvent::CorrectPerson => match corrected(change) {
            Correction::LastName => "the correction of the family name",
            Correction::FirstName => "the correction of the first name",
            Correction::BirthDate => "the correction of the birth date",
        },
        LifeEvent::Enroll => "the enrollment",
        LifeEvent::Cancel => "the cancellation",
    }
}

/// What is corrected where nothing is said.
fn corrected(change: Change) -> Correction {
    change.what.unwrap_or(Correction::LastName)
}
