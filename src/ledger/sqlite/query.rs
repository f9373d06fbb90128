//! Reading: runs, their entries, and what was derived from them.

use super::{SqliteLedger, failure};
use crate::ledger::found::{Found, Unreadable};
use crate::ledger::{EnrollmentCounts, Error, FORMAT, RunListing, RunState, Seq, lock};
use crate::model::{Entry, Event, ProbeId, ProbeIndex, RunId, RunPlan};
use chrono::{DateTime, Utc};
use rusqlite::{OptionalExtension as _, Params, Row};
use std::collections::BTreeSet;

impl SqliteLedger {
    fn words(&self, error: rusqlite::Error) -> Error {
        failure::read(&self.path, error)
    }

    /// Shows each row that a statement gives.
    fn each(
        &self,
        sql: &str,
        params: impl Params,
        visit: &mut dyn FnMut(&Row<'_>) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let mut statement = self.connection.prepare_cached(sql).map_err(|e| self.words(e))?;
        let mut rows = statement.query(params).map_err(|e| self.words(e))?;
        while let Some(row) = rows.next().map_err(|e| self.words(e))? {
            visit(row)?;
        }
        Ok(())
    }

    /// Shows each entry that a statement gives, which selects the columns of `entry` in their order.
    fn each_entry(&self, sql: &str, params: impl Params, visit: &mut dyn FnMut(Seq, Entry)) -> Result<(), Error> {
        self.each(sql, params, &mut |row| {
            let (seq, found) = found(row).map_err(|e| self.words(e))?;
            let entry = found
                .decode(&self.names)
                .map_err(|why| failure::unreadable(&self.path, &format!("entry {}", seq.0), why))?;
            visit(seq, entry);
            Ok(())
        })
    }
}

fn found<'a>(row: &'a Row<'_>) -> Result<(Seq, Found<'a>), rusqlite::Error> {
    let text = |column| Ok::<_, rusqlite::Error>(row.get_ref(column)?.as_str_or_null()?);
    let found = Found {
        at_micros: row.get(1)?,
        format: row.get(2)?,
        kind: text(3)?.unwrap_or_default(),
        probe: row.get(4)?,
        action: text(5)?,
        waypoint: row.get(6)?,
        payload: text(7)?.unwrap_or_default(),
    };
    Ok((Seq(row.get(0)?), found))
}

/// The run's key, where the run is known.
pub(super) fn run_key(ledger: &SqliteLedger, run: &RunId) -> Result<i64, Error> {
    ledger
        .connection
        .prepare_cached("SELECT run_key FROM run WHERE run = ?1")
        .and_then(|mut statement| statement.query_row([run.as_str()], |row| row.get(0)).optional())
        .map_err(|e| ledger.words(e))?
        .ok_or_else(|| no_run(ledger, run.as_str()))
}

fn no_run(ledger: &SqliteLedger, name: &str) -> Error {
    Error::NotFound { what: "run", name: name.to_owned(), ledger: ledger.path.clone() }
}

fn is_empty(ledger: &SqliteLedger) -> Result<bool, Error> {
    let mut any = false;
    ledger.each("SELECT 1 FROM run LIMIT 1", [], &mut |_| {
        any = true;
        Ok(())
    })?;
    Ok(!any)
}

pub(super) fn visit_entries(
    ledger: &SqliteLedger,
    run: &RunId,
    visit: &mut dyn FnMut(Seq, Entry),
) -> Result<(), Error> {
    let key = run_key(ledger, run)?;
    // In the order of the table itself, between the run's first and last entry: no index, no sorting.
    let sql = "SELECT seq, at, format, kind, probe, action, waypoint, payload FROM entry
        WHERE seq BETWEEN (SELECT first_seq FROM run WHERE run_key = ?1)
            AND (SELECT last_seq FROM run WHERE run_key = ?1)
        AND +run_key = ?1 ORDER BY seq";
    ledger.each_entry(sql, [key], visit)
}

pub(super) fn entries_of_probe(ledger: &SqliteLedger, run: &RunId, probe: ProbeIndex) -> Result<Vec<Entry>, Error> {
    let key = run_key(ledger, run)?;
    let sql = "SELECT seq, at, format, kind, probe, action, waypoint, payload FROM entry
        WHERE seq BETWEEN (SELECT first_seq FROM run WHERE run_key = ?1)
            AND (SELECT last_seq FROM run WHERE run_key = ?1)
        AND +run_key = ?1 AND (probe = ?2 OR probe IS NULL) ORDER BY seq";
    let mut entries = Vec::new();
    ledger.each_entry(sql, (key, probe.0), &mut |_, entry| entries.push(entry))?;
    Ok(entries)
}

pub(super) fn runs(ledger: &SqliteLedger) -> Result<Vec<RunListing>, Error> {
    let sql = "SELECT run, scenario, target, state, started_at, finished_at, entries, run_key FROM run
        ORDER BY started_at DESC, run_key DESC";
    let mut runs = Vec::new();
    ledger.each(sql, [], &mut |row| {
        let (mut listing, state, key) = listing(row).map_err(|e| ledger.words(e))?;
        listing.state = match state.as_str() {
            "finished" => RunState::Finished,
            "stopped" => RunState::Stopped,
            _ if lock::is_claimed(&ledger.path, &listing.run) => RunState::Running,
            _ => RunState::Interrupted,
        };
        listing.enrollments = enrollment_counts(ledger, key)?;
        runs.push(listing);
        Ok(())
    })?;
    Ok(runs)
}

fn listing(row: &Row<'_>) -> Result<(RunListing, String, i64), rusqlite::Error> {
    let listing = RunListing {
        run: RunId::new(row.get::<_, String>(0)?),
        scenario: row.get(1)?,
        target: row.get(2)?,
        state: RunState::Interrupted,
        started_at: instant(row.get(4)?),
        finished_at: row.get::<_, Option<i64>>(5)?.map(instant),
        entries: row.get::<_, i64>(6)?.unsigned_abs(),
        enrollments: EnrollmentCounts::default(),
    };
    Ok((listing, row.get(3)?, row.get(7)?))
}

/// A moment as stored; one that no calendar has is the epoch, which shows plainly that it is wrong.
fn instant(micros: i64) -> DateTime<Utc> {
    DateTime::from_timestamp_micros(micros).unwrap_or_default()
}

fn enrollment_counts(ledger: &SqliteLedger, key: i64) -> Result<EnrollmentCounts, Error> {
    let mut counts = EnrollmentCounts::default();
    let sql = "SELECT state, count(*) FROM enrollment WHERE run_key = ?1 GROUP BY state";
    ledger.each(sql, [key], &mut |row| {
        let (state, count): (String, u32) = row.try_into().map_err(|e| ledger.words(e))?;
        let count = u64::from(count);
        match state.as_str() {
            "sending" => counts.sending = count,
            "accepted" => counts.accepted = count,
            "indeterminate" => counts.indeterminate = count,
            "rejected" => counts.rejected = count,
            "unsent" => counts.unsent = count,
            _ => counts.cancelled = count,
        }
        Ok(())
    })?;
    Ok(counts)
}

pub(super) fn run_plan(ledger: &SqliteLedger, run: &RunId) -> Result<(RunPlan, serde_json::Value), Error> {
    let key = run_key(ledger, run)?;
    let sql = "SELECT format, plan, header FROM run WHERE run_key = ?1";
    let (format, plan, header): (i64, String, String) =
        ledger.connection.query_row(sql, [key], |row| row.try_into()).map_err(|e| ledger.words(e))?;
    let unreadable = |why| failure::unreadable(&ledger.path, &format!("the plan of run `{run}`"), why);
    if format > FORMAT {
        return Err(unreadable(Unreadable::TooNew(format)));
    }
    let plan = serde_json::from_str(&plan).map_err(|e| unreadable(e.into()))?;
    let header = serde_json::from_str(&header).map_err(|e| unreadable(e.into()))?;
    Ok((plan, header))
}

pub(super) fn find_run(ledger: &SqliteLedger, name: &str) -> Result<RunId, Error> {
    let sql = "SELECT run FROM run WHERE ?1 = 'latest' OR substr(run, 1, length(?1)) = ?1
        ORDER BY started_at DESC, run_key DESC";
    let mut fits = Vec::new();
    ledger.each(sql, [name], &mut |row| {
        fits.push(row.get::<_, String>(0).map_err(|e| ledger.words(e))?);
        Ok(())
    })?;
    let whole = fits.iter().position(|run| run == name);
    let chosen = if name == "latest" { Some(0) } else { whole.or((fits.len() == 1).then_some(0)) };
    match chosen.and_then(|at| fits.get(at)) {
        Some(run) if !name.is_empty() => Ok(RunId::new(run.as_str())),
        _ if fits.is_empty() && is_empty(ledger)? => Err(Error::Empty { ledger: ledger.path.clone() }),
        _ if fits.is_empty() || name.is_empty() => Err(no_run(ledger, name)),
        _ => Err(Error::Ambiguous { name: name.to_owned(), fits }),
    }
}

pub(super) fn already_read(
    ledger: &SqliteLedger,
    run: &RunId,
    waypoint: u16,
) -> Result<BTreeSet<(String, String)>, Error> {
    let key = run_key(ledger, run)?;
    let sql = "SELECT seq, at, format, kind, probe, action, waypoint, payload FROM entry
        WHERE run_key = ?1 AND waypoint = ?2 AND kind = 'file_read'";
    let mut files = BTreeSet::new();
    ledger.each_entry(sql, (key, waypoint), &mut |_, entry| {
        if let Event::FileRead { name, digest, .. } = entry.event {
            files.insert((name, digest));
        }
    })?;
    Ok(files)
}

pub(super) fn open_enrollments(ledger: &SqliteLedger) -> Result<Vec<ProbeId>, Error> {
    let sql = "SELECT run, probe FROM enrollment JOIN run USING (run_key)
        WHERE enrollment.state IN ('sending', 'accepted', 'indeterminate') ORDER BY run_key, probe";
    let mut probes = Vec::new();
    ledger.each(sql, [], &mut |row| {
        let (run, index): (String, u32) = row.try_into().map_err(|e| ledger.words(e))?;
        probes.push(ProbeId { run: RunId::new(run), index: ProbeIndex(index) });
        Ok(())
    })?;
    Ok(probes)
}

pub(super) fn foreign_ids(ledger: &SqliteLedger, except: &RunId) -> Result<Vec<String>, Error> {
    let sql = "SELECT DISTINCT id FROM assigned_id
        WHERE run_key IS NOT (SELECT run_key FROM run WHERE run = ?1) ORDER BY id";
    ids(ledger, sql, except)
}

pub(super) fn twin_ids(ledger: &SqliteLedger, run: &RunId) -> Result<Vec<String>, Error> {
    let sql = "SELECT DISTINCT id FROM run AS own JOIN run AS other ON other.run_key <> own.run_key AND other.scenario = own.scenario
        JOIN assigned_id ON assigned_id.run_key = other.run_key
        WHERE own.run = ?1 AND json_extract(other.plan, '$.seed') = json_extract(own.plan, '$.seed')
        AND (other.finished_at IS NULL OR other.finished_at >= own.started_at)";
    ids(ledger, sql, run)
}

/// The ids that a query about this run gives.
fn ids(ledger: &SqliteLedger, sql: &str, run: &RunId) -> Result<Vec<String>, Error> {
    let mut ids = Vec::new();
    ledger.each(sql, [run.as_str()], &mut |row| {
        ids.push(row.get(0).map_err(|e| ledger.words(e))?);
        Ok(())
    })?;
    Ok(ids)
}

pub(super) fn has_twin(ledger: &SqliteLedger, run: &RunId) -> Result<bool, Error> {
    let sql = "SELECT EXISTS (
        SELECT 1 FROM run AS own JOIN run AS other ON other.run_key <> own.run_key AND other.scenario = own.scenario
        WHERE own.run = ?1 AND json_extract(other.plan, '$.seed') = json_extract(own.plan, '$.seed')
        AND (other.finished_at IS NULL OR EXISTS (
            SELECT 1 FROM enrollment WHERE enrollment.run_key = other.run_key
            AND state IN ('sending', 'accepted', 'indeterminate'))))";
    ledger.connection.query_row(sql, [run.as_str()], |row| row.get(0)).map_err(|e| ledger.words(e))
}

/// Of each household that was refused or is cancelled, the last that was shown of it at each waypoint: that it is there, and not that
/// it is gone or is said otherwise since the cancellation was answered.
pub(super) fn twin_left_residue(ledger: &SqliteLedger, run: &RunId) -> Result<bool, Error> {
    let sql = "WITH twin AS (
            SELECT other.run_key, other.first_seq, other.last_seq FROM run AS own
            JOIN run AS other ON other.run_key <> own.run_key AND other.scenario = own.scenario
            WHERE own.run = ?1 AND json_extract(other.plan, '$.seed') = json_extract(own.plan, '$.seed')),
        told AS (
            SELECT entry.run_key, entry.probe, entry.waypoint, entry.kind, entry.action, entry.seq FROM twin
            JOIN entry ON entry.seq BETWEEN twin.first_seq AND twin.last_seq AND +entry.run_key = twin.run_key
            WHERE entry.kind IN ('seen', 'gone', 'answered') AND entry.probe IS NOT NULL),
        cancel AS (
            SELECT run_key, probe, max(seq) AS seq FROM told WHERE kind = 'answered' AND action = 'cancel' GROUP BY run_key, probe),
        shown AS (
            SELECT run_key, probe, waypoint, kind, max(seq) AS seq FROM told WHERE kind <> 'answered'
            GROUP BY run_key, probe, waypoint)
        SELECT EXISTS (
            SELECT 1 FROM shown JOIN enrollment USING (run_key, probe) LEFT JOIN cancel USING (run_key, probe)
            WHERE shown.kind = 'seen' AND (enrollment.state = 'rejected'
                OR (enrollment.state = 'cancelled' AND shown.seq < cancel.seq)))";
    ledger.connection.query_row(sql, [run.as_str()], |row| row.get(0)).map_err(|e| ledger.words(e))
}
