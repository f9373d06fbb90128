//! The first reading of both files, side by side: who is the same, changed, added, removed.

use super::changes::Side;
use super::fields::Prints;
use super::unmet::{Print, Unmet};
use crate::wire::outline::{ItemKind, Outline};
use crate::wire::x12::{Damage, ReadError};
use std::io::Read;
use std::sync::mpsc::sync_channel;
use std::thread;

/// Members that are compared together.
const TOGETHER: usize = 4096;
/// Lots of the first file that may wait for the second.
const WAITING: usize = 4;

/// Who differs. Members are known by their number in their file, from 0.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Difference {
    /// In both files, and not the same: number in the second file, number in the first, in the second file's order.
    pub changed: Vec<(u32, u32)>,
    /// In the second file only, in order.
    pub added: Vec<u32>,
    /// In the first file only, in order.
    pub removed: Vec<u32>,
    /// How many are in both and the same.
    pub same: u64,
    /// Fields that were not compared.
    pub ignored: Vec<String>,
}

/// Why a file is not compared.
#[derive(Debug)]
pub enum Unfit {
    /// It cannot be read to its end.
    Unread(ReadError),
    /// It is not whole: whoever is in the part that is missing would be told as removed or added.
    NotWhole(Box<Damage>),
    /// It has no member of an 834.
    NoMembers,
}

impl Difference {
    /// Reads both files, the first on a thread of its own. Fields named in `ignored` are not compared. Of each member 24 bytes are kept
    /// until the other file has the same one, so that memory is constant for files of one order, and grows with those who
    /// differ or stand far away.
    ///
    /// An error comes with the file that it is of.
    pub fn between(first: impl Read + Send, second: impl Read, ignored: Vec<String>) -> Result<Self, (Side, Unfit)> {
        let unmet = thread::scope(|scope| {
            let (full, lots) = sync_channel(WAITING);
            let members = Members::new(first, &ignored);
            scope.spawn(move || {
                for lot in members {
                    if full.send(lot).is_err() {
                        return;
                    }
                }
            });
            compare(lots.into_iter(), Members::new(second, &ignored))
        })?;
        Ok(Self { ignored, ..unmet.into_difference() })
    }

    /// Whether both files say the same of the same members.
    pub fn is_none(&self) -> bool {
        self.changed.is_empty() && self.added.is_empty() && self.removed.is_empty()
    }
}

fn compare(
    mut first: impl Iterator<Item = Result<Vec<Print>, Unfit>>,
    mut second: impl Iterator<Item = Result<Vec<Print>, Unfit>>,
) -> Result<Unmet, (Side, Unfit)> {
    let mut unmet = Unmet::default();
    loop {
        let one = first.next().transpose().map_err(|unfit| (Side::First, unfit))?;
        let other = second.next().transpose().map_err(|unfit| (Side::Second, unfit))?;
        if one.is_none() && other.is_none() {
            return Ok(unmet);
        }
        unmet.add(&one.unwrap_or_default(), &other.unwrap_or_default());
    }
}

/// The members of a file in lots, in its order.
struct Members<'a, R> {
    outline: Outline<R>,
    prints: Prints<'a>,
    /// What the set says of all its members.
    parties: u64,
    count: u32,
    is_ended: bool,
}

impl<'a, R: Read> Members<'a, R> {
    fn new(source: R, ignored: &'a [String]) -> Self {
        let (outline, prints) = (Outline::new(source), Prints::new(ignored));
        Self { outline, prints, parties: 0, count: 0, is_ended: false }
    }

    fn lot(&mut self) -> Result<Vec<Print>, Unfit> {
        let mut lot = Vec::with_capacity(TOGETHER);
        while lot.len() < TOGETHER && !self.is_ended {
            let Some(item) = self.outline.next().map_err(Unfit::Unread)? else {
                self.is_ended = true;
                break;
            };
            match item.kind {
                ItemKind::Member => {
                    let (key, fields) = self.prints.of(item);
                    lot.push(Print::new(key, fields.wrapping_add(self.parties), self.count));
                    self.count += 1;
                }
                ItemKind::Set => self.parties = self.prints.of_parties(item),
                _ => {}
            }
        }
        match self.outline.flaw() {
            Some(flaw) => Err(Unfit::NotWhole(Box::new(flaw.clone()))),
            None if self.count == 0 => Err(Unfit::NoMembers),
            None => Ok(lot),
        }
    }
}

impl<R: Read> Iterator for Members<'_, R> {
    type Item = Result<Vec<Print>, Unfit>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.is_ended {
            return None;
        }
        let lot = self.lot();
        self.is_ended |= lot.is_err();
        Some(lot)
    }
}
