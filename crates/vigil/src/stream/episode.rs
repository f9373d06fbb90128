//! One trouble of a stream, from the crossing of the threshold to recovery.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::bits;
use super::line::{Line, Unit};
use super::objective::Objective;
use super::rate::Rate;

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// the objective is broken
    Degraded,
    /// … by ten times and more
    Failing,
    /// nothing arrives any more
    Stalled,
}

/// A trouble, with what is known of it.
///
/// What its rate is said of runs from where the evidence began to the last failure: what is clean after that belongs to the
/// recovery, which is a test of its own.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Episode {
    /// of its stream, from 1
    pub number: u64,
    /// how bad it has been
    pub level: Level,
    /// since when, by the likeliest alternative: a moment of intended submission
    pub since: DateTime<Utc>,
    /// when the evidence crossed its threshold
    pub crossed_at: DateTime<Utc>,
    /// outcomes since then, the clean ones after the last failure not counted
    pub rate: Rate,
    /// those that are decided and not in the line any more
    folded: Rate,
    /// how many of these are clean after the last failure
    clean: u64,
    /// recovery reads what was meant to be sent after this
    recovers_after: i64,
    /// the rate that recovery is told from
    #[serde(with = "bits")]
    recovers_from: f64,
    /// the evidence for recovery: R ← (R + 1) · (failed ? `p_r/p_f` : (1 − `p_r`)/(1 − `p_f`))
    #[serde(with = "bits")]
    recovery: f64,
}

impl Episode {
    /// What has crossed at `at`: since when, with what was already `folded` of it, and the line as it is.
    pub(super) fn begin(
        number: u64,
        at: DateTime<Utc>,
        (since, folded): (i64, Rate),
        line: &Line,
        objective: &Objective,
    ) -> Self {
        let mut episode = Self::new(number, at, (since, folded));
        // what was clean in between is part of the trouble
        episode.recovers_after = episode.up_to_the_last_failure(line).1.unwrap_or(since);
        episode.look(line, objective);
        episode
    }

    /// A silence since the delivery window `since`, told at `at`, with so many windows waited for.
    pub(super) fn silence(number: u64, at: DateTime<Utc>, since: DateTime<Utc>, waiting: u64) -> Self {
        let rate = Rate { undecided: waiting, ..Rate::default() };
        let silence = Self::new(number, at, (since.timestamp_millis(), rate));
        Self { level: Level::Stalled, rate, ..silence }
    }

    fn new(number: u64, at: DateTime<Utc>, (since, folded): (i64, Rate)) -> Self {
        Self {
            number,
            level: Level::Degraded,
            since: DateTime::from_timestamp_millis(since).unwrap_or(at),
            crossed_at: at,
            rate: folded,
            folded,
            clean: 0,
            recovers_after: since,
            recovers_from: 0.0,
            recovery: 0.0,
        }
    }

    /// Looks at the line again after a failure in it. Says whether it is worse than was known.
    pub(super) fn look(&mut self, line: &Line, objective: &Objective) -> bool {
        self.rate = self.up_to_the_last_failure(line).0;
        let bound = self.rate.lower();
        let recovers_from = objective.recovers_from(bound);
        if (recovers_from - self.recovers_from).abs() > f64::EPSILON {
            // what was gathered against another rate is no evidence against this one
            (self.recovers_from, self.recovery) = (recovers_from, 0.0);
        }
        let was = self.level;
        if bound >= objective.failing_from() {
            self.level = Level::Failing;
        }
        self.level > was
    }

    /// Takes up a unit that leaves the line.
    pub(super) fn fold(&mut self, unit: &Unit, objective: &Objective) {
        if unit.at < self.since.timestamp_millis() {
            return;
        }
        self.folded.count(unit.failed());
        let failed = unit.failed() == Some(true);
        self.clean = if failed { 0 } else { self.clean + 1 };
        if unit.at > self.recovers_after {
            let recovers_to = objective.p0 / 2.0;
            let factor = if failed {
                recovers_to / self.recovers_from
            } else {
                (1.0 - recovers_to) / (1.0 - self.recovers_from)
            };
            self.recovery = (self.recovery + 1.0) * factor;
        }
    }

    /// Whether the evidence says that it is over.
    pub(super) fn has_recovered(&self, objective: &Objective) -> bool {
        self.recovery >= objective.outcomes_a_month
    }

    /// Whether the evidence has gone half the way, in logarithms.
    pub(super) fn is_improving(&self, objective: &Objective) -> bool {
        self.recovery >= objective.outcomes_a_month.sqrt()
    }

    /// The outcomes up to the last failure that is known, and when that was meant to be sent, if it is in the line.
    fn up_to_the_last_failure(&self, line: &Line) -> (Rate, Option<i64>) {
        let since = self.since.timestamp_millis();
        let mut counted = self.folded;
        counted.passed -= self.clean.min(counted.passed);
        let (mut walked, mut last) = (self.folded, None);
        for unit in line.units().filter(|unit| unit.at >= since) {
            walked.count(unit.failed());
            if unit.failed() == Some(true) {
                (counted, last) = (walked, Some(unit.at));
            }
        }
        (counted, last)
    }
}
