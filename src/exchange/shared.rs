//! What several households were told alike: it is nobody's own.

use super::own::{folded, texts};
use crate::model::{Captures, ProbeIndex};
use crate::target::IDS;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Whom each value was told to, by its hash: in memory alone, sixteen bytes each.
#[derive(Debug, Default)]
pub(super) struct Shared(Mutex<BTreeMap<u64, Told>>);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Told {
    To(ProbeIndex),
    ToSeveral,
}

impl Shared {
    /// Notes what a household was told: ids, and whatever stands under free names.
    pub(super) fn note(&self, household: ProbeIndex, captures: &Captures) {
        let mut told = self.locked();
        let facts = captures.groups.iter().map(|group| &group.facts).chain(&captures.members);
        let ids = facts.flat_map(|facts| IDS.iter().filter_map(|id| facts.text(*id))).map(str::to_owned);
        for text in captures.other.values().flat_map(texts).chain(ids) {
            note(&mut told, household, &text);
        }
    }

    /// Notes what a household alone should have been given: a cookie, a token.
    pub(super) fn note_text(&self, household: ProbeIndex, text: &str) {
        note(&mut self.locked(), household, text);
    }

    /// Whether another household was told the same.
    pub(super) fn is_told_to_others(&self, household: ProbeIndex, text: &str) -> bool {
        self.locked().get(&hash(text)).is_some_and(|told| *told != Told::To(household))
    }

    fn locked(&self) -> MutexGuard<'_, BTreeMap<u64, Told>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn note(told: &mut BTreeMap<u64, Told>, household: ProbeIndex, text: &str) {
    match told.entry(hash(&folded(text))) {
        Entry::Vacant(first) => drop(first.insert(Told::To(household))),
        Entry::Occupied(mut again) if *again.get() != Told::To(household) => {
            again.insert(Told::ToSeveral);
        }
        Entry::Occupied(_) => {}
    }
}

fn hash(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}
