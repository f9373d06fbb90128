//! Where a canary stands: a fold of its lines.

use super::Row;
use crate::model::RunId;
use chrono::{DateTime, TimeDelta, Utc};
use johndoe_vigil::schedule::Note;
use johndoe_vigil::stream::{self, Delivered, Fact, Fate};
use johndoe_vigil::{Entry, Setup, Watch};
use std::collections::{BTreeMap, VecDeque};

/// Of so many runs of a scenario it is remembered which they were: those that a message quotes from.
const RECENT: usize = 5;

/// So many windows of hops are remembered before the oldest are forgotten.
const WINDOWS: usize = 20_000;

/// Everything that a canary knows.
#[derive(Debug, Clone)]
pub struct State {
    /// What is decided.
    pub watch: Watch,
    /// Runs that are not over, and those that left somebody.
    pub(super) runs: BTreeMap<RunId, Begun>,
    /// Of a stream's units whether their fate was told: of runs that are not over.
    pub(super) told: BTreeMap<(String, String), bool>,
    /// Of a hop's windows whether it is done with (`true`), or waited for.
    pub(super) windows: BTreeMap<(String, DateTime<Utc>), bool>,
    /// The last look at each hop that was written down.
    pub(super) looked: BTreeMap<String, DateTime<Utc>>,
    /// Ticks whose runs are not over, with their runs' numbers.
    pub(super) started: BTreeMap<(String, DateTime<Utc>), u64>,
    /// The last runs of each scenario, the newest first.
    pub(super) recent: BTreeMap<String, VecDeque<RunId>>,
    /// What each stream was held to when that was last written down.
    pub(super) configured: BTreeMap<String, String>,
    /// Outcomes of each stream since it is watched.
    pub(super) outcomes: BTreeMap<String, Outcomes>,
    /// When a run last came to its end, and nothing of the harness failed in it.
    pub succeeded_at: Option<DateTime<Utc>>,
    /// Runs that were begun, by schedule.
    pub(super) begun: BTreeMap<String, u64>,
}

/// A run that was begun.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Begun {
    pub(super) schedule: String,
    pub(super) nominal_at: DateTime<Utc>,
    pub(super) is_over: bool,
    /// People who could not be taken out.
    pub(super) left: u32,
}

/// How often each fate was told.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Outcomes {
    pub(super) passed: u64,
    pub(super) failed: u64,
    pub(super) unknown: u64,
}

impl State {
    /// A canary to which nothing has happened yet.
    pub fn new(setup: Setup) -> Self {
        Self {
            watch: Watch::new(setup),
            runs: BTreeMap::new(),
            told: BTreeMap::new(),
            windows: BTreeMap::new(),
            looked: BTreeMap::new(),
            started: BTreeMap::new(),
            recent: BTreeMap::new(),
            configured: BTreeMap::new(),
            outcomes: BTreeMap::new(),
            succeeded_at: None,
            begun: BTreeMap::new(),
        }
    }

    /// Takes up one line.
    pub fn apply(&mut self, row: &Row) {
        match row {
            Row::Heart(entry) => {
                self.note(entry);
                self.watch.apply(entry);
            }
            Row::Begun { schedule, nominal_at, run, scenario } => {
                let (schedule, nominal_at) = (schedule.clone(), *nominal_at);
                *self.begun.entry(schedule.clone()).or_default() += 1;
                self.runs.insert(run.clone(), Begun { schedule, nominal_at, is_over: false, left: 0 });
                let recent = self.recent.entry(scenario.clone()).or_default();
                recent.push_front(run.clone());
                recent.truncate(RECENT);
            }
            Row::Over { run, left } => self.end(run, *left),
            Row::Configured { streams } => self.configured.clone_from(streams),
            Row::Succeeded { at } => self.succeeded_at = self.succeeded_at.max(Some(*at)),
        }
    }

    /// People whom runs that are over could not take out.
    pub fn people_left(&self) -> u32 {
        self.runs.values().filter(|run| run.is_over).map(|run| run.left).sum()
    }

    /// Runs that are not over.
    pub fn pending(&self) -> impl Iterator<Item = &RunId> {
        self.runs.iter().filter(|(_, run)| !run.is_over).map(|(run, _)| run)
    }

    /// Runs that are over and left somebody.
    pub(super) fn with_people_left(&self) -> impl Iterator<Item = &RunId> {
        self.runs.iter().filter(|(_, run)| run.is_over && run.left > 0).map(|(run, _)| run)
    }

    /// Ticks that were begun and have no run: the process ended in between.
    pub(super) fn without_run(&self) -> Vec<(String, DateTime<Utc>, u64)> {
        let has_run = |schedule: &str, at: DateTime<Utc>| {
            self.runs.values().any(|run| run.schedule == schedule && run.nominal_at == at)
        };
        let open = self.started.iter().filter(|((schedule, at), _)| !has_run(schedule, *at));
        open.map(|((schedule, at), number)| (schedule.clone(), *at, *number)).collect()
    }

    fn end(&mut self, run: &RunId, left: u32) {
        let Some(begun) = self.runs.get_mut(run) else { return };
        (begun.is_over, begun.left) = (true, left);
        if left == 0 {
            self.runs.remove(run);
        }
        let is_of_run = |unit: &str| unit.rsplit_once('/').is_some_and(|(of, _)| of == run.as_str());
        self.told.retain(|(_, unit), _| !is_of_run(unit));
    }

    fn note(&mut self, entry: &Entry) {
        match entry {
            Entry::Schedule { plan, note: Note::Started { tick, number } } => {
                self.started.insert((plan.clone(), tick.nominal_at), *number);
            }
            Entry::Schedule { plan, note: Note::Finished { nominal_at } } => {
                self.started.remove(&(plan.clone(), *nominal_at));
            }
            Entry::Stream(stream::Entry::Outcome { stream, fact }) => self.hear(stream, fact),
            Entry::Stream(stream::Entry::Delivered { stream, told }) => self.hear_of_hop(stream, told),
            _ => {}
        }
    }

    fn hear_of_hop(&mut self, stream: &str, told: &Delivered) {
        let (window_at, is_done) = match told {
            Delivered::Sent { window_at } => (window_at, false),
            Delivered::Arrived { window_at, .. } | Delivered::Unknown { window_at } => (window_at, true),
            Delivered::Looked { at } => {
                self.looked.insert(stream.to_owned(), *at);
                return;
            }
        };
        self.windows.insert((stream.to_owned(), *window_at), is_done);
        if self.windows.len() > WINDOWS {
            // runs are over long before
            self.windows.retain(|(_, at), _| *window_at - *at < TimeDelta::days(30));
        }
    }

    fn hear(&mut self, stream: &str, fact: &Fact) {
        match fact {
            Fact::Sent { unit, .. } => {
                self.told.insert((stream.to_owned(), unit.clone()), false);
            }
            Fact::Decided { unit, fate, .. } => {
                self.told.insert((stream.to_owned(), unit.clone()), true);
                let outcomes = self.outcomes.entry(stream.to_owned()).or_default();
                *match fate {
                    Fate::Passed => &mut outcomes.passed,
                    Fate::Failed => &mut outcomes.failed,
                    Fate::NoOutcome => &mut outcomes.unknown,
                } += 1;
            }
        }
    }
}
