//! Acknowledgements find the messages of ours that they answer; those of others are dropped.

use super::engine::{Engine, index};
use crate::issuer::{Message, SeenAck};
use crate::model::{Acknowledgement, Event, Sighting};
use chrono::{DateTime, Utc};
use std::collections::{HashSet, VecDeque};

/// So many acknowledgements may wait for their message to be seen: most are strangers' and wait in vain.
const WAITING: usize = 200_000;

/// Acknowledgements that answer no message of ours, as far as is known. An acknowledgement may be read before the file that it
/// answers; what waits is only in memory, and read again from its file by the next process.
#[derive(Debug, Default)]
pub(super) struct Waiting(VecDeque<Waiter>);

#[derive(Debug)]
struct Waiter {
    ack: SeenAck,
    last_absent_at: Option<DateTime<Utc>>,
    first_seen_at: DateTime<Utc>,
}

impl Waiting {
    /// Adds what a file said. Where too many wait, the oldest are given up.
    pub(super) fn add(
        &mut self,
        acks: Vec<SeenAck>,
        last_absent_at: Option<DateTime<Utc>>,
        first_seen_at: DateTime<Utc>,
    ) {
        self.0.extend(acks.into_iter().map(|ack| Waiter { ack, last_absent_at, first_seen_at }));
        let excess = self.0.len().saturating_sub(WAITING);
        self.0.drain(..excess);
    }

    /// What is said of messages that are known now. It keeps waiting all the same: a message may be delivered twice.
    pub(super) fn settle(&mut self, engine: &Engine, waypoint: usize) -> Vec<Event> {
        let mut events = Vec::new();
        let mut told = HashSet::new();
        for waiter in &self.0 {
            for message in engine.answered_by(waypoint, &waiter.ack) {
                if told.insert((message.clone(), waiter.ack.place.source.as_str())) {
                    events.push(event(waypoint, message, waiter));
                }
            }
        }
        events
    }
}

fn event(waypoint: usize, message: Message, waiter: &Waiter) -> Event {
    let Waiter { ack, last_absent_at, first_seen_at } = waiter;
    let acknowledgement = Acknowledgement {
        waypoint: index(waypoint),
        probe: message.probe,
        kind: message.kind,
        message: message.place,
        is_accepted: ack.is_accepted,
        is_repetition: ack.is_repetition,
        words: ack.words.clone(),
        last_absent_at: *last_absent_at,
        first_seen_at: *first_seen_at,
        place: ack.place.clone(),
    };
    Event::Acknowledged { acknowledgement: Box::new(acknowledgement) }
}

impl Engine {
    /// Messages of ours that an acknowledgement at this waypoint answers, and that its file was not told to answer yet.
    fn answered_by(&self, waypoint: usize, ack: &SeenAck) -> Vec<Message> {
        self.messages(waypoint, |messages| messages.answered_by(ack)).unwrap_or_default()
    }

    /// Keeps the message of a sighting wherever its acknowledgement is looked for.
    pub(super) fn keep_message(&self, sighting: &Sighting) {
        let seen_at = self.plan.waypoints.get(usize::from(sighting.waypoint)).map(|at| &at.name);
        let probe = self.owner(&sighting.record).map(|known| known.probe).or(sighting.asked_for);
        let Some(probe) = probe else { return };
        let message = Message { probe, kind: sighting.record.kind, place: sighting.record.place.clone() };
        for (at, waypoint) in self.plan.waypoints.iter().enumerate() {
            if waypoint.acknowledges.is_some() && waypoint.acknowledges.as_ref() == seen_at {
                self.messages(at, |messages| messages.add(&message));
            }
        }
    }

    /// Remembers that an acknowledgement has been told.
    pub(super) fn keep_answer(&self, it: &Acknowledgement) {
        let message = Message { probe: it.probe, kind: it.kind, place: it.message.clone() };
        self.messages(usize::from(it.waypoint), |messages| messages.note(message, it.place.clone()));
    }
}
