//! What happens to deliveries, as entries of the ledger.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::alarm::Message;

/// What a channel said to a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// it has it
    Taken,
    /// not now (429, or 503 with a time)
    Later {
        /// in so many seconds, where it says so
        retry_after: Option<u32>,
    },
    /// the message is larger than it takes (413)
    TooLarge,
    /// anything else, or no answer in time; without addresses or credentials, which are secrets
    Failed {
        /// in words
        why: String,
    },
}

/// One thing that happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Entry {
    /// A channel is there from now on.
    Opened {
        /// its name
        channel: String,
        /// what holds at this moment, to be told at once
        standing: Option<Message>,
    },
    /// It is there no more; what it was not told is forgotten.
    Closed {
        /// its name
        channel: String,
    },
    /// A message is on its way; written before it is sent.
    Trying {
        /// to this channel
        channel: String,
        /// with this key
        key: String,
    },
    /// The channel answered, or did not in time.
    Answered {
        /// the channel
        channel: String,
        /// the message's key
        key: String,
        /// when
        at: DateTime<Utc>,
        /// what
        answer: Answer,
    },
    /// A channel does not take what it is told: that is told on another.
    Down {
        /// the channel
        channel: String,
        /// on this one
        on: String,
        /// what is told
        message: Message,
    },
}
