//! Runs that this process drives: each a task of its own, so that one that waits for days holds up no other.

use super::ear::Ear;
use super::watcher::Around;
use crate::ledger;
use crate::model::RunId;
use crate::prober::{Ending, FirstByte, Job, Options, Prober, Surroundings};
use chrono::{DateTime, Utc};
use johndoe_vigil::delivery::Answer;
use std::sync::Arc;
use tokio::sync::mpsc::UnboundedSender;
use tokio_util::sync::CancellationToken;

/// A tick, by its schedule and the moment that its rhythm names.
pub(super) type TickKey = (String, DateTime<Utc>);

/// What those who work beside the watcher tell it.
pub(super) enum Told {
    /// A run is set up, and has sent nothing.
    Ready { tick: TickKey, scenario: String, ear: Arc<Ear>, prober: Result<Box<Prober>, String> },
    /// A run that an earlier process left is taken over.
    Adopted { run: RunId, schedule: String, ear: Arc<Ear>, prober: Result<Box<Prober>, String>, only_clean_up: bool },
    /// A run came to its end, or was told to stop.
    Ended { run: RunId, ending: Result<Ending, String> },
    /// A channel answered.
    Answered { channel: String, key: String, answer: Answer },
}

/// A run under way.
pub(super) struct Driven {
    pub(super) schedule: String,
    pub(super) ear: Arc<Ear>,
    pub(super) prober: Arc<Prober>,
    /// It only takes out who was left in: of their fates everything was said.
    pub(super) only_cleans_up: bool,
    pub(super) judged_at: Option<DateTime<Utc>>,
}

/// Sets a run up, and says so.
pub(super) fn begin(around: &Around, tick: TickKey, job: Job, (ear, stop): (Arc<Ear>, &CancellationToken)) {
    let (teller, location) = (around.teller(), around.ledger.clone());
    let surroundings =
        Surroundings { clock: around.run_clock.clone(), listener: Arc::clone(&ear) as _, stop: stop.clone() };
    tokio::spawn(async move {
        let scenario = job.scenario.name.clone();
        let prober = match ledger::open(&location) {
            Ok(ledger) => Prober::begin(&job, ledger, &surroundings).await.map_err(|error| error.to_string()),
            Err(error) => Err(error.to_string()),
        };
        tell(&teller, Told::Ready { tick, scenario, ear, prober: prober.map(Box::new) });
    });
}

/// Takes a run over, and says so.
pub(super) fn adopt(
    around: &Around,
    (run, schedule, job): (RunId, String, Job),
    only_clean_up: bool,
    (ear, stop): (Arc<Ear>, &CancellationToken),
) {
    let (teller, location) = (around.teller(), around.ledger.clone());
    let surroundings =
        Surroundings { clock: around.run_clock.clone(), listener: Arc::clone(&ear) as _, stop: stop.clone() };
    tokio::spawn(async move {
        let prober = match ledger::open_existing(&location) {
            Ok(ledger) => Prober::adopt(&job, &run, ledger, &surroundings).await.map_err(|error| error.to_string()),
            Err(error) => Err(error.to_string()),
        };
        tell(&teller, Told::Adopted { run, schedule, ear, prober: prober.map(Box::new), only_clean_up });
    });
}

/// Takes a run through its phases, and says how that ended.
pub(super) fn drive(teller: UnboundedSender<Told>, prober: &Arc<Prober>, cleanup_only: bool) -> FirstByte {
    let (prober, first_byte) = (Arc::clone(prober), prober.first_byte());
    tokio::spawn(async move {
        let run = prober.run_id().clone();
        let options = Options { keep: false, cleanup_only, deadline: None, no_wait: false };
        let ending = prober.run(options).await.map_err(|error| error.to_string());
        drop(prober);
        tell(&teller, Told::Ended { run, ending });
    });
    first_byte
}

/// Where the watcher has ended, nobody needs to hear.
pub(super) fn tell(teller: &UnboundedSender<Told>, told: Told) {
    let _ = teller.send(told);
}
