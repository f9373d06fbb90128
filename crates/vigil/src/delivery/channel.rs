//! One channel: what it was not told yet, and how it has answered.

use std::collections::VecDeque;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::entry::Answer;
use crate::alarm::{Kind, Message};

/// So often in a row it fails before that is told elsewhere.
const FAILS: u32 = 3;
/// The first wait after a failure; each further one is twice as long …
const FIRST_WAIT: TimeDelta = TimeDelta::seconds(15);
/// … up to this.
const LONGEST_WAIT: TimeDelta = TimeDelta::minutes(10);
/// Busy, without saying how long.
const BUSY: u32 = 30;
/// No text is cut to less.
const LEAST: usize = 256;

/// A channel as it is configured.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Channel {
    /// its name, which is no secret
    pub name: String,
    /// the size of a text that it takes, in bytes
    pub size: usize,
}

/// Where a channel stands.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    waiting: VecDeque<Waiting>,
    failures: u32,
    not_before: Option<DateTime<Utc>>,
    /// what it took no more of is cut to this
    size: Option<usize>,
    pub(super) is_told_of: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Waiting {
    message: Message,
    tried: bool,
}

impl Standing {
    /// Takes up a message. A reminder that nobody was sent yet says nothing beside a newer word of its alarms.
    pub(super) fn wait(&mut self, message: &Message) {
        let is_said = |old: &Waiting| old.message.alarms.iter().all(|alarm| message.alarms.contains(alarm));
        self.waiting.retain(|old| old.tried || old.message.kind != Kind::Reminder || !is_said(old));
        self.waiting.push_back(Waiting { message: message.clone(), tried: false });
    }

    pub(super) fn trying(&mut self, key: &str) {
        if let Some(waiting) = self.waiting.iter_mut().find(|waiting| waiting.message.key == key) {
            waiting.tried = true;
        }
    }

    pub(super) fn answered(&mut self, key: &str, at: DateTime<Utc>, answer: &Answer, configured: usize) {
        match answer {
            Answer::Taken => {
                self.waiting.retain(|waiting| waiting.message.key != key);
                (self.failures, self.not_before, self.is_told_of) = (0, None, false);
            }
            Answer::Later { retry_after } => {
                self.not_before = Some(at + TimeDelta::seconds(i64::from(retry_after.unwrap_or(BUSY).max(1))));
            }
            Answer::TooLarge if self.size(configured) > LEAST => {
                self.size = Some((self.size(configured) / 2).max(LEAST));
            }
            Answer::TooLarge | Answer::Failed { .. } => {
                self.failures += 1;
                let doubled = FIRST_WAIT * 2i32.pow(self.failures.min(7) - 1);
                self.not_before = Some(at + doubled.min(LONGEST_WAIT));
            }
        }
    }

    /// The oldest message, when it may be sent at `now`; one goes after the other.
    pub(super) fn due(&self, now: DateTime<Utc>) -> Option<&Message> {
        let message = self.waiting.front().map(|waiting| &waiting.message);
        message.filter(|_| self.not_before.is_none_or(|not_before| not_before <= now))
    }

    /// The size of a text for it, where it is configured with `configured`.
    pub(super) fn size(&self, configured: usize) -> usize {
        self.size.map_or(configured, |size| size.min(configured))
    }

    /// Whether it does not take what it is told.
    pub fn is_down(&self) -> bool {
        self.failures >= FAILS
    }

    /// How many messages wait for it.
    pub fn waiting(&self) -> usize {
        self.waiting.len()
    }

    /// When it may be tried again, where it is to be waited for.
    pub fn not_before(&self) -> Option<DateTime<Utc>> {
        self.not_before
    }
}
