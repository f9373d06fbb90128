//! Coverage that has begun ends on a day of its own: the policies are terminated, and nothing begins in their place.

use super::happening::{Happening, who_is_covered};
use super::policies::Policies;
use crate::model::Field;

pub(super) static HAPPENING: Happening = Happening {
    words: |_| "the termination",
    fields: |_| [Field::PolicyStatus].into_iter().collect(),
    // it says whose coverage ends and no more
    said_as: |_| &[],
    reason: None,
    unsettles: &[],
    policies: Policies::End,
    ..who_is_covered()
};
