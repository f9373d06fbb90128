//! What a ledger can be asked to do, whichever database keeps it.

use super::{Claim, Error, Row, RunLock, TakenOver};
use crate::model::{Entry, Names, ProbeId, ProbeIndex, RunId, RunPlan};
use chrono::{DateTime, Utc};
use std::collections::BTreeSet;

/// An entry's place in the record: later entries have greater numbers; unique among the runs of one ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Seq(pub i64);

/// The durable, append-only record of every run. All verbs block until done; `Recorder` is the way to write from
/// async code.
pub trait Ledger: Send {
    /// Writes down a run before anything is done for it. `header` is whatever resuming needs beside the plan (file
    /// names, texts; never a secret) and comes back as it was given. Fails where the run is there already.
    fn begin_run(&mut self, plan: &RunPlan, header: &serde_json::Value) -> Result<(), Error>;

    /// Adds rows in this order, all or none; durable on return. Gives each row's number.
    fn append_rows(&mut self, rows: &[Row]) -> Result<Vec<Seq>, Error>;

    /// Adds entries in this order, all or none; durable on return. Gives each entry's number.
    fn append(&mut self, entries: &[(RunId, Entry)]) -> Result<Vec<Seq>, Error> {
        let rows = entries.iter().map(|(run, entry)| Row::encode(run, entry)).collect::<Result<Vec<_>, _>>()?;
        self.append_rows(&rows)
    }

    /// Shows a run's entries in their order, one at a time.
    fn visit_entries(&self, run: &RunId, visit: &mut dyn FnMut(Seq, Entry)) -> Result<(), Error>;

    /// A run's entries in their order.
    fn entries(&self, run: &RunId) -> Result<Vec<Entry>, Error> {
        let mut entries = Vec::new();
        self.visit_entries(run, &mut |_, entry| entries.push(entry))?;
        Ok(entries)
    }

    /// The entries that name a probe, and those that name none (looks at whole waypoints, files, sightings that only
    /// the judge can attribute), in their order.
    fn entries_of_probe(&self, run: &RunId, probe: ProbeIndex) -> Result<Vec<Entry>, Error>;

    /// Every run, the latest first.
    fn runs(&self) -> Result<Vec<RunListing>, Error>;

    /// What a run was asked to do, and the header it began with.
    fn run_plan(&self, run: &RunId) -> Result<(RunPlan, serde_json::Value), Error>;

    /// The run that a person means: `latest`, a whole id, or its beginning where that fits one run only.
    fn find_run(&self, name: &str) -> Result<RunId, Error>;

    /// Name (as [`names`](Self::names) has it) and digest of each file that the run has read (or found there) at a waypoint.
    fn already_read(&self, run: &RunId, waypoint: u16) -> Result<BTreeSet<(String, String)>, Error>;

    /// Makes the pseudonyms under which this ledger knows files: of each name the same, for as long as there is the ledger.
    fn names(&self) -> Names;

    /// Probes of any run whose enrollment was sent, and neither refused nor taken out again by a cancellation that the
    /// exchange accepted; in the order of runs and probes.
    fn open_enrollments(&self) -> Result<Vec<ProbeId>, Error>;

    /// Ids of policies, subscribers, members and applications that the exchange gave to other runs' probes.
    fn foreign_ids(&self, except: &RunId) -> Result<Vec<String>, Error>;

    /// Whether another run of the same scenario and seed, and so of the same people but for their markers, has not ended or left some
    /// of them enrolled: of a record that shows nothing but who they are nobody can say whose it is.
    fn has_twin(&self, run: &RunId) -> Result<bool, Error>;

    /// Whether another run of the same scenario and seed took everybody out, as the exchange says, and was shown nobody's going by an
    /// issuer: what it saw of them there may be there still. Reads all that those runs were shown.
    fn twin_left_residue(&self, run: &RunId) -> Result<bool, Error>;

    /// Those of [`foreign_ids`](Self::foreign_ids) that were given to runs of the same scenario and seed which have not ended, or
    /// ended after this run began: they may be new since it began.
    fn twin_ids(&self, run: &RunId) -> Result<Vec<String>, Error>;

    /// Takes so many X12 control numbers in a row, from 1 to 999,999,999, and gives the first: numbers that this ledger never
    /// gave before, to any run or process; durable on return. A new ledger begins at a random number, so that two that send for one
    /// sender do not meet, but for a chance that nine digits leave. After a thousand million numbers they come round.
    fn take_control_numbers(&mut self, count: u32) -> Result<u32, Error>;

    /// Makes this process the only one that drives the run, until the lock is dropped or the process ends in any way.
    /// Each claim has an epoch of its own, greater than all before.
    fn claim(&self, run: &RunId) -> Result<RunLock, Error>;

    /// Claims a run, and only then reads what its former drivers wrote: the way to go on with one.
    fn take_over(&self, run: &RunId) -> Result<TakenOver, Error> {
        let lock = self.claim(run)?;
        let (plan, _) = self.run_plan(run)?;
        Ok(TakenOver { lock, plan, entries: self.entries(run)? })
    }

    /// From now on this handle writes in the name of that claim: every write fails with `Superseded` once another has
    /// claimed the run, and in the same transaction.
    fn write_under(&mut self, claim: Claim);

    /// Deletes a run with all that is known of it. Fails where some process drives it.
    fn prune(&mut self, run: &RunId) -> Result<(), Error>;
}

/// A run as a list shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunListing {
    /// The run.
    pub run: RunId,
    /// The scenario's name.
    pub scenario: String,
    /// The target's name.
    pub target: String,
    /// How far it is.
    pub state: RunState,
    /// When it began.
    pub started_at: DateTime<Utc>,
    /// When it ended, where it did.
    pub finished_at: Option<DateTime<Utc>>,
    /// How many entries it has.
    pub entries: u64,
    /// How its enrollments stand.
    pub enrollments: EnrollmentCounts,
}

/// How far a run is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RunState {
    /// A process drives it now.
    Running,
    /// It has not ended and no process drives it: killed, or between two phases. `resume` goes on.
    Interrupted,
    /// It was stopped before its end. `resume` goes on.
    Stopped,
    /// It came to its end.
    Finished,
}

impl RunState {
    /// The word for people.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Interrupted => "interrupted",
            Self::Stopped => "stopped",
            Self::Finished => "finished",
        }
    }
}

/// How many probes of a run have an enrollment in each state.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct EnrollmentCounts {
    /// Announced, and not answered yet.
    pub sending: u64,
    /// Taken, and not cancelled.
    pub accepted: u64,
    /// No trustworthy answer, and not cancelled.
    pub indeterminate: u64,
    /// Refused.
    pub rejected: u64,
    /// Nothing was sent.
    pub unsent: u64,
    /// Taken out again: the exchange accepted the cancellation.
    pub cancelled: u64,
}
