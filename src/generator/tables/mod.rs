//! The facts that versions from 2 on draw people from: names by frequency, and towns. Each file's head says where they come from.
//! They are read once in a process.

mod first_names;
mod oddities;
mod origin;
mod surnames;
mod towns;
mod weights;

pub(super) use first_names::FirstNames;
pub(super) use oddities::oddities;
pub(super) use origin::Origin;
pub(super) use surnames::Surnames;
pub(super) use towns::towns;

use std::sync::LazyLock;

/// Names of people, prepared for drawing.
#[derive(Debug)]
pub(super) struct Names {
    pub(super) surnames: Surnames,
    pub(super) first: FirstNames,
}

/// The names of version 2.
pub(super) fn names() -> &'static Names {
    static NAMES: LazyLock<Names> = LazyLock::new(|| {
        let surnames = Surnames::read();
        let first = FirstNames::read(surnames.origins());
        Names { surnames, first }
    });
    &NAMES
}

/// The lines of a table that state facts.
fn facts(table: &'static str) -> impl Iterator<Item = &'static str> {
    table.lines().filter(|line| !line.is_empty() && !line.starts_with('#'))
}

/// Whole numbers with blanks between; nothing where there is another count of them.
fn numbers<const N: usize>(cell: &str) -> Option<[u32; N]> {
    let numbers: Result<Vec<u32>, _> = cell.split(' ').map(str::parse).collect();
    numbers.ok()?.try_into().ok()
}
