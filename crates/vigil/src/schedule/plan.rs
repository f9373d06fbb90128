//! What one schedule of a canary is: its ticks, the windows, and what becomes of ticks that overlap or were missed.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::rhythm::seconds;
use super::{Schedule, Tick, Window};
use crate::Mistake;

/// So many ticks wait at most behind a run that is slow; what would wait behind them is passed over.
pub const QUEUE_AT_MOST: usize = 24;

/// How far ahead it is looked whether anything is ever left to run: a year and its leap day.
const LOOKED_AHEAD: TimeDelta = TimeDelta::days(366);
/// What an alarm takes at least to be told from one odd run.
const PERIODS_OF_A_WINDOW: i32 = 3;

/// What becomes of a tick while an earlier run of its schedule is not over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Overlap {
    /// it is passed over
    #[default]
    Skip,
    /// it waits, at most [`QUEUE_AT_MOST`] of them
    Queue,
}

/// What becomes of ticks that nobody was awake for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CatchUp {
    /// they are passed over
    None,
    /// the newest is run, once, where no newer tick is due anyway
    #[default]
    Latest,
    /// each is run, one after the other, at most [`QUEUE_AT_MOST`] of them: the newest
    All,
}

/// One schedule with everything that decides about its ticks.
#[derive(Debug, Clone)]
pub struct Plan {
    /// its name, unique in its file
    pub name: String,
    /// its ticks
    pub schedule: Schedule,
    /// business hours: where there are any, ticks outside of all are passed over
    pub open: Vec<Window>,
    /// maintenance: ticks inside of any are passed over
    pub closed: Vec<Window>,
    /// while a run is not over
    pub overlap: Overlap,
    /// after sleep
    pub catch_up: CatchUp,
}

impl Plan {
    /// Whether something may be sent at `at`.
    pub fn is_open(&self, at: DateTime<Utc>) -> bool {
        (self.open.is_empty() || self.open.iter().any(|window| window.holds(at)))
            && !self.closed.iter().any(|window| window.holds(at))
    }

    /// What cannot work about it, looking a year ahead from `from`.
    pub fn check(&self, from: DateTime<Utc>) -> Vec<Mistake> {
        let next = |last: &Tick| self.schedule.next_after_tick(last.nominal_at);
        let year = std::iter::successors(self.schedule.next_after(from), next);
        let year = year.take_while(|tick| tick.at - from < LOOKED_AHEAD);
        let mut ticks = year.peekable();
        if ticks.peek().is_none() || ticks.any(|tick| self.is_open(tick.at)) {
            return Vec::new();
        }
        vec![Mistake::new(
            &format!("{}.windows", self.name),
            format!(
                "no tick of {} in a year that is inside business hours and outside maintenance",
                self.schedule.described()
            ),
            "a tick at which something may be sent",
            "move the schedule, or the windows",
        )]
    }

    /// What cannot work about looking for `window` and waiting for `limit`, with the ticks it has: a window under three periods
    /// cannot tell one odd run from a trouble, and what is late by a limit longer than the window is never seen in it.
    pub fn check_window(&self, window: TimeDelta, limit: TimeDelta, from: DateTime<Utc>) -> Vec<Mistake> {
        let period = self.schedule.shortest_period(from);
        let mut mistakes = Vec::new();
        if window < period * PERIODS_OF_A_WINDOW {
            mistakes.push(Mistake::new(
                &format!("{}.alarm_window", self.name),
                seconds(window),
                format!("{} or more, three periods of {}", seconds(period * PERIODS_OF_A_WINDOW), seconds(period)),
                "look further back, or tick more often",
            ));
        }
        if limit > window {
            mistakes.push(Mistake::new(
                &format!("{}.limit", self.name),
                format!("a limit of {}", seconds(limit)),
                format!("at most the alarm window of {}", seconds(window)),
                "what is late only after the window ends is never in it; widen the window",
            ));
        }
        mistakes
    }
}
