//! The first reading of both files, side by side: who is the same, changed, added, removed.

use super::change::Change;
use super::changes::Side;
use super::fields::Prints;
use super::headers::Headers;
use super::unmet::{Print, Unmet};
use crate::wire::outline::{Item, ItemKind, Outline};
use crate::wire::x12::{Damage, ReadError};
use std::collections::BTreeSet;
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
    /// What differs of what sets say of all their members, with how many members who are in both are under it.
    pub headers: Vec<(Change, u64)>,
    /// Fields that were not compared.
    pub ignored: Vec<String>,
    /// Of these the ones that neither file shows: most often a slip of the pen.
    pub not_shown: Vec<String>,
    /// Why the first file and the second are not whole, where they were compared all the same.
    pub flaws: [Option<Damage>; 2],
}

/// What is asked of a comparison.
#[derive(Debug, Clone, Default)]
pub struct Asked {
    /// Fields that are not compared, by their names.
    pub ignored: Vec<String>,
    /// Whether files that are not whole are compared, too: whoever is in a part that is missing is told as removed or added.
    pub is_lenient: bool,
}

/// Why a file is not compared.
#[derive(Debug)]
pub enum Unfit {
    /// It cannot be read to its end.
    Unread(ReadError),
    /// It is not whole: whoever is in the part that is missing would be told as removed or added.
    NotWhole(Box<Damage>),
    /// It has no 834; one without a member is compared, and all of the other are removed or added.
    NoMembers,
}

impl Difference {
    /// Reads both files, the first on a thread of its own. Fields named in `ignored` are not compared. Of each member 32 bytes are kept
    /// until the other file has the same one, so that memory is constant for files of one order, and grows with those who
    /// differ or stand far away.
    ///
    /// An error comes with the file that it is of.
    pub fn between(first: impl Read + Send, second: impl Read, ignored: Vec<String>) -> Result<Self, (Side, Unfit)> {
        Self::asked(first, second, Asked { ignored, is_lenient: false })
    }

    /// The same, as it is asked for.
    pub fn asked(first: impl Read + Send, second: impl Read, asked: Asked) -> Result<Self, (Side, Unfit)> {
        let mut others = Members::new(second, &asked);
        let (unmet, headers, flaw, prints) = thread::scope(|scope| {
            let (full, lots) = sync_channel(WAITING);
            let mut members = Members::new(first, &asked);
            let reading = scope.spawn(move || {
                for lot in members.by_ref() {
                    if full.send(lot).is_err() {
                        break;
                    }
                }
                (members.headers, members.flaw, members.prints)
            });
            let unmet = compare(lots.into_iter(), &mut others)?;
            let (headers, flaw, prints) = reading.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
            Ok((unmet, headers, flaw, prints))
        })?;
        let (found, pairs) = unmet.into_difference();
        let headers = headers.changes(&others.headers, &pairs, &asked.ignored);
        let flaws = [flaw, others.flaw.take()];
        let shown: BTreeSet<_> = prints.shown().chain(others.prints.shown()).collect();
        let not_shown = asked.ignored.iter().filter(|name| !shown.contains(name.as_str())).cloned().collect();
        drop(others);
        Ok(Self { headers, flaws, not_shown, ignored: asked.ignored, ..found })
    }

    /// Whether both files say the same of the same members.
    pub fn is_none(&self) -> bool {
        self.changed.is_empty() && self.added.is_empty() && self.removed.is_empty() && self.headers.is_empty()
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
    /// What the set says of all its members, and its number.
    set: Item,
    header: u16,
    headers: Headers,
    /// Whether an 834 was there.
    has_set: bool,
    count: u32,
    is_lenient: bool,
    flaw: Option<Damage>,
    is_ended: bool,
}

impl<'a, R: Read> Members<'a, R> {
    fn new(source: R, asked: &'a Asked) -> Self {
        Self {
            outline: Outline::new(source),
            prints: Prints::new(&asked.ignored),
            set: Item::default(),
            header: 0,
            headers: Headers::default(),
            has_set: false,
            count: 0,
            is_lenient: asked.is_lenient,
            flaw: None,
            is_ended: false,
        }
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
                    let (known, fields) = self.prints.of(item, &self.set);
                    lot.push(Print::new(known, fields, self.count, self.header));
                    self.count += 1;
                }
                ItemKind::Set => {
                    self.has_set |= item.text("set") == b"834";
                    self.header = self.headers.number(item, &mut self.prints);
                    self.set.clone_from(item);
                }
                _ => {}
            }
        }
        match self.outline.flaw().filter(|_| self.flaw.is_none()) {
            Some(flaw) if self.is_lenient => self.flaw = Some(flaw.clone()),
            Some(flaw) => return Err(Unfit::NotWhole(Box::new(flaw.clone()))),
            None => {}
        }
        if self.is_ended && !self.has_set { Err(Unfit::NoMembers) } else { Ok(lot) }
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
