//! The one way to write: a transaction that begins only where this handle may still write, and is told durable only where
//! the file is still the one that others find.

use super::{SqliteLedger, failure};
use crate::ledger::claim::Holder;
use crate::ledger::{Claim, Error};
use crate::model::RunId;
use rusqlite::{Connection, OptionalExtension as _, Transaction, TransactionBehavior, params};
use std::ops::Deref;

/// A transaction that writes; rolled back where it is dropped before it is committed.
pub(super) struct Writing<'a> {
    ledger: &'a SqliteLedger,
    transaction: Transaction<'a>,
}

impl SqliteLedger {
    /// Begins to write. Fails with `Superseded` where this handle writes under a claim and another has claimed the run
    /// since.
    pub(super) fn write(&self) -> Result<Writing<'_>, Error> {
        let transaction = Transaction::new_unchecked(&self.connection, TransactionBehavior::Immediate)
            .map_err(|e| failure::read(&self.path, e))?;
        if let Some(claim) = &self.claim {
            check(self, &transaction, claim)?;
        }
        Ok(Writing { ledger: self, transaction })
    }
}

impl Writing<'_> {
    /// Makes it durable. Fails with `Lost` where the file was deleted or replaced before or meanwhile: what was written
    /// then, nobody will find.
    pub(super) fn commit(self) -> Result<(), Error> {
        self.ledger.same_file.check()?;
        self.transaction.commit().map_err(|e| failure::read(&self.ledger.path, e))?;
        self.ledger.same_file.check()
    }
}

impl<'a> Deref for Writing<'a> {
    type Target = Transaction<'a>;

    fn deref(&self) -> &Self::Target {
        &self.transaction
    }
}

fn check(ledger: &SqliteLedger, connection: &Connection, claim: &Claim) -> Result<(), Error> {
    let stands = connection
        .prepare_cached("SELECT epoch, host, process FROM claim JOIN run USING (run_key) WHERE run = ?1")
        .and_then(|mut ask| {
            ask.query_row([claim.run.as_str()], |row| {
                Ok((row.get::<_, i64>(0)?, Holder { host: row.get(1)?, process: row.get(2)? }))
            })
            .optional()
        })
        .map_err(|e| failure::read(&ledger.path, e))?;
    match stands {
        Some((epoch, _)) if u64::try_from(epoch) == Ok(claim.epoch) => Ok(()),
        stands => {
            let holder =
                stands.map_or_else(|| "nobody; its claim is gone".to_owned(), |(_, holder)| holder.to_string());
            Err(Error::Superseded { run: claim.run.to_string(), holder })
        }
    }
}

/// Raises the run's epoch in this process's name; only for who holds the run's lock.
pub(super) fn raise(ledger: &SqliteLedger, (run, key): (&RunId, i64), holder: &Holder) -> Result<Claim, Error> {
    let words = |e| failure::read(&ledger.path, e);
    let writing = ledger.write()?;
    let epoch: i64 = writing
        .query_row(
            "INSERT INTO claim (run_key, epoch, host, process, claimed_at) VALUES (?1, 1, ?2, ?3, CAST(unixepoch('subsec') * 1000000 AS INTEGER))
             ON CONFLICT (run_key) DO UPDATE SET epoch = epoch + 1, host = excluded.host, process = excluded.process,
                 claimed_at = excluded.claimed_at
             RETURNING epoch",
            params![key, holder.host, holder.process],
            |row| row.get(0),
        )
        .map_err(words)?;
    writing.commit()?;
    Ok(Claim { run: run.clone(), epoch: u64::try_from(epoch).unwrap_or_default() })
}
