//! Households that are not drawn.

use super::{CoverageLine, Household, PlanId};
use std::collections::BTreeMap;

/// A household that is sent as it is given, with the plans that it chooses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Given {
    /// The household; its place, marker and identities are those of where it comes from.
    pub household: Household,
    /// The plan on each of its lines, where the target lists plans.
    pub plans: BTreeMap<CoverageLine, PlanId>,
}
