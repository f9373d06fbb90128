//! The first reading of each file: who is the same, changed, added, removed.

use super::fields::Prints as OfFields;
use crate::wire::outline::{ItemKind, Outline};
use crate::wire::x12::{Damage, ReadError};
use foldhash::fast::FixedState;
use std::collections::HashMap;
use std::io::Read;

/// What is kept of a member: a number for whoever it is, and one for everything that is compared of it.
#[derive(Debug, Clone, Copy)]
struct Print {
    key: u64,
    fields: u64,
}

/// The members of a file, in its order.
#[derive(Debug)]
pub struct Prints {
    members: Vec<Print>,
    ignored: Vec<String>,
    flaw: Option<Damage>,
}

/// Who differs. Members are known by their number in their file, from 0.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Difference {
    /// In both files, and not the same: number in the second file, number in the first, in the second file's order.
    pub changed: Vec<(u32, u32)>,
    /// In the second file only.
    pub added: Vec<u32>,
    /// In the first file only, in order.
    pub removed: Vec<u32>,
    /// How many are in both and the same.
    pub same: u64,
    /// Fields that were not compared.
    pub ignored: Vec<String>,
}

impl Difference {
    /// Whether both files say the same of the same members.
    pub fn is_none(&self) -> bool {
        self.changed.is_empty() && self.added.is_empty() && self.removed.is_empty()
    }
}

/// Another key for another record of the same member.
fn next(key: u64) -> u64 {
    key.wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(23).wrapping_add(1)
}

impl Prints {
    /// Reads a file. Fields named in `ignored` are not compared.
    pub fn read(source: impl Read, ignored: Vec<String>) -> Result<Self, ReadError> {
        let mut found = Vec::new();
        let mut prints = OfFields::new(&ignored);
        let (mut outline, mut parties) = (Outline::new(source), 0);
        while let Some(item) = outline.next()? {
            match item.kind {
                ItemKind::Member => {
                    let (key, fields) = prints.of(item);
                    found.push(Print { key, fields: fields.wrapping_add(parties) });
                }
                ItemKind::Set => parties = prints.of_parties(item),
                _ => {}
            }
        }
        let flaw = outline.flaw().cloned();
        Ok(Self { members: found, ignored, flaw })
    }

    /// The first thing for which the file is not whole: whoever is in the part that is missing would be told as removed or added.
    pub fn flaw(&self) -> Option<&Damage> {
        self.flaw.as_ref()
    }

    /// Reads the second file, and says who differs.
    pub fn compare(self, source: impl Read) -> Result<Difference, ReadError> {
        let second = Self::read(source, self.ignored.clone())?;
        Ok(self.against(&second))
    }

    /// Whether the file has no member of an 834.
    pub fn is_empty(&self) -> bool {
        self.members.is_empty()
    }

    /// Says who differs in the second file, of which the same fields were read. Whoever is the same is found first: a record
    /// that took over another's id does not take its place.
    pub fn against(self, second: &Self) -> Difference {
        let mut known = Known::of(&self.members);
        let mut found = Difference { ignored: self.ignored, ..Difference::default() };
        let mut others = Vec::new();
        for (number, print) in (0..).zip(&second.members) {
            if known.meet_same(*print) {
                found.same += 1;
            } else {
                others.push((number, print.key));
            }
        }
        for (number, key) in others {
            match known.meet(key) {
                None => found.added.push(number),
                Some(first) => found.changed.push((number, first)),
            }
        }
        found.removed = known.members.values().filter(|member| !member.is_met).map(|member| member.number).collect();
        found.removed.sort_unstable();
        found
    }
}

/// A member of the first file.
#[derive(Debug, Clone, Copy)]
struct Member {
    fields: u64,
    number: u32,
    is_met: bool,
}

/// The members of the first file by their keys.
struct Known {
    members: HashMap<u64, Member, FixedState>,
}

impl Known {
    fn of(prints: &[Print]) -> Self {
        let mut members = HashMap::with_capacity_and_hasher(prints.len(), FixedState::default());
        for (number, print) in (0..).zip(prints) {
            let mut key = print.key;
            while members.contains_key(&key) {
                key = next(key);
            }
            members.insert(key, Member { fields: print.fields, number, is_met: false });
        }
        Self { members }
    }

    /// Whether the first file has a record that is the same and was not met.
    fn meet_same(&mut self, print: Print) -> bool {
        let mut at = print.key;
        while let Some(member) = self.members.get_mut(&at) {
            if !member.is_met && member.fields == print.fields {
                member.is_met = true;
                return true;
            }
            at = next(at);
        }
        false
    }

    /// The first record of this member in the first file that was not met, by its number.
    fn meet(&mut self, key: u64) -> Option<u32> {
        let mut at = key;
        while let Some(member) = self.members.get_mut(&at) {
            if !member.is_met {
                member.is_met = true;
                return Some(member.number);
            }
            at = next(at);
        }
        None
    }
}
