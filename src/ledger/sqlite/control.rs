//! Control numbers: a counter that only goes on.

use super::{SqliteLedger, failure};
use crate::ledger::Error;
use chrono::{DateTime, Utc};
use rusqlite::{OptionalExtension, TransactionBehavior};

/// The largest of nine digits (ISA13).
const LARGEST: i64 = 999_999_999;

/// Takes so many numbers in a row and gives the first.
pub(super) fn take(ledger: &mut SqliteLedger, count: u32, now: DateTime<Utc>) -> Result<u32, Error> {
    let words = |e| failure::read(&ledger.path, e);
    let transaction = ledger.connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(words)?;
    let next = transaction.query_row("SELECT next FROM control_number", [], |row| row.get(0)).optional();
    let first = first_of(next.map_err(words)?.unwrap_or_else(|| of_clock(now)), count.into());
    transaction
        .execute("INSERT OR REPLACE INTO control_number (only, next) VALUES (1, ?1)", [first + i64::from(count)])
        .map_err(words)?;
    transaction.commit().map_err(words)?;
    u32::try_from(first).map_err(|e| Error::other(&ledger.path, e))
}

/// Where a new ledger begins: the hundredth of a second, so that ledgers that are begun one after the other do not meet
/// while fewer than a hundred numbers a second are taken. Comes round every 116 days.
fn of_clock(now: DateTime<Utc>) -> i64 {
    now.timestamp_millis().div_euclid(10).rem_euclid(LARGEST) + 1
}

/// The numbers begin again at 1 where nine digits do not hold all of them.
fn first_of(next: i64, count: i64) -> i64 {
    if next < 1 || next + count - 1 > LARGEST { 1 } else { next }
}

#[cfg(test)]
mod tests {
    use super::{LARGEST, first_of, of_clock};

    #[test]
    fn numbers_begin_at_the_clock_and_come_round_whole() {
        let at = |millis| of_clock(chrono::DateTime::from_timestamp_millis(millis).unwrap());
        assert_eq!([at(0), at(9), at(10), at(9_999_999_989), at(9_999_999_990)], [1, 1, 2, LARGEST, 1]);
        assert_eq!(first_of(LARGEST - 1, 2), LARGEST - 1);
        assert_eq!(first_of(LARGEST - 1, 3), 1);
    }
}
