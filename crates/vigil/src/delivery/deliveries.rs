//! The ledger of deliveries: a fold over entries, and what is to be sent now.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::channel::{Channel, Standing};
use super::entry::Entry;
use crate::alarm::{Kind, Message};

/// One message to send: write `Trying`, send it, write `Answered`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sending {
    /// to this channel
    pub channel: String,
    /// to be deduplicated by this key
    pub key: String,
    /// what it is about
    pub message: Message,
    /// its text, cut to the channel's size
    pub text: String,
}

/// All channels, as they stand.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deliveries {
    channels: BTreeMap<String, Standing>,
}

impl Deliveries {
    /// Takes up one entry, under the channels as they are configured.
    pub fn apply(&mut self, entry: &Entry, configured: &[Channel]) {
        match entry {
            Entry::Opened { channel, standing } => {
                let opened = self.channels.entry(channel.clone()).or_default();
                if let Some(message) = standing {
                    opened.wait(message);
                }
            }
            Entry::Closed { channel } => {
                self.channels.remove(channel);
            }
            Entry::Trying { channel, key } => self.with(channel, |standing| standing.trying(key)),
            Entry::Answered { channel, key, at, answer } => {
                let size = size(configured, channel);
                self.with(channel, |standing| standing.answered(key, *at, answer, size));
            }
            Entry::Down { channel, on, message } => {
                self.with(channel, |standing| standing.is_told_of = true);
                self.with(on, |standing| standing.wait(message));
            }
        }
    }

    /// Takes up a message that every channel is to be told.
    pub fn announce(&mut self, message: &Message) {
        self.channels.values_mut().for_each(|standing| standing.wait(message));
    }

    /// What is to be written down now: channels that came or went, and those that do not take what they are told. A channel
    /// that comes is told at once what holds: `standing` says it of a channel's name.
    pub fn next(
        &self,
        configured: &[Channel],
        now: DateTime<Utc>,
        standing: impl Fn(&str) -> Option<Message>,
    ) -> Vec<Entry> {
        let is_configured = |name: &str| configured.iter().any(|channel| channel.name == name);
        let gone = self.channels.keys().filter(|name| !is_configured(name));
        let closed = gone.map(|name| Entry::Closed { channel: name.clone() });
        let new = configured.iter().filter(|channel| !self.channels.contains_key(&channel.name));
        let opened =
            new.map(|channel| Entry::Opened { channel: channel.name.clone(), standing: standing(&channel.name) });
        let down = configured.iter().filter_map(|channel| self.down(&channel.name, configured, now));
        closed.chain(opened).chain(down).collect()
    }

    /// What is to be sent now, one message a channel; `in_flight` are the channels that have not answered yet.
    pub fn due(&self, configured: &[Channel], now: DateTime<Utc>, in_flight: &BTreeSet<String>) -> Vec<Sending> {
        let free = configured.iter().filter(|channel| !in_flight.contains(&channel.name));
        let due = free.filter_map(|channel| {
            let standing = self.channels.get(&channel.name)?;
            let message = standing.due(now)?;
            Some(Sending {
                channel: channel.name.clone(),
                key: message.key.clone(),
                message: message.clone(),
                text: message.text(standing.size(channel.size)),
            })
        });
        due.collect()
    }

    /// Where a channel stands.
    pub fn channel(&self, name: &str) -> Option<&Standing> {
        self.channels.get(name)
    }

    /// A channel that is down is told of on the next one that is not.
    fn down(&self, name: &str, configured: &[Channel], now: DateTime<Utc>) -> Option<Entry> {
        let standing = self.channels.get(name)?;
        if !standing.is_down() || standing.is_told_of {
            return None;
        }
        let place = configured.iter().position(|channel| channel.name == name)?;
        let after = configured.iter().cycle().skip(place + 1).take(configured.len() - 1);
        let on = after
            .map(|channel| &channel.name)
            .find(|other| self.channels.get(*other).is_some_and(|standing| !standing.is_down()))?;
        let message = Message {
            key: format!("{}/{name}/{}", Kind::ChannelDown.word(), now.timestamp_millis()),
            kind: Kind::ChannelDown,
            group: name.to_owned(),
            at: now,
            alarms: Vec::new(),
            title: format!("the channel `{name}` takes no messages"),
            paragraphs: vec![format!(
                "it failed three times; {} wait for it and are sent when it takes them. Whatever is told, is told here too",
                standing.waiting()
            )],
        };
        Some(Entry::Down { channel: name.to_owned(), on: on.clone(), message })
    }

    fn with(&mut self, channel: &str, change: impl FnOnce(&mut Standing)) {
        if let Some(standing) = self.channels.get_mut(channel) {
            change(standing);
        }
    }
}

fn size(configured: &[Channel], name: &str) -> usize {
    configured.iter().find(|channel| channel.name == name).map_or(usize::MAX, |channel| channel.size)
}
