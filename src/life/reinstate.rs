//! What was terminated is put in force again, the whole group as it was (CMS companion guide v7.2 p. 68).

use super::happening::{Happening, who_is_covered};
use super::policies::Policies;
use crate::model::Field;

pub(super) static HAPPENING: Happening = Happening {
    words: |_| "the reinstatement",
    fields: |_| [Field::PolicyStatus].into_iter().collect(),
    // it says whose coverage goes on and no more
    said_as: |_| &[],
    reason: None,
    unsettles: &[],
    policies: Policies::Reinstate,
    ..who_is_covered()
};
