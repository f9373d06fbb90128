//! The household pays its first premium: the issuer makes the policy effective (45 CFR 155.400(e)).

use super::happening::Happening;
use super::policies::Policies;
use crate::model::Field;

pub(super) static HAPPENING: Happening = Happening {
    words: |_| "the payment",
    fields: |_| [Field::PolicyStatus].into_iter().collect(),
    // a payment says whose it is and no more: it changes nothing of the household
    said_as: |_| &[],
    // it goes to the issuer, and the exchange tells nobody of it
    reason: None,
    unsettles: &[],
    policies: Policies::GoOn,
    leaves: Some("effectuated"),
    applies: |_, _| true,
    apply: |_, _, _| {},
};
