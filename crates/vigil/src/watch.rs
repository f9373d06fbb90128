//! Everything a canary knows, as one fold over one log.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::alarm::{self, AlarmId, Alarms, Detail, Look, Policy, Stop};
use crate::delivery::{self, Channel, Deliveries, Sending};
use crate::schedule::{Agenda, Note, Plan, Start, Tick};
use crate::stream::{self, Streams};

/// One thing that happened, in the order in which it was written down.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Entry {
    /// to a schedule
    Schedule {
        /// its name
        plan: String,
        /// what
        note: Note,
    },
    /// to a stream
    Stream(stream::Entry),
    /// to an alarm
    Alarm(alarm::Entry),
    /// to a delivery
    Delivery(delivery::Entry),
}

/// What is configured.
#[derive(Debug, Clone)]
pub struct Setup {
    /// the schedules
    pub plans: Vec<Plan>,
    /// the streams, of which nothing is known yet
    pub streams: Streams,
    /// about alarms
    pub policy: Policy,
    /// where to tell
    pub channels: Vec<Channel>,
}

/// A canary, as far as it is decided and not done.
#[derive(Debug, Clone)]
pub struct Watch {
    setup: Setup,
    agendas: BTreeMap<String, Agenda>,
    streams: Streams,
    alarms: Alarms,
    deliveries: Deliveries,
}

impl Watch {
    /// A canary of which nothing has happened yet.
    pub fn new(setup: Setup) -> Self {
        let agendas = setup.plans.iter().map(|plan| (plan.name.clone(), Agenda::default())).collect();
        let streams = setup.streams.clone();
        Self { setup, agendas, streams, alarms: Alarms::default(), deliveries: Deliveries::default() }
    }

    /// Takes up one entry; an entry of something that is not configured any more says nothing.
    pub fn apply(&mut self, entry: &Entry) {
        match entry {
            Entry::Schedule { plan, note } => {
                if let Some(agenda) = self.agendas.get_mut(plan) {
                    agenda.apply(note);
                }
            }
            Entry::Stream(entry) => self.streams.apply(entry),
            Entry::Alarm(entry) => {
                self.alarms.apply(entry);
                if let alarm::Entry::Restarted { stream, .. } = entry {
                    self.streams.restart(stream, &self.setup.streams);
                }
                if let alarm::Entry::Announced(message) = entry {
                    self.deliveries.announce(message);
                }
            }
            Entry::Delivery(entry) => self.deliveries.apply(entry, &self.setup.channels),
        }
    }

    /// From now on a look that comes so much later than the last means that nobody watched: who looks by a timer of another system is
    /// not expected before its next tick.
    pub fn expect_looks_within(&mut self, dead_after: TimeDelta) {
        self.setup.policy.dead_after = dead_after;
    }

    /// What is due of the schedules: while nothing may be sent, no run is begun and no tick is taken.
    pub fn ticks(&self, now: DateTime<Utc>, start: Start) -> Vec<Entry> {
        if self.may_send().is_err() {
            return Vec::new();
        }
        let due = self.setup.plans.iter().flat_map(|plan| {
            let notes = self.agendas.get(&plan.name).map(|agenda| agenda.due(plan, now, start)).unwrap_or_default();
            notes.into_iter().map(|note| Entry::Schedule { plan: plan.name.clone(), note })
        });
        due.collect()
    }

    /// What a look brings about: channels that come or go first, so that they are told what is new.
    pub fn look(&self, look: Look, detail: &dyn Fn(&AlarmId) -> Detail) -> Vec<Entry> {
        let standing = |channel: &str| self.alarms.standing(channel, look.at, detail);
        let channels = self.deliveries.next(&self.setup.channels, look.at, standing);
        let alarms = self.alarms.next(look, &self.streams, &self.setup.policy, detail);
        channels.into_iter().map(Entry::Delivery).chain(alarms.into_iter().map(Entry::Alarm)).collect()
    }

    /// What is to be sent to channels now; `in_flight` are those that have not answered yet.
    pub fn sendings(&self, now: DateTime<Utc>, in_flight: &BTreeSet<String>) -> Vec<Sending> {
        self.deliveries.due(&self.setup.channels, now, in_flight)
    }

    /// Whether anything may be sent to an exchange; cancellations may whatever it says.
    pub fn may_send(&self) -> Result<(), Stop> {
        self.alarms.may_send()
    }

    /// The next tick of any schedule after `now`.
    pub fn next_tick(&self, now: DateTime<Utc>) -> Option<Tick> {
        let next = |plan: &Plan| self.agendas.get(&plan.name)?.next(plan, now);
        self.setup.plans.iter().filter_map(next).min_by_key(|tick| tick.at)
    }

    /// The ticks of a schedule whose runs are not over.
    pub fn running(&self, plan: &str) -> &[DateTime<Utc>] {
        self.agendas.get(plan).map(Agenda::running).unwrap_or_default()
    }

    /// What is configured.
    pub fn setup(&self) -> &Setup {
        &self.setup
    }

    /// The streams, as they stand.
    pub fn streams(&self) -> &Streams {
        &self.streams
    }

    /// The alarms, as they stand.
    pub fn alarms(&self) -> &Alarms {
        &self.alarms
    }

    /// The deliveries, as they stand.
    pub fn deliveries(&self) -> &Deliveries {
        &self.deliveries
    }
}
