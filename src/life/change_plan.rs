//! The household chooses another medical plan. The 14 characters of a plan's id are the policy's: the old one ends and a new one begins
//! (CMS companion guide v7.2 p. 16).

use super::happening::{AMOUNTS, Happening, who_is_covered};
use super::policies::Policies;
use crate::model::{Change, Destination, Field, Household};

pub(super) static HAPPENING: Happening = Happening {
    words: |change| match change {
        Change { to: Some(Destination::Issuer), .. } => "the change to another issuer",
        _ => "the change of plan",
    },
    fields: |_| [Field::PlanId].into_iter().collect(),
    said_as: |_| &["plan", "plans", "plan_id", "groups"],
    unsettles: |_| AMOUNTS,
    policies: Policies::ReplaceMedical,
    apply: |household, _, _| starts_anew(household),
    ..who_is_covered()
};

/// Everybody in a new policy is in it from its beginning. Who has left is not, and keeps the place: beside it another policy may go on,
/// of whose people each keeps theirs.
pub(super) fn starts_anew(household: &mut Household) {
    for person in household.people.iter_mut().filter(|person| !person.has_left()) {
        person.since = None;
    }
}
