//! The first reading of each file: who is the same, changed, added, removed.

use super::fields::{key, print};
use crate::wire::outline::{Item, ItemKind, Outline};
use crate::wire::x12::ReadError;
use std::collections::HashMap;
use std::io::Read;

/// What is kept of a member.
#[derive(Debug, Clone, Copy)]
struct Print {
    fields: u64,
    number: u32,
    is_met: bool,
}

/// The members of the first file.
#[derive(Debug)]
pub struct Prints {
    members: HashMap<u64, Print>,
    ignored: Vec<String>,
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

/// Calls back for every member of a file with its number.
pub(super) fn members(source: impl Read, mut each: impl FnMut(u32, &Item)) -> Result<(), ReadError> {
    let mut outline = Outline::new(source);
    let mut number = 0;
    while let Some(item) = outline.next()? {
        if item.kind == ItemKind::Member {
            each(number, item);
            number += 1;
        }
    }
    Ok(())
}

/// Another key for another record of the same member.
fn next(key: u64) -> u64 {
    key.wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(23).wrapping_add(1)
}

impl Prints {
    /// Reads the first file. Fields named in `ignored` are not compared.
    pub fn read(source: impl Read, ignored: Vec<String>) -> Result<Self, ReadError> {
        let mut members = HashMap::new();
        self::members(source, |number, item| {
            let mut key = key(item);
            while members.contains_key(&key) {
                key = next(key);
            }
            members.insert(key, Print { fields: print(item, &ignored), number, is_met: false });
        })?;
        Ok(Self { members, ignored })
    }

    /// Reads the second file.
    pub fn compare(mut self, source: impl Read) -> Result<Difference, ReadError> {
        let mut found = Difference { ignored: std::mem::take(&mut self.ignored), ..Difference::default() };
        members(source, |number, item| {
            let own = print(item, &found.ignored);
            match self.meet(key(item), own) {
                None => found.added.push(number),
                Some(met) if met.fields == own => found.same += 1,
                Some(met) => found.changed.push((number, met.number)),
            }
        })?;
        found.removed = self.members.values().filter(|print| !print.is_met).map(|print| print.number).collect();
        found.removed.sort_unstable();
        Ok(found)
    }

    /// The record of the first file that this one is compared with: of several of one member the one that is the same, or else
    /// the first that was not met.
    fn meet(&mut self, key: u64, own: u64) -> Option<Print> {
        let (mut at, mut first, mut chosen) = (key, None, None);
        while let Some(print) = self.members.get(&at) {
            if !print.is_met {
                first = first.or(Some(at));
                if print.fields == own {
                    chosen = Some(at);
                    break;
                }
            }
            at = next(at);
        }
        let print = self.members.get_mut(&chosen.or(first)?)?;
        print.is_met = true;
        Some(*print)
    }
}
