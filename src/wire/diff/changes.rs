//! The second reading of both files, side by side: what of those who differ.

use super::change::{Change, ChangeKind, alone, changed};
use super::difference::Difference;
use super::fields::{OWN_PARTIES, is_sponsor};
use crate::wire::outline::{Ahead, Item, ItemKind};
use crate::wire::x12::ReadError;
use std::collections::HashMap;
use std::io::{Error, Read};

/// One of two files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// The file that is compared with.
    First,
    /// The file that is compared.
    Second,
}

/// Says one after the other of those who differ, in the second file's order; whoever was removed is told where the reading of
/// the first file comes upon them. Of the first file those are kept whom the second has not come to yet: nobody where both have
/// one order.
///
/// An error comes with the file that it is of, and ends it: the file cannot be read any more, or is not the one that was read
/// before.
#[derive(Debug)]
pub struct Changes<'a> {
    difference: &'a Difference,
    first: Members,
    second: Members,
    /// Of the second file: the changed member that is to be told next, and its number in the first.
    waiting: Item,
    waits_for: Option<u32>,
    kept: HashMap<u32, Item>,
    /// How many of the second file have been told.
    told: usize,
    is_ended: bool,
}

/// What the first file had next.
enum Met {
    /// Somebody who was removed, or who is waited for.
    Told(Box<Change>),
    /// Somebody the second file comes to later.
    Kept,
    /// Nobody.
    End,
}

impl<'a> Changes<'a> {
    /// Both files again, from their beginnings, and who differs in them.
    pub fn new<R: Read + Send + 'static>(first: R, second: R, difference: &'a Difference) -> Self {
        let (later, earlier): (Vec<_>, Vec<_>) = difference.changed.iter().copied().unzip();
        let both = |mut numbers: Vec<u32>, more: &[u32]| {
            numbers.extend(more);
            numbers.sort_unstable();
            numbers
        };
        Self {
            difference,
            first: Members::new(first, both(earlier, &difference.removed)),
            second: Members::new(second, both(later, &difference.added)),
            waiting: Item::default(),
            waits_for: None,
            kept: HashMap::new(),
            told: 0,
            is_ended: false,
        }
    }

    fn step(&mut self) -> Result<Option<Change>, (Side, ReadError)> {
        loop {
            if let Some(number) = self.waits_for {
                if let Some(first) = self.kept.remove(&number) {
                    return Ok(Some(self.meet(&first)));
                }
                match self.of_first()? {
                    Met::Told(change) => return Ok(Some(*change)),
                    Met::Kept => {}
                    Met::End => return Err((Side::First, other_file())),
                }
            } else if let Some(added) = self.of_second()? {
                return Ok(Some(added));
            } else if self.waits_for.is_none() {
                return self.rest();
            }
        }
    }

    /// Whoever was removed after the last one who changed.
    fn rest(&mut self) -> Result<Option<Change>, (Side, ReadError)> {
        if self.told < self.difference.changed.len() + self.difference.added.len() {
            return Err((Side::Second, other_file()));
        }
        loop {
            match self.of_first()? {
                Met::Told(change) => return Ok(Some(*change)),
                Met::Kept => {}
                Met::End => return Ok(None),
            }
        }
    }

    /// Who comes next in the second file: told at once where it was added, and waiting where it changed.
    fn of_second(&mut self) -> Result<Option<Change>, (Side, ReadError)> {
        let Some(item) = self.second.next().map_err(|error| (Side::Second, error))? else { return Ok(None) };
        self.told += 1;
        let changed = &self.difference.changed;
        match changed.binary_search_by_key(&item.number, |(second, _)| *second).ok().and_then(|at| changed.get(at)) {
            None => Ok(Some(alone(item, ChangeKind::Added))),
            Some((_, first)) => {
                self.waits_for = Some(*first);
                std::mem::swap(&mut self.waiting, item);
                Ok(None)
            }
        }
    }

    /// Who comes next in the first file.
    fn of_first(&mut self) -> Result<Met, (Side, ReadError)> {
        let Some(item) = self.first.next().map_err(|error| (Side::First, error))? else {
            return Ok(Met::End);
        };
        if self.difference.removed.binary_search(&item.number).is_ok() {
            return Ok(Met::Told(Box::new(alone(item, ChangeKind::Removed))));
        }
        if self.waits_for == Some(item.number) {
            self.waits_for = None;
            let change = changed(item, &self.waiting, &self.difference.ignored);
            return Ok(Met::Told(Box::new(change)));
        }
        let (number, item) = (item.number, std::mem::take(item));
        self.kept.insert(number, item);
        Ok(Met::Kept)
    }

    fn meet(&mut self, first: &Item) -> Change {
        self.waits_for = None;
        changed(first, &self.waiting, &self.difference.ignored)
    }
}

impl Iterator for Changes<'_> {
    type Item = Result<Change, (Side, ReadError)>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.is_ended {
            return None;
        }
        let next = self.step().transpose();
        self.is_ended = !matches!(next, Some(Ok(_)));
        next
    }
}

/// The members of a file, read ahead, each with what its set says of all its members.
#[derive(Debug)]
struct Members {
    file: Ahead,
    set: Item,
}

impl Members {
    fn new(source: impl Read + Send + 'static, wanted: Vec<u32>) -> Self {
        Self { file: Ahead::of_members(source, wanted), set: Item::default() }
    }

    fn next(&mut self) -> Result<Option<&mut Item>, ReadError> {
        while self.file.advance()? {
            match self.file.item_mut() {
                Some(item) if item.kind == ItemKind::Set => std::mem::swap(&mut self.set, item),
                Some(item) if item.kind == ItemKind::Member => {
                    if self.set.has_own_sponsor && is_sponsor(item) {
                        item.append(&self.set, OWN_PARTIES);
                    }
                    break;
                }
                _ => {}
            }
        }
        Ok(self.file.item_mut())
    }
}

fn other_file() -> ReadError {
    ReadError::Io(Error::other("it is not what it was when it was read first: compare a copy that nobody writes to"))
}

#[cfg(test)]
mod tests {
    use super::{Changes, Side};
    use crate::wire::diff::{ChangeKind, Difference};
    use std::fmt::Write as _;
    use std::io::Cursor;

    /// A file of members by their ids, each with a last name.
    fn file(members: &[(&str, &str)]) -> Cursor<Vec<u8>> {
        let mut text = String::from(
            "ISA*00*          *00*          *ZZ*A              *ZZ*B              *131115*1810*^*00501*000000101*0*T*:~\n\
             GS*BE*A*B*20131115*1810*201*X*005010X220A1~\nST*834*3001*005010X220A1~\nBGN*00*1*20131115~\n",
        );
        for (id, last) in members {
            let _ = write!(text, "INS*Y*18*021*EC*A~\nREF*0F*{id}~\nREF*1L*P~\nREF*17*{id}~\nNM1*IL*1*{last}*JOHN~\n");
        }
        let _ = write!(text, "SE*{}*3001~\nGE*1*201~\nIEA*1*000000101~\n", members.len() * 5 + 3);
        Cursor::new(text.into_bytes())
    }

    fn told(first: &[(&str, &str)], second: &[(&str, &str)]) -> Vec<String> {
        let difference = Difference::between(file(first), file(second), Vec::new()).unwrap();
        let difference = difference.paired(file(first), file(second)).unwrap();
        let changes = Changes::new(file(first), file(second), &difference);
        let lines = changes.map(|change| {
            let change = change.unwrap();
            format!("{} {}", change.kind.name(), change.ids.1)
        });
        lines.collect()
    }

    #[test]
    fn everybody_who_differs_is_told_once_whatever_the_order() {
        let first = [("1", "DOE"), ("2", "ROE"), ("3", "POE"), ("4", "LOE"), ("5", "NOE")];
        let same_order = [("1", "DOE"), ("2", "ROW"), ("4", "LOW"), ("5", "NOE"), ("6", "HOE")];
        assert_eq!(told(&first, &same_order), ["changed 2", "removed 3", "changed 4", "added 6"]);
        let reversed = [("6", "HOE"), ("5", "NOE"), ("4", "LOW"), ("2", "ROW"), ("1", "DOE")];
        assert_eq!(told(&first, &reversed), ["added 6", "removed 3", "changed 4", "changed 2"]);
        assert_eq!(told(&first, &first[..2]), ["removed 3", "removed 4", "removed 5"]);
        assert_eq!(told(&first[..1], &first[..2]), ["added 2"]);
    }

    #[test]
    fn whoever_was_passed_over_counts_in_the_places() {
        let (first, second) = ([("1", "DOE"), ("2", "ROE"), ("3", "POE")], [("1", "DOE"), ("3", "POW"), ("2", "ROE")]);
        let difference = Difference::between(file(&first), file(&second), Vec::new()).unwrap();
        let difference = difference.paired(file(&first), file(&second)).unwrap();
        let change = Changes::new(file(&first), file(&second), &difference).next().unwrap().unwrap();
        assert_eq!(change.places, [Some(("3001".to_owned(), 13)), Some(("3001".to_owned(), 8))]);
    }

    #[test]
    fn a_file_that_became_another_between_the_readings_is_told() {
        let (first, second) = ([("1", "DOE"), ("2", "ROE")], [("1", "DOW"), ("2", "ROW")]);
        let difference = Difference::between(file(&first), file(&second), Vec::new()).unwrap();
        let difference = difference.paired(file(&first), file(&second)).unwrap();
        for (one, other, side) in [(&first[..1], &second[..], Side::First), (&first[..], &second[..1], Side::Second)] {
            let mut changes = Changes::new(file(one), file(other), &difference);
            assert!(matches!(changes.next(), Some(Ok(change)) if change.kind == ChangeKind::Changed));
            assert!(matches!(changes.next(), Some(Err((found, _))) if found == side), "{side:?}");
            assert!(changes.next().is_none());
        }
    }
}
