//! What was terminated is put in force again, the whole group as it was (CMS companion guide v7.2 p. 68).

use super::happening::{Happening, of_status};
use super::policies::Policies;

pub(super) static HAPPENING: Happening =
    Happening { words: |_| "the reinstatement", policies: Policies::Reinstate, ..of_status() };
