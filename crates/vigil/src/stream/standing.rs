//! Where one stream stands: a fold over its facts, the same whatever the cuts.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::bits;
use super::change::{Change, Changes, What};
use super::detector::{Evidence, Mixture, softplus};
use super::episode::{Episode, Level};
use super::line::{Fact, Fate, Line, Unit};
use super::objective::Objective;
use super::rate::Rate;

/// So many probes in a row without an outcome, and it is blind.
const BLIND_AFTER: u32 = 3;

/// What is shown of a stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// proved not to be failing, and nothing since
    Pass,
    /// the objective is broken
    Degraded,
    /// … by ten times and more
    Failing,
    /// the last probes have no outcome
    Blind,
    /// nothing arrives any more
    Stalled,
    /// too little is known, or nothing for too long
    Inconclusive,
}

impl From<Level> for State {
    fn from(level: Level) -> Self {
        match level {
            Level::Degraded => Self::Degraded,
            Level::Failing => Self::Failing,
            Level::Stalled => Self::Stalled,
        }
    }
}

/// One stream.
#[derive(Debug, Clone, PartialEq)]
pub struct Stream {
    objective: Objective,
    mixture: Mixture,
    memory: Memory,
}

/// Everything that a stream remembers; what is stored of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Memory {
    evidence: Evidence,
    line: Line,
    episode: Option<Episode>,
    episodes: u64,
    /// the evidence that it is not failing, until it is enough
    #[serde(with = "bits")]
    proof: f64,
    proved: bool,
    decided_at: Option<DateTime<Utc>>,
    dark: u32,
    changes: Changes,
}

impl Stream {
    /// A stream of which nothing is known.
    pub fn new(objective: Objective) -> Self {
        let mixture = Mixture::new(objective.p0);
        let memory = Memory {
            evidence: mixture.none(),
            line: Line::default(),
            episode: None,
            episodes: 0,
            proof: 0.0,
            proved: false,
            decided_at: None,
            dark: 0,
            changes: Changes::default(),
        };
        Self { objective, mixture, memory }
    }

    /// A stream that goes on from what it remembered, under the same objective.
    pub fn resumed(objective: Objective, memory: Memory) -> Self {
        Self { memory, ..Self::new(objective) }
    }

    /// What it remembers.
    pub fn memory(&self) -> &Memory {
        &self.memory
    }

    /// Takes up one fact.
    pub fn apply(&mut self, fact: &Fact) {
        match fact {
            Fact::Sent { unit, at, probes } => self.memory.line.send(unit, *at, *probes),
            Fact::Decided { unit, at, fate } => self.decide(unit, *at, *fate),
        }
    }

    /// The trouble it is in.
    pub fn episode(&self) -> Option<&Episode> {
        self.memory.episode.as_ref()
    }

    /// What has changed after change number `seen`.
    pub fn changes_after(&self, seen: u64) -> impl Iterator<Item = &Change> {
        self.memory.changes.after(seen)
    }

    /// What is shown at `now`. No data is never a pass.
    pub fn state(&self, now: DateTime<Utc>) -> State {
        let fresh = self.memory.decided_at.is_some_and(|at| now - at <= self.objective.stale_after);
        match &self.memory.episode {
            Some(episode) => episode.level.into(),
            None if self.is_blind() => State::Blind,
            None if fresh && self.memory.proved => State::Pass,
            None => State::Inconclusive,
        }
    }

    /// Whether the last probes had no outcome; beside a trouble it is said, and ends nothing.
    pub fn is_blind(&self) -> bool {
        self.memory.dark >= BLIND_AFTER
    }

    /// Whether a trouble is on the way to its end.
    pub fn is_improving(&self) -> bool {
        self.memory.episode.as_ref().is_some_and(|episode| episode.is_improving(&self.objective))
    }

    /// How far the evidence has come to its threshold, from 0 to 1, in logarithms.
    pub fn evidence(&self) -> f64 {
        let mut evidence = self.memory.evidence.clone();
        for unit in self.memory.line.units() {
            evidence.step(&self.mixture, unit.at, unit.failed());
        }
        (softplus(evidence.log_mean()) / softplus(self.objective.threshold.ln())).min(1.0)
    }

    fn decide(&mut self, unit: &str, at: DateTime<Utc>, fate: Fate) {
        if fate == Fate::NoOutcome {
            self.memory.dark += 1;
        } else {
            self.memory.dark = 0;
            self.memory.decided_at = self.memory.decided_at.max(Some(at));
        }
        if self.memory.line.decide(unit, fate) {
            self.look_at_failure(at);
        }
        while let Some(unit) = self.memory.line.take_decided() {
            self.fold(&unit, at);
        }
    }

    /// Only a failure can bring the evidence across.
    fn look_at_failure(&mut self, at: DateTime<Utc>) {
        let memory = &mut self.memory;
        if let Some(episode) = &mut memory.episode {
            if episode.look(&memory.line, &self.objective) {
                memory.changes.note(at, What::Worse(episode.clone()));
            }
        } else if let Some(crossed) = self.crossed(&self.memory.evidence) {
            self.raise(at, crossed);
        }
    }

    fn raise(&mut self, at: DateTime<Utc>, crossed: (i64, Rate)) {
        self.memory.episodes += 1;
        let episode = Episode::begin(self.memory.episodes, at, crossed, &self.memory.line, &self.objective);
        self.memory.episode = Some(episode.clone());
        self.memory.changes.note(at, What::Raised(episode));
    }

    /// Where the evidence crosses its threshold, from `evidence` along the line: since when it speaks, and what of that is not
    /// in the line any more.
    fn crossed(&self, evidence: &Evidence) -> Option<(i64, Rate)> {
        let threshold = self.objective.threshold.ln();
        let mut evidence = evidence.clone();
        let mut walked = 0;
        for unit in self.memory.line.units() {
            evidence.step(&self.mixture, unit.at, unit.failed());
            walked += 1;
            if unit.failed() == Some(true) && evidence.log_mean() >= threshold {
                let (since, mut rate) = evidence.stretch()?;
                for unit in self.memory.line.units().take(walked).filter(|unit| unit.at >= since) {
                    rate.take_back(unit.failed());
                }
                return Some((since, rate));
            }
        }
        None
    }

    /// Takes up a unit that is decided, with all before it.
    fn fold(&mut self, unit: &Unit, at: DateTime<Utc>) {
        let failed = unit.failed();
        self.memory.evidence.step(&self.mixture, unit.at, failed);
        if let Some(episode) = &mut self.memory.episode {
            episode.fold(unit, &self.objective);
            if episode.has_recovered(&self.objective) {
                self.recover(at);
            }
        } else if !self.memory.proved {
            self.prove(failed == Some(true));
        }
    }

    /// It is over, unless what is in the line already would raise it again.
    fn recover(&mut self, at: DateTime<Utc>) {
        let none = self.mixture.none();
        if self.crossed(&none).is_some() {
            return;
        }
        self.memory.evidence = none;
        self.memory.proved = true;
        if let Some(episode) = self.memory.episode.take() {
            self.memory.changes.note(at, What::Recovered(episode));
        }
    }

    /// Before the first pass it takes what a recovery from failing would take.
    fn prove(&mut self, failed: bool) {
        let (good, bad) = (self.objective.p0 / 2.0, self.objective.failing_from().max(0.03));
        let factor = if failed { good / bad } else { (1.0 - good) / (1.0 - bad) };
        self.memory.proof = (self.memory.proof + 1.0) * factor;
        self.memory.proved = self.memory.proof >= self.objective.outcomes_a_month;
    }
}
