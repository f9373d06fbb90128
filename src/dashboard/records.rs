//! What pages are drawn from: the ledger, opened anew and only read for each request, and judgements, which are kept.

use super::Brief;
use super::brief::Looks;
use super::search::{self, Found};
use crate::clock::Clock;
use crate::ledger::{self, Ledger, RunListing, RunState, WatchLog};
use crate::model::{Entry, ProbeIndex, RunId, RunPlan, Summary};
use crate::prober;
use crate::reconcile;
use crate::report::{self, Evidence, Style};
use crate::watch::{self, Log, Remembered, nothing, remembered};
use chrono::{DateTime, TimeDelta, Utc};
use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};

/// A run that goes on is judged anew only after so long: time alone may make somebody late.
const FRESH_FOR: TimeDelta = TimeDelta::seconds(10);
/// Whole judgements that are kept: each holds every household of its run.
const WHOLE: usize = 4;
/// Judgements of which the figures are kept.
const BRIEF: usize = 2_000;
/// Columns of a household's story.
const WIDTH: u16 = 110;

/// Reads and judges. Every verb blocks until done.
#[derive(Debug)]
pub struct Records {
    location: String,
    clock: Arc<dyn Clock>,
    memory: Mutex<Memory>,
    /// One run is judged at a time: two that are asked for at once do not take the memory of both.
    judging: Mutex<()>,
    /// The lines of canaries, of which only those that are new are read.
    canaries: Mutex<BTreeMap<String, Log>>,
}

/// What was judged, by run, with the number of entries that it was judged from: entries are only added, so that as many are the same.
#[derive(Debug, Default)]
struct Memory {
    briefs: BTreeMap<RunId, (u64, Arc<Brief>)>,
    whole: VecDeque<(RunId, u64, Arc<Judged>)>,
}

/// A run, judged.
#[derive(Debug)]
pub(super) struct Judged {
    pub(super) summary: Summary,
    pub(super) brief: Arc<Brief>,
}

/// One household of a run.
#[derive(Debug)]
pub(super) struct OfProbe {
    pub(super) judged: Arc<Judged>,
    pub(super) index: ProbeIndex,
    /// Its story, as `show` tells it; nothing where nothing was sent.
    pub(super) story: Option<String>,
    /// Households of the run.
    pub(super) count: u32,
}

/// Why a page cannot be shown.
#[derive(Debug, thiserror::Error)]
pub enum Trouble {
    /// There is no such thing.
    #[error("{0}")]
    NotThere(String),
    /// The ledger could not be read.
    #[error("{0}")]
    Unreadable(String),
}

impl From<ledger::Error> for Trouble {
    fn from(error: ledger::Error) -> Self {
        use ledger::Error as E;
        match error {
            E::NotFound { .. } | E::Ambiguous { .. } | E::Empty { .. } => Self::NotThere(error.to_string()),
            error => Self::Unreadable(error.to_string()),
        }
    }
}

impl From<prober::Error> for Trouble {
    fn from(error: prober::Error) -> Self {
        match error {
            prober::Error::Ledger(error) => error.into(),
            error => Self::Unreadable(error.to_string()),
        }
    }
}

impl From<watch::Error> for Trouble {
    fn from(error: watch::Error) -> Self {
        Self::Unreadable(error.to_string())
    }
}

impl Records {
    /// Of the ledger at this place. Fails where there is none, or none that can be read.
    pub fn open(location: &str, clock: Arc<dyn Clock>) -> Result<Self, ledger::Error> {
        ledger::open_to_read(location)?;
        Ok(Self {
            location: location.to_owned(),
            clock,
            memory: Mutex::default(),
            judging: Mutex::default(),
            canaries: Mutex::default(),
        })
    }

    pub(super) fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    fn ledger(&self) -> Result<Box<dyn Ledger>, Trouble> {
        Ok(ledger::open_to_read(&self.location)?)
    }

    /// Every run, the latest first.
    pub(super) fn runs(&self) -> Result<Vec<RunListing>, Trouble> {
        Ok(self.ledger()?.runs()?)
    }

    /// The run that is meant: an id, its beginning, or `latest`.
    pub(super) fn find(&self, name: &str) -> Result<RunListing, Trouble> {
        let ledger = self.ledger()?;
        let run = ledger.find_run(name)?;
        let listed = ledger.runs()?.into_iter().find(|listing| listing.run == run);
        listed.ok_or_else(|| Trouble::NotThere(format!("run `{run}` was taken out of the ledger")))
    }

    /// A run in a few figures.
    pub(super) fn brief(&self, listing: &RunListing) -> Result<Arc<Brief>, Trouble> {
        if let Some((entries, brief)) = self.remembered().briefs.get(&listing.run)
            && *entries == listing.entries
            && self.is_fresh(listing, brief)
        {
            return Ok(Arc::clone(brief));
        }
        Ok(Arc::clone(&self.judge(listing)?.brief))
    }

    /// A run, judged.
    pub(super) fn judged(&self, listing: &RunListing) -> Result<Arc<Judged>, Trouble> {
        self.judge(listing)
    }

    fn judge(&self, listing: &RunListing) -> Result<Arc<Judged>, Trouble> {
        let _one_at_a_time = self.judging.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((.., judged)) = self.remembered().whole.iter().find(|(run, entries, judged)| {
            *run == listing.run && *entries == listing.entries && self.is_fresh(listing, &judged.brief)
        }) {
            return Ok(Arc::clone(judged));
        }
        let (ledger, now) = (self.ledger()?, self.now());
        let (summary, left) = prober::judged(&*ledger, &listing.run, now)?;
        let mut looks = Looks::default();
        ledger.visit_entries(&listing.run, &mut |_, entry| looks.take(&entry))?;
        let brief = Arc::new(Brief::of(&summary, left, &looks, now));
        let judged = Arc::new(Judged { summary, brief: Arc::clone(&brief) });
        let mut memory = self.remembered();
        if memory.briefs.len() >= BRIEF {
            memory.briefs.pop_first();
        }
        memory.briefs.insert(listing.run.clone(), (listing.entries, brief));
        memory.whole.retain(|(run, ..)| *run != listing.run);
        memory.whole.push_front((listing.run.clone(), listing.entries, Arc::clone(&judged)));
        memory.whole.truncate(WHOLE);
        Ok(judged)
    }

    /// A run that has ended is judged as of its end, and stays so.
    fn is_fresh(&self, listing: &RunListing, brief: &Brief) -> bool {
        listing.state == RunState::Finished || (self.now() - brief.judged_at).abs() < FRESH_FOR
    }

    fn remembered(&self) -> std::sync::MutexGuard<'_, Memory> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// One household of a run.
    pub(super) fn probe(&self, listing: &RunListing, index: ProbeIndex) -> Result<OfProbe, Trouble> {
        let ledger = self.ledger()?;
        let (plan, _) = ledger.run_plan(&listing.run)?;
        if index.0 >= plan.count {
            let last = plan.count.saturating_sub(1);
            return Err(Trouble::NotThere(format!("run {} has probes 0 to {last}", listing.run)));
        }
        let judged = self.judged(listing)?;
        let story = story(&plan, &judged.summary, &ledger.entries(&listing.run)?, index);
        Ok(OfProbe { judged, index, story, count: plan.count })
    }

    /// What bears a word in the runs after the first `from`.
    pub(super) fn search(&self, word: &str, from: usize) -> Result<Found, Trouble> {
        Ok(search::search(&*self.ledger()?, word, from)?)
    }

    /// What the canaries of the ledger told.
    pub(super) fn canaries(&self) -> Result<Vec<Remembered>, Trouble> {
        let mut kept = self.canaries.lock().unwrap_or_else(PoisonError::into_inner);
        // what cannot be read is opened anew the next time
        let mut logs = std::mem::take(&mut *kept);
        let mut told = Vec::new();
        for canary in WatchLog::canaries(&self.location)? {
            let log = match logs.remove(&canary) {
                Some(mut log) => {
                    log.refresh()?;
                    log
                }
                None => Log::open(WatchLog::open_to_read(&self.location, &canary)?, nothing())?,
            };
            told.push(remembered(&canary, log.state(), self.now()));
            kept.insert(canary, log);
        }
        Ok(told)
    }
}

fn story(plan: &RunPlan, summary: &Summary, entries: &[Entry], index: ProbeIndex) -> Option<String> {
    let (expectation, sightings) = reconcile::evidence(plan, entries, index)?;
    let evidence = Evidence { probe: index, expectation: &expectation, sightings: &sightings };
    let style = Style { color: false, width: WIDTH, full: true };
    Some(report::timeline(summary, entries, evidence, style).to_string())
}
