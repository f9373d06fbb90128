//! Whoever the other file has not had yet.

use super::difference::Difference;
use super::fields::Known;
use std::collections::HashMap;

/// How many may wait before they are looked through: they are then sorted, so that the work is that of sorting lots.
const FEW: usize = 1 << 16;

/// What is kept of a member: who it is, a number for everything that is compared of it, its number in its file, and that of what
/// its set says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Print {
    key: u64,
    fields: u64,
    person: u32,
    number: u32,
    header: u16,
    is_met: bool,
}

impl Print {
    pub(super) fn new(known: Known, fields: u64, number: u32, header: u16) -> Self {
        Self { key: known.key, fields, person: known.person, number, header, is_met: false }
    }

    fn says(&self) -> (u64, u64, u32) {
        (self.key, self.fields, self.person)
    }

    fn who(&self) -> (u64, u32) {
        (self.key, self.person)
    }
}

/// The members of two files that are read side by side, without those that both have. Whoever is the same is found before
/// whoever changed: a record that took over another's id does not take its place.
#[derive(Debug, Default)]
pub(super) struct Unmet {
    first: Vec<Print>,
    second: Vec<Print>,
    /// How many were left when they were looked through last.
    left: usize,
    same: u64,
    /// What the sets of those who are in both say: its numbers in the first file and in the second, and of how many.
    headers: HashMap<(u16, u16), u64>,
}

impl Unmet {
    /// The next members of both files.
    pub(super) fn add(&mut self, first: &[Print], second: &[Print]) {
        self.first.extend_from_slice(first);
        self.second.extend_from_slice(second);
        if self.count() > FEW + 2 * self.left {
            self.meet();
        }
    }

    fn count(&self) -> usize {
        self.first.len() + self.second.len()
    }

    /// Takes out whoever is in both and the same, of copies one for each.
    fn meet(&mut self) {
        self.first.sort_unstable();
        self.second.sort_unstable();
        let mut others = self.second.iter_mut().peekable();
        for one in &mut self.first {
            while others.next_if(|other| other.says() < one.says()).is_some() {}
            if let Some(other) = others.next_if(|other| other.says() == one.says()) {
                (one.is_met, other.is_met) = (true, true);
                self.same += 1;
                *self.headers.entry((one.header, other.header)).or_default() += 1;
            }
        }
        self.first.retain(|print| !print.is_met);
        self.second.retain(|print| !print.is_met);
        self.left = self.count();
    }

    /// At the end of both files: who of those who are left is known in the other. Of several records of somebody the first
    /// stands for the first. Whoever has somebody's ids and another name or birth date is not paired here.
    pub(super) fn into_difference(mut self) -> (Difference, HashMap<(u16, u16), u64>) {
        self.meet();
        let by_key = |print: &Print| (print.who(), print.number);
        self.first.sort_unstable_by_key(by_key);
        self.second.sort_unstable_by_key(by_key);
        let mut found = Difference { same: self.same, ..Difference::default() };
        let mut gone = self.first.into_iter().peekable();
        for print in self.second {
            while let Some(removed) = gone.next_if(|one| one.who() < print.who()) {
                found.removed.push(removed.number);
            }
            match gone.next_if(|one| one.who() == print.who()) {
                None => found.added.push(print.number),
                Some(one) => {
                    found.changed.push((print.number, one.number));
                    *self.headers.entry((one.header, print.header)).or_default() += 1;
                }
            }
        }
        found.removed.extend(gone.map(|one| one.number));
        found.changed.sort_unstable();
        found.added.sort_unstable();
        found.removed.sort_unstable();
        (found, self.headers)
    }
}

#[cfg(test)]
mod tests {
    use super::{FEW, Known, Print, Unmet};
    use crate::wire::diff::Difference;
    use proptest::prelude::*;

    fn of(key: u64, fields: u64, number: u32) -> Print {
        Print::new(Known { key, person: 0 }, fields, number, 0)
    }

    fn file(members: &[(u64, u64)]) -> Vec<Print> {
        (0..).zip(members).map(|(number, (key, fields))| of(*key, *fields, number)).collect()
    }

    /// The same by the plain meaning of the words: everybody is looked for in the whole other file.
    fn plainly(first: &[(u64, u64)], second: &[(u64, u64)]) -> Difference {
        let mut found = Difference::default();
        let mut left: Vec<_> = (0..).zip(first.iter().copied()).collect();
        let mut take = |is: &dyn Fn(&(u64, u64)) -> bool| {
            left.iter().position(|(_, one)| is(one)).map(|at| {
                let (number, _): (u32, _) = left.remove(at);
                number
            })
        };
        let others: Vec<_> = (0..).zip(second).filter(|(_, other)| take(&|one| one == *other).is_none()).collect();
        found.same = (second.len() - others.len()) as u64;
        for (number, other) in others {
            match take(&|one| one.0 == other.0) {
                Some(one) => found.changed.push((number, one)),
                None => found.added.push(number),
            }
        }
        found.removed = left.iter().map(|(number, _)| *number).collect();
        found
    }

    proptest! {
        #[test]
        fn whoever_differs_is_found_wherever_it_stands(
            first in prop::collection::vec((0_u64..6, 0_u64..3), 0..30),
            second in prop::collection::vec((0_u64..6, 0_u64..3), 0..30),
            lot in 1_usize..9,
        ) {
            let (one, other) = (file(&first), file(&second));
            let mut unmet = Unmet::default();
            let mut lots = (one.chunks(lot), other.chunks(lot));
            loop {
                let (one, other) = (lots.0.next(), lots.1.next());
                if one.is_none() && other.is_none() {
                    break;
                }
                unmet.add(one.unwrap_or_default(), other.unwrap_or_default());
                unmet.meet();
            }
            prop_assert_eq!(unmet.into_difference().0, plainly(&first, &second));
        }
    }

    #[test]
    fn nobody_waits_long_where_both_files_have_one_order() {
        let mut unmet = Unmet::default();
        for lot in 0..100_u32 {
            let members: Vec<_> =
                (lot * 4000..(lot + 1) * 4000).map(|number| of(u64::from(number), 7, number)).collect();
            // One is missing in the second file, so that all others stand a place earlier.
            let others: Vec<_> = members.iter().filter(|print| print.number != 2013).copied().collect();
            unmet.add(&members, &others);
            assert!(unmet.count() <= FEW + 2 * unmet.left, "{} wait", unmet.count());
            assert!(unmet.left <= 1, "{} were left", unmet.left);
        }
        let (found, _) = unmet.into_difference();
        assert_eq!((found.same, found.removed), (399_999, vec![2013]));
    }
}
