//! Writing: runs and their entries, one transaction a batch.

use super::{SqliteLedger, failure, query};
use crate::ledger::{Error, FORMAT, Row, Seq};
use crate::model::{LifeEvent, RunId, RunPlan, Submission};
use rusqlite::{Transaction, named_params, params};
use std::collections::{BTreeMap, BTreeSet};

/// Writes a run's line.
pub(super) fn begin_run(ledger: &mut SqliteLedger, plan: &RunPlan, header: &serde_json::Value) -> Result<(), Error> {
    let path = ledger.path.clone();
    let words = |e| failure::read(&path, e);
    let text = serde_json::to_string(plan).map_err(|e| Error::other(&path, e))?;
    let transaction = ledger.write()?;
    let added = transaction
        .execute(
            "INSERT INTO run (run, format, scenario, target, started_at, state,
                 first_seq, last_seq, entries, plan, header)
             SELECT :run, :format, :scenario, :target, :started_at, 'open', next, next - 1, 0, :plan, :header
             FROM (SELECT coalesce(max(seq), 0) + 1 AS next FROM entry)
             WHERE true ON CONFLICT (run) DO NOTHING",
            named_params! {
                ":run": plan.run.as_str(),
                ":format": FORMAT,
                ":scenario": plan.scenario,
                ":target": plan.target,
                ":started_at": plan.started_at.timestamp_micros(),
                ":plan": text,
                ":header": header.to_string(),
            },
        )
        .map_err(words)?;
    transaction.commit()?;
    if added == 0 {
        return Err(Error::AlreadyBegun { run: plan.run.to_string() });
    }
    Ok(())
}

/// What a batch changes in its run's line.
#[derive(Debug, Default)]
struct Progress {
    key: i64,
    last: i64,
    added: i64,
    /// The state after the batch's last entry, where that entry says one.
    ended: Option<(&'static str, i64)>,
}

/// Adds the rows, all or none.
pub(super) fn append_rows(ledger: &mut SqliteLedger, rows: &[Row]) -> Result<Vec<Seq>, Error> {
    let keys = keys_of(ledger, rows)?;
    let path = &ledger.path;
    let words = |e| failure::read(path, e);
    let transaction = ledger.write()?;
    let mut batch = Batch::default();
    let seqs = insert_entries(&transaction, rows, &keys, &mut batch).map_err(words)?;
    remember(&transaction, &batch).map_err(words)?;
    for (run, progress) in &batch.runs {
        if !advance(&transaction, progress).map_err(words)? {
            return Err(Error::NotFound { what: "run", name: run.to_string(), ledger: path.clone() });
        }
    }
    transaction.commit()?;
    Ok(seqs)
}

/// What a batch changes beside the entries: gathered first, so that each line is written once and in its table's order.
#[derive(Debug, Default)]
struct Batch<'a> {
    runs: BTreeMap<&'a RunId, Progress>,
    /// By run and probe, the latest state.
    enrollments: BTreeMap<(i64, u32), &'static str>,
    /// For whom a change was sent that may put something in force, so that whoever was taken out is so no longer.
    reopened: BTreeSet<(i64, u32)>,
    ids: BTreeSet<(i64, &'a str)>,
}

impl<'a> Batch<'a> {
    fn add(&mut self, row: &'a Row, key: i64, seq: i64) {
        if let (Some(probe), Some(state)) = (row.probe, enrollment_state(row)) {
            self.enrollments.insert((key, probe.0), state);
        }
        if let Some(probe) = row.probe.filter(|_| may_put_in_force(row)) {
            match self.enrollments.get_mut(&(key, probe.0)) {
                Some(state) if *state == CANCELLED => *state = "accepted",
                Some(_) => {}
                None => drop(self.reopened.insert((key, probe.0))),
            }
        }
        self.ids.extend(row.assigned_ids.iter().map(|id| (key, id.as_str())));
        let run = self.runs.entry(&row.run).or_default();
        *run = Progress { key, last: seq, added: run.added + 1, ended: ended(row) };
    }
}

/// One prepared statement bound anew for each row: SQLite runs in this process, so a longer statement would save no round
/// trip, and this way every value is copied once.
fn insert_entries<'a>(
    transaction: &Transaction<'_>,
    rows: &'a [Row],
    keys: &BTreeMap<&RunId, i64>,
    batch: &mut Batch<'a>,
) -> Result<Vec<Seq>, rusqlite::Error> {
    let mut seqs = Vec::with_capacity(rows.len());
    let mut insert = transaction.prepare_cached(INSERT_ENTRY)?;
    for row in rows {
        let key = keys.get(&row.run).copied().unwrap_or_default();
        let seq = insert.insert(params![
            key,
            row.at_micros,
            FORMAT,
            row.kind,
            row.probe.map(|probe| probe.0),
            row.action.map(LifeEvent::as_str),
            row.waypoint,
            row.payload
        ])?;
        seqs.push(Seq(seq));
        batch.add(row, key, seq);
    }
    Ok(seqs)
}

const INSERT_ENTRY: &str = "INSERT INTO entry (run_key, at, format, kind, probe, action, waypoint, payload)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";

fn keys_of<'a>(ledger: &mut SqliteLedger, rows: &'a [Row]) -> Result<BTreeMap<&'a RunId, i64>, Error> {
    let mut keys = BTreeMap::new();
    for row in rows {
        if keys.contains_key(&row.run) {
            continue;
        }
        let key = match ledger.run_keys.get(&row.run) {
            Some(key) => *key,
            None => query::run_key(ledger, &row.run)?,
        };
        ledger.run_keys.insert(row.run.clone(), key);
        keys.insert(&row.run, key);
    }
    Ok(keys)
}

fn ended(row: &Row) -> Option<(&'static str, i64)> {
    match row.kind {
        "finished" => Some(("finished", row.at_micros)),
        "stopped" => Some(("stopped", row.at_micros)),
        _ => None,
    }
}

/// Keeps the tables of enrollments and of ids in step with the entries.
fn remember(transaction: &Transaction<'_>, batch: &Batch<'_>) -> Result<(), rusqlite::Error> {
    let mut reopened = transaction
        .prepare_cached("UPDATE enrollment SET state = 'accepted' WHERE run_key = ?1 AND probe = ?2 AND state = ?3")?;
    for (key, probe) in &batch.reopened {
        reopened.execute(params![key, probe, CANCELLED])?;
    }
    let mut enrollment = transaction.prepare_cached(
        "INSERT INTO enrollment (run_key, probe, state) VALUES (?1, ?2, ?3)
         ON CONFLICT (run_key, probe) DO UPDATE SET state = excluded.state",
    )?;
    for ((key, probe), state) in &batch.enrollments {
        enrollment.execute(params![key, probe, state])?;
    }
    let mut id =
        transaction.prepare_cached("INSERT INTO assigned_id (run_key, id) VALUES (?1, ?2) ON CONFLICT DO NOTHING")?;
    for (key, text) in &batch.ids {
        id.execute(params![key, text])?;
    }
    Ok(())
}

/// Whoever was taken out.
const CANCELLED: &str = "cancelled";

/// Whether an entry says that a change may have been sent which leaves somebody in force.
fn may_put_in_force(row: &Row) -> bool {
    let is_sent = match row.kind {
        "sending" => row.submission.is_none(),
        kind => kind == "committing" || kind == "named",
    };
    is_sent && {
        let ends = |event| matches!(event, LifeEvent::Terminate | LifeEvent::MissPayment);
        row.action.is_some_and(|event| event.is_change() && !ends(event))
    }
}

/// The state that an entry puts its probe's enrollment into; a cancellation counts only once the exchange took it.
fn enrollment_state(row: &Row) -> Option<&'static str> {
    match (row.action?, row.submission) {
        (LifeEvent::Enroll, None) => Some("sending"),
        (LifeEvent::Enroll, Some(submission)) => Some(submission.as_str()),
        (LifeEvent::Cancel | LifeEvent::Terminate | LifeEvent::MissPayment, Some(Submission::Accepted)) => {
            Some(CANCELLED)
        }
        (LifeEvent::Reinstate, Some(Submission::Accepted)) => Some("accepted"),
        _ => None,
    }
}

/// Moves the run's line on. A run that ended stays so until it ends again; one that was stopped goes on with the next
/// entry. Says whether the run is still there.
fn advance(transaction: &Transaction<'_>, progress: &Progress) -> Result<bool, rusqlite::Error> {
    let (state, at) = progress.ended.unzip();
    let changed = transaction
        .prepare_cached(
            "UPDATE run SET last_seq = :last, entries = entries + :added,
                 state = coalesce(:state, CASE state WHEN 'finished' THEN 'finished' ELSE 'open' END),
                 finished_at = coalesce(:at, CASE state WHEN 'finished' THEN finished_at END)
             WHERE run_key = :key",
        )?
        .execute(named_params! {
            ":last": progress.last, ":added": progress.added, ":state": state, ":at": at, ":key": progress.key,
        })?;
    Ok(changed == 1)
}

/// Deletes a run. The file keeps its size; what is written next takes the room.
pub(super) fn prune(ledger: &mut SqliteLedger, run: &RunId) -> Result<(), Error> {
    let key = query::run_key(ledger, run)?;
    let words = |e| failure::read(&ledger.path, e);
    let transaction = ledger.write()?;
    let entries = "DELETE FROM entry WHERE seq BETWEEN (SELECT first_seq FROM run WHERE run_key = ?1)
            AND (SELECT last_seq FROM run WHERE run_key = ?1)
        AND +run_key = ?1";
    transaction.execute(entries, [key]).map_err(words)?;
    for table in ["enrollment", "assigned_id", "claim", "run"] {
        transaction.execute(&format!("DELETE FROM {table} WHERE run_key = ?1"), [key]).map_err(words)?;
    }
    transaction.commit()?;
    ledger.run_keys.remove(run);
    Ok(())
}
