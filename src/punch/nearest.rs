//! Of those who passed the one that is most like one who failed: what differs between the two is where to look.

use super::attributes::{Said, Table, said};
use super::bits::Bits;
use crate::model::{CoverageLine, Household, IssuerId, PlanId};
use std::collections::{BTreeMap, BTreeSet};

/// How alike households are: by how many attributes hold of the one and not of the other.
pub struct Likeness {
    table: Table,
    /// How many attributes hold of each.
    sizes: Vec<usize>,
    passing: Bits,
}

/// Attributes by which two households differ, in words.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Apart {
    /// Those of the first alone.
    pub only_first: Vec<String>,
    /// Those of the second alone.
    pub only_second: Vec<String>,
}

impl Likeness {
    /// Of households and the plans that they choose, and whether each passed.
    pub fn of<'a>(
        households: impl ExactSizeIterator<Item = (&'a Household, &'a BTreeMap<CoverageLine, PlanId>)>,
        passing: impl IntoIterator<Item = bool>,
    ) -> Self {
        Self::over(
            Table::saying(households.map(|(household, plans)| said_of(household, plans))),
            passing.into_iter().collect(),
        )
    }

    pub(super) fn over(table: Table, passing: Bits) -> Self {
        let mut sizes = vec![0; table.households()];
        for (_, holds) in table.words() {
            holds.each(|at| sizes.get_mut(at).into_iter().for_each(|size| *size += 1));
        }
        Self { table, sizes, passing }
    }

    /// The table that it was made of.
    pub(super) fn into_table(self) -> Table {
        self.table
    }

    /// Everybody who passed, those first who are most like the one at this place; of several that are equally so in their own order.
    pub fn in_order(&self, at: usize) -> Vec<usize> {
        let mut distances = self.distances(at);
        distances.sort_unstable();
        distances.into_iter().map(|(_, passing)| passing).collect()
    }

    /// Who of those who passed is most like the one at this place.
    pub fn nearest(&self, at: usize) -> Option<usize> {
        self.distances(at).into_iter().min().map(|(_, passing)| passing)
    }

    /// By what two of them differ.
    pub fn apart(&self, first: usize, second: usize) -> Apart {
        let mut apart = Apart::default();
        for (words, holds) in self.table.words() {
            match (holds.has(first), holds.has(second)) {
                (true, false) => apart.only_first.push(words.to_owned()),
                (false, true) => apart.only_second.push(words.to_owned()),
                _ => {}
            }
        }
        apart
    }

    fn distances(&self, at: usize) -> Vec<(usize, usize)> {
        let mut common = vec![0; self.sizes.len()];
        for (_, holds) in self.table.words().filter(|(_, holds)| holds.has(at)) {
            holds.and(&self.passing).each(|other| common.get_mut(other).into_iter().for_each(|count| *count += 1));
        }
        let own = self.sizes.get(at).copied().unwrap_or_default();
        let mut all = Vec::new();
        self.passing.each(|other| {
            if let (Some(size), Some(both), true) = (self.sizes.get(other), common.get(other), other != at) {
                all.push((own + size - 2 * both, other));
            }
        });
        all
    }
}

/// Everything that is said of a household with the plans that it chooses, in words.
pub fn attributes_of(household: &Household, plans: &BTreeMap<CoverageLine, PlanId>) -> BTreeSet<String> {
    said_of(household, plans).into_iter().map(|(_, words)| words).collect()
}

fn said_of(household: &Household, plans: &BTreeMap<CoverageLine, PlanId>) -> Said {
    let issuers: Vec<_> = plans.values().map(PlanId::issuer).collect();
    let issuers = issuers.iter().map(|issuer| issuer.as_ref().map(IssuerId::as_str));
    said(household, issuers.zip(plans.values().map(|plan| Some(plan.as_str()))))
}
