//! Who is in both files under other ids: a policy or member id that changed is a change, not somebody who left and another
//! who came.

use super::changes::Side;
use super::difference::Difference;
use crate::wire::outline::{Item, ItemKind, Outline};
use crate::wire::x12::ReadError;
use foldhash::fast::FixedState;
use std::collections::HashMap;
use std::hash::{BuildHasher, Hasher};
use std::io::Read;

/// What somebody can be known by where policy and member id together are not the same, the strongest first. All of one must
/// be told, and nobody else who is left may be known by it.
const WAYS: [&[&str]; 9] = [
    &["subscriber_id", "member_id", "coverage"],
    &["subscriber_id", "member_id"],
    &["policy_id", "last_name", "first_name", "birth_date"],
    &["ssn", "coverage"],
    &["last_name", "first_name", "birth_date", "coverage"],
    &["last_name", "first_name", "birth_date"],
    &["subscriber_id", "relationship", "last_name", "first_name"],
    &["subscriber_id", "relationship", "birth_date", "coverage"],
    &["ssn"],
];

/// One of those who are left: a number in its file, and a number for each way; 0 where something is not told.
struct Left {
    number: u32,
    keys: [u64; WAYS.len()],
}

impl Difference {
    /// Whether somebody of the first file and somebody of the second could be the same.
    pub fn may_have_pairs(&self) -> bool {
        !self.added.is_empty() && !self.removed.is_empty()
    }

    /// Reads both files again, and makes changes of those who were removed from the first and added to the second and are
    /// the same by weaker signs than their ids: by SSN, name, birth date, place in the family.
    ///
    /// An error comes with the file that it is of.
    pub fn paired(mut self, first: impl Read + Send, second: impl Read) -> Result<Self, (Side, ReadError)> {
        let (gone, come) = std::thread::scope(|scope| {
            let gone = scope.spawn(|| read(first, &self.removed));
            let come = read(second, &self.added);
            (gone.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)), come)
        });
        let mut gone = gone.map_err(|error| (Side::First, error))?;
        let mut come = come.map_err(|error| (Side::Second, error))?;
        for way in 0..WAYS.len() {
            let (in_first, in_second) = (alone(&gone, way), alone(&come, way));
            let pairs = in_second.iter().filter_map(|(key, second)| Some((*second, *in_first.get(key)?)));
            let pairs: Vec<(u32, u32)> = pairs.collect();
            let met: HashMap<u32, u32> = pairs.iter().copied().collect();
            let met_first: HashMap<u32, u32> = pairs.iter().map(|(second, first)| (*first, *second)).collect();
            come.retain(|left| !met.contains_key(&left.number));
            gone.retain(|left| !met_first.contains_key(&left.number));
            self.changed.extend(pairs);
        }
        self.changed.sort_unstable();
        self.removed = gone.iter().map(|left| left.number).collect();
        self.added = come.iter().map(|left| left.number).collect();
        Ok(self)
    }
}

fn read(source: impl Read, wanted: &[u32]) -> Result<Vec<Left>, ReadError> {
    let mut found = Vec::with_capacity(wanted.len());
    let mut outline = Outline::of_members(source, wanted.to_vec());
    while let Some(item) = outline.next()? {
        if item.kind == ItemKind::Member {
            found.push(Left { number: item.number, keys: WAYS.map(|way| key(item, way)) });
        }
    }
    Ok(found)
}

/// Letter case does not count.
fn key(item: &Item, way: &[&str]) -> u64 {
    let mut hasher = FixedState::default().build_hasher();
    for name in way {
        let value = item.text(name);
        if value.is_empty() {
            return 0;
        }
        hasher.write_usize(value.len());
        hasher.write(&value.to_ascii_uppercase());
    }
    hasher.finish()
}

/// Whoever nobody else is confused with.
fn alone(left: &[Left], way: usize) -> HashMap<u64, u32> {
    let mut found: HashMap<u64, Option<u32>> = HashMap::new();
    for one in left {
        let key = one.keys.get(way).copied().unwrap_or_default();
        if key != 0 {
            found.entry(key).and_modify(|others| *others = None).or_insert(Some(one.number));
        }
    }
    found.into_iter().filter_map(|(key, number)| Some((key, number?))).collect()
}
