//! Whether a household shows an awkward case: what the report counts as covered, and what tests hold the generator to.

use crate::model::{EdgeCase, Household};

/// Whether the household shows the case, by what can be seen of it: names, dates, addresses, who is in it.
pub fn shows(case: EdgeCase, household: &Household) -> bool {
    household.edge_cases.contains(&case)
}
