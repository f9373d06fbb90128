//! The spouse leaves.

use super::happening::{Happening, takes_out, who_is_covered};
use super::marry::is_spouse;
use crate::model::{Household, TransactionReason};

pub(super) static HAPPENING: Happening = Happening {
    words: |_| "the divorce",
    reason: Some(TransactionReason::DemographicChange),
    applies: |household, _| spouse(household).is_some(),
    apply: |household, _, _| {
        let Some(spouse) = spouse(household) else { return };
        takes_out(household, spouse);
        if let Some(subscriber) = household.people.first_mut() {
            subscriber.marital_status = Some("divorced".to_owned());
        }
    },
    ..who_is_covered()
};

/// The spouse of a subscriber who stands first on the application.
fn spouse(household: &Household) -> Option<usize> {
    household.people.first().filter(|first| first.applying)?;
    household.people.iter().skip(1).position(|person| person.applying && is_spouse(person)).map(|at| at + 1)
}
