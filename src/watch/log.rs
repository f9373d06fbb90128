//! A canary's lines and where it stands by them, kept in step: what others append is taken up before anything is decided.

use super::{Error, Row, State};
use crate::ledger::{Seq, WatchLog};
use chrono::{DateTime, Utc};
use johndoe_vigil::Setup;

/// The lines of a canary, and the fold of them.
#[derive(Debug)]
pub struct Log {
    stored: WatchLog,
    last: Seq,
    state: State,
}

impl Log {
    /// Reads all lines.
    pub fn open(stored: WatchLog, setup: Setup) -> Result<Self, Error> {
        let mut log = Self { stored, last: Seq(0), state: State::new(setup) };
        log.refresh()?;
        Ok(log)
    }

    /// Where it stands.
    pub fn state(&self) -> &State {
        &self.state
    }

    /// Under another configuration everything is folded once more.
    pub(super) fn reconfigure(&mut self, setup: Setup) -> Result<(), Error> {
        (self.last, self.state) = (Seq(0), State::new(setup));
        self.refresh().map(drop)
    }

    /// When the watcher of itself says that nobody watched.
    pub(super) fn expect_looks_within(&mut self, dead_after: chrono::TimeDelta) {
        self.state.watch.expect_looks_within(dead_after);
    }

    /// Takes up what others have appended. Says whether there was anything.
    pub fn refresh(&mut self) -> Result<bool, Error> {
        let mut read: Vec<(Seq, Result<Row, Error>)> = Vec::new();
        self.stored.visit(self.last, &mut |seq, row| read.push((seq, Row::decode(seq, &row))))?;
        let is_new = !read.is_empty();
        for (seq, row) in read {
            self.state.apply(&row?);
            self.last = seq;
        }
        Ok(is_new)
    }

    /// Writes down what comes next from where it stands, and takes it up. Where another process has appended something meanwhile, that is
    /// taken up and asked for again. Gives what was written; durable on return.
    pub fn decide(
        &mut self,
        at: DateTime<Utc>,
        mut next: impl FnMut(&State) -> Result<Vec<Row>, Error>,
    ) -> Result<Vec<Row>, Error> {
        loop {
            self.refresh()?;
            let rows = next(&self.state)?;
            if rows.is_empty() {
                return Ok(rows);
            }
            let stored: Vec<_> = rows.iter().map(|row| row.encode(at)).collect::<Result<_, _>>()?;
            if let Some(last) = self.stored.append(self.last, &stored)? {
                self.last = last;
                for row in &rows {
                    self.state.apply(row);
                }
                return Ok(rows);
            }
        }
    }

    /// Writes down what has happened, whatever else has.
    pub fn note(&mut self, at: DateTime<Utc>, rows: &[Row]) -> Result<(), Error> {
        self.decide(at, |_| Ok(rows.to_vec())).map(drop)
    }

    /// Shows every line with its moment.
    pub fn visit(&self, visit: &mut dyn FnMut(DateTime<Utc>, Row)) -> Result<(), Error> {
        let mut unreadable = None;
        self.stored.visit(Seq(0), &mut |seq, row| match Row::decode(seq, &row) {
            Ok(read) => visit(row.at, read),
            Err(error) => unreadable = Some(error),
        })?;
        unreadable.map_or(Ok(()), Err)
    }
}
