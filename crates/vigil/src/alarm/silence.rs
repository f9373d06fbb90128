//! Silences: of what, until when, and what recovered in them.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::entry::{AlarmId, Source};

/// Which alarms.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Matcher {
    /// this one, and not the next of its source
    Alarm(AlarmId),
    /// every one of this source
    Source(Source),
    /// every one of this group
    Group(String),
}

impl Matcher {
    /// Whether it is about this alarm, of this group.
    pub fn matches(&self, alarm: &AlarmId, group: &str) -> bool {
        match self {
            Self::Alarm(id) => id == alarm,
            Self::Source(source) => *source == alarm.source,
            Self::Group(name) => name == group,
        }
    }
}

/// Nothing is told of these alarms, from one moment up to, and without, another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Silence {
    /// its name, unique
    pub id: String,
    /// of what
    pub matcher: Matcher,
    /// from then
    pub from: DateTime<Utc>,
    /// until then; a silence without an end is none
    pub until: DateTime<Utc>,
    /// who
    pub by: String,
}

impl Silence {
    /// Whether it holds at `at`; its end is half-open.
    pub fn holds(&self, at: DateTime<Utc>) -> bool {
        self.from <= at && at < self.until
    }
}
