//! What has changed in a stream, numbered, for whoever raises alarms of it.

use std::collections::VecDeque;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::episode::Episode;

/// So many are remembered: far more than a stream brings about between two looks.
const KEPT: usize = 64;

/// Something that an alarm may be made of.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Change {
    /// of its stream, from 1, without a hole
    pub number: u64,
    /// when the fact that brought it about became known
    pub at: DateTime<Utc>,
    /// what
    pub what: What,
}

/// What has changed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// The evidence crossed its threshold.
    Raised(Episode),
    /// It is worse than was said.
    Worse(Episode),
    /// It is over, by its own test.
    Recovered(Episode),
}

/// The last changes of one stream.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Changes {
    number: u64,
    kept: VecDeque<Change>,
}

impl Changes {
    pub(super) fn note(&mut self, at: DateTime<Utc>, what: What) {
        self.number += 1;
        self.kept.push_back(Change { number: self.number, at, what });
        if self.kept.len() > KEPT {
            self.kept.pop_front();
        }
    }

    pub(super) fn after(&self, seen: u64) -> impl Iterator<Item = &Change> {
        self.kept.iter().filter(move |change| change.number > seen)
    }
}
