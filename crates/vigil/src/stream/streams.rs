//! All streams of a canary: a fold over entries that name the stream they are about.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::change::Change;
use super::episode::Episode;
use super::line::Fact;
use super::objective::Objective;
use super::stalled::{Delivered, Learned, Stalled};
use super::standing::{State, Stream};

/// One thing that is told to one stream.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Entry {
    /// to a stream of outcomes
    Outcome {
        /// its name
        stream: String,
        /// what
        fact: Fact,
    },
    /// to the test for a hop that stopped
    Delivered {
        /// its name
        stream: String,
        /// what
        told: Delivered,
    },
}

/// The streams of a catalogue, which changes by configuration only: that restarts their statistics.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Streams {
    outcomes: BTreeMap<String, Stream>,
    stalled: BTreeMap<String, Stalled>,
}

impl Streams {
    /// Adds a stream of outcomes.
    #[must_use]
    pub fn with(mut self, name: &str, objective: Objective) -> Self {
        self.outcomes.insert(name.to_owned(), Stream::new(objective));
        self
    }

    /// Adds a test for a hop that stopped.
    #[must_use]
    pub fn with_stalled(mut self, name: &str, stalled: Stalled) -> Self {
        self.stalled.insert(name.to_owned(), stalled);
        self
    }

    /// Takes up one entry; one for a stream that is not in the catalogue any more says nothing.
    pub fn apply(&mut self, entry: &Entry) {
        match entry {
            Entry::Outcome { stream, fact } => {
                if let Some(stream) = self.outcomes.get_mut(stream) {
                    stream.apply(fact);
                }
            }
            Entry::Delivered { stream, told } => {
                if let Some(stalled) = self.stalled.get_mut(stream) {
                    stalled.apply(told);
                }
            }
        }
    }

    /// Begins a stream anew, as it is in a catalogue of which nothing is known yet.
    pub fn restart(&mut self, name: &str, fresh: &Self) {
        if let Some(stream) = fresh.outcomes.get(name) {
            self.outcomes.insert(name.to_owned(), stream.clone());
        }
        if let Some(stalled) = fresh.stalled.get(name) {
            self.stalled.insert(name.to_owned(), stalled.clone());
        }
    }

    /// Every name, streams of outcomes first.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.outcomes.keys().chain(self.stalled.keys()).map(String::as_str)
    }

    /// A stream of outcomes.
    pub fn outcomes(&self, name: &str) -> Option<&Stream> {
        self.outcomes.get(name)
    }

    /// A test for a hop that stopped.
    pub fn stalled(&self, name: &str) -> Option<&Stalled> {
        self.stalled.get(name)
    }

    /// What is shown of a stream at `now`.
    pub fn state(&self, name: &str, now: DateTime<Utc>) -> Option<State> {
        let stalled = || {
            let stalled = self.stalled.get(name)?;
            Some(match (stalled.silence(), stalled.learned()) {
                (Some(_), _) => State::Stalled,
                (None, Learned::Yes) => State::Pass,
                (None, Learned::NotYet) => State::Inconclusive,
            })
        };
        self.outcomes.get(name).map(|stream| stream.state(now)).or_else(stalled)
    }

    /// The trouble a stream is in.
    pub fn episode(&self, name: &str) -> Option<&Episode> {
        let silence = || self.stalled.get(name)?.silence();
        self.outcomes.get(name).and_then(Stream::episode).or_else(silence)
    }

    /// What has changed in a stream after change number `seen`.
    pub fn changes_after(&self, name: &str, seen: u64) -> Vec<&Change> {
        let of_outcomes = self.outcomes.get(name).map(|stream| stream.changes_after(seen).collect());
        let of_silence = || self.stalled.get(name).map(|stalled| stalled.changes_after(seen).collect());
        of_outcomes.or_else(of_silence).unwrap_or_default()
    }
}
