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
        let mut outline = Outline::new(source);
        while let Some(item) = outline.next()? {
            if item.kind == ItemKind::Member {
                let (key, fields) = prints.of(item);
                found.push(Print { key, fields });
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

    /// Says who differs in the second file, of which the same fields were read.
    pub fn against(self, second: &Self) -> Difference {
        let mut known = Known::of(&self.members);
        let mut found = Difference { ignored: self.ignored, ..Difference::default() };
        for (number, print) in (0..).zip(&second.members) {
            match known.meet(*print) {
                None => found.added.push(number),
                Some(met) if met.fields == print.fields => found.same += 1,
                Some(met) => found.changed.push((number, met.number)),
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

    /// The record of the first file that this one is compared with: of several of one member the one that is the same, or else
    /// the first that was not met.
    fn meet(&mut self, print: Print) -> Option<Member> {
        let (mut at, mut first, mut chosen) = (print.key, None, None);
        while let Some(member) = self.members.get(&at) {
            if !member.is_met {
                first = first.or(Some(at));
                if member.fields == print.fields {
                    chosen = Some(at);
                    break;
                }
            }
            at = next(at);
        }
        let member = self.members.get_mut(&chosen.or(first)?)?;
        member.is_met = true;
        Some(*member)
    }
}
