//! What sets say of all their members, told once: who pays, who insures, who brokers.

use super::change::{Change, header};
use super::fields::{Prints, of_header};
use crate::wire::outline::Item;
use std::collections::HashMap;

/// So many different headers of a file are told apart.
const MOST: usize = 1 << 12;

/// The headers of a file that differ from one another, by number from 1; 0 is none.
#[derive(Debug, Default)]
pub(super) struct Headers {
    numbers: HashMap<u64, u16>,
    items: Vec<(u64, Item)>,
}

impl Headers {
    /// The number of what a set says.
    pub(super) fn number(&mut self, set: &Item, prints: &mut Prints<'_>) -> u16 {
        let print = prints.of_header(set);
        if let Some(number) = self.numbers.get(&print) {
            return *number;
        }
        if self.items.len() >= MOST {
            return 0;
        }
        self.items.push((print, set.clone()));
        let number = u16::try_from(self.items.len()).unwrap_or_default();
        self.numbers.insert(print, number);
        number
    }

    fn get(&self, number: u16) -> Option<&(u64, Item)> {
        self.items.get(usize::from(number).checked_sub(1)?)
    }

    /// Where members who are in both files have headers that differ: what of them, once for each two, in the order of the second
    /// file.
    pub(super) fn changes(
        &self,
        second: &Self,
        pairs: &HashMap<(u16, u16), u64>,
        ignored: &[String],
    ) -> Vec<(Change, u64)> {
        let mut pairs: Vec<_> = pairs.iter().map(|((one, other), members)| (*other, *one, *members)).collect();
        pairs.sort_unstable();
        let changed = pairs.into_iter().filter_map(|(other, one, members)| {
            let ((print, first), (its, second)) = (self.get(one)?, second.get(other)?);
            let is_of_both = |name: &str| of_header(first)(name) || of_header(second)(name);
            let change = (print != its).then(|| header(first, second, ignored, &is_of_both))?;
            (!change.fields.is_empty()).then_some((change, members))
        });
        changed.collect()
    }
}
