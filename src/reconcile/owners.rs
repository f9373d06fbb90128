//! Which probe a hashed key belongs to, for many millions of keys.

use std::collections::{BTreeMap, HashMap};
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::{Mutex, OnceLock, PoisonError};

/// Which probe a hashed key belongs to; more than one where a key is shared.
///
/// Keys only line up until one is asked for: then all are filed at once, in the order of their places in memory, which
/// costs far less than touching it at random. Kinds of evidence that no record ever needs are never
/// filed.
#[derive(Debug, Default)]
pub(super) struct Owners {
    waiting: Mutex<Vec<(u64, u32)>>,
    filed: OnceLock<Filed>,
}

impl Owners {
    /// Makes room for so many keys.
    pub(super) fn reserve(&mut self, keys: usize) {
        self.waiting.get_mut().unwrap_or_else(PoisonError::into_inner).reserve(keys);
    }

    /// Adds an owner of a key.
    pub(super) fn insert(&mut self, key: u64, probe: u32) {
        match self.filed.get_mut() {
            Some(filed) => filed.insert(key, probe),
            None => self.waiting.get_mut().unwrap_or_else(PoisonError::into_inner).push((key, probe)),
        }
    }

    /// The one owner, where there is one.
    pub(super) fn sole(&self, key: u64) -> Option<u32> {
        self.filed().sole.get(&key).copied().filter(|owner| *owner != SHARED)
    }

    /// Every owner; none of a key that more than 64 share: what half the probes have in common says nothing, and must not
    /// cost anything either.
    pub(super) fn all(&self, key: u64) -> impl Iterator<Item = u32> + '_ {
        let shared = self.filed().shared.get(&key).filter(|owners| owners.len() <= 64);
        self.sole(key).into_iter().chain(shared.into_iter().flatten().copied())
    }

    fn filed(&self) -> &Filed {
        self.filed.get_or_init(|| {
            Filed::of(std::mem::take(&mut *self.waiting.lock().unwrap_or_else(PoisonError::into_inner)))
        })
    }
}

/// Keys in a hash table.
#[derive(Debug, Default)]
struct Filed {
    sole: HashMap<u64, u32, BuildHasherDefault<Hashed>>,
    shared: BTreeMap<u64, Vec<u32>>,
}

/// Stands in `sole` where `shared` holds several.
const SHARED: u32 = u32::MAX;

impl Filed {
    fn of(mut keys: Vec<(u64, u32)>) -> Self {
        let mut filed = Self::default();
        filed.sole.reserve(keys.len());
        // a table of 2^n places chooses one by a key's lowest n bits; were that to change, this would only be slower
        let places = filed.sole.capacity().saturating_add(1).next_power_of_two();
        let mask = u64::try_from(places - 1).unwrap_or(u64::MAX);
        keys.sort_unstable_by_key(|(key, _)| key & mask);
        for (key, probe) in keys {
            filed.insert(key, probe);
        }
        filed
    }

    fn insert(&mut self, key: u64, probe: u32) {
        let owner = self.sole.entry(key).or_insert(probe);
        if *owner == probe {
            return;
        }
        let owners = self.shared.entry(key).or_insert_with(|| vec![*owner]);
        *owner = SHARED;
        if !owners.contains(&probe) {
            owners.push(probe);
        }
    }
}

/// Hashes what is a hash already.
#[derive(Debug, Default)]
pub(super) struct Hashed(u64);

impl Hasher for Hashed {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(*byte);
        }
    }

    fn write_u64(&mut self, key: u64) {
        self.0 = key;
    }
}
