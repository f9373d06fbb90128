//! Control numbers: a counter that only goes on.

use super::{SqliteLedger, failure};
use crate::ledger::Error;
use rusqlite::OptionalExtension;

/// The largest of nine digits (ISA13).
const LARGEST: i64 = 999_999_999;

/// Where a new ledger begins: anywhere from 1 to nine hundred million, as the system's randomness has it (SQLite's `random()`).
/// Two ledgers that take `n` numbers each meet with a chance of `n` in 450,000,000, whenever they were begun; and each has a
/// hundred million before it comes round.
const BEGIN: &str = "SELECT abs(random() % 900000000) + 1";

/// Takes so many numbers in a row and gives the first.
pub(super) fn take(ledger: &mut SqliteLedger, count: u32) -> Result<u32, Error> {
    let words = |e| failure::read(&ledger.path, e);
    let transaction = ledger.write()?;
    let ask = |sql| transaction.query_row(sql, [], |row| row.get::<_, i64>(0)).optional();
    let next = match ask("SELECT next FROM control_number").map_err(words)? {
        Some(next) => next,
        None => ask(BEGIN).map_err(words)?.unwrap_or(1),
    };
    let first = first_of(next, count.into());
    transaction
        .execute("INSERT OR REPLACE INTO control_number (only, next) VALUES (1, ?1)", [first + i64::from(count)])
        .map_err(words)?;
    transaction.commit()?;
    u32::try_from(first).map_err(|e| Error::other(&ledger.path, e))
}

/// The numbers begin again at 1 where nine digits do not hold all of them.
fn first_of(next: i64, count: i64) -> i64 {
    if next < 1 || next + count - 1 > LARGEST { 1 } else { next }
}

#[cfg(test)]
mod tests {
    use super::super::SqliteLedger;
    use super::{LARGEST, first_of, take};
    use std::collections::BTreeSet;

    #[test]
    fn numbers_come_round_whole() {
        assert_eq!(first_of(LARGEST - 1, 2), LARGEST - 1);
        assert_eq!(first_of(LARGEST - 1, 3), 1);
    }

    /// Sixteen of nine hundred million: two are equal in one test of seven million.
    #[test]
    fn ledgers_that_are_begun_at_one_moment_do_not_begin_at_one_number() {
        let folder = tempfile::tempdir().unwrap();
        let begun = (0..16).map(|n| {
            let mut ledger = SqliteLedger::open(&folder.path().join(format!("{n}.db"))).unwrap();
            let first = take(&mut ledger, 3).unwrap();
            assert_eq!(take(&mut ledger, 1).unwrap(), first + 3);
            assert!((1..=900_000_000).contains(&first), "{first}");
            first
        });
        assert_eq!(begun.collect::<BTreeSet<_>>().len(), 16);
    }
}
