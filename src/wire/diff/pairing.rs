//! Who is in both files under other ids: a policy or member id that changed is a change, not somebody who left and another
//! who came.

use super::changes::Side;
use super::difference::Difference;
use super::fields::Prints;
use crate::wire::outline::{Item, ItemKind, Outline};
use crate::wire::x12::ReadError;
use foldhash::fast::FixedState;
use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasher, Hasher};
use std::io::Read;

/// What somebody can be known by where policy and member id together are not the same, the strongest first. All of one must
/// be told, and nobody else who is left may be known by it.
const WAYS: [&[&str]; 10] = [
    BY_EXCHANGE,
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

/// Ids that are one person's alone, where the exchange gave them; elsewhere they may be a group's and a branch's.
const BY_EXCHANGE: &[&str] = &["policy_id", "member_id"];

/// What two records of one person must not all contradict.
const PERSON: [&str; 4] = ["ssn", "first_name", "birth_date", "last_name"];

/// One of those who are left: a number in its file, and a number for each way; 0 where something is not told.
struct Left {
    number: u32,
    keys: [u64; WAYS.len()],
    person: [u64; PERSON.len()],
    /// For everything that is compared.
    fields: u64,
}

impl Left {
    fn of(item: &Item, fields: u64) -> Self {
        let keys = WAYS.map(|way| if way == BY_EXCHANGE && !item.is_federal { 0 } else { key(item, way) });
        Self { number: item.number, keys, person: PERSON.map(|name| key(item, &[name])), fields }
    }

    /// Whether another may be the same person, known by ids that only one has or by weaker signs: SSN, first name and birth date
    /// speak for it or against it, another last name against it. What is not told says nothing.
    fn may_be(&self, other: &Self, by_exchange: bool) -> bool {
        const FOR: [i32; PERSON.len()] = [2, 1, 1, 0];
        let weighed =
            self.person.iter().zip(&other.person).zip(FOR).map(|((one, other), weight)| match (*one, *other) {
                (0, _) | (_, 0) => 0,
                (one, other) if one == other => weight,
                _ => -1,
            });
        weighed.sum::<i32>() + 2 * i32::from(by_exchange) >= 0
    }
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
            let gone = scope.spawn(|| read(first, &self.removed, &self.ignored));
            let come = read(second, &self.added, &self.ignored);
            (gone.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)), come)
        });
        let mut gone = gone.map_err(|error| (Side::First, error))?;
        let mut come = come.map_err(|error| (Side::Second, error))?;
        for way in 0..WAYS.len() {
            let (in_first, in_second) = (alone(&gone, way), alone(&come, way));
            let pairs = in_second.iter().filter_map(|(key, second)| Some((*second, *in_first.get(key)?)));
            let pairs = pairs.filter(|(second, first)| first.may_be(second, way == 0));
            let pairs: Vec<(u32, u32, bool)> =
                pairs.map(|(second, first)| (second.number, first.number, second.fields == first.fields)).collect();
            let met: HashSet<u32> = pairs.iter().map(|(second, ..)| *second).collect();
            let met_first: HashSet<u32> = pairs.iter().map(|(_, first, _)| *first).collect();
            come.retain(|left| !met.contains(&left.number));
            gone.retain(|left| !met_first.contains(&left.number));
            // What tells them apart is not compared.
            self.same += pairs.iter().filter(|(.., is_same)| *is_same).count() as u64;
            let changed = pairs.into_iter().filter(|(.., is_same)| !is_same);
            self.changed.extend(changed.map(|(second, first, _)| (second, first)));
        }
        self.changed.sort_unstable();
        self.removed = gone.iter().map(|left| left.number).collect();
        self.added = come.iter().map(|left| left.number).collect();
        Ok(self)
    }
}

fn read(source: impl Read, wanted: &[u32], ignored: &[String]) -> Result<Vec<Left>, ReadError> {
    let mut found = Vec::with_capacity(wanted.len());
    let mut outline = Outline::of_members(source, wanted.to_vec());
    let (mut prints, mut set) = (Prints::new(ignored), Item::default());
    while let Some(item) = outline.next()? {
        match item.kind {
            ItemKind::Set => set.clone_from(item),
            ItemKind::Member => {
                let (_, fields) = prints.of(item, &set);
                found.push(Left::of(item, fields));
            }
            _ => {}
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
fn alone(left: &[Left], way: usize) -> HashMap<u64, &Left> {
    let mut found: HashMap<u64, Option<&Left>> = HashMap::new();
    for one in left {
        let key = one.keys.get(way).copied().unwrap_or_default();
        if key != 0 {
            found.entry(key).and_modify(|others| *others = None).or_insert(Some(one));
        }
    }
    found.into_iter().filter_map(|(key, one)| Some((key, one?))).collect()
}
