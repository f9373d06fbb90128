//! What happens to alarms, as entries of the ledger.

use std::fmt;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::message::Message;
use super::silence::Silence;
use crate::stream::Episode;

/// What an alarm is about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// a stream, by its name
    Stream(String),
    /// more synthetic people than allowed could not be taken out
    Residue,
    /// the watcher itself did not look
    Watcher,
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Stream(name) => f.write_str(name),
            Self::Residue => f.write_str("residue"),
            Self::Watcher => f.write_str("watcher"),
        }
    }
}

/// An alarm: the trouble of this number of its source.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct AlarmId {
    /// what it is about
    pub source: Source,
    /// from 1
    pub number: u64,
}

impl fmt::Display for AlarmId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}#{}", self.source, self.number)
    }
}

/// Why an alarm holds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// The evidence of a stream.
    Evidence(Episode),
    /// So many people could not be taken out.
    Residue {
        /// people
        people: u32,
        /// as many are allowed
        allowed: u32,
    },
    /// Nobody looked from this moment on.
    Unwatched {
        /// the last look
        since: DateTime<Utc>,
    },
}

/// One thing that happened.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Entry {
    /// Somebody looked; every look is one, also where nothing came of it.
    Looked {
        /// when
        at: DateTime<Utc>,
    },
    /// An alarm begins, or is worse than was said.
    Raised {
        /// which
        alarm: AlarmId,
        /// when
        at: DateTime<Utc>,
        /// what it is told together with
        group: String,
        /// why
        cause: Cause,
        /// the number of the stream's change that this is of
        seen: u64,
    },
    /// It is over, by its own test.
    Recovered {
        /// which
        alarm: AlarmId,
        /// when
        at: DateTime<Utc>,
        /// the number of the stream's change that this is of
        seen: u64,
    },
    /// Its stream is watched no more, or begins anew by configuration: it did not recover, and nobody will know.
    Withdrawn {
        /// which
        alarm: AlarmId,
        /// when
        at: DateTime<Utc>,
    },
    /// The configuration of a stream changed: its statistics begin anew.
    Restarted {
        /// the stream
        stream: String,
        /// when
        at: DateTime<Utc>,
    },
    /// Somebody has it in hand: no reminders until then.
    Acknowledged {
        /// which
        alarm: AlarmId,
        /// when
        at: DateTime<Utc>,
        /// the end of it
        until: DateTime<Utc>,
        /// who
        by: String,
    },
    /// An acknowledgement came to its end.
    AcknowledgementOver {
        /// of which
        alarm: AlarmId,
        /// when
        at: DateTime<Utc>,
    },
    /// Nothing is told of some alarms for a while.
    Silenced(Silence),
    /// A silence came to its end.
    SilenceOver {
        /// which
        silence: String,
        /// when
        at: DateTime<Utc>,
    },
    /// Nothing is sent from here on; cancellations are.
    Killed {
        /// when
        at: DateTime<Utc>,
        /// who
        by: String,
    },
    /// Sending is allowed again.
    Released {
        /// when
        at: DateTime<Utc>,
        /// who
        by: String,
    },
    /// This is to be told, on every channel.
    Announced(Message),
}

impl Entry {
    /// The alarms it is about: what `explain` shows of one.
    pub fn alarms(&self) -> Vec<&AlarmId> {
        match self {
            Self::Raised { alarm, .. }
            | Self::Recovered { alarm, .. }
            | Self::Withdrawn { alarm, .. }
            | Self::Acknowledged { alarm, .. }
            | Self::AcknowledgementOver { alarm, .. } => vec![alarm],
            Self::Announced(message) => message.alarms.iter().collect(),
            _ => Vec::new(),
        }
    }
}
