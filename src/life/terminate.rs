//! Coverage that has begun ends on a day of its own: the policies are terminated, and nothing begins in their place.

use super::happening::{Happening, of_status};
use super::policies::Policies;

pub(super) static HAPPENING: Happening =
    Happening { words: |_| "the termination", policies: Policies::End, ..of_status() };
