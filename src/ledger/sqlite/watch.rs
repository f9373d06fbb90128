//! The lines of canaries.

use super::{SqliteLedger, failure};
use crate::ledger::watch_log::WATCH_FORMAT;
use crate::ledger::{Error, Seq, WatchRow};
use chrono::DateTime;
use rusqlite::params;
use std::path::Path;

impl SqliteLedger {
    /// Where it lies, every link followed.
    pub(in crate::ledger) fn path(&self) -> &Path {
        &self.path
    }

    /// Appends lines after the one that the canary wrote last, as far as the caller knows; none where there is a later one.
    pub(in crate::ledger) fn append_watch(
        &self,
        canary: &str,
        after: Seq,
        rows: &[WatchRow],
    ) -> Result<Option<Seq>, Error> {
        let words = |e| failure::read(&self.path, e);
        let transaction = self.write()?;
        let last: i64 = transaction
            .prepare_cached("SELECT coalesce(max(seq), 0) FROM watch WHERE canary = ?1")
            .and_then(|mut last| last.query_row([canary], |row| row.get(0)))
            .map_err(words)?;
        if last != after.0 {
            return Ok(None);
        }
        let mut appended = after;
        {
            let sql = "INSERT INTO watch (canary, at, format, kind, payload) VALUES (?1, ?2, ?3, ?4, ?5)";
            let mut insert = transaction.prepare_cached(sql).map_err(words)?;
            for row in rows {
                let at = row.at.timestamp_micros();
                appended =
                    Seq(insert.insert(params![canary, at, WATCH_FORMAT, row.kind, row.payload]).map_err(words)?);
            }
        }
        transaction.commit()?;
        Ok(Some(appended))
    }

    /// The canaries that wrote any line.
    pub(in crate::ledger) fn canaries(&self) -> Result<Vec<String>, Error> {
        let words = |e| failure::read(&self.path, e);
        let mut all = self.connection.prepare("SELECT DISTINCT canary FROM watch ORDER BY canary").map_err(words)?;
        let names = all.query_map([], |row| row.get(0)).map_err(words)?;
        names.collect::<Result<_, _>>().map_err(words)
    }

    /// Shows the lines after one, in their order.
    pub(in crate::ledger) fn visit_watch(
        &self,
        canary: &str,
        after: Seq,
        visit: &mut dyn FnMut(Seq, WatchRow),
    ) -> Result<(), Error> {
        let words = |e| failure::read(&self.path, e);
        let sql = "SELECT seq, at, format, kind, payload FROM watch WHERE canary = ?1 AND seq > ?2 ORDER BY seq";
        let mut statement = self.connection.prepare_cached(sql).map_err(words)?;
        let mut rows = statement.query(params![canary, after.0]).map_err(words)?;
        while let Some(row) = rows.next().map_err(words)? {
            let format: i64 = row.get(2).map_err(words)?;
            if format > WATCH_FORMAT {
                let what = format!("a line of canary `{canary}` in ledger `{}`", self.path.display());
                return Err(Error::TooNew { what, found: format, known: WATCH_FORMAT });
            }
            let read = || -> Result<_, rusqlite::Error> { Ok((row.get(0)?, row.get(1)?, row.get(3)?, row.get(4)?)) };
            let (seq, at, kind, payload): (i64, i64, String, String) = read().map_err(words)?;
            visit(Seq(seq), WatchRow { at: DateTime::from_timestamp_micros(at).unwrap_or_default(), kind, payload });
        }
        Ok(())
    }
}
