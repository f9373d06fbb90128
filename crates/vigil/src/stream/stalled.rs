//! Whether a hop passes nothing on any more, told from the ages of those in flight before any limit passes.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::bits;
use super::change::{Change, Changes, What};
use super::curve::Curve;
use super::episode::Episode;

/// One thing that the test is told of a waypoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Delivered {
    /// Somebody is on the way with the delivery window that begins then (without windows: when it was sent).
    Sent {
        /// the first delivery window after submission
        window_at: DateTime<Utc>,
    },
    /// The first of a window's people arrived.
    Arrived {
        /// the window
        window_at: DateTime<Utc>,
        /// when
        at: DateTime<Utc>,
    },
    /// Nobody could look while it may have arrived: whether it did is not known, and it is waited for no more.
    Unknown {
        /// the window
        window_at: DateTime<Utc>,
    },
    /// The waypoint was looked at, and could be: everything that was there has been told before this.
    Looked {
        /// when
        at: DateTime<Utc>,
    },
}

/// Whether enough is known to say anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Learned {
    /// too few windows have arrived: no alarm
    NotYet,
    /// the curve is known
    Yes,
}

/// What one waypoint's silence is judged by: windows, each of which counts once.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Stalled {
    /// the chance of such a silence at which it is told: the share of the budget, divided by the looks of a month
    #[serde(with = "bits")]
    at_most: f64,
    curve: Curve,
    /// sent after the last one that arrived
    waiting: BTreeSet<DateTime<Utc>>,
    last_arrived: Option<DateTime<Utc>>,
    silence: Option<Episode>,
    silences: u64,
    changes: Changes,
}

impl Stalled {
    /// `share`: false alarms a month that it may raise; `looks_a_month`: how often it is looked.
    pub fn new(share: f64, looks_a_month: f64) -> Self {
        Self {
            at_most: share / looks_a_month.max(1.0),
            curve: Curve::default(),
            waiting: BTreeSet::new(),
            last_arrived: None,
            silence: None,
            silences: 0,
            changes: Changes::default(),
        }
    }

    /// Takes up what is told.
    pub fn apply(&mut self, told: &Delivered) {
        match told {
            Delivered::Sent { window_at } => {
                if self.last_arrived.is_none_or(|last| last < *window_at) {
                    self.waiting.insert(*window_at);
                }
            }
            Delivered::Arrived { window_at, at } => self.arrive(*window_at, *at),
            Delivered::Unknown { window_at } => {
                self.waiting.remove(window_at);
            }
            Delivered::Looked { at } => self.look(*at),
        }
    }

    /// Since when nothing arrives any more: the oldest window that is waited for. It ends when something arrives, and by nothing
    /// else.
    pub fn since(&self) -> Option<DateTime<Utc>> {
        self.silence.as_ref().map(|silence| silence.since)
    }

    /// The silence that holds.
    pub fn silence(&self) -> Option<&Episode> {
        self.silence.as_ref()
    }

    /// What has changed after change number `seen`.
    pub fn changes_after(&self, seen: u64) -> impl Iterator<Item = &Change> {
        self.changes.after(seen)
    }

    /// How many windows are waited for.
    pub fn waiting(&self) -> usize {
        self.waiting.len()
    }

    /// Whether anything can be said.
    pub fn learned(&self) -> Learned {
        if self.curve.is_learned() { Learned::Yes } else { Learned::NotYet }
    }

    /// The chance that all who wait would still be waiting at `now`, if nothing were wrong: at most this.
    pub fn chance(&self, now: DateTime<Utc>) -> f64 {
        let ages = self.waiting.iter().map(|window_at| (now - *window_at).num_seconds());
        ages.map(|age| 1.0 - self.curve.at_least(age)).product()
    }

    /// Whether so many windows could be too many, were they as old as can be: spares most looks the sum.
    fn may_cross(&self) -> bool {
        let each = 1.0 - self.curve.at_least(i64::MAX);
        self.waiting.iter().map(|_| each).product::<f64>() <= self.at_most
    }

    fn look(&mut self, at: DateTime<Utc>) {
        let told = self.silence.is_some() || self.learned() == Learned::NotYet || !self.may_cross();
        let Some(since) = self.waiting.first().copied().filter(|_| !told && self.chance(at) <= self.at_most) else {
            return;
        };
        self.silences += 1;
        let silence = Episode::silence(self.silences, at, since, self.waiting.len() as u64);
        self.changes.note(at, What::Raised(silence.clone()));
        self.silence = Some(silence);
    }

    fn arrive(&mut self, window_at: DateTime<Utc>, at: DateTime<Utc>) {
        if !self.waiting.remove(&window_at) {
            return;
        }
        self.curve.learn(Some((at - window_at).num_seconds()));
        self.last_arrived = Some(window_at);
        if let Some(silence) = self.silence.take() {
            self.changes.note(at, What::Recovered(silence));
        }
        // those before it did not come with theirs
        let later = self.waiting.split_off(&window_at);
        for _ in &self.waiting {
            self.curve.learn(None);
        }
        self.waiting = later;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeDelta;

    fn hour(n: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_780_000_000 + n * 3600, 0).unwrap()
    }

    /// An hourly window that takes ten minutes, `n` times.
    fn learned(n: i64) -> Stalled {
        let mut stalled = Stalled::new(0.01 / 8.0, 8640.0);
        for window in 0..n {
            stalled.apply(&Delivered::Sent { window_at: hour(window) });
            stalled.apply(&Delivered::Sent { window_at: hour(window) });
            stalled.apply(&Delivered::Arrived { window_at: hour(window), at: hour(window) + TimeDelta::minutes(10) });
            stalled.apply(&Delivered::Looked { at: hour(window) + TimeDelta::minutes(10) });
        }
        stalled
    }

    #[test]
    fn a_hop_that_stops_is_told_after_some_windows() {
        let mut stalled = learned(200);
        let mut told = None;
        for window in 200..220 {
            stalled.apply(&Delivered::Sent { window_at: hour(window) });
            stalled.apply(&Delivered::Looked { at: hour(window) + TimeDelta::minutes(30) });
            told = told.or(stalled.since().map(|since| (since, window - 199)));
        }
        // 1 − 0.05^(1/200) = 1.49 % a window: the fourth brings it under 0.00125/8640 = 1.4e-7
        assert_eq!(told, Some((hour(200), 4)));
        stalled.apply(&Delivered::Arrived { window_at: hour(219), at: hour(220) });
        assert_eq!(stalled.since(), None);
    }

    #[test]
    fn too_little_history_says_nothing() {
        let mut stalled = learned(19);
        for window in 19..100 {
            stalled.apply(&Delivered::Sent { window_at: hour(window) });
            stalled.apply(&Delivered::Looked { at: hour(window + 50) });
        }
        assert_eq!((stalled.learned(), stalled.since()), (Learned::NotYet, None));
    }

    #[test]
    fn people_of_one_window_count_once() {
        let mut stalled = learned(200);
        for _ in 0..500 {
            stalled.apply(&Delivered::Sent { window_at: hour(200) });
        }
        stalled.apply(&Delivered::Looked { at: hour(300) });
        assert_eq!((stalled.waiting(), stalled.since()), (1, None));
    }

    #[test]
    fn while_nobody_can_look_nothing_is_told() {
        let mut stalled = learned(200);
        for window in 200..300 {
            stalled.apply(&Delivered::Sent { window_at: hour(window) });
        }
        for window in 200..300 {
            stalled.apply(&Delivered::Arrived { window_at: hour(window), at: hour(300) });
        }
        stalled.apply(&Delivered::Looked { at: hour(300) });
        assert_eq!(stalled.since(), None);
    }

    #[test]
    fn what_may_have_arrived_unseen_is_waited_for_no_more() {
        let mut stalled = learned(200);
        for window in 200..220 {
            stalled.apply(&Delivered::Sent { window_at: hour(window) });
            stalled.apply(&Delivered::Unknown { window_at: hour(window) });
        }
        stalled.apply(&Delivered::Looked { at: hour(230) });
        assert_eq!((stalled.waiting(), stalled.since()), (0, None));
    }

    #[test]
    fn before_the_age_at_which_they_used_to_arrive_silence_says_nothing() {
        let mut stalled = learned(200);
        for window in 200..220 {
            stalled.apply(&Delivered::Sent { window_at: hour(220) + TimeDelta::seconds(window) });
        }
        stalled.apply(&Delivered::Looked { at: hour(220) + TimeDelta::minutes(9) });
        assert_eq!(stalled.since(), None);
        assert!(stalled.chance(hour(220)) > 0.99);
    }
}
