//! The lines of a canary's log.

use super::Error;
use crate::ledger::{Seq, WatchRow};
use crate::model::RunId;
use chrono::{DateTime, Utc};
use johndoe_vigil::Entry;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// One thing that happened to a canary.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Row {
    /// To what is decided: schedules, streams, alarms, deliveries.
    Heart(Entry),
    /// A run was begun for a tick, and has sent nothing yet.
    Begun {
        /// The schedule.
        schedule: String,
        /// The tick.
        nominal_at: DateTime<Utc>,
        /// The run.
        run: RunId,
        /// Its scenario.
        scenario: String,
    },
    /// A run came to its end, or its people were looked for once more.
    Over {
        /// The run.
        run: RunId,
        /// People who could not be taken out, or not provably.
        left: u32,
    },
    /// What each stream is held to; a stream of which that changes begins anew.
    Configured {
        /// In words, by the stream's name.
        streams: BTreeMap<String, String>,
    },
    /// A run came to its end, and nothing of the harness failed in it.
    Succeeded {
        /// When.
        at: DateTime<Utc>,
    },
}

impl Row {
    /// As it is stored.
    pub(super) fn encode(&self, at: DateTime<Utc>) -> Result<WatchRow, Error> {
        let payload = serde_json::to_string(self).map_err(|e| Error::Broken(e.to_string()))?;
        Ok(WatchRow { at, kind: self.kind().to_owned(), payload })
    }

    /// As it was stored.
    pub(super) fn decode(line: Seq, row: &WatchRow) -> Result<Self, Error> {
        serde_json::from_str(&row.payload).map_err(|e| Error::Unreadable { line: line.0, why: e.to_string() })
    }

    fn kind(&self) -> &'static str {
        match self {
            Self::Heart(Entry::Schedule { .. }) => "schedule",
            Self::Heart(Entry::Stream(_)) => "stream",
            Self::Heart(Entry::Alarm(_)) => "alarm",
            Self::Heart(Entry::Delivery(_)) => "delivery",
            Self::Begun { .. } => "begun",
            Self::Over { .. } => "over",
            Self::Configured { .. } => "configured",
            Self::Succeeded { .. } => "succeeded",
        }
    }
}
